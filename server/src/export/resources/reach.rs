//! As of a day: who is in which shared segment, and who is to be visited within which time.

use cartera_core::metrics::coverage::Due;

use crate::export::column::Column;
use crate::export::rows::{CoverageRow, Coverages, Members};
use crate::export::value::{Type, Value};

type M = Column<Members>;
type C = Column<Coverages>;

pub(super) const MEMBERS: &[M] = &[
    M::new("id", Type::Id, "Source, key and client, with slashes between", "Origen, clave y cliente", |r| {
        match &r.segment {
            Some(segment) => format!("{}/{}/{}", segment.source, segment.key, r.id).into(),
            None => r.id.into(),
        }
    })
    .required(),
    M::new("client_id", Type::Id, "The client", "Cliente", |r| r.id.into()).required(),
    M::new("client_name", Type::Text, "Its name", "Nombre del cliente", |r| {
        r.segment.as_ref().map(|_| r.client.name.as_str()).into()
    }),
    M::new("client_erp_code", Type::Text, "Its code in the ERP", "Código del cliente en el ERP", |r| {
        r.client.erp_code.as_deref().into()
    }),
    M::new("territory_id", Type::Id, "Its territory", "Zona del cliente", |r| Value::id(r.client.territory)),
    M::new("as_of", Type::Date, "As things stood at the end of this day", "A esta fecha", |r| {
        r.segment.as_ref().map(|_| r.as_of).into()
    })
    .required(),
    M::new("segment_source", Type::Text, "The system that wrote the segment", "Origen del grupo", |r| {
        r.segment.as_ref().map(|segment| segment.source.as_str()).into()
    }),
    M::new("segment_key", Type::Text, "Its key there", "Su clave en el origen", |r| {
        r.segment.as_ref().map(|segment| segment.key.as_str()).into()
    }),
    M::new("segment_name", Type::Text, "Its name", "Nombre del grupo", |r| {
        r.segment.as_ref().map(|segment| segment.name.as_str()).into()
    }),
    M::new("deleted", Type::Boolean, "The client was erased", "Cliente borrado", |r| {
        r.segment.is_none().into()
    })
    .required(),
];

pub(super) const COVERAGE: &[C] = &[
    C::new("id", Type::Id, "The client", "Cliente", |r| r.id.into()).required(),
    C::new("client_id", Type::Id, "The client", "Cliente", |r| r.id.into()).required(),
    C::new("client_name", Type::Text, "Its name", "Nombre del cliente", |r| {
        r.due.map(|_| r.client.name.as_str()).into()
    }),
    C::new("client_erp_code", Type::Text, "Its code in the ERP", "Código del cliente en el ERP", |r| {
        r.client.erp_code.as_deref().into()
    }),
    C::new("territory_id", Type::Id, "Its territory", "Zona del cliente", |r| Value::id(r.client.territory)),
    C::new("rep_id", Type::Id, "The one rep who looks after it", "Comercial que lo lleva", |r| {
        r.due.and_then(|due| due.rep).into()
    }),
    C::new("as_of", Type::Date, "As things stood at the end of this day", "A esta fecha", |r| {
        r.due.map(|_| r.as_of).into()
    })
    .required(),
    C::new("interval", Type::Integer, "To be visited within", "Hay que visitarlo cada", |r| {
        told(r, |due| due.interval_days)
    })
    .unit("days"),
    C::new(
        "since",
        Type::Integer,
        "Since the last visit, or since it is known; shut days and absences left out",
        "Desde la última visita, o desde que se conoce; sin días cerrados ni ausencias",
        |r| told(r, |due| due.since_days),
    )
    .unit("days"),
    C::new("visited", Type::Boolean, "It was visited at some time", "Se visitó alguna vez", |r| {
        r.due.map(|due| due.ever_visited).into()
    }),
    C::new("overdue", Type::Boolean, "Longer ago than that", "Visita atrasada", |r| {
        r.due.map(|due| due.is_overdue()).into()
    }),
    C::new("deleted", Type::Boolean, "The client was erased", "Cliente borrado", |r| r.due.is_none().into())
        .required(),
];

fn told<'a>(row: &CoverageRow, of: impl Fn(Due) -> u32) -> Value<'a> {
    row.due.map(of).into()
}
