//! Orders judged on arrival, by what their rep could know.

use super::*;

fn put(desk: &Desk, kind: &str, items: Value) {
    let (status, body) = desk.ask("PUT", &format!("/v1/office/{kind}"), Some(json!({ "items": items })));
    assert_eq!((status, &body["refused"]), (200, &json!(0)), "{body}");
}

/// A workspace with two articles and a price list of version `v1`.
fn shop() -> (Desk, ClientId) {
    let mut desk = Desk::new();
    let bar = desk.client(Some("C1"));
    desk.sync();
    put(
        &desk,
        "article",
        json!([
            {"key": "A1", "value": {"name": "Café", "family": "café"}},
            {"key": "A2", "value": {"name": "Té", "withdrawn": true}},
            {"key": "A3", "value": {"name": "Agua", "out_of_stock": true}},
        ]),
    );
    price(&desk, "v1", "10");
    (desk, bar)
}

fn price(desk: &Desk, version: &str, price: &str) {
    let value =
        json!({"article": "A1", "price": price, "currency": "EUR", "discounts": ["5"], "version": version});
    put(desk, "price", json!([{"key": "P1", "value": value}]));
}

fn line(article: &str, price: &str, version: Option<&str>, percent: Option<&str>) -> Line {
    let source = version.map(|version| PriceSource::new(PriceOrigin::List, Some(version.into())));
    let discounts = percent.map(|percent| Discount::percent(percent.parse().unwrap()));
    Line {
        price: price.parse().ok(),
        price_source: source,
        discounts: discounts.into_iter().collect(),
        ..Line::new(article, 2_u32.into(), "u")
    }
}

fn with(lines: Vec<Line>) -> Purchase {
    let mut order = Purchase::new(PurchaseSort::Order, Currency::EUR);
    order.lines = lines;
    order.compute_amounts().unwrap();
    order
}

impl Desk {
    /// Sends an order; its flags as pick-up shows them, voided afterwards so that it is no other one of that day.
    fn flags_of(
        &mut self,
        client: ClientId,
        purchase: Purchase,
    ) -> Vec<(String, Option<u64>, Option<String>)> {
        let id = self.order(client, purchase);
        self.sync();
        let flags = self.flags(id);
        self.void(client, id);
        self.sync();
        flags
    }

    fn flags(&self, id: RecordId) -> Vec<(String, Option<u64>, Option<String>)> {
        let open = self.open();
        let order = open.iter().find(|order| order["order_id"] == id.to_string()).unwrap();
        let read = |flag: &Value| {
            let text = |name: &str| flag[name].as_str().map(str::to_owned);
            (text("flag").unwrap(), flag["line"].as_u64(), text("expected"))
        };
        order["flags"].as_array().unwrap().iter().map(read).collect()
    }
}

fn flag(name: &str, line: Option<u64>, expected: Option<&str>) -> (String, Option<u64>, Option<String>) {
    (name.to_owned(), line, expected.map(str::to_owned))
}

#[test]
fn a_price_is_judged_by_the_version_that_the_order_names() {
    let (mut desk, bar) = shop();
    let of = |price, version| with(vec![line("A1", price, version, None)]);
    assert_eq!(desk.flags_of(bar, of("10", Some("v1"))), []);
    assert_eq!(desk.flags_of(bar, of("9", Some("v1"))), [flag("price", Some(0), Some("10"))]);
    price(&desk, "v2", "12");
    assert_eq!(desk.flags_of(bar, of("10", Some("v1"))), [], "what the rep could know");
    assert_eq!(desk.flags_of(bar, of("12", Some("v1"))), [flag("price", Some(0), Some("10"))]);
    assert_eq!(desk.flags_of(bar, of("12", Some("v2"))), []);
    assert_eq!(
        desk.flags_of(bar, of("10", None)),
        [flag("price", Some(0), Some("12"))],
        "by the day's, as it names none"
    );
    assert_eq!(
        desk.flags_of(bar, of("12", Some("v0"))),
        [flag("price", Some(0), None)],
        "a version that nobody knows"
    );
    let free = Line { free: true, ..line("A1", "3", None, None) };
    assert_eq!(desk.flags_of(bar, with(vec![free])), []);
}

#[test]
fn a_discount_is_judged_by_the_conditions_and_by_what_reps_may_give() {
    let (mut desk, bar) = shop();
    let of = |percent| with(vec![line("A1", "10", Some("v1"), Some(percent))]);
    assert_eq!(desk.flags_of(bar, of("5")), []);
    assert_eq!(desk.flags_of(bar, of("5.02")), [flag("discount", Some(0), Some("5 %"))]);
    let mut whole = of("5");
    whole.discounts = vec![Discount::percent("20".parse().unwrap())];
    whole.compute_amounts().unwrap();
    assert_eq!(desk.flags_of(bar, whole.clone()), [], "nobody said how much off the whole");
    let setting = [("rep_discount_percent".to_owned(), "15".to_owned())];
    crate::settings::policy::change(&desk.relay.app, By::CONSOLE, &setting).unwrap();
    assert_eq!(desk.flags_of(bar, of("15")), []);
    assert_eq!(desk.flags_of(bar, of("16")), [flag("discount", Some(0), Some("15 %"))]);
    assert_eq!(desk.flags_of(bar, whole), [flag("discount", None, Some("15 %"))]);
    let mut amount = with(vec![line("A1", "10", Some("v1"), None)]);
    amount.lines[0].discounts = vec![Discount::amount(301)];
    amount.compute_amounts().unwrap();
    assert_eq!(desk.flags_of(bar, amount), [flag("discount", Some(0), Some("15 %"))], "3.01 off 20");
}

#[test]
fn articles_credit_and_other_orders_of_the_day_are_looked_at() {
    let (mut desk, bar) = shop();
    let lines = vec![line("A2", "1", None, None), line("A3", "1", None, None), line("A9", "1", None, None)];
    let expected =
        [flag("article", Some(0), None), flag("stock", Some(1), None), flag("article", Some(2), None)];
    assert_eq!(desk.flags_of(bar, with(lines)), expected);
    let twenty = || with(vec![line("A1", "10", Some("v1"), None)]);
    let credit = |limit: &str, used: &str, blocked: bool| json!([{"client_code": "C1", "value": {"currency": "EUR", "limit": limit, "used": used, "blocked": blocked}}]);
    put(&desk, "credit", credit("100", "80", false));
    assert_eq!(desk.flags_of(bar, twenty()), [], "just within");
    put(&desk, "credit", credit("100", "80.01", false));
    assert_eq!(desk.flags_of(bar, twenty()), [flag("credit", None, Some("100.00 EUR"))]);
    put(&desk, "credit", credit("100", "0", true));
    assert_eq!(desk.flags_of(bar, twenty()), [flag("credit", None, None)]);
    put(&desk, "credit", json!([{"client_code": "C1", "deleted": true}]));
    let first = desk.order(bar, twenty());
    let second = desk.order(bar, twenty());
    desk.sync();
    assert_eq!(desk.flags(first), [flag("same_day", None, None)], "both came in one push");
    assert_eq!(desk.flags(second), [flag("same_day", None, None)]);
    // Corrected before pick-up it is judged anew.
    desk.void(bar, first);
    desk.amend(bar, second, with(vec![line("A1", "9", Some("v1"), None)]));
    desk.sync();
    assert_eq!(desk.flags(second), [flag("price", Some(0), Some("10"))]);
}

#[test]
fn a_hostile_order_is_taken_and_judged_up_to_its_limits() {
    let (mut desk, bar) = shop();
    let huge = Discount::percent("99999999999999999".parse().unwrap());
    let mut order = with(vec![line("A9", "1", None, None); 900]);
    order.discounts = vec![huge.clone(); 40];
    order.lines[0] = Line { discounts: vec![huge; 40], ..line("A1", "10", None, None) };
    let id = desk.order(bar, order);
    desk.sync();
    assert_eq!(desk.flags(id).len(), cartera_core::model::limits::ORDER_FLAGS_MAX);
}
