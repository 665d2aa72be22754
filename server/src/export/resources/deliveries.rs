//! Orders to deliver: when, and where to.

use cartera_core::model::PartId;
use cartera_core::model::office::OrderStage;
use cartera_core::model::place::Address;
use cartera_core::model::profile::{ClientField, Value as Field};

use super::common::{Cells, about_a_client};
use crate::export::column::Column;
use crate::export::fields::Fields;
use crate::export::rows::{About, Deliveries, Delivery, client_field, part_field};
use crate::export::value::{Type, Value};

type D = Column<Deliveries>;

const CURRENCY: usize = 9;
const LINES: usize = 10;
const DELIVER_TO: usize = 12;

const CLIENT: [D; 5] = about_a_client!(Deliveries, |r| r);

pub(super) const COLUMNS: &[D] = &[
    D::new(
        "id",
        Type::Id,
        "The order: the purchase's id; never changes",
        "El pedido; no cambia nunca",
        |r| Value::Id(r.stored.id),
    )
    .required(),
    CLIENT[0].required(),
    CLIENT[1],
    CLIENT[2],
    CLIENT[3].required(),
    CLIENT[4],
    D::new(
        "stage",
        Type::Word,
        "received, waiting_for_client or registered",
        "received (recibido), waiting_for_client (alta pendiente) o registered (registrado)",
        |r| OrderStage::from_code(r.stored.stage).as_str().into(),
    )
    .required(),
    D::new("erp_number", Type::Text, "Number in the ERP", "Número en el ERP", |r| {
        r.stored.erp_number.into()
    }),
    D::new("deliver_on", Type::Date, "Delivery date; missing: as usual", "Fecha de entrega", |r| r.date(13)),
    D::new(
        "deliver_to_id",
        Type::Id,
        "Delivery point; missing: the client's address",
        "Dirección de entrega; falta: la del cliente",
        |r| r.id(DELIVER_TO),
    ),
    D::new("place_name", Type::Text, "Name of the delivery point", "Nombre del punto de entrega", |r| {
        r.place_text("name")
    }),
    D::new("place_code", Type::Text, "Its number in the ERP", "Su código en el ERP", |r| {
        r.place_text("erp_code")
    }),
    D::new("street", Type::Text, "Street and number", "Calle y número", |r| r.address(|a| a.street)),
    D::new("address_detail", Type::Text, "Floor, door, industrial estate", "Piso, puerta, polígono", |r| {
        r.address(|a| a.detail)
    }),
    D::new("postcode", Type::Text, "Postcode", "Código postal", |r| r.address(|a| a.postcode)),
    D::new("city", Type::Text, "City", "Población", |r| r.address(|a| a.city)),
    D::new("region", Type::Text, "Province", "Provincia", |r| r.address(|a| a.region)),
    D::new("country", Type::Text, "Country (ISO 3166-1)", "País", |r| r.address(|a| a.country)),
    D::new("instructions", Type::Text, "How to deliver there", "Instrucciones de entrega", |r| {
        r.place_text("instructions")
    }),
    D::new("client_ref", Type::Text, "The client's own number for it", "Su referencia", |r| r.text(14)),
    D::new("notes", Type::Text, "Notes", "Notas", |r| r.text(15)),
    D::new("lines", Type::Integer, "How many lines; they are in purchase_lines", "Número de líneas", |r| {
        r.fields.maps(LINES).len().into()
    })
    .required(),
    D::new("currency", Type::Text, "ISO 4217", "Moneda", |r| r.text(CURRENCY)).required(),
    D::new("total_minor", Type::Integer, "Net and tax", "Total", |r| total(r).into()).unit("minor units"),
    D::new("total", Type::Decimal, "Net and tax", "Total", |r| Value::amount(total(r), r.currency(CURRENCY))),
    D::new("received_at", Type::Instant, "When the relay took it", "Cuándo lo recibió el servidor", |r| {
        Value::Instant(r.stored.received_ms)
    })
    .required(),
    D::new(
        "number",
        Type::Integer,
        "Place in the relay's log of what the row says",
        "Posición en el registro del servidor",
        |r| r.stored.number.into(),
    )
    .required(),
    D::new(
        "deleted",
        Type::Boolean,
        "Never: read the whole list each time",
        "Nunca: lee cada vez la lista entera",
        |_| false.into(),
    )
    .required(),
    D::new("as_of", Type::Date, "The day on which it was told", "Día de la consulta", |r| r.as_of.into())
        .since(6),
];

fn total(row: &Delivery<'_>) -> Option<i64> {
    row.fields.inner(17).int(2)
}

impl<'r> Cells<'r> for Delivery<'r> {
    fn map(&self) -> &Fields<'r> {
        &self.fields
    }
}

impl Delivery<'_> {
    fn place(&self, name: &str) -> Option<Field> {
        let place = PartId::from_bytes(self.fields.id(DELIVER_TO)?);
        part_field(self.stored.profile, "place", &place.to_string(), name)
    }

    fn place_text(&self, name: &str) -> Value<'static> {
        match self.place(name) {
            Some(Field::Text(text)) => text.into(),
            _ => Value::Null,
        }
    }

    /// Of the delivery point, or, where the order names none, the client's.
    fn address(&self, part: fn(Address) -> Option<String>) -> Value<'static> {
        let address = match self.fields.id(DELIVER_TO) {
            Some(_) => self.place("address"),
            None => client_field(self.stored.profile, ClientField::Address),
        };
        match address {
            Some(Field::Address(address)) => part(address).into(),
            _ => Value::Null,
        }
    }
}
