//! The worked examples of `core/docs/document.md`: printed, and found in the page as they are.

use automerge::ActorId;
use cartera_core::document::rebase::{Fate, Unsent, rebase};
use cartera_core::document::{Change, FieldValue, MemoryFacts, append, edit};
use cartera_core::model::record::{Body, Clock, Header, Note, Record};
use cartera_core::model::{BusinessDate, DocumentId};

use crate::support::{admit, field};

const PAGE: &str = include_str!("../../docs/document.md");

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// As the page has it: 32 bytes a line.
fn lines(bytes: &[u8]) -> String {
    bytes.chunks(32).map(|line| hex(line) + "\n").collect()
}

fn example(number: usize, change: &Change) -> String {
    let deps: Vec<_> = change.deps.iter().map(|dep| hex(&dep.0)).collect();
    format!(
        "example {number}\nactor    {}\nseq      {}\nstart op {}\ntime     {}\ndeps     {}\nhash     {}\n{}",
        change.actor,
        change.seq,
        change.start_op,
        change.time_s,
        if deps.is_empty() { "none".into() } else { deps.join("\n         ") },
        hex(&change.hash.0),
        lines(&change.bytes),
    )
}

#[test]
fn the_examples_of_the_page_are_what_this_program_writes() {
    let (a, b) = (ActorId::from([0xaa; 16]), ActorId::from([0xbb; 16]));
    let id: DocumentId = "01JC0000000000000000000001".parse().unwrap();
    let mut facts = MemoryFacts::new(id);

    let first = append::create(&a, id, 1_790_000_000_000).unwrap();
    admit(&mut facts, &first.bytes);
    let b_knows = facts.clone();

    let record = Record {
        header: Header {
            version: 1,
            at_ms: 1_790_000_060_000,
            date: BusinessDate::from_ymd(2026, 9, 21).unwrap(),
            zone: "Europe/Madrid".into(),
            clock: Clock::Trusted,
            amends: None,
            voids: None,
        },
        body: Body::from(Note::new("Prefers mornings")),
    };
    let key = "n/01JC0000000000000000000002".parse().unwrap();
    let note = append::record(&a, &facts, key, record.encode(), 1_790_000_060_000).unwrap();
    admit(&mut facts, &note.bytes);

    let put = |actor, facts: &MemoryFacts, value: &str, time_ms| {
        let edits = vec![(field("name"), Some(FieldValue::Text(value.into())))];
        edit::fields(actor, facts, edits, time_ms).unwrap().unwrap()
    };
    let named = put(&b, &b_knows, "Bar Paco", 1_790_000_120_000);
    let renamed = put(&a, &facts, "Bar Lola", 1_790_000_180_000);
    admit(&mut facts, &named.bytes);
    admit(&mut facts, &renamed.bytes);
    let chosen = put(&b, &facts, "Bar Paco y Lola", 1_790_000_240_000);
    admit(&mut facts, &chosen.bytes);
    // `bb...` was restored from a backup in which example 3 is unsent, and writes it anew.
    let unsent = Unsent { change: &named, fate: Fate::Keep };
    let anew = rebase(&b_knows, id, &[unsent], &ActorId::from([0xcc; 16])).unwrap().changes.remove(0);

    let record = format!("record\n{}", lines(&record.encode()));
    let changes = [&first, &note, &named, &renamed, &chosen, &anew];
    let examples = changes.iter().enumerate().map(|(n, change)| example(n + 1, change));
    for block in std::iter::once(record).chain(examples) {
        println!("{block}");
        assert!(PAGE.contains(&block), "core/docs/document.md does not have this:\n{block}");
    }
}

#[test]
fn the_limits_of_the_page_are_those_of_the_program() {
    use cartera_core::document::limits::*;
    for (name, value) in [
        ("change", MAX_CHANGE_BYTES),
        ("operations", MAX_OPS),
        ("dependencies", MAX_DEPS),
        ("predecessors", MAX_PREDS),
        ("other actors", MAX_OTHER_ACTORS),
        ("counter", MAX_COUNTER as usize),
        ("change time", MAX_TIME_S as usize),
        ("key", MAX_KEY_BYTES),
        ("field value", MAX_FIELD_BYTES),
        ("record", MAX_RECORD_BYTES),
        ("CBOR depth", MAX_CBOR_DEPTH),
        ("zone", MAX_ZONE_BYTES),
        ("device time", MAX_TIME_MS as usize),
        ("ancestry", MAX_ANCESTRY_STEPS),
        ("rewritten", MAX_REWRITTEN),
        ("document", MAX_DOCUMENT_BYTES),
        ("snapshot rows", MAX_SNAPSHOT_ROWS as usize),
    ] {
        let row = format!("| {name} | {value} |");
        assert!(PAGE.contains(&row), "core/docs/document.md does not have this: {row}");
    }
}
