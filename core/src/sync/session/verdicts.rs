//! What the relay said of each pushed change.
//!
//! A change leaves the outbox on a good verdict and on nothing else. One that is refused stays there, marked, until
//! its document is rebased without it; only then it moves to the list of refused work, whole.

use automerge::ChangeHash;
use rusqlite::{Transaction, params};

use super::report::RefusedChange;
use super::{Report, SyncError};
use crate::env::Env;
use crate::model::DocumentId;
use crate::rows::{self, Document};
use crate::store::outbox::{self, State};
use crate::store::{actors, scope};
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
    match verdict {
        Verdict::Accepted { number, receipt } => good(tx, &mut document, hash, *number, receipt, report)?,
        Verdict::Duplicate { number, receipt, hash: other } => match other {
            None => good(tx, &mut document, hash, *number, receipt, report)?,
            // The same records stand there under another hash: ours goes when that one is here.
            Some(_) => outbox::mark(tx, doc, hash, State::Held, "duplicate", "")?,
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

fn good(
    tx: &Transaction<'_>,
    document: &mut Document,
    hash: &ChangeHash,
    number: u64,
    receipt: &Receipt,
    report: &mut Report,
) -> Result<(), SyncError> {
    rows::acknowledge(tx, document, hash, number)?;
    keep_receipt(tx, document.row, hash, receipt)?;
    if outbox::remove(tx, document.row, hash)? {
        report.sent += 1;
    }
    Ok(())
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
