//! Compaction: the bytes of acknowledged changes move into their document's snapshot.
//!
//! What is known of a change (hash, actor, sequence number, dependencies, counters, number) stands in `changes` for
//! ever; only its bytes go, and only when the snapshot that lies in the database was read again and has it. A change
//! without a verdict never goes in: a snapshot cannot be taken apart.
//!
//! Making a snapshot takes longer than a writer should wait, so it is made while reading ([`current`]) and kept in a
//! write of its own ([`keep`]); [`drop_bytes`] is the only thing here that takes anything away. The relay serves
//! documents from the same snapshots, long before it drops any bytes.

use automerge::{ChangeHash, ReadDoc};
use rusqlite::{Connection, OptionalExtension, params};

use super::codec::{hashes_from_blob, hashes_to_blob};
use super::{Document, Result, RowsError};
use crate::document::snapshot;

/// The acknowledged part of a document as one Automerge document chunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Current {
    pub bytes: Vec<u8>,
    /// Sorted.
    pub heads: Vec<ChangeHash>,
    /// The last log number in it.
    pub number: u64,
    /// It was made just now, and is to be kept.
    pub fresh: bool,
}

/// The kept snapshot where nothing came after it, else one made of it and the later changes.
pub fn current(conn: &Connection, document: &Document) -> Result<Current> {
    let sql = "SELECT number, heads, bytes FROM snapshots WHERE doc = ?1";
    let kept = conn
        .prepare_cached(sql)?
        .query_row([document.row], |row| {
            let heads = hashes_from_blob(row.get_ref(1)?.as_blob()?)?;
            Ok(Current { number: row.get(0)?, heads, bytes: row.get(2)?, fresh: false })
        })
        .optional()?;
    if let Some(kept) = kept.as_ref().filter(|kept| kept.heads == document.acknowledged) {
        return Ok(kept.clone());
    }
    let number = kept.as_ref().map_or(0, |kept| kept.number);
    let made = make(conn, document, kept.as_ref(), number)?;
    if made.heads == document.acknowledged {
        return Ok(made);
    }
    // A verdict may come later than those of greater numbers: then the number does not tell what is in the snapshot.
    let made = make(conn, document, kept.as_ref(), 0)?;
    if made.heads == document.acknowledged {
        return Ok(made);
    }
    Err(RowsError::Corrupt("the acknowledged changes of a document do not give its heads"))
}

/// The snapshot with the changes after a number.
fn make(conn: &Connection, document: &Document, kept: Option<&Current>, after: u64) -> Result<Current> {
    let sql = "SELECT bytes, number FROM changes
               WHERE doc = ?1 AND number > ?2 AND bytes IS NOT NULL ORDER BY start_op, hash";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![document.row, after])?;
    let mut number = kept.map_or(0, |kept| kept.number);
    let mut changes: Vec<Vec<u8>> = Vec::new();
    while let Some(row) = rows.next()? {
        changes.push(row.get(0)?);
        number = number.max(row.get(1)?);
    }
    let made = snapshot::compact(kept.map(|kept| &kept.bytes[..]), changes.iter().map(Vec::as_slice))?;
    Ok(Current { bytes: made.bytes, heads: made.heads, number, fresh: true })
}

/// Keeps a snapshot that was made while reading: its heads, its bytes, the last log number in it. False if the document
/// is not what it was then, or something later is kept.
pub fn keep(conn: &Connection, doc: i64, heads: &[ChangeHash], bytes: &[u8], number: u64) -> Result<bool> {
    let sql = "SELECT 1 FROM changes WHERE doc = ?1 AND hash = ?2 AND number IS NOT NULL";
    let mut statement = conn.prepare_cached(sql)?;
    for head in heads {
        if !statement.exists(params![doc, head.0])? {
            return Ok(false);
        }
    }
    let kept = conn
        .prepare_cached(
            "INSERT INTO snapshots (doc, heads, bytes, number) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (doc) DO UPDATE SET heads = excluded.heads, bytes = excluded.bytes, number = excluded.number
             WHERE excluded.number >= snapshots.number",
        )?
        .execute(params![doc, hashes_to_blob(heads), bytes, number])?;
    Ok(kept > 0)
}

/// Drops the bytes of those changes up to a log number that the kept snapshot holds, after reading it again. Gives how
/// many those were.
pub fn drop_bytes(conn: &Connection, doc: i64, up_to: u64) -> Result<usize> {
    let sql = "SELECT heads, bytes FROM snapshots WHERE doc = ?1";
    let kept: Option<(Vec<ChangeHash>, Vec<u8>)> = conn
        .prepare_cached(sql)?
        .query_row([doc], |row| Ok((hashes_from_blob(row.get_ref(0)?.as_blob()?)?, row.get(1)?)))
        .optional()?;
    let Some((heads, bytes)) = kept else { return Ok(0) };
    let loaded = snapshot::read(&bytes, &heads)?;
    let sql = "SELECT hash FROM changes WHERE doc = ?1 AND number <= ?2 AND bytes IS NOT NULL";
    let hashes: Vec<ChangeHash> = conn
        .prepare_cached(sql)?
        .query_map(params![doc, up_to.min(i64::MAX as u64)], |row| Ok(ChangeHash(row.get(0)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let missing = loaded.automerge().get_missing_deps(&hashes);
    let mut drop = conn.prepare_cached("UPDATE changes SET bytes = NULL WHERE doc = ?1 AND hash = ?2")?;
    let mut dropped = 0;
    for hash in hashes.iter().filter(|hash| !missing.contains(hash)) {
        dropped += drop.execute(params![doc, hash.0])?;
    }
    Ok(dropped)
}

/// Changes of one document whose bytes are worth moving: for fewer, its snapshot is not written anew.
pub const WORTH_MOVING: u64 = 16;

/// Changes after a kept snapshot for which it is made anew before anybody asks: fewer are quickly added when one does.
pub const WORTH_MAKING: u64 = 8;

/// What one step of compaction did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Compacted {
    pub documents: usize,
    /// Whose bytes are in a snapshot now.
    pub changes: usize,
    /// After which document the next step goes on; `None`: this was the last.
    pub next: Option<i64>,
}

/// The next documents, by row, of which at least `least` acknowledged changes up to a log number have bytes, among the
/// `examined` documents after `after`; and the last one looked at, `None` at the end of all.
pub fn candidates(
    conn: &Connection,
    after: Option<i64>,
    up_to: u64,
    least: u64,
    examined: usize,
) -> Result<(Vec<i64>, Option<i64>)> {
    let sql = "SELECT d.doc, (SELECT count(*) FROM changes c
                              WHERE c.doc = d.doc AND c.number <= ?3 AND c.bytes IS NOT NULL)
               FROM documents d WHERE d.doc > ?1 ORDER BY d.doc LIMIT ?2";
    examine(conn, sql, after, examined, Some(up_to), least.max(1))
}

/// The same of documents for which a snapshot is to be made before anybody asks for it: none is kept, or at least
/// `least` acknowledged changes came after the kept one.
pub fn behind(
    conn: &Connection,
    after: Option<i64>,
    least: u64,
    examined: usize,
) -> Result<(Vec<i64>, Option<i64>)> {
    let sql = "SELECT d.doc, (SELECT count(*) * iif(s.doc IS NULL, 1000, 1) FROM changes c
                              WHERE c.doc = d.doc AND c.number > coalesce(s.number, 0))
               FROM documents d LEFT JOIN snapshots s ON s.doc = d.doc
               WHERE d.doc > ?1 ORDER BY d.doc LIMIT ?2";
    examine(conn, sql, after, examined, None, least.clamp(1, 1000))
}

/// Documents to which the statement gives at least so much, among those looked at; and the last of these.
fn examine(
    conn: &Connection,
    sql: &str,
    after: Option<i64>,
    examined: usize,
    up_to: Option<u64>,
    least: u64,
) -> Result<(Vec<i64>, Option<i64>)> {
    let after = after.unwrap_or(i64::MIN);
    let up_to = up_to.map(|up_to| up_to.min(i64::MAX as u64));
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = match up_to {
        Some(up_to) => statement.query(params![after, examined, up_to])?,
        None => statement.query(params![after, examined])?,
    };
    let (mut found, mut last, mut looked_at) = (Vec::new(), None, 0);
    while let Some(row) = rows.next()? {
        let doc = row.get(0)?;
        looked_at += 1;
        last = Some(doc);
        if row.get::<_, u64>(1)? >= least {
            found.push(doc);
        }
    }
    Ok((found, last.filter(|_| looked_at == examined)))
}
