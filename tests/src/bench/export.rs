//! What the back office reads: rows a second, and the memory that it takes.

use std::io::Write;

use cartera_relay::export::{Export, Query};

use super::meter::{peak_mb, took};
use super::{Bench, Failure, Row, relay};

/// Counts lines and keeps nothing.
#[derive(Default)]
struct Lines(u64);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

pub(super) fn visits(bench: &mut Bench) -> Result<Vec<Row>, Failure> {
    let prepared = bench.wide()?;
    let app = relay::open(&prepared.folder, "http://127.0.0.1")?;
    let conn = rusqlite::Connection::open(prepared.folder.join("relay.db"))?;
    let (mut best, mut bare) = (f64::INFINITY, f64::INFINITY);
    let (mut rows, mut bytes) = (0, 0);
    let before_mb = peak_mb("self");
    for _ in 0..5 {
        let (took_bare, read) = took(|| -> rusqlite::Result<usize> {
            let sql = "SELECT id, doc, date, at, number, value FROM records WHERE kind = 'v' ORDER BY number";
            let mut statement = conn.prepare_cached(sql)?;
            let mut records = statement.query([])?;
            let mut bytes = 0;
            while let Some(row) = records.next()? {
                bytes += row.get_ref(5)?.as_blob().map_or(0, <[u8]>::len);
            }
            Ok(bytes)
        });
        read?;
        bare = bare.min(took_bare.cpu_ms);
        let query = Query::parse("visits.csv", std::iter::empty())?;
        let (took, done) =
            took(|| Export::begin(&*app.storage, query)?.write_to(&*app.storage, &mut Lines::default()));
        let done = done?;
        best = best.min(took.cpu_ms);
        (rows, bytes) = (done.rows, done.bytes);
    }
    let per_second = |ms: f64| rows as f64 / ms * 1e3;
    Ok(vec![Row {
        what: "export of visits as CSV".into(),
        goal: ">= 300,000 rows/s streaming, memory flat",
        measured: format!(
            "{:.0} rows per second of processor, best of 5 ({rows} rows, {:.1} MB); peak memory grew by {:.1} MB",
            per_second(best),
            bytes as f64 / 1e6,
            peak_mb("self") - before_mb
        ),
        yardstick: format!(
            "the same records read from SQLite alone {:.0}/s; {:.1} x",
            per_second(bare),
            best / bare
        ),
    }])
}
