//! Whether a change of good form fits its document.
//!
//! In the common case a change was made on top of everything that is stored: its dependencies contain all heads, so
//! everything stored is its past, and a handful of look-ups settle it. Otherwise predecessors are looked for by
//! [walking](crate::document::ancestry) from its dependencies.

use automerge::ChangeHash;

use super::{Refusal, RefusalCode, schema};
use crate::document::ancestry::{self, Covered};
use crate::document::change::{Body, Change, OpId};
use crate::document::facts::{ChangeFacts, Facts};
use crate::document::memory::value_hash;
use crate::model::DocumentId;

/// What is to be done with a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It fits: store it.
    Admit,
    /// All of it is stored already: as this very change, or as the same work by change `by`.
    Duplicate {
        by: ChangeHash,
    },
    /// It waits for changes that are not here, ascending.
    Held {
        missing: Vec<ChangeHash>,
    },
    Refused(Refusal),
}

/// Judges a change against the stored facts of `document`, to which it is addressed.
///
/// # Errors
/// Only when the facts cannot be read.
pub fn causality<F: Facts + ?Sized>(
    change: &Change,
    document: DocumentId,
    facts: &F,
) -> Result<Outcome, F::Error> {
    let heads = facts.heads()?;
    let on_top = !heads.is_empty() && heads.iter().all(|head| change.deps.binary_search(head).is_ok());
    // A stored change is a head or an ancestor of one, so no stored one names all heads.
    if !on_top && facts.change(&change.hash)?.is_some() {
        return Ok(Outcome::Duplicate { by: change.hash });
    }
    if let Some(by) = written_otherwise(change, document, facts)? {
        return Ok(Outcome::Duplicate { by });
    }
    if let Some(outcome) = records(change, document, facts)? {
        return Ok(outcome);
    }
    let last = facts.last_of(&change.actor)?;
    if last.as_ref().is_some_and(|last| change.seq <= last.seq) {
        return refused(RefusalCode::Equivocation, "the actor has made another change with this number");
    }
    if let [crate::document::Op { body: Body::Create(id), .. }] = change.ops.as_slice() {
        return first(*id, document, &heads);
    }
    let mut past = if on_top { facts.max_op()? } else { 0 };
    let mut missing = Vec::new();
    for dep in &change.deps {
        if on_top && heads.binary_search(dep).is_ok() {
            continue;
        }
        match facts.change(dep)? {
            Some(dep) => past = past.max(dep.max_op),
            None => missing.push(*dep),
        }
    }
    if !missing.is_empty() {
        return Ok(Outcome::Held { missing });
    }
    let next = last.as_ref().map_or(1, |last| last.seq + 1);
    if change.seq != next {
        return refused(RefusalCode::Malformed, "the actor's numbers leave a gap");
    }
    if last.is_some_and(|last| change.deps.binary_search(&last.hash).is_err()) {
        return refused(RefusalCode::Malformed, "the actor's previous change is not among the dependencies");
    }
    if change.start_op != past + 1 {
        return refused(RefusalCode::Malformed, "operations are not numbered on from the dependencies");
    }
    if let Err(refusal) = schema::check_document_size(facts.size()?, change.bytes.len()) {
        return Ok(Outcome::Refused(refusal));
    }
    predecessors(change, on_top, facts)
}

fn refused<E>(code: RefusalCode, detail: &'static str) -> Result<Outcome, E> {
    Ok(Outcome::Refused(Refusal::new(code, detail)))
}

/// The same change, written anew on another way here, or what this one is a rewriting of. Naming an origin is not enough:
/// all that it puts has to stand there.
fn written_otherwise<F: Facts + ?Sized>(
    change: &Change,
    document: DocumentId,
    facts: &F,
) -> Result<Option<ChangeHash>, F::Error> {
    let origin = change.origin.map(|origin| facts.change(&origin)).transpose()?.flatten();
    for by in origin.into_iter().chain(facts.rewritten(&change.origin())?) {
        if puts_all(&by, change, document, facts)? {
            return Ok(Some(by.hash));
        }
    }
    Ok(None)
}

fn puts_all<F: Facts + ?Sized>(
    by: &ChangeFacts,
    change: &Change,
    document: DocumentId,
    facts: &F,
) -> Result<bool, F::Error> {
    for op in &change.ops {
        let is_there = match &op.body {
            Body::Put { key, value, .. } => facts.put_of(by, key)?.is_some_and(|put| put.value == *value),
            Body::Record { key, bytes, .. } => facts.record(key)?.is_some_and(|found| {
                (found.document, found.change) == (document, by.hash) && found.value_hash == value_hash(bytes)
            }),
            Body::Create(_) => by.deps.is_empty(),
            // One that had nothing left to delete fell away when it was written anew.
            Body::Delete { .. } => true,
        };
        if !is_there {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A record key is taken once in a workspace. The same bytes in the same document are the same record, written anew
/// by a device that did not know that its change had arrived.
fn records<F: Facts + ?Sized>(
    change: &Change,
    document: DocumentId,
    facts: &F,
) -> Result<Option<Outcome>, F::Error> {
    let mut new = 0;
    let mut stored_by = None;
    for op in &change.ops {
        let Body::Record { key, bytes, .. } = &op.body else { continue };
        let Some(found) = facts.record(key)? else {
            new += 1;
            continue;
        };
        let same = found.document == document && found.value_hash == value_hash(bytes);
        if !same || stored_by.is_some_and(|by| by != found.change) {
            return refused(RefusalCode::RecordExists, "the record's key is taken").map(Some);
        }
        stored_by = Some(found.change);
    }
    match stored_by {
        None => Ok(None),
        Some(by) if new == 0 => Ok(Some(Outcome::Duplicate { by })),
        Some(_) => {
            refused(RefusalCode::RecordExists, "some of the change's records are stored already").map(Some)
        }
    }
}

fn first<E>(id: DocumentId, document: DocumentId, heads: &[ChangeHash]) -> Result<Outcome, E> {
    if id != document {
        return refused(RefusalCode::Malformed, "the change begins another document than the one addressed");
    }
    if !heads.is_empty() {
        return refused(RefusalCode::Malformed, "the document has begun already, with another first change");
    }
    Ok(Outcome::Admit)
}

/// Each predecessor is a put on the same key in the change's past.
fn predecessors<F: Facts + ?Sized>(change: &Change, on_top: bool, facts: &F) -> Result<Outcome, F::Error> {
    let mut open: Vec<&OpId> = Vec::new();
    for op in &change.ops {
        let (Body::Put { key, pred, .. } | Body::Delete { key, pred }) = &op.body else { continue };
        for id in pred {
            if facts.field_op(key, id)?.is_none() {
                return refused(RefusalCode::Malformed, "a predecessor is no put on the same key");
            }
            // The actor's own earlier operations are its past: its previous change is among the dependencies.
            if !on_top && id.actor != change.actor {
                open.push(id);
            }
        }
    }
    match ancestry::covered(facts, &change.deps, &open)? {
        Covered::All => Ok(Outcome::Admit),
        Covered::NotAll => refused(RefusalCode::Malformed, "a predecessor is not in the change's past"),
        Covered::TooFar => refused(RefusalCode::TooLarge, "a predecessor lies too far back to be found"),
    }
}
