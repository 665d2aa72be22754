//! One document's facts in memory: for tests, for a simulation's oracle, and as the plainest statement of the rules.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::convert::Infallible;

use automerge::{ActorId, ChangeHash};
use sha2::{Digest, Sha256};

use super::change::{Body, Change, FieldValue, OpId};
use super::facts::{ChangeFacts, Facts, FieldOp, RecordFacts};
use super::keys::{FieldKey, RecordKey};
use super::limits::MAX_REWRITTEN;
use crate::model::DocumentId;

/// The facts of one document, made by [`MemoryFacts::apply`]ing its admitted changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemoryFacts {
    document: DocumentId,
    heads: BTreeSet<ChangeHash>,
    max_op: u64,
    size: u64,
    changes: HashMap<ChangeHash, ChangeFacts>,
    last: HashMap<ActorId, ChangeHash>,
    rewritten: HashMap<ChangeHash, Vec<ChangeHash>>,
    fields: BTreeMap<FieldKey, BTreeMap<OpId, (FieldValue, bool)>>,
    records: BTreeMap<RecordKey, (Vec<u8>, OpId)>,
    /// Record keys of this document and, through [`MemoryFacts::claim`], of others.
    taken: HashMap<RecordKey, RecordFacts>,
}

impl MemoryFacts {
    pub fn new(document: DocumentId) -> Self {
        Self {
            document,
            heads: BTreeSet::new(),
            max_op: 0,
            size: 0,
            changes: HashMap::new(),
            last: HashMap::new(),
            rewritten: HashMap::new(),
            fields: BTreeMap::new(),
            records: BTreeMap::new(),
            taken: HashMap::new(),
        }
    }

    pub fn document(&self) -> DocumentId {
        self.document
    }

    /// Takes in a change that was admitted against these facts; nothing is checked again.
    pub fn apply(&mut self, change: &Change) {
        for op in &change.ops {
            match &op.body {
                Body::Create(_) => {}
                Body::Put { key, value, pred } => {
                    let ops = self.fields.entry(key.clone()).or_default();
                    end(ops, pred);
                    ops.insert(op.id.clone(), (value.clone(), true));
                }
                Body::Delete { key, pred } => end(self.fields.entry(key.clone()).or_default(), pred),
                Body::Record { key, bytes, .. } => {
                    self.taken.insert(
                        *key,
                        RecordFacts {
                            document: self.document,
                            value_hash: value_hash(bytes),
                            change: change.hash,
                        },
                    );
                    self.records.insert(*key, (bytes.clone(), op.id.clone()));
                }
            }
        }
        for dep in &change.deps {
            self.heads.remove(dep);
        }
        self.heads.insert(change.hash);
        self.max_op = self.max_op.max(change.max_op());
        self.size += change.bytes.len() as u64;
        self.last.insert(change.actor.clone(), change.hash);
        if let Some(origin) = change.origin {
            self.rewritten.entry(origin).or_default().push(change.hash);
        }
        self.changes.insert(change.hash, change.into());
    }

    /// Another document of the workspace holds this record key.
    pub fn claim(&mut self, key: RecordKey, facts: RecordFacts) {
        self.taken.insert(key, facts);
    }

    /// Each field with its live values, the winner last; fields without one are left out.
    pub fn profile(&self) -> BTreeMap<&FieldKey, Vec<(&OpId, &FieldValue)>> {
        self.fields
            .iter()
            .map(|(key, ops)| {
                let live = ops.iter().filter(|(_, (_, live))| *live);
                (key, live.map(|(id, (value, _))| (id, value)).collect::<Vec<_>>())
            })
            .filter(|(_, live)| !live.is_empty())
            .collect()
    }

    /// The document's records with their bytes and the operations that put them.
    pub fn records(&self) -> impl Iterator<Item = (&RecordKey, &[u8], &OpId)> {
        self.records.iter().map(|(key, (bytes, id))| (key, bytes.as_slice(), id))
    }

    /// Changes applied so far, in no order.
    pub fn changes(&self) -> impl Iterator<Item = &ChangeFacts> {
        self.changes.values()
    }
}

/// SHA-256 of a record's bytes, as [`RecordFacts`] keeps it.
pub fn value_hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn end(ops: &mut BTreeMap<OpId, (FieldValue, bool)>, pred: &[OpId]) {
    for id in pred {
        if let Some((_, live)) = ops.get_mut(id) {
            *live = false;
        }
    }
}

impl Facts for MemoryFacts {
    type Error = Infallible;

    fn heads(&self) -> Result<Vec<ChangeHash>, Infallible> {
        Ok(self.heads.iter().copied().collect())
    }

    fn max_op(&self) -> Result<u64, Infallible> {
        Ok(self.max_op)
    }

    fn size(&self) -> Result<u64, Infallible> {
        Ok(self.size)
    }

    fn change(&self, hash: &ChangeHash) -> Result<Option<ChangeFacts>, Infallible> {
        Ok(self.changes.get(hash).cloned())
    }

    fn rewritten(&self, origin: &ChangeHash) -> Result<Vec<ChangeFacts>, Infallible> {
        let hashes = self.rewritten.get(origin).into_iter().flatten().take(MAX_REWRITTEN);
        Ok(hashes.filter_map(|hash| self.changes.get(hash)).cloned().collect())
    }

    fn last_of(&self, actor: &ActorId) -> Result<Option<ChangeFacts>, Infallible> {
        Ok(self.last.get(actor).and_then(|hash| self.changes.get(hash)).cloned())
    }

    fn field_op(&self, key: &FieldKey, id: &OpId) -> Result<Option<FieldOp>, Infallible> {
        let found = self.fields.get(key).and_then(|ops| ops.get(id));
        Ok(found.map(|(value, live)| FieldOp { id: id.clone(), value: value.clone(), live: *live }))
    }

    fn put_of(&self, change: &ChangeFacts, key: &FieldKey) -> Result<Option<FieldOp>, Infallible> {
        let id = |counter| OpId { counter, actor: change.actor.clone() };
        let ops = self.fields.get(key).into_iter();
        let mut ops = ops.flat_map(|ops| ops.range(id(change.start_op)..=id(change.max_op)));
        let found = ops.find(|(id, _)| id.actor == change.actor);
        Ok(found.map(|(id, (value, live))| FieldOp { id: id.clone(), value: value.clone(), live: *live }))
    }

    fn field_ops(&self, key: &FieldKey) -> Result<Vec<FieldOp>, Infallible> {
        let ops = self.fields.get(key).into_iter().flatten().filter(|(_, (_, live))| *live);
        Ok(ops.map(|(id, (value, _))| FieldOp { id: id.clone(), value: value.clone(), live: true }).collect())
    }

    fn record(&self, key: &RecordKey) -> Result<Option<RecordFacts>, Infallible> {
        Ok(self.taken.get(key).copied())
    }
}
