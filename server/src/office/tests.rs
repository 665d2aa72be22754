//! Feeds over HTTP: who may, what is taken, what is answered, and what is in the store afterwards.

use axum::body::Body;
use axum::http::Request;
use cartera_core::model::office::{Kind, Value as Office};
use serde_json::{Value, json};

use super::*;
use crate::storage::office::OfficeRow;
use crate::testing::{NOW_MS, Relay, ask};
use crate::tokens::Scope;
use crate::tokens::manage::create;

struct Desk {
    relay: Relay,
    token: String,
}

impl Desk {
    fn new() -> Self {
        let relay = Relay::new();
        let token = create(&relay.app, By::CONSOLE, "erp", &[Scope::OfficeWrite], 30).unwrap().text;
        Self { relay, token }
    }

    fn send(&self, path: &str, token: &str, kind: &str, body: impl Into<Body>) -> (u16, Value) {
        let request = Request::put(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", kind)
            .body(body.into())
            .unwrap();
        let (head, body) = ask(&self.relay.router(), request);
        (head.status().as_u16(), serde_json::from_str(&body).unwrap())
    }

    fn put(&self, path: &str, items: Value) -> (u16, Value) {
        self.send(path, &self.token, "application/json", json!({ "items": items }).to_string())
    }

    fn rows(&self, kind: &str) -> Vec<OfficeRow> {
        self.relay.app.storage.office_of_kind(kind, None, 100).unwrap()
    }

    fn keys(&self, kind: &str) -> Vec<String> {
        self.rows(kind).into_iter().map(|row| format!("{}/{}", row.record.source, row.record.key)).collect()
    }

    fn feeds(&self) -> Value {
        let request = Request::get("/v1/office").header("authorization", format!("Bearer {}", self.token));
        serde_json::from_str(&ask(&self.relay.router(), request.body(Body::empty()).unwrap()).1).unwrap()
    }
}

fn counts(body: &Value) -> [u64; 3] {
    ["written", "unchanged", "refused"].map(|name| body[name].as_u64().unwrap())
}

fn codes(body: &Value) -> Vec<(u64, String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let of_item = |item: &Value| {
        let index = item["index"].as_u64().unwrap();
        let wrong = item["wrong"].as_array().unwrap().iter();
        wrong.map(|wrong| (index, text(&wrong["field"]), text(&wrong["code"]))).collect::<Vec<_>>()
    };
    body["errors"].as_array().unwrap().iter().flat_map(of_item).collect()
}

fn article(key: &str, name: &str) -> Value {
    json!({"key": key, "value": {"name": name, "price": "1.25", "currency": "EUR"}})
}

#[test]
fn the_same_again_changes_nothing_and_the_last_value_wins() {
    let desk = Desk::new();
    let items = json!([article("A1", "Café"), article("A2", "Té")]);
    let (status, first) = desk.put("/v1/office/article", items.clone());
    assert_eq!((status, counts(&first), &first["applied"]), (200, [2, 0, 0], &json!(true)), "{first}");
    let rows = desk.rows("article");
    assert_eq!(counts(&desk.put("/v1/office/article", items).1), [0, 2, 0]);
    assert_eq!(desk.rows("article"), rows, "their numbers too");
    let again =
        json!([article("A1", "Café molido"), {"key": "A2", "deleted": true}, {"key": "A9", "deleted": true}]);
    assert_eq!(counts(&desk.put("/v1/office/article", again).1), [2, 1, 0]);
    assert_eq!(desk.keys("article"), ["erp/A1"]);
    let value = desk.rows("article")[0].record.value.clone().unwrap();
    let Ok(Office::Article(article)) = Office::decode(&Kind::parse("article").unwrap(), &value) else {
        panic!()
    };
    assert_eq!((article.name.as_str(), article.price), ("Café molido", "1.25".parse().ok()));
    desk.put("/v1/office/article?source=tpv", json!([self::article("A1", "De otra caja")]));
    assert_eq!(desk.keys("article"), ["erp/A1", "tpv/A1"], "keys of another source are other keys");
}

#[test]
fn a_wrong_item_is_refused_alone_and_named() {
    let desk = Desk::new();
    let items = json!([
        article("A1", "Café"),
        {"key": "A2", "value": {"name": "x", "price": "1,5", "currency": "EUR", "colour": "red"}},
        {"key": "A3", "value": {"name": "", "price": "1.5"}},
        {"value": {"name": "x"}},
        {"key": "A4", "client_code": "C1", "value": {"name": "x"}},
        article("A1", "Otra vez"),
        {"key": "A5"},
        7,
        article("A6", "Té"),
    ]);
    let (status, body) = desk.put("/v1/office/article", items);
    assert_eq!((status, counts(&body)), (200, [2, 0, 7]), "{body}");
    let expected = [
        (1, "colour", "unknown_field"),
        (1, "price", "wrong_type"),
        (2, "name", "empty"),
        (2, "currency", "required"),
        (3, "key", "required"),
        (4, "client_code", "contradiction"),
        (5, "key", "repeated_key"),
        (6, "value", "required"),
        (7, "", "malformed"),
    ];
    assert_eq!(codes(&body), expected.map(|(index, field, code)| (index, field.to_owned(), code.to_owned())));
    assert_eq!(body["errors"][0]["wrong"][1]["advice"], "Write it as the detail says.");
    assert_eq!(desk.keys("article"), ["erp/A1", "erp/A6"]);
}

#[test]
fn all_or_nothing_writes_nothing_and_says_what_was_wrong() {
    let desk = Desk::new();
    let items = json!([article("A1", "Café"), article("A2", "")]);
    let (status, body) = desk.put("/v1/office/article?all_or_nothing=true", items);
    assert_eq!((status, &body["code"]), (422, &json!("invalid")), "{body}");
    assert_eq!(codes(&body["result"]), [(1, "name".into(), "empty".into())]);
    assert_eq!((desk.keys("article").len(), desk.feeds()), (0, json!([])));
    // What only the store can find out undoes the batch too.
    desk.relay.import(crate::import::Kind::Clients, "codigo;nombre\nC1;Bar Uno\n");
    let value = json!({"due": "2026-09-30", "currency": "EUR", "amount": "1", "open": "1"});
    let nobody = ClientId::from_bytes([9; 16]).to_string();
    let good = json!({"key": "V1", "client_code": "C1", "value": value});
    let items = json!([good, {"key": "V2", "client_id": nobody, "value": value}]);
    let (status, body) = desk.put("/v1/office/due_item?all_or_nothing=true", items);
    assert_eq!(
        (status, codes(&body["result"])),
        (422, vec![(1, "client_id".into(), "unknown_client".into())])
    );
    assert_eq!(desk.keys("due_item").len(), 0, "the good one was undone");
}

#[test]
fn a_dry_run_says_what_would_happen() {
    let desk = Desk::new();
    let before = desk.relay.app.storage.tip().unwrap();
    let (status, body) =
        desk.put("/v1/office/article?dry_run=true", json!([article("A1", "Café"), article("A2", "")]));
    assert_eq!((status, counts(&body), &body["applied"]), (200, [1, 0, 1], &json!(false)));
    assert_eq!((desk.keys("article").len(), desk.relay.app.storage.tip().unwrap()), (0, before));
}

#[test]
fn clients_are_named_by_code_or_id() {
    let desk = Desk::new();
    let csv = "codigo;nombre\nC1;Bar Uno\nC2;Bar Dos\n";
    desk.relay.import(crate::import::Kind::Clients, csv);
    let codes_of = desk.relay.app.storage.clients_by_code("erp", &["C1".into(), "C9".into()]).unwrap();
    let (id, none) = (codes_of[0].unwrap(), codes_of[1]);
    assert_eq!(none, None);
    let credit = json!({"currency": "EUR", "limit": "1000", "used_minor": 250});
    let items = json!([
        {"client_code": "C1", "value": credit},
        {"client_id": id.to_string(), "key": id.to_string(), "value": credit},
        {"client_code": "C9", "value": credit},
        {"client_code": "C2", "key": id.to_string(), "value": credit},
        {"value": credit},
    ]);
    let (_, body) = desk.put("/v1/office/credit", items);
    let expected = [
        (1, "key", "repeated_key"),
        (2, "client_code", "unknown_client"),
        (3, "key", "contradiction"),
        (4, "client_code", "required"),
    ];
    assert_eq!(codes(&body), expected.map(|(index, field, code)| (index, field.to_owned(), code.to_owned())));
    assert_eq!(desk.rows("credit")[0].record.client, Some(id));
    assert_eq!(
        counts(&desk.put("/v1/office/credit", json!([{"client_code": "C1", "deleted": true}])).1),
        [1, 0, 0]
    );
    assert_eq!(desk.keys("credit").len(), 0);
}

#[test]
fn one_item_a_line_is_a_batch_too() {
    let desk = Desk::new();
    let lines = format!("{}\n\nnonsense\n{}\n", article("A1", "Café"), article("A2", "Té"));
    let (status, body) = desk.send("/v1/office/article", &desk.token, "application/x-ndjson", lines);
    assert_eq!((status, counts(&body)), (200, [2, 0, 1]), "{body}");
    assert_eq!(desk.send("/v1/office/article", &desk.token, "text/csv", "a").0, 415);
    assert_eq!(desk.send("/v1/office/article", &desk.token, "application/json", "[").0, 400);
}

#[test]
fn a_body_at_the_limit_passes_and_one_byte_more_does_not() {
    let desk = Desk::new();
    let padded = |bytes: usize| {
        let item = article("A1", "Café").to_string();
        format!("{item}{}", "\n".repeat(bytes - item.len()))
    };
    let send = |body| desk.send("/v1/office/article", &desk.token, "application/x-ndjson", body);
    assert_eq!(send(padded(BATCH_BYTES_MAX)).0, 200);
    let (status, body) = send(padded(BATCH_BYTES_MAX + 1));
    assert_eq!((status, &body["code"]), (413, &json!("too_large")));
    let item = |bytes: usize| {
        let item = article("A1", "Café").to_string();
        format!("{{{}{}", " ".repeat(bytes - item.len()), &item[1..])
    };
    assert_eq!(counts(&send(item(item::ITEM_BYTES_MAX)).1), [0, 1, 0]);
    assert_eq!(codes(&send(item(item::ITEM_BYTES_MAX + 1)).1)[0].2, "item_too_large");
}

#[test]
fn who_may_write_and_what() {
    let desk = Desk::new();
    let app = &desk.relay.app;
    let item = json!({"items": [article("A1", "Café")]}).to_string();
    for scope in Scope::ALL {
        let token = create(app, By::CONSOLE, "t", &[scope], 1).unwrap().text;
        let expected = if scope == Scope::OfficeWrite { 200 } else { 403 };
        let (status, _) = desk.send("/v1/office/article", &token, "application/json", item.clone());
        assert_eq!(status, expected, "{scope}");
    }
    let rep = desk.relay.person(crate::people::Role::Rep, &[]);
    let phone = desk.relay.phone(&rep);
    assert_eq!(desk.send("/v1/office/article", &phone, "application/json", item.clone()).0, 403);
    assert_eq!(desk.send("/v1/office/article", &"x".repeat(40), "application/json", item.clone()).0, 401);
    // What the relay itself writes, nobody else does.
    for kind in KnownKind::ALL {
        let (status, body) = desk.put(&format!("/v1/office/{kind}"), json!([]));
        let expected = if WRITABLE.contains(kind) { 200 } else { 404 };
        assert_eq!(status, expected, "{kind}: {body}");
    }
    let source = "x".repeat(OFFICE_SOURCE_BYTES_MAX);
    assert_eq!(desk.put(&format!("/v1/office/article?source={source}"), json!([])).0, 200);
    assert_eq!(desk.put(&format!("/v1/office/article?source={source}x"), json!([])).0, 422);
    assert_eq!(desk.put("/v1/office/article?source=", json!([])).0, 422);
}

#[test]
fn every_batch_is_in_the_books_and_says_how_fresh_its_feed_is() {
    let desk = Desk::new();
    desk.put("/v1/office/article", json!([article("A1", "Café"), article("A2", "Té")]));
    desk.relay.env.advance(DELIVERY_GAP_MS);
    desk.put("/v1/office/article", json!([article("A1", "Café"), article("A3", "")]));
    let later = NOW_MS + DELIVERY_GAP_MS;
    let one = |at_ms: i64, records: u64| json!([{"kind": "article", "source": "erp", "at_ms": at_ms, "records": records}]);
    assert_eq!(desk.feeds(), one(later, 3), "one delivery in two batches, the wrong item left out");
    desk.relay.env.advance(DELIVERY_GAP_MS + 1);
    desk.put("/v1/office/article", json!([article("A1", "Café")]));
    assert_eq!(desk.feeds(), one(later + DELIVERY_GAP_MS + 1, 1), "a new delivery");
    desk.put("/v1/office/article", json!([article("A1", "")]));
    assert_eq!(desk.feeds(), one(later + DELIVERY_GAP_MS + 1, 1), "nothing came");
    let deeds = desk.relay.app.storage.deeds(0, 100).unwrap();
    let written: Vec<_> = deeds.iter().filter(|deed| deed.action == "office.written").collect();
    assert_eq!(written.len(), 4);
    assert_eq!(
        (written[1].actor_kind.as_str(), written[1].detail.as_str()),
        ("machine", "article erp: 1 of 2")
    );
}

#[test]
fn cost_is_for_the_office_alone() {
    use crate::sync::audience::Audience;
    let desk = Desk::new();
    let (_, body) =
        desk.put("/v1/office/cost", json!([{"key": "A1", "value": {"cost": "0.8", "currency": "EUR"}}]));
    assert_eq!(counts(&body), [1, 0, 0], "{body}");
    assert_eq!(Audience::of_kind("cost"), Audience::Office);
}

#[test]
fn a_segment_s_rule_is_looked_at_before_it_is_kept() {
    let desk = Desk::new();
    let segment = |key: &str, filter: &str| json!({"key": key, "value": {"name": "Playa", "filter": filter}});
    let items = json!([
        segment("S1", "city = \"Gijón\" and days_since_visit > 30"),
        segment("S2", "city = Gijón"),
        segment("S3", "1 = 1; DROP TABLE clients"),
    ]);
    let (status, body) = desk.put("/v1/office/segment", items);
    assert_eq!((status, counts(&body)), (200, [1, 0, 2]), "{body}");
    let wrong = |n| (n, "filter".to_owned(), "form".to_owned());
    assert_eq!(codes(&body), [wrong(1), wrong(2)]);
    assert!(body.to_string().contains("at character 8"), "{body}");
    assert_eq!(desk.keys("segment"), ["erp/S1"]);
}
