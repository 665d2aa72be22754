//! A change: what one device did to one document in one step, as operations and as the bytes that travel.
//!
//! The bytes are an Automerge change chunk, never compressed. A [`Change`] exists only when its form is known to be
//! good: made here by [`append`](super::append), [`edit`](super::edit) or [`rebase`](super::rebase), or passed by
//! [`admit::inspect`](super::admit::inspect). Whether it fits its document is
//! [`admit::causality`](super::admit::causality)'s to say.

use std::cmp::Ordering;
use std::fmt;
use std::num::NonZeroU64;
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::legacy::{Key as AmKey, ObjectId, Op as AmOp, OpId as AmOpId, OpType};
use automerge::{ActorId, ChangeHash, ExpandedChange, ScalarValue};

use super::header::Header;
use super::keys::{FieldKey, ID, RecordKey};
use crate::model::DocumentId;
/// The value of a profile field.
pub use crate::model::profile::Scalar as FieldValue;

/// Names an operation. The order is Automerge's own (counter, then the actor's bytes), and so is everything that
/// depends on it: which of several values wins, which of several amendments is shown.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct OpId {
    pub counter: u64,
    pub actor: ActorId,
}

impl Ord for OpId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.counter.cmp(&other.counter).then_with(|| self.actor.cmp(&other.actor))
    }
}

impl PartialOrd for OpId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for OpId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Display for OpId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.counter, self.actor)
    }
}

/// One operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Op {
    pub id: OpId,
    pub body: Body,
}

/// What an operation does. `pred` are the operations that it replaces, ascending, none twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// The document begins.
    Create(DocumentId),
    Put {
        key: FieldKey,
        value: FieldValue,
        pred: Vec<OpId>,
    },
    Delete {
        key: FieldKey,
        pred: Vec<OpId>,
    },
    Record {
        key: RecordKey,
        header: Header,
        bytes: Vec<u8>,
    },
}

impl Body {
    /// What it replaces; empty for a record and for the document's id.
    pub fn pred(&self) -> &[OpId] {
        match self {
            Self::Put { pred, .. } | Self::Delete { pred, .. } => pred,
            Self::Create(_) | Self::Record { .. } => &[],
        }
    }
}

/// A change of good form.
#[derive(Clone, PartialEq, Eq)]
pub struct Change {
    /// SHA-256 of the chunk; its identity inside its document.
    pub hash: ChangeHash,
    pub actor: ActorId,
    /// Counts the actor's changes in this document, from 1.
    pub seq: u64,
    /// Counter of the first operation; the others follow without a gap.
    pub start_op: u64,
    /// The device's time in seconds since 1970-01-01 UTC.
    pub time_s: i64,
    /// Ascending, none twice; empty for the first change of a document alone.
    pub deps: Vec<ChangeHash>,
    /// The change that this one is, written anew; `None` in one that stands as it was first written.
    pub origin: Option<ChangeHash>,
    /// At least one.
    pub ops: Vec<Op>,
    /// The change chunk.
    pub bytes: Vec<u8>,
}

impl Change {
    /// Counter of the last operation.
    pub fn max_op(&self) -> u64 {
        self.start_op + self.ops.len() as u64 - 1
    }

    /// The hash of what was first written: the same however often that is written anew.
    pub fn origin(&self) -> ChangeHash {
        self.origin.unwrap_or(self.hash)
    }
}

impl fmt::Debug for Change {
    /// Without values: it may end in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Change({}, {}@{}, {} ops from {})",
            self.hash,
            self.seq,
            self.actor,
            self.ops.len(),
            self.start_op
        )
    }
}

/// A change that is still to be encoded.
pub(super) struct Draft {
    pub actor: ActorId,
    pub seq: u64,
    pub start_op: u64,
    pub time_s: i64,
    /// Ascending, none twice.
    pub deps: Vec<ChangeHash>,
    /// Travels as the change's message, in hexadecimal.
    pub origin: Option<ChangeHash>,
    pub bodies: Vec<Body>,
}

impl Draft {
    /// The one encoding that Automerge gives to these operations; `None` if it refuses them (a start op of zero, or
    /// predecessors out of order: nobody who builds a draft does that, and hostile bytes may).
    pub(super) fn encode(self) -> Option<Change> {
        let expanded = ExpandedChange {
            operations: self.bodies.iter().map(Body::to_automerge).collect(),
            actor_id: self.actor.clone(),
            hash: None,
            seq: self.seq,
            start_op: NonZeroU64::new(self.start_op)?,
            time: self.time_s,
            message: self.origin.map(|origin| origin.to_string()),
            deps: self.deps.clone(),
            extra_bytes: Vec::new(),
            author: None,
        };
        let encoded = catch_unwind(AssertUnwindSafe(|| automerge::Change::from(expanded))).ok()?;
        let ops = (self.start_op..)
            .zip(self.bodies)
            .map(|(counter, body)| Op { id: OpId { counter, actor: self.actor.clone() }, body })
            .collect();
        Some(Change {
            hash: encoded.hash(),
            actor: self.actor,
            seq: self.seq,
            start_op: self.start_op,
            time_s: self.time_s,
            deps: self.deps,
            origin: self.origin,
            ops,
            bytes: encoded.raw_bytes().to_vec(),
        })
    }
}

impl Body {
    fn to_automerge(&self) -> AmOp {
        let (key, action) = match self {
            Self::Create(id) => (ID.into(), OpType::Put(ScalarValue::Bytes(id.as_bytes().to_vec()))),
            Self::Put { key, value, .. } => (key.as_str().into(), OpType::Put(to_automerge(value))),
            Self::Delete { key, .. } => (key.as_str().into(), OpType::Delete),
            Self::Record { key, bytes, .. } => {
                (key.to_string().into(), OpType::Put(ScalarValue::Bytes(bytes.clone())))
            }
        };
        let pred = self.pred().iter().map(|id| AmOpId::new(id.counter, &id.actor)).collect();
        AmOp { action, obj: ObjectId::Root, key: AmKey::Map(key), pred, insert: false }
    }
}

pub(super) fn to_automerge(value: &FieldValue) -> ScalarValue {
    match value {
        FieldValue::Text(text) => ScalarValue::Str(text.as_str().into()),
        FieldValue::Int(int) => ScalarValue::Int(*int),
        FieldValue::Bool(bool) => ScalarValue::Boolean(*bool),
        FieldValue::Timestamp(ms) => ScalarValue::Timestamp(*ms),
        FieldValue::Cbor(bytes) => ScalarValue::Bytes(bytes.clone()),
    }
}
