//! Devices: installations of the app, each linked to a person.

pub(crate) mod api;
pub mod enrol;
pub mod manage;
#[cfg(test)]
mod tests;

use cartera_core::model::{DeviceId, PersonId, TokenId};

use crate::people::Role;

/// Devices of one person that are not revoked.
pub const DEVICES_PER_PERSON_MAX: usize = 16;
/// Actors of one device: one for the installation, one for each restore and each rebase.
pub const ACTORS_PER_DEVICE_MAX: usize = 256;
/// One-time codes that are neither used nor expired.
pub const CODES_OPEN_MAX: usize = 250;
/// How long a code is good, in milliseconds: 15 minutes.
pub const CODE_MS: i64 = 15 * 60 * 1000;
/// How long the relay remembers a code after its end, so as to say 'expired' instead of 'unknown'.
pub const CODES_KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// Characters of a device's name.
pub const NAME_CHARS_MAX: usize = 80;
/// How exactly the relay remembers when it last heard of a device, in milliseconds.
pub const SEEN_EVERY_MS: i64 = 5 * 60 * 1000;

/// What is to become of the unsent work on a revoked device. The order is kept here; giving it to the phone, which
/// answers under the device's key, comes with salvage. Until then a revoked phone is served nothing, and deletes
/// nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevokeOrder {
    /// It is handed in for an administrator to look at.
    Salvage,
    /// It is deleted with everything else.
    Wipe,
}

impl RevokeOrder {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Salvage => "salvage",
            Self::Wipe => "wipe",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Salvage, Self::Wipe].into_iter().find(|order| order.name() == name)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revoked {
    pub at_ms: i64,
    pub order: RevokeOrder,
}

/// One installation of the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    pub id: DeviceId,
    pub person: PersonId,
    /// What the phone calls itself.
    pub name: String,
    pub enrolled_ms: i64,
    pub seen_ms: i64,
    pub revoked: Option<Revoked>,
    /// Restored from a backup without its journal, so nobody knows whether it was revoked since: it is served when an
    /// administrator has confirmed it.
    pub unconfirmed: bool,
}

/// A device that sent its token, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownDevice {
    pub device: Device,
    pub role: Role,
    pub scope_version: u64,
}

/// What a one-time code is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Linking a phone.
    Device,
    /// Logging in.
    Session,
}

impl Purpose {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Session => "session",
        }
    }
}

/// A one-time code as the relay remembers it: not the code, its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeCode {
    pub id: TokenId,
    pub hash: crate::secret::SecretHash,
    pub purpose: Purpose,
    pub person: PersonId,
    pub created_ms: i64,
    pub expires_ms: i64,
}
