//! The bytes of a flat document's change, written without Automerge.
//!
//! Admission has Automerge encode what it read, since the bytes of a change from outside must be Automerge's own form
//! of it. Here it is the other way round: the hash of the result is known beforehand ([`unpack`](super::unpack)), so
//! nothing rests on these bytes being right; wrong ones have another hash and are thrown away.

use automerge::{ActorId, ChangeHash};
use sha2::{Digest, Sha256};

use super::change::{Body, Change, Draft, FieldValue, Op, OpId};
use super::chunk::{CHANGE, CHECKSUM, HASHED, MAGIC};
use super::keys::ID;

/// The specifications of a change's columns, in the order in which they stand: column id * 16 + type.
const COLUMNS: [u8; 8] = [0x15, 0x34, 0x42, 0x56, 0x57, 0x70, 0x71, 0x73];

const PUT: u64 = 1;
const DELETE: u64 = 3;

/// Room that changes written one after the other share.
#[derive(Default)]
pub(super) struct Writer {
    body: Vec<u8>,
    /// The columns, one after the other.
    columns: Vec<u8>,
    keys: Vec<String>,
    numbers: Vec<u64>,
    values: Vec<u8>,
}

impl Writer {
    pub(super) fn encode(&mut self, draft: Draft) -> Change {
        let others = others(&draft);
        let body = &mut self.body;
        body.clear();
        unsigned(body, draft.deps.len() as u64);
        draft.deps.iter().for_each(|hash| body.extend(hash.0));
        prefixed(body, draft.actor.to_bytes());
        unsigned(body, draft.seq);
        unsigned(body, draft.start_op);
        signed(body, draft.time_s);
        match &draft.origin {
            Some(origin) => prefixed(body, origin.to_string().as_bytes()),
            None => body.push(0),
        }
        unsigned(body, others.len() as u64);
        others.iter().for_each(|actor| prefixed(body, actor.to_bytes()));
        let ends = self.columns(&draft, &others);
        let body = &mut self.body;
        let mut begin = 0;
        let lengths = ends.map(|end| end - std::mem::replace(&mut begin, end));
        unsigned(body, lengths.iter().filter(|length| **length > 0).count() as u64);
        for (specification, length) in COLUMNS.iter().zip(lengths).filter(|(_, length)| *length > 0) {
            body.push(*specification);
            unsigned(body, length as u64);
        }
        body.extend(&self.columns);
        self.finish(draft)
    }

    /// Writes the columns; gives where each ends.
    fn columns(&mut self, draft: &Draft, others: &[&ActorId]) -> [usize; COLUMNS.len()] {
        let (out, bodies) = (&mut self.columns, &draft.bodies);
        out.clear();
        let mut ends = [0; COLUMNS.len()];
        self.keys.clear();
        self.keys.extend(bodies.iter().map(key));
        run_lengths(out, &self.keys, |out, key| prefixed(out, key.as_bytes()));
        ends[0] = out.len();
        unsigned(out, bodies.len() as u64); // none inserts
        ends[1] = out.len();
        let numbers = &mut self.numbers;
        let is_delete = |body: &Body| matches!(body, Body::Delete { .. });
        numbers.clear();
        numbers.extend(bodies.iter().map(|body| if is_delete(body) { DELETE } else { PUT }));
        run_lengths(out, numbers, |out, number| unsigned(out, *number));
        ends[2] = out.len();
        numbers.clear();
        self.values.clear();
        numbers.extend(bodies.iter().map(|body| value(&mut self.values, body)));
        run_lengths(out, numbers, |out, number| unsigned(out, *number));
        ends[3] = out.len();
        out.extend(&self.values);
        ends[4] = out.len();
        numbers.clear();
        numbers.extend(bodies.iter().map(|body| body.pred().len() as u64));
        run_lengths(out, numbers, |out, number| unsigned(out, *number));
        ends[5] = out.len();
        let preds = || bodies.iter().flat_map(Body::pred);
        numbers.clear();
        let place = |id: &OpId| others.iter().position(|other| **other == id.actor).map_or(0, |at| at + 1);
        numbers.extend(preds().map(|id| place(id) as u64));
        run_lengths(out, numbers, |out, number| unsigned(out, *number));
        ends[6] = out.len();
        let mut last = 0;
        let deltas = preds().map(|id| id.counter as i64 - std::mem::replace(&mut last, id.counter as i64));
        run_lengths(out, &deltas.collect::<Vec<_>>(), |out, delta| signed(out, *delta));
        ends[7] = out.len();
        ends
    }

    fn finish(&self, draft: Draft) -> Change {
        let mut head = [MAGIC.as_slice(), &[0; CHECKSUM.end - CHECKSUM.start], &[CHANGE]].concat();
        unsigned(&mut head, self.body.len() as u64);
        let mut bytes = Vec::with_capacity(head.len() + self.body.len());
        bytes.extend(head);
        bytes.extend(&self.body);
        let hash: [u8; 32] = Sha256::digest(&bytes[HASHED..]).into();
        bytes[CHECKSUM].copy_from_slice(&hash[..CHECKSUM.len()]);
        let ops = (draft.start_op..).zip(draft.bodies);
        let ops = ops.map(|(counter, body)| Op { id: OpId { counter, actor: draft.actor.clone() }, body });
        Change {
            hash: ChangeHash(hash),
            seq: draft.seq,
            start_op: draft.start_op,
            time_s: draft.time_s,
            deps: draft.deps,
            origin: draft.origin,
            ops: ops.collect(),
            bytes,
            actor: draft.actor,
        }
    }
}

/// Actors beside the change's own that its predecessors name, ascending.
fn others(draft: &Draft) -> Vec<&ActorId> {
    let preds = draft.bodies.iter().flat_map(Body::pred);
    let mut others: Vec<_> = preds.map(|id| &id.actor).filter(|actor| **actor != draft.actor).collect();
    others.sort_unstable();
    others.dedup();
    others
}

fn key(body: &Body) -> String {
    match body {
        Body::Create(_) => ID.to_owned(),
        Body::Put { key, .. } | Body::Delete { key, .. } => key.as_str().to_owned(),
        Body::Record { key, .. } => key.to_string(),
    }
}

/// Writes a value's bytes, and gives its length * 16 + Automerge's code for its type.
fn value(out: &mut Vec<u8>, body: &Body) -> u64 {
    let start = out.len();
    let code = match body {
        Body::Delete { .. } => 0,
        Body::Put { value: FieldValue::Bool(false), .. } => 1,
        Body::Put { value: FieldValue::Bool(true), .. } => 2,
        Body::Put { value: FieldValue::Int(number), .. } => {
            signed(out, *number);
            4
        }
        Body::Put { value: FieldValue::Text(text), .. } => {
            out.extend(text.as_bytes());
            6
        }
        Body::Put { value: FieldValue::Cbor(bytes), .. } | Body::Record { bytes, .. } => {
            out.extend(bytes);
            7
        }
        Body::Create(id) => {
            out.extend(id.as_bytes());
            7
        }
        Body::Put { value: FieldValue::Timestamp(ms), .. } => {
            signed(out, *ms);
            9
        }
    };
    ((out.len() - start) as u64) << 4 | code
}

/// A column as Automerge writes one: two and more alike as a run, others together as they are.
fn run_lengths<T: PartialEq>(out: &mut Vec<u8>, items: &[T], write: impl Fn(&mut Vec<u8>, &T)) {
    let alone = |out: &mut Vec<u8>, items: &[T]| {
        if !items.is_empty() {
            signed(out, -(items.len() as i64));
            items.iter().for_each(|item| write(out, item));
        }
    };
    let (mut begin, mut end) = (0, 0);
    for run in items.chunk_by(PartialEq::eq) {
        if run.len() > 1 {
            alone(out, &items[begin..end]);
            signed(out, run.len() as i64);
            write(out, &run[0]);
            begin = end + run.len();
        }
        end += run.len();
    }
    alone(out, &items[begin..]);
}

fn prefixed(out: &mut Vec<u8>, bytes: &[u8]) {
    unsigned(out, bytes.len() as u64);
    out.extend(bytes);
}

/// LEB128.
fn unsigned(out: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Signed LEB128.
fn signed(out: &mut Vec<u8>, mut number: i64) {
    while !(-0x40..0x40).contains(&number) {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8 & 0x7f);
}
