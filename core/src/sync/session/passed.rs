//! Sales that passed the window leave the phone a bounded number at a time, so that a visit is logged between two writes.
//!
//! The setting that moves the window and the note that there is something to forget are one transaction; how far it got
//! is noted with each step. So a phone that is killed goes on in its next sync, and digests are compared only when all
//! of it is done.

use rusqlite::Transaction;

use super::{SyncError, kept};
use crate::model::office::KnownKind;
use crate::rows::office::OfficeKey;
use crate::rows::window;
use crate::store::{Store, StoreError, meta};

/// Sales that are looked at in one step.
const STEP: usize = 500;

/// The window moved: all sales are to be looked at.
pub(super) fn begin(tx: &Transaction<'_>) -> Result<(), SyncError> {
    // In a first sync the setting comes before any sale.
    if window::any_sale(tx)? { note(tx, Some(&OfficeKey::first(KnownKind::Sale))) } else { Ok(()) }
}

/// Forgets what has passed, until nothing is left.
pub(super) fn forget(store: &Store) -> Result<(), SyncError> {
    while step(store)? {}
    Ok(())
}

/// True if there is more to do.
fn step(store: &Store) -> Result<bool, SyncError> {
    // Looking is most of it, and keeps nobody from writing.
    let looked = store.read::<_, SyncError>(|conn| {
        let Some(noted) = meta::get(conn, meta::FORGET_SALES)? else { return Ok(None) };
        let after = read(&noted)?;
        let passed = window::passed(conn, Some(&after), STEP)?;
        Ok(Some((noted, passed)))
    })?;
    let Some((noted, passed)) = looked else { return Ok(false) };
    store.write(|tx| {
        window::forget(tx, &passed)?;
        // The window may have moved again meanwhile, and all is to be looked at anew.
        if meta::get(tx, meta::FORGET_SALES)?.as_ref() == Some(&noted) {
            note(tx, passed.next.as_ref())?;
        }
        if let Some(sum) = kept::digest(tx)?
            && kept::is_due(tx)?
        {
            kept::keep(tx, sum)?;
        }
        Ok(true)
    })
}

/// Notes the last sale that was looked at; `None`: all were.
fn note(tx: &Transaction<'_>, after: Option<&OfficeKey>) -> Result<(), SyncError> {
    match after {
        Some(after) => {
            let bytes = minicbor::to_vec((&after.source, &after.key));
            meta::put(
                tx,
                meta::FORGET_SALES,
                &bytes.map_err(|_| SyncError::Nonsense("a key cannot be kept"))?,
            )?;
        }
        None => meta::remove(tx, meta::FORGET_SALES)?,
    }
    Ok(())
}

fn read(noted: &[u8]) -> Result<OfficeKey, StoreError> {
    let (source, key) = minicbor::decode(noted)
        .map_err(|_| StoreError::Damaged("what is noted of passed sales cannot be read".into()))?;
    Ok(OfficeKey { source, key, ..OfficeKey::first(KnownKind::Sale) })
}

#[cfg(test)]
mod tests;
