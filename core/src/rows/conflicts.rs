//! Fields with more than one value, each with its author.

use std::collections::HashMap;

use rusqlite::{Connection, params};

use super::{Document, Result, RowsError, SqlFacts};
use crate::document::conflict::{Conflict, conflict};
use crate::document::{ActorId, Facts, FieldKey};
use crate::model::{ClientId, PersonId};

/// A client's conflicts by key; the value in use stands first.
pub fn of_client(conn: &Connection, client: &ClientId) -> Result<Vec<Conflict<Option<PersonId>>>> {
    let Some(document) = Document::find(conn, &(*client).into())? else { return Ok(Vec::new()) };
    let sql =
        "SELECT key FROM fields WHERE doc = ?1 AND live = 1 GROUP BY key HAVING count(*) > 1 ORDER BY key";
    let keys: Vec<String> = conn
        .prepare_cached(sql)?
        .query_map([document.row], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let authors = authors(conn, document.row)?;
    let facts = SqlFacts::new(conn, &document);
    let mut conflicts = Vec::new();
    for key in keys {
        let key = FieldKey::new(key).map_err(|_| RowsError::Corrupt("a stored profile key has no shape"))?;
        let ops = facts.field_ops(&key)?;
        conflicts.extend(conflict(&key, ops, |actor| authors.get(actor).copied().flatten()));
    }
    Ok(conflicts)
}

/// Whose hand each actor of the document's fields is, as far as is known here.
fn authors(conn: &Connection, doc: i64) -> Result<HashMap<ActorId, Option<PersonId>>> {
    let sql = "SELECT id, person FROM actors WHERE actor IN (SELECT actor FROM fields WHERE doc = ?1)";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement
        .query_map(params![doc], |row| Ok((ActorId::from(row.get_ref(0)?.as_blob()?), row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
