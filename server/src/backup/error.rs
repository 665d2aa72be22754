//! What a backup can fail with. None of it leaves a file under a backup's name.

use std::io;
use std::path::{Path, PathBuf};

use crate::journal::JournalError;
use crate::keys::KeysError;
use crate::refused::Refused;
use crate::serving::ServingError;
use crate::storage::StorageError;

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error("{path}: cannot {what}: {detail}. Check the folder, its owner and the room on the disk")]
    Io { what: &'static str, path: PathBuf, detail: String },
    #[error("another backup is being made or checked; wait until it is done")]
    Busy,
    #[error("{path} is there already and is left alone")]
    Exists { path: PathBuf },
    #[error("{path} is no backup: {detail}. It is cut off, damaged, or another kind of file")]
    NotABackup { path: PathBuf, detail: String },
    #[error("{path} was encrypted to another key; give the recovery key of the workspace that it is of")]
    WrongKey { path: PathBuf },
    #[error(
        "{path}: what was read back is not what was written; the disk, or the way to it, is not to be trusted"
    )]
    Differs { path: PathBuf },
    #[error(
        "{path} is there already. Restore into another folder, or say that it is to be moved aside (--replace)"
    )]
    InTheWay { path: PathBuf },
    #[error(
        "there is no whole journal in {path}, so nobody knows what was revoked and erased since the backup. Name the journal, or say --without-journal: then every phone has to be confirmed"
    )]
    NoJournal { path: PathBuf },
    #[error(
        "what this relay holds is not sound, seen in a copy of it: {0}. Its own file is damaged: no backup was made"
    )]
    Unsound(StorageError),
    #[error(transparent)]
    Serving(#[from] ServingError),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Keys(#[from] KeysError),
}

impl BackupError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(error) => error.code(),
            Self::Storage(error) => error.code(),
            Self::Io { .. } => "backup_file",
            Self::Busy => "backup_busy",
            Self::Exists { .. } => "backup_exists",
            Self::NotABackup { .. } => "not_a_backup",
            Self::WrongKey { .. } => "backup_wrong_key",
            Self::Differs { .. } => "backup_differs",
            Self::InTheWay { .. } => "restore_in_the_way",
            Self::NoJournal { .. } => "restore_no_journal",
            Self::Unsound(error) => error.code(),
            Self::Serving(error) => error.code(),
            Self::Journal(error) => error.code(),
            Self::Keys(error) => error.code(),
        }
    }

    pub(super) fn io(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_path_buf();
        move |error| Self::Io { what, path, detail: error.to_string() }
    }
}
