//! Seeded randomness, records and devices for the document tests.

use automerge::{ActorId, ROOT, ReadDoc, ScalarValue};
use cartera_core::document::admit::{Outcome, causality, inspect};
use cartera_core::document::{Change, FieldKey, FieldValue, MemoryFacts, RecordKey};
use cartera_core::model::{DocumentId, RecordId};

/// A small generator of its own, so that a seed means the same for ever.
#[derive(Clone)]
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678_9abc_def1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Below `bound`, which is not 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() >> 11) as usize % bound
    }

    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| (self.next() >> 32) as u8)
    }
}

pub(crate) fn actor(rng: &mut Rng) -> ActorId {
    ActorId::from(rng.bytes::<16>())
}

pub(crate) fn document_id(rng: &mut Rng) -> DocumentId {
    DocumentId::from_bytes(rng.bytes())
}

pub(crate) fn record_key(rng: &mut Rng, kind: &str) -> RecordKey {
    RecordKey::new(kind, RecordId::from_bytes(rng.bytes())).unwrap()
}

pub(crate) fn field(key: &str) -> FieldKey {
    FieldKey::new(key).unwrap()
}

/// A record of version 1 with a text of `length` bytes in key 8.
pub(crate) fn record_bytes(length: usize) -> Vec<u8> {
    record_with(length, None)
}

/// The same with key 5 (amends) or 6 (voids).
pub(crate) fn record_with(length: usize, relation: Option<(u8, RecordId)>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut e = minicbor::Encoder::new(&mut bytes);
    e.map(6 + u64::from(relation.is_some())).unwrap();
    e.u8(0).unwrap().u8(1).unwrap();
    e.u8(1).unwrap().i64(1_790_000_000_000).unwrap();
    e.u8(2).unwrap().i32(20_717).unwrap();
    e.u8(3).unwrap().str("Europe/Madrid").unwrap();
    e.u8(4).unwrap().u8(0).unwrap();
    if let Some((key, target)) = relation {
        e.u8(key).unwrap().bytes(target.as_bytes()).unwrap();
    }
    e.u8(8).unwrap().str(&"x".repeat(length)).unwrap();
    bytes
}

/// Passes a change through admission and takes it into the facts.
pub(crate) fn admit(facts: &mut MemoryFacts, bytes: &[u8]) -> Change {
    let change = inspect(bytes).unwrap_or_else(|refusal| panic!("{refusal}"));
    let Ok(outcome) = causality(&change, facts.document(), facts);
    assert_eq!(outcome, Outcome::Admit, "{change:?}");
    facts.apply(&change);
    change
}

pub(crate) fn am_value(value: &FieldValue) -> ScalarValue {
    match value {
        FieldValue::Text(text) => ScalarValue::Str(text.as_str().into()),
        FieldValue::Int(int) => ScalarValue::Int(*int),
        FieldValue::Bool(bool) => ScalarValue::Boolean(*bool),
        FieldValue::Timestamp(ms) => ScalarValue::Timestamp(*ms),
        FieldValue::Cbor(bytes) => ScalarValue::Bytes(bytes.clone()),
    }
}

/// Facts and Automerge agree on heads, on every field's live values in order, and on every record.
pub(crate) fn assert_same_contents(facts: &MemoryFacts, doc: &automerge::Automerge) {
    use cartera_core::document::Facts;
    let Ok(heads) = facts.heads();
    let mut theirs = doc.get_heads();
    theirs.sort_unstable();
    assert_eq!(heads, theirs, "heads");
    let mut ours: Vec<(String, Vec<ScalarValue>)> = facts
        .profile()
        .into_iter()
        .map(|(key, live)| (key.to_string(), live.into_iter().map(|(_, value)| am_value(value)).collect()))
        .chain(
            facts
                .records()
                .map(|(key, bytes, _)| (key.to_string(), vec![ScalarValue::Bytes(bytes.to_vec())])),
        )
        .collect();
    ours.push(("id".into(), vec![ScalarValue::Bytes(facts.document().as_bytes().to_vec())]));
    ours.sort_by(|a, b| a.0.cmp(&b.0));
    let theirs: Vec<(String, Vec<ScalarValue>)> = doc
        .keys(ROOT)
        .map(|key| {
            let values = doc.get_all(ROOT, key.as_str()).unwrap();
            let values = values.into_iter().map(|(value, _)| value.into_scalar().unwrap()).collect();
            (key, values)
        })
        .collect();
    assert_eq!(ours, theirs, "contents");
}

pub(crate) fn uleb(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let byte = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(byte);
            return bytes;
        }
        bytes.push(byte | 0x80);
    }
}

/// Where the body begins in a chunk of 128 to 16,383 bytes.
pub(crate) const HEADER: usize = 11;

/// A chunk with a right length and a right checksum around whatever `body` is.
pub(crate) fn sealed(chunk_type: u8, body: &[u8]) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    let hashed = [&[chunk_type][..], &uleb(body.len() as u64), body].concat();
    let hash = Sha256::digest(&hashed);
    [&[0x85, 0x6f, 0x4a, 0x83][..], &hash[..4], &hashed].concat()
}

thread_local! {
    static QUIET: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Runs `work` without the default hook's words about panics that it expects and catches on this thread.
pub(crate) fn quietly<T>(work: impl FnOnce() -> T) -> T {
    static HOOK: std::sync::Once = std::sync::Once::new();
    HOOK.call_once(|| {
        let loud = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                loud(panic);
            }
        }));
    });
    QUIET.set(true);
    let done = work();
    QUIET.set(false);
    done
}
