//! Which of several price conditions counts.

use cartera_core::model::office::{Article, Item, Price, Scope};
use cartera_core::model::{BusinessDate, ClientId, Currency, Decimal};
use cartera_core::query::catalogue;
use cartera_core::query::prices::{Origin, Quote, quote};
use cartera_core::rows::office::{self, OfficeEntry};
use cartera_core::store::StoreError;

use super::{Device, text};

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn eur() -> Currency {
    "EUR".parse().unwrap()
}

fn day(day: i8) -> BusinessDate {
    BusinessDate::from_ymd(2026, 11, day).unwrap()
}

fn condition(device: &Device, number: u64, key: &str, scope: Scope, change: impl FnOnce(&mut Price)) {
    let mut price = Price::new(eur());
    change(&mut price);
    device.office(number, Item::new("erp", key, scope, price).unwrap());
}

fn ask(device: &Device, client: &ClientId, quantity: &str, on: BusinessDate) -> Quote {
    let read = device
        .engine
        .store()
        .read::<_, StoreError>(|conn| Ok(quote(conn, client, "A1", decimal(quantity), eur(), on)?));
    read.unwrap().unwrap()
}

fn shop() -> (Device, ClientId) {
    let device = Device::new(1);
    let client = device.client("Bar");
    let mut article = Article::new("Café molido");
    article.family = Some("café".into());
    article.price = Some(decimal("9.50"));
    article.currency = Some(eur());
    device.office(1, Item::new("erp", "A1", Scope::Workspace, article).unwrap());
    (device, client)
}

#[test]
fn the_nearest_condition_counts_and_says_where_it_comes_from() {
    let (device, client) = shop();
    let price = |quote: Quote| (quote.price, quote.origin);
    assert_eq!(price(ask(&device, &client, "1", day(2))), (Some(decimal("9.5")), Origin::Article));
    condition(&device, 2, "all", Scope::Workspace, |p| {
        p.article = Some("A1".into());
        p.price = Some(decimal("9"));
    });
    assert_eq!(price(ask(&device, &client, "1", day(2))), (Some(decimal("9")), Origin::Everybody));
    condition(&device, 3, "list", Scope::Workspace, |p| {
        p.article = Some("A1".into());
        p.price_list = Some("T2".into());
        p.price = Some(decimal("8.75"));
    });
    assert_eq!(
        ask(&device, &client, "1", day(2)).origin,
        Origin::Everybody,
        "the client has no price list yet"
    );
    device.engine.edit_client(&client, vec![text("price_list", "T2")]).unwrap();
    assert_eq!(price(ask(&device, &client, "1", day(2))), (Some(decimal("8.75")), Origin::PriceList));
    condition(&device, 4, "own", Scope::Client(client), |p| {
        p.article = Some("A1".into());
        p.price = Some(decimal("8.123456"));
        p.from = Some(day(10));
        p.until = Some(day(20));
    });
    assert_eq!(ask(&device, &client, "1", day(9)).origin, Origin::PriceList);
    for on in [10, 20] {
        assert_eq!(price(ask(&device, &client, "1", day(on))), (Some(decimal("8.123456")), Origin::Client));
    }
    assert_eq!(ask(&device, &client, "1", day(21)).origin, Origin::PriceList);
}

#[test]
fn quantity_steps_currency_net_prices_and_withdrawn_conditions_hold() {
    let (device, client) = shop();
    for (number, key, least, price) in
        [(2, "p1", None, "9"), (3, "p12", Some("12"), "8"), (4, "p60", Some("60"), "7")]
    {
        condition(&device, number, key, Scope::Workspace, |p| {
            p.article = Some("A1".into());
            p.min_quantity = least.map(decimal);
            p.price = Some(decimal(price));
        });
    }
    let at = |quantity: &str| ask(&device, &client, quantity, day(2)).price.unwrap();
    assert_eq!(
        [at("11.999"), at("12"), at("59"), at("60")],
        [decimal("9"), decimal("8"), decimal("8"), decimal("7")]
    );
    condition(&device, 5, "discount", Scope::Client(client), |p| {
        p.family = Some("café".into());
        p.discounts = vec![decimal("5"), decimal("2.5")];
    });
    let quote = ask(&device, &client, "1", day(2));
    assert_eq!((quote.price, quote.discounts.len()), (Some(decimal("9")), 2));
    condition(&device, 6, "net", Scope::Client(client), |p| {
        p.article = Some("A1".into());
        p.price = Some(decimal("8.9"));
        p.net = true;
    });
    let quote = ask(&device, &client, "1", day(2));
    assert_eq!((quote.price, quote.net, quote.discounts.len()), (Some(decimal("8.9")), true, 0));
    assert_eq!(quote.number, Some(6));
    let gone = OfficeEntry {
        kind: "price".into(),
        source: "erp".into(),
        key: "net".into(),
        client: Some(client),
        territory: None,
        value: None,
    };
    device.engine.store().write::<_, StoreError>(|tx| Ok(office::put(tx, &gone, 7)?)).unwrap();
    assert_eq!(ask(&device, &client, "1", day(2)).price, Some(decimal("9")));
    let other = device.engine.store().read::<_, StoreError>(|conn| quote_in(conn, &client, "USD"));
    assert_eq!(other.unwrap(), None, "nobody has said what it costs in dollars");
}

fn quote_in(
    conn: &rusqlite::Connection,
    client: &ClientId,
    currency: &str,
) -> Result<Option<Decimal>, StoreError> {
    Ok(quote(conn, client, "A1", decimal("1"), currency.parse().unwrap(), day(2))?
        .and_then(|quote| quote.price))
}

#[test]
fn articles_are_found_by_code_name_family_and_barcode_and_leave_when_withdrawn() {
    let (device, _) = shop();
    let mut article = Article::new("Azúcar moreno");
    article.family = Some("azúcar".into());
    article.ean = Some("8410000000017".into());
    device.office(2, Item::new("erp", "B-7", Scope::Workspace, article.clone()).unwrap());
    let search = |typed: &str| {
        let found =
            device.engine.store().read::<_, StoreError>(|conn| Ok(catalogue::search(conn, typed, 9)?));
        found.unwrap().into_iter().map(|row| row.code).collect::<Vec<_>>()
    };
    for typed in ["b-7", "azuc", "moreno azu", "841000"] {
        assert_eq!(search(typed), ["B-7"], "{typed}");
    }
    let families =
        device.engine.store().read::<_, StoreError>(|conn| Ok(catalogue::families(conn)?)).unwrap();
    assert_eq!(families, [("azúcar".into(), 1), ("café".into(), 1)]);
    article.withdrawn = true;
    device.office(3, Item::new("erp", "B-7", Scope::Workspace, article).unwrap());
    assert!(search("azuc").is_empty());
    let scanned =
        device.engine.store().read::<_, StoreError>(|conn| Ok(catalogue::by_barcode(conn, "8410000000017")?));
    assert_eq!(scanned.unwrap().map(|row| row.name), Some("Azúcar moreno".into()));
}
