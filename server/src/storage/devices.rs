//! Devices, the codes that link them, and their actors.

use cartera_core::model::{DeviceId, PersonId, TokenId};
use cartera_core::sync::wire::ActorBytes;

use super::Result;
use crate::audit::Deed;
use crate::devices::{Device, KnownDevice, OneTimeCode, RevokeOrder};
use crate::people::Person;
use crate::secret::SecretHash;

/// What became of a new one-time code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeAdded {
    Done,
    UnknownPerson,
    /// The person left.
    Left,
    /// So many are open already.
    TooMany,
}

/// A phone that trades a code for a device.
#[derive(Debug, Clone)]
pub struct Trade {
    pub code: SecretHash,
    /// Of the token that the phone made.
    pub token: SecretHash,
    /// The id that the device gets if the code was not used yet.
    pub device: DeviceId,
    pub name: String,
    pub now_ms: i64,
}

/// What became of a trade. Every refusal of a known code is recorded in the same transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Traded {
    /// `again`: the same code and token as before, within the code's time.
    Done {
        device: DeviceId,
        person: Person,
        again: bool,
    },
    UnknownCode,
    Expired(TokenId),
    /// Used before, with another token.
    Used(TokenId),
    /// The person left, or the device was revoked since.
    Revoked(TokenId),
    /// The token belongs to another device.
    TokenTaken(TokenId),
    TooManyDevices(TokenId),
}

/// What became of an actor that a device asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorRegistered {
    New,
    /// It was this device's already.
    Already,
    /// It is another device's.
    Taken,
    TooMany,
}

pub trait Devices {
    fn add_code(&self, code: &OneTimeCode, deed: &Deed) -> Result<CodeAdded>;

    fn trade_code(&self, trade: &Trade) -> Result<Traded>;

    /// The device that the token belongs to, revoked or not. Notes that it was heard of.
    fn device_by_token(&self, token: &SecretHash, now_ms: i64) -> Result<Option<KnownDevice>>;

    /// All devices, or one person's, by id.
    fn devices(&self, person: Option<PersonId>) -> Result<Vec<Device>>;

    /// Revokes a device; `false` if there is none. Revoking again may turn `salvage` into `wipe`, never back.
    fn revoke_device(&self, id: DeviceId, order: RevokeOrder, deed: &Deed) -> Result<bool>;

    /// Lets devices be served again after a restore without its journal, all or those named; how many.
    fn confirm_devices(&self, ids: Option<&[DeviceId]>, deed: &Deed) -> Result<usize>;

    /// Registers actors of a device, each by itself, in this order.
    fn register_actors(
        &self,
        device: DeviceId,
        actors: &[ActorBytes],
        now_ms: i64,
    ) -> Result<Vec<ActorRegistered>>;

    /// Which of `actors` are registered, and to which device.
    fn actor_devices(&self, actors: &[ActorBytes]) -> Result<Vec<Option<DeviceId>>>;
}
