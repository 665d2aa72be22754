//! The schema's steps, numbered; the database's `user_version` says how many were taken.
//!
//! One file a noun. A step that was released is never changed: the next one mends it. Each step is applied in a
//! transaction of its own, so that a process killed half-way goes on at the next start.

use std::path::Path;

use cartera_core::rows::MIGRATIONS as ROWS;
use rusqlite::Connection;
use rusqlite_migration::{Error, M, Migrations};

use crate::storage::{Result, StorageError};

/// Documents, read tables and office records are the rows that phone and relay share: their steps stand among the
/// relay's own, each in the place where it was added.
const STEPS: &[&str] = &[
    include_str!("migrations/0001_workspace.sql"),
    include_str!("migrations/0002_people.sql"),
    include_str!("migrations/0003_devices.sql"),
    include_str!("migrations/0004_tokens.sql"),
    ROWS[0],
    ROWS[1],
    ROWS[2],
    include_str!("migrations/0005_log.sql"),
    ROWS[3],
    include_str!("migrations/0006_export.sql"),
    include_str!("migrations/0007_imports.sql"),
    include_str!("migrations/0008_erasure.sql"),
    ROWS[4],
    include_str!("migrations/0009_snapshots.sql"),
    include_str!("migrations/0010_sales.sql"),
    include_str!("migrations/0011_orders.sql"),
    include_str!("migrations/0012_past_prices.sql"),
    include_str!("migrations/0013_journal.sql"),
    include_str!("migrations/0014_parts.sql"),
    include_str!("migrations/0015_orders.sql"),
];

const _: () = assert!(ROWS.len() == 5, "a step of the shared rows is new: add it to the end of STEPS");

/// The newest schema that this program knows.
pub(super) fn known() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

pub(super) fn apply(connection: &mut Connection, path: &Path) -> Result<()> {
    let steps = Migrations::new(STEPS.iter().map(|sql| M::up(sql)).collect());
    steps.to_latest(connection).map_err(|error| match error {
        Error::RusqliteError { err, .. } => StorageError::from(err).at(path),
        other => StorageError::Damaged { path: path.to_path_buf(), detail: other.to_string() },
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A store as the first `version` steps made it.
    pub(crate) fn make(path: &Path, version: usize) {
        let mut connection = Connection::open(path).unwrap();
        connection.pragma_update(None, "application_id", super::super::connection::APPLICATION_ID).unwrap();
        let steps = Migrations::new(STEPS.iter().map(|sql| M::up(sql)).collect());
        steps.to_version(&mut connection, version).unwrap();
    }

    #[test]
    fn the_steps_can_be_taken() {
        Migrations::new(STEPS.iter().map(|sql| M::up(sql)).collect()).validate().unwrap();
    }
}
