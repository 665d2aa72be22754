//! One connection that writes, a few that read, and what is set on each.
//!
//! WAL, so that readers and the writer do not wait for each other; `synchronous = FULL`, so that a commit that was
//! reported is on the disk (`fullfsync` on Apple systems, whose fsync alone leaves it in the drive's cache); the
//! write-ahead log goes into the database in the background, not on the writer's path.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use super::{StoreError, migrate};

/// 256 bits from the platform's key store. Absent: the database is not encrypted (tests, scripts).
pub type Key = [u8; 32];

/// Connections that read at the same time at most; more wait.
pub const MAX_READERS: usize = 3;
/// Prepared statements kept by each connection; all that the engine ever prepares fit.
const STATEMENTS: usize = 160;
/// When the write-ahead log is longer than this and nobody has moved it meanwhile, the writer does: 8 MiB.
const WAL_LIMIT_PAGES: i64 = 2048;

#[derive(Debug)]
pub(super) struct Connections {
    path: PathBuf,
    key: Option<Key>,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl Connections {
    pub(super) fn open(path: &Path, key: Option<Key>) -> Result<Self, StoreError> {
        let mut writer = connect(path, key.as_ref(), false)?;
        migrate::migrate(&mut writer)?;
        Ok(Self { path: path.to_owned(), key, writer: Mutex::new(writer), readers: Mutex::new(Vec::new()) })
    }

    /// Runs `work` in one transaction; an error rolls all of it back.
    pub(super) fn write<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut writer = lock(&self.writer);
        let tx =
            writer.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
        let value = work(&tx)?;
        tx.commit().map_err(StoreError::from)?;
        Ok(value)
    }

    /// Runs `work` on a snapshot of what is committed.
    pub(super) fn read<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let idle = lock(&self.readers).pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => connect(&self.path, self.key.as_ref(), true)?,
        };
        let result = {
            let tx = reader.transaction().map_err(StoreError::from)?;
            work(&tx)
        };
        let mut readers = lock(&self.readers);
        if readers.len() < MAX_READERS {
            readers.push(reader);
        }
        result
    }

    /// Moves the write-ahead log into the database without making anybody wait. True if all of it went.
    pub(super) fn checkpoint(&self) -> Result<bool, StoreError> {
        let other = connect(&self.path, self.key.as_ref(), false)?;
        let (log, moved) = other.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
            Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
        })?;
        Ok(log == moved)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic while holding it rolled its transaction back: the connection itself is whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect(path: &Path, key: Option<&Key>, reader: bool) -> Result<Connection, StoreError> {
    let mut flags = OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_READ_WRITE;
    if !reader {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let conn = Connection::open_with_flags(path, flags)?;
    unlock(&conn, key)?;
    conn.busy_timeout(std::time::Duration::from_secs(5))?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "trusted_schema", false)?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "fullfsync", true)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "cache_size", -4096)?;
    if reader {
        conn.pragma_update(None, "query_only", true)?;
    } else {
        let mode: String = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
        if mode != "wal" {
            return Err(StoreError::Io(
                "the file system cannot share memory between connections (no WAL)".into(),
            ));
        }
        conn.pragma_update(None, "wal_autocheckpoint", WAL_LIMIT_PAGES)?;
    }
    Ok(conn)
}

#[cfg(feature = "sqlcipher")]
fn unlock(conn: &Connection, key: Option<&Key>) -> Result<(), StoreError> {
    let Some(key) = key else { return Ok(()) };
    conn.pragma_update(None, "key", format!("x'{}'", crate::model::hex::Hex(key)))?;
    // The first read tells whether the key fits. A database that another key made looks like noise.
    match conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0)) {
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
            Err(StoreError::WrongKey)
        }
        other => Ok(other.map(|_| ())?),
    }
}

#[cfg(not(feature = "sqlcipher"))]
fn unlock(_: &Connection, key: Option<&Key>) -> Result<(), StoreError> {
    if key.is_some() { Err(StoreError::NoEncryption) } else { Ok(()) }
}
