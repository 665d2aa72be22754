//! What happens all day reads few rows, however large the store is.

use cartera_core::model::RecordId;
use cartera_core::model::office::{OrderStage, OrderState};
use cartera_core::model::record::{PriceOrigin, PriceSource, PurchaseSort};
use serde_json::json;

use super::converge::World;
use super::phone::Phone;
use super::push::territory;
use crate::audit::Subject;
use crate::orders::tests::{order, record};
use crate::people::Role;
use crate::storage::orders::Ack;
use crate::storage::sqlite::SqliteStorage;
use crate::storage::sqlite::plans::{reads_much, watch};
use crate::testing::{NOW_MS, Relay};

/// Statements that read much and may: what they begin with, and why.
const ALLOWED: [(&str, &str); 3] = [
    ("SELECT kind FROM office WHERE kind > ?1 ORDER BY kind LIMIT 1", "the next kind"),
    ("SELECT number, chain FROM log ORDER BY number DESC LIMIT 1", "the last entry"),
    ("UPDATE log SET doc = NULL", "an erasure goes through the log once"),
];

#[test]
fn no_statement_of_a_day_reads_a_large_table_whole() {
    let mut world = World::new(3);
    let relay = Relay::new();
    let north = territory(&relay, "Norte");
    let mut phone = Phone::new(&relay, &relay.person(Role::Rep, &[north]));
    let watched = watch(|| {
        for _ in 0..600 {
            world.step();
        }
        world.settle();
        orders(&relay, &mut phone);
    });
    assert!(watched.len() > 100, "the store was watched: {} statements", watched.len());
    assert!(watched.iter().any(|sql| sql.contains("FROM past_prices")), "an order was judged");
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStorage::open(&dir.path().join("plans.db"), None).unwrap();
    let mut found = String::new();
    for sql in &watched {
        let steps = reads_much(&store, sql);
        if !steps.is_empty() && !ALLOWED.iter().any(|(begin, _)| sql.starts_with(begin)) {
            let sql = sql.split_whitespace().collect::<Vec<_>>().join(" ");
            found += &format!("{sql}\n    {steps:?}\n");
        }
    }
    assert!(found.is_empty(), "these statements take longer the more there is:\n{found}");
}

/// Orders come, are corrected, taken back, picked up and answered.
fn orders(relay: &Relay, phone: &mut Phone) {
    let client = phone.create(relay, Some(phone.person.territories[0]));
    phone.set(client, "erp_code", "C1");
    // Judged by prices that may have passed, since it names their version.
    let article = json!({ "items": [{ "key": "A1", "value": { "name": "Café", "family": "café" } }] });
    let office = relay.login(Role::BackOffice);
    assert_eq!(relay.ask_json("PUT", "/v1/office/article", &office, Some(article)).0, 200);
    let mut put = |amends: Option<RecordId>| {
        let mut order = order("A1", 1);
        order.lines[0].price_source = Some(PriceSource::new(PriceOrigin::List, Some("v1".into())));
        let bytes = record(order.into(), amends, None);
        let id = phone.put_record(relay, client.into(), "p", bytes);
        phone.sync(&relay.app);
        id
    };
    let first = put(None);
    let second = put(Some(first));
    put(None);
    let storage = &relay.app.storage;
    assert_eq!(storage.open_orders(PurchaseSort::Order, 0, 10).unwrap().len(), 2);
    let said = OrderState { number: Some("P-1".into()), ..OrderState::new(OrderStage::Registered, NOW_MS) };
    let ack = Ack { order: first, revision: second, said, deed: relay.deed(Subject::Client(client)) };
    storage.acknowledge(&ack).unwrap();
    assert_eq!(storage.dead_letters(0, 10).unwrap().len(), 0);
}
