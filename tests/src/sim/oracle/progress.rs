//! Progress: everybody has become quiet within a bound of rounds, and no queue is stuck.

use cartera_core::store::StoreError;

use crate::sim::phone::Phone;
use crate::sim::world::{ROUNDS_TO_QUIET, World};

/// All that a phone still means to do.
const QUEUES: [&str; 10] = [
    "outbox",
    "offers",
    "new_actors",
    "refetch",
    "stages",
    "leaving",
    "waiting",
    "office_to_fetch",
    "stale_documents",
    "stale_office",
];

pub fn check(world: &World, rounds: Option<usize>) -> Vec<String> {
    let mut found = Vec::new();
    if rounds.is_none() {
        found.push(format!("not quiet after {ROUNDS_TO_QUIET} rounds in a whole network"));
    }
    for phone in world.active() {
        let stuck = queues(&phone).into_iter();
        found.extend(stuck.map(|(queue, count)| format!("{} has {count} in {queue}", phone.name)));
    }
    found
}

/// The queues of a phone that are not empty, and how much is in each.
pub fn queues(phone: &Phone) -> Vec<(&'static str, i64)> {
    let engine = phone.engine();
    let count = |queue: &str| -> i64 {
        let sql = format!("SELECT count(*) FROM {queue}");
        let count =
            engine.store().read::<_, StoreError>(|conn| Ok(conn.query_row(&sql, [], |row| row.get(0))?));
        count.unwrap()
    };
    QUEUES.into_iter().map(|queue| (queue, count(queue))).filter(|(_, count)| *count > 0).collect()
}
