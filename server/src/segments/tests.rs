//! Who enters or leaves a segment, what is made of that, and who sees which segments and clients.

use cartera_core::model::office::{Reaction, ReactionSort, Segment, Value as Office};
use cartera_core::model::record::{Body, Kind as RecordKind, Record, Task};
use cartera_core::model::{PersonId, TerritoryId};
use rusqlite::{Connection, params};
use serde_json::{Value, json};

use super::watch::{Looked, look};
use super::*;
use crate::import::Kind;
use crate::people::Role;
use crate::storage::office::{Batch, OfficePut, OfficeWrite};
use crate::storage::segments::{Hand, STEP_CLIENTS_MAX};
use crate::testing::{NOW_MS, Relay};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Clients 1 to 3 of the town of Gijón, 4 of Oviedo, all of the territory Norte.
struct World {
    relay: Relay,
    rep: PersonId,
    north: TerritoryId,
}

const CLIENTS: &str = "codigo;nombre;poblacion;zona\n\
    1;Uno;Gijón;Norte\n2;Dos;Gijón;Norte\n3;\"'; DROP TABLE clients; --\";Gijón;Norte\n4;\"=1+1\";Oviedo;Norte\n";

fn world() -> World {
    let relay = Relay::new();
    let north = crate::territories::add(&relay.app, By::CONSOLE, "Norte").unwrap().id;
    let rep = relay.person(Role::Rep, &[north]).id;
    let world = World { relay, rep, north };
    world.clients(CLIENTS);
    world
}

fn reaction(sort: ReactionSort, text: &str) -> Option<Reaction> {
    Some(Reaction::new(sort, text))
}

fn gijon() -> Segment {
    Segment {
        filter: Some("city = \"gijon\"".into()),
        on_enter: Some(Reaction { due_days: Some(7), ..Reaction::new(ReactionSort::Task, "Presentarse") }),
        on_leave: reaction(ReactionSort::Notice, "Se fue"),
        ..Segment::new("De Gijón")
    }
}

impl World {
    fn clients(&self, file: &str) {
        self.relay.import(Kind::Clients, file);
    }

    fn move_to(&self, code: u8, town: &str) {
        let lines = CLIENTS.lines().map(|line| {
            let mut cells: Vec<&str> = line.split(';').collect();
            if line.starts_with(&format!("{code};")) {
                let at = cells.len() - 2;
                cells[at] = town;
            }
            cells.join(";")
        });
        self.clients(&lines.collect::<Vec<_>>().join("\n"));
    }

    fn put(&self, segment: Option<Segment>) {
        self.put_for(segment, None);
    }

    fn put_for(&self, segment: Option<Segment>, territory: Option<TerritoryId>) {
        let record = OfficeWrite {
            kind: "segment".into(),
            source: "erp".into(),
            key: "S1".into(),
            territory,
            value: segment.map(|segment| Office::from(segment).encode()),
            ..OfficeWrite::default()
        };
        let batch = Batch {
            kind: cartera_core::model::office::KnownKind::Segment,
            source: "erp",
            records: std::slice::from_ref(&record),
            deed: self.relay.deed(crate::audit::Subject::Workspace),
            dry_run: false,
            all_or_nothing: true,
        };
        let written = self.relay.app.storage.write_batch(&batch).unwrap();
        assert!(matches!(written.puts[..], [OfficePut::Written(_)]), "{:?}", written.puts);
    }

    fn look(&self) -> (u64, u64, u64) {
        let Looked { entered, left, made, .. } = look(&self.relay.app).unwrap();
        (entered, left, made)
    }

    fn database(&self) -> Connection {
        Connection::open(self.relay.dir.path().join("relay.db")).unwrap()
    }

    /// Codes of the clients with a task, and the tasks.
    fn tasks(&self) -> Vec<(String, Task)> {
        let conn = self.database();
        let sql = "SELECT c.erp_code, r.value FROM records r JOIN clients c ON c.doc = r.doc
                   WHERE r.kind = 't' AND r.shown = 1 ORDER BY r.number, r.record";
        let mut statement = conn.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?))).unwrap();
        rows.map(|row| {
            let (code, value) = row.unwrap();
            let record = Record::decode(RecordKind::Task, &value).unwrap();
            assert_eq!(record.validate(), []);
            match record.body {
                Body::Task(task) => (code, task),
                other => panic!("{other:?}"),
            }
        })
        .collect()
    }

    fn codes(&self) -> Vec<String> {
        self.tasks().into_iter().map(|(code, _)| code).collect()
    }

    fn notices(&self) -> u64 {
        let sql = "SELECT count(*) FROM office WHERE kind = 'notice' AND client IS NOT NULL";
        self.database().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    fn members(&self) -> Vec<String> {
        let today = crate::figures::today(&self.relay.app);
        let found = members(&self.relay.app, By::CONSOLE, "erp", "S1", today).unwrap();
        let page = page(&self.relay.app, &found, None, PAGE_MAX).unwrap();
        page.into_iter().map(|member| member.erp_code.unwrap_or_default()).collect()
    }
}

#[test]
fn who_enters_makes_a_task_and_who_leaves_a_notice_once_each_time() {
    let world = world();
    world.put(Some(gijon()));
    assert_eq!(world.members(), ["3", "2", "1"], "by name");
    assert_eq!(world.look(), (0, 0, 0), "those who are in already make nothing");
    assert_eq!((world.look(), world.codes()), ((0, 0, 0), vec![]));

    world.move_to(4, "Gijón");
    assert_eq!(world.look(), (1, 0, 1));
    let tasks = world.tasks();
    let (code, task) = &tasks[0];
    assert_eq!((tasks.len(), code.as_str(), task.what.as_deref()), (1, "4", Some("Presentarse")));
    assert_eq!((task.assigned_to, task.note.as_deref()), (Some(world.rep), Some("De Gijón")));
    let due = task.due_on.unwrap().days() - crate::figures::today(&world.relay.app).days();
    assert_eq!(due, 7);
    assert_eq!(world.look(), (0, 0, 0));

    // Another process, after a restart.
    let restarted = world.relay.restarted();
    assert_eq!(look(&restarted.app).unwrap().made, 0);

    world.move_to(4, "Oviedo");
    assert_eq!((world.look(), world.notices()), ((0, 1, 1), 1));
    assert_eq!((world.look(), world.codes()), ((0, 0, 0), vec!["4".to_owned()]));
    world.move_to(4, "Gijón");
    assert_eq!(world.look(), (1, 0, 1), "it enters again");
    assert_eq!((world.look(), world.codes()), ((0, 0, 0), vec!["4".to_owned(), "4".to_owned()]));
}

#[test]
fn another_rule_begins_anew_and_one_that_nobody_watches_is_forgotten() {
    let world = world();
    world.put(Some(gijon()));
    world.look();
    let oviedo = Segment { filter: Some("city = \"oviedo\"".into()), ..gijon() };
    world.put(Some(oviedo.clone()));
    assert_eq!((world.look(), world.codes()), ((0, 0, 0), vec![]), "nobody moved");
    world.move_to(1, "Oviedo");
    assert_eq!((world.look(), world.codes()), ((1, 0, 1), vec!["1".to_owned()]));

    // Another text alone is not another segment.
    world.put(Some(Segment { on_enter: reaction(ReactionSort::Task, "Llamar"), ..oviedo.clone() }));
    world.move_to(2, "Oviedo");
    world.move_to(1, "Oviedo");
    // `move_to` says of the others what the file said first: 1 left when 2 was moved, and came back.
    world.look();
    let watched = |world: &World| -> i64 {
        let sql = "SELECT count(*) FROM watched_segments";
        world.database().query_row(sql, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(watched(&world), 1);
    world.put(Some(Segment { on_enter: None, on_leave: None, ..oviedo.clone() }));
    world.look();
    assert_eq!(watched(&world), 0);
    let made = world.codes().len();
    world.put(Some(oviedo));
    world.look();
    assert_eq!(world.codes().len(), made);
    world.put(None);
    world.look();
    assert_eq!(watched(&world), 0);
}

#[test]
fn what_turns_with_the_calendar_is_seen_on_the_day() {
    let world = world();
    let due = "id vencimiento;cliente;vencimiento;importe;pendiente;moneda\nV1;1;2026-09-22;100;100;EUR\n";
    world.relay.import(Kind::DueItems, due);
    let late = Segment { filter: Some("overdue_balance > 0 EUR".into()), ..gijon() };
    world.put(Some(late));
    assert_eq!(world.look(), (0, 0, 0));
    world.relay.env.advance(DAY_MS);
    assert_eq!(world.look(), (0, 0, 0), "on the day itself it is not late");
    world.relay.env.advance(DAY_MS);
    assert_eq!((world.look(), world.codes()), ((1, 0, 1), vec!["1".to_owned()]));
}

#[test]
fn a_relay_that_is_killed_between_steps_goes_on_and_makes_nothing_twice() {
    let world = world();
    world.put(Some(gijon()));
    world.look();
    let many = STEP_CLIENTS_MAX * 2 + 10;
    let lines: Vec<String> = (100..100 + many).map(|n| format!("{n};c{n};Gijón;Norte")).collect();
    world.clients(&format!("codigo;nombre;poblacion;zona\n{}\n", lines.join("\n")));
    let app = &world.relay.app;
    let segment = app.storage.shared_segment("erp", "S1").unwrap().unwrap();
    let today = crate::figures::today(app);
    let members = app.storage.segment_members(&segment, today).unwrap().unwrap();
    let hand = Hand { at_ms: NOW_MS, new_actor: [9; 16] };
    let step = app.storage.note_members(&segment, &members, today, hand).unwrap();
    assert_eq!(
        (step.entered, step.made, step.more),
        (STEP_CLIENTS_MAX as u64, STEP_CLIENTS_MAX as u64, true)
    );
    assert!(app.storage.segment_is_due(&segment, today).unwrap());

    let restarted = world.relay.restarted();
    let rest = look(&restarted.app).unwrap();
    assert_eq!(
        (rest.entered, rest.made),
        ((many - STEP_CLIENTS_MAX) as u64, (many - STEP_CLIENTS_MAX) as u64)
    );
    let mut codes = world.codes();
    codes.sort();
    codes.dedup();
    assert_eq!((codes.len(), world.tasks().len()), (many, many));
}

/// A relay that was put back: a phone brought the task again, and nobody noted the entry yet.
#[test]
fn what_was_made_for_an_entry_is_not_made_again() {
    let world = world();
    world.put(Some(gijon()));
    world.look();
    world.move_to(4, "Gijón");
    assert_eq!(world.look(), (1, 0, 1));
    let forget = "UPDATE segment_members SET is_in = 0, entries = 0
                  WHERE doc = (SELECT doc FROM clients WHERE erp_code = ?1)";
    world.database().execute(forget, params!["4"]).unwrap();
    world.database().execute("UPDATE watched_segments SET day = 0", []).unwrap();
    assert_eq!((world.look(), world.codes()), ((1, 0, 0), vec!["4".to_owned()]));
}

#[test]
fn whoever_asks_sees_the_own_team_and_typed_errors() {
    let world = world();
    let ask = |path: &str, token: &str| world.relay.ask_json("GET", path, token, None);
    world.put(Some(gijon()));
    let manager = world.relay.login(Role::Manager);
    let (status, body) = ask("/v1/segments", &manager);
    assert_eq!(status, 200);
    assert_eq!((&body[0]["key"], &body[0]["on_enter"]["sort"]), (&json!("S1"), &json!("task")));
    let (_, body) = ask("/v1/segments/erp/S1/clients?limit=2", &manager);
    let names = |body: &Value| -> Vec<String> {
        let clients = body["clients"].as_array().unwrap();
        clients.iter().map(|client| client["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        (names(&body), &body["total"]),
        (vec!["'; DROP TABLE clients; --".into(), "Dos".into()], &json!(3))
    );
    let next: String = form_urlencoded(body["next"].as_str().unwrap());
    let (_, body) = ask(&format!("/v1/segments/erp/S1/clients?limit=2&after={next}"), &manager);
    assert_eq!((names(&body), &body["next"]), (vec!["Uno".to_owned()], &Value::Null));

    // A rep who looks after another territory sees none of them, and one of Norte all.
    let south = crate::territories::add(&world.relay.app, By::CONSOLE, "Sur").unwrap().id;
    for (territory, total) in [(south, 0), (world.north, 3)] {
        let person = world.relay.person(Role::Rep, &[territory]);
        let code = crate::devices::enrol::invite(
            &world.relay.app,
            By::CONSOLE,
            person.id,
            crate::devices::Purpose::Session,
        );
        let (token, _) = crate::tokens::manage::log_in(&world.relay.app, &code.unwrap().code, "").unwrap();
        let (status, body) = ask("/v1/segments/erp/S1/clients", &token);
        assert_eq!((status, &body["total"]), (200, &json!(total)), "{body}");
        let (status, body) = ask("/v1/today", &token);
        assert_eq!(status, 200, "{body}");
        let other = format!("/v1/today?person={}", world.rep);
        assert_eq!(ask(&other, &token).0, 403);
        assert_eq!(ask(&format!("/v1/today?person={}", person.id), &token).0, 200);
        assert_eq!(ask("/v1/overview", &token).0, 200);
    }
    world.put_for(Some(gijon()), Some(south));
    assert_eq!(world.members(), Vec::<String>::new(), "it is about a territory's clients");

    for (path, status, code) in [
        ("/v1/segments/erp/none/clients", 404, "not_found"),
        ("/v1/segments/erp/S1/clients?as_of=yesterday", 400, "malformed"),
        ("/v1/segments/erp/S1/clients?after=x", 400, "malformed"),
        ("/v1/segments/erp/S1/clients?page=1", 400, "malformed"),
        ("/v1/today?person=x", 400, "malformed"),
        ("/v1/today?person=01ARZ3NDEKTSV4RRFFQ69G5FAV", 404, "not_found"),
        ("/v1/nearby?latitude=91&longitude=0", 422, "invalid"),
        ("/v1/nearby?latitude=1&longitude=0&within_m=200001", 422, "invalid"),
        ("/v1/nearby?latitude=nan&longitude=0", 422, "invalid"),
        ("/v1/duplicates?limit=-1", 400, "malformed"),
    ] {
        let (found, body) = ask(path, &manager);
        assert_eq!((found, &body["code"]), (status, &json!(code)), "{path}: {body}");
    }
    for path in [
        "/v1/overview",
        "/v1/coverage",
        "/v1/duplicates",
        "/v1/nearby?latitude=1&longitude=2&within_m=200000",
    ] {
        assert_eq!(ask(path, &manager).0, 200, "{path}");
    }
}

/// As it stands in an address.
fn form_urlencoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Names that are SQL or a formula, in everything that lists them.
#[test]
fn exports_say_who_is_in_and_escape_nothing_but_formulas_for_a_spreadsheet() {
    let world = world();
    world.move_to(4, "Gijón");
    world.put(Some(gijon()));
    let token = crate::tokens::manage::create(
        &world.relay.app,
        By::CONSOLE,
        "bi",
        &[crate::tokens::Scope::Export],
        1,
    );
    let token = token.unwrap().text;
    let get = |path: &str| -> String {
        let request = axum::http::Request::get(path).header("authorization", format!("Bearer {token}"));
        let request = request.body(axum::body::Body::empty()).unwrap();
        let (head, body) = crate::testing::ask(&world.relay.router(), request);
        assert_eq!(head.status(), 200, "{path}: {body}");
        body
    };
    let columns = "columns=client_name,segment_key,segment_name,as_of,deleted";
    let plain = get(&format!("/v1/export/segments.csv?{columns}"));
    let mut lines: Vec<&str> = plain.lines().skip(1).collect();
    lines.sort_unstable();
    let row = |name: &str| format!("{name},S1,De Gijón,2026-09-21,false");
    assert_eq!(lines, [row("'; DROP TABLE clients; --"), row("=1+1"), row("Dos"), row("Uno")]);
    let excel = get(&format!("/v1/export/segments.csv?{columns}&profile=excel-es"));
    assert!(excel.contains("'=1+1;S1"), "{excel}");
    assert!(excel.contains("\"'; DROP TABLE clients; --\";S1"), "{excel}");
    let json: Value = serde_json::from_str(&get("/v1/export/segments.json?as_of=2026-01-31")).unwrap();
    assert_eq!(json["rows"][0]["as_of"], "2026-01-31");
    let (status, body) = world.relay.ask_json("GET", "/v1/today", &world.relay.login(Role::Manager), None);
    assert_eq!(status, 200);
    let names: Vec<&str> =
        body["clients"].as_array().unwrap().iter().filter_map(|of| of["name"].as_str()).collect();
    assert!(names.contains(&"=1+1") && names.contains(&"'; DROP TABLE clients; --"), "{names:?}");
}

#[test]
fn the_visit_plan_of_classes_is_written_when_a_manager_accepts_it() {
    let world = world();
    let sales: String = (1..=3).map(|n| format!("F{n};{n};2026-09-0{n};10000;EUR\n")).collect();
    world.relay.import(Kind::Sales, &format!("factura;cliente;fecha;neto;moneda\n{sales}"));
    let by = By::CONSOLE;
    crate::figures::refit::refit(&world.relay.app, by, crate::figures::today(&world.relay.app)).unwrap();
    let (manager, rep) = (world.relay.login(Role::Manager), world.relay.login(Role::Rep));
    let ask =
        |method: &str, token: &str| world.relay.ask_json(method, "/v1/visit-plan/by-class", token, None);
    assert_eq!((ask("GET", &rep).0, ask("POST", &rep).0), (403, 403));
    let (status, body) = ask("GET", &manager);
    assert_eq!((status, body["rules"].as_array().unwrap().len()), (200, 3), "{body}");
    let written = || -> i64 {
        let sql =
            "SELECT count(*) FROM office WHERE kind = 'visit_plan' AND source = 'abc' AND value IS NOT NULL";
        world.database().query_row(sql, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(written(), 0, "it was only proposed");
    let (status, body) = ask("POST", &manager);
    assert_eq!((status, &body["written"], written()), (200, &json!(3), 3));
    let (_, body) = ask("POST", &manager);
    assert_eq!(body, json!({"written": 0, "removed": 0, "unchanged": 3}));
    world.relay.env.advance(9 * DAY_MS);
    let today = crate::figures::today(&world.relay.app);
    let from = today.plus_days(1 - i32::from(today.weekday())).unwrap();
    let to = from.plus_days(7).unwrap();
    let planned = cartera_core::rows::plan::between(&world.database(), from, to).unwrap();
    assert_eq!(planned.len(), planned.iter().map(|visit| visit.client).collect::<BTreeSet<_>>().len());
    assert!(!planned.is_empty() && planned.iter().all(|visit| visit.concerns(&world.rep)));
}
