//! Repairs by digest that do not fit into one answer of the relay.

use std::collections::BTreeSet;
use std::sync::Arc;

use cartera_core::model::office::{Article, Value};
use cartera_core::store::{StoreError, meta};
use cartera_relay::storage::office::OfficeWrite;
use cartera_tests::sim::phone::Phone;
use cartera_tests::sim::work::clients_of;
use cartera_tests::sim::world::World;

use super::support::{count, held, in_the_books};

const ARTICLES: usize = 600;

/// A phone with many articles and some clients, each of which then differs from the relay's; with something that the relay
/// does not have.
fn all_differs() -> (World, Arc<Phone>) {
    let world = World::new(23, false);
    let ana = world.rep("Ana", &[world.territory("Norte")]);
    for _ in 0..20 {
        world.create(&ana).unwrap();
    }
    let article = |n: usize| OfficeWrite {
        kind: "article".into(),
        source: "erp".into(),
        key: format!("A{n:03}"),
        value: Some(Value::Article(Article::new(format!("articulo {n}"))).encode()),
        ..OfficeWrite::default()
    };
    let articles: Vec<_> = (0..ARTICLES).map(article).collect();
    world.relay.app().storage.put_office(&articles, world.relay.app().env.now_ms()).unwrap();
    (0..2).for_each(|_| drop(world.sync(&ana)));
    assert_eq!(articles_of(&ana).len(), ARTICLES);
    world.change_plan(|plan| plan.repairs = true);
    ana.engine()
        .store()
        .write::<_, StoreError>(|tx| {
            let old = of_last_year();
            tx.execute("UPDATE office SET value = ?1 WHERE kind = 'article'", [&old])?;
            tx.execute("UPDATE clients SET territory = NULL", [])?;
            tx.execute("INSERT INTO office (kind, source, key, number, value) VALUES ('setting', '', 'made up', 1, ?1)", [&old])?;
            Ok(())
        })
        .unwrap();
    (world, ana)
}

fn of_last_year() -> Vec<u8> {
    Value::Article(Article::new("of last year")).encode()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn articles_of(phone: &Phone) -> BTreeSet<String> {
    let read = |conn: &rusqlite::Connection| {
        let mut statement =
            conn.prepare("SELECT key FROM office WHERE kind = 'article' AND value IS NOT NULL")?;
        let keys = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        Ok::<BTreeSet<String>, StoreError>(keys)
    };
    phone.engine().store().read(read).unwrap()
}

#[test]
fn what_does_not_fit_into_one_answer_is_asked_for_again_and_nothing_good_is_dropped() {
    let (world, ana) = all_differs();
    world.relay.limit_bucket_items(100);
    let clients = clients_of(&ana.engine()).len();
    let report = world.sync(&ana).unwrap();
    assert_eq!(articles_of(&ana).len(), ARTICLES, "{report:?}");
    assert_eq!(clients_of(&ana.engine()).len(), clients);
    assert!(report.repaired >= (ARTICLES + clients) as u64, "{report:?}");
    assert_eq!(count(&ana, "office WHERE key = 'made up' AND value IS NOT NULL"), 0, "{report:?}");
    assert_eq!(world.sync(&ana).unwrap().requests, 1, "they agree");
    held(&world);
}

#[test]
fn of_a_bucket_that_no_answer_holds_all_stays_until_one_does() {
    let (world, ana) = all_differs();
    world.relay.limit_bucket_items(2);
    let clients = clients_of(&ana.engine()).len();
    for _ in 0..2 {
        world.sync(&ana).unwrap();
        assert_eq!(articles_of(&ana).len(), ARTICLES);
        assert_eq!(clients_of(&ana.engine()).len(), clients);
    }
    let old = count(&ana, &format!("office WHERE kind = 'article' AND value = x'{}'", hex(&of_last_year())));
    assert!((1..ARTICLES as i64).contains(&old), "the other buckets are repaired: {old}");
    world.relay.limit_bucket_items(usize::MAX);
    held(&world);
}

#[test]
fn where_the_relay_does_not_say_what_it_has_everything_is_offered() {
    let world = World::new(8, false);
    let ana = world.rep("Ana", &[world.territory("Norte")]);
    let client = world.create(&ana).unwrap();
    (0..2).for_each(|_| drop(world.sync(&ana)));
    let read = |conn: &rusqlite::Connection| meta::get(conn, meta::CURSOR);
    let before = ana.engine().store().read::<_, StoreError>(read).unwrap().unwrap();
    let copy = world.file("copy.db");
    world.relay.copy_to(&copy);
    world.visit(&ana, &client);
    world.create(&ana).unwrap();
    world.sync(&ana);
    let put = |tx: &rusqlite::Transaction<'_>| meta::put(tx, meta::CURSOR, &before);
    ana.engine().store().write::<_, StoreError>(put).unwrap();
    world.restore_relay("and does not know it", |relay| relay.put_back(&copy));
    world.relay.limit_bucket_items(0);
    world.sync(&ana);
    assert_eq!(in_the_books(&world, "records WHERE kind = 'v'"), 1);
    world.relay.limit_bucket_items(usize::MAX);
    assert_eq!(clients_of(&ana.engine()).len(), 2);
    held(&world);
}
