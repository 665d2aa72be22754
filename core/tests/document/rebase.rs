//! Rebase: a phone wrote while it did not know everything, the relay took some of it, and the rest is written anew.
//!
//! What must come out is said twice: by a model that knows only operations and what each replaces, and, where the
//! model and Automerge cannot differ (no deletes, nothing left out), by an Automerge transaction in a document forked at what the author had seen.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, ROOT};
use cartera_core::document::admit::{Outcome, RefusalCode, causality, inspect};
use cartera_core::document::rebase::{Fate, RebaseError, Rebased, Unsent, rebase};
use cartera_core::document::{
    Body, Change, ChangeHash, Facts, FieldValue, MemoryFacts, Op, OpId, RecordKey, append, edit,
};
use cartera_core::model::DocumentId;

use crate::support::{Rng, actor, admit, am_value, document_id, field, record_bytes, record_key};

const FIELDS: [&str; 5] =
    ["name", "sector", "tag/terraza", "contact/01ARZ3NDEKTSV4RRFFQ69G5FAV/phone", "pref/horario"];

fn kept(change: &Change) -> Unsent<'_> {
    Unsent { change, fate: Fate::Keep }
}

fn left_out(change: &Change) -> Unsent<'_> {
    Unsent { change, fate: Fate::LeaveOut }
}

/// What came of one phone's time offline.
struct Story {
    id: DocumentId,
    /// The relay's document: everything acknowledged.
    relay: MemoryFacts,
    acknowledged: Vec<Change>,
    /// The phone's unsent changes in the order in which it made them, and which of them are kept.
    unsent: Vec<(Change, bool)>,
}

impl Story {
    fn unsent(&self) -> Vec<Unsent<'_>> {
        self.unsent.iter().map(|(change, keep)| if *keep { kept(change) } else { left_out(change) }).collect()
    }
}

#[derive(Clone, Copy)]
struct Plot {
    steps: usize,
    /// Percent of unsent changes that the relay refuses.
    refused: usize,
    deletes: bool,
    /// The relay has nothing of this document at the end.
    nothing_acknowledged: bool,
}

fn story(rng: &mut Rng, plot: Plot) -> Story {
    let id = document_id(rng);
    let mut others = [actor(rng), actor(rng)];
    let mut phone = actor(rng);
    let mut relay = MemoryFacts::new(id);
    let mut local = MemoryFacts::new(id);
    let mut acknowledged: Vec<Change> = Vec::new();
    let mut unsent: Vec<Change> = Vec::new();
    let first = append::create(&phone, id, 1_000).unwrap();
    local.apply(&first);
    if plot.nothing_acknowledged {
        unsent.push(first);
    } else {
        relay.apply(&first);
        acknowledged.push(first);
    }
    for step in 0..plot.steps {
        match rng.below(6) {
            // Somebody else writes to the relay, on top of what the relay has.
            0 | 1 if !plot.nothing_acknowledged => {
                let who = rng.below(2);
                if let Some(change) = write(rng, &others[who], &relay, step, plot.deletes) {
                    relay.apply(&change);
                    acknowledged.push(change);
                }
            }
            // The phone hears of some of it.
            2 => {
                for change in &acknowledged {
                    let Ok(outcome) = causality(change, id, &local);
                    if outcome == Outcome::Admit && rng.one_in(2) {
                        local.apply(change);
                    }
                }
            }
            // The relay takes the oldest unsent change.
            3 if !plot.nothing_acknowledged && rng.one_in(2) && !unsent.is_empty() => {
                let change = unsent.remove(0);
                let Ok(outcome) = causality(&change, id, &relay);
                assert_eq!(outcome, Outcome::Admit);
                relay.apply(&change);
                acknowledged.push(change);
            }
            // The phone was restored or changed its actor for another reason.
            4 if rng.one_in(6) => {
                phone = actor(rng);
                others.reverse();
            }
            _ => {
                if let Some(change) = write(rng, &phone, &local, step, plot.deletes) {
                    local.apply(&change);
                    unsent.push(change);
                }
            }
        }
    }
    let unsent = unsent.into_iter().map(|change| (change, rng.below(100) >= plot.refused)).collect();
    Story { id, relay, acknowledged, unsent }
}

/// A few records and edits; every value is new, so that no put is left out for saying what is there already.
fn write(rng: &mut Rng, actor: &ActorId, facts: &MemoryFacts, step: usize, deletes: bool) -> Option<Change> {
    let time_ms = 1_790_000_000_000 + step as i64 * 1_000;
    if rng.one_in(3) {
        let length = rng.below(20);
        return Some(
            append::record(actor, facts, record_key(rng, "v"), record_bytes(length), time_ms).unwrap(),
        );
    }
    let first = rng.below(FIELDS.len());
    let edits = (0..1 + rng.below(3)).map(|n| {
        let value = FieldValue::Text(format!("{step} {n} {}", rng.next()));
        (field(FIELDS[(first + n) % FIELDS.len()]), (!deletes || !rng.one_in(4)).then_some(value))
    });
    edit::fields(actor, facts, edits.collect(), time_ms).unwrap()
}

/// Rebases, passes everything through admission, and gives the document that comes of it.
fn rebased(rng: &mut Rng, story: &Story) -> (Rebased, MemoryFacts) {
    let fresh = actor(rng);
    let rebased = rebase(&story.relay, story.id, &story.unsent(), &fresh).unwrap();
    let mut after = story.relay.clone();
    for change in &rebased.changes {
        assert_eq!(&admit(&mut after, &change.bytes), change);
        assert_eq!(change.actor, fresh);
    }
    (rebased, after)
}

/// Names an operation for ever, whatever its id becomes.
type Name = (ChangeHash, usize);

/// Operations, what each replaces, and nothing else.
#[derive(Default)]
struct Model {
    names: HashMap<OpId, Name>,
    /// Of puts that were left out: what they replaced.
    left_out: HashMap<Name, Vec<Name>>,
    values: BTreeMap<Name, (String, FieldValue)>,
    replaced: HashSet<Name>,
}

impl Model {
    fn take(&mut self, change: &Change, keep: bool) {
        for (index, op) in change.ops.iter().enumerate() {
            let name = (change.hash, index);
            // A name is unknown only where its change is gone.
            let pred: Vec<Name> =
                op.body.pred().iter().filter_map(|id| self.names.get(id).copied()).collect();
            if let Body::Put { key, value, .. } = &op.body {
                self.names.insert(op.id.clone(), name);
                if keep {
                    self.values.insert(name, (key.to_string(), value.clone()));
                } else {
                    self.left_out.insert(name, pred.clone());
                }
            }
            if keep {
                self.replace(pred);
            }
        }
    }

    fn replace(&mut self, names: Vec<Name>) {
        for name in names {
            match self.left_out.get(&name).cloned() {
                Some(further) => self.replace(further),
                None => {
                    self.replaced.insert(name);
                }
            }
        }
    }

    /// Live values by key.
    fn profile(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut profile: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (name, (key, value)) in &self.values {
            if !self.replaced.contains(name) {
                profile.entry(key.clone()).or_default().insert(format!("{value:?}"));
            }
        }
        profile
    }
}

fn profile(facts: &MemoryFacts) -> BTreeMap<String, BTreeSet<String>> {
    let profile = facts.profile().into_iter();
    profile
        .map(|(key, live)| (key.to_string(), live.iter().map(|(_, value)| format!("{value:?}")).collect()))
        .collect()
}

fn plots() -> impl Iterator<Item = (u64, Plot)> {
    (0..1_500).map(|seed| {
        let plot = Plot {
            steps: 5 + seed as usize % 60,
            refused: [0, 10, 50, 100][seed as usize % 4],
            deletes: seed % 3 != 0,
            nothing_acknowledged: seed % 10 == 9,
        };
        (seed, plot)
    })
}

#[test]
fn the_document_that_comes_out_is_the_one_that_the_model_says() {
    let (mut conflicts, mut changes) = (0, 0);
    for (seed, plot) in plots() {
        let mut rng = Rng::new(seed);
        let story = story(&mut rng, plot);
        let (rebased, after) = rebased(&mut rng, &story);
        let mut model = Model::default();
        story.acknowledged.iter().for_each(|change| model.take(change, true));
        story.unsent.iter().for_each(|(change, keep)| model.take(change, *keep));
        let expected = model.profile();
        assert_eq!(profile(&after), expected, "seed {seed}");
        conflicts += expected.values().filter(|values| values.len() > 1).count();
        changes += rebased.changes.len();
    }
    assert!(conflicts > 1_000 && changes > 5_000, "{conflicts} conflicts, {changes} changes");
}

#[test]
fn records_keep_their_keys_and_bytes_and_those_left_out_are_gone() {
    for (seed, plot) in plots() {
        let mut rng = Rng::new(seed);
        let story = story(&mut rng, plot);
        let (_, after) = rebased(&mut rng, &story);
        let kept = story.unsent.iter().filter(|(_, keep)| *keep).map(|(change, _)| change);
        let expected: BTreeSet<_> =
            story.acknowledged.iter().chain(kept).flat_map(|change| &change.ops).filter_map(record).collect();
        let found: BTreeSet<_> = after.records().map(|(key, bytes, _)| (*key, bytes.to_vec())).collect();
        assert_eq!(found, expected, "seed {seed}");
    }
}

/// A damaged database has lost some of the unsent changes: the others keep what they say, and at most more stays
/// beside it than their author would have left.
#[test]
fn what_was_built_on_a_change_that_is_gone_is_kept() {
    let (mut gaps, mut more) = (0, 0);
    for (seed, plot) in plots() {
        let mut rng = Rng::new(seed);
        let mut story = story(&mut rng, plot);
        let before = story.unsent.len();
        story.unsent.retain(|_| !rng.one_in(4));
        gaps += before - story.unsent.len();
        let (_, after) = rebased(&mut rng, &story);
        let mut model = Model::default();
        story.acknowledged.iter().for_each(|change| model.take(change, true));
        story.unsent.iter().for_each(|(change, keep)| model.take(change, *keep));
        let found = profile(&after);
        for (key, values) in model.profile() {
            assert!(values.is_subset(&found[&key]), "seed {seed}: {key} lost a value");
            more += found[&key].len() - values.len();
        }
        let kept = story.unsent.iter().filter(|(_, keep)| *keep).map(|(change, _)| change);
        let expected: BTreeSet<_> =
            story.acknowledged.iter().chain(kept).flat_map(|change| &change.ops).filter_map(record).collect();
        let found: BTreeSet<_> = after.records().map(|(key, bytes, _)| (*key, bytes.to_vec())).collect();
        assert_eq!(found, expected, "seed {seed}");
    }
    assert!(gaps > 1_000 && more > 0, "{gaps} gaps, {more} values more");
}

fn record(op: &Op) -> Option<(RecordKey, Vec<u8>)> {
    match &op.body {
        Body::Record { key, bytes, .. } => Some((*key, bytes.clone())),
        _ => None,
    }
}

/// All changes in the past of `heads`, themselves included.
fn past(facts: &MemoryFacts, heads: &[ChangeHash]) -> HashSet<ChangeHash> {
    let mut past = HashSet::new();
    let mut todo = heads.to_vec();
    while let Some(hash) = todo.pop() {
        if past.insert(hash) {
            let Ok(change) = facts.change(&hash);
            todo.extend(change.unwrap().deps);
        }
    }
    past
}

#[test]
fn a_rewritten_change_has_seen_what_its_author_had_seen_and_nothing_more() {
    for (seed, plot) in plots().filter(|(_, plot)| !plot.nothing_acknowledged) {
        let mut rng = Rng::new(seed);
        let story = story(&mut rng, plot);
        let (rebased, after) = rebased(&mut rng, &story);
        let mut everything = story.relay.clone();
        story.unsent.iter().for_each(|(change, _)| everything.apply(change));
        let acknowledged: HashSet<_> = story.acknowledged.iter().map(|change| change.hash).collect();
        let mut seen_so_far = HashSet::new();
        for ((original, _), new) in story.unsent.iter().zip(&rebased.replaced_by) {
            let Some(new) = new else { continue };
            let seen = past(&everything, &original.deps);
            seen_so_far.extend(seen.intersection(&acknowledged).copied());
            let now = past(&after, &[*new]);
            let now: HashSet<_> = now.intersection(&acknowledged).copied().collect();
            assert_eq!(now, seen_so_far, "seed {seed}");
        }
    }
}

#[test]
fn where_nothing_is_refused_the_bytes_are_those_of_transactions_in_forks_at_what_the_author_had_seen() {
    let mut compared = 0;
    for (seed, plot) in
        plots().take(500).map(|(seed, plot)| (seed, Plot { refused: 0, deletes: false, ..plot }))
    {
        let mut rng = Rng::new(seed);
        let story = story(&mut rng, plot);
        let (rebased, _) = rebased(&mut rng, &story);
        let mut doc = Automerge::new();
        let changes =
            story.acknowledged.iter().map(|change| automerge::Change::try_from(&change.bytes[..]).unwrap());
        doc.apply_changes(changes.collect::<Vec<_>>()).unwrap();
        let mut new = rebased.changes.iter();
        if plot.nothing_acknowledged {
            let first = new.next().unwrap();
            doc.apply_changes([automerge::Change::try_from(&first.bytes[..]).unwrap()]).unwrap();
        }
        for change in new {
            let mut fork = doc.fork_at(&change.deps).unwrap();
            fork.set_actor(change.actor.clone());
            let mut transaction = fork.transaction();
            for op in &change.ops {
                match &op.body {
                    Body::Put { key, value, .. } => {
                        transaction.put(ROOT, key.as_str(), am_value(value)).unwrap()
                    }
                    Body::Record { key, bytes, .. } => {
                        transaction.put(ROOT, key.to_string(), bytes.clone()).unwrap();
                    }
                    other => panic!("{other:?}"),
                }
            }
            let origin = change.origin.unwrap().to_string();
            let options = CommitOptions::default().with_time(change.time_s).with_message(origin);
            transaction.commit_with(options);
            let theirs = fork.get_last_local_change().unwrap();
            assert_eq!(theirs.raw_bytes(), change.bytes, "seed {seed}");
            doc.apply_changes([theirs]).unwrap();
            compared += 1;
        }
    }
    assert!(compared > 1_500, "{compared}");
}

#[test]
fn where_nothing_is_acknowledged_a_new_first_change_stands_for_the_old_one() {
    let mut rng = Rng::new(5);
    let id = document_id(&mut rng);
    let (old, new) = (actor(&mut rng), actor(&mut rng));
    let mut local = MemoryFacts::new(id);
    let first = append::create(&old, id, 5_000).unwrap();
    local.apply(&first);
    let edits = vec![(field("name"), Some(FieldValue::Text("Bar Paco".into())))];
    let named = edit::fields(&old, &local, edits, 6_000).unwrap().unwrap();
    let unsent = [kept(&first), kept(&named)];
    let rebased = rebase(&MemoryFacts::new(id), id, &unsent, &new).unwrap();
    assert_eq!(rebased.changes.len(), 2);
    let begun = Change { origin: None, ..rebased.changes[0].clone() };
    let anew = append::create(&new, id, 5_000).unwrap();
    assert_eq!(begun, Change { hash: begun.hash, bytes: begun.bytes.clone(), ..anew });
    let origins: Vec<_> = rebased.changes.iter().map(Change::origin).collect();
    assert_eq!(origins, [first.hash, named.hash]);
    let hashes: Vec<_> = rebased.changes.iter().map(|change| Some(change.hash)).collect();
    assert_eq!(rebased.replaced_by, hashes);
    assert_eq!(rebase(&MemoryFacts::new(id), id, &[], &new).unwrap().changes, []);
}

#[test]
fn a_delete_whose_target_was_left_out_falls_away() {
    let mut rng = Rng::new(6);
    let id = document_id(&mut rng);
    let (old, new) = (actor(&mut rng), actor(&mut rng));
    let mut relay = MemoryFacts::new(id);
    relay.apply(&append::create(&old, id, 0).unwrap());
    let mut local = relay.clone();
    let put =
        edit::fields(&old, &local, vec![(field("tag/x"), Some(FieldValue::Bool(true)))], 0).unwrap().unwrap();
    local.apply(&put);
    let delete = edit::fields(&old, &local, vec![(field("tag/x"), None)], 0).unwrap().unwrap();
    let unsent = [left_out(&put), kept(&delete)];
    let rebased = rebase(&relay, id, &unsent, &new).unwrap();
    assert_eq!((rebased.changes.len(), rebased.replaced_by), (0, vec![None, None]));
}

#[test]
fn an_actor_that_was_used_is_an_error() {
    let mut rng = Rng::new(7);
    let id = document_id(&mut rng);
    let (old, new) = (actor(&mut rng), actor(&mut rng));
    let mut relay = MemoryFacts::new(id);
    relay.apply(&append::create(&old, id, 0).unwrap());
    let mut local = relay.clone();
    let one = append::record(&old, &local, record_key(&mut rng, "v"), record_bytes(1), 0).unwrap();
    local.apply(&one);
    let two = append::record(&old, &local, record_key(&mut rng, "v"), record_bytes(1), 0).unwrap();
    let both = [kept(&one), kept(&two)];
    assert!(matches!(rebase(&relay, id, &both, &old), Err(RebaseError::ActorUsed)));
    assert_eq!(rebase(&relay, id, &both, &new).unwrap().changes.len(), 2);
}

#[test]
fn work_that_arrived_after_all_is_recognised_when_it_comes_again_rebased() {
    let mut rng = Rng::new(8);
    let id = document_id(&mut rng);
    let (old, new) = (actor(&mut rng), actor(&mut rng));
    let mut relay = MemoryFacts::new(id);
    relay.apply(&append::create(&old, id, 0).unwrap());
    let visit = append::record(&old, &relay, record_key(&mut rng, "v"), record_bytes(1), 0).unwrap();
    let rebased = rebase(&relay, id, &[kept(&visit)], &new).unwrap();
    relay.apply(&visit);
    let again = inspect(&rebased.changes[0].bytes).unwrap();
    assert_eq!(causality(&again, id, &relay), Ok(Outcome::Duplicate { by: visit.hash }));
    let Body::Record { key, .. } = visit.ops[0].body else { panic!() };
    let mut without = relay.clone();
    let found = relay.record(&key).unwrap().unwrap();
    without.claim(key, cartera_core::document::RecordFacts { document: document_id(&mut rng), ..found });
    let Ok(outcome) = causality(&again, id, &without);
    assert!(matches!(outcome, Outcome::Refused(refusal) if refusal.code == RefusalCode::RecordExists));
}

/// One actor's edits in turn, from `relay` on.
fn edits(actor: &ActorId, relay: &MemoryFacts, edits: &[(&str, Option<&str>)]) -> Vec<Change> {
    let mut local = relay.clone();
    let write = |(key, value): &(&str, Option<&str>)| {
        let value = value.map(|text| FieldValue::Text(text.into()));
        let change = edit::fields(actor, &local, vec![(field(key), value)], 1_000).unwrap().unwrap();
        local.apply(&change);
        change
    };
    edits.iter().map(write).collect()
}

fn values(facts: &MemoryFacts, key: &str) -> Vec<String> {
    let profile = facts.profile();
    let live = profile.get(&field(key)).into_iter().flatten();
    live.map(|(_, value)| if let FieldValue::Text(text) = value { text.clone() } else { panic!() }).collect()
}

/// A document that has begun, and actors of the phone: before its restore, for a rebase, after it.
fn begun(rng: &mut Rng) -> (DocumentId, MemoryFacts, [ActorId; 3]) {
    let id = document_id(rng);
    let actors = [actor(rng), actor(rng), actor(rng)];
    let mut relay = MemoryFacts::new(id);
    relay.apply(&append::create(&actors[0], id, 0).unwrap());
    (id, relay, actors)
}

#[test]
fn an_edit_that_was_rebased_before_a_restore_is_known_again_and_stands_once() {
    let mut rng = Rng::new(9);
    let (id, start, [old, before, after]) = begun(&mut rng);
    let unsent = edits(&old, &start, &[("name", Some("Bar")), ("name", Some("Bar Paco"))]);
    let sent = rebase(&start, id, &[kept(&unsent[0]), kept(&unsent[1])], &before).unwrap().changes;
    let mut relay = start.clone();
    sent.iter().for_each(|change| relay.apply(&inspect(&change.bytes).unwrap()));

    // The phone comes back from a backup and sends what is unsent there, as it was first written and anew.
    for (first, anew) in unsent.iter().zip(&sent) {
        assert_eq!(causality(first, id, &relay), Ok(Outcome::Duplicate { by: anew.hash }));
    }
    let again = rebase(&start, id, &[kept(&unsent[0]), kept(&unsent[1])], &after).unwrap().changes;
    for (again, anew) in again.iter().zip(&sent) {
        assert_ne!(again.hash, anew.hash);
        assert_eq!(causality(again, id, &relay), Ok(Outcome::Duplicate { by: anew.hash }));
    }
    // And the other way round: the first writing arrived, and then what a twin made of it.
    let mut relay = start.clone();
    relay.apply(&unsent[0]);
    assert_eq!(causality(&sent[0], id, &relay), Ok(Outcome::Duplicate { by: unsent[0].hash }));
}

#[test]
fn what_was_built_on_work_that_stands_already_replaces_that() {
    let mut rng = Rng::new(10);
    let (id, start, [old, before, after]) = begun(&mut rng);
    let unsent = edits(&old, &start, &[("name", Some("Bar")), ("name", Some("Bar Paco"))]);
    let mut relay = start.clone();
    let sent = rebase(&start, id, &[kept(&unsent[0])], &before).unwrap().changes;
    relay.apply(&sent[0]);
    let stands = Unsent { change: &unsent[0], fate: Fate::StandsAs(sent[0].hash) };
    let rebased = rebase(&relay, id, &[stands, kept(&unsent[1])], &after).unwrap();
    assert_eq!(rebased.replaced_by, [None, Some(rebased.changes[0].hash)]);
    admit(&mut relay, &rebased.changes[0].bytes);
    assert_eq!(values(&relay, "name"), ["Bar Paco"]);
}

#[test]
fn what_came_after_on_both_sides_of_a_restore_is_a_conflict_of_those_alone() {
    let mut rng = Rng::new(11);
    let (id, start, [old, before, after]) = begun(&mut rng);
    let one = edits(&old, &start, &[("name", Some("Bar")), ("name", Some("Bar Paco"))]);
    let mut relay = start.clone();
    let sent = rebase(&start, id, &[kept(&one[0]), kept(&one[1])], &before).unwrap().changes;
    sent.iter().for_each(|change| relay.apply(change));
    // The backup has the first edit alone, and goes on from it.
    let mut other = start.clone();
    other.apply(&one[0]);
    let second = edits(&old, &other, &[("name", Some("Bar Lola"))]).remove(0);
    let stands = Unsent { change: &one[0], fate: Fate::StandsAs(sent[0].hash) };
    let rebased = rebase(&relay, id, &[stands, kept(&second)], &after).unwrap();
    admit(&mut relay, &rebased.changes[0].bytes);
    let mut found = values(&relay, "name");
    found.sort();
    assert_eq!(found, ["Bar Lola", "Bar Paco"]);
}

#[test]
fn fields_beside_records_that_stand_already_are_written_anew() {
    let mut rng = Rng::new(12);
    let (id, start, [old, twin, fresh]) = begun(&mut rng);
    let key = record_key(&mut rng, "n");
    let alone = append::record(&old, &start, key, record_bytes(1), 0).unwrap();
    let mut relay = start.clone();
    relay.apply(&alone);
    let mut beside = edits(&twin, &start, &[("warning", Some("beside it"))]).remove(0);
    let Body::Record { header, bytes, .. } = alone.ops[0].body.clone() else { panic!() };
    let counter = beside.max_op() + 1;
    let id_of = OpId { counter, actor: twin.clone() };
    beside.ops.push(cartera_core::document::Op { id: id_of, body: Body::Record { key, header, bytes } });
    let stands = Unsent { change: &beside, fate: Fate::StandsAs(alone.hash) };
    let rebased = rebase(&relay, id, &[stands], &fresh).unwrap();
    admit(&mut relay, &rebased.changes[0].bytes);
    assert_eq!((values(&relay, "warning"), rebased.changes[0].ops.len()), (vec!["beside it".into()], 1));
}

#[test]
fn to_name_another_s_change_as_origin_hides_nothing() {
    let mut rng = Rng::new(13);
    let (id, start, [rep, hostile, fresh]) = begun(&mut rng);
    let theirs = edits(&rep, &start, &[("name", Some("Bar"))]).remove(0);
    // It claims to be their change, and says something else.
    let mut other = edits(&hostile, &start, &[("name", Some("Mine"))]).remove(0);
    other.origin = Some(theirs.hash);
    let claimed = rebase(&start, id, &[kept(&other)], &fresh).unwrap().changes.remove(0);
    assert_eq!(claimed.origin, Some(theirs.hash));
    let mut relay = start.clone();
    admit(&mut relay, &claimed.bytes);
    assert_eq!(causality(&theirs, id, &relay), Ok(Outcome::Admit));
    admit(&mut relay, &theirs.bytes);
    let mut found = values(&relay, "name");
    found.sort();
    assert_eq!(found, ["Bar", "Mine"]);
    // Nor is one taken for it that comes later.
    let mut relay = start.clone();
    relay.apply(&theirs);
    assert_eq!(causality(&claimed, id, &relay), Ok(Outcome::Admit));
}
