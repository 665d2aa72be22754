//! Imports kept in memory: the contract of [`Target`] in its shortest form, for tests and dry demonstrations.

use std::collections::{BTreeMap, HashSet};

use cartera_core::model::office::KnownKind;

use super::profile::Row;
use super::record::{Answered, OfficeRecord};
use super::target::{
    Begun, ImportId, Plan, Published, Reference, Stage, Staged, Standing, Target, TargetError,
};

/// Steps of publishing take so many batches.
const BATCHES_PER_STEP: usize = 8;

#[derive(Debug)]
struct Import {
    id: ImportId,
    plan: Plan,
    batches: BTreeMap<u32, Vec<Staged>>,
    report: Option<String>,
    published_batches: usize,
}

/// All that was published, and at most one unfinished import for each source and kind.
#[derive(Debug, Default)]
pub struct Memory {
    /// By source and id.
    pub clients: BTreeMap<(String, String), Row>,
    /// By kind, source and key.
    pub office: BTreeMap<(KnownKind, String, String), OfficeRecord>,
    /// By source and id.
    pub answers: BTreeMap<(String, String), Answered>,
    pub territories: HashSet<String>,
    /// Codes of clients, whatever the source.
    pub erased: HashSet<String>,
    /// How many edits were ever published.
    pub edits: u64,
    /// The report of the last published import.
    pub report: Option<String>,
    imports: Vec<Import>,
    begun: u128,
}

impl Memory {
    /// Empty, with these territories.
    pub fn with_territories<'a>(codes: impl IntoIterator<Item = &'a str>) -> Self {
        Self { territories: codes.into_iter().map(str::to_owned).collect(), ..Self::default() }
    }

    /// Sales lines, profile edits and all else that is staged and not published.
    pub fn staged(&self) -> usize {
        self.imports.iter().flat_map(|import| import.batches.values()).map(Vec::len).sum()
    }

    fn import(&mut self, id: ImportId) -> Result<&mut Import, TargetError> {
        self.imports.iter_mut().find(|import| import.id == id).ok_or(TargetError::Superseded)
    }

    fn apply(&mut self, import: Import) {
        let source = &import.plan.source;
        for item in import.batches.into_values().flatten() {
            match item {
                Staged::Client { id, change } => {
                    self.edits += change.edits.len() as u64;
                    self.clients.insert((source.clone(), id), change.row);
                }
                Staged::Office(record) => {
                    self.office.insert((record.kind, source.clone(), record.key.clone()), record);
                }
                Staged::Answer(answered) => {
                    self.answers.insert((source.clone(), answered.id.clone()), answered);
                }
                Staged::Remove { kind, key } => {
                    self.office.remove(&(kind, source.clone(), key));
                }
            }
        }
        self.report = import.report;
    }
}

impl Target for Memory {
    fn begin(&mut self, plan: &Plan) -> Result<Begun, TargetError> {
        self.imports.retain(|import| {
            import.plan == *plan || import.plan.kind != plan.kind || import.plan.source != plan.source
        });
        if let Some(import) = self.imports.iter().find(|import| import.plan == *plan) {
            let next_batch = import.batches.last_key_value().map_or(0, |(last, _)| last + 1);
            let stage = if import.report.is_some() { Stage::Sealed } else { Stage::Staging { next_batch } };
            return Ok(Begun { import: import.id, stage });
        }
        self.begun += 1;
        let id = ImportId(self.begun.to_be_bytes());
        self.imports.push(Import {
            id,
            plan: plan.clone(),
            batches: BTreeMap::new(),
            report: None,
            published_batches: 0,
        });
        Ok(Begun { import: id, stage: Stage::Staging { next_batch: 0 } })
    }

    fn known(&mut self, what: Reference, source: &str, keys: &[&str]) -> Result<Vec<bool>, TargetError> {
        let is_known = |key: &&str| match what {
            Reference::Client => self.clients.contains_key(&(source.to_owned(), (*key).to_owned())),
            Reference::Article => {
                self.office.contains_key(&(KnownKind::Article, source.to_owned(), (*key).to_owned()))
            }
            Reference::Territory => self.territories.contains(*key),
        };
        Ok(keys.iter().map(is_known).collect())
    }

    fn last_rows(&mut self, source: &str, ids: &[&str]) -> Result<Vec<Option<Row>>, TargetError> {
        let row = |id: &&str| self.clients.get(&(source.to_owned(), (*id).to_owned())).cloned();
        Ok(ids.iter().map(row).collect())
    }

    fn erased(&mut self, _: &str, ids: &[&str]) -> Result<Vec<bool>, TargetError> {
        Ok(ids.iter().map(|id| self.erased.contains(*id)).collect())
    }

    fn standing(&mut self, source: &str, records: &[&OfficeRecord]) -> Result<Vec<Standing>, TargetError> {
        let standing = |record: &&OfficeRecord| match self.office.get(&(
            record.kind,
            source.to_owned(),
            record.key.clone(),
        )) {
            None => Standing::New,
            Some(there) if there == *record => Standing::Same,
            Some(_) => Standing::Changed,
        };
        Ok(records.iter().map(standing).collect())
    }

    fn answered(&mut self, source: &str, answers: &[&Answered]) -> Result<Vec<Standing>, TargetError> {
        let standing = |of: &&Answered| match self.answers.get(&(source.to_owned(), of.id.clone())) {
            None => Standing::New,
            Some(there) if there == *of => Standing::Same,
            Some(_) => Standing::Changed,
        };
        Ok(answers.iter().map(standing).collect())
    }

    fn keys(
        &mut self,
        kind: KnownKind,
        source: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, TargetError> {
        let of_source = self.office.keys().filter(|(k, s, _)| *k == kind && s == source).map(|(_, _, id)| id);
        Ok(of_source
            .filter(|id| after.is_none_or(|after| id.as_str() > after))
            .take(limit)
            .cloned()
            .collect())
    }

    fn stage(&mut self, import: ImportId, batch: u32, items: Vec<Staged>) -> Result<(), TargetError> {
        self.import(import)?.batches.insert(batch, items);
        Ok(())
    }

    fn seal(&mut self, import: ImportId, report: &str) -> Result<(), TargetError> {
        self.import(import)?.report = Some(report.to_owned());
        Ok(())
    }

    fn publish(&mut self, import: ImportId) -> Result<Published, TargetError> {
        let staged = self.import(import)?;
        let total = staged.batches.len();
        staged.published_batches = (staged.published_batches + BATCHES_PER_STEP).min(total);
        let done = staged.published_batches;
        if done == total
            && let Some(index) = self.imports.iter().position(|other| other.id == import)
        {
            let import = self.imports.swap_remove(index);
            self.apply(import);
        }
        Ok(Published { done: done as u64, total: total as u64 })
    }

    fn abandon(&mut self, import: ImportId) -> Result<(), TargetError> {
        self.imports.retain(|other| other.id != import);
        Ok(())
    }
}
