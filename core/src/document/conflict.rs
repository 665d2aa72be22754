//! A profile field that two people changed without knowing of each other: every value is kept and shown with its
//! author until somebody chooses. Until then the value of the greatest operation is the one in use.
//!
//! Choosing is an ordinary [edit](super::edit): it replaces all values that its author saw.

use automerge::ActorId;

use super::change::{FieldValue, OpId};
use super::facts::FieldOp;
use super::keys::FieldKey;

/// One field with several values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict<A> {
    pub key: FieldKey,
    /// The one in use first, then the others from the latest operation to the earliest; at least two differ.
    pub values: Vec<Candidate<A>>,
}

/// A value and who put it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate<A> {
    pub id: OpId,
    pub value: FieldValue,
    pub author: A,
}

/// The conflict among the live operations of `key`, if there is one: people who wrote the same agree.
///
/// `author` tells the person behind an actor, or whatever is known of it.
pub fn conflict<A>(key: &FieldKey, ops: Vec<FieldOp>, author: impl Fn(&ActorId) -> A) -> Option<Conflict<A>> {
    let mut live: Vec<FieldOp> = ops.into_iter().filter(|op| op.live).collect();
    live.sort_unstable_by(|a, b| b.id.cmp(&a.id));
    let (first, rest) = live.split_first()?;
    if rest.iter().all(|op| op.value == first.value) {
        return None;
    }
    let values = live
        .into_iter()
        .map(|op| Candidate { author: author(&op.id.actor), id: op.id, value: op.value })
        .collect();
    Some(Conflict { key: key.clone(), values })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn op(counter: u64, actor: u8, value: &str, live: bool) -> FieldOp {
        let id = OpId { counter, actor: ActorId::from([actor; 16]) };
        FieldOp { id, value: FieldValue::Text(value.into()), live }
    }

    #[test]
    fn all_live_values_are_listed_with_their_authors_the_winner_first() {
        let key = FieldKey::new("contact/01ARZ3NDEKTSV4RRFFQ69G5FAV/phone").unwrap();
        let ops =
            vec![op(4, 9, "b", true), op(5, 1, "c", true), op(4, 7, "a", true), op(9, 1, "gone", false)];
        let conflict = conflict(&key, ops, |actor| actor.to_bytes()[0]).unwrap();
        let said: Vec<_> = conflict.values.iter().map(|said| (said.value.clone(), said.author)).collect();
        let text = |text: &str| FieldValue::Text(text.into());
        assert_eq!(said, [(text("c"), 1), (text("b"), 9), (text("a"), 7)]);
    }

    #[test]
    fn one_value_or_the_same_value_twice_is_no_conflict() {
        let key = FieldKey::new("name").unwrap();
        assert_eq!(conflict(&key, vec![], |_| ()), None);
        assert_eq!(conflict(&key, vec![op(1, 1, "a", true)], |_| ()), None);
        assert_eq!(conflict(&key, vec![op(1, 1, "a", true), op(1, 2, "b", false)], |_| ()), None);
        assert_eq!(conflict(&key, vec![op(1, 1, "a", true), op(1, 2, "a", true)], |_| ()), None);
    }
}
