//! Clients: the profile's winning values, and what the workspace says of them.

use cartera_core::model::profile::{ClientField, Key, Value as Field};

use crate::export::column::Column;
use crate::export::rows::{Client, Clients};
use crate::export::value::{Type, Value};

type C = Column<Clients>;

pub(super) const COLUMNS: &[C] = &[
    C::new("id", Type::Id, "Never changes", "No cambia nunca", |r| Value::Id(r.stored.id)).required(),
    C::new(
        "code",
        Type::Text,
        "Number in the ERP; missing while the client is new",
        "Código en el ERP; falta mientras es alta pendiente",
        |r| r.text(ClientField::ErpCode),
    ),
    C::new("name", Type::Text, "As on the door", "Nombre comercial", |r| r.text(ClientField::Name)),
    C::new("legal_name", Type::Text, "Legal name", "Razón social", |r| r.text(ClientField::LegalName)),
    C::new("tax_id", Type::Text, "Tax id, without its country", "NIF", |r| {
        match r.field(ClientField::TaxId) {
            Some(Field::TaxId(id)) => id.number.into(),
            _ => Value::Null,
        }
    }),
    C::new("tax_country", Type::Text, "The tax id's country (ISO 3166-1)", "País del NIF", |r| {
        match r.field(ClientField::TaxId) {
            Some(Field::TaxId(id)) => id.country.into(),
            _ => Value::Null,
        }
    }),
    C::new("sector", Type::Text, "Kind of establishment", "Tipo de establecimiento", |r| {
        r.text(ClientField::Sector)
    }),
    C::new("phone", Type::Phone, "Phone, E.164 where it is a valid number", "Teléfono", |r| {
        r.phone(ClientField::Phone)
    }),
    C::new("mobile", Type::Phone, "Mobile phone, E.164 where it is a valid number", "Móvil", |r| {
        r.phone(ClientField::Mobile)
    }),
    C::new("email", Type::Text, "Mail address", "Correo electrónico", |r| r.text(ClientField::Email)),
    C::new("web", Type::Text, "Web address", "Página web", |r| r.text(ClientField::Web)),
    C::new("street", Type::Text, "Street and number", "Calle y número", |r| r.address(|a| a.street)),
    C::new("address_detail", Type::Text, "Floor, door, industrial estate", "Piso, puerta, polígono", |r| {
        r.address(|a| a.detail)
    }),
    C::new("postcode", Type::Text, "Postcode", "Código postal", |r| r.address(|a| a.postcode)),
    C::new("city", Type::Text, "City", "Población", |r| r.address(|a| a.city)),
    C::new("region", Type::Text, "Province", "Provincia", |r| r.address(|a| a.region)),
    C::new("country", Type::Text, "Country (ISO 3166-1)", "País", |r| r.address(|a| a.country)),
    C::new("latitude", Type::Degrees, "North positive", "Latitud", |r| r.point(|fix| fix.lat_e7))
        .unit("degrees"),
    C::new("longitude", Type::Degrees, "East positive", "Longitud", |r| r.point(|fix| fix.lon_e7))
        .unit("degrees"),
    C::new("language", Type::Text, "Language spoken with the client (BCP 47)", "Idioma", |r| {
        r.text(ClientField::Language)
    }),
    C::new("currency", Type::Text, "ISO 4217", "Moneda", |r| r.text(ClientField::Currency)),
    C::new("price_list", Type::Text, "Price list", "Tarifa", |r| r.text(ClientField::PriceList)),
    C::new("payment_terms", Type::Text, "Terms of payment", "Forma de pago", |r| {
        r.text(ClientField::PaymentTerms)
    }),
    C::new("fiscal_group", Type::Text, "Fiscal group", "Grupo fiscal", |r| r.text(ClientField::FiscalGroup)),
    C::new("source", Type::Text, "Where the lead came from", "Origen", |r| r.text(ClientField::Source)),
    C::new(
        "visit_every",
        Type::Integer,
        "Days within which to visit, where it is not its class's",
        "Frecuencia de visita propia",
        |r| match r.field(ClientField::VisitEvery) {
            Some(Field::Number(days)) => days.into(),
            _ => Value::Null,
        },
    )
    .unit("days"),
    C::new("warning", Type::Text, "What everybody who visits must know", "Aviso", |r| {
        r.text(ClientField::Warning)
    }),
    C::new("tags", Type::Text, "Labels, with a bar between", "Etiquetas", |r| r.tags()),
    C::new("territory_id", Type::Id, "Territory; missing: unassigned", "Zona; falta: sin asignar", |r| {
        Value::id(r.stored.territory)
    }),
    C::new(
        "alias_of",
        Type::Id,
        "Merged: the client that is kept",
        "Ficha unificada: cliente que queda",
        |r| Value::id(r.stored.alias_of),
    ),
    C::new(
        "conflicts",
        Type::Integer,
        "Fields with more than one value",
        "Campos con valores distintos",
        |r| r.profile().map(|profile| profile.conflicts).into(),
    )
    .required(),
    C::new("closed", Type::Boolean, "Closed (baja)", "Baja", |r| r.profile().map(|_| r.stored.closed).into())
        .required(),
    C::new("last_visit", Type::Date, "Last visit done", "Última visita", |r| {
        Value::date(r.stored.last_visit)
    }),
    C::new("last_purchase", Type::Date, "Last purchase logged by a rep", "Última compra apuntada", |r| {
        Value::date(r.stored.last_purchase)
    }),
    C::new("data_confirmed", Type::Date, "Contact data last confirmed", "Datos confirmados", |r| {
        Value::date(r.stored.confirmed)
    }),
    C::new(
        "number",
        Type::Integer,
        "The last entry about it in the relay's log",
        "Última entrada en el registro",
        |r| r.stored.number.into(),
    )
    .required(),
    C::new(
        "deleted",
        Type::Boolean,
        "Erased: delete everything that you hold of this client",
        "Suprimido: borra todo lo que tengas de este cliente",
        |r| r.profile().is_none().into(),
    )
    .required(),
];

impl<'r> Client<'r> {
    fn text(&self, field: ClientField) -> Value<'r> {
        match self.field(field) {
            Some(Field::Text(text)) => text.into(),
            _ => Value::Null,
        }
    }

    fn phone(&self, field: ClientField) -> Value<'r> {
        match self.field(field) {
            Some(Field::Phone(phone)) => phone.e164.unwrap_or(phone.raw).into(),
            _ => Value::Null,
        }
    }

    fn address(&self, part: fn(cartera_core::model::place::Address) -> Option<String>) -> Value<'r> {
        match self.field(ClientField::Address) {
            Some(Field::Address(address)) => part(address).into(),
            _ => Value::Null,
        }
    }

    fn point(&self, part: fn(cartera_core::model::place::Fix) -> i32) -> Value<'r> {
        match self.field(ClientField::Point) {
            Some(Field::Point(fix)) => Value::degrees(part(fix)),
            _ => Value::Null,
        }
    }

    fn tags(&self) -> Value<'r> {
        let Some(profile) = self.profile() else { return Value::Null };
        let labels = profile.fields.range("tag/".to_owned()..).take_while(|(key, _)| key.starts_with("tag/"));
        let mut tags = String::new();
        for (key, scalar) in labels {
            let Some(Ok(Field::Text(label))) = Key::parse(key).map(|key| key.read(scalar)) else { continue };
            if !tags.is_empty() {
                tags.push('|');
            }
            tags.push_str(&label);
        }
        (!tags.is_empty()).then_some(tags).into()
    }
}
