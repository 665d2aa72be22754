//! `POST /v1/sync`: what a phone sends.

use minicbor::{Decode, Encode};

use super::bounded::{Bytes, List};
use super::limits;
use super::names::{ActorBytes, Cursor, Hash, Receipt};
use super::versions::Versions;
use crate::model::{ClientId, DocumentId, TerritoryId};

#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct SyncRequest {
    #[n(0)]
    pub versions: Versions,
    /// Absent before the first sync: the reply then says what to fetch.
    #[n(1)]
    pub cursor: Option<Cursor>,
    /// The scope that the phone knows; 0: none.
    #[cbor(n(2), skip_if = "super::is_zero")]
    pub scope_version: u64,
    /// Actors that this device takes from now on, before they write.
    #[n(3)]
    pub actors: List<NewActor, { limits::NEW_ACTORS }>,
    /// Clients that left the scope and of which the phone keeps nothing any more.
    #[n(4)]
    pub purged: List<ClientId, { limits::PURGED }>,
    /// Changes of each document ancestors first; none whose ancestor was refused.
    #[n(5)]
    pub push: List<PushedChange, { limits::PUSHED_CHANGES }>,
    /// Bytes of entries wanted back; absent: [`limits::WANT_BYTES_DEFAULT`].
    #[n(6)]
    pub want_bytes: Option<u32>,
    /// Documents that the phone leaves out of its digest: on the attention list, or waiting to be purged.
    #[n(7)]
    pub excluded: List<DocumentId, { limits::EXCLUDED }>,
    /// After a restore of the relay: receipts that prove what is offered, by its descendants.
    #[n(8)]
    pub proofs: List<Proof, { limits::PROOFS }>,
    /// The device's clock, in milliseconds since 1970; sent with a push, so that the office sees a clock that is wrong.
    #[n(9)]
    pub device_ms: Option<i64>,
    /// Changes still waiting on the phone after this request.
    #[cbor(n(10), skip_if = "super::is_zero")]
    pub queued: u32,
    /// Something is still to be fetched: no digest, please.
    #[cbor(n(11), skip_if = "super::is_zero")]
    pub fetching: bool,
}

/// An actor that a device takes.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewActor {
    #[n(0)]
    pub actor: ActorBytes,
    #[n(1)]
    pub reason: ActorReason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum ActorReason {
    /// The installation's own.
    #[n(0)]
    Installation,
    /// The phone came back from a backup, or was cloned.
    #[n(1)]
    Restore,
    /// Unsent changes were written anew.
    #[n(2)]
    Rebase,
}

/// One change, with the address of its document.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PushedChange {
    #[n(0)]
    pub document: DocumentId,
    #[cbor(n(1), skip_if = "super::is_zero")]
    pub generation: u32,
    /// An uncompressed Automerge change chunk.
    #[n(2)]
    pub bytes: Bytes<{ limits::CHANGE_BYTES }>,
    /// With the first change of a new client: where its creator would put it.
    #[n(3)]
    pub territory: Option<TerritoryId>,
    /// Offered after a restore of the relay: the receipt that it gave, if the phone has it.
    #[n(4)]
    pub receipt: Option<Receipt>,
    /// Offered after a restore of the relay, whoever wrote it.
    #[cbor(n(5), skip_if = "super::is_zero")]
    pub offered: bool,
}

/// A receipt for a head: it proves every ancestor of it too.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Proof {
    #[n(0)]
    pub document: DocumentId,
    #[cbor(n(1), skip_if = "super::is_zero")]
    pub generation: u32,
    #[n(2)]
    pub hash: Hash,
    #[n(3)]
    pub receipt: Receipt,
}
