//! A phone: a real engine on a database of its own, with a clock, a process that can die, and an owner.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use cartera_core::engine::Engine;
use cartera_core::model::PersonId;
use cartera_core::sync::http::Transport;
use cartera_core::sync::session::{Report, SyncError};
use cartera_core::sync::wire::Invitation;

use super::device_env::{DeviceEnv, Killed};
use super::network::Way;
use super::world::World;

/// How the relay's owner stands to a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Its work counts, and it has to agree with the relay in the end.
    Active,
    /// The administrator revoked it: it is served nothing, and keeps what is unsent.
    Revoked,
    /// At the bottom of a river.
    Lost,
    /// It is not ours: it does what it likes, and nobody else may notice.
    Hostile,
}

/// What became of an attempt.
#[derive(Debug)]
pub enum Attempt<T> {
    Done(T),
    /// The process died on the way, and was started again.
    Died,
    /// It was at it already.
    Busy,
}

#[derive(Debug)]
pub struct Phone {
    pub name: String,
    /// Its place in the world.
    pub place: usize,
    pub person: PersonId,
    /// A rep corrects nobody's records but his own.
    pub is_rep: bool,
    pub env: Arc<DeviceEnv>,
    path: PathBuf,
    zone: Mutex<&'static str>,
    engine: Mutex<Option<Engine>>,
    standing: Mutex<Standing>,
    syncing: AtomicBool,
}

impl Phone {
    pub fn new(
        name: &str,
        place: usize,
        (person, is_rep): (PersonId, bool),
        path: PathBuf,
        env: DeviceEnv,
    ) -> Self {
        let phone = Self {
            name: name.to_owned(),
            place,
            person,
            is_rep,
            env: Arc::new(env),
            path,
            zone: Mutex::new("Europe/Madrid"),
            engine: Mutex::new(None),
            standing: Mutex::new(Standing::Active),
            syncing: AtomicBool::new(false),
        };
        phone.open();
        phone
    }

    fn open(&self) {
        let zone = *self.zone.lock().unwrap_or_else(PoisonError::into_inner);
        let engine = Engine::open(&self.path, None, zone, self.env.clone()).unwrap();
        *self.engine.lock().unwrap_or_else(PoisonError::into_inner) = Some(engine);
    }

    pub fn engine(&self) -> Engine {
        self.engine.lock().unwrap_or_else(PoisonError::into_inner).clone().unwrap()
    }

    pub fn standing(&self) -> Standing {
        *self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn stands(&self, standing: Standing) {
        *self.standing.lock().unwrap_or_else(PoisonError::into_inner) = standing;
    }

    pub fn is_active(&self) -> bool {
        self.standing() == Standing::Active
    }

    pub fn is_syncing(&self) -> bool {
        self.syncing.load(Ordering::Relaxed)
    }

    /// The process ends and begins anew. Not while it syncs: that process dies of something in it.
    pub fn restart(&self) {
        if !self.is_syncing() {
            *self.engine.lock().unwrap_or_else(PoisonError::into_inner) = None;
            self.open();
        }
    }

    /// Its owner crosses a border.
    pub fn set_zone(&self, zone: &'static str) {
        if !self.is_syncing() {
            *self.zone.lock().unwrap_or_else(PoisonError::into_inner) = zone;
            self.restart();
        }
    }

    /// The whole database as it is, as a backup of the phone has it.
    pub fn copy_to(&self, to: &Path) {
        let _ = std::fs::remove_file(to);
        let conn = rusqlite::Connection::open(&self.path).unwrap();
        conn.execute("VACUUM INTO ?1", [to.to_str().unwrap()]).unwrap();
    }

    /// A copy takes the place of the database.
    pub fn put_back(&self, copy: &Path) {
        assert!(!self.is_syncing());
        *self.engine.lock().unwrap_or_else(PoisonError::into_inner) = None;
        for suffix in ["", "-wal", "-shm"] {
            let mut path = self.path.clone().into_os_string();
            path.push(suffix);
            let _ = std::fs::remove_file(path);
        }
        std::fs::copy(copy, &self.path).unwrap();
        self.open();
    }

    /// Runs something of this phone's process, which may die of it. What the process does beside a sync, at the same
    /// time, takes that sync with it.
    pub fn run<T>(&self, work: impl FnOnce(&Engine) -> T) -> Attempt<T> {
        let engine = self.engine();
        if self.is_syncing() {
            return Attempt::Done(work(&engine));
        }
        self.catch(engine, work)
    }

    fn catch<T>(&self, engine: Engine, work: impl FnOnce(&Engine) -> T) -> Attempt<T> {
        match catch_unwind(AssertUnwindSafe(|| work(&engine))) {
            Ok(done) => {
                self.syncing.store(false, Ordering::Relaxed);
                Attempt::Done(done)
            }
            Err(why) => {
                drop(engine);
                self.syncing.store(false, Ordering::Relaxed);
                self.env.live_on();
                self.restart();
                match why.downcast_ref() {
                    Some(Killed(place)) if *place == self.place => Attempt::Died,
                    // Another phone's death, or a defect: on to whom it concerns.
                    _ => resume_unwind(why),
                }
            }
        }
    }

    pub fn enrol(&self, world: &World, invitation: &Invitation) -> Attempt<Result<(), SyncError>> {
        self.enrol_over(&Way::new(world, self.place), invitation)
    }

    pub fn enrol_over(
        &self,
        transport: &dyn Transport,
        invitation: &Invitation,
    ) -> Attempt<Result<(), SyncError>> {
        self.exclusive(|engine| engine.enrol_over(transport, invitation, &self.name).map(|_| ()))
    }

    pub fn sync(&self, world: &World) -> Attempt<Result<Report, SyncError>> {
        self.sync_over(&Way::new(world, self.place))
    }

    pub fn sync_over(&self, transport: &dyn Transport) -> Attempt<Result<Report, SyncError>> {
        self.exclusive(|engine| engine.sync_over(transport))
    }

    fn exclusive<T>(&self, work: impl FnOnce(&Engine) -> T) -> Attempt<T> {
        if self.syncing.swap(true, Ordering::Relaxed) {
            return Attempt::Busy;
        }
        self.catch(self.engine(), work)
    }
}
