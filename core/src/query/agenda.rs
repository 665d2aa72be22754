//! What has a date to come: planned visits, next steps, tasks, agreements that end.

use rusqlite::{Connection, params};

use super::page;
use crate::model::{ClientId, RecordId};

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Business date, days since 1970-01-01.
    pub date: i32,
    pub client: ClientId,
    pub client_name: String,
    /// `visit`, `next_step`, `task`, `agreement`.
    pub what: String,
    pub record: RecordId,
}

/// Dates in `[from, to)`, earliest first.
pub fn between(conn: &Connection, from: i32, to: i32, limit: usize) -> rusqlite::Result<Vec<Item>> {
    let sql = "SELECT g.date, c.id, c.name, g.what, r.root
               FROM agenda g JOIN clients c ON c.doc = g.doc JOIN records r ON r.record = g.record
               WHERE g.date >= ?1 AND g.date < ?2 AND r.shown = 1
               ORDER BY g.date, c.sort_name, g.doc LIMIT ?3";
    let mut statement = conn.prepare_cached(sql)?;
    let items = statement.query_map(params![from, to, page(limit)], |row| {
        Ok(Item {
            date: row.get(0)?,
            client: row.get(1)?,
            client_name: row.get(2)?,
            what: row.get(3)?,
            record: row.get(4)?,
        })
    })?;
    items.collect()
}
