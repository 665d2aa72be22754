//! The demo's files: read, mapped, checked and applied like anybody's.

use cartera_core::model::Currency;
use cartera_core::model::office::Value;

use super::*;
use crate::demo::{cdnow, files, names};

fn territories() -> Memory {
    Memory::with_territories(names::TERRITORIES.map(|(_, name)| name))
}

#[test]
fn cdnow_arrives_whole_and_a_second_time_changes_nothing() {
    let mut memory = territories();
    let (clients, articles) = (files::clients(1, 23_570), files::articles(1, 400));
    let purchases = cdnow::purchases().unwrap();
    let sales = files::sales(&purchases);
    for (round, (new, unchanged)) in [(true, false), (false, true)].into_iter().enumerate() {
        for (file, kind, count) in [
            (&clients, Kind::Clients, 23_570),
            (&articles, Kind::Articles, 400),
            (&sales, Kind::Sales, 69_659),
        ] {
            let report = import(file, kind, &mut memory);
            assert_eq!(found(&report), [], "{kind}, round {round}");
            assert_eq!((report.counts.rows, report.counts.changed, report.counts.set_aside), (count, 0, 0));
            assert_eq!(report.counts.new, if new { count } else { 0 }, "{kind}");
            assert_eq!(report.counts.unchanged, if unchanged { count } else { 0 }, "{kind}");
        }
    }
    let sales: Vec<_> = memory
        .office
        .values()
        .filter_map(|record| match &record.value {
            Value::Sale(sale) => Some(sale),
            _ => None,
        })
        .collect();
    assert_eq!(sales.len(), 69_659, "the 255 rows that repeat another are purchases too");
    assert_eq!(sales.iter().map(|sale| sale.net).sum::<i64>(), 250_031_563);
    assert!(sales.iter().all(|sale| sale.currency == Currency::USD && sale.lines.len() == 1));
    let dates: Vec<i32> = sales.iter().map(|sale| sale.date.days()).collect();
    assert_eq!(dates.iter().min(), purchases.iter().map(|p| p.date).min().as_ref());
    assert_eq!(memory.staged(), 0);
}

/// What this thread has used of the processor, in nanoseconds: the clock on the wall counts the neighbours too.
fn used_ns() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    stat.split_whitespace().next().and_then(|ns| ns.parse().ok()).unwrap_or_default()
}

/// `cargo test --release -p cartera-relay --lib -- --ignored --nocapture measure_reading`
#[test]
#[ignore = "a measurement"]
fn measure_reading_mapping_and_checking() {
    let ms_since = |start: u64| (used_ns() - start) as f64 / 1e6;
    let start = used_ns();
    let (clients, sales) = (files::clients(1, 23_570), files::sales(&cdnow::purchases().unwrap()));
    println!("generated {} + {} bytes: {:.0} ms", clients.len(), sales.len(), ms_since(start));
    let mut memory = territories();
    let dry = Options { dry_run: true, ..Options::default() };
    for (file, kind, rows) in [(&clients, Kind::Clients, 23_570), (&sales, Kind::Sales, 69_659)] {
        let mapping = proposed(file, kind);
        for (what, options) in [("dry", dry), ("new", Options::default()), ("again", Options::default())] {
            let start = used_ns();
            let report = import_with(file, &mapping, &mut memory, options).unwrap();
            let ms = ms_since(start);
            assert_eq!(report.counts.rows, rows);
            println!("{kind}, {what}: {ms:.0} ms, {:.0} rows/s", rows as f64 / ms * 1e3);
        }
    }
}
