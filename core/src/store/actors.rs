//! The actors that this device writes with.
//!
//! One for the whole installation, the same in all documents. A device that finds itself restored from a backup, or
//! cloned, takes another one for everything; a rebase takes one for the documents that it touches.

use automerge::ActorId;
use rusqlite::{Connection, OptionalExtension, params};

use super::{StoreError, meta, outbox};
use crate::env::{Env, random_bytes};

/// Why an actor was taken; as `wire::ActorReason`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    Installation = 0,
    Restore = 1,
    Rebase = 2,
}

/// The installation's actor, made when there is none.
pub fn present(conn: &Connection, env: &dyn Env) -> Result<ActorId, StoreError> {
    match meta::get(conn, meta::ACTOR)? {
        Some(bytes) => Ok(ActorId::from(bytes)),
        None => replace(conn, env, Reason::Installation),
    }
}

/// A new actor for all that is written from now on.
pub fn replace(conn: &Connection, env: &dyn Env, reason: Reason) -> Result<ActorId, StoreError> {
    let actor = draw(env);
    add(conn, &actor, reason)?;
    meta::put(conn, meta::ACTOR, actor.to_bytes())?;
    Ok(actor)
}

/// This device learnt that it was restored from a backup or cloned: everything is written with a new actor from now on.
pub fn restored(conn: &Connection, env: &dyn Env) -> Result<(), StoreError> {
    let waiting = "SELECT 1 FROM new_actors WHERE reason = ?1 LIMIT 1";
    // One is enough, however many documents say so in one answer.
    if conn.prepare_cached(waiting)?.query_row([Reason::Restore as i64], |_| Ok(())).optional()?.is_none() {
        replace(conn, env, Reason::Restore)?;
    }
    Ok(())
}

/// An actor that nobody has; it counts for nothing until it is [`add`]ed.
pub fn draw(env: &dyn Env) -> ActorId {
    ActorId::from(random_bytes::<16>(env))
}

/// Notes a new actor of this device, to be registered with the relay.
pub fn add(conn: &Connection, actor: &ActorId, reason: Reason) -> Result<(), StoreError> {
    conn.prepare_cached("INSERT INTO new_actors (actor, reason) VALUES (?1, ?2)")?
        .execute(params![actor.to_bytes(), reason as i64])?;
    conn.prepare_cached("INSERT INTO own_actors (actor) VALUES (?1)")?.execute([actor.to_bytes()])?;
    Ok(())
}

/// A relay that was restored may have forgotten them: all are registered again.
pub fn register_again(conn: &Connection) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO new_actors (actor, reason) SELECT actor, ?1 FROM own_actors WHERE true ON CONFLICT DO NOTHING",
    )?
    .execute([Reason::Rebase as i64])?;
    Ok(())
}

pub fn is_own(conn: &Connection, actor: &ActorId) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM own_actors WHERE actor = ?1";
    conn.prepare_cached(sql)?.exists([actor.to_bytes()])
}

/// The relay does not take this actor: it is another device's, or this one has too many. It is not asked for again. Was
/// it the one that everything is written with, another takes its place, and what is unsent is written anew with that.
pub fn refused(
    conn: &Connection,
    env: &dyn Env,
    actor: &[u8; 16],
    is_another_s: bool,
) -> Result<(), StoreError> {
    registered(conn, actor)?;
    if is_another_s {
        if meta::get(conn, meta::ACTOR)?.as_deref() == Some(&actor[..]) {
            replace(conn, env, Reason::Installation)?;
        }
        outbox::all_anew(conn)?;
    }
    Ok(())
}

pub fn count_new(conn: &Connection) -> Result<usize, StoreError> {
    Ok(conn.prepare_cached("SELECT count(*) FROM new_actors")?.query_row([], |row| row.get(0))?)
}

/// The relay takes changes by this actor from now on.
pub fn registered(conn: &Connection, actor: &[u8; 16]) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM new_actors WHERE actor = ?1")?.execute([actor])?;
    Ok(())
}
