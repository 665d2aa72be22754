//! A phone killed while its rep works.

use crate::books::{audit, changes_of, count, expect_all};
use crate::process::{A_COMMIT, Chances, Process};

const PHONES: u64 = 6;
const KILLS_EACH: u64 = 40;

#[test]
fn nothing_that_was_reported_saved_is_gone() {
    std::thread::scope(|scope| {
        for half in 0..2 {
            scope.spawn(move || (0..PHONES / 2).for_each(|phone| life(half * PHONES + phone)));
        }
    });
}

/// One phone from its first start through all its kills.
fn life(seed: u64) {
    let chances = Chances::new(seed);
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("cartera.db");
    let mut said = Vec::new();
    let mut changes = 0;
    for kill in 0..KILLS_EACH {
        let mut process = Process::work("phone", &database, seed * 1_000 + kill);
        process.hear(chances.below(12), "");
        chances.linger(A_COMMIT);
        let now = process.kill();
        let engine = audit(&database);
        let found = count(&engine, "SELECT count(*) FROM changes");
        // A command may have been committed whose line was not written any more; never half of one, never two.
        let more = found - changes - changes_of(&now);
        assert!(more <= 2, "seed {seed}, kill {kill}: {more} changes more than commands");
        said.extend(now);
        expect_all(&engine, &said);
        changes = found;
    }
    assert!(said.len() as u64 > KILLS_EACH, "it never got to work");
}
