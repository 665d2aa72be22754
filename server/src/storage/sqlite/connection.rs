//! Opening the file, and its connections: one writer behind a mutex, a few readers.
//!
//! WAL lets readers go on while the writer commits. `synchronous = FULL` makes a commit wait for the disk: what
//! was acknowledged survives a power cut. A write transaction takes SQLite's lock at its beginning, so that two
//! processes on one file (the relay, and its command line) queue instead of failing half-way.
//!
//! What cannot be opened is refused with an error that says why; nothing is ever deleted or mended here.

use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cartera_core::model::WorkspaceId;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior};

use super::log::projection;
use super::migrations;
use crate::journal::Journal;
use crate::storage::log::QuarantineLimits;
use crate::storage::reached::Reached;
use crate::storage::{Result, StorageError, Workspaces};

/// Readers beside the writer.
const READERS: usize = 4;
/// How long a statement waits for another process's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// In the file's header, so that `file` and this program know whose it is: "CRTR".
pub(super) const APPLICATION_ID: i64 = 0x4352_5452;
/// Prepared statements kept per connection.
const STATEMENTS: usize = 128;
/// Pages (of 4 KiB) in the write-ahead log before they are moved into the database. What came meanwhile is moved once
/// however often it was written: with 1,000, ingest took a sixth more of the processor (November 2026).
const WAL_PAGES: i64 = 4_000;

/// The relay's store in one SQLite file.
pub struct SqliteStorage {
    path: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    reader_back: Condvar,
    pub(super) reached: Reached,
    heard: Mutex<Heard>,
    pub(super) journal: Option<Journal>,
    pub(super) quarantine: QuarantineLimits,
}

/// How far it was looked for what other processes wrote.
#[derive(Debug, Default)]
struct Heard {
    /// SQLite's mark of other connections' commits.
    version: Option<i64>,
    number: u64,
}

impl fmt::Debug for SqliteStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStorage").field("path", &self.path).finish_non_exhaustive()
    }
}

impl SqliteStorage {
    /// Opens the store at `path`, makes it if the file is not there (its folder must be), and brings its schema
    /// up to date. With `expected`, a store that is bound to another workspace is refused.
    pub fn open(path: &Path, expected: Option<WorkspaceId>) -> Result<Self> {
        check_file(path)?;
        let located = |error: rusqlite::Error| StorageError::from(error).at(path);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut writer = Connection::open_with_flags(path, flags).map_err(located)?;
        check_header(&writer, path).map_err(|error| error.at(path))?;
        if writer.is_readonly(rusqlite::MAIN_DB).map_err(located)? {
            return Err(StorageError::ReadOnly { path: path.to_path_buf() });
        }
        configure(&writer).map_err(located)?;
        // First, so that a store whose making was cut off is still known as ours.
        writer.pragma_update(None, "application_id", APPLICATION_ID).map_err(located)?;
        migrations::apply(&mut writer, path)?;
        projection::prepare(&writer).map_err(located)?;

        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut readers = Vec::with_capacity(READERS);
        for _ in 0..READERS {
            let reader = Connection::open_with_flags(path, flags).map_err(located)?;
            configure(&reader).map_err(located)?;
            reader.pragma_update(None, "query_only", true).map_err(located)?;
            readers.push(reader);
        }
        let storage = Self {
            path: path.to_path_buf(),
            writer: Mutex::new(writer),
            readers: Mutex::new(readers),
            reader_back: Condvar::new(),
            reached: Reached::default(),
            heard: Mutex::default(),
            journal: None,
            quarantine: QuarantineLimits::default(),
        };
        if let (Some(expected), Some(found)) = (expected, storage.workspace()?)
            && found.id != expected
        {
            return Err(StorageError::OtherWorkspace { path: storage.path, found: found.id, expected });
        }
        // What a process that died left to do; what somebody's reading delays is done at the next start.
        storage.overwrite_erased()?;
        storage.catch_up()?;
        projection::begin(&storage)?;
        storage.hear_others()?;
        Ok(storage)
    }

    /// Other limits than the ordinary ones.
    #[must_use]
    pub fn with_quarantine(self, quarantine: QuarantineLimits) -> Self {
        Self { quarantine, ..self }
    }

    /// Decisions are written into the journal from now on.
    #[must_use]
    pub fn with_journal(self, journal: Journal) -> Self {
        Self { journal: Some(journal), ..self }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `work` in one write transaction: committed and durable when it returns `Ok`, undone otherwise (also
    /// when it panics).
    pub(crate) fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let mut writer = lock(&self.writer);
        let run = || {
            let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = work(&tx)?;
            tx.commit()?;
            Ok(value)
        };
        run().map_err(|error: StorageError| error.at(&self.path))
    }

    /// As [`SqliteStorage::write`]; what `work` answers as `Err` inside is an answer too, and undoes what it wrote.
    pub(crate) fn write_or_undo<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<Result<T, T>>,
    ) -> Result<T> {
        let mut writer = lock(&self.writer);
        let run = || {
            let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            match work(&tx)? {
                Ok(done) => {
                    tx.commit()?;
                    Ok(done)
                }
                Err(refused) => {
                    tx.rollback()?;
                    Ok(refused)
                }
            }
        };
        run().map_err(|error: StorageError| error.at(&self.path))
    }

    /// Runs `work` on one snapshot of the store: all its statements see the same commits.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let mut reader = self.reader();
        let run = || {
            let tx = reader.connection()?.transaction()?;
            let value = work(&tx)?;
            tx.finish()?;
            Ok(value)
        };
        run().map_err(|error: StorageError| error.at(&self.path))
    }

    /// As [`SqliteStorage::read`], for whoever reads what is made of documents and office records: refused while it is made
    /// anew.
    pub(crate) fn read_rows<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.read(|tx| {
            projection::done(tx)?;
            work(tx)
        })
    }

    /// Writes the file anew and empties the write-ahead log, if something was erased since this was last done: only so
    /// nothing is left of it in free pages, in free parts of pages, or in older states of pages. `false`: somebody
    /// reads an older state, which keeps it; to be called again.
    ///
    /// It takes as long as copying the file, and as much disk; pushes wait meanwhile.
    pub(crate) fn overwrite_erased(&self) -> Result<bool> {
        let writer = lock(&self.writer);
        let run = || {
            let due: bool = writer
                .query_row("SELECT scrub FROM workspace", [], |row| row.get(0))
                .optional()?
                .unwrap_or_default();
            if !due {
                return Ok(true);
            }
            // What is copied passes through a temporary file; in memory it could be gigabytes.
            writer.execute_batch("PRAGMA temp_store = FILE; VACUUM; PRAGMA temp_store = MEMORY")?;
            let emptied: bool = writer
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| Ok(row.get::<_, i64>(0)? == 0))?;
            if emptied {
                writer.execute("UPDATE workspace SET scrub = 0", [])?;
            }
            Ok(emptied)
        };
        run().map_err(|error: StorageError| error.at(&self.path))
    }

    /// Tells listeners what other processes entered into the log since this was last asked: the relay's command line. It
    /// costs next to nothing where only this process wrote.
    pub(crate) fn hear_others(&self) -> Result<()> {
        let mut heard = lock(&self.heard);
        let writer = lock(&self.writer);
        let mut run = || {
            // Changes whenever another connection commits; those of this process but the writer's only read.
            let version = writer.pragma_query_value(None, "data_version", |row| row.get(0))?;
            let end = writer.query_row("SELECT coalesce(max(number), 0) FROM log", [], |row| row.get(0))?;
            let touched = match heard.version {
                Some(before) if before != version => super::log::lanes_after(&writer, heard.number)?,
                _ => Vec::new(),
            };
            *heard = Heard { version: Some(version), number: end };
            Ok(touched)
        };
        let touched = run().map_err(|error: StorageError| error.at(&self.path))?;
        self.reached.advance(&touched);
        Ok(())
    }

    /// Closes the file as one, with no write-ahead log beside it.
    pub(crate) fn close(self) -> Result<()> {
        let path = self.path;
        let readers = self.readers.into_inner().unwrap_or_else(PoisonError::into_inner);
        drop(readers);
        let writer = self.writer.into_inner().unwrap_or_else(PoisonError::into_inner);
        let run = || {
            writer.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
            writer.close().map_err(|(_, error)| error)
        };
        run().map_err(|error| StorageError::from(error).at(&path))
    }

    /// Looks through the whole file for damage. It reads every page: for backups and the command line.
    pub fn verify(&self) -> Result<()> {
        let answer: String =
            self.read(|tx| Ok(tx.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?))?;
        if answer == "ok" {
            return Ok(());
        }
        Err(StorageError::Damaged { path: self.path.clone(), detail: answer })
    }

    fn reader(&self) -> Reader<'_> {
        let mut readers = lock(&self.readers);
        loop {
            if let Some(connection) = readers.pop() {
                return Reader { storage: self, connection: Some(connection) };
            }
            readers = self.reader_back.wait(readers).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// A reader on loan: goes back when dropped, whatever happened.
struct Reader<'a> {
    storage: &'a SqliteStorage,
    connection: Option<Connection>,
}

impl Reader<'_> {
    fn connection(&mut self) -> Result<&mut Connection> {
        self.connection.as_mut().ok_or(StorageError::Sqlite(rusqlite::Error::InvalidQuery))
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            lock(&self.storage.readers).push(connection);
            self.storage.reader_back.notify_one();
        }
    }
}

/// Connections stay usable after a panic: SQLite undid the transaction when it was dropped.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    // Or statements whose plan might hang on a value are prepared anew whenever they are given one.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -16_000)?; // KiB
    connection.pragma_update(None, "wal_autocheckpoint", WAL_PAGES)?;
    #[cfg(test)]
    super::plans::attach(connection);
    Ok(())
}

/// Before SQLite sees it: a file that is there must begin as a database does, or be empty; one that is not is made.
fn check_file(path: &Path) -> Result<()> {
    let cannot_open = |error: std::io::Error| StorageError::CannotOpen {
        path: path.to_path_buf(),
        detail: error.to_string(),
    };
    let mut file = match std::fs::File::open(path) {
        Ok(file) => file,
        // Made here, since SQLite would let others read it.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return crate::files::create_private(path, &[]).map_err(cannot_open);
        }
        Err(error) => return Err(cannot_open(error)),
    };
    if !file.metadata().map_err(cannot_open)?.is_file() {
        return Err(StorageError::NotADatabase { path: path.to_path_buf() });
    }
    let mut head = Vec::with_capacity(16);
    file.by_ref().take(16).read_to_end(&mut head).map_err(cannot_open)?;
    if head.is_empty() || head == b"SQLite format 3\0" {
        return Ok(());
    }
    Err(StorageError::NotADatabase { path: path.to_path_buf() })
}

/// Whose the database is, and how new: before anything is changed.
pub(super) fn check_header(connection: &Connection, path: &Path) -> Result<()> {
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let owner: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if tables > 0 && owner != APPLICATION_ID {
        return Err(StorageError::NotCartera { path: path.to_path_buf() });
    }
    if found > migrations::known() {
        return Err(StorageError::Newer { path: path.to_path_buf(), found, known: migrations::known() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::{Workspace, WorkspaceSettings};
    use cartera_core::sync::wire::Epoch;
    use rusqlite::params;

    fn workspace(byte: u8) -> Workspace {
        Workspace { id: WorkspaceId::from_bytes([byte; 16]), epoch: Epoch([9; 8]), created_ms: 1 }
    }

    fn code(result: Result<SqliteStorage>) -> &'static str {
        result.unwrap_err().code()
    }

    #[test]
    fn a_fresh_store_is_made_and_opens_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("relay.db");
        let store = SqliteStorage::open(&path, None).unwrap();
        assert_eq!(store.workspace().unwrap(), None);
        assert_eq!(store.found(workspace(1)).unwrap(), workspace(1));
        assert_eq!(store.found(workspace(2)).unwrap(), workspace(1), "bound for ever");
        drop(store);
        let store = SqliteStorage::open(&path, Some(workspace(1).id)).unwrap();
        assert_eq!(store.workspace().unwrap(), Some(workspace(1)));
        store.verify().unwrap();
    }

    #[test]
    fn what_cannot_be_our_store_is_refused_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("notes.txt");
        std::fs::write(&file, "not a database at all").unwrap();
        assert_eq!(code(SqliteStorage::open(&file, None)), "storage_not_a_database");
        assert_eq!(std::fs::read(&file).unwrap(), b"not a database at all");
        assert_eq!(code(SqliteStorage::open(dir.path(), None)), "storage_not_a_database");
        let nowhere = dir.path().join("no/such/folder.db");
        assert_eq!(code(SqliteStorage::open(&nowhere, None)), "storage_cannot_open");

        let other = dir.path().join("other.db");
        Connection::open(&other).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
        assert_eq!(code(SqliteStorage::open(&other, None)), "storage_not_cartera");
    }

    #[test]
    fn a_newer_store_and_another_workspace_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("relay.db");
        SqliteStorage::open(&path, None).unwrap().found(workspace(1)).unwrap();
        assert_eq!(code(SqliteStorage::open(&path, Some(workspace(2).id))), "storage_other_workspace");
        let raw = Connection::open(&path).unwrap();
        raw.pragma_update(None, "user_version", migrations::known() + 1).unwrap();
        drop(raw);
        assert_eq!(code(SqliteStorage::open(&path, None)), "storage_newer");
    }

    #[test]
    fn a_damaged_store_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("relay.db");
        SqliteStorage::open(&path, None).unwrap().found(workspace(1)).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[100..].fill(0xa5);
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(code(SqliteStorage::open(&path, None)), "storage_damaged");
    }

    #[test]
    fn a_failed_or_panicking_write_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteStorage::open(&dir.path().join("relay.db"), None).unwrap();
        let insert = |tx: &Transaction<'_>| {
            tx.execute("INSERT INTO workspace (one, id, epoch, created_ms) VALUES (1, x'00000000000000000000000000000000', x'0000000000000000', 0)", [])
        };
        let failed: Result<()> = store.write(|tx| {
            insert(tx)?;
            Err(rusqlite::Error::InvalidQuery.into())
        });
        assert!(failed.is_err());
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            store.write(|tx| -> Result<()> {
                insert(tx)?;
                panic!("half-way")
            })
        }));
        assert!(panicked.is_err());
        assert_eq!(store.workspace().unwrap(), None);
        store.found(workspace(1)).unwrap();
    }

    #[test]
    fn a_full_disk_leaves_nothing_half_written_and_passes() {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteStorage::open(&dir.path().join("relay.db"), None).unwrap();
        let limit = |pages: u32| {
            store.write(|tx| Ok(tx.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?))
        };
        let fill = || {
            store.write(|tx| {
                for n in 0..100 {
                    let value = "x".repeat(4000);
                    tx.execute("INSERT INTO settings VALUES (?1, ?2)", params![n.to_string(), value])?;
                }
                Ok(())
            })
        };
        limit(1).unwrap(); // not below what the file has
        let error = fill().unwrap_err();
        assert_eq!((error.code(), error.is_temporary()), ("storage_full", true));
        assert!(store.settings().unwrap().is_empty());
        limit(1_000_000).unwrap();
        fill().unwrap();
    }

    #[test]
    fn a_store_that_somebody_else_holds_is_busy() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("relay.db");
        let store = SqliteStorage::open(&path, None).unwrap();
        store.write(|tx| Ok(tx.busy_timeout(Duration::ZERO)?)).unwrap();
        let other = Connection::open(&path).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        assert_eq!(store.found(workspace(1)).unwrap_err().code(), "storage_busy");
        assert_eq!(store.workspace().unwrap(), None, "reading goes on");
        other.execute_batch("ROLLBACK").unwrap();
        store.found(workspace(1)).unwrap();
    }

    #[test]
    fn who_reads_on_delays_the_overwriting_and_the_next_start_makes_up_for_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("relay.db");
        let store = SqliteStorage::open(&path, None).unwrap();
        store.found(workspace(1)).unwrap();
        let word = "xylographic".repeat(20);
        store.write(|tx| Ok(tx.execute("INSERT INTO settings VALUES ('name', ?1)", [&word])?)).unwrap();
        let stands = || {
            let files = ["relay.db", "relay.db-wal"].map(|name| std::fs::read(dir.path().join(name)));
            files.iter().flatten().any(|bytes| bytes.windows(word.len()).any(|part| part == word.as_bytes()))
        };
        let reader = Connection::open(&path).unwrap();
        reader.execute_batch("BEGIN; SELECT count(*) FROM settings").unwrap();
        store
            .write(|tx| {
                tx.busy_timeout(Duration::ZERO)?;
                tx.execute_batch("DELETE FROM settings; UPDATE workspace SET scrub = 1")?;
                Ok(())
            })
            .unwrap();
        assert!(!store.overwrite_erased().unwrap());
        assert!(stands(), "the reader still sees it");
        drop(reader);
        drop(store);
        let store = SqliteStorage::open(&path, None).unwrap();
        assert!(!stands());
        assert!(store.overwrite_erased().unwrap(), "nothing is left to do");
    }

    #[test]
    fn readers_cannot_write_and_are_given_back() {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteStorage::open(&dir.path().join("relay.db"), None).unwrap();
        for _ in 0..READERS * 3 {
            let refused = store.read(|tx| Ok(tx.execute("DELETE FROM workspace", [])?));
            assert_eq!(refused.unwrap_err().code(), "storage_read_only");
        }
        store.ping().unwrap();
    }
}
