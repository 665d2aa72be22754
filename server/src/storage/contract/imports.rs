//! The contract of imports: staged in batches that nobody sees, published at once.

use cartera_core::model::ClientId;
use cartera_core::model::office::{Article, KnownKind, Value};
use cartera_core::model::profile::Scalar;
use cartera_core::sync::wire::ActorBytes;

use super::log::{founded, rep};
use super::{Store, T, deed, id16};
use crate::audit::Subject;
use crate::import::Kind as FileKind;
use crate::import::profile::{Change, Row};
use crate::import::record::OfficeRecord;
use crate::import::target::{Begun, ImportId, Plan, Published, Reference, Stage, Staged, Standing};
use crate::storage::clients::Erased;
use crate::storage::imports::{Feed, ImportStep, Publisher};

fn plan(kind: FileKind, file: u8) -> Plan {
    Plan { kind, source: "erp".into(), file: [file; 32], mapping: [9; 32] }
}

fn article(key: &str, name: &str) -> OfficeRecord {
    OfficeRecord {
        kind: KnownKind::Article,
        key: key.into(),
        client: None,
        value: Value::Article(Article::new(name)),
    }
}

fn articles(keys: &[&str]) -> Vec<Staged> {
    keys.iter().map(|key| Staged::Office(article(key, "aceite"))).collect()
}

fn publish(store: &Store, import: ImportId, at_ms: i64) -> ImportStep<Published> {
    let mut made = 0;
    let mut new_client = || {
        made += 1;
        ClientId::from_bytes(id16(60_000 + made))
    };
    let mut publisher =
        Publisher { new_actor: ActorBytes(id16(700)), person: None, new_client: &mut new_client, at_ms };
    store.publish_import(import, &mut publisher).unwrap()
}

fn keys(store: &Store, after: Option<&str>, limit: usize) -> Vec<String> {
    store.office_keys(KnownKind::Article, "erp", after, limit).unwrap()
}

pub(crate) fn an_import_is_nothing_until_it_is_published_and_then_all_of_it(store: Store) {
    founded(&store);
    let plan_of = |file| plan(FileKind::Articles, file);
    let stage = |import, batch, items: &[Staged]| store.stage_import(import, batch, items).unwrap();
    let begin = |file, n| store.begin_import(&plan_of(file), ImportId(id16(n)), T).unwrap();
    let first = begin(1, 1);
    assert_eq!(first, Begun { import: ImportId(id16(1)), stage: Stage::Staging { next_batch: 0 } });
    let import = first.import;
    let end = store.tip().unwrap();
    assert_eq!(stage(import, 0, &articles(&["A1", "A2"])), ImportStep::Done(()));
    assert_eq!(stage(import, 1, &articles(&["A3"])), ImportStep::Done(()));
    assert_eq!(stage(import, 1, &articles(&["A4"])), ImportStep::Done(()), "in place of the one before");

    // After a kill it goes on where it was; nobody has seen anything.
    assert_eq!(begin(1, 2), Begun { import, stage: Stage::Staging { next_batch: 2 } });
    assert_eq!(publish(&store, import, T), ImportStep::Superseded, "it is not sealed");
    let known = |keys: &[&str]| store.known_to_import(Reference::Article, "erp", keys).unwrap();
    assert_eq!((keys(&store, None, 10), known(&["A1"])), (vec![], vec![false]));
    assert_eq!((store.tip().unwrap(), store.feeds().unwrap()), (end, vec![]));

    assert_eq!(store.seal_import(import, "{\"counts\":{\"new\":3}}").unwrap(), ImportStep::Done(()));
    assert_eq!(begin(1, 2), Begun { import, stage: Stage::Sealed });
    assert_eq!(stage(import, 2, &articles(&["A5"])), ImportStep::Superseded, "nothing is added to it");
    assert_eq!(keys(&store, None, 10), Vec::<String>::new());

    assert_eq!(publish(&store, import, T + 5), ImportStep::Done(Published { done: 2, total: 2 }));
    assert_eq!(keys(&store, None, 10), ["A1", "A2", "A4"]);
    assert_eq!((keys(&store, None, 1), keys(&store, Some("A1"), 1)), (vec!["A1".into()], vec!["A2".into()]));
    assert_eq!(known(&["A1", "A3", "A4"]), [true, false, true], "for each, in their order");
    assert_eq!(store.office_keys(KnownKind::Article, "other", None, 10).unwrap(), Vec::<String>::new());
    let feed = |import, published_ms, report: &str| Feed {
        kind: "articles".into(),
        source: "erp".into(),
        import,
        published_ms,
        report: report.into(),
    };
    assert_eq!(store.feeds().unwrap(), [feed(import, T + 5, "{\"counts\":{\"new\":3}}")]);
    assert_eq!(publish(&store, import, T + 6), ImportStep::Superseded, "once");
    store.abandon_import(import).unwrap();
    assert_eq!(keys(&store, None, 10).len(), 3, "what is published is not given up");

    let records = [article("A1", "aceite"), article("A2", "vino"), article("A9", "pan")];
    let standing = store.office_standing("erp", &records.iter().collect::<Vec<_>>()).unwrap();
    assert_eq!(standing, [Standing::Same, Standing::Changed, Standing::New]);

    // The next file, in which one is missing; its predecessor's place in the list of feeds is its own.
    let second = begin(2, 3).import;
    stage(second, 0, &[Staged::Remove { kind: KnownKind::Article, key: "A1".into() }]);
    stage(second, 1, &[Staged::Office(records[1].clone())]);
    store.seal_import(second, "{}").unwrap();
    publish(&store, second, T + 9);
    assert_eq!(keys(&store, None, 10), ["A2", "A4"]);
    assert_eq!(store.office_standing("erp", &[&records[1]]).unwrap(), [Standing::Same]);
    assert_eq!(store.feeds().unwrap(), [feed(second, T + 9, "{}")]);
}

pub(crate) fn clients_of_a_source_are_known_by_their_last_row(store: Store) {
    founded(&store);
    let ana = rep(&store, 1);
    let row = |name: &str| Row {
        profile: [
            ("name".to_owned(), Scalar::Text(name.into())),
            ("erp_code".to_owned(), Scalar::Text("C1".into())),
        ]
        .into(),
        territory: Some("zona 1".into()),
    };
    let staged = |name: &str| {
        let row = row(name);
        let edits = row.profile.iter().map(|(key, value)| (key.clone(), Some(value.clone()))).collect();
        Staged::Client { id: "C1".into(), change: Change { edits, moved_to: row.territory.clone(), row } }
    };
    let import = |file: u8, name: &str| {
        let begun =
            store.begin_import(&plan(FileKind::Clients, file), ImportId(id16(file.into())), T).unwrap();
        store.stage_import(begun.import, 0, &[staged(name)]).unwrap();
        store.seal_import(begun.import, "{}").unwrap();
        let published = publish(&store, begun.import, T);
        assert!(matches!(published, ImportStep::Done(Published { done: 1, total: 1 })), "{published:?}");
    };
    let known = |what, key: &str| store.known_to_import(what, "erp", &[key, "none"]).unwrap();
    assert_eq!(known(Reference::Territory, "zona 1"), [true, false]);
    assert_eq!(known(Reference::Client, "C1"), [false, false]);
    assert_eq!(store.last_imported("erp", &["C1"]).unwrap(), [None]);
    import(1, "Bar");
    let client = ClientId::from_bytes(id16(60_001));
    assert_eq!(store.place(client.into()).unwrap().unwrap().territory, Some(ana.territory));
    assert_eq!(known(Reference::Client, "C1"), [true, false]);
    assert_eq!(store.last_imported("erp", &["none", "C1"]).unwrap(), [None, Some(row("Bar"))]);
    assert_eq!(store.last_imported("other", &["C1"]).unwrap(), [None]);
    import(2, "Bar Pepe");
    assert_eq!(store.last_imported("erp", &["C1"]).unwrap(), [Some(row("Bar Pepe"))]);
    assert_eq!(
        store.place(ClientId::from_bytes(id16(60_002)).into()).unwrap(),
        None,
        "it is the same client"
    );

    assert_eq!(store.erased_to_import("erp", &["C1", "none"]).unwrap(), [false, false]);
    assert!(matches!(store.erase(client, T, &deed(Subject::Client(client))).unwrap(), Erased::Done(_)));
    assert_eq!(store.erased_to_import("erp", &["C1", "none"]).unwrap(), [true, false]);
    import(3, "Bar Pepe");
    assert_eq!(
        store.place(ClientId::from_bytes(id16(60_001)).into()).unwrap(),
        None,
        "it does not come back"
    );
}
