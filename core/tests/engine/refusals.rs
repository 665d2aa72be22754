//! What the store refuses because of where it lies, and that nothing is half-written then.

use std::fs;

use cartera_core::model::record::{Outcome, Visit};
use cartera_core::model::{ClientId, WorkspaceId};
use cartera_core::store::StoreError;
use cartera_core::sync::identity::Identity;
use rusqlite::Connection;

use super::Device;
use super::damage::{identity, lived_in, open};

fn log(device: &Device, client: &ClientId) -> Result<(), &'static str> {
    let visit = Visit { notes: Some("x".repeat(1_500)), ..Visit::done(Outcome::Order) };
    device.engine.log_visit(client, visit).map(drop).map_err(|error| error.code())
}

fn rows(device: &Device) -> Vec<i64> {
    ["changes", "outbox", "records", "client_search", "note_search"]
        .iter()
        .map(|table| {
            device
                .engine
                .store()
                .read::<_, StoreError>(|conn| {
                    Ok(conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?)
                })
                .unwrap()
        })
        .collect()
}

#[test]
fn a_full_disk_refuses_whole_commands_and_passes() {
    let device = Device::new(21);
    let client = device.client("Bar");
    let limit = |pages: u32| {
        device.engine.store().write::<_, StoreError>(|tx| {
            Ok(tx.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?)
        })
    };
    limit(1).unwrap(); // not below what the file has
    let mut logged = 0;
    let refused = loop {
        let before = rows(&device);
        match log(&device, &client) {
            Ok(()) => logged += 1,
            Err(code) => {
                assert_eq!(rows(&device), before, "half of a command is there");
                break code;
            }
        }
        assert!(logged < 1_000, "there was always room");
    };
    assert_eq!(refused, "store_full");
    assert_eq!(device.timeline(&client).len(), logged);
    limit(1_000_000).unwrap();
    log(&device, &client).unwrap();
    assert_eq!(device.timeline(&client).len(), logged + 1);
}

#[test]
fn a_database_that_another_program_holds_is_busy_and_can_still_be_read() {
    let device = Device::new(22);
    let client = device.client("Bar");
    device
        .engine
        .store()
        .write::<_, StoreError>(|tx| Ok(tx.busy_timeout(std::time::Duration::ZERO)?))
        .unwrap();
    let other = Connection::open(device.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(log(&device, &client), Err("store_busy"));
    assert_eq!(device.names(), ["Bar"]);
    other.execute_batch("ROLLBACK").unwrap();
    log(&device, &client).unwrap();
}

#[test]
fn a_database_of_another_workspace_stays_bound_to_it() {
    let device = Device::new(23);
    let save = |identity: &Identity| {
        device.engine.store().write(|tx| identity.save(tx)).map_err(|error| error.code())
    };
    save(&identity()).unwrap();
    let other = Identity { workspace: WorkspaceId::from_bytes([9; 16]), ..identity() };
    assert_eq!(save(&other), Err("store_other_workspace"));
    assert_eq!(device.engine.identity().unwrap().unwrap(), identity());
}

/// SQLite takes a file without a byte for a new database, and deletes the log beside it.
#[test]
fn an_empty_file_is_new_unless_a_log_says_otherwise() {
    let (folder, path) = lived_in();
    fs::write(&path, b"").unwrap();
    let log = folder.path().join("cartera.db-wal");
    fs::write(&log, b"work of last week").unwrap();
    assert_eq!(open(&path).unwrap_err().code(), "store_damaged");
    assert_eq!(fs::read(&log).unwrap(), b"work of last week");
    fs::remove_file(&path).unwrap();
    assert_eq!(open(&path).unwrap_err().code(), "store_damaged", "the log alone is no new database either");
    assert_eq!(fs::read(&log).unwrap(), b"work of last week");
    fs::remove_file(&log).unwrap();
    fs::write(&path, b"").unwrap();
    open(&path).unwrap();
}
