//! What is after a number of the log, as far as a device may see it: one snapshot of the store, bounded in bytes.
//!
//! Entries come from the lanes in sight, each read by (lane, number), a bounded number from each: so what was read is
//! complete up to the least number at which a lane was cut. Clients that moved, and those lent by name, are read by
//! document ([`moved`](super::moved)). All of it is put in order and emitted until the bytes are used up; the phone then
//! stands at the last number that was looked at, whether or not anything was sent for it.
//!
//! When the scope has changed, the phone first gets the rest of what both scopes have in common; with the last of it
//! comes the new scope, a `leave` for each client that only the old one had, and what to fetch of the new.

use std::collections::{BTreeSet, HashMap};

use cartera_core::model::{ClientId, DocumentId};
use cartera_core::sync::wire::{Entry, EntryBody, limits};
use rusqlite::{Row, Transaction, params};

use super::entries::Reader;
use super::moved::{self, Effect, Moves};
use super::parts::{self, audience_of_lane, part_of_lane};
use super::place::{Placement, client_at};
use super::sight::{Sight, Told};
use super::{sums, writer};
use crate::storage::log::{PullQuery, Pulled, PulledEntry, Tip};
use crate::storage::{Result, StorageError};
use crate::sync::audience::Audience;

/// Rows read from all lanes together, and from one at least.
const ROWS_PER_PULL: usize = 16_384;
const ROWS_PER_LANE_MIN: usize = 64;
/// What an entry costs beside its bytes.
const ENTRY_OVERHEAD: usize = 96;

/// A row of the log, or an effect that stands at its number.
#[derive(Debug, Clone, Copy)]
pub(super) struct LogRow {
    pub number: u64,
    pub kind: i64,
    pub lane: i64,
    pub doc: Option<i64>,
    pub actor: Option<i64>,
    pub seq: Option<u64>,
    pub at_ms: i64,
}

enum Item {
    Row(LogRow),
    Enter(i64),
    Leave(i64),
    Moved(i64),
    Merged(i64),
    Erased(ClientId),
}

pub(super) fn pull(tx: &Transaction<'_>, query: &PullQuery<'_>) -> Result<Option<Pulled>> {
    let Some(sight) = Sight::of(tx, query.device)? else { return Ok(None) };
    let epoch = tx.prepare_cached("SELECT epoch FROM workspace")?.query_row([], |row| row.get(0))?;
    let (end, end_chain) = writer::end(tx)?;
    let mut pulled = Pulled {
        reached: Tip { epoch, number: end, chain: end_chain },
        entries: Vec::new(),
        more: false,
        scope_version: query.scope_version,
        scope: None,
        gained: Vec::new(),
        fetch_all: false,
        digest: None,
    };
    let query = &PullQuery { after: query.after.min(end), ..query.clone() };
    let mut gone = BTreeSet::new();
    match sight.told(tx, query.scope_version)? {
        None => pulled.fetch_all = true,
        Some(told) => {
            // Until it has everything under the scope that it knows, it gets what both scopes have in common.
            let narrowed = sight.narrowed(&told);
            let moves = moved::since(tx, &narrowed, &told, query)?;
            pulled.fetch_all = moves.too_many;
            if !pulled.fetch_all {
                let read_to = read(tx, query, (&narrowed, &told), &moves, end, &mut pulled.entries)?;
                if read_to < end {
                    stop_at(tx, &mut pulled, read_to)?;
                    return Ok(Some(pulled));
                }
            }
            if query.scope_version != sight.person.scope_version {
                pulled.gained = sight.gained(tx, &told)?;
                gone.extend(sight.lost(tx, &told)?);
            }
        }
    }
    for document in query.pushed {
        gone.extend(out_of_sight(tx, &sight, document)?);
    }
    leave(tx, gone, end, &mut pulled.entries)?;
    if query.scope_version != sight.person.scope_version {
        pulled.scope_version = sight.person.scope_version;
        pulled.scope = Some(sight.scope(tx)?);
    }
    if query.digest && !pulled.fetch_all && pulled.gained.is_empty() {
        pulled.digest = Some(sums::of_sight(tx, &sight, query.excluded)?.to_bytes());
    }
    Ok(Some(pulled))
}

/// There is more after `number`.
fn stop_at(tx: &Transaction<'_>, pulled: &mut Pulled, number: u64) -> Result<()> {
    let no_entry = || StorageError::Undecodable { what: "log", detail: format!("no entry {number}") };
    pulled.more = true;
    pulled.reached.number = number;
    pulled.reached.chain = super::chain_at(tx, number)?.ok_or_else(no_entry)?;
    Ok(())
}

/// What was only in the old scope, and what the phone has without ever having been in scope, goes.
fn leave(
    tx: &Transaction<'_>,
    gone: BTreeSet<i64>,
    number: u64,
    entries: &mut Vec<PulledEntry>,
) -> Result<()> {
    for doc in gone {
        if let Some(client) = client_at(tx, doc)? {
            let entry = Entry { number, body: EntryBody::Leave { client } };
            entries.push(PulledEntry { entry, proofs: Vec::new() });
        }
    }
    Ok(())
}

/// The row of a document that is there and not in sight.
fn out_of_sight(tx: &Transaction<'_>, sight: &Sight, id: &DocumentId) -> Result<Option<i64>> {
    let Some(doc) = document_row(tx, id)? else { return Ok(None) };
    let Some(place) = Placement::find(tx, doc)? else { return Ok(None) };
    Ok((!sight.sees_doc(tx, doc, place.part)?).then_some(doc))
}

/// Emits entries, and gives the number up to which everything was looked at.
fn read(
    tx: &Transaction<'_>,
    query: &PullQuery<'_>,
    (sight, told): (&Sight, &Told),
    moves: &Moves,
    end: u64,
    entries: &mut Vec<PulledEntry>,
) -> Result<u64> {
    let mut items: Vec<(u64, Item)> = Vec::new();
    let horizon = lanes(tx, query, sight, moves, end, &mut items)?;
    by_document(tx, query, sight, moves, horizon, &mut items)?;
    erased(tx, query, told, horizon, &mut items)?;
    items.sort_by_key(|(number, _)| *number);
    let mut reader = Reader::new(tx, sight)?;
    let mut bytes = 0;
    let mut done = query.after;
    for (number, item) in items {
        if bytes >= query.want_bytes || entries.len() >= limits::ENTRIES {
            return Ok(done);
        }
        if let Some(entry) = body(&mut reader, number, &item)? {
            bytes += entry.1;
            entries.push(entry.0);
        }
        done = number;
    }
    Ok(horizon)
}

/// Rows of the lanes in sight after the cursor. Gives the number up to which they are complete.
fn lanes(
    tx: &Transaction<'_>,
    query: &PullQuery<'_>,
    sight: &Sight,
    moves: &Moves,
    end: u64,
    items: &mut Vec<(u64, Item)>,
) -> Result<u64> {
    let mut horizon = end;
    let mut own: HashMap<i64, bool> = HashMap::new();
    let wanted = |row: &LogRow| {
        let made_here = query.but.binary_search(&row.number).is_ok();
        // Moves are told by their effect, erasures apart; clients that moved, and lent ones, by document.
        let apart = matches!(row.kind, 2..=4)
            || row.doc.is_some_and(|doc| moves.docs.contains_key(&doc) || sight.lent.contains(&doc));
        !made_here && !apart
    };
    if sight.all {
        let sql = "SELECT number, kind, lane, doc, actor, seq, at_ms FROM log
                   WHERE number > ?1 ORDER BY number LIMIT ?2";
        let mut statement = tx.prepare_cached(sql)?;
        let mut rows = statement.query(params![query.after, ROWS_PER_PULL])?;
        let mut count = 0;
        while let Some(row) = rows.next()? {
            let row = log_row(row)?;
            count += 1;
            if count == ROWS_PER_PULL {
                horizon = row.number;
            }
            let part = part_of_lane(row.lane);
            let is_own = match own.get(&part) {
                Some(is_own) => *is_own,
                None => *own.entry(part).or_insert(parts::at_row(tx, part)?.is_own()),
            };
            let hidden = (is_own && !sight.parts.contains(&part))
                || (audience_of_lane(row.lane) == Audience::Office && sight.audience() != Audience::Office);
            if !hidden && wanted(&row) {
                items.push((row.number, Item::Row(row)));
            }
        }
        return Ok(horizon);
    }
    let lanes = sight.lanes();
    let per_lane = (ROWS_PER_PULL / lanes.len().max(1)).max(ROWS_PER_LANE_MIN);
    let sql = "SELECT number, kind, lane, doc, actor, seq, at_ms FROM log
               WHERE lane = ?1 AND number > ?2 ORDER BY number LIMIT ?3";
    let mut statement = tx.prepare_cached(sql)?;
    for lane in lanes {
        let mut rows = statement.query(params![lane, query.after, per_lane])?;
        let mut count = 0;
        while let Some(row) = rows.next()? {
            let row = log_row(row)?;
            count += 1;
            if count == per_lane {
                horizon = horizon.min(row.number);
            }
            if wanted(&row) {
                items.push((row.number, Item::Row(row)));
            }
        }
    }
    items.retain(|(number, _)| *number <= horizon);
    Ok(horizon)
}

/// Entries of clients that moved and stayed in sight, of those lent, and the effects of moves.
fn by_document(
    tx: &Transaction<'_>,
    query: &PullQuery<'_>,
    sight: &Sight,
    moves: &Moves,
    horizon: u64,
    items: &mut Vec<(u64, Item)>,
) -> Result<()> {
    let mut effect = |number: u64, item: Item| {
        if number <= horizon {
            items.push((number, item));
        }
    };
    let mut to_read: Vec<i64> =
        sight.lent.iter().copied().filter(|doc| !moves.docs.contains_key(doc)).collect();
    for (doc, moved) in &moves.docs {
        match moved.effect {
            Effect::Entered => effect(moved.number, Item::Enter(*doc)),
            Effect::Left => effect(moved.number, Item::Leave(*doc)),
            Effect::Unseen => {}
            Effect::Kept => {
                to_read.push(*doc);
                match moved.merged {
                    Some(merged) => {
                        effect(merged, Item::Merged(*doc));
                        if merged != moved.number {
                            effect(moved.number, Item::Moved(*doc));
                        }
                    }
                    None => effect(moved.number, Item::Moved(*doc)),
                }
            }
        }
    }
    for doc in to_read {
        of_document(tx, query, sight, doc, horizon, items)?;
    }
    Ok(())
}

/// What was erased is told to whoever may have it, under the scope that the phone knows.
fn erased(
    tx: &Transaction<'_>,
    query: &PullQuery<'_>,
    told: &Told,
    horizon: u64,
    items: &mut Vec<(u64, Item)>,
) -> Result<()> {
    let mut statement = tx.prepare_cached(
        "SELECT e.number, e.document, l.lane FROM erased_entries e JOIN log l ON l.number = e.number
         WHERE e.number > ?1 AND e.number <= ?2",
    )?;
    let mut rows = statement.query(params![query.after, horizon])?;
    while let Some(row) = rows.next()? {
        if told.sees_part(tx, part_of_lane(row.get(2)?))? {
            items.push((row.get(0)?, Item::Erased(row.get(1)?)));
        }
    }
    Ok(())
}

fn of_document(
    tx: &Transaction<'_>,
    query: &PullQuery<'_>,
    sight: &Sight,
    doc: i64,
    horizon: u64,
    items: &mut Vec<(u64, Item)>,
) -> Result<()> {
    let made_here = |number: &u64| query.but.binary_search(number).is_ok();
    let mut numbers: Vec<u64> = tx
        .prepare_cached("SELECT number FROM changes WHERE doc = ?1 AND number > ?2 AND number <= ?3")?
        .query_map(params![doc, query.after, horizon], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    numbers.extend(
        tx.prepare_cached(
            "SELECT o.number FROM office o JOIN documents d ON d.id = o.client
             WHERE d.doc = ?1 AND o.number > ?2 AND o.number <= ?3
             UNION SELECT number FROM office_gone WHERE doc = ?1 AND number > ?2 AND number <= ?3",
        )?
        .query_map(params![doc, query.after, horizon], |row| row.get::<_, u64>(0))?
        .collect::<rusqlite::Result<Vec<_>>>()?,
    );
    let mut statement =
        tx.prepare_cached("SELECT number, kind, lane, doc, actor, seq, at_ms FROM log WHERE number = ?1")?;
    for number in numbers.iter().filter(|number| !made_here(number)) {
        let row = statement.query_row([number], log_row)?;
        if audience_of_lane(row.lane) == Audience::Everybody || sight.audience() == Audience::Office {
            items.push((*number, Item::Row(row)));
        }
    }
    Ok(())
}

fn body(reader: &mut Reader<'_>, number: u64, item: &Item) -> Result<Option<(PulledEntry, usize)>> {
    let plain = |body: EntryBody| PulledEntry { entry: Entry { number, body }, proofs: Vec::new() };
    Ok(match item {
        Item::Row(row) => reader.row(row)?,
        Item::Enter(doc) => reader.enter(number, *doc)?,
        Item::Erased(client) => Some((plain(EntryBody::Erase { client: *client }), ENTRY_OVERHEAD)),
        Item::Leave(doc) => {
            reader.client(*doc)?.map(|client| (plain(EntryBody::Leave { client }), ENTRY_OVERHEAD))
        }
        Item::Moved(doc) => reader.moved(*doc)?.map(|body| (plain(body), ENTRY_OVERHEAD)),
        Item::Merged(doc) => reader.merged(*doc)?.map(|body| (plain(body), ENTRY_OVERHEAD)),
    })
}

pub(super) fn overhead() -> usize {
    ENTRY_OVERHEAD
}

fn log_row(row: &Row<'_>) -> rusqlite::Result<LogRow> {
    Ok(LogRow {
        number: row.get(0)?,
        kind: row.get(1)?,
        lane: row.get(2)?,
        doc: row.get(3)?,
        actor: row.get(4)?,
        seq: row.get(5)?,
        at_ms: row.get(6)?,
    })
}

/// For those who name documents, not rows.
pub(super) fn document_row(tx: &Transaction<'_>, id: &DocumentId) -> Result<Option<i64>> {
    use rusqlite::OptionalExtension;
    Ok(tx
        .prepare_cached("SELECT doc FROM documents WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?)
}
