//! The relay: its real use cases behind the bytes of the protocol, without a socket and without a second thread.
//!
//! What the server's HTTP shell does around them is done here in the same order: bound the body, find the device by its
//! token, decode, work, encode; every answer is shown to the oracle of leaks before it leaves.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use cartera_core::env::SeededEnv;
use cartera_core::model::DeviceId;
use cartera_core::sync::http::Answer;
use cartera_core::sync::wire::{self, limits};
use cartera_relay::app::{App, Folder};
use cartera_relay::backup::restore::Restore;
use cartera_relay::backup::{Places, make};
use cartera_relay::devices::{Device, enrol};
use cartera_relay::http::problem::Problem;
use cartera_relay::people::access::By;
use cartera_relay::secret::SecretHash;
use cartera_relay::settings::Settings;
use cartera_relay::sync::{bootstrap, digest, sync};
use rusqlite::Connection;

use super::oracle::leak::{Watch, open};

/// Longer than a phone's token ever is.
const TOKEN_BYTES_MAX: usize = 512;

#[derive(Debug)]
pub struct Relay {
    pub env: Arc<SeededEnv>,
    folder: Folder,
    /// Where its backups are kept.
    elsewhere: PathBuf,
    app: Mutex<Option<App>>,
    pub watch: Watch,
    /// Phones that asked where their digest differs.
    repairs: Mutex<Vec<DeviceId>>,
    /// The most items of buckets in one answer.
    bucket_items: AtomicUsize,
}

impl Relay {
    pub fn new(folder: PathBuf, seed: u64, now_ms: i64) -> Self {
        let env = Arc::new(SeededEnv::new(seed, now_ms));
        let elsewhere = folder.join("../backups");
        let folder = Folder::new(folder);
        let app = App::open_or_create(&folder, env.clone(), Settings::default()).unwrap();
        let watch = Watch::new(folder.database());
        Self {
            env,
            folder,
            elsewhere,
            app: Mutex::new(Some(app)),
            watch,
            repairs: Mutex::default(),
            bucket_items: AtomicUsize::new(limits::BUCKET_ITEMS),
        }
    }

    pub fn app(&self) -> App {
        self.app.lock().unwrap_or_else(PoisonError::into_inner).clone().unwrap()
    }

    pub fn database(&self) -> PathBuf {
        self.folder.database()
    }

    /// Devices that had to ask where their digest differs, once for each time.
    pub fn repairs(&self) -> Vec<DeviceId> {
        self.repairs.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Answers with fewer items of buckets at one time than the protocol allows, as if there were more of them.
    pub fn limit_bucket_items(&self, most: usize) {
        self.bucket_items.store(most, Ordering::Relaxed);
    }

    /// Reads the relay's database as it is, past the relay.
    pub fn read<T>(&self, work: impl FnOnce(&Connection) -> T) -> T {
        work(&open(&self.folder.database()))
    }

    /// The process ends and begins anew on the same data.
    pub fn restart(&self) {
        let mut app = self.app.lock().unwrap_or_else(PoisonError::into_inner);
        *app = None;
        *app = Some(App::open(&self.folder, self.env.clone(), Settings::default()).unwrap());
    }

    /// A backup as the relay makes it.
    pub fn back_up(&self) -> PathBuf {
        let places = Places { to: self.elsewhere.clone(), work: self.folder.data.clone() };
        make(&self.app(), By::CONSOLE, &places, &mut |_, _, _| {}).unwrap().path
    }

    /// The database as it is, as a virtual machine's snapshot has it.
    pub fn copy_to(&self, to: &Path) {
        let _ = std::fs::remove_file(to);
        self.read(|conn| conn.execute("VACUUM INTO ?1", [to.to_str().unwrap()]).unwrap());
    }

    /// A backup takes the place of what is there; without the journal, if that was lost too.
    pub fn restore(&self, backup: &Path, with_journal: bool) {
        let mut app = self.app.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = Arc::clone(&app.take().unwrap().keys);
        self.watch.reopen();
        if !with_journal {
            // Where nothing was decided there is none.
            let _ = std::fs::remove_file(&self.folder.journal);
        }
        let order = Restore {
            backup: backup.to_owned(),
            folder: self.folder.clone(),
            journal: None,
            replace: true,
            without_journal: !with_journal,
        };
        order.run(&keys, &*self.env, &mut |_, _| {}).unwrap();
        self.begin_again(&mut app);
    }

    /// An older copy of the file is in its place, and nobody has told the relay.
    pub fn put_back(&self, copy: &Path) {
        let mut app = self.app.lock().unwrap_or_else(PoisonError::into_inner);
        *app = None;
        self.watch.reopen();
        let database = self.folder.database();
        for suffix in ["", "-wal", "-shm"] {
            let mut path = database.clone().into_os_string();
            path.push(suffix);
            let _ = std::fs::remove_file(path);
        }
        std::fs::copy(copy, &database).unwrap();
        self.begin_again(&mut app);
    }

    fn begin_again(&self, app: &mut Option<App>) {
        *app = Some(App::open(&self.folder, self.env.clone(), Settings::default()).unwrap());
    }

    /// Answers a request as the server does over HTTP.
    pub fn answer(&self, path: &str, token: Option<&str>, body: &[u8]) -> Answer {
        match self.reply(path, token, body) {
            Ok(body) => Answer { status: 200, media_type: wire::MEDIA_TYPE.to_owned(), body },
            Err(problem) => {
                let body = serde_json::json!({
                    "type": format!("{}{}", wire::problem::TYPE_PREFIX, problem.code),
                    "status": problem.status.as_u16(),
                    "code": problem.code,
                    "detail": problem.detail,
                });
                let media_type = wire::problem::CONTENT_TYPE.to_owned();
                Answer { status: problem.status.as_u16(), media_type, body: body.to_string().into_bytes() }
            }
        }
    }

    fn reply(&self, path: &str, token: Option<&str>, body: &[u8]) -> Result<Vec<u8>, Problem> {
        if body.len() > limits::BODY_BYTES {
            return Err(wire::Problem::new(wire::ProblemCode::TooLarge, "the body is too long").into());
        }
        let app = self.app();
        if path == "/v1/enrol" {
            return Ok(wire::encode(&enrol::enrol(&app, &wire::decode(body)?)?)?);
        }
        let device = known(&app, token)?;
        match path {
            "/v1/sync" => {
                let reply = wire::encode(&sync(&app, &device, wire::decode(body)?)?)?;
                self.watch.reply(&app, &device, &wire::decode(&reply)?);
                Ok(reply)
            }
            "/v1/fetch" => {
                let reply = wire::encode(&bootstrap::fetch(&app, &device, &wire::decode(body)?)?)?;
                self.watch.page(&app, &device, &wire::decode(&reply)?);
                Ok(reply)
            }
            "/v1/digest" => {
                self.repairs.lock().unwrap_or_else(PoisonError::into_inner).push(device.id);
                let most = self.bucket_items.load(Ordering::Relaxed);
                Ok(wire::encode(&digest::digest(&app, &device, &wire::decode(body)?, most)?)?)
            }
            _ => Err(Problem::not_found()),
        }
    }
}

fn known(app: &App, token: Option<&str>) -> Result<Device, Problem> {
    let unknown =
        || Problem::from(wire::Problem::new(wire::ProblemCode::Unauthenticated, "an unknown token"));
    let token = token.filter(|token| token.len() <= TOKEN_BYTES_MAX).ok_or_else(unknown)?;
    let known = app.storage.device_by_token(&SecretHash::of(token), app.env.now_ms())?.ok_or_else(unknown)?;
    if known.device.revoked.is_some() {
        return Err(wire::Problem::new(wire::ProblemCode::Revoked, "this phone was revoked").into());
    }
    if known.device.unconfirmed {
        return Err(
            wire::Problem::new(wire::ProblemCode::Unavailable, "this phone is to be confirmed").into()
        );
    }
    Ok(known.device)
}
