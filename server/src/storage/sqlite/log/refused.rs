//! Changes that were not taken, kept whole with the reason for whoever has to look at them.

use cartera_core::document::Change;
use cartera_core::model::{DeviceId, DocumentId};
use cartera_core::sync::wire::Refusal;
use rusqlite::{Row, Transaction, params};
use sha2::{Digest, Sha256};

use crate::storage::Result;
use crate::storage::log::{
    Admitted, Incoming, NOT_TAKEN, QUARANTINED, QUARANTINED_BYTES_PER_DEVICE, QUARANTINED_PER_DEVICE,
    REFUSED_BYTES_PER_DEVICE, REFUSED_PER_DEVICE, RefusedChange,
};

/// Keeps a refused change, once, and gives the verdict. What the phone mends by itself is not kept: it comes back.
pub(super) fn keep(
    tx: &Transaction<'_>,
    device: DeviceId,
    incoming: &Incoming,
    code: Refusal,
    detail: &str,
    at_ms: i64,
) -> Result<Admitted> {
    let mended = matches!(code, Refusal::Equivocation | Refusal::Generation);
    if !mended {
        let bytes = match &incoming.change {
            Ok(change) => &change.bytes,
            Err(unreadable) => &unreadable.bytes,
        };
        if insert(tx, device, incoming, code.code(), detail, bytes, at_ms)? {
            make_room(tx, device)?;
        }
    }
    Ok(Admitted::Refused { code, detail: detail.to_owned() })
}

/// Keeps a change that was offered without proof, if there is room.
pub(super) fn quarantine(
    tx: &Transaction<'_>,
    device: DeviceId,
    incoming: &Incoming,
    change: &Change,
    at_ms: i64,
) -> Result<()> {
    let (count, bytes) = usage(tx, device, true)?;
    if count >= QUARANTINED_PER_DEVICE || bytes + change.bytes.len() > QUARANTINED_BYTES_PER_DEVICE {
        return Ok(());
    }
    let detail = "offered after a restore, without a receipt";
    insert(tx, device, incoming, QUARANTINED, detail, &change.bytes, at_ms)?;
    Ok(())
}

/// Remembers through which device the log got back what it had lost.
pub(super) fn recovered(tx: &Transaction<'_>, number: u64, device: DeviceId) -> Result<()> {
    tx.prepare_cached("INSERT INTO recovered (number, device) VALUES (?1, ?2)")?
        .execute(params![number, device])?;
    Ok(())
}

/// Whether it was not there yet.
fn insert(
    tx: &Transaction<'_>,
    device: DeviceId,
    incoming: &Incoming,
    code: &str,
    detail: &str,
    bytes: &[u8],
    at_ms: i64,
) -> Result<bool> {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    let kept = tx
        .prepare_cached(
            "INSERT INTO refused (device, document, generation, digest, code, detail, bytes, at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (device, digest) DO NOTHING",
        )?
        .execute(params![
            device,
            incoming.document,
            incoming.generation,
            digest,
            code,
            detail,
            bytes,
            at_ms
        ])?;
    Ok(kept == 1)
}

/// How much is kept of a device's, and how many bytes of it: in quarantine, or refused.
fn usage(tx: &Transaction<'_>, device: DeviceId, in_quarantine: bool) -> Result<(usize, usize)> {
    Ok(tx
        .prepare_cached(
            "SELECT count(*), coalesce(sum(length(bytes)), 0) FROM refused
             WHERE device = ?1 AND (code = ?2) = ?3",
        )?
        .query_row(params![device, QUARANTINED, in_quarantine], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

fn make_room(tx: &Transaction<'_>, device: DeviceId) -> Result<()> {
    loop {
        let (count, bytes) = usage(tx, device, false)?;
        if count <= REFUSED_PER_DEVICE && (bytes <= REFUSED_BYTES_PER_DEVICE || count <= 1) {
            return Ok(());
        }
        tx.prepare_cached(
            "DELETE FROM refused
             WHERE refusal = (SELECT min(refusal) FROM refused WHERE device = ?1 AND code <> ?2)",
        )?
        .execute(params![device, QUARANTINED])?;
    }
}

pub(super) fn quarantined_of(tx: &Transaction<'_>, document: DocumentId, limit: usize) -> Result<Vec<u64>> {
    let mut statement = tx.prepare_cached(
        "SELECT refusal FROM refused WHERE document = ?1 AND code = ?2 ORDER BY refusal LIMIT ?3",
    )?;
    let rows = statement.query_map(params![document, QUARANTINED, limit], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// An administrator did not take it when it was offered before.
pub(super) fn was_not_taken(tx: &Transaction<'_>, device: DeviceId, change: &Change) -> Result<bool> {
    let digest: [u8; 32] = Sha256::digest(&change.bytes).into();
    Ok(tx
        .prepare_cached("SELECT 1 FROM refused WHERE device = ?1 AND digest = ?2 AND code = ?3")?
        .exists(params![device, digest, NOT_TAKEN])?)
}

pub(super) fn settle(tx: &Transaction<'_>, refusal: u64, taken: bool) -> Result<()> {
    if taken {
        tx.execute("DELETE FROM refused WHERE refusal = ?1 AND code = ?2", params![refusal, QUARANTINED])?;
    } else {
        tx.execute(
            "UPDATE refused SET code = ?3, detail = 'the administrator did not take it'
             WHERE refusal = ?1 AND code = ?2",
            params![refusal, QUARANTINED, NOT_TAKEN],
        )?;
    }
    Ok(())
}

pub(super) fn list(
    tx: &Transaction<'_>,
    code: Option<&str>,
    after: u64,
    limit: usize,
) -> Result<Vec<RefusedChange>> {
    let mut statement = tx.prepare_cached(
        "SELECT refusal, device, document, generation, code, detail, bytes, at_ms FROM refused
         WHERE refusal > ?1 AND (?3 IS NULL OR code = ?3) ORDER BY refusal LIMIT ?2",
    )?;
    let rows = statement.query_map(params![after, limit, code], |row: &Row<'_>| {
        Ok(RefusedChange {
            refusal: row.get(0)?,
            device: row.get(1)?,
            document: row.get(2)?,
            generation: row.get(3)?,
            code: row.get(4)?,
            detail: row.get(5)?,
            bytes: row.get(6)?,
            at_ms: row.get(7)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
