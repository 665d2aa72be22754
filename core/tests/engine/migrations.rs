//! Databases that earlier versions wrote, opened by this one.
//!
//! `core/tests/databases` holds one for each schema since the first that was recorded, compressed, and the hash of every
//! step. After a step was added, `CARTERA_RECORD=1 cargo test --release -p cartera-core --test engine migrations`
//! records the new schema with what this version writes; what is recorded is never written again.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use cartera_core::store::{MIGRATIONS, StoreError, attention, meta};
use rusqlite::Connection;

use super::damage::{identity, lived_in, open, read, unsent};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/databases")
}

fn recorded() -> Vec<(usize, PathBuf)> {
    let mut found: Vec<_> = fs::read_dir(folder())
        .unwrap()
        .filter_map(|file| {
            let path = file.unwrap().path();
            let name = path.file_name()?.to_str()?;
            let version = name.strip_prefix("phone-")?.strip_suffix(".db.zst")?.parse().ok()?;
            Some((version, path))
        })
        .collect();
    found.sort();
    found
}

fn recording() -> bool {
    std::env::var_os("CARTERA_RECORD").is_some()
}

fn hash(sql: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(sql.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A step that a database somewhere has taken means the same for ever.
#[test]
fn recorded_steps_never_change() {
    let path = folder().join("phone-steps.txt");
    let known = fs::read_to_string(&path).unwrap_or_default();
    let known: Vec<&str> = known.lines().collect();
    let now: Vec<String> = MIGRATIONS.iter().map(|sql| hash(sql)).collect();
    for (number, recorded) in known.iter().enumerate() {
        assert_eq!(
            now.get(number).map(String::as_str),
            Some(*recorded),
            "step {} was changed after it was recorded: write another one instead",
            number + 1
        );
    }
    if recording() && known.len() < now.len() {
        fs::write(&path, now.join("\n") + "\n").unwrap();
    } else {
        assert_eq!(known.len(), now.len(), "a step is new: record it, see core/tests/databases/README.md");
    }
}

#[test]
fn every_recorded_database_opens_with_all_that_was_in_it() {
    let newest = MIGRATIONS.len();
    if recording() && recorded().last().is_none_or(|(version, _)| *version < newest) {
        let (_folder, path) = lived_in();
        let bytes = zstd::encode_all(&fs::read(path).unwrap()[..], 19).unwrap();
        fs::write(folder().join(format!("phone-{newest:03}.db.zst")), bytes).unwrap();
    }
    let recorded = recorded();
    assert_eq!(
        recorded.last().map(|(version, _)| *version),
        Some(newest),
        "the newest schema is not recorded: see core/tests/databases/README.md"
    );
    for (version, file) in recorded {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cartera.db");
        let mut bytes = Vec::new();
        zstd::Decoder::new(fs::File::open(file).unwrap()).unwrap().read_to_end(&mut bytes).unwrap();
        fs::write(&path, bytes).unwrap();
        let found: usize =
            Connection::open(&path).unwrap().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(found, version, "the file is what its name says");
        what_lived_in_left(&path, version);
    }
}

/// As `lived_in` left it, whichever version wrote it.
fn what_lived_in_left(path: &Path, version: usize) {
    let engine = open(path).unwrap();
    let rows = read(&engine).unwrap();
    let count = |sql: &str| -> i64 {
        let read = |conn: &Connection| Ok(conn.query_row(sql, [], |row| row.get(0))?);
        engine.store().read::<i64, StoreError>(read).unwrap()
    };
    assert_eq!(count("SELECT count(*) FROM clients WHERE name LIKE 'Bar Ñandú %'"), 40, "schema {version}");
    assert_eq!(count("SELECT count(*) FROM records WHERE kind = 'v' AND shown = 1"), 240);
    assert_eq!(count("SELECT count(*) FROM fields WHERE key = 'erp_code' AND live = 1"), 10);
    assert_eq!(rows.len(), 40 + 40 + 10 + 240);
    assert_eq!(count("SELECT count(*) FROM office"), 200);
    assert_eq!(count("SELECT count(*) FROM changes WHERE number IS NOT NULL"), 240);
    assert!(count("SELECT count(*) FROM changes WHERE bytes IS NULL") > 100, "compacted ones among them");
    assert_eq!(unsent(&engine).len(), 40 * 8 + 10 - 240);
    assert_eq!(engine.store().read(attention::refused).unwrap().len(), 1);
    assert_eq!(engine.identity().unwrap().unwrap(), identity());
    assert_eq!(
        engine.store().read(|conn| meta::get(conn, meta::CURSOR)).unwrap().as_deref(),
        Some(&b"a cursor"[..])
    );
    assert_eq!(
        count("SELECT count(*) FROM note_search WHERE note_search MATCH 'martes'"),
        240,
        "search is there as well"
    );
    // And it goes on from there.
    engine.tidy().unwrap();
    assert!(read(&engine).unwrap() == rows);
}
