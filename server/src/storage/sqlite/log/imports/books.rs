//! Imports and their batches.

use rusqlite::{OptionalExtension, Transaction, params};

use super::undecodable;
use crate::import::target::{Begun, ImportId, Plan, Stage};
use crate::storage::Result;
use crate::storage::imports::{Feed, ImportStep};

const STAGING: i64 = 0;
const SEALED: i64 = 1;
pub(super) const PUBLISHED: i64 = 2;

pub(super) fn begin(tx: &Transaction<'_>, plan: &Plan, new: ImportId, at_ms: i64) -> Result<Begun> {
    let kind = plan.kind.as_str();
    type Open = ([u8; 16], [u8; 32], [u8; 32], i64);
    let open: Option<Open> = tx
        .prepare_cached(
            "SELECT import, file, mapping, state FROM imports WHERE kind = ?1 AND source = ?2 AND state < 2",
        )?
        .query_row(params![kind, plan.source], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .optional()?;
    if let Some((import, file, mapping, state)) = open {
        if file == plan.file && mapping == plan.mapping {
            let next_batch: u32 = tx
                .prepare_cached("SELECT coalesce(max(batch) + 1, 0) FROM import_batches WHERE import = ?1")?
                .query_row([import], |row| row.get(0))?;
            let stage = if state == SEALED { Stage::Sealed } else { Stage::Staging { next_batch } };
            return Ok(Begun { import: ImportId(import), stage });
        }
        abandon(tx, ImportId(import))?;
    }
    tx.prepare_cached(
        "INSERT INTO imports (import, kind, source, file, mapping, state, begun_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![new.0, kind, plan.source, plan.file, plan.mapping, STAGING, at_ms])?;
    Ok(Begun { import: new, stage: Stage::Staging { next_batch: 0 } })
}

pub(super) fn stage(
    tx: &Transaction<'_>,
    import: ImportId,
    batch: u32,
    items: &[u8],
) -> Result<ImportStep<()>> {
    if state(tx, import)? != Some(STAGING) {
        return Ok(ImportStep::Superseded);
    }
    tx.prepare_cached(
        "INSERT INTO import_batches (import, batch, items) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET items = excluded.items",
    )?
    .execute(params![import.0, batch, items])?;
    Ok(ImportStep::Done(()))
}

pub(super) fn seal(tx: &Transaction<'_>, import: ImportId, report: &str) -> Result<ImportStep<()>> {
    let sealed = tx
        .prepare_cached("UPDATE imports SET state = ?2, report = ?3 WHERE import = ?1 AND state = ?4")?
        .execute(params![import.0, SEALED, report, STAGING])?;
    Ok(if sealed > 0 { ImportStep::Done(()) } else { ImportStep::Superseded })
}

pub(super) fn abandon(tx: &Transaction<'_>, import: ImportId) -> Result<()> {
    tx.prepare_cached("DELETE FROM imports WHERE import = ?1 AND state < 2")?.execute([import.0])?;
    Ok(())
}

/// Kind and source of a sealed import.
pub(super) fn sealed(tx: &Transaction<'_>, import: ImportId) -> Result<Option<(String, String)>> {
    Ok(tx
        .prepare_cached("SELECT kind, source FROM imports WHERE import = ?1 AND state = ?2")?
        .query_row(params![import.0, SEALED], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

/// How many items a sealed import's file had, changed or not, those set aside left out.
pub(super) fn brought(tx: &Transaction<'_>, import: ImportId) -> Result<u64> {
    let report: Option<String> = tx
        .prepare_cached("SELECT report FROM imports WHERE import = ?1")?
        .query_row([import.0], |row| row.get(0))?;
    let report: serde_json::Value = serde_json::from_str(report.as_deref().unwrap_or("{}"))
        .map_err(|error| undecodable("report", error))?;
    let count = |name: &str| report["counts"][name].as_u64().unwrap_or(0);
    Ok(["new", "changed", "unchanged"].into_iter().map(count).sum())
}

/// A batch's bytes; the first at or after `batch`.
pub(super) fn batch(tx: &Transaction<'_>, import: ImportId, batch: u32) -> Result<Option<(u32, Vec<u8>)>> {
    Ok(tx
        .prepare_cached(
            "SELECT batch, items FROM import_batches WHERE import = ?1 AND batch >= ?2 ORDER BY batch LIMIT 1",
        )?
        .query_row(params![import.0, batch], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

/// The import is done: its batches go, and it takes the place of the one before.
pub(super) fn published(
    tx: &Transaction<'_>,
    import: ImportId,
    kind: &str,
    source: &str,
    at_ms: i64,
) -> Result<()> {
    tx.execute("DELETE FROM import_batches WHERE import = ?1", [import.0])?;
    tx.execute(
        "DELETE FROM imports WHERE kind = ?1 AND source = ?2 AND state = ?3",
        params![kind, source, PUBLISHED],
    )?;
    tx.execute(
        "UPDATE imports SET state = ?2, ended_ms = ?3 WHERE import = ?1",
        params![import.0, PUBLISHED, at_ms],
    )?;
    Ok(())
}

pub(super) fn feeds(tx: &Transaction<'_>) -> Result<Vec<Feed>> {
    let mut statement = tx.prepare_cached(
        "SELECT kind, source, import, ended_ms, report FROM imports WHERE state = ?1 ORDER BY kind, source",
    )?;
    let rows = statement.query_map([PUBLISHED], |row| {
        Ok(Feed {
            kind: row.get(0)?,
            source: row.get(1)?,
            import: ImportId(row.get(2)?),
            published_ms: row.get::<_, Option<i64>>(3)?.unwrap_or_default(),
            report: row.get::<_, Option<String>>(4)?.unwrap_or_default(),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn mapping(tx: &Transaction<'_>, kind: &str, source: &str) -> Result<Option<String>> {
    Ok(tx
        .prepare_cached("SELECT mapping FROM import_mappings WHERE kind = ?1 AND source = ?2")?
        .query_row([kind, source], |row| row.get(0))
        .optional()?)
}

pub(super) fn keep_mapping(tx: &Transaction<'_>, kind: &str, source: &str, mapping: &str) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO import_mappings (kind, source, mapping) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET mapping = excluded.mapping",
    )?
    .execute([kind, source, mapping])?;
    Ok(())
}

fn state(tx: &Transaction<'_>, import: ImportId) -> Result<Option<i64>> {
    let state: Option<i64> = tx
        .prepare_cached("SELECT state FROM imports WHERE import = ?1")?
        .query_row([import.0], |row| row.get(0))
        .optional()?;
    match state {
        Some(state) if !(STAGING..=PUBLISHED).contains(&state) => Err(undecodable("import", state)),
        state => Ok(state),
    }
}
