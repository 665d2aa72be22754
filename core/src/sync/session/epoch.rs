//! The relay began a new epoch: it was restored from a backup, or put back without knowing.
//!
//! It may lack what it once acknowledged, and this phone may be the only one that has it. So, before anything else is
//! sent, taken in or purged:
//!
//! 1. [`adopt`]: the relay's present cursor and epoch take the place of the old ones; numbers of the old log mean
//!    nothing any more, and every actor of this phone is registered again;
//! 2. the digests tell which documents the relay has otherwise or not at all;
//! 3. every acknowledged change of those is offered, whoever wrote it, ancestors first, with the receipts that prove it;
//! 4. [`settle`]: what was not taken becomes work to be written anew, or, where another wrote it, is listed with its
//!    bytes; then the session goes on as ever, and repairs by digest what is left.
//!
//! Entries that come meanwhile are passed over, and the cursor stays: they are asked for again afterwards. Each step is
//! in the store, so a cut costs one request.

use automerge::ChangeHash;
use rusqlite::{Connection, Transaction, params};

use super::outgoing::{PUSH_BYTES, new_actors};
use super::verdicts::keep_receipt;
use super::{Line, MAX_ROUNDS, Report, SyncError, fetch, incoming, repair};
use crate::document::admit;
use crate::env::Env;
use crate::model::ClientId;
use crate::rows::{self, Document};
use crate::store::attention::{self, Refused};
use crate::store::offers::{self, NotTaken, Offer, Stage, State};
use crate::store::outbox::{self, State as Unsent};
use crate::store::{Store, actors, meta, scope};
use crate::sync::identity::Identity;
use crate::sync::wire::{
    Bytes, Cursor, Epoch, PushedChange, Receipt, Refusal, SyncReply, SyncRequest, Verdict, Versions, limits,
};

/// Takes the relay's new epoch and cursor. What it said of the request's changes does not count: it said it without
/// having what they build on.
pub(super) fn adopt(
    tx: &Transaction<'_>,
    identity: &Identity,
    epoch: Epoch,
    reply: &SyncReply,
) -> Result<(), SyncError> {
    let cursor = reply.cursor.as_ref().ok_or(SyncError::Nonsense("another epoch, and no cursor in it"))?;
    Identity { epoch, ..identity.clone() }.save(tx)?;
    meta::put(tx, meta::CURSOR, &cursor.0)?;
    if let Some(told) = &reply.scope {
        let bytes = minicbor::to_vec(told).map_err(|_| SyncError::Nonsense("the scope cannot be kept"))?;
        meta::put(tx, meta::SCOPE, &bytes)?;
    }
    meta::put_u64(tx, meta::SCOPE_VERSION, reply.scope_version)?;
    // The new log counts from where the backup was: what it says of these next must win.
    rows::office::forget_numbers(tx)?;
    actors::register_again(tx)?;
    offers::begin(tx)?;
    Ok(())
}

/// Follows the relay into its new epoch, if it has begun one, from wherever the last session was cut.
pub(super) fn follow(
    store: &Store,
    env: &dyn Env,
    line: &Line<'_>,
    report: &mut Report,
) -> Result<(), SyncError> {
    if store.read::<_, SyncError>(|conn| Ok(offers::quarantine_is_due(conn, env.now_ms())?))? {
        store.write::<_, SyncError>(|tx| Ok(offers::retry_quarantined(tx)?))?;
    }
    for _ in 0..MAX_ROUNDS {
        match store.read::<_, SyncError>(|conn| Ok(offers::stage(conn)?))? {
            None => return Ok(()),
            Some(Stage::Compare) => {
                let differing = repair::differing(store, line, report)?;
                store.write::<_, SyncError>(|tx| Ok(offers::queue(tx, &differing)?))?;
            }
            Some(Stage::Offer) => {
                let (request, offered) = store.read(prepare)?;
                if request.push.is_empty() && request.actors.is_empty() {
                    store.write(|tx| settle(tx, env))?;
                    fetch::all(store, env, line, report)?;
                } else {
                    let reply: SyncReply = line.exchange("/v1/sync", &request, report)?;
                    let mut counted = report.clone();
                    store.write(|tx| take(tx, env, &request, &offered, reply, &mut counted))?;
                    *report = counted;
                }
            }
        }
    }
    Ok(())
}

fn prepare(conn: &Connection) -> Result<(SyncRequest, Vec<Offer>), SyncError> {
    let new = new_actors(conn)?;
    // What they wrote is taken only once the relay knows them all.
    let offered = if new.len() < limits::NEW_ACTORS {
        offers::next(conn, PUSH_BYTES, limits::PUSHED_CHANGES)?
    } else {
        Vec::new()
    };
    let push: Vec<_> = offered
        .iter()
        .map(|offer| PushedChange {
            document: offer.document,
            generation: offer.generation,
            bytes: Bytes(offer.bytes.clone()),
            territory: offer.territory,
            receipt: offer.receipt.map(Receipt),
            offered: true,
        })
        .collect();
    let request = SyncRequest {
        versions: Versions::SPOKEN,
        cursor: meta::get(conn, meta::CURSOR)?.map(|bytes| Cursor(Bytes(bytes))),
        scope_version: meta::get_u64(conn, meta::SCOPE_VERSION)?.unwrap_or(0),
        actors: new.into(),
        push: push.into(),
        want_bytes: Some(limits::WANT_BYTES_MIN),
        queued: u32::try_from(outbox::count(conn)?).unwrap_or(u32::MAX),
        // No digest, please: the two sides differ, and know it.
        fetching: true,
        ..SyncRequest::default()
    };
    Ok((request, offered))
}

fn take(
    tx: &Transaction<'_>,
    env: &dyn Env,
    request: &SyncRequest,
    offered: &[Offer],
    reply: SyncReply,
    report: &mut Report,
) -> Result<(), SyncError> {
    incoming::check(request, &reply)?;
    let identity = Identity::load(tx)?.ok_or(SyncError::NotEnrolled)?;
    if let Some(epoch) = reply.epoch.filter(|epoch| *epoch != identity.epoch) {
        return adopt(tx, &identity, epoch, &reply);
    }
    incoming::take_actors(tx, env, request, &reply)?;
    for (offer, verdict) in offered.iter().zip(&reply.verdicts) {
        let mark = |state, code: &str| offers::mark(tx, offer.doc, &offer.hash, state, code);
        match verdict {
            Verdict::Accepted { number, receipt } | Verdict::Duplicate { number, receipt, hash: None } => {
                offers::taken(tx, offer.doc, &offer.hash, *number)?;
                keep_receipt(tx, offer.doc, &offer.hash, receipt)?;
                if matches!(verdict, Verdict::Accepted { .. }) {
                    report.offered += 1;
                }
            }
            // Its records stand there under another hash, or what it builds on was not taken.
            Verdict::Duplicate { .. } => mark(State::NotTaken, "duplicate")?,
            Verdict::Held { .. } => mark(State::NotTaken, "held")?,
            Verdict::Quarantined => mark(State::Quarantined, "quarantined")?,
            Verdict::Refused { code, .. } => mark(State::NotTaken, code.code())?,
        }
    }
    Ok(())
}

/// Everything on offer has its verdict.
fn settle(tx: &Transaction<'_>, env: &dyn Env) -> Result<(), SyncError> {
    for NotTaken { doc, changes } in offers::not_taken(tx)? {
        let Some(mut document) = Document::at_row(tx, doc)? else { continue };
        if changes.iter().any(|(_, code)| code == Refusal::Erased.code()) {
            offers::forget(tx, doc)?;
            scope::leave(tx, &ClientId::from_bytes(*document.id.as_bytes()), env.now_ms())?;
            continue;
        }
        give_back(tx, env, &mut document, &changes)?;
        offers::forget(tx, doc)?;
        // What the relay has of it comes as a whole.
        scope::refetch(tx, &document.id)?;
    }
    offers::done(tx, env.now_ms())?;
    Ok(())
}

/// What the relay acknowledged once and does not take again: one's own is unsent work again, to be written anew; others'
/// is listed with its bytes.
fn give_back(
    tx: &Transaction<'_>,
    env: &dyn Env,
    document: &mut Document,
    changes: &[(ChangeHash, String)],
) -> Result<(), SyncError> {
    let now_ms = env.now_ms();
    let unsent = outbox::of_document(tx, document.row)?;
    outbox::clear(tx, document.row)?;
    for (hash, code) in changes {
        let bytes = rows::documents::change_bytes(tx, document, hash)?
            .ok_or(SyncError::Nonsense("an offered change vanished"))?;
        let change = admit::inspect(&bytes)
            .map_err(|_| SyncError::Nonsense("an acknowledged change cannot be read"))?;
        if actors::is_own(tx, &change.actor)? {
            outbox::push(tx, document.row, &change, now_ms, None)?;
            outbox::mark(tx, document.row, hash, Unsent::Anew, code, "")?;
        } else {
            attention::keep_refused(
                tx,
                &Refused {
                    document: document.id,
                    generation: document.generation,
                    hash: *hash,
                    bytes,
                    key: None,
                    code: code.clone(),
                    detail: "the relay had it before it was restored, and does not take it again".into(),
                    refused_at: now_ms,
                },
            )?;
        }
    }
    // What builds on them comes after them.
    for work in &unsent {
        let change = admit::inspect(&work.bytes)
            .map_err(|_| SyncError::Nonsense("an unsent change cannot be read"))?;
        outbox::push(tx, document.row, &change, work.saved_at, work.territory.as_ref())?;
        outbox::mark(tx, document.row, &work.hash, Unsent::Anew, "", "")?;
    }
    let mut statement = tx.prepare_cached("UPDATE changes SET number = NULL WHERE doc = ?1 AND hash = ?2")?;
    for (hash, _) in changes {
        statement.execute(params![document.row, hash.0])?;
    }
    rows::documents::acknowledge_numbered(tx, document)?;
    Ok(())
}
