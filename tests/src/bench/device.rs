//! What a phone does without a network: open, list, search, log a visit, take in what others wrote.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cartera_core::document::admit::{self, Outcome};
use cartera_core::engine::Engine;
use cartera_core::env::{Env, SystemEnv};
use cartera_core::model::ClientId;
use cartera_core::query::{clients, timeline};
use cartera_core::rows::{self, Document, SqlFacts};
use cartera_core::store::StoreError;

use super::child::{ask, say};
use super::meter::{Took, distribution, peak_mb, quantiles, time_ms, took};
use super::relay::WIDE;
use super::{Bench, Failure, Row, portfolio};

/// A phone's database with a portfolio that came change by change.
#[derive(Debug, Clone)]
pub(super) struct Filled {
    path: PathBuf,
    clients: Vec<ClientId>,
    changes: usize,
    inspect: Took,
    apply: Took,
}

/// Turn and turn about with the yardstick, since the disk's own pace changes by the second.
pub(super) fn log_visit(bench: &mut Bench) -> Result<Vec<Row>, Failure> {
    let bare = Bare::open(&bench.folder.join("bare.db"))?;
    let mut rows = Vec::new();
    let deep = super::deep::phone(bench)?;
    let wide = bench.wide_phone()?;
    for (what, path, clients) in [("wide", &wide.path, &wide.clients), ("deep", &deep.0, &deep.1)] {
        let engine = open(path)?;
        let (mut visits, mut inserts) = (Vec::new(), Vec::new());
        for n in 0..2_000 {
            inserts.push(time_ms(|| bare.insert()).0);
            let (ms, logged) =
                time_ms(|| engine.log_visit(&clients[n * 7 % clients.len()], portfolio::visit(n, n)));
            logged?;
            visits.push(ms);
        }
        let ((median, p99), (bare_ms, bare_p99)) = (quantiles(visits), quantiles(inserts));
        rows.push(Row {
            what: format!("log a visit, durable ({what})"),
            goal: "p50 <= 0.5 ms, p99 <= 1.5 ms; <= 3 x bare",
            measured: format!("p50 {median:.3} ms, p99 {p99:.3} ms"),
            yardstick: format!(
                "bare durable insert, turn about: p50 {bare_ms:.3} ms, p99 {bare_p99:.3} ms; {:.1} x",
                median / bare_ms
            ),
        });
    }
    Ok(rows)
}

/// One durable insert of 300 bytes into a bare table, the same journal and sync settings.
pub(super) struct Bare(rusqlite::Connection);

impl Bare {
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let conn = rusqlite::Connection::open(path)?;
        conn.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE IF NOT EXISTS t (x BLOB)",
        )?;
        Ok(Self(conn))
    }

    pub(super) fn insert(&self) {
        let done = self
            .0
            .prepare_cached("INSERT INTO t VALUES (?1)")
            .and_then(|mut insert| insert.execute([&[7u8; 300][..]]));
        assert!(done.is_ok());
    }
}

/// Takes a generated portfolio in as if it had been pulled: inspected, judged, applied, 500 in a commit.
fn fill(path: &Path, profile: (usize, usize, usize)) -> Result<Filled, Failure> {
    let engine = open(path)?;
    let mut filled = Filled {
        path: path.to_owned(),
        clients: Vec::new(),
        changes: 0,
        inspect: Took::default(),
        apply: Took::default(),
    };
    portfolio::each_few(profile, portfolio::actor, |made| {
        let (inspect, _) = took(|| {
            let each = made.iter().flat_map(|(_, changes)| changes);
            each.filter(|change| admit::inspect(&change.bytes).is_ok()).count()
        });
        let (apply, result) = took(|| {
            engine.store().write::<_, StoreError>(|tx| {
                for (id, changes) in &made {
                    let mut document = Document::create(tx, (*id).into(), 0)?;
                    for change in changes {
                        let outcome = admit::causality(change, document.id, &SqlFacts::new(tx, &document))?;
                        assert_eq!(outcome, Outcome::Admit);
                        rows::apply(tx, &mut document, change, Some(1))?;
                    }
                }
                Ok(())
            })
        });
        result?;
        filled.inspect += inspect;
        filled.apply += apply;
        filled.changes += made.iter().map(|(_, changes)| changes.len()).sum::<usize>();
        filled.clients.extend(made.iter().map(|(id, _)| *id));
        Ok::<_, Failure>(())
    })?;
    engine.store().checkpoint()?;
    Ok(filled)
}

impl Filled {
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn clients(&self) -> &[ClientId] {
        &self.clients
    }
}

impl Bench {
    pub(super) fn wide_phone(&mut self) -> Result<Filled, Failure> {
        if self.wide_phone.is_none() {
            self.wide_phone = Some(fill(&self.folder.join("phone-wide.db"), WIDE)?);
        }
        self.wide_phone.clone().ok_or_else(|| "it was made above".into())
    }
}

pub(super) fn receive(bench: &mut Bench) -> Result<Vec<Row>, Failure> {
    let filled = bench.wide_phone()?;
    let per_second = |ms: f64| filled.changes as f64 / ms * 1e3;
    let (inspect, apply) = (filled.inspect, filled.apply);
    Ok(vec![Row {
        what: "changes received by a phone".into(),
        goal: ">= 20,000/s",
        measured: format!(
            "{:.0}/s, {:.0} per second of processor ({} changes)",
            per_second(apply.wall_ms + inspect.wall_ms),
            per_second(apply.cpu_ms + inspect.cpu_ms),
            filled.changes
        ),
        yardstick: format!(
            "inspecting them alone {:.0} per second of processor; {:.1} x",
            per_second(inspect.cpu_ms),
            (apply.cpu_ms + inspect.cpu_ms) / inspect.cpu_ms
        ),
    }])
}

/// Each time in a process of its own; the time is from the start of `main`.
pub(super) fn open_and_search(bench: &mut Bench) -> Result<Vec<Row>, Failure> {
    let wide = bench.wide_phone()?.path;
    let broad = fill(&bench.folder.join("phone-broad.db"), (50_000, 0, 0))?.path;
    let mut rows = Vec::new();
    for (size, path, goal) in [("5,000", &wide, "<= 10 ms"), ("50,000", &broad, "<= 25 ms")] {
        let (mut opened, mut bare) = (Vec::new(), Vec::new());
        for _ in 0..20 {
            let [ms] = ask("bare-open", path, ["ms"])?;
            bare.push(ms);
            let [ms] = ask("open", path, ["ms"])?;
            opened.push(ms);
        }
        let ((ms, most), (bare_ms, _)) = (quantiles(opened), quantiles(bare));
        rows.push(Row {
            what: format!("open the store to the first 50 of {size} clients, cold process"),
            goal,
            measured: format!("p50 {ms:.1} ms, at most {most:.1} ms"),
            yardstick: format!("bare SQLite, open and read one row: {bare_ms:.1} ms; {:.1} x", ms / bare_ms),
        });
    }
    for (size, path, goal) in [("5,000", &wide, "<= 1 ms"), ("50,000", &broad, "<= 5 ms")] {
        let engine = open(path)?;
        let (page_ms, _) = distribution(400, |_| drop(page(&engine)));
        // First letters as they are typed, with and without accents, words of several fields, digits of a phone.
        let typed = ["b", "ba", "bar", "bar n", "peluq", "aviles", "san t", "c0042", "600 1", "ñan", "zz"];
        let (median, p99) = distribution(2_200, |n| {
            let found = engine
                .store()
                .read::<_, StoreError>(|conn| Ok(clients::search(conn, typed[n % typed.len()], 50)?));
            assert!(found.is_ok());
        });
        rows.push(Row {
            what: format!("prefix search as you type, first 50 of {size}"),
            goal,
            measured: format!("p50 {median:.2} ms, p99 {p99:.2} ms"),
            yardstick: format!("the first page of the list {page_ms:.2} ms; {:.1} x", median / page_ms),
        });
    }
    Ok(rows)
}

pub(super) fn memory(bench: &mut Bench) -> Result<Vec<Row>, Failure> {
    let path = bench.wide_phone()?.path;
    let [peak, opened, empty] = ask("day", &path, ["peak", "opened", "empty"])?;
    Ok(vec![Row {
        what: "engine memory, wide: open, list, search, timelines, 200 visits logged".into(),
        goal: "<= 40 MB",
        measured: format!("{peak:.1} MB at most, of the whole process"),
        yardstick: format!("the process before it opened the store {empty:.1} MB, after {opened:.1} MB"),
    }])
}

/// In a process of its own: from the beginning to the first page of the list.
pub(super) fn open_cold(path: &Path) -> Result<(), Failure> {
    let (ms, rows) = time_ms(|| open(path).and_then(|engine| page(&engine)));
    assert_eq!(rows?.len(), 50);
    say("ms", ms);
    Ok(())
}

/// The yardstick beside it.
pub(super) fn open_bare(path: &Path) -> Result<(), Failure> {
    let (ms, found) = time_ms(|| -> rusqlite::Result<i64> {
        let conn = rusqlite::Connection::open(path)?;
        conn.query_row("SELECT doc FROM clients LIMIT 1", [], |row| row.get(0))
    });
    found?;
    say("ms", ms);
    Ok(())
}

/// What a rep does in a day, for the memory that it takes.
pub(super) fn a_day(path: &Path) -> Result<(), Failure> {
    say("empty", peak_mb("self"));
    let engine = open(path)?;
    let mut list = page(&engine)?;
    say("opened", peak_mb("self"));
    for n in 0..200 {
        let store = engine.store();
        let row = &list[n % list.len()];
        let (id, after) = (row.id, row.after.clone());
        store.read::<_, StoreError>(|conn| Ok(timeline::of_client(conn, &id, None, 50)?))?;
        store.read::<_, StoreError>(|conn| Ok(clients::search(conn, "bar", 50)?))?;
        engine.log_visit(&id, portfolio::visit(n, n))?;
        if n % 50 == 49 {
            list = store.read::<_, StoreError>(|conn| Ok(clients::list(conn, Some(&after), 50)?))?;
        }
    }
    say("peak", peak_mb("self"));
    Ok(())
}

fn page(engine: &Engine) -> Result<Vec<clients::ClientRow>, Failure> {
    Ok(engine.store().read::<_, StoreError>(|conn| Ok(clients::list(conn, None, 50)?))?)
}

pub(super) fn open(path: &Path) -> Result<Engine, Failure> {
    let env: Arc<dyn Env> = Arc::new(SystemEnv);
    Ok(Engine::open(path, None, "Europe/Madrid", env)?)
}
