//! What phones are told of people, territories, settings and parameters: office records, written in the commit of the change.

use cartera_core::model::office::{self, CrossSell, KnownKind, Parameter, Setting, Value};
use cartera_core::model::profile::Scalar;

use super::log::{LogWriter, put_office};
use crate::people::Person;
use crate::storage::office::{OfficePut, OfficeWrite};
use crate::storage::{Result, StorageError};
use crate::territories::Territory;

pub(super) fn person(log: &mut LogWriter<'_>, person: &Person, at_ms: i64) -> Result<()> {
    let value = office::Person {
        territories: person.territories.clone(),
        left: person.left_ms.is_some(),
        ..office::Person::new(person.name.as_str(), person.role)
    };
    put(log, KnownKind::Person, person.id.to_string(), Some(value.into()), at_ms)
}

pub(super) fn territory(log: &mut LogWriter<'_>, territory: &Territory, at_ms: i64) -> Result<()> {
    let value = office::Territory { name: territory.name.clone(), code: None, extras: Default::default() };
    put(log, KnownKind::Territory, territory.id.to_string(), Some(value.into()), at_ms)
}

/// A whole number as one, anything else as text; without a value the setting is as if it had never been set.
pub(super) fn setting(log: &mut LogWriter<'_>, name: &str, value: Option<&str>, at_ms: i64) -> Result<()> {
    let scalar = |text: &str| text.parse().map_or_else(|_| Scalar::Text(text.to_owned()), Scalar::Int);
    let value = value.map(|text| Setting { value: scalar(text), extras: Default::default() }.into());
    put(log, KnownKind::Setting, name.to_owned(), value, at_ms)
}

pub(super) fn parameter(
    log: &mut LogWriter<'_>,
    key: String,
    record: Option<Parameter>,
    at_ms: i64,
) -> Result<()> {
    put(log, KnownKind::Parameter, key, record.map(Value::from), at_ms)
}

pub(super) fn cross_sell(
    log: &mut LogWriter<'_>,
    key: String,
    record: Option<CrossSell>,
    at_ms: i64,
) -> Result<()> {
    put(log, KnownKind::CrossSell, key, record.map(Value::from), at_ms)
}

fn put(
    log: &mut LogWriter<'_>,
    kind: KnownKind,
    key: String,
    value: Option<Value>,
    at_ms: i64,
) -> Result<()> {
    let value = value.map(|value| value.encode());
    let record = OfficeWrite { kind: kind.name().to_owned(), key, value, ..OfficeWrite::default() };
    match put_office(log, &record, at_ms)? {
        OfficePut::Written(_) | OfficePut::Unchanged => Ok(()),
        refused => Err(StorageError::Undecodable {
            what: "office record of its own",
            detail: format!("{refused:?}"),
        }),
    }
}
