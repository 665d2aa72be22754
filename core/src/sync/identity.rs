//! Who this device is and which relay it belongs to, as enrolment gave it.

use minicbor::{Decode, Encode};
use rusqlite::Connection;

use crate::model::{DeviceId, PersonId, TerritoryId, WorkspaceId};
use crate::store::{StoreError, meta};
use crate::sync::http::Pin;
use crate::sync::wire::Epoch;
use crate::sync::wire::enrol::Policy;

/// Written once at enrolment; the database is bound to its workspace from then on.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Identity {
    #[n(0)]
    pub workspace: WorkspaceId,
    #[n(1)]
    pub device: DeviceId,
    #[n(2)]
    pub person: PersonId,
    /// Where the relay is, such as `https://relay.example:8443`.
    #[n(3)]
    pub relay: String,
    /// SHA-256 of the relay's public key, when the invitation had one.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub pin: Option<[u8; 32]>,
    /// What the device proves itself with.
    #[n(5)]
    pub token: String,
    /// For wipe and erase orders.
    #[cbor(n(6), with = "minicbor::bytes")]
    pub device_key: [u8; 32],
    /// To which unsent work can be sealed, in age's text form; empty if the relay has none.
    #[n(7)]
    pub workspace_key: String,
    /// The life of the relay's log that the cursor belongs to.
    #[n(8)]
    pub epoch: Epoch,
    /// Where this person's new clients go unless they say otherwise.
    #[n(9)]
    pub home_territory: Option<TerritoryId>,
    #[n(10)]
    pub policy: Policy,
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
