//! Why a sync ended early. Nothing is ever deleted because of one of these.

use crate::rows::RowsError;
use crate::store::StoreError;
use crate::sync::http::TransportError;
use crate::sync::wire::{Problem, WireError};

#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    #[error("this phone is not enrolled yet")]
    NotEnrolled,
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// Something answered that is not a relay: a captive portal, a proxy, another server.
    #[error("whoever answered ({status}) is not the relay; is there a log-in page on this network?")]
    NotTheRelay { status: u16 },
    #[error("the relay answered in a way that cannot be read: {0}")]
    Wire(#[from] WireError),
    #[error(transparent)]
    Problem(Problem),
    #[error("this phone was revoked; what is unsent is kept, enrol again to send it")]
    Revoked,
    #[error("app and relay speak no common version ({detail}); update the older one, what is unsent is kept")]
    Version { detail: String },
    #[error("the answer does not fit the request: {0}")]
    Nonsense(&'static str),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A defect: the sync broke off, and its transaction was rolled back.
    #[error("the engine failed within itself; what was saved is safe")]
    Panicked,
}

impl SyncError {
    /// Stable; `strings` has the words.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotEnrolled => "not_enrolled",
            Self::Transport(error) => error.code(),
            Self::NotTheRelay { .. } => "not_the_relay",
            Self::Wire(error) => error.code(),
            Self::Problem(problem) => problem.code.code(),
            Self::Revoked => "revoked",
            Self::Version { .. } => "unsupported_version",
            Self::Nonsense(_) => "reply_nonsense",
            Self::Store(error) => error.code(),
            Self::Panicked => "panicked",
        }
    }

    /// The network's fault, not anybody's: worth another try by itself.
    pub fn is_passing(&self) -> bool {
        use crate::sync::wire::ProblemCode::{Internal, RateLimited, Unavailable};
        match self {
            Self::Transport(error) => {
                !matches!(error, TransportError::Address(_) | TransportError::NotTheRelay(_))
            }
            Self::NotTheRelay { .. } => true,
            Self::Problem(problem) => matches!(problem.code, Internal | RateLimited | Unavailable),
            _ => false,
        }
    }
}

impl From<RowsError> for SyncError {
    fn from(error: RowsError) -> Self {
        Self::Store(error.into())
    }
}

impl From<rusqlite::Error> for SyncError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}
