//! The oracle is broken into on purpose, once a check: a world that held is tampered with behind everybody's back, and it
//! has to say so.

use cartera_core::store::StoreError;
use cartera_relay::people::Role;
use cartera_relay::people::access::By;
use cartera_relay::quarantine;
use cartera_tests::sim::network::Weather;
use cartera_tests::sim::oracle::{Check, judge};
use cartera_tests::sim::phone::Standing;
use cartera_tests::sim::work::Job;
use cartera_tests::sim::world::{HOUR_MS, World};
use rusqlite::Connection;

/// A small world that has settled and in which everything held.
fn settled() -> World {
    let world = World::new(77, false);
    let (north, south) = (world.territory("Norte"), world.territory("Sur"));
    world.rep("Ana", &[north]);
    world.rep("Luis", &[south]);
    world.member("Jefa", Role::Manager, &[]);
    world.write_prices();
    world.days(30);
    for phone in world.phones() {
        world.do_job(&phone, Job::Visit);
        world.do_job(&phone, Job::EditShared);
    }
    let rounds = world.settle();
    assert_eq!(judge(&world, rounds), []);
    world
}

/// The relay's database in other hands.
fn books(world: &World, sql: &str) {
    let conn = Connection::open(world.relay.database()).unwrap();
    conn.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    let changed = conn.execute(sql, []).unwrap();
    assert!(changed > 0, "nothing was tampered with: {sql}");
}

/// A phone's database in other hands.
fn phone(world: &World, place: usize, sql: &str) {
    let changed = world.phone(place).engine().store().write::<_, StoreError>(|tx| Ok(tx.execute(sql, [])?));
    assert!(changed.unwrap() > 0, "nothing was tampered with: {sql}");
}

fn found(world: &World, check: Check, words: &str) {
    let found = judge(world, Some(1));
    let said = found.iter().any(|violation| violation.check == check && violation.detail.contains(words));
    assert!(said, "nothing said of '{words}' in {found:?}");
}

#[test]
fn a_record_that_the_relay_lost() {
    let world = settled();
    books(&world, "DELETE FROM records WHERE record = (SELECT max(record) FROM records WHERE kind = 'v')");
    found(&world, Check::Lost, "Record(\"v\"");
}

#[test]
fn an_edit_that_the_relay_lost() {
    let world = settled();
    books(&world, "DELETE FROM fields WHERE key = 'name' AND live = 1");
    found(&world, Check::Lost, "Put { key: \"name\"");
}

#[test]
fn an_edit_that_did_not_end_what_it_replaced() {
    let world = settled();
    books(&world, "UPDATE fields SET live = 1 WHERE live = 0");
    found(&world, Check::Lost, "Ended {");
}

#[test]
fn a_client_that_the_relay_lost() {
    let world = settled();
    books(&world, "UPDATE documents SET heads = x'' WHERE doc = (SELECT max(doc) FROM documents)");
    found(&world, Check::Lost, "Created");
}

#[test]
fn a_record_that_is_there_twice() {
    let world = settled();
    let columns = "doc, kind, id, counter, actor, family, target, voids, root, shown, orphan, latest, at, date, number, value";
    let conn = Connection::open(world.relay.database()).unwrap();
    conn.execute_batch("DROP INDEX records_by_id").unwrap();
    books(
        &world,
        &format!(
            "INSERT INTO records ({columns}) SELECT {columns} FROM records WHERE kind = 'v' AND shown = 1 LIMIT 1"
        ),
    );
    found(&world, Check::Twice, "2 times in the books");
    found(&world, Check::Twice, "2 times in the export");
}

#[test]
fn a_record_that_nobody_wrote() {
    let world = settled();
    books(&world, "UPDATE records SET id = zeroblob(16) WHERE record = (SELECT min(record) FROM records)");
    found(&world, Check::Twice, "nobody wrote it");
}

#[test]
fn a_row_that_reads_differently_on_a_phone() {
    let world = settled();
    phone(&world, 0, "UPDATE clients SET name = name || '!'");
    found(&world, Check::Converge, "Ana has other rows");
    found(&world, Check::Converge, "not those of its document");
}

#[test]
fn a_row_of_the_relay_that_is_not_its_document_s() {
    let world = settled();
    books(&world, "UPDATE clients SET closed_on = iif(closed, NULL, 99999)");
    found(&world, Check::Converge, "the relay's rows");
}

#[test]
fn heads_that_differ() {
    let world = settled();
    phone(&world, 0, "UPDATE documents SET heads = zeroblob(32)");
    found(&world, Check::Converge, "has unacknowledged work");
    found(&world, Check::Converge, "Ana has other rows");
}

#[test]
fn a_digest_that_differs() {
    let world = settled();
    phone(&world, 0, "UPDATE documents SET acked = zeroblob(32)");
    found(&world, Check::Converge, "another digest");
}

#[test]
fn an_office_record_that_a_phone_lacks_and_a_price_that_follows_from_none() {
    let world = settled();
    phone(&world, 0, "DELETE FROM office WHERE kind = 'article'");
    found(&world, Check::Converge, "other office records");
    found(&world, Check::Converge, "catalogue");
}

#[test]
fn a_client_that_a_phone_should_not_have_any_more_or_not_yet() {
    let world = settled();
    // Ana's clients are Luis's now, and nobody was told.
    books(&world, "UPDATE placements SET part = 4 WHERE part = 3");
    found(&world, Check::Converge, "Ana still has");
    found(&world, Check::Converge, "Luis lacks");
}

#[test]
fn a_repair_by_digest() {
    let world = settled();
    phone(&world, 0, "UPDATE clients SET territory = NULL");
    world.settle();
    found(&world, Check::Converge, "had to be repaired");
}

#[test]
fn a_cost_that_is_served_to_a_rep() {
    let world = settled();
    world.write_prices();
    // As if costs were for everybody.
    books(&world, "UPDATE log SET lane = lane - 1 WHERE kind = 1 AND lane = 3");
    world.settle();
    found(&world, Check::Leak, "cost/");
}

#[test]
fn a_client_that_is_served_out_of_its_territory() {
    let world = settled();
    let luis = world.phone(1);
    world.do_job(&luis, Job::Visit);
    world.sync(&luis);
    // As if what Luis wrote last stood in Ana's territory.
    books(&world, "UPDATE log SET lane = 6 WHERE kind = 0 AND number = (SELECT max(number) FROM log)");
    let ana = world.phone(0);
    world.network.set_weather(Weather::FINE);
    world.sync(&ana);
    found(&world, Check::Leak, "a change of");
}

#[test]
fn a_queue_that_is_stuck_and_a_fleet_that_does_not_become_quiet() {
    let world = settled();
    phone(&world, 1, "INSERT INTO new_actors (actor, reason) VALUES (zeroblob(16), 2)");
    found(&world, Check::Progress, "Luis has 1 in new_actors");
    let found = judge(&world, None);
    assert!(found.iter().any(|violation| violation.detail.contains("not quiet")), "{found:?}");
}

#[test]
fn work_that_was_refused_without_reason() {
    let world = settled();
    phone(
        &world,
        1,
        "INSERT INTO refused (document, generation, hash, bytes, code, detail, refused_at)
         VALUES (zeroblob(16), 0, zeroblob(32), x'00', 'forbidden', 'no', 0)",
    );
    found(&world, Check::Refused, "forbidden");
}

/// The same with the ERP's doings.
fn answered() -> World {
    let world = World::new(78, false);
    let north = world.territory("Norte");
    let (ana, jefa) = (world.rep("Ana", &[north]), world.member("Jefa", Role::Manager, &[]));
    world.import_clients();
    for client in world.all_clients() {
        world.move_client(client, north);
    }
    world.sync(&ana);
    world.sync(&jefa);
    (0..6).for_each(|_| world.do_job(&ana, Job::Order));
    world.sync(&ana);
    world.pick_up_orders();
    world.own_fields(&["sector"]);
    world.do_job(&ana, Job::EditShared);
    let rounds = world.settle();
    assert_eq!(judge(&world, rounds), []);
    assert!(world.erp.deeds().answers.len() > 1);
    world
}

#[test]
fn an_order_that_stands_otherwise_than_it_was_answered() {
    let world = answered();
    let order = *world.erp.deeds().answers.keys().next().unwrap();
    books(&world, &format!("DELETE FROM office WHERE kind = 'order_state' AND key = '{order}'"));
    found(&world, Check::Erp, "has 0 states");
    let other = *world.erp.deeds().answers.keys().nth(1).unwrap();
    let received = "SELECT value FROM office WHERE kind = 'tax' UNION ALL SELECT x'a10100'";
    books(
        &world,
        &format!(
            "UPDATE office SET value = ({received} LIMIT 1) WHERE kind = 'order_state' AND key = '{other}'"
        ),
    );
    found(&world, Check::Erp, &other.to_string());
}

#[test]
fn an_order_that_is_offered_again() {
    let world = answered();
    let order = *world.erp.deeds().answers.keys().next().unwrap();
    books(&world, "UPDATE orders SET stage = 1, taken = NULL");
    world.pick_up_orders();
    found(&world, Check::Erp, &format!("order {order} was offered again"));
}

#[test]
fn a_rep_who_changed_what_the_erp_owned() {
    let world = answered();
    // As if the name had been the ERP's all along.
    world.erp.deeds().owned[0] = (0, vec!["name"]);
    found(&world, Check::Erp, "a rep changed name");
}

#[test]
fn work_that_was_refused_though_nothing_of_it_was_the_erp_s() {
    let world = answered();
    let engine = world.phone(0).engine();
    engine
        .store()
        .write::<_, StoreError>(|tx| {
            let sql = "INSERT INTO refused (document, generation, hash, bytes, code, detail, refused_at)
                       SELECT d.id, 0, c.hash, c.bytes, 'forbidden', '', 0 FROM changes c
                       JOIN documents d ON d.doc = c.doc JOIN records r ON r.doc = c.doc AND r.actor = c.actor
                       WHERE r.kind = 'p' AND r.counter = c.start_op LIMIT 1";
            assert_eq!(tx.execute(sql, [])?, 1);
            Ok(())
        })
        .unwrap();
    found(&world, Check::Erp, "touches nothing of the ERP's");
}

#[test]
fn a_digest_that_was_not_kept_with_its_rows() {
    let world = settled();
    phone(&world, 1, "UPDATE digest SET sum = zeroblob(16)");
    found(&world, Check::Converge, "Luis's digest was not kept step by step");
}

#[test]
fn an_order_in_doubt_that_is_offered_after_all() {
    let world = World::new(79, false);
    let north = world.territory("Norte");
    let ana = world.rep("Ana", &[north]);
    world.import_clients();
    for client in world.all_clients() {
        world.move_client(client, north);
    }
    world.sync(&ana);
    (0..6).for_each(|_| world.do_job(&ana, Job::Order));
    world.sync(&ana);
    let backup = world.relay.back_up();
    world.pick_up_orders();
    assert!(!world.erp.deeds().answers.is_empty());
    // The answers went with the journal.
    world.restore_relay("without its journal", |relay| relay.restore(&backup, false));
    world.confirm_phones();
    world.pass(HOUR_MS);
    world.sync(&ana);
    world.pick_up_orders();
    assert_eq!(world.erp.deeds().found, Vec::<String>::new(), "they wait for somebody who knows");
    books(&world, "UPDATE orders SET doubted = 0, attention = NULL");
    world.pick_up_orders();
    found(&world, Check::Erp, "was offered again");
}

#[test]
fn work_in_quarantine_that_is_not_offered_again() {
    let world = World::new(80, false);
    let north = world.territory("Norte");
    let (ana, luis) = (world.rep("Ana", &[north]), world.rep("Luis", &[north]));
    let client = world.create(&luis).unwrap();
    world.sync(&luis);
    let backup = world.relay.back_up();
    world.pass(HOUR_MS);
    world.visit(&luis, &client);
    world.sync(&luis);
    world.sync(&ana);
    luis.stands(Standing::Lost);
    phone(&world, 0, "DELETE FROM receipts");
    world.restore_relay("with its journal", |relay| relay.restore(&backup, true));
    let rounds = world.settle();
    assert_eq!(rounds, None, "it waits for the administrator");
    found(&world, Check::Progress, "Ana has 1 in offers");
    found(&world, Check::Lost, "Record(\"v\"");

    let taken = quarantine::accept_all(&world.relay.app(), By::CONSOLE, client).unwrap();
    assert_eq!((taken.taken, taken.left), (1, 0));
    let rounds = world.settle();
    assert_eq!(judge(&world, rounds), [], "offered again, and heard that it was taken");
    // As if it had not been.
    phone(
        &world,
        0,
        "INSERT INTO offers (doc, hash, start_op, state) SELECT doc, hash, start_op, 3 FROM changes LIMIT 1",
    );
    world.settle();
    found(&world, Check::Progress, "Ana has 1 in offers");
}

#[test]
fn an_import_that_was_cut_off_and_did_not_go_on() {
    let world = answered();
    books(&world, "UPDATE clients SET erp_code = NULL WHERE erp_code = 'E3'");
    found(&world, Check::Erp, "the code E3 has 0 clients");
    books(&world, "UPDATE clients SET erp_code = 'E1' WHERE erp_code = 'E2'");
    found(&world, Check::Erp, "the code E1 has 2 clients");
}

#[test]
fn a_record_that_is_not_as_it_was_fed() {
    let world = World::new(81, false);
    let north = world.territory("Norte");
    world.rep("Ana", &[north]);
    world.import_clients();
    (0..12).for_each(|_| world.feed());
    (0..4).for_each(|_| world.feed_sales());
    let rounds = world.settle();
    assert_eq!(judge(&world, rounds), []);
    books(&world, "DELETE FROM office WHERE kind = 'sale' AND value IS NOT NULL");
    found(&world, Check::Erp, "is not as it was fed");
}

#[test]
fn a_sale_from_before_the_window_that_a_phone_still_has() {
    let world = World::new(82, false);
    let north = world.territory("Norte");
    let ana = world.rep("Ana", &[north]);
    world.import_clients();
    for client in world.all_clients() {
        world.move_client(client, north);
    }
    (0..8).for_each(|_| world.feed_sales());
    world.sync(&ana);
    let copy = world.file("copy.db");
    ana.copy_to(&copy);
    world.move_window();
    let rounds = world.settle();
    assert_eq!(judge(&world, rounds), []);
    let kept: Vec<(String, Vec<u8>, i64, Vec<u8>)> = {
        let conn = Connection::open(&copy).unwrap();
        let sql = "SELECT key, client, number, value FROM office WHERE kind = 'sale' AND value IS NOT NULL";
        let mut statement = conn.prepare(sql).unwrap();
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
        statement.query_map([], row).unwrap().collect::<rusqlite::Result<_>>().unwrap()
    };
    ana.engine()
        .store()
        .write::<_, StoreError>(|tx| {
            for (key, client, number, value) in &kept {
                tx.execute(
                    "INSERT INTO office (kind, source, key, client, number, value)
                     VALUES ('sale', 'tpv', ?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                    rusqlite::params![key, client, number, value],
                )?;
            }
            Ok(())
        })
        .unwrap();
    found(&world, Check::Converge, "Ana has other office records");
}
