//! Snapshots: faithful, and read with suspicion.

use automerge::Automerge;
use cartera_core::document::admit::inspect;
use cartera_core::document::limits::{MAX_SNAPSHOT_BYTES, MAX_SNAPSHOT_ROWS};
use cartera_core::document::snapshot::{SnapshotError, compact, read, read_changes, unpack};
use cartera_core::document::{Change, Facts, FieldValue, MemoryFacts, append, edit};

use crate::support::{
    Rng, actor, assert_same_contents, document_id, field, record_bytes, record_key, sealed, uleb,
};

/// A document of several actors with concurrent edits, deletes and records; changes in causal order.
fn document(seed: u64, steps: usize) -> (MemoryFacts, Vec<Change>) {
    let mut rng = Rng::new(seed);
    let id = document_id(&mut rng);
    let actors = [actor(&mut rng), actor(&mut rng), actor(&mut rng)];
    let first = append::create(&actors[0], id, 0).unwrap();
    let mut facts = MemoryFacts::new(id);
    facts.apply(&first);
    let mut views = vec![facts.clone(); 3];
    let mut changes = vec![first];
    for step in 0..steps {
        let who = rng.below(3);
        if rng.one_in(3) {
            views[who] = facts.clone();
        }
        let made = if rng.one_in(2) {
            let key = record_key(&mut rng, "v");
            append::record(&actors[who], &views[who], key, record_bytes(step % 90), 0).ok()
        } else {
            let value = (!rng.one_in(4)).then(|| value(step));
            let mut fields = vec![(field(["name", "tag/x"][rng.below(2)]), value)];
            if rng.one_in(3) {
                fields.push((field("sector"), Some(FieldValue::Bool(true))));
                fields.push((field("tag/y"), Some(FieldValue::Bool(true))));
            }
            edit::fields(&actors[who], &views[who], fields, step as i64 * 1_000).unwrap()
        };
        if let Some(change) = made {
            views[who].apply(&change);
            facts.apply(&change);
            changes.push(change);
        }
    }
    (facts, changes)
}

fn value(n: usize) -> FieldValue {
    match n % 6 {
        0 => FieldValue::Int(n as i64 - 40),
        1 => FieldValue::Int(i64::MIN + n as i64),
        2 => FieldValue::Text("ñ".repeat(n)),
        3 => FieldValue::Bool(n % 4 == 3),
        4 => FieldValue::Timestamp(1_790_000_000_000 + n as i64),
        _ => FieldValue::Cbor(vec![0xa0]),
    }
}

fn by_hash(mut changes: Vec<Change>) -> Vec<Change> {
    changes.sort_by_key(|change| change.hash);
    changes
}

fn bytes(changes: &[Change]) -> impl Iterator<Item = &[u8]> {
    changes.iter().map(|change| &change.bytes[..])
}

#[test]
fn a_snapshot_holds_every_change_as_it_was_written() {
    for seed in 0..30 {
        let (facts, changes) = document(seed, 60);
        let (early, late) = changes.split_at(seed as usize);
        let snapshot = match early {
            [] => compact(None, bytes(late)).unwrap(),
            _ => {
                let earlier = compact(None, bytes(early)).unwrap();
                compact(Some(&earlier.bytes), bytes(late)).unwrap()
            }
        };
        assert_eq!(Ok(&snapshot.heads), facts.heads().as_ref());
        let loaded = read(&snapshot.bytes, &snapshot.heads).unwrap();
        assert_same_contents(&facts, loaded.automerge());
        let mut again = MemoryFacts::new(facts.document());
        loaded.changes().unwrap().iter().for_each(|change| again.apply(change));
        assert_eq!(again, facts);
    }
}

#[test]
fn the_columns_alone_give_the_changes_that_automerge_gives() {
    for seed in 0..60 {
        let (facts, changes) = document(seed, 1 + seed as usize * 2);
        let snapshot = compact(None, bytes(&changes)).unwrap();
        let unpacked = unpack(&snapshot.bytes, &snapshot.heads).unwrap().expect("a flat document");
        let mut again = MemoryFacts::new(facts.document());
        for change in &unpacked {
            assert_eq!(inspect(&change.bytes).as_ref(), Ok(change), "as if it had come alone");
            assert!(change.deps.iter().all(|dep| again.change(dep).is_ok_and(|found| found.is_some())));
            again.apply(change);
        }
        assert_eq!(again, facts);
        assert_eq!(by_hash(unpacked), by_hash(changes));
        let mut other = snapshot.heads.clone();
        other[0].0[31] ^= 1;
        assert_eq!(unpack(&snapshot.bytes, &other).unwrap(), None, "other heads prove nothing");
        assert!(matches!(read_changes(&snapshot.bytes, &other), Err(SnapshotError::Heads)));
    }
}

#[test]
fn a_change_without_its_dependency_is_an_error_and_is_not_swallowed() {
    let (_, changes) = document(1, 20);
    let gap = compact(None, bytes(&changes[..1]).chain(bytes(&changes[2..])));
    assert!(matches!(gap, Err(SnapshotError::Incomplete)), "{gap:?}");
    let torn = compact(None, [&changes[0].bytes[..40]]);
    assert!(matches!(torn, Err(SnapshotError::Malformed(_))), "{torn:?}");
}

#[test]
fn other_heads_than_those_announced_are_refused() {
    let (_, changes) = document(2, 20);
    let snapshot = compact(None, bytes(&changes)).unwrap();
    let mut heads = snapshot.heads.clone();
    heads[0].0[0] ^= 1;
    assert!(matches!(read(&snapshot.bytes, &heads), Err(SnapshotError::Heads)));
    assert!(matches!(read(&snapshot.bytes, &[]), Err(SnapshotError::Heads)));
}

#[test]
fn a_change_that_was_never_admitted_is_found_inside_a_snapshot() {
    use automerge::transaction::Transactable;
    let mut doc = Automerge::new();
    let mut transaction = doc.transaction();
    transaction.put(automerge::ROOT, "id", vec![0; 16]).unwrap();
    transaction.put_object(automerge::ROOT, "list", automerge::ObjType::List).unwrap();
    transaction.commit();
    let loaded = read(&doc.save_nocompress(), &doc.get_heads()).unwrap();
    assert!(matches!(loaded.changes(), Err(SnapshotError::Refused(_))));
}

#[test]
fn compressed_columns_and_trailing_chunks_are_refused() {
    let (_, changes) = document(3, 80);
    let snapshot = compact(None, bytes(&changes)).unwrap();
    let doc = Automerge::load(&snapshot.bytes).unwrap();
    let compressed = read(&doc.save(), &snapshot.heads);
    assert!(matches!(compressed, Err(SnapshotError::Malformed("a column is compressed"))), "{compressed:?}");
    let two = [&snapshot.bytes[..], &changes[0].bytes].concat();
    assert!(matches!(read(&two, &snapshot.heads), Err(SnapshotError::Malformed(_))));
    assert!(matches!(read(&changes[0].bytes, &[]), Err(SnapshotError::Malformed(_))));
    assert!(matches!(read(&[], &[]), Err(SnapshotError::Malformed(_))));
}

/// A document chunk without actors, with one column.
fn with_column(specification: u64, column: &[u8]) -> Vec<u8> {
    let mut body = vec![0, 0, 0];
    body.extend(uleb(1));
    body.extend(uleb(specification));
    body.extend(uleb(column.len() as u64));
    body.extend(column);
    sealed(0, &body)
}

#[test]
fn run_lengths_hold_at_the_edge_and_not_past_it() {
    let sleb = |n: u64| {
        let mut bytes = uleb(n);
        if bytes.last().is_some_and(|last| last & 0x40 != 0) {
            *bytes.last_mut().unwrap() |= 0x80;
            bytes.push(0);
        }
        bytes
    };
    for (specification, column) in [
        (0x42, |n: u64, sleb: &dyn Fn(u64) -> Vec<u8>| [sleb(n), vec![1]].concat()),
        (0x42, |n, _| [vec![0], uleb(n)].concat()),
        (0x34, |n, _| uleb(n)),
        (0x80, |n, _| [vec![1], uleb(n)].concat()),
        (0x15, |n, sleb| [sleb(n), vec![1, b'a']].concat()),
        (0x13, |n, sleb| [sleb(n), vec![0x7f]].concat()),
    ] as [(u64, fn(u64, &dyn Fn(u64) -> Vec<u8>) -> Vec<u8>); 6]
    {
        let edge = read(&with_column(specification, &column(MAX_SNAPSHOT_ROWS, &sleb)), &[]);
        assert!(!matches!(edge, Err(SnapshotError::TooLarge)), "{specification:#x}: {edge:?}");
        let past = read(&with_column(specification, &column(MAX_SNAPSHOT_ROWS + 1, &sleb)), &[]);
        assert!(matches!(past, Err(SnapshotError::TooLarge)), "{specification:#x}: {past:?}");
    }
    let long = vec![0; MAX_SNAPSHOT_BYTES + 1];
    assert!(matches!(read(&long, &[]), Err(SnapshotError::TooLarge)));
    assert!(matches!(read(&long[1..], &[]), Err(SnapshotError::Malformed(_))));
}

#[test]
fn mutated_snapshots_never_panic_and_never_pass_for_the_original() {
    let (_, changes) = document(4, 40);
    let snapshot = compact(None, bytes(&changes)).unwrap();
    let original = by_hash(changes);
    let mut wrong = Vec::new();
    let mut rng = Rng::new(9);
    crate::support::quietly(|| {
        for _ in 0..20_000 {
            let mut body = snapshot.bytes[crate::support::HEADER..].to_vec();
            for _ in 0..1 + rng.below(3) {
                let place = rng.below(body.len());
                match rng.below(4) {
                    0 => body[place] ^= 1 << rng.below(8),
                    1 => body[place] = rng.next() as u8,
                    2 => drop(body.remove(place)),
                    _ => body.insert(place, rng.next() as u8),
                }
            }
            if body == snapshot.bytes[crate::support::HEADER..] {
                continue;
            }
            let sealed = sealed(0, &body);
            // Automerge recomputes every change from the columns, so the same heads mean the same changes; of one mutant
            // that it loads it cannot take them out again.
            let loaded = read(&sealed, &snapshot.heads).and_then(|loaded| loaded.changes());
            if matches!(&loaded, Ok(changes) if by_hash(changes.clone()) != original) {
                wrong.push("other changes".to_owned());
            }
            match unpack(&sealed, &snapshot.heads) {
                Ok(Some(changes)) if by_hash(changes.clone()) != original => {
                    wrong.push("other changes unpacked".into());
                }
                // What passes here, Automerge reads.
                Ok(Some(_)) => wrong.extend(loaded.err().map(|error| error.to_string())),
                _ => {}
            }
        }
    });
    assert_eq!(wrong, Vec::<String>::new());
}
