//! Figures: of everybody, beside the Python package `lifetimes` on the same data in the same run; and of one client on a
//! phone, right after it bought.

use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;

use cartera_core::metrics::parameters::Fit;
use cartera_core::model::office::{SalesDay, Setting, Value, sales_day_key};
use cartera_core::model::profile::Scalar;
use cartera_core::model::record::PurchaseSort;
use cartera_core::model::{BusinessDate, ClientId, Currency};
use cartera_core::portfolio::figures::Terms;
use cartera_core::query::figures;
use cartera_core::rows::office::{self, OfficeEntry};
use cartera_core::rows::sales::SALES_SOURCE;
use cartera_core::store::StoreError;
use cartera_relay::App;
use cartera_relay::demo::{cdnow, files, names};
use cartera_relay::figures::refit::refit_and_report;
use cartera_relay::import::store::Store;
use cartera_relay::import::{Kind, Options, Progress, propose, run};
use cartera_relay::people::access::By;
use cartera_relay::territories;
use rusqlite::Transaction;

use super::meter::{quantiles, time_ms, took};
use super::{Bench, Failure, Row, device, portfolio, relay};

/// Times that each thing is done; the best counts where others use the machine too.
const TIMES: usize = 9;
const THEIR_TIMES: usize = 5;
/// Clients of CDNOW.
const CLIENTS: u32 = 23_570;
const SCRIPT: &str = include_str!("../../lifetimes/took.py");

pub(super) fn everybody(bench: &mut Bench) -> Result<Vec<Row>, Failure> {
    let app = imported(&bench.folder.join("relay-cdnow"))?;
    let as_of: BusinessDate = "1998-06-30".parse()?;
    let (mut clock, mut cpu, mut report) = (f64::INFINITY, f64::INFINITY, f64::INFINITY);
    for _ in 0..TIMES {
        let (all, found) = took(|| refit_and_report(&app, By::CONSOLE, as_of));
        assert_eq!(found?.report.clients.len(), CLIENTS as usize);
        let (again, found) = took(|| app.storage.report(None, as_of));
        assert_eq!(found?.clients.len(), CLIENTS as usize);
        clock = clock.min(all.wall_ms);
        cpu = cpu.min(all.cpu_ms);
        report = report.min(again.wall_ms);
    }
    // Both on the clock, which counts what others do meanwhile: hence the best of several runs.
    let yardstick = match lifetimes()? {
        Some([read, summary, fits, clv]) => {
            let theirs = summary + fits + clv;
            format!(
                "lifetimes on the same data: {summary:.0} ms summary, {fits:.0} ms fits, {clv:.0} ms CLV, best of {THEIR_TIMES}: {:.1} x ours; with its reading of the file ({read:.0} ms), as ours reads its rows, {:.1} x",
                theirs / clock,
                (theirs + read) / clock
            )
        }
        None => "lifetimes is not installed: `tests/run --install` does that".into(),
    };
    Ok(vec![Row {
        what: format!("figures: all of {CLIENTS} CDNOW clients from stored rows"),
        goal: ">= 10 x faster than lifetimes' summary, fits and CLV",
        measured: format!(
            "{clock:.0} ms, best of {TIMES} ({cpu:.0} ms of processor): reading, fits and those of the period held out, writing them for phones, all figures; without a fit {report:.0} ms"
        ),
        yardstick,
    }])
}

pub(super) fn imported(folder: &Path) -> Result<App, Failure> {
    let app = relay::open(folder, "http://127.0.0.1")?;
    for (_, name) in names::TERRITORIES {
        territories::add(&app, By::CONSOLE, name)?;
    }
    let sales = files::sales(&cdnow::purchases()?);
    for (kind, file) in [(Kind::Clients, files::clients(1, CLIENTS)), (Kind::Sales, sales)] {
        let mut input = Cursor::new(file);
        let mapping = propose(&mut input, kind, files::SOURCE)?.mapping;
        let go_on = &mut |_: Progress| ControlFlow::Continue(());
        let report = run(&mut input, &mapping, &mut Store::new(&app), Options::default(), go_on)?;
        assert_eq!(report.errors(), 0);
    }
    Ok(app)
}

/// Milliseconds of reading the file, of summary, fits and CLV: the run whose last three are least. `None` where the package
/// is not there.
fn lifetimes() -> Result<Option<[f64; 4]>, Failure> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| std::env::home_dir().map(|home| home.join(".cache")));
    let Some(python) = cache.map(|cache| cache.join("cartera-tests/lifetimes/bin/python")) else {
        return Ok(None);
    };
    if !python.exists() {
        return Ok(None);
    }
    let mut best: Option<[f64; 4]> = None;
    for _ in 0..THEIR_TIMES {
        let run = Command::new(&python).args(["-c", SCRIPT]).output()?;
        if !run.status.success() {
            return Ok(None);
        }
        let found: serde_json::Value = serde_json::from_slice(&run.stdout)?;
        let part = |name: &str| found[name].as_f64().unwrap_or(f64::NAN);
        let parts = ["read", "summary", "fits", "clv"].map(part);
        let sum = |parts: [f64; 4]| parts[1..].iter().sum::<f64>();
        if best.is_none_or(|best| sum(parts) < sum(best)) {
            best = Some(parts);
        }
    }
    Ok(best)
}

pub(super) const TODAY: i32 = 20_800;
const ASKED: usize = 500;

/// The wide profile with 30 days of sales a client, the deep one with 300.
pub(super) fn of_one(bench: &mut Bench) -> Result<Vec<Row>, Failure> {
    let deep = super::deep::phone(bench)?;
    let wide = bench.wide_phone()?;
    let mut rows = Vec::new();
    for (what, from, clients, days) in
        [("wide", wide.path(), wide.clients(), 30), ("deep", deep.0.as_path(), deep.1.as_slice(), 300)]
    {
        // Others measure what is there: it stays as it is.
        let path = bench.folder.join(format!("figures-{what}.db"));
        std::fs::copy(from, &path)?;
        let engine = device::open(&path)?;
        let store = engine.store();
        for (n, some) in clients.chunks(500).enumerate() {
            store.write::<_, StoreError>(|tx| {
                some.iter().enumerate().try_for_each(|(m, id)| sales(tx, *id, n * 500 + m, days))
            })?;
        }
        let as_of = BusinessDate::from_days(TODAY).ok_or("a day of the calendar")?;
        // What the relay would send.
        store.write::<_, StoreError>(|tx| {
            let terms = Terms::read(tx)?;
            let fit = Fit::of(terms.books(tx, as_of)?, &terms.plan, 1);
            fit.records()
                .into_iter()
                .try_for_each(|(key, record)| put(tx, "parameter", &key, None, record.into()))
        })?;
        store.checkpoint()?;
        for source in ["office", "purchases"] {
            let setting = Setting { value: Scalar::Text(source.into()), extras: Default::default() };
            store.write::<_, StoreError>(|tx| put(tx, "setting", SALES_SOURCE, None, setting.into()))?;
            let mut times = Vec::new();
            for n in 0..ASKED {
                let client = clients[n * 7 % clients.len()];
                if source == "office" {
                    store.write::<_, StoreError>(|tx| day(tx, client, TODAY - 1, 12_300 + n as i64))?;
                } else {
                    let mut order = portfolio::order(n, n);
                    order.sort = PurchaseSort::DirectSale;
                    engine.place_order(&client, engine.new_record_id(), order)?;
                }
                let (ms, found) = time_ms(|| {
                    store.read::<_, StoreError>(|conn| Ok(figures::of_client(conn, &client, as_of)?))
                });
                assert!(found?.is_some_and(|found| !found.by_currency.is_empty()));
                times.push(ms);
            }
            let (median, p99) = quantiles(times);
            rows.push(Row {
                what: format!(
                    "figures: one client's after a new purchase, on a phone ({what}, sales: {source})"
                ),
                goal: "<= 1 ms",
                measured: format!("p50 {median:.3} ms, p99 {p99:.3} ms"),
                yardstick: format!("{days} days of sales a client, {} clients", clients.len()),
            });
        }
    }
    Ok(rows)
}

pub(super) fn sales(
    tx: &Transaction<'_>,
    client: ClientId,
    number: usize,
    days: usize,
) -> Result<(), StoreError> {
    let step = (1_000 / days as i32).max(1);
    (0..days as i32).try_for_each(|n| {
        let on = TODAY - 2 - n * step - (number % 3) as i32;
        day(tx, client, on, 1_000 + ((number * 31 + n as usize * 7) % 9_000) as i64)
    })
}

fn day(tx: &Transaction<'_>, client: ClientId, on: i32, net: i64) -> Result<(), StoreError> {
    let date = BusinessDate::from_days(on).unwrap_or(BusinessDate::MAX);
    let key = sales_day_key(client, date, Currency::EUR);
    put(tx, "sales_day", &key, Some(client), SalesDay::new(date, Currency::EUR, net, true, 1).into())
}

pub(super) fn put(
    tx: &Transaction<'_>,
    kind: &str,
    key: &str,
    client: Option<ClientId>,
    value: Value,
) -> Result<(), StoreError> {
    let number: u64 = tx
        .prepare_cached(
            "SELECT coalesce(max(number), 0) + 1 FROM office WHERE kind = ?1 AND source = '' AND key = ?2",
        )?
        .query_row([kind, key], |row| row.get(0))?;
    let entry = OfficeEntry {
        kind: kind.into(),
        source: String::new(),
        key: key.into(),
        client,
        territory: None,
        value: Some(value.encode()),
    };
    office::put(tx, &entry, number)?;
    Ok(())
}
