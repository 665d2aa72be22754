//! A phone whose database is damaged in the middle of its work: recovered, and then in step with its relay again.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use cartera_core::engine::Engine;
use cartera_core::env::SystemEnv;
use cartera_core::model::RecordId;
use cartera_core::store::Recovery;
use rusqlite::Connection;

use crate::books::{audit, count, open, read};
use crate::process::{Chances, Patience, Process};
use crate::relay::{self, Relay};

const PAGE: usize = 4096;

fn recover(path: &Path) -> (Engine, Recovery) {
    Engine::recover(path, None, "Europe/Madrid", Arc::new(SystemEnv)).unwrap()
}

/// Lets a process work on it for a while, and closes it in order.
fn work(how: &str, path: &Path, seed: u64, lines: u64) -> Vec<String> {
    let mut process = Process::work(how, path, seed);
    process.hear(lines, "");
    let said = process.kill();
    drop(open(path));
    said
}

fn records(said: &[String]) -> BTreeSet<String> {
    said.iter()
        .filter(|line| !line.starts_with("edit"))
        .filter_map(|line| line.split(' ').nth(2))
        .map(str::to_owned)
        .collect()
}

/// Pages that say which table lies where, counted from 0: without one of them nothing can be read.
fn schema_pages(bytes: &[u8]) -> BTreeSet<usize> {
    let page_at = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize - 1;
    let mut pages = BTreeSet::from([0]);
    // The first page's b-tree begins after the file's header; an inner node is of type 5.
    if bytes[100] == 5 {
        pages.insert(page_at(108));
        for cell in 0..u16::from_be_bytes([bytes[103], bytes[104]]) as usize {
            let at = 112 + 2 * cell;
            pages.insert(page_at(u16::from_be_bytes([bytes[at], bytes[at + 1]]) as usize));
        }
    }
    pages
}

#[test]
fn after_a_recovery_phone_and_relay_are_in_step_again() {
    let mut relay = Relay::new();
    let territory = relay.territory("Norte");
    let chances = Chances::new(5);
    let folder = tempfile::tempdir().unwrap();
    let healthy = folder.path().join("luis.db");
    drop(relay.link(&healthy, territory));
    let (mut incomplete, mut unseen, mut saved) = (0, 0, BTreeSet::new());
    for life in 0..8_u64 {
        let path = folder.path().join(format!("ana-{life}.db"));
        drop(relay.link(&path, territory));
        let mut said = work("sync", &path, 100 + life, 60);
        open(&path).sync().unwrap();
        said.extend(work("phone", &path, 200 + life, 25));
        let all = "SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM refused)";
        let before = count(&open(&path), all) as usize;
        let mut bytes = std::fs::read(&path).unwrap();
        let schema = schema_pages(&bytes);
        for _ in 0..10 {
            let page = chances.below((bytes.len() / PAGE) as u64) as usize;
            if !schema.contains(&page) {
                bytes[page * PAGE..(page + 1) * PAGE].fill(0xa5);
            }
        }
        std::fs::write(&path, &bytes).unwrap();
        let (engine, recovery) = recover(&path);
        incomplete += recovery.incomplete;
        unseen += recovery.unseen;
        if !recovery.linked {
            continue; // it has to be linked again, and comes empty
        }
        if recovery.is_unsent_work_whole() {
            assert_eq!(recovery.unsent + recovery.refused, before, "life {life}: {recovery:?}");
            // Where neither a document's row nor its index is left, its unsent work is kept to be handed in otherwise.
            if recovery.refused == 0 {
                saved.extend(records(&said));
            }
        }
        for _ in 0..3 {
            engine.sync().unwrap();
        }
        assert_eq!(count(&engine, "SELECT count(*) FROM outbox"), 0, "life {life}: something cannot be sent");
        assert_eq!(count(&engine, "SELECT count(*) FROM refetch"), 0);
        drop(engine);
        audit(&path);
    }
    assert!(incomplete > 4 && unseen > 0, "the test damaged nothing that matters: {incomplete}, {unseen}");
    // Somebody else has it all, and so has the export.
    let other = open(&healthy);
    for _ in 0..3 {
        other.sync().unwrap();
    }
    let exported: BTreeSet<String> =
        ["visits", "purchases"].iter().flat_map(|resource| relay.exported(resource)).collect();
    let here: BTreeSet<String> = read(&other, |conn| {
        let mut statement = conn.prepare("SELECT id FROM records").unwrap();
        let ids = statement.query_map([], |row| row.get::<_, RecordId>(0)).unwrap();
        ids.map(|id| id.unwrap().to_string()).collect()
    });
    let lost: Vec<_> = saved.difference(&here).collect();
    assert!(lost.is_empty(), "saved, and not with the others: {lost:?}");
    assert!(exported.len() > 100, "hardly anything was sent: {}", exported.len());
    drop(other);
    relay.kill();
    relay::audit(&relay.database());
    // Where a new client was to belong can be lost: the office assigns it then, and until then its creator alone has it.
    let conn = Connection::open(relay.database()).unwrap();
    let sql = "SELECT r.id FROM records r JOIN clients c USING (doc) WHERE c.territory IS NULL";
    let mut statement = conn.prepare(sql).unwrap();
    let ids = statement.query_map([], |row| row.get::<_, RecordId>(0)).unwrap();
    let unassigned: BTreeSet<String> = ids.map(|id| id.unwrap().to_string()).collect();
    let elsewhere: Vec<_> = exported.difference(&here).filter(|id| !unassigned.contains(*id)).collect();
    assert!(elsewhere.is_empty(), "exported, and not with the other phone: {elsewhere:?}");
}

#[test]
fn a_recovery_killed_at_any_moment_loses_nothing() {
    let chances = Chances::new(9);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cartera.db");
    drop(work("phone", &path, 1, 150));
    let queue = |engine: &Engine| {
        read(engine, |conn| {
            let mut statement = conn.prepare("SELECT hex(hash) FROM outbox").unwrap();
            statement
                .query_map([], |row| row.get::<_, String>(0))
                .unwrap()
                .collect::<Result<BTreeSet<_>, _>>()
                .unwrap()
        })
    };
    let expected = queue(&open(&path));
    assert!(expected.len() > 100);
    let mut patience = Patience::new();
    while !patience.is_enough(40, 8) {
        let process = Process::start(&["recover".as_ref(), path.as_ref(), "0".as_ref()]);
        patience.wait(&chances);
        patience.learn(process.kill_if_running());
        assert!(queue(&open(&path)) == expected, "unsent work is gone");
    }
    let kept = std::fs::read_dir(folder.path())
        .unwrap()
        .filter(|file| file.as_ref().unwrap().file_name().to_string_lossy().contains(".damaged-"))
        .count();
    assert!(kept >= 8, "a recovery that came to its end has kept what was there: {kept}");
    audit(&path);
}
