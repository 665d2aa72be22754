//! Where a phone stands: what its cursor says, and whether the log still says the same.

use cartera_core::env::random_bytes;
use cartera_core::sync::wire::{self, Epoch};

use super::SyncError;
use super::cursor::Cursor;
use crate::app::App;
use crate::audit::{Actor, Deed, Subject};
use crate::devices::Device;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It never synced: everything is to be fetched.
    Fresh,
    /// It has everything up to this number.
    At(u64),
    /// Its cursor is of before a restore: it stands at the end, and repairs by digest.
    OtherEpoch,
}

pub(super) fn of(app: &App, device: &Device, sealed: Option<&wire::Cursor>) -> Result<Standing, SyncError> {
    let Some(sealed) = sealed else { return Ok(Standing::Fresh) };
    let cursor = match Cursor::open(sealed, &app.keys, device.id) {
        Ok(cursor) => cursor,
        Err(forged) => {
            record(app, device, "cursor.forged", String::new())?;
            return Err(forged.into());
        }
    };
    let tip = app.storage.tip()?;
    if cursor.epoch != tip.epoch {
        return Ok(Standing::OtherEpoch);
    }
    let fits = app.storage.chain_at(cursor.number)?.is_some_and(|chain| chain.starts_with(&cursor.chain));
    if fits {
        return Ok(Standing::At(cursor.number));
    }
    rolled_back(app, device, cursor.number, tip.number, cursor.epoch)?;
    Ok(Standing::OtherEpoch)
}

/// This relay gave the cursor, and its log does not go on from it: it was rolled back without knowing. What was given
/// out since is void, so the log begins another epoch.
fn rolled_back(app: &App, device: &Device, claimed: u64, end: u64, was: Epoch) -> Result<(), SyncError> {
    let epoch = Epoch(random_bytes(app.env.as_ref()));
    tracing::error!(code = "log_rolled_back", claimed, end, "the log was rolled back: a new epoch begins");
    if app.storage.tip()?.epoch == was {
        app.storage.begin_epoch(epoch, app.env.now_ms())?;
        record(app, device, "log.rolled_back", format!("cursor {claimed}, log {end}"))?;
    }
    Ok(())
}

fn record(app: &App, device: &Device, action: &'static str, detail: String) -> Result<(), SyncError> {
    let deed = Deed {
        at_ms: app.env.now_ms(),
        actor: Actor::Device(device.id),
        action,
        subject: Subject::Workspace,
        detail,
    };
    Ok(app.storage.record(&[deed])?)
}
