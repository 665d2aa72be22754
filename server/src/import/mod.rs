//! Import of the office's files: clients, articles, prices, sales and due items from CSV and XLSX.
//!
//! A file is **read** row by row in bounded memory, **mapped** from columns to fields, **checked**, compared with
//! what is there already, and **applied** in batches that are invisible until the last one is in; the **report** says
//! what happened to every row. The same file twice changes nothing.
//!
//! - [`propose`] guesses a mapping from a file's titles;
//! - [`run`] imports, or, dry, says what importing would do;
//! - [`Target`] is what an import asks of storage;
//! - [`file`] is the use case, of the command line and of [`api`] alike.

pub(crate) mod api;
mod body;
mod check;
pub(crate) mod codec;
pub mod date;
mod error;
mod fields;
pub mod file;
mod finding;
pub mod kind;
pub mod limits;
pub mod map;
pub mod memory;
pub mod profile;
mod read;
pub mod record;
pub mod report;
mod run;
pub mod store;
pub mod target;
mod value;
mod words;

#[cfg(test)]
mod tests;

pub use cartera_core::strings::Language;
pub use error::ImportError;
pub use finding::{Code, Finding, Findings, Severity};
pub use kind::Kind;
pub use map::{Mapping, Proposal, propose};
pub use read::{Encoding, Input};
pub use report::{Outcome, Report};
pub use run::{OnProgress, Options, Phase, Progress, run};
pub use target::{Target, TargetError};
pub use value::{DateOrder, DecimalMark};
pub use words::reason;
