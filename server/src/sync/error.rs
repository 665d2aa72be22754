//! Why a whole request was not answered.

use axum::http::StatusCode;
use cartera_core::sync::wire::Versions;

use super::cursor::Forged;
use crate::http::problem::Problem;
use crate::storage::StorageError;

#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    #[error("the app speaks versions {}-{}, the relay {}-{}", .0.oldest, .0.newest, Versions::SPOKEN.oldest, Versions::SPOKEN.newest)]
    Version(Versions),
    #[error(transparent)]
    Cursor(#[from] Forged),
    #[error("the page's key is none of this relay's")]
    PageKey,
    #[error("the device is not known any more")]
    UnknownDevice,
    #[error("too many phones listen already; syncing works without")]
    TooManyListeners,
    #[error("{0} is not built in this relay yet")]
    Unsupported(&'static str),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl SyncError {
    /// Stable; the same as in problem details.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Version(_) => "unsupported_version",
            Self::Cursor(_) => "cursor_invalid",
            Self::PageKey => "malformed",
            Self::UnknownDevice => "unauthenticated",
            Self::TooManyListeners => "unavailable",
            Self::Unsupported(_) => "unsupported",
            Self::Storage(error) => error.code(),
        }
    }
}

impl From<SyncError> for Problem {
    fn from(error: SyncError) -> Self {
        let status = match &error {
            SyncError::Version(_) => StatusCode::UPGRADE_REQUIRED,
            SyncError::Cursor(_) | SyncError::PageKey => StatusCode::BAD_REQUEST,
            SyncError::UnknownDevice => StatusCode::UNAUTHORIZED,
            SyncError::TooManyListeners => StatusCode::SERVICE_UNAVAILABLE,
            SyncError::Unsupported(_) => StatusCode::NOT_IMPLEMENTED,
            SyncError::Storage(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let detail = error.to_string();
        let code = error.code();
        match error {
            SyncError::Storage(error) => error.into(),
            _ => Self::new(status, code).detail(detail),
        }
    }
}
