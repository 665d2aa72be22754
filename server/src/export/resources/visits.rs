//! Visits, and contacts made otherwise.

use cartera_core::model::place::Fix;
use cartera_core::model::record::{Channel, Direction, NoOrderReason, Outcome, Purpose, VisitState};

use super::common::{C, Cells};
use crate::export::value::{Type, Value};

const PLACE: usize = 13;

pub(super) const VISITS: &[C] = &[
    C::new("state", Type::Word, "planned or done", "planned (planificada) o done (hecha)", |r| {
        r.word(8, VisitState::as_str)
    })
    .required(),
    C::new("outcome", Type::Word, "What came of it", "Resultado", |r| r.word(9, Outcome::as_str)),
    C::new("no_order_reason", Type::Word, "Why there was no order", "Motivo de no compra", |r| {
        r.word(10, NoOrderReason::as_str)
    }),
    C::new("purpose", Type::Word, "What it was for", "Objeto de la visita", |r| r.word(11, Purpose::as_str)),
    C::new("notes", Type::Text, "Notes", "Notas", |r| r.text(12)),
    C::new("latitude", Type::Degrees, "Where the phone was, north positive", "Latitud del móvil", |r| {
        r.fields.read::<Fix>(PLACE).map_or(Value::Null, |fix| Value::degrees(fix.lat_e7))
    })
    .unit("degrees"),
    C::new("longitude", Type::Degrees, "Where the phone was, east positive", "Longitud del móvil", |r| {
        r.fields.read::<Fix>(PLACE).map_or(Value::Null, |fix| Value::degrees(fix.lon_e7))
    })
    .unit("degrees"),
    C::new("accuracy_m", Type::Integer, "Radius within which that is", "Precisión de la posición", |r| {
        r.fields.inner(PLACE).int(2).into()
    })
    .unit("metres"),
    C::new("next_step", Type::Text, "What is to be done next", "Próxima acción", |r| {
        r.fields.inner(14).text(0).into()
    }),
    C::new("next_step_on", Type::Date, "When", "Fecha de la próxima acción", |r| {
        Value::date(r.fields.inner(14).date(1))
    }),
    C::new("plan_rule", Type::Text, "Rule of the visit plan that asked for it", "Regla del rutero", |r| {
        r.fields.inner(15).text(1).into()
    }),
    C::new("plan_date", Type::Date, "Day of the visit plan", "Día del rutero", |r| {
        Value::date(r.fields.inner(15).date(2))
    }),
    C::new("due_on", Type::Date, "Day for which it is planned", "Día previsto", |r| r.date(16)),
    C::new("due_minute", Type::Integer, "Local time for which it is planned", "Hora prevista", |r| r.int(17))
        .unit("minutes after midnight"),
    C::new("minutes", Type::Integer, "How long it took", "Duración", |r| r.int(18)).unit("minutes"),
    C::new(
        "contact_ids",
        Type::Text,
        "Contacts that were met, with blanks between",
        "Contactos presentes",
        |r| r.part_ids(19),
    ),
    C::new(
        "carries_out_id",
        Type::Id,
        "The planned visit that it carries out",
        "Visita planificada que realiza",
        |r| r.id(20),
    ),
    C::new("offered", Type::Text, "What was offered", "Lo que se ofreció", |r| r.text(21)).since(5),
];

pub(super) const CONTACTS_MADE: &[C] = &[
    C::new("channel", Type::Word, "By what", "Canal", |r| r.word(8, Channel::as_str)).required(),
    C::new(
        "direction",
        Type::Word,
        "outgoing or incoming",
        "outgoing (saliente) o incoming (entrante)",
        |r| r.word(9, Direction::as_str),
    )
    .required(),
    C::new("outcome", Type::Word, "What came of it", "Resultado", |r| r.word(10, Outcome::as_str)),
    C::new("no_order_reason", Type::Word, "Why there was no order", "Motivo de no compra", |r| {
        r.word(11, NoOrderReason::as_str)
    }),
    C::new("purpose", Type::Word, "What it was for", "Objeto del contacto", |r| r.word(12, Purpose::as_str)),
    C::new("notes", Type::Text, "Notes", "Notas", |r| r.text(13)),
    C::new("contact_id", Type::Id, "The contact who was reached", "Contacto", |r| r.id(14)),
    C::new("next_step", Type::Text, "What is to be done next", "Próxima acción", |r| {
        r.fields.inner(15).text(0).into()
    }),
    C::new("next_step_on", Type::Date, "When", "Fecha de la próxima acción", |r| {
        Value::date(r.fields.inner(15).date(1))
    }),
    C::new("plan_rule", Type::Text, "Rule of the visit plan that asked for it", "Regla del rutero", |r| {
        r.fields.inner(16).text(1).into()
    }),
    C::new("plan_date", Type::Date, "Day of the visit plan", "Día del rutero", |r| {
        Value::date(r.fields.inner(16).date(2))
    }),
    C::new("minutes", Type::Integer, "How long it took", "Duración", |r| r.int(17)).unit("minutes"),
    C::new(
        "carries_out_id",
        Type::Id,
        "The planned visit for which it stands",
        "Visita planificada a la que sustituye",
        |r| r.id(18),
    ),
    C::new("offered", Type::Text, "What was offered", "Lo que se ofreció", |r| r.text(19)).since(5),
];
