//! Single faults of a phone's session, each as it was found, in the smallest world that shows it.

use cartera_core::model::ClientId;
use cartera_core::model::record::{Outcome, Visit};
use cartera_core::store::{StoreError, actors, attention, meta, outbox};
use cartera_core::sync::wire::Verdict;
use cartera_relay::people::Role;
use cartera_tests::sim::ledger::Deed;
use cartera_tests::sim::oracle::judge;
use cartera_tests::sim::phone::Phone;
use cartera_tests::sim::work::{Job, clients_of};
use cartera_tests::sim::world::{DAY_MS, MINUTE_MS, World};

use super::support::{Between, count, held, in_the_books};

#[test]
fn more_new_actors_than_fit_into_a_request_hold_nothing_up() {
    let world = World::new(1, false);
    let north = world.territory("Norte");
    let ana = world.rep("Ana", &[north]);
    ana.engine()
        .store()
        .write::<_, StoreError>(|tx| {
            for _ in 0..40 {
                actors::add(tx, &actors::draw(&*ana.env), actors::Reason::Rebase)?;
            }
            // The last of them writes.
            actors::replace(tx, &*ana.env, actors::Reason::Restore)?;
            Ok(())
        })
        .unwrap();
    world.do_job(&ana, Job::Create);
    world.do_job(&ana, Job::Visit);
    let rounds = world.settle();
    assert_eq!(judge(&world, rounds), []);
    assert_eq!(count(&ana, "new_actors"), 0);
}

#[test]
fn an_actor_that_is_another_device_s_is_replaced_and_its_work_arrives() {
    let world = World::new(2, false);
    let north = world.territory("Norte");
    let (ana, luis) = (world.rep("Ana", &[north]), world.rep("Luis", &[north]));
    // A database that was copied before it was linked has the actor of the one that it was copied from.
    let stolen = luis.engine().store().write::<_, StoreError>(|tx| actors::present(tx, &*luis.env)).unwrap();
    ana.engine()
        .store()
        .write::<_, StoreError>(|tx| {
            cartera_core::store::meta::put(tx, cartera_core::store::meta::ACTOR, stolen.to_bytes())?;
            tx.execute("INSERT INTO new_actors (actor, reason) VALUES (?1, 0)", [stolen.to_bytes()])?;
            tx.execute("INSERT INTO own_actors (actor) VALUES (?1)", [stolen.to_bytes()])?;
            Ok(())
        })
        .unwrap();
    world.do_job(&ana, Job::Create);
    (0..3).for_each(|_| world.do_job(&ana, Job::Visit));
    let rounds = world.settle();
    assert_eq!(judge(&world, rounds), []);
}

#[test]
fn work_that_was_held_back_is_sent_again_at_the_next_sync() {
    let world = World::new(3, false);
    let ana = world.rep("Ana", &[world.territory("Norte")]);
    let client = world.create(&ana).unwrap();
    world.sync(&ana);
    world.visit(&ana, &client);
    let verdict = Verdict::Held { missing: Vec::new().into() };
    world.sync_with(&ana, &Between::new(&world).keep_back(verdict));
    assert_eq!(count(&ana, "outbox WHERE state = 1"), 1);
    world.sync(&ana);
    held(&world);
}

#[test]
fn what_waits_for_the_administrator_is_offered_again_once_a_day() {
    let world = World::new(4, false);
    let ana = world.rep("Ana", &[world.territory("Norte")]);
    let client = world.create(&ana).unwrap();
    world.sync(&ana);
    world.visit(&ana, &client);
    world.sync_with(&ana, &Between::new(&world).keep_back(Verdict::Quarantined));
    let again = |after_ms| {
        world.pass(after_ms);
        world.sync(&ana).unwrap().sent
    };
    // The first try notes when it was.
    assert_eq!(count(&ana, "outbox WHERE code = 'quarantined'"), 1);
    ana.engine()
        .store()
        .write::<_, StoreError>(|tx| {
            Ok(tx.execute("UPDATE outbox SET tried_at = ?1", [world.now_ms()]).map(drop)?)
        })
        .unwrap();
    assert_eq!(again(DAY_MS - 2 * MINUTE_MS), 0);
    assert_eq!(again(2 * MINUTE_MS), 1);
    held(&world);
}

/// A phone that has the list of clients, and of this one no more.
fn with_the_list_alone(world: &World, name: &str) -> std::sync::Arc<Phone> {
    let luis = world.new_phone(name, world.person(name, Role::Rep, &world.territories()[..1]));
    world.link(&luis);
    // Settings, list; the documents do not come.
    world.sync_with(&luis, &Between::new(world).cut("/v1/fetch", 2));
    luis
}

fn client_on_its_way() -> (World, ClientId) {
    let world = World::new(5, false);
    let ana = world.rep("Ana", &[world.territory("Norte")]);
    let client = world.create(&ana).unwrap();
    world.sync(&ana);
    (world, client)
}

#[test]
fn a_visit_to_a_client_whose_page_is_still_to_come_arrives() {
    let (world, client) = client_on_its_way();
    let luis = with_the_list_alone(&world, "Luis");
    assert_eq!(clients_of(&luis.engine()), [client]);
    world.visit(&luis, &client);
    assert_eq!((count(&luis, "waiting"), count(&luis, "outbox")), (1, 0));
    world.sync(&luis);
    assert_eq!(in_the_books(&world, "records WHERE kind = 'v'"), 1);
    held(&world);
}

#[test]
fn a_visit_to_a_client_that_left_before_its_page_came_is_listed_whole() {
    let (world, client) = client_on_its_way();
    let south = world.territory("Sur");
    let luis = with_the_list_alone(&world, "Luis");
    world.visit(&luis, &client);
    world.move_client(client, south);
    world.change_plan(|plan| plan.refusals = &["left_scope"]);
    world.sync(&luis);
    let [work] = &luis.engine().store().read::<_, StoreError>(attention::refused).unwrap()[..] else {
        panic!("the visit is nowhere")
    };
    assert_eq!((work.code.as_str(), work.document), ("left_scope", client.into()));
    assert!(work.key.as_ref().is_some_and(|key| key.starts_with("v/")));
    held(&world);
}

#[test]
fn a_phone_that_is_linked_anew_brings_its_unsent_work_and_drops_what_it_may_not_see_any_more() {
    let world = World::new(6, false);
    let (north, south) = (world.territory("Norte"), world.territory("Sur"));
    let ana = world.rep("Ana", &[north, south]);
    let (near, far) = (world.create(&ana).unwrap(), world.create(&ana).unwrap());
    world.sync(&ana);
    world.move_client(near, north);
    world.move_client(far, south);
    world.sync(&ana);
    world.visit(&ana, &near);
    world.put(&ana, &near, "name");
    world.revoke(&ana);
    world.assign(ana.person, vec![north]);
    world.link(&ana);
    world.sync(&ana);
    assert_eq!(in_the_books(&world, "records WHERE kind = 'v'"), 1);
    assert_eq!(clients_of(&ana.engine()), [near]);
    held(&world);
}

/// The database as it was when an edit was unsent; the phone itself then wrote the edit anew and sent it.
fn restored_behind_a_rebase() -> (World, std::sync::Arc<Phone>) {
    let world = World::new(7, false);
    let ana = world.rep("Ana", &[world.territory("Norte")]);
    let client = world.create(&ana).unwrap();
    world.sync(&ana);
    world.put(&ana, &client, "name");
    let backup = world.file("backup.db");
    ana.copy_to(&backup);
    ana.engine()
        .store()
        .write::<_, StoreError>(|tx| {
            actors::restored(tx, &*ana.env)?;
            outbox::all_anew(tx)
        })
        .unwrap();
    world.sync(&ana);
    world.sync(&ana);
    world.restore(&ana, &backup);
    (world, ana)
}

#[test]
fn an_edit_that_was_written_anew_before_a_restore_stands_once() {
    let (world, ana) = restored_behind_a_rebase();
    let actors = count(&ana, "own_actors");
    world.sync(&ana);
    world.sync(&ana);
    let names = "fields WHERE key = 'name'";
    assert_eq!((in_the_books(&world, names), in_the_books(&world, &format!("{names} AND live = 1"))), (2, 1));
    assert_eq!((count(&ana, "outbox"), count(&ana, "own_actors")), (0, actors), "no actor was spent on it");
    held(&world);
}

#[test]
fn an_edit_of_one_that_was_written_anew_before_a_restore_replaces_it() {
    let (world, ana) = restored_behind_a_rebase();
    let [client] = clients_of(&ana.engine())[..] else { panic!() };
    world.put(&ana, &client, "name");
    world.sync(&ana);
    world.sync(&ana);
    assert_eq!(in_the_books(&world, "fields WHERE key = 'name' AND live = 1"), 1);
    held(&world);
}

#[test]
fn work_that_the_relay_lost_behind_a_cursor_that_does_not_show_it_is_offered_before_anything_is_repaired() {
    let world = World::new(8, false);
    let ana = world.rep("Ana", &[world.territory("Norte")]);
    let client = world.create(&ana).unwrap();
    world.sync(&ana);
    world.sync(&ana);
    let cursor = |put: Option<Vec<u8>>| {
        let swap = |tx: &rusqlite::Transaction<'_>| {
            let now = meta::get(tx, meta::CURSOR)?;
            put.iter().try_for_each(|bytes| meta::put(tx, meta::CURSOR, bytes))?;
            Ok(now)
        };
        ana.engine().store().write::<_, StoreError>(swap).unwrap().unwrap()
    };
    let before = cursor(None);
    let copy = world.file("copy.db");
    world.relay.copy_to(&copy);
    world.visit(&ana, &client);
    world.create(&ana).unwrap();
    world.sync(&ana);
    // As an answer leaves it that says 'more', and after which nothing comes.
    cursor(Some(before));
    world.restore_relay("and does not know it", |relay| relay.put_back(&copy));
    world.sync(&ana);
    assert_eq!(in_the_books(&world, "records WHERE kind = 'v'"), 1);
    assert_eq!(clients_of(&ana.engine()).len(), 2);
    held(&world);
}

#[test]
fn a_phone_that_has_not_heard_yet_what_its_person_may_corrects_nobody_s_record() {
    let world = World::new(19, false);
    let north = world.territory("Norte");
    let ana = world.rep("Ana", &[north]);
    let eva = world.new_phone("Eva", world.person("Eva", Role::Rep, &[north]));
    world.link(&eva);
    world.sync_with(&eva, &Between::new(&world).cut("/v1/fetch", 0));
    let client = world.create(&ana).unwrap();
    world.visit(&ana, &client);
    world.sync(&ana);
    world.sync_with(&eva, &Between::new(&world).cut("/v1/fetch", 0));
    let visit =
        world.ledger.books().commands.iter().flat_map(|command| command.deeds.clone()).find_map(|deed| {
            let Deed::Record(_, id) = deed else { return None };
            Some(id)
        });
    let amended = eva.engine().amend(&client, visit.unwrap(), Visit::done(Outcome::NoOrder).into());
    assert_eq!(amended.unwrap_err().code(), "forbidden");
    held(&world);
}
