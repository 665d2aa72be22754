//! Folding against its rules said naively, and against shuffled arrival.

use automerge::ActorId;
use cartera_core::document::fold::{Entry, Folded, Orphan, fold, own_or_manager};
use cartera_core::document::{OpId, RecordKey, Relation};
use cartera_core::model::RecordId;
use cartera_core::model::record::Kind;

use crate::support::Rng;

type Author = Option<u8>;

fn key(kind: &str, id: u8) -> RecordKey {
    RecordKey { kind: Kind::parse(kind).unwrap(), id: RecordId::from_bytes([id; 16]) }
}

fn entry(id: u8, counter: u64, author: u8, relation: Option<Relation>) -> Entry<Author> {
    let op = OpId { counter, actor: ActorId::from([author; 16]) };
    Entry { key: key("v", id), id: op, author: Some(author), relation }
}

fn amends(id: u8) -> Option<Relation> {
    Some(Relation::Amends(RecordId::from_bytes([id; 16])))
}

fn voids(id: u8) -> Option<Relation> {
    Some(Relation::Voids(RecordId::from_bytes([id; 16])))
}

/// Person 9 is a manager.
fn folded(records: &[Entry<Author>]) -> Vec<Folded> {
    fold(records, own_or_manager(|person: &u8| *person == 9))
}

fn only(records: &[Entry<Author>]) -> Folded {
    let mut all = folded(records);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

#[test]
fn a_record_alone_is_shown_as_it_is() {
    let one = only(&[entry(1, 1, 1, None)]);
    assert_eq!((one.shown, one.voided_by, one.orphan), (key("v", 1), None, None));
    assert!(one.amendments.is_empty() && one.latest.is_empty());
}

#[test]
fn an_amendment_replaces_what_is_shown_and_an_amendment_of_it_replaces_that() {
    let one = only(&[entry(1, 1, 1, None), entry(2, 2, 1, amends(1)), entry(3, 3, 1, amends(2))]);
    assert_eq!(one.shown, key("v", 3));
    assert_eq!(one.amendments, [key("v", 2), key("v", 3)]);
    assert_eq!(one.latest, [key("v", 3)]);
}

#[test]
fn of_concurrent_amendments_the_greatest_is_shown_and_all_are_listed() {
    let one = only(&[entry(1, 1, 1, None), entry(2, 2, 9, amends(1)), entry(3, 2, 1, amends(1))]);
    assert_eq!(one.shown, key("v", 2), "the same counter: the greater actor");
    assert_eq!(one.amendments, [key("v", 3), key("v", 2)]);
    assert_eq!(one.latest, [key("v", 3), key("v", 2)]);
}

#[test]
fn a_void_beats_amendments_made_before_and_after_it() {
    let one = only(&[
        entry(1, 1, 1, None),
        entry(2, 2, 1, amends(1)),
        entry(3, 3, 1, voids(1)),
        entry(4, 4, 1, amends(2)),
    ]);
    assert_eq!(one.voided_by, Some(key("v", 3)));
    assert_eq!(one.shown, key("v", 4));
}

#[test]
fn voiding_a_void_restores_and_voiding_that_voids_again() {
    let mut records = vec![entry(1, 1, 1, None), entry(2, 2, 1, voids(1)), entry(3, 3, 1, voids(2))];
    assert_eq!(only(&records).voided_by, None);
    records.push(entry(4, 4, 1, voids(3)));
    assert_eq!(only(&records).voided_by, Some(key("v", 2)));
}

#[test]
fn two_voids_take_two_restores() {
    let mut records = vec![entry(1, 1, 1, None), entry(2, 2, 1, voids(1)), entry(3, 3, 9, voids(1))];
    assert_eq!(only(&records).voided_by, Some(key("v", 3)));
    records.push(entry(4, 4, 9, voids(3)));
    assert_eq!(only(&records).voided_by, Some(key("v", 2)));
    records.push(entry(5, 5, 9, voids(2)));
    assert_eq!(only(&records).voided_by, None);
}

#[test]
fn a_voided_amendment_counts_for_nothing_and_neither_does_what_amends_it() {
    let one = only(&[
        entry(1, 1, 1, None),
        entry(2, 2, 1, amends(1)),
        entry(3, 3, 1, amends(2)),
        entry(4, 4, 1, voids(2)),
    ]);
    assert_eq!((one.shown, one.voided_by), (key("v", 1), None));
    assert!(one.amendments.is_empty() && one.latest.is_empty());
}

#[test]
fn a_target_that_is_unknown_or_of_another_kind_leaves_an_orphan() {
    let mut other_kind = entry(1, 1, 1, None);
    other_kind.key = key("p", 1);
    for lone in [amends(1), voids(1)] {
        let all = folded(&[other_kind.clone(), entry(2, 2, 1, lone)]);
        assert_eq!(all.len(), 2);
        assert_eq!((all[1].root, all[1].orphan), (key("v", 2), Some(Orphan::NoTarget)));
        assert_eq!((all[0].shown, all[0].voided_by), (key("p", 1), None));
    }
}

#[test]
fn an_orphan_takes_its_place_when_its_target_arrives() {
    let late = [entry(2, 2, 1, amends(1)), entry(1, 1, 1, None)];
    assert_eq!(folded(&late[..1])[0].orphan, Some(Orphan::NoTarget));
    assert_eq!(only(&late).shown, key("v", 2));
}

#[test]
fn records_that_name_each_other_or_themselves_do_not_go_in_a_circle() {
    let all = folded(&[entry(1, 1, 1, voids(2)), entry(2, 2, 1, voids(1)), entry(3, 3, 1, amends(3))]);
    let orphans: Vec<_> = all.iter().map(|one| (one.root, one.orphan, one.voided_by)).collect();
    assert_eq!(
        orphans,
        [
            (key("v", 1), Some(Orphan::NotEarlier), Some(key("v", 2))),
            (key("v", 3), Some(Orphan::NotEarlier), None)
        ]
    );
}

#[test]
fn nothing_amends_a_void() {
    let all = folded(&[entry(1, 1, 1, None), entry(2, 2, 1, voids(1)), entry(3, 3, 1, amends(2))]);
    assert_eq!(all[0].voided_by, Some(key("v", 2)));
    assert_eq!((all[1].root, all[1].orphan), (key("v", 3), Some(Orphan::AmendsVoid)));
}

#[test]
fn reps_amend_and_void_their_own_and_managers_everybodys() {
    let not_allowed = |by: u8, relation| {
        let all = folded(&[entry(1, 1, 1, None), entry(2, 2, by, relation)]);
        all.len() == 2 && all[1].orphan == Some(Orphan::NotAllowed) && all[0].voided_by.is_none()
    };
    for relation in [amends(1), voids(1)] {
        assert!(!not_allowed(1, relation), "his own");
        assert!(!not_allowed(9, relation), "a manager");
        assert!(not_allowed(2, relation), "another rep");
    }
    let mut unknown = entry(2, 2, 1, voids(1));
    unknown.author = None;
    let mut target = entry(1, 1, 1, None);
    target.author = None;
    assert_eq!(
        folded(&[target, unknown])[1].orphan,
        Some(Orphan::NotAllowed),
        "two unknowns are not the same"
    );
    // A rep does not undo what a manager did to his record.
    let all = folded(&[entry(1, 1, 1, None), entry(2, 2, 9, voids(1)), entry(3, 3, 1, voids(2))]);
    assert_eq!(all[0].voided_by, Some(key("v", 2)));
}

/// The rules of `fold`'s module documentation, word by word, without regard to speed.
struct Naive<'a>(&'a [Entry<Author>]);

impl Naive<'_> {
    fn target(&self, of: &Entry<Author>) -> Option<&Entry<Author>> {
        let wanted = RecordKey { kind: of.key.kind, id: of.relation?.target() };
        let target = self.0.iter().find(|entry| entry.key == wanted)?;
        let amends_void = matches!(of.relation, Some(Relation::Amends(_)))
            && matches!(target.relation, Some(Relation::Voids(_)));
        let allowed = of.author.is_some() && (of.author == target.author || of.author == Some(9));
        (target.id < of.id && !amends_void && allowed).then_some(target)
    }

    fn voids_of(&self, record: &Entry<Author>) -> Vec<&Entry<Author>> {
        let voids = self.0.iter().filter(|entry| matches!(entry.relation, Some(Relation::Voids(_))));
        voids
            .filter(|void| self.target(void).is_some_and(|target| target.key == record.key))
            .filter(|void| self.voids_of(void).is_empty())
            .collect()
    }

    fn amendments_of(&self, record: &Entry<Author>) -> Vec<&Entry<Author>> {
        let direct = self.0.iter().filter(|entry| matches!(entry.relation, Some(Relation::Amends(_))));
        direct
            .filter(|entry| self.target(entry).is_some_and(|target| target.key == record.key))
            .filter(|entry| self.voids_of(entry).is_empty())
            .flat_map(|entry| [vec![entry], self.amendments_of(entry)].concat())
            .collect()
    }

    fn fold(&self) -> Vec<Folded> {
        let mut roots: Vec<_> = self.0.iter().filter(|entry| self.target(entry).is_none()).collect();
        roots.sort_by(|a, b| a.id.cmp(&b.id));
        let folded = roots.into_iter().map(|root| {
            let mut amendments = self.amendments_of(root);
            amendments.sort_by(|a, b| a.id.cmp(&b.id));
            let latest = amendments.iter().filter(|entry| self.amendments_of(entry).is_empty());
            Folded {
                root: root.key,
                orphan: None,
                voided_by: self.voids_of(root).iter().max_by(|a, b| a.id.cmp(&b.id)).map(|void| void.key),
                shown: amendments.last().map_or(root.key, |entry| entry.key),
                latest: latest.map(|entry| entry.key).collect(),
                amendments: amendments.iter().map(|entry| entry.key).collect(),
            }
        });
        folded.collect()
    }
}

#[test]
fn folding_says_what_the_rules_say_in_whatever_order_records_arrive() {
    let mut rng = Rng::new(77);
    let (mut voided, mut concurrent, mut orphans) = (0, 0, 0);
    for _ in 0..4_000 {
        let count = 1 + rng.below(14);
        let mut records: Vec<Entry<Author>> = Vec::new();
        for id in 0..count as u8 {
            let target =
                if rng.one_in(4) { rng.below(count + 1) } else { rng.below(usize::from(id.max(1))) } as u8;
            let relation = [None, amends(target), amends(target), voids(target)][rng.below(4)];
            let mut entry = entry(id, 1 + (id / 2) as u64, [1, 1, 1, 1, 2, 9, 9][rng.below(7)], relation);
            entry.id.actor = ActorId::from([id; 16]);
            if rng.one_in(20) {
                entry.key.kind = Kind::Purchase;
            }
            records.push(entry);
        }
        let expected = Naive(&records).fold();
        for _ in 0..3 {
            for n in (1..records.len()).rev() {
                records.swap(n, rng.below(n + 1));
            }
            let mut found = folded(&records);
            orphans += found.iter().filter(|one| one.orphan.is_some()).count();
            found.iter_mut().for_each(|one| one.orphan = None);
            assert_eq!(found, expected, "{records:?}");
        }
        voided += expected.iter().filter(|one| one.voided_by.is_some()).count();
        concurrent += expected.iter().filter(|one| one.latest.len() > 1).count();
    }
    assert!(voided > 500 && concurrent > 500 && orphans > 500, "{voided} {concurrent} {orphans}");
}
