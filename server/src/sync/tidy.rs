//! Housekeeping that nobody waits for: bytes of old changes move into their documents' snapshots, and snapshots that
//! phones will ask for are made.

use cartera_core::rows::compact::WORTH_MOVING;

use crate::app::App;
use crate::storage::Result;

/// Entries at the end of the log whose changes keep bytes of their own: phones that were away for a while ask for these
/// one by one, and reading them from a snapshot costs more.
pub const KEEP_ENTRIES: u64 = 100_000;

/// Goes once through all documents, a bounded step at a time; stops early when told to. Gives how many changes moved.
pub fn compact(app: &App, stop: impl Fn() -> bool) -> Result<usize> {
    let (mut changes, mut after) = (0, None);
    while !stop() {
        let step = app.storage.compact(after, KEEP_ENTRIES, WORTH_MOVING)?;
        changes += step.changes;
        after = step.next;
        if after.is_none() {
            break;
        }
    }
    Ok(changes)
}

/// Makes the snapshots that a phone's first sync would otherwise wait for, a bounded step at a time; stops early when
/// told to. Gives how many were made.
pub fn make_ahead(app: &App, stop: impl Fn() -> bool) -> Result<usize> {
    let (mut made, mut after) = (0, None);
    while !stop() {
        let step = app.storage.make_ahead(after)?;
        made += step.documents;
        after = step.next;
        if after.is_none() {
            break;
        }
    }
    Ok(made)
}
