//! Whole files into SQLite, and what phones will find there.

use std::io::Cursor;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};

use cartera_core::document::admit::{Outcome, causality, inspect};
use cartera_core::document::conflict::{Conflict, conflict};
use cartera_core::document::{ActorId, ChangeHash, Facts, FieldKey, FieldValue, MemoryFacts, append, edit};
use cartera_core::env::{Env, SeededEnv};
use cartera_core::model::office::{Kind, KnownKind, Value};
use cartera_core::model::record::Asked;
use cartera_core::model::{ClientId, DocumentId, PersonId, TerritoryId, WorkspaceId};
use cartera_core::rows::{self, Document, SqlFacts};
use cartera_core::sync::wire::Epoch;

use super::client::Written;
use crate::audit::{Actor, Deed, Subject};
use crate::import::store::Store;
use crate::import::{Code, Kind as FileKind, Options, Report, propose, run};
use crate::storage::sqlite::SqliteStorage;
use crate::storage::{Clients, Imports, Log, Office, Territories, Workspace, Workspaces};
use crate::territories::Territory;

const NOW_MS: i64 = 1_790_000_000_000;
const REP: [u8; 16] = [0xee; 16];

struct Relay {
    storage: SqliteStorage,
    env: SeededEnv,
    dir: tempfile::TempDir,
}

impl Relay {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let storage = open(dir.path());
        let id = WorkspaceId::from_bytes([1; 16]);
        storage.found(Workspace { id, epoch: Epoch([2; 8]), created_ms: NOW_MS }).unwrap();
        let territory = |n: u8, name: &str| Territory {
            id: TerritoryId::from_bytes([n; 16]),
            name: name.into(),
            created_ms: NOW_MS,
        };
        let all = [territory(7, "Norte"), territory(8, "Sur")];
        let deed = |territory: &Territory| Deed {
            at_ms: NOW_MS,
            actor: Actor::Console,
            action: "territory.added",
            subject: Subject::Territory(territory.id),
            detail: String::new(),
        };
        storage.add_territories(&all, &[deed(&all[0]), deed(&all[1])]).unwrap();
        Self { storage, env: SeededEnv::new(5, NOW_MS), dir }
    }

    /// Closes the store as a kill would, and opens it again.
    fn reopen(self) -> Self {
        let Self { storage, env, dir } = self;
        drop(storage);
        Self { storage: open(dir.path()), env, dir }
    }

    fn try_import(&self, file: &str, kind: FileKind) -> Result<Report, crate::import::ImportError> {
        let mapping = propose(&mut Cursor::new(file), kind, "erp")?.mapping;
        let mut target = Store::over(&self.storage, &self.env).by(Some(PersonId::from_bytes([3; 16])));
        run(&mut Cursor::new(file), &mapping, &mut target, Options::default(), &mut |_| {
            ControlFlow::Continue(())
        })
    }

    fn import(&self, file: &str, kind: FileKind) -> Report {
        self.env.advance(60_000);
        self.try_import(file, kind).unwrap()
    }

    fn client(&self, code: &str) -> ClientId {
        self.storage.read(|tx| super::lookup::client(tx, "erp", code)).unwrap().unwrap()
    }

    fn document(&self, client: ClientId) -> Document {
        self.storage.read(|tx| Ok(Document::find(tx, &client.into()).unwrap().unwrap())).unwrap()
    }

    /// The live values of a field, the one in use last.
    fn values(&self, client: ClientId, key: &str) -> Vec<FieldValue> {
        let document = self.document(client);
        let key = FieldKey::new(key).unwrap();
        let ops = self.storage.read(|tx| Ok(SqlFacts::new(tx, &document).field_ops(&key).unwrap())).unwrap();
        ops.into_iter().map(|op| op.value).collect()
    }

    fn conflict(&self, client: ClientId, key: &str) -> Option<Conflict<ActorId>> {
        let document = self.document(client);
        let key = FieldKey::new(key).unwrap();
        let ops = self.storage.read(|tx| Ok(SqlFacts::new(tx, &document).field_ops(&key).unwrap())).unwrap();
        conflict(&key, ops, Clone::clone)
    }

    /// A rep writes a field, having seen everything.
    fn rep_edits(&self, client: ClientId, key: &str, value: &str) {
        let document = self.document(client);
        let edits = vec![(FieldKey::new(key).unwrap(), Some(FieldValue::Text(value.into())))];
        self.storage
            .write_log(|log| {
                let actor = ActorId::from(REP.as_slice());
                let facts = SqlFacts::new(log.tx, &document);
                let change = edit::fields(&actor, &facts, edits, self.env.now_ms()).unwrap().unwrap();
                let head = document.heads[0];
                let mut written = Written::at(log, document, head)?;
                written.apply(log, &change, self.env.now_ms())?;
                written.place.save(log, &written.document)
            })
            .unwrap();
    }

    /// A rep makes a client, and the office gives it a code.
    fn rep_creates(&self, name: &str, code: &str) -> ClientId {
        let client = ClientId::new(&self.env);
        let actor = ActorId::from(REP.as_slice());
        let first = append::create(&actor, client.into(), self.env.now_ms()).unwrap();
        self.storage
            .write_log(|log| {
                let mut publisher = crate::storage::imports::Publisher {
                    new_actor: cartera_core::sync::wire::ActorBytes(REP),
                    person: None,
                    new_client: &mut || client,
                    at_ms: self.env.now_ms(),
                };
                let mut hand = super::publish::Hand::new("field", &mut publisher);
                let written = super::client::begin(log, &mut hand, &actor, None)?;
                assert_eq!(written.document.heads, [first.hash]);
                let mut place = written.place;
                place.save(log, &written.document)
            })
            .unwrap();
        self.rep_edits(client, "name", name);
        self.rep_edits(client, "erp_code", code);
        client
    }

    /// Every change of a document as another relay or a phone would judge it, in the log's order.
    fn everybody_admits(&self, client: ClientId) -> MemoryFacts {
        let document = self.document(client);
        let id = DocumentId::from(client);
        let hashes: Vec<[u8; 32]> = self
            .storage
            .read(|tx| {
                let mut statement = tx.prepare("SELECT hash FROM changes WHERE doc = ?1 ORDER BY number")?;
                let hashes = statement.query_map([document.row], |row| row.get(0))?;
                Ok(hashes.collect::<rusqlite::Result<_>>()?)
            })
            .unwrap();
        let mut facts = MemoryFacts::new(id);
        for hash in hashes {
            let bytes = self
                .storage
                .read(|tx| {
                    Ok(rows::documents::change_bytes(tx, &document, &ChangeHash(hash)).unwrap().unwrap())
                })
                .unwrap();
            let change = inspect(&bytes).unwrap();
            assert_eq!(causality(&change, id, &facts).unwrap(), Outcome::Admit);
            facts.apply(&change);
        }
        facts
    }

    fn tip(&self) -> u64 {
        self.storage.tip().unwrap().number
    }
}

fn open(folder: &Path) -> SqliteStorage {
    SqliteStorage::open(&folder.join("relay.db"), None).unwrap()
}

fn text(value: &str) -> FieldValue {
    FieldValue::Text(value.into())
}

const CLIENTS: &str = "codigo;nombre;sector;zona;contacto\n1;Bar Sol;bar;Norte;Ana\n2;Bar Luna;bar;;\n3;Hotel Mar;hotel;SUR;Luis\n";

#[test]
fn clients_become_documents_that_everybody_admits_in_their_territories() {
    let relay = Relay::new();
    let report = relay.import(CLIENTS, FileKind::Clients);
    assert_eq!((report.counts.new, report.errors(), report.warnings()), (3, 0, 0));
    let (sol, luna, mar) = (relay.client("1"), relay.client("2"), relay.client("3"));
    assert_eq!(relay.values(sol, "name"), [text("Bar Sol")]);
    assert_eq!(relay.values(sol, "erp_code"), [text("1")]);
    let territory = |client: ClientId| relay.storage.place(client.into()).unwrap().unwrap().territory;
    assert_eq!(territory(sol), Some(TerritoryId::from_bytes([7; 16])));
    assert_eq!(territory(luna), None);
    assert_eq!(territory(mar), Some(TerritoryId::from_bytes([8; 16])));
    for client in [sol, luna, mar] {
        let facts = relay.everybody_admits(client);
        assert_eq!(facts.changes().count(), 2, "its beginning, and the row");
    }
    let actors = relay.storage.office_of_kind("actor", None, 9).unwrap();
    assert_eq!(actors.len(), 1);
    let value =
        Value::decode(&Kind::Known(KnownKind::Actor), actors[0].record.value.as_ref().unwrap()).unwrap();
    let Value::Actor(actor) = value else { panic!() };
    assert_eq!((actor.person, actor.import.as_deref()), (PersonId::from_bytes([3; 16]), Some("erp")));
}

#[test]
fn the_same_file_again_says_only_how_fresh_it_is() {
    let relay = Relay::new();
    let files = [
        (CLIENTS, FileKind::Clients),
        ("referencia;descripcion;iva\nA;Disco;21\nB;Caja;10\n", FileKind::Articles),
        (
            "factura;cliente;fecha;referencia;importe\nF1;1;23/11/2026;A;10,00\nF2;3;23/11/2026;;5,00\n",
            FileKind::Sales,
        ),
        ("referencia;cliente;precio\nA;1;9,95\nA;;10\n", FileKind::Prices),
        ("efecto;cliente;vencimiento;importe\nE1;1;31/12/2026;10\n", FileKind::DueItems),
    ];
    for (file, kind) in files {
        let report = relay.import(file, kind);
        assert_eq!((report.counts.set_aside, report.findings.list.len()), (0, 0), "{kind}: {report:?}");
    }
    let tip = relay.tip();
    let sales = relay.storage.office_of_kind("sale", None, 9).unwrap();
    assert_eq!(
        sales.iter().map(|row| row.record.client).collect::<Vec<_>>(),
        [Some(relay.client("1")), Some(relay.client("3"))]
    );
    let taxes = relay.storage.office_of_kind("tax", None, 9).unwrap();
    assert_eq!(taxes.iter().map(|row| row.record.key.as_str()).collect::<Vec<_>>(), ["IVA10", "IVA21"]);
    for (file, kind) in files {
        let report = relay.import(file, kind);
        assert_eq!((report.counts.new, report.counts.changed), (0, 0), "{kind}");
        assert!(report.counts.unchanged > 0, "{kind}");
    }
    let fresh = relay.storage.office_of_kind("feed", None, 9).unwrap();
    let of: Vec<_> = fresh.iter().map(|row| row.record.key.as_str()).collect();
    assert_eq!(of, ["article", "client", "due_item", "price", "sale"]);
    assert!(fresh.iter().all(|row| row.number > tip), "each is the last of its file");
    assert_eq!(relay.tip(), tip + 5, "and nothing else was written");
    let feeds = relay.storage.feeds().unwrap();
    assert_eq!(feeds.len(), 5);
    assert!(
        feeds
            .iter()
            .all(|feed| feed.source == "erp" && feed.published_ms > NOW_MS && feed.report.starts_with('{'))
    );
}

#[test]
fn answers_to_surveys_become_records_once_and_are_not_changed() {
    let relay = Relay::new();
    relay.import(CLIENTS, FileKind::Clients);
    let file = "id;cliente;fecha;encuesta;nota;comentario\n\
        E1;1;1/3/2026;NPS;9;=1+1\nE2;1;2/3/2026;csat;5;\nE3;9;2/3/2026;csat;5;\n";
    let report = relay.import(file, FileKind::SurveyAnswers);
    assert_eq!((report.counts.new, report.counts.set_aside), (2, 1), "{report:?}");
    let answers = || {
        let reader = |tx: &rusqlite::Transaction<'_>| {
            let reader = rows::relations::Reader::new(tx, "2026-12-31".parse().unwrap()).unwrap();
            Ok(reader.answers().unwrap())
        };
        let found = relay.storage.read(reader).unwrap();
        found.into_iter().map(|of| (of.client, of.date.to_string(), of.said)).collect::<Vec<_>>()
    };
    let said = answers();
    assert_eq!(said.len(), 2);
    assert_eq!((said[0].0, said[0].1.as_str()), (relay.client("1"), "2026-03-01"));
    assert_eq!(
        (said[0].2.answers[0].score, said[0].2.asked, said[0].2.comment.as_deref()),
        (9, Asked::ByLink, Some("=1+1"))
    );
    let facts = relay.everybody_admits(relay.client("1"));
    assert!(facts.changes().count() > 1);
    // The same file again changes nothing; one that says otherwise is set aside, and the rest is taken.
    let report = relay.import(file, FileKind::SurveyAnswers);
    assert_eq!((report.counts.new, report.counts.unchanged), (0, 2));
    let other = "id;cliente;fecha;encuesta;nota\nE2;1;2/3/2026;csat;1\nE4;3;2/3/2026;nps;0\n";
    let report = relay.import(other, FileKind::SurveyAnswers);
    assert_eq!((report.counts.new, report.counts.set_aside), (1, 1));
    assert_eq!(report.findings.list[0].code, Code::AnswerDiffers);
    assert_eq!((answers().len(), answers()[1].2.clone()), (3, said[1].2.clone()));
    let fresh = relay.storage.office_of_kind("feed", None, 9).unwrap();
    assert!(fresh.iter().any(|row| row.record.key == "survey_answer"));
}

#[test]
fn a_reps_correction_stays_beside_what_changed_there_meanwhile() {
    let relay = Relay::new();
    relay.import("codigo;nombre;sector\n1;Bar Sol;bar\n", FileKind::Clients);
    let client = relay.client("1");
    relay.rep_edits(client, "name", "Bar El Sol");
    // The nightly file says what it said: the correction stands alone.
    relay.import("codigo;nombre;sector\n1;Bar Sol;bar\n", FileKind::Clients);
    assert_eq!(relay.values(client, "name"), [text("Bar El Sol")]);
    // Another field changed there: still no conflict.
    relay.import("codigo;nombre;sector\n1;Bar Sol;cafeteria\n", FileKind::Clients);
    assert_eq!(relay.conflict(client, "name"), None);
    assert_eq!(relay.values(client, "sector"), [text("cafeteria")]);
    // The same field changed there: both values, with their authors.
    relay.import("codigo;nombre;sector\n1;Bar del Sol;cafeteria\n", FileKind::Clients);
    let conflict = relay.conflict(client, "name").unwrap();
    let mut shown: Vec<_> = conflict.values.iter().map(|candidate| candidate.value.clone()).collect();
    shown.sort_by_key(|value| format!("{value:?}"));
    assert_eq!(shown, [text("Bar El Sol"), text("Bar del Sol")]);
    assert!(conflict.values.iter().any(|candidate| candidate.author == ActorId::from(REP.as_slice())));
    // The office changes its mind again: its own value is replaced, the rep's still stands beside it.
    relay.import("codigo;nombre;sector\n1;Bar Sol 2;cafeteria\n", FileKind::Clients);
    assert_eq!(relay.values(client, "name").len(), 2);
    assert!(relay.values(client, "name").contains(&text("Bar Sol 2")));
    relay.everybody_admits(client);
}

#[test]
fn a_field_that_is_cleared_and_comes_back_is_one_value() {
    let relay = Relay::new();
    let file = |sector: &str, contact: &str| {
        format!("codigo;nombre;sector;contacto;cargo\n1;Bar Sol;{sector};{contact}\n")
    };
    relay.import(&file("bar", "Ana;compras"), FileKind::Clients);
    let client = relay.client("1");
    relay.import(&file("", ";"), FileKind::Clients);
    assert_eq!(relay.values(client, "sector"), []);
    relay.import(&file("pub", "Ana;gerente"), FileKind::Clients);
    assert_eq!(relay.values(client, "sector"), [text("pub")]);
    let facts = relay.everybody_admits(client);
    for (key, live) in facts.profile() {
        assert_eq!(live.len(), 1, "{key:?}");
        assert!(!key.as_str().ends_with("/removed"));
    }
}

#[test]
fn a_client_that_a_rep_made_is_found_by_its_code_and_both_names_are_shown() {
    let relay = Relay::new();
    let client = relay.rep_creates("Bar la Luna", "77");
    let report = relay.import("codigo;nombre;sector\n77;Bar Luna;bar\n", FileKind::Clients);
    assert_eq!((report.counts.new, relay.client("77")), (1, client));
    assert_eq!(relay.conflict(client, "name").map(|conflict| conflict.values.len()), Some(2));
    assert_eq!(relay.conflict(client, "erp_code"), None, "who wrote the same agrees");
    assert_eq!(relay.values(client, "sector"), [text("bar")]);
    relay.everybody_admits(client);
    // Sales know it by its code too.
    let report = relay.import("factura;cliente;fecha;importe\nF1;77;23/11/2026;1\n", FileKind::Sales);
    assert_eq!(report.counts.new, 1);
}

#[test]
fn a_territory_that_changed_there_moves_the_client_and_no_other_does() {
    let relay = Relay::new();
    relay.import(CLIENTS, FileKind::Clients);
    let client = relay.client("1");
    let place = || relay.storage.place(client.into()).unwrap().unwrap().territory;
    let order = crate::storage::clients::Move { client, to: TerritoryId::from_bytes([8; 16]) };
    relay.storage.move_clients(&[order], NOW_MS, None).unwrap();
    relay.import(CLIENTS, FileKind::Clients);
    assert_eq!(
        place(),
        Some(TerritoryId::from_bytes([8; 16])),
        "the office's move is not undone every night"
    );
    relay.import(&CLIENTS.replace("Bar Sol;bar;Norte", "Bar Sol;bar;Sur"), FileKind::Clients);
    relay.import(&CLIENTS.replace("Bar Sol;bar;Norte", "Bar Sol;bar;norte"), FileKind::Clients);
    assert_eq!(place(), Some(TerritoryId::from_bytes([7; 16])));
}

#[test]
fn an_erased_client_does_not_come_back_with_the_next_file() {
    let relay = Relay::new();
    relay.import(CLIENTS, FileKind::Clients);
    let client = relay.client("2");
    let deed = Deed {
        at_ms: NOW_MS,
        actor: Actor::Console,
        action: "client.erased",
        subject: Subject::Client(client),
        detail: String::new(),
    };
    relay.storage.erase(client, NOW_MS, &deed).unwrap();
    let report = relay.import(CLIENTS, FileKind::Clients);
    let codes: Vec<_> = report.findings.list.iter().map(|finding| (finding.row, finding.code)).collect();
    assert_eq!(codes, [(3, Code::Erased)]);
    assert_eq!((report.counts.unchanged, report.counts.set_aside), (2, 1));
    let sales = relay.import("factura;cliente;fecha;importe\nF1;2;23/11/2026;1\n", FileKind::Sales);
    assert_eq!(sales.findings.list[0].code, Code::UnknownClient);
    let kept: Vec<String> = relay
        .storage
        .read(|tx| {
            let mut statement = tx.prepare("SELECT id FROM import_rows ORDER BY id")?;
            let ids = statement.query_map([], |row| row.get(0))?;
            Ok(ids.collect::<rusqlite::Result<_>>()?)
        })
        .unwrap();
    assert_eq!(kept, ["1", "3"]);
}

#[test]
fn after_a_restore_another_hand_writes_on_where_the_last_one_ended() {
    let relay = Relay::new();
    relay.import("codigo;nombre;sector\n1;Bar Sol;bar\n", FileKind::Clients);
    let client = relay.client("1");
    relay.storage.begin_epoch(Epoch([9; 8]), 0).unwrap();
    relay.import("codigo;nombre;sector\n1;Bar Sol;pub\n", FileKind::Clients);
    assert_eq!(relay.values(client, "sector"), [text("pub")]);
    let facts = relay.everybody_admits(client);
    let actors: std::collections::HashSet<_> = facts.changes().map(|change| change.actor.clone()).collect();
    assert_eq!(actors.len(), 2);
}

#[test]
fn what_a_complete_file_lacks_becomes_a_tombstone_that_its_readers_see() {
    let relay = Relay::new();
    relay.import(CLIENTS, FileKind::Clients);
    let due = "efecto;cliente;vencimiento;importe\nE1;1;31/12/2026;10\nE2;3;31/12/2026;20\n";
    relay.import(due, FileKind::DueItems);
    let mut mapping = propose(&mut Cursor::new(due), FileKind::DueItems, "erp").unwrap().mapping;
    mapping.absent = crate::import::map::Absent::Remove;
    let left = "efecto;cliente;vencimiento;importe\nE2;3;31/12/2026;20\n";
    let mut target = Store::over(&relay.storage, &relay.env);
    let report = run(&mut Cursor::new(left), &mapping, &mut target, Options::default(), &mut |_| {
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!((report.counts.removed, report.counts.unchanged), (1, 1));
    let items = relay.storage.office_of_kind("due_item", None, 9).unwrap();
    assert_eq!(items.iter().map(|row| row.record.key.as_str()).collect::<Vec<_>>(), ["E2"]);
    let (gone, _) = relay
        .storage
        .read(|tx| Ok(rows::office::get(tx, "due_item", "erp", "E1").unwrap().unwrap()))
        .unwrap();
    assert_eq!((gone.value, gone.client), (None, Some(relay.client("1"))), "it stays where it was seen");
}

/// A clock that stops the program at its n-th look.
#[derive(Debug)]
struct Deadly {
    inner: SeededEnv,
    left: AtomicI64,
}

impl Deadly {
    fn tick(&self) {
        if self.left.fetch_sub(1, Ordering::Relaxed) == 0 {
            panic!("killed");
        }
    }
}

impl Env for Deadly {
    fn now_ms(&self) -> i64 {
        self.tick();
        self.inner.now_ms()
    }

    fn uptime_ms(&self) -> i64 {
        self.inner.uptime_ms()
    }

    fn boot_id(&self) -> [u8; 16] {
        self.inner.boot_id()
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.tick();
        self.inner.fill(bytes);
    }
}

#[test]
fn killed_while_it_publishes_nothing_is_visible_and_it_is_published_whole_the_next_time() {
    let mut file = String::from("codigo;nombre\n");
    (0..1_200).for_each(|number| file.push_str(&format!("C{number};Cliente {number}\n")));
    let mapping = propose(&mut Cursor::new(&file), FileKind::Clients, "erp").unwrap().mapping;
    let mut relay = Relay::new();
    let tip = relay.tip();
    let silent = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| ()));
    // Each look at clock or randomness is a place to die: before staging, at publishing, in the middle of the clients.
    for left in [0, 1, 2, 3, 5, 400, 2_000] {
        let env = Deadly { inner: SeededEnv::new(left as u64, NOW_MS), left: AtomicI64::new(left) };
        let killed = catch_unwind(AssertUnwindSafe(|| {
            let mut target = Store::over(&relay.storage, &env);
            run(&mut Cursor::new(&file), &mapping, &mut target, Options::default(), &mut |_| {
                ControlFlow::Continue(())
            })
            .map(|report| report.counts)
        }));
        assert!(killed.is_err(), "{left}: it lived");
        relay = relay.reopen();
        assert_eq!(relay.tip(), tip, "{left}: something is visible");
        assert!(relay.storage.feeds().unwrap().is_empty());
    }
    std::panic::set_hook(silent);
    let report = relay.import(&file, FileKind::Clients);
    assert_eq!((report.counts.new, report.resumed_at), (1_200, Some(u32::MAX)));
    let count: u64 = relay
        .storage
        .read(|tx| Ok(tx.query_row("SELECT count(*) FROM clients", [], |row| row.get(0))?))
        .unwrap();
    let left: u64 = relay
        .storage
        .read(|tx| Ok(tx.query_row("SELECT count(*) FROM import_batches", [], |row| row.get(0))?))
        .unwrap();
    assert_eq!((count, left), (1_200, 0));
    assert_eq!(relay.import(&file, FileKind::Clients).counts.unchanged, 1_200);
}

/// `cargo test --release -p cartera-relay --lib -- --ignored --nocapture measure_publishing`
#[cfg(feature = "demo")]
#[test]
#[ignore = "a measurement"]
#[allow(clippy::disallowed_methods)] // a measurement asks the clock
fn measure_publishing() {
    use crate::demo::{cdnow, files};
    let relay = Relay::new();
    let texts = [
        (String::from_utf8(files::clients(1, 23_570)).unwrap(), FileKind::Clients),
        (String::from_utf8(files::articles(1, 400)).unwrap(), FileKind::Articles),
        (String::from_utf8(files::sales(&cdnow::purchases().unwrap())).unwrap(), FileKind::Sales),
    ];
    for round in ["new", "again"] {
        for (file, kind) in &texts {
            let mapping = propose(&mut Cursor::new(file), *kind, "erp").unwrap().mapping;
            let mut target = Store::over(&relay.storage, &relay.env);
            let start = std::time::Instant::now();
            let mut published = None;
            let report =
                run(&mut Cursor::new(file), &mapping, &mut target, Options::default(), &mut |progress| {
                    if progress.phase == crate::import::Phase::Reading && progress.done == progress.total {
                        published = Some(std::time::Instant::now());
                    }
                    ControlFlow::Continue(())
                })
                .unwrap();
            println!(
                "{kind}, {round}: {:?}, of which publishing {:?}; {} rows",
                start.elapsed(),
                published.unwrap().elapsed(),
                report.counts.rows
            );
        }
    }
    println!("{} bytes", std::fs::metadata(relay.dir.path().join("relay.db")).unwrap().len());
}
