//! The log's entries, as they apply to what is here.
//!
//! One that fails marks its document for a fresh copy, and the cursor moves on: one document never stops the pull.

use automerge::ChangeHash;
use rusqlite::Transaction;

use super::verdicts::keep_receipt;
use super::{Report, SyncError, rebase};
use crate::document::Change;
use crate::document::admit::{self, Outcome};
use crate::document::snapshot::{self, SnapshotError};
use crate::env::Env;
use crate::model::{ClientId, DocumentId};
use crate::rows::office::{self, OfficeEntry};
use crate::rows::{self, Document, SqlFacts, client};
use crate::store::{actors, attention, scope};
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
                scope::leave(tx, &client)?;
                report.left.push(client);
            }
            EntryBody::Moved { client, territory } => {
                if let Some(document) = Document::find(tx, &client.into())? {
                    client::set_territory(tx, document.row, territory.as_ref())?;
                }
            }
            EntryBody::Merge { absorbed, kept, territory } => {
                if let Some(document) = Document::find(tx, &absorbed.into())? {
                    client::set_alias(tx, document.row, kept.as_ref())?;
                    client::set_territory(tx, document.row, territory.as_ref())?;
                }
            }
            EntryBody::Erase { client } => {
                scope::leave(tx, &client)?;
                report.left.push(client);
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
        Ok(Taken::Unfit(why)) => stumble(tx, env, &entry.document, &why),
        Err(error) => Err(error),
    }
}

enum Taken {
    New {
        /// The profile has more conflicts than before.
        conflicts: bool,
    },
    Known,
    /// Its document has not arrived yet; the page that brings it contains this change.
    PageWillHaveIt,
    Unfit(String),
}

fn apply(tx: &Transaction<'_>, env: &dyn Env, number: u64, entry: &ChangeEntry) -> Result<Taken, SyncError> {
    let change = match admit::inspect(&entry.bytes) {
        Ok(change) => change,
        Err(refusal) => return Ok(Taken::Unfit(refusal.to_string())),
    };
    let found = Document::find(tx, &entry.document)?;
    let arrived = found.as_ref().is_some_and(|document| !document.heads.is_empty());
    if !arrived && !change.deps.is_empty() {
        return Ok(if scope::documents_pending(tx)? {
            Taken::PageWillHaveIt
        } else {
            Taken::Unfit("its document is not here".into())
        });
    }
    let mut document = match found {
        Some(document) => document,
        None => Document::create(tx, entry.document, entry.generation)?,
    };
    if document.generation != entry.generation {
        return Ok(Taken::Unfit("it belongs to another founding of the document".into()));
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
        Outcome::Duplicate { .. } => Taken::Unfit("its records stand here under another change".into()),
        Outcome::Held { .. } => Taken::Unfit("what it builds on is not here".into()),
        Outcome::Refused(refusal) => Taken::Unfit(refusal.to_string()),
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

/// A document did not take an entry: fetch it anew, and after a second time let a person look.
fn stumble(tx: &Transaction<'_>, env: &dyn Env, document: &DocumentId, why: &str) -> Result<(), SyncError> {
    let tries = scope::refetch(tx, document)?;
    if tries > scope::MAX_REFETCH_TRIES {
        attention::add(tx, "document_unreadable", Some(document), &document.to_string(), why, env.now_ms())?;
    }
    Ok(())
}

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
    for record in enter.office.0 {
        put_office(tx, record, number)?;
        report.office += 1;
    }
    scope::stay(tx, &client)?;
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
    rebase::step_aside(tx, &mut document)?;
    rows::install_snapshot(tx, &mut document, &page.snapshot, changes, page.generation, page.number)?;
    rebase::step_back(tx, &mut document)?;
    for (hash, receipt) in heads.iter().zip(&page.receipts) {
        keep_receipt(tx, document.row, hash, receipt)?;
    }
    client::set_territory(tx, document.row, page.territory.as_ref())?;
    client::set_alias(tx, document.row, page.alias_of.as_ref())?;
    scope::refetched(tx, &page.document)?;
    report.documents += 1;
    Ok(())
}

pub(super) fn put_office(tx: &Transaction<'_>, record: OfficeRecord, number: u64) -> Result<(), SyncError> {
    let entry = OfficeEntry {
        kind: record.kind.0,
        source: record.source.0,
        key: record.key.0,
        client: record.client,
        territory: record.territory,
        value: record.value.map(|bytes| bytes.0),
    };
    office::put(tx, &entry, record.number.unwrap_or(number))?;
    Ok(())
}
