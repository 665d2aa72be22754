//! Backups that are made by themselves while the relay serves.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use super::retention::prune;
use super::{BackupError, Keep, Made, Places, list, make, sweep};
use crate::app::App;
use crate::people::access::By;

/// How often it is looked whether one is due; also how soon one that failed is tried again.
const LOOK_EVERY: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    pub places: Places,
    /// From the last one's time to the next.
    pub every_ms: i64,
    pub keep: Keep,
}

impl Schedule {
    /// Makes a backup if none is younger than the schedule says, and deletes those that are not to be kept. A clock that
    /// was set back does not stop backups: one from the future counts as none.
    pub fn run_if_due(&self, app: &App) -> Result<Option<Made>, BackupError> {
        let now_ms = app.env.now_ms();
        let young = |at_ms: i64| at_ms <= now_ms && now_ms - at_ms < self.every_ms;
        if self.backups(app)?.iter().any(|found| young(found.at_ms)) {
            return Ok(None);
        }
        let made = make(app, By::CONSOLE, &self.places, &mut |_, _, _| {})?;
        let gone = prune(&self.backups(app)?, self.keep)?;
        tracing::info!(bytes = made.bytes, entry = made.contents.number, gone, "backup made");
        Ok(Some(made))
    }

    /// This workspace's, the newest first.
    pub(super) fn backups(&self, app: &App) -> Result<Vec<super::Found>, BackupError> {
        let mut found = list(&self.places.to)?;
        found.retain(|found| found.workspace == app.workspace.id);
        Ok(found)
    }
}

/// What is to be done now and then while the relay serves; ends when it is dropped.
#[derive(Debug)]
pub struct Upkeep {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Upkeep {
    /// Backups, if there is a schedule; and what is left to overwrite of erased clients.
    pub fn begin(app: App) -> std::io::Result<Self> {
        if let Some(schedule) = &app.settings.backups {
            sweep(&schedule.places);
        }
        let (stop, stopped) = channel();
        let run = move || until(&stopped, || look(&app));
        let thread = std::thread::Builder::new().name("upkeep".into()).spawn(run)?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

fn until(stopped: &Receiver<()>, mut look: impl FnMut()) {
    loop {
        look();
        if !matches!(stopped.recv_timeout(LOOK_EVERY), Err(RecvTimeoutError::Timeout)) {
            return;
        }
    }
}

fn look(app: &App) {
    if let Err(error) = app.storage.scrub() {
        tracing::error!(code = error.code(), %error, "freed space could not be overwritten");
    }
    match app.settings.backups.as_ref().map(|schedule| schedule.run_if_due(app)) {
        // Somebody makes one by hand.
        None | Some(Ok(_) | Err(BackupError::Busy)) => {}
        Some(Err(error)) => {
            app.metrics.backup_failures.inc();
            tracing::error!(code = error.code(), %error, "no backup was made");
        }
    }
}

impl Drop for Upkeep {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
