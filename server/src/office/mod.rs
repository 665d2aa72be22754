//! What the office's systems write: records of a kind from a source, in batches, each item by itself.
//!
//! A record is named by (kind, source, key). Writing the same again changes nothing; the last value wins; a deleted one
//! leaves a tombstone, which phones follow. An item that is wrong is answered with what is wrong and where, and never
//! holds up its neighbours, unless the caller asks for all or nothing. Each batch says how fresh its feed is, as a
//! record that travels to phones.

pub(crate) mod api;
mod body;
pub mod error;
pub mod item;
pub mod json;
mod schema;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use cartera_core::model::access::Action;
use cartera_core::model::limits::OFFICE_SOURCE_BYTES_MAX;
use cartera_core::model::office::{Feed, Kind, KnownKind, Value};
use cartera_core::model::{ClientId, TerritoryId};

use self::error::{Code, ItemError};
use self::item::{Names, Sent};
use crate::app::App;
use crate::audit::{Deed, Subject};
use crate::people::access::By;
use crate::refused::Refused;
use crate::storage::StorageError;
use crate::storage::office::{Batch, OfficePut, OfficeWrite, Written};

/// Items of one batch.
pub const ITEMS_MAX: usize = 5_000;
/// Bytes of one batch.
pub const BATCH_BYTES_MAX: usize = 4 << 20;
/// Batches of a feed that come within so much of one another are one delivery, whose records add up: ten minutes.
pub const DELIVERY_GAP_MS: i64 = 10 * 60 * 1000;

/// Kinds that the office's systems write. The others the relay writes itself.
pub const WRITABLE: [KnownKind; 17] = [
    KnownKind::Article,
    KnownKind::Price,
    KnownKind::Tax,
    KnownKind::Sale,
    KnownKind::DueItem,
    KnownKind::Credit,
    KnownKind::OrderState,
    KnownKind::Objective,
    KnownKind::VisitPlan,
    KnownKind::Absence,
    KnownKind::Holiday,
    KnownKind::Segment,
    KnownKind::Notice,
    KnownKind::Census,
    KnownKind::Spend,
    KnownKind::Cost,
    KnownKind::Margin,
];

/// How a batch is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Check and say what would happen, and write nothing.
    pub dry_run: bool,
    /// Write nothing if any item is wrong.
    pub all_or_nothing: bool,
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    pub items: usize,
    pub written: usize,
    pub unchanged: usize,
    /// By their place in the batch, from 0.
    pub refused: Vec<Refusal>,
    /// The end of the log afterwards.
    pub number: u64,
    /// Whether it was written: not in a dry run, nor where all of it was refused for one.
    pub applied: bool,
}

/// An item that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub index: usize,
    pub key: Option<String>,
    pub errors: Vec<ItemError>,
}

/// The kind that this name stands for, if the office may write it.
pub fn writable(name: &str) -> Option<KnownKind> {
    WRITABLE.into_iter().find(|kind| kind.name() == name)
}

/// Writes a batch of one kind from one source, in one commit. Items that could not even be read come as errors.
pub fn write(
    app: &App,
    by: By,
    kind: KnownKind,
    source: &str,
    items: Vec<Result<Sent, ItemError>>,
    options: Options,
) -> Result<Outcome, Refused> {
    by.require(Action::of_office(kind))?;
    let plain = !source.chars().any(char::is_control) && source.trim() == source;
    if source.is_empty() || source.len() > OFFICE_SOURCE_BYTES_MAX || !plain {
        let why = format!("the system that writes, such as `erp`: from 1 to {OFFICE_SOURCE_BYTES_MAX} bytes");
        return Err(Refused::invalid("source", why));
    }
    if items.len() > ITEMS_MAX {
        return Err(Refused::Limit { what: "items in one batch", max: ITEMS_MAX });
    }
    let mut outcome = Outcome { items: items.len(), ..Outcome::default() };
    let names = Found::look_up(app, kind, source, &items)?;
    let mut records = Vec::with_capacity(items.len());
    let mut places = Vec::with_capacity(items.len());
    let mut seen = HashSet::new();
    for (index, sent) in items.into_iter().enumerate() {
        let key = sent.as_ref().ok().and_then(|sent| sent.key.clone());
        let resolved = sent
            .map_err(|error| vec![error])
            .and_then(|sent| item::resolve(kind, source, sent, &names))
            .and_then(|record| {
                if seen.insert(record.key.clone()) {
                    return Ok(record);
                }
                Err(vec![ItemError::new("key", Code::RepeatedKey, "each key once in a batch")])
            });
        match resolved {
            Ok(record) => {
                records.push(record);
                places.push(index);
            }
            Err(errors) => outcome.refused.push(Refusal { index, key, errors }),
        }
    }
    if options.all_or_nothing && !outcome.refused.is_empty() {
        return Ok(outcome);
    }
    let written = app.storage.write_batch(&batch(app, by, kind, source, &records, options, &outcome))?;
    settle(&mut outcome, &written, &records, &places);
    let whole = !options.all_or_nothing || outcome.refused.is_empty();
    outcome.applied = whole && !options.dry_run;
    outcome.number = written.number;
    Ok(outcome)
}

fn batch<'a>(
    app: &App,
    by: By,
    kind: KnownKind,
    source: &'a str,
    records: &'a [OfficeWrite],
    options: Options,
    outcome: &Outcome,
) -> Batch<'a> {
    let at_ms = app.env.now_ms();
    let detail = format!("{kind} {source}: {} of {}", records.len(), outcome.items);
    let deed = Deed { at_ms, actor: by.actor, action: "office.written", subject: Subject::Workspace, detail };
    Batch { kind, source, records, deed, dry_run: options.dry_run, all_or_nothing: options.all_or_nothing }
}

/// What the store said of each record, as what became of the items.
fn settle(outcome: &mut Outcome, written: &Written, records: &[OfficeWrite], places: &[usize]) {
    for ((record, put), index) in records.iter().zip(&written.puts).zip(places) {
        let error = match put {
            OfficePut::Written(_) => {
                outcome.written += 1;
                continue;
            }
            OfficePut::Unchanged => {
                outcome.unchanged += 1;
                continue;
            }
            OfficePut::UnknownClient => ItemError::new("client_id", Code::UnknownClient, ""),
            OfficePut::UnknownTerritory => ItemError::new("territory_id", Code::UnknownTerritory, ""),
            OfficePut::UnknownOrder => ItemError::new("key", Code::UnknownOrder, ""),
            OfficePut::Backwards(stage) => {
                ItemError::new("stage", Code::OrderBackwards, format!("it is {} already", stage.as_str()))
            }
            OfficePut::OutOfBounds => ItemError::new("", Code::Malformed, "past a limit"),
        };
        let key = Some(record.key.clone());
        outcome.refused.push(Refusal { index: *index, key, errors: vec![error] });
    }
    outcome.refused.sort_by_key(|refusal| refusal.index);
}

/// Names of a batch, looked up together.
struct Found {
    clients: HashMap<String, ClientId>,
    territories: HashMap<String, TerritoryId>,
    orders: HashMap<String, ClientId>,
}

impl Found {
    fn look_up(
        app: &App,
        kind: KnownKind,
        source: &str,
        items: &[Result<Sent, ItemError>],
    ) -> Result<Self, StorageError> {
        let sent = || items.iter().flatten();
        let once = |names: Vec<&String>| names.into_iter().cloned().collect::<HashSet<_>>();
        let codes: Vec<_> =
            once(sent().filter_map(|sent| sent.client_code.as_ref()).collect()).into_iter().collect();
        let found = app.storage.clients_by_code(source, &codes)?;
        let clients = codes.into_iter().zip(found).filter_map(|(code, id)| Some((code, id?))).collect();
        let names = once(sent().filter_map(|sent| sent.territory.as_ref()).collect());
        let mut territories = HashMap::new();
        if !names.is_empty() {
            let all = app.storage.territories()?;
            let by_folded: HashMap<_, _> = all
                .iter()
                .map(|territory| (crate::territories::folded(&territory.name), territory.id))
                .collect();
            for name in names {
                if let Some(id) = by_folded.get(&crate::territories::folded(&name)) {
                    territories.insert(name, *id);
                }
            }
        }
        let mut orders = HashMap::new();
        if kind == KnownKind::OrderState {
            for key in sent().filter_map(|sent| sent.key.as_ref()) {
                let Ok(id) = key.parse() else { continue };
                if let Some(client) = app.storage.client_of_order(id)? {
                    orders.insert(key.clone(), client);
                }
            }
        }
        Ok(Self { clients, territories, orders })
    }
}

impl Names for Found {
    fn client(&self, code: &str) -> Option<ClientId> {
        self.clients.get(code).copied()
    }

    fn territory(&self, name: &str) -> Option<TerritoryId> {
        self.territories.get(name).copied()
    }

    fn order(&self, id: &str) -> Option<ClientId> {
        self.orders.get(id).copied()
    }
}

/// When a feed last came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freshness {
    pub what: String,
    pub source: String,
    pub at_ms: i64,
    pub records: u64,
}

/// Feeds read at one time.
const FEEDS_PAGE: usize = 1_000;

/// How fresh every feed is, by source.
pub fn feeds(app: &App, by: By) -> Result<Vec<Freshness>, Refused> {
    by.require(Action::WriteOffice)?;
    let rows = app.storage.office_of_kind(KnownKind::Feed.name(), None, FEEDS_PAGE)?;
    let read = |row: crate::storage::office::OfficeRow| {
        let value = Value::decode(&Kind::Known(KnownKind::Feed), &row.record.value?).ok()?;
        let Value::Feed(Feed { at_ms, records, .. }) = value else { return None };
        Some(Freshness { what: row.record.key, source: row.record.source, at_ms, records })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}
