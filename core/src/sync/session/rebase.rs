//! Work that the relay did not take as it was.
//!
//! What is unsent can step aside, so that a document shows only what is acknowledged; then the relay's changes apply;
//! then what is unsent steps back, if it still fits. What does not fit, and what was built on refused work, is written
//! anew by `document::rebase`: same records, same edits, as concurrent with what their author never saw as they were.

use automerge::ActorId;
use rusqlite::Transaction;

use super::{Report, SyncError};
use crate::document::Change;
use crate::document::admit::{self, Outcome};
use crate::env::Env;
use crate::rows::{self, Document, SqlFacts, documents};
use crate::store::actors::{self, Reason};
use crate::store::attention::{self, Refused};
use crate::store::outbox::{self, Judged, State};
use crate::store::{Store, StoreError};

/// Takes what is unsent out of the document's rows; the outbox keeps it.
pub(super) fn step_aside(tx: &Transaction<'_>, document: &mut Document) -> Result<(), SyncError> {
    Ok(rows::retract(tx, document)?)
}

/// Puts what is unsent back where it fits, and marks the rest to be written anew.
pub(super) fn step_back(tx: &Transaction<'_>, document: &mut Document) -> Result<(), SyncError> {
    for unsent in outbox::of_document(tx, document.row)? {
        let change = read(&unsent)?;
        match admit::causality(&change, document.id, &SqlFacts::new(tx, document))? {
            Outcome::Admit => {
                rows::apply(tx, document, &change, None)?;
            }
            Outcome::Duplicate { .. } => {
                outbox::remove(tx, document.row, &unsent.hash)?;
            }
            _ if unsent.state == State::Refused => {}
            _ => outbox::mark(tx, document.row, &unsent.hash, State::Anew, "", "")?,
        }
    }
    Ok(())
}

/// Rebases every document that has refused work, or work to be written anew, with one new actor for all of them.
pub(super) fn all(store: &Store, env: &dyn Env, report: &mut Report) -> Result<(), SyncError> {
    let docs = store.read::<_, SyncError>(|conn| Ok(outbox::to_rebase(conn)?))?;
    if docs.is_empty() {
        return Ok(());
    }
    let rebased = store.write::<_, SyncError>(|tx| {
        let mut actor = None;
        let mut rebased = 0;
        for doc in &docs {
            rebased += one(tx, env, *doc, &mut actor)?;
        }
        Ok(rebased)
    })?;
    report.rebased += rebased;
    Ok(())
}

/// Returns how many changes were written anew.
fn one(tx: &Transaction<'_>, env: &dyn Env, doc: i64, actor: &mut Option<ActorId>) -> Result<u64, SyncError> {
    let Some(mut document) = Document::at_row(tx, doc)? else { return Ok(0) };
    let unsent = outbox::of_document(tx, doc)?;
    for work in unsent.iter().filter(|work| work.state == State::Refused) {
        attention::keep_refused(
            tx,
            &Refused {
                document: document.id,
                generation: document.generation,
                hash: work.hash,
                bytes: work.bytes.clone(),
                code: work.code.clone(),
                detail: work.detail.clone(),
                refused_at: env.now_ms(),
            },
        )?;
    }
    step_aside(tx, &mut document)?;
    outbox::clear(tx, doc)?;
    let rewritten = write_anew(tx, env, &document, &unsent, actor)?;
    let count = rewritten.len() as u64;
    for (change, work) in rewritten {
        rows::apply(tx, &mut document, &change, None)?;
        outbox::push(tx, doc, &change, work.saved_at, work.territory.as_ref())?;
    }
    if document.heads.is_empty() {
        // Not even its first change was taken: there is nothing left to show but the refused work itself.
        document.delete(tx)?;
    }
    Ok(count)
}

/// Each unsent change that is not left out, in order, as its successor under a new actor.
fn write_anew<'u>(
    tx: &Transaction<'_>,
    env: &dyn Env,
    document: &Document,
    unsent: &'u [Judged],
    actor: &mut Option<ActorId>,
) -> Result<Vec<(Change, &'u Judged)>, SyncError> {
    let changes = unsent
        .iter()
        .map(|work| Ok((read(work)?, work.state == State::Refused)))
        .collect::<Result<Vec<_>, SyncError>>()?;
    if changes.iter().all(|(_, left_out)| *left_out) {
        return Ok(Vec::new());
    }
    let actor = match actor {
        Some(actor) => actor.clone(),
        None => actor.insert(actors::take(tx, env, Reason::Rebase)?).clone(),
    };
    let acknowledged = documents::load_acknowledged(tx, document)?;
    let _ = (acknowledged, actor);
    Err(SyncError::Nonsense("rebase is not there yet"))
}

fn read(unsent: &Judged) -> Result<Change, SyncError> {
    admit::inspect(&unsent.bytes)
        .map_err(|_| SyncError::Store(StoreError::Damaged("an unsent change cannot be read".into())))
}
