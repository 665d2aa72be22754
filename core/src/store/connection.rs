//! One connection that writes, a few that read, and what is set on each.
//!
//! WAL, so that readers and the writer do not wait for each other; `synchronous = FULL`, so that a commit that was
//! reported is on the disk (`fullfsync` on Apple systems, whose fsync alone leaves it in the drive's cache); the
//! write-ahead log goes into the database in the background, not on the writer's path: whoever drives
//! `Store::tidy` has it moved, and only a log that grew past its bound meanwhile is moved by the writer.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use super::{StoreError, migrate};

/// 256 bits from the platform's key store. Absent: the database is not encrypted (tests, scripts).
pub type Key = [u8; 32];

/// Connections that read at the same time at most; more wait.
pub const MAX_READERS: usize = 3;
/// How long a statement waits for another program's lock.
const BUSY_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(5);
/// Prepared statements kept by each connection; all that the engine ever prepares fit.
const STATEMENTS: usize = 160;
/// When the write-ahead log is longer than this and nobody has moved it meanwhile, the writer does: 32 MiB. A first sync
/// writes most pages of its indices with each page that it fetches; moved more seldom, they are moved once for many.
const WAL_LIMIT_PAGES: i64 = 8192;
/// A log that had to grow past this, since somebody was reading, is cut to it when it is begun anew.
const WAL_KEPT_BYTES: i64 = 8 << 20;

#[derive(Debug)]
pub(super) struct Connections {
    path: PathBuf,
    key: Option<Key>,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    /// Moves the log; opened when that is first asked for.
    mover: Mutex<Option<Connection>>,
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Writer,
    Reader,
    /// Moves the write-ahead log into the database, and writes nothing.
    Mover,
}

impl Role {
    /// KiB of pages kept in memory. The writer has room for much of what one transaction of a first sync changes, which
    /// would be written twice otherwise.
    fn cache_kib(self) -> i64 {
        if self == Self::Writer { 16 << 10 } else { 4 << 10 }
    }
}

impl Connections {
    /// Bytes of the write-ahead log; 0 where there is none.
    pub(super) fn log_bytes(&self) -> u64 {
        let mut log = self.path.clone().into_os_string();
        log.push("-wal");
        std::fs::metadata(log).map_or(0, |log| log.len())
    }

    pub(super) fn open(path: &Path, key: Option<Key>) -> Result<Self, StoreError> {
        let mut writer = connect(path, key.as_ref(), Role::Writer)?;
        migrate::migrate(&mut writer)?;
        Ok(Self {
            path: path.to_owned(),
            key,
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
            mover: Mutex::new(None),
        })
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
            None => connect(&self.path, self.key.as_ref(), Role::Reader)?,
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

    /// Moves the write-ahead log into the database without making anybody wait. True if all of it went; what somebody
    /// still reads past stays until the next time.
    pub(super) fn checkpoint(&self) -> Result<bool, StoreError> {
        let mut mover = lock(&self.mover);
        let conn = match &mut *mover {
            Some(conn) => conn,
            none => none.insert(connect(&self.path, self.key.as_ref(), Role::Mover)?),
        };
        let (busy, log, moved) = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
            Ok((row.get::<_, bool>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
        })?;
        Ok(!busy && log == moved)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic while holding it rolled its transaction back: the connection itself is whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect(path: &Path, key: Option<&Key>, role: Role) -> Result<Connection, StoreError> {
    let mut flags = OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_READ_WRITE;
    if role == Role::Writer {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let conn = Connection::open_with_flags(path, flags)?;
    // Before SQLite makes files beside it that are read-only too, and stay so.
    if conn.is_readonly(rusqlite::MAIN_DB)? {
        return Err(StoreError::ReadOnly);
    }
    unlock(&conn, path, key)?;
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    // Without it, statements whose plan might hang on a value are prepared anew whenever they are given one: pricing a
    // line took 0.11 ms, most of it so.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "trusted_schema", false)?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "fullfsync", true)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "cache_size", -role.cache_kib())?;
    if role == Role::Reader {
        conn.pragma_update(None, "query_only", true)?;
        return Ok(conn);
    }
    // Somebody else's database stays as it is.
    migrate::check(&conn)?;
    let mode: String = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::Io(
            "the file system cannot share memory between connections (no WAL)".into(),
        ));
    }
    conn.pragma_update(None, "wal_autocheckpoint", WAL_LIMIT_PAGES)?;
    conn.pragma_update(None, "journal_size_limit", WAL_KEPT_BYTES)?;
    Ok(conn)
}

/// Opens a database of which parts may be damaged, to read what can be read.
pub(super) fn open_to_read(path: &Path, key: Option<&Key>) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_READ_WRITE;
    let conn = Connection::open_with_flags(path, flags)?;
    unlock(&conn, path, key)?;
    conn.pragma_update(None, "trusted_schema", false)?;
    conn.pragma_update(None, "cell_size_check", true)?;
    Ok(conn)
}

#[cfg(feature = "sqlcipher")]
fn unlock(conn: &Connection, path: &Path, key: Option<&Key>) -> Result<(), StoreError> {
    let Some(key) = key else {
        // Nothing tells an encrypted database from noise. It waits for its key, and nobody takes it for damaged.
        return if is_plain(path) == Some(false) { Err(StoreError::KeyNotAvailable) } else { Ok(()) };
    };
    if is_plain(path) == Some(true) {
        return Err(StoreError::NotEncrypted);
    }
    // What it would write about a page that cannot be read goes to standard error, a line each time.
    conn.pragma_update(None, "cipher_log_level", "NONE")?;
    conn.pragma_update(None, "key", format!("x'{}'", crate::model::hex::Hex(key)))?;
    // The first read tells whether the key fits. A database that another key made looks like noise.
    match conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0)) {
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
            Err(StoreError::WrongKey)
        }
        other => Ok(other.map(|_| ())?),
    }
}

/// Whether a database begins as one that is not encrypted; `None` where there is none yet.
#[cfg(feature = "sqlcipher")]
fn is_plain(path: &Path) -> Option<bool> {
    use std::io::Read;
    let mut head = [0; 16];
    std::fs::File::open(path).ok()?.read_exact(&mut head).ok()?;
    Some(&head == b"SQLite format 3\0")
}

#[cfg(not(feature = "sqlcipher"))]
fn unlock(_: &Connection, _: &Path, key: Option<&Key>) -> Result<(), StoreError> {
    if key.is_some() { Err(StoreError::NoEncryption) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cartera.db");
        (folder, path)
    }

    #[test]
    fn a_commit_that_returned_is_on_the_disk() {
        let (_folder, path) = fresh();
        drop(Connections::open(&path, None).unwrap());
        for role in [Role::Writer, Role::Reader, Role::Mover] {
            let conn = connect(&path, None, role).unwrap();
            let setting = |name: &str| -> String {
                conn.pragma_query_value(None, name, |row| {
                    Ok(row.get_ref(0)?.as_str().map_or_else(
                        |_| row.get_ref(0).unwrap().as_i64().unwrap().to_string(),
                        str::to_owned,
                    ))
                })
                .unwrap()
            };
            assert_eq!(setting("journal_mode"), "wal", "{role:?}");
            assert_eq!(setting("synchronous"), "2", "{role:?}: FULL");
            // SQLite asks it of Apple systems alone; set everywhere, so that no build forgets it.
            assert_eq!(setting("fullfsync"), "1", "{role:?}");
            assert_eq!(setting("foreign_keys"), "1", "{role:?}");
            assert_eq!(setting("trusted_schema"), "0", "{role:?}");
            assert_eq!(setting("query_only"), if role == Role::Reader { "1" } else { "0" }, "{role:?}");
        }
    }

    #[test]
    fn a_long_log_is_moved_while_somebody_reads_and_cut_afterwards() {
        let (folder, path) = fresh();
        let store = Connections::open(&path, None).unwrap();
        let log_bytes = || std::fs::metadata(folder.path().join("cartera.db-wal")).unwrap().len();
        let rows = |conn: &Connection| -> Result<i64, StoreError> {
            Ok(conn.query_row("SELECT count(*) FROM meta", [], |row| row.get(0))?)
        };
        let write = |name: &str| {
            let value = vec![7_u8; 1 << 20];
            store.write::<_, StoreError>(|tx| super::super::meta::put(tx, name, &value)).unwrap();
        };
        write("before");
        store
            .read::<_, StoreError>(|conn| {
                assert_eq!(rows(conn)?, 1);
                (0..24).for_each(|n| write(&n.to_string()));
                assert!(log_bytes() > 24 << 20, "a reader holds the log: it can only grow");
                assert!(!store.checkpoint()?, "what is being read past cannot go");
                assert_eq!(rows(conn)?, 1, "the reader still sees what it saw");
                store.read::<_, StoreError>(|other| {
                    assert_eq!(rows(other)?, 25);
                    Ok(())
                })
            })
            .unwrap();
        assert!(store.checkpoint().unwrap(), "now all of it goes");
        write("after");
        assert!(log_bytes() <= WAL_KEPT_BYTES as u64, "{} bytes", log_bytes());
        assert_eq!(store.read(rows).unwrap(), 26);
        assert!(store.checkpoint().unwrap());
    }

    #[test]
    fn moving_the_log_does_not_wait_for_whoever_writes() {
        let (_folder, path) = fresh();
        let store = Connections::open(&path, None).unwrap();
        let moved = store.write::<_, StoreError>(|tx| {
            super::super::meta::put(tx, "x", b"1")?;
            store.checkpoint()
        });
        assert!(moved.unwrap());
    }
}
