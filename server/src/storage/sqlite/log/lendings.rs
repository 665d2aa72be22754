//! Clients lent by name. What a person sees changes with an entry of the log and a new version of the scope, when a
//! lending's first day comes and after its last.

use cartera_core::model::{ClientId, PersonId};
use cartera_core::rows::Document;
use cartera_core::sync::wire::limits;
use rusqlite::{OptionalExtension, Transaction, params};

use super::admit::rows_error;
use super::parts::lane;
use super::place::{Placement, aliases_of};
use super::sight;
use super::writer::{Kind, LogWriter, Refs, entry_hash};
use crate::people::Person;
use crate::storage::Result;
use crate::storage::clients::{Lending, LendingWritten};
use crate::storage::sqlite::people;
use crate::sync::audience::Audience;
use crate::sync::today;

/// Lends a new client to whoever made it, until it has a territory.
pub(super) fn to_creator(
    log: &mut LogWriter<'_>,
    document: &Document,
    place: &mut Placement,
    creator: &Person,
    at_ms: i64,
) -> Result<()> {
    if !has_room(log.tx, document.row, creator.id, today(at_ms))? {
        // Whoever made it may still write to it; the office has it, without a territory.
        return Ok(());
    }
    log.tx
        .prepare_cached(
            "INSERT INTO lendings (doc, person, until_assigned, active) VALUES (?1, ?2, 1, 1)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![document.row, creator.id])?;
    place.number = enter(log, document, place.part, creator.id, true, at_ms)?;
    see_anew(log.tx, creator.id, at_ms)
}

pub(super) fn lend(
    log: &mut LogWriter<'_>,
    lending: &Lending,
    today: i32,
    at_ms: i64,
) -> Result<LendingWritten> {
    let tx = log.tx;
    if lending.from_day.zip(lending.until_day).is_some_and(|(from, until)| until < from) {
        return Ok(LendingWritten::Backwards);
    }
    let Some(document) = Document::find(tx, &lending.client.into()).map_err(rows_error)? else {
        return Ok(LendingWritten::UnknownClient);
    };
    if people::find(tx, lending.person)?.is_none() {
        return Ok(LendingWritten::UnknownPerson);
    }
    if !has_room(tx, document.row, lending.person, today)? {
        return Ok(LendingWritten::TooMany);
    }
    tx.prepare_cached(
        "INSERT INTO lendings (doc, person, from_day, until_day, until_assigned, active) VALUES (?1, ?2, ?3, ?4, 0, 0)
         ON CONFLICT DO UPDATE SET from_day = excluded.from_day, until_day = excluded.until_day, until_assigned = 0",
    )?
    .execute(params![document.row, lending.person, lending.from_day, lending.until_day])?;
    // The dates travel with the scope, so it is told anew even where nothing begins or ends today.
    see_anew(tx, lending.person, at_ms)?;
    roll(log, today, at_ms)?;
    Ok(LendingWritten::Done)
}

pub(super) fn end(log: &mut LogWriter<'_>, client: ClientId, person: PersonId, at_ms: i64) -> Result<bool> {
    let Some(document) = Document::find(log.tx, &client.into()).map_err(rows_error)? else {
        return Ok(false);
    };
    let active: Option<bool> = log
        .tx
        .prepare_cached("DELETE FROM lendings WHERE doc = ?1 AND person = ?2 RETURNING active")?
        .query_row(params![document.row, person], |row| row.get(0))
        .optional()?;
    let Some(active) = active else { return Ok(false) };
    if active {
        let mut place = Placement::get(log.tx, document.row)?;
        place.number = enter(log, &document, place.part, person, false, at_ms)?;
        place.save(log, &document)?;
    }
    see_anew(log.tx, person, at_ms)?;
    Ok(true)
}

/// Somebody had a client because the one that it was merged into was lent to him, and that one goes for ever.
pub(super) fn ended_with_kept(
    log: &mut LogWriter<'_>,
    client: ClientId,
    person: PersonId,
    at_ms: i64,
) -> Result<()> {
    let Some(document) = Document::find(log.tx, &client.into()).map_err(rows_error)? else { return Ok(()) };
    let mut place = Placement::get(log.tx, document.row)?;
    place.number = enter(log, &document, place.part, person, false, at_ms)?;
    place.save(log, &document)
}

/// Ends the lending to a new client's creator: it has a territory now.
pub(super) fn assigned(
    log: &mut LogWriter<'_>,
    document: &Document,
    place: &mut Placement,
    at_ms: i64,
) -> Result<()> {
    let people: Vec<PersonId> = log
        .tx
        .prepare_cached("SELECT person FROM lendings WHERE doc = ?1 AND until_assigned = 1")?
        .query_map([document.row], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for person in people {
        log.tx
            .prepare_cached("DELETE FROM lendings WHERE doc = ?1 AND person = ?2")?
            .execute(params![document.row, person])?;
        place.number = enter(log, document, place.part, person, false, at_ms)?;
        see_anew(log.tx, person, at_ms)?;
    }
    Ok(())
}

/// Whether a person's scope can hold this lending too, when all that were made for him have begun.
fn has_room(tx: &Transaction<'_>, doc: i64, person: PersonId, today: i32) -> Result<bool> {
    let others: usize = tx
        .prepare_cached(
            "SELECT count(*) FROM lendings
             WHERE person = ?1 AND doc <> ?2 AND (active = 1 OR coalesce(until_day, ?3) >= ?3)",
        )?
        .query_row(params![person, doc, today], |row| row.get(0))?;
    Ok(others < limits::SCOPE_LENT)
}

/// Begins and ends what is due.
pub(super) fn roll(log: &mut LogWriter<'_>, today: i32, at_ms: i64) -> Result<()> {
    let due: Vec<(i64, PersonId, bool)> = log
        .tx
        .prepare_cached(
            "SELECT doc, person, active FROM lendings
             WHERE active <> (coalesce(from_day, ?1) <= ?1 AND ?1 <= coalesce(until_day, ?1)) ORDER BY doc, person",
        )?
        .query_map([today], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (doc, person, active) in due {
        log.tx
            .prepare_cached("UPDATE lendings SET active = ?3 WHERE doc = ?1 AND person = ?2")?
            .execute(params![doc, person, !active])?;
        let Some(document) = Document::at_row(log.tx, doc).map_err(rows_error)? else { continue };
        let mut place = Placement::get(log.tx, doc)?;
        place.number = enter(log, &document, place.part, person, !active, at_ms)?;
        place.save(log, &document)?;
        see_anew(log.tx, person, at_ms)?;
    }
    Ok(())
}

/// Whether anything is due: what [`roll`] would do, without the write lock.
pub(super) fn is_due(tx: &Transaction<'_>, today: i32) -> Result<bool> {
    Ok(tx
        .prepare_cached(
            "SELECT 1 FROM lendings
             WHERE active <> (coalesce(from_day, ?1) <= ?1 AND ?1 <= coalesce(until_day, ?1))",
        )?
        .exists([today])?)
}

fn enter(
    log: &mut LogWriter<'_>,
    document: &Document,
    part: i64,
    person: PersonId,
    begins: bool,
    at_ms: i64,
) -> Result<u64> {
    let hash = entry_hash(b'l', &[document.id.as_bytes(), person.as_bytes(), &[u8::from(begins)]]);
    let refs = Refs {
        doc: Some(document.row),
        before: Some(part),
        person: Some(person),
        seq: Some(u64::from(begins)),
        ..Refs::default()
    };
    let number = log.append(Kind::Territory, lane(part, Audience::Everybody), &refs, &hash, at_ms)?;
    // While merged, the kept one's lendings are the absorbed one's.
    for alias in aliases_of(log.tx, document.row)? {
        let Some(alias) = Document::at_row(log.tx, alias).map_err(rows_error)? else { continue };
        let mut place = Placement::get(log.tx, alias.row)?;
        place.number = enter(log, &alias, place.part, person, begins, at_ms)?;
        place.save(log, &alias)?;
    }
    Ok(number)
}

fn see_anew(tx: &Transaction<'_>, person: PersonId, at_ms: i64) -> Result<()> {
    if let Some(before) = people::find(tx, person)? {
        sight::remember(tx, &before, at_ms)?;
        people::scope_changed(tx, person)?;
    }
    Ok(())
}
