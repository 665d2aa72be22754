//! What comes into a phone's sight and leaves it, each as it was found, in the smallest world that shows it.

use std::sync::Arc;

use cartera_core::model::ClientId;
use cartera_core::store::{StoreError, attention};
use cartera_core::sync::wire::{Mac, SyncReply};
use cartera_relay::clients;
use cartera_relay::people::Role;
use cartera_relay::people::access::By;
use cartera_tests::sim::phone::Phone;
use cartera_tests::sim::work::clients_of;
use cartera_tests::sim::world::{DAY_MS, MINUTE_MS, World};

use super::support::{Between, count, held, in_the_books};

/// A client with a visit that is unsent when the office erases it.
fn erased_with_unsent_work() -> (World, std::sync::Arc<Phone>, ClientId) {
    let world = World::new(11, false);
    let ana = world.rep("Ana", &[world.territory("Norte")]);
    let client = world.create(&ana).unwrap();
    world.sync(&ana);
    world.visit(&ana, &client);
    world.erase(client);
    (world, ana, client)
}

#[test]
fn an_erased_client_goes_with_its_unsent_work_on_an_order_under_the_device_s_key() {
    let (world, ana, client) = erased_with_unsent_work();
    let report = world.sync(&ana).unwrap();
    assert_eq!(report.erased, [(client, 1)]);
    assert_eq!((count(&ana, "outbox"), count(&ana, "refused"), count(&ana, "documents")), (0, 0, 0));
    assert_eq!(count(&ana, "attention WHERE what = 'client_erased' AND done_at IS NULL"), 1);
    held(&world);
}

#[test]
fn an_order_under_another_key_deletes_nothing_that_was_not_sent() {
    let (world, ana, _) = erased_with_unsent_work();
    let forged = |reply: &mut SyncReply| {
        reply.orders.0.iter_mut().for_each(|order| order.mac = Some(Mac([7; 32])));
    };
    let report = world.sync_with(&ana, &Between::new(&world).reply(forged)).unwrap();
    assert_eq!(report.erased, []);
    assert_eq!(count(&ana, "attention WHERE what = 'order_forged' AND done_at IS NULL"), 1);
    let refused = ana.engine().store().read::<_, StoreError>(attention::refused).unwrap();
    let codes: Vec<&str> = refused.iter().map(|work| work.code.as_str()).collect();
    assert_eq!(codes, ["erased"], "the visit is there, whole");
}

#[test]
fn a_late_word_that_a_client_was_purged_takes_nothing_from_one_that_came_back() {
    let world = World::new(12, false);
    let (north, south) = (world.territory("Norte"), world.territory("Sur"));
    let ana = world.rep("Ana", &[north]);
    let client = world.create(&ana).unwrap();
    world.sync(&ana);
    world.move_client(client, south);
    world.sync(&ana);
    let purging = Between::new(&world);
    world.sync_with(&ana, &purging);
    assert_eq!(clients_of(&ana.engine()), []);
    world.move_client(client, north);
    world.sync(&ana);
    world.visit(&ana, &client);
    world.move_client(client, south);
    // The network brings once more what was asked before.
    for (token, body) in purging.heard.lock().unwrap().iter() {
        assert_eq!(world.relay.answer("/v1/sync", token.as_deref(), body).status, 200);
    }
    world.sync(&ana);
    assert_eq!(in_the_books(&world, "records WHERE kind = 'v'"), 1);
    held(&world);
}

#[test]
fn a_client_that_came_back_with_its_territory_and_left_with_it_is_still_written_to() {
    let world = World::new(15, false);
    let (north, south) = (world.territory("Norte"), world.territory("Sur"));
    let ana = world.rep("Ana", &[north]);
    let client = world.create(&ana).unwrap();
    world.sync(&ana);
    world.move_client(client, south);
    (0..2).for_each(|_| drop(world.sync(&ana)));
    assert_eq!(clients_of(&ana.engine()), [], "gone, and the relay was told so");
    world.pass(60_000);
    world.assign(ana.person, vec![south]);
    (0..2).for_each(|_| drop(world.sync(&ana)));
    assert_eq!(clients_of(&ana.engine()), [client]);
    world.pass(60_000);
    world.assign(ana.person, vec![north]);
    world.visit(&ana, &client);
    world.sync(&ana);
    assert_eq!(in_the_books(&world, "records WHERE kind = 'v'"), 1);
    held(&world);
}

#[test]
fn what_the_office_said_of_a_territory_goes_when_the_territory_is_lost() {
    let world = World::new(13, false);
    let (north, south) = (world.territory("Norte"), world.territory("Sur"));
    let ana = world.rep("Ana", &[north, south]);
    (0..12).for_each(|_| world.write_prices());
    world.sync(&ana);
    let of = |territory: cartera_core::model::TerritoryId| {
        count(
            &ana,
            &format!("office WHERE hex(territory) = '{:032X}'", u128::from_be_bytes(*territory.as_bytes())),
        )
    };
    assert!(of(north) > 0 && of(south) > 0);
    world.assign(ana.person, vec![north]);
    world.sync(&ana);
    assert!(of(north) > 0);
    assert_eq!(of(south), 0);
    held(&world);
}

#[test]
fn who_was_lent_a_client_may_still_bring_his_work_after_it_was_merged() {
    let world = World::new(14, false);
    let (north, south) = (world.territory("Norte"), world.territory("Sur"));
    let (ana, luis) = (world.rep("Ana", &[north]), world.rep("Luis", &[south]));
    let (lent, kept) = (world.create(&ana).unwrap(), world.create(&ana).unwrap());
    world.sync(&ana);
    for client in [lent, kept] {
        world.move_client(client, north);
    }
    clients::lend(&world.relay.app(), By::CONSOLE, lent, luis.person, None, None).unwrap();
    world.sync(&luis);
    assert_eq!(clients_of(&luis.engine()), [lent]);
    world.visit(&luis, &lent);
    world.merge(lent, Some(kept));
    world.sync(&luis);
    assert_eq!(in_the_books(&world, "records WHERE kind = 'v'"), 1);
    held(&world);
}

#[test]
fn a_client_of_which_only_the_beginning_has_come_is_in_the_list() {
    let world = World::new(15, false);
    let north = world.territory("Norte");
    let (ana, luis) = (world.rep("Ana", &[north]), world.rep("Luis", &[north]));
    let client = world.create(&ana).unwrap();
    // The relay stumbled on the second change and holds it back.
    ana.engine()
        .store()
        .write::<_, StoreError>(|tx| {
            let later = "DELETE FROM outbox WHERE position > (SELECT min(position) FROM outbox)";
            Ok(tx.execute(later, []).map(drop)?)
        })
        .unwrap();
    world.sync(&ana);
    world.sync(&luis);
    assert_eq!(clients_of(&luis.engine()), [client]);
    world.move_client(client, world.territory("Sur"));
    world.sync(&luis);
    assert_eq!(clients_of(&luis.engine()), []);
}

#[test]
fn a_territory_that_goes_and_comes_back_between_two_pages_is_not_missed() {
    let world = World::new(16, false);
    let (north, south) = (world.territory("Norte"), world.territory("Sur"));
    let luis = world.rep("Luis", &[south]);
    for _ in 0..3 {
        let client = world.create(&luis).unwrap();
        world.visit(&luis, &client);
    }
    world.sync(&luis);
    world.write_prices();
    let ana = world.new_phone("Ana", world.person("Ana", Role::Rep, &[north, south]));
    world.link(&ana);
    let way = Between::new(&world).before("/v1/fetch", 0, || world.assign(ana.person, vec![north])).before(
        "/v1/fetch",
        4,
        || world.assign(ana.person, vec![north, south]),
    );
    world.sync_with(&ana, &way);
    assert_eq!(clients_of(&ana.engine()).len(), 3);
    held(&world);
}

#[test]
fn a_page_of_a_relay_that_was_restored_meanwhile_replaces_nothing() {
    let world = World::new(17, false);
    let north = world.territory("Norte");
    let ana = world.rep("Ana", &[north]);
    let client = world.create(&ana).unwrap();
    world.sync(&ana);
    let backup = world.relay.back_up();
    world.pass(MINUTE_MS);
    world.visit(&ana, &client);
    world.sync(&ana);
    assert_eq!(count(&ana, "outbox"), 0, "the relay has it");
    // Everything is to be fetched anew, and by then the relay has lost what it had.
    let books = rusqlite::Connection::open(world.relay.database()).unwrap();
    world.assign(ana.person, vec![north, world.territory("Sur")]);
    books.execute("DELETE FROM past_scopes", []).unwrap();
    drop(books);
    let restore = || world.restore_relay("with its journal", |relay| relay.restore(&backup, true));
    world.sync_with(&ana, &Between::new(&world).before("/v1/fetch", 0, restore));
    assert_eq!(in_the_books(&world, "records WHERE kind = 'v'"), 1, "only Ana's phone had it");
    held(&world);
}

/// Luis has a client, and unsent work about it, of which a restored relay forgot that he saw it; he syncs so long after.
fn forgotten(after_days: i64) -> (World, Arc<Phone>) {
    let world = World::new(18, false);
    let (north, south) = (world.territory("Norte"), world.territory("Sur"));
    let (ana, luis) = (world.rep("Ana", &[north]), world.rep("Luis", &[north]));
    let backup = world.relay.back_up();
    world.pass(MINUTE_MS);
    let client = world.create(&ana).unwrap();
    world.sync(&ana);
    world.sync(&luis);
    world.visit(&luis, &client);
    world.restore_relay("with its journal", |relay| relay.restore(&backup, true));
    // Brought back by a phone that may not say any more where it stood.
    world.assign(ana.person, vec![south]);
    world.sync(&ana);
    world.pass(after_days * DAY_MS);
    world.sync(&luis);
    (world, luis)
}

#[test]
fn what_a_phone_proves_to_have_had_in_sight_it_may_still_write_about() {
    let (world, luis) = forgotten(89);
    assert_eq!((in_the_books(&world, "records WHERE kind = 'v'"), count(&luis, "refused")), (1, 0));
    held(&world);
}

#[test]
fn a_proof_opens_nothing_once_no_work_from_before_the_restore_is_taken_any_more() {
    let (world, luis) = forgotten(91);
    assert_eq!((in_the_books(&world, "records WHERE kind = 'v'"), count(&luis, "refused")), (0, 1));
    world.change_plan(|plan| plan.refusals = &["forbidden"]);
    held(&world);
}
