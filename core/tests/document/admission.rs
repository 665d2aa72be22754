//! Admission: every rule and every limit, at its edge and one past it.

use std::collections::HashSet;
use std::num::NonZeroU64;

use automerge::legacy::{ElementId, Key as AmKey, ObjectId, Op, OpId as AmOpId, OpType};
use automerge::{ActorId, ExpandedChange, ObjType, ScalarValue};
use cartera_core::document::admit::{Outcome, RefusalCode, causality, inspect};
use cartera_core::document::limits::{
    MAX_ANCESTRY_STEPS, MAX_CHANGE_BYTES, MAX_COUNTER, MAX_DEPS, MAX_DOCUMENT_BYTES, MAX_FIELD_BYTES,
    MAX_KEY_BYTES, MAX_OPS, MAX_OTHER_ACTORS, MAX_PREDS, MAX_RECORD_BYTES, MAX_TIME_S,
};
use cartera_core::document::{
    Change, ChangeHash, Facts, FieldValue, MemoryFacts, OpId, RecordFacts, append, edit,
};

use crate::support::{
    Rng, actor, admit, document_id, field, record_bytes, record_key, record_with, sealed, uleb,
};

use RefusalCode::{Equivocation, Malformed, RecordExists, Schema, TooLarge};

/// A change that Automerge encodes, whatever it says.
fn expanded(ops: Vec<Op>) -> ExpandedChange {
    ExpandedChange {
        operations: ops,
        actor_id: ActorId::from([1; 16]),
        hash: None,
        seq: 2,
        start_op: NonZeroU64::new(10_000).unwrap(),
        time: 1_790_000_000,
        message: None,
        deps: vec![ChangeHash([9; 32])],
        extra_bytes: vec![],
        author: None,
    }
}

fn put(key: &str, value: impl Into<ScalarValue>) -> Op {
    op(key, OpType::Put(value.into()), vec![])
}

fn op(key: &str, action: OpType, pred: Vec<AmOpId>) -> Op {
    Op { action, obj: ObjectId::Root, key: AmKey::Map(key.into()), pred: pred.into(), insert: false }
}

fn pred(counter: u64, actor: u8) -> AmOpId {
    AmOpId::new(counter, &ActorId::from([actor; 16]))
}

fn encoded(change: ExpandedChange) -> Vec<u8> {
    automerge::Change::from(change).raw_bytes().to_vec()
}

#[track_caller]
fn passes(change: ExpandedChange) {
    if let Err(refusal) = inspect(&encoded(change)) {
        panic!("{refusal}");
    }
}

#[track_caller]
fn refused(change: ExpandedChange, code: RefusalCode, why: &str) {
    refused_bytes(&encoded(change), code, why);
}

#[track_caller]
fn refused_bytes(bytes: &[u8], code: RefusalCode, why: &str) {
    let refusal = inspect(bytes).expect_err("it passes");
    assert_eq!(refusal.code, code, "{refusal}");
    assert!(refusal.detail.contains(why), "{refusal}");
}

const RECORD: &str = "v/01ARZ3NDEKTSV4RRFFQ69G5FAV";

#[test]
fn fields_and_records_of_every_type_pass() {
    passes(expanded(vec![
        put("name", "Bar Paco"),
        put("employees", 3_i64),
        put("tag/terraza", true),
        put("closed", false),
        put("since", ScalarValue::Timestamp(-1)),
        put("address", vec![0x82, 0x01, 0x02]),
        put("field_of_a_later_version", ""),
        op("legal_name", OpType::Delete, vec![pred(3, 7)]),
        op("sector", OpType::Put("x".into()), vec![pred(3, 1), pred(3, 7), pred(9_999, 1)]),
        put(RECORD, record_bytes(5)),
        put("abcdefgh/01ARZ3NDEKTSV4RRFFQ69G5FAV", record_with(5, None)),
    ]));
}

#[test]
fn what_a_flat_document_cannot_hold_is_refused_as_schema() {
    let one = |op: Op| expanded(vec![op]);
    for value in [
        ScalarValue::Null,
        ScalarValue::Uint(1),
        ScalarValue::F64(1.0),
        ScalarValue::counter(1),
        ScalarValue::Unknown { type_code: 12, bytes: vec![1] },
    ] {
        refused(one(put("name", value)), Schema, "operation 1");
    }
    refused(one(op("name", OpType::Make(ObjType::Map), vec![])), Schema, "puts and deletes");
    refused(one(op("name", OpType::Increment(1), vec![pred(1, 2)])), Schema, "puts and deletes");
    refused(one(op("name", OpType::MarkEnd(false), vec![])), Schema, "puts and deletes");
    refused(one(op("name", OpType::MarkEnd(true), vec![])), Schema, "column 0x94");
    refused(one(Op { obj: ObjectId::Id(pred(1, 1)), ..put("name", "x") }), Schema, "column 0x");
    refused(one(Op { insert: true, ..put("name", "x") }), Schema, "inserts");
    refused(one(Op { key: AmKey::Seq(ElementId::Head), ..put("name", "x") }), Schema, "column 0x13");
    refused(one(op("name", OpType::Delete, vec![])), Schema, "names what it deletes");
    refused(one(put("Name", "x")), Schema, "a key is");
    refused(one(put("erased/1", "x")), Schema, "a key is");
    refused(one(put("address", vec![0xff])), Schema, "CBOR");
    refused(one(put(RECORD, "text")), Schema, "is bytes");
    refused(one(put(RECORD, vec![0xa0])), Schema, "key 0 is required");
    refused(one(put(RECORD, vec![0x80])), Schema, "CBOR");
    refused(one(op(RECORD, OpType::Put(record_bytes(1).into()), vec![pred(1, 2)])), Schema, "never replaced");
    refused(one(op(RECORD, OpType::Delete, vec![pred(1, 2)])), Schema, "never replaced");
    refused(one(op(RECORD, OpType::Delete, vec![])), Schema, "a delete is of a field");
    refused(expanded(vec![put("name", "x"), put("name", "y")]), Schema, "operation 2: a key comes twice");
    refused(expanded(vec![put(RECORD, record_bytes(1)), put(RECORD, record_bytes(1))]), Schema, "twice");
    let origin = "0123456789abcdef".repeat(4);
    let with_message =
        |text: &str| ExpandedChange { message: Some(text.into()), ..expanded(vec![put("name", "x")]) };
    passes(with_message(&origin));
    for message in ["hello", &origin[1..], &format!("{origin}0"), &format!("{origin}00"), &"xy".repeat(32)] {
        refused(with_message(message), Schema, "message");
    }
    refused(with_message(&origin.to_uppercase()), Malformed, "canonical");
    refused(
        ExpandedChange { extra_bytes: vec![0], ..expanded(vec![put("name", "x")]) },
        Schema,
        "nothing after",
    );
}

#[test]
fn only_the_first_change_begins_a_document_and_it_does_nothing_else() {
    let id = || put("id", vec![7; 16]);
    let first = |ops| ExpandedChange { deps: vec![], seq: 1, start_op: NonZeroU64::MIN, ..expanded(ops) };
    passes(first(vec![id()]));
    refused(first(vec![id(), put("name", "x")]), Schema, "nothing else");
    refused(first(vec![put("name", "x")]), Schema, "nothing else");
    refused(first(vec![put("id", vec![7; 15])]), Schema, "16 bytes");
    refused(first(vec![put("id", "0123456789abcdef")]), Schema, "is bytes");
    refused(
        first(vec![op("id", OpType::Put(vec![7; 16].into()), vec![pred(1, 2)])]),
        Schema,
        "never replaced",
    );
    refused(expanded(vec![id()]), Schema, "first change alone");
    refused(ExpandedChange { seq: 2, ..first(vec![id()]) }, Malformed, "its actor's first");
    refused(
        ExpandedChange { start_op: NonZeroU64::new(2).unwrap(), ..first(vec![id()]) },
        Malformed,
        "first",
    );
}

#[test]
fn numbers_and_orders_that_no_author_writes_are_malformed() {
    let name = || vec![put("name", "x")];
    refused(ExpandedChange { seq: 0, ..expanded(name()) }, Malformed, "begin at 1");
    refused(expanded(vec![]), Malformed, "without operations");
    refused(expanded(vec![op("name", OpType::Delete, vec![pred(10_000, 2)])]), Malformed, "no earlier");
    refused(
        expanded(vec![op("name", OpType::Delete, vec![pred(1, 2), pred(1, 2)])]),
        Malformed,
        "none twice",
    );
    let twice = vec![ChangeHash([9; 32]), ChangeHash([9; 32])];
    refused(ExpandedChange { deps: twice, ..expanded(name()) }, Malformed, "none twice");
    let mut zero_start = encoded(expanded(name()));
    let place = zero_start.windows(2).position(|two| two == [0x90, 0x4e]).unwrap();
    zero_start[place..place + 2].copy_from_slice(&[0x80, 0x00]);
    refused_bytes(&sealed(1, &zero_start[10..]), Malformed, "begin at 1");
}

#[test]
fn one_form_of_the_bytes_and_a_right_checksum_are_asked_for() {
    let good = encoded(expanded(vec![put("name", "Bar Paco"), put("sector", "x")]));
    assert_eq!(sealed(1, &good[10..]), good, "the tests' own framing is right");
    let mut checksum = good.clone();
    checksum[4] ^= 1;
    refused_bytes(&checksum, Malformed, "checksum");
    let mut padded = good[10..].to_vec();
    assert_eq!(padded[0], 1, "one dependency");
    padded.splice(0..1, [0x81, 0x00]);
    refused_bytes(&sealed(1, &padded), Malformed, "canonical");
    refused_bytes(&[&good[..], &[0]].concat(), Malformed, "length");
    refused_bytes(&good[..good.len() - 1], Malformed, "length");
    for end in 0..11 {
        assert_eq!(inspect(&good[..end]).unwrap_err().code, Malformed);
    }
    let mut magic = good.clone();
    magic[0] ^= 1;
    refused_bytes(&magic, Malformed, "85 6f 4a 83");
    for chunk_type in [0, 2, 3, 4, 255] {
        refused_bytes(&sealed(chunk_type, &good[10..]), Malformed, "uncompressed change chunks");
    }
}

#[test]
fn a_change_has_so_many_bytes_and_no_more() {
    // Several records fill it: the last takes what the others leave.
    let with = |filling: usize| {
        let sizes = [60_000, 60_000, 60_000, 60_000, filling];
        let records = sizes.iter().zip(["V", "W", "X", "Y", "Z"]);
        let key = |last| format!("v/01ARZ3NDEKTSV4RRFFQ69G5FA{last}");
        encoded(expanded(records.map(|(size, last)| put(&key(last), record_bytes(*size))).collect()))
    };
    let filling = MAX_CHANGE_BYTES - with(10_000).len() + 10_000;
    let edge = with(filling);
    assert_eq!(edge.len(), MAX_CHANGE_BYTES);
    assert!(inspect(&edge).is_ok());
    refused_bytes(&with(filling + 1), TooLarge, "262144 bytes");
}

#[test]
fn counts_hold_at_the_edge_and_not_past_it() {
    let fields = |n: usize| (0..n).map(|n| put(&format!("field_{n}"), 1_i64)).collect::<Vec<_>>();
    passes(expanded(fields(MAX_OPS)));
    refused(expanded(fields(MAX_OPS + 1)), TooLarge, "operations");

    let deps =
        |n: usize| (0..n).map(|n| ChangeHash(std::array::from_fn(|i| [n / 256, n % 256][i % 2] as u8)));
    passes(ExpandedChange { deps: deps(MAX_DEPS).collect(), ..expanded(fields(1)) });
    refused(
        ExpandedChange { deps: deps(MAX_DEPS + 1).collect(), ..expanded(fields(1)) },
        TooLarge,
        "dependencies",
    );

    let preds = |n: usize| (1..=n).map(|n| pred(n as u64, 2)).collect::<Vec<_>>();
    passes(expanded(vec![op("name", OpType::Delete, preds(MAX_PREDS))]));
    refused(expanded(vec![op("name", OpType::Delete, preds(MAX_PREDS + 1))]), TooLarge, "predecessors");
    let half = MAX_PREDS / 2;
    let split =
        |n| vec![op("name", OpType::Delete, preds(half)), op("sector", OpType::Delete, preds(half + n))];
    passes(expanded(split(0)));
    refused(expanded(split(1)), TooLarge, "predecessors");

    let actors = |n: usize| {
        let actor = |n: usize| ActorId::from([[n as u8; 8], (n as u64).to_be_bytes()].concat());
        (0..n).map(|n| AmOpId::new(1, &actor(n + 1_000_000))).collect::<Vec<_>>()
    };
    passes(expanded(vec![op("name", OpType::Delete, actors(MAX_OTHER_ACTORS))]));
    refused(expanded(vec![op("name", OpType::Delete, actors(MAX_OTHER_ACTORS + 1))]), TooLarge, "actors");
}

#[test]
fn numbers_hold_at_the_edge_and_not_past_it() {
    let two = || vec![put("name", "x"), put("sector", "y")];
    let start = |n: u64| NonZeroU64::new(n).unwrap();
    passes(ExpandedChange { start_op: start(MAX_COUNTER - 1), ..expanded(two()) });
    refused(ExpandedChange { start_op: start(MAX_COUNTER), ..expanded(two()) }, TooLarge, "counters");
    refused(ExpandedChange { start_op: start(i64::MAX as u64), ..expanded(two()) }, TooLarge, "counters");
    refused(ExpandedChange { start_op: start(u64::MAX), ..expanded(two()) }, Malformed, "63 bits");
    passes(ExpandedChange { seq: MAX_COUNTER, ..expanded(two()) });
    refused(ExpandedChange { seq: MAX_COUNTER + 1, ..expanded(two()) }, TooLarge, "sequence numbers");
    for sign in [1, -1] {
        passes(ExpandedChange { time: sign * MAX_TIME_S, ..expanded(two()) });
        refused(ExpandedChange { time: sign * (MAX_TIME_S + 1), ..expanded(two()) }, Malformed, "time");
    }
}

#[test]
fn values_keys_and_actors_hold_at_the_edge_and_not_past_it() {
    let one = |op: Op| expanded(vec![op]);
    passes(one(put("name", "x".repeat(MAX_FIELD_BYTES))));
    refused(one(put("name", "x".repeat(MAX_FIELD_BYTES + 1))), TooLarge, "a field has");
    let cbor = |length: usize| minicbor::to_vec("x".repeat(length - 3)).unwrap();
    passes(one(put("address", cbor(MAX_FIELD_BYTES))));
    refused(one(put("address", cbor(MAX_FIELD_BYTES + 1))), TooLarge, "a field has");
    let record = |length: usize| record_bytes(length - record_bytes(60_000).len() + 60_000);
    assert_eq!(record(MAX_RECORD_BYTES).len(), MAX_RECORD_BYTES);
    passes(one(put(RECORD, record(MAX_RECORD_BYTES))));
    refused(one(put(RECORD, record(MAX_RECORD_BYTES + 1))), TooLarge, "a record has");
    let key = |length: usize| format!("{}/{}/{}", "a".repeat(64), "b".repeat(64), "c".repeat(length - 130));
    passes(one(put(&key(MAX_KEY_BYTES), "x")));
    refused(one(put(&key(MAX_KEY_BYTES + 1), "x")), Schema, "key");
    for length in [1, 15, 17, 32] {
        let actor_id = ActorId::from(vec![1; length]);
        refused(ExpandedChange { actor_id: actor_id.clone(), ..one(put("name", "x")) }, Schema, "16 bytes");
        let pred = vec![AmOpId::new(1, &actor_id)];
        refused(one(op("name", OpType::Delete, pred)), Schema, "16 bytes");
    }
}

/// The widest integers come back as they are, and in no other form.
#[test]
fn integers_of_every_width_pass_in_their_one_form() {
    for shift in 0..64 {
        for value in [1_i64 << shift, -(1_i64 << shift), (1_i64 << shift).wrapping_sub(1)] {
            let change = inspect(&encoded(expanded(vec![put("n", value)]))).unwrap();
            let cartera_core::document::Body::Put { value: found, .. } = &change.ops[0].body else {
                panic!()
            };
            assert_eq!(found, &FieldValue::Int(value));
        }
    }
    let body = encoded(expanded(vec![put("n", 1_i64)]))[10..].to_vec();
    let meta = body.windows(2).rposition(|two| two == [0x14, 0x01]).unwrap();
    let mut padded = body.clone();
    padded[meta] = 0x24;
    padded.splice(meta + 1..meta + 2, [0x81, 0x00]);
    let column = padded.windows(2).position(|two| two == [0x57, 0x01]).unwrap();
    padded[column + 1] = 2;
    refused_bytes(&sealed(1, &padded), Malformed, "canonical");
}

// ---------------------------------------------------------------------------------------------- causality

/// A document with a name, known to two devices of which each has one more change than the other knows.
struct Setting {
    rng: Rng,
    facts: MemoryFacts,
    a: ActorId,
    b: ActorId,
    /// What device a knew when it began its next change: everything but b's last one.
    a_knows: MemoryFacts,
}

fn setting() -> Setting {
    let mut rng = Rng::new(42);
    let id = document_id(&mut rng);
    let (a, b) = (actor(&mut rng), actor(&mut rng));
    let mut facts = MemoryFacts::new(id);
    facts.apply(&append::create(&a, id, 0).unwrap());
    facts.apply(&text(&a, &facts, "name", "a"));
    facts.apply(&text(&b, &facts, "sector", "b"));
    let a_knows = facts.clone();
    facts.apply(&text(&b, &facts, "name", "b"));
    Setting { rng, facts, a, b, a_knows }
}

fn text(actor: &ActorId, facts: &MemoryFacts, key: &str, value: &str) -> Change {
    edit::fields(actor, facts, vec![(field(key), Some(FieldValue::Text(value.into())))], 0).unwrap().unwrap()
}

fn judge(facts: &MemoryFacts, change: &Change) -> Outcome {
    let inspected = inspect(&change.bytes).unwrap();
    let Ok(outcome) = causality(&inspected, facts.document(), facts);
    outcome
}

#[track_caller]
fn judged(facts: &MemoryFacts, change: &Change, code: RefusalCode, why: &str) {
    match judge(facts, change) {
        Outcome::Refused(refusal) => {
            assert_eq!(refusal.code, code, "{refusal}");
            assert!(refusal.detail.contains(why), "{refusal}");
        }
        other => panic!("{other:?}"),
    }
}

/// The same change, otherwise.
fn altered(change: &Change, alter: impl FnOnce(&mut ExpandedChange)) -> Change {
    let mut expanded = automerge::Change::try_from(&change.bytes[..]).unwrap().decode();
    alter(&mut expanded);
    inspect(&encoded(expanded)).unwrap()
}

#[test]
fn concurrent_changes_are_admitted_and_known_ones_are_duplicates() {
    let mut setting = setting();
    let concurrent = text(&setting.a, &setting.a_knows, "name", "c");
    assert_eq!(judge(&setting.facts, &concurrent), Outcome::Admit);
    setting.facts.apply(&concurrent);
    assert_eq!(judge(&setting.facts, &concurrent), Outcome::Duplicate { by: concurrent.hash });
    let Ok(live) = setting.facts.field_ops(&field("name"));
    assert_eq!(live.len(), 2, "both values are kept");
}

#[test]
fn a_change_waits_for_what_it_depends_on() {
    let setting = setting();
    let mut a_knows = setting.a_knows.clone();
    let one = text(&setting.a, &a_knows, "name", "1");
    a_knows.apply(&one);
    let two = text(&setting.a, &a_knows, "name", "2");
    assert_eq!(judge(&setting.facts, &two), Outcome::Held { missing: vec![one.hash] });
    let mut facts = setting.facts.clone();
    facts.apply(&one);
    assert_eq!(judge(&facts, &two), Outcome::Admit);
    let nothing = MemoryFacts::new(facts.document());
    assert_eq!(judge(&nothing, &two), Outcome::Held { missing: two.deps.clone() });
}

#[test]
fn the_first_change_fits_its_own_address_alone_and_an_empty_document_alone() {
    let mut rng = Rng::new(1);
    let id = document_id(&mut rng);
    let first = append::create(&actor(&mut rng), id, 0).unwrap();
    let mut facts = MemoryFacts::new(id);
    assert_eq!(judge(&facts, &first), Outcome::Admit);
    judged(&MemoryFacts::new(document_id(&mut rng)), &first, Malformed, "another document");
    facts.apply(&first);
    let second = append::create(&actor(&mut rng), id, 0).unwrap();
    judged(&facts, &second, Malformed, "has begun already");
}

#[test]
fn a_number_used_twice_is_equivocation() {
    let setting = setting();
    let (one, two) =
        (text(&setting.a, &setting.a_knows, "name", "1"), text(&setting.a, &setting.a_knows, "name", "2"));
    let mut facts = setting.facts.clone();
    facts.apply(&one);
    judged(&facts, &two, Equivocation, "another change with this number");
    let mut clone = setting.a_knows.clone();
    clone.apply(&two);
    let three = text(&setting.a, &clone, "name", "3");
    assert_eq!(judge(&facts, &three), Outcome::Held { missing: vec![two.hash] });
}

#[test]
fn numbering_and_the_actors_own_chain_are_checked() {
    let setting = setting();
    let good = text(&setting.a, &setting.a_knows, "name", "x");
    let facts = &setting.facts;
    judged(facts, &altered(&good, |change| change.seq += 1), Malformed, "gap");
    for step in [-1_i64, 1, 1_000] {
        let altered = altered(&good, |change| {
            change.start_op =
                NonZeroU64::new(change.start_op.get().checked_add_signed(step).unwrap()).unwrap();
        });
        judged(facts, &altered, Malformed, "not numbered on");
    }
    // On top of b's last change alone: a's own is an ancestor of it, but Automerge names it all the same.
    let Ok(heads) = facts.heads();
    let beside = altered(&good, |change| {
        change.deps = heads.clone();
        change.start_op = NonZeroU64::new(5).unwrap();
        change.operations[0].pred = vec![AmOpId::new(4, &setting.b)].into();
    });
    judged(facts, &beside, Malformed, "previous change");
    let stranger = altered(&good, |change| change.actor_id = ActorId::from([3; 16]));
    judged(facts, &stranger, Malformed, "gap");
}

#[test]
fn predecessors_are_puts_on_the_same_key_in_the_changes_past() {
    let mut setting = setting();
    let good = text(&setting.a, &setting.a_knows, "name", "x");
    let facts = setting.facts.clone();
    let with = |id: OpId| {
        altered(&good, |change| change.operations[0].pred = vec![AmOpId::new(id.counter, &id.actor)].into())
    };
    let of = |key: &str, facts: &MemoryFacts| facts.field_ops(&field(key)).unwrap()[0].id.clone();
    assert_eq!(judge(&facts, &with(of("name", &setting.a_knows))), Outcome::Admit);
    judged(&facts, &with(of("sector", &facts)), Malformed, "same key");
    let unknown = OpId { counter: 2, actor: ActorId::from([3; 16]) };
    judged(&facts, &with(unknown), Malformed, "same key");

    // b's value of the name was written meanwhile: a has not seen it, however known it is here.
    let mut everything = setting.facts.clone();
    let mut knows = setting.a_knows.clone();
    for n in 0..5 {
        let record =
            append::record(&setting.a, &knows, record_key(&mut setting.rng, "v"), record_bytes(n), 0)
                .unwrap();
        knows.apply(&record);
        everything.apply(&record);
    }
    let later = text(&setting.a, &knows, "name", "y");
    assert_eq!(judge(&everything, &later), Outcome::Admit, "found by walking");
    let foreign = of("name", &facts);
    assert_eq!(foreign.actor, setting.b);
    let unseen = altered(&later, |change| {
        change.operations[0].pred = vec![AmOpId::new(foreign.counter, &foreign.actor)].into();
    });
    judged(&everything, &unseen, Malformed, "not in the change's past");

    // A delete leaves nothing that could be a predecessor.
    let mut facts = facts;
    let delete = edit::fields(&setting.b, &facts, vec![(field("name"), None)], 0).unwrap().unwrap();
    facts.apply(&delete);
    let after = text(&setting.b, &facts, "sector", "z");
    let onto_delete = altered(&after, |change| {
        change.operations[0].pred = vec![AmOpId::new(delete.start_op, &delete.actor)].into();
    });
    judged(&facts, &onto_delete, Malformed, "same key");
}

/// All changes in the past of `deps`, found without any shortcut.
fn past(facts: &MemoryFacts, deps: &[ChangeHash]) -> HashSet<ChangeHash> {
    let mut past = HashSet::new();
    let mut todo = deps.to_vec();
    while let Some(hash) = todo.pop() {
        if past.insert(hash) {
            let Ok(Some(change)) = facts.change(&hash) else { panic!() };
            todo.extend(change.deps);
        }
    }
    past
}

#[test]
fn whether_a_predecessor_is_in_the_past_is_what_the_whole_history_says() {
    let (mut inside, mut outside) = (0, 0);
    for seed in 0..60 {
        let mut rng = Rng::new(seed);
        let id = document_id(&mut rng);
        let actors: Vec<_> = (0..4).map(|_| actor(&mut rng)).collect();
        let mut facts = MemoryFacts::new(id);
        let first = append::create(&actors[0], id, 0).unwrap();
        facts.apply(&first);
        let mut views = vec![facts.clone(); 4];
        let mut made: Vec<Change> = vec![first];
        for step in 0..40 {
            let who = rng.below(4);
            for change in &made {
                let Ok(outcome) = causality(change, id, &views[who]);
                if outcome == Outcome::Admit && rng.one_in(3) {
                    views[who].apply(change);
                }
            }
            let change = text(&actors[who], &views[who], "name", &format!("{step}"));
            // Onto any value of the name there ever was.
            for other in made.iter().skip(1).filter(|other| other.start_op < change.start_op) {
                let onto = altered(&change, |change| {
                    change.operations[0].pred = vec![AmOpId::new(other.start_op, &other.actor)].into();
                });
                let expected = past(&facts, &change.deps).contains(&other.hash);
                match judge(&facts, &onto) {
                    Outcome::Admit => assert!(expected, "seed {seed}, step {step}"),
                    Outcome::Refused(refusal) => assert!(!expected, "seed {seed}, step {step}: {refusal}"),
                    other => panic!("{other:?}"),
                }
                inside += usize::from(expected);
                outside += usize::from(!expected);
            }
            views[who].apply(&change);
            facts.apply(&change);
            made.push(change);
        }
    }
    assert!(inside > 5_000 && outside > 5_000, "{inside} {outside}");
}

#[test]
fn a_record_key_is_taken_once_in_a_workspace() {
    let mut setting = setting();
    let key = record_key(&mut setting.rng, "v");
    let visit = append::record(&setting.a, &setting.a_knows, key, record_bytes(1), 0).unwrap();
    let same = append::record(&setting.b, &setting.facts, key, record_bytes(1), 5).unwrap();
    let other = append::record(&setting.b, &setting.facts, key, record_bytes(2), 0).unwrap();
    let mut facts = setting.facts.clone();
    facts.apply(&visit);
    assert_eq!(judge(&facts, &same), Outcome::Duplicate { by: visit.hash });
    judged(&facts, &other, RecordExists, "taken");

    let mut elsewhere = setting.facts.clone();
    let Ok(Some(found)) = facts.record(&key) else { panic!() };
    elsewhere.claim(key, RecordFacts { document: document_id(&mut setting.rng), ..found });
    judged(&elsewhere, &same, RecordExists, "taken");

    let more = vec![(key, record_bytes(1)), (record_key(&mut setting.rng, "v"), record_bytes(1))];
    let partly = append::records(&setting.b, &setting.facts, more, 0).unwrap();
    judged(&facts, &partly, RecordExists, "some of");
    let error = append::record(&setting.b, &facts, key, record_bytes(1), 0).unwrap_err();
    assert_eq!(error.code(), "record_exists");
}

#[test]
fn predecessors_are_looked_for_so_far_back_and_no_further() {
    let mut rng = Rng::new(9);
    let id = document_id(&mut rng);
    let [a, b, c, d] = std::array::from_fn(|_| actor(&mut rng));
    let mut base = MemoryFacts::new(id);
    base.apply(&append::create(&a, id, 0).unwrap());
    base.apply(&text(&a, &base, "name", "a"));
    let aside = text(&c, &base, "sector", "c");
    let mut chain = base.clone();
    let judged_at = |chain: &MemoryFacts| {
        let edit = text(&d, chain, "name", "d");
        let mut facts = chain.clone();
        facts.apply(&aside);
        judge(&facts, &edit)
    };
    // The walk sees the chain, and then the change that put the name.
    for n in 1..=MAX_ANCESTRY_STEPS {
        let record = append::record(&b, &chain, record_key(&mut rng, "v"), record_bytes(0), 0).unwrap();
        chain.apply(&record);
        if n == MAX_ANCESTRY_STEPS - 1 {
            assert_eq!(judged_at(&chain), Outcome::Admit);
        }
    }
    match judged_at(&chain) {
        Outcome::Refused(refusal) => assert_eq!(refusal.code, TooLarge, "{refusal}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_document_has_so_many_bytes_and_no_more() {
    let mut setting = setting();
    let mut facts = setting.facts.clone();
    let mut put = |facts: &MemoryFacts, length: usize| {
        append::record(&setting.a, facts, record_key(&mut setting.rng, "v"), record_bytes(length), 0)
    };
    while facts.size().unwrap() < (MAX_DOCUMENT_BYTES - 100_000) as u64 {
        let change = put(&facts, 50_000).unwrap();
        facts.apply(&change);
    }
    let change = put(&facts, 30_000).unwrap();
    facts.apply(&change);
    let room = MAX_DOCUMENT_BYTES - facts.size().unwrap() as usize;
    let mut length = room - 100; // less than the rest of any change takes
    let edge = loop {
        match put(&facts, length) {
            Ok(change) => break change,
            Err(error) => assert_eq!(error.code(), "too_large"),
        }
        length -= 1;
    };
    assert_eq!(edge.bytes.len(), room, "not a byte is left");
    assert_eq!(judge(&facts, &edge), Outcome::Admit);
    let key = record_key(&mut Rng::new(1), "v");
    let other = append::record(&setting.b, &setting.facts, key, record_bytes(9), 0).unwrap();
    facts.apply(&edge);
    judged(&facts, &other, TooLarge, "a document's changes");
}

#[test]
fn a_document_with_more_heads_than_a_change_may_name_is_drawn_together() {
    let mut rng = Rng::new(10);
    let id = document_id(&mut rng);
    let own = actor(&mut rng);
    let mut base = MemoryFacts::new(id);
    base.apply(&append::create(&own, id, 0).unwrap());
    let mut facts = base.clone();
    for n in 0..MAX_DEPS + 200 {
        let change = text(&actor(&mut rng), &base, "name", &format!("{n}"));
        assert_eq!(judge(&facts, &change), Outcome::Admit);
        facts.apply(&change);
    }
    let Ok(heads) = facts.heads();
    assert_eq!(heads.len(), MAX_DEPS + 200);

    let first = append::record(&own, &facts, record_key(&mut rng, "v"), record_bytes(1), 0).unwrap();
    assert_eq!(first.deps.len(), MAX_DEPS);
    let edit = text(&own, &facts, "name", "chosen");
    assert_eq!(edit.deps.len(), MAX_DEPS);
    let mut after_edit = facts.clone();
    admit(&mut after_edit, &edit.bytes);
    let Ok(left) = after_edit.field_ops(&field("name"));
    assert_eq!(
        left.len(),
        200 + 1 + 1,
        "what it could not have seen stays beside it: own first change took a place"
    );

    admit(&mut facts, &first.bytes);
    let second = text(&own, &facts, "name", "chosen");
    assert_eq!(second.deps.len(), 200 + 1 + 1);
    admit(&mut facts, &second.bytes);
    assert_eq!(facts.heads(), Ok(vec![second.hash]));
    assert_eq!(facts.field_ops(&field("name")).unwrap().len(), 1);
}

#[test]
fn uleb_of_the_tests_is_that_of_the_format() {
    assert_eq!((uleb(0), uleb(127), uleb(128)), (vec![0], vec![127], vec![128, 1]));
}
