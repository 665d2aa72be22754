//! Offers: the relay finds the rules on the whole base, and a phone with some of the clients says of each what the relay
//! would.

use cartera_core::engine::NewClient;
use cartera_core::model::office::{Sale, SaleLine, SaleSort, Value};
use cartera_core::model::{BusinessDate, ClientId, Currency};
use cartera_core::portfolio::offers::{self, Offers, Standing};
use cartera_core::query;
use cartera_core::store::StoreError;
use cartera_relay::figures::cross_sell;
use cartera_relay::people::access::By;
use cartera_relay::storage::office::OfficeWrite;

use super::world::{Phone, World};

fn date(days_ago: i32) -> BusinessDate {
    "2026-06-30".parse::<BusinessDate>().unwrap().plus_days(-days_ago).unwrap()
}

fn sale(world: &World, key: &str, client: ClientId, on: BusinessDate, articles: &[&str]) {
    let line = |article: &&str| {
        let mut line = SaleLine::new(Some((*article).into()), 250);
        line.quantity = "2.5".parse().ok();
        line.unit = Some("kg".into());
        line.price = "1".parse().ok();
        line.family = Some(article[..1].into());
        line
    };
    let lines: Vec<SaleLine> = articles.iter().map(line).collect();
    let net = lines.iter().map(|line| line.net).sum();
    let value = Value::from(Sale { lines, ..Sale::new(SaleSort::Invoice, on, Currency::EUR, net) });
    let record = OfficeWrite {
        kind: "sale".into(),
        source: "erp".into(),
        key: key.into(),
        client: Some(client),
        territory: None,
        value: Some(value.encode()),
    };
    world.app().storage.put_office(&[record], 1).unwrap();
}

fn on_phone(phone: &Phone, client: &ClientId) -> Offers {
    let read = |conn: &rusqlite::Connection| Ok(offers::read(conn, client, date(0))?);
    phone.engine.store().read::<_, StoreError>(read).unwrap().unwrap()
}

#[test]
fn a_phone_offers_what_the_relay_would() {
    let world = World::new();
    let (north, south) = (world.territory("Norte"), world.territory("Sur"));
    let (ana, luis) = (world.phone("Ana", &[north]), world.phone("Luis", &[south]));
    let add = |phone: &Phone, territory, n: usize| {
        let name = super::world::text("name", &format!("Bar {n}"));
        phone.engine.create_client(NewClient { fields: vec![name], territory: Some(territory) }).unwrap()
    };
    // Six clients of the south buy bread and butter, three of the north bread alone.
    let southern: Vec<ClientId> = (0..6).map(|n| add(&luis, south, n)).collect();
    let northern: Vec<ClientId> = (6..9).map(|n| add(&ana, north, n)).collect();
    luis.sync();
    ana.sync();
    for (n, client) in southern.iter().enumerate() {
        sale(&world, &format!("S{n}"), *client, date(10), &["PAN", "MANTEQUILLA"]);
    }
    for (n, client) in northern.iter().enumerate() {
        for week in 0..5 {
            sale(&world, &format!("N{n}-{week}"), *client, date(8 + 7 * week), &["PAN"]);
        }
    }
    let rules = cross_sell::refit(world.app(), By::CONSOLE, date(0)).unwrap();
    assert_eq!(rules.keys().map(String::as_str).collect::<Vec<_>>(), ["article", "family"]);
    assert_eq!(rules["article"].clients, 9);
    // Everybody buys bread, so who buys it buys butter no more often than by chance.
    assert_eq!(rules["article"].rules, []);
    ana.sync();
    luis.sync();
    let relay = rusqlite::Connection::open(world.data().database()).unwrap();
    for (phone, clients) in [(&ana, &northern), (&luis, &southern)] {
        for client in clients {
            let here = on_phone(phone, client);
            assert_eq!(offers::read(&relay, client, date(0)).unwrap().unwrap(), here);
            assert_eq!(
                here.articles.iter().any(|article| article.standing == Standing::Due),
                phone.person == ana.person
            );
        }
    }
    // Six of nine who buy bread buy butter too, where that will do.
    let suggested = |phone: &Phone| {
        let found = on_phone(phone, &northern[0]).cross_sell;
        found.iter().map(|of| (of.rule.buys.clone(), of.rule.both, of.clients)).collect::<Vec<_>>()
    };
    assert_eq!(suggested(&ana), []);
    let setting = [("cross_sell_lift_percent".to_owned(), "100".to_owned())];
    cartera_relay::settings::policy::change(world.app(), By::CONSOLE, &setting).unwrap();
    cross_sell::refit(world.app(), By::CONSOLE, date(0)).unwrap();
    ana.sync();
    assert_eq!(suggested(&ana), [("MANTEQUILLA".to_owned(), 6, 9), ("M".to_owned(), 6, 9)]);
    // An article that the catalogue does not have is not offered; its family is.
    let listed = ana
        .engine
        .store()
        .read::<_, StoreError>(|conn| Ok(query::offers::of_client(conn, &northern[0], date(0), 10)?));
    let listed = listed.unwrap().unwrap();
    assert_eq!((listed.basket.total, listed.due.items[0].name.as_str()), (1, "PAN"));
    assert_eq!((listed.cross_sell.total, listed.cross_sell.items[0].buys.as_str()), (1, "M"));
    // A rule that is none any more is taken back everywhere.
    let stricter = [("cross_sell_clients_min".to_owned(), "7".to_owned())];
    cartera_relay::settings::policy::change(world.app(), By::CONSOLE, &stricter).unwrap();
    cross_sell::refit(world.app(), By::CONSOLE, date(0)).unwrap();
    ana.sync();
    assert_eq!(suggested(&ana), []);
}
