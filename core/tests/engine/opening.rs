use std::fs;

use cartera_core::engine::Engine;
use cartera_core::env::random_bytes;
use cartera_core::model::record::{
    Body, ClientClosed, DataConfirmed, Kind, LossReason, Note, Outcome, Visit, VoidReason,
};
use cartera_core::model::{ClientId, RecordId};
use cartera_core::rows;
use cartera_core::store::StoreError;

use super::{Device, text};

#[test]
fn everything_is_there_after_the_app_was_killed() {
    let mut device = Device::new(1);
    let client = device.client("Bar Ñandú");
    device.engine.log_visit(&client, Visit::done(Outcome::Order)).unwrap();
    device.reopen();
    assert_eq!(device.names(), ["Bar Ñandú"]);
    assert_eq!(device.timeline(&client).len(), 1);
    device.engine.log_visit(&client, Visit::done(Outcome::Order)).unwrap();
    assert_eq!(device.timeline(&client).len(), 2);
}

/// Every derived table, as text, in an order that does not depend on how it was made.
fn rows_of(device: &Device) -> Vec<String> {
    device
        .engine
        .store()
        .read::<_, StoreError>(|conn| {
            let mut lines = Vec::new();
            for sql in [
                "SELECT 'f', doc, key, counter, live, hex(value) FROM fields ORDER BY 2, 3, 4",
                "SELECT 'r', doc, kind, hex(id), hex(family) || hex(root) || shown || orphan || latest, hex(value) FROM records ORDER BY 4",
                "SELECT 'c', doc, name || sort_name || coalesce(erp_code, ''), conflicts || '/' || closed,
                   coalesce(last_visit, '') || '/' || coalesce(last_purchase, ''), confirmed FROM clients ORDER BY 2",
                "SELECT 'a', a.date, a.doc, a.what, hex(r.id), 0 FROM agenda a JOIN records r USING (record) ORDER BY 2, 5",
                "SELECT 's', rowid, 0, 0, 0, 0 FROM client_search WHERE client_search MATCH 'bar OR cafe' ORDER BY 2",
            ] {
                let mut statement = conn.prepare(sql)?;
                let mut rows = statement.query([])?;
                while let Some(row) = rows.next()? {
                    let cells: Vec<_> = (0..6).map(|n| row.get::<_, rusqlite::types::Value>(n)).collect::<Result<_, _>>()?;
                    lines.push(format!("{cells:?}"));
                }
            }
            Ok(lines)
        })
        .unwrap()
}

#[test]
fn rebuilt_rows_are_the_rows_that_were_there() {
    let device = Device::new(2);
    for n in 0..5 {
        let client = device.client(&format!("Bar {n}"));
        let visit = device.engine.log_visit(&client, Visit::done(Outcome::Order)).unwrap();
        device.engine.amend(&client, visit.id, Visit::done(Outcome::Shut).into()).unwrap();
        device.engine.log_visit(&client, Visit::planned(visit.date.plus_days(7).unwrap())).unwrap();
        device
            .engine
            .edit_client(&client, vec![text("name", &format!("Café {n}")), text("erp_code", "7")])
            .unwrap();
    }
    let before = rows_of(&device);
    assert!(before.len() > 30);
    device.engine.store().write::<_, StoreError>(|tx| Ok(rows::rebuild(tx)?)).unwrap();
    assert_eq!(rows_of(&device), before);
}

/// Whatever was written, amended, taken back and restored, in any order: the dates of the list are those of what is shown.
#[test]
fn rebuilt_rows_are_those_of_any_history() {
    for seed in 0..24 {
        let device = Device::new(seed);
        let pick = |many: usize| usize::from(random_bytes::<1>(&*device.env)[0]) % many;
        let clients = [device.client("Bar"), device.client("Café")];
        let mut written: Vec<(ClientId, Kind, RecordId)> = Vec::new();
        for _ in 0..40 {
            device.env.advance(pick(5) as i64 * 86_400_000);
            let client = clients[pick(2)];
            let (kind, body): (Kind, Body) = match pick(7) {
                0 => (Kind::DataConfirmed, DataConfirmed::all().into()),
                1 => (Kind::ClientClosed, ClientClosed::new(LossReason::Moved).into()),
                2 => (Kind::Note, Note::new("Llave en el bar").into()),
                _ => (Kind::Visit, Visit::done(Outcome::NoOrder).into()),
            };
            let back = (!written.is_empty()).then(|| written[pick(written.len())]);
            let saved = match (pick(3), back) {
                (0, Some((client, kind, target))) => device
                    .engine
                    .void(&client, kind, target, VoidReason::Mistake)
                    .map(|saved| (client, kind, saved.id)),
                (1, Some((client, Kind::Visit, target))) => device
                    .engine
                    .amend(&client, target, Visit::done(Outcome::Shut).into())
                    .map(|saved| (client, Kind::Visit, saved.id)),
                _ => device.engine.record(&client, body).map(|saved| (client, kind, saved.id)),
            };
            written.push(saved.unwrap());
        }
        let before = rows_of(&device);
        device.engine.store().write::<_, StoreError>(|tx| Ok(rows::rebuild(tx)?)).unwrap();
        assert_eq!(rows_of(&device), before, "seed {seed}");
    }
}

#[test]
fn what_is_no_database_of_ours_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let env = Device::new(1).env;
    let open =
        |path: &std::path::Path| Engine::open(path, None, "Europe/Madrid", env.clone()).unwrap_err().code();
    let path = folder.path().join("x.db");
    fs::write(&path, b"this is a letter to my aunt, and long enough to be read as a header of a hundred bytes or more, I hope").unwrap();
    let before = fs::read(&path).unwrap();
    assert_eq!(open(&path), "store_not_a_database");
    assert_eq!(fs::read(&path).unwrap(), before);

    let foreign = folder.path().join("foreign.db");
    rusqlite::Connection::open(&foreign)
        .unwrap()
        .execute_batch("CREATE TABLE t (x); INSERT INTO t VALUES (1)")
        .unwrap();
    let before = fs::read(&foreign).unwrap();
    assert_eq!(open(&foreign), "store_other_application");
    assert_eq!(fs::read(&foreign).unwrap(), before, "not even its journal mode");

    assert_eq!(open(&folder.path().join("missing/x.db")), "store_io");
    assert_eq!(Engine::open(&path, None, "Mars/Olympus", env.clone()).unwrap_err().code(), "unknown_zone");
    #[cfg(not(feature = "sqlcipher"))]
    assert_eq!(
        Engine::open(&folder.path().join("new.db"), Some([1; 32]), "Europe/Madrid", env.clone())
            .unwrap_err()
            .code(),
        "store_no_encryption"
    );
}

#[test]
fn a_database_of_a_newer_version_is_refused_and_says_so() {
    let mut device = Device::new(3);
    device.client("Bar");
    let path = device.path();
    let pragma = |sql: &str| rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    let steps: i64 = rusqlite::Connection::open(&path)
        .unwrap()
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .unwrap();
    pragma("PRAGMA user_version = 99");
    let error = Engine::open(&path, None, "Europe/Madrid", device.env.clone()).unwrap_err();
    assert_eq!(error.code(), "store_newer");
    assert!(error.to_string().contains("99"));
    pragma(&format!("PRAGMA user_version = {steps}"));
    device.reopen();
    assert_eq!(device.names(), ["Bar"]);
}

#[test]
fn a_damaged_database_is_told_from_one_that_is_not_ours() {
    let device = Device::new(4);
    for n in 0..200 {
        device.client(&format!("Bar número {n}"));
    }
    device.engine.store().checkpoint().unwrap();
    let path = device.path();
    let copy = device.folder.path().join("copy.db");
    let mut bytes = fs::read(&path).unwrap();
    let from = bytes.len() / 3;
    bytes[from..from + 40_000].fill(0xa5);
    fs::write(&copy, &bytes).unwrap();
    let outcome = Engine::open(&copy, None, "Europe/Madrid", device.env.clone()).and_then(|engine| {
        engine.store().read::<_, cartera_core::engine::EngineError>(|conn| {
            let mut all = Vec::new();
            let mut after = None;
            loop {
                let page = cartera_core::query::clients::list(conn, after.as_ref(), 50)?;
                let Some(last) = page.last() else { return Ok(all.len()) };
                after = Some(last.after.clone());
                all.extend(page);
            }
        })
    });
    match outcome {
        Err(error) => assert_eq!(error.code(), "store_damaged"),
        Ok(_) => {
            let intact: String = rusqlite::Connection::open(&copy)
                .unwrap()
                .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
                .unwrap();
            assert_ne!(intact, "ok", "the test damaged nothing");
        }
    }
}
