//! Whole documents: taking one in, and taking back what is not acknowledged.

use automerge::ActorId;
use rusqlite::{Connection, params};

use super::apply::Placed;
use super::codec::hashes_to_blob;
use super::documents::{advance_heads, intern};
use super::{Document, Result, apply, rebuild_document};
use crate::document::Change;

/// Puts a snapshot, of which `changes` are all the changes, dependencies first, in the place of all that is here of the
/// document; `number` is the document's own log number. Nothing unsent may be among its changes: see [`retract`].
pub fn install_snapshot(
    conn: &Connection,
    document: &mut Document,
    bytes: &[u8],
    changes: &[Change],
    generation: u32,
    number: u64,
) -> Result<()> {
    // Where no change has come yet there is nothing but perhaps a row for the list, which the profile will overwrite.
    if !document.heads.is_empty() {
        super::rebuild::clear(conn, document.row)?;
        for sql in ["DELETE FROM changes WHERE doc = ?1", "DELETE FROM snapshots WHERE doc = ?1"] {
            conn.prepare_cached(sql)?.execute([document.row])?;
        }
    }
    document.heads.clear();
    document.acknowledged.clear();
    document.max_op = 0;
    document.size = 0;
    document.generation = generation;
    let mut actors: Vec<(&ActorId, i64)> = Vec::new();
    let mut placed = Vec::with_capacity(changes.len());
    for change in changes {
        let actor = match actors.iter().find(|(known, _)| *known == &change.actor) {
            Some((_, row)) => *row,
            None => {
                let row = intern(conn, &change.actor)?;
                actors.push((&change.actor, row));
                row
            }
        };
        conn.prepare_cached(
            "INSERT INTO changes (doc, actor, seq, hash, start_op, max_op, deps, number, origin)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
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
            change.origin.map(|origin| origin.0)
        ])?;
        advance_heads(&mut document.heads, &change.deps, change.hash);
        document.max_op = document.max_op.max(change.max_op());
        document.size += change.bytes.len() as u64;
        placed.push(Placed { change, actor, number: Some(number) });
    }
    document.acknowledged = document.heads.clone();
    document.save(conn)?;
    conn.prepare_cached("INSERT INTO snapshots (doc, heads, bytes, number) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![document.row, hashes_to_blob(&document.heads), bytes, number])?;
    apply::project_all(conn, document, &placed)?;
    Ok(())
}

/// Takes back every change without a good verdict: rows, heads and counters are those of the acknowledged part.
/// The caller keeps the bytes.
pub fn retract(conn: &Connection, document: &mut Document) -> Result<()> {
    let removed = conn
        .prepare_cached("DELETE FROM changes WHERE doc = ?1 AND number IS NULL")?
        .execute([document.row])?;
    if removed == 0 {
        return Ok(());
    }
    document.heads = document.acknowledged.clone();
    (document.max_op, document.size) = conn
        .prepare_cached("SELECT coalesce(max(max_op), 0) FROM changes WHERE doc = ?1")?
        .query_row([document.row], |row| Ok((row.get(0)?, document.size)))?;
    document.save(conn)?;
    rebuild_document(conn, document)
}
