//! The portfolio: all clients by name, and search as you type.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use rusqlite::{Connection, Row, params};

use super::{PageKeyError, page};
use crate::model::{ClientId, TerritoryId};
use crate::rows::search::{client_query, prefix_query};

/// What a list shows of a client.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientRow {
    pub id: ClientId,
    pub name: String,
    pub legal_name: Option<String>,
    pub city: Option<String>,
    pub sector: Option<String>,
    pub phone: Option<String>,
    pub erp_code: Option<String>,
    pub territory: Option<TerritoryId>,
    /// Degrees, WGS 84.
    pub place: Option<(f64, f64)>,
    /// Profile fields with more than one value.
    pub conflicts: u32,
    pub closed: bool,
    /// Business dates, days since 1970-01-01.
    pub last_visit: Option<i32>,
    pub last_purchase: Option<i32>,
    /// Where the next page goes on.
    pub after: PageKey,
}

/// A place in the list by name: what the last row of a page had.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageKey(String, i64);

/// As a text, for whoever hands it on and back.
impl fmt::Display for PageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.1, self.0)
    }
}

impl FromStr for PageKey {
    type Err = PageKeyError;

    fn from_str(text: &str) -> Result<Self, PageKeyError> {
        let (doc, name) = text.split_once(' ').ok_or(PageKeyError)?;
        Ok(Self(name.to_owned(), doc.parse().map_err(|_| PageKeyError)?))
    }
}

const COLUMNS: &str = "id, name, legal_name, city, sector, phone, erp_code, territory, latitude, longitude,
                       conflicts, closed, last_visit, last_purchase, sort_name, doc";

fn client(row: &Row<'_>) -> rusqlite::Result<ClientRow> {
    let place = match (row.get::<_, Option<f64>>(8)?, row.get::<_, Option<f64>>(9)?) {
        (Some(latitude), Some(longitude)) => Some((latitude, longitude)),
        _ => None,
    };
    Ok(ClientRow {
        id: row.get(0)?,
        name: row.get(1)?,
        legal_name: row.get(2)?,
        city: row.get(3)?,
        sector: row.get(4)?,
        phone: row.get(5)?,
        erp_code: row.get(6)?,
        territory: row.get(7)?,
        place,
        conflicts: row.get(10)?,
        closed: row.get(11)?,
        last_visit: row.get(12)?,
        last_purchase: row.get(13)?,
        after: PageKey(row.get(14)?, row.get(15)?),
    })
}

/// Clients by name, accents and case folded, from `after` on.
pub fn list(conn: &Connection, after: Option<&PageKey>, limit: usize) -> rusqlite::Result<Vec<ClientRow>> {
    let (name, doc) = after.map_or(("", i64::MIN), |key| (key.0.as_str(), key.1));
    let sql = format!(
        "SELECT {COLUMNS} FROM clients WHERE (sort_name, doc) > (?1, ?2) ORDER BY sort_name, doc LIMIT ?3"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    statement.query_map(params![name, doc, page(limit)], client)?.collect()
}

/// Clients in whose name, legal name, tax id, code, city, contacts or phones every typed word begins a word, or one of
/// whose numbers or codes begins with all that was typed, however it was split.
/// Oldest documents first, without ranking: what is typed next narrows it.
pub fn search(conn: &Connection, typed: &str, limit: usize) -> rusqlite::Result<Vec<ClientRow>> {
    let Some(query) = client_query(typed) else { return list(conn, None, limit) };
    let sql = format!(
        "SELECT {COLUMNS} FROM clients
         WHERE doc IN (SELECT rowid FROM client_search WHERE client_search MATCH ?1 ORDER BY rowid LIMIT ?2)
         ORDER BY sort_name, doc"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    statement.query_map(params![query, page(limit)], client)?.collect()
}

/// Clients with every typed word somewhere in one note.
pub fn search_notes(conn: &Connection, typed: &str, limit: usize) -> rusqlite::Result<Vec<ClientRow>> {
    let Some(query) = prefix_query(typed) else { return Ok(Vec::new()) };
    let sql = format!(
        "SELECT {COLUMNS} FROM clients WHERE doc IN (
           SELECT DISTINCT r.doc FROM note_search n JOIN records r ON r.record = n.rowid
           WHERE note_search MATCH ?1 AND r.shown = 1 LIMIT ?2)
         ORDER BY sort_name, doc"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    statement.query_map(params![query, page(limit)], client)?.collect()
}

/// Of the clients named those who are here, by name, from `after` on.
pub fn among(
    conn: &Connection,
    clients: &BTreeSet<ClientId>,
    after: Option<&PageKey>,
    limit: usize,
) -> rusqlite::Result<Vec<ClientRow>> {
    let mut found: Vec<ClientRow> = Vec::with_capacity(clients.len());
    for id in clients {
        found.extend(get(conn, id)?.filter(|row| after.is_none_or(|after| row.after > *after)));
    }
    found.sort_unstable_by(|one, other| one.after.cmp(&other.after));
    found.truncate(limit.min(super::MAX_PAGE));
    Ok(found)
}

/// Clients with profile fields that have more than one value, by name; those that were merged into another left out.
pub fn in_conflict(conn: &Connection, limit: usize) -> rusqlite::Result<Vec<ClientRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM clients WHERE conflicts > 0 AND alias_of IS NULL ORDER BY sort_name, doc LIMIT ?1"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    statement.query_map([page(limit)], client)?.collect()
}

/// One client's row; `None` when it is not on this device.
pub fn get(conn: &Connection, id: &ClientId) -> rusqlite::Result<Option<ClientRow>> {
    use rusqlite::OptionalExtension;
    let sql = format!("SELECT {COLUMNS} FROM clients WHERE id = ?1");
    conn.prepare_cached(&sql)?.query_row([id], client).optional()
}

pub fn count(conn: &Connection) -> rusqlite::Result<u64> {
    conn.prepare_cached("SELECT count(*) FROM clients")?.query_row([], |row| row.get(0))
}
