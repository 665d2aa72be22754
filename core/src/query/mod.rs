//! What screens ask, a file a screen. Everything reads rows; no document is loaded.

pub mod account;
pub mod agenda;
#[cfg(feature = "phone")]
pub mod attention;
pub mod catalogue;
pub mod clients;
pub mod colleagues;
#[cfg(feature = "phone")]
pub mod confirmed;
pub mod conflicts;
#[cfg(feature = "phone")]
pub mod diagnostics;
pub mod feeds;
pub mod figures;
#[cfg(feature = "phone")]
pub mod holdings;
pub mod month;
pub mod notices;
pub mod offers;
pub mod order_lines;
pub mod orders;
pub mod own;
pub mod people;
pub mod profile;
pub mod recovery;
pub mod sales;
pub mod segments;
pub mod tasks;
pub mod timeline;
#[cfg(feature = "phone")]
pub mod work;

pub use crate::rows::{consents, prices};

/// Rows a page holds at most, whatever was asked.
pub const MAX_PAGE: usize = 500;

/// A text that names no place in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("that is no place in a list; begin at its first page")]
pub struct PageKeyError;

fn page(limit: usize) -> i64 {
    i64::try_from(limit.min(MAX_PAGE)).unwrap_or(i64::MAX)
}
