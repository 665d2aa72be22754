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

static STEPS: LazyLock<Migrations<'static>> = LazyLock::new(|| {
    let own = [include_str!("migrations/101_device.sql")];
    Migrations::new(rows::MIGRATIONS.iter().copied().chain(own).map(M::up).collect())
});

pub(super) fn migrate(conn: &mut Connection) -> Result<(), StoreError> {
    let known = i64::try_from(rows::MIGRATIONS.len() + 1).unwrap_or(i64::MAX);
    let found: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let application: i32 = conn.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables > 0 && application != APPLICATION_ID {
        return Err(StoreError::NotADatabase);
    }
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    if found < known {
        conn.pragma_update(None, "application_id", APPLICATION_ID)?;
        STEPS.to_latest(conn).map_err(|error| match error {
            rusqlite_migration::Error::RusqliteError { err, .. } => err.into(),
            other => StoreError::Damaged(other.to_string()),
        })?;
    }
    Ok(())
}
