//! The attention list (*Por revisar*): what a person should look at, whether it was noted or follows from the rows.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::page;
use crate::document::RecordKey;
use crate::model::office::{Kind, KnownKind, OrderStage, Value};
use crate::model::{DocumentId, RecordId};
use crate::store::attention::UNCERTAIN_DATE;

/// One thing to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is; its words are `attention-<what>` in the strings.
    pub what: String,
    /// Which one of its sort: a record's key, a client, the hash of a refused change, an order.
    pub subject: String,
    /// Whose page it is about, and the name there.
    pub document: Option<DocumentId>,
    pub client_name: Option<String>,
    /// A reason, a date or a count, as the sort of item has one.
    pub detail: String,
    /// Milliseconds UTC, where that is known.
    pub since_ms: Option<i64>,
}

/// The latest first; what has no time, such as fields with two values, last.
pub fn list(conn: &Connection, limit: usize) -> rusqlite::Result<Vec<Item>> {
    let mut items = noted(conn)?;
    items.extend(refused(conn)?);
    items.extend(conflicts(conn)?);
    items.extend(orphans(conn)?);
    items.extend(declined(conn)?);
    let order = |item: &Item| (std::cmp::Reverse(item.since_ms), item.what.clone(), item.subject.clone());
    items.sort_by_cached_key(order);
    items.truncate(usize::try_from(page(limit)).unwrap_or(usize::MAX));
    Ok(items)
}

fn item(row: &Row<'_>) -> rusqlite::Result<Item> {
    Ok(Item {
        what: row.get(0)?,
        subject: row.get(1)?,
        document: row.get(2)?,
        client_name: row.get(3)?,
        detail: row.get(4)?,
        since_ms: row.get(5)?,
    })
}

/// What was noted when it happened and has not been dismissed.
fn noted(conn: &Connection) -> rusqlite::Result<Vec<Item>> {
    let sql = "SELECT t.what, t.subject, t.document, c.name, t.detail, t.since
               FROM attention t LEFT JOIN clients c ON c.id = t.document WHERE t.done_at IS NULL";
    let mut statement = conn.prepare_cached(sql)?;
    let mut items = Vec::new();
    for found in statement.query_map([], item)? {
        let found = found?;
        if found.what != UNCERTAIN_DATE || is_shown(conn, &found.subject)? {
            items.push(found);
        }
    }
    Ok(items)
}

/// A date needs no confirmation once its record was corrected or voided.
fn is_shown(conn: &Connection, key: &str) -> rusqlite::Result<bool> {
    let Ok(RecordKey { kind, id }) = key.parse() else { return Ok(false) };
    let sql = "SELECT shown FROM records WHERE id = ?1 AND kind = ?2";
    let shown =
        conn.prepare_cached(sql)?.query_row(params![id, kind.letters()], |row| row.get(0)).optional()?;
    Ok(shown.unwrap_or(false))
}

fn refused(conn: &Connection) -> rusqlite::Result<Vec<Item>> {
    let sql = "SELECT 'refused', lower(hex(r.hash)), r.document, c.name, r.code, r.refused_at
               FROM refused r LEFT JOIN clients c ON c.id = r.document";
    conn.prepare_cached(sql)?.query_map([], item)?.collect()
}

fn conflicts(conn: &Connection) -> rusqlite::Result<Vec<Item>> {
    let sql = "SELECT id, name, conflicts FROM clients WHERE conflicts > 0";
    let mut statement = conn.prepare_cached(sql)?;
    let items = statement.query_map([], |row| {
        let id: DocumentId = row.get(0)?;
        let conflicts: u32 = row.get(2)?;
        Ok(Item {
            what: "conflict".into(),
            subject: id.to_string(),
            document: Some(id),
            client_name: row.get(1)?,
            detail: conflicts.to_string(),
            since_ms: None,
        })
    })?;
    items.collect()
}

fn orphans(conn: &Connection) -> rusqlite::Result<Vec<Item>> {
    let sql = "SELECT r.kind, r.id, d.id, c.name, r.at FROM records r JOIN documents d ON d.doc = r.doc
                 LEFT JOIN clients c ON c.doc = r.doc WHERE r.orphan = 1 AND r.shown = 1";
    let mut statement = conn.prepare_cached(sql)?;
    let items = statement.query_map([], |row| {
        Ok(Item {
            what: "orphan".into(),
            subject: format!("{}/{}", row.get::<_, String>(0)?, row.get::<_, RecordId>(1)?),
            document: row.get(2)?,
            client_name: row.get(3)?,
            detail: String::new(),
            since_ms: row.get(4)?,
        })
    })?;
    items.collect()
}

/// Orders that the office declined, until the person who looked dismisses them.
fn declined(conn: &Connection) -> rusqlite::Result<Vec<Item>> {
    let sql = "SELECT o.key, o.client, c.name, o.value FROM office o LEFT JOIN clients c ON c.id = o.client
               WHERE o.kind = 'order_state' AND o.value IS NOT NULL AND NOT EXISTS (
                 SELECT 1 FROM attention t WHERE t.what = 'declined' AND t.subject = o.key AND t.done_at IS NOT NULL)";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut items = Vec::new();
    while let Some(row) = rows.next()? {
        let kind = Kind::Known(KnownKind::OrderState);
        let Ok(Value::OrderState(state)) = Value::decode(&kind, row.get_ref(3)?.as_blob()?) else { continue };
        if state.stage != OrderStage::Declined {
            continue;
        }
        items.push(Item {
            what: "declined".into(),
            subject: row.get(0)?,
            document: row.get(1)?,
            client_name: row.get(2)?,
            detail: state.reason.unwrap_or_default(),
            since_ms: Some(state.at_ms),
        });
    }
    Ok(items)
}
