//! What a document may hold: the operations of a flat document, within limits.
//!
//! [`draft`] gives meaning to what was read; [`check`] holds for foreign changes and for this program's own, so that
//! nothing is ever written here that would be refused elsewhere.

use std::collections::HashSet;

use super::Refusal;
use super::bounds::{Raw, RawOp};
use crate::document::change::{Body, Draft, FieldValue, OpId};
use crate::document::header::Header;
use crate::document::keys::Key;
use crate::document::limits::{
    ACTOR_BYTES, MAX_CHANGE_BYTES, MAX_COUNTER, MAX_DEPS, MAX_DOCUMENT_BYTES, MAX_FIELD_BYTES, MAX_OPS,
    MAX_OTHER_ACTORS, MAX_PREDS, MAX_RECORD_BYTES, MAX_TIME_S,
};
use crate::model::DocumentId;
use crate::model::cbor;

/// Automerge's action codes.
const PUT: u64 = 1;
const DELETE: u64 = 3;

/// Automerge's value type codes.
const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const INT: u8 = 4;
const UTF8: u8 = 6;
const BYTES: u8 = 7;
const TIMESTAMP: u8 = 9;

pub(super) fn draft(raw: Raw<'_>) -> Result<Draft, Refusal> {
    let mut bodies = Vec::with_capacity(raw.ops.len());
    for (index, op) in raw.ops.iter().enumerate() {
        let pred = op
            .pred
            .iter()
            .map(|(counter, actor)| OpId { counter: *counter, actor: raw.actors[*actor].clone() })
            .collect();
        bodies.push(body(op, pred).map_err(|refusal| refusal.at(index))?);
    }
    let actor = raw.actors.into_iter().next().ok_or_else(|| Refusal::malformed("a change has an actor"))?;
    Ok(Draft {
        actor,
        seq: raw.seq,
        start_op: raw.start_op,
        time_s: raw.time_s,
        deps: raw.deps,
        origin: raw.origin,
        bodies,
    })
}

fn body(op: &RawOp<'_>, pred: Vec<OpId>) -> Result<Body, Refusal> {
    let key = Key::parse(op.key)?;
    match (key, op.action) {
        (Key::Field(key), PUT) => Ok(Body::Put { key, value: field_value(op)?, pred }),
        (Key::Field(key), DELETE) if (op.value_type, op.value) == (NULL, &[]) => {
            Ok(Body::Delete { key, pred })
        }
        (Key::Id | Key::Record(_), _) if !pred.is_empty() => {
            Err(Refusal::schema("a record, and a document's id, is put once and never replaced"))
        }
        (Key::Id, PUT) if op.value_type == BYTES => {
            let id = DocumentId::from_slice(op.value);
            id.map(Body::Create).ok_or_else(|| Refusal::schema("a document's id has 16 bytes"))
        }
        (Key::Record(key), PUT) if op.value_type == BYTES => {
            check_record_size(op.value.len())?;
            Ok(Body::Record { key, header: Header::read(op.value)?, bytes: op.value.to_vec() })
        }
        (Key::Id | Key::Record(_), PUT) => Err(Refusal::schema("a record, and a document's id, is bytes")),
        (_, DELETE) => Err(Refusal::schema("a delete is of a field, and has no value")),
        _ => Err(Refusal::schema("operations are puts and deletes of scalars")),
    }
}

fn field_value(op: &RawOp<'_>) -> Result<FieldValue, Refusal> {
    check_field_size(op.value.len())?;
    Ok(match op.value_type {
        FALSE if op.value.is_empty() => FieldValue::Bool(false),
        TRUE if op.value.is_empty() => FieldValue::Bool(true),
        INT => FieldValue::Int(signed(op.value)?),
        TIMESTAMP => FieldValue::Timestamp(signed(op.value)?),
        UTF8 => {
            let text =
                std::str::from_utf8(op.value).map_err(|_| Refusal::malformed("a text is not UTF-8"))?;
            FieldValue::Text(text.to_owned())
        }
        BYTES => FieldValue::Cbor(op.value.to_vec()),
        _ => return Err(Refusal::schema("a field is text, integer, boolean, timestamp, or bytes of CBOR")),
    })
}

/// Signed LEB128 that fills `bytes`; a longer form than needed is settled by the canonical check.
fn signed(bytes: &[u8]) -> Result<i64, Refusal> {
    let bad = || Refusal::malformed("a number is not 64 bits of LEB128");
    let (last, rest) = bytes.split_last().ok_or_else(bad)?;
    if bytes.len() > 10 || last & 0x80 != 0 || rest.iter().any(|byte| byte & 0x80 == 0) {
        return Err(bad());
    }
    let wide = bytes.iter().rev().fold(0_i128, |number, byte| number << 7 | i128::from(byte & 0x7f));
    let unused = 128 - 7 * bytes.len() as u32;
    i64::try_from(wide << unused >> unused).map_err(|_| bad())
}

fn check_record_size(length: usize) -> Result<(), Refusal> {
    if length > MAX_RECORD_BYTES {
        return Err(Refusal::too_large(format!("a record has at most {MAX_RECORD_BYTES} bytes")));
    }
    Ok(())
}

fn check_field_size(length: usize) -> Result<(), Refusal> {
    if length > MAX_FIELD_BYTES {
        return Err(Refusal::too_large(format!("a field has at most {MAX_FIELD_BYTES} bytes")));
    }
    Ok(())
}

pub(crate) fn check_size(length: usize) -> Result<(), Refusal> {
    if length > MAX_CHANGE_BYTES {
        return Err(Refusal::too_large(format!("a change has at most {MAX_CHANGE_BYTES} bytes")));
    }
    Ok(())
}

/// A document that holds `size` bytes has room for `length` more.
pub(crate) fn check_document_size(size: u64, length: usize) -> Result<(), Refusal> {
    if size.saturating_add(length as u64) > MAX_DOCUMENT_BYTES as u64 {
        return Err(Refusal::too_large(format!(
            "a document's changes have at most {MAX_DOCUMENT_BYTES} bytes"
        )));
    }
    Ok(())
}

pub(crate) fn check(draft: &Draft) -> Result<(), Refusal> {
    check_numbers(draft)?;
    check_first(draft)?;
    let mut keys = HashSet::with_capacity(draft.bodies.len());
    let mut others = HashSet::new();
    let mut preds = 0;
    for (index, body) in draft.bodies.iter().enumerate() {
        check_body(body).map_err(|refusal| refusal.at(index))?;
        let fresh = match body {
            Body::Create(_) => true,
            Body::Put { key, .. } | Body::Delete { key, .. } => keys.insert((Some(key), None)),
            Body::Record { key, .. } => keys.insert((None, Some(key))),
        };
        if !fresh {
            return Err(Refusal::schema("a key comes twice in one change").at(index));
        }
        let pred = body.pred();
        if !pred.is_sorted_by(|a, b| a < b) {
            return Err(Refusal::malformed("predecessors are in ascending order, none twice").at(index));
        }
        if pred.last().is_some_and(|last| last.counter >= draft.start_op) {
            return Err(Refusal::malformed("a predecessor is no earlier operation").at(index));
        }
        preds += pred.len();
        others.extend(pred.iter().map(|id| &id.actor).filter(|actor| **actor != draft.actor));
    }
    if preds > MAX_PREDS {
        return Err(Refusal::too_large(format!("a change has at most {MAX_PREDS} predecessors")));
    }
    if others.len() > MAX_OTHER_ACTORS {
        return Err(Refusal::too_large(format!("a change names at most {MAX_OTHER_ACTORS} other actors")));
    }
    Ok(())
}

fn check_numbers(draft: &Draft) -> Result<(), Refusal> {
    if draft.actor.to_bytes().len() != ACTOR_BYTES {
        return Err(Refusal::schema(format!("an actor has {ACTOR_BYTES} bytes")));
    }
    if draft.bodies.is_empty() {
        return Err(Refusal::malformed("a change without operations"));
    }
    if draft.bodies.len() > MAX_OPS {
        return Err(Refusal::too_large(format!("a change has at most {MAX_OPS} operations")));
    }
    if draft.seq == 0 || draft.start_op == 0 {
        return Err(Refusal::malformed("sequence numbers and counters begin at 1"));
    }
    let max_op = draft.start_op.saturating_add(draft.bodies.len() as u64 - 1);
    if draft.seq > MAX_COUNTER || max_op > MAX_COUNTER {
        return Err(Refusal::too_large(format!("sequence numbers and counters end at {MAX_COUNTER}")));
    }
    if !(-MAX_TIME_S..=MAX_TIME_S).contains(&draft.time_s) {
        return Err(Refusal::malformed("a change's time is in seconds, and no date so far away exists"));
    }
    if draft.deps.len() > MAX_DEPS {
        return Err(Refusal::too_large(format!("a change has at most {MAX_DEPS} dependencies")));
    }
    if !draft.deps.is_sorted_by(|a, b| a < b) {
        return Err(Refusal::malformed("dependencies are in ascending order, none twice"));
    }
    Ok(())
}

/// The first change of a document puts its id and nothing else, and no other change does: so none fits another
/// document.
fn check_first(draft: &Draft) -> Result<(), Refusal> {
    let creates = draft.bodies.iter().any(|body| matches!(body, Body::Create(_)));
    if draft.deps.is_empty() {
        if !creates || draft.bodies.len() != 1 {
            return Err(Refusal::schema(
                "a change without dependencies puts the document's id and nothing else",
            ));
        }
        if (draft.seq, draft.start_op) != (1, 1) {
            return Err(Refusal::malformed("a change without dependencies is its actor's first"));
        }
    } else if creates {
        return Err(Refusal::schema("a document's id is put by its first change alone"));
    }
    Ok(())
}

fn check_body(body: &Body) -> Result<(), Refusal> {
    match body {
        Body::Create(_) => Ok(()),
        Body::Put { value: FieldValue::Text(text), .. } => check_field_size(text.len()),
        Body::Put { value: FieldValue::Cbor(bytes), .. } => {
            check_field_size(bytes.len())?;
            Ok(cbor::check(bytes)?)
        }
        Body::Put { .. } => Ok(()),
        Body::Delete { pred, .. } if pred.is_empty() => {
            Err(Refusal::schema("a delete names what it deletes"))
        }
        Body::Delete { .. } => Ok(()),
        Body::Record { bytes, .. } => check_record_size(bytes.len()),
    }
}
