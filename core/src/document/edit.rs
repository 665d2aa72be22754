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
        let ids = |live: Vec<super::facts::FieldOp>| live.into_iter().map(|op| op.id).collect::<Vec<OpId>>();
        match value {
            None if live.is_empty() => {}
            None => bodies.push(Body::Delete { key, pred: ids(live) }),
            Some(value) if live.last().is_some_and(|winner| winner.value == value) => {
                live.pop();
                if !live.is_empty() {
                    bodies.push(Body::Delete { key, pred: ids(live) });
                }
            }
            Some(value) => bodies.push(Body::Put { key, value, pred: ids(live) }),
        }
    }
    if bodies.is_empty() {
        return Ok(None);
    }
    Ok(Some(place.change(actor, bodies, time_ms)?))
}
