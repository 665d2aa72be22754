//! What can be imported, and the fields of each: one table drives the mapping's proposal, the checks and the report.

use std::fmt;
use std::str::FromStr;

use cartera_core::model::limits;
use serde::{Deserialize, Serialize};

/// What a file's rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Clients,
    Articles,
    Prices,
    /// Lines, grouped by document.
    Sales,
    DueItems,
}

impl Kind {
    pub const ALL: [Self; 5] = [Self::Clients, Self::Articles, Self::Prices, Self::Sales, Self::DueItems];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clients => "clients",
            Self::Articles => "articles",
            Self::Prices => "prices",
            Self::Sales => "sales",
            Self::DueItems => "due-items",
        }
    }

    pub const fn fields(self) -> &'static [Field] {
        match self {
            Self::Clients => CLIENTS,
            Self::Articles => ARTICLES,
            Self::Prices => PRICES,
            Self::Sales => SALES,
            Self::DueItems => DUE_ITEMS,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| {
            let all: Vec<&str> = Self::ALL.iter().map(|kind| kind.as_str()).collect();
            format!("'{text}' cannot be imported; one of {} can", all.join(", "))
        })
    }
}

/// What a field's values look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A name given by the office's system: kept as it is, compared exactly.
    Key,
    /// One line of at most so many characters.
    Text(usize),
    /// Several lines.
    Prose(usize),
    /// A number of at most so many decimals, within bounds.
    Number {
        places: u32,
        min: i64,
        max: i64,
    },
    /// An amount in the row's currency.
    Money,
    Day,
    YesNo,
    /// ISO 4217.
    Currency,
}

/// A field that a column can be mapped to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    /// A row without it is set aside.
    pub required: bool,
    pub form: Form,
    /// Column titles that mean it, in Spanish and English: lower case, without accents or punctuation.
    pub titles: &'static [&'static str],
}

const fn required(name: &'static str, form: Form, titles: &'static [&'static str]) -> Field {
    Field { name, required: true, form, titles }
}

const fn optional(name: &'static str, form: Form, titles: &'static [&'static str]) -> Field {
    Field { name, required: false, form, titles }
}

/// Characters of a key.
pub const KEY_CHARS_MAX: usize = limits::CODE_CHARS_MAX;
const NAME: Form = Form::Text(limits::NAME_CHARS_MAX);
const LINE: Form = Form::Text(limits::ADDRESS_LINE_CHARS_MAX);
const SHORT: Form = Form::Text(limits::CODE_CHARS_MAX);
const UNIT: Form = Form::Text(limits::UNIT_CHARS_MAX);
const PHONE: Form = Form::Text(limits::PHONE_CHARS_MAX);
const EMAIL: Form = Form::Text(limits::EMAIL_CHARS_MAX);
const QUANTITY: Form =
    Form::Number { places: limits::QUANTITY_PLACES, min: -limits::QUANTITY_MAX, max: limits::QUANTITY_MAX };
const UNIT_PRICE: Form =
    Form::Number { places: limits::UNIT_PRICE_PLACES, min: 0, max: limits::UNIT_PRICE_MAX };
const PERCENT: Form = Form::Number { places: limits::PERCENT_PLACES, min: 0, max: 100 };

const CURRENCY: Field =
    optional("currency", Form::Currency, &["moneda", "divisa", "currency", "currency code"]);

const CLIENTS: &[Field] = &[
    required(
        "id",
        Form::Key,
        &[
            "codigo",
            "cod cliente",
            "codigo cliente",
            "codigo de cliente",
            "n cliente",
            "num cliente",
            "numero de cliente",
            "cliente",
            "id cliente",
            "id",
            "code",
            "customer id",
            "customer no",
            "customer number",
            "customer code",
            "client id",
            "client",
            "account",
            "cuenta",
        ],
    ),
    required(
        "name",
        NAME,
        &[
            "nombre comercial",
            "nombre",
            "nombre cliente",
            "rotulo",
            "establecimiento",
            "trade name",
            "name",
            "customer name",
            "client name",
            "shop",
            "denominacion",
        ],
    ),
    optional(
        "legal_name",
        NAME,
        &["razon social", "nombre fiscal", "legal name", "company", "company name", "empresa"],
    ),
    optional(
        "tax_id",
        Form::Text(32),
        &[
            "nif",
            "cif",
            "n i f",
            "c i f",
            "nif cif",
            "cif nif",
            "dni",
            "vat",
            "vat number",
            "vat id",
            "tax id",
            "nif iva",
        ],
    ),
    optional(
        "sector",
        SHORT,
        &[
            "tipo de establecimiento",
            "tipo",
            "sector",
            "actividad",
            "canal",
            "kind",
            "type",
            "customer type",
            "channel",
            "kind of establishment",
        ],
    ),
    optional(
        "street",
        LINE,
        &["direccion", "domicilio", "calle", "address", "street", "address line 1", "direccion 1"],
    ),
    optional("detail", LINE, &["direccion 2", "address line 2", "piso", "poligono", "detail"]),
    optional(
        "postal_code",
        Form::Text(limits::POSTCODE_CHARS_MAX),
        &["codigo postal", "cp", "c p", "cod postal", "postal code", "postcode", "zip", "zip code"],
    ),
    optional("city", LINE, &["poblacion", "localidad", "ciudad", "municipio", "city", "town"]),
    optional("province", LINE, &["provincia", "province", "region", "state", "county"]),
    optional("country", SHORT, &["pais", "country", "country code"]),
    optional("latitude", Form::Number { places: 15, min: -90, max: 90 }, &["latitud", "lat", "latitude"]),
    optional(
        "longitude",
        Form::Number { places: 15, min: -180, max: 180 },
        &["longitud", "lon", "lng", "long", "longitude"],
    ),
    optional(
        "phone",
        PHONE,
        &["telefono", "tel", "telf", "tfno", "telefono 1", "phone", "telephone", "phone number"],
    ),
    optional("mobile", PHONE, &["movil", "telefono movil", "mobile", "mobile phone", "cell", "telefono 2"]),
    optional("email", EMAIL, &["email", "e mail", "correo", "correo electronico", "mail"]),
    optional("web", Form::Text(limits::WEB_CHARS_MAX), &["web", "pagina web", "website", "url"]),
    optional(
        "territory",
        Form::Key,
        &["zona", "territorio", "ruta", "delegacion", "territory", "area", "sales territory"],
    ),
    optional(
        "contact_name",
        NAME,
        &["contacto", "persona de contacto", "nombre contacto", "contact", "contact name", "contact person"],
    ),
    optional(
        "contact_role",
        NAME,
        &["cargo", "cargo contacto", "puesto", "role", "job title", "contact role", "position"],
    ),
    optional("contact_phone", PHONE, &["telefono contacto", "telefono de contacto", "contact phone"]),
    optional("contact_email", EMAIL, &["email contacto", "correo contacto", "contact email"]),
    optional("tags", Form::Text(400), &["etiquetas", "etiqueta", "tags", "tag", "grupo", "group"]),
    optional("language", Form::Text(limits::LANGUAGE_CHARS_MAX), &["idioma", "language"]),
    CURRENCY,
    optional("price_list", Form::Key, &["tarifa", "cod tarifa", "lista de precios", "price list"]),
    optional(
        "payment_terms",
        SHORT,
        &["forma de pago", "forma pago", "condiciones de pago", "payment terms"],
    ),
    optional("fiscal_group", SHORT, &["grupo fiscal", "fiscal group"]),
    optional(
        "visit_every",
        Form::Number { places: 0, min: 1, max: limits::VISIT_EVERY_DAYS_MAX },
        &["dias entre visitas", "frecuencia visita", "frecuencia de visita", "visit every", "visit interval"],
    ),
    optional(
        "warning",
        Form::Prose(limits::SENTENCE_CHARS_MAX),
        &[
            "aviso",
            "avisos",
            "observaciones",
            "notas",
            "comentarios",
            "warning",
            "notes",
            "remarks",
            "comments",
        ],
    ),
];

const ARTICLES: &[Field] = &[
    required(
        "id",
        Form::Key,
        &[
            "referencia",
            "ref",
            "codigo",
            "cod articulo",
            "codigo articulo",
            "codigo de articulo",
            "articulo",
            "sku",
            "code",
            "item",
            "item code",
            "item no",
            "article",
            "article code",
            "product code",
            "id",
        ],
    ),
    required(
        "name",
        NAME,
        &[
            "descripcion",
            "nombre",
            "denominacion",
            "description",
            "name",
            "item name",
            "product",
            "producto",
            "articulo descripcion",
        ],
    ),
    optional(
        "family",
        NAME,
        &["familia", "categoria", "grupo", "linea", "family", "category", "product group", "seccion"],
    ),
    optional(
        "unit",
        UNIT,
        &["unidad", "unidad de venta", "ud", "um", "unit", "uom", "sales unit", "formato"],
    ),
    optional(
        "units_per_case",
        Form::Number { places: 4, min: 0, max: 1_000_000 },
        &["unidades por caja", "uds caja", "unidades caja", "case size", "units per case", "pack"],
    ),
    optional("ean", Form::Text(14), &["ean", "ean13", "ean 13", "codigo de barras", "barcode", "gtin"]),
    optional(
        "tax_percent",
        PERCENT,
        &["iva", "tipo iva", "tipo de iva", "vat", "vat rate", "tax", "tax rate"],
    ),
    optional(
        "price",
        UNIT_PRICE,
        &["precio", "pvp", "tarifa", "precio tarifa", "price", "list price", "unit price"],
    ),
    CURRENCY,
    optional("active", Form::YesNo, &["activo", "alta", "vigente", "active", "enabled"]),
];

const PRICES: &[Field] = &[
    optional("id", Form::Key, &["id", "id precio", "price id", "condicion", "id condicion"]),
    required(
        "article",
        Form::Key,
        &[
            "referencia",
            "ref",
            "articulo",
            "cod articulo",
            "codigo articulo",
            "codigo de articulo",
            "sku",
            "article",
            "item",
            "item code",
            "item no",
            "product code",
        ],
    ),
    optional(
        "client",
        Form::Key,
        &[
            "cliente",
            "cod cliente",
            "codigo cliente",
            "codigo de cliente",
            "customer",
            "client",
            "customer code",
            "customer id",
            "customer no",
        ],
    ),
    optional(
        "price_list",
        Form::Key,
        &["tarifa", "cod tarifa", "lista", "lista de precios", "price list", "list"],
    ),
    optional(
        "min_quantity",
        QUANTITY,
        &[
            "cantidad minima",
            "desde cantidad",
            "cantidad desde",
            "cantidad",
            "min quantity",
            "minimum quantity",
            "from quantity",
            "quantity",
        ],
    ),
    required(
        "price",
        UNIT_PRICE,
        &["precio", "precio neto", "pvp", "importe", "price", "net price", "unit price"],
    ),
    optional("discount_percent", PERCENT, &["descuento", "dto", "discount"]),
    CURRENCY,
    optional(
        "from",
        Form::Day,
        &[
            "desde",
            "fecha desde",
            "valido desde",
            "fecha inicio",
            "inicio",
            "valid from",
            "from",
            "start",
            "start date",
        ],
    ),
    optional(
        "until",
        Form::Day,
        &[
            "hasta",
            "fecha hasta",
            "valido hasta",
            "fecha fin",
            "fin",
            "valid to",
            "valid until",
            "until",
            "end",
            "end date",
        ],
    ),
];

const SALES: &[Field] = &[
    required(
        "document",
        Form::Key,
        &[
            "documento",
            "n documento",
            "num documento",
            "factura",
            "n factura",
            "num factura",
            "numero de factura",
            "numero factura",
            "albaran",
            "n albaran",
            "document",
            "document no",
            "document number",
            "invoice",
            "invoice no",
            "invoice number",
            "id",
        ],
    ),
    required(
        "client",
        Form::Key,
        &[
            "cliente",
            "cod cliente",
            "codigo cliente",
            "codigo de cliente",
            "n cliente",
            "customer",
            "client",
            "customer id",
            "customer code",
            "customer no",
            "customer number",
            "client id",
            "account",
            "cuenta",
        ],
    ),
    required(
        "date",
        Form::Day,
        &[
            "fecha",
            "fecha factura",
            "fecha documento",
            "fecha de factura",
            "date",
            "invoice date",
            "document date",
            "order date",
        ],
    ),
    optional(
        "type",
        SHORT,
        &["tipo", "tipo documento", "tipo de documento", "clase", "type", "document type"],
    ),
    optional(
        "corrects",
        Form::Key,
        &["rectifica", "factura rectificada", "abona", "corrects", "original invoice"],
    ),
    optional("order", SHORT, &["pedido", "n pedido", "num pedido", "order", "order no", "order number"]),
    optional(
        "article",
        Form::Key,
        &[
            "referencia",
            "ref",
            "articulo",
            "cod articulo",
            "codigo articulo",
            "codigo de articulo",
            "sku",
            "article",
            "item",
            "item code",
            "item no",
            "product code",
        ],
    ),
    optional(
        "description",
        NAME,
        &["descripcion", "concepto", "description", "item description", "product", "producto"],
    ),
    optional("family", NAME, &["familia", "categoria", "family", "category", "product group"]),
    optional("quantity", QUANTITY, &["cantidad", "unidades", "uds", "cant", "quantity", "qty", "units"]),
    optional("unit", UNIT, &["unidad", "um", "unidad de venta", "unit", "uom"]),
    optional(
        "unit_price",
        UNIT_PRICE,
        &["precio", "precio unitario", "precio neto", "price", "unit price", "net price"],
    ),
    optional("discount_percent", PERCENT, &["descuento", "dto", "discount"]),
    required(
        "net",
        Form::Money,
        &[
            "importe",
            "importe neto",
            "neto",
            "base",
            "base imponible",
            "importe linea",
            "total neto",
            "net",
            "net amount",
            "amount",
            "line amount",
            "net total",
            "total",
        ],
    ),
    CURRENCY,
];

const DUE_ITEMS: &[Field] = &[
    required(
        "id",
        Form::Key,
        &[
            "id",
            "efecto",
            "n efecto",
            "num efecto",
            "recibo",
            "n recibo",
            "vencimiento id",
            "id vencimiento",
            "due item",
            "item",
            "entry no",
        ],
    ),
    required(
        "client",
        Form::Key,
        &[
            "cliente",
            "cod cliente",
            "codigo cliente",
            "codigo de cliente",
            "n cliente",
            "customer",
            "client",
            "customer id",
            "customer code",
            "customer no",
            "account",
            "cuenta",
        ],
    ),
    optional(
        "document",
        Form::Key,
        &[
            "documento",
            "factura",
            "n factura",
            "num factura",
            "numero de factura",
            "document",
            "invoice",
            "invoice no",
            "invoice number",
        ],
    ),
    optional(
        "issued",
        Form::Day,
        &[
            "fecha factura",
            "fecha emision",
            "emision",
            "fecha",
            "issued",
            "issue date",
            "invoice date",
            "date",
        ],
    ),
    required(
        "due",
        Form::Day,
        &["vencimiento", "fecha vencimiento", "fecha de vencimiento", "vto", "fecha vto", "due", "due date"],
    ),
    required(
        "amount",
        Form::Money,
        &["importe", "importe total", "total", "nominal", "amount", "total amount"],
    ),
    optional(
        "open",
        Form::Money,
        &[
            "pendiente",
            "importe pendiente",
            "saldo",
            "open",
            "open amount",
            "balance",
            "outstanding",
            "remaining amount",
        ],
    ),
    CURRENCY,
    optional(
        "paid",
        Form::Day,
        &["fecha cobro", "cobrado", "fecha de cobro", "paid", "paid on", "payment date"],
    ),
    optional("returned", Form::YesNo, &["devuelto", "impagado", "returned", "unpaid"]),
    optional(
        "method",
        SHORT,
        &["forma de pago", "forma pago", "medio de pago", "tipo efecto", "method", "payment method"],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_titles_are_unambiguous_within_a_kind() {
        for kind in Kind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            let names: Vec<&str> = kind.fields().iter().map(|field| field.name).collect();
            for (index, name) in names.iter().enumerate() {
                assert!(!names[..index].contains(name), "{kind}: {name} twice");
            }
            let mut titles: Vec<&str> =
                kind.fields().iter().flat_map(|field| field.titles.iter().copied()).collect();
            titles.sort_unstable();
            for pair in titles.windows(2) {
                assert_ne!(pair[0], pair[1], "{kind}: title of two fields");
            }
            for title in titles {
                assert_eq!(
                    crate::import::map::normal_title(title),
                    title,
                    "{kind}: title is not in normal form"
                );
            }
        }
        assert!("klients".parse::<Kind>().unwrap_err().contains("clients"));
    }
}
