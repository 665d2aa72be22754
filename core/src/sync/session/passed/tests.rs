use std::path::Path;

use super::*;
use crate::model::office::{Sale, SaleSort, Setting, Value};
use crate::model::profile::Scalar;
use crate::model::{ClientId, Currency};
use crate::rows::office::{self, OfficeEntry};
use crate::sync::session::entries::put_office;
use crate::sync::session::repair::terms;
use crate::sync::wire::OfficeRecord;

fn sale(n: u64) -> OfficeEntry {
    let date = if n % 10 == 9 { "2026-02-01" } else { "2025-02-01" };
    let sale = Sale::new(SaleSort::Invoice, date.parse().unwrap(), Currency::EUR, 100);
    OfficeEntry {
        kind: KnownKind::Sale.name().into(),
        source: "erp".into(),
        key: format!("{n:07}"),
        client: Some(ClientId::from_bytes([1; 16])),
        territory: None,
        value: Some(Value::from(sale).encode()),
    }
}

fn move_to(tx: &Transaction<'_>, date: &str, number: u64) -> Result<(), SyncError> {
    let setting = Setting { value: Scalar::Text(date.into()), extras: Default::default() };
    let record = OfficeRecord {
        kind: KnownKind::Setting.name().into(),
        source: "".into(),
        key: window::SALES_FROM.into(),
        client: None,
        territory: None,
        value: Some(Value::from(setting).encode().into()),
        number: None,
    };
    put_office(tx, record, number)
}

/// A phone with so many sales, nine of ten from before 2026, that keeps its digest.
fn phone(path: &Path, sales: u64) -> Store {
    let store = Store::open(path, None).unwrap();
    store
        .write::<_, SyncError>(|tx| {
            for n in 0..sales {
                office::put(tx, &sale(n), n + 1)?;
            }
            let sum = terms(tx, &[])?.sum();
            kept::keep(tx, sum)
        })
        .unwrap();
    store
}

fn left(store: &Store) -> usize {
    let sql = "SELECT count(*) FROM office WHERE kind = 'sale'";
    store.read::<_, SyncError>(|conn| Ok(conn.query_row(sql, [], |row| row.get(0))?)).unwrap()
}

/// The kept sum is that of the rows, and not much is noted beside it.
fn expect_kept(store: &Store) {
    store
        .read::<_, SyncError>(|conn| {
            assert_eq!(kept::digest(conn)?, Some(terms(conn, &[])?.sum()));
            let notes: usize = conn.query_row("SELECT count(*) FROM digest_office", [], |row| row.get(0))?;
            assert!(notes <= 2 * STEP, "{notes}");
            Ok(())
        })
        .unwrap();
}

#[test]
fn what_passed_leaves_in_steps_and_a_killed_phone_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("phone.db");
    let sales = 4 * STEP;
    let mut store = phone(&path, sales as u64);
    store.write(|tx| move_to(tx, "2026-01-01", 10_000)).unwrap();
    assert_eq!(left(&store), sales, "the window moves at once, and nothing else");
    for done in 1..=2 {
        assert!(step(&store).unwrap());
        assert_eq!(left(&store), sales - done * STEP * 9 / 10, "a step is bounded");
        expect_kept(&store);
        // The process dies here.
        drop(store);
        store = Store::open(&path, None).unwrap();
    }
    forget(&store).unwrap();
    assert_eq!(left(&store), sales / 10);
    expect_kept(&store);
    assert!(!step(&store).unwrap(), "nothing is left to do");
}

#[test]
fn a_window_that_moves_on_meanwhile_is_looked_at_from_the_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let store = phone(&folder.path().join("phone.db"), 2 * STEP as u64 + 7);
    store.write(|tx| move_to(tx, "2026-01-01", 10_000)).unwrap();
    assert!(step(&store).unwrap());
    store.write(|tx| move_to(tx, "2026-03-01", 10_001)).unwrap();
    forget(&store).unwrap();
    assert_eq!(left(&store), 0);
    expect_kept(&store);
}

#[test]
fn a_phone_without_sales_has_nothing_to_look_at() {
    let folder = tempfile::tempdir().unwrap();
    let store = phone(&folder.path().join("phone.db"), 0);
    store.write(|tx| move_to(tx, "2026-01-01", 10_000)).unwrap();
    assert!(!step(&store).unwrap());
}

/// `cargo test --release -p cartera-core --lib -- --ignored --nocapture two_hundred_thousand`
#[test]
#[ignore = "a measurement"]
#[allow(clippy::disallowed_methods)] // a stopwatch
fn two_hundred_thousand_sales_pass_while_visits_are_logged() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Instant;

    use crate::engine::{ClientEdit, Engine, NewClient};
    use crate::env::SystemEnv;
    use crate::model::profile::{ClientField, Key, Value};
    use crate::model::record::{Outcome, Visit};

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("phone.db");
    drop(phone(&path, 200_000));
    let engine = Engine::open(&path, None, "Europe/Madrid", Arc::new(SystemEnv)).unwrap();
    let name = ClientEdit::put(&Key::Client(ClientField::Name), &Value::Text("Bar".into()));
    let client = engine.create_client(NewClient { fields: vec![name], territory: None }).unwrap();
    let log = || {
        let begun = Instant::now();
        engine.log_visit(&client, Visit::done(Outcome::Order)).unwrap();
        begun.elapsed().as_secs_f64() * 1e3
    };
    let tell = |what: &str, mut took: Vec<f64>| {
        took.sort_by(f64::total_cmp);
        let (median, most) = (took[took.len() / 2], took[took.len() - 1]);
        println!("{what}: {} visits, median {median:.1} ms, longest {most:.1} ms", took.len());
    };
    tell("before", (0..200).map(|_| log()).collect());
    engine.store().write(|tx| move_to(tx, "2026-01-01", 1_000_000)).unwrap();
    let done = AtomicBool::new(false);
    let begun = Instant::now();
    let took = std::thread::scope(|scope| {
        let visits = scope.spawn(|| {
            let mut took = Vec::new();
            while !done.load(Ordering::Relaxed) {
                took.push(log());
            }
            took
        });
        forget(engine.store()).unwrap();
        done.store(true, Ordering::Relaxed);
        println!("{} sales left after {:.1} s", left(engine.store()), begun.elapsed().as_secs_f64());
        visits.join().unwrap()
    });
    tell("meanwhile", took);
}
