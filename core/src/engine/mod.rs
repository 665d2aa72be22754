//! What an app holds: one open database, its commands, and who wants to hear of changes.
//!
//! A command validates, makes the change from stored facts, and commits change, rows, search index and outbox in one
//! durable transaction; when it returns, the work is safe on this device. Nothing here waits for the network.

mod clients;
mod enrol;
mod error;
mod listeners;
mod own;
mod owned;
mod preferences;
mod proposals;
mod purchases;
mod records;
mod refused;
mod relation;
mod sync;
mod tasks;
mod visits;

use std::path::Path;
use std::sync::Arc;

pub use clients::{ClientEdit, NewClient};
pub use error::EngineError;
pub use listeners::{Changed, Listening};
pub use preferences::Offline;
pub use records::Saved;
pub use sync::Background;

use crate::env::Env;
use crate::model::BusinessDate;
use crate::store::{Key, Recovery, Store};
use crate::sync::clock;
use crate::sync::http::KeptTransport;

/// An open database with its commands. Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub struct Engine {
    store: Arc<Store>,
    env: Arc<dyn Env>,
    listeners: Arc<listeners::Listeners>,
    transport: Arc<KeptTransport>,
    zone: Arc<str>,
    time_zone: jiff::tz::TimeZone,
}

impl Engine {
    /// Opens the database at `path`, or makes it. `zone` is the IANA name of the device's time zone, in which business
    /// dates are set.
    pub fn open(path: &Path, key: Option<Key>, zone: &str, env: Arc<dyn Env>) -> Result<Self, EngineError> {
        let time_zone = jiff::tz::TimeZone::get(zone).map_err(|_| EngineError::Zone(zone.to_owned()))?;
        let store = Store::open(path, key)?;
        Ok(Self {
            store: Arc::new(store),
            env,
            listeners: Arc::default(),
            transport: Arc::default(),
            zone: zone.into(),
            time_zone,
        })
    }

    /// Sets a damaged database aside and opens a fresh one with what can be read of it, unsent work first of all; the
    /// report says what was lost, and the attention list keeps word of it. The damaged one is never deleted. All other
    /// handles on it have to be dropped before. `key` is the one that the database has, or, where that is lost, a new
    /// one: then nothing can be read, and the device has to be linked again.
    pub fn recover(
        path: &Path,
        key: Option<Key>,
        zone: &str,
        env: Arc<dyn Env>,
    ) -> Result<(Self, Recovery), EngineError> {
        let recovery = Store::recover(path, key, &*env)?;
        Ok((Self::open(path, key, zone, env)?, recovery))
    }

    /// For queries: `engine.store().read(|conn| query::clients::list(conn, None, 50))`.
    pub fn store(&self) -> &Store {
        &self.store
    }

    pub fn env(&self) -> &dyn Env {
        &*self.env
    }

    /// The business date that work saved now would get.
    pub fn today(&self) -> Result<BusinessDate, EngineError> {
        self.store.read(|conn| Ok(clock::now(conn, self.env(), &self.time_zone)?.date))
    }
}
