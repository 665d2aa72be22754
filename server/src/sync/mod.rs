//! Sync: what phones push and pull, as use cases.
//!
//! | file | what |
//! |---|---|
//! | [`ingest`] | changes are read and inspected here, then admitted in a commit that concurrent pushes share ([`group_commit`]) |
//! | [`pull`] | what is after a cursor; [`cursor`] seals it |
//! | [`bootstrap`] | pages of the present |
//! | [`digest`] | where two sides differ |
//! | [`live`] | listeners: how far a scope has got |
//! | [`receipt`], [`orders`] | what is proven and ordered under keys |
//! | [`audience`] | for whose eyes an office record is |
//! | [`tidy`] | housekeeping in the background |
//! | [`window`] | how far back phones keep sales |
//!
//! One request does it all in this order: where does the phone stand, which actors does it take, what does it push, what
//! does it get. The pull happens even where all that was pushed was refused.

pub(crate) mod api;
pub mod audience;
pub mod bootstrap;
pub mod cursor;
pub mod digest;
mod error;
pub mod group_commit;
pub mod ingest;
pub mod live;
mod orders;
pub mod pull;
pub mod receipt;
mod standing;
#[cfg(test)]
pub(crate) mod tests;
pub mod tidy;
pub mod window;

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use cartera_core::model::limits::PERSON_TERRITORIES_MAX;
use cartera_core::sync::wire::{SyncReply, SyncRequest, Versions, limits};
use tokio::sync::Semaphore;

pub use error::SyncError;

use self::group_commit::GroupCommit;
use crate::app::App;
use crate::devices::Device;
use crate::storage::log::{Push, Pushed};
use crate::storage::{Result as Stored, StorageError};

/// How many bytes a reply may have, of what the phone said.
fn wanted(said: Option<u32>) -> usize {
    said.unwrap_or(limits::WANT_BYTES_DEFAULT).clamp(limits::WANT_BYTES_MIN, limits::WANT_BYTES_MAX) as usize
}

/// A scope holds every territory that a person may have by name.
const _: () = assert!(PERSON_TERRITORIES_MAX <= limits::SCOPE_TERRITORIES);

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What requests share: nothing that could not be dropped.
#[derive(Debug)]
pub struct Shared {
    pub(crate) pushes: GroupCommit<Push, Stored<Pushed>>,
    pub(crate) listeners: Arc<Semaphore>,
    /// The business day for which lendings were looked at last.
    day: AtomicI32,
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            pushes: GroupCommit::default(),
            listeners: Arc::new(Semaphore::new(live::LISTENERS)),
            day: AtomicI32::new(i32::MIN),
        }
    }
}

/// One sync of a device.
pub fn sync(app: &App, device: &Device, request: SyncRequest) -> Result<SyncReply, SyncError> {
    let version = agree(request.versions)?;
    let now_ms = app.env.now_ms();
    roll_day(app, now_ms)?;
    let standing = standing::of(app, device, request.cursor.as_ref())?;
    let actors = ingest::register(app, device, &request.actors)?;
    let pushed = match standing {
        // The phone does not know yet that what its changes build on may be lost.
        standing::Standing::OtherEpoch => ingest::put_off(&request),
        _ => ingest::push(app, device, &request, standing)?,
    };
    let pulled = pull::pull(app, device, &request, standing, &pushed.numbers)?;
    let erased = orders::erased(&pulled.entries, &request.push, &pushed.verdicts);
    let verdicts = ingest::verdicts(app, &request.push, pushed.verdicts);
    Ok(SyncReply {
        version,
        epoch: pulled.epoch,
        now_ms,
        cursor: pulled.cursor,
        scope_version: pulled.scope_version,
        verdicts: verdicts.into(),
        actors: actors.into(),
        entries: pulled.entries.into(),
        more: pulled.more,
        digest: pulled.digest,
        scope: pulled.scope,
        catch_up: pulled.catch_up,
        orders: orders::erase(app, device, &erased)?.into(),
    })
}

pub(crate) fn agree(theirs: Versions) -> Result<u16, SyncError> {
    Versions::SPOKEN.agree(theirs).ok_or(SyncError::Version(theirs))
}

/// The business day at the relay, in days since 1970-01-01.
pub(crate) fn today(now_ms: i64) -> i32 {
    i32::try_from(now_ms.div_euclid(DAY_MS)).unwrap_or(i32::MAX)
}

/// Lendings begin and end with the first request of a day.
fn roll_day(app: &App, now_ms: i64) -> Result<(), StorageError> {
    let today = today(now_ms);
    if app.sync.day.load(Ordering::Relaxed) != today {
        app.storage.roll_day(today, now_ms)?;
        app.sync.day.store(today, Ordering::Relaxed);
    }
    Ok(())
}
