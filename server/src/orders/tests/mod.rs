//! Pick-up and answers over HTTP: each order once, whatever happens to it meanwhile.

mod doubted;
mod judged;

use axum::body::Body as HttpBody;
use axum::http::Request;
use cartera_core::model::record::{
    Body, Clock, Discount, Header, Line, PriceOrigin, PriceSource, Purchase, Record, Void, VoidReason,
};
use cartera_core::model::{BusinessDate, Currency, RecordId, TerritoryId};
use serde_json::{Value, json};

use super::*;
use crate::people::Role;
use crate::sync::tests::phone::Phone;
use crate::testing::{NOW_MS, Relay, ask};
use crate::tokens::Scope as TokenScope;
use crate::tokens::manage::create;

struct Desk {
    relay: Relay,
    token: String,
    phone: Phone,
    north: TerritoryId,
}

pub(crate) fn order(article: &str, quantity: u32) -> Purchase {
    let mut order = Purchase::new(PurchaseSort::Order, Currency::EUR);
    order.lines = vec![Line { price: "1.5".parse().ok(), ..Line::new(article, quantity.into(), "u") }];
    order.compute_amounts().unwrap();
    order
}

pub(crate) fn record(body: Body, amends: Option<RecordId>, voids: Option<RecordId>) -> Vec<u8> {
    let header = Header {
        version: Record::VERSION,
        at_ms: NOW_MS,
        date: BusinessDate::from_ymd(2026, 9, 21).unwrap(),
        zone: "Europe/Madrid".into(),
        clock: Clock::Trusted,
        amends,
        voids,
    };
    Record { header, body }.encode()
}

impl Desk {
    fn new() -> Self {
        let relay = Relay::new();
        let north = crate::territories::add(&relay.app, By::CONSOLE, "Norte").unwrap().id;
        let person = relay.person(Role::Rep, &[north]);
        let mut phone = Phone::new(&relay, &person);
        phone.sync(&relay.app);
        let token =
            create(&relay.app, By::CONSOLE, "erp", &[TokenScope::Orders, TokenScope::OfficeWrite], 30)
                .unwrap()
                .text;
        Self { relay, token, phone, north }
    }

    /// A client with a code, or without.
    fn client(&mut self, code: Option<&str>) -> ClientId {
        let client = self.phone.create(&self.relay, Some(self.north));
        if let Some(code) = code {
            self.phone.set(client, "erp_code", code);
        }
        client
    }

    fn write(
        &mut self,
        client: ClientId,
        body: Body,
        amends: Option<RecordId>,
        voids: Option<RecordId>,
    ) -> RecordId {
        let bytes = record(body, amends, voids);
        self.phone.put_record(&self.relay, client.into(), "p", bytes)
    }

    fn order(&mut self, client: ClientId, purchase: Purchase) -> RecordId {
        self.write(client, purchase.into(), None, None)
    }

    fn amend(&mut self, client: ClientId, target: RecordId, purchase: Purchase) -> RecordId {
        self.write(client, purchase.into(), Some(target), None)
    }

    fn void(&mut self, client: ClientId, target: RecordId) -> RecordId {
        self.write(client, Body::Void(Void::new(VoidReason::Cancelled)), None, Some(target))
    }

    fn sync(&mut self) {
        let reply = self.phone.sync(&self.relay.app);
        assert_eq!(reply.digest.unwrap(), self.phone.digest().to_bytes(), "digests agree");
        assert!(self.phone.outbox.is_empty());
    }

    fn ask(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {}", self.token));
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or_else(HttpBody::empty, |body| body.to_string().into());
        let (head, body) = ask(&self.relay.router(), request.body(body).unwrap());
        (head.status().as_u16(), serde_json::from_str(&body).unwrap())
    }

    fn open(&self) -> Vec<Value> {
        let (status, body) = self.ask("GET", "/v1/orders?state=received", None);
        assert_eq!(status, 200, "{body}");
        body["orders"].as_array().unwrap().clone()
    }

    fn open_ids(&self) -> Vec<String> {
        self.open().iter().map(|order| order["order_id"].as_str().unwrap().to_owned()).collect()
    }

    fn ack(&self, order: RecordId, revision: RecordId, answer: (&str, &str)) -> (u16, Value) {
        let path = format!("/v1/orders/{order}/ack");
        self.ask("POST", &path, Some(json!({"revision": revision.to_string(), answer.0: answer.1})))
    }

    fn letters(&self) -> Vec<(String, String)> {
        let (_, body) = self.ask("GET", "/v1/orders/dead_letters", None);
        let text = |letter: &Value, name: &str| letter[name].as_str().unwrap().to_owned();
        body["orders"].as_array().unwrap().iter().map(|l| (text(l, "order_id"), text(l, "why"))).collect()
    }
}

#[test]
fn an_order_is_offered_until_it_is_answered_and_then_never_again() {
    let mut desk = Desk::new();
    let bar = desk.client(Some("C1"));
    let first = desk.order(bar, order("A1", 3));
    let second = desk.order(bar, order("A2", 1));
    desk.sync();
    let open = desk.open();
    assert_eq!(desk.open_ids(), [first.to_string(), second.to_string()]);
    assert_eq!(desk.open(), open, "as often as asked");
    let one = &open[0];
    assert_eq!(
        (&one["client_code"], &one["date"], &one["revision"]),
        (&json!("C1"), &json!("2026-09-21"), &json!(first.to_string()))
    );
    assert_eq!(
        one["purchase"]["lines"][0],
        json!({"article": "A1", "quantity": "3", "unit": "u", "price": "1.5", "net": "4.50", "net_minor": 450})
    );
    assert_eq!(one["purchase"]["totals"]["total"], "4.50");

    let (status, state) = desk.ack(first, first, ("number", "P-1"));
    assert_eq!(
        (status, &state["stage"], &state["number"], &state["amended"]),
        (200, &json!("registered"), &json!("P-1"), &json!(false))
    );
    assert_eq!(
        desk.ack(first, first, ("number", "P-1")),
        (200, state.clone()),
        "the answer was lost and is sent again"
    );
    for other in [("number", "P-2"), ("declined", "sin stock")] {
        let (status, body) = desk.ack(first, first, other);
        assert_eq!(
            (status, &body["code"], &body["result"]["number"]),
            (409, &json!("conflict"), &json!("P-1"))
        );
    }
    assert_eq!(desk.ack(second, second, ("declined", "Cliente bloqueado")).1["stage"], "declined");
    assert_eq!(desk.ack(second, second, ("declined", "Otra cosa")).0, 409);
    assert!(desk.open().is_empty() && desk.letters().is_empty());
    desk.sync();
    let deeds = desk.relay.app.storage.deeds(0, 100).unwrap();
    assert_eq!(deeds.iter().filter(|deed| deed.action == "order.acknowledged").count(), 2, "each once");
}

#[test]
fn an_order_of_a_client_without_code_waits_and_is_offered_once_there_is_one() {
    let mut desk = Desk::new();
    let bar = desk.client(None);
    let id = desk.order(bar, order("A1", 3));
    desk.sync();
    assert_eq!((desk.open_ids().len(), desk.letters()), (0, vec![(id.to_string(), "no_client_code".into())]));
    let state = desk.relay.app.storage.office_of_kind("order_state", None, 9).unwrap();
    assert_eq!(state.len(), 1, "the phone is told");
    desk.phone.set(bar, "erp_code", "C9");
    desk.sync();
    assert_eq!((desk.open_ids(), desk.letters().len()), (vec![id.to_string()], 0));
}

#[test]
fn what_is_corrected_or_taken_back_before_pick_up_is_offered_as_it_reads() {
    let mut desk = Desk::new();
    let bar = desk.client(Some("C1"));
    let kept = desk.order(bar, order("A1", 3));
    let gone = desk.order(bar, order("A2", 1));
    desk.sync();
    let newer = desk.amend(bar, kept, order("A1", 5));
    let voided = desk.void(bar, gone);
    desk.sync();
    let open = desk.open();
    assert_eq!(desk.open_ids(), [kept.to_string()], "under its own name");
    assert_eq!(
        (&open[0]["revision"], &open[0]["purchase"]["lines"][0]["quantity"]),
        (&json!(newer.to_string()), &json!("5"))
    );
    assert_eq!(desk.letters(), [(gone.to_string(), "voided".into())]);
    desk.void(bar, voided);
    desk.sync();
    assert_eq!((desk.open_ids().len(), desk.letters().len()), (2, 0), "it was restored");
}

#[test]
fn an_order_that_changes_after_the_erp_took_it_is_flagged_and_not_offered_again() {
    let mut desk = Desk::new();
    let bar = desk.client(Some("C1"));
    let id = desk.order(bar, order("A1", 3));
    desk.sync();
    assert_eq!(desk.ack(id, id, ("number", "P-1")).0, 200);
    let newer = desk.amend(bar, id, order("A1", 9));
    desk.sync();
    assert_eq!((desk.open_ids().len(), desk.letters()), (0, vec![(id.to_string(), "amended".into())]));
    let (_, state) = desk.ack(id, id, ("number", "P-1"));
    assert_eq!((&state["amended"], &state["flags"][0]["flag"]), (&json!(true), &json!("amended")));
    // The ERP follows: the same number, the newer version.
    let (status, state) = desk.ack(id, newer, ("number", "P-1"));
    assert_eq!(
        (status, &state["amended"], state["flags"].as_array().unwrap().len()),
        (200, &json!(false), 0)
    );
    assert!(desk.letters().is_empty());
    // Taking the correction back is another change, taking the order back the end of it.
    desk.void(bar, newer);
    desk.sync();
    assert_eq!(desk.letters(), [(id.to_string(), "amended".into())]);
    desk.void(bar, id);
    desk.sync();
    assert_eq!(desk.letters(), [(id.to_string(), "voided_after".into())]);
}

#[test]
fn an_answer_to_a_version_that_was_corrected_meanwhile_says_so() {
    let mut desk = Desk::new();
    let bar = desk.client(Some("C1"));
    let id = desk.order(bar, order("A1", 3));
    desk.sync();
    let picked_up = desk.open()[0]["revision"].clone();
    desk.amend(bar, id, order("A1", 9));
    desk.sync();
    assert_eq!(picked_up, id.to_string());
    let (status, state) = desk.ack(id, id, ("number", "P-1"));
    assert_eq!((status, &state["amended"]), (200, &json!(true)));
    assert_eq!((desk.open_ids().len(), desk.letters()), (0, vec![(id.to_string(), "amended".into())]));
}

#[test]
fn states_come_by_feed_whatever_the_source_and_never_go_back() {
    let mut desk = Desk::new();
    let bar = desk.client(Some("C1"));
    let id = desk.order(bar, order("A1", 3));
    desk.sync();
    let put = |source: &str, value: Value| {
        let items = json!({"items": [{"key": id.to_string(), "value": value}]});
        let (status, body) = desk.ask("PUT", &format!("/v1/office/order_state?source={source}"), Some(items));
        assert_eq!(status, 200, "{body}");
        let wrong = body["errors"][0]["wrong"][0]["code"].as_str().map(str::to_owned);
        (body["written"].as_u64().unwrap(), body["unchanged"].as_u64().unwrap(), wrong)
    };
    let at = |hour: u32| format!("2026-09-22T{hour:02}:00:00Z");
    assert_eq!(put("erp", json!({"stage": "registered", "number": "P-1", "at_ms": at(8)})), (1, 0, None));
    assert!(desk.open_ids().is_empty(), "taken without an answer of its own");
    assert_eq!(
        put(
            "almacen",
            json!({"stage": "served", "at_ms": at(9), "short": [{"article": "A1", "missing": "1"}]})
        ),
        (1, 0, None)
    );
    assert_eq!(put("otro", json!({"stage": "served", "at_ms": at(9)})), (0, 1, None), "the same again");
    for back in ["received", "registered"] {
        let said = put("erp", json!({"stage": back, "number": "P-1", "at_ms": at(10)}));
        assert_eq!(said, (0, 0, Some("order_backwards".into())), "{back}");
    }
    assert_eq!(put("erp", json!({"stage": "invoiced", "invoice": "F-7", "at_ms": at(11)})), (1, 0, None));
    let rows = desk.relay.app.storage.office_of_kind("order_state", None, 9).unwrap();
    assert_eq!((rows.len(), rows[0].record.source.as_str()), (1, ""), "one state, whatever the source");
    let (status, body) = desk.ask("PUT", "/v1/office/order_state", Some(json!({"items": [
        {"key": RecordId::new(desk.relay.env.as_ref()).to_string(), "value": {"stage": "served", "at_ms": 1}},
        {"key": id.to_string(), "deleted": true},
    ]})));
    let codes: Vec<_> =
        body["errors"].as_array().unwrap().iter().map(|e| e["wrong"][0]["code"].clone()).collect();
    assert_eq!((status, codes), (200, vec![json!("unknown_order"), json!("order_backwards")]));
    let state = desk.ack(id, id, ("number", "P-1")).1;
    assert_eq!(
        (&state["stage"], &state["number"], &state["invoice"]),
        (&json!("invoiced"), &json!("P-1"), &json!("F-7"))
    );
    assert_eq!(state["short"], json!([{"article": "A1", "missing": "1"}]), "what is not said again stays");
}

#[test]
fn bad_answers_are_refused_and_change_nothing() {
    let mut desk = Desk::new();
    let bar = desk.client(Some("C1"));
    let id = desk.order(bar, order("A1", 3));
    let other = desk.order(bar, order("A1", 1));
    desk.sync();
    let tip = desk.relay.app.storage.tip().unwrap();
    let path = format!("/v1/orders/{id}/ack");
    let own = id.to_string();
    let long = "x".repeat(65);
    for (body, code) in [
        (json!({"revision": own}), "invalid"),
        (json!({"revision": own, "number": "P", "declined": "no"}), "invalid"),
        (json!({"revision": "x", "number": "P"}), "invalid"),
        (json!({"revision": other.to_string(), "number": "P"}), "invalid"),
        (json!({"revision": own, "number": ""}), "invalid"),
        (json!({"revision": own, "number": long}), "invalid"),
        (json!({"revision": own, "declined": ""}), "invalid"),
        (json!({"number": "P"}), "malformed"),
    ] {
        assert_eq!(desk.ask("POST", &path, Some(body.clone())).1["code"], code, "{body}");
    }
    assert_eq!(desk.ack(RecordId::new(desk.relay.env.as_ref()), id, ("number", "P")).0, 404);
    for query in ["?state=served", "?sort=gift"] {
        assert_eq!(desk.ask("GET", &format!("/v1/orders{query}"), None).0, 422, "{query}");
    }
    assert_eq!((desk.relay.app.storage.tip().unwrap(), desk.open_ids().len()), (tip, 2));
    // Other tokens may not even look.
    let export =
        create(&desk.relay.app, By::CONSOLE, "t", &[TokenScope::Export, TokenScope::OfficeWrite], 1).unwrap();
    let desk = Desk { token: export.text, ..desk };
    assert_eq!(desk.ask("GET", "/v1/orders", None).0, 403);
    assert_eq!(desk.ack(id, id, ("number", "P")).0, 403);
}

#[test]
fn orders_come_in_pages_and_returns_apart() {
    let mut desk = Desk::new();
    let bar = desk.client(Some("C1"));
    let ids: Vec<_> = (1..=5).map(|n| desk.order(bar, order("A1", n)).to_string()).collect();
    let mut back = Purchase { sort: PurchaseSort::Return, ..order("A1", 1) };
    back.compute_amounts().unwrap();
    let back = desk.order(bar, back).to_string();
    desk.sync();
    let mut seen = Vec::new();
    let mut after = json!(0);
    loop {
        let (_, body) = desk.ask("GET", &format!("/v1/orders?limit=2&after={after}"), None);
        seen.extend(
            body["orders"].as_array().unwrap().iter().map(|o| o["order_id"].as_str().unwrap().to_owned()),
        );
        match body.get("next") {
            Some(next) => after = next.clone(),
            None => break,
        }
    }
    assert_eq!(seen, ids);
    let (_, body) = desk.ask("GET", "/v1/orders?sort=return", None);
    assert_eq!(body["orders"][0]["order_id"], back);
}

#[test]
fn orders_of_one_change_are_all_offered_wherever_a_page_ends() {
    let mut desk = Desk::new();
    let bar = desk.client(Some("C1"));
    let first = desk.order(bar, order("A1", 1));
    let three = (1..=3).map(|n| record(order("A2", n).into(), None, None)).collect();
    let together = desk.phone.put_records(&desk.relay, bar.into(), "p", three);
    let last = desk.order(bar, order("A3", 1));
    desk.sync();
    let mut expected: Vec<String> = together.iter().map(RecordId::to_string).collect();
    expected.sort();
    let mut seen = Vec::new();
    let mut after = json!(0);
    while !after.is_null() {
        let (_, body) = desk.ask("GET", &format!("/v1/orders?limit=2&after={after}"), None);
        seen.extend(
            body["orders"].as_array().unwrap().iter().map(|o| o["order_id"].as_str().unwrap().to_owned()),
        );
        after = body["next"].clone();
    }
    assert_eq!(seen.remove(0), first.to_string());
    assert_eq!(seen.pop(), Some(last.to_string()));
    seen.sort();
    assert_eq!(seen, expected, "each once");
    assert_eq!(desk.ack(together[1], together[1], ("number", "P-1")).0, 200);
    assert_eq!(desk.open_ids().len(), 4, "its neighbours wait on");
    // Taken back, they are on the other list, in pages as well.
    for id in &together {
        desk.void(bar, *id);
    }
    desk.sync();
    let (_, body) = desk.ask("GET", "/v1/orders/dead_letters?limit=1", None);
    assert_eq!(body["orders"].as_array().unwrap().len(), 3, "whatever came with the first");
}
