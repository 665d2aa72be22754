//! What every use case is given, and how it is put together from a data folder.

use std::path::PathBuf;
use std::sync::Arc;

use cartera_core::env::{Env, random_bytes};
use cartera_core::sync::wire::Epoch;
use tokio::sync::{Semaphore, watch};

use crate::attention::Pairs;
use crate::audit::{Actor, Deed, Subject};
use crate::backup::desk::Desk;
use crate::figures::kept::Kept;
use crate::files;
pub use crate::folder::Folder;
use crate::http::blocking::UseCases;
use crate::http::body::Budgets;
use crate::http::limits::{USE_CASES, WORKBOOKS};
use crate::http::throttle::Throttle;
use crate::journal::{Journal, JournalError};
use crate::keys::{Keys, KeysError};
use crate::login::Door;
use crate::settings::Settings;
use crate::storage::sqlite::SqliteStorage;
use crate::storage::{self, Audit, Storage, StorageError, Workspace, Workspaces};
use crate::sync::Shared;
use crate::telemetry::Metrics;

/// Clock and randomness, the store, the keys and how the process was started. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    pub env: Arc<dyn Env>,
    pub storage: Arc<dyn Storage>,
    pub keys: Arc<Keys>,
    pub settings: Arc<Settings>,
    pub metrics: Arc<Metrics>,
    /// The workspace's id and the day it was made. Its epoch may be replaced: ask the store for that.
    pub workspace: Workspace,
    pub(crate) use_cases: UseCases,
    pub(crate) budgets: Budgets,
    pub(crate) throttle: Arc<Throttle>,
    pub(crate) door: Arc<Door>,
    pub(crate) kept: Arc<Kept>,
    pub(crate) pairs: Arc<Pairs>,
    pub(crate) sync: Arc<Shared>,
    pub(crate) backups: Arc<Desk>,
    /// Places for workbooks in the making; each is held until its answer was read or broken off.
    pub(crate) workbooks: Arc<Semaphore>,
    /// Files are imported one at a time.
    pub(crate) imports: Arc<Semaphore>,
    stopping: Arc<watch::Sender<bool>>,
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the data folder {path} cannot be used: {detail}. Name another one, or mend the permissions")]
    Folder { path: PathBuf, detail: String },
    #[error(
        "{database} is there, but its recovery key is not: {key_file} is missing. Put the copy back that was made at first start, or name it; without it cursors and receipts cannot be checked"
    )]
    KeyMissing { database: PathBuf, key_file: PathBuf },
    #[error(
        "there is no workspace in {path} yet. Start `cartera-relay serve` with this folder once, which makes one"
    )]
    Nothing { path: PathBuf },
    #[error(
        "the journal {journal} is there, but {database} is not, or it is empty. Restore the last backup (`cartera-relay restore`), or move the journal away to begin anew"
    )]
    JournalAhead { database: PathBuf, journal: PathBuf },
    #[error(
        "the journal {journal} ends at line {last}, and the database holds {held} of its decisions: a part of it is missing. Put it back (is its disk there?); where it is lost for good, `cartera-relay new-journal` begins another one"
    )]
    JournalBehind { journal: PathBuf, last: u64, held: u64 },
    #[error(
        "the journal {journal} has every decision that the database holds, {held} of them: there is nothing to begin anew. Nothing was changed"
    )]
    JournalWhole { journal: PathBuf, held: u64 },
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Keys(#[from] KeysError),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl OpenError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Folder { .. } => "data_folder",
            Self::KeyMissing { .. } => "key_file_missing",
            Self::Nothing { .. } => "no_workspace",
            Self::JournalAhead { .. } => "journal_ahead",
            Self::JournalBehind { .. } => "journal_behind",
            Self::JournalWhole { .. } => "journal_whole",
            Self::Journal(error) => error.code(),
            Self::Keys(error) => error.code(),
            Self::Storage(error) => error.code(),
        }
    }
}

impl App {
    /// Puts the parts together, and binds a fresh store to the keys' workspace.
    pub fn new(
        env: Arc<dyn Env>,
        storage: Arc<dyn Storage>,
        keys: Keys,
        settings: Settings,
    ) -> storage::Result<Self> {
        let fresh = Workspace {
            id: keys.workspace(),
            epoch: Epoch(random_bytes(env.as_ref())),
            created_ms: env.now_ms(),
        };
        let workspace = storage.found(fresh)?;
        Ok(Self {
            env,
            storage,
            keys: Arc::new(keys),
            settings: Arc::new(settings),
            metrics: Arc::new(Metrics::new()),
            workspace,
            use_cases: UseCases::new(USE_CASES),
            budgets: Budgets::new(),
            throttle: Arc::new(Throttle::default()),
            door: Arc::default(),
            kept: Arc::default(),
            pairs: Arc::default(),
            sync: Arc::new(Shared::default()),
            backups: Arc::default(),
            workbooks: Arc::new(Semaphore::new(WORKBOOKS)),
            imports: Arc::new(Semaphore::new(1)),
            stopping: Arc::new(watch::Sender::new(false)),
        })
    }

    /// Waits until the relay is told to stop: for answers that would otherwise never end.
    pub async fn stopping(&self) {
        // An error would mean that the sender is gone, which `self` holds.
        let _ = self.stopping.subscribe().wait_for(|stop| *stop).await;
    }

    /// The relay was told to stop: for work that goes step by step.
    pub fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    pub(crate) fn stop_announcer(&self) -> Arc<watch::Sender<bool>> {
        Arc::clone(&self.stopping)
    }

    /// Opens the workspace in `folder`, or makes a new one if there is none; of several processes that find none, one
    /// makes it and the others open that.
    pub fn open_or_create(folder: &Folder, env: Arc<dyn Env>, settings: Settings) -> Result<Self, OpenError> {
        let cannot = |error: std::io::Error| OpenError::Folder {
            path: folder.data.clone(),
            detail: error.to_string(),
        };
        files::create_private_dir(&folder.data).map_err(cannot)?;
        let _lock = folder.lock().map_err(cannot)?;
        let keys = match Keys::load(&folder.key_file)? {
            Some(keys) => keys,
            None if !is_fresh(folder)? => return Err(key_missing(folder)),
            None => {
                let keys = Keys::generate(env.as_ref());
                keys.save(&folder.key_file)?;
                keys
            }
        };
        Self::with_keys(folder, keys, env, settings)
    }

    /// Opens the workspace in `folder`, which has to be there: for commands that must not make one by mistake.
    pub fn open(folder: &Folder, env: Arc<dyn Env>, settings: Settings) -> Result<Self, OpenError> {
        let (keys, _lock) = Self::keys_of_what_is_there(folder)?;
        Self::with_keys(folder, keys, env, settings)
    }

    /// Begins another journal where the one that the database knows of is lost for good. A restore from an older backup
    /// will find the gap, and be careful.
    pub fn begin_journal(folder: &Folder, env: &dyn Env) -> Result<u64, OpenError> {
        let (keys, _lock) = Self::keys_of_what_is_there(folder)?;
        let storage = SqliteStorage::open(&folder.database(), Some(keys.workspace()))?;
        let held = storage.journal_held()?;
        let journal = Journal::open(&folder.journal, &keys)?;
        if journal.last()? >= held {
            return Err(OpenError::JournalWhole { journal: folder.journal.clone(), held });
        }
        let storage = storage.with_journal(journal);
        let number = storage.begin_journal(env.now_ms())?;
        storage.record(&[Deed {
            at_ms: env.now_ms(),
            actor: Actor::Console,
            action: "journal.begun",
            subject: Subject::Workspace,
            detail: format!("line {number}"),
        }])?;
        Ok(number)
    }

    /// The keys, and a lock that keeps others from making or moving the workspace meanwhile.
    fn keys_of_what_is_there(folder: &Folder) -> Result<(Keys, std::fs::File), OpenError> {
        let nothing = || OpenError::Nothing { path: folder.data.clone() };
        if !folder.data.exists() {
            return Err(nothing());
        }
        // Whoever is about to make it is let finish.
        let lock = folder
            .lock()
            .map_err(|error| OpenError::Folder { path: folder.data.clone(), detail: error.to_string() })?;
        let keys = Keys::load(&folder.key_file)?;
        if is_fresh(folder)? {
            keys.as_ref().map(|keys| journal_of(folder, keys, false)).transpose()?;
            return Err(nothing());
        }
        Ok((keys.ok_or_else(|| key_missing(folder))?, lock))
    }

    fn with_keys(
        folder: &Folder,
        keys: Keys,
        env: Arc<dyn Env>,
        settings: Settings,
    ) -> Result<Self, OpenError> {
        let open = || SqliteStorage::open(&folder.database(), Some(keys.workspace()));
        // Whose the database is comes first: with another workspace's key every journal looks damaged.
        let found = if is_fresh(folder)? { None } else { Some(open()?) };
        let founded = found.as_ref().map(SqliteStorage::workspace).transpose()?.flatten().is_some();
        // Asked before the journal is: a process beside this one may write both meanwhile, the journal first.
        let held = found.as_ref().map_or(Ok(0), SqliteStorage::journal_held)?;
        let (journal, last) = journal_of(folder, &keys, founded)?;
        if last < held {
            return Err(OpenError::JournalBehind { journal: folder.journal.clone(), last, held });
        }
        let storage = found.map_or_else(open, Ok)?.with_journal(journal);
        let caught_up = storage.follow_journal(Epoch(random_bytes(env.as_ref())), env.now_ms())?;
        let app = Self::new(env, Arc::new(storage), keys, settings)?;
        if caught_up.rolled_back {
            tracing::error!(
                code = "log_rolled_back",
                "the database was put back to an older state: a new epoch begins"
            );
            let deed = Deed {
                at_ms: app.env.now_ms(),
                actor: Actor::Console,
                action: "log.rolled_back",
                subject: Subject::Workspace,
                detail: format!("{} decisions of the journal done again", caught_up.acts),
            };
            app.storage.record(&[deed])?;
        }
        Ok(app)
    }
}

/// There is no database, or an empty file, which SQLite would take for a new one.
fn is_fresh(folder: &Folder) -> Result<bool, OpenError> {
    files::is_absent_or_empty(&folder.database())
        .map_err(|error| OpenError::Folder { path: folder.data.clone(), detail: error.to_string() })
}

fn key_missing(folder: &Folder) -> OpenError {
    OpenError::KeyMissing { database: folder.database(), key_file: folder.key_file.clone() }
}

/// The journal and its last line. One that has lines proves that there was a workspace.
fn journal_of(folder: &Folder, keys: &Keys, founded: bool) -> Result<(Journal, u64), OpenError> {
    let journal = Journal::open(&folder.journal, keys)?;
    let last = journal.last()?;
    if last > 0 && !founded {
        let (database, journal) = (folder.database(), folder.journal.clone());
        return Err(OpenError::JournalAhead { database, journal });
    }
    Ok((journal, last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cartera_core::env::SeededEnv;

    fn env() -> Arc<dyn Env> {
        Arc::new(SeededEnv::new(1, 1_790_000_000_000))
    }

    #[test]
    fn a_workspace_is_made_once_and_opened_again() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(dir.path().join("a/b"));
        let absent = App::open(&folder, env(), Settings::default()).unwrap_err();
        assert_eq!(absent.code(), "no_workspace");
        let first = App::open_or_create(&folder, env(), Settings::default()).unwrap();
        let again = App::open(&folder, env(), Settings::default()).unwrap();
        assert_eq!(again.workspace, first.workspace);
    }

    #[test]
    fn a_database_without_its_key_or_with_another_one_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(dir.path());
        drop(App::open_or_create(&folder, env(), Settings::default()).unwrap());
        std::fs::rename(&folder.key_file, dir.path().join("elsewhere")).unwrap();
        let missing = App::open_or_create(&folder, env(), Settings::default()).unwrap_err();
        assert_eq!(missing.code(), "key_file_missing");
        Keys::generate(&SeededEnv::new(2, 1_790_000_000_000)).save(&folder.key_file).unwrap();
        let other = App::open(&folder, env(), Settings::default()).unwrap_err();
        assert_eq!(other.code(), "storage_other_workspace");
    }

    #[test]
    fn the_key_is_not_in_the_database() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(dir.path());
        let app = App::open_or_create(&folder, env(), Settings::default()).unwrap();
        let text = app.keys.recovery_text().replace('-', "");
        let key: [u8; 34] = crate::secret::from_base32(&text).unwrap();
        for file in ["relay.db", "relay.db-wal"] {
            let Ok(bytes) = std::fs::read(dir.path().join(file)) else { continue };
            assert!(!bytes.windows(32).any(|window| window == &key[..32]), "{file}");
            assert!(!bytes.windows(text.len()).any(|window| window == text.as_bytes()), "{file}");
        }
    }

    /// The relay, and its command line on the same folder.
    #[test]
    fn listeners_hear_of_what_another_process_wrote_and_are_not_woken_for_nothing() {
        use crate::people::access::By;

        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(dir.path());
        let relay = App::open_or_create(&folder, env(), Settings::default()).unwrap();
        crate::territories::add(&relay, By::CONSOLE, "Norte").unwrap();
        let mut watch = relay.storage.reached().watch();
        let console = App::open(&folder, Arc::new(SeededEnv::new(2, 1_790_000_000_000)), Settings::default());
        let console = console.unwrap();
        relay.storage.hear_others().unwrap();
        assert!(!watch.has_changed().unwrap(), "it was only opened");

        crate::territories::add(&console, By::CONSOLE, "Sur").unwrap();
        // What this process itself writes meanwhile hides nothing of it.
        crate::territories::add(&relay, By::CONSOLE, "Este").unwrap();
        let own = *watch.borrow_and_update();
        crate::territories::add(&console, By::CONSOLE, "Oeste").unwrap();
        assert!(!watch.has_changed().unwrap());
        relay.storage.hear_others().unwrap();
        assert!(watch.has_changed().unwrap());
        let end = relay.storage.tip().unwrap().number;
        assert!(end > own && *watch.borrow_and_update() == end, "{end} {own}");
        let sees = crate::storage::log::Sees {
            person: cartera_core::model::PersonId::from_bytes([1; 16]),
            scope_version: 1,
            all: true,
            lanes: Vec::new(),
            reached: 0,
        };
        assert_eq!(relay.storage.reached().of(&sees), end);
        relay.storage.hear_others().unwrap();
        assert!(!watch.has_changed().unwrap(), "once");
        crate::territories::add(&relay, By::CONSOLE, "Centro").unwrap();
        watch.mark_unchanged();
        relay.storage.hear_others().unwrap();
        assert!(!watch.has_changed().unwrap(), "its own it has told already");
    }
}
