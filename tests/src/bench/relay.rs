//! What a relay takes in and gives out: ingest, first sync, a sync with nothing new, one visit, over real HTTP where
//! bytes and trips count.

use std::path::Path;
use std::sync::Arc;

use cartera_core::document::Change;
use cartera_core::engine::Engine;
use cartera_core::env::{Env, SeededEnv, SystemEnv};
use cartera_core::model::{ClientId, PersonId, TerritoryId};
use cartera_core::sync::wire::{ActorBytes, ActorReason, Bytes, NewActor, PushedChange, SyncRequest};
use cartera_relay::app::{App, Folder};
use cartera_relay::devices::Purpose;
use cartera_relay::devices::enrol::{invitation, invite};
use cartera_relay::people::Role;
use cartera_relay::people::access::By;
use cartera_relay::people::manage::{self, NewPerson};
use cartera_relay::{Listen, Listener, Running, serve, sync, territories};

use super::{Row, distribution, portfolio, time_ms};

type Failure = Box<dyn std::error::Error>;

const CLIENTS: usize = 5_000;
const BATCH: usize = 100;

pub fn measure(folder: &Path) -> Result<Vec<Row>, Failure> {
    let (relay, territory) = start(&folder.join("relay"))?;
    let app = relay.app();
    let writer = phone(app, &folder.join("writer.db"), "escribe", territory)?;
    let mut rows = vec![ingest(app, &writer, territory)?];
    let reader = phone(app, &folder.join("reader.db"), "lee", territory)?;
    let (first_ms, report) = time_ms(|| reader.sync());
    let report = report?;
    rows.push(Row {
        what: "first sync, wide: complete",
        measured: format!(
            "{:.2} s, {:.1} MB, {} requests",
            first_ms / 1e3,
            report.bytes_received as f64 / 1e6,
            report.requests
        ),
        goal: "<= 1.0 s; <= 15 MB",
        yardstick: format!("{} documents of 31 changes each", report.documents),
    });
    let mut bytes = (0, 0);
    let (nothing_ms, _) = distribution(50, |_| {
        if let Ok(report) = reader.sync() {
            bytes = (report.requests, report.bytes_sent + report.bytes_received);
        }
    });
    rows.push(Row {
        what: "nothing new, 5,000 clients",
        measured: format!("{} round trip, {} bytes of bodies, {nothing_ms:.1} ms", bytes.0, bytes.1),
        goal: "1 round trip, <= 120 bytes of bodies",
        yardstick: "the same connection".into(),
    });
    rows.push(one_visit(&reader)?);
    relay.stop()?;
    Ok(rows)
}

fn start(folder: &Path) -> Result<(Running, TerritoryId), Failure> {
    let listener = Listener::bind(&Listen::loopback())?;
    let env: Arc<dyn Env> = Arc::new(SystemEnv);
    let app = App::open_or_create(&Folder::new(folder), env, listener.settings())?;
    let relay = serve(app, listener)?;
    let territory = territories::add(relay.app(), By::CONSOLE, "Norte")?.id;
    Ok((relay, territory))
}

fn phone(app: &App, path: &Path, name: &str, territory: TerritoryId) -> Result<Engine, Failure> {
    let new = NewPerson {
        name: name.into(),
        role: Role::Rep,
        all_territories: Some(false),
        territories: vec![territory],
    };
    let person: PersonId = manage::add(app, By::CONSOLE, &[new])?[0].id;
    let engine = Engine::open(path, None, "Europe/Madrid", Arc::new(SystemEnv))?;
    let code = invite(app, By::CONSOLE, person, Purpose::Device)?.code;
    engine.enrol(&invitation(app, &code), name)?;
    Ok(engine)
}

/// The wide portfolio, pushed in batches of 100 by one device, each batch one durable commit.
fn ingest(app: &App, phone: &Engine, territory: TerritoryId) -> Result<Row, Failure> {
    let env = Arc::new(SeededEnv::new(1, 1_790_000_000_000));
    let actor = portfolio::actor(0);
    let id = phone.identity()?.ok_or("the phone is enrolled")?.device;
    let device =
        app.storage.devices(None)?.into_iter().find(|device| device.id == id).ok_or("the device is there")?;
    let take = NewActor {
        actor: ActorBytes::from_slice(actor.to_bytes()).ok_or("an actor has 16 bytes")?,
        reason: ActorReason::Installation,
    };
    sync::sync(app, &device, SyncRequest { actors: vec![take].into(), ..SyncRequest::default() })?;
    let (mut count, mut ms) = (0, 0.0);
    for some in (0..CLIENTS).collect::<Vec<_>>().chunks(250) {
        let made: Vec<(ClientId, Vec<Change>)> =
            some.iter().map(|n| portfolio::client(&env, &actor, *n, 20, 10)).collect();
        let pushed: Vec<PushedChange> = made
            .iter()
            .flat_map(|(id, changes)| {
                changes.iter().enumerate().map(|(n, change)| PushedChange {
                    document: (*id).into(),
                    generation: 0,
                    bytes: Bytes(change.bytes.clone()),
                    territory: (n == 0).then_some(territory),
                    receipt: None,
                    offered: false,
                })
            })
            .collect();
        for batch in pushed.chunks(BATCH) {
            let request = SyncRequest { push: batch.to_vec().into(), ..SyncRequest::default() };
            let (took, reply) = time_ms(|| sync::sync(app, &device, request));
            assert!(reply?.verdicts.iter().all(|verdict| verdict.is_good()), "all of it is admitted");
            ms += took;
            count += batch.len();
        }
    }
    Ok(Row {
        what: "relay ingest, durable, admitted, with rows, batches of 100",
        measured: format!("{:.0} changes/s ({count})", count as f64 / (ms / 1e3)),
        goal: ">= 20,000/s",
        yardstick: "one connection, one commit a batch".into(),
    })
}

fn one_visit(phone: &Engine) -> Result<Row, Failure> {
    use cartera_core::query::clients;
    use cartera_core::store::StoreError;
    let first = phone.store().read::<_, StoreError>(|conn| Ok(clients::list(conn, None, 50)?))?;
    let mut sizes = Vec::new();
    let mut trips = 0;
    for (n, client) in first.iter().enumerate() {
        phone.log_visit(&client.id, portfolio::visit(n, 1))?;
        let report = phone.sync()?;
        trips = trips.max(report.requests);
        sizes.push((report.bytes_sent + report.bytes_received) as f64);
    }
    let (median, most) = super::quantiles(sizes);
    Ok(Row {
        what: "one visit, sent",
        measured: format!("{trips} round trip, {median:.0} bytes of bodies, {most:.0} at most"),
        goal: "1 round trip, <= 450 bytes of bodies",
        yardstick: "50 visits without notes".into(),
    })
}
