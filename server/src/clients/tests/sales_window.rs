//! The window of sales that phones keep: it moves by an entry of the log, and both sides let go of the same.

use std::collections::BTreeMap;

use cartera_core::model::Currency;
use cartera_core::model::office::{KnownKind, Sale, SaleLine, SaleSort};
use cartera_core::sync::session::Report;

use super::*;
use crate::export::{Export, Query};
use crate::settings::policy;
use crate::storage::office::{OfficePut, OfficeWrite};
use crate::sync::window;

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

/// An invoice with a line, or a tombstone.
fn invoice(key: &str, client: ClientId, date: Option<&str>, net: i64) -> OfficeWrite {
    let sale = date.map(|date| {
        let mut line = SaleLine::new(Some("A1".into()), net);
        (line.family, line.unit) = (Some("café".into()), Some("kg".into()));
        line.quantity = Some("2".parse().unwrap());
        Sale { lines: vec![line], ..Sale::new(SaleSort::Invoice, day(date), Currency::EUR, net) }
    });
    OfficeWrite {
        kind: KnownKind::Sale.name().into(),
        source: "erp".into(),
        key: key.into(),
        client: Some(client),
        territory: None,
        value: sale.map(|sale| cartera_core::model::office::Value::from(sale).encode()),
    }
}

impl World {
    fn bill(&self, sales: &[OfficeWrite]) {
        let now_ms = self.relay.app.env.now_ms();
        for put in self.relay.app.storage.put_office(sales, now_ms).unwrap() {
            assert!(matches!(put, OfficePut::Written(_)), "{put:?}");
        }
    }

    fn keep_months(&self, months: u16) {
        policy::change(&self.relay.app, By::CONSOLE, &[("sales_months".into(), months.to_string())]).unwrap();
    }

    /// What the back office gets of `sales_months`: from the month on.
    fn exported_months(&self) -> Vec<Vec<String>> {
        let store = &*self.relay.app.storage;
        let mut csv = Vec::new();
        let query = Query::parse("sales_months.csv", []).unwrap();
        Export::begin(store, query).unwrap().write_to(store, &mut csv).unwrap();
        let lines = String::from_utf8(csv).unwrap();
        let columns = |line: &str| line.split(',').skip(11).map(str::to_owned).collect();
        let mut months: Vec<Vec<String>> = lines.lines().skip(1).map(columns).collect();
        months.sort();
        months
    }

    fn advance_window(&self) -> u64 {
        window::advance(&self.relay.app).unwrap()
    }
}

impl Phone {
    /// Syncs without anything having to be repaired: both sides count the same.
    fn agrees(&self) -> Report {
        let report = self.engine.sync().unwrap();
        let again = self.engine.sync().unwrap();
        assert_eq!((report.repaired, again.repaired, again.office), (0, 0, 0), "{report:?} {again:?}");
        // Where the sums differ, it asks where.
        assert_eq!(again.requests, 1, "{again:?}");
        report
    }

    /// Keys of a kind's records, with their values.
    fn office(&self, kind: &str) -> BTreeMap<String, Vec<u8>> {
        let read = |conn: &rusqlite::Connection| {
            let mut found =
                conn.prepare("SELECT key, value FROM office WHERE kind = ?1 AND value IS NOT NULL")?;
            let rows = found.query_map([kind], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        };
        self.engine.store().read::<_, StoreError>(read).unwrap()
    }

    fn sales(&self) -> Vec<String> {
        self.office("sale").into_keys().collect()
    }

    /// Days and months, which are never let go of.
    fn derived(&self) -> [BTreeMap<String, Vec<u8>>; 2] {
        [self.office("sales_day"), self.office("sales_month")]
    }
}

#[test]
fn what_passes_leaves_both_sides_and_days_and_months_stay() {
    let world = World::new();
    let norte = world.territory("Norte");
    let ana = world.phone(21, norte);
    let bar = ana.new_client("Bar");
    ana.agrees();
    assert_eq!(world.advance_window(), 0, "nothing was sold yet");
    world.bill(&[
        invoice("F1", bar, Some("2024-05-02"), 100),
        invoice("F2", bar, Some("2025-06-19"), 200),
        invoice("F3", bar, Some("2025-06-20"), 300),
        invoice("F4", bar, Some("2026-09-20"), 400),
        invoice("F5", bar, Some("2099-01-01"), 500), // mistyped
    ]);
    ana.agrees();
    assert_eq!(ana.sales(), ["F1", "F2", "F3", "F4", "F5"]);
    let derived = ana.derived();
    assert_eq!((derived[0].len(), derived[1].len()), (5, 4));

    assert_eq!(world.advance_window(), 2, "15 months before the newest that has happened");
    assert_eq!(world.advance_window(), 0);
    let report = ana.agrees();
    assert_eq!(report.office, 1, "the date alone travels");
    assert_eq!(ana.sales(), ["F3", "F4", "F5"]);
    assert_eq!(ana.derived(), derived);
    // The office keeps everything.
    assert_eq!(world.relay.app.storage.office_of_kind("sale", None, 9).unwrap().len(), 5);
    assert_eq!(
        world.exported_months(),
        [
            ["2024-05-01", "EUR", "café", "kg", "2", "100", "1.00"],
            ["2025-06-01", "EUR", "café", "kg", "4", "500", "5.00"],
            ["2026-09-01", "EUR", "café", "kg", "2", "400", "4.00"],
            ["2099-01-01", "EUR", "café", "kg", "2", "500", "5.00"],
        ]
    );

    // A new phone is never sent what has passed.
    let luis = world.phone(22, norte);
    luis.agrees();
    assert_eq!((luis.sales(), luis.derived()), (ana.sales(), derived));
}

#[test]
fn corrections_before_in_and_across_the_window_are_told_as_far_as_phones_keep_them() {
    let world = World::new();
    let norte = world.territory("Norte");
    let ana = world.phone(23, norte);
    let bar = ana.new_client("Bar");
    ana.agrees();
    let (old, new) = (Some("2025-01-10"), Some("2026-09-01"));
    world.bill(&[
        invoice("old", bar, old, 100),
        invoice("gone", bar, old, 70),
        invoice("new", bar, new, 200),
    ]);
    world.advance_window();
    ana.agrees();
    assert_eq!(ana.sales(), ["new"]);

    let months = ana.derived()[1].clone();
    world.bill(&[invoice("old", bar, old, 150), invoice("gone", bar, None, 0)]);
    assert_eq!(ana.agrees().office, 3, "a day, a month, and that one is gone");
    assert_eq!(ana.sales(), ["new"]);
    assert_ne!(ana.derived()[1], months);

    world.bill(&[invoice("late", bar, old, 30)]);
    ana.agrees();
    assert_eq!(ana.sales(), ["new"], "an old document that comes late");
    world.bill(&[invoice("new", bar, old, 200), invoice("old", bar, new, 150)]);
    ana.agrees();
    assert_eq!(ana.sales(), ["old"], "one goes, the other comes back");
    world.bill(&[invoice("new", bar, new, 200), invoice("old", bar, None, 0)]);
    ana.agrees();
    assert_eq!(ana.sales(), ["new"]);
}

#[test]
fn a_phone_that_was_away_for_months_ends_as_one_that_was_there_every_night() {
    let world = World::new();
    let norte = world.territory("Norte");
    let (daily, away) = (world.phone(24, norte), world.phone(25, norte));
    let clients: Vec<ClientId> = (0..3).map(|n| daily.new_client(&format!("Bar {n}"))).collect();
    daily.agrees();
    away.agrees();
    let mut date = day("2025-01-01");
    for night in 0..300_i32 {
        let client = clients[night as usize % 3];
        let mut sales =
            vec![invoice(&format!("F{night}"), client, Some(&date.to_string()), 100 + i64::from(night))];
        if night % 5 == 4 {
            // A correction of what was sold months ago, of today's date or its own.
            let of = night / 2;
            let corrected = (night % 10 == 4).then(|| date.plus_days(-of).unwrap().to_string());
            sales.push(invoice(&format!("F{of}"), clients[of as usize % 3], corrected.as_deref(), 7));
        }
        let now_ms = world.relay.app.env.now_ms();
        world.relay.app.storage.put_office(&sales, now_ms).unwrap();
        if night == 0 {
            world.keep_months(3);
        }
        world.advance_window();
        if night % 20 == 0 {
            daily.agrees();
        }
        if night == 40 {
            away.agrees();
        }
        date = date.plus_days(1).unwrap();
        world.relay.env.advance(DAY_MS);
    }
    daily.agrees();
    away.agrees();
    let fresh = world.phone(26, norte);
    fresh.agrees();
    let sales = daily.office("sale");
    assert!(sales.len() > 60 && sales.len() < 150, "{}", sales.len());
    assert!(daily.office("sales_day").len() > 250);
    for phone in [&away, &fresh] {
        assert_eq!(phone.office("sale"), sales);
        assert_eq!(phone.derived(), daily.derived());
    }
}

#[test]
fn what_has_passed_goes_with_its_client_wherever_that_goes() {
    let world = World::new();
    let (norte, sur) = (world.territory("Norte"), world.territory("Sur"));
    let (ana, berta) = (world.phone(27, norte), world.phone(28, sur));
    let (bar, shop) = (ana.new_client("Bar"), ana.new_client("Tienda"));
    ana.agrees();
    for (n, client) in [bar, shop].into_iter().enumerate() {
        world.bill(&[
            invoice(&format!("old{n}"), client, Some("2025-01-10"), 1),
            invoice(&format!("new{n}"), client, Some("2026-09-01"), 2),
        ]);
    }
    world.advance_window();
    ana.agrees();
    berta.agrees();
    let order = json!({ "territory": sur.to_string(), "clients": [bar.to_string()] });
    world.ask("POST", "/v1/clients/moves", Some(order));
    ana.agrees();
    berta.agrees();
    assert_eq!((ana.sales(), berta.sales()), (vec!["new1".to_owned()], vec!["new0".to_owned()]));
}

#[test]
fn the_window_never_moves_back_nor_runs_ahead_of_what_was_sold() {
    let world = World::new();
    let ana = world.phone(29, world.territory("Norte"));
    let bar = ana.new_client("Bar");
    ana.agrees();
    world.bill(&[
        invoice("F1", bar, Some("2025-12-31"), 1),
        invoice("F2", bar, Some("2026-06-30"), 2),
        invoice("F3", bar, Some("2026-09-20"), 3),
    ]);
    assert_eq!(world.advance_window(), 0);
    world.keep_months(6);
    assert_eq!(world.advance_window(), 1);
    ana.agrees();
    assert_eq!(ana.sales(), ["F2", "F3"]);
    world.keep_months(24);
    assert_eq!(world.advance_window(), 0);
    ana.agrees();
    assert_eq!(ana.sales(), ["F2", "F3"], "more from now on, not again what had left");
    world.keep_months(6);
    world.relay.env.advance(10 * 366 * DAY_MS);
    assert_eq!(world.advance_window(), 0, "a clock that is years ahead empties no phone");
    for months in [0, 61] {
        let set =
            policy::change(&world.relay.app, By::CONSOLE, &[("sales_months".into(), months.to_string())]);
        assert!(set.is_err(), "{months}");
    }
    for months in [1, 60] {
        world.keep_months(months);
    }
}

/// More sales than one step takes: whoever stops in between leaves both sides agreed, and the next one goes on.
#[test]
fn a_long_history_passes_in_steps_that_go_on_after_a_stop() {
    let world = World::new();
    let norte = world.territory("Norte");
    let ana = world.phone(29, norte);
    let bar = ana.new_client("Bar");
    ana.agrees();
    world.keep_months(15);
    let first = day("2023-01-01");
    let dated = |n: u32| first.plus_days(i32::try_from(n / 12).unwrap()).unwrap().to_string();
    let all: Vec<OfficeWrite> =
        (0..9_000).map(|n| invoice(&format!("F{n}"), bar, Some(&dated(n)), i64::from(n))).collect();
    all.chunks(3_000).for_each(|some| world.bill(some));
    world.bill(&[invoice("new", bar, Some("2026-09-01"), 1)]);
    ana.agrees();
    let to = day("2025-06-01");
    let step = || world.relay.app.storage.move_sales_window(to, world.relay.app.env.now_ms()).unwrap();
    let passed = step().unwrap();
    assert!(passed > 0 && passed <= 4_000, "{passed}");
    // The process dies here.
    let report = ana.agrees();
    assert!(report.office > 0, "{report:?}");
    let left = ana.office("sale").len();
    assert_eq!(left as u64, 9_001 - passed, "whole days left, on both sides");
    let rest = world.advance_window();
    assert_eq!(rest, ana.office("sale").keys().filter(|key| *key != "new").count() as u64);
    assert_eq!(step(), None, "it is there");
    ana.agrees();
    assert_eq!(ana.office("sale").len(), 1);
}

/// It is not sent any more once it has passed: so whoever has it from before must have been told otherwise.
#[test]
fn a_sale_that_was_dated_back_and_passed_leaves_a_phone_that_missed_both() {
    let world = World::new();
    let ana = world.phone(31, world.territory("Norte"));
    let bar = ana.new_client("Bar");
    ana.agrees();
    let (late, early) = (Some("2026-08-01"), Some("2026-02-01"));
    world.bill(&["back", "again", "new"].map(|key| invoice(key, bar, late, 100)));
    ana.agrees();
    world.bill(&[invoice("back", bar, early, 100), invoice("again", bar, None, 0)]);
    world.bill(&[invoice("again", bar, early, 100)]);
    world.keep_months(5);
    assert_eq!(world.advance_window(), 2);
    ana.agrees();
    assert_eq!(ana.sales(), ["new"]);
    // And one that was told of each is where it was.
    world.bill(&[invoice("new", bar, Some("2026-07-01"), 100)]);
    ana.agrees();
    assert_eq!(ana.sales(), ["new"]);
}

/// `cargo test --release -p cartera-relay --lib -- --ignored --nocapture a_million`
#[test]
#[ignore = "a measurement"]
#[allow(clippy::disallowed_methods)] // a stopwatch
fn a_million_sales_pass() {
    use std::time::Instant;
    let world = World::new();
    let ana = world.phone(32, world.territory("Norte"));
    let clients: Vec<ClientId> = (0..500).map(|n| ana.new_client(&format!("Bar {n}"))).collect();
    ana.agrees();
    let first = day("2020-01-01");
    let begun = Instant::now();
    for chunk in 0..500_u32 {
        let dated = |n: u32| first.plus_days(i32::try_from(n / 700).unwrap()).unwrap().to_string();
        let sales: Vec<OfficeWrite> = (chunk * 2_000..(chunk + 1) * 2_000)
            .map(|n| invoice(&format!("F{n}"), clients[n as usize % 500], Some(&dated(n)), 100))
            .collect();
        world.bill(&sales);
    }
    println!("1,000,000 sales written in {:.1} s", begun.elapsed().as_secs_f64());
    let (mut steps, mut passed, mut longest) = (0, 0, 0.0_f64);
    let begun = Instant::now();
    loop {
        let step = Instant::now();
        let to = day("2026-09-01");
        let Some(more) = world.relay.app.storage.move_sales_window(to, world.relay.app.env.now_ms()).unwrap()
        else {
            break;
        };
        steps += 1;
        passed += more;
        longest = longest.max(step.elapsed().as_secs_f64());
    }
    let all = begun.elapsed().as_secs_f64();
    println!("{passed} sales passed in {all:.1} s, {steps} steps, the longest {:.0} ms", longest * 1e3);
}
