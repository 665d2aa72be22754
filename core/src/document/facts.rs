//! What must be known of a document to append to it, edit it, and admit a change to it, without loading it.
//!
//! [`Facts`] is one document's stored state, as rows in SQL or, for tests and for rebasing in memory, as
//! [`MemoryFacts`](super::MemoryFacts). Whoever stores an admitted change keeps these facts so:
//!
//! - the change itself as [`ChangeFacts`]; its dependencies are heads no more, it is one;
//! - a put on a field as a live [`FieldOp`]; a put and a delete alike end the life of their predecessors, and of
//!   nothing else. A delete is not kept itself: no operation may name it as a predecessor;
//! - a record as [`RecordFacts`], under a key that is unique in the workspace.
//!
//! Of several live operations on a field the greatest [`OpId`] wins; the others are the conflict.

use automerge::{ActorId, ChangeHash};

use super::change::{Change, FieldValue, OpId};
use super::keys::{FieldKey, RecordKey};
use crate::model::DocumentId;

/// A stored change without its operations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeFacts {
    pub hash: ChangeHash,
    pub actor: ActorId,
    pub seq: u64,
    pub start_op: u64,
    pub max_op: u64,
    /// Ascending.
    pub deps: Vec<ChangeHash>,
}

impl From<&Change> for ChangeFacts {
    fn from(change: &Change) -> Self {
        Self {
            hash: change.hash,
            actor: change.actor.clone(),
            seq: change.seq,
            start_op: change.start_op,
            max_op: change.max_op(),
            deps: change.deps.clone(),
        }
    }
}

/// A put on a profile field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldOp {
    pub id: OpId,
    pub value: FieldValue,
    /// No operation has named it as a predecessor yet.
    pub live: bool,
}

/// Where a record key is taken, and by what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordFacts {
    pub document: DocumentId,
    /// SHA-256 of the record's bytes.
    pub value_hash: [u8; 32],
    /// The change that put it.
    pub change: ChangeHash,
}

/// One document's stored state.
pub trait Facts {
    type Error;

    /// Changes on which no other depends, ascending; empty while the document has none.
    fn heads(&self) -> Result<Vec<ChangeHash>, Self::Error>;

    /// The largest operation counter of all changes; 0 while the document has none.
    fn max_op(&self) -> Result<u64, Self::Error>;

    /// Bytes of all changes together.
    fn size(&self) -> Result<u64, Self::Error>;

    fn change(&self, hash: &ChangeHash) -> Result<Option<ChangeFacts>, Self::Error>;

    /// The changes that are `origin`, written anew; not `origin` itself. [`MAX_REWRITTEN`](super::limits::MAX_REWRITTEN)
    /// are enough.
    fn rewritten(&self, origin: &ChangeHash) -> Result<Vec<ChangeFacts>, Self::Error>;

    /// The change of `actor` with the largest sequence number.
    fn last_of(&self, actor: &ActorId) -> Result<Option<ChangeFacts>, Self::Error>;

    /// The put that `id` names, live or not, if it is on `key`.
    fn field_op(&self, key: &FieldKey, id: &OpId) -> Result<Option<FieldOp>, Self::Error>;

    /// The put on `key`, live or not, that a stored change made.
    fn put_of(&self, change: &ChangeFacts, key: &FieldKey) -> Result<Option<FieldOp>, Self::Error>;

    /// The live puts on `key`, ascending by id.
    fn field_ops(&self, key: &FieldKey) -> Result<Vec<FieldOp>, Self::Error>;

    /// Who holds a record key, anywhere in the workspace.
    fn record(&self, key: &RecordKey) -> Result<Option<RecordFacts>, Self::Error>;
}
