//! Listing and revoking phones.

use cartera_core::model::access::Action;
use cartera_core::model::{DeviceId, PersonId};

use super::{Device, RevokeOrder};
use crate::app::App;
use crate::audit::{Deed, Subject};
use crate::people::access::By;
use crate::refused::Refused;

/// Phones that are confirmed by their names at one time.
pub const CONFIRMED_MAX: usize = 1_000;

/// All phones, or one person's.
pub fn list(app: &App, by: By, person: Option<PersonId>) -> Result<Vec<Device>, Refused> {
    by.require(Action::ViewDevices)?;
    Ok(app.storage.devices(person)?)
}

/// Lets phones be served again after a restore without its journal: all of them, or those named; how many.
pub fn confirm(app: &App, by: By, ids: Option<&[DeviceId]>) -> Result<usize, Refused> {
    by.require(Action::EnrolDevice)?;
    if ids.is_some_and(|ids| ids.is_empty() || ids.len() > CONFIRMED_MAX) {
        return Err(Refused::invalid("devices", format!("name 1 to {CONFIRMED_MAX} of them")));
    }
    let subject = match ids {
        Some([one]) => Subject::Device(*one),
        _ => Subject::Workspace,
    };
    let detail = ids.map_or("all".into(), |ids| format!("{} phones", ids.len()));
    let deed = Deed { at_ms: app.env.now_ms(), actor: by.actor, action: "device.confirmed", subject, detail };
    Ok(app.storage.confirm_devices(ids, &deed)?)
}

/// From now on the phone is served nothing. A wipe may follow a salvage, never the other way round.
pub fn revoke(app: &App, by: By, id: DeviceId, order: RevokeOrder) -> Result<(), Refused> {
    by.require(Action::RevokeDevice)?;
    let deed = Deed {
        at_ms: app.env.now_ms(),
        actor: by.actor,
        action: "device.revoked",
        subject: Subject::Device(id),
        detail: order.name().to_owned(),
    };
    if app.storage.revoke_device(id, order, &deed)? { Ok(()) } else { Err(Refused::unknown("device", id)) }
}
