//! What an answer does, in one transaction: it is taken whole or not at all.

use rusqlite::Transaction;

use super::outgoing::Outgoing;
use super::{Report, SyncError, entries, epoch, kept, verdicts};
use crate::env::Env;
use crate::rows::office;
use crate::store::{Store, actors, attention, erase, meta, scope};
use crate::sync::clock;
use crate::sync::identity::Identity;
use crate::sync::wire::{
    ActorVerdict, CatchUp, DeviceOrder, DigestBytes, Refusal, SyncReply, SyncRequest, Versions,
};

/// What is to be done after an answer.
#[derive(Debug, Default)]
pub(super) struct Next {
    /// The relay has more after the new cursor.
    pub again: bool,
    /// Pages, or documents by name, are to be fetched.
    pub fetch: bool,
    /// The relay began another epoch, and nothing else of the answer was taken.
    pub new_epoch: bool,
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
    check(&outgoing.request, &reply)?;
    // Counted apart, so that an answer that is rolled back leaves the report as it was.
    let mut counted = report.clone();
    let next = store.write(|tx| take(tx, env, outgoing, reply, &mut counted))?;
    *report = counted;
    Ok(next)
}

pub(super) fn check(request: &SyncRequest, reply: &SyncReply) -> Result<(), SyncError> {
    if reply.version < Versions::SPOKEN.oldest || reply.version > Versions::SPOKEN.newest {
        return Err(SyncError::Version {
            detail: format!("the relay answered in version {}", reply.version),
        });
    }
    if reply.verdicts.len() != request.push.len() {
        return Err(SyncError::Nonsense("there is not one verdict for each change"));
    }
    if reply.actors.len() != request.actors.len() {
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
    if let Some(epoch) = reply.epoch.filter(|epoch| *epoch != identity.epoch) {
        // Who never synced has nothing of the old epoch.
        if outgoing.request.cursor.is_none() {
            Identity { epoch, ..identity.clone() }.save(tx)?;
        } else {
            epoch::adopt(tx, &identity, epoch, &reply)?;
            return Ok(Next { new_epoch: true, ..Next::default() });
        }
    }
    let now_ms = env.now_ms();
    clock::learn(tx, env, reply.now_ms)?;
    take_actors(tx, env, &outgoing.request, &reply)?;
    scope::purge_reported(tx, &outgoing.request.purged)?;
    for ((doc, document, hash), verdict) in outgoing.pushed.iter().zip(&reply.verdicts) {
        verdicts::take(tx, env, *doc, *document, hash, verdict, report)?;
    }
    if let Some(told) = &reply.scope {
        let bytes = minicbor::to_vec(told).map_err(|_| SyncError::Nonsense("the scope cannot be kept"))?;
        meta::put(tx, meta::SCOPE, &bytes)?;
        if !told.all {
            office::forget_territories_but(tx, &told.territories)?;
        }
    }
    meta::put_u64(tx, meta::SCOPE_VERSION, reply.scope_version)?;
    if let Some(catch_up) = &reply.catch_up {
        begin_catch_up(tx, catch_up)?;
    }
    entries::take(tx, env, reply.entries.into_iter(), report)?;
    for order in &reply.orders {
        obey(tx, &identity, order, now_ms, report)?;
    }
    if let Some(cursor) = &reply.cursor {
        meta::put(tx, meta::CURSOR, &cursor.0)?;
    }
    scope::purge_left(tx)?;
    if !reply.more {
        meta::put_u64(tx, meta::LAST_SYNC, u64::try_from(now_ms).unwrap_or(0))?;
    }
    let fetch = scope::still_to_fetch(tx)?;
    Ok(Next {
        again: reply.more,
        fetch,
        digest: if fetch || reply.more { None } else { reply.digest },
        new_epoch: false,
    })
}

/// What became of the actors of a request.
pub(super) fn take_actors(
    tx: &Transaction<'_>,
    env: &dyn Env,
    request: &SyncRequest,
    reply: &SyncReply,
) -> Result<(), SyncError> {
    for (actor, verdict) in request.actors.iter().zip(&reply.actors) {
        match verdict {
            ActorVerdict::Registered => actors::registered(tx, &actor.actor.0)?,
            ActorVerdict::Refused { code, detail } => {
                actors::refused(tx, env, &actor.actor.0, *code == Refusal::Forbidden)?;
                attention::add(tx, "actor_refused", None, code.code(), detail, env.now_ms())?;
            }
        }
    }
    if !reply.actors.is_empty() && reply.actors.iter().all(|verdict| *verdict == ActorVerdict::Registered) {
        for code in [Refusal::Forbidden, Refusal::TooManyActors] {
            attention::done(tx, "actor_refused", code.code(), env.now_ms())?;
        }
    }
    Ok(())
}

/// Carries out an order under the device's key. Only such a one deletes unsent work.
fn obey(
    tx: &Transaction<'_>,
    identity: &Identity,
    order: &DeviceOrder,
    now_ms: i64,
    report: &mut Report,
) -> Result<(), SyncError> {
    if !order.is_genuine(&identity.device_key) {
        let subject = order.client.map_or_else(|| "wipe".to_owned(), |client| client.to_string());
        let detail = "an order without the key of this device: nothing was deleted";
        return Ok(attention::add(tx, "order_forged", None, &subject, detail, now_ms)?);
    }
    let Some(client) = order.client else {
        let detail = "the office ordered this phone to be wiped; this version cannot, nothing was deleted";
        return Ok(attention::add(tx, "wipe_unsupported", None, "wipe", detail, now_ms)?);
    };
    let unsent = erase::client(tx, &client, now_ms)?;
    report.refused.retain(|refused| refused.document != client.into());
    report.left(client);
    report.erased.push((client, unsent));
    if unsent > 0 {
        let detail = format!("{unsent} pieces of work that had not been sent went with it");
        attention::add(tx, "client_erased", None, &client.to_string(), &detail, now_ms)?;
    }
    Ok(())
}

fn begin_catch_up(tx: &Transaction<'_>, catch_up: &CatchUp) -> Result<(), SyncError> {
    if !catch_up.fetch.is_empty() {
        kept::forget(tx)?;
    }
    if catch_up.replace {
        scope::begin_anew(tx)?;
    }
    for part in &catch_up.fetch {
        scope::add_stage(tx, part.stage as u8, part.territory.as_ref(), &part.after)?;
    }
    Ok(())
}
