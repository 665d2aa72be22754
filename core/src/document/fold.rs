//! How records that name one another read: amendments, voids, and what is left over.
//!
//! A record is never edited. One that corrects it *amends* it, and says everything anew; one that takes it back
//! *voids* it. Both name a record of the same kind in the same document, and whoever writes one names what he saw:
//! the record, or its amendment. Everything is decided by the order of the operations that put the records
//! ([`OpId`]), never by ULID, device time or arrival, so a phone and the relay agree on what is still unsent.
//!
//! - A void has effect unless it is itself voided by one that has: voiding a void restores.
//! - A record with a void in effect is void, whatever amends it. A voided amendment counts for nothing, and neither
//!   does what amends it.
//! - Of a record's other amendments, and theirs, the greatest is shown and all are listed. Where more than one is
//!   itself not amended, their authors did not know of one another: they are concurrent.
//! - A record has no effect on its target, and stands alone as an *orphan*, when the target is not there (unknown, in
//!   another document, of another kind), is not earlier (so nothing goes in a circle), or is no business of its
//!   author's; and nothing amends a void. An orphan whose target arrives later takes its place then.
//!
//! The answer depends on the set alone. A store that keeps records as rows folds one *group*: all records of a kind
//! that are tied by targets, however far. The id at the end of the chain of targets, known or not, names the group;
//! when a record arrives, groups that were named by it join the group of its own target.

use std::collections::HashMap;

use super::change::OpId;
use super::header::Relation;
use super::keys::RecordKey;

/// A record as folding sees it. `A` says who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<A> {
    pub key: RecordKey,
    /// The operation that put it.
    pub id: OpId,
    pub author: A,
    pub relation: Option<Relation>,
}

/// Why a record that names a target stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Orphan {
    /// No record of the same kind in the same document has that id.
    NoTarget,
    /// The target was written later, or is the record itself.
    NotEarlier,
    /// It amends a void.
    AmendsVoid,
    /// Its author may not change the target.
    NotAllowed,
}

/// A record that stands for itself, with all that was said about it since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded {
    pub root: RecordKey,
    /// Set if `root` names a target and has no effect on it.
    pub orphan: Option<Orphan>,
    /// The void in effect, the greatest if there are several.
    pub voided_by: Option<RecordKey>,
    /// What it reads now: `root`, or the greatest of `amendments`.
    pub shown: RecordKey,
    /// In effect, ascending by operation.
    pub amendments: Vec<RecordKey>,
    /// Those of `amendments` that are not amended themselves. More than one: concurrent corrections.
    pub latest: Vec<RecordKey>,
}

/// Whether the author of the first record may amend or void the second: his own always, anybody's if he `is_manager`.
/// An author that is not known may neither.
pub fn own_or_manager<P: PartialEq>(
    is_manager: impl Fn(&P) -> bool,
) -> impl Fn(&Entry<Option<P>>, &Entry<Option<P>>) -> bool {
    move |by, target| match &by.author {
        Some(person) => target.author.as_ref() == Some(person) || is_manager(person),
        None => false,
    }
}

/// Folds records of one document, in any order, no key twice; the roots come out ascending by operation.
///
/// `allowed` tells whether the author of its first argument may amend or void its second.
pub fn fold<A>(records: &[Entry<A>], allowed: impl Fn(&Entry<A>, &Entry<A>) -> bool) -> Vec<Folded> {
    let mut order: Vec<&Entry<A>> = records.iter().collect();
    order.sort_unstable_by(|a, b| a.id.cmp(&b.id).then_with(|| a.key.cmp(&b.key)));
    let places: HashMap<RecordKey, usize> =
        order.iter().enumerate().map(|(n, entry)| (entry.key, n)).collect();
    let links: Vec<Link> = order.iter().map(|entry| link(entry, &order, &places, &allowed)).collect();

    // From the last on: whatever voids a record comes after it, so it is settled before.
    let mut voided_by: Vec<Option<usize>> = vec![None; order.len()];
    for n in (0..order.len()).rev() {
        if let Link::Voids(target) = links[n]
            && voided_by[n].is_none()
        {
            voided_by[target] = voided_by[target].max(Some(n));
        }
    }

    // From the first on: an amendment's target is settled before it.
    let mut folded: Vec<Folded> = Vec::new();
    let mut place_of: Vec<Option<usize>> = vec![None; order.len()]; // in `folded`, of what has effect there
    let key = |n: usize| order[n].key;
    for n in 0..order.len() {
        match links[n] {
            Link::None | Link::Orphan(_) => {
                place_of[n] = Some(folded.len());
                folded.push(Folded {
                    root: key(n),
                    orphan: if let Link::Orphan(why) = links[n] { Some(why) } else { None },
                    voided_by: voided_by[n].map(key),
                    shown: key(n),
                    amendments: Vec::new(),
                    latest: Vec::new(),
                });
            }
            Link::Amends(target) if voided_by[n].is_none() => {
                if let Some(place) = place_of[target] {
                    place_of[n] = Some(place);
                    let root = &mut folded[place];
                    root.shown = key(n);
                    root.amendments.push(key(n));
                    root.latest.retain(|latest| *latest != key(target));
                    root.latest.push(key(n));
                }
            }
            Link::Amends(_) | Link::Voids(_) => {}
        }
    }
    folded
}

#[derive(Clone, Copy)]
enum Link {
    None,
    Amends(usize),
    Voids(usize),
    Orphan(Orphan),
}

fn link<A>(
    entry: &Entry<A>,
    order: &[&Entry<A>],
    places: &HashMap<RecordKey, usize>,
    allowed: &impl Fn(&Entry<A>, &Entry<A>) -> bool,
) -> Link {
    let Some(relation) = entry.relation else { return Link::None };
    let key = RecordKey { kind: entry.key.kind, id: relation.target() };
    let Some(&place) = places.get(&key) else { return Link::Orphan(Orphan::NoTarget) };
    let target = order[place];
    if target.id >= entry.id {
        return Link::Orphan(Orphan::NotEarlier);
    }
    let amends = matches!(relation, Relation::Amends(_));
    if amends && matches!(target.relation, Some(Relation::Voids(_))) {
        return Link::Orphan(Orphan::AmendsVoid);
    }
    if !allowed(entry, target) {
        return Link::Orphan(Orphan::NotAllowed);
    }
    if amends { Link::Amends(place) } else { Link::Voids(place) }
}
