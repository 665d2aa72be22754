//! `POST /v1/digest`: where two sides differ, once their digests do.
//!
//! First the sums of 256 buckets, documents and office records apart, an item's bucket being the first byte of its
//! name (a document's id by its *last* byte, since ids begin with time; an office record's fingerprint by its first);
//! then (name, fingerprint) of the items of the buckets that differ; then `POST /v1/fetch` for those that differ. The
//! relay answers for whole buckets, as many as [`limits::BUCKET_ITEMS`] allows, and names them; the others are asked for
//! again.

use minicbor::{Decode, Encode};

use super::bounded::List;
use super::limits;
use super::names::{DigestBytes, Epoch, Fingerprint};
use super::versions::Versions;
use crate::model::DocumentId;

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DigestRequest {
    #[n(0)]
    pub versions: Versions,
    #[cbor(n(1), skip_if = "super::is_zero")]
    pub scope_version: u64,
    #[n(2)]
    pub step: DigestStep,
    #[n(3)]
    pub excluded: List<DocumentId, { limits::EXCLUDED }>,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum DigestStep {
    #[n(0)]
    Buckets,
    #[n(1)]
    Items {
        /// Buckets of documents that differ.
        #[n(0)]
        documents: List<u8, { limits::BUCKETS }>,
        /// Buckets of office records that differ.
        #[n(1)]
        office: List<u8, { limits::BUCKETS }>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DigestReply {
    #[n(0)]
    pub version: u16,
    #[n(1)]
    pub epoch: Epoch,
    /// The log's last number when it was read.
    #[n(2)]
    pub number: u64,
    #[cbor(n(3), skip_if = "super::is_zero")]
    pub scope_version: u64,
    #[n(4)]
    pub answer: DigestAnswer,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum DigestAnswer {
    #[n(0)]
    Buckets(#[n(0)] Buckets),
    #[n(1)]
    Items {
        #[n(0)]
        documents: List<DigestItem, { limits::BUCKET_ITEMS }>,
        /// Names of office records: the first 8 bytes of SHA-256 over their (kind, source, key).
        #[n(1)]
        office: List<(Fingerprint, Fingerprint), { limits::BUCKET_ITEMS }>,
        /// The buckets of documents of which all is here. Of others nothing is said: not that the relay has nothing in them.
        #[n(2)]
        whole_documents: List<u8, { limits::BUCKETS }>,
        /// The buckets of office records of which all is here.
        #[n(3)]
        whole_office: List<u8, { limits::BUCKETS }>,
    },
}

/// 256 sums each.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Buckets {
    #[n(0)]
    pub documents: List<DigestBytes, { limits::BUCKETS }>,
    #[n(1)]
    pub office: List<DigestBytes, { limits::BUCKETS }>,
}

/// A document and the first bytes of its digest term.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct DigestItem {
    #[n(0)]
    pub document: DocumentId,
    #[n(1)]
    pub fingerprint: Fingerprint,
}
