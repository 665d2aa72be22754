//! How relations stand: closed, agreed, confirmed, looked after.

use super::Reader;
use crate::model::profile::{Key, Section};
use crate::model::record::{Agreement, Body, DataConfirmed, Kind, LossReason, ModeChoice};
use crate::model::{BusinessDate, ClientId, PersonId, RecordId};
use crate::rows::{Result, records};

/// Somebody closed a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    pub client: ClientId,
    pub date: BusinessDate,
    pub reason: LossReason,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    pub client: ClientId,
    /// The record that it stands for, whatever amended it.
    pub record: RecordId,
    pub agreement: Agreement,
    /// What `renews` names, whichever version of it was seen.
    pub renews: Option<RecordId>,
}

/// Somebody confirmed a client's contact data, all of them or some.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmed {
    pub client: ClientId,
    pub date: BusinessDate,
}

/// Somebody said how a client is to be looked after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModeSet {
    pub client: ClientId,
    pub date: BusinessDate,
    pub person: Option<PersonId>,
    pub choice: ModeChoice,
}

pub(super) fn closed(reader: &Reader<'_>) -> Result<Vec<Closed>> {
    let mut found = Vec::new();
    reader.records(Kind::ClientClosed, &mut |client, date, _, body| {
        if let Body::ClientClosed(closed) = body {
            found.push(Closed { client, date, reason: closed.reason });
        }
        Ok(())
    })?;
    Ok(found)
}

pub(super) fn agreements(reader: &Reader<'_>) -> Result<Vec<Agreed>> {
    let mut found = Vec::new();
    reader.records(Kind::Agreement, &mut |client, _, row, body| {
        let Body::Agreement(agreement) = body else { return Ok(()) };
        let renews = match agreement.renews {
            None => None,
            Some(seen) => {
                records::family_of(reader.conn, row.get(5)?, Kind::Agreement, &seen)?.or(Some(seen))
            }
        };
        found.push(Agreed { client, record: row.get(3)?, agreement, renews });
        Ok(())
    })?;
    Ok(found)
}

pub(super) fn confirmed(reader: &Reader<'_>) -> Result<Vec<Confirmed>> {
    let mut found = Vec::new();
    reader.records(Kind::DataConfirmed, &mut |client, date, _, body| {
        if let Body::DataConfirmed(confirmed) = body
            && is_of_contact(&confirmed)
        {
            found.push(Confirmed { client, date });
        }
        Ok(())
    })?;
    Ok(found)
}

/// Whether it speaks of the data by which a client is reached.
fn is_of_contact(confirmed: &DataConfirmed) -> bool {
    let is_contact = |key: &String| {
        Key::parse(key).and_then(|key| Section::of(&key)).is_some_and(Section::is_contact_data)
    };
    confirmed.fields.is_empty() || confirmed.fields.iter().any(is_contact)
}

/// By date; of one day, the later one in a document's own order last.
pub(super) fn modes(reader: &Reader<'_>) -> Result<Vec<ModeSet>> {
    let mut found = Vec::new();
    reader.records(Kind::ModeChoice, &mut |client, date, row, body| {
        if let Body::ModeChoice(choice) = body {
            found.push(ModeSet { client, date, person: row.get(4)?, choice });
        }
        Ok(())
    })?;
    Ok(found)
}
