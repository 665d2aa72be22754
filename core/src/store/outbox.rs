//! Own changes that have no good verdict yet, in the order in which they were made.

use automerge::ChangeHash;
use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use crate::document::Change;
use crate::model::{DocumentId, TerritoryId};

/// Where an unsent change stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// To be sent.
    Waiting = 0,
    /// The relay has it and waits for another change.
    Held = 1,
    /// Refused; the document's next rebase leaves it out and puts it on the list of refused work.
    Refused = 2,
    /// To be written anew under another actor.
    Anew = 3,
    /// The same records stand in the document under another hash: the next rebase leaves it out and lists it nowhere.
    Stored = 4,
}

impl State {
    fn from_column(state: i64) -> Result<Self, StoreError> {
        Ok(match state {
            0 => Self::Waiting,
            1 => Self::Held,
            2 => Self::Refused,
            3 => Self::Anew,
            4 => Self::Stored,
            _ => return Err(StoreError::Damaged("an unsent change stands nowhere".into())),
        })
    }
}

/// An unsent change with what the relay said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    pub hash: ChangeHash,
    pub bytes: Vec<u8>,
    pub saved_at: i64,
    pub territory: Option<TerritoryId>,
    pub state: State,
    pub code: String,
    pub detail: String,
}

/// One unsent change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsent {
    pub doc: i64,
    pub document: DocumentId,
    pub generation: u32,
    pub hash: ChangeHash,
    pub bytes: Vec<u8>,
    /// Proposed for a new client, beside its first change.
    pub territory: Option<TerritoryId>,
}

pub fn push(
    conn: &Connection,
    doc: i64,
    change: &Change,
    saved_at: i64,
    territory: Option<&TerritoryId>,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO outbox (doc, hash, bytes, saved_at, territory) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![doc, change.hash.0, change.bytes, saved_at, territory])?;
    Ok(())
}

/// A good verdict arrived. True if the change was here.
pub fn remove(conn: &Connection, doc: i64, hash: &ChangeHash) -> Result<bool, StoreError> {
    let sql = "DELETE FROM outbox WHERE doc = ?1 AND hash = ?2";
    Ok(conn.prepare_cached(sql)?.execute(params![doc, hash.0])? > 0)
}

/// A verdict that is not good.
pub fn mark(
    conn: &Connection,
    doc: i64,
    hash: &ChangeHash,
    state: State,
    code: &str,
    detail: &str,
) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET state = ?3, code = ?4, detail = ?5 WHERE doc = ?1 AND hash = ?2";
    conn.prepare_cached(sql)?.execute(params![doc, hash.0, state as i64, code, detail])?;
    Ok(())
}

/// Where an unsent change stands; `None` if it is none.
pub fn state(conn: &Connection, doc: i64, hash: &ChangeHash) -> Result<Option<State>, StoreError> {
    let sql = "SELECT state FROM outbox WHERE doc = ?1 AND hash = ?2";
    let found = conn.prepare_cached(sql)?.query_row(params![doc, hash.0], |row| row.get(0)).optional()?;
    found.map(State::from_column).transpose()
}

/// What waits for the administrator is tried again once in so long.
const QUARANTINE_MS: i64 = 24 * 60 * 60 * 1000;

/// What was held back is tried again: at the next sync, and what the relay has put aside for its administrator once a
/// day. A clock that was set back counts as a day.
pub fn retry_held(conn: &Connection, now_ms: i64) -> Result<u64, StoreError> {
    let sql = "UPDATE outbox SET state = 0, code = NULL, detail = NULL, tried_at = ?1
               WHERE state = 1 AND (code IS NOT 'quarantined' OR abs(?1 - coalesce(tried_at, 0)) >= ?2)";
    Ok(conn.prepare_cached(sql)?.execute([now_ms, QUARANTINE_MS])? as u64)
}

/// Whether anything is held back.
pub fn any_held(conn: &Connection) -> Result<bool, StoreError> {
    Ok(conn.prepare_cached("SELECT 1 FROM outbox WHERE state = 1")?.exists([])?)
}

/// All that is unsent is to be written anew: what its actors are to the relay is not known any more.
pub fn all_anew(conn: &Connection) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE outbox SET state = 3 WHERE state IN (0, 1)")?.execute([])?;
    Ok(())
}

/// Rows of documents that have something to be left out or written anew.
pub fn to_rebase(conn: &Connection) -> Result<Vec<i64>, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT DISTINCT doc FROM outbox WHERE state >= 2 ORDER BY doc")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// All that is unsent of one document, in the order in which it was made.
pub fn of_document(conn: &Connection, doc: i64) -> Result<Vec<Judged>, StoreError> {
    let sql = "SELECT hash, bytes, saved_at, territory, state, code, detail FROM outbox
               WHERE doc = ?1 ORDER BY position";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([doc])?;
    let mut unsent = Vec::new();
    while let Some(row) = rows.next()? {
        unsent.push(Judged {
            hash: ChangeHash(row.get(0)?),
            bytes: row.get(1)?,
            saved_at: row.get(2)?,
            territory: row.get(3)?,
            state: State::from_column(row.get(4)?)?,
            code: row.get::<_, Option<String>>(5)?.unwrap_or_default(),
            detail: row.get::<_, Option<String>>(6)?.unwrap_or_default(),
        });
    }
    Ok(unsent)
}

/// Takes all that is unsent of one document out, to be written anew.
pub fn clear(conn: &Connection, doc: i64) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM outbox WHERE doc = ?1")?.execute([doc])?;
    Ok(())
}

pub fn count(conn: &Connection) -> Result<u64, StoreError> {
    Ok(conn.prepare_cached("SELECT count(*) FROM outbox")?.query_row([], |row| row.get(0))?)
}

/// All that is unsent, in the order in which it was made, after `skip` changes; `max_bytes` together at most but always
/// one.
pub fn all(
    conn: &Connection,
    skip: usize,
    max_bytes: usize,
    max_changes: usize,
) -> Result<Vec<Unsent>, StoreError> {
    let sql = "SELECT o.doc, d.id, d.generation, o.hash, o.bytes, o.territory
               FROM outbox o JOIN documents d ON d.doc = o.doc ORDER BY o.position LIMIT ?1 OFFSET ?2";
    let end = |number| i64::try_from(number).unwrap_or(i64::MAX);
    let mut statement = conn.prepare_cached(sql)?;
    take(statement.query([end(max_changes), end(skip)])?, max_bytes)
}

/// Unsent changes of documents in which nothing is held or refused, oldest first, `max_bytes` together at most but
/// always one. `blocked` documents are passed over: one bad item holds up nothing but its own document, and that
/// only until it is rebased.
pub fn to_send(conn: &Connection, max_bytes: usize, max_changes: usize) -> Result<Vec<Unsent>, StoreError> {
    let sql = "SELECT o.doc, d.id, d.generation, o.hash, o.bytes, o.territory
               FROM outbox o JOIN documents d ON d.doc = o.doc
               WHERE NOT EXISTS (SELECT 1 FROM outbox bad WHERE bad.doc = o.doc AND bad.state <> 0)
               ORDER BY o.position LIMIT ?1";
    let mut statement = conn.prepare_cached(sql)?;
    take(statement.query([i64::try_from(max_changes).unwrap_or(i64::MAX)])?, max_bytes)
}

fn take(mut rows: rusqlite::Rows<'_>, max_bytes: usize) -> Result<Vec<Unsent>, StoreError> {
    let mut unsent = Vec::new();
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        let change: Vec<u8> = row.get(4)?;
        bytes += change.len();
        if bytes > max_bytes && !unsent.is_empty() {
            break;
        }
        unsent.push(Unsent {
            doc: row.get(0)?,
            document: row.get(1)?,
            generation: row.get(2)?,
            hash: ChangeHash(row.get(3)?),
            bytes: change,
            territory: row.get(5)?,
        });
    }
    Ok(unsent)
}
