//! A relay on a free port with a fresh workspace, and phones that belong to it.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use cartera_core::document::{FieldKey, FieldValue};
use cartera_core::engine::{ClientEdit, Engine, NewClient};
use cartera_core::env::{Env, SystemEnv};
use cartera_core::model::{ClientId, DeviceId, PersonId, TerritoryId};
use cartera_core::query;
use cartera_core::store::StoreError;
use cartera_core::sync::session::Report;
use cartera_relay::app::{App, Folder};
use cartera_relay::devices::Purpose;
use cartera_relay::devices::enrol::{invitation, invite};
use cartera_relay::people::Role;
use cartera_relay::people::access::By;
use cartera_relay::people::manage::{self, NewPerson};
use cartera_relay::settings::Settings;
use cartera_relay::{Listen, Listener, Running, serve, territories};

pub(crate) struct World {
    pub(crate) relay: Running,
    folder: tempfile::TempDir,
}

pub(crate) struct Phone {
    pub(crate) engine: Engine,
    pub(crate) person: PersonId,
    folder: tempfile::TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let relay = start(&folder, Listen::loopback());
        Self { relay, folder }
    }

    pub(crate) fn app(&self) -> &App {
        self.relay.app()
    }

    /// Stops the relay and starts it again on the same data, on another port.
    pub(crate) fn restart(self) -> Self {
        self.relay.stop().unwrap();
        let relay = start(&self.folder, Listen::loopback());
        Self { relay, folder: self.folder }
    }

    /// Stops the relay, does something to its folder, and starts it again where phones expect it.
    pub(crate) fn while_down(self, work: impl FnOnce(&Folder)) -> Self {
        let address = self.relay.address();
        self.relay.stop().unwrap();
        work(&folder(&self.folder));
        let relay = start(&self.folder, Listen { address, ..Listen::loopback() });
        Self { relay, folder: self.folder }
    }

    /// Where the relay's data is.
    pub(crate) fn data(&self) -> Folder {
        folder(&self.folder)
    }

    /// A folder that is not the relay's, for what is kept elsewhere.
    pub(crate) fn elsewhere(&self) -> PathBuf {
        self.folder.path().join("elsewhere")
    }

    pub(crate) fn territory(&self, name: &str) -> TerritoryId {
        territories::add(self.app(), By::CONSOLE, name).unwrap().id
    }

    pub(crate) fn rep(&self, name: &str, territories: &[TerritoryId]) -> PersonId {
        let new = NewPerson {
            name: name.into(),
            role: Role::Rep,
            all_territories: Some(false),
            territories: territories.to_vec(),
        };
        manage::add(self.app(), By::CONSOLE, &[new]).unwrap()[0].id
    }

    /// A phone of a new rep in these territories, enrolled and synced once.
    pub(crate) fn phone(&self, name: &str, territories: &[TerritoryId]) -> Phone {
        self.phone_in(Arc::new(SystemEnv), name, territories)
    }

    /// The same, with a clock of its own.
    pub(crate) fn phone_in(&self, env: Arc<dyn Env>, name: &str, territories: &[TerritoryId]) -> Phone {
        let phone = self.enrolled(env, name, self.rep(name, territories));
        phone.sync();
        phone
    }

    /// A phone of somebody, enrolled, that has not synced yet.
    pub(crate) fn unsynced_phone(&self, name: &str, person: PersonId) -> Phone {
        self.enrolled(Arc::new(SystemEnv), name, person)
    }

    fn enrolled(&self, env: Arc<dyn Env>, name: &str, person: PersonId) -> Phone {
        let folder = tempfile::tempdir().unwrap();
        let engine = Engine::open(&folder.path().join("cartera.db"), None, "Europe/Madrid", env).unwrap();
        let code = invite(self.app(), By::CONSOLE, person, Purpose::Device).unwrap().code;
        engine.enrol(&invitation(self.app(), &code), name).unwrap();
        Phone { engine, person, folder }
    }
}

fn open(folder: &tempfile::TempDir) -> Engine {
    Engine::open(&folder.path().join("cartera.db"), None, "Europe/Madrid", Arc::new(SystemEnv)).unwrap()
}

fn folder(folder: &tempfile::TempDir) -> Folder {
    Folder::new(folder.path().join("data"))
}

fn start(at: &tempfile::TempDir, listen: Listen) -> Running {
    let listener = Listener::bind(&listen).unwrap();
    let settings: Settings = listener.settings();
    let app = App::open_or_create(&folder(at), Arc::new(SystemEnv), settings).unwrap();
    serve(app, listener).unwrap()
}

impl Phone {
    /// What a backup of the phone would hold: every file, while the app is closed.
    pub(crate) fn copy(self) -> (Self, PhoneCopy) {
        let Self { engine, person, folder } = self;
        drop(engine);
        let read = |entry: std::io::Result<std::fs::DirEntry>| {
            let entry = entry.unwrap();
            (entry.file_name(), std::fs::read(entry.path()).unwrap())
        };
        let copy = std::fs::read_dir(folder.path()).unwrap().map(read).collect();
        (Self { engine: open(&folder), person, folder }, copy)
    }

    /// Another phone with the same data.
    pub(crate) fn from_copy(person: PersonId, copy: &PhoneCopy) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in copy {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        Self { engine: open(&folder), person, folder }
    }

    /// Pieces of work on the list of refused work.
    pub(crate) fn refused(&self) -> usize {
        let count = |conn: &rusqlite::Connection| {
            Ok(conn.query_row("SELECT count(*) FROM refused", [], |row| row.get(0)).unwrap())
        };
        self.engine.store().read::<_, StoreError>(count).unwrap()
    }

    pub(crate) fn device(&self) -> DeviceId {
        self.engine.identity().unwrap().unwrap().device
    }

    pub(crate) fn sync(&self) -> Report {
        self.engine.sync().unwrap()
    }

    pub(crate) fn client(&self, name: &str) -> ClientId {
        self.engine.create_client(NewClient { fields: vec![text("name", name)], territory: None }).unwrap()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let rows = self
            .engine
            .store()
            .read::<_, StoreError>(|conn| Ok(query::clients::list(conn, None, 500)?))
            .unwrap();
        rows.into_iter().map(|row| row.name).collect()
    }

    pub(crate) fn timeline(&self, client: &ClientId) -> Vec<query::timeline::Entry> {
        self.engine
            .store()
            .read::<_, StoreError>(|conn| Ok(query::timeline::of_client(conn, client, None, 500)?))
            .unwrap()
    }

    pub(crate) fn row(&self, client: &ClientId) -> query::clients::ClientRow {
        self.engine
            .store()
            .read::<_, StoreError>(|conn| Ok(query::clients::get(conn, client)?))
            .unwrap()
            .unwrap()
    }
}

/// The phone's files by name.
pub(crate) type PhoneCopy = Vec<(OsString, Vec<u8>)>;

pub(crate) fn text(key: &str, value: &str) -> ClientEdit {
    ClientEdit { key: FieldKey::new(key).unwrap(), value: Some(FieldValue::Text(value.into())) }
}
