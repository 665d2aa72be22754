//! What there is to say to the relay.

use automerge::ChangeHash;
use rusqlite::Connection;

use super::SyncError;
use crate::env::Env;
use crate::model::DocumentId;
use crate::store::{Store, actors, meta, outbox, scope};
use crate::sync::wire::{
    ActorBytes, ActorReason, Bytes, Cursor, NewActor, PushedChange, SyncRequest, Versions, limits,
};

/// A request and what it was made from.
pub(super) struct Outgoing {
    pub request: SyncRequest,
    /// Document row, id and hash of each pushed change, in order.
    pub pushed: Vec<(i64, DocumentId, ChangeHash)>,
}

/// Bytes of changes in one request; the relay's limit for a body leaves room for the rest.
pub(super) const PUSH_BYTES: usize = 1 << 20;

/// An unsent change as it travels.
pub(in crate::sync) fn as_pushed(change: outbox::Unsent) -> PushedChange {
    PushedChange {
        document: change.document,
        generation: change.generation,
        bytes: Bytes(change.bytes),
        territory: change.territory,
        receipt: None,
        offered: false,
    }
}

pub(super) fn prepare(store: &Store, env: &dyn Env) -> Result<Outgoing, SyncError> {
    store.read(|conn| {
        // With more new actors than fit, some of what is unsent is by one that the relay does not know yet.
        let known = actors::count_new(conn)? <= limits::NEW_ACTORS;
        let unsent =
            if known { outbox::to_send(conn, PUSH_BYTES, limits::PUSHED_CHANGES)? } else { Vec::new() };
        let queued = outbox::count(conn)?.saturating_sub(unsent.len() as u64);
        let mut pushed = Vec::with_capacity(unsent.len());
        let mut push = Vec::with_capacity(unsent.len());
        for change in unsent {
            pushed.push((change.doc, change.document, change.hash));
            push.push(as_pushed(change));
        }
        let request = SyncRequest {
            versions: Versions::SPOKEN,
            cursor: meta::get(conn, meta::CURSOR)?.map(|bytes| Cursor(Bytes(bytes))),
            scope_version: meta::get_u64(conn, meta::SCOPE_VERSION)?.unwrap_or(0),
            actors: new_actors(conn)?.into(),
            purged: scope::purged(conn, limits::PURGED)?.into(),
            device_ms: (!push.is_empty()).then(|| env.now_ms()),
            push: push.into(),
            want_bytes: None,
            excluded: scope::excluded(conn, limits::EXCLUDED)?.into(),
            proofs: Vec::new().into(),
            queued: u32::try_from(queued).unwrap_or(u32::MAX),
            fetching: scope::still_to_fetch(conn)?,
        };
        Ok(Outgoing { request, pushed })
    })
}

pub(super) fn anything_to_send(store: &Store) -> Result<bool, SyncError> {
    store.read(|conn| Ok(!outbox::to_send(conn, 1, 1)?.is_empty()))
}

pub(super) fn new_actors(conn: &Connection) -> Result<Vec<NewActor>, SyncError> {
    let mut statement =
        conn.prepare_cached("SELECT actor, reason FROM new_actors ORDER BY position LIMIT ?1")?;
    let rows =
        statement.query_map([limits::NEW_ACTORS as i64], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
    let mut actors = Vec::new();
    for row in rows {
        let (actor, reason) = row?;
        let reason = match reason {
            0 => ActorReason::Installation,
            1 => ActorReason::Restore,
            _ => ActorReason::Rebase,
        };
        actors.push(NewActor { actor: ActorBytes(actor), reason });
    }
    Ok(actors)
}
