//! How the relation stands, what was said about it, what is to be done and what was proposed.

use cartera_core::model::Money;
use cartera_core::model::profile::{Key, Scalar, Value as Field};
use cartera_core::model::record::{
    AbsenceReason, Asked, Channel, Decision, Evidence, LegalBasis, Likeness, LossReason, Mode, NotNowReason,
    Renewal, RequestDecision, Subject, Survey, TaskState,
};

use super::common::{C, Cells, L};
use crate::export::rows::Record;
use crate::export::value::{Type, Value};

pub(super) const NOTES: &[C] = &[
    C::new("text", Type::Text, "The note", "La nota", |r| r.text(8)).required(),
    C::new("pinned", Type::Boolean, "Shown before the others", "Fijada", |r| r.flag(9)).required(),
];

pub(super) const TASKS: &[C] = &[
    C::new(
        "state",
        Type::Word,
        "open, done or dropped",
        "open (abierta), done (hecha) o dropped (descartada)",
        |r| r.word(8, TaskState::as_str),
    )
    .required(),
    C::new(
        "task_id",
        Type::Id,
        "The task whose state this says; missing in the row that begins one",
        "Tarea cuyo estado dice; falta en la que la abre",
        |r| r.id(9),
    ),
    C::new("what", Type::Text, "What is to be done", "Qué hay que hacer", |r| r.text(10)),
    C::new("due_on", Type::Date, "By when", "Para cuándo", |r| r.date(11)),
    C::new("due_minute", Type::Integer, "Local time", "Hora", |r| r.int(12)).unit("minutes after midnight"),
    C::new(
        "assigned_to_id",
        Type::Id,
        "Who is to do it; missing: the author",
        "Quién la hace; falta: quien la apuntó",
        |r| r.id(13),
    ),
    C::new(
        "arose_at_id",
        Type::Id,
        "The visit or contact at which it arose",
        "Visita o contacto de origen",
        |r| r.id(14),
    ),
    C::new("note", Type::Text, "Note", "Nota", |r| r.text(15)),
];

/// Key of the list of answers.
pub(super) const ANSWERS: usize = 10;

pub(super) const SURVEY_ANSWERS: &[C] = &[
    C::new("survey", Type::Word, "nps, csat or csi", "nps, csat o csi", |r| r.word(8, Survey::as_str))
        .required(),
    C::new("asked", Type::Word, "How it was asked", "Cómo se preguntó", |r| r.word(9, Asked::as_str))
        .required(),
    C::new(
        "score",
        Type::Integer,
        "Where there is one answer; all are in survey_scores",
        "Si hay una sola respuesta; todas en survey_scores",
        |r| match &r.fields.maps(ANSWERS)[..] {
            [answer] => answer.int(1).into(),
            _ => Value::Null,
        },
    ),
    C::new("contact_id", Type::Id, "The contact who answered", "Contacto", |r| r.id(11)),
    C::new("comment", Type::Text, "Comment", "Comentario", |r| r.text(12)),
    C::new("campaign", Type::Text, "Questionnaire or campaign", "Cuestionario o campaña", |r| r.text(13)),
];

pub(super) const SURVEY_SCORES: &[L] = &[
    L::new("answer_id", Type::Id, "The survey answer", "La encuesta", |l| Value::Id(l.of.stored.id))
        .required(),
    L::new("survey", Type::Word, "nps, csat or csi", "nps, csat o csi", |l| l.of.word(8, Survey::as_str))
        .required(),
    L::new("question", Type::Text, "Key of the question", "Pregunta", |l| l.text(0)),
    L::new("score", Type::Integer, "The answer", "Respuesta", |l| l.int(1)).required(),
    L::new(
        "highest",
        Type::Integer,
        "Highest score; missing: the survey's own scale",
        "Máximo; falta: el de la encuesta",
        |l| l.int(2),
    ),
    L::new("weight", Type::Decimal, "Missing: 1", "Peso; falta: 1", |l| l.decimal(3)),
];

pub(super) const CONFIRMATIONS: &[C] = &[
    C::new(
        "fields",
        Type::Text,
        "Keys that were confirmed; missing: all contact data",
        "Campos confirmados; falta: todos",
        |r| r.joined(8, String::clone),
    ),
    C::new("contact_id", Type::Id, "The contact who confirmed", "Contacto", |r| r.id(9)),
    C::new("channel", Type::Word, "By what", "Canal", |r| r.word(10, Channel::as_str)),
];

pub(super) const CLOSURES: &[C] = &[
    C::new("reason", Type::Word, "Why the client was lost", "Motivo de la baja", |r| {
        r.word(8, LossReason::as_str)
    })
    .required(),
    C::new("note", Type::Text, "Note", "Nota", |r| r.text(9)),
    C::new("competitor", Type::Text, "Who has the client now", "Competidor", |r| r.text(10)),
];

pub(super) const AGREEMENTS: &[C] = &[
    C::new("title", Type::Text, "What it is", "Título", |r| r.text(8)).required(),
    C::new("from", Type::Date, "First day", "Desde", |r| r.date(9)).required(),
    C::new("until", Type::Date, "Last day; missing: without end", "Hasta; falta: sin fin", |r| r.date(10)),
    C::new("volume_minor", Type::Integer, "What the client is to buy", "Volumen comprometido", |r| {
        volume(r).map(|money| money.minor).into()
    })
    .unit("minor units"),
    C::new("volume", Type::Decimal, "What the client is to buy", "Volumen comprometido", |r| {
        let money = volume(r);
        Value::amount(money.map(|money| money.minor), money.map(|money| money.currency))
    }),
    C::new("currency", Type::Text, "ISO 4217", "Moneda", |r| {
        volume(r).map(|money| money.currency).map(Value::from).unwrap_or(Value::Null)
    }),
    C::new("renewal", Type::Word, "manual or automatic", "manual o automatic (automática)", |r| {
        r.word(12, Renewal::as_str)
    }),
    C::new("notice_days", Type::Integer, "Days before the end by which to speak", "Días de preaviso", |r| {
        r.int(13)
    })
    .unit("days"),
    C::new("renews_id", Type::Id, "The agreement that it renews", "Acuerdo que renueva", |r| r.id(14)),
    C::new("notes", Type::Text, "Notes", "Notas", |r| r.text(15)),
];

fn volume(record: &Record<'_>) -> Option<Money> {
    record.fields.read(11)
}

pub(super) const CONSENTS: &[C] = &[
    C::new(
        "decision",
        Type::Word,
        "granted, withdrawn or opposed",
        "granted (concedido), withdrawn (retirado) u opposed (oposición)",
        |r| r.word(8, Decision::as_str),
    )
    .required(),
    C::new("channel", Type::Word, "Missing: every channel", "Canal; falta: todos", |r| {
        r.word(9, Channel::as_str)
    }),
    C::new("basis", Type::Word, "Legal basis", "Base jurídica", |r| r.word(10, LegalBasis::as_str)),
    C::new(
        "contact_id",
        Type::Id,
        "The contact who decided; missing: the client as a whole",
        "Contacto; falta: el cliente",
        |r| r.id(11),
    ),
    C::new("evidence", Type::Word, "How it came to us", "Prueba", |r| r.word(12, Evidence::as_str)),
    C::new("wording", Type::Text, "The wording that was shown", "Texto mostrado", |r| r.text(13)),
    C::new("note", Type::Text, "Note", "Nota", |r| r.text(14)),
];

pub(super) const MERGE_PROPOSALS: &[C] = &[
    C::new("other_client_id", Type::Id, "The other client", "El otro cliente", |r| r.id(8)).required(),
    C::new("keep_other", Type::Boolean, "The other one is to be kept", "Queda el otro", |r| r.flag(9))
        .required(),
    C::new(
        "likeness",
        Type::Text,
        "What makes them look like one, with blanks between",
        "En qué se parecen",
        |r| r.joined(10, |likeness: &Likeness| likeness.as_str().to_owned()),
    ),
    C::new("note", Type::Text, "Note", "Nota", |r| r.text(11)),
];

pub(super) const CHANGE_REQUESTS: &[C] = &[
    C::new("field", Type::Text, "Key of the profile", "Campo", |r| r.text(8)).required(),
    C::new("value", Type::Text, "What it should be; missing: nothing", "Valor pedido; falta: vacío", |r| {
        scalar(r, 9)
    }),
    C::new("seen", Type::Text, "What stood there when it was asked", "Valor que había", |r| scalar(r, 10)),
    C::new("reason", Type::Text, "Why", "Motivo", |r| r.text(11)),
    C::new(
        "decision",
        Type::Word,
        "What was answered; missing: nothing yet",
        "Respuesta; falta: pendiente",
        |r| r.word(12, RequestDecision::as_str),
    )
    .since(7),
    C::new("answer", Type::Text, "What was said beside it", "Texto de la respuesta", |r| r.text(13)).since(7),
];

fn scalar(record: &Record<'_>, key: usize) -> Value<'static> {
    let (field, scalar) = (record.fields.text(8), record.fields.read::<Scalar>(key));
    let said = scalar.and_then(|scalar| spoken(field.unwrap_or_default(), scalar));
    said.map_or(Value::Null, Into::into)
}

/// A value of this field of the profile, as it would be typed.
pub(crate) fn spoken(field: &str, scalar: Scalar) -> Option<String> {
    let known = Key::parse(field).and_then(|field| field.read(&scalar).ok());
    Some(match (known, scalar) {
        (Some(Field::Phone(phone)), _) => phone.e164.unwrap_or(phone.raw),
        (Some(Field::TaxId(id)), _) => id.number,
        (Some(Field::Date(date)), _) => date.to_string(),
        (Some(Field::Address(address)), _) => address.line(),
        (_, Scalar::Text(text)) => text,
        (_, Scalar::Int(int)) => int.to_string(),
        (_, Scalar::Bool(yes)) => yes.to_string(),
        (_, Scalar::Timestamp(_) | Scalar::Cbor(_)) => return None,
    })
}

pub(super) const POSTPONEMENTS: &[C] = &[
    C::new("subject", Type::Word, "What was put off", "Qué se pospone", |r| r.word(8, Subject::as_str))
        .required(),
    C::new("key", Type::Text, "Which one, where there are several", "Cuál, si hay varios", |r| r.text(9)),
    C::new(
        "until",
        Type::Date,
        "When it may come back; missing: never",
        "Hasta cuándo; falta: para siempre",
        |r| r.date(10),
    ),
    C::new("reason", Type::Word, "Why", "Motivo", |r| r.word(11, NotNowReason::as_str)),
    C::new("note", Type::Text, "Note", "Nota", |r| r.text(12)),
];

pub(super) const MODES: &[C] = &[
    C::new(
        "mode",
        Type::Word,
        "accompanied, win_back or renewal; missing: as the figures say",
        "accompanied (activa), win_back (inactiva) o renewal (renovación); falta: según las cifras",
        |r| r.word(8, Mode::as_str),
    ),
    C::new("reason", Type::Text, "Why", "Motivo", |r| r.text(9)).required(),
];

pub(super) const ABSENCES: &[C] = &[
    C::new("from", Type::Date, "First day", "Desde", |r| r.date(8)).required(),
    C::new("to", Type::Date, "Last day", "Hasta", |r| r.date(9)).required(),
    C::new("reason", Type::Word, "Why", "Motivo", |r| r.word(10, AbsenceReason::as_str)),
    C::new("cover_id", Type::Id, "Who stands in, as proposed", "Quién sustituye", |r| r.id(11)),
    C::new("note", Type::Text, "Note", "Nota", |r| r.text(12)),
];
