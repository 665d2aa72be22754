//! What the team does, for whoever leads it: visits planned and made, who is away and who stands in, and what is said to
//! everybody.

pub mod absences;
pub mod notices;
pub(crate) mod page;
pub mod visits;

use cartera_core::model::office::{Kind, KnownKind, Value};
use cartera_core::model::{ClientId, TerritoryId};

use crate::app::App;
use crate::office::error::ItemError;
use crate::office::item::Sent;
use crate::office::{self, Options};
use crate::people::access::By;
use crate::refused::Refused;

/// Source of the office records that are written here.
pub const SOURCE: &str = "console";
/// Office records of a kind that are read at one time.
const RECORDS_MAX: usize = 2_000;

/// An office record as lists show it.
#[derive(Debug, Clone, PartialEq)]
struct Stored {
    source: String,
    key: String,
    client: Option<ClientId>,
    territory: Option<TerritoryId>,
    value: Value,
}

/// All of a kind that this version can read.
fn stored(app: &App, kind: KnownKind) -> Result<Vec<Stored>, Refused> {
    let rows = app.storage.office_of_kind(kind.name(), None, RECORDS_MAX)?;
    let read = |row: crate::storage::office::OfficeRow| {
        let (record, of_kind) = (row.record, Kind::Known(kind));
        let value = Value::decode(&of_kind, &record.value?).ok()?;
        let (client, territory) = (record.client, record.territory);
        Some(Stored { source: record.source, key: record.key, client, territory, value })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Writes one record; inside, what is wrong with it, by field.
fn write(app: &App, by: By, kind: KnownKind, sent: Sent) -> Result<Result<(), Vec<ItemError>>, Refused> {
    let outcome = office::write(app, by, kind, SOURCE, vec![Ok(sent)], Options::default())?;
    Ok(match outcome.refused.into_iter().next() {
        Some(refusal) => Err(refusal.errors),
        None => Ok(()),
    })
}

/// Takes a record back that was written here.
fn withdraw(app: &App, by: By, kind: KnownKind, key: &str) -> Result<(), Refused> {
    let known = stored(app, kind)?.into_iter().any(|of| of.source == SOURCE && of.key == key);
    let sent = Sent { key: Some(key.to_owned()), deleted: true, ..Sent::default() };
    // Who may not do it learns nothing of what there is.
    by.require(cartera_core::model::access::Action::of_office(kind))?;
    if !known {
        return Err(Refused::unknown("office record", key));
    }
    match write(app, by, kind, sent)? {
        Ok(()) => Ok(()),
        Err(_) => Err(Refused::unknown("office record", key)),
    }
}
