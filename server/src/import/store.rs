//! Imports into the relay's storage: [`Target`] over [`Imports`](crate::storage::Imports), with the clock and
//! randomness that storage does not have.

use cartera_core::env::{Env, random_bytes};
use cartera_core::model::office::KnownKind;
use cartera_core::model::{ClientId, PersonId};
use cartera_core::sync::wire::ActorBytes;

use super::profile::Row;
use super::record::{Answered, OfficeRecord};
use super::target::{Begun, ImportId, Plan, Published, Reference, Staged, Standing, Target, TargetError};
use crate::app::App;
use crate::storage::imports::{ImportStep, Publisher};
use crate::storage::{Storage, StorageError};

/// Where the imports of a workspace go.
#[derive(Debug)]
pub struct Store<'a> {
    storage: &'a dyn Storage,
    env: &'a dyn Env,
    person: Option<PersonId>,
}

impl<'a> Store<'a> {
    /// The relay's store; what is imported has no author.
    pub fn new(app: &'a App) -> Self {
        Self::over(app.storage.as_ref(), app.env.as_ref())
    }

    pub(crate) fn over(storage: &'a dyn Storage, env: &'a dyn Env) -> Self {
        Self { storage, env, person: None }
    }

    /// As somebody who has the file imported: conflicts will name them.
    pub fn by(self, person: Option<PersonId>) -> Self {
        Self { person, ..self }
    }
}

fn failed(error: StorageError) -> TargetError {
    TargetError::Storage(Box::new(error))
}

fn done<T>(step: ImportStep<T>) -> Result<T, TargetError> {
    match step {
        ImportStep::Done(value) => Ok(value),
        ImportStep::Superseded => Err(TargetError::Superseded),
    }
}

impl Target for Store<'_> {
    fn begin(&mut self, plan: &Plan) -> Result<Begun, TargetError> {
        let new = ImportId(random_bytes(self.env));
        self.storage.begin_import(plan, new, self.env.now_ms()).map_err(failed)
    }

    fn known(&mut self, what: Reference, source: &str, keys: &[&str]) -> Result<Vec<bool>, TargetError> {
        self.storage.known_to_import(what, source, keys).map_err(failed)
    }

    fn last_rows(&mut self, source: &str, ids: &[&str]) -> Result<Vec<Option<Row>>, TargetError> {
        self.storage.last_imported(source, ids).map_err(failed)
    }

    fn erased(&mut self, source: &str, ids: &[&str]) -> Result<Vec<bool>, TargetError> {
        self.storage.erased_to_import(source, ids).map_err(failed)
    }

    fn standing(&mut self, source: &str, records: &[&OfficeRecord]) -> Result<Vec<Standing>, TargetError> {
        self.storage.office_standing(source, records).map_err(failed)
    }

    fn answered(&mut self, source: &str, answers: &[&Answered]) -> Result<Vec<Standing>, TargetError> {
        self.storage.answers_standing(source, answers).map_err(failed)
    }

    fn keys(
        &mut self,
        kind: KnownKind,
        source: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, TargetError> {
        self.storage.office_keys(kind, source, after, limit).map_err(failed)
    }

    fn stage(&mut self, import: ImportId, batch: u32, items: Vec<Staged>) -> Result<(), TargetError> {
        done(self.storage.stage_import(import, batch, &items).map_err(failed)?)
    }

    fn seal(&mut self, import: ImportId, report: &str) -> Result<(), TargetError> {
        done(self.storage.seal_import(import, report).map_err(failed)?)
    }

    fn publish(&mut self, import: ImportId) -> Result<Published, TargetError> {
        let env = self.env;
        let mut publisher = Publisher {
            new_actor: ActorBytes(random_bytes(env)),
            person: self.person,
            new_client: &mut || ClientId::new(env),
            at_ms: env.now_ms(),
        };
        done(self.storage.publish_import(import, &mut publisher).map_err(failed)?)
    }

    fn abandon(&mut self, import: ImportId) -> Result<(), TargetError> {
        self.storage.abandon_import(import).map_err(failed)
    }
}
