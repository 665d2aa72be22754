//! A workspace from a backup: another life of the log, with what was decided since done again from the journal.
//!
//! The store is opened, proven, given a new epoch and brought up to date under another name, and gets its own at the very
//! end, so that a restore that is cut off leaves what was there before. Nothing is deleted: a store that is in the way is
//! moved aside, if that was asked for.

use std::path::{Path, PathBuf};

use cartera_core::env::{Env, random_bytes};
use cartera_core::sync::wire::Epoch;

use super::{BackupError, Partial, open_into};
use crate::app::Folder;
use crate::audit::{Actor, Deed, Subject};
use crate::files;
use crate::journal::{self, Journal, Line};
use crate::keys::Keys;
use crate::serving::Serving;
use crate::storage::Audit;
use crate::storage::backup::Contents;
use crate::storage::people::CaughtUp;
use crate::storage::sqlite::SqliteStorage;

/// The store while it is not ready.
const RESTORING: &str = "restoring.db.partial";

#[derive(Debug, Clone)]
pub struct Restore {
    pub backup: PathBuf,
    /// Where the workspace is to live from now on.
    pub folder: Folder,
    /// The journal to follow, if another one than the folder's own. `None` and no file there: there is none.
    pub journal: Option<PathBuf>,
    /// A store that is there already is moved aside.
    pub replace: bool,
    /// Go on though there is no journal: every phone has to be confirmed, every token made anew.
    pub without_journal: bool,
}

/// What a restore would begin from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prospect {
    pub contents: Contents,
    /// The last line of the journal that the backup holds, and what comes after it.
    pub held: u64,
    pub lines: Vec<Line>,
    /// No line is missing in between.
    pub whole: bool,
    /// A store that is in the way.
    pub in_the_way: Option<PathBuf>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    pub contents: Contents,
    pub epoch: Epoch,
    pub caught_up: CaughtUp,
    /// Where the store went that was there before.
    pub aside: Option<PathBuf>,
}

impl Restore {
    /// Opens the backup and says what restoring it would mean; leaves nothing behind.
    pub fn prospect(&self, keys: &Keys, progress: &mut dyn FnMut(u64, u64)) -> Result<Prospect, BackupError> {
        let (prospect, opened) = self.open(keys, progress)?;
        drop(opened);
        Ok(prospect)
    }

    /// Restores. Refused where a store is in the way, or where there is no whole journal, unless told.
    pub fn run(
        &self,
        keys: &Keys,
        env: &dyn Env,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Restored, BackupError> {
        let data = &self.folder.data;
        files::create_private_dir(data).map_err(BackupError::io("make", data))?;
        // A relay that serves would go on writing into the file that is moved aside.
        let _serving = Serving::begin(&self.folder)?;
        let (prospect, opened) = self.open(keys, progress)?;
        let _lock = self.folder.lock().map_err(BackupError::io("lock", data))?;
        let database = self.folder.database();
        if prospect.in_the_way.is_some() && !self.replace {
            return Err(BackupError::InTheWay { path: database });
        }
        if !prospect.whole && !self.without_journal {
            return Err(BackupError::NoJournal { path: self.journal_path().to_path_buf() });
        }
        let workspace = prospect.contents.workspace.id;
        let keys = &keys.of_workspace(workspace);
        let now_ms = env.now_ms();
        let epoch = Epoch(random_bytes(env));
        let mut store = SqliteStorage::open(&opened.0, Some(workspace))?;
        store.begin_restored(epoch, prospect.whole, now_ms)?;
        let caught_up = store.replay(&prospect.lines, prospect.held)?;
        let detail = format!(
            "backup at entry {} journal {} to {} {}",
            prospect.contents.number,
            prospect.held,
            prospect.lines.last().map_or(prospect.held, |line| line.number),
            if prospect.whole { "whole" } else { "not whole" }
        );
        store.record(&[Deed {
            at_ms: now_ms,
            actor: Actor::Console,
            action: "workspace.restored",
            subject: Subject::Workspace,
            detail,
        }])?;
        store.overwrite_erased()?;
        if !self.folder.key_file.exists() {
            keys.save(&self.folder.key_file)?;
        }
        self.bring_journal(now_ms)?;
        if !prospect.whole {
            // What comes after it can be told from what is missing in front.
            store = store.with_journal(Journal::open(&self.folder.journal, keys)?);
            store.begin_journal(now_ms)?;
        }
        store.close()?;
        let aside = prospect.in_the_way.is_some().then(|| move_aside(&database, now_ms)).transpose()?;
        std::fs::rename(&opened.0, &database).map_err(BackupError::io("name", &database))?;
        files::sync_folder_of(&database).map_err(BackupError::io("keep", &database))?;
        Ok(Restored { contents: prospect.contents, epoch, caught_up, aside })
    }

    fn open(
        &self,
        keys: &Keys,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(Prospect, Partial), BackupError> {
        let data = &self.folder.data;
        files::create_private_dir(data).map_err(BackupError::io("make", data))?;
        let opened = Partial(data.join(RESTORING));
        opened.remove();
        let contents = open_into(&self.backup, &opened.0, keys, progress)?;
        let keys = &keys.of_workspace(contents.workspace.id);
        let held = SqliteStorage::open(&opened.0, None)?.journal_held()?;
        let path = self.journal_path();
        let lines = if path.exists() { journal::read(path, keys)? } else { Vec::new() };
        // A backup that holds decisions needs the journal that they stand in, to know that none came after.
        let reaches = lines.last().map_or(0, |line| line.number) >= held && path.exists();
        let lines: Vec<_> = lines.into_iter().filter(|line| line.number > held).collect();
        let contiguous = lines.iter().zip(held + 1..).all(|(line, number)| line.number == number);
        let database = self.folder.database();
        let in_the_way = database.exists().then_some(database);
        Ok((Prospect { contents, held, lines, whole: reaches && contiguous, in_the_way }, opened))
    }

    fn journal_path(&self) -> &Path {
        self.journal.as_deref().unwrap_or(&self.folder.journal)
    }

    /// The journal that was followed goes on in the folder's place.
    fn bring_journal(&self, now_ms: i64) -> Result<(), BackupError> {
        let (from, to) = (self.journal_path(), &self.folder.journal);
        if from == to || !from.exists() {
            return Ok(());
        }
        let bytes = std::fs::read(from).map_err(BackupError::io("read", from))?;
        if to.exists() {
            move_aside(to, now_ms)?;
        }
        files::create_private(to, &bytes).map_err(BackupError::io("write", to))
    }
}

/// Renames a file, and those that SQLite keeps beside it.
fn move_aside(path: &Path, now_ms: i64) -> Result<PathBuf, BackupError> {
    let with = |suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    let aside = format!(".replaced-{now_ms}");
    for suffix in ["-wal", "-shm", ""] {
        let from = with(suffix);
        if from.exists() {
            let to = with(&format!("{aside}{suffix}"));
            std::fs::rename(&from, &to).map_err(BackupError::io("move", &from))?;
        }
    }
    Ok(with(&aside))
}
