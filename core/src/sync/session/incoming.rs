//! What an answer does, in one transaction: it is taken whole or not at all.

use rusqlite::Transaction;

use super::outgoing::Outgoing;
use super::{Report, SyncError, entries, verdicts};
use crate::env::Env;
use crate::store::{Store, actors, attention, meta, scope};
use crate::sync::clock;
use crate::sync::identity::Identity;
use crate::sync::wire::{ActorVerdict, CatchUp, DigestBytes, SyncReply, Versions};

/// What is to be done after an answer.
#[derive(Debug, Default)]
pub(super) struct Next {
    /// The relay has more after the new cursor.
    pub again: bool,
    /// Pages, or documents by name, are to be fetched.
    pub fetch: bool,
    /// To be compared with one's own, once nothing is left to fetch.
    pub digest: Option<DigestBytes>,
}

pub(super) fn absorb(
    store: &Store,
    env: &dyn Env,
    outgoing: &Outgoing,
    reply: SyncReply,
    report: &mut Report,
) -> Result<Next, SyncError> {
    check(outgoing, &reply)?;
    // Counted apart, so that an answer that is rolled back leaves the report as it was.
    let mut counted = report.clone();
    let next = store.write(|tx| take(tx, env, outgoing, reply, &mut counted))?;
    *report = counted;
    Ok(next)
}

fn check(outgoing: &Outgoing, reply: &SyncReply) -> Result<(), SyncError> {
    if reply.version < Versions::SPOKEN.oldest || reply.version > Versions::SPOKEN.newest {
        return Err(SyncError::Version {
            detail: format!("the relay answered in version {}", reply.version),
        });
    }
    if reply.verdicts.len() != outgoing.request.push.len() {
        return Err(SyncError::Nonsense("there is not one verdict for each change"));
    }
    if reply.actors.len() != outgoing.request.actors.len() {
        return Err(SyncError::Nonsense("there is not one verdict for each actor"));
    }
    if reply.more && reply.cursor.is_none() {
        return Err(SyncError::Nonsense("there is more, and no cursor to go on from"));
    }
    Ok(())
}

fn take(
    tx: &Transaction<'_>,
    env: &dyn Env,
    outgoing: &Outgoing,
    reply: SyncReply,
    report: &mut Report,
) -> Result<Next, SyncError> {
    let identity = Identity::load(tx)?.ok_or(SyncError::NotEnrolled)?;
    if reply.epoch.is_some_and(|epoch| epoch != identity.epoch) {
        return Err(SyncError::EpochChanged);
    }
    let now_ms = env.now_ms();
    clock::learn(tx, env, reply.now_ms)?;
    for (actor, verdict) in outgoing.request.actors.iter().zip(&reply.actors) {
        match verdict {
            ActorVerdict::Registered => actors::registered(tx, &actor.actor.0)?,
            ActorVerdict::Refused { code, detail } => {
                attention::add(tx, "actor_refused", None, code.code(), detail, now_ms)?;
            }
        }
    }
    scope::purge_reported(tx, &outgoing.request.purged)?;
    for ((doc, document, hash), verdict) in outgoing.pushed.iter().zip(&reply.verdicts) {
        verdicts::take(tx, env, *doc, *document, hash, verdict, report)?;
    }
    if let Some(told) = &reply.scope {
        let bytes = minicbor::to_vec(told).map_err(|_| SyncError::Nonsense("the scope cannot be kept"))?;
        meta::put(tx, meta::SCOPE, &bytes)?;
    }
    meta::put_u64(tx, meta::SCOPE_VERSION, reply.scope_version)?;
    if let Some(catch_up) = &reply.catch_up {
        begin_catch_up(tx, catch_up)?;
    }
    entries::take(tx, env, reply.entries.into_iter(), report)?;
    if let Some(cursor) = &reply.cursor {
        meta::put(tx, meta::CURSOR, &cursor.0)?;
    }
    scope::purge_left(tx)?;
    if !reply.more {
        meta::put_u64(tx, meta::LAST_SYNC, u64::try_from(now_ms).unwrap_or(0))?;
    }
    let fetch = scope::still_to_fetch(tx)?;
    Ok(Next { again: reply.more, fetch, digest: if fetch || reply.more { None } else { reply.digest } })
}

fn begin_catch_up(tx: &Transaction<'_>, catch_up: &CatchUp) -> Result<(), SyncError> {
    for part in &catch_up.fetch {
        scope::add_stage(tx, part.stage as u8, part.territory.as_ref(), &part.after)?;
    }
    Ok(())
}
