//! The present in pages, and digests of it: what a first sync, a territory gained, or a repair reads.

use cartera_core::model::{ClientId, DeviceId, DocumentId, TerritoryId};
use cartera_core::rows::compact::Compacted;
use cartera_core::sync::digest::Sum;
use cartera_core::sync::wire::{Epoch, Fingerprint, Hash, ListRow, PageDocument, Stage};

use super::Result;
use super::office::OfficeRow;

/// After what a page goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageKey {
    /// A client's or document's id.
    Id([u8; 16]),
    /// Before this number of the log.
    Number(u64),
    Office {
        kind: String,
        source: String,
        key: String,
    },
}

/// What a device asks for.
#[derive(Debug, Clone)]
pub struct FetchQuery<'a> {
    pub device: DeviceId,
    /// The scope that the phone knows: it gets what that and the present one have in common.
    pub scope_version: u64,
    /// A page of a stage: of one territory or of everything in sight, after a key.
    pub page: Option<(Stage, Option<TerritoryId>, Option<PageKey>)>,
    pub documents: &'a [DocumentId],
    pub office: &'a [Fingerprint],
    pub office_of: &'a [ClientId],
    /// One item at least.
    pub want_bytes: usize,
}

#[derive(Debug, Clone)]
pub struct Fetched {
    pub epoch: Epoch,
    /// The log's last number when it was read.
    pub number: u64,
    pub scope_version: u64,
    pub items: Vec<FetchedItem>,
    /// `None`: that was all.
    pub next: Option<PageKey>,
    /// Asked for by name, and not to be had.
    pub gone: Vec<DocumentId>,
}

#[derive(Debug, Clone)]
pub enum FetchedItem {
    Row(ListRow),
    Document {
        page: PageDocument,
        /// Each deserves a receipt.
        heads: Vec<Hash>,
        /// It was made for this page: worth keeping.
        fresh: bool,
    },
    Office(OfficeRow),
}

/// Digests by bucket, or the items of some buckets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketSums {
    pub number: u64,
    pub epoch: Epoch,
    pub scope_version: u64,
    pub documents: Vec<Sum>,
    pub office: Vec<Sum>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketItems {
    pub number: u64,
    pub epoch: Epoch,
    pub scope_version: u64,
    pub documents: Vec<(DocumentId, Fingerprint)>,
    pub office: Vec<(Fingerprint, Fingerprint)>,
    /// The buckets of which all is here.
    pub whole_documents: Vec<u8>,
    pub whole_office: Vec<u8>,
}

pub trait Pages {
    /// A page of the present; `None` if there is no such device.
    fn fetch(&self, query: &FetchQuery<'_>) -> Result<Option<Fetched>>;

    /// Keeps documents that were made for a page, so that the next one need not make them.
    fn keep_pages(&self, pages: &[&PageDocument]) -> Result<()>;

    /// Moves bytes of changes into the snapshots of their documents, where a document has at least `least` to move:
    /// looks at a bounded number of documents after `after`, in the store's own order, and says where to go on. Leaves
    /// the last `keep` entries of the log, which phones still ask for one by one.
    fn compact(&self, after: Option<i64>, keep: u64, least: u64) -> Result<Compacted>;

    /// Makes documents as pages show them before a phone asks, where none is kept or much came after the kept one: of a
    /// bounded number of documents after `after`, in the store's own order; says how many, and where to go on.
    fn make_ahead(&self, after: Option<i64>) -> Result<Compacted>;

    fn bucket_sums(&self, device: DeviceId, excluded: &[DocumentId]) -> Result<Option<BucketSums>>;

    /// What lies in buckets of documents and of office records: each bucket whole or not at all, so that there are at
    /// most `most` items together. At least one of those asked for is there, unless each by itself has more.
    fn bucket_items(
        &self,
        device: DeviceId,
        documents: &[u8],
        office: &[u8],
        most: usize,
    ) -> Result<Option<BucketItems>>;
}
