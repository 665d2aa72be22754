//! One sync, seen from the phone: what to send, and what an answer does.
//!
//! Nothing here opens a socket and nothing is kept between two steps but what is in the store, so a connection that
//! breaks at any byte, or a process that dies, leaves a state from which the next sync goes on:
//!
//! 1. [`outgoing::prepare`] reads cursor, outbox and purges into a request;
//! 2. the bytes travel (`sync::http`, or a simulated network);
//! 3. [`incoming::absorb`] takes the whole answer in one transaction: verdicts, entries, cursor;
//!    sales that passed the window at it leave in steps of their own ([`passed`]);
//! 4. documents of which something was refused are rebased ([`rebase`]), so that the rest of their work can be sent;
//! 5. what is to be fetched in pages is fetched ([`fetch`]); where digests differ, what is acknowledged here is offered
//!    first ([`epoch`]), and what differs then is repaired ([`repair`]).
//!
//! [`run`] is the loop over these, with its bound. A relay that was restored is followed first: [`epoch`].

mod entries;
mod epoch;
mod error;
mod fetch;
mod incoming;
mod kept;
mod outgoing;
mod passed;
mod rebase;
mod repair;
mod report;
mod verdicts;

pub use error::SyncError;
pub use kept::digest as kept_digest;
pub(in crate::sync) use outgoing::as_pushed;
pub use report::Report;

use crate::env::Env;
use crate::store::{Store, offers, outbox};
use crate::sync::http::{Answer, Call, Transport};
use crate::sync::identity::Identity;
use crate::sync::wire::{self, Problem, ProblemCode};

/// Requests in one sync at most; what is left waits for the next. With pages of a mebibyte that is four gibibytes.
pub const MAX_ROUNDS: usize = 4_096;

/// Sends what is unsent, takes what is new, until neither is left. Work already taken in stays, whatever happens
/// after; calling again goes on.
///
/// # Errors
/// No answer, or none of the relay's: nothing is deleted, the outbox stays.
pub fn run(store: &Store, env: &dyn Env, transport: &dyn Transport) -> Result<Report, SyncError> {
    let identity = store.read::<_, SyncError>(|conn| Identity::load(conn)?.ok_or(SyncError::NotEnrolled))?;
    let mut report = Report::default();
    let line = Line { transport, token: &identity.token };
    epoch::follow(store, env, &line, &mut report)?;
    if store.read(outbox::any_held)? {
        store.write(|tx| outbox::retry_held(tx, env.now_ms()))?;
    }
    let mut offered = false;
    for _ in 0..MAX_ROUNDS {
        let outgoing = outgoing::prepare(store, env)?;
        let reply: wire::SyncReply = line.exchange("/v1/sync", &outgoing.request, &mut report)?;
        let next = incoming::absorb(store, env, &outgoing, reply, &mut report)?;
        if next.new_epoch {
            epoch::follow(store, env, &line, &mut report)?;
            continue;
        }
        passed::forget(store)?;
        rebase::all(store, env, &mut report)?;
        if next.fetch && !next.again && !fetch::all(store, env, &line, &mut report)? {
            continue;
        }
        if let Some(digest) = next.digest
            && repair::is_needed(store, digest, &outgoing.request.excluded, &mut report)?
        {
            if !std::mem::replace(&mut offered, true) {
                // What differs may be what the relay lost without knowing, and this cursor does not prove.
                store.write::<_, SyncError>(|tx| Ok(offers::begin(tx)?))?;
                epoch::follow(store, env, &line, &mut report)?;
                continue;
            }
            repair::run(store, env, &line, &mut report)?;
        }
        if !next.again && !outgoing::anything_to_send(store)? {
            return Ok(report);
        }
    }
    Ok(report)
}

/// The relay at the other end, with what this device says of itself.
struct Line<'a> {
    transport: &'a dyn Transport,
    token: &'a str,
}

impl Line<'_> {
    fn exchange<Q, A>(&self, path: &str, request: &Q, report: &mut Report) -> Result<A, SyncError>
    where
        Q: minicbor::Encode<()>,
        A: for<'b> minicbor::Decode<'b, ()>,
    {
        let body = wire::encode(request)?;
        report.requests += 1;
        report.bytes_sent += body.len() as u64;
        let answer = self.transport.post(Call { path, token: Some(self.token), body })?;
        report.bytes_received += answer.body.len() as u64;
        if answer.status == 200 && answer.media_type == wire::MEDIA_TYPE {
            Ok(wire::decode(&answer.body)?)
        } else {
            Err(refusal(&answer))
        }
    }
}

/// What an answer means that is no reply: the relay's own problem, or somebody else in its place.
pub(crate) fn refusal(answer: &Answer) -> SyncError {
    match Problem::from_json(&answer.body) {
        Some(problem) => match problem.code {
            ProblemCode::Revoked => SyncError::Revoked,
            ProblemCode::Version => SyncError::Version { detail: problem.detail },
            _ => SyncError::Problem(problem),
        },
        None => SyncError::NotTheRelay { status: answer.status },
    }
}
