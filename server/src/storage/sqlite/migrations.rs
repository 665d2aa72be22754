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
    ROWS[5],
    ROWS[6],
    include_str!("migrations/0016_doubted_orders.sql"),
    include_str!("migrations/0017_erasures.sql"),
    include_str!("migrations/0018_operations.sql"),
    ROWS[7],
    include_str!("migrations/0019_segments.sql"),
    include_str!("migrations/0020_logins.sql"),
    include_str!("migrations/0022_past_prices.sql"),
];

const _: () = assert!(ROWS.len() == 8, "a step of the shared rows is new: add it to the end of STEPS");

/// The newest schema that this program knows.
pub(super) fn known() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

pub(super) fn apply(connection: &mut Connection, path: &Path) -> Result<()> {
    let steps = Migrations::new(STEPS.iter().map(|sql| M::up(sql)).collect());
    let damaged = |detail: String| StorageError::Damaged { path: path.to_path_buf(), detail };
    steps.to_latest(connection).map_err(|error| match error {
        // A step of the program's own that fails: the file is not what its schema's number says.
        Error::RusqliteError { err: rusqlite::Error::SqlInputError { msg, .. }, .. } => {
            damaged(format!("its schema is not the one that it says: {msg}"))
        }
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

    /// A step that a store somewhere has taken means the same for ever: `tests/durability/databases` says how to record.
    #[test]
    fn recorded_steps_never_change() {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/durability/databases/relay-steps.txt");
        let hash = |sql: &&str| -> String {
            use sha2::{Digest, Sha256};
            Sha256::digest(sql.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
        };
        let now: Vec<String> = STEPS.iter().map(hash).collect();
        let known = std::fs::read_to_string(&path).unwrap_or_default();
        let known: Vec<&str> = known.lines().collect();
        for (step, (now, known)) in now.iter().zip(&known).enumerate() {
            assert_eq!(now, known, "step {} was changed after it was recorded: write another one", step + 1);
        }
        if std::env::var_os("CARTERA_RECORD").is_some() && known.len() < now.len() {
            std::fs::write(&path, now.join("\n") + "\n").unwrap();
        } else {
            assert_eq!(known.len(), now.len(), "a step is new, or was taken back: record it");
        }
    }

    #[test]
    fn the_steps_can_be_taken() {
        Migrations::new(STEPS.iter().map(|sql| M::up(sql)).collect()).validate().unwrap();
    }
}
