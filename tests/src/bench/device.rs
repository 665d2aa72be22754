//! What a phone does without a network: open, list, search, log a visit, take in what others wrote.

use std::path::Path;
use std::sync::Arc;

use cartera_core::document::Change;
use cartera_core::document::admit::{self, Outcome};
use cartera_core::engine::Engine;
use cartera_core::env::SeededEnv;
use cartera_core::env::{Env, SystemEnv};
use cartera_core::model::ClientId;
use cartera_core::query::clients;
use cartera_core::rows::{self, Document, SqlFacts};
use cartera_core::store::StoreError;

use super::portfolio;
use super::{Row, distribution, quantiles, time_ms};

type Failure = Box<dyn std::error::Error>;

const WIDE_CLIENTS: usize = 5_000;
const WIDE_VISITS: usize = 20;
const WIDE_PURCHASES: usize = 10;

/// Measures in `folder`, which should lie on the disk that counts.
pub fn measure(folder: &Path) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    let bare = Bare::open(&folder.join("bare.db"))?;
    let env = Arc::new(SeededEnv::new(1, 1_790_000_000_000));
    let wide = folder.join("wide.db");
    let (clients, mut taken) = fill(&wide, &env, WIDE_CLIENTS, WIDE_VISITS, WIDE_PURCHASES)?;
    rows.append(&mut taken);
    rows.push(log_visit(&wide, &clients, &bare)?);
    rows.append(&mut list_and_search(&wide, "5,000")?);
    let broad = folder.join("broad.db");
    fill(&broad, &env, 50_000, 0, 0)?;
    rows.append(&mut list_and_search(&broad, "50,000")?);
    Ok(rows)
}

/// One durable insert of 300 bytes into a bare table, the same journal and sync settings.
struct Bare(rusqlite::Connection);

impl Bare {
    fn open(path: &Path) -> Result<Self, Failure> {
        let conn = rusqlite::Connection::open(path)?;
        conn.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (x BLOB)")?;
        Ok(Self(conn))
    }

    fn insert(&self) {
        let done = self
            .0
            .prepare_cached("INSERT INTO t VALUES (?1)")
            .and_then(|mut insert| insert.execute([&[7u8; 300][..]]));
        assert!(done.is_ok());
    }
}

/// Takes a generated portfolio in as if it had been pulled: inspected, judged, applied.
fn fill(
    path: &Path,
    env: &Arc<SeededEnv>,
    clients: usize,
    visits: usize,
    purchases: usize,
) -> Result<(Vec<ClientId>, Vec<Row>), Failure> {
    let engine = open(path)?;
    let mut ids = Vec::with_capacity(clients);
    let (mut apply_ms, mut inspect_ms, mut count) = (0.0, 0.0, 0);
    let all: Vec<usize> = (0..clients).collect();
    for some in all.chunks(250) {
        let made: Vec<(ClientId, Vec<Change>)> = some
            .iter()
            .map(|n| portfolio::client(env, &portfolio::actor(*n), *n, visits, purchases))
            .collect();
        count += made.iter().map(|(_, changes)| changes.len()).sum::<usize>();
        inspect_ms += time_ms(|| {
            made.iter()
                .flat_map(|(_, changes)| changes)
                .filter(|change| admit::inspect(&change.bytes).is_ok())
                .count()
        })
        .0;
        let (ms, result) = time_ms(|| {
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
        apply_ms += ms;
        ids.extend(made.iter().map(|(id, _)| *id));
    }
    engine.store().checkpoint()?;
    let per_second = count as f64 / ((apply_ms + inspect_ms) / 1e3);
    let row = Row {
        what: "changes received by a phone",
        measured: format!("{per_second:.0}/s ({count} changes)"),
        goal: ">= 20,000/s",
        yardstick: format!("inspecting them alone {:.0}/s", count as f64 / (inspect_ms / 1e3)),
    };
    Ok((ids, if visits > 0 { vec![row] } else { Vec::new() }))
}

/// Turn and turn about with the yardstick, since the disk's own pace changes by the second.
fn log_visit(path: &Path, clients: &[ClientId], bare: &Bare) -> Result<Row, Failure> {
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
    Ok(Row {
        what: "log a visit, durable (wide)",
        measured: format!("p50 {median:.3} ms, p99 {p99:.3} ms"),
        goal: "p50 <= 0.5 ms, p99 <= 1.5 ms; <= 3 x bare",
        yardstick: format!(
            "bare durable insert {bare_ms:.3} ms, p99 {bare_p99:.3} ms: {:.1} x",
            median / bare_ms
        ),
    })
}

fn list_and_search(path: &Path, size: &'static str) -> Result<Vec<Row>, Failure> {
    let (open_ms, _) = distribution(20, |_| {
        let first = open(path).and_then(|engine| page(&engine));
        assert_eq!(first.map(|page| page.len()).unwrap_or(0), 50);
    });
    let engine = open(path)?;
    let plain_ms = distribution(200, |_| drop(page(&engine))).0;
    let typed = ["b", "ba", "bar", "bar n", "peluq", "aviles", "san t", "c0042", "600 1", "ñan"];
    let (search_ms, search_p99) = distribution(400, |n| {
        let found = engine
            .store()
            .read::<_, StoreError>(|conn| Ok(clients::search(conn, typed[n % typed.len()], 50)?));
        assert!(found.is_ok());
    });
    let wide = size == "5,000";
    Ok(vec![
        Row {
            what: if wide { "open the store to the first 50 clients, 5,000" } else { "the same, 50,000" },
            measured: format!("{open_ms:.1} ms"),
            goal: if wide { "<= 10 ms" } else { "<= 25 ms" },
            yardstick: format!("the page alone {plain_ms:.2} ms"),
        },
        Row {
            what: if wide { "search as you type, first 50 of 5,000" } else { "the same, 50,000" },
            measured: format!("p50 {search_ms:.2} ms, p99 {search_p99:.2} ms"),
            goal: if wide { "<= 1 ms" } else { "<= 5 ms" },
            yardstick: format!("the page alone {plain_ms:.2} ms"),
        },
    ])
}

fn page(engine: &Engine) -> Result<Vec<clients::ClientRow>, Failure> {
    Ok(engine.store().read::<_, StoreError>(|conn| Ok(clients::list(conn, None, 50)?))?)
}

fn open(path: &Path) -> Result<Engine, Failure> {
    let env: Arc<dyn Env> = Arc::new(SystemEnv);
    Ok(Engine::open(path, None, "Europe/Madrid", env)?)
}
