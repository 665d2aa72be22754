//! Office records into the log.

use cartera_core::model::office::{KnownKind, Sale};
use cartera_core::model::{ClientId, TerritoryId};
use cartera_core::rows::{self, Document, office::OfficeEntry, window};
use cartera_core::sync::digest::{Sum, office_term};
use rusqlite::{Row, Transaction, params};
use sha2::{Digest, Sha256};

use super::admit::rows_error;
use super::parts::{self, Part, WORKSPACE_PART, audience_of_lane, lane};
use super::past_prices;
use super::place::Placement;
use super::sales;
use super::writer::{Kind, LogWriter, Refs, entry_hash};
use crate::journal::{Act, Bytes};
use crate::storage::Result;
use crate::storage::office::{OfficePut, OfficeRow, OfficeWrite};
use crate::sync::audience::Audience;

/// Where a record stands: its lane, and the document of its client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spot {
    lane: i64,
    doc: Option<i64>,
}

pub(crate) fn put(log: &mut LogWriter<'_>, record: &OfficeWrite, at_ms: i64) -> Result<OfficePut> {
    if !record.is_in_bounds() {
        return Ok(OfficePut::OutOfBounds);
    }
    let tx = log.tx;
    let before = rows::office::get(tx, &record.kind, &record.source, &record.key).map_err(rows_error)?;
    let spot = match spot(tx, &record.kind, record.client, record.territory)? {
        Ok(spot) => spot,
        Err(unknown) => return Ok(unknown),
    };
    let mut old_spot = None;
    let mut gone = Sum::default();
    let passes = has_passed(log, &record.kind, record.client.is_some(), record.value.as_deref())?;
    if let Some((before, number)) = &before {
        if before.value == record.value
            && before.client == record.client
            && before.territory == record.territory
        {
            return Ok(OfficePut::Unchanged);
        }
        if !has_passed(log, &record.kind, before.client.is_some(), before.value.as_deref())? {
            gone = office_term(&record.kind, &record.source, &record.key, before.value.as_deref());
        }
        past_prices::keep(tx, before, record.value.as_deref(), *number)?;
        // A client that is gone took its records with it, so what is left stands somewhere.
        old_spot = self::spot(tx, &record.kind, before.client, before.territory)?.ok();
    } else if record.value.is_none() {
        return Ok(OfficePut::Unchanged);
    }
    // To phones, what passes the window now is gone as well; and a sale that is dated back is gone before it is there
    // again: the window may pass it before they hear of it, and then they are not sent it.
    let leaves = match &before {
        Some((before, _)) if gone != Sum::default() => passes || is_dated_back(before, record),
        Some((before, _)) => before.value.is_none() && is_dated_back(before, record),
        None => false,
    };
    if let Some(old) = old_spot.filter(|old| *old != spot || leaves) {
        retire(log, record, old, gone, at_ms)?;
        gone = Sum::default();
    }
    let come = if passes {
        Sum::default()
    } else {
        office_term(&record.kind, &record.source, &record.key, record.value.as_deref())
    };
    let number = enter(log, record, spot, at_ms)?;
    digest(log, spot, gone, come)?;
    sales::follow(log, record, at_ms)?;
    Ok(OfficePut::Written(number))
}

/// Whether a sale bears an earlier date than before, as far as phones know: one that was taken back may have borne any.
fn is_dated_back(before: &OfficeEntry, now: &OfficeWrite) -> bool {
    let date = |value: &Option<Vec<u8>>| value.as_deref().and_then(Sale::date_in);
    now.kind == KnownKind::Sale.name()
        && date(&now.value).is_some_and(|now| date(&before.value).is_none_or(|before| now < before))
}

/// Whether it is a sale from before the window, which counts in no digest.
fn has_passed(log: &mut LogWriter<'_>, kind: &str, about_client: bool, value: Option<&[u8]>) -> Result<bool> {
    Ok(kind == KnownKind::Sale.name() && window::has_passed(kind, about_client, value, log.sales_from()?))
}

/// As [`put`], for a record that is about the client at `place` whenever it is written, and from which nothing follows;
/// `before` is the value that it has now. The caller saves the place.
pub(super) fn put_about(
    log: &mut LogWriter<'_>,
    place: &mut Placement,
    record: &OfficeWrite,
    before: Option<Vec<u8>>,
    at_ms: i64,
) -> Result<OfficePut> {
    if !record.is_in_bounds() {
        return Ok(OfficePut::OutOfBounds);
    }
    let (kind, source, key) = (record.kind.as_str(), record.source.as_str(), record.key.as_str());
    if before == record.value {
        return Ok(OfficePut::Unchanged);
    }
    let audience = Audience::of_kind(kind);
    let spot = Spot { lane: lane(place.part, audience), doc: Some(place.doc) };
    let number = enter(log, record, spot, at_ms)?;
    let gone = before.map_or_else(Sum::default, |before| office_term(kind, source, key, Some(&before)));
    let come = office_term(kind, source, key, record.value.as_deref());
    log.digest(spot.lane, gone, come);
    let sum = &mut place.office[usize::from(audience == Audience::Office)];
    *sum -= gone;
    *sum += come;
    Ok(OfficePut::Written(number))
}

/// What a record says now.
pub(super) fn value_of(tx: &Transaction<'_>, kind: &str, source: &str, key: &str) -> Result<Option<Vec<u8>>> {
    let before = rows::office::get(tx, kind, source, key).map_err(rows_error)?;
    Ok(before.and_then(|(before, _)| before.value))
}

/// The record as an entry of the log, and as a row.
fn enter(log: &mut LogWriter<'_>, record: &OfficeWrite, spot: Spot, at_ms: i64) -> Result<u64> {
    let value_hash: [u8; 32] = record.value.as_deref().map_or([0; 32], |value| Sha256::digest(value).into());
    let number = append(log, record, spot, &value_hash, at_ms)?;
    let entry = OfficeEntry {
        kind: record.kind.clone(),
        source: record.source.clone(),
        key: record.key.clone(),
        client: record.client,
        territory: record.territory,
        value: record.value.clone(),
    };
    rows::office::put(log.tx, &entry, number).map_err(rows_error)?;
    Ok(number)
}

/// What the journal remembers of a record: whose an actor is. Of the rest the office has its own copy.
pub(super) fn act(record: &OfficeWrite) -> Option<Act> {
    if record.kind != KnownKind::Actor.name() {
        return None;
    }
    Some(Act::Office {
        kind: record.kind.clone(),
        source: record.source.clone(),
        key: record.key.clone(),
        value: Bytes(record.value.clone()?),
    })
}

/// Tells those who saw the record where it was that it is not there any more.
fn retire(log: &mut LogWriter<'_>, record: &OfficeWrite, old: Spot, gone: Sum, at_ms: i64) -> Result<()> {
    let number = append(log, record, old, &[0; 32], at_ms)?;
    log.tx
        .prepare_cached(
            "INSERT INTO office_gone (number, doc, kind, source, key) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![number, old.doc, record.kind, record.source, record.key])?;
    digest(log, old, gone, Sum::default())
}

fn append(
    log: &mut LogWriter<'_>,
    record: &OfficeWrite,
    spot: Spot,
    value_hash: &[u8; 32],
    at_ms: i64,
) -> Result<u64> {
    let hash = entry_hash(
        b'o',
        &[record.kind.as_bytes(), record.source.as_bytes(), record.key.as_bytes(), value_hash],
    );
    let refs = Refs { doc: spot.doc, ..Refs::default() };
    log.append(Kind::Office, spot.lane, &refs, &hash, at_ms)
}

fn digest(log: &mut LogWriter<'_>, spot: Spot, gone: Sum, come: Sum) -> Result<()> {
    log.digest(spot.lane, gone, come);
    let Some(doc) = spot.doc.filter(|_| gone != come) else { return Ok(()) };
    let place = Placement::get(log.tx, doc)?;
    let (mut sum, sql) = match audience_of_lane(spot.lane) {
        Audience::Everybody => (place.office[0], "UPDATE placements SET office = ?2 WHERE doc = ?1"),
        Audience::Office => (place.office[1], "UPDATE placements SET office_1 = ?2 WHERE doc = ?1"),
    };
    sum -= gone;
    sum += come;
    log.tx.prepare_cached(sql)?.execute(params![doc, sum])?;
    Ok(())
}

fn spot(
    tx: &Transaction<'_>,
    kind: &str,
    client: Option<ClientId>,
    territory: Option<TerritoryId>,
) -> Result<std::result::Result<Spot, OfficePut>> {
    let audience = Audience::of_kind(kind);
    if let Some(client) = client {
        let Some(document) = Document::find(tx, &client.into()).map_err(rows_error)? else {
            return Ok(Err(OfficePut::UnknownClient));
        };
        let part = Placement::get(tx, document.row)?.part;
        return Ok(Ok(Spot { lane: lane(part, audience), doc: Some(document.row) }));
    }
    let part = match territory {
        None => WORKSPACE_PART,
        Some(territory) => {
            if !tx.prepare_cached("SELECT 1 FROM territories WHERE id = ?1")?.exists([territory])? {
                return Ok(Err(OfficePut::UnknownTerritory));
            }
            parts::intern(tx, Part::Territory(territory))?
        }
    };
    Ok(Ok(Spot { lane: lane(part, audience), doc: None }))
}

/// Deletes the office's records about a client. Its sums were taken out of the digests before.
pub(super) fn erase_client(tx: &Transaction<'_>, client: &ClientId) -> Result<()> {
    rows::office::forget_client(tx, client).map_err(rows_error)?;
    past_prices::erase_client(tx, client)?;
    sales::erase_client(tx, client)
}

pub(super) fn of_kind(
    tx: &Transaction<'_>,
    kind: &str,
    after: Option<(&str, &str)>,
    limit: usize,
) -> Result<Vec<OfficeRow>> {
    let (source, key) = after.unwrap_or(("", ""));
    let begin = if after.is_some() { ">" } else { ">=" };
    let mut statement = tx.prepare_cached(&format!(
        "SELECT kind, source, key, client, territory, value, number FROM office
         WHERE kind = ?1 AND (source, key) {begin} (?2, ?3) AND value IS NOT NULL
         ORDER BY source, key LIMIT ?4"
    ))?;
    let rows = statement.query_map(params![kind, source, key, limit], row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn row(row: &Row<'_>) -> rusqlite::Result<OfficeRow> {
    Ok(OfficeRow {
        record: OfficeWrite {
            kind: row.get(0)?,
            source: row.get(1)?,
            key: row.get(2)?,
            client: row.get(3)?,
            territory: row.get(4)?,
            value: row.get(5)?,
        },
        number: row.get(6)?,
    })
}
