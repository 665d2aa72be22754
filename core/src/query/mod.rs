//! What screens ask, a file a screen. Everything reads rows; no document is loaded.

pub mod agenda;
pub mod attention;
pub mod catalogue;
pub mod clients;
pub mod conflicts;
pub mod feeds;
pub mod figures;
pub mod orders;
pub mod own;
pub mod profile;
pub mod segments;
pub mod tasks;
pub mod timeline;

pub use crate::rows::{consents, prices};

/// Rows a page holds at most, whatever was asked.
pub const MAX_PAGE: usize = 500;

fn page(limit: usize) -> i64 {
    i64::try_from(limit.min(MAX_PAGE)).unwrap_or(i64::MAX)
}
