//! What small tests of the fleet share: a tampered way to the relay, and counts of what is stored.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use cartera_core::store::StoreError;
use cartera_core::sync::http::{Answer, Call, Transport, TransportError};
use cartera_core::sync::wire::{self, SyncReply, SyncRequest, Verdict};
use cartera_tests::sim::oracle::judge;
use cartera_tests::sim::phone::Phone;
use cartera_tests::sim::world::World;

/// What somebody does to an answer.
type Change<'w> = Box<dyn Fn(&mut SyncReply) + Send + Sync + 'w>;

/// What happens before a request arrives.
type Event<'w> = Box<dyn Fn() + Send + Sync + 'w>;

/// A way to the relay with somebody in between.
pub(super) struct Between<'w> {
    world: &'w World,
    cut: Option<(&'static str, usize)>,
    seen: AtomicUsize,
    events: Vec<(&'static str, usize, Event<'w>)>,
    counts: Mutex<BTreeMap<String, usize>>,
    reply: Option<Change<'w>>,
    verdict: Option<Verdict>,
    /// The bodies of what was asked of `/v1/sync`, with the token.
    pub(super) heard: Mutex<Vec<(Option<String>, Vec<u8>)>>,
}

impl<'w> Between<'w> {
    pub(super) fn new(world: &'w World) -> Self {
        Self {
            world,
            cut: None,
            seen: AtomicUsize::new(0),
            events: Vec::new(),
            counts: Mutex::default(),
            reply: None,
            verdict: None,
            heard: Mutex::default(),
        }
    }

    /// From the `nth` request of a path on nobody answers, counted from 0.
    pub(super) fn cut(self, path: &'static str, nth: usize) -> Self {
        Self { cut: Some((path, nth)), ..self }
    }

    /// Something happens before the `nth` request of a path arrives, counted from 0.
    pub(super) fn before(
        mut self,
        path: &'static str,
        nth: usize,
        event: impl Fn() + Send + Sync + 'w,
    ) -> Self {
        self.events.push((path, nth, Box::new(event)));
        self
    }

    /// Every answer to a sync is changed.
    pub(super) fn reply(self, change: impl Fn(&mut SyncReply) + Send + Sync + 'w) -> Self {
        Self { reply: Some(Box::new(change)), ..self }
    }

    /// No pushed change gets to the relay; each is answered with this.
    pub(super) fn keep_back(self, verdict: Verdict) -> Self {
        Self { verdict: Some(verdict), ..self }
    }
}

impl Transport for Between<'_> {
    fn post(&self, call: Call<'_>) -> Result<Answer, TransportError> {
        if let Some((path, nth)) = self.cut
            && call.path == path
            && self.seen.fetch_add(1, Ordering::Relaxed) >= nth
        {
            return Err(TransportError::TimedOut);
        }
        let nth = {
            let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
            let count = counts.entry(call.path.to_owned()).or_default();
            std::mem::replace(count, *count + 1)
        };
        let due = |(path, at, _): &&(&'static str, usize, Event<'_>)| *path == call.path && *at == nth;
        self.events.iter().filter(due).for_each(|(_, _, event)| event());
        if call.path == "/v1/sync" {
            let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
            heard.push((call.token.map(str::to_owned), call.body.clone()));
        }
        if call.path != "/v1/sync" {
            return Ok(self.world.relay.answer(call.path, call.token, &call.body));
        }
        let mut request: SyncRequest = wire::decode(&call.body).unwrap();
        let kept_back = match &self.verdict {
            Some(verdict) => vec![verdict.clone(); std::mem::take(&mut request.push.0).len()],
            None => Vec::new(),
        };
        let mut answer = self.world.relay.answer(call.path, call.token, &wire::encode(&request).unwrap());
        assert_eq!(answer.status, 200);
        let mut reply: SyncReply = wire::decode(&answer.body).unwrap();
        reply.verdicts.0.extend(kept_back);
        if let Some(change) = &self.reply {
            change(&mut reply);
        }
        answer.body = wire::encode(&reply).unwrap();
        Ok(answer)
    }
}

/// Rows of a phone's table; a condition may follow its name.
pub(super) fn count(phone: &Phone, table: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM {table}");
    let engine = phone.engine();
    engine.store().read::<_, StoreError>(|conn| Ok(conn.query_row(&sql, [], |row| row.get(0))?)).unwrap()
}

/// The same of the relay's.
pub(super) fn in_the_books(world: &World, table: &str) -> i64 {
    world
        .relay
        .read(|conn| conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap())
}

/// Everybody syncs, and all that must hold holds.
pub(super) fn held(world: &World) {
    let rounds = world.settle();
    assert_eq!(judge(world, rounds), []);
}
