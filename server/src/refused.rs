//! Why an administrative use case did not do what it was asked: one error for all nouns, since each of them can
//! only be forbidden, not there, not valid, in the way of something else, or past a limit.

use axum::http::StatusCode;
use cartera_core::model::access::Action;

use crate::http::problem::Problem;
use crate::storage::StorageError;

#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("{}: this role may not do that", .0.as_str())]
    Forbidden(Action),
    #[error("{field}: {why}")]
    Invalid { field: &'static str, why: String },
    #[error("there is no {what} {id}")]
    Unknown { what: &'static str, id: String },
    #[error("{0}")]
    Conflict(String),
    #[error("there are {max} {what} already, which is the limit")]
    Limit { what: &'static str, max: usize },
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Refused {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Forbidden(_) => "forbidden",
            Self::Invalid { .. } => "invalid",
            Self::Unknown { .. } => "not_found",
            Self::Conflict(_) => "conflict",
            Self::Limit { .. } => "limit",
            Self::Storage(error) => error.code(),
        }
    }

    pub(crate) fn unknown(what: &'static str, id: impl ToString) -> Self {
        Self::Unknown { what, id: id.to_string() }
    }

    pub(crate) fn invalid(field: &'static str, why: impl Into<String>) -> Self {
        Self::Invalid { field, why: why.into() }
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let status = match &refused {
            Refused::Forbidden(_) => StatusCode::FORBIDDEN,
            Refused::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Refused::Unknown { .. } => StatusCode::NOT_FOUND,
            Refused::Conflict(_) | Refused::Limit { .. } => StatusCode::CONFLICT,
            Refused::Storage(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let code = refused.code();
        match refused {
            Refused::Storage(error) => error.into(),
            refused => Self::new(status, code).detail(refused.to_string()),
        }
    }
}

/// A name as a person types it: blanks at the ends and between words made one, bounded, without control characters.
pub(crate) fn name(field: &'static str, text: &str, chars_max: usize) -> Result<String, Refused> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let chars = name.chars().count();
    if !(1..=chars_max).contains(&chars) {
        return Err(Refused::invalid(field, format!("from 1 to {chars_max} characters, not {chars}")));
    }
    if name.chars().any(char::is_control) {
        return Err(Refused::invalid(field, "control characters are not allowed"));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_tidied_and_bounded() {
        assert_eq!(name("name", "  Zona \t Norte ", 10).unwrap(), "Zona Norte");
        assert_eq!(name("name", &"ñ".repeat(10), 10).unwrap().chars().count(), 10);
        for wrong in ["", " \n ", &"ñ".repeat(11), "a\u{0}b"] {
            assert_eq!(name("name", wrong, 10).unwrap_err().code(), "invalid", "{wrong:?}");
        }
    }
}
