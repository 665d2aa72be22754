//! Editing profile fields from stored facts, without loading the document.
//!
//! A put or delete names as its predecessors the live puts of its key: what the author saw, and thereby replaces. As
//! in an Automerge transaction (the bytes are the same, a test proves it), nothing is written where nothing changes:
//! putting the only value again is no operation, and putting the winner of a conflict again takes the others away and
//! leaves the winner, with its author, as it was.

use std::collections::HashSet;

use automerge::ActorId;

use super::admit::{Refusal, RefusalCode};
use super::ancestry::{self, Covered};
use super::append::{Place, WriteError};
use super::change::{Body, Change, FieldValue, OpId};
use super::facts::Facts;
use super::keys::FieldKey;
use super::limits::MAX_PREDS;

/// A change that puts (`Some`) or deletes (`None`) fields; `None` if that changes nothing.
///
/// # Errors
/// [`WriteError`]; a key that comes twice is `schema`.
pub fn fields<F: Facts + ?Sized>(
    actor: &ActorId,
    facts: &F,
    edits: Vec<(FieldKey, Option<FieldValue>)>,
    time_ms: i64,
) -> Result<Option<Change>, WriteError<F::Error>> {
    let place = Place::next(actor, facts)?;
    let mut keys = HashSet::new();
    let mut room = MAX_PREDS;
    let mut bodies = Vec::with_capacity(edits.len());
    for (key, value) in edits {
        if !keys.insert(key.clone()) {
            return Err(Refusal::new(RefusalCode::Schema, "a key comes twice in one change").into());
        }
        let mut live = facts.field_ops(&key).map_err(WriteError::Facts)?;
        if place.partial {
            // Too many heads for one change: what lies under the others was not seen, and stays as a conflict.
            let mut seen = Vec::with_capacity(live.len());
            for op in live {
                let covered = ancestry::covered(facts, &place.deps, &[&op.id]).map_err(WriteError::Facts)?;
                if covered == Covered::All {
                    seen.push(op);
                }
            }
            live = seen;
        }
        let is_winner = live.last().is_some_and(|winner| Some(&winner.value) == value.as_ref());
        if is_winner {
            live.pop();
        }
        let pred: Vec<OpId> = live.into_iter().rev().take(room).map(|op| op.id).rev().collect();
        room -= pred.len();
        match value {
            Some(value) if !is_winner => bodies.push(Body::Put { key, value, pred }),
            _ if pred.is_empty() => {}
            _ => bodies.push(Body::Delete { key, pred }),
        }
    }
    if bodies.is_empty() {
        return Ok(None);
    }
    Ok(Some(place.change(actor, bodies, time_ms)?))
}
