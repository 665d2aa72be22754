//! Single faults of a phone's session, each as it was found.

use cartera_core::store::{StoreError, actors};
use cartera_tests::sim::oracle::judge;
use cartera_tests::sim::work::Job;
use cartera_tests::sim::world::World;

fn count(world: &World, place: usize, table: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM {table}");
    let store = world.phone(place).engine();
    store.store().read::<_, StoreError>(|conn| Ok(conn.query_row(&sql, [], |row| row.get(0))?)).unwrap()
}

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
    assert_eq!(count(&world, 0, "new_actors"), 0);
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
