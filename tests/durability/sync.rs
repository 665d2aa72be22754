//! A phone killed in the middle of a sync; the relay goes on.

use crate::books::{audit, count, derived, expect_all, read};
use crate::process::{A_COMMIT, Chances, Process};
use crate::relay::{self, Relay};

const KILLS: u64 = 60;

#[test]
fn a_sync_cut_off_by_a_kill_ends_in_the_same_state() {
    let mut relay = Relay::new();
    let territory = relay.territory("Norte");
    let folder = tempfile::tempdir().unwrap();
    let databases = [folder.path().join("ana.db"), folder.path().join("luis.db")];
    for database in &databases {
        drop(relay.link(database, territory));
    }
    let chances = Chances::new(11);
    let mut said: [Vec<String>; 2] = Default::default();
    let mut in_sync = 0;
    for kill in 0..KILLS {
        let which = (kill % 2) as usize;
        let database = &databases[which];
        let mut process = Process::work("sync", database, kill + 1);
        process.hear(1 + chances.below(10), "");
        chances.linger(2 * A_COMMIT);
        let now = process.kill();
        let engine = audit(database);
        said[which].extend(now);
        expect_all(&engine, &said[which]);
        in_sync += u64::from(count(&engine, "SELECT count(*) FROM outbox") == 0);
    }
    assert!(said.iter().flatten().any(|line| line == "synced"), "no sync ever went through");
    assert!(in_sync < KILLS, "no kill left anything to be sent");

    let engines = databases.each_ref().map(|database| audit(database));
    for _ in 0..2 {
        for engine in &engines {
            assert_eq!(engine.sync().unwrap().repaired, 0, "a digest differed");
        }
    }
    relay.kill();
    let log = relay::audit(&relay.database());
    for (engine, said) in engines.iter().zip(&said) {
        expect_all(engine, said);
        relay::expect_acknowledged(engine, &log);
        assert_eq!(count(engine, "SELECT count(*) FROM outbox"), 0);
        assert_eq!(count(engine, "SELECT count(*) FROM attention"), 0);
        assert_eq!(count(engine, "SELECT count(*) FROM refused"), 0);
    }
    let records = engines.each_ref().map(|engine| read(engine, |conn| derived(conn)["notes"].clone()));
    assert_eq!(records[0], records[1], "both hold the same");
    assert!(!records[0].is_empty());
}
