//! Why a command was not carried out. Whatever it was, nothing was written.

use crate::document::WriteError;
use crate::model::ClientId;
use crate::model::access::Action;
use crate::model::problem::Problem;
use crate::model::record::Kind;
use crate::portfolio::segments::RuleError;
use crate::rows::RowsError;
use crate::store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error("`{0}` is no time zone")]
    Zone(String),
    /// What was entered breaks a rule; each problem names its field.
    #[error("what was entered cannot be saved: {} problems", .0.len())]
    Invalid(Vec<Problem>),
    #[error("the segment's rule: {0}")]
    Rule(#[from] RuleError),
    #[error("client {0} is not on this device")]
    UnknownClient(ClientId),
    #[error("the record to be corrected is not on this device")]
    UnknownRecord,
    /// A client's record in a person's own document, or the other way round.
    #[error("a record of kind {} does not belong here", .0.word())]
    Misplaced(Kind),
    #[error("this phone is not enrolled yet")]
    NotEnrolled,
    #[error("this person may not do that: {}", .0.as_str())]
    Forbidden(Action),
    /// The document would not take it; the code is one of admission's.
    #[error("the client's page does not take this: {detail}")]
    Document { code: &'static str, detail: String },
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl EngineError {
    /// Stable; `strings` has the words.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Zone(_) => "unknown_zone",
            Self::Invalid(_) => "invalid",
            Self::Rule(error) => error.code(),
            Self::UnknownClient(_) => "unknown_client",
            Self::UnknownRecord => "unknown_record",
            Self::Misplaced(_) => "misplaced",
            Self::NotEnrolled => "not_enrolled",
            Self::Forbidden(_) => "forbidden",
            Self::Document { code, .. } => code,
            Self::Store(error) => error.code(),
        }
    }
}

impl From<rusqlite::Error> for EngineError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<RowsError> for EngineError {
    fn from(error: RowsError) -> Self {
        Self::Store(error.into())
    }
}

impl From<WriteError<RowsError>> for EngineError {
    fn from(error: WriteError<RowsError>) -> Self {
        match error {
            WriteError::Facts(error) => error.into(),
            other => Self::Document { code: other.code(), detail: other.to_string() },
        }
    }
}
