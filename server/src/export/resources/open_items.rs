//! As of a day: what clients still had to pay of each due item. What was paid since was open then.

use cartera_core::metrics::payment::open_on;
use cartera_core::rows::relations::dues::Item;

use crate::export::column::Column;
use crate::export::rows::{OpenItemRow, OpenItems};
use crate::export::value::{Type, Value};

type I = Column<OpenItems>;

pub(super) const COLUMNS: &[I] = &[
    I::new("id", Type::Id, "Source and key of the due item, with a slash between", "Origen y clave", |r| {
        match &r.item {
            Some(item) => format!("{}/{}", item.source, item.key).into(),
            None => r.id.into(),
        }
    })
    .required(),
    I::new("client_id", Type::Id, "The client", "Cliente", |r| r.id.into()).required(),
    I::new("client_name", Type::Text, "Its name", "Nombre del cliente", |r| {
        r.item.as_ref().map(|_| r.client.name.as_str()).into()
    }),
    I::new("client_erp_code", Type::Text, "Its code in the ERP", "Código del cliente en el ERP", |r| {
        r.client.erp_code.as_deref().into()
    }),
    I::new("territory_id", Type::Id, "Its territory", "Zona del cliente", |r| Value::id(r.client.territory)),
    I::new("as_of", Type::Date, "As things stood at the end of this day", "A esta fecha", |r| {
        r.item.as_ref().map(|_| r.as_of).into()
    })
    .required(),
    I::new("document", Type::Text, "Number of the document behind it", "Documento", |r| {
        r.item.as_ref().and_then(|item| item.document.as_deref()).into()
    }),
    I::new("issued", Type::Date, "When it was issued", "Emisión", |r| {
        told(r, |item| item.due.issued.into())
    }),
    I::new("due", Type::Date, "When it falls due", "Vencimiento", |r| told(r, |item| item.due.due.into()))
        .required(),
    I::new("currency", Type::Text, "ISO 4217", "Moneda", |r| told(r, |item| item.due.currency.into()))
        .required(),
    I::new("open_minor", Type::Integer, "Still to be paid", "Pendiente", |r| {
        told(r, |item| open_on(&item.due, r.as_of).into())
    })
    .unit("minor units")
    .required(),
    I::new("open", Type::Decimal, "Still to be paid", "Pendiente", |r| {
        told(r, |item| Value::amount(Some(open_on(&item.due, r.as_of)), Some(item.due.currency)))
    }),
    I::new("days_overdue", Type::Integer, "Days since it fell due; 0 before", "Días de retraso", |r| {
        told(r, |item| i64::from(r.as_of.days().saturating_sub(item.due.due.days()).max(0)).into())
    })
    .unit("days")
    .required(),
    I::new("returned", Type::Boolean, "A payment came back", "Devuelto", |r| {
        told(r, |item| item.due.returned.into())
    })
    .required(),
    I::new("deleted", Type::Boolean, "The client was erased", "Cliente borrado", |r| r.item.is_none().into())
        .required(),
];

fn told<'a>(row: &OpenItemRow, of: impl Fn(&Item) -> Value<'a>) -> Value<'a> {
    row.item.as_ref().map_or(Value::Null, of)
}
