//! From enrolment to everything there, over real HTTP: the relay in a process of its own, the phone here.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use cartera_core::document::snapshot;
use cartera_core::engine::Engine;
use cartera_core::store::{StoreError, scope};
use cartera_core::sync::http::{Answer, Call, HttpTransport, Transport, TransportError};
use cartera_core::sync::session::Report;
use cartera_core::sync::wire::{self, FetchItem, FetchReply, Stage};

use super::child::RelayProcess;
use super::meter::{Took, took};
use super::relay::Prepared;
use super::{Bench, Failure, Row};

/// One first sync, and when each stage was there.
struct First {
    took: Took,
    relay_cpu_ms: f64,
    report: Report,
    /// Clock and bytes until nothing of the stage and of those before it was left to be fetched.
    until: [(f64, u64); Stage::ALL.len()],
    bodies: Vec<Vec<u8>>,
}

/// Counts bytes, and keeps the pages for the yardstick.
struct Recording {
    inner: HttpTransport,
    bodies: Mutex<Vec<Vec<u8>>>,
}

impl Transport for Recording {
    fn post(&self, call: Call<'_>) -> Result<Answer, TransportError> {
        let is_page = call.path == "/v1/fetch";
        let answer = self.inner.post(call)?;
        if is_page && let Ok(mut bodies) = self.bodies.lock() {
            bodies.push(answer.body.clone());
        }
        Ok(answer)
    }

    fn runs_beside(&self) -> bool {
        self.inner.runs_beside()
    }
}

fn first(relay: &RelayProcess, phone: &Engine) -> Result<First, Failure> {
    let identity = phone.identity()?.ok_or("the phone is enrolled")?;
    let transport = Recording { inner: HttpTransport::new(&identity.relay, None)?, bodies: Mutex::default() };
    let done = AtomicBool::new(false);
    let relay_before = relay.cpu_ms();
    let (sync, until) = std::thread::scope(|scope| {
        let watching = scope.spawn(|| watch(phone, &transport, &done));
        let sync = took(|| phone.sync_over(&transport));
        done.store(true, Ordering::Release);
        (sync, watching.join())
    });
    let (took, report) = (sync.0, sync.1?);
    let until = until.map_err(|_| "the watch panicked")?;
    let bodies = transport.bodies.into_inner()?;
    Ok(First { took, relay_cpu_ms: relay.cpu_ms() - relay_before, report, until, bodies })
}

/// Asks every few milliseconds, as a screen could, which stage is being fetched.
#[allow(clippy::disallowed_methods, clippy::disallowed_types)] // measuring is what this is for
fn watch(phone: &Engine, transport: &Recording, done: &AtomicBool) -> [(f64, u64); Stage::ALL.len()] {
    let start = std::time::Instant::now();
    let mut until = [(0.0, 0); Stage::ALL.len()];
    let mut begun = false;
    loop {
        let finished = done.load(Ordering::Acquire);
        let stage = phone.store().read::<_, StoreError>(scope::next_stage);
        let now_ms = start.elapsed().as_secs_f64() * 1e3;
        let bytes = transport.bodies.lock().map_or(0, |all| all.iter().map(Vec::len).sum::<usize>() as u64);
        let stage = match stage {
            Ok(Some(at)) => {
                begun = true;
                usize::from(at.stage)
            }
            Ok(None) if begun || finished => Stage::ALL.len(),
            _ => 0,
        };
        until.iter_mut().skip(stage).for_each(|until| *until = (now_ms, bytes));
        if finished {
            return until;
        }
        std::thread::sleep(Duration::from_millis(3));
    }
}

/// The same bytes, decoded and every document loaded by Automerge, and nothing kept: no phone can be faster than this.
fn decode(bodies: &[Vec<u8>]) -> Result<Took, Failure> {
    let (took, documents) = took(|| -> Result<usize, Failure> {
        let mut documents = 0;
        for body in bodies {
            let page: FetchReply = wire::decode(body)?;
            for item in page.items.iter() {
                if let FetchItem::Document(document) = item {
                    let heads: Vec<_> = document
                        .heads
                        .iter()
                        .map(|head| cartera_core::document::ChangeHash(head.0))
                        .collect();
                    snapshot::read(&document.snapshot, &heads)?;
                    documents += 1;
                }
            }
        }
        Ok(documents)
    });
    documents?;
    Ok(took)
}

impl First {
    fn stage(&self, stage: Stage) -> (f64, u64) {
        self.until[stage as usize]
    }

    fn rows(&self, what: &str, goals: [&'static str; 3], kept: &str) -> Result<Vec<Row>, Failure> {
        let plain = decode(&self.bodies)?;
        let stage = |goal: &'static str, name: &str, (ms, bytes): (f64, u64)| Row {
            what: format!("first sync, {what}: {name} ({kept})"),
            goal,
            measured: format!("{:.2} s, {:.2} MB", ms / 1e3, bytes as f64 / 1e6),
            yardstick: "the same sync".into(),
        };
        let mut rows = vec![stage(goals[0], "list usable", self.stage(Stage::List))];
        if !goals[1].is_empty() {
            rows.push(stage(goals[1], "orders possible", self.stage(Stage::Articles)));
        }
        let Self { took, report, .. } = self;
        rows.push(Row {
            what: format!("first sync, {what}: complete ({kept})"),
            goal: goals[2],
            measured: format!(
                "{:.2} s, {:.1} MB, {} requests, {} documents, {} office records; processor: phone {:.2} s, relay {:.2} s",
                took.wall_ms / 1e3,
                report.bytes_received as f64 / 1e6,
                report.requests,
                report.documents,
                report.office,
                took.cpu_ms / 1e3,
                self.relay_cpu_ms / 1e3
            ),
            yardstick: format!(
                "decoding its bytes and loading its documents: {:.2} s processor; {:.1} x",
                plain.cpu_ms / 1e3,
                took.cpu_ms / plain.cpu_ms
            ),
        });
        Ok(rows)
    }
}

/// Two phones, one after the other: for the first the relay makes its pages, for the second it has kept them.
fn both(
    folder: &Path,
    prepared: &Prepared,
    what: &str,
    goals: [&'static str; 3],
) -> Result<Vec<Row>, Failure> {
    let relay = prepared.start()?;
    let mut rows = Vec::new();
    for (name, kept) in [("first", "relay's first"), ("second", "pages kept")] {
        let phone = prepared.phone(&relay, &folder.join(format!("{what}-{name}.db")))?;
        rows.append(&mut first(&relay, &phone)?.rows(what, goals, kept)?);
    }
    Ok(rows)
}

pub(super) fn wide(bench: &mut Bench) -> Result<Vec<Row>, Failure> {
    let prepared = bench.wide()?;
    both(&bench.folder, &prepared, "wide", ["<= 0.25 s; <= 0.3 MB", "", "<= 1.0 s; <= 15 MB"])
}

pub(super) fn deep(bench: &mut Bench) -> Result<Vec<Row>, Failure> {
    let prepared = bench.deep()?;
    both(&bench.folder, &prepared, "deep", ["<= 0.25 s", "<= 1.5 s", "<= 4 s"])
}
