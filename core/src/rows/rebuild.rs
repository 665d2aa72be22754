//! All rows anew from the documents: after the projector changed, and as the other side of a test.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::apply::Placed;
use super::documents::load;
use super::{Document, Result, RowsError, apply, catalogue, client, search};
use crate::document::{Change, admit};

/// Makes every derived row anew. Documents, changes and office records stay as they are.
pub fn rebuild(conn: &Connection) -> Result<()> {
    let docs: Vec<i64> = conn
        .prepare("SELECT doc FROM documents")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for doc in docs {
        let document = Document::at_row(conn, doc)?.ok_or(RowsError::Corrupt("a document vanished"))?;
        rebuild_document(conn, &document)?;
    }
    catalogue::rebuild(conn)
}

/// The same for one document.
pub fn rebuild_document(conn: &Connection, document: &Document) -> Result<()> {
    project_again(conn, document, &changes_of(conn, document)?)
}

/// All changes of a document, causes first, read from what is stored of it: what [`project_again`] needs, and the longer
/// part of the work. It writes nothing.
pub fn changes_of(conn: &Connection, document: &Document) -> Result<Vec<Change>> {
    load(conn, document)?
        .get_changes(&[])
        .iter()
        .map(|change| admit::inspect(change.raw_bytes()))
        .collect::<Result<_, _>>()
        .map_err(|_| RowsError::Corrupt("a change that was admitted before is not well-formed"))
}

/// Makes the rows of a document anew from all its changes.
pub fn project_again(conn: &Connection, document: &Document, changes: &[Change]) -> Result<()> {
    let place = client::place_in_workspace(conn, document.row)?;
    clear(conn, document.row)?;
    apply::project_all(conn, document, &placed(conn, document, changes)?).map_err(collided)?;
    let Some((territory, alias)) = place else { return Ok(()) };
    client::begin(conn, document.row)?;
    client::set_place(conn, document.row, territory.as_ref(), alias.as_ref())
}

/// Rows made of nothing but what is stored collide only where it is not as it was stored.
fn collided(error: RowsError) -> RowsError {
    match error {
        RowsError::Sqlite(error)
            if error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) =>
        {
            RowsError::Corrupt("two stored things claim to be one")
        }
        other => other,
    }
}

/// The changes with what their rows say.
fn placed<'c>(conn: &Connection, document: &Document, changes: &'c [Change]) -> Result<Vec<Placed<'c>>> {
    let sql = "SELECT c.actor, c.number FROM changes c JOIN actors a ON a.actor = c.actor
               WHERE c.doc = ?1 AND c.hash = ?2 AND a.id = ?3";
    let mut statement = conn.prepare_cached(sql)?;
    let each = changes.iter().map(|change| {
        let of = params![document.row, change.hash.0, change.actor.to_bytes()];
        let read = |row: &Row<'_>| Ok(Placed { change, actor: row.get(0)?, number: row.get(1)? });
        statement
            .query_row(of, read)
            .optional()?
            .ok_or(RowsError::Corrupt("a change has no row of its actor"))
    });
    each.collect()
}

/// Deletes every row that can be made anew from the document.
pub(super) fn clear(conn: &Connection, doc: i64) -> Result<()> {
    search::forget(conn, doc)?;
    for sql in [
        "DELETE FROM agenda WHERE doc = ?1",
        "DELETE FROM clients WHERE doc = ?1",
        "DELETE FROM records WHERE doc = ?1",
        "DELETE FROM fields WHERE doc = ?1",
    ] {
        conn.prepare_cached(sql)?.execute([doc])?;
    }
    Ok(())
}
