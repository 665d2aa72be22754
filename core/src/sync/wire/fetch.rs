//! `POST /v1/fetch`: pages of what is, for a first sync, a large catch-up, a territory gained, and repairs.
//!
//! The phone keeps what is still to be fetched beside its cursor and asks page after page by key, so that a cut costs
//! one page. Pages show the present, each thing with its own log number: later entries up to that number are ignored.
//! The stages, each usable as it arrives:
//!
//! | stage | what | key |
//! |---|---|---|
//! | 0 | office records about the whole workspace but articles, prices and sales | kind, source, key |
//! | 1 | list rows | client id |
//! | 2 | documents, and office records about their clients but sales | client id |
//! | 3 | articles and prices | kind, source, key |
//! | 4 | sales, newest first | as the relay chooses |

use minicbor::{Decode, Encode};

use super::bounded::{Bytes, List, Text};
use super::limits;
use super::names::{Epoch, Fingerprint, Hash, Receipt};
use super::office::OfficeRecord;
use super::versions::Versions;
use crate::model::{ClientId, DocumentId, TerritoryId};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Stage {
    #[n(0)]
    Settings,
    #[n(1)]
    List,
    #[n(2)]
    Documents,
    #[n(3)]
    Articles,
    #[n(4)]
    Sales,
}

impl Stage {
    /// In the order in which they are fetched.
    pub const ALL: [Self; 5] = [Self::Settings, Self::List, Self::Documents, Self::Articles, Self::Sales];
}

/// Part of a reply to a sync: fetch these, in this order; then pull from the cursor.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct CatchUp {
    #[n(0)]
    pub fetch: List<StillToFetch, { limits::STILL_TO_FETCH }>,
    /// Everything acknowledged that the pages do not bring is to be dropped: the cursor was too far behind.
    #[cbor(n(1), skip_if = "super::is_zero")]
    pub replace: bool,
}

/// One stage of one part of the scope.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StillToFetch {
    #[n(0)]
    pub stage: Stage,
    /// Absent: all of the scope.
    #[n(1)]
    pub territory: Option<TerritoryId>,
    /// The last page's `next`; empty: from the start.
    #[n(2)]
    pub after: Bytes<{ limits::PAGE_KEY_BYTES }>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct FetchRequest {
    #[n(0)]
    pub versions: Versions,
    #[cbor(n(1), skip_if = "super::is_zero")]
    pub scope_version: u64,
    /// A page of a stage,
    #[n(2)]
    pub page: Option<StillToFetch>,
    /// or these documents,
    #[n(3)]
    pub documents: List<DocumentId, { limits::ASKED }>,
    /// and these office records, by the names that a digest gave.
    #[n(4)]
    pub office: List<Fingerprint, { limits::ASKED }>,
    /// and all office records about these clients.
    #[n(5)]
    pub office_of: List<ClientId, { limits::ASKED }>,
    #[n(6)]
    pub want_bytes: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FetchReply {
    #[n(0)]
    pub version: u16,
    #[n(1)]
    pub epoch: Epoch,
    /// The log's last number when the page was read.
    #[n(2)]
    pub number: u64,
    #[cbor(n(3), skip_if = "super::is_zero")]
    pub scope_version: u64,
    #[n(4)]
    pub items: List<FetchItem, { limits::PAGE_ITEMS }>,
    /// Ask on from here; empty: that was all.
    #[n(5)]
    pub next: Bytes<{ limits::PAGE_KEY_BYTES }>,
    /// Asked for by name, and not to be had in this scope.
    #[n(6)]
    pub gone: List<DocumentId, { limits::ASKED }>,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum FetchItem {
    #[n(0)]
    Row(#[n(0)] ListRow),
    #[n(1)]
    Document(#[n(0)] PageDocument),
    #[n(2)]
    Office(#[n(0)] OfficeRecord),
}

/// A client as the list shows it, before its document is there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct ListRow {
    #[n(0)]
    pub client: Option<ClientId>,
    #[n(1)]
    pub name: Text<{ limits::LIST_TEXT_BYTES }>,
    #[n(2)]
    pub city: Text<{ limits::LIST_TEXT_BYTES }>,
    /// Degrees times ten million, WGS 84.
    #[n(3)]
    pub latitude_e7: Option<i32>,
    #[n(4)]
    pub longitude_e7: Option<i32>,
    /// As `metrics` numbers it.
    #[n(5)]
    pub status: Option<u8>,
    /// The business day of which `status` speaks, in days since 1970-01-01.
    #[n(6)]
    pub as_of_day: Option<i32>,
    #[n(7)]
    pub territory: Option<TerritoryId>,
}

/// A document as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PageDocument {
    #[n(0)]
    pub document: DocumentId,
    #[cbor(n(1), skip_if = "super::is_zero")]
    pub generation: u32,
    /// Its own log number: entries of it up to this one are in the snapshot.
    #[n(2)]
    pub number: u64,
    /// What Automerge saves.
    #[n(3)]
    pub snapshot: Bytes<{ limits::SNAPSHOT_BYTES }>,
    /// One for each of `heads`.
    #[n(4)]
    pub receipts: List<Receipt, { limits::HEADS }>,
    /// Its effective territory; absent: unassigned, or no client's document.
    #[n(5)]
    pub territory: Option<TerritoryId>,
    /// The client that it is an alias of.
    #[n(6)]
    pub alias_of: Option<ClientId>,
    /// The heads of what is in the snapshot, ascending; what was loaded is compared with them.
    #[n(7)]
    pub heads: List<Hash, { limits::HEADS }>,
}
