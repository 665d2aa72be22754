//! The file copied while it is in use, by SQLite's own online backup, and a copy looked through to the last byte.
//!
//! A page that SQLite can read may still hold other bytes than were written. What everything else follows from,
//! changes and snapshots, is therefore held against its own hashes.

use std::path::Path;

use cartera_core::document::admit;
use cartera_core::document::{ChangeHash, snapshot};
use cartera_core::rows::documents::heads_from_blob;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, MAIN_DB, OpenFlags, Row, params};

use super::SqliteStorage;
use super::connection::{APPLICATION_ID, check_header};
use super::log::recompute_chain;
use crate::storage::backup::{Backups, CHECKS_MAX, Check, Contents};
use crate::storage::{Result, StorageError, Workspace};

/// Pages copied between two words of progress.
const PAGES: i32 = 1_024;

impl Backups for SqliteStorage {
    fn note_check(&self, check: &Check) -> Result<()> {
        self.write(|tx| {
            tx.execute(
                "INSERT INTO backup_checks (name, at_ms, damage) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms, damage = excluded.damage",
                params![check.name, check.at_ms, check.damage],
            )?;
            tx.execute(
                "DELETE FROM backup_checks WHERE name IN (
                   SELECT name FROM backup_checks ORDER BY at_ms DESC, name LIMIT -1 OFFSET ?1)",
                [CHECKS_MAX],
            )?;
            Ok(())
        })
    }

    fn checks(&self) -> Result<Vec<Check>> {
        self.read(|tx| {
            let sql = "SELECT name, at_ms, damage FROM backup_checks ORDER BY at_ms DESC, name";
            let mut statement = tx.prepare_cached(sql)?;
            let check =
                |row: &Row<'_>| Ok(Check { name: row.get(0)?, at_ms: row.get(1)?, damage: row.get(2)? });
            let rows = statement.query_map([], check)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    fn copy_to(&self, path: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<()> {
        let located = |error: rusqlite::Error| StorageError::from(error).at(path);
        let mut copy =
            Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(located)?;
        self.read(|tx| {
            // From here on this reader sees one state, so the copy never begins anew because somebody writes.
            tx.query_row("SELECT count(*) FROM workspace", [], |_| Ok(()))?;
            let backup = Backup::new_with_names(tx, MAIN_DB, &mut copy, MAIN_DB)?;
            loop {
                let step = backup.step(PAGES)?;
                let at = backup.progress();
                let (all, left) = (at.pagecount.max(0) as u64, at.remaining.max(0) as u64);
                progress(all - left, all);
                match step {
                    StepResult::Done => return Ok(()),
                    StepResult::More => {}
                    // Nobody else knows the copy, and the reader holds its state.
                    _ => return Err(StorageError::Busy { path: path.to_path_buf() }),
                }
            }
        })?;
        // One file, without a write-ahead log beside it.
        copy.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(())).map_err(located)?;
        copy.close().map_err(|(_, error)| located(error))
    }
}

/// Looks through a store that nobody uses: every page, every entry's place in the chain, how much there is of what.
pub(crate) fn inspect(path: &Path) -> Result<Contents> {
    let run = || -> Result<Contents> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags)?;
        check_header(&connection, path)?;
        let damaged = |detail: String| StorageError::Damaged { path: path.to_path_buf(), detail };
        let owner: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
        if owner != APPLICATION_ID {
            return Err(StorageError::NotCartera { path: path.to_path_buf() });
        }
        let sound: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if sound != "ok" {
            return Err(damaged(sound));
        }
        let tx = connection.transaction()?;
        let (number, chain) = recompute_chain(&tx)?
            .map_err(|number| damaged(format!("the log's running hash breaks at entry {number}")))?;
        if let Some(detail) = not_whole(&tx)? {
            return Err(damaged(detail));
        }
        let workspace = tx
            .query_row("SELECT id, epoch, created_ms FROM workspace", [], |row| {
                Ok(Workspace { id: row.get(0)?, epoch: row.get(1)?, created_ms: row.get(2)? })
            })
            .map_err(|_| StorageError::NoWorkspace { path: path.to_path_buf() })?;
        let names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
                     AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name";
        let tables: Vec<String> =
            tx.prepare(names)?.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        let mut counts = Vec::with_capacity(tables.len());
        for table in tables {
            let rows = tx.query_row(&format!("SELECT count(*) FROM \"{table}\""), [], |row| row.get(0))?;
            counts.push((table, rows));
        }
        Ok(Contents { workspace, number, chain, counts })
    };
    run().map_err(|error| error.at(path))
}

/// The first change or snapshot whose bytes are not those that were stored.
fn not_whole(conn: &Connection) -> rusqlite::Result<Option<String>> {
    let mut changes = conn.prepare("SELECT doc, hash, bytes FROM changes WHERE bytes IS NOT NULL")?;
    let mut rows = changes.query([])?;
    while let Some(row) = rows.next()? {
        let hash = ChangeHash(row.get(1)?);
        if admit::inspect(row.get_ref(2)?.as_blob()?).map_or(true, |change| change.hash != hash) {
            return Ok(Some(format!("change {hash} of document {} is not whole", row.get::<_, i64>(0)?)));
        }
    }
    let mut snapshots = conn.prepare("SELECT doc, heads, bytes FROM snapshots")?;
    let mut rows = snapshots.query([])?;
    while let Some(row) = rows.next()? {
        let (heads, bytes) = (row.get_ref(1)?.as_blob()?, row.get_ref(2)?.as_blob()?);
        let heads = heads_from_blob(heads).unwrap_or_default();
        if snapshot::read_changes(bytes, &heads).is_err() {
            return Ok(Some(format!("the snapshot of document {} is not whole", row.get::<_, i64>(0)?)));
        }
    }
    Ok(None)
}
