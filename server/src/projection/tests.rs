//! Rows of an older projector, played by rows that are plainly wrong: whatever reads one of them is found out.

#![cfg(feature = "demo")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use axum::body::Body;
use axum::http::Request;
use cartera_core::document::{FieldKey, FieldValue};
use cartera_core::engine::{ClientEdit, Engine, NewClient};
use cartera_core::env::Env;
use cartera_core::model::office::{self, KnownKind};
use cartera_core::model::profile::{self, ClientField};
use cartera_core::model::record::{
    Agreement, Kind, Line, Note, Outcome, Purchase, PurchaseSort, Task, Visit, VoidReason,
};
use cartera_core::model::{BusinessDate, ClientId, Currency, RecordId};
use cartera_core::rows;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::*;
use crate::people::Role;
use crate::people::access::By;
use crate::segments::watch::{Looked, look};
use crate::storage::StorageError;
use crate::storage::office::{OfficePut, OfficeWrite};
use crate::storage::projection::Projected;
use crate::testing::{InProcess, Relay, ask_bytes};
use crate::tokens::Scope;
use crate::tokens::manage::create;

/// More than two steps of documents, and of office records.
const CLIENTS: usize = 150;
const ARTICLES: usize = 600;

struct World {
    relay: Relay,
    phone: Engine,
    clients: Vec<ClientId>,
    visits: Vec<RecordId>,
}

fn text(field: ClientField, value: &str) -> ClientEdit {
    let key = profile::Key::Client(field);
    ClientEdit { key: FieldKey::new(key.to_string()).unwrap(), value: Some(FieldValue::Text(value.into())) }
}

fn day() -> BusinessDate {
    "2026-10-05".parse().unwrap()
}

impl World {
    fn new() -> Self {
        let relay = Relay::new();
        let norte = crate::territories::add(&relay.app, By::CONSOLE, "Norte").unwrap().id;
        let phone = relay.engine(7, &relay.person(Role::Rep, &[norte]));
        let mut world = Self { relay, phone, clients: Vec::new(), visits: Vec::new() };
        world.put_catalogue();
        for n in 0..CLIENTS {
            let name = format!("Bar Núñez {n}");
            let fields = vec![text(ClientField::Name, &name), text(ClientField::ErpCode, &format!("C{n}"))];
            let client = world.phone.create_client(NewClient { fields, territory: None }).unwrap();
            world.clients.push(client);
        }
        for n in 0..CLIENTS {
            world.live(n);
        }
        world.sync(&world.relay);
        world
    }

    fn put_catalogue(&self) {
        let write = |kind: KnownKind, key: String, value: office::Value| OfficeWrite {
            kind: kind.name().into(),
            source: "erp".into(),
            key,
            value: Some(value.encode()),
            ..OfficeWrite::default()
        };
        let articles = (0..ARTICLES).map(|n| {
            let article = office::Article::new(format!("Café {n}"));
            write(KnownKind::Article, format!("A{n}"), article.into())
        });
        let records: Vec<_> = articles.collect();
        let put = self.relay.app.storage.put_office(&records, self.relay.env.now_ms()).unwrap();
        assert!(put.iter().all(|put| matches!(put, OfficePut::Written(_))));
        let gone = OfficeWrite { value: None, ..records[3].clone() };
        self.relay.app.storage.put_office(&[gone], self.relay.env.now_ms()).unwrap();
    }

    /// Each client that enters or leaves makes a task.
    fn watch_for(&self, filter: &str) {
        let task = || Some(office::Reaction::new(office::ReactionSort::Task, "mirar"));
        let segment = office::Segment {
            filter: Some(filter.into()),
            on_enter: task(),
            on_leave: task(),
            ..office::Segment::new("Otros")
        };
        let record = OfficeWrite {
            kind: KnownKind::Segment.name().into(),
            source: "erp".into(),
            key: "big".into(),
            value: Some(office::Value::from(segment).encode()),
            ..OfficeWrite::default()
        };
        self.relay.app.storage.put_office(&[record], self.relay.env.now_ms()).unwrap();
    }

    /// Something of every sort that rows are made of.
    fn live(&mut self, n: usize) {
        let client = self.clients[n];
        let mut visit = Visit::done(Outcome::Order);
        visit.notes = Some(format!("vuelve el martes {n}"));
        let saved = self.phone.log_visit(&client, visit.clone()).unwrap();
        self.visits.push(saved.id);
        match n % 6 {
            0 => {
                visit.notes = Some("mejor el jueves".into());
                self.phone.amend(&client, saved.id, visit.into()).unwrap();
            }
            1 => {
                self.phone.void(&client, Kind::Visit, saved.id, VoidReason::Mistake).unwrap();
            }
            2 => {
                let id = self.phone.new_record_id();
                let mut order = Purchase::new(PurchaseSort::Order, Currency::EUR);
                order.lines = vec![Line { price: "1.5".parse().ok(), ..Line::new("A1", 2.into(), "u") }];
                order.notes = Some("sin prisa".into());
                order.compute_amounts().unwrap();
                self.phone.place_order(&client, id, order).unwrap();
            }
            3 => {
                self.phone.log_visit(&client, Visit::planned(day())).unwrap();
                let task = Task { due_on: Some(day()), ..Task::open("llamar") };
                self.phone.add_task(&client, task).unwrap();
            }
            4 => {
                self.phone.agree(&client, Agreement::new("rápel", day(), Some(day()))).unwrap();
            }
            _ => {
                self.phone.add_note(&client, Note::new("tiene terraza")).unwrap();
                self.phone.edit_client(&client, vec![text(ClientField::Name, "Bar Otro")]).unwrap();
            }
        }
    }

    fn sync(&self, relay: &Relay) {
        let report = self.phone.sync_over(&InProcess(relay.router())).unwrap();
        assert_eq!((report.refused, report.repaired), (Vec::new(), 0));
    }

    fn database(&self) -> Connection {
        Connection::open(self.relay.dir.path().join("relay.db")).unwrap()
    }

    /// As if another version had made the rows, and a new one is started. Nothing of what it made is right.
    fn restarted_as_another_version(&self) -> Relay {
        self.database()
            .execute_batch(
                "UPDATE workspace SET projector = 1;
                 UPDATE clients SET name = 'old', sort_name = 'old', erp_code = 'old', last_visit = NULL,
                   last_purchase = 3, conflicts = 9;
                 DELETE FROM fields;
                 UPDATE records SET shown = 0, orphan = 1, root = id, date = 4;
                 DELETE FROM agenda;
                 INSERT INTO agenda SELECT 5, doc, record, 'old' FROM records;
                 INSERT INTO client_search (client_search) VALUES ('delete-all');
                 INSERT INTO note_search (note_search) VALUES ('delete-all');
                 UPDATE articles SET name = 'old', sort_name = 'old';
                 DELETE FROM article_search;",
            )
            .unwrap();
        self.relay.restarted()
    }
}

/// Everything that the database says, table by table, without what only numbers rows.
fn dump(conn: &Connection) -> BTreeMap<String, Vec<String>> {
    conn.execute_batch(
        "CREATE VIRTUAL TABLE temp.client_words USING fts5vocab(main, client_search, instance);
         CREATE VIRTUAL TABLE temp.note_words USING fts5vocab(main, note_search, instance);
         CREATE VIRTUAL TABLE temp.article_words USING fts5vocab(main, article_search, instance);",
    )
    .unwrap();
    let mut tables: BTreeMap<String, String> = conn
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
        .unwrap()
        .query_map([], |row| row.get::<_, String>(0))
        .unwrap()
        .map(|name| name.unwrap())
        .filter(|name| !["_search", "places_", "sqlite_"].iter().any(|part| name.contains(part)))
        .map(|name| (name.clone(), format!("SELECT * FROM {name}")))
        .collect();
    let special = [
        (
            "records",
            "SELECT doc, kind, id, counter, actor, family, target, voids, root, shown, orphan, latest, at, date,
               number, value FROM records",
        ),
        (
            "agenda",
            "SELECT a.date, a.doc, r.id, a.what FROM agenda a LEFT JOIN records r ON r.record = a.record",
        ),
        ("client_search", "SELECT * FROM client_words"),
        (
            "note_search",
            "SELECT w.term, w.col, w.offset, r.id FROM note_words w LEFT JOIN records r ON r.record = w.doc",
        ),
        (
            "article_search",
            "SELECT w.term, w.col, w.offset, s.code FROM article_words w LEFT JOIN article_search s ON s.rowid = w.doc",
        ),
    ];
    tables.extend(special.map(|(name, sql)| (name.to_owned(), sql.to_owned())));
    let dumped = tables.into_iter().map(|(name, sql)| {
        let mut statement = conn.prepare(&sql).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        let mut lines = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            let mut line = String::new();
            for column in 0..columns {
                match row.get_ref(column).unwrap() {
                    ValueRef::Blob(bytes) => {
                        bytes.iter().for_each(|byte| write!(line, "{byte:02x}").unwrap());
                        line.push(' ');
                    }
                    other => write!(line, "{other:?} ").unwrap(),
                }
            }
            lines.push(line);
        }
        lines.sort_unstable();
        (name, lines)
    });
    let dumped = dumped.collect();
    conn.execute_batch("DROP TABLE client_words; DROP TABLE note_words; DROP TABLE article_words").unwrap();
    dumped
}

fn expect_same(found: &BTreeMap<String, Vec<String>>, expected: &BTreeMap<String, Vec<String>>) {
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (table, lines) in expected {
        let found = &found[table];
        let wrong = found.iter().find(|line| !lines.contains(line));
        let lacks = lines.iter().find(|line| !found.contains(line));
        assert!(found == lines, "{table}: wrong {wrong:?}, lacks {lacks:?}");
    }
}

/// One step of this process, which has a whole pass before it or behind it.
fn step(relay: &Relay, last: &Projected) -> Projected {
    relay.app.storage.project(last.after.as_ref()).unwrap()
}

#[test]
fn rows_are_those_of_a_fresh_projection() {
    let world = World::new();
    let before = dump(&world.database());
    for table in ["fields", "records", "agenda", "client_search", "note_search", "articles", "article_search"]
    {
        assert!(before[table].len() > 20, "{table} is hardly tried");
    }
    let relay = world.restarted_as_another_version();
    assert_eq!(run(&relay.app, || false).unwrap(), CLIENTS);
    expect_same(&dump(&world.database()), &before);
    assert_eq!(run(&relay.app, || false).unwrap(), 0, "once");
}

#[test]
fn a_process_that_is_killed_leaves_the_rest_to_the_next() {
    let world = World::new();
    let before = dump(&world.database());
    let mut relay = world.restarted_as_another_version();
    let (mut documents, mut processes) = (0, 1);
    loop {
        // Two steps each: office records begin again, until a process gets through them.
        let mut last = Projected::default();
        for _ in 0..2 {
            last = step(&relay, &last);
            documents += last.documents;
        }
        if last.percent.is_none() {
            break;
        }
        processes += 1;
        assert!(processes < 10, "it goes nowhere");
        relay = world.relay.restarted();
    }
    assert!(processes > 2, "nobody was killed");
    assert_eq!(documents, CLIENTS, "what one process did no other did again");
    expect_same(&dump(&world.database()), &before);
}

#[test]
fn what_is_written_meanwhile_is_judged_and_written_by_rows_of_this_version() {
    let mut world = World::new();
    let relay = world.restarted_as_another_version();
    let mut last = Projected { percent: Some(0), ..Projected::default() };
    let mut round = 0;
    while last.percent.is_some() {
        // Of clients whose turn is past, and of others whose turn is to come.
        for n in [0, 1, CLIENTS / 2 + 3 * round, CLIENTS - 1 - round] {
            let client = world.clients[n];
            let name = format!("Bar Nuevo {round}");
            world.phone.edit_client(&client, vec![text(ClientField::Name, &name)]).unwrap();
            if n % 6 > 1 {
                let mut visit = Visit::done(Outcome::NoOrder);
                visit.notes = Some(format!("otra vez {round}"));
                let amended = world.phone.amend(&client, world.visits[n], visit.into());
                amended.unwrap_or_else(|error| panic!("round {round}, client {n}: {error}"));
            }
            world.live(n);
        }
        let fields = vec![text(ClientField::Name, "Bar Reciente")];
        world.clients.push(world.phone.create_client(NewClient { fields, territory: None }).unwrap());
        world.sync(&relay);
        // What is pushed twice meanwhile, too.
        world.live(CLIENTS - 1 - round);
        world.sync(&relay);
        last = step(&relay, &last);
        round += 1;
    }
    assert!((4..8).contains(&round), "{round}: what is begun meanwhile does not draw it out");
    let conn = world.database();
    let found = dump(&conn);
    rows::rebuild(&conn).unwrap();
    expect_same(&found, &dump(&conn));
    let shown: u64 =
        conn.query_row("SELECT count(*) FROM clients WHERE name = 'old'", [], |row| row.get(0)).unwrap();
    assert_eq!(shown, 0);
}

#[test]
fn a_document_whose_rows_cannot_be_made_holds_up_no_other() {
    let world = World::new();
    let conn = world.database();
    let broken = world.clients[70];
    conn.execute(
        "UPDATE changes SET bytes = x'00' WHERE seq = 2 AND doc = (SELECT doc FROM documents WHERE id = ?1)",
        [broken],
    )
    .unwrap();
    let before = dump(&conn);
    let relay = world.restarted_as_another_version();
    assert_eq!(run(&relay.app, || false).unwrap(), CLIENTS - 1);
    assert_eq!(relay.app.storage.projecting().unwrap(), None);
    let after = dump(&conn);
    let differ = before["clients"].iter().filter(|line| !after["clients"].contains(line)).count();
    assert_eq!(differ, 1);
}

#[test]
fn what_reads_rows_waits_and_the_rest_goes_on() {
    let world = World::new();
    let client = world.clients[0];
    let token = create(&world.relay.app, By::CONSOLE, "t", &[Scope::Export, Scope::Orders], 1).unwrap().text;
    let boss = world.relay.login(Role::Administrator);
    world.watch_for(r#"name = "bar otro""#);
    assert_eq!(look(&world.relay.app).unwrap().segments, 1);
    let relay = world.restarted_as_another_version();
    let router = relay.router();
    let get = |path: &str, token: &str| {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        let (head, body) = ask_bytes(&router, request.body(Body::empty()).unwrap());
        (head, String::from_utf8_lossy(&body).into_owned())
    };
    let reads = [
        ("/v1/export/clients.csv".to_owned(), &token),
        ("/v1/export/visits.ndjson".to_owned(), &token),
        ("/v1/export/articles.xlsx".to_owned(), &token),
        ("/v1/export/figures.json".to_owned(), &token),
        ("/v1/odata/visits".to_owned(), &token),
        ("/v1/odata/clients/$count".to_owned(), &token),
        ("/v1/figures".to_owned(), &token),
        (format!("/v1/clients/{client}/figures"), &token),
        ("/v1/orders".to_owned(), &token),
        ("/v1/orders/dead_letters".to_owned(), &token),
        ("/v1/clients/merge-proposals".to_owned(), &boss),
        (format!("/v1/clients/{client}/disclosure"), &boss),
        ("/v1/overview".to_owned(), &token),
        ("/v1/segments/erp/big/clients".to_owned(), &token),
        ("/v1/today".to_owned(), &boss),
        ("/v1/coverage".to_owned(), &boss),
        ("/v1/visit-plan/by-class".to_owned(), &boss),
        (format!("/v1/clients/{client}/offers"), &boss),
    ];
    let mut last = Projected::default();
    for round in 0..4 {
        for (path, token) in &reads {
            let (head, body) = get(path, token);
            assert_eq!((round, head.status().as_u16()), (round, 503), "{path}: {body}");
            assert!(body.contains("\"projecting\""), "{path}: {body}");
            assert_eq!(head.headers()["retry-after"], "30", "{path}");
        }
        let (_, body) = get("/v1/export/clients.csv", &token);
        let problem: serde_json::Value = serde_json::from_str(&body).unwrap();
        let (head, health) = get("/health", "");
        let health: serde_json::Value = serde_json::from_str(&health).unwrap();
        assert_eq!((head.status().as_u16(), &health["status"]), (200, &"ok".into()));
        assert_eq!(health["projecting_percent"], problem["result"]["percent"]);
        assert_eq!(health["projecting_percent"].as_u64(), last.percent.or(Some(0)).map(u64::from));
        world.sync(&relay);
        assert_eq!(get(&format!("/v1/clients/{client}/document"), &token).0.status(), 200);
        crate::territories::add(&relay.app, By::CONSOLE, &format!("Zona {round}")).unwrap();
        // From half of the rows, all whose name is not made yet would have left it, each with a task.
        let looked = look(&relay.app).map_err(|error| error.code());
        assert_eq!(looked, Err("projecting"));
        last = step(&relay, &last);
    }
    assert!(last.percent > Some(10), "{last:?}");
    assert_eq!(
        relay.app.storage.open_orders(PurchaseSort::Order, 0, 1).map_err(|error| error.code()),
        Err(StorageError::Projecting { percent: 0 }.code())
    );
    run(&relay.app, || false).unwrap();
    let Looked { entered, left, made, .. } = look(&relay.app).unwrap();
    assert_eq!((entered, left, made), (0, 0, 0));
    for (path, token) in &reads {
        let (head, body) = get(path, token);
        assert_eq!(head.status(), 200, "{path}: {}", body.chars().take(200).collect::<String>());
    }
    assert!(!get("/health", "").1.contains("projecting"));
}

#[test]
fn a_program_that_is_told_to_stop_stops_between_two_steps() {
    let world = World::new();
    let relay = world.restarted_as_another_version();
    let asked = std::cell::Cell::new(0);
    let made = run(&relay.app, || asked.replace(asked.get() + 1) == 4).unwrap();
    assert!(made > 0 && made < CLIENTS, "{made}");
    assert_eq!(run(&relay.app, || false).unwrap(), CLIENTS - made);
}
