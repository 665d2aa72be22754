//! Small bytes that claim much: none is believed, each is refused within a bound of memory.

use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, ROOT};
use cartera_core::document::admit::{RefusalCode, inspect};
use cartera_core::document::snapshot;

use crate::memory::peak;
use crate::support::{sealed, uleb};

/// What refusing may cost: a little, and a few times the bytes given.
#[track_caller]
fn refused(what: &str, bytes: &[u8], code: RefusalCode) {
    let (result, held) = peak(|| inspect(bytes));
    let refusal = result.expect_err(what);
    assert_eq!(refusal.code, code, "{what}: {refusal}");
    let bound = 64 * 1024 + 8 * bytes.len();
    assert!(held <= bound, "{what}: {held} bytes were held for {}", bytes.len());
}

/// Signed LEB128.
fn sleb(mut number: i64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let byte = (number & 0x7f) as u8;
        number >>= 7;
        if (number == 0 && byte & 0x40 == 0) || (number == -1 && byte & 0x40 != 0) {
            bytes.push(byte);
            return bytes;
        }
        bytes.push(byte | 0x80);
    }
}

/// A change without dependencies and with these columns.
fn change(columns: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let mut body = vec![0, 16];
    body.extend([1; 16]);
    body.extend([1, 1, 0, 0, 0]); // seq, start op, time, no message, no other actors
    body.extend(uleb(columns.len() as u64));
    for (specification, data) in columns {
        body.extend(uleb(*specification));
        body.extend(uleb(data.len() as u64));
    }
    body.extend(columns.iter().flat_map(|(_, data)| data));
    sealed(1, &body)
}

const MILLIONS: i64 = 5_000_000;

fn run(length: i64, value: &[u8]) -> Vec<u8> {
    [sleb(length), value.to_vec()].concat()
}

#[test]
fn fifty_bytes_that_claim_five_million_operations_are_refused() {
    let bomb = change(&[
        (0x15, run(MILLIONS, &[1, b'a'])),
        (0x34, uleb(MILLIONS as u64)),
        (0x42, run(MILLIONS, &[1])),
        (0x56, run(MILLIONS, &[0])),
        (0x70, run(MILLIONS, &[0])),
    ]);
    assert!(bomb.len() < 80, "{}", bomb.len());
    refused("runs", &bomb, RefusalCode::TooLarge);
    for column in [0x15, 0x42, 0x56, 0x70, 0x71, 0x73] {
        for length in [MILLIONS, i64::from(i32::MAX), i64::MAX >> 1, -MILLIONS, i64::MIN >> 1] {
            let value: &[u8] = if column == 0x15 { &[1, b'a'] } else { &[1] };
            let mut columns = vec![
                (0x15, run(1, b"\x01a")),
                (0x34, vec![1]),
                (0x42, run(1, &[1])),
                (0x56, run(1, &[0])),
                (0x70, run(1, &[0])),
            ];
            columns.retain(|(known, _)| *known != column);
            columns.push((column, run(length, value)));
            refused("one run", &change(&columns), RefusalCode::TooLarge);
        }
    }
    let nulls = change(&[(0x42, [vec![0], uleb(MILLIONS as u64)].concat()), (0x34, uleb(MILLIONS as u64))]);
    refused("nulls", &nulls, RefusalCode::Schema);
}

#[test]
fn counts_and_lengths_beyond_the_bytes_are_refused() {
    let one = |column: (u64, Vec<u8>)| {
        let mut columns = vec![
            (0x15, run(1, b"\x04name")),
            (0x34, vec![1]),
            (0x42, run(1, &[1])),
            (0x56, run(1, &[0])),
            (0x70, run(1, &[0])),
        ];
        columns.retain(|(known, _)| *known != column.0);
        columns.push(column);
        change(&columns)
    };
    let huge = uleb(1 << 60);
    refused("predecessors", &one((0x70, run(1, &huge))), RefusalCode::Malformed);
    refused("a value", &one((0x56, run(1, &uleb((1 << 62) - 1)))), RefusalCode::Malformed);
    refused("a key", &one((0x15, run(1, &huge))), RefusalCode::Schema);
    for (what, field) in [("dependencies", 0), ("an actor", 1)] {
        let mut body = vec![0; field];
        body.extend(&huge);
        let code = if field == 0 { RefusalCode::TooLarge } else { RefusalCode::Schema };
        refused(what, &sealed(1, &body), code);
    }
    let mut body = vec![0, 16];
    body.extend([1; 16]);
    body.extend([1, 1, 0]);
    refused("a message", &sealed(1, &[&body[..], &huge].concat()), RefusalCode::Schema);
    body.push(0);
    refused("actors", &sealed(1, &[&body[..], &huge].concat()), RefusalCode::TooLarge);
    body.push(0);
    refused("columns", &sealed(1, &[&body[..], &huge].concat()), RefusalCode::TooLarge);
    body.extend([1, 0x42]);
    refused("a column", &sealed(1, &[&body[..], &huge].concat()), RefusalCode::Malformed);
    let mut frame = vec![0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 1];
    frame.extend(&huge);
    refused("a chunk", &frame, RefusalCode::Malformed);
}

#[test]
fn nothing_is_inflated() {
    let mut doc = Automerge::new().with_actor(ActorId::from([1; 16]));
    let mut transaction = doc.transaction();
    transaction.put(ROOT, "name", "x".repeat(8_000_000)).unwrap();
    let hash = transaction.commit().0.unwrap();
    let changes = doc.get_changes(&[]);
    let compressed = changes[0].clone().bytes().into_owned();
    assert!(compressed.len() < 20_000 && compressed[8] == 2, "{}", compressed.len());
    refused("a compressed change", &compressed, RefusalCode::Malformed);
    let bundle = doc.bundle([hash]).unwrap().bytes().to_vec();
    assert_eq!(bundle[8], 3);
    refused("a bundle", &bundle[..bundle.len().min(200_000)], RefusalCode::Malformed);
    let deflated = change(&[
        (0x15, run(1, b"\x04name")),
        (0x34, vec![1]),
        (0x42, run(1, &[1])),
        (0x5e, compressed[20..].to_vec()),
        (0x70, run(1, &[0])),
    ]);
    refused("a compressed column", &deflated, RefusalCode::Schema);
    let document = doc.save();
    refused("a document", &document[..document.len().min(200_000)], RefusalCode::Malformed);
    let (read, held) = peak(|| snapshot::read(&document, &[hash]).map(drop));
    assert!(read.is_err() && held < 64 * 1024, "{read:?} {held}");
}

#[test]
fn deep_and_wide_cbor_is_refused() {
    let with = |value: &[u8]| {
        change(&[
            (0x15, run(1, b"\x07address")),
            (0x34, vec![1]),
            (0x42, run(1, &[1])),
            (0x56, run(1, &uleb((value.len() as u64) << 4 | 7))),
            (0x57, value.to_vec()),
            (0x70, run(1, &[0])),
        ])
    };
    let deep = vec![0x81; 8_000];
    let wide = [0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    let long = [0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    // A first change that puts anything else is refused as such, so these have a dependency.
    for value in [&deep[..], &wide, &long] {
        let alone = with(value);
        let mut body = alone[alone.len() - body_length(&alone)..].to_vec();
        body.splice(0..1, [&[1][..], &[9; 32]].concat());
        refused("CBOR", &sealed(1, &body), RefusalCode::Schema);
    }
}

fn body_length(chunk: &[u8]) -> usize {
    let length = chunk[9..].iter().position(|byte| byte & 0x80 == 0).unwrap_or(0);
    chunk.len() - 9 - length - 1
}

#[test]
fn the_largest_change_that_is_taken_costs_a_few_times_its_size() {
    use cartera_core::document::limits::{MAX_CHANGE_BYTES, MAX_OPS};
    use cartera_core::document::{FieldKey, FieldValue, MemoryFacts, append, edit};
    let id = cartera_core::model::DocumentId::from_bytes([1; 16]);
    let actor = ActorId::from([1; 16]);
    let mut facts = MemoryFacts::new(id);
    facts.apply(&append::create(&actor, id, 0).unwrap());
    let value = "x".repeat(MAX_CHANGE_BYTES / MAX_OPS - 30);
    let edits = (0..MAX_OPS)
        .map(|n| (FieldKey::new(format!("field_{n}")).unwrap(), Some(FieldValue::Text(value.clone()))));
    let change = edit::fields(&actor, &facts, edits.collect(), 0).unwrap().unwrap();
    let (inspected, held) = peak(|| inspect(&change.bytes));
    assert!(inspected.is_ok());
    assert!(held < 16 * change.bytes.len(), "{held} bytes were held for {}", change.bytes.len());
}

#[test]
fn a_snapshot_with_a_million_row_runs_stays_within_bounds() {
    // Rows that a document may have, claimed by a few bytes: Automerge gets to see them, and must stay in bounds.
    let rows = 1_000_000;
    let mut columns = vec![(0x15, run(rows, b"\x01a")), (0x21, run(rows, &[0])), (0x23, run(rows, &[1]))];
    columns.push((0x42, run(rows, &[1])));
    columns.push((0x34, uleb(rows as u64)));
    columns.push((0x56, run(rows, &[0])));
    columns.sort();
    let mut body = vec![1, 16];
    body.extend([1; 16]);
    body.extend([0, 0]); // no heads, no change columns
    body.extend(uleb(columns.len() as u64));
    for (specification, data) in &columns {
        body.extend(uleb(*specification));
        body.extend(uleb(data.len() as u64));
    }
    body.extend(columns.iter().flat_map(|(_, data)| data));
    let bytes = sealed(0, &body);
    let (read, held) = crate::support::quietly(|| peak(|| snapshot::read(&bytes, &[]).map(drop)));
    println!("a million rows in {} bytes: {read:?}, {held} bytes held", bytes.len());
    assert!(held < 512 * 1024 * 1024, "{held}");
}
