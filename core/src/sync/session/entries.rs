//! The log's entries, as they apply to what is here.
//!
//! One that fails marks its document for a fresh copy, and the cursor moves on: one document never stops the pull.

use automerge::ChangeHash;
use rusqlite::Transaction;

use super::verdicts::keep_receipt;
use super::{Report, SyncError, passed, rebase};
use crate::document::Change;
use crate::document::admit::{self, Outcome};
use crate::document::snapshot::{self, SnapshotError};
use crate::env::Env;
use crate::model::office::KnownKind;
use crate::model::{ClientId, DocumentId};
use crate::rows::office::{self, OfficeEntry};
use crate::rows::{self, Document, SqlFacts, client, window};
use crate::store::{actors, attention, scope, waiting};
use crate::sync::identity::Identity;
use crate::sync::wire::{ChangeEntry, Enter, Entry, EntryBody, OfficeRecord, PageDocument};

pub(super) fn take(
    tx: &Transaction<'_>,
    env: &dyn Env,
    entries: impl Iterator<Item = Entry>,
    report: &mut Report,
) -> Result<(), SyncError> {
    for entry in entries {
        let number = entry.number;
        match entry.body {
            EntryBody::Change(change) => take_change(tx, env, number, &change, report)?,
            EntryBody::Office(record) => {
                put_office(tx, record, number)?;
                report.office += 1;
            }
            EntryBody::Enter(enter) => take_enter(tx, env, *enter, number, report)?,
            EntryBody::Leave { client } => {
                scope::leave(tx, &client, env.now_ms())?;
                report.left(client);
            }
            EntryBody::Moved { client, territory } => {
                if let Some(document) = here(tx, &client)? {
                    client::set_territory(tx, document.row, territory.as_ref())?;
                }
            }
            EntryBody::Merge { absorbed, kept, territory } => {
                if let Some(document) = here(tx, &absorbed)? {
                    client::set_alias(tx, document.row, kept.as_ref())?;
                    client::set_territory(tx, document.row, territory.as_ref())?;
                }
            }
            // What is unsent stays until the order under the device's key.
            EntryBody::Erase { client } => {
                scope::leave(tx, &client, env.now_ms())?;
                report.left(client);
            }
            EntryBody::Refound(refound) => {
                let detail = "the office founded this client's page anew; this version cannot follow";
                attention::add(
                    tx,
                    "refound_unsupported",
                    Some(&refound.document.document),
                    &refound.document.document.to_string(),
                    detail,
                    env.now_ms(),
                )?;
            }
        }
    }
    Ok(())
}

/// The document of a client of which the relay says that this phone has it. One that is not here moved, while pages were
/// fetched, from a part still to come into one that had come: it is fetched by name.
fn here(tx: &Transaction<'_>, client: &ClientId) -> Result<Option<Document>, SyncError> {
    let found = Document::find(tx, &(*client).into())?;
    if found.as_ref().is_none_or(|document| document.heads.is_empty()) {
        scope::refetch(tx, &(*client).into())?;
        scope::fetch_office(tx, client)?;
    }
    Ok(found)
}

fn take_change(
    tx: &Transaction<'_>,
    env: &dyn Env,
    number: u64,
    entry: &ChangeEntry,
    report: &mut Report,
) -> Result<(), SyncError> {
    let taken = apply(tx, env, number, entry);
    match taken {
        Ok(Taken::New { conflicts }) => {
            report.received += 1;
            if conflicts {
                report.conflicts.push(entry.document);
            }
            Ok(())
        }
        Ok(Taken::Known | Taken::PageWillHaveIt) => Ok(()),
        // A fresh copy mends it; a page that is still to come is one.
        Ok(Taken::Unfit) => Ok(scope::refetch(tx, &entry.document)?),
        Err(error) => Err(error),
    }
}

/// Of people's own documents a phone has its own person's alone; every other is a client's.
fn begin_client(tx: &Transaction<'_>, document: &Document) -> Result<(), SyncError> {
    if Identity::load(tx)?.is_none_or(|identity| document.id != identity.person.into()) {
        client::begin(tx, document.row)?;
    }
    Ok(())
}

enum Taken {
    New {
        /// The profile has more conflicts than before.
        conflicts: bool,
    },
    Known,
    /// Its document has not arrived yet; the page that brings it contains this change.
    PageWillHaveIt,
    Unfit,
}

fn apply(tx: &Transaction<'_>, env: &dyn Env, number: u64, entry: &ChangeEntry) -> Result<Taken, SyncError> {
    let Ok(change) = admit::inspect(&entry.bytes) else { return Ok(Taken::Unfit) };
    let found = Document::find(tx, &entry.document)?;
    let arrived = found.as_ref().is_some_and(|document| !document.heads.is_empty());
    if !arrived && !change.deps.is_empty() {
        return Ok(if scope::documents_pending(tx)? { Taken::PageWillHaveIt } else { Taken::Unfit });
    }
    let mut document = match found {
        Some(document) => document,
        None => {
            let document = Document::create(tx, entry.document, entry.generation)?;
            begin_client(tx, &document)?;
            document
        }
    };
    if document.generation != entry.generation {
        return Ok(Taken::Unfit);
    }
    if entry.number_is_known(tx, &mut document, &change.hash, number)? {
        return Ok(Taken::Known);
    }
    let before = client::conflicts(tx, document.row)?;
    // One's own actor wrote something that is not here: this device came back from a backup, or has a twin.
    let own = actors::is_own(tx, &change.actor)?;
    if own {
        actors::restored(tx, env)?;
    }
    let judged = admit::causality(&change, document.id, &SqlFacts::new(tx, &document))?;
    // What is unsent stands in the way: it steps aside, and what cannot come back is written anew.
    let aside = own || !matches!(judged, Outcome::Admit);
    if aside {
        rebase::step_aside(tx, &mut document)?;
    }
    let outcome = admit::causality(&change, document.id, &SqlFacts::new(tx, &document))?;
    let taken = match outcome {
        Outcome::Admit => {
            rows::apply(tx, &mut document, &change, Some(number))?;
            if let Some(receipt) = &entry.receipt {
                keep_receipt(tx, document.row, &change.hash, receipt)?;
            }
            Taken::New { conflicts: client::conflicts(tx, document.row)? > before }
        }
        Outcome::Duplicate { .. } | Outcome::Held { .. } | Outcome::Refused(_) => Taken::Unfit,
    };
    if aside {
        rebase::step_back(tx, &mut document)?;
    }
    Ok(taken)
}

impl ChangeEntry {
    /// The change is here already: it has a good verdict now, if it had none.
    fn number_is_known(
        &self,
        tx: &Transaction<'_>,
        document: &mut Document,
        hash: &automerge::ChangeHash,
        number: u64,
    ) -> Result<bool, SyncError> {
        use crate::document::Facts;
        if SqlFacts::new(tx, document).change(hash)?.is_none() {
            return Ok(false);
        }
        rows::acknowledge(tx, document, hash, number)?;
        if let Some(receipt) = &self.receipt {
            keep_receipt(tx, document.row, hash, receipt)?;
        }
        crate::store::outbox::remove(tx, document.row, hash)?;
        crate::store::offers::taken(tx, document.row, hash, number)?;
        Ok(true)
    }
}

/// A whole copy did not apply: it is asked for once more, and then a person is to look.
fn stumble(tx: &Transaction<'_>, env: &dyn Env, document: &DocumentId, why: &str) -> Result<(), SyncError> {
    if scope::refetch_failed(tx, document)? {
        attention::add(tx, UNREADABLE, Some(document), &document.to_string(), why, env.now_ms())?;
    }
    Ok(())
}

/// What the attention list calls a document that does not apply.
const UNREADABLE: &str = "document_unreadable";

fn take_enter(
    tx: &Transaction<'_>,
    env: &dyn Env,
    enter: Enter,
    number: u64,
    report: &mut Report,
) -> Result<(), SyncError> {
    let id = enter.document.document;
    let client = ClientId::from_bytes(*id.as_bytes());
    take_document(tx, env, &Arrived::read(enter.document), report)?;
    // All that there is of it, in place of what was here.
    office::forget_client(tx, &client)?;
    if enter.fetch_office {
        scope::fetch_office(tx, &client)?;
    }
    for record in enter.office.0 {
        put_office(tx, record, number)?;
        report.office += 1;
    }
    report.entered.push(client);
    Ok(())
}

/// A whole document as it came, and what reading it gave.
pub(super) struct Arrived {
    page: PageDocument,
    heads: Vec<ChangeHash>,
    changes: Result<Vec<Change>, SnapshotError>,
}

impl Arrived {
    /// The dearer half of taking a document in, which needs no store.
    pub(super) fn read(page: PageDocument) -> Self {
        let heads: Vec<ChangeHash> = page.heads.iter().map(|hash| ChangeHash(hash.0)).collect();
        let changes = snapshot::read_changes(&page.snapshot, &heads);
        Self { page, heads, changes }
    }
}

/// A whole document, in place of what was acknowledged; what is unsent stays.
pub(super) fn take_document(
    tx: &Transaction<'_>,
    env: &dyn Env,
    arrived: &Arrived,
    report: &mut Report,
) -> Result<(), SyncError> {
    let Arrived { page, heads, changes } = arrived;
    let changes = match changes {
        Ok(changes) => changes,
        Err(unfit) => return stumble(tx, env, &page.document, &unfit.to_string()),
    };
    let mut document = match Document::find(tx, &page.document)? {
        Some(document) => document,
        None => Document::create(tx, page.document, page.generation)?,
    };
    if document.generation > page.generation {
        return stumble(tx, env, &page.document, "an older founding of the document");
    }
    scope::is_fresh(tx, &page.document)?;
    // It is in sight again, if it had left it.
    scope::stay(tx, &ClientId::from_bytes(*page.document.as_bytes()))?;
    rebase::step_aside(tx, &mut document)?;
    rows::install_snapshot(tx, &mut document, &page.snapshot, changes, page.generation, page.number)?;
    rebase::step_back(tx, &mut document)?;
    for (hash, receipt) in heads.iter().zip(&page.receipts) {
        keep_receipt(tx, document.row, hash, receipt)?;
    }
    begin_client(tx, &document)?;
    client::set_place(tx, document.row, page.territory.as_ref(), page.alias_of.as_ref())?;
    scope::refetched(tx, &page.document)?;
    attention::done(tx, UNREADABLE, &page.document.to_string(), env.now_ms())?;
    waiting::arrived(tx, env, &mut document)?;
    report.documents += 1;
    Ok(())
}

pub(super) fn put_office(tx: &Transaction<'_>, record: OfficeRecord, number: u64) -> Result<(), SyncError> {
    scope::is_fresh_office(tx, &record.kind, &record.source, &record.key)?;
    let entry = OfficeEntry {
        kind: record.kind.0,
        source: record.source.0,
        key: record.key.0,
        client: record.client,
        territory: record.territory,
        value: record.value.map(|bytes| bytes.0),
    };
    // Sales from before the window are not sent; what is here of them leaves at this number.
    let moves_window = entry.kind == KnownKind::Setting.name() && entry.key == window::SALES_FROM;
    if office::put(tx, &entry, record.number.unwrap_or(number))? && moves_window {
        passed::begin(tx)?;
    }
    Ok(())
}
