//! Mutants: of bytes, of columns, and of what the bytes say. Most get a right checksum, else nothing would come past
//! the first look; many are encoded by Automerge anew, so that nothing but meaning is wrong.

use std::num::NonZeroU64;

use automerge::legacy::{ElementId, Key, ObjectId, Op, OpId, OpType};
use automerge::{ActorId, ChangeHash, ExpandedChange, ObjType, ScalarValue};

use crate::corpus::Moment;
use crate::support::{Rng, record_bytes, sealed, uleb};

pub(crate) fn mutant(rng: &mut Rng, moment: &Moment) -> Vec<u8> {
    loop {
        let mutant = match rng.below(10) {
            0..=2 => bytes(rng, moment),
            3..=5 => columns(rng, moment),
            _ => meaning(rng, moment),
        };
        if let Some(mutant) = mutant
            && mutant != moment.change.bytes
        {
            return mutant;
        }
    }
}

/// The chunk's body: what follows magic, checksum, type and length.
fn body(bytes: &[u8]) -> &[u8] {
    let length = bytes[9..].iter().position(|byte| byte & 0x80 == 0).unwrap_or(0);
    &bytes[9 + length + 1..]
}

fn bytes(rng: &mut Rng, moment: &Moment) -> Option<Vec<u8>> {
    let mut body = body(&moment.change.bytes).to_vec();
    for _ in 0..1 + rng.below(3) {
        if body.is_empty() {
            break;
        }
        let place = rng.below(body.len());
        match rng.below(7) {
            0 | 1 => body[place] ^= 1 << rng.below(8),
            2 => body[place] = rng.next() as u8,
            3 => drop(body.remove(place)),
            4 => body.insert(place, [0, 1, 0x7f, 0x80, 0xff][rng.below(5)]),
            5 => body.truncate(place),
            _ => {
                let end = (place + rng.below(40)).min(body.len());
                let slice = body[place..end].to_vec();
                let to = rng.below(body.len());
                body.splice(to..to, slice);
            }
        }
    }
    Some(match rng.below(40) {
        0 => [&moment.change.bytes[..9], &uleb(body.len() as u64), &body].concat(),
        1 => sealed(rng.below(5) as u8, &body),
        _ => sealed(1, &body),
    })
}

/// A change taken apart into the header's bytes and columns of (specification, data).
struct Parts {
    header: Vec<u8>,
    columns: Vec<(u64, Vec<u8>)>,
}

impl Parts {
    fn of(bytes: &[u8]) -> Option<Self> {
        let body = body(bytes);
        let mut at = 0;
        let number = |at: &mut usize| -> Option<u64> {
            let mut number = 0;
            for shift in (0..63).step_by(7) {
                let byte = *body.get(*at)?;
                *at += 1;
                number |= u64::from(byte & 0x7f) << shift;
                if byte & 0x80 == 0 {
                    return Some(number);
                }
            }
            None
        };
        at += 32 * number(&mut at)? as usize;
        at += number(&mut at)? as usize;
        for _ in 0..3 {
            number(&mut at)?; // seq, start op, time
        }
        at += number(&mut at)? as usize;
        for _ in 0..number(&mut at)? {
            at += number(&mut at)? as usize;
        }
        let header = body.get(..at)?.to_vec();
        let count = number(&mut at)?;
        let declared: Vec<_> =
            (0..count).map(|_| Some((number(&mut at)?, number(&mut at)?))).collect::<Option<_>>()?;
        let mut columns = Vec::new();
        for (specification, length) in declared {
            columns.push((specification, body.get(at..at + length as usize)?.to_vec()));
            at += length as usize;
        }
        Some(Self { header, columns })
    }

    fn join(&self) -> Vec<u8> {
        let mut body = self.header.clone();
        body.extend(uleb(self.columns.len() as u64));
        for (specification, data) in &self.columns {
            body.extend(uleb(*specification));
            body.extend(uleb(data.len() as u64));
        }
        body.extend(self.columns.iter().flat_map(|(_, data)| data));
        sealed(1, &body)
    }
}

/// Columns with right lengths and wrong contents: run lengths, counts, deltas, swapped and foreign columns.
fn columns(rng: &mut Rng, moment: &Moment) -> Option<Vec<u8>> {
    let mut parts = Parts::of(&moment.change.bytes)?;
    for _ in 0..1 + rng.below(2) {
        let column = rng.below(parts.columns.len());
        let (specification, data) = &mut parts.columns[column];
        let place = rng.below(data.len().max(1));
        match rng.below(10) {
            0 | 1 if !data.is_empty() => data[place] ^= 1 << rng.below(7),
            2 if !data.is_empty() => data[place] = [0, 1, 2, 3, 0x7f, 0x7e, 0x3f, 0x40][rng.below(8)],
            3 if !data.is_empty() => drop(data.remove(place)),
            4 => data.insert(place, rng.next() as u8 & 0x7f),
            5 => {
                // A run length or count as large as it gets.
                let huge =
                    [uleb(u64::from(u32::MAX) >> 1), uleb((1 << 62) - 1), vec![0xff; 9], vec![0x80; 3]];
                let huge = huge[rng.below(4)].clone();
                data.splice(place..place, huge);
            }
            6 => data.truncate(place),
            7 => *specification ^= 1 << rng.below(8),
            8 => {
                let other = rng.below(parts.columns.len());
                parts.columns.swap(column, other);
            }
            _ => {
                let foreign = &moment.others[rng.below(moment.others.len())];
                parts.columns[column] = {
                    let theirs = Parts::of(&foreign.bytes)?.columns;
                    theirs[rng.below(theirs.len())].clone()
                };
            }
        }
    }
    Some(parts.join())
}

/// What the change says, changed and encoded as Automerge encodes it.
fn meaning(rng: &mut Rng, moment: &Moment) -> Option<Vec<u8>> {
    let mut change = automerge::Change::try_from(&moment.change.bytes[..]).ok()?.decode();
    for _ in 0..1 + rng.below(2) {
        alter(rng, moment, &mut change);
    }
    // Automerge itself panics over some of these, as over a start op of zero: those are no mutants.
    let encoded = std::panic::catch_unwind(|| automerge::Change::from(change)).ok()?;
    let bytes = encoded.raw_bytes().to_vec();
    if rng.one_in(50) {
        return Some({ encoded }.bytes().into_owned()); // compressed
    }
    Some(bytes)
}

fn alter(rng: &mut Rng, moment: &Moment, change: &mut ExpandedChange) {
    let other = &moment.others[rng.below(moment.others.len())];
    match rng.below(16) {
        0 => {
            if rng.one_in(2) {
                change.deps.push(other.hash);
            } else {
                change.deps = other.deps.clone();
            }
        }
        1 => {
            let place = rng.below(change.deps.len().max(1));
            if place < change.deps.len() {
                change.deps.remove(place);
            }
        }
        2 => change.deps.push(ChangeHash(rng.bytes())),
        3 => change.deps.extend(change.deps.first().copied()),
        4 => change.actor_id = other.actor.clone(),
        5 => {
            change.actor_id = match rng.below(3) {
                0 => ActorId::from(rng.bytes::<16>()),
                1 => ActorId::from(rng.bytes::<15>()),
                _ => ActorId::from(rng.bytes::<17>()),
            }
        }
        6 => change.seq = near(rng, change.seq),
        7 => {
            change.start_op = NonZeroU64::new(near(rng, change.start_op.get())).unwrap_or(NonZeroU64::MIN);
        }
        8 => change.time = rng.next() as i64 >> rng.below(64),
        9 if rng.one_in(4) => change.message = Some("hello".into()),
        9 => change.message = Some(ChangeHash(rng.bytes()).to_string()),
        10 if rng.one_in(4) => change.extra_bytes = rng.bytes::<8>().to_vec(),
        11 => {
            let copy = change.operations[rng.below(change.operations.len())].clone();
            change.operations.push(copy);
        }
        12 if change.operations.len() > 1 => {
            let place = rng.below(change.operations.len());
            change.operations.remove(place);
        }
        _ => {
            let place = rng.below(change.operations.len());
            alter_op(rng, moment, &mut change.operations[place]);
        }
    }
}

fn near(rng: &mut Rng, number: u64) -> u64 {
    match rng.below(6) {
        0 => number.wrapping_sub(1) & (u64::MAX >> 1),
        1 | 2 => number + 1,
        3 => rng.next() >> rng.below(64),
        4 => i32::MAX as u64 - rng.below(3) as u64,
        _ => 1 + rng.below(100) as u64,
    }
}

fn alter_op(rng: &mut Rng, moment: &Moment, op: &mut Op) {
    let other = &moment.others[rng.below(moment.others.len())];
    let theirs = automerge::Change::try_from(&other.bytes[..]).map(|change| change.decode().operations);
    let theirs = theirs.unwrap_or_default();
    let their_op = &theirs[rng.below(theirs.len())];
    let their_id = OpId::new(other.start_op + rng.below(other.ops.len()) as u64, &other.actor);
    match rng.below(14) {
        0 => {
            let keys = ["name", "new_field", "id", "Name", "", "erased/1", "v/x", "tag/ñ", "tag/\u{7}"];
            op.key = Key::Map(keys[rng.below(keys.len())].into());
        }
        1 => op.key = their_op.key.clone(),
        2 => op.key = Key::Map("k".repeat(rng.below(300)).into()),
        3 if rng.one_in(3) => op.key = Key::Seq(ElementId::Id(their_id)),
        4 | 5 => op.action = OpType::Put(value(rng)),
        6 => op.action = OpType::Delete,
        7 => op.action = their_op.action.clone(),
        8 if rng.one_in(3) => {
            op.action = [OpType::Make(ObjType::Map), OpType::Make(ObjType::Text), OpType::Increment(1)]
                [rng.below(3)]
            .clone();
        }
        9 if rng.one_in(3) => op.obj = ObjectId::Id(their_id),
        10 if rng.one_in(3) => op.insert = true,
        11 => op.pred = vec![].into(),
        12 => op.pred = their_op.pred.clone(),
        _ => {
            let mut pred: Vec<OpId> = op.pred.iter().cloned().collect();
            pred.push(if rng.one_in(4) { OpId::new(near(rng, 5), &other.actor) } else { their_id });
            op.pred = pred.into();
        }
    }
}

fn value(rng: &mut Rng) -> ScalarValue {
    match rng.below(10) {
        0 => ScalarValue::Null,
        1 => ScalarValue::Uint(rng.next()),
        2 => ScalarValue::F64(f64::from_bits(rng.next())),
        3 => ScalarValue::counter(rng.next() as i64),
        4 => ScalarValue::Unknown { type_code: 10 + rng.below(6) as u8, bytes: rng.bytes::<3>().to_vec() },
        5 => ScalarValue::Bytes(rng.bytes::<5>()[..rng.below(6)].to_vec()),
        6 => ScalarValue::Bytes(record_bytes(rng.below(30))),
        7 => ScalarValue::Int(rng.next() as i64 >> rng.below(64)),
        8 => ScalarValue::Timestamp(rng.next() as i64 >> rng.below(64)),
        _ => ScalarValue::Str("x".repeat(rng.below(100)).into()),
    }
}
