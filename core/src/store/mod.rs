//! The phone's database: what is known of every client in scope, and what has yet to be sent.
//!
//! One write is one transaction: the change, its rows, the search index and the outbox, or nothing. A commit that
//! returned is on the disk.

pub mod actors;
pub mod attention;
pub mod compact;
mod connection;
pub mod drafts;
pub mod erase;
mod error;
pub mod meta;
mod migrate;
pub mod offers;
pub mod outbox;
mod recover;
pub mod scope;
pub mod waiting;

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};

use rusqlite::{Connection, Transaction};

pub use connection::{Key, MAX_READERS};
pub use error::StoreError;
pub use migrate::SQL as MIGRATIONS;
pub use recover::{ATTENTION as RECOVERED, Recovery, UNREADABLE_DOCUMENT};

use crate::env::Env;
use crate::rows;
use crate::rows::compact::{Compacted, WORTH_MOVING};

/// What housekeeping did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tidied {
    pub compacted: Compacted,
    /// All of the write-ahead log is in the database.
    pub log_moved: bool,
}

/// An open database.
#[derive(Debug)]
pub struct Store {
    connections: connection::Connections,
    /// The last document that compaction looked at.
    compacted: AtomicI64,
}

impl Store {
    /// Opens the database at `path`, makes it if there is none, and brings it to the present schema. Rows made by
    /// an older projector are made anew.
    pub fn open(path: &Path, key: Option<Key>) -> Result<Self, StoreError> {
        recover::finish(path)?;
        recover::expect_whole(path)?;
        let connections = connection::Connections::open(path, key)?;
        let store = Self { connections, compacted: AtomicI64::new(i64::MIN) };
        let projector = store.read(|conn| meta::get_u64(conn, meta::PROJECTOR))?;
        if projector != Some(rows::PROJECTOR_VERSION.into()) {
            store.write(|tx| {
                if projector.is_some() {
                    rows::rebuild(tx)?;
                    scope::refetch_again(tx)?;
                }
                meta::put_u64(tx, meta::PROJECTOR, rows::PROJECTOR_VERSION.into())
            })?;
        }
        Ok(store)
    }

    /// Sets a damaged database aside and puts what can be read of it in its place; the folder keeps both. Nobody may
    /// have it open.
    ///
    /// # Errors
    /// A database that is newer, another program's or held by somebody is not damaged; no room. It stays as it is then.
    pub fn recover(path: &Path, key: Option<Key>, env: &dyn Env) -> Result<Recovery, StoreError> {
        recover::recover(path, key, env)
    }

    /// Runs `work` in one durable transaction; an error rolls all of it back.
    pub fn write<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.connections.write(work)
    }

    /// Runs `work` on a snapshot of what is committed; it waits for no writer.
    pub fn read<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        self.connections.read(work)
    }

    /// Housekeeping, to be driven in the background and often, such as after each sync and when an app leaves the
    /// foreground: moves the write-ahead log into the database, and the bytes of acknowledged changes of the next few
    /// documents into their snapshots. A bounded amount of work, in short writes; stopping anywhere in it loses nothing.
    pub fn tidy(&self) -> Result<Tidied, StoreError> {
        let after = self.compacted.load(Ordering::Relaxed);
        let compacted = compact::step(self, Some(after), WORTH_MOVING)?;
        self.compacted.store(compacted.next.unwrap_or(i64::MIN), Ordering::Relaxed);
        Ok(Tidied { compacted, log_moved: self.checkpoint()? })
    }

    /// Bytes of the write-ahead log on the disk.
    pub fn log_bytes(&self) -> u64 {
        self.connections.log_bytes()
    }

    /// Moves the write-ahead log into the database, without making anybody wait. True if all of it went; what somebody
    /// still reads past stays until the next time.
    pub fn checkpoint(&self) -> Result<bool, StoreError> {
        self.connections.checkpoint()
    }
}
