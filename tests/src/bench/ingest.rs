//! What a relay takes in: changes a second, and the memory that it holds meanwhile.

use cartera_core::document::admit;
use cartera_core::sync::http::{Call, HttpTransport, Transport};
use cartera_core::sync::wire::{self, ActorBytes, ActorReason, NewActor, SyncReply, SyncRequest};

use super::meter::{Took, took};
use super::relay::{BATCH, WIDE, Writer, pushed};
use super::{Bench, Failure, Row, portfolio};

pub(super) fn rate(bench: &mut Bench) -> Result<Vec<Row>, Failure> {
    let prepared = bench.wide()?;
    let bare = bare(bench, prepared.changes)?;
    let per_second = |ms: f64| prepared.changes as f64 / ms * 1e3;
    Ok(vec![Row {
        what: format!("relay ingest, durable, admitted, with rows, batches of {BATCH}"),
        goal: ">= 20,000/s on two cores",
        measured: format!(
            "{:.0}/s, {:.0} per second of processor ({} changes, one device, one thread)",
            per_second(prepared.ingest.wall_ms),
            per_second(prepared.ingest.cpu_ms),
            prepared.changes
        ),
        yardstick: format!(
            "inspected, and inserted into one bare table, as many in a commit: {:.0}/s; {:.1} x",
            per_second(bare.wall_ms),
            prepared.ingest.wall_ms / bare.wall_ms
        ),
    }])
}

/// The same changes, inspected and put into one table of bytes by their hash, committed durably in the same batches.
fn bare(bench: &Bench, changes: usize) -> Result<Took, Failure> {
    let mut conn = rusqlite::Connection::open(bench.folder.join("bare-ingest.db"))?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE t (number INTEGER PRIMARY KEY, hash BLOB NOT NULL, bytes BLOB NOT NULL)",
    )?;
    let (mut all, mut count) = (Took::default(), 0);
    portfolio::each_few(
        WIDE,
        |_| portfolio::actor(0),
        |made| {
            let changes: Vec<_> = made.iter().flat_map(|(_, changes)| changes).collect();
            for batch in changes.chunks(BATCH) {
                let (took, done) = took(|| -> Result<(), Failure> {
                    let tx = conn.transaction()?;
                    for change in batch {
                        let change = admit::inspect(&change.bytes)?;
                        tx.prepare_cached("INSERT INTO t (hash, bytes) VALUES (?1, ?2)")?
                            .execute(rusqlite::params![change.hash.0, change.bytes])?;
                    }
                    Ok(tx.commit()?)
                });
                done?;
                all += took;
                count += batch.len();
            }
            Ok::<_, Failure>(())
        },
    )?;
    assert_eq!(count, changes);
    Ok(all)
}

/// The relay in a process of its own, and as many requests at a time as there are devices.
pub(super) fn memory(bench: &mut Bench) -> Result<Vec<Row>, Failure> {
    const DEVICES: usize = 4;
    // The first one is the writer's, which began the workspace.
    let actor_of = |device: usize| portfolio::actor(device + 1);
    let folder = bench.folder.join("relay-memory");
    let writer = Writer::new(&folder)?;
    let territory = writer.territory;
    let prepared = super::relay::Prepared {
        folder,
        territory,
        clients: Vec::new(),
        changes: 0,
        ingest: Took::default(),
    };
    let relay = prepared.start()?;
    let empty_mb = relay.peak_mb();
    let phones = (0..DEVICES)
        .map(|n| prepared.phone(&relay, &bench.folder.join(format!("memory-{n}.db"))))
        .collect::<Result<Vec<_>, _>>()?;
    let mut lines = Vec::new();
    for (n, phone) in phones.iter().enumerate() {
        let identity = phone.identity()?.ok_or("the phone is enrolled")?;
        let line = Line { transport: HttpTransport::new(&identity.relay, None)?, token: identity.token };
        let actor = ActorBytes::from_slice(actor_of(n).to_bytes()).ok_or("an actor has 16 bytes")?;
        let take = NewActor { actor, reason: ActorReason::Installation };
        line.send(&SyncRequest { actors: vec![take].into(), ..SyncRequest::default() })?;
        lines.push(line);
    }
    let mut count = 0;
    let (took, done) = took(|| {
        portfolio::each_few(
            WIDE,
            |n| actor_of(n % DEVICES),
            |made| {
                // A document is one device's, so that its changes come in their order.
                let mut shares = vec![Vec::new(); DEVICES];
                for document in made {
                    count += document.1.len();
                    let wrote = |device: &usize| document.1[0].actor == actor_of(*device);
                    shares[(0..DEVICES).find(wrote).ok_or("one of the devices wrote it")?].push(document);
                }
                std::thread::scope(|scope| -> Result<(), Failure> {
                    let pushing: Vec<_> = lines
                        .iter()
                        .zip(&shares)
                        .map(|(line, share)| scope.spawn(move || line.push(&pushed(share, territory))))
                        .collect();
                    for push in pushing {
                        push.join()
                            .map_err(|_| "a device panicked")?
                            .map_err(|why| -> Failure { why.into() })?;
                    }
                    Ok(())
                })
            },
        )
    });
    done?;
    Ok(vec![Row {
        what: format!("relay memory while {count} changes are pushed by {DEVICES} devices at a time"),
        goal: "<= 100 MB",
        measured: format!("{:.0} MB at most; {:.1} s", relay.peak_mb(), took.wall_ms / 1e3),
        yardstick: format!("the relay before it {empty_mb:.0} MB"),
    }])
}

struct Line {
    transport: HttpTransport,
    token: String,
}

impl Line {
    fn send(&self, request: &SyncRequest) -> Result<SyncReply, Failure> {
        let call = Call { path: "/v1/sync", token: Some(&self.token), body: wire::encode(request)? };
        Ok(wire::decode(&self.transport.post(call)?.body)?)
    }

    fn push(&self, changes: &[wire::PushedChange]) -> Result<(), String> {
        for batch in changes.chunks(BATCH) {
            let request = SyncRequest { push: batch.to_vec().into(), ..SyncRequest::default() };
            let reply = self.send(&request).map_err(|error| error.to_string())?;
            if !reply.verdicts.iter().all(|verdict| verdict.is_good()) {
                return Err(format!(
                    "a change was not admitted: {:?}",
                    reply.verdicts.iter().find(|verdict| !verdict.is_good())
                ));
            }
        }
        Ok(())
    }
}
