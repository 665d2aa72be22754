//! The fields of each kind that can be imported, and the titles by which columns are recognised.

use cartera_core::model::limits;

use super::kind::{Field, Form};

const fn required(name: &'static str, form: Form, titles: &'static [&'static str]) -> Field {
    Field { name, required: true, instead: None, form, titles }
}

const fn optional(name: &'static str, form: Form, titles: &'static [&'static str]) -> Field {
    Field { name, required: false, instead: None, form, titles }
}

impl Field {
    /// Where it says nothing, another field of the row says it.
    const fn or(self, instead: &'static str) -> Self {
        Self { instead: Some(instead), ..self }
    }
}

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
const SIGNED_PRICE: Form = Form::Number {
    places: limits::UNIT_PRICE_PLACES,
    min: -limits::UNIT_PRICE_MAX,
    max: limits::UNIT_PRICE_MAX,
};
const SIGNED_PERCENT: Form = Form::Number { places: limits::PERCENT_PLACES, min: -100, max: 100 };
const PERCENT: Form = Form::Number { places: limits::PERCENT_PLACES, min: 0, max: 100 };

const CURRENCY: Field =
    optional("currency", Form::Currency, &["moneda", "divisa", "currency", "currency code"]);

pub(super) const CLIENTS: &[Field] = &[
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
    )
    // A company without a trade name goes by its legal one.
    .or("legal_name"),
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

pub(super) const ARTICLES: &[Field] = &[
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
        QUANTITY,
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
    optional("tax", Form::Key, &["codigo iva", "cod iva", "tax code", "vat code"]),
    optional("multiple", QUANTITY, &["multiplo", "multiplo de venta", "multiple", "order multiple"]),
    optional("priced_unit", UNIT, &["unidad de precio", "priced unit", "price unit"]),
    optional("out_of_stock", Form::YesNo, &["sin existencias", "agotado", "out of stock"]),
    optional("note", Form::Prose(limits::SENTENCE_CHARS_MAX), &["observaciones", "nota", "note", "remarks"]),
    optional("active", Form::YesNo, &["activo", "alta", "vigente", "active", "enabled"]),
];

pub(super) const PRICES: &[Field] = &[
    optional("id", Form::Key, &["id", "id precio", "price id", "condicion", "id condicion"]),
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
    optional(
        "price",
        UNIT_PRICE,
        &["precio", "precio neto", "pvp", "importe", "price", "net price", "unit price"],
    ),
    optional("family", NAME, &["familia", "categoria", "family", "category", "product group"]),
    optional("discount_percent", PERCENT, &["descuento", "dto", "dto 1", "discount", "discount 1"]),
    optional("discount_percent_2", PERCENT, &["descuento 2", "dto 2", "discount 2"]),
    optional("net", Form::YesNo, &["neto", "es neto", "net", "is net"]),
    optional("version", Form::Key, &["version", "version tarifa", "price list version"]),
    optional("promotion", NAME, &["promocion", "oferta", "promotion", "offer"]),
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

pub(super) const SALES: &[Field] = &[
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
    optional("voided", Form::YesNo, &["anulada", "anulado", "cancelada", "voided", "cancelled"]),
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
        SIGNED_PRICE,
        &["precio", "precio unitario", "precio neto", "price", "unit price", "net price"],
    ),
    optional("discount_percent", SIGNED_PERCENT, &["descuento", "dto", "dto 1", "discount", "discount 1"]),
    optional("discount_percent_2", SIGNED_PERCENT, &["descuento 2", "dto 2", "discount 2"]),
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

pub(super) const DUE_ITEMS: &[Field] = &[
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
