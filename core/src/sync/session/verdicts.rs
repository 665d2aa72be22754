//! What the relay said of each pushed change.
//!
//! A change leaves the outbox on a good verdict and on nothing else. One that is refused stays there, marked, until
//! its document is rebased without it; only then it moves to the list of refused work, whole.

use automerge::ChangeHash;
use rusqlite::{OptionalExtension, Transaction, params};

use super::report::RefusedChange;
use super::{Report, SyncError};
use crate::document::{ChangeFacts, Facts};
use crate::env::Env;
use crate::model::DocumentId;
use crate::rows::documents::heads_from_blob;
use crate::rows::{self, Document, SqlFacts};
use crate::store::outbox::{self, State};
use crate::store::{actors, scope};
use crate::sync::identity::Identity;
use crate::sync::wire::{Receipt, Refusal, Verdict};

pub(super) fn take(
    tx: &Transaction<'_>,
    env: &dyn Env,
    doc: i64,
    id: DocumentId,
    hash: &ChangeHash,
    verdict: &Verdict,
    report: &mut Report,
) -> Result<(), SyncError> {
    // Erased, wiped or rebased between request and answer: then the verdict speaks of nothing that is here.
    let Some(mut document) = Document::at_row(tx, doc)? else { return Ok(()) };
    if !verdict.is_good() && outbox::state(tx, doc, hash)? == Some(State::Anew) {
        // Its actor was refused in this very answer: it is written anew whatever is said of it.
        return Ok(());
    }
    match verdict {
        Verdict::Accepted { number, receipt } => good(tx, &mut document, hash, *number, receipt, report)?,
        Verdict::Duplicate { number, receipt, hash: other } => match other {
            None => good(tx, &mut document, hash, *number, receipt, report)?,
            // The same records stand there under another hash: ours goes when that one is here.
            Some(other) => {
                let is_here = SqlFacts::new(tx, &document).change(&ChangeHash(other.0))?.is_some();
                let state = if is_here { State::Stored } else { State::Held };
                outbox::mark(tx, doc, hash, state, "duplicate", "")?;
            }
        },
        Verdict::Held { .. } => outbox::mark(tx, doc, hash, State::Held, "held", "")?,
        Verdict::Quarantined => outbox::mark(tx, doc, hash, State::Held, "quarantined", "")?,
        Verdict::Refused { code, detail } => {
            outbox::mark(tx, doc, hash, State::Refused, code.code(), detail)?;
            match code {
                // Mended by the phone itself: the rebase writes it anew, under another actor.
                Refusal::Equivocation => {
                    actors::restored(tx, env)?;
                    outbox::mark(tx, doc, hash, State::Anew, code.code(), detail)?;
                }
                // Another device of this person began the document: this one's beginning steps aside for that, which
                // comes with this answer or a later one.
                Refusal::Malformed if begins_own(tx, &document, hash)? => {
                    outbox::mark(tx, doc, hash, State::Held, code.code(), detail)?;
                }
                Refusal::Generation => {
                    scope::refetch(tx, &id)?;
                    outbox::mark(tx, doc, hash, State::Held, code.code(), detail)?;
                }
                _ => report.refused.push(RefusedChange {
                    document: id,
                    code: *code,
                    detail: detail.to_string(),
                }),
            }
        }
    }
    Ok(())
}

/// Whether the change begins the person's own document.
fn begins_own(tx: &Transaction<'_>, document: &Document, hash: &ChangeHash) -> Result<bool, SyncError> {
    let own = Identity::load(tx)?.is_some_and(|identity| document.id == identity.person.into());
    let begins = |change: ChangeFacts| change.deps.is_empty();
    Ok(own && SqlFacts::new(tx, document).change(hash)?.is_some_and(begins))
}

fn good(
    tx: &Transaction<'_>,
    document: &mut Document,
    hash: &ChangeHash,
    number: u64,
    receipt: &Receipt,
    report: &mut Report,
) -> Result<(), SyncError> {
    // What the relay has, it has with all that it builds on, whatever was said of that on the way.
    for ancestor in unacknowledged(tx, document, hash)?.iter().rev() {
        rows::acknowledge(tx, document, ancestor, number)?;
        if outbox::remove(tx, document.row, ancestor)? {
            report.sent += 1;
        }
    }
    keep_receipt(tx, document.row, hash, receipt)
}

/// A change and those before it that have no good verdict, later ones first.
fn unacknowledged(
    tx: &Transaction<'_>,
    document: &Document,
    hash: &ChangeHash,
) -> Result<Vec<ChangeHash>, SyncError> {
    let sql = "SELECT start_op, deps FROM changes WHERE doc = ?1 AND hash = ?2 AND number IS NULL";
    let mut statement = tx.prepare_cached(sql)?;
    let mut open = vec![*hash];
    let mut found: Vec<(u64, ChangeHash)> = Vec::new();
    while let Some(hash) = open.pop() {
        if found.iter().any(|(_, known)| *known == hash) {
            continue;
        }
        let row = statement
            .query_row(params![document.row, hash.0], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)))
            .optional()?;
        if let Some((start_op, deps)) = row {
            found.push((start_op, hash));
            open.extend(heads_from_blob(&deps)?);
        }
    }
    // Operations count upwards along dependencies.
    found.sort_unstable_by(|one, other| other.cmp(one));
    Ok(found.into_iter().map(|(_, hash)| hash).collect())
}

/// Keeps a receipt for a head and drops those of its ancestors that it makes superfluous.
pub(super) fn keep_receipt(
    tx: &Transaction<'_>,
    doc: i64,
    hash: &ChangeHash,
    receipt: &Receipt,
) -> Result<(), SyncError> {
    tx.prepare_cached(
        "INSERT INTO receipts (doc, hash, receipt) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    )?
    .execute(params![doc, hash.0, receipt])?;
    Ok(())
}
