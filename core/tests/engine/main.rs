//! The engine as an app uses it: commands, queries, reopening; one device, no network.

#![allow(clippy::unwrap_used)] // a test that cannot be set up has failed

mod commands;
mod damage;
mod duplicates;
mod figures;
mod kinds;
mod migrations;
mod opening;
mod own_device;
mod prices;
mod profile;
mod recovery;
mod refusals;
mod relation;
mod screens;
mod searches;
mod support;
mod to_do;
mod to_look_at;
mod today;
mod visit_plan;
mod win_back;

use std::path::PathBuf;
use std::sync::Arc;

use cartera_core::document::{FieldKey, FieldValue};
use cartera_core::engine::{ClientEdit, Engine, NewClient};
use cartera_core::env::SeededEnv;
use cartera_core::model::ClientId;
use cartera_core::query;

/// 2026-11-02, a Monday, 09:00 UTC.
const MONDAY_MS: i64 = 1_793_610_000_000;

/// A device with its own folder and clock.
struct Device {
    folder: tempfile::TempDir,
    env: Arc<SeededEnv>,
    engine: Engine,
}

impl Device {
    fn new(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let env = Arc::new(SeededEnv::new(seed, MONDAY_MS));
        let engine = open(&folder.path().join("cartera.db"), &env);
        Self { folder, env, engine }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("cartera.db")
    }

    /// As after the app was killed: nothing is closed in order.
    fn reopen(&mut self) {
        self.engine = open(&self.path(), &self.env);
    }

    fn client(&self, name: &str) -> ClientId {
        self.engine.create_client(NewClient { fields: vec![text("name", name)], territory: None }).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let rows = self
            .engine
            .store()
            .read::<_, cartera_core::store::StoreError>(|conn| Ok(query::clients::list(conn, None, 50)?));
        rows.unwrap().into_iter().map(|row| row.name).collect()
    }

    fn search(&self, typed: &str) -> Vec<String> {
        let rows = self
            .engine
            .store()
            .read::<_, cartera_core::store::StoreError>(|conn| Ok(query::clients::search(conn, typed, 50)?));
        rows.unwrap().into_iter().map(|row| row.name).collect()
    }

    fn timeline(&self, client: &ClientId) -> Vec<query::timeline::Entry> {
        let entries = self.engine.store().read::<_, cartera_core::store::StoreError>(|conn| {
            Ok(query::timeline::of_client(conn, client, None, 50)?)
        });
        entries.unwrap()
    }
}

fn open(path: &std::path::Path, env: &Arc<SeededEnv>) -> Engine {
    Engine::open(path, None, "Europe/Madrid", env.clone()).unwrap()
}

fn text(key: &str, value: &str) -> ClientEdit {
    ClientEdit { key: FieldKey::new(key).unwrap(), value: Some(FieldValue::Text(value.into())) }
}
