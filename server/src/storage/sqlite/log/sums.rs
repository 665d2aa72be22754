//! Digests over what a device sees: one number, bucket by bucket, item by item.

use cartera_core::model::DocumentId;
use cartera_core::rows::window;
use cartera_core::sync::digest::{Sum, document_bucket, office_bucket, office_name, office_term};
use cartera_core::sync::wire::{Fingerprint, limits};
use rusqlite::Transaction;
use rusqlite::types::ValueRef;

use super::admit::rows_error;
use super::parts::{audience_of_lane, lane, part_of_lane};
use super::place::Placement;
use super::pull::document_row;
use super::sight::Sight;
use super::writer::lane_digest;
use crate::storage::Result;
use crate::sync::audience::Audience;

/// The sum over everything in sight, without the terms of the documents that the phone leaves out.
pub(super) fn of_sight(tx: &Transaction<'_>, sight: &Sight, excluded: &[DocumentId]) -> Result<Sum> {
    let mut sum = Sum::default();
    for part in parts_in_sight(tx, sight)? {
        sum += lane_digest(tx, lane(part, Audience::Everybody))?;
        if sight.audience() == Audience::Office {
            sum += lane_digest(tx, lane(part, Audience::Office))?;
        }
    }
    for doc in &sight.lent {
        let Some(place) = Placement::find(tx, *doc)? else { continue };
        if !sight.sees_part(tx, place.part)? {
            sum += place.term;
            sum += place.office[0];
            if sight.audience() == Audience::Office {
                sum += place.office[1];
            }
        }
    }
    let mut named = excluded.to_vec();
    named.sort_unstable();
    named.dedup();
    for id in named {
        let Some(doc) = document_row(tx, &id)? else { continue };
        let Some(place) = Placement::find(tx, doc)? else { continue };
        if sight.sees_doc(tx, doc, place.part)? {
            sum -= place.term;
        }
    }
    Ok(sum)
}

fn parts_in_sight(tx: &Transaction<'_>, sight: &Sight) -> Result<Vec<i64>> {
    if !sight.all {
        return Ok(sight.parts.iter().copied().collect());
    }
    let all: Vec<i64> = tx
        .prepare_cached("SELECT part FROM parts")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut seen = Vec::with_capacity(all.len());
    for part in all {
        if sight.sees_part(tx, part)? {
            seen.push(part);
        }
    }
    Ok(seen)
}

/// Every document in sight with its term.
pub(super) fn documents(
    tx: &Transaction<'_>,
    sight: &Sight,
    mut each: impl FnMut(DocumentId, Sum),
) -> Result<()> {
    let mut statement = tx.prepare_cached(
        "SELECT d.id, p.doc, p.part, p.term FROM placements p JOIN documents d ON d.doc = p.doc",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if sight.sees_doc(tx, row.get(1)?, row.get(2)?)? {
            each(row.get(0)?, row.get(3)?);
        }
    }
    Ok(())
}

/// Every office record in sight with its name, term and number.
pub(super) fn office(
    tx: &Transaction<'_>,
    sight: &Sight,
    mut each: impl FnMut(Fingerprint, Sum, u64),
) -> Result<()> {
    let from = window::sales_from(tx).map_err(rows_error)?;
    let mut statement = tx.prepare_cached(
        "SELECT o.kind, o.source, o.key, o.value, o.number, l.lane, l.doc, p.part
         FROM office o JOIN log l ON l.number = o.number LEFT JOIN placements p ON p.doc = l.doc
         WHERE o.value IS NOT NULL",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let at_lane: i64 = row.get(5)?;
        if audience_of_lane(at_lane) == Audience::Office && sight.audience() != Audience::Office {
            continue;
        }
        // A record about a client is where the client is now.
        let part = row.get::<_, Option<i64>>(7)?.unwrap_or(part_of_lane(at_lane));
        let seen = match row.get::<_, Option<i64>>(6)? {
            Some(doc) => sight.sees_doc(tx, doc, part)?,
            None => sight.sees_part(tx, part)?,
        };
        if seen {
            let (kind, source, key) =
                (row.get_ref(0)?.as_str(), row.get_ref(1)?.as_str(), row.get_ref(2)?.as_str());
            let (Ok(kind), Ok(source), Ok(key)) = (kind, source, key) else { continue };
            let value = row.get_ref(3)?.as_blob_or_null().unwrap_or_default();
            if window::has_passed(kind, row.get_ref(6)? != ValueRef::Null, value, from) {
                continue;
            }
            each(office_name(kind, source, key), office_term(kind, source, key, value), row.get(4)?);
        }
    }
    Ok(())
}

/// Sums by bucket: documents, office records.
pub(super) fn buckets(
    tx: &Transaction<'_>,
    sight: &Sight,
    excluded: &[DocumentId],
) -> Result<(Vec<Sum>, Vec<Sum>)> {
    let mut of_documents = vec![Sum::default(); limits::BUCKETS];
    let mut of_office = vec![Sum::default(); limits::BUCKETS];
    documents(tx, sight, |id, term| {
        if !excluded.contains(&id) {
            of_documents[usize::from(document_bucket(&id))] += term;
        }
    })?;
    office(tx, sight, |name, term, _| of_office[usize::from(office_bucket(&name))] += term)?;
    Ok((of_documents, of_office))
}

/// Which of these buckets (documents, office records) have at most `most` items together, in the order in which they
/// were asked for: one that does not fit any more is passed over, so that one with too many holds up no other.
pub(super) fn fitting(
    tx: &Transaction<'_>,
    sight: &Sight,
    asked: [&[u8]; 2],
    most: usize,
) -> Result<[Vec<u8>; 2]> {
    let mut counts = [[0_usize; limits::BUCKETS]; 2];
    documents(tx, sight, |id, _| counts[0][usize::from(document_bucket(&id))] += 1)?;
    if !asked[1].is_empty() {
        office(tx, sight, |name, _, _| counts[1][usize::from(office_bucket(&name))] += 1)?;
    }
    let mut left = most;
    Ok([0, 1].map(|side| {
        let mut fit: Vec<u8> = Vec::new();
        for bucket in asked[side] {
            if fit.contains(bucket) {
                continue;
            }
            if let Some(rest) = left.checked_sub(counts[side][usize::from(*bucket)]) {
                left = rest;
                fit.push(*bucket);
            }
        }
        fit
    }))
}
