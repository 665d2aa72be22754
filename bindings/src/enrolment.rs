//! Linking this device to a workspace (*Vincular móvil*).

use std::sync::Arc;

use cartera_core::engine::Engine;
use cartera_core::sync::identity::Identity as CoreIdentity;
use cartera_core::sync::wire::enrol::{Invitation as CoreInvitation, InvitationError};

use crate::shared::{Answer, Shared};
use crate::{CarteraError, DeviceId, PersonId, TerritoryId, WorkspaceId};

/// Enrolment.
#[derive(Debug, uniffi::Object)]
pub struct Enrolment {
    pub(crate) shared: Arc<Shared>,
}

/// Who this device is, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Identity {
    pub workspace: WorkspaceId,
    pub device: DeviceId,
    pub person: PersonId,
    /// The relay's address.
    pub relay: String,
    pub home_territory: Option<TerritoryId>,
    /// Days without a sync after which the app locks until it has synced; missing: never.
    pub offline_days: Option<u16>,
}

/// What a QR code says, before anybody is asked.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Invitation {
    pub address: String,
    /// The relay is known by its key, whoever vouches for it.
    pub pinned: bool,
}

#[uniffi::export]
impl Enrolment {
    /// Missing before the device is linked.
    pub fn identity(&self) -> Result<Option<Identity>, CarteraError> {
        self.shared.run(|engine| Ok(engine.identity()?.map(Into::into)))
    }

    /// Reads what was scanned or pasted; asks nobody.
    pub fn inspect(&self, invitation: String) -> Result<Invitation, CarteraError> {
        self.shared.run(|_| {
            let read = read(&invitation)?;
            Ok(Invitation { address: read.address, pinned: read.pin.is_some() })
        })
    }

    /// Trades an invitation for this device's identity; waits for the network. Asking again with the same invitation is
    /// harmless. Nothing is deleted, whatever the answer is.
    pub fn enrol(&self, invitation: String, device_name: String) -> Result<Identity, CarteraError> {
        self.shared.run(|engine: &Engine| Ok(engine.enrol(&read(&invitation)?, &device_name)?.into()))
    }
}

fn read(text: &str) -> Answer<CoreInvitation> {
    text.parse().map_err(|error: InvitationError| CarteraError::Invalid {
        code: "no_invitation".into(),
        detail: error.to_string(),
        problems: Vec::new(),
    })
}

impl From<CoreIdentity> for Identity {
    fn from(identity: CoreIdentity) -> Self {
        Self {
            workspace: identity.workspace.into(),
            device: identity.device.into(),
            person: identity.person.into(),
            relay: identity.relay,
            home_territory: identity.home_territory.map(Into::into),
            offline_days: identity.policy.offline_days,
        }
    }
}
