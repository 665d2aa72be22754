//! Who this device is and which relay it belongs to, as enrolment gave it.

use minicbor::{Decode, Encode};
use rusqlite::Connection;

use crate::model::{DeviceId, PersonId, TerritoryId};
use crate::store::{StoreError, meta};
use crate::sync::http::Pin;
use crate::sync::wire::Epoch;

/// Written once at enrolment; the database is bound to its workspace from then on.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Identity {
    /// The workspace, 16 bytes.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub workspace: [u8; 16],
    #[n(1)]
    pub device: DeviceId,
    #[n(2)]
    pub person: PersonId,
    /// As `access` names it.
    #[n(3)]
    pub role: String,
    /// Where the relay is, such as `https://relay.example:8443`.
    #[n(4)]
    pub relay: String,
    /// SHA-256 of the relay's public key, when the QR had one.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub pin: Option<[u8; 32]>,
    /// What the device proves itself with.
    #[n(6)]
    pub token: String,
    /// For wipe and erase orders.
    #[cbor(n(7), with = "minicbor::bytes")]
    pub device_key: [u8; 32],
    /// To which unsent work can be sealed, in age's text form.
    #[n(8)]
    pub workspace_key: String,
    /// The life of the relay's log that the cursor belongs to.
    #[n(9)]
    pub epoch: Epoch,
    /// Where this person's new clients go unless they say otherwise.
    #[n(10)]
    pub home_territory: Option<TerritoryId>,
}

impl std::fmt::Debug for Identity {
    /// Without secrets: it may end in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Identity({}, {})", self.device, self.relay)
    }
}

impl Identity {
    pub fn pin(&self) -> Option<Pin> {
        self.pin.map(Pin)
    }

    /// `None` before enrolment.
    pub fn load(conn: &Connection) -> Result<Option<Self>, StoreError> {
        let Some(bytes) = meta::get(conn, meta::IDENTITY)? else { return Ok(None) };
        let identity = minicbor::decode(&bytes)
            .map_err(|_| StoreError::Damaged("the device's identity cannot be read".into()))?;
        Ok(Some(identity))
    }

    /// # Errors
    /// [`StoreError::OtherWorkspace`] when the database belongs to another one.
    pub fn save(&self, conn: &Connection) -> Result<(), StoreError> {
        if Self::load(conn)?.is_some_and(|known| known.workspace != self.workspace) {
            return Err(StoreError::OtherWorkspace);
        }
        let bytes =
            minicbor::to_vec(self).map_err(|_| StoreError::Damaged("the identity is too large".into()))?;
        meta::put(conn, meta::IDENTITY, &bytes)
    }
}
