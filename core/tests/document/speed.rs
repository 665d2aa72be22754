//! What a change costs, in memory; reported, never judged:
//! `cargo test --release -p cartera-core --test document -- --ignored --nocapture speed`

use std::hint::black_box;

use cartera_core::document::admit::{causality, inspect};
use cartera_core::document::snapshot::{compact, read, unpack};
use cartera_core::document::{Change, FieldValue, MemoryFacts, append, edit};
use cartera_core::env::{Env, SystemEnv};

use crate::support::{Rng, actor, document_id, field, record_bytes, record_key};

/// What this thread has spent on a processor, in nanoseconds; elsewhere than on Linux, the time that passed.
fn spent_ns() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let first = stat.and_then(|stat| stat.split_whitespace().next()?.parse().ok());
    first.unwrap_or_else(|| SystemEnv.now_ms() as u64 * 1_000_000)
}

/// Microseconds a call, over about a second.
fn report(what: &str, mut call: impl FnMut()) {
    let start = spent_ns();
    let mut calls = 0_u64;
    while spent_ns() - start < 1_000_000_000 {
        (0..200).for_each(|_| call());
        calls += 200;
    }
    println!("{what:<60} {:>8.2} us", (spent_ns() - start) as f64 / 1_000.0 / calls as f64);
}

#[test]
#[ignore = "a benchmark"]
fn speed() {
    let mut rng = Rng::new(1);
    let id = document_id(&mut rng);
    let (a, b) = (actor(&mut rng), actor(&mut rng));
    let mut facts = MemoryFacts::new(id);
    let mut changes: Vec<Change> = vec![append::create(&a, id, 0).unwrap()];
    facts.apply(&changes[0]);
    for n in 0..30 {
        let change = append::record(&a, &facts, record_key(&mut rng, "v"), record_bytes(60), n).unwrap();
        facts.apply(&change);
        changes.push(change);
    }
    let edits = |value: &str| {
        ["name", "sector", "tag/terraza"]
            .map(|key| (field(key), Some(FieldValue::Text(value.into()))))
            .to_vec()
    };
    let change = edit::fields(&a, &facts, edits("x"), 0).unwrap().unwrap();
    facts.apply(&change);
    changes.push(change);

    let key = record_key(&mut rng, "v");
    let bytes = record_bytes(60);
    let visit = append::record(&b, &facts, key, bytes.clone(), 0).unwrap();
    println!("a record of {} bytes as a change: {} bytes", bytes.len(), visit.bytes.len());
    report("append a record", || drop(black_box(append::record(&b, &facts, key, bytes.clone(), 0))));
    report("edit three fields", || drop(black_box(edit::fields(&b, &facts, edits("y"), 0))));
    report("inspect a record's change", || drop(black_box(inspect(black_box(&visit.bytes)))));
    let three = edit::fields(&b, &facts, edits("y"), 0).unwrap().unwrap();
    report("inspect an edit of three fields", || drop(black_box(inspect(black_box(&three.bytes)))));
    report("causality of a record on top", || drop(black_box(causality(&visit, id, &facts))));
    report("causality of an edit on top", || drop(black_box(causality(&three, id, &facts))));
    let mut other = facts.clone();
    other.apply(&visit);
    report("causality of an edit beside another head", || drop(black_box(causality(&three, id, &other))));
    let all: Vec<&[u8]> = changes.iter().map(|change| &change.bytes[..]).collect();
    let snapshot = compact(None, all.iter().copied()).unwrap();
    let total: usize = all.iter().map(|bytes| bytes.len()).sum();
    println!("{} changes, {total} bytes: a snapshot of {} bytes", all.len(), snapshot.bytes.len());
    report("compact 32 changes", || drop(black_box(compact(None, all.iter().copied()))));
    report("read the snapshot", || drop(black_box(read(&snapshot.bytes, &snapshot.heads))));
    let loaded = read(&snapshot.bytes, &snapshot.heads).unwrap();
    report("all changes out of the snapshot, inspected", || drop(black_box(loaded.changes())));
    report("the same from its columns", || drop(black_box(unpack(&snapshot.bytes, &snapshot.heads))));
}
