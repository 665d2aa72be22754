//! Backups asked for over HTTP: one at a time, beside the requests, since making one takes as long as reading the store.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cartera_core::model::access::Action;

use super::schedule::Schedule;
use super::{BackupError, Found, Stage, list, make, name, verify};
use crate::app::App;
use crate::audit::{Deed, Subject};
use crate::people::access::By;
use crate::refused::Refused;
use crate::storage::backup::Check;

/// Backups in one answer, the newest.
pub const LISTED_MAX: usize = 1_000;

/// What is done with a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    Make,
    Verify,
}

impl Job {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Make => "make",
            Self::Verify => "verify",
        }
    }
}

/// A job on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    pub job: Job,
    /// The backup that is looked through.
    pub name: Option<String>,
    pub stage: Stage,
    /// Of `all`, in bytes or pages.
    pub done: u64,
    pub all: u64,
}

/// A job that came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    pub job: Job,
    pub name: Option<String>,
    pub at_ms: i64,
    /// Stable code of the error; its words, which name files, are in the log.
    pub code: &'static str,
}

/// What this process remembers of its jobs.
#[derive(Debug, Default)]
pub struct Desk {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    running: Option<Running>,
    failed: Option<Failed>,
}

impl Desk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A backup as an administrator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub name: String,
    pub made_ms: i64,
    pub bytes: u64,
    /// When it was last opened and looked through: when it was made, or since.
    pub verified_ms: i64,
    /// What was wrong with it then.
    pub damage: Option<String>,
}

/// Where backups stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    pub schedule: Option<Schedule>,
    /// The newest first.
    pub backups: Vec<Listed>,
    pub running: Option<Running>,
    /// The last job that failed since one succeeded.
    pub failed: Option<Failed>,
}

/// This workspace's backups, and what is being done about them.
pub fn overview(app: &App, by: By) -> Result<Overview, BackupError> {
    by.require(Action::BackUp)?;
    let schedule = app.settings.backups.clone();
    let mut found = match &schedule {
        Some(schedule) => schedule.backups(app)?,
        None => Vec::new(),
    };
    found.truncate(LISTED_MAX);
    let mut checks: BTreeMap<String, (i64, Option<String>)> =
        app.storage.checks()?.into_iter().map(|check| (check.name, (check.at_ms, check.damage))).collect();
    let state = app.backups.state();
    let listed = |found: Found| {
        let name = file_name(&found);
        let (verified_ms, damage) = checks.remove(&name).unwrap_or((found.at_ms, None));
        Listed { name, made_ms: found.at_ms, bytes: found.bytes, verified_ms, damage }
    };
    let backups = found.into_iter().map(listed).collect();
    Ok(Overview { schedule, backups, running: state.running.clone(), failed: state.failed.clone() })
}

/// One of this workspace's backups, by its name.
pub fn find(app: &App, by: By, name: &str) -> Result<Found, BackupError> {
    by.require(Action::BackUp)?;
    let unknown = || Refused::unknown("backup", name);
    // Only what is called as this workspace's backups are is looked for: no other file can be named.
    let named = name::parse(name).filter(|(workspace, _)| *workspace == app.workspace.id);
    let (Some(schedule), Some(_)) = (&app.settings.backups, named) else { return Err(unknown().into()) };
    let found = list(&schedule.places.to)?.into_iter().find(|found| file_name(found) == name);
    Ok(found.ok_or_else(unknown)?)
}

/// Remembers what came of looking through a backup.
pub(crate) fn note_check(app: &App, name: &str, error: Option<&BackupError>) -> Result<(), BackupError> {
    // Somebody else's lock, or a disk that is full, says nothing of the backup.
    let told = matches!(
        error,
        None | Some(BackupError::NotABackup { .. } | BackupError::WrongKey { .. } | BackupError::Storage(_))
    );
    if told {
        let damage = error.map(|error| error.code().to_owned());
        let check = Check { name: name.to_owned(), at_ms: app.env.now_ms(), damage };
        app.storage.note_check(&check)?;
        app.metrics.backup_checked(&app.storage.checks()?);
    }
    Ok(())
}

fn file_name(found: &Found) -> String {
    found.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A job that is to be run; while it lives, no other one begins.
#[derive(Debug)]
pub struct Order {
    app: App,
    by: By,
    schedule: Schedule,
    found: Option<Found>,
}

/// Takes the order to make a backup.
pub fn order_backup(app: &App, by: By) -> Result<Order, BackupError> {
    by.require(Action::BackUp)?;
    let schedule = app.settings.backups.clone().ok_or_else(|| {
        Refused::Conflict("no folder for backups is configured: start `serve` with --backup-dir".into())
    })?;
    Order::take(app, by, schedule, None)
}

/// Takes the order to look through a backup.
pub fn order_check(app: &App, by: By, name: &str) -> Result<Order, BackupError> {
    let found = find(app, by, name)?;
    let schedule = app.settings.backups.clone().ok_or_else(|| Refused::unknown("backup", name))?;
    Order::take(app, by, schedule, Some(found))
}

impl Order {
    fn take(app: &App, by: By, schedule: Schedule, found: Option<Found>) -> Result<Self, BackupError> {
        // Another process may be at it: better said now than later.
        drop(super::lock(&schedule.places.work)?);
        let mut state = app.backups.state();
        if state.running.is_some() {
            return Err(BackupError::Busy);
        }
        let (job, stage) = match &found {
            None => (Job::Make, Stage::Copying),
            Some(_) => (Job::Verify, Stage::Verifying),
        };
        let name = found.as_ref().map(file_name);
        state.running = Some(Running { job, name, stage, done: 0, all: 0 });
        drop(state);
        Ok(Self { app: app.clone(), by, schedule, found })
    }

    /// Runs it to its end. What comes of it the overview says.
    pub fn run(self) {
        let backups = Arc::clone(&self.app.backups);
        let progress = &mut |stage, done, all| {
            if let Some(running) = &mut backups.state().running {
                (running.stage, running.done, running.all) = (stage, done, all);
            }
        };
        let outcome = match &self.found {
            None => make(&self.app, self.by, &self.schedule.places, progress).map(|_| ()),
            Some(found) => self.check(found, &mut |done, all| progress(Stage::Verifying, done, all)),
        };
        let at_ms = self.app.env.now_ms();
        let code = outcome.as_ref().err().map(BackupError::code);
        if let Err(error) = &outcome {
            self.app.metrics.backup_failures.inc();
            let job = if self.found.is_none() { Job::Make } else { Job::Verify };
            tracing::error!(job = job.as_str(), code = error.code(), %error, "a backup came to nothing");
        }
        let mut state = backups.state();
        let Some(running) = state.running.as_ref() else { return };
        let (job, name) = (running.job, running.name.clone());
        state.failed = code.map(|code| Failed { job, name, at_ms, code });
    }

    fn check(&self, found: &Found, progress: &mut dyn FnMut(u64, u64)) -> Result<(), BackupError> {
        let work: &PathBuf = &self.schedule.places.work;
        let outcome = verify(&found.path, work, &self.app.keys, progress);
        note_check(&self.app, &file_name(found), outcome.as_ref().err())?;
        let detail = match &outcome {
            Ok(contents) => format!("made {} entry {}", found.at_ms, contents.number),
            Err(error) => format!("made {} {}", found.at_ms, error.code()),
        };
        let deed = Deed {
            at_ms: self.app.env.now_ms(),
            actor: self.by.actor,
            action: "backup.verified",
            subject: Subject::Workspace,
            detail,
        };
        self.app.storage.record(&[deed])?;
        outcome.map(|_| ())
    }
}

impl Drop for Order {
    /// Also where it panicked, or was never run.
    fn drop(&mut self) {
        self.app.backups.state().running = None;
    }
}
