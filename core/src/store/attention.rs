//! What a person should look at, and refused work, whole.

use automerge::ChangeHash;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::StoreError;
use crate::model::DocumentId;

/// The business date of a record that was written by a clock which could not be checked; `subject` is its key.
pub const UNCERTAIN_DATE: &str = "uncertain_date";

/// Something to look at; saying it again is harmless.
pub fn add(
    conn: &Connection,
    what: &str,
    document: Option<&DocumentId>,
    subject: &str,
    detail: &str,
    now_ms: i64,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO attention (what, document, subject, detail, since) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (what, subject) DO UPDATE SET detail = excluded.detail, done_at = NULL",
    )?
    .execute(params![what, document, subject, detail, now_ms])?;
    Ok(())
}

/// Its cause is gone: nobody needs to look any more.
pub fn done(conn: &Connection, what: &str, subject: &str, now_ms: i64) -> Result<(), StoreError> {
    let sql = "UPDATE attention SET done_at = ?3 WHERE what = ?1 AND subject = ?2 AND done_at IS NULL";
    conn.prepare_cached(sql)?.execute(params![what, subject, now_ms])?;
    Ok(())
}

/// A person has looked at it and wants it off the list, whether it was stored there or follows from other rows.
pub fn dismiss(conn: &Connection, what: &str, subject: &str, now_ms: i64) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO attention (what, subject, detail, since, done_at) VALUES (?1, ?2, '', ?3, ?3)
         ON CONFLICT (what, subject) DO UPDATE SET done_at = ?3",
    )?
    .execute(params![what, subject, now_ms])?;
    Ok(())
}

/// Refused work: kept with its bytes and the reason until a person decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub document: DocumentId,
    pub generation: u32,
    pub hash: ChangeHash,
    pub bytes: Vec<u8>,
    /// `None`: `bytes` are a change. Otherwise they are a record under this key, of which no change could be made.
    pub key: Option<String>,
    pub code: String,
    pub detail: String,
    pub refused_at: i64,
}

pub fn keep_refused(conn: &Connection, work: &Refused) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO refused (document, generation, hash, bytes, code, detail, refused_at, key)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (hash) DO NOTHING",
    )?
    .execute(params![
        work.document,
        work.generation,
        work.hash.0,
        work.bytes,
        work.code,
        work.detail,
        work.refused_at,
        work.key
    ])?;
    Ok(())
}

/// Takes a piece of refused work off its list, for it to be tried again; `None` if it is not there.
pub fn take_refused(conn: &Connection, hash: &ChangeHash) -> Result<Option<Refused>, StoreError> {
    let sql = format!("DELETE FROM refused WHERE hash = ?1 RETURNING {REFUSED}");
    Ok(conn.prepare_cached(&sql)?.query_row([hash.0], read_refused).optional()?)
}

pub fn refused(conn: &Connection) -> Result<Vec<Refused>, StoreError> {
    let mut statement = conn.prepare_cached(&format!("SELECT {REFUSED} FROM refused ORDER BY item"))?;
    Ok(statement.query_map([], read_refused)?.collect::<rusqlite::Result<_>>()?)
}

/// What [`read_refused`] reads.
const REFUSED: &str = "document, generation, hash, bytes, code, detail, refused_at, key";

fn read_refused(row: &Row<'_>) -> rusqlite::Result<Refused> {
    Ok(Refused {
        document: row.get(0)?,
        generation: row.get(1)?,
        hash: ChangeHash(row.get(2)?),
        bytes: row.get(3)?,
        code: row.get(4)?,
        detail: row.get(5)?,
        refused_at: row.get(6)?,
        key: row.get(7)?,
    })
}
