//! A damaged database is set aside, never deleted, and what can be read of it goes on.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use cartera_core::engine::{Engine, NewClient};
use cartera_core::env::SeededEnv;
use cartera_core::model::TerritoryId;
use cartera_core::store::{RECOVERED, Recovery, StoreError, attention, meta, scope};
use rusqlite::Connection;

use super::damage::{identity, lived_in, open, read, unsent};
use super::{MONDAY_MS, text};

const PAGE: usize = 4096;

fn recover(path: &Path) -> (Engine, Recovery) {
    let env = Arc::new(SeededEnv::new(9, MONDAY_MS));
    Engine::recover(path, None, "Europe/Madrid", env).unwrap()
}

fn number(engine: &Engine, sql: &str) -> usize {
    engine.store().read::<_, StoreError>(|conn| Ok(conn.query_row(sql, [], |row| row.get(0))?)).unwrap()
}

#[test]
fn a_whole_database_is_recovered_whole() {
    let (folder, path) = lived_in();
    let before = open(&path).unwrap();
    let (expected, queue) = (read(&before).unwrap(), unsent(&before));
    let counted = ["office", "refused", "documents", "changes", "receipts", "own_actors"]
        .map(|table| (table, number(&before, &format!("SELECT count(*) FROM {table}"))));
    drop(before);
    let bytes = fs::read(&path).unwrap();
    let (engine, recovery) = recover(&path);
    assert_eq!(recovery.set_aside, folder.path().join("cartera.db.damaged-1"));
    assert_eq!(fs::read(&recovery.set_aside).unwrap(), bytes, "as it was");
    assert_eq!(
        (recovery.documents, recovery.incomplete, recovery.unseen, recovery.refused, recovery.office),
        (40, 0, 0, 1, 200)
    );
    assert_eq!((recovery.unsent, recovery.unreadable.len()), (queue.len(), 0), "{recovery:?}");
    assert!(read(&engine).unwrap() == expected, "other rows");
    assert_eq!(unsent(&engine), queue);
    for (table, count) in counted {
        let extra = usize::from(table == "own_actors");
        assert_eq!(number(&engine, &format!("SELECT count(*) FROM {table}")), count + extra, "{table}");
    }
    assert_eq!(engine.identity().unwrap().unwrap(), identity());
    let kept = engine.store().read(|conn| meta::get(conn, meta::CURSOR)).unwrap();
    assert_eq!(kept.as_deref(), Some(&b"a cursor"[..]));
    let told = format!("SELECT count(*) FROM attention WHERE what = '{RECOVERED}'");
    assert_eq!(number(&engine, &told), 1, "a person is told");
    let snapshots = "SELECT count(*) FROM changes WHERE bytes IS NULL AND number IS NULL";
    assert_eq!(number(&engine, snapshots), 0);
    assert!(!folder.path().join("cartera.db-recovery").exists());
}

/// Every page in turn is overwritten, as a worn-out memory does. Unsent work stands twice.
#[test]
fn no_single_lost_page_takes_unsent_work_along() {
    let (_folder, path) = lived_in();
    let whole = fs::read(&path).unwrap();
    let queue = unsent(&open(&path).unwrap());
    let pages = whole.len() / PAGE;
    let folder = tempfile::tempdir().unwrap();
    let (mut all_sent, mut unreadable) = (0, Vec::new());
    for page in 0..pages {
        let copy = folder.path().join(format!("{page}.db"));
        let mut bytes = whole.clone();
        bytes[page * PAGE..(page + 1) * PAGE].fill(0xa5);
        fs::write(&copy, &bytes).unwrap();
        let (engine, recovery) = recover(&copy);
        assert_eq!(fs::read(&recovery.set_aside).unwrap(), bytes, "page {page}");
        let now = unsent(&engine);
        assert_eq!(recovery.unsent, now.len());
        assert!(now.is_subset(&queue), "page {page}: work that nobody did");
        if now == queue {
            all_sent += 1;
        } else {
            assert!(!recovery.unreadable.is_empty(), "page {page}: work is lost, and nobody is told");
            unreadable.push(page);
        }
        // What is here reads as rows do, and what is not whole is fetched anew.
        read(&engine).unwrap();
        let fetched = engine.store().read(|conn| scope::to_refetch(conn, 1_000)).unwrap().len();
        assert!(fetched <= recovery.incomplete);
        drop(engine);
        for file in fs::read_dir(folder.path()).unwrap() {
            fs::remove_file(file.unwrap().path()).unwrap();
        }
    }
    // The pages that say which table lies where.
    assert!(unreadable.len() <= 8, "work was lost with pages {unreadable:?} of {pages}");
    assert!(all_sent > 60, "{all_sent} of {pages}");
}

/// Overwrites every page of these tables; their indexes stay.
fn lose(path: &Path, tables: &[&str]) {
    let mut bytes = fs::read(path).unwrap();
    let conn = Connection::open(path).unwrap();
    let mut pages = conn.prepare("SELECT pageno FROM dbstat WHERE name = ?1").unwrap();
    for table in tables {
        for page in pages.query_map([table], |row| row.get::<_, usize>(0)).unwrap() {
            let page = page.unwrap();
            bytes[(page - 1) * PAGE..page * PAGE].fill(0xa5);
        }
    }
    fs::write(path, &bytes).unwrap();
}

/// Of documents nothing but their index is left: it says which one the unsent work belongs to.
#[test]
fn unsent_work_stays_unsent_without_its_documents() {
    let (_folder, path) = lived_in();
    let queue = unsent(&open(&path).unwrap());
    lose(&path, &["documents", "changes", "snapshots"]);
    let (engine, recovery) = recover(&path);
    assert!(recovery.is_unsent_work_whole() && recovery.documents == 0, "{recovery:?}");
    assert!(unsent(&engine) == queue, "of {} unsent changes: {recovery:?}", queue.len());
    assert_eq!(recovery.refused, 1, "what had been refused before: {recovery:?}");
}

#[test]
fn a_new_client_keeps_its_territory_without_the_outbox() {
    let (_folder, path) = lived_in();
    let territory = TerritoryId::from_bytes([7; 16]);
    let queue = {
        let engine = open(&path).unwrap();
        let fields = vec![text("name", "Nuevo")];
        engine.create_client(NewClient { fields, territory: Some(territory) }).unwrap();
        unsent(&engine)
    };
    lose(&path, &["outbox"]);
    let (engine, recovery) = recover(&path);
    assert!(unsent(&engine) == queue, "of {} unsent changes: {recovery:?}", queue.len());
    let proposed = |conn: &Connection| {
        let sql = "SELECT territory FROM outbox WHERE territory IS NOT NULL";
        Ok(conn.query_row(sql, [], |row| row.get::<_, TerritoryId>(0))?)
    };
    assert_eq!(engine.store().read::<_, StoreError>(proposed).unwrap(), territory);
}

#[test]
fn many_lost_pages_cost_what_lay_on_them() {
    let (mut kept, mut of, mut incomplete, mut unreadable) = (0, 0, 0, 0);
    // What lies where depends on the schema: no page among the first, three times every ninth of the others.
    for first in 12..15 {
        let (_folder, path) = lived_in();
        let expected = read(&open(&path).unwrap()).unwrap();
        let mut bytes = fs::read(&path).unwrap();
        for page in (first..bytes.len() / PAGE).step_by(9) {
            bytes[page * PAGE..(page + 1) * PAGE].fill(0);
        }
        fs::write(&path, &bytes).unwrap();
        let (engine, recovery) = recover(&path);
        let now = read(&engine).unwrap();
        of += expected.len();
        kept += now.iter().filter(|line| expected.contains(line)).count();
        incomplete += recovery.incomplete;
        unreadable += recovery.unreadable.len();
    }
    assert!(kept > of / 3, "{kept} of {of} rows");
    assert!(incomplete > 0 && unreadable > 0);
}

#[test]
fn nothing_to_read_is_told_and_the_file_is_kept() {
    let (folder, path) = lived_in();
    fs::write(&path, vec![0x5a; 100_000]).unwrap();
    assert_eq!(open(&path).unwrap_err().code(), "store_not_a_database");
    let (engine, recovery) = recover(&path);
    assert!(!recovery.linked && !recovery.is_unsent_work_whole());
    assert_eq!((recovery.documents, recovery.unsent), (0, 0));
    assert_eq!(fs::read(folder.path().join("cartera.db.damaged-1")).unwrap(), vec![0x5a; 100_000]);
    drop(engine);
    // A second time, under another name.
    fs::write(&path, b"nothing").unwrap();
    assert_eq!(recover(&path).1.set_aside, folder.path().join("cartera.db.damaged-2"));
}

#[test]
fn what_is_not_damaged_is_not_recovered() {
    let (folder, path) = lived_in();
    let pragma = |path: &Path, sql: &str| Connection::open(path).unwrap().execute_batch(sql).unwrap();
    let refused = |path: &Path| {
        let before = fs::read(path).unwrap();
        let env = Arc::new(SeededEnv::new(9, MONDAY_MS));
        let error = Engine::recover(path, None, "Europe/Madrid", env).unwrap_err();
        assert_eq!(fs::read(path).unwrap(), before);
        error.code()
    };
    let steps: i64 =
        Connection::open(&path).unwrap().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    pragma(&path, "PRAGMA user_version = 99");
    assert_eq!(refused(&path), "store_newer");
    pragma(&path, &format!("PRAGMA user_version = {steps}"));
    let other = folder.path().join("other.db");
    pragma(&other, "CREATE TABLE t (x)");
    assert_eq!(refused(&other), "store_other_application");
    open(&path).unwrap();
}

/// However far a recovery came before the process was killed, the next start has the old database or the new one.
#[test]
fn a_recovery_cut_off_anywhere_goes_on() {
    let (folder, path) = lived_in();
    let queue = unsent(&open(&path).unwrap());
    let file = |name: &str| folder.path().join(name);
    let (old, new) = {
        let old = fs::read(&path).unwrap();
        drop(recover(&path));
        (old, fs::read(&path).unwrap())
    };
    fs::remove_file(file("cartera.db.damaged-1")).unwrap();

    // While it was being made: the old one, and the next recovery begins anew.
    fs::write(&path, &old).unwrap();
    fs::create_dir(file("cartera.db-recovery")).unwrap();
    fs::write(file("cartera.db-recovery/fresh.db"), b"half").unwrap();
    assert_eq!(unsent(&open(&path).unwrap()), queue);
    drop(recover(&path));
    assert!(!file("cartera.db-recovery").exists());
    assert_eq!(fs::read(file("cartera.db.damaged-1")).unwrap(), old);

    // Complete, and nothing moved yet; the old one has a log that must not be played into the new one.
    fs::write(&path, &old).unwrap();
    fs::write(file("cartera.db-wal"), b"the log of the old one").unwrap();
    fs::write(file("cartera.db-recovered"), &new).unwrap();
    assert_eq!(unsent(&open(&path).unwrap()), queue);
    assert_eq!(fs::read(file("cartera.db.damaged-2")).unwrap(), old);
    assert_eq!(fs::read(file("cartera.db.damaged-2-wal")).unwrap(), b"the log of the old one");
    assert!(!file("cartera.db-recovered").exists());

    // The old one is away, the new one not there yet.
    fs::rename(&path, file("cartera.db-recovered")).unwrap();
    let _ = fs::remove_file(file("cartera.db-wal"));
    assert_eq!(unsent(&open(&path).unwrap()), queue);
    assert!(!file("cartera.db.damaged-3").exists());
    attention_names_it(&open(&path).unwrap());
}

fn attention_names_it(engine: &Engine) {
    let told: i64 = engine
        .store()
        .read::<_, StoreError>(|conn| {
            Ok(conn
                .query_row("SELECT count(*) FROM attention WHERE what = ?1", [RECOVERED], |row| row.get(0))?)
        })
        .unwrap();
    assert!(told > 0);
    assert!(engine.store().read(attention::refused).unwrap().len() == 1);
}
