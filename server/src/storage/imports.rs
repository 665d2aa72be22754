//! Imports: staged, then published at once. [`crate::import::target`] says what must hold.

use cartera_core::model::office::KnownKind;
use cartera_core::model::{ClientId, PersonId};
use cartera_core::sync::wire::ActorBytes;

use super::Result;
use crate::import::profile::Row;
use crate::import::record::{Answered, OfficeRecord};
use crate::import::target::{Begun, ImportId, Plan, Published, Reference, Staged, Standing};

/// Whose hand publishes, and how new things are named.
pub struct Publisher<'a> {
    /// The actor to be taken for the source in this epoch, if it has none yet.
    pub new_actor: ActorBytes,
    /// Who had the file imported; `None` for a program.
    pub person: Option<PersonId>,
    pub new_client: &'a mut dyn FnMut() -> ClientId,
    pub at_ms: i64,
}

/// The last published import of a kind from a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    pub kind: String,
    pub source: String,
    pub import: ImportId,
    pub published_ms: i64,
    /// JSON.
    pub report: String,
}

/// What became of a call about an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportStep<T> {
    Done(T),
    /// Another import of the same kind and source has begun since.
    Superseded,
}

pub trait Imports {
    /// Begins an import as `new`, or goes on with the unfinished one of the same plan; gives up an unfinished one of
    /// another plan for the same kind and source.
    fn begin_import(&self, plan: &Plan, new: ImportId, at_ms: i64) -> Result<Begun>;

    /// For each key: is there such a thing?
    fn known_to_import(&self, what: Reference, source: &str, keys: &[&str]) -> Result<Vec<bool>>;

    /// For each client of the source: its last imported row.
    fn last_imported(&self, source: &str, ids: &[&str]) -> Result<Vec<Option<Row>>>;

    /// For each client of the source: was it erased?
    fn erased_to_import(&self, source: &str, ids: &[&str]) -> Result<Vec<bool>>;

    /// For each office record: is it there already, and the same?
    fn office_standing(&self, source: &str, records: &[&OfficeRecord]) -> Result<Vec<Standing>>;

    /// For each answer to a survey: is it there already, and the same?
    fn answers_standing(&self, source: &str, answers: &[&Answered]) -> Result<Vec<Standing>>;

    /// Keys of the source's office records of a kind after `after`, at most `limit`, in order; no tombstones.
    fn office_keys(
        &self,
        kind: KnownKind,
        source: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>>;

    fn stage_import(&self, import: ImportId, batch: u32, items: &[Staged]) -> Result<ImportStep<()>>;

    fn seal_import(&self, import: ImportId, report: &str) -> Result<ImportStep<()>>;

    /// Publishes a sealed import, all of it in one commit.
    fn publish_import(
        &self,
        import: ImportId,
        publisher: &mut Publisher<'_>,
    ) -> Result<ImportStep<Published>>;

    /// Gives up an import that is not published.
    fn abandon_import(&self, import: ImportId) -> Result<()>;

    /// How the source's files of a kind are read (JSON), if one was imported before.
    fn import_mapping(&self, kind: &str, source: &str) -> Result<Option<String>>;

    fn keep_import_mapping(&self, kind: &str, source: &str, mapping: &str) -> Result<()>;

    /// When each kind last came from each source.
    fn feeds(&self) -> Result<Vec<Feed>>;
}
