//! Moments in the life of a document: what was stored, and the change that came next.

use automerge::Automerge;
use cartera_core::document::{Change, FieldValue, MemoryFacts, append, edit};

use crate::support::{Rng, actor, document_id, field, record_bytes, record_key, record_with};

pub(crate) struct Moment {
    pub(crate) facts: MemoryFacts,
    pub(crate) doc: Automerge,
    /// The change that was admitted next.
    pub(crate) change: Change,
    /// Some of those after it.
    pub(crate) later: Vec<Change>,
    /// Other changes of the document, stored or not.
    pub(crate) others: Vec<Change>,
}

/// Documents of several devices with records, edits over conflicts, and deletes, each seen at many moments.
pub(crate) fn corpus() -> Vec<Moment> {
    (0..6).flat_map(|seed| life(seed, 30)).collect()
}

fn life(seed: u64, steps: usize) -> Vec<Moment> {
    let mut rng = Rng::new(1_000 + seed);
    let id = document_id(&mut rng);
    let actors: Vec<_> = (0..2 + seed as usize % 3).map(|_| actor(&mut rng)).collect();
    let first = append::create(&actors[0], id, 1_790_000_000_000).unwrap();
    let mut facts = MemoryFacts::new(id);
    facts.apply(&first);
    let mut views = vec![facts.clone(); actors.len()];
    let mut changes = vec![first];
    let fields = ["name", "tag/terraza", "contact/01ARZ3NDEKTSV4RRFFQ69G5FAV/phone", "address"];
    while changes.len() < steps {
        let who = rng.below(actors.len());
        if rng.one_in(3) {
            views[who] = facts.clone();
        }
        let time_ms = 1_790_000_000_000 + changes.len() as i64 * 60_000;
        let made = if rng.one_in(3) {
            let key = record_key(&mut rng, ["v", "p", "future"][changes.len() % 3]);
            let bytes = match rng.below(3) {
                0 => record_with(10, Some((5 + rng.below(2) as u8, key.id))),
                _ => record_bytes(rng.below(200)),
            };
            append::record(&actors[who], &views[who], key, bytes, time_ms).ok()
        } else {
            let first = rng.below(fields.len());
            let edits = (0..1 + rng.below(3)).map(|n| {
                let value = match rng.below(5) {
                    0 => FieldValue::Int(rng.next() as i64 >> 30),
                    1 => FieldValue::Bool(true),
                    2 => FieldValue::Timestamp(1_790_000_000_000),
                    3 => FieldValue::Cbor(vec![0xa1, 0x01, 0x82, 0x18, 0x64, 0x39, 0x01, 0x00]),
                    _ => FieldValue::Text(format!("Bar {}", rng.below(100))),
                };
                (field(fields[(first + n) % fields.len()]), (!rng.one_in(5)).then_some(value))
            });
            edit::fields(&actors[who], &views[who], edits.collect(), time_ms).unwrap()
        };
        if let Some(change) = made {
            views[who].apply(&change);
            facts.apply(&change);
            changes.push(change);
        }
    }
    moments(&changes)
}

fn moments(changes: &[Change]) -> Vec<Moment> {
    let Some(cartera_core::document::Body::Create(id)) = changes[0].ops.first().map(|op| &op.body) else {
        panic!("a document begins with its id")
    };
    let mut facts = MemoryFacts::new(*id);
    let mut doc = Automerge::new();
    let mut moments = Vec::new();
    for (n, change) in changes.iter().enumerate() {
        moments.push(Moment {
            facts: facts.clone(),
            doc: doc.clone(),
            change: change.clone(),
            later: changes[n + 1..].iter().take(8).cloned().collect(),
            others: changes.iter().filter(|other| other.hash != change.hash).cloned().collect(),
        });
        facts.apply(change);
        doc.apply_changes([automerge::Change::try_from(&change.bytes[..]).unwrap()]).unwrap();
    }
    moments
}
