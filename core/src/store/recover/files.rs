//! Which file lies where while a database is recovered.
//!
//! ```text
//! cartera.db            the damaged one, until the very end
//! cartera.db-recovery/  a copy to read from, and the fresh one while it is being made; of no worth, deleted at will
//! cartera.db-recovered  the fresh one, complete: from here on it takes the other's place, now or at the next start
//! cartera.db.damaged-1  the damaged one, for ever (and its log, cartera.db.damaged-1-wal)
//! ```
//!
//! The damaged one's log must be gone from its place before the fresh one comes there: SQLite would play it into it.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::store::StoreError;

/// The folder in which a recovery works.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// Copies the database and its log.
    pub(super) fn copy(path: &Path) -> Result<Self, StoreError> {
        let folder = beside(path, "-recovery");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir(&folder)?;
        let scratch = Self(folder);
        if path.exists() {
            fs::copy(path, scratch.damaged())?;
        }
        let log = beside(path, "-wal");
        if log.exists() {
            fs::copy(log, beside(&scratch.damaged(), "-wal"))?;
        }
        Ok(scratch)
    }

    pub(super) fn damaged(&self) -> PathBuf {
        self.0.join("damaged.db")
    }

    pub(super) fn fresh(&self) -> PathBuf {
        self.0.join("fresh.db")
    }

    /// Puts the fresh database, which nobody has open any more, in the place of the damaged one, and says where that is.
    pub(super) fn change_places(self, path: &Path) -> Result<PathBuf, StoreError> {
        // SQLite moved its log into it when it was closed.
        if beside(&self.fresh(), "-wal").exists() {
            return Err(StoreError::Io("the recovered database could not be closed".into()));
        }
        fs::rename(self.fresh(), beside(path, "-recovered"))?;
        sync_folder(path)?;
        let aside = finish(path)?.unwrap_or_else(|| path.to_owned());
        Ok(aside)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// If a recovery came as far as a complete database, lets that take its place; says where the damaged one lies.
pub(in crate::store) fn finish(path: &Path) -> Result<Option<PathBuf>, StoreError> {
    let recovered = beside(path, "-recovered");
    if !recovered.exists() {
        return Ok(None);
    }
    let aside = (1..)
        .map(|n: u32| beside(path, &format!(".damaged-{n}")))
        .find(|aside| !aside.exists())
        .ok_or_else(|| StoreError::Io("too many damaged databases lie beside this one".into()))?;
    rename_if_there(&beside(path, "-wal"), &beside(&aside, "-wal"))?;
    // An index of the log, made anew from it.
    match fs::remove_file(beside(path, "-shm")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    rename_if_there(path, &aside)?;
    sync_folder(path)?;
    fs::rename(recovered, path)?;
    sync_folder(path)?;
    Ok(Some(aside))
}

/// SQLite takes a file that is too short for a database for a new one, writes over it, and deletes the log beside it.
pub(in crate::store) fn expect_whole(path: &Path) -> Result<(), StoreError> {
    let bytes = |path: &Path| fs::metadata(path).map(|file| file.len()).ok();
    match (bytes(path), bytes(&beside(path, "-wal"))) {
        (None | Some(0), Some(1..)) => {
            Err(StoreError::Damaged("the database is empty, its log is not".into()))
        }
        (Some(1..SHORTEST), _) => Err(StoreError::NotADatabase),
        _ => Ok(()),
    }
}

/// SQLite's smallest page.
const SHORTEST: u64 = 512;

fn rename_if_there(from: &Path, to: &Path) -> Result<(), StoreError> {
    if from.exists() { Ok(fs::rename(from, to)?) } else { Ok(()) }
}

/// A renamed file is there after a power cut when its folder is on the disk.
fn sync_folder(path: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull => Self::Full,
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => Self::ReadOnly,
            _ => Self::Io(error.to_string()),
        }
    }
}
