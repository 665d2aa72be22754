//! Tasks and notes.

use super::records::{About, shown};
use super::{Engine, EngineError, Saved};
use crate::model::record::{Body, Kind, Note, Task, TaskState};
use crate::model::{ClientId, RecordId};

impl Engine {
    pub fn add_note(&self, client: &ClientId, note: Note) -> Result<Saved, EngineError> {
        self.record(client, note)
    }

    pub fn add_task(&self, client: &ClientId, task: Task) -> Result<Saved, EngineError> {
        self.record(client, task)
    }

    /// What became of a task: done, dropped, or open again. Anybody who may write here may say it, whoever the task is
    /// from.
    pub fn settle_task(
        &self,
        client: &ClientId,
        task: RecordId,
        state: TaskState,
    ) -> Result<Saved, EngineError> {
        self.write_client(client, |tx, document| {
            match shown(tx, document, Kind::Task, &task)? {
                (_, Body::Task(Task { task: None, .. })) => {}
                _ => return Err(EngineError::UnknownRecord),
            }
            let settled = Task::settle(task, state);
            self.append_in(tx, document, Kind::Task, settled.into(), About::Nothing, None)
        })
    }
}
