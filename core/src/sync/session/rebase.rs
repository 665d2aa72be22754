//! Work that the relay did not take as it was.
//!
//! What is unsent can step aside, so that a document shows only what is acknowledged; then the relay's changes apply;
//! then what is unsent steps back, if it still fits. What does not fit, and what was built on refused work, is written
//! anew by `document::rebase`: same records, same edits, as concurrent with what their author never saw as they were.

use automerge::{ActorId, ChangeHash};
use rusqlite::Transaction;

use super::{Report, SyncError};
use crate::document::Change;
use crate::document::admit::{self, Outcome};
use crate::document::rebase::{self, Fate, RebaseError, Unsent};
use crate::env::Env;
use crate::rows::{self, Document, SqlFacts};
use crate::store::actors::{self, Reason};
use crate::store::attention::{self, Refused};
use crate::store::outbox::{self, Judged, State};
use crate::store::{Store, StoreError, scope};

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
            Outcome::Duplicate { by } if by == unsent.hash => {
                outbox::remove(tx, document.row, &unsent.hash)?;
            }
            // What was built on it names it: the rebase has to know it.
            Outcome::Duplicate { .. } => {
                outbox::mark(tx, document.row, &unsent.hash, State::Stored, "", "")?;
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
        // What was refused has left the outbox: clients that waited for it alone may go.
        scope::purge_left(tx)?;
        Ok(rebased)
    })?;
    report.rebased += rebased;
    Ok(())
}

/// Returns how many changes were written anew.
fn one(tx: &Transaction<'_>, env: &dyn Env, doc: i64, actor: &mut Option<ActorId>) -> Result<u64, SyncError> {
    let Some(mut document) = Document::at_row(tx, doc)? else { return Ok(0) };
    if scope::is_to_refetch(tx, &document.id)? {
        // What it was built on may be missing here alone.
        return Ok(0);
    }
    let mut unsent = outbox::of_document(tx, doc)?;
    let began = document.acknowledged.is_empty();
    if let Some(first) = unsent.first_mut().filter(|first| began && first.state == State::Refused) {
        let (code, detail) = (first.code.clone(), first.detail.clone());
        for work in &mut unsent {
            (work.state, work.code, work.detail) = (State::Refused, code.clone(), detail.clone());
        }
    }
    for work in unsent.iter().filter(|work| work.state == State::Refused) {
        attention::keep_refused(
            tx,
            &Refused {
                document: document.id,
                generation: document.generation,
                hash: work.hash,
                bytes: work.bytes.clone(),
                key: None,
                code: work.code.clone(),
                detail: work.detail.clone(),
                refused_at: env.now_ms(),
            },
        )?;
    }
    step_aside(tx, &mut document)?;
    let mut fates = Vec::with_capacity(unsent.len());
    for work in &unsent {
        let change = read(work)?;
        let judged = admit::causality(&change, document.id, &SqlFacts::new(tx, &document))?;
        let fate = match (work.state, judged) {
            (State::Refused, _) => Fate::LeaveOut,
            (_, Outcome::Duplicate { by }) => Fate::StandsAs(by),
            (State::Stored, _) => Fate::LeaveOut,
            _ => Fate::Keep,
        };
        fates.push((change, fate));
    }
    outbox::clear(tx, doc)?;
    let rewritten = write_anew(tx, env, &document, &unsent, &fates, actor)?;
    let count = rewritten.len() as u64;
    for (change, work) in rewritten {
        rows::apply(tx, &mut document, &change, None)?;
        outbox::push(tx, doc, &change, work.saved_at, work.territory.as_ref())?;
    }
    if document.heads.is_empty() {
        // Not even its first change was taken: nothing is left to show but the refused work itself.
        document.delete(tx)?;
    }
    Ok(count)
}

/// The unsent changes that are not left out, as their successors under a new actor, each with the work that it
/// carries on.
fn write_anew<'u>(
    tx: &Transaction<'_>,
    env: &dyn Env,
    document: &Document,
    unsent: &'u [Judged],
    fates: &[(Change, Fate)],
    actor: &mut Option<ActorId>,
) -> Result<Vec<(Change, &'u Judged)>, SyncError> {
    // Where the document itself was refused, nothing in it can be sent: all of it stays on the list of refused work.
    let Some(first) = unsent.iter().zip(fates).find(|(_, (_, fate))| *fate != Fate::LeaveOut) else {
        return Ok(Vec::new());
    };
    let fresh = actor.clone().unwrap_or_else(|| actors::draw(env));
    let listed: Vec<Unsent<'_>> = fates.iter().map(|(change, fate)| Unsent { change, fate: *fate }).collect();
    let rebased =
        rebase::rebase(&SqlFacts::new(tx, document), document.id, &listed, &fresh).map_err(|error| {
            SyncError::Store(match error {
                RebaseError::Facts(error) => error.into(),
                other => StoreError::Damaged(other.to_string()),
            })
        })?;
    // A device has only so many actors: none is taken where all stands there already.
    if actor.is_none() && !rebased.changes.is_empty() {
        actors::add(tx, &fresh, Reason::Rebase)?;
        *actor = Some(fresh);
    }
    let carries_on = |hash: &ChangeHash| {
        let place = rebased.replaced_by.iter().position(|by| by.as_ref() == Some(hash));
        // A new first change stands for no unsent one: it goes with the first that follows.
        place.map_or(first.0, |place| &unsent[place])
    };
    let carried: Vec<_> = rebased.changes.iter().map(|change| carries_on(&change.hash)).collect();
    Ok(rebased.changes.into_iter().zip(carried).collect())
}

fn read(unsent: &Judged) -> Result<Change, SyncError> {
    admit::inspect(&unsent.bytes)
        .map_err(|_| SyncError::Store(StoreError::Damaged("an unsent change cannot be read".into())))
}
