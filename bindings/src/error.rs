//! The one error of the border. Whatever it was, nothing was written unless a call says otherwise.

use cartera_core::engine::EngineError;
use cartera_core::model::problem;
use cartera_core::query::PageKeyError;
use cartera_core::rows::RowsError;
use cartera_core::store::StoreError;
use cartera_core::sync::sealed::SealError;
use cartera_core::sync::session::SyncError;

/// Why a call was not carried out, told apart by what can be done about it. `code` is stable and names the words for
/// it (`error_words`); `detail` is for logs, in English, without personal data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum CarteraError {
    /// What was entered breaks a rule; each problem names its field.
    #[error("{code}: {detail}")]
    Invalid { code: String, detail: String, problems: Vec<Problem> },
    /// It is not on this device.
    #[error("{code}: {detail}")]
    NotFound { code: String, detail: String },
    /// Not this person's to do, or not before the device is linked.
    #[error("{code}: {detail}")]
    NotAllowed { code: String, detail: String },
    /// The network's fault, which passes: work is safe here and goes later.
    #[error("{code}: {detail}")]
    Offline { code: String, detail: String },
    /// The relay, or whoever answered, said no; it does not pass by itself. Nothing was deleted.
    #[error("{code}: {detail}")]
    Relay { code: String, detail: String },
    /// The database or the device's storage.
    #[error("{code}: {detail}")]
    Storage { code: String, detail: String, remedy: Remedy },
    /// The engine failed within itself, or was closed. It goes on, or has to be opened again.
    #[error("{code}: {detail}")]
    Broken { code: String, detail: String, must_reopen: bool },
}

/// A broken rule, and where.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Problem {
    /// Path of the field, such as `lines[3].quantity`.
    pub field: String,
    /// Its words are `problem-<code>`.
    pub code: String,
    pub limit: Option<i64>,
}

/// What helps where storage failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Remedy {
    TryAgain,
    /// The key is not available before the device is unlocked.
    UnlockDevice,
    MakeRoom,
    UpdateApp,
    /// Read what can be read: `Cartera.recover`.
    Recover,
    OpenAnother,
}

impl CarteraError {
    pub(crate) fn invalid(field: &str, code: problem::Code) -> Self {
        let problem = Problem { field: field.to_owned(), code: code.as_str().to_owned(), limit: None };
        Self::Invalid {
            code: "invalid".into(),
            detail: format!("{field}: {}", code.as_str()),
            problems: vec![problem],
        }
    }

    pub(crate) fn not_found(code: &str, detail: &str) -> Self {
        Self::NotFound { code: code.to_owned(), detail: detail.to_owned() }
    }

    pub(crate) fn closed() -> Self {
        Self::Broken { code: "closed".into(), detail: "the database was closed".into(), must_reopen: true }
    }
}

impl From<problem::Problem> for Problem {
    fn from(problem: problem::Problem) -> Self {
        Self { field: problem.field, code: problem.code.as_str().to_owned(), limit: problem.limit }
    }
}

impl From<StoreError> for CarteraError {
    fn from(error: StoreError) -> Self {
        let remedy = match &error {
            StoreError::KeyNotAvailable => Remedy::UnlockDevice,
            StoreError::Full => Remedy::MakeRoom,
            StoreError::Newer { .. } | StoreError::NoEncryption => Remedy::UpdateApp,
            StoreError::Damaged(_) | StoreError::NotADatabase | StoreError::WrongKey => Remedy::Recover,
            StoreError::OtherApplication | StoreError::OtherWorkspace | StoreError::NotEncrypted => {
                Remedy::OpenAnother
            }
            StoreError::ReadOnly | StoreError::Busy | StoreError::Io(_) | StoreError::Sqlite(_) => {
                Remedy::TryAgain
            }
        };
        Self::Storage { code: error.code().to_owned(), detail: error.to_string(), remedy }
    }
}

impl From<RowsError> for CarteraError {
    fn from(error: RowsError) -> Self {
        StoreError::from(error).into()
    }
}

impl From<EngineError> for CarteraError {
    fn from(error: EngineError) -> Self {
        let (code, detail) = (error.code().to_owned(), error.to_string());
        match error {
            EngineError::Store(error) => error.into(),
            EngineError::Invalid(problems) => {
                Self::Invalid { code, detail, problems: problems.into_iter().map(Into::into).collect() }
            }
            EngineError::Zone(_) | EngineError::Rule(_) | EngineError::Document { .. } => {
                Self::Invalid { code, detail, problems: Vec::new() }
            }
            EngineError::UnknownClient(_) | EngineError::UnknownRecord => Self::NotFound { code, detail },
            EngineError::Misplaced(_) | EngineError::NotEnrolled | EngineError::Forbidden(_) => {
                Self::NotAllowed { code, detail }
            }
        }
    }
}

impl From<SyncError> for CarteraError {
    fn from(error: SyncError) -> Self {
        let (code, detail) = (error.code().to_owned(), error.to_string());
        match error {
            SyncError::Store(error) => error.into(),
            SyncError::NotEnrolled => Self::NotAllowed { code, detail },
            SyncError::Panicked => Self::Broken { code, detail, must_reopen: false },
            error if error.is_passing() => Self::Offline { code, detail },
            _ => Self::Relay { code, detail },
        }
    }
}

impl From<SealError> for CarteraError {
    fn from(error: SealError) -> Self {
        let (code, detail) = (error.code().to_owned(), error.to_string());
        match error {
            SealError::Store(error) => error.into(),
            SealError::NotEnrolled | SealError::NoKey | SealError::Failed(_) => {
                Self::NotAllowed { code, detail }
            }
        }
    }
}

impl From<PageKeyError> for CarteraError {
    fn from(error: PageKeyError) -> Self {
        let detail = error.to_string();
        Self::Invalid { code: "invalid".into(), detail, problems: Vec::new() }
    }
}

impl From<rusqlite::Error> for CarteraError {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::from(error).into()
    }
}
