//! What the office owns: sales, what falls due, credit, what became of orders, articles and prices.

use cartera_core::model::Decimal;
use cartera_core::model::office::{Flag, OrderStage, SaleSort, Short};
use cartera_core::model::{Currency, Money};

use super::common::{Cells, O, OL};
use crate::export::rows::{Line, Office};
use crate::export::value::{Type, Value};

/// Key of a sale's list of lines.
pub(super) const SALE_LINES_LIST: usize = 6;
const CURRENCY: usize = 3;

pub(super) const SALES: &[O] = &[
    O::new(
        "sort",
        Type::Word,
        "invoice, credit_note, delivery_note or rebate",
        "invoice (factura), credit_note (abono), delivery_note (albarán) o rebate (rappel)",
        |r| r.word(1, SaleSort::as_str),
    )
    .required(),
    O::new(
        "date",
        Type::Date,
        "Of the order, where it is known, else of the document",
        "Fecha del pedido o, si falta, del documento",
        |r| r.date(2),
    )
    .required(),
    O::new(
        "issued",
        Type::Date,
        "Of the document, where it is another day",
        "Fecha del documento, si es otra",
        |r| r.date(10),
    ),
    O::new("currency", Type::Text, "ISO 4217", "Moneda", |r| r.text(CURRENCY)).required(),
    O::new("net_minor", Type::Integer, "Taxable base; negative for a credit note", "Base imponible", |r| {
        r.int(4)
    })
    .unit("minor units")
    .required(),
    O::new("net", Type::Decimal, "Taxable base; negative for a credit note", "Base imponible", |r| {
        Value::amount(r.fields.int(4), r.currency(CURRENCY))
    }),
    O::new("total_minor", Type::Integer, "Net and tax", "Total", |r| r.int(5)).unit("minor units"),
    O::new("total", Type::Decimal, "Net and tax", "Total", |r| {
        Value::amount(r.fields.int(5), r.currency(CURRENCY))
    }),
    O::new("lines", Type::Integer, "How many lines", "Número de líneas", |r| {
        r.stored.value.map(|_| r.fields.maps(SALE_LINES_LIST).len()).into()
    })
    .required(),
    O::new("corrects", Type::Text, "Number of the document that it corrects", "Documento que corrige", |r| {
        r.text(7)
    }),
    O::new("order", Type::Text, "The order that it serves", "Pedido que sirve", |r| r.text(8)),
    O::new("voided", Type::Boolean, "It was cancelled: no sale", "Anulado: no es venta", |r| r.flag(9))
        .required(),
];

pub(super) const SALE_LINES: &[OL] = &[
    OL::new("sale_id", Type::Id, "The sale", "La venta", |l| l.of.id().into()).required(),
    OL::new("sort", Type::Word, "Of the sale", "De la venta", |l| l.of.word(1, SaleSort::as_str)).required(),
    OL::new("date", Type::Date, "Of the sale", "Fecha de la venta", |l| l.of.date(2)).required(),
    OL::new("article", Type::Text, "Article; missing for charges that are none", "Referencia", |l| l.text(0)),
    OL::new("description", Type::Text, "Description", "Descripción", |l| l.text(1)),
    OL::new("family", Type::Text, "Family", "Familia", |l| l.text(2)),
    OL::new("quantity", Type::Decimal, "Negative where goods came back", "Cantidad", |l| l.decimal(3)),
    OL::new("unit", Type::Text, "Of the quantity", "Unidad", |l| l.text(4)),
    OL::new("price", Type::Decimal, "Per unit", "Precio por unidad", |l| l.decimal(5)),
    OL::new("discounts", Type::Text, "Per cent, one after the other", "Descuentos", |l| l.joined(6, percent)),
    OL::new("currency", Type::Text, "ISO 4217", "Moneda", |l| l.of.text(CURRENCY)).required(),
    OL::new("net_minor", Type::Integer, "Without tax", "Importe neto", |l| l.int(7))
        .unit("minor units")
        .required(),
    OL::new("net", Type::Decimal, "Without tax", "Importe neto", |l| {
        Value::amount(l.fields.int(7), sale_currency(l))
    }),
    OL::new("voided", Type::Boolean, "The sale was cancelled", "Venta anulada", |l| l.of.flag(9)).required(),
];

fn sale_currency(line: &Line<'_, Office<'_>>) -> Option<Currency> {
    line.of.currency(CURRENCY)
}

fn percent(percent: &Decimal) -> String {
    format!("{percent}%")
}

pub(super) const SALES_DAYS: &[O] = &[
    O::new("date", Type::Date, "Business date", "Fecha", |r| r.date(1)).required(),
    O::new("currency", Type::Text, "ISO 4217", "Moneda", |r| r.text(2)).required(),
    O::new("net_minor", Type::Integer, "Net revenue: bases less credit notes", "Ventas netas", |r| r.int(3))
        .unit("minor units")
        .required(),
    O::new("net", Type::Decimal, "Net revenue: bases less credit notes", "Ventas netas", |r| {
        Value::amount(r.fields.int(3), r.currency(2))
    }),
    O::new("purchase_event", Type::Boolean, "The day counts as a purchase", "Cuenta como compra", |r| {
        r.flag(4)
    })
    .required(),
    O::new("documents", Type::Integer, "Documents behind it", "Documentos", |r| r.int(5)).required(),
    O::new("rebates_minor", Type::Integer, "Rebates, not in net", "Rappel, aparte", |r| r.int(6))
        .unit("minor units"),
    O::new("rebates", Type::Decimal, "Rebates, not in net", "Rappel, aparte", |r| {
        Value::amount(r.fields.int(6), r.currency(2))
    }),
];

/// Key of a month's list of totals.
pub(super) const SALES_MONTH_LIST: usize = 3;

pub(super) const SALES_MONTHS: &[OL] = &[
    OL::new("sales_month_id", Type::Id, "The client's month as a whole", "El mes del cliente", |l| {
        l.of.id().into()
    })
    .required(),
    OL::new("month", Type::Date, "Its first day", "Primer día del mes", |l| l.of.date(1)).required(),
    OL::new("currency", Type::Text, "ISO 4217", "Moneda", |l| l.of.text(2)).required(),
    OL::new("family", Type::Text, "Of the articles; missing for what has none", "Familia", |l| l.text(0)),
    OL::new("unit", Type::Text, "Of the quantity; missing where lines have none", "Unidad", |l| l.text(1)),
    OL::new("quantity", Type::Decimal, "Less what came back", "Cantidad", |l| l.decimal(2)),
    OL::new("net_minor", Type::Integer, "Net revenue: bases less credit notes", "Ventas netas", |l| l.int(3))
        .unit("minor units")
        .required(),
    OL::new("net", Type::Decimal, "Net revenue: bases less credit notes", "Ventas netas", |l| {
        Value::amount(l.fields.int(3), l.of.currency(2))
    }),
];

pub(super) const DUE_ITEMS: &[O] = &[
    O::new("document", Type::Text, "Number of the document behind it", "Documento", |r| r.text(1)),
    O::new("issued", Type::Date, "When it was issued", "Emisión", |r| r.date(2)),
    O::new("due", Type::Date, "When it falls due", "Vencimiento", |r| r.date(3)).required(),
    O::new("currency", Type::Text, "ISO 4217", "Moneda", |r| {
        money(r, 4).map(|money| money.currency).map_or(Value::Null, Value::from)
    })
    .required(),
    O::new("amount_minor", Type::Integer, "Amount", "Importe", |r| {
        money(r, 4).map(|money| money.minor).into()
    })
    .unit("minor units")
    .required(),
    O::new("amount", Type::Decimal, "Amount", "Importe", |r| {
        let money = money(r, 4);
        Value::amount(money.map(|money| money.minor), money.map(|money| money.currency))
    }),
    O::new("open_minor", Type::Integer, "Still to be paid", "Pendiente", |r| r.int(5))
        .unit("minor units")
        .required(),
    O::new("open", Type::Decimal, "Still to be paid", "Pendiente", |r| {
        Value::amount(r.fields.int(5), money(r, 4).map(|money| money.currency))
    }),
    O::new("paid", Type::Date, "When the last of it was paid", "Fecha de cobro", |r| r.date(6)),
    O::new("returned", Type::Boolean, "A payment came back", "Devuelto", |r| r.flag(7)).required(),
    O::new("method", Type::Text, "How it is to be paid", "Forma de pago", |r| r.text(8)),
];

fn money(row: &Office<'_>, key: usize) -> Option<Money> {
    row.fields.read(key)
}

pub(super) const CREDIT: &[O] = &[
    O::new("currency", Type::Text, "ISO 4217", "Moneda", |r| {
        money(r, 1).or(money(r, 2)).map(|money| money.currency).map_or(Value::Null, Value::from)
    }),
    O::new(
        "limit_minor",
        Type::Integer,
        "What the client may owe; missing: no limit",
        "Riesgo concedido",
        |r| money(r, 1).map(|money| money.minor).into(),
    )
    .unit("minor units"),
    O::new("limit", Type::Decimal, "What the client may owe; missing: no limit", "Riesgo concedido", |r| {
        let money = money(r, 1);
        Value::amount(money.map(|money| money.minor), money.map(|money| money.currency))
    }),
    O::new("used_minor", Type::Integer, "What the client owes", "Riesgo consumido", |r| {
        money(r, 2).map(|money| money.minor).into()
    })
    .unit("minor units"),
    O::new("used", Type::Decimal, "What the client owes", "Riesgo consumido", |r| {
        let money = money(r, 2);
        Value::amount(money.map(|money| money.minor), money.map(|money| money.currency))
    }),
    O::new("blocked", Type::Boolean, "Blocked for credit", "Bloqueado por riesgo", |r| r.flag(3)).required(),
    O::new("reason", Type::Text, "Why", "Motivo", |r| r.text(4)),
    O::new("as_of", Type::Date, "As of this day", "A fecha de", |r| r.date(5)),
];

pub(super) const ORDER_STATES: &[O] = &[
    O::new("order_id", Type::Id, "The purchase", "El pedido", |r| r.stored.key.into()).required(),
    O::new("stage", Type::Word, "Where the order stands", "Estado del pedido", |r| {
        r.word(1, OrderStage::as_str)
    })
    .required(),
    O::new("at", Type::Instant, "Since when", "Desde cuándo", |r| Value::instant(r.fields.int(2))).required(),
    O::new("erp_number", Type::Text, "Number in the ERP", "Número en el ERP", |r| r.text(3)),
    O::new("reason", Type::Text, "Why it was declined", "Motivo del rechazo", |r| r.text(4)),
    O::new("invoice", Type::Text, "Number of the invoice", "Factura", |r| r.text(5)),
    O::new("short", Type::Text, "Articles that were not delivered in full, and how much", "Faltas", |r| {
        r.joined(6, |short: &Short| format!("{}:{}", short.article, short.missing))
    }),
    O::new(
        "flags",
        Type::Text,
        "What the office should look at, with blanks between",
        "Avisos para administración",
        |r| {
            r.joined(7, |flag: &Flag| match flag.line {
                Some(line) => format!("{}:{}", flag.flag.as_str(), line + 1),
                None => flag.flag.as_str().to_owned(),
            })
        },
    ),
];

pub(super) const ARTICLES: &[O] = &[
    O::new("name", Type::Text, "Name", "Nombre", |r| r.text(1)).required(),
    O::new("family", Type::Text, "Family", "Familia", |r| r.text(2)),
    O::new("unit", Type::Text, "Sales unit", "Unidad de venta", |r| r.text(3)),
    O::new("units_per_case", Type::Decimal, "Units in a case", "Unidades por caja", |r| r.decimal(4)),
    O::new("ean", Type::Text, "GTIN", "Código de barras", |r| r.text(5)),
    O::new("tax", Type::Text, "Its tax", "Impuesto", |r| r.text(6)),
    O::new("price", Type::Decimal, "For who has no other", "Precio general", |r| r.decimal(7)),
    O::new("currency", Type::Text, "ISO 4217", "Moneda", |r| r.text(8)),
    O::new("withdrawn", Type::Boolean, "No longer sold", "Descatalogado", |r| r.flag(9)).required(),
    O::new(
        "priced_unit",
        Type::Text,
        "What is priced, where it is not the sales unit",
        "Unidad que se valora",
        |r| r.text(10),
    ),
    O::new("multiple", Type::Decimal, "Quantities are multiples of this", "Múltiplo de venta", |r| {
        r.decimal(11)
    }),
    O::new("out_of_stock", Type::Boolean, "Out of stock", "Sin existencias", |r| r.flag(12)).required(),
    O::new("back_on", Type::Date, "When it is expected again", "Fecha prevista", |r| r.date(13)),
    O::new("note", Type::Text, "What a rep should know of it", "Nota", |r| r.text(14)),
];

pub(super) const PRICES: &[O] = &[
    O::new("article", Type::Text, "Missing: the whole family", "Referencia; falta: toda la familia", |r| {
        r.text(1)
    }),
    O::new("family", Type::Text, "Family", "Familia", |r| r.text(2)),
    O::new("price_list", Type::Text, "Price list", "Tarifa", |r| r.text(3)),
    O::new("price", Type::Decimal, "Missing: discounts alone", "Precio; falta: solo descuentos", |r| {
        r.decimal(4)
    }),
    O::new("currency", Type::Text, "ISO 4217", "Moneda", |r| r.text(5)).required(),
    O::new("discounts", Type::Text, "Per cent, one after the other", "Descuentos", |r| r.joined(6, percent)),
    O::new("min_quantity", Type::Decimal, "From this quantity on", "Cantidad mínima", |r| r.decimal(7)),
    O::new("from", Type::Date, "First day", "Desde", |r| r.date(8)),
    O::new("until", Type::Date, "Last day", "Hasta", |r| r.date(9)),
    O::new("net_price", Type::Boolean, "No other discount is taken off it", "Precio neto", |r| r.flag(10))
        .required(),
    O::new("version", Type::Text, "Version of the price list", "Versión de la tarifa", |r| r.text(11)),
    O::new("promotion", Type::Text, "The promotion", "Promoción", |r| r.text(12)),
];

pub(super) const FEEDS: &[O] = &[
    O::new("what", Type::Text, "What it brings: a kind of record, or client", "Qué trae", |r| {
        r.stored.key.into()
    })
    .required(),
    O::new("at", Type::Instant, "When it last came", "Cuándo llegó", |r| Value::instant(r.fields.int(1)))
        .required(),
    O::new("records", Type::Integer, "How many records it brought", "Cuántos registros trajo", |r| r.int(2))
        .required(),
];
