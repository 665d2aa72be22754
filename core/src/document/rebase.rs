//! Writing unsent work anew when the relay did not take all of it.
//!
//! The author's document already holds what was refused, and what was refused can never be part of anybody else's. So
//! the document starts again from the acknowledged changes, and every other unsent change that is to be kept is
//! written anew, in order, by a fresh actor:
//!
//! - a record keeps its key and its bytes;
//! - its dependencies are the acknowledged changes that the original had seen, never the present heads, and the
//!   previous rewritten change;
//! - its predecessors are the original's. One that belonged to a rewritten change takes its new id; one that belonged
//!   to a change left out is replaced by that operation's own predecessors, and so on. A delete that has none left
//!   falls away;
//! - it names as its origin the change that was first written. A device that was restored or cloned in between writes the
//!   same work anew by another actor, or sends the original: so it is known for the same wherever both arrive, and one
//!   of them stands for the other, its puts for the other's;
//! - where nothing is acknowledged, a new first change comes before them;
//! - a change that one of them was built on may be gone (a database was damaged). What came after it had seen, at the
//!   least, what the unsent changes before it had, or the document's first change; predecessors beyond that are left
//!   out, and the edit shows as a conflict.
//! - where the document has begun meanwhile with another first change (two devices of one person did, each without
//!   knowing of the other), what was built on this one's is built on that.
//!
//! Thus an edit stays concurrent with whatever its author had not seen, and shows as a conflict instead of
//! overwriting it. One function serves refusal, equivocation, a restored backup, and work handed in by file.
//!
//! Nothing is loaded: an original's past is followed through the unsent changes down to acknowledged ones, and the
//! new changes follow from their facts.

use std::collections::{BTreeSet, HashMap, HashSet};

use automerge::{ActorId, ChangeHash};

use super::admit::Refusal;
use super::ancestry;
use super::append::finish;
use super::change::{Body, Change, Draft, Op, OpId};
use super::facts::{ChangeFacts, Facts};
use crate::model::DocumentId;

/// What is to become of an unsent change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Keep,
    /// It was refused.
    LeaveOut,
    /// This acknowledged change stands for it: [`Outcome::Duplicate`](super::admit::Outcome::Duplicate). Fields that it
    /// puts beside what stands there are written anew.
    StandsAs(ChangeHash),
}

/// An unsent change, and what is to become of it.
#[derive(Debug, Clone, Copy)]
pub struct Unsent<'c> {
    pub change: &'c Change,
    pub fate: Fate,
}

/// Unsent work, written anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebased {
    /// To be applied to the acknowledged document, and sent, in this order.
    pub changes: Vec<Change>,
    /// For each unsent change, in the order given: the new change that carries it on. `None` if it was left out, stood
    /// there already, or was nothing but deletes of what is gone.
    pub replaced_by: Vec<Option<ChangeHash>>,
}

/// Nothing was rebased.
#[derive(Debug, thiserror::Error)]
pub enum RebaseError<E> {
    #[error("the document's stored state could not be read: {0}")]
    Facts(#[source] E),
    /// An actor's numbers begin at 1: it must not have written to this document before.
    #[error("the actor has written to this document before; a rebase takes a fresh one")]
    ActorUsed,
    /// What is to stand for an unsent change is not there.
    #[error("no acknowledged change stands for unsent change {0}")]
    NotAcknowledged(ChangeHash),
    /// What came out would not be admitted.
    #[error("unsent change {original} cannot be written anew: {refusal}")]
    Refused { original: ChangeHash, refusal: Refusal },
}

impl<E> RebaseError<E> {
    /// Stable, for logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Facts(_) => "document_facts",
            Self::ActorUsed => "rebase_actor_used",
            Self::NotAcknowledged(_) => "rebase_not_acknowledged",
            Self::Refused { refusal, .. } => refusal.code.as_str(),
        }
    }
}

/// Writes those of `unsent` that are to be kept (in causal order) anew as `actor`, on top of what they had seen of
/// `acknowledged`: the facts of the acknowledged changes of `document`, and of no others.
///
/// # Errors
/// [`RebaseError`].
pub fn rebase<F: Facts + ?Sized>(
    acknowledged: &F,
    document: DocumentId,
    unsent: &[Unsent<'_>],
    actor: &ActorId,
) -> Result<Rebased, RebaseError<F::Error>> {
    if acknowledged.last_of(actor).map_err(RebaseError::Facts)?.is_some() {
        return Err(RebaseError::ActorUsed);
    }
    let mut writer = Writer::new(acknowledged, actor);
    let begun = ancestry::first(acknowledged).map_err(RebaseError::Facts)?;
    if begun.is_none()
        && let Some(first) = unsent.first()
    {
        writer.begin(document, first.change)?;
    }
    let mut seen: HashMap<ChangeHash, HashSet<ChangeHash>> = HashMap::with_capacity(unsent.len());
    let mut replaced_by = Vec::with_capacity(unsent.len());
    for Unsent { change, fate } in unsent {
        let mut past = HashSet::new();
        let mut gap = false;
        if change.deps.is_empty() {
            // Somebody else's beginning stands for this one.
            past.extend(begun);
        }
        for dep in &change.deps {
            if let Some(further) = seen.get(dep) {
                past.extend(further);
            } else if acknowledged.change(dep).map_err(RebaseError::Facts)?.is_some() {
                past.insert(*dep);
            } else {
                gap = true;
            }
        }
        if gap {
            writer.gap = true;
            past.extend(seen.values().flatten());
            if past.is_empty() {
                past.extend(begun);
            }
        }
        replaced_by.push(match fate {
            Fate::Keep => writer.write(change, &past, change.ops.iter().collect())?,
            Fate::LeaveOut => {
                writer.leave_out(change);
                None
            }
            Fate::StandsAs(by) => {
                let by = acknowledged.change(by).map_err(RebaseError::Facts)?;
                let by = by.ok_or(RebaseError::NotAcknowledged(change.hash))?;
                past.insert(by.hash);
                let rest = writer.stands_as(change, &by)?;
                writer.write(change, &past, rest)?
            }
        });
        seen.insert(change.hash, past);
    }
    Ok(Rebased { changes: writer.changes, replaced_by })
}

struct Writer<'f, F: Facts + ?Sized> {
    acknowledged: &'f F,
    actor: &'f ActorId,
    changes: Vec<Change>,
    /// The latest acknowledged changes that the last of `changes` has seen.
    covered: HashSet<ChangeHash>,
    /// What stands now for a put of an unsent change: its new id, or its own predecessors.
    ops: HashMap<OpId, Vec<OpId>>,
    /// A change that was built on is gone.
    gap: bool,
}

impl<'f, F: Facts + ?Sized> Writer<'f, F> {
    fn new(acknowledged: &'f F, actor: &'f ActorId) -> Self {
        Self {
            acknowledged,
            actor,
            changes: Vec::new(),
            covered: HashSet::new(),
            ops: HashMap::new(),
            gap: false,
        }
    }

    fn begin(&mut self, document: DocumentId, original: &Change) -> Result<(), RebaseError<F::Error>> {
        let stands_for = |op: &Op| matches!(op.body, Body::Create(_));
        let first = finish(Draft {
            actor: self.actor.clone(),
            seq: 1,
            start_op: 1,
            time_s: original.time_s,
            deps: Vec::new(),
            origin: original.ops.iter().any(stands_for).then(|| original.origin()),
            bodies: vec![Body::Create(document)],
        });
        self.changes
            .push(first.map_err(|refusal| RebaseError::Refused { original: original.hash, refusal })?);
        Ok(())
    }

    fn leave_out(&mut self, original: &Change) {
        for op in &original.ops {
            if let Body::Put { pred, .. } = &op.body {
                let pred = self.translated(pred);
                self.ops.insert(op.id.clone(), pred);
            }
        }
    }

    /// The puts of `by` take the place of the original's; gives those that it has not.
    fn stands_as<'c>(
        &mut self,
        original: &'c Change,
        by: &ChangeFacts,
    ) -> Result<Vec<&'c Op>, RebaseError<F::Error>> {
        let mut rest = Vec::new();
        for op in &original.ops {
            if let Body::Put { key, .. } = &op.body {
                match self.acknowledged.put_of(by, key).map_err(RebaseError::Facts)? {
                    Some(put) => {
                        self.ops.insert(op.id.clone(), vec![put.id]);
                    }
                    None => rest.push(op),
                }
            }
        }
        Ok(rest)
    }

    fn write(
        &mut self,
        original: &Change,
        past: &HashSet<ChangeHash>,
        ops: Vec<&Op>,
    ) -> Result<Option<ChangeHash>, RebaseError<F::Error>> {
        let mut bodies = Vec::with_capacity(ops.len());
        let mut puts = Vec::new();
        for op in ops {
            match &op.body {
                // Acknowledged already, or begun anew.
                Body::Create(_) => {
                    return Ok(self
                        .changes
                        .first()
                        .filter(|first| first.deps.is_empty())
                        .map(|first| first.hash));
                }
                Body::Put { key, value, pred } => {
                    puts.push((bodies.len() as u64, op.id.clone()));
                    let pred = self.predecessors(pred, past)?;
                    bodies.push(Body::Put { key: key.clone(), value: value.clone(), pred });
                }
                Body::Delete { key, pred } => {
                    let pred = self.predecessors(pred, past)?;
                    if !pred.is_empty() {
                        bodies.push(Body::Delete { key: key.clone(), pred });
                    }
                }
                Body::Record { .. } => bodies.push(op.body.clone()),
            }
        }
        if bodies.is_empty() {
            return Ok(None);
        }
        let (deps, start_op) = self.place(past)?;
        for (place, old) in puts {
            let new = OpId { counter: start_op + place, actor: self.actor.clone() };
            self.ops.insert(old, vec![new]);
        }
        let seq = self.changes.len() as u64 + 1;
        let draft = Draft {
            actor: self.actor.clone(),
            seq,
            start_op,
            time_s: original.time_s,
            deps,
            origin: Some(original.origin()),
            bodies,
        };
        let change =
            finish(draft).map_err(|refusal| RebaseError::Refused { original: original.hash, refusal })?;
        let hash = change.hash;
        self.changes.push(change);
        Ok(Some(hash))
    }

    /// Dependencies and first counter of the next change, whose original had seen `past`.
    fn place(&mut self, past: &HashSet<ChangeHash>) -> Result<(Vec<ChangeHash>, u64), RebaseError<F::Error>> {
        let both = self.covered.union(past).copied().collect();
        let latest = ancestry::maximal(self.acknowledged, &both).map_err(RebaseError::Facts)?;
        let mut deps = Vec::new();
        let mut max_op = 0;
        for hash in &latest {
            if !self.covered.contains(hash) {
                let change = self.acknowledged.change(hash).map_err(RebaseError::Facts)?;
                max_op = max_op.max(change.map_or(0, |change| change.max_op));
                deps.push(*hash);
            }
        }
        if let Some(previous) = self.changes.last() {
            max_op = max_op.max(previous.max_op());
            deps.push(previous.hash);
        }
        deps.sort_unstable();
        self.covered = latest.into_iter().collect();
        Ok((deps, max_op + 1))
    }

    /// Predecessors as they are now, without those that a change which is gone would have had to show.
    fn predecessors(
        &self,
        pred: &[OpId],
        past: &HashSet<ChangeHash>,
    ) -> Result<Vec<OpId>, RebaseError<F::Error>> {
        let mut now = self.translated(pred);
        if self.gap {
            let seen: Vec<_> = self.covered.union(past).copied().collect();
            let mut kept = Vec::with_capacity(now.len());
            for id in now {
                let covered =
                    || ancestry::covered(self.acknowledged, &seen, &[&id]).map_err(RebaseError::Facts);
                if id.actor == *self.actor || covered()? == ancestry::Covered::All {
                    kept.push(id);
                }
            }
            now = kept;
        }
        Ok(now)
    }

    /// Predecessors as they are now, ascending, none twice.
    fn translated(&self, pred: &[OpId]) -> Vec<OpId> {
        let mut now = BTreeSet::new();
        for id in pred {
            match self.ops.get(id) {
                Some(ids) => now.extend(ids.iter().cloned()),
                None => {
                    now.insert(id.clone());
                }
            }
        }
        now.into_iter().collect()
    }
}
