//! Records as rows: how each record, its amendments and voids read now.
//!
//! A family (see `001_documents.sql`) is folded when one of its records arrives, and only then; which of its rows is
//! shown does not depend on the order of arrival (`document::fold` has the rule and its test). A record that names no
//! target and that nobody names, which is nearly every one, is a family of its own and needs no fold.

use std::collections::HashSet;

use rusqlite::{CachedStatement, Connection, OptionalExtension, params};

use super::documents::actor_at;
use super::effects::{self, Gathered};
use super::{Result, RowsError};
use crate::document::fold::{Entry, fold};
use crate::document::{Header, OpId, RecordKey, Relation};
use crate::model::record::Kind;
use crate::model::{RecordId, record};

/// Where a record comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin {
    pub doc: i64,
    /// Interned.
    pub actor: i64,
    /// Counter of the operation that puts it.
    pub counter: u64,
    /// Place in the relay's log; `None` before the verdict.
    pub number: Option<u64>,
}

/// Records of one document on their way into the rows.
pub(super) struct Writing<'c> {
    conn: &'c Connection,
    insert: CachedStatement<'c>,
    /// Of a document that is written whole: every record that one of its records names.
    named: Option<HashSet<RecordId>>,
    gathered: Gathered,
}

impl<'c> Writing<'c> {
    pub(super) fn new(conn: &'c Connection, named: Option<HashSet<RecordId>>) -> Result<Self> {
        let insert = conn.prepare_cached(
            "INSERT INTO records
               (doc, kind, id, counter, actor, family, target, voids, root, shown, orphan, latest, at, date, number, value)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?3, ?9, 0, 0, ?10, ?11, ?12, ?13)",
        )?;
        Ok(Self { conn, insert, named, gathered: Gathered::default() })
    }

    /// Writes what was gathered.
    pub(super) fn finish(self, doc: i64) -> Result<()> {
        self.gathered.save(self.conn, doc)
    }

    /// Writes a record under a key that is new, and folds its family.
    pub(super) fn put(&mut self, from: Origin, key: &RecordKey, header: &Header, bytes: &[u8]) -> Result<()> {
        let (conn, doc) = (self.conn, from.doc);
        let target = header.relation.map(|relation| relation.target());
        let family = match target {
            Some(target) => family_of(conn, doc, key.kind, &target)?.unwrap_or(target),
            None => key.id,
        };
        let named = match &self.named {
            Some(named) => named.contains(&key.id),
            None => is_named(conn, &key.id)?,
        };
        let alone = target.is_none() && !named;
        self.insert.execute(params![
            doc,
            key.kind.letters(),
            key.id,
            from.counter,
            from.actor,
            family,
            target,
            matches!(header.relation, Some(Relation::Voids(_))),
            alone,
            header.time_ms,
            header.date,
            from.number,
            bytes
        ])?;
        let record = conn.last_insert_rowid();
        let gathered = &mut self.gathered;
        if alone {
            return effects::show(conn, gathered, doc, record, key.kind.letters(), header.date, bytes);
        }
        if named && family != key.id {
            let sql = "UPDATE records SET family = ?4
                       WHERE family = ?1 AND doc = ?2 AND kind = ?3 AND target IS NOT NULL";
            conn.prepare_cached(sql)?.execute(params![key.id, doc, key.kind.letters(), family])?;
        }
        fold_family(conn, gathered, doc, key.kind, &family)
    }
}

/// A stored purchase; `None` for what this version cannot read.
pub(super) fn purchase(value: &[u8]) -> Option<(record::Header, record::Purchase)> {
    let record::Record { header, body } = record::Record::decode(Kind::Purchase, value).ok()?;
    if let record::Body::Purchase(purchase) = body { Some((header, purchase)) } else { None }
}

/// The family of a record that is here.
pub(super) fn family_of(conn: &Connection, doc: i64, kind: Kind, id: &RecordId) -> Result<Option<RecordId>> {
    let sql = "SELECT family FROM records WHERE id = ?1 AND kind = ?2 AND doc = ?3";
    Ok(conn.prepare_cached(sql)?.query_row(params![id, kind.letters(), doc], |row| row.get(0)).optional()?)
}

/// Whether any record names this one, or one that does; perhaps in another document or of another kind, where it has no
/// effect. A record that names none itself and that none names reads as it was written.
pub fn is_named(conn: &Connection, id: &RecordId) -> Result<bool> {
    let sql = "SELECT 1 FROM records WHERE family = ?1 AND target IS NOT NULL LIMIT 1";
    Ok(conn.prepare_cached(sql)?.query_row([id], |_| Ok(())).optional()?.is_some())
}

/// A row of a family, as folding needs it and as it stands.
struct Member {
    record: i64,
    was_shown: bool,
    date: i32,
    value: Vec<u8>,
}

fn fold_family(
    conn: &Connection,
    gathered: &mut Gathered,
    doc: i64,
    kind: Kind,
    family: &RecordId,
) -> Result<()> {
    let sql = "SELECT record, id, counter, actor, target, voids, shown, date, value FROM records
               WHERE +doc = ?1 AND +kind = ?2 AND (id = ?3 OR (family = ?3 AND target IS NOT NULL))";
    let mut entries = Vec::new();
    let mut members = Vec::new();
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![doc, kind.letters(), family])?;
    while let Some(row) = rows.next()? {
        let target: Option<RecordId> = row.get(4)?;
        let voids: bool = row.get(5)?;
        entries.push(Entry {
            key: RecordKey { kind, id: row.get(1)? },
            id: OpId { counter: row.get(2)?, actor: actor_at(conn, row.get(3)?)? },
            author: (),
            relation: target
                .map(|target| if voids { Relation::Voids(target) } else { Relation::Amends(target) }),
        });
        members.push(Member {
            record: row.get(0)?,
            was_shown: row.get(6)?,
            date: row.get(7)?,
            value: row.get(8)?,
        });
    }
    // Who may amend what was settled at admission; here everybody who wrote may.
    let folded = fold(&entries, |_, _| true);
    for (entry, member) in entries.iter().zip(&members) {
        let stands_for = folded.iter().find(|group| group.shown == entry.key && group.voided_by.is_none());
        let orphan = folded.iter().any(|group| group.root == entry.key && group.orphan.is_some());
        let root = stands_for.map_or(entry.key.id, |group| group.root.id);
        let latest = stands_for.map_or(0, |group| group.latest.len());
        conn.prepare_cached(
            "UPDATE records SET shown = ?2, orphan = ?3, root = ?4, latest = ?5 WHERE record = ?1",
        )?
        .execute(params![member.record, stands_for.is_some(), orphan, root, latest as i64])?;
    }
    for (entry, member) in entries.iter().zip(&members) {
        let shown = folded.iter().any(|group| group.shown == entry.key && group.voided_by.is_none());
        match (member.was_shown, shown) {
            (false, true) => {
                effects::show(conn, gathered, doc, member.record, kind.letters(), member.date, &member.value)?
            }
            (true, false) => effects::hide(conn, gathered, member.record, kind.letters())?,
            _ => {}
        }
    }
    if entries.is_empty() {
        return Err(RowsError::Corrupt("a record has no family"));
    }
    Ok(())
}
