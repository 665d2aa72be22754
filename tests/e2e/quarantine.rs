//! What a phone offers after a restore and nothing proves: kept whole on both sides until an administrator decides.

use std::collections::BTreeSet;
use std::sync::Arc;

use cartera_core::env::{Env, SeededEnv, SystemEnv};
use cartera_core::model::ClientId;
use cartera_core::store::StoreError;
use cartera_relay::people::access::By;
use cartera_relay::quarantine::{self, LISTED_MAX};

use super::restored::{note, restore_with_journal, settle};
use super::world::{Phone, World};

const HOUR_MS: i64 = 60 * 60 * 1000;

/// A relay that was restored to before `lost` notes of Luis's about the client, which only Ana's phone has, without its
/// proofs, and the notes.
struct Lost {
    world: World,
    ana: Phone,
    env: Arc<SeededEnv>,
    bar: ClientId,
    notes: BTreeSet<String>,
}

fn lose(lost: usize) -> Lost {
    let world = World::new();
    let north = world.territory("Norte");
    let env = Arc::new(SeededEnv::new(7, SystemEnv.now_ms()));
    let ana = world.phone_in(env.clone(), "Ana", &[north]);
    let luis = world.phone("Luis", &[north]);
    let bar = ana.client("Bar");
    settle(&[&ana, &luis]);
    let monday = world.backup();
    let notes = (0..lost).map(|n| note(&luis, &bar, &format!("nota {n}"))).collect();
    settle(&[&luis, &ana]);
    drop(luis);
    ana.engine.store().write::<_, StoreError>(|tx| Ok(tx.execute("DELETE FROM receipts", [])?)).unwrap();
    let world = world.while_down(|folder| restore_with_journal(folder, monday));
    Lost { world, ana, env, bar, notes }
}

impl Lost {
    fn waiting(&self) -> usize {
        let mut after = 0;
        let mut count = 0;
        loop {
            let page = quarantine::list(self.world.app(), By::CONSOLE, after, LISTED_MAX).unwrap();
            let Some(last) = page.last() else { return count };
            (after, count) = (last.refusal, count + page.len());
        }
    }

    /// What only the relay forgot, so that being offered again shows.
    fn forget(&self) {
        let raw = rusqlite::Connection::open(self.world.data().database()).unwrap();
        raw.execute("DELETE FROM refused", []).unwrap();
    }
}

#[test]
fn what_waits_is_offered_again_after_a_day_and_not_before() {
    let lost = lose(2);
    lost.ana.sync();
    assert_eq!(lost.waiting(), 2);
    lost.forget();
    for _ in 0..3 {
        lost.ana.sync();
    }
    lost.env.advance(24 * HOUR_MS - 1);
    lost.ana.sync();
    assert_eq!((lost.waiting(), lost.ana.timeline(&lost.bar).len()), (0, 2), "a day is not over");
    lost.env.advance(1);
    lost.ana.sync();
    assert_eq!((lost.waiting(), lost.ana.timeline(&lost.bar).len()), (2, 2));
    lost.forget();
    lost.ana.sync();
    assert_eq!(lost.waiting(), 0, "and then the day begins anew");
    // A clock that was set back does not put it off for years.
    lost.env.set_wall(lost.env.now_ms() - 400 * 24 * HOUR_MS);
    lost.ana.sync();
    assert_eq!(lost.waiting(), 2);

    // What the administrator decided meanwhile is heard of with the next offer.
    let waiting = quarantine::list(lost.world.app(), By::CONSOLE, 0, 10).unwrap();
    quarantine::accept(lost.world.app(), By::CONSOLE, waiting[0].refusal).unwrap();
    quarantine::refuse(lost.world.app(), By::CONSOLE, waiting[1].refusal).unwrap();
    lost.env.advance(24 * HOUR_MS);
    settle(&[&lost.ana]);
    assert_eq!(lost.waiting(), 0, "it is not asked a second time");
    assert_eq!(
        (lost.world.ids("notes").len(), lost.ana.refused()),
        (1, 1),
        "one is there, one is on the phone's list"
    );
    lost.env.advance(48 * HOUR_MS);
    lost.ana.sync();
    assert_eq!((lost.waiting(), lost.ana.refused()), (0, 1));
}

#[test]
fn more_than_a_request_holds_waits_whole_and_is_taken_whole() {
    let lost = lose(LISTED_MAX + 1);
    lost.ana.sync();
    assert_eq!(lost.waiting(), LISTED_MAX + 1, "nothing made room for what came later");
    settle(&[&lost.ana]);
    assert_eq!((lost.waiting(), lost.world.ids("notes").len()), (LISTED_MAX + 1, 0));
    let first = quarantine::accept_all(lost.world.app(), By::CONSOLE, lost.bar).unwrap();
    assert_eq!((first.taken, first.left, first.more), (LISTED_MAX, 0, true));
    let rest = quarantine::accept_all(lost.world.app(), By::CONSOLE, lost.bar).unwrap();
    assert_eq!((rest.taken, rest.left, rest.more), (1, 0, false));
    let none = quarantine::accept_all(lost.world.app(), By::CONSOLE, lost.bar).unwrap_err();
    assert_eq!(none.code(), "not_found");
    assert_eq!(lost.world.ids("notes"), lost.notes);
    settle(&[&lost.ana]);
    assert_eq!(lost.ana.refused(), 0);
    lost.env.advance(24 * HOUR_MS);
    settle(&[&lost.ana]);
    assert_eq!((lost.waiting(), lost.world.ids("notes")), (0, lost.notes.clone()));
}

/// Ana's phone has the client from a page, or its receipts were lost but for those of its heads: nothing proves a change
/// but what was built on it.
fn lose_all_but_heads(before: usize, after: usize) -> Lost {
    let world = World::new();
    let north = world.territory("Norte");
    let env = Arc::new(SeededEnv::new(8, SystemEnv.now_ms()));
    let ana = world.phone_in(env.clone(), "Ana", &[north]);
    let luis = world.phone("Luis", &[north]);
    let monday = world.backup();
    let bar = luis.client("Bar");
    let mut notes: BTreeSet<String> = (0..before).map(|n| note(&luis, &bar, &format!("nota {n}"))).collect();
    settle(&[&luis, &ana]);
    notes.insert(note(&ana, &bar, "de Ana"));
    settle(&[&ana, &luis]);
    notes.extend((0..after).map(|n| note(&luis, &bar, &format!("otra {n}"))));
    settle(&[&luis, &ana]);
    drop(luis);
    let but_heads = "DELETE FROM receipts WHERE instr((SELECT acked FROM documents d WHERE d.doc = receipts.doc), hash) = 0";
    ana.engine.store().write::<_, StoreError>(|tx| Ok(tx.execute(but_heads, [])?)).unwrap();
    let world = world.while_down(|folder| restore_with_journal(folder, monday));
    Lost { world, ana, env, bar, notes }
}

#[test]
fn a_head_proves_what_came_in_requests_before_it() {
    // One request; the last of three; and one's own change first in a request of its own, on top of others'.
    for (before, after) in [(10, 0), (1_200, 1_000), (1_000, 0), (997, 3)] {
        let lost = lose_all_but_heads(before, after);
        lost.ana.sync();
        assert_eq!(lost.waiting(), 0, "nobody is asked: {before} and {after}");
        assert_eq!(lost.world.ids("notes"), lost.notes);
        assert_eq!(lost.ana.refused(), 0);
        settle(&[&lost.ana]);
        let clients = lost.world.export("clients");
        assert!(clients[0]["territory_id"].is_string(), "it is where it was: {}", clients[0]);
    }
}

#[test]
fn one_s_own_change_that_builds_on_what_waits_waits_with_it() {
    let lost = lose_all_but_heads(20, 5);
    lost.ana.engine.store().write::<_, StoreError>(|tx| Ok(tx.execute("DELETE FROM receipts", [])?)).unwrap();
    lost.ana.sync();
    // With the client's first two changes.
    assert_eq!(lost.waiting(), lost.notes.len() + 2);
    assert_eq!((lost.ana.refused(), lost.ana.timeline(&lost.bar).len()), (0, lost.notes.len()));
    let accepted = quarantine::accept_all(lost.world.app(), By::CONSOLE, lost.bar).unwrap();
    assert_eq!((accepted.taken, accepted.left), (lost.notes.len() + 2, 0));
    lost.env.advance(24 * HOUR_MS);
    settle(&[&lost.ana]);
    assert_eq!((lost.waiting(), lost.world.ids("notes")), (0, lost.notes.clone()));
    let clients = lost.world.export("clients");
    assert!(clients[0]["territory_id"].is_string(), "it is where it was: {}", clients[0]);
}
