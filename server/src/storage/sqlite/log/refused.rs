//! Changes that were not taken, kept whole with the reason for whoever has to look at them.

use std::collections::{HashMap, HashSet};

use cartera_core::document::admit::inspect;
use cartera_core::document::{Change, ChangeHash};
use cartera_core::model::{DeviceId, DocumentId};
use cartera_core::sync::wire::Refusal;
use rusqlite::{Row, Transaction, params};
use sha2::{Digest, Sha256};

use crate::storage::Result;
use crate::storage::log::{
    Admitted, Incoming, NOT_TAKEN, Push, QUARANTINED, QuarantineLimits, REFUSED_BYTES_PER_DEVICE,
    REFUSED_PER_DEVICE, RefusedChange,
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
    room: &QuarantineLimits,
    device: DeviceId,
    incoming: &Incoming,
    change: &Change,
    at_ms: i64,
) -> Result<()> {
    if !has_room(tx, room, device, change.bytes.len())? {
        return Ok(());
    }
    let detail = "offered after a restore, without a receipt";
    insert(tx, device, incoming, QUARANTINED, detail, &change.bytes, at_ms)?;
    Ok(())
}

/// Whether so many bytes more of a device's fit into quarantine.
pub(super) fn has_room(
    tx: &Transaction<'_>,
    room: &QuarantineLimits,
    device: DeviceId,
    more: usize,
) -> Result<bool> {
    let (count, bytes) = usage(tx, device, true)?;
    Ok(count < room.changes && bytes + more <= room.bytes)
}

/// What waits in quarantine of a document, by hash.
pub(super) fn hashes(tx: &Transaction<'_>, document: DocumentId) -> Result<HashSet<ChangeHash>> {
    let mut found = HashSet::new();
    each_waiting(tx, document, |_, change| {
        found.insert(change.hash);
    })?;
    Ok(found)
}

fn each_waiting(
    tx: &Transaction<'_>,
    document: DocumentId,
    mut take: impl FnMut(u64, &Change),
) -> Result<()> {
    let mut statement =
        tx.prepare_cached("SELECT refusal, bytes FROM refused WHERE document = ?1 AND code = ?2")?;
    let mut rows = statement.query(params![document, QUARANTINED])?;
    while let Some(row) = rows.next()? {
        if let Ok(change) = inspect(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?) {
            take(row.get(0)?, &change);
        }
    }
    Ok(())
}

/// What waits in quarantine and is proven by what a device pushes, ancestors first: a hash covers all that its change
/// builds on. So a document whose lost changes do not fit into one request is proven by its head, which comes last.
pub(super) fn proven_with(tx: &Transaction<'_>, push: &Push) -> Result<Vec<(u64, Incoming)>> {
    let mut open: HashMap<DocumentId, Vec<ChangeHash>> = HashMap::new();
    if !push.by_receipt {
        return Ok(Vec::new());
    }
    for incoming in push.changes.iter().filter(|incoming| incoming.offered && incoming.proven) {
        if let Ok(change) = &incoming.change {
            open.entry(incoming.document).or_default().extend(&change.deps);
        }
    }
    let mut released = Vec::new();
    for (document, mut open) in open {
        let pushed: HashSet<ChangeHash> =
            push.changes.iter().flat_map(|incoming| &incoming.change).map(|change| change.hash).collect();
        let mut is_here = tx.prepare_cached(
            "SELECT 1 FROM changes c JOIN documents d ON d.doc = c.doc WHERE d.id = ?1 AND c.hash = ?2",
        )?;
        let mut unknown = Vec::new();
        for hash in open.drain(..).filter(|hash| !pushed.contains(hash)) {
            if !is_here.exists(params![document, hash.0])? {
                unknown.push(hash);
            }
        }
        if unknown.is_empty() {
            continue;
        }
        // Their bytes only once it is known which are proven.
        let mut waiting: HashMap<ChangeHash, (u64, u64, Vec<ChangeHash>)> = HashMap::new();
        each_waiting(tx, document, |refusal, change| {
            waiting.insert(change.hash, (change.start_op, refusal, change.deps.clone()));
        })?;
        let mut proven: Vec<(u64, u64)> = Vec::new();
        while let Some(hash) = unknown.pop() {
            if let Some((start_op, refusal, deps)) = waiting.remove(&hash) {
                proven.push((start_op, refusal));
                unknown.extend(deps);
            }
        }
        // Operations count upwards along dependencies.
        proven.sort_unstable();
        for (_, refusal) in proven {
            released.extend(as_offered(tx, refusal)?.map(|incoming| (refusal, incoming)));
        }
    }
    Ok(released)
}

/// A change in quarantine as it was offered, and proven since.
fn as_offered(tx: &Transaction<'_>, refusal: u64) -> Result<Option<Incoming>> {
    let sql = "SELECT document, generation, territory, bytes FROM refused WHERE refusal = ?1 AND code = ?2";
    let mut statement = tx.prepare_cached(sql)?;
    let mut rows = statement.query(params![refusal, QUARANTINED])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let Ok(change) = inspect(row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?) else {
        return Ok(None);
    };
    Ok(Some(Incoming {
        document: row.get(0)?,
        generation: row.get(1)?,
        territory: row.get(2)?,
        proven: true,
        offered: true,
        change: Ok(change),
    }))
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
            "INSERT INTO refused (device, document, generation, digest, code, detail, bytes, at_ms, territory)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (device, digest) DO NOTHING",
        )?
        .execute(params![
            device,
            incoming.document,
            incoming.generation,
            digest,
            code,
            detail,
            bytes,
            at_ms,
            incoming.territory
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
    let mut statement = tx.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM refused WHERE refusal > ?1 AND (?3 IS NULL OR code = ?3) ORDER BY refusal LIMIT ?2"
    ))?;
    let rows = statement.query_map(params![after, limit, code], change)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The latest first.
pub(super) fn last(tx: &Transaction<'_>, limit: usize) -> Result<Vec<RefusedChange>> {
    let mut statement =
        tx.prepare_cached(&format!("SELECT {COLUMNS} FROM refused ORDER BY refusal DESC LIMIT ?1"))?;
    let rows = statement.query_map([limit], change)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

const COLUMNS: &str = "refusal, device, document, generation, code, detail, bytes, at_ms, territory";

fn change(row: &Row<'_>) -> rusqlite::Result<RefusedChange> {
    Ok(RefusedChange {
        refusal: row.get(0)?,
        device: row.get(1)?,
        document: row.get(2)?,
        generation: row.get(3)?,
        code: row.get(4)?,
        detail: row.get(5)?,
        bytes: row.get(6)?,
        at_ms: row.get(7)?,
        territory: row.get(8)?,
    })
}
