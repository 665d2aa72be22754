//! OData 4.0 over the export's resources, for Excel, Power BI and whatever else speaks it: read only, minimal
//! conformance.
//!
//! | address | gives |
//! |---|---|
//! | `/v1/odata` | the service document |
//! | `/v1/odata/$metadata` | CSDL: an entity type for each resource, the export's columns, key `id` |
//! | `/v1/odata/visits` | a page of the set, and `@odata.nextLink` where there is more |
//! | `/v1/odata/visits('01J...')` | one entity |
//! | `/v1/odata/visits/$count` | how many there are |
//!
//! Query options: `$select`, `$filter` ([`parse`]: eq ne gt ge lt le, and or not, contains startswith endswith, null),
//! `$orderby` (id, number, received_at and the set's date), `$top`, `$skip` (up to [`SKIP_MAX`]), `$count`,
//! `$skiptoken` (which only the relay makes), `$format=json`; a page is never longer than [`PAGE_ROWS`] rows and a
//! client may ask for shorter ones (`Prefer: odata.maxpagesize`). Other options of OData's are answered 501, names without
//! `$` are ignored, as the standard has it.
//!
//! A page is one walk over the same pages of the store as the export's; the next goes on where it stood, so nothing is
//! skipped or repeated while rows arrive. In another order than the walk's each page reads the whole set and keeps its
//! own part. Errors have OData's shape with the relay's codes. A token may come as the password of Basic
//! authentication, which is what Excel and Power BI send.

pub(crate) mod api;
mod metadata;
mod options;
mod page;
mod parse;
#[cfg(test)]
mod tests;

pub use options::{PAGE_ROWS, SKIP_MAX};
pub use parse::{DEPTH_MAX, EXPRESSION_BYTES_MAX, ORDERS_MAX, TERMS_MAX};

use crate::export::run::ExportError;
use crate::http::problem::Problem;

/// What is asked cannot be read: which option, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{option}: {why}")]
pub(super) struct Refusal {
    option: &'static str,
    why: String,
}

impl Refusal {
    fn new(option: &'static str, why: impl Into<String>) -> Self {
        Self { option, why: why.into() }
    }
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub(super) enum ODataError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("this service has no {0}")]
    NotImplemented(String),
    #[error("{0}")]
    NotFound(String),
    /// The place is one of a log that the relay does not have any more.
    #[error("the relay was restored since this page was given: begin anew")]
    Gone,
    #[error(transparent)]
    Export(#[from] ExportError),
}

impl From<ODataError> for Problem {
    fn from(error: ODataError) -> Self {
        use axum::http::StatusCode;
        let detail = error.to_string();
        match error {
            ODataError::Refused(_) => Self::bad_request("malformed").detail(detail),
            ODataError::NotImplemented(_) => {
                Self::new(StatusCode::NOT_IMPLEMENTED, "not_implemented").detail(detail)
            }
            ODataError::NotFound(_) => Self::not_found().detail(detail),
            ODataError::Gone => Self::new(StatusCode::GONE, "expired").detail(detail),
            ODataError::Export(error) => error.into(),
        }
    }
}
