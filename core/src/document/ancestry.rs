//! Who came before whom, answered from stored changes by walking dependencies, newest first.
//!
//! Two properties that admission has made sure of keep the walks short. A change's operations are numbered past all
//! of its dependencies', so an ancestor's largest counter is always smaller, and a walk ends below what it looks for.
//! And an actor's changes form a chain, so whoever has seen one of them has seen those before it.

use std::collections::{BinaryHeap, HashSet};

use automerge::ChangeHash;

use super::change::OpId;
use super::facts::{ChangeFacts, Facts};
use super::limits::MAX_ANCESTRY_STEPS;

/// Whether operations lie in the past of some changes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Covered {
    All,
    /// At least one does not.
    NotAll,
    /// The answer would take more than [`MAX_ANCESTRY_STEPS`].
    TooFar,
}

/// Whether each of `ops`, all of them stored, was made by one of `from` or an ancestor of one.
pub(super) fn covered<F: Facts + ?Sized>(
    facts: &F,
    from: &[ChangeHash],
    ops: &[&OpId],
) -> Result<Covered, F::Error> {
    if ops.is_empty() {
        return Ok(Covered::All);
    }
    let mut open = ops.to_vec();
    let mut walk = Walk::start(facts, from)?;
    while !open.is_empty() {
        let lowest = open.iter().map(|op| op.counter).min().unwrap_or(0);
        match walk.next(lowest)? {
            Step::Change(change) => {
                open.retain(|op| op.actor != change.actor || op.counter > change.max_op);
            }
            Step::End => return Ok(Covered::NotAll),
            Step::TooFar => return Ok(Covered::TooFar),
        }
    }
    Ok(Covered::All)
}

/// Those of `hashes` that are no ancestor of another, ascending. Past [`MAX_ANCESTRY_STEPS`] some may be left in that
/// are: as dependencies they are superfluous, not wrong.
pub(super) fn maximal<F: Facts + ?Sized>(
    facts: &F,
    hashes: &HashSet<ChangeHash>,
) -> Result<Vec<ChangeHash>, F::Error> {
    let mut kept = hashes.clone();
    if kept.len() > 1 {
        let from: Vec<_> = hashes.iter().copied().collect();
        let mut lowest = u64::MAX;
        for hash in &from {
            lowest = lowest.min(facts.change(hash)?.map_or(u64::MAX, |change| change.max_op));
        }
        let mut walk = Walk::start(facts, &from)?;
        while let Step::Change(change) = walk.next(lowest)? {
            for dep in &change.deps {
                kept.remove(dep);
            }
        }
    }
    let mut kept: Vec<_> = kept.into_iter().collect();
    kept.sort_unstable();
    Ok(kept)
}

/// The change that founded the document, if there is one.
pub(super) fn first<F: Facts + ?Sized>(facts: &F) -> Result<Option<ChangeHash>, F::Error> {
    let mut at = facts.heads()?.first().copied();
    while let Some(hash) = at {
        match facts.change(&hash)?.and_then(|change| change.deps.first().copied()) {
            Some(dep) => at = Some(dep),
            None => return Ok(Some(hash)),
        }
    }
    Ok(None)
}

enum Step {
    Change(ChangeFacts),
    End,
    TooFar,
}

/// Visits changes and their ancestors, largest counter first, each once.
struct Walk<'f, F: Facts + ?Sized> {
    facts: &'f F,
    queue: BinaryHeap<Queued>,
    seen: HashSet<ChangeHash>,
}

impl<'f, F: Facts + ?Sized> Walk<'f, F> {
    fn start(facts: &'f F, from: &[ChangeHash]) -> Result<Self, F::Error> {
        let mut walk = Self { facts, queue: BinaryHeap::new(), seen: HashSet::new() };
        walk.push(from)?;
        Ok(walk)
    }

    fn push(&mut self, hashes: &[ChangeHash]) -> Result<(), F::Error> {
        for hash in hashes {
            if self.seen.insert(*hash)
                && let Some(change) = self.facts.change(hash)?
            {
                self.queue.push(Queued(change));
            }
        }
        Ok(())
    }

    /// The next change, unless all that are left end below `lowest`.
    fn next(&mut self, lowest: u64) -> Result<Step, F::Error> {
        let Some(Queued(change)) = self.queue.pop() else { return Ok(Step::End) };
        if change.max_op < lowest {
            return Ok(Step::End);
        }
        if self.seen.len() > MAX_ANCESTRY_STEPS {
            return Ok(Step::TooFar);
        }
        self.push(&change.deps)?;
        Ok(Step::Change(change))
    }
}

struct Queued(ChangeFacts);

impl Ord for Queued {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.0.max_op, self.0.hash).cmp(&(other.0.max_op, other.0.hash))
    }
}

impl PartialOrd for Queued {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Queued {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Queued {}
