//! An import killed and begun again with the same file.

use std::fmt::Write;
use std::path::Path;

use rusqlite::Connection;

use crate::process::{Chances, Patience, Process, run};
use crate::relay::{Relay, audit};

const CLIENTS: usize = 2_000;
const FILES: usize = 3;
const KILLS_EACH: usize = 6;

#[test]
fn a_killed_import_shows_nothing_and_goes_on_with_the_same_file() {
    let mut relay = Relay::new();
    relay.kill();
    let chances = Chances::new(3);
    let file = relay.data().join("clients.csv");
    let mut patience = Patience::new();
    let mut version = 0;
    while version < FILES || !patience.is_enough(FILES * KILLS_EACH, FILES) {
        let mut text = String::from("codigo;nombre\n");
        (0..CLIENTS).for_each(|n| writeln!(text, "C{n};Cliente {n} v{version}").unwrap());
        std::fs::write(&file, text).unwrap();
        let args = relay.import_of_clients(&file);
        let mut published = false;
        for _ in 0..KILLS_EACH {
            let process = Process::start(&args);
            patience.wait(&chances);
            patience.learn(process.kill_if_running());
            audit(&relay.database());
            let now = names(&relay.database(), version);
            assert!(now == 0 || now == CLIENTS, "{now} of {CLIENTS} clients of file {version} are visible");
            assert!(!published || now == CLIENTS, "what was visible is gone");
            published = now == CLIENTS;
        }
        let output = run(&args);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(names(&relay.database(), version), CLIENTS);
        version += 1;
    }
    let conn = Connection::open(relay.database()).unwrap();
    let count = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, usize>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM clients"), CLIENTS, "nobody twice");
    let edits = "SELECT count(*) FROM fields WHERE key = 'name'";
    assert_eq!(count(edits), CLIENTS * version, "each file is one edit a client, however often it was begun");
    assert_eq!(count("SELECT count(*) FROM import_batches"), 0, "nothing staged is left");
}

fn names(database: &Path, version: usize) -> usize {
    let conn = Connection::open(database).unwrap();
    let sql = "SELECT count(*) FROM clients WHERE name LIKE '% v' || ?1";
    conn.query_row(sql, [version.to_string()], |row| row.get(0)).unwrap()
}
