//! A client's tasks, with and without a date, and what became of each.

use rusqlite::{Connection, OptionalExtension};

use crate::model::ClientId;
pub use crate::rows::tasks::TaskNow;
use crate::rows::{self, tasks};

/// In the order in which they began; none for a client that is not here.
pub fn of_client(conn: &Connection, client: &ClientId) -> rows::Result<Vec<TaskNow>> {
    let sql = "SELECT doc FROM documents WHERE id = ?1";
    match conn.prepare_cached(sql)?.query_row([client], |row| row.get(0)).optional()? {
        Some(doc) => tasks::of_document(conn, doc),
        None => Ok(Vec::new()),
    }
}
