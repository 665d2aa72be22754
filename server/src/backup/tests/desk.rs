//! Backups over HTTP: made, listed, looked through, downloaded, one at a time.

use axum::body::Body;
use axum::http::Request;
use cartera_core::model::WorkspaceId;
use serde_json::{Value, json};

use crate::backup::desk::{LISTED_MAX, order_backup, order_check, overview};
use crate::backup::schedule::Schedule;
use crate::backup::{Keep, Places, name};
use crate::keys::Keys;
use crate::people::Role;
use crate::people::access::By;
use crate::settings::Settings;
use crate::testing::{NOW_MS, Relay, ask_bytes};

const HOUR_MS: i64 = 60 * 60 * 1000;

struct Desk {
    relay: Relay,
    folder: tempfile::TempDir,
    token: String,
}

impl Desk {
    fn new() -> Self {
        let (folder, work) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let places = Places { to: folder.path().join("copies"), work: work.keep() };
        let schedule = Schedule { places, every_ms: 24 * HOUR_MS, keep: Keep::default() };
        let relay = Relay::with(Settings { backups: Some(schedule), ..Settings::default() });
        let token = relay.login(Role::Administrator);
        Self { relay, folder, token }
    }

    fn ask(&self, method: &str, path: &str) -> (u16, Value) {
        self.relay.ask_json(method, path, &self.token, None)
    }

    fn list(&self) -> Value {
        let (status, body) = self.ask("GET", "/v1/backups");
        assert_eq!(status, 200, "{body}");
        body
    }

    /// The list once nothing is being done.
    fn settled(&self) -> Value {
        loop {
            let body = self.list();
            if body["running"].is_null() {
                return body;
            }
            std::thread::yield_now();
        }
    }

    fn download(&self, name: &str) -> (u16, Vec<u8>, Option<String>) {
        let request = Request::get(format!("/v1/backups/{name}"))
            .header("authorization", format!("Bearer {}", self.token));
        let (head, body) = ask_bytes(&self.relay.router(), request.body(Body::empty()).unwrap());
        let length = head.headers().get("content-length").map(|value| value.to_str().unwrap().to_owned());
        (head.status().as_u16(), body, length)
    }

    fn file(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join("copies").join(name)
    }
}

fn first(list: &Value) -> (String, &Value) {
    let backup = &list["backups"][0];
    (backup["name"].as_str().unwrap().to_owned(), backup)
}

#[test]
fn an_administrator_makes_lists_looks_through_and_downloads_a_backup() {
    let desk = Desk::new();
    let list = desk.list();
    assert_eq!(
        (&list["configured"], &list["every_ms"], &list["backups"], &list["newest_age_ms"]),
        (&json!(true), &json!(24 * HOUR_MS), &json!([]), &Value::Null)
    );
    assert_eq!(desk.ask("POST", "/v1/backups").0, 202);
    let list = desk.settled();
    assert_eq!(list["failed"], Value::Null, "{list}");
    let (name, backup) = first(&list);
    assert_eq!(
        (&backup["made_ms"], &backup["verified_ms"], &backup["age_ms"], &backup["damage"]),
        (&json!(NOW_MS), &json!(NOW_MS), &json!(0), &Value::Null)
    );
    let bytes = std::fs::read(desk.file(&name)).unwrap();
    assert_eq!(backup["bytes"], json!(bytes.len()));

    desk.relay.env.advance(HOUR_MS);
    assert_eq!(desk.ask("POST", &format!("/v1/backups/{name}/verify")).0, 202);
    let list = desk.settled();
    let (_, backup) = first(&list);
    assert_eq!(
        (&backup["verified_ms"], &backup["age_ms"], &list["newest_age_ms"]),
        (&json!(NOW_MS + HOUR_MS), &json!(HOUR_MS), &json!(HOUR_MS))
    );
    let (status, downloaded, length) = desk.download(&name);
    assert_eq!((status, length), (200, Some(bytes.len().to_string())));
    assert_eq!(downloaded, bytes);
    let whole = age::decrypt(&desk.relay.app.keys.identity(), &downloaded).unwrap();
    assert!(zstd::decode_all(&whole[..]).unwrap().starts_with(b"SQLite format 3"));
    let deeds = desk.relay.app.storage.deeds(0, 100).unwrap();
    let about: Vec<_> = deeds.iter().filter(|deed| deed.action.starts_with("backup.")).collect();
    assert_eq!(
        about.iter().map(|deed| deed.action.as_str()).collect::<Vec<_>>(),
        ["backup.made", "backup.verified"]
    );
    assert!(about.iter().all(|deed| deed.actor_text().starts_with("person")), "{about:?}");
}

#[test]
fn a_backup_that_was_spoilt_is_told_and_stays() {
    let desk = Desk::new();
    order_backup(&desk.relay.app, By::CONSOLE).unwrap().run();
    let (name, _) = first(&desk.list());
    let whole = std::fs::read(desk.file(&name)).unwrap();
    std::fs::write(desk.file(&name), &whole[..whole.len() / 2]).unwrap();
    desk.relay.env.advance(HOUR_MS);
    order_check(&desk.relay.app, By::CONSOLE, &name).unwrap().run();
    let list = desk.list();
    assert_eq!(
        (&first(&list).1["damage"], &list["failed"]["code"]),
        (&json!("not_a_backup"), &json!("not_a_backup"))
    );
    assert_eq!(
        (&list["failed"]["job"], &list["failed"]["name"], &list["failed"]["at_ms"]),
        (&json!("verify"), &json!(name), &json!(NOW_MS + HOUR_MS))
    );
    assert!(desk.file(&name).exists());
    std::fs::write(desk.file(&name), &whole).unwrap();
    order_check(&desk.relay.app, By::CONSOLE, &name).unwrap().run();
    let list = desk.list();
    assert_eq!((&first(&list).1["damage"], &list["failed"]), (&Value::Null, &Value::Null));
}

#[test]
fn one_job_at_a_time_whoever_began_it() {
    let desk = Desk::new();
    order_backup(&desk.relay.app, By::CONSOLE).unwrap().run();
    let (name, _) = first(&desk.list());
    let check = format!("/v1/backups/{name}/verify");
    let busy = || {
        for path in ["/v1/backups", check.as_str()] {
            let (status, body) = desk.ask("POST", path);
            assert_eq!((status, &body["code"]), (409, &json!("conflict")), "{body}");
        }
    };
    let order = order_backup(&desk.relay.app, By::CONSOLE).unwrap();
    assert_eq!(
        desk.list()["running"],
        json!({"job": "make", "stage": "copying", "done": 0, "all": 0}),
        "{}",
        desk.list()
    );
    busy();
    drop(order);
    assert_eq!(desk.list()["running"], Value::Null, "an order that was never run holds nothing up");
    // Another process.
    let work = &desk.relay.app.settings.backups.as_ref().unwrap().places.work;
    let lock = crate::files::try_lock(&work.join("backup.lock")).unwrap().unwrap();
    busy();
    drop(lock);
    assert_eq!(desk.ask("POST", &check).0, 202);
    desk.settled();
}

#[test]
fn no_other_file_can_be_named_and_without_a_folder_there_is_nothing() {
    let desk = Desk::new();
    order_backup(&desk.relay.app, By::CONSOLE).unwrap().run();
    let (name, _) = first(&desk.list());
    let other = name::of(WorkspaceId::from_bytes([9; 16]), NOW_MS);
    std::fs::write(desk.file(&other), "another workspace's").unwrap();
    std::fs::write(desk.file("secret"), "no backup").unwrap();
    std::fs::write(desk.folder.path().join(&name), "beside the folder").unwrap();
    assert_eq!(desk.list()["backups"].as_array().unwrap().len(), 1);
    let gone = name::of(desk.relay.app.workspace.id, NOW_MS + 1);
    for wrong in [
        &other,
        &gone,
        "secret",
        "..%2Frelay.db",
        &format!("..%2F{name}"),
        &format!("{name}%00"),
        "%2Fetc%2Fpasswd",
    ] {
        let (status, body, _) = desk.download(wrong);
        assert_eq!((status, crate::testing::code(&body).as_str()), (404, "not_found"), "{wrong}");
        assert_eq!(desk.ask("POST", &format!("/v1/backups/{wrong}/verify")).0, 404, "{wrong}");
    }

    let relay = Relay::new();
    let token = relay.login(Role::Administrator);
    let ask = |method: &str, path: &str| relay.ask_json(method, path, &token, None);
    assert_eq!(ask("GET", "/v1/backups"), (200, json!({"configured": false, "backups": []})));
    let (status, body) = ask("POST", "/v1/backups");
    assert!(status == 409 && body["detail"].as_str().unwrap().contains("--backup-dir"), "{body}");
    assert_eq!(ask("GET", &format!("/v1/backups/{name}")).0, 404);
}

#[test]
fn the_list_is_bounded() {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.file("")).unwrap();
    let make = |n: i64| std::fs::write(desk.file(&name::of(desk.relay.app.workspace.id, n)), "").unwrap();
    (0..LISTED_MAX as i64).for_each(make);
    let listed = || overview(&desk.relay.app, By::CONSOLE).unwrap().backups;
    assert_eq!((listed().len(), listed().last().unwrap().made_ms), (LISTED_MAX, 0));
    make(LISTED_MAX as i64);
    assert_eq!((listed().len(), listed().last().unwrap().made_ms), (LISTED_MAX, 1), "the newest");
    // One that was encrypted to another key says so.
    let other = Keys::generate(&cartera_core::env::SeededEnv::new(7, NOW_MS));
    let foreign = age::encrypt(&other.identity().to_public(), &[7; 100]).unwrap();
    let name = name::of(desk.relay.app.workspace.id, NOW_MS);
    std::fs::write(desk.file(&name), foreign).unwrap();
    order_check(&desk.relay.app, By::CONSOLE, &name).unwrap().run();
    assert_eq!(first(&desk.list()).1["damage"], json!("backup_wrong_key"));
}

#[test]
fn what_was_found_is_said_by_the_next_process_too() {
    let desk = Desk::new();
    let health = |relay: &Relay| relay.ask_json("GET", "/health", "", None).1;
    let figures = |relay: &Relay| {
        let request = Request::get("/metrics").body(Body::empty()).unwrap();
        let (_, text) = crate::testing::ask(&relay.router(), request);
        let of = |name: &str| {
            let line =
                text.lines().find(|line| line.starts_with(&format!("{name} "))).unwrap_or(name).to_owned();
            line.rsplit(' ').next().unwrap_or_default().to_owned()
        };
        [of("cartera_backup_verified_timestamp_seconds"), of("cartera_backups_damaged")]
    };
    assert_eq!(health(&desk.relay)["backup_verified_ms"], Value::Null);
    order_backup(&desk.relay.app, By::CONSOLE).unwrap().run();
    desk.relay.env.advance(HOUR_MS);
    order_backup(&desk.relay.app, By::CONSOLE).unwrap().run();
    let list = desk.list();
    let name = |place: usize| list["backups"][place]["name"].as_str().unwrap().to_owned();
    let (newer, older) = (name(0), name(1));
    desk.relay.env.advance(HOUR_MS);
    order_check(&desk.relay.app, By::CONSOLE, &older).unwrap().run();
    std::fs::write(desk.file(&newer), b"no backup").unwrap();
    desk.relay.env.advance(HOUR_MS);
    order_check(&desk.relay.app, By::CONSOLE, &newer).unwrap().run();

    let verified = NOW_MS + 2 * HOUR_MS;
    let next = desk.relay.restarted();
    for relay in [&desk.relay, &next] {
        let (status, list) = relay.ask_json("GET", "/v1/backups", &desk.token, None);
        assert_eq!(status, 200, "{list}");
        let found =
            |place: usize| (&list["backups"][place]["verified_ms"], &list["backups"][place]["damage"]);
        assert_eq!(found(1), (&json!(verified), &Value::Null));
        assert_eq!(found(0), (&json!(verified + HOUR_MS), &json!("not_a_backup")));
        assert_eq!(health(relay)["backup_verified_ms"], json!(verified));
        assert_eq!(figures(relay), [(verified / 1000).to_string(), "1".to_owned()]);
    }
}
