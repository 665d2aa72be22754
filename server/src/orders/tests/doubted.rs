//! Orders of which nobody knows any more whether the ERP has them.

use cartera_core::sync::wire::Epoch;

use super::*;
use crate::orders::PAGE_MAX;

impl Desk {
    /// Two orders that wait when it is found that the log was rolled back.
    fn doubted() -> (Self, [RecordId; 2]) {
        let mut desk = Self::new();
        let bar = desk.client(Some("C1"));
        let orders = [desk.order(bar, order("A1", 1)), desk.order(bar, order("A2", 1))];
        desk.sync();
        desk.relay.app.storage.begin_epoch(Epoch([7; 8]), NOW_MS).unwrap();
        (desk, orders)
    }

    fn release(&self, token: &str, body: Value) -> (u16, Value) {
        self.relay.ask_json("POST", "/v1/orders/release", token, Some(body))
    }
}

#[test]
fn the_office_releases_what_the_erp_does_not_have() {
    let (desk, [first, second]) = Desk::doubted();
    assert!(desk.open().is_empty());
    let letters = [first, second].map(|id| (id.to_string(), "in_doubt".to_owned()));
    assert_eq!(desk.letters(), letters);
    let (_, body) = desk.ask("GET", "/v1/orders/dead_letters", None);
    let words = ["what", "advice"].map(|name| body["orders"][0][name].as_str().unwrap().to_owned());
    assert!(words[0].contains("ERP") && words[1].contains("ERP") && words[0] != words[1], "{body}");

    let office = desk.relay.login(Role::BackOffice);
    assert_eq!(desk.release(&office, json!({"orders": [first.to_string()]})), (200, json!({"released": 1})));
    assert_eq!(desk.open_ids(), [first.to_string()]);
    assert_eq!(desk.release(&office, json!({"orders": [first.to_string()]})), (200, json!({"released": 0})));
    assert_eq!(desk.ack(second, second, ("number", "P-2")).0, 200, "that one it has");
    assert_eq!((desk.open_ids().len(), desk.letters().len()), (1, 0));
    assert_eq!(desk.release(&office, json!({"all": true})), (200, json!({"released": 0})));
    let deeds = desk.relay.app.storage.deeds(0, 100).unwrap();
    assert_eq!(deeds.iter().filter(|deed| deed.action == "order.released").count(), 1);
}

#[test]
fn a_declined_order_is_in_doubt_no_more_and_a_voided_one_is_until_it_is_released() {
    let mut desk = Desk::new();
    let bar = desk.client(Some("C1"));
    let [declined, voided, done] = [1, 2, 3].map(|n| desk.order(bar, order("A1", n)));
    desk.sync();
    assert_eq!(desk.ack(done, done, ("number", "P-1")).0, 200);
    desk.void(bar, voided);
    desk.sync();
    assert_eq!(desk.letters(), [(voided.to_string(), "voided".to_owned())]);
    desk.relay.app.storage.begin_epoch(Epoch([7; 8]), NOW_MS).unwrap();
    // It was taken back before the ERP took it, as far as this relay knows: no farther than that.
    let letters = [declined, voided].map(|id| (id.to_string(), "in_doubt".to_owned()));
    assert_eq!(desk.letters(), letters);
    assert_eq!(desk.ack(declined, declined, ("declined", "ya no")).0, 200);
    assert_eq!(crate::orders::release(&desk.relay.app, By::CONSOLE, None).unwrap(), 1);
    assert_eq!((desk.letters(), desk.open_ids().len()), (vec![(voided.to_string(), "voided".to_owned())], 0));
}

#[test]
fn programs_do_not_release_and_what_is_asked_is_bounded() {
    let (desk, [first, _]) = Desk::doubted();
    assert_eq!(
        desk.release(&desk.token, json!({"all": true})).0,
        403,
        "a program polls, and decides nothing"
    );
    let office = desk.relay.login(Role::BackOffice);
    let many = |count: usize| json!({"orders": vec![first.to_string(); count]});
    assert_eq!(desk.release(&office, many(PAGE_MAX)), (200, json!({"released": 1})));
    assert_eq!(desk.release(&office, many(PAGE_MAX + 1)).0, 422);
    assert_eq!(desk.release(&office, many(0)).0, 422);
    assert_eq!(desk.release(&office, json!({})).0, 422);
    assert_eq!(desk.release(&office, json!({"orders": [], "all": true})).0, 422);
    assert_eq!(desk.release(&office, json!({"orders": ["x"]})).0, 404);
    assert_eq!(desk.release(&office, json!({"all": true, "more": 1})).0, 400);
    assert_eq!(desk.letters().len(), 1);
}
