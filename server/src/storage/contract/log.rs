//! The contract of the log: what is pushed, read, paged, moved, erased; digests; office records; imports begun.

use std::collections::BTreeSet;

use cartera_core::document::admit::inspect;
use cartera_core::document::{
    ActorId, Change, FieldKey, FieldValue, MemoryFacts, RecordKey, append, edit, snapshot,
};
use cartera_core::model::{ClientId, DeviceId, DocumentId, RecordId, TerritoryId, WorkspaceId};
use cartera_core::rows::compact::WORTH_MAKING;
use cartera_core::sync::digest::{Sum, office_bucket};
use cartera_core::sync::wire::{ActorBytes, EntryBody, Epoch, Hash, Refusal, Stage};

use super::{Store, T, add_device, add_person, add_territory, deed, id16};
use crate::audit::Subject;
use crate::import::Kind as FileKind;
use crate::import::target::{ImportId, Plan};
use crate::people::Role;
use crate::storage::clients::{Erased, Lending, LendingWritten, Merged, Move, Moved};
use crate::storage::imports::ImportStep;
use crate::storage::log::{
    Admitted, Incoming, PullQuery, Pulled, Push, Pushed, QUARANTINED, QuarantineLimits, Unreadable,
};
use crate::storage::office::{OfficePut, OfficeWrite};
use crate::storage::pages::{FetchQuery, Fetched, FetchedItem, PageKey};
use crate::storage::people::PersonChange;
use crate::storage::workspace::Workspace;

/// A rep with a device and an actor, who sees one territory.
pub(super) struct Rep {
    pub(super) store: Store,
    pub(super) person: cartera_core::model::PersonId,
    pub(super) device: DeviceId,
    actor: ActorId,
    pub(super) territory: TerritoryId,
}

/// A client as its author has it.
pub(super) struct Client {
    pub(super) id: ClientId,
    pub(super) facts: MemoryFacts,
}

pub(super) fn founded(store: &Store) {
    let workspace = Workspace { id: WorkspaceId::from_bytes(id16(900)), epoch: Epoch([7; 8]), created_ms: T };
    store.found(workspace).unwrap();
}

pub(super) fn rep(store: &Store, n: usize) -> Rep {
    let territory = TerritoryId::from_bytes(id16(n));
    add_territory(store, n, &format!("zona {n}"));
    let person = add_person(store, n, Role::Rep).id;
    let seen = PersonChange { territories: Some(vec![territory]), ..PersonChange::default() };
    store.change_person(person, &seen, &deed(Subject::Person(person))).unwrap();
    let device = add_device(store, n, person);
    store.register_actors(device, &[ActorBytes(id16(500 + n))], T).unwrap();
    Rep { store: store.clone(), person, device, actor: ActorId::from(id16(500 + n)), territory }
}

impl Rep {
    /// A client with its first change and its name.
    pub(super) fn client(&self, n: usize) -> (Client, Vec<Change>) {
        let id = ClientId::from_bytes(id16(10_000 + n));
        let mut client = Client { id, facts: MemoryFacts::new(id.into()) };
        let first = append::create(&self.actor, id.into(), T).unwrap();
        client.facts.apply(&first);
        let named = self.name(&mut client, &format!("Bar {n}"));
        (client, vec![first, named])
    }

    pub(super) fn name(&self, client: &mut Client, name: &str) -> Change {
        self.set(client, "name", name)
    }

    pub(super) fn set(&self, client: &mut Client, key: &str, value: &str) -> Change {
        let edits = vec![(FieldKey::new(key).unwrap(), Some(FieldValue::Text(value.into())))];
        let change = edit::fields(&self.actor, &client.facts, edits, T).unwrap().unwrap();
        client.facts.apply(&change);
        change
    }

    pub(super) fn visit(&self, client: &mut Client, n: usize) -> Change {
        let id = RecordId::from_bytes(id16(20_000 + n));
        self.record(client, "v", id, crate::sync::tests::record(&format!("visita {n}"), None))
    }

    pub(super) fn record(&self, client: &mut Client, kind: &str, id: RecordId, bytes: Vec<u8>) -> Change {
        let key = RecordKey::new(kind, id).unwrap();
        let change = append::record(&self.actor, &client.facts, key, bytes, T).unwrap();
        client.facts.apply(&change);
        change
    }

    fn incoming(&self, client: &Client, change: Change) -> Incoming {
        Incoming {
            document: client.id.into(),
            generation: 0,
            territory: Some(self.territory),
            proven: false,
            offered: false,
            change: Ok(change),
        }
    }

    fn push_all(&self, changes: Vec<Incoming>) -> Push {
        Push {
            device: self.device,
            changes,
            purged: Vec::new(),
            knew: 0,
            scope_version: 0,
            at_ms: T,
            by_receipt: true,
            grace_ms: 1_000,
        }
    }

    pub(super) fn push(&self, client: &Client, changes: Vec<Change>) -> Pushed {
        let changes = changes.into_iter().map(|change| self.incoming(client, change)).collect();
        self.store.admit(&[self.push_all(changes)]).unwrap().remove(0)
    }

    fn scope(&self) -> u64 {
        self.store.scope_of(self.device).unwrap().unwrap().version
    }

    pub(super) fn pull(&self, after: u64, want_bytes: usize, but: &[u64]) -> Pulled {
        let query = PullQuery {
            device: self.device,
            after,
            want_bytes,
            scope_version: self.scope(),
            but,
            pushed: &[],
            excluded: &[],
            digest: true,
            fetching: false,
        };
        self.store.pull(&query).unwrap().unwrap()
    }

    fn page(&self, stage: Stage, after: Option<PageKey>, want_bytes: usize) -> Fetched {
        let query = FetchQuery {
            device: self.device,
            scope_version: self.scope(),
            page: Some((stage, None, after)),
            documents: &[],
            office: &[],
            office_of: &[],
            want_bytes,
        };
        self.store.fetch(&query).unwrap().unwrap()
    }
}

fn numbers(pulled: &Pulled) -> Vec<u64> {
    pulled.entries.iter().map(|entry| entry.entry.number).collect()
}

fn bytes_of(pulled: &Pulled) -> Vec<Vec<u8>> {
    let bytes = pulled.entries.iter().filter_map(|entry| match &entry.entry.body {
        EntryBody::Change(change) => Some(change.bytes.0.clone()),
        _ => None,
    });
    bytes.collect()
}

pub(crate) fn a_push_is_judged_change_by_change(store: Store) {
    founded(&store);
    let (ana, luis) = (rep(&store, 1), rep(&store, 2));
    let (mut bar, made) = ana.client(1);
    let pushed = ana.push(&bar, made.clone());
    assert!(pushed.verdicts.iter().all(|verdict| matches!(verdict, Admitted::New { .. })), "{pushed:?}");
    assert!(pushed.numbers.is_sorted() && pushed.numbers.len() == 3, "the client's place is an entry too");

    // The same again; one that waits for another; one that nobody can read; the rest is taken all the same.
    let (first, second, third) = (ana.visit(&mut bar, 1), ana.visit(&mut bar, 2), ana.visit(&mut bar, 3));
    let unreadable = Unreadable { code: Refusal::Malformed, detail: "noise".into(), bytes: vec![1, 2, 3] };
    let garbage = Incoming { change: Err(unreadable), ..ana.incoming(&bar, first.clone()) };
    let changes = vec![
        ana.incoming(&bar, made[1].clone()),
        ana.incoming(&bar, third.clone()),
        garbage,
        ana.incoming(&bar, first.clone()),
    ];
    // In the same commit somebody else writes where he may not, and is nobody's neighbour.
    let (stranger, _) = (Client { id: bar.id, facts: MemoryFacts::new(bar.id.into()) }, ());
    let forged = luis.incoming(&stranger, second.clone());
    let answers = store.admit(&[ana.push_all(changes), luis.push_all(vec![forged])]).unwrap();
    let [known, held, refused, new] = &answers[0].verdicts[..] else { panic!("{answers:?}") };
    let Admitted::New { number, .. } = pushed.verdicts[1] else { panic!("{pushed:?}") };
    assert_eq!(known, &Admitted::Known { number, hash: Hash(made[1].hash.0) });
    assert_eq!(held, &Admitted::Held { missing: vec![Hash(second.hash.0)] });
    assert!(matches!(refused, Admitted::Refused { code: Refusal::Malformed, .. }));
    assert!(matches!(new, Admitted::New { .. }));
    assert!(matches!(answers[1].verdicts[0], Admitted::Refused { code: Refusal::Forbidden, .. }));
    let kept = store.refused(0, 10).unwrap();
    assert_eq!(kept.iter().map(|kept| kept.code.as_str()).collect::<Vec<_>>(), ["malformed", "forbidden"]);
    assert_eq!((kept[0].bytes.as_slice(), kept[0].device), (&[1, 2, 3][..], ana.device));
    assert_eq!(store.refused(kept[0].refusal, 10).unwrap(), kept[1..]);

    let late = ana.push(&bar, vec![second, third]);
    assert!(late.verdicts.iter().all(|verdict| matches!(verdict, Admitted::New { .. })));
}

pub(crate) fn the_log_has_no_gap_and_ends_where_it_says(store: Store) {
    founded(&store);
    let ana = rep(&store, 1);
    let before = store.tip().unwrap();
    assert_eq!(before.epoch, Epoch([7; 8]));
    assert_eq!(store.chain_at(0).unwrap(), Some([0; 16]));
    let mut given = Vec::new();
    for n in 0..4 {
        let (client, made) = ana.client(n);
        given.extend(ana.push(&client, made).numbers);
    }
    let tip = store.tip().unwrap();
    assert_eq!(given, (before.number + 1..=tip.number).collect::<Vec<_>>());
    let chains: BTreeSet<[u8; 16]> = (0..=tip.number).map(|n| store.chain_at(n).unwrap().unwrap()).collect();
    assert_eq!(chains.len() as u64, tip.number + 1, "each entry moves the chain");
    assert_eq!(store.chain_at(tip.number).unwrap(), Some(tip.chain));
    assert_eq!(store.chain_at(tip.number + 1).unwrap(), None);
}

pub(crate) fn a_device_reads_what_is_in_its_sight_in_order(store: Store) {
    founded(&store);
    let (ana, luis) = (rep(&store, 1), rep(&store, 2));
    // A client that comes into sight after the cursor comes whole; those that are there, change by change.
    let mut clients = Vec::new();
    for n in 0..5 {
        let (client, made) = ana.client(n);
        ana.push(&client, made);
        clients.push(client);
    }
    let base = store.tip().unwrap().number;
    let entered = ana.pull(0, usize::MAX, &[]).entries;
    let entered = entered.iter().filter(|entry| matches!(entry.entry.body, EntryBody::Enter(_))).count();
    assert_eq!(entered, 5);
    let mut expected = Vec::new();
    let mut last = Pushed::default();
    for n in 0..10 {
        let client = &mut clients[n % 5];
        let visit = ana.visit(client, n);
        expected.push(visit.bytes.clone());
        last = ana.push(client, vec![visit]);
    }
    let tip = store.tip().unwrap().number;
    let all = ana.pull(base, usize::MAX, &[]);
    assert_eq!((bytes_of(&all), all.more, all.reached.number), (expected.clone(), false, tip));
    assert!(numbers(&all).is_sorted());
    assert!(all.entries.iter().all(|entry| entry.proofs.len() == 1), "each change is to be proven");

    // In bites of one entry each, nothing is skipped and nothing comes twice.
    let (mut after, mut bites) = (base, Vec::new());
    for _ in 0..100 {
        let bite = ana.pull(after, 1, &[]);
        bites.extend(bytes_of(&bite));
        after = bite.reached.number;
        if !bite.more {
            break;
        }
    }
    assert_eq!((bites, after), (expected, tip));
    assert!(bytes_of(&ana.pull(tip - 1, usize::MAX, &last.numbers)).is_empty(), "not what the request made");
    let beside = luis.pull(0, usize::MAX, &[]);
    assert!(
        bytes_of(&beside).is_empty() && beside.reached.number == tip,
        "out of sight, and not asked again"
    );
    let nobody = PullQuery {
        device: DeviceId::from_bytes(id16(77)),
        after: 0,
        want_bytes: 1,
        scope_version: 0,
        but: &[],
        pushed: &[],
        excluded: &[],
        digest: false,
        fetching: false,
    };
    assert!(store.pull(&nobody).unwrap().is_none());
}

pub(crate) fn pages_show_the_present_once_and_compaction_changes_nothing(store: Store) {
    founded(&store);
    let ana = rep(&store, 1);
    let mut clients = Vec::new();
    for n in 0..6 {
        let (client, made) = ana.client(n);
        ana.push(&client, made);
        clients.push(client);
    }
    let base = store.tip().unwrap().number;
    let mut ids = BTreeSet::new();
    for (n, client) in clients.iter_mut().enumerate() {
        let visits = (0..4).map(|m| ana.visit(client, n * 10 + m)).collect();
        ana.push(client, visits);
        ids.insert(DocumentId::from(client.id));
    }
    let pages = || {
        let (mut after, mut found) = (None, Vec::new());
        for _ in 0..100 {
            let page = ana.page(Stage::Documents, after, 1);
            for item in &page.items {
                let FetchedItem::Document { page, heads, .. } = item else { panic!("{item:?}") };
                let loaded = snapshot::read_changes(
                    &page.snapshot,
                    &heads.iter().map(|head| cartera_core::document::ChangeHash(head.0)).collect::<Vec<_>>(),
                );
                found.push((page.document, page.number, heads.clone(), loaded.unwrap().len()));
                store.keep_pages(&[page]).unwrap();
            }
            after = page.next;
            if after.is_none() {
                return found;
            }
        }
        panic!("pages never end");
    };
    let before = pages();
    assert_eq!(before.iter().map(|page| page.0).collect::<Vec<_>>(), ids.iter().copied().collect::<Vec<_>>());
    assert!(before.iter().all(|page| page.3 == 6));
    let entries = bytes_of(&ana.pull(base, usize::MAX, &[]));
    assert_eq!(entries.len(), 24);
    let (mut next, mut moved) = (None, 0);
    loop {
        let step = store.compact(next, 0, 1).unwrap();
        moved += step.changes;
        next = step.next;
        if next.is_none() {
            break;
        }
    }
    assert_eq!(moved, 36);
    assert_eq!(store.compact(None, 0, 1).unwrap().changes, 0, "once is enough");
    assert_eq!(pages(), before);
    assert_eq!(bytes_of(&ana.pull(base, usize::MAX, &[])), entries, "each change is still there by itself");
    assert!(entries.iter().all(|bytes| inspect(bytes).is_ok()));
}

pub(crate) fn snapshots_are_made_before_anybody_asks(store: Store) {
    founded(&store);
    let ana = rep(&store, 1);
    let mut clients = Vec::new();
    for n in 0..3 {
        let (client, made) = ana.client(n);
        ana.push(&client, made);
        clients.push(client);
    }
    let made = || store.make_ahead(None).unwrap().documents;
    let fresh = || {
        let items = ana.page(Stage::Documents, None, usize::MAX).items;
        items.iter().filter(|item| matches!(item, FetchedItem::Document { fresh: true, .. })).count()
    };
    assert_eq!((fresh(), made(), fresh(), made()), (3, 3, 0, 0), "each is made once, and then it is there");
    let mut visits = |n: usize| {
        let few = (0..n).map(|m| ana.visit(&mut clients[0], 100 * n + m)).collect();
        ana.push(&clients[0], few);
    };
    visits(WORTH_MAKING as usize - 1);
    assert_eq!((made(), fresh()), (0, 1), "little is added when somebody asks");
    visits(1);
    assert_eq!((made(), fresh()), (1, 0));
}

pub(crate) fn digests_are_sums_of_their_buckets(store: Store) {
    founded(&store);
    let ana = rep(&store, 1);
    let digest = || ana.pull(0, usize::MAX, &[]).digest.unwrap();
    let empty = digest();
    let (client, made) = ana.client(1);
    ana.push(&client, made);
    assert_ne!(digest(), empty);
    let record = office("due_item", "F1", Some(client.id), Some(vec![0x01]));
    store.put_office(&[record], T).unwrap();
    let buckets = store.bucket_sums(ana.device, &[]).unwrap().unwrap();
    let mut sum = Sum::default();
    buckets.documents.iter().chain(&buckets.office).for_each(|bucket| sum += *bucket);
    assert_eq!(sum.to_bytes(), digest());
    let all: Vec<u8> = (0..=255).collect();
    let items = store.bucket_items(ana.device, &all, &all, usize::MAX).unwrap().unwrap();
    assert_eq!(items.documents.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [DocumentId::from(client.id)]);
    let excluded = store.bucket_sums(ana.device, &[client.id.into()]).unwrap().unwrap();
    assert!(excluded.documents.iter().all(|bucket| *bucket == Sum::default()));
    assert!(store.bucket_sums(DeviceId::from_bytes(id16(77)), &[]).unwrap().is_none());
}

pub(crate) fn items_come_by_whole_buckets_as_many_as_fit(store: Store) {
    founded(&store);
    let ana = rep(&store, 1);
    let (client, made) = ana.client(1);
    ana.push(&client, made);
    let records: Vec<_> = (0..40).map(|n| office("tax", &format!("{n}"), None, Some(vec![0x01]))).collect();
    store.put_office(&records, T).unwrap();
    let all: Vec<u8> = (0..=255).collect();
    let items = |documents: &[u8], office: &[u8], most| {
        store.bucket_items(ana.device, documents, office, most).unwrap().unwrap()
    };
    let whole = items(&all, &all, usize::MAX);
    let count = whole.documents.len() + whole.office.len();
    assert!(whole.office.len() >= 40 && whole.documents.len() == 1);
    assert_eq!(items(&all, &all, count), whole, "at the edge");
    assert_eq!((&whole.whole_documents, &whole.whole_office), (&all, &all));

    let in_bucket =
        |bucket: u8| whole.office.iter().filter(|(name, _)| office_bucket(name) == bucket).count();
    for most in [count - 1, count / 2, 1, 0] {
        let fewer = items(&all, &all, most);
        assert!(fewer.documents.len() + fewer.office.len() <= most);
        assert_ne!(fewer.whole_office, all, "one past the edge");
        for bucket in &fewer.whole_office {
            let here = fewer.office.iter().filter(|(name, _)| office_bucket(name) == *bucket).count();
            assert_eq!(here, in_bucket(*bucket), "whole");
        }
        assert!(fewer.office.iter().all(|(name, _)| fewer.whole_office.contains(&office_bucket(name))));
        let empty = all.iter().filter(|bucket| in_bucket(**bucket) == 0);
        assert!(empty.clone().all(|bucket| fewer.whole_office.contains(bucket)), "nothing always fits");
    }
    // One that does not fit holds up no other.
    let (fullest, emptiest) = all.iter().fold((0, 0), |(most, least), bucket| {
        let n = in_bucket(*bucket);
        let most = if n > in_bucket(most) { *bucket } else { most };
        (most, if n == 1 { *bucket } else { least })
    });
    let past = items(&[], &[fullest, emptiest], in_bucket(fullest) - 1);
    assert_eq!((past.whole_office, past.office.len()), (vec![emptiest], 1));
}

fn office(kind: &str, key: &str, client: Option<ClientId>, value: Option<Vec<u8>>) -> OfficeWrite {
    OfficeWrite { kind: kind.into(), source: "erp".into(), key: key.into(), client, territory: None, value }
}

pub(crate) fn of_office_records_the_last_value_counts(store: Store) {
    founded(&store);
    let ana = rep(&store, 1);
    let (client, made) = ana.client(1);
    ana.push(&client, made);
    let put = |record: OfficeWrite| store.put_office(&[record], T).unwrap().remove(0);
    let OfficePut::Written(first) = put(office("due_item", "F1", Some(client.id), Some(vec![0x01]))) else {
        panic!("new")
    };
    assert_eq!(put(office("due_item", "F1", Some(client.id), Some(vec![0x01]))), OfficePut::Unchanged);
    let OfficePut::Written(second) = put(office("due_item", "F1", Some(client.id), Some(vec![0x02]))) else {
        panic!("changed")
    };
    assert!(second > first);
    let nobody = ClientId::from_bytes(id16(77));
    assert_eq!(put(office("due_item", "F2", Some(nobody), Some(vec![0x01]))), OfficePut::UnknownClient);
    let nowhere = OfficeWrite {
        territory: Some(TerritoryId::from_bytes(id16(77))),
        ..office("due_item", "F2", None, Some(vec![0x01]))
    };
    assert_eq!(put(nowhere), OfficePut::UnknownTerritory);
    assert_eq!(put(office("", "F2", None, Some(vec![0x01]))), OfficePut::OutOfBounds);
    // One that is wrong leaves its neighbours alone.
    let batch = [office("", "x", None, None), office("due_item", "F3", Some(client.id), Some(vec![0x03]))];
    let answers = store.put_office(&batch, T).unwrap();
    assert!(matches!(answers[..], [OfficePut::OutOfBounds, OfficePut::Written(_)]));
    let keys = |after: Option<(&str, &str)>, limit| {
        let rows = store.office_of_kind("due_item", after, limit).unwrap();
        rows.into_iter().map(|row| row.record.key).collect::<Vec<_>>()
    };
    assert_eq!(keys(None, 10), ["F1", "F3"]);
    assert_eq!((keys(None, 1), keys(Some(("erp", "F1")), 10)), (vec!["F1".into()], vec!["F3".into()]));
    assert!(matches!(put(office("due_item", "F1", Some(client.id), None)), OfficePut::Written(_)));
    assert_eq!(keys(None, 10), ["F3"], "deleted");
    let told = ana.pull(second, usize::MAX, &[]);
    let values: Vec<_> = told
        .entries
        .iter()
        .filter_map(|entry| match &entry.entry.body {
            EntryBody::Office(record) => Some((record.key.0.clone(), record.value.is_some())),
            _ => None,
        })
        .collect();
    assert_eq!(values, [("F3".to_owned(), true), ("F1".to_owned(), false)], "a tombstone tells it");
}

pub(crate) fn clients_are_moved_lent_merged_and_erased(store: Store) {
    founded(&store);
    let (ana, luis) = (rep(&store, 1), rep(&store, 2));
    let ((bar, made), (kiosk, also)) = (ana.client(1), ana.client(2));
    ana.push(&bar, made);
    ana.push(&kiosk, also);
    let nobody = ClientId::from_bytes(id16(77));
    let deed = |client| deed(Subject::Client(client));
    let territory = |client: ClientId| store.place(client.into()).unwrap().unwrap().territory;

    let to = |client, to| Move { client, to };
    let nowhere = TerritoryId::from_bytes(id16(77));
    let moves = [
        to(bar.id, luis.territory),
        to(bar.id, luis.territory),
        to(nobody, luis.territory),
        to(bar.id, nowhere),
    ];
    let moved = store.move_clients(&moves, T, None).unwrap();
    assert!(matches!(
        moved[..],
        [Moved::Done(_), Moved::Already, Moved::UnknownClient, Moved::UnknownTerritory]
    ));
    assert_eq!(territory(bar.id), Some(luis.territory));
    let left = ana.pull(0, usize::MAX, &[]).entries;
    assert!(
        left.iter().any(|entry| matches!(entry.entry.body, EntryBody::Leave { client } if client == bar.id))
    );
    assert_eq!(bytes_of(&luis.pull(0, usize::MAX, &[])).len(), 0, "it enters whole, not change by change");

    let lend = |client, person, until_day| {
        let lending = Lending { client, person, from_day: Some(5), until_day };
        store.lend(&lending, 6, T, &deed(client)).unwrap()
    };
    assert_eq!(lend(bar.id, ana.person, Some(4)), LendingWritten::Backwards);
    assert_eq!(lend(nobody, ana.person, None), LendingWritten::UnknownClient);
    assert_eq!(
        lend(bar.id, cartera_core::model::PersonId::from_bytes(id16(77)), None),
        LendingWritten::UnknownPerson
    );
    assert_eq!(lend(bar.id, ana.person, Some(9)), LendingWritten::Done);
    let lent = |rep: &Rep| {
        store.scope_of(rep.device).unwrap().unwrap().lent.iter().any(|lent| lent.client == bar.id)
    };
    assert!(lent(&ana));
    store.roll_day(10, T).unwrap();
    assert!(!lent(&ana), "its day has passed");
    assert!(store.end_lending(bar.id, ana.person, T, &deed(bar.id)).unwrap());
    assert!(!store.end_lending(bar.id, ana.person, T, &deed(bar.id)).unwrap());

    let merge = |absorbed, kept| store.merge(absorbed, kept, T, &deed(absorbed)).unwrap();
    assert!(matches!(merge(kiosk.id, Some(bar.id)), Merged::Done(_)));
    assert_eq!(merge(kiosk.id, Some(bar.id)), Merged::Already);
    assert_eq!(merge(bar.id, Some(kiosk.id)), Merged::Cycle);
    assert_eq!(merge(nobody, Some(bar.id)), Merged::UnknownClient);
    assert_eq!(store.place(kiosk.id.into()).unwrap().unwrap().alias_of, Some(bar.id));
    assert_eq!(territory(kiosk.id), Some(luis.territory), "where the kept one is");
    assert!(matches!(merge(kiosk.id, None), Merged::Done(_)));
    assert_eq!(territory(kiosk.id), Some(ana.territory), "its own again");

    let erase = |client| store.erase(client, T, &deed(client)).unwrap();
    assert!(matches!(erase(kiosk.id), Erased::Done(_)));
    assert_eq!((erase(kiosk.id), erase(nobody)), (Erased::Already, Erased::UnknownClient));
    assert_eq!(store.place(kiosk.id.into()).unwrap(), None);
    let (mut again, made) = ana.client(2);
    let visit = ana.visit(&mut again, 5);
    let pushed = ana.push(&again, made.into_iter().chain([visit]).collect());
    assert!(
        pushed
            .verdicts
            .iter()
            .all(|verdict| matches!(verdict, Admitted::Refused { code: Refusal::Erased, .. }))
    );
}

pub(crate) fn the_next_import_of_a_kind_and_source_takes_over(store: Store) {
    founded(&store);
    let plan = |file: u8| Plan {
        kind: FileKind::Articles,
        source: "erp".into(),
        file: [file; 32],
        mapping: [9; 32],
    };
    let first = store.begin_import(&plan(1), ImportId(id16(1)), T).unwrap().import;
    assert_eq!(store.stage_import(first, 0, &[]).unwrap(), ImportStep::Done(()));
    let same = store.begin_import(&plan(1), ImportId(id16(2)), T).unwrap();
    assert_eq!(same.import, first, "it goes on");
    let second = store.begin_import(&plan(2), ImportId(id16(3)), T).unwrap().import;
    assert_ne!(second, first);
    assert_eq!(store.stage_import(first, 1, &[]).unwrap(), ImportStep::Superseded);
    assert_eq!(store.seal_import(first, "{}").unwrap(), ImportStep::Superseded);
    assert_eq!(store.seal_import(second, "{}").unwrap(), ImportStep::Done(()));
    store.abandon_import(second).unwrap();
    assert_eq!(store.feeds().unwrap(), [], "nothing was ever published");
    store.keep_import_mapping("articles", "erp", "{\"a\":1}").unwrap();
    assert_eq!(store.import_mapping("articles", "erp").unwrap().as_deref(), Some("{\"a\":1}"));
    assert_eq!(store.import_mapping("articles", "other").unwrap(), None);
}

/// What is offered without proof waits up to a number of changes and of bytes, and not one further.
pub(crate) fn quarantine_takes_what_fits(open: impl Fn(QuarantineLimits) -> Store) {
    let offered = |limits: QuarantineLimits| {
        let store = open(limits);
        founded(&store);
        let (author, finder) = (rep(&store, 1), rep(&store, 2));
        let (mut client, mut changes) = author.client(1);
        changes.extend((0..3).map(|n| author.visit(&mut client, n)));
        let sizes: Vec<usize> = changes.iter().map(|change| change.bytes.len()).collect();
        let offer = |change| Incoming { offered: true, ..finder.incoming(&client, change) };
        let push = finder.push_all(changes.into_iter().map(offer).collect());
        let pushed = store.admit(std::slice::from_ref(&push)).unwrap().remove(0);
        assert_eq!(pushed.verdicts, vec![Admitted::Quarantined; sizes.len()], "the phone keeps all of them");
        let kept = || store.refused_with(QUARANTINED, 0, 100).unwrap().len();
        let before = kept();
        store.admit(&[push]).unwrap();
        assert_eq!(kept(), before, "the same is kept once");
        (before, sizes)
    };
    let roomy = QuarantineLimits::default();
    let (all, sizes) = offered(roomy);
    assert_eq!(all, sizes.len());
    for changes in [0, 1, sizes.len() - 1, sizes.len(), sizes.len() + 1] {
        let (kept, _) = offered(QuarantineLimits { changes, ..roomy });
        assert_eq!(kept, changes.min(sizes.len()), "{changes} changes");
    }
    let whole: usize = sizes.iter().sum();
    for (bytes, fit) in [(whole, sizes.len()), (whole - 1, sizes.len() - 1), (sizes[0], 1), (sizes[0] - 1, 1)]
    {
        let (kept, _) = offered(QuarantineLimits { bytes, ..roomy });
        assert!(if bytes < sizes[0] { kept <= fit } else { kept == fit }, "{kept} in {bytes} bytes");
    }
}
