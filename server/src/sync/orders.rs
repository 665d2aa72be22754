//! Orders under a device's key: the only things that make a phone delete unsent work.

use cartera_core::model::ClientId;
use cartera_core::sync::wire::{DeviceOrder, Entry, EntryBody, PushedChange, Refusal, limits};

use super::SyncError;
use crate::app::App;
use crate::devices::Device;
use crate::storage::log::Admitted;

/// Clients of which this reply says that they were erased.
pub(super) fn erased(entries: &[Entry], pushed: &[PushedChange], verdicts: &[Admitted]) -> Vec<ClientId> {
    let told = entries.iter().filter_map(|entry| match entry.body {
        EntryBody::Erase { client } => Some(client),
        _ => None,
    });
    let answered = pushed.iter().zip(verdicts).filter_map(|(pushed, verdict)| match verdict {
        Admitted::Refused { code: Refusal::Erased, .. } => {
            Some(ClientId::from_bytes(*pushed.document.as_bytes()))
        }
        _ => None,
    });
    let mut clients: Vec<_> = told.chain(answered).collect();
    clients.sort_unstable();
    clients.dedup();
    clients.truncate(limits::DEVICE_ORDERS);
    clients
}

/// An order for each client: also unsent work about it goes.
pub(super) fn erase(app: &App, device: &Device, clients: &[ClientId]) -> Result<Vec<DeviceOrder>, SyncError> {
    if clients.is_empty() {
        return Ok(Vec::new());
    }
    let key = app.keys.device_key(device.id);
    let issued_ms = app.env.now_ms();
    Ok(clients.iter().map(|client| DeviceOrder::signed(&key, Some(*client), issued_ms)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_orders_as_much_as_it_holds() {
        let entry = |n: usize| {
            let client = ClientId::from_bytes((n as u128).to_be_bytes());
            Entry { number: n as u64, body: EntryBody::Erase { client } }
        };
        for (count, ordered) in [
            (limits::DEVICE_ORDERS, limits::DEVICE_ORDERS),
            (limits::DEVICE_ORDERS + 1, limits::DEVICE_ORDERS),
        ] {
            let entries: Vec<_> = (0..count).map(entry).collect();
            assert_eq!(erased(&entries, &[], &[]).len(), ordered);
        }
    }
}
