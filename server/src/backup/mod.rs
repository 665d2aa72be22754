//! Backups: the whole store in one encrypted file, made while the relay works, proven before it has its name.
//!
//! `cartera-WORKSPACE-TIME.db.zst.age` is the SQLite file, compressed with zstd, encrypted with age to the workspace's
//! key. Whoever has the recovery key opens it with the tools of age, zstd and SQLite alone. Neither the recovery key
//! nor any device's key is in it.
//!
//! | file | what |
//! |---|---|
//! | [`sealed`] | to the file and back, in one pass, memory flat |
//! | [`name`] | what a backup is called, and which there are |
//! | [`retention`] | which are kept |
//! | [`restore`] | a workspace from one, in another epoch |
//! | [`desk`], `api` | asked for over HTTP |
//! | [`schedule`] | made by themselves while the relay serves |

pub(crate) mod api;
pub mod desk;
mod error;
pub mod name;
pub mod restore;
pub mod retention;
pub mod schedule;
mod sealed;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::path::{Path, PathBuf};

use cartera_core::model::access::Action;

pub use error::BackupError;
pub use name::{Found, list};
pub use retention::Keep;

use crate::app::App;
use crate::audit::{Deed, Subject};
use crate::files;
use crate::keys::Keys;
use crate::people::access::By;
use crate::storage::backup::Contents;
use crate::storage::sqlite::backup::inspect;

/// What a backup is at, for whoever waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The store is copied, as it is at one moment.
    Copying,
    /// The copy is compressed and encrypted.
    Sealing,
    /// The file is opened again, and compared with the copy.
    Verifying,
}

/// Hears of (stage, done, all), in bytes or pages.
pub type OnProgress<'a> = &'a mut dyn FnMut(Stage, u64, u64);

/// Where backups go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Where they are kept.
    pub to: PathBuf,
    /// The relay's own folder: the copy passes through it, since it is not encrypted yet.
    pub work: PathBuf,
}

/// A backup that was made and proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    pub path: PathBuf,
    pub bytes: u64,
    pub contents: Contents,
}

/// Makes one. It gets its name only once it was opened again, found sound and equal to the copy, and is on the disk.
pub fn make(app: &App, by: By, places: &Places, progress: OnProgress<'_>) -> Result<Made, BackupError> {
    by.require(Action::BackUp)?;
    files::create_private_dir(&places.to).map_err(BackupError::io("make", &places.to))?;
    let _lock = lock(&places.work)?;
    delete_partials(places);
    let at_ms = app.env.now_ms();
    let path = places.to.join(name::of(app.workspace.id, at_ms));
    if path.exists() {
        return Err(BackupError::Exists { path });
    }
    let partial = Partial(places.to.join(format!("{}{}", name::of(app.workspace.id, at_ms), name::PARTIAL)));
    let copy = Partial(places.work.join(COPY));

    files::create_private(&copy.0, &[]).map_err(BackupError::io("make", &copy.0))?;
    app.storage.copy_to(&copy.0, &mut |done, all| progress(Stage::Copying, done, all))?;
    // The copy is page by page what the store is.
    let contents = inspect(&copy.0).map_err(BackupError::Unsound)?;
    let digest = sealed::seal(&copy.0, &partial.0, &app.keys, &mut |done, all| {
        progress(Stage::Sealing, done, all);
    })?;
    // Only one plain copy lies on the disk at a time.
    drop(copy);
    let copy = Partial(places.work.join(COPY));
    let proven =
        prove(&partial.0, &copy.0, &app.keys, &mut |done, all| progress(Stage::Verifying, done, all))?;
    if proven != (digest, contents.clone()) {
        return Err(BackupError::Differs { path: partial.0.clone() });
    }
    drop(copy);
    std::fs::rename(&partial.0, &path).map_err(BackupError::io("name", &path))?;
    files::sync_folder_of(&path).map_err(BackupError::io("keep", &path))?;
    let bytes = std::fs::metadata(&path).map_err(BackupError::io("read", &path))?.len();
    app.metrics.backup_made(at_ms, bytes);
    desk::note_check(app, &name::of(app.workspace.id, at_ms), None)?;
    let deed = Deed {
        at_ms,
        actor: by.actor,
        action: "backup.made",
        subject: Subject::Workspace,
        detail: format!("entry {} bytes {bytes}", contents.number),
    };
    app.storage.record(&[deed])?;
    Ok(Made { path, bytes, contents })
}

/// Opens a backup and looks through all of it. The plain copy lies in `work` meanwhile.
pub fn verify(
    path: &Path,
    work: &Path,
    keys: &Keys,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Contents, BackupError> {
    let _lock = lock(work)?;
    let copy = Partial(work.join(COPY));
    copy.remove();
    Ok(prove(path, &copy.0, keys, progress)?.1)
}

fn prove(
    sealed: &Path,
    copy: &Path,
    keys: &Keys,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<([u8; 32], Contents), BackupError> {
    let digest = sealed::open(sealed, copy, keys, progress)?;
    Ok((digest, inspect(copy)?))
}

/// Opens a backup into a file that is not there yet.
pub(crate) fn open_into(
    sealed: &Path,
    to: &Path,
    keys: &Keys,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Contents, BackupError> {
    Ok(prove(sealed, to, keys, progress)?.1)
}

/// The plain copy, for as long as it is needed.
const COPY: &str = "backup-copy.db.partial";
const LOCK: &str = "backup.lock";

/// Deletes what a process that died left behind, unless one is at work.
pub(crate) fn sweep(places: &Places) {
    if let Ok(_lock) = lock(&places.work) {
        delete_partials(places);
    }
}

/// Copies that are not encrypted, files that are not whole.
fn delete_partials(places: &Places) {
    Partial(places.work.join(COPY)).remove();
    for stale in name::partials(&places.to) {
        Partial(stale).remove();
    }
}

/// One backup at a time, whichever process makes it. The lock goes with the process.
fn lock(work: &Path) -> Result<File, BackupError> {
    let path = work.join(LOCK);
    files::try_lock(&path).map_err(BackupError::io("lock", &path))?.ok_or(BackupError::Busy)
}

/// A file that goes away unless it was renamed.
struct Partial(PathBuf);

impl Partial {
    fn remove(&self) {
        for suffix in ["", "-journal", "-wal", "-shm"] {
            let mut path = self.0.clone().into_os_string();
            path.push(suffix);
            // Not there is what is wanted.
            let _ = std::fs::remove_file(path);
        }
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        self.remove();
    }
}
