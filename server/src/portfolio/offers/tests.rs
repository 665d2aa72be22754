//! Offers over HTTP: who sees whose, and that what is told is what the core says.

use cartera_core::model::office::{
    Article, CrossSell, CrossSellRule, Level, Sale, SaleLine, SaleSort, Value,
};
use cartera_core::model::{BusinessDate, ClientId, Currency};
use cartera_core::strings::Language;
use serde_json::{Value as Json, json};

use super::*;
use crate::import::Kind;
use crate::people::Role;
use crate::storage::office::OfficeWrite;
use crate::testing::Relay;
use crate::tokens::Scope;
use crate::tokens::manage::create;

const AS_OF: &str = "2026-09-21";

fn date(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

/// Two clients, of Norte and of Sur. The first buys coffee every ten days, bread no more, and tea seldom.
struct World {
    relay: Relay,
    clients: Vec<ClientId>,
}

impl World {
    fn new() -> Self {
        let relay = Relay::new();
        for name in ["Norte", "Sur"] {
            crate::territories::add(&relay.app, By::CONSOLE, name).unwrap();
        }
        relay.import(Kind::Clients, "codigo;nombre;zona\nC0;Bar;Norte\nC1;Café;Sur\n");
        let codes = ["C0", "C1"].map(str::to_owned);
        let clients =
            relay.app.storage.clients_by_code("erp", &codes).unwrap().into_iter().flatten().collect();
        let world = Self { relay, clients };
        for (key, name, out_of_stock) in
            [("CAFE", "Café en grano", true), ("LECHE", "Leche", false), ("PAN", "Pan", false)]
        {
            let article = Article { out_of_stock, withdrawn: key == "PAN", ..Article::new(name) };
            world.put("article", "erp", key, None, article);
        }
        for (key, on, articles) in [
            ("F1", "2026-07-01", &["CAFE", "PAN"][..]),
            ("F2", "2026-07-11", &["CAFE", "PAN"]),
            ("F3", "2026-07-21", &["CAFE", "PAN", "TE"]),
            ("F4", "2026-07-31", &["CAFE", "TE"]),
            ("F5", "2026-08-31", &["CAFE"]),
            ("F6", "2026-09-05", &["CAFE"]),
        ] {
            let lines = articles.iter().map(|article| SaleLine {
                quantity: "2.5".parse().ok(),
                unit: Some("kg".into()),
                price: "4".parse().ok(),
                ..SaleLine::new(Some((*article).into()), 1_000)
            });
            let net = 1_000 * articles.len() as i64;
            let sale =
                Sale { lines: lines.collect(), ..Sale::new(SaleSort::Invoice, date(on), Currency::EUR, net) };
            world.put("sale", "erp", key, Some(world.clients[0]), sale);
        }
        let mut rules = CrossSell::new(Level::Article, None, date("2026-06-24"), date(AS_OF), 40);
        rules.rules = vec![CrossSellRule::new("CAFE", "LECHE", (20, 16, 15))];
        world.put("cross_sell", "", "article", None, rules);
        world
    }

    fn put(&self, kind: &str, source: &str, key: &str, client: Option<ClientId>, value: impl Into<Value>) {
        let record = OfficeWrite {
            kind: kind.into(),
            source: source.into(),
            key: key.into(),
            client,
            value: Some(value.into().encode()),
            ..OfficeWrite::default()
        };
        self.relay.app.storage.put_office(&[record], 1).unwrap();
    }

    fn path(&self, client: usize) -> String {
        format!("/v1/clients/{}/offers?as_of={AS_OF}", self.clients[client])
    }

    fn ask(&self, path: &str, token: &str) -> (u16, Json) {
        self.relay.ask_json("GET", path, token, None)
    }
}

#[test]
fn what_is_told_is_what_the_core_says() {
    let world = World::new();
    let program = create(&world.relay.app, By::CONSOLE, "bi", &[Scope::Export], 30).unwrap().text;
    let (status, found) = world.ask(&world.path(0), &program);
    assert_eq!(status, 200, "{found}");
    let coffee = json!({
        "article": "CAFE", "name": "Café en grano", "on_sale": true, "out_of_stock": true, "standing": "due",
        "overdue": false, "purchases": 6, "first": "2026-07-01", "last": "2026-09-05", "unit": "kg",
        "quantity": "2.5", "quantity_purchases": 6, "last_quantity": "2.5",
        "last_price": { "price": "4", "currency": "EUR", "discounts": [], "on": "2026-09-05" },
        "net": [{ "currency": "EUR", "minor": 6_000 }],
        "usual_gap": 10.0, "long_gap": 31, "since": 16, "due_on": "2026-09-15",
    });
    assert_eq!(found["basket"], json!({ "total": 1, "items": [coffee] }));
    assert_eq!(found["due"], found["basket"]);
    let bread = &found["stopped"]["items"][0];
    assert_eq!(
        (&bread["article"], &bread["standing"], &bread["on_sale"]),
        (&json!("PAN"), &json!("stopped"), &json!(false))
    );
    assert_eq!((&found["stopped"]["total"], &found["too_few"]), (&json!(1), &json!(1)));
    let milk = json!({
        "level": "article", "has": "CAFE", "has_name": "Café en grano", "buys": "LECHE", "buys_name": "Leche",
        "clients": 40, "has_clients": 20, "buys_clients": 16, "both": 15, "as_of": AS_OF,
    });
    assert_eq!(found["cross_sell"], json!({ "total": 1, "items": [milk] }));
    assert_eq!(
        (&found["name"], &found["as_of"], &found["documents"], &found["events"], &found["from"]),
        (&json!("Bar"), &json!(AS_OF), &json!(6), &json!(6), &json!("2025-06-21"))
    );
    // How many there are is told of a list that is cut.
    let (_, none) = world.ask(&format!("{}&limit=0", world.path(0)), &program);
    assert_eq!(none["basket"], json!({ "total": 1, "items": [] }));
    assert_eq!(none["cross_sell"], json!({ "total": 1, "items": [] }));
    // Before the last ones it was bought as usual.
    let before = world.path(0).replace(AS_OF, "2026-07-25");
    let (_, before) = world.ask(&before, &program);
    assert_eq!((&before["basket"]["total"], &before["due"]["total"]), (&json!(2), &json!(0)));
    let (_, nothing) = world.ask(&world.path(1), &program);
    assert_eq!((&nothing["documents"], &nothing["basket"]["total"]), (&json!(0), &json!(0)));
}

#[test]
fn offers_are_for_whoever_sees_the_client() {
    let world = World::new();
    let relay = &world.relay;
    let north =
        relay.app.storage.territories().unwrap().into_iter().find(|of| of.name == "Norte").unwrap().id;
    let log_in = |role, territories: &[_]| {
        let person = relay.person(role, territories);
        let code = crate::devices::enrol::invite(
            &relay.app,
            By::CONSOLE,
            person.id,
            crate::devices::Purpose::Session,
        );
        crate::tokens::manage::log_in(&relay.app, &code.unwrap().code, "").unwrap().0
    };
    let rep = log_in(Role::Rep, &[north]);
    assert_eq!(world.ask(&world.path(0), &rep).0, 200);
    let (status, hidden) = world.ask(&world.path(1), &rep);
    assert_eq!((status, &hidden["code"]), (404, &json!("not_found")));
    for role in [Role::Manager, Role::BackOffice, Role::Administrator] {
        assert_eq!(world.ask(&world.path(1), &log_in(role, &[])).0, 200, "{role:?}");
    }
    let orders = create(&relay.app, By::CONSOLE, "erp", &[Scope::Orders], 30).unwrap().text;
    let phone = relay.phone(&relay.person(Role::Rep, &[north]));
    assert_eq!((world.ask(&world.path(0), &orders).0, world.ask(&world.path(0), &phone).0), (403, 403));
    assert_eq!(world.ask(&world.path(0), &"x".repeat(40)).0, 401);
    let nobody = format!("/v1/clients/{}/offers", ClientId::from_bytes([9; 16]));
    for (path, expected) in [
        (nobody.as_str(), 404),
        ("/v1/clients/x/offers", 404),
        (&world.path(0).replace(AS_OF, "soon"), 400),
        (&format!("{}&limit=-1", world.path(0)), 400),
        (&format!("{}&page=1", world.path(0)), 400),
    ] {
        assert_eq!(world.ask(path, &log_in(Role::Manager, &[])).0, expected, "{path}");
    }
}

#[test]
fn no_list_is_longer_than_its_bound() {
    let world = World::new();
    let count = LISTED_MAX + 1;
    for week in 0..3 {
        let line = |n| SaleLine::new(Some(format!("A{n:04}")), 1);
        let lines: Vec<SaleLine> = (0..count).map(line).collect();
        let on = date("2026-08-01").plus_days(7 * week).unwrap();
        let sale = Sale { lines, ..Sale::new(SaleSort::Invoice, on, Currency::EUR, count as i64) };
        world.put("sale", "erp", &format!("G{week}"), Some(world.clients[1]), sale);
    }
    let of = |limit| {
        client(&world.relay.app, By::CONSOLE, world.clients[1], date(AS_OF), limit).unwrap().offers.basket
    };
    assert_eq!((of(usize::MAX).items.len(), of(usize::MAX).total), (LISTED_MAX, count as u64));
    assert_eq!((of(LISTED_MAX - 1).items.len(), of(LISTED_MAX).items.len()), (LISTED_MAX - 1, LISTED_MAX));
}

#[test]
fn people_read_it_in_their_language() {
    let world = World::new();
    let found = client(&world.relay.app, By::CONSOLE, world.clients[0], date(AS_OF), LISTED).unwrap();
    for language in Language::ALL {
        insta::assert_snapshot!(format!("offers-{language}"), text(&found, language));
    }
}
