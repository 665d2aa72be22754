//! Staged items and imported rows as bytes: deterministic CBOR, read back with bounds.

use cartera_core::model::cbor::{CborError, Field, Reader, Writer};
use cartera_core::model::office::KnownKind;
use cartera_core::model::profile::Scalar;

use super::profile::{Change, Edit, Profile, Row};
use super::target::Staged;

/// A staged item as publishing reads it: an office record's value is bytes already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    Client {
        id: String,
        change: Change,
    },
    Office {
        kind: KnownKind,
        key: String,
        /// The client's code at the source.
        client: Option<String>,
        value: Vec<u8>,
    },
    Answer {
        id: String,
        /// The client's code at the source.
        client: String,
        /// The record as it goes into the document.
        record: Vec<u8>,
    },
    Remove {
        kind: KnownKind,
        key: String,
    },
}

const CLIENT: u64 = 0;
const OFFICE: u64 = 1;
const REMOVE: u64 = 2;
const ANSWER: u64 = 3;

/// The items of a batch, one after the other.
pub(crate) fn encode_batch(items: &[Staged]) -> Vec<u8> {
    let mut out = Writer::default();
    out.array(items.len());
    for item in items {
        match item {
            Staged::Client { id, change } => {
                out.array(5);
                out.uint(CLIENT);
                out.text(id);
                out.array(change.edits.len());
                for (key, value) in &change.edits {
                    write_edit(&mut out, key, value.as_ref());
                }
                write_optional(&mut out, change.moved_to.as_deref());
                write_row(&mut out, &change.row);
            }
            Staged::Office(record) => {
                out.array(5);
                out.uint(OFFICE);
                out.text(record.kind.name());
                out.text(&record.key);
                write_optional(&mut out, record.client.as_deref());
                out.bytes(&record.value.encode());
            }
            Staged::Answer(answered) => {
                out.array(4);
                out.uint(ANSWER);
                out.text(&answered.id);
                out.text(&answered.client);
                out.bytes(&answered.record().encode());
            }
            Staged::Remove { kind, key } => {
                out.array(3);
                out.uint(REMOVE);
                out.text(kind.name());
                out.text(key);
            }
        }
    }
    out.into_bytes()
}

pub(crate) fn decode_batch(bytes: &[u8]) -> Result<Vec<Step>, CborError> {
    let mut input = Reader::new(bytes);
    let mut steps = Vec::new();
    for _ in 0..input.array()? {
        let at = input.position();
        input.array()?;
        let step = match input.uint()? {
            CLIENT => {
                let id = input.text()?.to_owned();
                let mut edits = Vec::new();
                for _ in 0..input.array()? {
                    edits.push(read_edit(&mut input)?);
                }
                input.leave();
                let moved_to = read_optional(&mut input)?;
                Step::Client { id, change: Change { edits, moved_to, row: read_row(&mut input)? } }
            }
            OFFICE => Step::Office {
                kind: read_kind(&mut input)?,
                key: input.text()?.to_owned(),
                client: read_optional(&mut input)?,
                value: input.bytes()?.to_vec(),
            },
            ANSWER => Step::Answer {
                id: input.text()?.to_owned(),
                client: input.text()?.to_owned(),
                record: input.bytes()?.to_vec(),
            },
            REMOVE => Step::Remove { kind: read_kind(&mut input)?, key: input.text()?.to_owned() },
            _ => return Err(CborError::WrongType { at, expected: "a staged item" }),
        };
        input.leave();
        steps.push(step);
    }
    input.leave();
    input.end()?;
    Ok(steps)
}

pub(crate) fn encode_row(row: &Row) -> Vec<u8> {
    let mut out = Writer::default();
    write_row(&mut out, row);
    out.into_bytes()
}

pub(crate) fn decode_row(bytes: &[u8]) -> Result<Row, CborError> {
    let mut input = Reader::new(bytes);
    let row = read_row(&mut input)?;
    input.end()?;
    Ok(row)
}

fn write_row(out: &mut Writer, row: &Row) {
    out.array(2);
    out.array(row.profile.len());
    for (key, value) in &row.profile {
        write_edit(out, key, Some(value));
    }
    write_optional(out, row.territory.as_deref());
}

fn read_row(input: &mut Reader<'_>) -> Result<Row, CborError> {
    input.array()?;
    let mut profile = Profile::new();
    for _ in 0..input.array()? {
        let at = input.position();
        match read_edit(input)? {
            (key, Some(value)) => drop(profile.insert(key, value)),
            (_, None) => return Err(CborError::WrongType { at, expected: "a key with its value" }),
        }
    }
    input.leave();
    let territory = read_optional(input)?;
    input.leave();
    Ok(Row { profile, territory })
}

/// `[key, value]`, or `[key]` where the value is taken away.
fn write_edit(out: &mut Writer, key: &str, value: Option<&Scalar>) {
    out.array(1 + usize::from(value.is_some()));
    out.text(key);
    if let Some(value) = value {
        value.write(out);
    }
}

fn read_edit(input: &mut Reader<'_>) -> Result<Edit, CborError> {
    let length = input.array()?;
    let key = input.text()?.to_owned();
    let value = if length > 1 { Some(Scalar::read(input)?) } else { None };
    input.leave();
    Ok((key, value))
}

/// A list of one text or none.
fn write_optional(out: &mut Writer, text: Option<&str>) {
    out.array(usize::from(text.is_some()));
    if let Some(text) = text {
        out.text(text);
    }
}

fn read_optional(input: &mut Reader<'_>) -> Result<Option<String>, CborError> {
    let length = input.array()?;
    let text = if length > 0 { Some(input.text()?.to_owned()) } else { None };
    input.leave();
    Ok(text)
}

fn read_kind(input: &mut Reader<'_>) -> Result<KnownKind, CborError> {
    let at = input.position();
    KnownKind::parse(input.text()?).ok_or(CborError::WrongType { at, expected: "a kind of office record" })
}

#[cfg(test)]
mod tests {
    use cartera_core::model::office::Article;
    use cartera_core::model::record::{Answer, Asked, Survey, SurveyAnswer};

    use super::*;
    use crate::import::record::{Answered, OfficeRecord};

    fn text(value: &str) -> Scalar {
        Scalar::Text(value.to_owned())
    }

    fn batch() -> Vec<Staged> {
        let profile: Profile =
            [("name".to_owned(), text("Bar Sol")), ("visit_every".to_owned(), Scalar::Int(14))].into();
        let row = Row { profile, territory: Some("N".into()) };
        let edits = vec![("name".to_owned(), Some(text("Bar Sol"))), ("email".to_owned(), None)];
        let article = OfficeRecord {
            kind: KnownKind::Article,
            key: "A".into(),
            client: None,
            value: Article::new("Disco").into(),
        };
        let answer = SurveyAnswer::new(Survey::Nps, Asked::ByLink, vec![Answer::new(9)]);
        let answered =
            Answered { id: "E".into(), client: "1".into(), on: "2026-03-01".parse().unwrap(), answer };
        vec![
            Staged::Answer(answered),
            Staged::Client { id: "1".into(), change: Change { edits, moved_to: Some("N".into()), row } },
            Staged::Client { id: "2".into(), change: Change::default() },
            Staged::Office(article),
            Staged::Remove { kind: KnownKind::Price, key: "P".into() },
        ]
    }

    #[test]
    fn a_batch_comes_back() {
        let steps = decode_batch(&encode_batch(&batch())).unwrap();
        assert_eq!(steps.len(), 5);
        for (step, staged) in steps.iter().zip(batch()) {
            match (step, staged) {
                (Step::Client { id, change }, Staged::Client { id: of, change: expected }) => {
                    assert_eq!((id, change), (&of, &expected));
                    assert_eq!(decode_row(&encode_row(&change.row)).unwrap(), expected.row);
                }
                (Step::Office { kind, key, client, value }, Staged::Office(record)) => {
                    assert_eq!((kind, key, client), (&record.kind, &record.key, &record.client));
                    assert_eq!(value, &record.value.encode());
                }
                (Step::Answer { id, client, record }, Staged::Answer(answered)) => {
                    assert_eq!((id, client), (&answered.id, &answered.client));
                    assert_eq!(record, &answered.record().encode());
                }
                (Step::Remove { kind, key }, Staged::Remove { kind: of, key: expected }) => {
                    assert_eq!((*kind, key), (of, &expected));
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(decode_batch(&encode_batch(&[])).unwrap(), []);
    }

    #[test]
    fn damaged_bytes_are_an_error_and_nothing_else() {
        let bytes = encode_batch(&batch());
        for length in 0..bytes.len() {
            assert!(decode_batch(&bytes[..length]).is_err());
        }
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut damaged = bytes.clone();
                damaged[at] ^= 1 << bit;
                let _ = decode_batch(&damaged);
                let _ = decode_row(&damaged);
            }
        }
    }
}
