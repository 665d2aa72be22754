//! Compaction in the background: a bounded number of documents at a time, each made while reading and kept in a write of
//! its own, so that nobody waits longer than for one document.

use cartera_core::rows::Document;
use cartera_core::rows::compact::{self, Compacted, Current, WORTH_MAKING};
use rusqlite::Transaction;

use super::admit::rows_error;
use super::writer;
use crate::storage::Result;
use crate::storage::sqlite::SqliteStorage;

/// Documents looked at in one step.
const EXAMINED: usize = 256;
/// Snapshots made ahead that are kept in one write.
const TOGETHER: usize = 16;

pub(super) fn step(storage: &SqliteStorage, after: Option<i64>, keep: u64, least: u64) -> Result<Compacted> {
    let (up_to, (docs, next)) = storage.read(|tx| {
        let up_to = writer::end(tx)?.0.saturating_sub(keep);
        Ok((up_to, compact::candidates(tx, after, up_to, least, EXAMINED).map_err(rows_error)?))
    })?;
    let mut done = Compacted { next, ..Compacted::default() };
    for doc in docs {
        let changes = one(storage, doc, up_to)?;
        done.documents += usize::from(changes > 0);
        done.changes += changes;
    }
    Ok(done)
}

/// Makes the snapshots of the next documents that phones will ask for, a few in a write.
pub(super) fn ahead(storage: &SqliteStorage, after: Option<i64>) -> Result<Compacted> {
    let behind =
        |tx: &Transaction<'_>| compact::behind(tx, after, WORTH_MAKING, EXAMINED).map_err(rows_error);
    let (docs, next) = storage.read(behind)?;
    let mut done = Compacted { next, ..Compacted::default() };
    for docs in docs.chunks(TOGETHER) {
        let made = storage.read(|tx| {
            let of = |doc: &i64| Ok(current(tx, *doc)?.filter(|made| made.fresh).map(|made| (*doc, made)));
            docs.iter().map(of).collect::<Result<Vec<_>>>()
        })?;
        done.documents += storage.write(|tx| {
            let mut kept = 0;
            for (doc, made) in made.iter().flatten() {
                let keep = compact::keep(tx, *doc, &made.heads, &made.bytes, made.number);
                kept += usize::from(keep.map_err(rows_error)?);
            }
            Ok(kept)
        })?;
    }
    Ok(done)
}

fn current(tx: &Transaction<'_>, doc: i64) -> Result<Option<Current>> {
    let document = Document::at_row(tx, doc).map_err(rows_error)?;
    document.map(|document| compact::current(tx, &document).map_err(rows_error)).transpose()
}

fn one(storage: &SqliteStorage, doc: i64, up_to: u64) -> Result<usize> {
    let current = storage.read(|tx| current(tx, doc))?;
    let Some(current) = current else { return Ok(0) };
    storage.write(|tx| {
        if current.fresh {
            compact::keep(tx, doc, &current.heads, &current.bytes, current.number).map_err(rows_error)?;
        }
        compact::drop_bytes(tx, doc, up_to).map_err(rows_error)
    })
}
