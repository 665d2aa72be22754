//! Fields with more than one value, each with its author, for somebody to choose.

use rusqlite::Connection;

use crate::document::conflict::Conflict;
use crate::model::{ClientId, PersonId};
use crate::rows;

/// A client's conflicts by key; the value in use stands first.
pub fn of_client(conn: &Connection, client: &ClientId) -> rows::Result<Vec<Conflict<Option<PersonId>>>> {
    rows::conflicts::of_client(conn, client)
}
