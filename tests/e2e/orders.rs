//! An order's life over real HTTP: two phones, the relay, and an ERP that polls, answers and feeds.

use cartera_core::model::office::OrderStage::{Invoiced, Received, Registered, Served, WaitingForClient};
use cartera_core::model::record::{Body, Line, Purchase, PurchaseSort};
use cartera_core::model::{Currency, RecordId};
use cartera_core::query::feeds::Freshness;
use cartera_core::query::orders::{Life, Step, life};
use cartera_core::store::StoreError;
use cartera_relay::people::access::By;
use cartera_relay::tokens::Scope;
use cartera_relay::tokens::manage::create;
use serde_json::{Value, json};

use super::world::{Phone, World, text};

/// The office's system: a token and nothing else.
pub(super) struct Erp {
    http: reqwest::blocking::Client,
    url: String,
    token: String,
}

impl Erp {
    pub(super) fn of(world: &World) -> Self {
        let token =
            create(world.app(), By::CONSOLE, "erp", &[Scope::Orders, Scope::OfficeWrite], 30).unwrap();
        // Whoever comes second finds it there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::blocking::Client::builder().no_proxy().build().unwrap();
        Self { http, url: world.relay.url().to_owned(), token: token.text }
    }

    pub(super) fn send(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let method = method.parse().unwrap();
        let mut request = self.http.request(method, format!("{}{path}", self.url)).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let answer = request.send().unwrap();
        (answer.status().as_u16(), serde_json::from_str(&answer.text().unwrap()).unwrap())
    }

    /// Ids of orders that wait, and the versions in which they do.
    pub(super) fn poll(&self) -> Vec<(String, String)> {
        let (status, body) = self.send("GET", "/v1/orders?state=received", None);
        assert_eq!(status, 200, "{body}");
        let text = |order: &Value, name: &str| order[name].as_str().unwrap().to_owned();
        let orders = body["orders"].as_array().unwrap().iter();
        orders.map(|order| (text(order, "order_id"), text(order, "revision"))).collect()
    }

    pub(super) fn ack(&self, (order, revision): &(String, String), answer: (&str, &str)) -> u16 {
        let body = json!({"revision": revision, answer.0: answer.1});
        self.send("POST", &format!("/v1/orders/{order}/ack"), Some(body)).0
    }

    pub(super) fn tell(&self, order: RecordId, value: Value) {
        let items = json!({"items": [{"key": order.to_string(), "value": value}]});
        let (status, body) = self.send("PUT", "/v1/office/order_state", Some(items));
        assert_eq!((status, &body["refused"]), (200, &json!(0)), "{body}");
    }
}

pub(super) fn order(quantity: u32) -> Purchase {
    let mut order = Purchase::new(PurchaseSort::Order, Currency::EUR);
    order.lines = vec![Line { price: "1.5".parse().ok(), ..Line::new("A1", quantity.into(), "u") }];
    order.compute_amounts().unwrap();
    order
}

impl Phone {
    pub(super) fn life(&self, order: &RecordId) -> Life {
        self.engine.store().read::<_, StoreError>(|conn| Ok(life(conn, order)?)).unwrap().unwrap()
    }

    fn steps(&self, order: &RecordId) -> Vec<Step> {
        let life = self.life(order);
        assert!(life.steps.is_sorted_by_key(|(_, at_ms)| *at_ms), "{life:?}");
        life.steps.into_iter().map(|(step, _)| step).collect()
    }

    fn feeds(&self) -> Vec<Freshness> {
        let read = |conn: &_| Ok(cartera_core::query::feeds::all(conn)?);
        self.engine.store().read::<_, StoreError>(read).unwrap()
    }
}

#[test]
fn each_order_is_registered_once_and_both_phones_read_its_whole_life() {
    let world = World::new();
    let north = world.territory("Norte");
    let ana = world.phone("Ana", &[north]);
    let luis = world.phone("Luis", &[north]);
    let erp = Erp::of(&world);
    let bar = ana.client("Bar");
    ana.engine.edit_client(&bar, vec![text("erp_code", "C1")]).unwrap();
    let id = ana.engine.new_record_id();
    ana.engine.place_order(&bar, id, order(3)).unwrap();
    assert_eq!(ana.steps(&id), [Step::Saved]);
    assert_eq!(erp.poll(), []);
    assert_eq!((ana.sync().repaired, luis.sync().repaired), (0, 0));
    for phone in [&ana, &luis] {
        assert_eq!(phone.steps(&id), [Step::Saved, Step::Office(Received)], "in the very sync that sent it");
        assert!(phone.life(&id).steps[1].1.is_some(), "with its time");
    }

    // Two pollers get it; one answer counts.
    let (one, other) = (erp.poll(), Erp::of(&world).poll());
    assert_eq!((one.len(), &one), (1, &other));
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let ack = |number: &'static str| {
            let (erp, order) = (&erp, &one[0]);
            scope.spawn(move || erp.ack(order, ("number", number)))
        };
        [ack("P-1"), ack("P-2")].map(|thread| thread.join().unwrap()).to_vec()
    });
    assert!(answers == [200, 409] || answers == [409, 200], "{answers:?}");
    assert_eq!(erp.poll(), []);
    erp.tell(id, json!({"stage": "served", "at_ms": "2100-01-01T10:00:00Z", "short": [{"article": "A1", "missing": "1"}]}));
    erp.tell(id, json!({"stage": "invoiced", "at_ms": "2100-01-02T10:00:00Z", "invoice": "F-7"}));
    for phone in [&ana, &luis] {
        assert_eq!(phone.sync().repaired, 0);
        let steps = [
            Step::Saved,
            Step::Office(Received),
            Step::Office(Registered),
            Step::Office(Served),
            Step::Office(Invoiced),
        ];
        assert_eq!(phone.steps(&id), steps);
        let life = phone.life(&id);
        assert!(life.number.as_deref().is_some_and(|number| number.starts_with("P-")));
        assert_eq!((life.invoice.as_deref(), life.short.len()), (Some("F-7"), 1));
        let feeds = phone.feeds();
        assert_eq!(
            (feeds.len(), feeds[0].what.as_str(), feeds[0].records),
            (1, "order_state", 2),
            "{feeds:?}"
        );
    }
    // An amendment by the colleague's manager would be flagged; by Ana too, and nothing is offered twice.
    ana.engine.amend(&bar, id, Body::Purchase(order(5))).unwrap();
    ana.sync();
    assert_eq!(erp.poll(), []);
    assert_eq!(luis.sync().repaired, 0);
    assert_eq!(luis.life(&id).flags.len(), 1);
}

#[test]
fn an_order_for_a_new_client_waits_for_its_code_and_a_declined_one_says_why() {
    let world = World::new();
    let north = world.territory("Norte");
    let ana = world.phone("Ana", &[north]);
    let luis = world.phone("Luis", &[north]);
    let erp = Erp::of(&world);
    let bar = ana.client("Bar nuevo");
    let id = ana.engine.new_record_id();
    ana.engine.place_order(&bar, id, order(1)).unwrap();
    ana.sync();
    assert_eq!((erp.poll(), ana.steps(&id)), (vec![], vec![Step::Saved, Step::Office(WaitingForClient)]));
    let (_, letters) = erp.send("GET", "/v1/orders/dead_letters", None);
    assert_eq!(letters["orders"][0]["why"], "no_client_code");
    luis.sync();
    luis.engine.edit_client(&bar, vec![text("erp_code", "C9")]).unwrap();
    luis.sync();
    let open = erp.poll();
    assert_eq!(open.len(), 1);
    assert_eq!(erp.ack(&open[0], ("declined", "Cliente con deuda")), 200);
    for phone in [&ana, &luis] {
        assert_eq!(phone.sync().repaired, 0);
        let life = phone.life(&id);
        assert_eq!(life.reason.as_deref(), Some("Cliente con deuda"));
        assert_eq!(life.steps.len(), 3, "{life:?}");
    }
    assert_eq!(erp.poll(), []);
}
