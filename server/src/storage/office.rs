//! Office records: rows with one writer, last value wins, as entries of the log.

use cartera_core::model::office::{Kind, KnownKind, OrderStage};
use cartera_core::model::{BusinessDate, ClientId, RecordId, TerritoryId};
use cartera_core::query::feeds::Freshness;
use cartera_core::rows::window;
use cartera_core::sync::wire::limits::{OFFICE_KEY_BYTES, OFFICE_SOURCE_BYTES, OFFICE_VALUE_BYTES};

use super::Result;
use crate::audit::Deed;

/// A record to be written, or, without a value, to be deleted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OfficeWrite {
    pub kind: String,
    pub source: String,
    pub key: String,
    /// Whom it concerns; neither: the whole workspace.
    pub client: Option<ClientId>,
    pub territory: Option<TerritoryId>,
    /// CBOR.
    pub value: Option<Vec<u8>>,
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfficePut {
    /// Under this number.
    Written(u64),
    /// It says so already.
    Unchanged,
    UnknownClient,
    UnknownTerritory,
    /// Kind, source, key or value is past its limit, or the kind is none, or it is about two things at once.
    OutOfBounds,
    /// An order's state, and there is no such order.
    UnknownOrder,
    /// An order's state, and the order is further on, at this stage.
    Backwards(OrderStage),
}

/// Records of one kind from one source.
#[derive(Debug, Clone)]
pub struct Batch<'a> {
    pub kind: KnownKind,
    pub source: &'a str,
    pub records: &'a [OfficeWrite],
    pub deed: Deed,
    /// Write nothing, and say what would become of it.
    pub dry_run: bool,
    /// Write nothing if any record is not taken.
    pub all_or_nothing: bool,
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// One for each record, in order.
    pub puts: Vec<OfficePut>,
    /// The end of the log.
    pub number: u64,
}

/// A record as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeRow {
    pub record: OfficeWrite,
    pub number: u64,
}

impl OfficeRow {
    /// Whether it is a sale from before the window that phones keep, which begins at `from`.
    pub fn has_passed(&self, from: Option<BusinessDate>) -> bool {
        let OfficeWrite { kind, client, value, .. } = &self.record;
        window::has_passed(kind, client.is_some(), value.as_deref(), from)
    }
}

pub trait Office {
    /// Writes records in one commit, each by itself, in this order.
    fn put_office(&self, records: &[OfficeWrite], at_ms: i64) -> Result<Vec<OfficePut>>;

    /// When each of the office's feeds last came, by source and what it brings.
    fn freshness(&self) -> Result<Vec<Freshness>>;

    /// The date of the newest sale that is not from after `until`.
    fn newest_sale(&self, until: BusinessDate) -> Result<Option<BusinessDate>>;

    /// Moves the window of sales that phones keep towards beginning at `from`, by an entry of the log, so far that a
    /// bounded number of sales passes; gives how many did, `None` once it is there. It never moves back: an earlier date,
    /// or the same, changes nothing.
    fn move_sales_window(&self, from: BusinessDate, at_ms: i64) -> Result<Option<u64>>;

    /// Writes a batch in one commit, with how fresh its feed is, and the deed. The states of orders are told to the
    /// orders, whatever the source.
    fn write_batch(&self, batch: &Batch<'_>) -> Result<Written>;

    /// For each code: the client that the source knows by it, or that has it as its ERP code.
    fn clients_by_code(&self, source: &str, codes: &[String]) -> Result<Vec<Option<ClientId>>>;

    /// The client whose order this is.
    fn client_of_order(&self, order: RecordId) -> Result<Option<ClientId>>;

    /// At most `limit` records of a kind after (source, key), tombstones left out, in order.
    fn office_of_kind(&self, kind: &str, after: Option<(&str, &str)>, limit: usize)
    -> Result<Vec<OfficeRow>>;
}

impl OfficeWrite {
    pub fn is_in_bounds(&self) -> bool {
        Kind::parse(&self.kind).is_some()
            && self.source.len() <= OFFICE_SOURCE_BYTES
            && self.key.len() <= OFFICE_KEY_BYTES
            && self.value.as_ref().is_none_or(|value| value.len() <= OFFICE_VALUE_BYTES)
            && (self.client.is_none() || self.territory.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartera_core::sync::wire::limits::OFFICE_KIND_BYTES;

    #[test]
    fn each_limit_passes_and_one_more_does_not() {
        let of = |kind: usize, source: usize, key: usize, value: usize| {
            let text = |len| "x".repeat(len);
            let (kind, source, key) = (text(kind), text(source), text(key));
            OfficeWrite { kind, source, key, value: Some(vec![0; value]), ..Default::default() }
                .is_in_bounds()
        };
        assert!(of(OFFICE_KIND_BYTES, OFFICE_SOURCE_BYTES, OFFICE_KEY_BYTES, OFFICE_VALUE_BYTES));
        assert!(!of(OFFICE_KIND_BYTES + 1, 0, 0, 0) && !of(0, 0, 0, 0));
        assert!(!of(1, OFFICE_SOURCE_BYTES + 1, 0, 0));
        assert!(!of(1, 0, OFFICE_KEY_BYTES + 1, 0));
        assert!(!of(1, 0, 0, OFFICE_VALUE_BYTES + 1));
    }
}
