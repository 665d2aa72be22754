//! A relay's folder, filled; phones that belong to it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cartera_core::engine::Engine;
use cartera_core::env::{Env, SystemEnv};
use cartera_core::model::TerritoryId;
use cartera_core::sync::wire::{ActorBytes, ActorReason, Bytes, NewActor, PushedChange, SyncRequest};
use cartera_core::{document::Change, model::ClientId};
use cartera_relay::app::{App, Folder};
use cartera_relay::devices::enrol::{invitation, invite};
use cartera_relay::devices::{Device, Purpose};
use cartera_relay::people::Role;
use cartera_relay::people::access::By;
use cartera_relay::people::manage::{self, NewPerson};
use cartera_relay::settings::Settings;
use cartera_relay::{sync, territories};

use super::child::RelayProcess;
use super::meter::{Took, took};
use super::portfolio;
use super::{Bench, Failure};

/// Changes in one request.
pub(super) const BATCH: usize = 100;
/// Clients, visits and purchases of each: the wide profile.
pub(super) const WIDE: (usize, usize, usize) = (5_000, 20, 10);

/// A relay's folder with one territory and what is in it.
#[derive(Debug, Clone)]
pub(super) struct Prepared {
    pub(super) folder: PathBuf,
    pub(super) territory: TerritoryId,
    pub(super) clients: Vec<ClientId>,
    pub(super) changes: usize,
    /// What taking the changes in took, without making them.
    pub(super) ingest: Took,
}

/// A folder with a workspace, a territory, and a device that writes under `actor`.
pub(super) struct Writer {
    pub(super) app: App,
    pub(super) device: Device,
    pub(super) territory: TerritoryId,
}

pub(super) fn open(folder: &Path, url: &str) -> Result<App, Failure> {
    let env: Arc<dyn Env> = Arc::new(SystemEnv);
    let settings = Settings { public_url: url.into(), ..Settings::default() };
    Ok(App::open_or_create(&Folder::new(folder), env, settings)?)
}

impl Writer {
    pub(super) fn new(folder: &Path) -> Result<Self, Failure> {
        let app = open(folder, "http://127.0.0.1")?;
        let territory = territories::add(&app, By::CONSOLE, "Norte")?.id;
        let device = device(&app, "escribe", territory)?;
        let take = NewActor {
            actor: ActorBytes::from_slice(portfolio::actor(0).to_bytes()).ok_or("an actor has 16 bytes")?,
            reason: ActorReason::Installation,
        };
        sync::sync(&app, &device, SyncRequest { actors: vec![take].into(), ..SyncRequest::default() })?;
        Ok(Self { app, device, territory })
    }

    /// Pushes documents in requests of [`BATCH`] changes, each one durable commit.
    pub(super) fn push(&self, documents: &[(ClientId, Vec<Change>)]) -> Result<Took, Failure> {
        let mut all = Took::default();
        for batch in pushed(documents, self.territory).chunks(BATCH) {
            let request = SyncRequest { push: batch.to_vec().into(), ..SyncRequest::default() };
            let (took, reply) = took(|| sync::sync(&self.app, &self.device, request));
            assert!(reply?.verdicts.iter().all(|verdict| verdict.is_good()), "all of it is admitted");
            all += took;
        }
        Ok(all)
    }
}

/// Documents as they are pushed.
pub(super) fn pushed(documents: &[(ClientId, Vec<Change>)], territory: TerritoryId) -> Vec<PushedChange> {
    let each = documents.iter().flat_map(|(id, changes)| {
        changes.iter().enumerate().map(move |(n, change)| PushedChange {
            document: (*id).into(),
            generation: 0,
            bytes: Bytes(change.bytes.clone()),
            territory: (n == 0).then_some(territory),
            receipt: None,
            offered: false,
        })
    });
    each.collect()
}

/// A device of a new person, enrolled without a network.
fn device(app: &App, name: &str, territory: TerritoryId) -> Result<Device, Failure> {
    let request = cartera_core::sync::wire::EnrolRequest {
        versions: cartera_core::sync::wire::Versions::SPOKEN,
        code: code(app, name, territory)?.as_str().into(),
        token_hash: cartera_core::sync::wire::Hash([7; 32]),
        device_name: cartera_core::sync::wire::Text::cut(name),
        workspace: None,
    };
    let id = cartera_relay::devices::enrol::enrol(app, &request)?.device;
    Ok(app.storage.devices(None)?.into_iter().find(|device| device.id == id).ok_or("the device is there")?)
}

fn code(app: &App, name: &str, territory: TerritoryId) -> Result<String, Failure> {
    let new = NewPerson {
        name: name.into(),
        role: Role::Rep,
        all_territories: Some(false),
        territories: vec![territory],
    };
    let person = manage::add(app, By::CONSOLE, &[new])?[0].id;
    Ok(invite(app, By::CONSOLE, person, Purpose::Device)?.code)
}

impl Prepared {
    /// A portfolio (clients, visits and purchases of each) pushed to a new relay in this folder, and who pushed it.
    pub(super) fn fill(folder: PathBuf, portfolio: (usize, usize, usize)) -> Result<(Self, Writer), Failure> {
        let writer = Writer::new(&folder)?;
        let (mut ingest, mut clients, mut changes) = (Took::default(), Vec::new(), 0);
        portfolio::each_few(
            portfolio,
            |_| portfolio::actor(0),
            |made| {
                changes += made.iter().map(|(_, changes)| changes.len()).sum::<usize>();
                ingest += writer.push(&made)?;
                clients.extend(made.iter().map(|(id, _)| *id));
                Ok::<_, Failure>(())
            },
        )?;
        Ok((Self { folder, territory: writer.territory, clients, changes, ingest }, writer))
    }

    pub(super) fn start(&self) -> Result<RelayProcess, Failure> {
        RelayProcess::start(&self.folder)
    }

    /// A phone of a new person, enrolled at the running relay; it has not synced yet.
    pub(super) fn phone(&self, relay: &RelayProcess, path: &Path) -> Result<Engine, Failure> {
        let app = open(&self.folder, &relay.url)?;
        let code = code(&app, "lee", self.territory)?;
        let engine = Engine::open(path, None, "Europe/Madrid", Arc::new(SystemEnv))?;
        engine.enrol(&invitation(&app, &code), "lee")?;
        Ok(engine)
    }
}

impl Bench {
    /// The wide profile on a relay, taken in by pushes.
    pub(super) fn wide(&mut self) -> Result<Prepared, Failure> {
        if let Some(prepared) = &self.wide {
            return Ok(prepared.clone());
        }
        let (prepared, _) = Prepared::fill(self.folder.join("relay-wide"), WIDE)?;
        Ok(self.wide.insert(prepared).clone())
    }
}
