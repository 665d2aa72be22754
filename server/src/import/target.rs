//! Where an import goes: what the import asks of the relay's storage, and nothing more.
//!
//! An import is **staged** in numbered batches that nobody sees, **sealed** when the file has been read to its end,
//! then **published** in bounded steps; what it brings becomes visible with the last step, all at once. Batches are
//! cut by the file alone, so that after a kill the same file goes on at the batch that is wanted next, and staging a
//! batch again replaces it. An unfinished import of the same source and kind but of another file or mapping is given
//! up when a new one begins.

use std::fmt;

use cartera_core::model::hex::Hex;
use cartera_core::model::office::KnownKind;
use thiserror::Error;

use super::kind::Kind;
use super::profile::{Change, Row};
use super::record::{Answered, OfficeRecord};

/// An import in storage's books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImportId(pub [u8; 16]);

impl fmt::Display for ImportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Hex(&self.0).fmt(f)
    }
}

/// What is to be imported. The same plan after a kill is the same import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub kind: Kind,
    pub source: String,
    /// SHA-256 of the file.
    pub file: [u8; 32],
    /// SHA-256 of the mapping.
    pub mapping: [u8; 32],
}

/// An import that may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    pub import: ImportId,
    pub stage: Stage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Batches below `next_batch` are staged already; 0 for a new import.
    Staging { next_batch: u32 },
    /// All is staged; what is left is to publish.
    Sealed,
}

/// What a row may refer to by the key of its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reference {
    Client,
    Article,
    Territory,
}

/// How an office record stands to the one that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    New,
    Changed,
    Same,
}

/// One thing to do, in a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant)] // most are office records
pub enum Staged {
    /// A client: make the edits with the dependencies of the last import of (source, id); where there was
    /// none, and the client is known by its ERP code, with those of its first change; else create the client.
    Client { id: String, change: Change },
    /// An office record, new or changed.
    Office(OfficeRecord),
    /// An answer to a survey that is not there yet.
    Answer(Answered),
    /// The source does not have it any more.
    Remove { kind: KnownKind, key: String },
}

/// How far publishing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    pub done: u64,
    pub total: u64,
}

#[derive(Debug, Error)]
pub enum TargetError {
    #[error("another import of {kind} from '{source_name}' is running; wait until it has ended")]
    Busy { kind: Kind, source_name: String },
    #[error("this import was given up, because another one of the same source and kind has begun")]
    Superseded,
    #[error("the import cannot be stored: {0}")]
    Storage(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl TargetError {
    /// Stable name.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Busy { .. } => "import_busy",
            Self::Superseded => "import_superseded",
            Self::Storage(_) => "import_storage",
        }
    }
}

/// The storage of imports.
pub trait Target {
    /// Begins an import, or goes on with an unfinished one of the same plan.
    fn begin(&mut self, plan: &Plan) -> Result<Begun, TargetError>;

    /// For each key, in order: is there such a thing? Only what is published counts, and a client counts if it has
    /// that ERP code, whoever created it.
    fn known(&mut self, what: Reference, source: &str, keys: &[&str]) -> Result<Vec<bool>, TargetError>;

    /// For each client of the source, in order: its row at the last published import.
    fn last_rows(&mut self, source: &str, ids: &[&str]) -> Result<Vec<Option<Row>>, TargetError>;

    /// For each client of the source, in order: was it erased for good? It must not come back.
    fn erased(&mut self, source: &str, ids: &[&str]) -> Result<Vec<bool>, TargetError>;

    /// For each office record, in order: is it there already, and the same?
    fn standing(&mut self, source: &str, records: &[&OfficeRecord]) -> Result<Vec<Standing>, TargetError>;

    /// For each answer to a survey, in order: is it there already, and the same?
    fn answered(&mut self, source: &str, answers: &[&Answered]) -> Result<Vec<Standing>, TargetError>;

    /// Keys of the source's published office records of a kind, in their order as bytes, after `after`, at most
    /// `limit`.
    fn keys(
        &mut self,
        kind: KnownKind,
        source: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, TargetError>;

    /// Stages a batch durably, in place of what was staged under its number.
    fn stage(&mut self, import: ImportId, batch: u32, items: Vec<Staged>) -> Result<(), TargetError>;

    /// No more batches will come. `report` (JSON) is kept with the import.
    fn seal(&mut self, import: ImportId, report: &str) -> Result<(), TargetError>;

    /// Publishes a bounded part of a sealed import; called until all is done. Nothing is visible before.
    fn publish(&mut self, import: ImportId) -> Result<Published, TargetError>;

    /// Gives up an import that is not sealed; nothing of it stays.
    fn abandon(&mut self, import: ImportId) -> Result<(), TargetError>;
}
