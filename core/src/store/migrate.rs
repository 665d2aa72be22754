//! Brings a database to the present schema, or says why not.
//!
//! SQLite's `user_version` is the number of steps taken, so the list below only ever grows at its end.

use std::sync::LazyLock;

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use super::StoreError;
use crate::rows;

/// "CART", so that somebody else's database is not taken for ours.
const APPLICATION_ID: i32 = 0x4341_5254;

/// Every step, in the order in which they were added: the rows that phone and relay share stand among the phone's own.
pub const SQL: [&str; 12] = [
    rows::MIGRATIONS[0],
    rows::MIGRATIONS[1],
    rows::MIGRATIONS[2],
    rows::MIGRATIONS[3],
    include_str!("migrations/101_device.sql"),
    rows::MIGRATIONS[4],
    include_str!("migrations/103_offers.sql"),
    include_str!("migrations/104_session.sql"),
    rows::MIGRATIONS[5],
    rows::MIGRATIONS[6],
    include_str!("migrations/105_digest.sql"),
    rows::MIGRATIONS[7],
];

const _: () =
    assert!(rows::MIGRATIONS.len() == 8, "a step of the shared rows is new: add it to the end of SQL");

static STEPS: LazyLock<Migrations<'static>> =
    LazyLock::new(|| Migrations::new(SQL.iter().map(|sql| M::up(sql)).collect()));

/// Whose the database is and how new, before anything of it is changed; gives the number of steps taken.
pub(super) fn check(conn: &Connection) -> Result<i64, StoreError> {
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let application: i32 = conn.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if tables > 0 && application != APPLICATION_ID {
        return Err(StoreError::OtherApplication);
    }
    let found: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = known();
    if found > known { Err(StoreError::Newer { found, known }) } else { Ok(found) }
}

pub(super) fn migrate(conn: &mut Connection) -> Result<(), StoreError> {
    let found = check(conn)?;
    if found == 0 {
        conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    }
    if found < known() {
        STEPS.to_latest(conn).map_err(|error| match error {
            rusqlite_migration::Error::RusqliteError { err, .. } => match err.into() {
                // A step that does not go says that the database is not what its number says.
                StoreError::Sqlite(error) => StoreError::Damaged(error.to_string()),
                other => other,
            },
            other => StoreError::Damaged(other.to_string()),
        })?;
    }
    Ok(())
}

/// The newest schema that this program knows.
pub(super) fn known() -> i64 {
    i64::try_from(SQL.len()).unwrap_or(i64::MAX)
}
