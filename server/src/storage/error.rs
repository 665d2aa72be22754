//! What can go wrong between the relay and its store, each with a stable code and what to do about it.

use std::path::{Path, PathBuf};

use cartera_core::model::WorkspaceId;

use crate::journal::JournalError;

pub type Result<T, E = StorageError> = std::result::Result<T, E>;

/// A failure of the store. The text says what, where, and what to do; [`StorageError::code`] never changes.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    #[error(
        "{path} is not a database: it does not begin as an SQLite file does. Name the right file, or move this one away"
    )]
    NotADatabase { path: PathBuf },

    #[error("{path} is an SQLite database of another program. Name the right file, or move this one away")]
    NotCartera { path: PathBuf },

    #[error(
        "{path} was written by a newer version (schema {found}; this program knows {known}). Install that version; nothing was changed"
    )]
    Newer { path: PathBuf, found: i64, known: i64 },

    #[error(
        "{path} is damaged: {detail}. Stop the relay, keep a copy of the file and of those beside it, and restore the last backup"
    )]
    Damaged { path: PathBuf, detail: String },

    #[error(
        "{path} cannot be written. Check the file's and the folder's owner and permissions, and that the disk is not mounted read-only"
    )]
    ReadOnly { path: PathBuf },

    #[error(
        "{path} belongs to workspace {found}, not to {expected}. Use the database and the key file of the same workspace"
    )]
    OtherWorkspace { path: PathBuf, found: WorkspaceId, expected: WorkspaceId },

    #[error("{path} holds no workspace yet. Start `cartera-relay serve` once, which makes one")]
    NoWorkspace { path: PathBuf },

    #[error(
        "{path} cannot be opened: {detail}. Check that the folder exists and that this user may read and write it"
    )]
    CannotOpen { path: PathBuf, detail: String },

    #[error(
        "{path} is busy: another program holds it locked. Try again; if it lasts, look for a second relay or a backup tool"
    )]
    Busy { path: PathBuf },

    #[error("the disk that holds {path} is full. Nothing was half-written; make room and try again")]
    Full { path: PathBuf },

    #[error("reading or writing {path} failed: {detail}. Check the disk")]
    Disk { path: PathBuf, detail: String },

    /// What reads rows has to wait; documents and the log are as they should be.
    #[error(
        "the rows that exports, figures and lists read are being made anew after an update, {percent} % are done. Try again in a minute"
    )]
    Projecting { percent: u8 },

    /// What was decided cannot be remembered, so it was not done.
    #[error(transparent)]
    Journal(#[from] JournalError),

    /// A statement that should not fail did: a defect, or an error not yet told apart by the path it came from.
    #[error("the database refused a statement: {0}")]
    Sqlite(#[from] rusqlite::Error),

    /// Stored bytes that this program wrote do not decode.
    #[error("stored {what} does not decode: {detail}. Restore the last backup, and report it")]
    Undecodable { what: &'static str, detail: String },
}

impl StorageError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotADatabase { .. } => "storage_not_a_database",
            Self::NotCartera { .. } => "storage_not_cartera",
            Self::Newer { .. } => "storage_newer",
            Self::Damaged { .. } => "storage_damaged",
            Self::ReadOnly { .. } => "storage_read_only",
            Self::OtherWorkspace { .. } => "storage_other_workspace",
            Self::NoWorkspace { .. } => "storage_no_workspace",
            Self::CannotOpen { .. } => "storage_cannot_open",
            Self::Busy { .. } => "storage_busy",
            Self::Full { .. } => "storage_full",
            Self::Disk { .. } => "storage_disk",
            Self::Projecting { .. } => "projecting",
            Self::Journal(error) => error.code(),
            Self::Sqlite(_) => "storage_statement",
            Self::Undecodable { .. } => "storage_undecodable",
        }
    }

    /// Whether the same request may succeed later without anybody doing anything to the data.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Busy { .. } | Self::Full { .. } | Self::Projecting { .. })
    }

    /// Tells an SQLite error apart by its code, now that the file it concerns is known.
    pub(crate) fn at(self, path: &Path) -> Self {
        use rusqlite::ErrorCode as Code;
        let Self::Sqlite(error) = self else { return self };
        let path = path.to_path_buf();
        let detail = error.to_string();
        match error.sqlite_error_code() {
            Some(Code::NotADatabase) => Self::NotADatabase { path },
            Some(Code::DatabaseCorrupt) => Self::Damaged { path, detail },
            Some(Code::ReadOnly | Code::PermissionDenied) => Self::ReadOnly { path },
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Busy { path },
            Some(Code::DiskFull) => Self::Full { path },
            Some(Code::SystemIoFailure | Code::FileLockingProtocolFailed) => Self::Disk { path, detail },
            Some(Code::CannotOpen) => Self::CannotOpen { path, detail },
            _ => Self::Sqlite(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    #[test]
    fn each_failure_of_sqlite_is_told_apart() {
        let code = |code: i32| {
            let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
            let located = StorageError::from(error).at(Path::new("/data/relay.db"));
            let named = located.to_string().contains("/data/relay.db");
            (located.code(), named)
        };
        assert_eq!(code(ffi::SQLITE_NOTADB), ("storage_not_a_database", true));
        assert_eq!(code(ffi::SQLITE_CORRUPT), ("storage_damaged", true));
        assert_eq!(code(ffi::SQLITE_READONLY), ("storage_read_only", true));
        assert_eq!(code(ffi::SQLITE_PERM), ("storage_read_only", true));
        assert_eq!(code(ffi::SQLITE_BUSY), ("storage_busy", true));
        assert_eq!(code(ffi::SQLITE_LOCKED), ("storage_busy", true));
        assert_eq!(code(ffi::SQLITE_FULL), ("storage_full", true));
        assert_eq!(code(ffi::SQLITE_IOERR), ("storage_disk", true));
        assert_eq!(code(ffi::SQLITE_CANTOPEN), ("storage_cannot_open", true));
        assert_eq!(code(ffi::SQLITE_CONSTRAINT), ("storage_statement", false));
    }
}
