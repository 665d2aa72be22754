//! One document's stored facts, as appending, editing and admission ask for them.

use automerge::{ActorId, ChangeHash};
use rusqlite::{Connection, OptionalExtension, params};

use super::codec::{hashes_from_blob, value_from_blob};
use super::documents::{actor_at, known_actor};
use super::{Document, Result, RowsError};
use crate::document::limits::MAX_REWRITTEN;
use crate::document::memory::value_hash;
use crate::document::{ChangeFacts, Facts, FieldKey, FieldOp, OpId, RecordFacts, RecordKey};

/// [`Facts`] over SQL.
#[derive(Debug)]
pub struct SqlFacts<'a> {
    conn: &'a Connection,
    document: &'a Document,
}

impl<'a> SqlFacts<'a> {
    pub fn new(conn: &'a Connection, document: &'a Document) -> Self {
        Self { conn, document }
    }

    /// A change; `actor` names the one in a row.
    fn change_where(
        &self,
        sql: &str,
        bind: &[&dyn rusqlite::ToSql],
        actor: impl FnOnce(i64) -> Result<ActorId>,
    ) -> Result<Option<ChangeFacts>> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(bind)?;
        let Some(row) = rows.next()? else { return Ok(None) };
        Ok(Some(ChangeFacts {
            hash: ChangeHash(row.get(0)?),
            actor: actor(row.get(1)?)?,
            seq: row.get(2)?,
            start_op: row.get(3)?,
            max_op: row.get(4)?,
            deps: hashes_from_blob(row.get_ref(5)?.as_blob().map_err(rusqlite::Error::from)?)?,
        }))
    }
}

const BY_HASH: &str =
    "SELECT hash, actor, seq, start_op, max_op, deps FROM changes WHERE doc = ?1 AND hash = ?2";
const LAST_OF_ACTOR: &str = "SELECT hash, actor, seq, start_op, max_op, deps FROM changes
    WHERE doc = ?1 AND actor = ?2 ORDER BY seq DESC LIMIT 1";

/// The change of an interned actor that holds the operation `counter`.
pub(super) fn change_of_op(conn: &Connection, doc: i64, actor: i64, counter: u64) -> Result<ChangeHash> {
    let sql =
        "SELECT hash FROM changes WHERE doc = ?1 AND actor = ?2 AND start_op <= ?3 ORDER BY seq DESC LIMIT 1";
    let hash =
        conn.prepare_cached(sql)?.query_row(params![doc, actor, counter], |row| row.get(0)).optional()?;
    hash.map(ChangeHash).ok_or(RowsError::Corrupt("an operation belongs to no change"))
}

impl Facts for SqlFacts<'_> {
    type Error = RowsError;

    fn heads(&self) -> Result<Vec<ChangeHash>> {
        Ok(self.document.heads.clone())
    }

    fn max_op(&self) -> Result<u64> {
        Ok(self.document.max_op)
    }

    fn size(&self) -> Result<u64> {
        Ok(self.document.size)
    }

    fn change(&self, hash: &ChangeHash) -> Result<Option<ChangeFacts>> {
        self.change_where(BY_HASH, params![self.document.row, hash.0], |row| actor_at(self.conn, row))
    }

    fn rewritten(&self, origin: &ChangeHash) -> Result<Vec<ChangeFacts>> {
        let sql =
            "SELECT hash FROM changes INDEXED BY changes_by_origin WHERE doc = ?1 AND origin = ?2 LIMIT ?3";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(params![self.document.row, origin.0, MAX_REWRITTEN])?;
        let mut changes = Vec::new();
        while let Some(row) = rows.next()? {
            changes.extend(self.change(&ChangeHash(row.get(0)?))?);
        }
        Ok(changes)
    }

    fn last_of(&self, actor: &ActorId) -> Result<Option<ChangeFacts>> {
        let Some(row) = known_actor(self.conn, actor)? else { return Ok(None) };
        self.change_where(LAST_OF_ACTOR, params![self.document.row, row], |_| Ok(actor.clone()))
    }

    fn field_op(&self, key: &FieldKey, id: &OpId) -> Result<Option<FieldOp>> {
        let Some(actor) = known_actor(self.conn, &id.actor)? else { return Ok(None) };
        let sql =
            "SELECT live, value FROM fields WHERE doc = ?1 AND key = ?2 AND counter = ?3 AND actor = ?4";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(params![self.document.row, key.as_str(), id.counter, actor])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let value = value_from_blob(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
        Ok(Some(FieldOp { id: id.clone(), value, live: row.get(0)? }))
    }

    fn put_of(&self, change: &ChangeFacts, key: &FieldKey) -> Result<Option<FieldOp>> {
        let Some(actor) = known_actor(self.conn, &change.actor)? else { return Ok(None) };
        let sql = "SELECT counter, live, value FROM fields
                   WHERE doc = ?1 AND key = ?2 AND actor = ?3 AND counter BETWEEN ?4 AND ?5";
        let mut statement = self.conn.prepare_cached(sql)?;
        let of = params![self.document.row, key.as_str(), actor, change.start_op, change.max_op];
        let mut rows = statement.query(of)?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let id = OpId { counter: row.get(0)?, actor: change.actor.clone() };
        let value = value_from_blob(row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?)?;
        Ok(Some(FieldOp { id, value, live: row.get(1)? }))
    }

    fn field_ops(&self, key: &FieldKey) -> Result<Vec<FieldOp>> {
        let sql = "SELECT counter, actor, value FROM fields WHERE doc = ?1 AND key = ?2 AND live = 1";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(params![self.document.row, key.as_str()])?;
        let mut ops = Vec::new();
        while let Some(row) = rows.next()? {
            let id = OpId { counter: row.get(0)?, actor: actor_at(self.conn, row.get(1)?)? };
            let value = value_from_blob(row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?)?;
            ops.push(FieldOp { id, value, live: true });
        }
        ops.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        Ok(ops)
    }

    fn record(&self, key: &RecordKey) -> Result<Option<RecordFacts>> {
        let sql = "SELECT d.id, r.doc, r.actor, r.counter, r.value
                   FROM records r JOIN documents d ON d.doc = r.doc WHERE r.id = ?1 AND r.kind = ?2";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(params![key.id, key.kind.letters()])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        Ok(Some(RecordFacts {
            document: row.get(0)?,
            value_hash: value_hash(row.get_ref(4)?.as_blob().map_err(rusqlite::Error::from)?),
            change: change_of_op(self.conn, row.get(1)?, row.get(2)?, row.get(3)?)?,
        }))
    }
}
