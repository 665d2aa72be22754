//! Changes made from facts are the bytes that an Automerge transaction on the loaded document makes.

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, ChangeHash, ROOT, ReadDoc};
use cartera_core::document::admit::{Outcome, causality};
use cartera_core::document::limits::{MAX_FIELD_BYTES, MAX_OPS, MAX_RECORD_BYTES, MAX_TIME_S};
use cartera_core::document::{Change, FieldValue, MemoryFacts, append, edit};
use cartera_core::model::DocumentId;

use crate::support::{
    Rng, actor, admit, am_value, assert_same_contents, document_id, field, record_bytes, record_key,
};

/// One device, kept twice: as facts, and as a loaded Automerge document.
struct Device {
    actor: ActorId,
    facts: MemoryFacts,
    doc: Automerge,
    /// Changes of others that have not arrived yet, oldest first.
    inbox: Vec<Change>,
}

impl Device {
    fn new(rng: &mut Rng, id: DocumentId) -> Self {
        let actor = actor(rng);
        let doc = Automerge::new().with_actor(actor.clone());
        Self { actor, facts: MemoryFacts::new(id), doc, inbox: Vec::new() }
    }

    /// Our change, and the transaction that says the same, give the same bytes; both are kept.
    fn write(&mut self, change: Change, transact: impl FnOnce(&mut automerge::transaction::Transaction<'_>)) {
        let mut transaction = self.doc.transaction();
        transact(&mut transaction);
        let options = CommitOptions::default().with_time(change.time_s);
        let (hash, _) = transaction.commit_with(options);
        let theirs = self.doc.get_change_by_hash(&hash.unwrap()).unwrap();
        assert_eq!(change.bytes, theirs.raw_bytes(), "the bytes differ: {change:?}");
        assert_eq!(ChangeHash(change.hash.0), theirs.hash());
        assert_eq!(admit(&mut self.facts, &change.bytes), change, "read back, it is what was written");
    }

    /// Takes what can be taken of the inbox, in an order of its own.
    fn receive(&mut self, rng: &mut Rng, share: usize) {
        let mut waiting = std::mem::take(&mut self.inbox);
        let mut todo = waiting.len() * share / 100;
        while todo > 0 && !waiting.is_empty() {
            todo -= 1;
            let place = rng.below(waiting.len());
            let Ok(outcome) = causality(&waiting[place], self.facts.document(), &self.facts);
            match outcome {
                Outcome::Admit => {
                    let change = waiting.swap_remove(place);
                    self.facts.apply(&change);
                    self.doc.apply_changes([automerge::Change::from_bytes(change.bytes).unwrap()]).unwrap();
                }
                Outcome::Held { .. } => {}
                other => panic!("{other:?}"),
            }
        }
        self.inbox = waiting;
    }
}

fn value(rng: &mut Rng) -> FieldValue {
    match rng.below(6) {
        0 => FieldValue::Int(rng.next() as i64 >> rng.below(64)),
        1 => FieldValue::Bool(rng.one_in(2)),
        2 => FieldValue::Timestamp(rng.next() as i64 >> 20),
        3 => FieldValue::Cbor(vec![0x82, 0x01, 0x20]),
        _ => FieldValue::Text(["Bar Paco", "", "Bar Lola, ñ", "x"][rng.below(4)].into()),
    }
}

const FIELDS: [&str; 6] = [
    "name",
    "legal_name",
    "sector",
    "tag/terraza",
    "contact/01ARZ3NDEKTSV4RRFFQ69G5FAV/phone",
    "pref/horario",
];

/// Devices write and receive in shuffled order; returns how many changes were compared.
fn shuffled_fleet(seed: u64, devices: usize, steps: usize) -> usize {
    let mut rng = Rng::new(seed);
    let id = document_id(&mut rng);
    let mut fleet: Vec<Device> = (0..devices).map(|_| Device::new(&mut rng, id)).collect();
    let first = append::create(&fleet[0].actor.clone(), id, 1_790_000_000_123).unwrap();
    fleet[0].write(first.clone(), |t| t.put(ROOT, "id", id.as_bytes().to_vec()).unwrap());
    for device in &mut fleet[1..] {
        device.inbox.push(first.clone());
        device.receive(&mut rng, 100);
    }
    let mut compared = 1;
    for step in 0..steps {
        let which = rng.below(devices);
        let share = [0, 30, 100][rng.below(3)];
        fleet[which].receive(&mut rng, share);
        let device = &mut fleet[which];
        let time_ms = 1_790_000_000_000 + 1_500 * step as i64 - 40_000;
        let made = if rng.one_in(2) {
            let records: Vec<_> = (0..1 + rng.below(2))
                .map(|_| {
                    let kind = ["v", "p", "abcdefgh"][rng.below(3)];
                    (record_key(&mut rng, kind), record_bytes(rng.below(300)))
                })
                .collect();
            let change = append::records(&device.actor, &device.facts, records.clone(), time_ms).unwrap();
            device.write(change.clone(), |t| {
                for (key, bytes) in records {
                    t.put(ROOT, key.to_string(), bytes).unwrap();
                }
            });
            Some(change)
        } else {
            let first = rng.below(FIELDS.len());
            let edits: Vec<_> = (0..1 + rng.below(4))
                .map(|n| {
                    (field(FIELDS[(first + n) % FIELDS.len()]), (!rng.one_in(4)).then(|| value(&mut rng)))
                })
                .collect();
            let change = edit::fields(&device.actor, &device.facts, edits.clone(), time_ms).unwrap();
            match &change {
                Some(change) => device.write(change.clone(), |t| {
                    for (key, value) in &edits {
                        match value {
                            Some(value) => t.put(ROOT, key.as_str(), am_value(value)).unwrap(),
                            None => t.delete(ROOT, key.as_str()).unwrap(),
                        }
                    }
                }),
                None => {
                    let mut t = device.doc.transaction();
                    for (key, value) in &edits {
                        match value {
                            Some(value) => t.put(ROOT, key.as_str(), am_value(value)).unwrap(),
                            None => t.delete(ROOT, key.as_str()).unwrap(),
                        }
                    }
                    assert_eq!(t.commit().0, None, "Automerge sees a change where we see none");
                }
            }
            change
        };
        if let Some(change) = made {
            compared += 1;
            for (other, device) in fleet.iter_mut().enumerate() {
                if other != which {
                    device.inbox.push(change.clone());
                }
            }
        }
    }
    for device in &mut fleet {
        while !device.inbox.is_empty() {
            device.receive(&mut rng, 100);
        }
    }
    for device in &fleet {
        assert_same_contents(&device.facts, &device.doc);
        assert_eq!(device.facts, fleet[0].facts, "devices differ");
    }
    compared
}

#[test]
fn appended_and_edited_bytes_are_those_of_an_automerge_transaction() {
    let mut compared = 0;
    for seed in 0..30 {
        compared += shuffled_fleet(seed, 2 + seed as usize % 5, 300);
    }
    assert!(compared > 6_000, "only {compared} changes were compared");
}

#[test]
fn what_admission_would_refuse_is_not_written() {
    let mut rng = Rng::new(2);
    let id = document_id(&mut rng);
    let own = actor(&mut rng);
    let empty = MemoryFacts::new(id);
    let mut facts = empty.clone();
    facts.apply(&append::create(&own, id, 0).unwrap());
    let mut code = |facts: &MemoryFacts, records: Vec<Vec<u8>>| {
        let records = records.into_iter().map(|bytes| (record_key(&mut rng, "v"), bytes)).collect();
        append::records(&own, facts, records, 0).map(drop).unwrap_err().code()
    };
    assert_eq!(code(&empty, vec![record_bytes(1)]), "document_not_begun");
    assert_eq!(code(&facts, vec![]), "malformed");
    assert_eq!(code(&facts, vec![vec![0xa0]]), "schema");
    assert_eq!(code(&facts, vec![record_bytes(MAX_RECORD_BYTES)]), "too_large");
    assert_eq!(code(&facts, vec![record_bytes(60_000); 5]), "too_large");
    let key = record_key(&mut rng, "v");
    let twice = append::records(&own, &facts, vec![(key, record_bytes(1)), (key, record_bytes(1))], 0);
    assert_eq!(twice.unwrap_err().code(), "schema");

    let text = |key: &str, text: String| (field(key), Some(FieldValue::Text(text)));
    let code = |edits| edit::fields(&own, &facts, edits, 0).map(drop).unwrap_err().code();
    assert_eq!(code(vec![text("name", "x".into()), text("name", "y".into())]), "schema");
    assert_eq!(code(vec![text("name", "x".repeat(MAX_FIELD_BYTES + 1))]), "too_large");
    assert_eq!(code(vec![(field("address"), Some(FieldValue::Cbor(vec![0xff])))]), "schema");
    let many = (0..=MAX_OPS).map(|n| text(&format!("field_{n}"), "x".into())).collect();
    assert_eq!(code(many), "too_large");
    assert_eq!(
        edit::fields(&own, &facts, vec![(field("name"), None)], 0).unwrap(),
        None,
        "nothing to delete"
    );

    assert_eq!(append::create(&ActorId::from([1; 15]), id, 0).unwrap_err().code.as_str(), "schema");
}

#[test]
fn a_clock_that_is_wrong_by_any_amount_still_writes_what_is_admitted() {
    let mut rng = Rng::new(3);
    let id = document_id(&mut rng);
    for (time_ms, time_s) in
        [(i64::MIN, -MAX_TIME_S), (-1, -1), (0, 0), (999, 0), (1_000, 1), (i64::MAX, MAX_TIME_S)]
    {
        let mut facts = MemoryFacts::new(id);
        let change = append::create(&actor(&mut rng), id, time_ms).unwrap();
        assert_eq!(admit(&mut facts, &change.bytes).time_s, time_s);
    }
}
