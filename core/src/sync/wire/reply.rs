//! `POST /v1/sync`: what the relay answers.

use hmac::{Hmac, KeyInit, Mac as _};
use minicbor::{Decode, Encode};
use sha2::Sha256;

use super::bounded::{List, Text};
use super::entry::Entry;
use super::fetch::CatchUp;
use super::limits;
use super::names::{Cursor, DigestBytes, Epoch, Mac};
use super::scope::Scope;
use super::verdict::{Refusal, Verdict};
use crate::model::ClientId;

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SyncReply {
    /// The version that both ends speak and this reply is in.
    #[n(0)]
    pub version: u16,
    /// Of the cursor in this reply; absent: the one of the cursor that the phone sent. Another one than the phone knows
    /// means that the relay was restored.
    #[n(1)]
    pub epoch: Option<Epoch>,
    /// The relay's clock, in milliseconds since 1970.
    #[n(2)]
    pub now_ms: i64,
    /// Absent: the one that the phone sent still stands.
    #[n(3)]
    pub cursor: Option<Cursor>,
    #[cbor(n(4), skip_if = "super::is_zero")]
    pub scope_version: u64,
    /// One for each pushed change, in that order.
    #[n(5)]
    pub verdicts: List<Verdict, { limits::PUSHED_CHANGES }>,
    /// One for each new actor, in that order.
    #[n(6)]
    pub actors: List<ActorVerdict, { limits::NEW_ACTORS }>,
    #[n(7)]
    pub entries: List<Entry, { limits::ENTRIES }>,
    /// There is more after this cursor: ask again.
    #[cbor(n(8), skip_if = "super::is_zero")]
    pub more: bool,
    /// Of everything in scope at this cursor; only when there is no more.
    #[n(9)]
    pub digest: Option<DigestBytes>,
    /// The scope, when it is not the one that the phone named.
    #[n(10)]
    pub scope: Option<Scope>,
    /// What to fetch in pages, now that the cursor is where it is.
    #[n(11)]
    pub catch_up: Option<CatchUp>,
    /// Orders under the device's key.
    #[n(12)]
    pub orders: List<DeviceOrder, { limits::DEVICE_ORDERS }>,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum ActorVerdict {
    /// It may write.
    #[n(0)]
    Registered,
    #[n(1)]
    Refused {
        #[n(0)]
        code: Refusal,
        #[n(1)]
        detail: Text<{ limits::DETAIL_BYTES }>,
    },
}

/// The only things that delete unsent work. `mac` is HMAC-SHA-256 with the device key over the CBOR of the order
/// with `mac` left out.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DeviceOrder {
    /// Absent: wipe everything. Otherwise: this client was erased.
    #[n(0)]
    pub client: Option<ClientId>,
    /// When the administrator gave it, in milliseconds since 1970.
    #[n(1)]
    pub issued_ms: i64,
    #[n(2)]
    pub mac: Option<Mac>,
}

impl DeviceOrder {
    /// The order under a device's key.
    pub fn signed(key: &[u8; 32], client: Option<ClientId>, issued_ms: i64) -> Self {
        let mut order = Self { client, issued_ms, mac: None };
        order.mac = Some(Mac(order.hmac(key).finalize().into_bytes().into()));
        order
    }

    /// Whoever signed it holds the device's key.
    pub fn is_genuine(&self, key: &[u8; 32]) -> bool {
        self.mac.is_some_and(|mac| self.hmac(key).verify_slice(&mac.0).is_ok())
    }

    fn hmac(&self, key: &[u8; 32]) -> Hmac<Sha256> {
        let unsigned = Self { mac: None, ..self.clone() };
        // Encoding into memory cannot fail; an order that it would leave empty is signed as such and matches nothing.
        let bytes = minicbor::to_vec(unsigned).unwrap_or_default();
        let mut padded = [0; 64];
        padded[..32].copy_from_slice(key);
        Hmac::new(&padded.into()).chain_update(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_genuine_under_its_own_key_and_as_it_was_signed() {
        let client = ClientId::from_bytes([7; 16]);
        let order = DeviceOrder::signed(&[1; 32], Some(client), 5);
        assert!(order.is_genuine(&[1; 32]));
        assert!(!order.is_genuine(&[2; 32]));
        assert!(!DeviceOrder { issued_ms: 6, ..order.clone() }.is_genuine(&[1; 32]));
        assert!(!DeviceOrder { client: None, ..order.clone() }.is_genuine(&[1; 32]));
        assert!(!DeviceOrder { mac: None, ..order }.is_genuine(&[1; 32]));
    }
}
