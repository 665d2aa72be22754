//! The export: what the relay knows, in open formats, for the tools that the back office uses already.
//!
//! One table ([`resources`]) says what can be exported and which columns there are; every format, the catalogue and
//! OpenAPI follow it. Ids never change, columns are only added.
//!
//! An export is a walk over rows in pages: [`Export::next`] reads one page of the store in a transaction of its own and
//! gives it as bytes, so memory stays flat, a slow reader holds nothing, and others write meanwhile. What such a walk
//! shows and what the next one will show fit together: see [`crate::storage::export`]. The **cursor** for the next one
//! is the end of the log when this one began, and is known before the first byte: it stands in the answer's head, at
//! the end of JSON, and in a last line of incremental NDJSON. Asked for with `since=CURSOR`, a resource gives what
//! changed after it; what is not there any more comes as a row with its id and `deleted`. A row may come again though
//! nothing about it changed: readers put rows in place by id.

mod access;
mod answer;
pub mod api;
mod column;
mod cursor;
pub mod disclosure;
pub mod document;
mod fields;
mod filter;
mod format;
pub mod odata;
pub(crate) mod page;
mod query;
pub mod resources;
mod rows;
mod run;
mod value;
mod walk;
mod write;

pub(crate) use access::note;
pub(crate) use api::place_for_workbook;
pub use column::ColumnInfo;
pub use cursor::Cursor;
pub use format::{Format, PARQUET, Profile, XLSX};
pub use query::{Query, QueryError, Since};
pub use run::{Export, ExportError, Exported};
pub use value::Type;

#[cfg(test)]
mod tests;
