//! What is inside a client's profile: contacts, dates to remember, delivery points.

use cartera_core::model::ClientId;
use cartera_core::model::place::{Address, Fix};
use cartera_core::model::profile::Value as Field;

use crate::export::column::Column;
use crate::export::rows::{Part, Parts};
use crate::export::value::{Type, Value};

type P = Column<Parts>;

pub(super) const COMMON: &[P] = &[
    P::new(
        "id",
        Type::Id,
        "The client's id, a slash, and its own within the client; never changes",
        "Id del cliente, barra y el suyo dentro del cliente; no cambia nunca",
        |p| {
            let client = ClientId::from_bytes(p.client.id);
            if p.id.is_empty() { client.to_string().into() } else { format!("{client}/{}", p.id).into() }
        },
    )
    .required(),
    P::new("client_id", Type::Id, "Client", "Cliente", |p| Value::Id(p.client.id)).required(),
    P::new(
        "territory_id",
        Type::Id,
        "The client's territory now; missing: unassigned",
        "Zona actual; falta: sin asignar",
        |p| Value::id(p.client.territory),
    ),
    P::new(
        "number",
        Type::Integer,
        "The client's last entry in the relay's log",
        "Última entrada del cliente en el registro",
        |p| p.client.number.into(),
    )
    .required(),
    P::new(
        "deleted",
        Type::Boolean,
        "Removed: take the row with this id out; where the id is a client's, all rows of that client: it was erased",
        "Retirado: quita la fila con este id; si el id es de un cliente, todas las filas de ese cliente: se borró",
        |p| p.removed.into(),
    )
    .required(),
    P::new(
        "part_id",
        Type::Id,
        "Its own id within the client, by which records of that client name it",
        "Id dentro del cliente, con el que lo nombran los registros de ese cliente",
        |p| Some(p.id).filter(|id| !id.is_empty()).into(),
    )
    .since(2),
];

pub(super) const CONTACTS: &[P] = &[
    P::new("name", Type::Text, "Name", "Nombre", |p| p.text("name")),
    P::new("role", Type::Text, "What the person does there", "Cargo", |p| p.text("role")),
    P::new("phone", Type::Phone, "Phone", "Teléfono", |p| p.phone("phone")),
    P::new("mobile", Type::Phone, "Mobile phone", "Móvil", |p| p.phone("mobile")),
    P::new("email", Type::Text, "Mail address", "Correo electrónico", |p| p.text("email")),
    P::new("language", Type::Text, "Language (BCP 47)", "Idioma", |p| p.text("language")),
    P::new("notes", Type::Text, "Notes", "Notas", |p| p.text("notes")),
];

pub(super) const DATES: &[P] = &[
    P::new("what", Type::Text, "What is remembered", "Qué se recuerda", |p| p.text("what")),
    P::new("on", Type::Date, "Day", "Día", |p| match p.field("on") {
        Some(Field::Date(date)) => date.into(),
        _ => Value::Null,
    }),
    P::new("yearly", Type::Boolean, "It comes again every year", "Cada año", |p| match p.field("yearly") {
        Some(Field::Bool(yes)) => yes.into(),
        _ => Value::Null,
    }),
    P::new("contact_id", Type::Id, "The contact whom it concerns", "Contacto", |p| p.text("contact")),
];

pub(super) const PLACES: &[P] = &[
    P::new("name", Type::Text, "Name", "Nombre", |p| p.text("name")),
    P::new("code", Type::Text, "Number in the ERP", "Código en el ERP", |p| p.text("erp_code")),
    P::new("street", Type::Text, "Street and number", "Calle y número", |p| p.address(|a| a.street)),
    P::new("address_detail", Type::Text, "Floor, door, industrial estate", "Piso, puerta, polígono", |p| {
        p.address(|a| a.detail)
    }),
    P::new("postcode", Type::Text, "Postcode", "Código postal", |p| p.address(|a| a.postcode)),
    P::new("city", Type::Text, "City", "Población", |p| p.address(|a| a.city)),
    P::new("region", Type::Text, "Province", "Provincia", |p| p.address(|a| a.region)),
    P::new("country", Type::Text, "Country (ISO 3166-1)", "País", |p| p.address(|a| a.country)),
    P::new("latitude", Type::Degrees, "North positive", "Latitud", |p| p.point(|fix| fix.lat_e7))
        .unit("degrees"),
    P::new("longitude", Type::Degrees, "East positive", "Longitud", |p| p.point(|fix| fix.lon_e7))
        .unit("degrees"),
    P::new("phone", Type::Phone, "Phone", "Teléfono", |p| p.phone("phone")),
    P::new("instructions", Type::Text, "How to deliver there", "Instrucciones de entrega", |p| {
        p.text("instructions")
    }),
];

impl Part<'_> {
    fn text(&self, name: &str) -> Value<'static> {
        match self.field(name) {
            Some(Field::Text(text)) => text.into(),
            _ => Value::Null,
        }
    }

    fn phone(&self, name: &str) -> Value<'static> {
        match self.field(name) {
            Some(Field::Phone(phone)) => phone.e164.unwrap_or(phone.raw).into(),
            _ => Value::Null,
        }
    }

    fn address(&self, part: fn(Address) -> Option<String>) -> Value<'static> {
        match self.field("address") {
            Some(Field::Address(address)) => part(address).into(),
            _ => Value::Null,
        }
    }

    fn point(&self, part: fn(Fix) -> i32) -> Value<'static> {
        match self.field("point") {
            Some(Field::Point(fix)) => Value::degrees(part(fix)),
            _ => Value::Null,
        }
    }
}
