//! Purchases that reps logged, and their lines.

use cartera_core::model::record::{Discount, PriceOrigin, PurchaseSort, ReturnReason, Tax};
use cartera_core::model::{Currency, Money};

use super::common::{C, Cells, L};
use crate::export::rows::{Line, Record};
use crate::export::value::{Type, Value};

/// Key of the list of lines.
pub(super) const LINES: usize = 10;
const CURRENCY: usize = 9;
const TOTALS: usize = 17;

pub(super) const PURCHASES: &[C] = &[
    C::new(
        "sort",
        Type::Word,
        "order, direct_sale or return",
        "order (pedido), direct_sale (venta directa) o return (devolución)",
        |r| r.word(8, PurchaseSort::as_str),
    )
    .required(),
    C::new("currency", Type::Text, "ISO 4217", "Moneda", |r| r.text(CURRENCY)).required(),
    C::new("net_minor", Type::Integer, "Taxable base", "Base imponible", |r| total(r, 0).into())
        .unit("minor units")
        .required(),
    C::new("net", Type::Decimal, "Taxable base", "Base imponible", |r| {
        Value::amount(total(r, 0), r.currency(CURRENCY))
    }),
    C::new("tax_minor", Type::Integer, "Taxes", "Impuestos", |r| total(r, 1).into())
        .unit("minor units")
        .required(),
    C::new("tax", Type::Decimal, "Taxes", "Impuestos", |r| Value::amount(total(r, 1), r.currency(CURRENCY))),
    C::new("total_minor", Type::Integer, "Net and tax", "Total", |r| total(r, 2).into())
        .unit("minor units")
        .required(),
    C::new("total", Type::Decimal, "Net and tax", "Total", |r| {
        Value::amount(total(r, 2), r.currency(CURRENCY))
    }),
    C::new("lines", Type::Integer, "How many lines", "Número de líneas", |r| {
        r.unless_deleted(()).map(|()| r.fields.maps(LINES).len()).into()
    })
    .required(),
    C::new("discounts", Type::Text, "Off the whole, one after the other", "Descuentos sobre el total", |r| {
        discounts(r.fields.list(11), r.currency(CURRENCY))
    }),
    C::new(
        "deliver_to_id",
        Type::Id,
        "Delivery point; missing: the client's address",
        "Dirección de entrega",
        |r| r.id(12),
    ),
    C::new("deliver_on", Type::Date, "Delivery date", "Fecha de entrega", |r| r.date(13)),
    C::new("client_ref", Type::Text, "The client's own number for it", "Su referencia", |r| r.text(14)),
    C::new("notes", Type::Text, "Notes", "Notas", |r| r.text(15)),
    C::new("visit_id", Type::Id, "The visit at which it was made", "Visita", |r| r.id(16)),
    C::new("returns_id", Type::Id, "The purchase whose goods come back", "Compra que se devuelve", |r| {
        r.id(18)
    }),
    C::new("plan_rule", Type::Text, "Rule of the visit plan that it carries out", "Regla del rutero", |r| {
        r.fields.inner(19).text(1).into()
    }),
    C::new("plan_date", Type::Date, "Day of the visit plan", "Día del rutero", |r| {
        Value::date(r.fields.inner(19).date(2))
    }),
];

fn total(record: &Record<'_>, key: usize) -> Option<i64> {
    record.fields.inner(TOTALS).int(key)
}

pub(super) const PURCHASE_LINES: &[L] = &[
    L::new("purchase_id", Type::Id, "The purchase", "La compra", |l| Value::Id(l.of.stored.id)).required(),
    L::new(
        "sort",
        Type::Word,
        "Of the purchase: order, direct_sale or return",
        "De la compra: order, direct_sale o return",
        |l| l.of.word(8, PurchaseSort::as_str),
    )
    .required(),
    L::new("article", Type::Text, "Article", "Referencia", |l| l.text(0)).required(),
    L::new("description", Type::Text, "Its name on that day", "Descripción", |l| l.text(1)),
    L::new("quantity", Type::Decimal, "Above zero, also where goods come back", "Cantidad", |l| l.decimal(2))
        .required(),
    L::new("unit", Type::Text, "Of the quantity", "Unidad", |l| l.text(3)).required(),
    L::new(
        "priced_quantity",
        Type::Decimal,
        "What is priced where it is not the quantity",
        "Cantidad que se valora",
        |l| l.decimal(11),
    ),
    L::new("priced_unit", Type::Text, "Of what is priced", "Unidad que se valora", |l| l.text(12)),
    L::new(
        "price",
        Type::Decimal,
        "Per unit, before discounts and tax; missing: the office sets it",
        "Precio por unidad",
        |l| l.decimal(4),
    ),
    L::new("price_origin", Type::Word, "Where the price came from", "Origen del precio", |l| {
        l.fields.inner(5).word(0, PriceOrigin::as_str)
    }),
    L::new("price_version", Type::Text, "Version of the price list", "Versión de la tarifa", |l| {
        l.fields.inner(5).text(1).into()
    }),
    L::new("discounts", Type::Text, "One after the other", "Descuentos", |l| {
        discounts(l.fields.list(6), currency(l))
    }),
    L::new("taxes", Type::Text, "Codes with their rates", "Impuestos", |l| {
        l.joined(7, |tax: &Tax| format!("{} {}%", tax.code, tax.percent))
    }),
    L::new("currency", Type::Text, "ISO 4217", "Moneda", |l| l.of.text(CURRENCY)).required(),
    L::new("net_minor", Type::Integer, "After the line's discounts, before tax", "Importe neto", |l| {
        l.int(8)
    })
    .unit("minor units")
    .required(),
    L::new("net", Type::Decimal, "After the line's discounts, before tax", "Importe neto", |l| {
        Value::amount(l.fields.int(8), currency(l))
    }),
    L::new("free", Type::Boolean, "Without charge", "Sin cargo", |l| l.flag(9)).required(),
    L::new("returned", Type::Word, "Why these goods come back", "Motivo de devolución", |l| {
        l.word(10, ReturnReason::as_str)
    }),
    L::new("note", Type::Text, "Note", "Nota", |l| l.text(13)),
];

fn currency(line: &Line<'_, Record<'_>>) -> Option<Currency> {
    line.of.currency(CURRENCY)
}

/// `10% 5%`, or amounts: `2.50`.
fn discounts(list: Vec<Discount>, currency: Option<Currency>) -> Value<'static> {
    let text = |discount: &Discount| match (discount.percent, discount.amount, currency) {
        (Some(percent), ..) => format!("{percent}%"),
        (None, Some(minor), Some(currency)) => Money::new(minor, currency).to_decimal_string(),
        _ => String::new(),
    };
    (!list.is_empty()).then(|| list.iter().map(text).collect::<Vec<_>>().join(" ")).into()
}
