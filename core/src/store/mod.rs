//! The phone's database: what is known of every client in scope, and what has yet to be sent.
//!
//! One write is one transaction: the change, its rows, the search index and the outbox, or nothing. A commit that
//! returned is on the disk.

pub mod actors;
pub mod attention;
mod connection;
mod error;
pub mod meta;
mod migrate;
pub mod outbox;
pub mod scope;

use std::path::Path;

use rusqlite::{Connection, Transaction};

pub use connection::{Key, MAX_READERS};
pub use error::StoreError;

use crate::rows;

/// An open database.
#[derive(Debug)]
pub struct Store {
    connections: connection::Connections,
}

impl Store {
    /// Opens the database at `path`, makes it if there is none, and brings it to the present schema. Rows made by
    /// an older projector are made anew.
    pub fn open(path: &Path, key: Option<Key>) -> Result<Self, StoreError> {
        let store = Self { connections: connection::Connections::open(path, key)? };
        let projector = store.read(|conn| meta::get_u64(conn, meta::PROJECTOR))?;
        if projector != Some(rows::PROJECTOR_VERSION.into()) {
            store.write(|tx| {
                if projector.is_some() {
                    rows::rebuild(tx)?;
                }
                meta::put_u64(tx, meta::PROJECTOR, rows::PROJECTOR_VERSION.into())
            })?;
        }
        Ok(store)
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

    /// Moves the write-ahead log into the database, in the background. True if all of it went.
    pub fn checkpoint(&self) -> Result<bool, StoreError> {
        self.connections.checkpoint()
    }
}
