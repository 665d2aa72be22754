//! An office record: a row that the office owns, last value wins by log number.

use minicbor::{Decode, Encode};

use super::bounded::{Bytes, Text};
use super::limits;
use crate::model::{ClientId, TerritoryId};

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct OfficeRecord {
    #[n(0)]
    pub kind: Text<{ limits::OFFICE_KIND_BYTES }>,
    /// Who wrote it: an ERP, an import; empty: the relay itself.
    #[n(1)]
    pub source: Text<{ limits::OFFICE_SOURCE_BYTES }>,
    #[n(2)]
    pub key: Text<{ limits::OFFICE_KEY_BYTES }>,
    /// Whom it concerns; neither: the whole workspace.
    #[n(3)]
    pub client: Option<ClientId>,
    #[n(4)]
    pub territory: Option<TerritoryId>,
    /// CBOR; absent: a tombstone. Unknown kinds are kept unread.
    #[n(5)]
    pub value: Option<Bytes<{ limits::OFFICE_VALUE_BYTES }>>,
    /// Where it came from another number than the entry or page that carries it: that one.
    #[n(6)]
    pub number: Option<u64>,
}
