//! From an admitted change to rows.

use automerge::ChangeHash;
use rusqlite::{Connection, params};

use super::codec::{hashes_to_blob, value_to_blob};
use super::documents::{advance_heads, intern, known_actor};
use super::effects::Gathered;
use super::records::Origin;
use super::{Document, Result, RowsError, client, records};
use crate::document::{Body, Change, FieldKey, OpId};

/// What a change did to the rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Touched {
    pub profile: bool,
    pub records: bool,
}

/// Writes a change that was made here or admitted against this document's facts. `number` is its place in the relay's
/// log; `None` on a phone whose change has no verdict yet.
pub fn apply(
    conn: &Connection,
    document: &mut Document,
    change: &Change,
    number: Option<u64>,
) -> Result<Touched> {
    let actor = intern(conn, &change.actor)?;
    keep(conn, document, change, actor, number)?;
    project(conn, document, change, actor, number)
}

/// A good verdict for a change that is here. False if it had one already.
pub fn acknowledge(
    conn: &Connection,
    document: &mut Document,
    hash: &ChangeHash,
    number: u64,
) -> Result<bool> {
    let sql = "UPDATE changes SET number = ?3 WHERE doc = ?1 AND hash = ?2 AND number IS NULL RETURNING deps";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![document.row, hash.0, number])?;
    let Some(row) = rows.next()? else { return Ok(false) };
    let deps = super::codec::hashes_from_blob(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?)?;
    drop(rows);
    drop(statement);
    advance_heads(&mut document.acknowledged, &deps, *hash);
    document.save(conn)?;
    Ok(true)
}

/// The document's facts: the change itself, heads and counters.
fn keep(
    conn: &Connection,
    document: &mut Document,
    change: &Change,
    actor: i64,
    number: Option<u64>,
) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO changes (doc, actor, seq, hash, start_op, max_op, deps, number, bytes, origin)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        document.row,
        actor,
        change.seq,
        change.hash.0,
        change.start_op,
        change.max_op(),
        hashes_to_blob(&change.deps),
        number,
        change.bytes,
        change.origin.map(|origin| origin.0)
    ])?;
    advance_heads(&mut document.heads, &change.deps, change.hash);
    if number.is_some() {
        advance_heads(&mut document.acknowledged, &change.deps, change.hash);
    }
    document.max_op = document.max_op.max(change.max_op());
    document.size += change.bytes.len() as u64;
    document.save(conn)
}

fn project(
    conn: &Connection,
    document: &Document,
    change: &Change,
    actor: i64,
    number: Option<u64>,
) -> Result<Touched> {
    let placed = Placed { change, actor, number };
    let profile = project_profile(conn, document, &placed)?;
    if profile {
        client::refresh(conn, document)?;
    }
    let mut gathered = Gathered::default();
    let records = project_records(conn, &mut gathered, document, &placed)?;
    gathered.save(conn, document.row)?;
    Ok(Touched { profile, records })
}

/// A change of the document with what its row says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed<'c> {
    pub change: &'c Change,
    /// Interned.
    pub actor: i64,
    /// Place in the relay's log; `None` before the verdict.
    pub number: Option<u64>,
}

/// Everything that can be made anew from a document's changes, causes first; its rows must have been cleared.
pub(super) fn project_all(conn: &Connection, document: &Document, changes: &[Placed<'_>]) -> Result<()> {
    let mut profile = false;
    for placed in changes {
        profile |= project_profile(conn, document, placed)?;
    }
    if profile {
        client::refresh(conn, document)?;
    }
    let mut gathered = Gathered::default();
    for placed in changes {
        project_records(conn, &mut gathered, document, placed)?;
    }
    gathered.save(conn, document.row)
}

/// Whether the change touches the profile.
fn project_profile(conn: &Connection, document: &Document, placed: &Placed<'_>) -> Result<bool> {
    let mut touched = false;
    for op in &placed.change.ops {
        match &op.body {
            Body::Create(id) if *id != document.id => {
                return Err(RowsError::Corrupt("a document founded under another id"));
            }
            Body::Put { key, value, pred } => {
                end(conn, document.row, key, pred)?;
                conn.prepare_cached(
                    "INSERT INTO fields (doc, key, counter, actor, live, value) VALUES (?1, ?2, ?3, ?4, 1, ?5)",
                )?
                .execute(params![
                    document.row,
                    key.as_str(),
                    op.id.counter,
                    placed.actor,
                    value_to_blob(value)
                ])?;
                touched = true;
            }
            Body::Delete { key, pred } => {
                end(conn, document.row, key, pred)?;
                touched = true;
            }
            Body::Create(_) | Body::Record { .. } => {}
        }
    }
    Ok(touched)
}

/// Whether the change brings records.
fn project_records(
    conn: &Connection,
    gathered: &mut Gathered,
    document: &Document,
    placed: &Placed<'_>,
) -> Result<bool> {
    let mut touched = false;
    for op in &placed.change.ops {
        if let Body::Record { key, header, bytes } = &op.body {
            let from = Origin {
                doc: document.row,
                actor: placed.actor,
                counter: op.id.counter,
                number: placed.number,
            };
            records::put(conn, gathered, from, key, header, bytes)?;
            touched = true;
        }
    }
    Ok(touched)
}

/// The operations `pred` on `key` live no longer.
fn end(conn: &Connection, doc: i64, key: &FieldKey, pred: &[OpId]) -> Result<()> {
    for id in pred {
        let actor =
            known_actor(conn, &id.actor)?.ok_or(RowsError::Corrupt("a predecessor's actor is unknown"))?;
        conn.prepare_cached(
            "UPDATE fields SET live = 0 WHERE doc = ?1 AND key = ?2 AND counter = ?3 AND actor = ?4",
        )?
        .execute(params![doc, key.as_str(), id.counter, actor])?;
    }
    Ok(())
}
