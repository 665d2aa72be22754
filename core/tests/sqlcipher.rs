//! The store encrypted with SQLCipher, in a build for itself: `tests/run sqlcipher`.
#![cfg(feature = "sqlcipher")]
#![allow(clippy::unwrap_used)] // a test that cannot be set up has failed

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cartera_core::document::{FieldKey, FieldValue};
use cartera_core::engine::{ClientEdit, Engine, EngineError, NewClient};
use cartera_core::env::{Env, SeededEnv, random_bytes};
use cartera_core::model::record::{Outcome, Visit};
use cartera_core::query;
use cartera_core::store::{Key, StoreError, outbox};

const KEY: Key = [0x1b; 32];
const OTHER: Key = [0x1c; 32];
const MONDAY_MS: i64 = 1_793_610_000_000;
const NAME: &str = "Ultramarinos Zuñiga";
const NOTE: &str = "debe tres facturas";

fn open(path: &Path, key: Option<Key>) -> Result<Engine, EngineError> {
    Engine::open(path, key, "Europe/Madrid", Arc::new(SeededEnv::new(1, MONDAY_MS)))
}

fn code(path: &Path, key: Option<Key>) -> &'static str {
    open(path, key).unwrap_err().code()
}

/// A device with a few clients, still open.
fn lived_in(key: Option<Key>) -> (tempfile::TempDir, PathBuf, Engine) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cartera.db");
    let engine = open(&path, key).unwrap();
    for n in 0..30 {
        let name = ClientEdit {
            key: FieldKey::new("name").unwrap(),
            value: Some(FieldValue::Text(format!("{NAME} {n}"))),
        };
        let client = engine.create_client(NewClient { fields: vec![name], territory: None }).unwrap();
        for _ in 0..3 {
            let visit = Visit { notes: Some(NOTE.into()), ..Visit::done(Outcome::Order) };
            engine.log_visit(&client, visit).unwrap();
        }
    }
    (folder, path, engine)
}

fn read(engine: &Engine) -> Result<(Vec<String>, usize), EngineError> {
    engine.store().read(|conn| {
        let mut names = Vec::new();
        for client in query::clients::list(conn, None, 500)? {
            names.push(client.name);
            for entry in query::timeline::of_client(conn, &client.id, None, 50)? {
                names.push(format!("{entry:?}"));
            }
        }
        query::clients::search(conn, "zuñiga", 50)?;
        query::clients::search_notes(conn, "facturas", 50)?;
        Ok((names, outbox::to_send(conn, usize::MAX, 10_000)?.len()))
    })
}

/// In every file of the folder.
fn is_written(folder: &Path, text: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|file| {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

#[test]
fn nothing_can_be_read_without_the_key() {
    let (folder, path, engine) = lived_in(Some(KEY));
    let version: String = engine
        .store()
        .read::<_, StoreError>(|conn| Ok(conn.query_row("PRAGMA cipher_version", [], |row| row.get(0))?))
        .unwrap();
    assert!(!version.is_empty());
    assert!(folder.path().join("cartera.db-wal").exists(), "the log is tried too");
    let secrets = [NAME, "Ultramarinos", NOTE, "SQLite format 3", "CREATE TABLE"];
    for secret in secrets {
        assert!(!is_written(folder.path(), secret), "{secret:?} while it is open");
    }
    engine.store().checkpoint().unwrap();
    for secret in secrets {
        assert!(!is_written(folder.path(), secret), "{secret:?} after the log was moved");
    }
    drop(engine);
    for secret in secrets {
        assert!(!is_written(folder.path(), secret), "{secret:?} when it is closed");
    }
    assert_eq!(read(&open(&path, Some(KEY)).unwrap()).unwrap().1, 30 * 5);
    // The other way about: without a key all of it is there for everybody.
    let (plain, _, engine) = lived_in(None);
    assert!(secrets.iter().all(|secret| is_written(plain.path(), secret)));
    drop(engine);
}

#[test]
fn a_wrong_key_and_none_are_told_apart_from_damage_and_change_nothing() {
    let (_folder, path, engine) = lived_in(Some(KEY));
    drop(engine);
    let before = fs::read(&path).unwrap();
    assert_eq!(code(&path, Some(OTHER)), "store_wrong_key");
    assert_eq!(code(&path, None), "store_key_not_available");
    let env = Arc::new(SeededEnv::new(2, MONDAY_MS));
    let early = Engine::recover(&path, None, "Europe/Madrid", env).unwrap_err();
    assert_eq!(
        early.code(),
        "store_key_not_available",
        "a locked key store is no reason to set anything aside"
    );
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(read(&open(&path, Some(KEY)).unwrap()).unwrap().1, 30 * 5);
}

#[test]
fn a_database_that_is_not_encrypted_is_refused_with_a_key() {
    let (_folder, path, engine) = lived_in(None);
    drop(engine);
    let before = fs::read(&path).unwrap();
    assert_eq!(code(&path, Some(KEY)), "store_not_encrypted");
    assert_eq!(fs::read(&path).unwrap(), before);
    open(&path, None).unwrap();
}

/// Each page has a code over its bytes: no change of any of them goes unnoticed.
#[test]
fn a_flipped_byte_in_any_page_is_told_when_it_is_read() {
    let (_folder, path, engine) = lived_in(Some(KEY));
    let expected = read(&engine).unwrap();
    drop(engine);
    let whole = fs::read(&path).unwrap();
    let chances = SeededEnv::new(3, 0);
    let below =
        |bound: usize| (u64::from_le_bytes(random_bytes(&chances as &dyn Env)) % bound as u64) as usize;
    let folder = tempfile::tempdir().unwrap();
    let mut told = 0;
    for flip in 0..200 {
        let at = below(if flip % 8 == 0 { 4096 } else { whole.len() });
        let mut bytes = whole.clone();
        bytes[at] ^= 1 + below(255) as u8;
        let copy = folder.path().join(format!("{flip}.db"));
        fs::write(&copy, &bytes).unwrap();
        match open(&copy, Some(KEY)).and_then(|engine| read(&engine)) {
            Ok(content) => assert!(content == expected, "byte {at}: other content, and nobody was told"),
            Err(error) => {
                let codes = ["store_damaged", "store_not_a_database", "store_wrong_key", "store_io"];
                assert!(codes.contains(&error.code()), "byte {at}: {} {error}", error.code());
                told += 1;
            }
        }
        fs::remove_file(&copy).unwrap();
    }
    assert!(told > 60, "only {told} of 200 were told");
}

#[test]
fn a_damaged_one_is_recovered_into_an_encrypted_one() {
    let (folder, path, engine) = lived_in(Some(KEY));
    let unsent = read(&engine).unwrap().1;
    drop(engine);
    let whole = fs::read(&path).unwrap();
    let (mut kept, mut tried) = (0, 0);
    for page in (1..whole.len() / 4096).step_by(4) {
        let mut bytes = whole.clone();
        bytes[page * 4096 + 100] ^= 0x40;
        fs::write(&path, &bytes).unwrap();
        let env = Arc::new(SeededEnv::new(2, MONDAY_MS));
        let (engine, recovery) = Engine::recover(&path, Some(KEY), "Europe/Madrid", env).unwrap();
        kept += usize::from(recovery.unsent == unsent);
        tried += 1;
        assert_eq!(fs::read(&recovery.set_aside).unwrap(), bytes);
        for secret in [NAME, NOTE, "SQLite format 3"] {
            assert!(!is_written(folder.path(), secret), "{secret:?}");
        }
        drop(engine);
        fs::remove_file(&recovery.set_aside).unwrap();
    }
    // Without one of the pages that say which table lies where, nothing can be read.
    assert!(kept + 4 >= tried && tried > 15, "unsent work was kept with {kept} of {tried} pages");
}

/// Whoever lost the key begins anew, and the old database is kept for the day when it is found.
#[test]
fn a_lost_key_sets_the_database_aside() {
    let (_folder, path, engine) = lived_in(Some(KEY));
    drop(engine);
    let before = fs::read(&path).unwrap();
    let env = Arc::new(SeededEnv::new(2, MONDAY_MS));
    let (engine, recovery) = Engine::recover(&path, Some(OTHER), "Europe/Madrid", env).unwrap();
    assert!(!recovery.linked && recovery.documents == 0 && !recovery.is_unsent_work_whole());
    assert_eq!(fs::read(&recovery.set_aside).unwrap(), before);
    assert_eq!(read(&engine).unwrap().1, 0);
    drop(engine);
    assert_eq!(code(&path, Some(KEY)), "store_wrong_key");
    assert_eq!(read(&open(&recovery.set_aside, Some(KEY)).unwrap()).unwrap().1, 30 * 5);
}
