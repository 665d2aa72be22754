//! The relay's file: written by an earlier version, or damaged on its disk.
//!
//! `tests/durability/databases` holds one for each schema since recording began, compressed. After a step was added,
//! `CARTERA_RECORD=1 cargo test --release -p cartera-tests --test durability recorded` records the new one with what
//! this version writes; what is recorded is never written again.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cartera_core::env::SystemEnv;
use cartera_relay::app::{App, Folder};
use cartera_relay::backup::{self, Places};
use cartera_relay::export::resources::RESOURCES;
use cartera_relay::export::{Export, Query};
use cartera_relay::people::access::By;
use cartera_relay::settings::Settings;
use cartera_relay::storage::sqlite::SqliteStorage;
use cartera_relay::storage::{Exports, Projections};
use rusqlite::Connection;

use crate::books;
use crate::process::{Chances, Process, run};
use crate::relay::Relay;

const IMPORTED: usize = 40;
const COMMANDS: u64 = 90;

/// The folder of a relay that two phones and an import have worked with, of which part is compacted.
fn lived_in() -> tempfile::TempDir {
    let mut relay = Relay::new();
    let territory = relay.territory("Norte");
    let phones = tempfile::tempdir().unwrap();
    for (seed, name) in [(1, "ana.db"), (2, "luis.db")] {
        let path = phones.path().join(name);
        drop(relay.link(&path, territory));
        let mut process = Process::work("phone", &path, seed);
        process.hear(COMMANDS, "");
        process.kill();
        books::open(&path).sync().unwrap();
    }
    let file = phones.path().join("clients.csv");
    let rows: String = (0..IMPORTED).map(|n| format!("C{n};Cliente {n}\n")).collect();
    fs::write(&file, format!("codigo;nombre\n{rows}")).unwrap();
    relay.kill();
    let imported = run(&relay.import_of_clients(&file));
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
    let app = relay.app();
    // All but the newest entries, as time would have it.
    app.storage.compact(None, 100, 1).unwrap();
    drop(app);
    relay.into_folder()
}

fn exports(store: &dyn Exports) -> Result<BTreeMap<&'static str, String>, &'static str> {
    let mut found = BTreeMap::new();
    for resource in RESOURCES {
        let query = Query::parse(&format!("{}.ndjson", resource.name), []).unwrap();
        let mut text = Vec::new();
        Export::begin(store, query)
            .and_then(|export| export.write_to(store, &mut text))
            .map_err(|error| error.code())?;
        found.insert(resource.name, String::from_utf8(text).unwrap());
    }
    Ok(found)
}

fn open(folder: &Path) -> Result<App, &'static str> {
    App::open(&Folder::new(folder), Arc::new(SystemEnv), Settings::default()).map_err(|error| error.code())
}

/// Copies the relay's folder.
fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        if file.file_type().unwrap().is_file() {
            fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    }
}

/// Opens it, reads everything and makes a backup, as a relay at work does.
fn use_it(folder: &Path) -> Result<BTreeMap<&'static str, String>, &'static str> {
    let app = open(folder)?;
    let found = exports(&*app.storage)?;
    let places = Places { to: folder.join("backups"), work: folder.to_path_buf() };
    backup::make(&app, By::CONSOLE, &places, &mut |_, _, _| {}).map_err(|error| error.code())?;
    Ok(found)
}

const FLIPS: usize = 120;

#[test]
fn a_flipped_byte_is_told_with_a_code_or_leaves_all_that_was_written() {
    let folder = lived_in();
    let whole = fs::read(folder.path().join("relay.db")).unwrap();
    let expected = exports(&*open(folder.path()).unwrap().storage).unwrap();
    // Where in the file; not those that go on in another page, or of which a page that is free now has a copy.
    let changes: Vec<(usize, usize)> = {
        let conn = Connection::open(folder.path().join("relay.db")).unwrap();
        let sql = "SELECT bytes FROM changes WHERE bytes IS NOT NULL UNION ALL SELECT bytes FROM snapshots";
        let mut statement = conn.prepare(sql).unwrap();
        let found = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap().map(Result::unwrap);
        let place = |bytes: &[u8]| {
            let mut found = whole.windows(bytes.len()).enumerate().filter(|(_, window)| *window == bytes);
            found.next().filter(|_| found.next().is_none()).map(|(place, _)| place)
        };
        found.filter_map(|bytes| Some((place(&bytes)?, bytes.len()))).collect()
    };
    assert!(changes.len() > 10, "{}", changes.len());
    let chances = Chances::new(17);
    let below = |bound: usize| chances.below(bound as u64) as usize;
    let (mut told, mut harmless, mut in_rows) = (0, 0, 0);
    for flip in 0..FLIPS {
        // A third of them in what everything else follows from, some in the first page, the rest anywhere.
        let of_changes = flip % 3 == 0;
        let at = match flip % 3 {
            0 => {
                let (place, length) = changes[below(changes.len())];
                place + below(length)
            }
            1 if flip % 4 == 0 => below(4_096),
            _ => below(whole.len()),
        };
        let mut bytes = whole.clone();
        bytes[at] ^= 1 + below(255) as u8;
        let work = tempfile::tempdir().unwrap();
        let work = work.path().join("relay");
        copy(folder.path(), &work);
        fs::write(work.join("relay.db"), &bytes).unwrap();
        let outcome = catch_unwind(AssertUnwindSafe(|| use_it(&work)));
        match outcome.unwrap_or_else(|_| panic!("byte {at}: a panic")) {
            Err(code) => {
                assert!(code.starts_with("storage_") || code == "no_workspace", "byte {at}: {code}");
                told += 1;
            }
            Ok(found) => {
                assert!(!of_changes, "byte {at} of a change: a backup was made of it, and nobody was told");
                if found == expected { harmless += 1 } else { in_rows += 1 }
            }
        }
    }
    assert!(told >= FLIPS / 3 && harmless > 10, "{told} told, {harmless} harmless, {in_rows} in rows alone");
}

#[test]
fn a_file_cut_off_anywhere_is_told() {
    let folder = lived_in();
    let whole = fs::read(folder.path().join("relay.db")).unwrap();
    let chances = Chances::new(18);
    for cut in 0..24 {
        let length = [1, 16, 99, 100, 4_096].get(cut).copied();
        let length = length.unwrap_or_else(|| chances.below(whole.len() as u64 - 4_096) as usize);
        let work = tempfile::tempdir().unwrap();
        let work = work.path().join("relay");
        copy(folder.path(), &work);
        fs::write(work.join("relay.db"), &whole[..length]).unwrap();
        let outcome = catch_unwind(AssertUnwindSafe(|| use_it(&work)));
        let code = outcome.unwrap_or_else(|_| panic!("cut at {length}: a panic")).unwrap_err();
        assert!(code.starts_with("storage_") || code == "no_workspace", "cut at {length}: {code}");
    }
}

fn databases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("durability/databases")
}

/// Each with the number of steps that it had taken.
fn recorded() -> BTreeMap<u32, PathBuf> {
    let version = |path: &Path| {
        path.file_name()?.to_str()?.strip_prefix("relay-")?.strip_suffix(".db.zst")?.parse().ok()
    };
    let files = fs::read_dir(databases()).unwrap().map(|file| file.unwrap().path());
    files.filter_map(|path| Some((version(&path)?, path))).collect()
}

fn version(database: &Path) -> u32 {
    let conn = Connection::open(database).unwrap();
    conn.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
}

#[test]
fn every_recorded_relay_opens_with_all_that_was_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let fresh = folder.path().join("fresh.db");
    drop(SqliteStorage::open(&fresh, None).unwrap());
    let newest = version(&fresh);
    if std::env::var_os("CARTERA_RECORD").is_some() && !recorded().contains_key(&newest) {
        let bytes = fs::read(lived_in().path().join("relay.db")).unwrap();
        let bytes = zstd::encode_all(&bytes[..], 19).unwrap();
        fs::write(databases().join(format!("relay-{newest:03}.db.zst")), bytes).unwrap();
    }
    let recorded = recorded();
    assert_eq!(
        recorded.last_key_value().map(|(version, _)| *version),
        Some(newest),
        "the newest schema is not recorded: see tests/durability/databases/README.md"
    );
    for (taken, file) in recorded {
        let path = folder.path().join(format!("{taken}.db"));
        let mut bytes = Vec::new();
        zstd::Decoder::new(fs::File::open(file).unwrap()).unwrap().read_to_end(&mut bytes).unwrap();
        fs::write(&path, bytes).unwrap();
        assert_eq!(version(&path), taken, "the file is what its name says");
        let count = |sql: &str| -> usize {
            Connection::open(&path).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
        };
        let before = [
            count("SELECT count(*) FROM documents"),
            count("SELECT count(*) FROM records WHERE kind = 'v' AND shown = 1"),
            count("SELECT count(*) FROM records WHERE kind = 'p' AND shown = 1"),
        ];
        let store = SqliteStorage::open(&path, None).unwrap();
        // Rows that another version made, or nobody knows which, are made anew before anybody reads them.
        let is_behind = store.projecting().unwrap().is_some();
        assert!(is_behind || taken > 27, "schema {taken} does not say what made its rows");
        assert_eq!(exports(&store).err(), is_behind.then_some("projecting"));
        let mut after = None;
        while store.projecting().unwrap().is_some() {
            after = store.project(after.as_ref()).unwrap().after;
        }
        let rows = exports(&store).unwrap();
        let lines = |resource: &str| rows[resource].lines().count();
        assert!(lines("clients") > IMPORTED && before[0] > IMPORTED, "schema {taken}");
        assert_eq!([lines("clients"), lines("visits"), lines("purchases")], before);
        assert!(count("SELECT count(*) FROM snapshots") > 5, "compacted ones among them");
        drop(store);
        crate::relay::audit(&path);
    }
}
