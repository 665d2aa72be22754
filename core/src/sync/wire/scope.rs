//! What a device may see.

use minicbor::{Decode, Encode};

use super::bounded::List;
use super::limits;
use crate::model::{ClientId, TerritoryId};

/// The territories, and the clients lent by name, that a device sees; sent whenever its version is not the one that
/// the phone named.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct Scope {
    #[n(0)]
    pub version: u64,
    /// Every territory, and clients without one: managers and the office.
    #[cbor(n(1), skip_if = "super::is_zero")]
    pub all: bool,
    #[n(2)]
    pub territories: List<TerritoryId, { limits::SCOPE_TERRITORIES }>,
    #[n(3)]
    pub lent: List<Lent, { limits::SCOPE_LENT }>,
}

/// A client lent by name.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Lent {
    #[n(0)]
    pub client: ClientId,
    /// First and last business day, in days since 1970-01-01; open when absent.
    #[n(1)]
    pub from_day: Option<i32>,
    #[n(2)]
    pub until_day: Option<i32>,
}
