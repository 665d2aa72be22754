//! What the log says, as a phone in scope gets to read it.
//!
//! A client with a `territory` entry after the cursor is told as the net effect: its changes where the phone has it
//! and keeps it, [`EntryBody::Leave`] alone where it loses it, [`EntryBody::Enter`] with everything where it gains
//! it. Entries stand in the order of their numbers; a net effect stands at its client's last number.

use minicbor::{Decode, Encode};

use super::bounded::{Bytes, List};
use super::fetch::PageDocument;
use super::limits;
use super::names::Receipt;
use super::office::OfficeRecord;
use crate::model::{ClientId, DeviceId, DocumentId, TerritoryId};

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Entry {
    /// Its place in the log.
    #[n(0)]
    pub number: u64,
    #[n(1)]
    pub body: EntryBody,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum EntryBody {
    #[n(0)]
    Change(#[n(0)] ChangeEntry),
    #[n(1)]
    Office(#[n(0)] OfficeRecord),
    /// A client came into scope: all that there is of it, and nothing earlier.
    #[n(2)]
    Enter(#[n(0)] Box<Enter>),
    /// A client left the scope. What is unsent is still taken; then purge and say so.
    #[n(3)]
    Leave {
        #[n(0)]
        client: ClientId,
    },
    /// A client moved between territories that are both in scope; absent: unassigned.
    #[n(4)]
    Moved {
        #[n(0)]
        client: ClientId,
        #[n(1)]
        territory: Option<TerritoryId>,
    },
    /// `absorbed` is now an alias of `kept`; absent: not any more.
    #[n(5)]
    Merge {
        #[n(0)]
        absorbed: ClientId,
        #[n(1)]
        kept: Option<ClientId>,
        /// Where it is now: while merged, where the kept one is; absent: unassigned.
        #[n(2)]
        territory: Option<TerritoryId>,
    },
    /// A client was erased: delete what you hold of it and say so. Unsent work needs the order under the device key.
    #[n(6)]
    Erase {
        #[n(0)]
        client: ClientId,
    },
    #[n(7)]
    Refound(#[n(0)] Box<Refound>),
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ChangeEntry {
    #[n(0)]
    pub document: DocumentId,
    #[cbor(n(1), skip_if = "super::is_zero")]
    pub generation: u32,
    #[n(2)]
    pub bytes: Bytes<{ limits::CHANGE_BYTES }>,
    #[n(3)]
    pub receipt: Option<Receipt>,
    /// When the relay received it, in seconds since 1970.
    #[n(4)]
    pub received_s: Option<i64>,
    /// Recovered after a restore through this device.
    #[n(5)]
    pub recovered_through: Option<DeviceId>,
}

/// A client that came into scope.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Enter {
    #[n(0)]
    pub document: PageDocument,
    /// The latest office records about it.
    #[n(1)]
    pub office: List<OfficeRecord, { limits::OFFICE_OF_CLIENT }>,
    /// There are more than fit: fetch this client's office records in pages.
    #[cbor(n(2), skip_if = "super::is_zero")]
    pub fetch_office: bool,
}

/// A document that was founded anew: the new generation takes the old one's place; unsent changes are carried over by
/// (actor, seq).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Refound {
    #[n(0)]
    pub document: PageDocument,
}
