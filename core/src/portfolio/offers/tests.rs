#![allow(clippy::unwrap_used)] // a test that cannot be set up has failed

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params;

use super::*;
use crate::env::{Env, SeededEnv};
use crate::metrics::cross_sell::Plan;
use crate::model::office::{
    Article as CatalogueArticle, CrossSell, CrossSellRule, KnownKind, Level, Price, Sale, SaleLine, SaleSort,
    Setting, Value,
};
use crate::model::profile::Scalar;
use crate::model::{Currency, Decimal};
use crate::rows::client::set_alias;
use crate::rows::office::{OfficeEntry, put};

const CLIENTS: u8 = 6;

fn client(n: u8) -> ClientId {
    ClientId::from_bytes([n; 16])
}

fn date(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn store() -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    rows::MIGRATIONS.iter().for_each(|sql| conn.execute_batch(sql).unwrap());
    for n in 1..=CLIENTS {
        let sql = "INSERT INTO documents (doc, id, generation, heads, acked, max_op, size)
                   VALUES (?1, ?2, 0, x'', x'', 0, 0)";
        conn.execute(sql, params![n, client(n)]).unwrap();
        let sector = (n <= 3).then_some("bar");
        conn.execute(
            "INSERT INTO clients (doc, id, sector) VALUES (?1, ?2, ?3)",
            params![n, client(n), sector],
        )
        .unwrap();
    }
    conn
}

/// Each later than what was there.
fn keep(conn: &Connection, key: &str, who: Option<u8>, value: impl Into<Value>) {
    let value = value.into();
    let number: u64 =
        conn.query_row("SELECT coalesce(max(number), 0) + 1 FROM office", [], |row| row.get(0)).unwrap();
    let entry = OfficeEntry {
        kind: value.kind().unwrap().name().into(),
        source: if matches!(value.kind(), Some(KnownKind::CrossSell | KnownKind::Setting)) {
            ""
        } else {
            "erp"
        }
        .into(),
        key: key.into(),
        client: who.map(client),
        territory: None,
        value: Some(value.encode()),
    };
    assert!(put(conn, &entry, number).unwrap());
}

fn line(article: &str, quantity: &str, unit: &str, net: i64) -> SaleLine {
    let quantity = (!quantity.is_empty()).then(|| decimal(quantity));
    let price = (net > 0).then(|| Decimal::new(net, 2).unwrap());
    SaleLine { quantity, unit: Some(unit.into()), price, ..SaleLine::new(Some(article.into()), net) }
}

fn sale(sort: SaleSort, on: &str, lines: Vec<SaleLine>) -> Sale {
    let net = lines.iter().map(|line| line.net).sum();
    Sale { lines, ..Sale::new(sort, date(on), Currency::EUR, net) }
}

fn invoice(on: &str, articles: &[&str]) -> Sale {
    sale(SaleSort::Invoice, on, articles.iter().map(|article| line(article, "1", "ud", 100)).collect())
}

fn of(conn: &Connection, who: u8, as_of: &str) -> Offers {
    read(conn, &client(who), date(as_of)).unwrap().unwrap()
}

fn codes(articles: &[&Article]) -> Vec<String> {
    articles.iter().map(|article| article.code.clone()).collect()
}

#[test]
fn a_basket_says_how_much_how_often_and_at_what_price() {
    let conn = store();
    // Every ten days, the last time twice as much and dearer.
    for (n, (on, quantity, net)) in [
        ("2026-06-01", "2.5", 250),
        ("2026-06-11", "3", 300),
        ("2026-06-21", "2.5", 250),
        ("2026-07-01", "5", 700),
    ]
    .into_iter()
    .enumerate()
    {
        let lines = vec![line("CAFE", quantity, "kg", net), line("RARE", "1", "ud", 1)];
        let lines = if n < 2 { lines } else { lines[..1].to_vec() };
        keep(&conn, &format!("F{n}"), Some(1), sale(SaleSort::Invoice, on, lines));
    }
    let found = of(&conn, 1, "2026-07-10");
    assert_eq!((found.documents, found.events, found.from), (4, 4, date("2025-04-10")));
    let [coffee] = found.basket()[..] else { panic!("{:?}", found.basket()) };
    assert_eq!((coffee.code.as_str(), coffee.purchases, coffee.standing), ("CAFE", 4, Standing::Usual));
    assert_eq!((coffee.quantity, coffee.last_quantity), (Some(decimal("2.5")), Some(decimal("5"))));
    assert_eq!((coffee.unit.as_deref(), coffee.quantity_purchases), (Some("kg"), 4));
    assert_eq!((coffee.first, coffee.last), (date("2026-06-01"), date("2026-07-01")));
    let paid = coffee.last_price.as_ref().unwrap();
    assert_eq!((paid.price, paid.currency, paid.on), (decimal("7"), Currency::EUR, date("2026-07-01")));
    assert_eq!(coffee.net, BTreeMap::from([(Currency::EUR, 1_500)]));
    let rhythm = coffee.rhythm.value.unwrap();
    assert_eq!((rhythm.median_gap.days(), rhythm.p90_days, rhythm.since_days), (10.0, 10, 9));
    assert_eq!(coffee.due_on, Some(date("2026-07-11")));
    assert_eq!((found.due(), found.too_few()), (vec![], 1));
    // Due on its day, overdue on the next, and never given up while the client buys nothing else either.
    for (as_of, overdue) in [("2026-07-11", false), ("2026-07-12", true), ("2027-01-01", true)] {
        let found = of(&conn, 1, as_of);
        let [due] = found.due()[..] else { panic!("{as_of}") };
        assert_eq!((due.code.as_str(), due.is_overdue()), ("CAFE", overdue), "{as_of}");
    }
    // Nothing when there is nothing, and nobody who is not here.
    let nobody = of(&conn, 2, "2026-07-10");
    assert_eq!((nobody.articles, nobody.cross_sell, nobody.documents), (vec![], vec![], 0));
    assert_eq!(read(&conn, &client(99), date("2026-07-10")).unwrap(), None);
}

#[test]
fn what_came_back_was_not_bought_and_counts_on_its_day() {
    let conn = store();
    for (n, on) in ["2026-06-01", "2026-06-08", "2026-06-15", "2026-06-22"].into_iter().enumerate() {
        keep(&conn, &format!("F{n}"), Some(1), invoice(on, &["A", "B"]));
    }
    let back = |corrects: Option<&str>, quantity: &str| Sale {
        corrects: corrects.map(str::to_owned),
        ..sale(SaleSort::CreditNote, "2026-07-20", vec![line("A", quantity, "ud", -50)])
    };
    keep(&conn, "C1", Some(1), back(Some("F3"), "-1"));
    keep(&conn, "C2", Some(1), back(Some("F2"), "-0.5"));
    keep(&conn, "C3", Some(1), back(None, "-1"));
    let voided = Sale { voided: true, ..invoice("2026-07-01", &["A"]) };
    keep(&conn, "F9", Some(1), voided);
    keep(&conn, "D1", Some(1), Sale { sort: SaleSort::DeliveryNote, ..invoice("2026-07-02", &["A"]) });
    let found = of(&conn, 1, "2026-07-25");
    let [a, b] = &found.articles[..] else { panic!("{:?}", found.articles) };
    assert_eq!((a.purchases, a.last, b.purchases, b.last), (3, date("2026-06-15"), 4, date("2026-06-22")));
    assert_eq!((a.last_quantity, a.quantity), (Some(decimal("0.5")), Some(decimal("1"))));
    assert_eq!(a.net[&Currency::EUR], 400 - 150);
}

#[test]
fn an_article_was_given_up_while_the_client_buys_on() {
    let conn = store();
    // A every week for a month, B every week all along.
    for week in 0..12 {
        let on = date("2026-03-02").plus_days(week * 7).unwrap().to_string();
        keep(
            &conn,
            &format!("F{week:02}"),
            Some(1),
            invoice(&on, if week < 5 { &["A", "B"] } else { &["B"] }),
        );
    }
    // The last A was on 30 March: three of its weeks went by in the client's purchases on 20 April.
    for (as_of, stopped) in [("2026-04-19", false), ("2026-04-20", true), ("2026-05-18", true)] {
        let found = of(&conn, 1, as_of);
        assert_eq!(codes(&found.stopped()), if stopped { vec!["A"] } else { vec![] }, "{as_of}");
        assert_eq!(found.due().iter().any(|due| due.code == "A"), !stopped, "{as_of}");
        assert!(found.basket().iter().any(|article| article.code == "B"));
    }
    assert_eq!(of(&conn, 1, "2026-05-18").stopped()[0].rhythm.value.unwrap().since_days, 49);
}

#[test]
fn one_purchase_without_an_article_gives_nothing_up() {
    let conn = store();
    for on in ["2026-03-02", "2026-03-09", "2026-03-16"] {
        keep(&conn, on, Some(1), invoice(on, &["A", "B"]));
    }
    keep(&conn, "L1", Some(1), invoice("2026-06-01", &["B"]));
    assert_eq!(codes(&of(&conn, 1, "2026-06-01").stopped()), [] as [&str; 0]);
    keep(&conn, "L2", Some(1), invoice("2026-06-02", &["B"]));
    assert_eq!(codes(&of(&conn, 1, "2026-06-02").stopped()), ["A"]);
}

/// Days of the year on which a client is shut, in place of those that it had.
fn shut(conn: &Connection, who: u8, from: &str, to: &str) {
    use crate::model::profile::{self, ClientField, Key, ShutDays, ShutSpan};
    let spans = vec![ShutSpan::new(date(from), date(to), false)];
    let value = profile::Value::ShutDays(ShutDays::new(Vec::new(), spans)).to_scalar();
    conn.execute("INSERT OR IGNORE INTO actors (actor, id) VALUES (1, zeroblob(16))", []).unwrap();
    conn.execute("DELETE FROM fields WHERE doc = ?1", [who]).unwrap();
    let sql = "INSERT INTO fields (doc, key, counter, actor, live, value) VALUES (?1, ?2, 1, 1, 1, ?3)";
    let key = Key::Client(ClientField::ShutDays).to_string();
    conn.execute(sql, params![who, key, crate::rows::codec::value_to_blob(&value)]).unwrap();
}

#[test]
fn days_on_which_the_client_is_shut_are_none_of_an_articles_rhythm() {
    let conn = store();
    // A and B every week until the end of July, shut in August, then B alone.
    let weeks = [
        ("2026-07-06", &["A", "B"][..]),
        ("2026-07-13", &["A", "B"]),
        ("2026-07-20", &["A", "B"]),
        ("2026-07-27", &["A", "B"]),
        ("2026-09-03", &["B"]),
        ("2026-09-10", &["B"]),
        ("2026-09-17", &["B"]),
    ];
    for (on, articles) in weeks {
        keep(&conn, on, Some(1), invoice(on, articles));
    }
    let standings = |as_of: &str| {
        let found = of(&conn, 1, as_of);
        let standing = |code| found.articles.iter().find(|of| of.code == code).unwrap().standing;
        (standing("A"), standing("B"))
    };
    use Standing::{Due, Stopped, Usual};
    // By the calendar both are due all of August, and A was given up with the second purchase of September.
    assert_eq!((standings("2026-08-31"), standings("2026-09-10")), ((Due, Due), (Stopped, Usual)));
    shut(&conn, 1, "2026-08-01", "2026-08-31");
    // Four days of July count, and the first three of September.
    assert_eq!((standings("2026-08-31"), standings("2026-09-02")), ((Usual, Usual), (Usual, Usual)));
    assert_eq!(standings("2026-09-10"), (Due, Usual));
    // Three of its weeks went by in the client's purchases: 4 + 17 open days.
    assert_eq!((standings("2026-09-16").0, standings("2026-09-17").0), (Due, Stopped));
    let found = of(&conn, 1, "2026-09-17");
    let [a, b] = &found.articles[..] else { panic!("{:?}", found.articles) };
    assert_eq!((a.due_on, b.due_on), (Some(date("2026-09-03")), Some(date("2026-09-24"))));
    let rhythm = b.rhythm.value.unwrap();
    assert_eq!(
        (rhythm.median_gap.days(), rhythm.p90_days),
        (7.0, 7),
        "the gap of August is one of 7 days too"
    );
}

#[test]
fn a_credit_note_counts_on_the_day_of_its_own_clients_document_alone() {
    let conn = store();
    for (n, on) in ["2026-06-01", "2026-06-08", "2026-06-15"].into_iter().enumerate() {
        keep(&conn, &format!("F{n}"), Some(1), invoice(on, &["A"]));
        keep(&conn, &format!("G{n}"), Some(2), invoice(on, &["A"]));
    }
    let back = |corrects: &str| Sale {
        corrects: Some(corrects.into()),
        ..sale(SaleSort::CreditNote, "2026-06-15", vec![line("A", "-1", "ud", -100)])
    };
    let days = || of(&conn, 1, "2026-06-30").articles[0].purchases;
    // Another client's document, itself, and one that is not there: its own day, on which as much came back as was sold.
    for corrects in ["G0", "C1", "F9"] {
        keep(&conn, "C1", Some(1), back(corrects));
        assert_eq!(
            (days(), of(&conn, 1, "2026-06-30").articles[0].last),
            (2, date("2026-06-08")),
            "{corrects}"
        );
    }
    keep(&conn, "C1", Some(1), back("F0"));
    assert_eq!(of(&conn, 1, "2026-06-30").articles[0].first, date("2026-06-08"));
}

#[test]
fn lists_are_named_by_the_catalogue_and_cut_where_they_are_asked_to_be() {
    let conn = store();
    for (n, on) in ["2026-06-01", "2026-06-08", "2026-06-15"].into_iter().enumerate() {
        let mut made = invoice(on, &["A", "B", "C"]);
        made.lines[1].description = Some("b on paper".into());
        keep(&conn, &format!("F{n}"), Some(1), made);
    }
    let article = |name: &str, withdrawn, out_of_stock| CatalogueArticle {
        withdrawn,
        out_of_stock,
        ..CatalogueArticle::new(name)
    };
    keep(&conn, "A", None, article("Aceite", true, false));
    for (key, withdrawn, out_of_stock) in [("X", false, false), ("Y", true, false), ("Z", false, true)] {
        keep(&conn, key, None, article(&key.to_lowercase(), withdrawn, out_of_stock));
    }
    let mut rules = CrossSell::new(Level::Article, None, date("2026-04-02"), date("2026-06-30"), 40);
    let rule = |has: &str, buys: &str, both| CrossSellRule::new(has, buys, (20, 20, both));
    rules.rules = vec![rule("A", "Y", 19), rule("A", "Z", 18), rule("B", "X", 17), rule("A", "?", 16)];
    keep(&conn, "article", None, rules);
    let found = named(&conn, &client(1), date("2026-06-16"), 2).unwrap().unwrap();
    let told: Vec<_> =
        found.basket.items.iter().map(|of| (of.name.as_str(), of.on_sale, of.out_of_stock)).collect();
    assert_eq!((told, found.basket.total), (vec![("Aceite", false, false), ("b on paper", false, false)], 3));
    // What is withdrawn, out of stock or in no catalogue is not offered.
    let told: Vec<_> = found.cross_sell.items.iter().map(|of| (of.has.as_str(), of.buys.as_str())).collect();
    assert_eq!((told, found.cross_sell.total), (vec![("B", "x")], 1));
    let offers = of(&conn, 1, "2026-06-16");
    let page = |page| bought(&conn, offers.basket(), page).unwrap();
    let names = |page| {
        bought(&conn, offers.basket(), page).unwrap().items.into_iter().map(|of| of.name).collect::<Vec<_>>()
    };
    assert_eq!(
        (names((1, 1)), names((2, 9)), names((3, 9))),
        (vec!["b on paper".into()], vec!["C".to_owned()], vec![])
    );
    assert_eq!(page((9, 9)).total, 3);
}

#[test]
fn an_order_that_waits_to_be_invoiced_is_not_due() {
    use crate::model::office::{OrderStage, OrderState};
    use crate::model::record::{Body, Clock, Header, Line, Purchase, PurchaseSort, Record};
    let conn = store();
    for (n, on) in ["2026-06-01", "2026-06-08", "2026-06-15"].into_iter().enumerate() {
        keep(&conn, &format!("F{n}"), Some(1), invoice(on, &["A", "B"]));
    }
    let header = Header {
        version: Record::VERSION,
        at_ms: 0,
        date: date("2026-06-20"),
        zone: "Europe/Madrid".into(),
        clock: Clock::Trusted,
        amends: None,
        voids: None,
    };
    let lines = vec![Line::new("A", decimal("1"), "ud")];
    let order = Purchase { lines, ..Purchase::new(PurchaseSort::Order, Currency::EUR) };
    let record = Record { header, body: Body::Purchase(order) };
    let id = crate::model::RecordId::from_bytes([7; 16]);
    conn.execute("INSERT INTO actors (actor, id) VALUES (1, zeroblob(16))", []).unwrap();
    conn.execute(
        "INSERT INTO records (doc, kind, id, counter, actor, family, voids, root, shown, orphan, latest, at, date, value)
         VALUES (1, 'p', ?1, 1, 1, ?1, 0, ?1, 1, 0, 0, 0, ?2, ?3)",
        params![id, date("2026-06-20").days(), record.encode()],
    )
    .unwrap();
    let due = || codes(&of(&conn, 1, "2026-06-25").due());
    assert_eq!(due(), ["B"]);
    let found = of(&conn, 1, "2026-06-25");
    assert_eq!(found.articles[0].ordered_on, Some(date("2026-06-20")));
    assert_eq!(codes(&of(&conn, 1, "2026-06-19").due()), [] as [&str; 0], "seven days are not over");
    for (stage, expected) in [
        (OrderStage::Received, vec!["B"]),
        (OrderStage::Declined, vec!["A", "B"]),
        (OrderStage::Registered, vec!["B"]),
        (OrderStage::Invoiced, vec!["A", "B"]),
    ] {
        keep(&conn, &id.to_string(), Some(1), OrderState::new(stage, 1));
        assert_eq!(due(), expected, "{stage:?}");
    }
    // Where reps' purchases are the sales, the order is one.
    let source = Setting::new(Scalar::Text("purchases".into()));
    keep(&conn, sales::SALES_SOURCE, None, source);
    keep(&conn, &id.to_string(), Some(1), OrderState::new(OrderStage::Registered, 1));
    let logged = of(&conn, 1, "2026-06-25");
    assert_eq!(
        (logged.documents, codes(&logged.articles.iter().collect::<Vec<_>>())),
        (1, vec!["A".to_owned()])
    );
}

#[test]
fn lines_before_the_window_that_phones_keep_are_not_looked_at() {
    let conn = store();
    keep(&conn, "F1", Some(1), invoice("2025-12-01", &["A"]));
    let late = Sale { corrects: Some("F1".into()), ..sale(SaleSort::CreditNote, "2026-02-01", vec![]) };
    let late = Sale { lines: vec![line("A", "-1", "ud", -100)], net: -100, ..late };
    keep(&conn, "C1", Some(1), late);
    assert_eq!(of(&conn, 1, "2026-06-30").articles, [], "it came back");
    assert_eq!(of(&conn, 1, "2026-06-30").documents, 2);
    let kept = Setting::new(Scalar::Text("2026-01-01".into()));
    keep(&conn, window::SALES_FROM, None, kept);
    // As on a phone, which does not have the first one any more.
    let found = of(&conn, 1, "2026-06-30");
    assert_eq!((found.from, found.documents, found.articles), (date("2026-01-01"), 1, vec![]));
}

#[test]
fn the_next_dearer_article_of_the_family_at_the_clients_own_prices() {
    let conn = store();
    let article = |code: &str, price: &str, edit: &dyn Fn(&mut CatalogueArticle)| {
        let mut made = CatalogueArticle {
            family: Some("Vino".into()),
            unit: Some("bot".into()),
            price: Some(decimal(price)),
            currency: Some(Currency::EUR),
            ..CatalogueArticle::new(code.to_lowercase())
        };
        edit(&mut made);
        keep(&conn, code, None, made);
    };
    article("V1", "4", &|_| ());
    article("V2", "6", &|_| ());
    article("V3", "5", &|_| ());
    article("V4", "4.5", &|article| article.withdrawn = true);
    article("V5", "4.5", &|article| article.out_of_stock = true);
    article("V6", "4.5", &|article| article.unit = Some("caja".into()));
    article("V7", "4.5", &|article| article.family = Some("Agua".into()));
    article("V8", "4.5", &|article| article.currency = Some(Currency::USD));
    let step = |who, code: &str| {
        let found =
            up_sell(&conn, &client(who), code, decimal("1"), Currency::EUR, date("2026-06-01")).unwrap();
        found.map(|step| (step.article, step.price.to_string(), step.by.to_string(), step.compared))
    };
    let told = |code: &str, price: &str, by: &str, compared| {
        Some((code.to_owned(), price.to_owned(), by.to_owned(), compared))
    };
    assert_eq!(step(1, "V1"), told("V3", "5", "1", 4));
    assert_eq!(step(1, "V2"), None, "the dearest");
    assert_eq!((step(1, "V7"), step(1, "V8"), step(1, "XX")), (None, None, None));
    // This client has a quarter off V2 and pays 5.5 for V3.
    let off =
        Price { article: Some("V2".into()), discounts: vec![decimal("25")], ..Price::new(Currency::EUR) };
    keep(&conn, "P1", Some(1), off);
    let own = Price { article: Some("V3".into()), price: Some(decimal("5.5")), ..Price::new(Currency::EUR) };
    keep(&conn, "P2", Some(1), own);
    assert_eq!(step(1, "V1"), told("V2", "4.5", "0.5", 4));
    assert_eq!(step(2, "V1"), told("V3", "5", "1", 4));
}

#[test]
fn complements_and_substitutes_are_what_the_catalogue_says() {
    let conn = store();
    let article = |code: &str, goes_with: &[&str], instead: &[&str], withdrawn, out_of_stock| {
        let list = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
        let made = CatalogueArticle {
            goes_with: list(goes_with),
            instead: list(instead),
            withdrawn,
            out_of_stock,
            ..CatalogueArticle::new(code)
        };
        keep(&conn, code, None, made);
    };
    article("A", &["C", "B", "X", "W"], &["W", "O", "B", "A"], false, false);
    article("B", &["C", "O"], &[], false, false);
    article("C", &[], &[], false, false);
    article("W", &[], &[], true, false);
    article("O", &[], &[], false, true);
    let codes =
        |found: Vec<(String, CatalogueArticle)>| found.into_iter().map(|(code, _)| code).collect::<Vec<_>>();
    let order = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
    assert_eq!(codes(goes_with(&conn, &order(&["A"])).unwrap()), ["C", "B"]);
    assert_eq!(codes(goes_with(&conn, &order(&["B", "A", "?"])).unwrap()), ["C", "O"]);
    assert_eq!(codes(instead(&conn, "A").unwrap()), ["B"]);
    assert_eq!(codes(instead(&conn, "?").unwrap()), [] as [&str; 0]);
}

#[test]
fn rules_come_from_everybodys_lines_and_suggest_what_a_client_does_not_buy() {
    let conn = store();
    let with_family = |articles: &[&str]| {
        let mut made = invoice("2026-06-10", articles);
        made.lines.iter_mut().for_each(|line| {
            let code = line.article.clone().unwrap();
            line.family = Some(code[..1].to_owned());
        });
        made
    };
    for (who, articles) in
        [(1, &["A1", "B1"][..]), (2, &["A1", "B1"]), (3, &["A1", "B1", "C1"]), (4, &["C1"]), (5, &["A1"])]
    {
        keep(&conn, &format!("F{who}"), Some(who), with_family(articles));
    }
    // Too long ago for an assortment, but known.
    keep(&conn, "F5b", Some(5), Sale { date: date("2026-04-01"), ..with_family(&["C1"]) });
    let as_of = date("2026-06-30");
    let plan = Plan { clients_min: 3, support_percent: 10, lift_percent: 110 };
    let made = rules(&conn, plan, as_of).unwrap();
    assert_eq!(made.keys().map(String::as_str).collect::<Vec<_>>(), ["article", "family"]);
    let rule = |has: &str, buys: &str, counts| CrossSellRule::new(has, buys, counts);
    let of_all = &made["article"];
    assert_eq!((of_all.clients, of_all.from, of_all.to), (5, date("2026-04-02"), as_of));
    assert_eq!(of_all.rules, [rule("B1", "A1", (3, 4, 3)), rule("A1", "B1", (4, 3, 3))]);
    assert_eq!(made["family"].rules, [rule("B", "A", (3, 4, 3)), rule("A", "B", (4, 3, 3))]);
    for (key, record) in &made {
        keep(&conn, key, None, record.clone());
    }
    let told = |who| {
        let found = of(&conn, who, "2026-06-30").cross_sell;
        found
            .iter()
            .map(|of| {
                (of.level.as_str(), of.rule.has.clone(), of.rule.buys.clone(), of.clients, of.sector.clone())
            })
            .collect::<Vec<_>>()
    };
    let one = |level, has: &str, buys: &str, clients, sector: Option<&str>| {
        (level, has.to_owned(), buys.to_owned(), clients, sector.map(str::to_owned))
    };
    assert_eq!(told(5), [one("article", "A1", "B1", 5, None), one("family", "A", "B", 5, None)]);
    assert_eq!((told(1), told(4)), (vec![], vec![]));
    // A kind of establishment with rules of its own has those alone.
    let mut of_bars = CrossSell::new(Level::Article, Some("bar".into()), date("2026-04-02"), as_of, 40);
    of_bars.rules = vec![
        rule("A1", "Z1", (20, 10, 9)),
        rule("B1", "Z1", (20, 10, 10)),
        rule("A1", "Y1", (20, 20, 15)),
        rule("A1", "B1", (20, 20, 15)),
    ];
    keep(&conn, &key(Level::Article, Some("bar")).unwrap(), None, of_bars);
    assert_eq!(
        told(1),
        [one("article", "A1", "Y1", 40, Some("bar")), one("article", "B1", "Z1", 40, Some("bar"))]
    );
    assert_eq!(told(5).len(), 2);
    // What was bought once is not new, and merged clients are one.
    set_alias(&conn, 4, Some(&client(5))).unwrap();
    keep(&conn, "F4b", Some(4), with_family(&["B1"]));
    assert_eq!((told(5), told(4)), (vec![], vec![]));
    assert_eq!(key(Level::Family, Some(&"\u{1f980}".repeat(31))), None);
}

// A second implementation, over the raw documents, by other means.

struct Dice(SeededEnv);

impl Dice {
    fn below(&self, n: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        (u64::from_le_bytes(bytes) % n as u64) as usize
    }
}

#[derive(Debug, Clone)]
struct Raw {
    key: String,
    sort: SaleSort,
    voided: bool,
    day: i32,
    corrects: Option<String>,
    /// Article, tenths, unit, net.
    lines: Vec<(usize, Option<i64>, usize, i64)>,
}

const START: i32 = 20_000;

fn raw(dice: &Dice) -> Vec<Raw> {
    let count = 5 + dice.below(60);
    let mut made: Vec<Raw> = Vec::new();
    for n in 0..count {
        let sort = match dice.below(12) {
            0 | 1 => SaleSort::CreditNote,
            2 => SaleSort::DeliveryNote,
            _ => SaleSort::Invoice,
        };
        let corrects = (sort == SaleSort::CreditNote && dice.below(3) > 0)
            .then(|| made.get(dice.below(made.len().max(1))).map(|raw| raw.key.clone()))
            .flatten();
        let sign = if sort == SaleSort::CreditNote { -1 } else { 1 };
        let lines = (0..1 + dice.below(4)).map(|_| {
            let quantity = (dice.below(6) > 0).then(|| sign * (1 + dice.below(40)) as i64);
            (dice.below(7), quantity, dice.below(8) / 7, sign * dice.below(500) as i64)
        });
        let lines = lines.collect();
        let voided = dice.below(15) == 0;
        made.push(Raw {
            key: format!("F{n:03}"),
            sort,
            voided,
            day: dice.below(520) as i32,
            corrects,
            lines,
        });
    }
    made
}

type Told = (
    String,
    u64,
    i32,
    i32,
    Option<String>,
    Option<String>,
    Option<i64>,
    Option<(i64, i64, i64)>,
    &'static str,
    i64,
);

fn naively(raws: &[Raw], from: i32, as_of: i32) -> Vec<Told> {
    let seen = |raw: &&Raw| !raw.voided && matches!(raw.sort, SaleSort::Invoice | SaleSort::CreditNote);
    let day_of = |raw: &Raw| {
        let target = raws.iter().find(|other| Some(&other.key) == raw.corrects.as_ref() && other.day >= from);
        target.map_or(raw.day, |target| target.day)
    };
    let mut here: Vec<(i32, &Raw)> = raws
        .iter()
        .filter(|raw| raw.day >= from)
        .filter(seen)
        .map(|raw| (day_of(raw), raw))
        .filter(|(day, _)| *day >= from && *day <= as_of)
        .collect();
    here.sort_by_key(|(day, raw)| (*day, raw.key.clone()));
    let all_days: BTreeSet<i32> = here.iter().map(|(day, _)| *day).collect();
    let events: Vec<i32> = all_days
        .iter()
        .copied()
        .filter(|day| {
            let of_day = || here.iter().filter(|(on, _)| on == day).map(|(_, raw)| raw);
            let net: i64 = of_day().flat_map(|raw| &raw.lines).map(|line| line.3).sum();
            net >= 0 && of_day().any(|raw| raw.sort == SaleSort::Invoice)
        })
        .collect();
    (0..7)
        .filter_map(|article| {
            let lines: Vec<_> = here
                .iter()
                .flat_map(|(day, raw)| raw.lines.iter().map(move |line| (*day, raw.sort, line)))
                .filter(|(.., line)| line.0 == article)
                .collect();
            let sum = |day: i32, unit: usize| -> Option<i64> {
                let known: Vec<i64> = lines
                    .iter()
                    .filter(|(on, _, line)| *on == day && line.2 == unit)
                    .filter_map(|(.., line)| line.1)
                    .collect();
                (!known.is_empty()).then(|| known.iter().sum())
            };
            let days: Vec<i32> = all_days
                .iter()
                .copied()
                .filter(|day| {
                    let mut of_day = lines.iter().filter(|(on, ..)| on == day);
                    let sold = of_day.clone().any(|(_, sort, _)| *sort == SaleSort::Invoice);
                    let left = if of_day.clone().any(|(.., line)| line.1.is_some()) {
                        (0..2).any(|unit| sum(*day, unit).is_some_and(|sum| sum > 0))
                    } else {
                        of_day.by_ref().map(|(.., line)| line.3).sum::<i64>() >= 0
                    };
                    sold && left
                })
                .collect();
            let (first, last) = (*days.first()?, *days.last()?);
            let unit = lines.iter().rfind(|(on, sort, _)| *on == last && *sort == SaleSort::Invoice)?.2.2;
            let mut quantities: Vec<i64> =
                days.iter().filter_map(|day| sum(*day, unit)).filter(|sum| *sum > 0).collect();
            quantities.sort_unstable();
            let usual = match quantities.len() {
                0 => None,
                n if n % 2 == 1 => Some(quantities[n / 2]),
                n => Some(quantities[n / 2 - 1]),
            };
            let paid = lines
                .iter()
                .rfind(|(on, sort, line)| days.contains(on) && *sort == SaleSort::Invoice && line.3 > 0)
                .map(|(.., line)| line.3);
            let mut gaps: Vec<i64> = days.windows(2).map(|pair| i64::from(pair[1] - pair[0])).collect();
            gaps.sort_unstable();
            let rhythm = (days.len() >= 3).then(|| {
                let middle = gaps.len() / 2;
                let twice =
                    if gaps.len() % 2 == 1 { 2 * gaps[middle] } else { gaps[middle - 1] + gaps[middle] };
                let ninth = *gaps
                    .iter()
                    .find(|gap| 10 * gaps.iter().filter(|other| other <= gap).count() >= 9 * gaps.len())
                    .unwrap();
                (twice, ninth, i64::from(as_of - last))
            });
            let standing = match rhythm {
                None => "too_few",
                Some((twice, ninth, since)) => {
                    let later: Vec<i64> =
                        events.iter().filter(|on| **on > last).map(|on| i64::from(on - last)).collect();
                    let bought_on = later.last().copied().unwrap_or(0);
                    if later.len() >= 2 && bought_on >= 3 * ((twice + 1) / 2) && bought_on > ninth {
                        "stopped"
                    } else if since * 2 >= twice {
                        "due"
                    } else {
                        "usual"
                    }
                }
            };
            let net = lines.iter().map(|(.., line)| line.3).sum();
            let tenths = |n: i64| Decimal::new(n, 1).unwrap().to_string();
            Some((
                format!("A{article}"),
                days.len() as u64,
                first,
                last,
                usual.map(tenths),
                sum(last, unit).filter(|sum| *sum > 0).map(tenths),
                paid,
                rhythm,
                standing,
                net,
            ))
        })
        .collect()
}

#[test]
fn a_second_implementation_over_raw_documents_says_the_same() {
    let mut standings = BTreeMap::<&str, usize>::new();
    for seed in 0..300 {
        let dice = Dice(SeededEnv::new(seed, 0));
        let raws = raw(&dice);
        let conn = store();
        for raw in &raws {
            let lines = raw.lines.iter().map(|(article, tenths, unit, net)| SaleLine {
                quantity: tenths.map(|tenths| Decimal::new(tenths, 1).unwrap()),
                unit: Some(["ud", "caja"][*unit].into()),
                price: (*net > 0).then(|| Decimal::new(*net, 2).unwrap()),
                ..SaleLine::new(Some(format!("A{article}")), *net)
            });
            let lines: Vec<SaleLine> = lines.collect();
            let on = BusinessDate::from_days(START + raw.day).unwrap();
            let net = lines.iter().map(|line| line.net).sum();
            let sale = Sale {
                lines,
                voided: raw.voided,
                corrects: raw.corrects.clone(),
                ..Sale::new(raw.sort, on, Currency::EUR, net)
            };
            keep(&conn, &raw.key, Some(1), sale);
        }
        let as_of = BusinessDate::from_days(START + 500).unwrap();
        let found = read(&conn, &client(1), as_of).unwrap().unwrap();
        let told: Vec<Told> = found
            .articles
            .iter()
            .map(|of| {
                *standings.entry(of.standing.as_str()).or_default() += 1;
                let day = |date: BusinessDate| date.days() - START;
                (
                    of.code.clone(),
                    of.purchases,
                    day(of.first),
                    day(of.last),
                    of.quantity.map(|of| of.to_string()),
                    of.last_quantity.map(|of| of.to_string()),
                    of.last_price.as_ref().map(|paid| {
                        (paid.price.inner() * rust_decimal::Decimal::from(100)).try_into().unwrap()
                    }),
                    of.rhythm
                        .value
                        .ok()
                        .map(|own| (own.median_gap.0.into(), own.p90_days.into(), own.since_days.into())),
                    of.standing.as_str(),
                    of.net.values().sum(),
                )
            })
            .collect();
        assert_eq!(told, naively(&raws, found.from.days() - START, 500), "seed {seed}");
    }
    assert!(standings.len() == 4 && standings.values().all(|count| *count > 20), "{standings:?}");
}
