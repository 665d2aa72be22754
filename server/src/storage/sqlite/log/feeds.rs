//! Batches of the office's systems: records of a kind from a source in one commit, and how fresh each feed is.

use cartera_core::model::office::{Feed, Kind, KnownKind, Value};
use cartera_core::rows;

use super::admit::rows_error;
use super::office::put;
use super::orders;
use super::writer::LogWriter;
use crate::office::DELIVERY_GAP_MS;
use crate::storage::Result;
use crate::storage::office::{Batch, OfficePut, OfficeWrite, Written};
use crate::storage::sqlite::audit;

/// `Err`: what would have become of it, to be undone.
pub(super) fn write(
    log: &mut LogWriter<'_>,
    batch: &Batch<'_>,
) -> Result<std::result::Result<Written, Written>> {
    let at_ms = batch.deed.at_ms;
    let mut puts = Vec::with_capacity(batch.records.len());
    for record in batch.records {
        puts.push(match (batch.kind, &record.value) {
            (KnownKind::OrderState, _) => orders::told(log, record, at_ms)?,
            (_, Some(_)) => put(log, record, at_ms)?,
            (_, None) => remove(log, record, at_ms)?,
        });
    }
    let taken = puts.iter().filter(|put| matches!(put, OfficePut::Written(_) | OfficePut::Unchanged)).count();
    let whole = taken == puts.len();
    if taken > 0 {
        came(log, batch.kind.name(), batch.source, taken as u64, at_ms)?;
    }
    audit::record(log.tx, &batch.deed)?;
    let written = Written { puts, number: log.number() };
    Ok(if batch.dry_run || (batch.all_or_nothing && !whole) { Err(written) } else { Ok(written) })
}

/// A tombstone stands where the record stood, so that whoever saw it is told.
pub(super) fn remove(log: &mut LogWriter<'_>, record: &OfficeWrite, at_ms: i64) -> Result<OfficePut> {
    let there = rows::office::get(log.tx, &record.kind, &record.source, &record.key).map_err(rows_error)?;
    let Some((there, _)) = there.filter(|(there, _)| there.value.is_some()) else {
        return Ok(OfficePut::Unchanged);
    };
    let (client, territory) = (there.client, there.territory);
    put(log, &OfficeWrite { client, territory, value: None, ..record.clone() }, at_ms)
}

/// So many records of a feed came now. What comes soon after one another is one delivery.
pub(super) fn came(
    log: &mut LogWriter<'_>,
    what: &str,
    source: &str,
    records: u64,
    at_ms: i64,
) -> Result<()> {
    let kind = KnownKind::Feed;
    let before = rows::office::get(log.tx, kind.name(), source, what).map_err(rows_error)?;
    let before = before
        .and_then(|(there, _)| Value::decode(&Kind::Known(kind), &there.value?).ok())
        .and_then(|value| if let Value::Feed(feed) = value { Some(feed) } else { None });
    let goes_on = before.filter(|feed| (0..=DELIVERY_GAP_MS).contains(&at_ms.saturating_sub(feed.at_ms)));
    let earlier = goes_on.map_or(0, |feed| feed.records);
    let value = Value::from(Feed::new(at_ms, earlier.saturating_add(records)));
    let record = OfficeWrite {
        kind: kind.name().to_owned(),
        source: source.to_owned(),
        key: what.to_owned(),
        value: Some(value.encode()),
        ..OfficeWrite::default()
    };
    put(log, &record, at_ms).map(|_| ())
}
