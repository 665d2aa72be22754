//! What the relay itself writes into clients' documents: records, at the present heads, by an actor of its own.

use cartera_core::document::{ActorId, Change, RecordKey, append};
use cartera_core::model::PersonId;
use cartera_core::model::office::{self, KnownKind, Value};
use cartera_core::rows::{self, Document, SqlFacts, Touched};
use rusqlite::{OptionalExtension, Transaction, params};

use super::admit::rows_error;
use super::epoch;
use super::office::put;
use super::parts::{self, Part, lane};
use super::place::Placement;
use super::writer::{Kind, LogWriter, Refs};
use crate::storage::office::{OfficePut, OfficeWrite};
use crate::storage::people::OwnRecord;
use crate::storage::{Result, StorageError};
use crate::sync::audience::Audience;

/// The actor in this epoch of what writes under that name: a file's source, the relay's own work. Made of `new` where
/// there is none.
pub(super) fn actor(tx: &Transaction<'_>, source: &str, new: [u8; 16]) -> Result<ActorId> {
    let epoch = epoch(tx)?;
    let known: Option<[u8; 16]> = tx
        .prepare_cached("SELECT actor FROM import_actors WHERE source = ?1 AND epoch = ?2")?
        .query_row(params![source, epoch], |row| row.get(0))
        .optional()?;
    if let Some(known) = known {
        return Ok(ActorId::from(known.as_slice()));
    }
    tx.prepare_cached("INSERT INTO import_actors (source, epoch, actor) VALUES (?1, ?2, ?3)")?
        .execute(params![source, epoch, new])?;
    Ok(ActorId::from(new.as_slice()))
}

/// Enters a change of a document into the log, and its rows.
pub(super) fn enter(
    log: &mut LogWriter<'_>,
    document: &mut Document,
    place: &mut Placement,
    change: &Change,
    at_ms: i64,
) -> Result<Touched> {
    let actor = rows::documents::intern(log.tx, &change.actor).map_err(rows_error)?;
    let refs = Refs { doc: Some(document.row), actor: Some(actor), seq: Some(change.seq), ..Refs::default() };
    let at_lane = lane(place.part, Audience::Everybody);
    place.number = log.append(Kind::Change, at_lane, &refs, &change.hash.0, at_ms)?;
    rows::apply(log.tx, document, change, Some(place.number)).map_err(rows_error)
}

/// Writes a record; its number, or `None` where its key is taken, since it was written before.
pub(in crate::storage::sqlite) fn record(
    log: &mut LogWriter<'_>,
    document: Document,
    actor: &ActorId,
    key: RecordKey,
    bytes: Vec<u8>,
    at_ms: i64,
) -> Result<Option<u64>> {
    let facts = SqlFacts::new(log.tx, &document);
    if cartera_core::document::Facts::record(&facts, &key).map_err(rows_error)?.is_some() {
        return Ok(None);
    }
    let written = append::record(actor, &facts, key, bytes, at_ms).map_err(|error| {
        StorageError::Undecodable { what: "record of its own", detail: error.to_string() }
    })?;
    change(log, document, &written, at_ms).map(Some)
}

/// Enters a change of a document that goes on; its number.
pub(in crate::storage::sqlite) fn change(
    log: &mut LogWriter<'_>,
    mut document: Document,
    change: &Change,
    at_ms: i64,
) -> Result<u64> {
    let mut place = Placement::get(log.tx, document.row)?;
    enter(log, &mut document, &mut place, change, at_ms)?;
    place.save(log, &document)?;
    Ok(place.number)
}

/// A record of a person's own document, which begins with it where there is none yet.
pub(in crate::storage::sqlite) fn keep(log: &mut LogWriter<'_>, of: &OwnRecord) -> Result<()> {
    let cannot = |detail: String| StorageError::Undecodable { what: "record of one's own", detail };
    let actor = person_actor(log, of.person, of.new_actor, of.at_ms)?;
    let document = match Document::find(log.tx, &of.person.into()).map_err(rows_error)? {
        Some(document) => {
            log.renew(document.row)?;
            document
        }
        None => begin(log, of.person, &actor, of.at_ms)?,
    };
    let key = RecordKey::new(of.kind.letters(), of.id).map_err(|error| cannot(error.to_string()))?;
    record(log, document, &actor, key, of.value.clone(), of.at_ms).map(|_| ())
}

/// A person's own document, with nothing in it. A phone of the person's may begin one as well: what it wrote is written
/// anew on this one.
fn begin(log: &mut LogWriter<'_>, person: PersonId, actor: &ActorId, at_ms: i64) -> Result<Document> {
    let part = parts::intern(log.tx, Part::Person(person))?;
    let mut document = Document::create(log.tx, person.into(), 0).map_err(rows_error)?;
    let mut place = Placement::create(log.tx, document.row, part)?;
    let first = append::create(actor, person.into(), at_ms).map_err(|error| StorageError::Undecodable {
        what: "document of one's own",
        detail: error.to_string(),
    })?;
    enter(log, &mut document, &mut place, &first, at_ms)?;
    place.save(log, &document)?;
    Ok(document)
}

/// The actor in this epoch of somebody who works at the relay itself; whose hand it is, is told to everybody.
pub(in crate::storage::sqlite) fn person_actor(
    log: &mut LogWriter<'_>,
    person: PersonId,
    new: [u8; 16],
    at_ms: i64,
) -> Result<ActorId> {
    // A file's source has no control character.
    let source = format!("\u{1}{person}");
    let actor = actor(log.tx, &source, new)?;
    name(log, &actor, office::Actor::new(person, None), at_ms)?;
    Ok(actor)
}

/// Tells whose hand an actor is.
pub(super) fn name(log: &mut LogWriter<'_>, actor: &ActorId, value: office::Actor, at_ms: i64) -> Result<()> {
    let row = rows::documents::intern(log.tx, actor).map_err(rows_error)?;
    log.tx
        .prepare_cached("UPDATE actors SET person = ?2 WHERE actor = ?1")?
        .execute(params![row, value.person])?;
    let record = OfficeWrite {
        kind: KnownKind::Actor.name().to_owned(),
        key: actor.to_hex_string(),
        value: Some(Value::from(value).encode()),
        ..OfficeWrite::default()
    };
    match put(log, &record, at_ms)? {
        OfficePut::Written(_) | OfficePut::Unchanged => Ok(()),
        refused => Err(StorageError::Undecodable { what: "actor", detail: format!("{refused:?}") }),
    }
}

/// As [`actor`], for what the relay does by itself.
pub(in crate::storage::sqlite) fn own_actor(log: &LogWriter<'_>, new: [u8; 16]) -> Result<ActorId> {
    actor(log.tx, OWN, new)
}

/// No file's source can be called so.
const OWN: &str = "";
