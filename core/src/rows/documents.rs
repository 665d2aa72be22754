//! The documents' own tables: heads, counters and changes, without loading anything.

use automerge::{ActorId, ChangeHash};
use rusqlite::{Connection, OptionalExtension, params};

use super::codec::{hashes_from_blob, hashes_to_blob};
use super::{Result, RowsError};
use crate::document::snapshot;
use crate::model::DocumentId;

/// What is known of a document as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its row here; means nothing elsewhere.
    pub row: i64,
    pub id: DocumentId,
    pub generation: u32,
    /// Heads of all that is here, sorted.
    pub heads: Vec<ChangeHash>,
    /// Heads of what has a good verdict, sorted. On the relay the same as `heads`.
    pub acknowledged: Vec<ChangeHash>,
    /// The largest operation counter.
    pub max_op: u64,
    /// Bytes of all changes ever applied.
    pub size: u64,
}

impl Document {
    pub fn find(conn: &Connection, id: &DocumentId) -> Result<Option<Self>> {
        let sql = "SELECT doc, id, generation, heads, acked, max_op, size FROM documents WHERE id = ?1";
        Ok(conn.prepare_cached(sql)?.query_row([id], Self::from_row).optional()?)
    }

    pub fn at_row(conn: &Connection, row: i64) -> Result<Option<Self>> {
        let sql = "SELECT doc, id, generation, heads, acked, max_op, size FROM documents WHERE doc = ?1";
        Ok(conn.prepare_cached(sql)?.query_row([row], Self::from_row).optional()?)
    }

    /// An empty document; fails if the id is taken.
    pub fn create(conn: &Connection, id: DocumentId, generation: u32) -> Result<Self> {
        conn.prepare_cached(
            "INSERT INTO documents (id, generation, heads, acked, max_op, size) VALUES (?1, ?2, x'', x'', 0, 0)",
        )?
        .execute(params![id, generation])?;
        Ok(Self {
            row: conn.last_insert_rowid(),
            id,
            generation,
            heads: Vec::new(),
            acknowledged: Vec::new(),
            max_op: 0,
            size: 0,
        })
    }

    /// Deletes the document with every row that came of it.
    pub fn delete(self, conn: &Connection) -> Result<()> {
        super::search::forget(conn, self.row)?;
        conn.prepare_cached("DELETE FROM documents WHERE doc = ?1")?.execute([self.row])?;
        Ok(())
    }

    pub(super) fn save(&self, conn: &Connection) -> Result<()> {
        conn.prepare_cached(
            "UPDATE documents SET heads = ?2, acked = ?3, max_op = ?4, size = ?5 WHERE doc = ?1",
        )?
        .execute(params![
            self.row,
            hashes_to_blob(&self.heads),
            hashes_to_blob(&self.acknowledged),
            self.max_op,
            self.size
        ])?;
        Ok(())
    }

    fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            row: row.get(0)?,
            id: row.get(1)?,
            generation: row.get(2)?,
            heads: hashes_from_blob(row.get_ref(3)?.as_blob()?)?,
            acknowledged: hashes_from_blob(row.get_ref(4)?.as_blob()?)?,
            max_op: row.get(5)?,
            size: row.get(6)?,
        })
    }
}

/// Takes a change into a set of heads: what it depends on is no head any more.
pub(super) fn advance_heads(heads: &mut Vec<ChangeHash>, deps: &[ChangeHash], hash: ChangeHash) {
    heads.retain(|head| !deps.contains(head));
    if let Err(place) = heads.binary_search(&hash) {
        heads.insert(place, hash);
    }
}

/// Finds out anew which heads are acknowledged, after numbers were taken from changes.
pub fn acknowledge_numbered(conn: &Connection, document: &mut Document) -> Result<()> {
    document.acknowledged.clear();
    let mut statement = conn.prepare_cached(
        "SELECT hash, deps FROM changes WHERE doc = ?1 AND number IS NOT NULL ORDER BY start_op, hash",
    )?;
    let mut rows = statement.query([document.row])?;
    while let Some(row) = rows.next()? {
        let deps = hashes_from_blob(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
        advance_heads(&mut document.acknowledged, &deps, ChangeHash(row.get(0)?));
    }
    document.save(conn)
}

/// The short name of an actor in this database, made when it is new.
pub fn intern(conn: &Connection, actor: &ActorId) -> Result<i64> {
    let bytes = actor.to_bytes();
    if let Some(row) = known_actor(conn, actor)? {
        return Ok(row);
    }
    conn.prepare_cached("INSERT INTO actors (id) VALUES (?1)")?.execute([bytes])?;
    Ok(conn.last_insert_rowid())
}

pub(super) fn known_actor(conn: &Connection, actor: &ActorId) -> Result<Option<i64>> {
    let sql = "SELECT actor FROM actors WHERE id = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([actor.to_bytes()], |row| row.get(0)).optional()?)
}

pub fn actor_at(conn: &Connection, row: i64) -> Result<ActorId> {
    let sql = "SELECT id FROM actors WHERE actor = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([row], |row| Ok(ActorId::from(row.get_ref(0)?.as_blob()?)))?)
}

/// Heads as a column holds them.
pub fn heads_from_blob(blob: &[u8]) -> Result<Vec<ChangeHash>> {
    Ok(hashes_from_blob(blob)?)
}

/// The bytes of one change as its author wrote them; `None` if it is unknown. A compacted change is read from the
/// snapshot.
pub fn change_bytes(conn: &Connection, document: &Document, hash: &ChangeHash) -> Result<Option<Vec<u8>>> {
    ChangeBytes::new(conn, document.row).get(hash)
}

/// The bytes of a document's changes; its snapshot is loaded once, when first needed.
#[derive(Debug)]
pub struct ChangeBytes<'c> {
    conn: &'c Connection,
    row: i64,
    snapshot: Option<automerge::Automerge>,
}

impl<'c> ChangeBytes<'c> {
    /// `row` is the document's.
    pub fn new(conn: &'c Connection, row: i64) -> Self {
        Self { conn, row, snapshot: None }
    }

    pub fn row(&self) -> i64 {
        self.row
    }

    /// `None` if it is unknown.
    pub fn get(&mut self, hash: &ChangeHash) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT bytes FROM changes WHERE doc = ?1 AND hash = ?2";
        let found: Option<Option<Vec<u8>>> = self
            .conn
            .prepare_cached(sql)?
            .query_row(params![self.row, hash.0], |row| row.get(0))
            .optional()?;
        match found {
            None => Ok(None),
            Some(Some(bytes)) => Ok(Some(bytes)),
            Some(None) => self.compacted(hash).map(Some),
        }
    }

    fn compacted(&mut self, hash: &ChangeHash) -> Result<Vec<u8>> {
        let loaded = match &mut self.snapshot {
            Some(loaded) => &*loaded,
            none => {
                let bytes = kept_snapshot(self.conn, self.row)?;
                none.insert(snapshot::load(bytes.as_deref(), [])?)
            }
        };
        let missing = RowsError::Corrupt("a compacted change is not in the snapshot");
        snapshot::change_of(loaded, hash)?.ok_or(missing)
    }
}

/// The whole document as an Automerge document: snapshot and later changes.
pub fn load(conn: &Connection, document: &Document) -> Result<automerge::Automerge> {
    let sql = "SELECT bytes FROM changes WHERE doc = ?1 AND bytes IS NOT NULL ORDER BY start_op, hash";
    let changes: Vec<Vec<u8>> = conn
        .prepare_cached(sql)?
        .query_map([document.row], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let snapshot = kept_snapshot(conn, document.row)?;
    let loaded = snapshot::load(snapshot.as_deref(), changes.iter().map(Vec::as_slice))?;
    // A hash covers every byte of its change and of all before it.
    if snapshot::sorted_heads(&loaded) != document.heads {
        return Err(RowsError::Corrupt("the changes of a document do not give its heads"));
    }
    Ok(loaded)
}

fn kept_snapshot(conn: &Connection, row: i64) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT bytes FROM snapshots WHERE doc = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([row], |row| row.get(0)).optional()?)
}
