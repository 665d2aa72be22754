//! Acknowledged changes that are offered to a relay which may have lost them.
//!
//! Until each has its verdict nothing of it may be replaced or purged: this phone may be the only one that has it.

use automerge::ChangeHash;
use rusqlite::{Connection, OptionalExtension, params};

use super::{StoreError, meta};
use crate::model::{DocumentId, TerritoryId};
use crate::rows::documents::{ChangeBytes, heads_from_blob};
use crate::rows::{Document, RowsError};

/// Where an offered change stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    ToOffer = 0,
    /// The relay did not take it.
    NotTaken = 1,
    /// It waits for the relay's administrator; offered again now and then.
    Quarantined = 2,
}

/// How far following the relay into a new epoch has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// What the relay may lack is still to be found out.
    Compare,
    Offer,
}

/// A change on offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub doc: i64,
    pub document: DocumentId,
    pub generation: u32,
    pub hash: ChangeHash,
    pub bytes: Vec<u8>,
    /// The relay's proof of before the restore.
    pub receipt: Option<[u8; 16]>,
    /// With a client's first change: where it was.
    pub territory: Option<TerritoryId>,
}

/// `None`: nothing is to be followed.
pub fn stage(conn: &Connection) -> Result<Option<Stage>, StoreError> {
    Ok(match meta::get(conn, meta::OFFERING)?.as_deref() {
        None => None,
        Some(b"compare") => Some(Stage::Compare),
        Some(b"offer") => Some(Stage::Offer),
        Some(_) => return Err(StoreError::Damaged("`offering` is no stage".into())),
    })
}

/// A new epoch began: whatever was on offer is found out anew.
pub fn begin(conn: &Connection) -> Result<(), StoreError> {
    conn.execute("DELETE FROM offers", [])?;
    meta::put(conn, meta::OFFERING, b"compare")
}

/// All that is acknowledged of these documents is to be offered.
pub fn queue(conn: &Connection, documents: &[DocumentId]) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached(
        "INSERT OR IGNORE INTO offers (doc, hash, start_op)
         SELECT c.doc, c.hash, c.start_op FROM changes c JOIN documents d ON d.doc = c.doc
         WHERE d.id = ?1 AND c.number IS NOT NULL",
    )?;
    for document in documents {
        statement.execute([document])?;
    }
    meta::put(conn, meta::OFFERING, b"offer")
}

pub fn done(conn: &Connection, now_ms: i64) -> Result<(), StoreError> {
    meta::put_u64(conn, meta::OFFERED_AT, u64::try_from(now_ms).unwrap_or(0))?;
    meta::remove(conn, meta::OFFERING)
}

/// How long what waits for the administrator is left alone before it is offered again, in milliseconds.
const QUARANTINE_MS: u64 = 24 * 60 * 60 * 1000;

/// Something waits for the administrator, and was offered long enough ago. A clock that was set back counts as long.
pub fn quarantine_is_due(conn: &Connection, now_ms: i64) -> Result<bool, StoreError> {
    let waits = conn.prepare_cached("SELECT 1 FROM offers WHERE state = 2")?.exists([])?;
    let last = meta::get_u64(conn, meta::OFFERED_AT)?.unwrap_or(0);
    Ok(waits && u64::try_from(now_ms).unwrap_or(0).abs_diff(last) >= QUARANTINE_MS)
}

/// The next to offer, ancestors first, `max_bytes` together at most but always one.
pub fn next(conn: &Connection, max_bytes: usize, max_changes: usize) -> Result<Vec<Offer>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT o.doc, o.hash, r.receipt, length(c.deps) = 0 FROM offers o
         JOIN changes c ON c.doc = o.doc AND c.hash = o.hash
         LEFT JOIN receipts r ON r.doc = o.doc AND r.hash = o.hash
         WHERE o.state = 0 ORDER BY o.doc, o.start_op, o.hash LIMIT ?1",
    )?;
    let mut rows = statement.query([i64::try_from(max_changes).unwrap_or(i64::MAX)])?;
    let (mut offers, mut bytes) = (Vec::new(), 0);
    let mut open: Option<Opened<'_>> = None;
    while let Some(row) = rows.next()? {
        let doc: i64 = row.get(0)?;
        let open = match &mut open {
            Some(open) if open.document.row == doc => open,
            open => open.insert(Opened::read(conn, doc)?),
        };
        let hash = ChangeHash(row.get(1)?);
        let change = open.bytes.get(&hash)?.ok_or_else(|| {
            StoreError::from(RowsError::Corrupt("an acknowledged change is not in its document"))
        })?;
        bytes += change.len();
        if bytes > max_bytes && !offers.is_empty() {
            break;
        }
        let first: bool = row.get(3)?;
        offers.push(Offer {
            doc,
            document: open.document.id,
            generation: open.document.generation,
            hash,
            bytes: change,
            receipt: row.get(2)?,
            territory: open.territory.filter(|_| first),
        });
    }
    Ok(offers)
}

/// A document whose changes are read one after the other.
struct Opened<'c> {
    document: Document,
    territory: Option<TerritoryId>,
    bytes: ChangeBytes<'c>,
}

impl<'c> Opened<'c> {
    fn read(conn: &'c Connection, doc: i64) -> Result<Self, StoreError> {
        let document = Document::at_row(conn, doc)?.ok_or(RowsError::Corrupt("a document vanished"))?;
        let territory = conn
            .prepare_cached("SELECT territory FROM clients WHERE doc = ?1")?
            .query_row([doc], |row| row.get(0))
            .optional()?
            .flatten();
        Ok(Self { bytes: ChangeBytes::new(conn, doc), territory, document })
    }
}

/// The relay has it, under this number of its present log, and with it all that it builds on, whatever was said of that
/// on the way.
pub fn taken(conn: &Connection, doc: i64, hash: &ChangeHash, number: u64) -> Result<(), StoreError> {
    let mut offered = conn.prepare_cached("DELETE FROM offers WHERE doc = ?1 AND hash = ?2")?;
    let mut numbered = conn.prepare_cached(
        "UPDATE changes SET number = ?3 WHERE doc = ?1 AND hash = ?2 AND number IS NOT NULL RETURNING deps",
    )?;
    let mut open = vec![*hash];
    while let Some(hash) = open.pop() {
        if offered.execute(params![doc, hash.0])? > 0 {
            let deps: Option<Vec<u8>> =
                numbered.query_row(params![doc, hash.0, number], |row| row.get(0)).optional()?;
            open.extend(deps.map(|deps| heads_from_blob(&deps)).transpose()?.unwrap_or_default());
        }
    }
    Ok(())
}

pub fn mark(
    conn: &Connection,
    doc: i64,
    hash: &ChangeHash,
    state: State,
    code: &str,
) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE offers SET state = ?3, code = ?4 WHERE doc = ?1 AND hash = ?2")?
        .execute(params![doc, hash.0, state as i64, code])?;
    Ok(())
}

/// What waits for the administrator is offered again.
pub fn retry_quarantined(conn: &Connection) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE offers SET state = 0, code = NULL WHERE state = 2")?.execute([])?;
    meta::put(conn, meta::OFFERING, b"offer")
}

/// What was not taken of a document, ancestors first, each with its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotTaken {
    pub doc: i64,
    pub changes: Vec<(ChangeHash, String)>,
}

pub fn not_taken(conn: &Connection) -> Result<Vec<NotTaken>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT doc, hash, coalesce(code, '') FROM offers WHERE state = 1 ORDER BY doc, start_op, hash",
    )?;
    let mut rows = statement.query([])?;
    let mut found: Vec<NotTaken> = Vec::new();
    while let Some(row) = rows.next()? {
        let doc = row.get(0)?;
        let change = (ChangeHash(row.get(1)?), row.get(2)?);
        match found.last_mut().filter(|last| last.doc == doc) {
            Some(last) => last.changes.push(change),
            None => found.push(NotTaken { doc, changes: vec![change] }),
        }
    }
    Ok(found)
}

/// They are dealt with.
pub fn forget(conn: &Connection, doc: i64) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM offers WHERE doc = ?1 AND state = 1")?.execute([doc])?;
    Ok(())
}
