//! Imports in SQLite: staging in tables of their own, publishing as entries of the log.
//!
//! | file | what |
//! |---|---|
//! | [`books`] | imports and their batches |
//! | [`lookup`] | what is there: clients by code, office records, the last rows |
//! | [`publish`] | batches become office records, moves, and changes of documents |
//! | [`client`] | one client's change, made with the dependencies of the last import |

mod books;
mod client;
mod lookup;
mod publish;
#[cfg(test)]
mod tests;

use cartera_core::model::office::KnownKind;

pub(super) use self::lookup::client as client_of;
use crate::import::codec::encode_batch;
use crate::import::profile::Row;
use crate::import::record::{Answered, OfficeRecord};
use crate::import::target::{Begun, ImportId, Plan, Published, Reference, Staged, Standing};
use crate::storage::imports::{Feed, ImportStep, Imports, Publisher};
use crate::storage::sqlite::SqliteStorage;
use crate::storage::sqlite::log::projection;
use crate::storage::{Result, StorageError};

impl Imports for SqliteStorage {
    fn begin_import(&self, plan: &Plan, new: ImportId, at_ms: i64) -> Result<Begun> {
        self.write(|tx| books::begin(tx, plan, new, at_ms))
    }

    fn known_to_import(&self, what: Reference, source: &str, keys: &[&str]) -> Result<Vec<bool>> {
        self.read_rows(|tx| keys.iter().map(|key| lookup::is_known(tx, what, source, key)).collect())
    }

    fn last_imported(&self, source: &str, ids: &[&str]) -> Result<Vec<Option<Row>>> {
        self.read(|tx| ids.iter().map(|id| lookup::last_row(tx, source, id)).collect())
    }

    fn erased_to_import(&self, source: &str, ids: &[&str]) -> Result<Vec<bool>> {
        self.read(|tx| ids.iter().map(|id| lookup::is_erased(tx, source, id)).collect())
    }

    fn office_standing(&self, source: &str, records: &[&OfficeRecord]) -> Result<Vec<Standing>> {
        self.read_rows(|tx| records.iter().map(|record| lookup::standing(tx, source, record)).collect())
    }

    fn answers_standing(&self, source: &str, answers: &[&Answered]) -> Result<Vec<Standing>> {
        self.read(|tx| answers.iter().map(|answered| lookup::answered(tx, source, answered)).collect())
    }

    fn office_keys(
        &self,
        kind: KnownKind,
        source: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>> {
        self.read(|tx| lookup::office_keys(tx, kind, source, after, limit))
    }

    fn stage_import(&self, import: ImportId, batch: u32, items: &[Staged]) -> Result<ImportStep<()>> {
        let bytes = encode_batch(items);
        self.write(|tx| books::stage(tx, import, batch, &bytes))
    }

    fn seal_import(&self, import: ImportId, report: &str) -> Result<ImportStep<()>> {
        self.write(|tx| books::seal(tx, import, report))
    }

    fn publish_import(
        &self,
        import: ImportId,
        publisher: &mut Publisher<'_>,
    ) -> Result<ImportStep<Published>> {
        self.write_log(|log| {
            projection::done(log.tx)?;
            publish::run(log, import, publisher)
        })
    }

    fn abandon_import(&self, import: ImportId) -> Result<()> {
        self.write(|tx| books::abandon(tx, import))
    }

    fn import_mapping(&self, kind: &str, source: &str) -> Result<Option<String>> {
        self.read(|tx| books::mapping(tx, kind, source))
    }

    fn keep_import_mapping(&self, kind: &str, source: &str, mapping: &str) -> Result<()> {
        self.write(|tx| books::keep_mapping(tx, kind, source, mapping))
    }

    fn feeds(&self) -> Result<Vec<Feed>> {
        self.read(books::feeds)
    }
}

/// What stands in these tables cannot have been written by this program.
fn undecodable(what: &'static str, detail: impl ToString) -> StorageError {
    StorageError::Undecodable { what, detail: detail.to_string() }
}
