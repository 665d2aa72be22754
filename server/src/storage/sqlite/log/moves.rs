//! Clients that move and are merged.
//!
//! While merged, a client's effective part is the kept one's; its own lies beneath. So whatever moves a client moves
//! those that are its aliases with it.

use cartera_core::model::{ClientId, DocumentId};
use cartera_core::rows::{Document, client};
use rusqlite::Transaction;

use super::admit::rows_error;
use super::lendings;
use super::parts::{self, Part, UNASSIGNED_PART, lane};
use super::place::{Placement, aliases_of, client_at};
use super::writer::{Kind, LogWriter, Refs, entry_hash};
use crate::storage::Result;
use crate::storage::clients::{Merged, Move, Moved, Place};
use crate::sync::audience::Audience;
use crate::territories::UNASSIGNED;

pub(super) fn to_territory(log: &mut LogWriter<'_>, order: &Move, at_ms: i64) -> Result<Moved> {
    let tx = log.tx;
    let Some(document) = Document::find(tx, &order.client.into()).map_err(rows_error)? else {
        return Ok(Moved::UnknownClient);
    };
    if !tx.prepare_cached("SELECT 1 FROM territories WHERE id = ?1")?.exists([order.to])? {
        return Ok(Moved::UnknownTerritory);
    }
    let mut place = Placement::get(tx, document.row)?;
    if log.part(place.own_part)?.is_own() {
        return Ok(Moved::UnknownClient);
    }
    let to = parts::intern(tx, Part::Territory(order.to))?;
    if place.own_part == to {
        return Ok(Moved::Already);
    }
    place.own_part = to;
    let effective = if place.alias_of.is_some() { place.part } else { to };
    let number = relocate(log, &document, &mut place, Cause::Move, effective, at_ms)?;
    if to != UNASSIGNED_PART {
        lendings::assigned(log, &document, &mut place, at_ms)?;
        place.save(log, &document)?;
    }
    Ok(Moved::Done(number))
}

/// Why a document goes elsewhere. With a merge, also those to whom it is lent change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    Move,
    Merge,
}

/// Puts a document, and its aliases, into a part; one entry each.
fn relocate(
    log: &mut LogWriter<'_>,
    document: &Document,
    place: &mut Placement,
    cause: Cause,
    to: i64,
    at_ms: i64,
) -> Result<u64> {
    let own = log.part(place.own_part)?.territory().unwrap_or(UNASSIGNED);
    let hash = entry_hash(b't', &[document.id.as_bytes(), own.as_bytes()]);
    let refs =
        Refs { doc: Some(document.row), before: Some(place.part), other: place.alias_of, ..Refs::default() };
    let kind = match cause {
        Cause::Move => Kind::Territory,
        Cause::Merge => Kind::Merge,
    };
    let number = log.append(kind, lane(to, Audience::Everybody), &refs, &hash, at_ms)?;
    place.number = number;
    settle(log, document, place, to)?;
    follow(log, document.row, cause, to, at_ms)?;
    Ok(number)
}

/// The digests and the read table, after the entry.
fn settle(log: &mut LogWriter<'_>, document: &Document, place: &mut Placement, to: i64) -> Result<()> {
    place.leave(log);
    place.enter(log, to, document)?;
    let territory = log.part(to)?.territory();
    client::set_territory(log.tx, document.row, territory.as_ref()).map_err(rows_error)
}

/// Aliases go where the kept one goes.
fn follow(log: &mut LogWriter<'_>, kept: i64, cause: Cause, to: i64, at_ms: i64) -> Result<()> {
    for doc in aliases_of(log.tx, kept)? {
        let Some(document) = Document::at_row(log.tx, doc).map_err(rows_error)? else { continue };
        let mut place = Placement::get(log.tx, doc)?;
        relocate(log, &document, &mut place, cause, to, at_ms)?;
    }
    Ok(())
}

pub(super) fn merge(
    log: &mut LogWriter<'_>,
    absorbed: ClientId,
    kept: Option<ClientId>,
    at_ms: i64,
) -> Result<Merged> {
    let tx = log.tx;
    let find = |id: ClientId| Document::find(tx, &id.into()).map_err(rows_error);
    let Some(document) = find(absorbed)? else { return Ok(Merged::UnknownClient) };
    let mut place = Placement::get(tx, document.row)?;
    let (kept_doc, to) = match kept {
        None => (None, place.own_part),
        Some(kept) => {
            let Some(kept) = find(kept)? else { return Ok(Merged::UnknownClient) };
            let kept_place = Placement::get(tx, kept.row)?;
            if reaches(tx, kept.row, document.row)? {
                return Ok(Merged::Cycle);
            }
            if log.part(kept_place.part)?.is_own() || log.part(place.part)?.is_own() {
                return Ok(Merged::UnknownClient);
            }
            (Some(kept.row), kept_place.part)
        }
    };
    if place.alias_of == kept_doc {
        return Ok(Merged::Already);
    }
    let kept_bytes = kept.as_ref().map_or(&[0; 16], ClientId::as_bytes);
    let hash = entry_hash(b'm', &[absorbed.as_bytes(), kept_bytes]);
    let refs = Refs { doc: Some(document.row), before: Some(place.part), other: kept_doc, ..Refs::default() };
    let number = log.append(Kind::Merge, lane(to, Audience::Everybody), &refs, &hash, at_ms)?;
    place.number = number;
    place.alias_of = kept_doc;
    client::set_alias(tx, document.row, kept.as_ref()).map_err(rows_error)?;
    settle(log, &document, &mut place, to)?;
    follow(log, document.row, Cause::Merge, to, at_ms)?;
    Ok(Merged::Done(number))
}

/// Going from alias to kept, `from` leads to `to`.
pub(super) fn reaches(tx: &Transaction<'_>, from: i64, to: i64) -> Result<bool> {
    let mut at = Some(from);
    while let Some(doc) = at {
        if doc == to {
            return Ok(true);
        }
        at = Placement::find(tx, doc)?.and_then(|place| place.alias_of);
    }
    Ok(false)
}

pub(super) fn place(tx: &Transaction<'_>, id: DocumentId) -> Result<Option<Place>> {
    let Some(document) = Document::find(tx, &id).map_err(rows_error)? else { return Ok(None) };
    let place = Placement::get(tx, document.row)?;
    Ok(Some(Place {
        territory: parts::at_row(tx, place.part)?.territory(),
        alias_of: place.alias_of.map(|kept| client_at(tx, kept)).transpose()?.flatten(),
        number: place.number,
    }))
}
