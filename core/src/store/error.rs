//! Why the store could not do as asked, told apart by what a person can do about it.

use rusqlite::ErrorCode;

use crate::rows::RowsError;

/// Every variant leaves stored work as it was.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error(
        "the database was written by a newer version of the app (schema {found}, this one knows {known}); update the app"
    )]
    Newer { found: i64, known: i64 },
    #[error("the file is no database; choose another file, or recover if it was one")]
    NotADatabase,
    #[error("the file is another program's database; choose another file")]
    OtherApplication,
    #[error("the database is damaged: {0}; it was left untouched, recover what can be read")]
    Damaged(String),
    #[error("the key does not open this database; the one that made it is needed, or recovery")]
    WrongKey,
    #[error("the key is not available yet; try again when the device is unlocked")]
    KeyNotAvailable,
    #[error("a key was given, and the database is not encrypted; open it without one")]
    NotEncrypted,
    #[error("this build cannot open encrypted databases")]
    NoEncryption,
    #[error("the database belongs to another workspace")]
    OtherWorkspace,
    #[error("there is no room left on the device; nothing was saved, make room and try again")]
    Full,
    #[error("the database cannot be written: the file or its folder is read-only")]
    ReadOnly,
    #[error("another program holds the database; nothing was saved, try again")]
    Busy,
    #[error("the device could not read or write the database: {0}")]
    Io(String),
    #[error("the database did not do as asked: {0}")]
    Sqlite(rusqlite::Error),
}

impl StoreError {
    /// Stable, the same in all languages; `strings` has the words for each.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Newer { .. } => "store_newer",
            Self::NotADatabase => "store_not_a_database",
            Self::OtherApplication => "store_other_application",
            Self::Damaged(_) => "store_damaged",
            Self::WrongKey => "store_wrong_key",
            Self::KeyNotAvailable => "store_key_not_available",
            Self::NotEncrypted => "store_not_encrypted",
            Self::NoEncryption => "store_no_encryption",
            Self::OtherWorkspace => "store_other_workspace",
            Self::Full => "store_full",
            Self::ReadOnly => "store_read_only",
            Self::Busy => "store_busy",
            Self::Io(_) => "store_io",
            Self::Sqlite(_) => "store_database",
        }
    }
}

impl StoreError {
    /// What the database holds cannot be read as it is: recovery reads what can be read. A key that is not available
    /// yet is no damage, and neither is a wrong one, though nothing but recovery helps where the right one is lost.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged(_) | Self::NotADatabase)
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        // Columns are of a type, and what stands in them was written by this program.
        if let rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::IntegralValueOutOfRange(..) = error
        {
            return Self::Damaged(error.to_string());
        }
        // Statements are this program's own: one that cannot be prepared met another schema than the file's number says,
        // such as a trigger whose text was damaged.
        if let rusqlite::Error::SqlInputError { .. } = error {
            return Self::Damaged(error.to_string());
        }
        // The same, where SQLite cannot say at which place of the statement: within a trigger.
        if let rusqlite::Error::SqliteFailure(code, Some(why)) = &error
            && code.extended_code == rusqlite::ffi::SQLITE_ERROR
            && (why.starts_with("no such ") || why.contains(" has no column named "))
        {
            return Self::Damaged(error.to_string());
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged(error.to_string()),
            Some(ErrorCode::NotADatabase) => Self::NotADatabase,
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => Self::Io(error.to_string()),
            _ => Self::Sqlite(error),
        }
    }
}

impl From<RowsError> for StoreError {
    fn from(error: RowsError) -> Self {
        match error {
            RowsError::Sqlite(error) => error.into(),
            other => Self::Damaged(other.to_string()),
        }
    }
}
