//! How far the log reaches, and what of it an incremental export is about.

use rusqlite::{OptionalExtension, Transaction, params};

use crate::storage::export::{After, Docs, Gone, Span};
use crate::storage::{Result, StorageError};

pub(super) fn read(tx: &Transaction<'_>, after: Option<After>) -> Result<std::result::Result<Span, Gone>> {
    let epoch = tx
        .prepare_cached("SELECT epoch FROM workspace")?
        .query_row([], |row| row.get(0))
        .optional()?
        .ok_or(StorageError::Undecodable { what: "workspace", detail: "there is none".into() })?;
    let (until, chain) = tx
        .prepare_cached("SELECT number, chain FROM log ORDER BY number DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, chain_start(row.get_ref(1)?.as_blob()?))))
        .optional()?
        .unwrap_or_default();
    let mut span = Span {
        epoch,
        since: after.map(|after| after.number),
        until,
        chain,
        last_doc: tx
            .prepare_cached("SELECT coalesce(max(doc), 0) FROM documents")?
            .query_row([], |row| row.get(0))?,
        touched: Docs::default(),
        moved: Docs::default(),
    };
    let Some(after) = after else { return Ok(Ok(span)) };
    if after.epoch != epoch || chain_at(tx, after.number)? != Some(after.chain) {
        return Ok(Err(Gone::NotOfThisLog));
    }
    if !after.tells_erased && last_erasure(tx)? > after.number {
        return Ok(Err(Gone::Erased));
    }
    let sql =
        "SELECT doc, kind FROM log WHERE number > ?1 AND number <= ?2 AND doc IS NOT NULL ORDER BY number";
    let mut statement = tx.prepare_cached(sql)?;
    let mut rows = statement.query(params![after.number, until])?;
    while let Some(row) = rows.next()? {
        let doc = row.get(0)?;
        span.touched.insert(doc);
        if matches!(row.get(1)?, TERRITORY | MERGE) {
            span.moved.insert(doc);
        }
    }
    Ok(Ok(span))
}

/// Kinds of the log's entries.
const TERRITORY: i64 = 2;
const MERGE: i64 = 3;

fn chain_at(tx: &Transaction<'_>, number: u64) -> Result<Option<[u8; 8]>> {
    if number == 0 {
        return Ok(Some([0; 8]));
    }
    let Ok(number) = i64::try_from(number) else { return Ok(None) };
    let mut statement = tx.prepare_cached("SELECT chain FROM log WHERE number = ?1")?;
    Ok(statement.query_row([number], |row| Ok(chain_start(row.get_ref(0)?.as_blob()?))).optional()?)
}

fn chain_start(chain: &[u8]) -> [u8; 8] {
    chain.first_chunk().copied().unwrap_or_default()
}

fn last_erasure(tx: &Transaction<'_>) -> Result<u64> {
    let sql = "SELECT coalesce(max(number), 0) FROM erasures";
    Ok(tx.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}
