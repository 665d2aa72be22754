//! A task, and what became of it.

use crate::model::cbor::{cbor_map, codes};
use crate::model::date::BusinessDate;
use crate::model::limits::{MINUTE_OF_DAY_MAX, SENTENCE_CHARS_MAX};
use crate::model::problem::{Check, Code};
use crate::model::{PersonId, RecordId};

codes! {
    pub enum TaskState: "task" {
        Open = 1 "open",
        Done = 2 "done",
        Dropped = 3 "dropped",
    }
}

cbor_map! {
    /// Something to be done about a client. That it was done is a record of its own, which names the task in `task`
    /// and says only the new state; the latest in the document's order holds.
    pub struct Task {
        8 state: TaskState,
        /// The task whose state this record says; missing in the record that begins a task.
        9 task: Option<RecordId>,
        /// Required where a task begins.
        10 what: Option<String>,
        11 due_on: Option<BusinessDate>,
        /// Minutes after midnight, local time.
        12 due_minute: Option<u32>,
        /// Who is to do it; missing for whoever wrote it.
        13 assigned_to: Option<PersonId>,
        /// The visit or contact at which it arose.
        14 arose_at: Option<RecordId>,
        15 note: Option<String>,
    }
}

impl Task {
    fn of(state: TaskState, task: Option<RecordId>, what: Option<String>) -> Self {
        Self {
            state,
            task,
            what,
            due_on: None,
            due_minute: None,
            assigned_to: None,
            arose_at: None,
            note: None,
            extras: Default::default(),
        }
    }

    /// A task to be done.
    pub fn open(what: impl Into<String>) -> Self {
        Self::of(TaskState::Open, None, Some(what.into()))
    }

    /// What became of `task`.
    pub fn settle(task: RecordId, state: TaskState) -> Self {
        Self::of(state, Some(task), None)
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.rule(self.state.is_known(), "state", Code::UnknownValue);
        let begins = self.task.is_none();
        check.rule(!begins || self.what.is_some(), "what", Code::Required);
        check.rule(!begins || self.state != TaskState::Dropped, "state", Code::Contradiction);
        check.prose_opt("what", self.what.as_ref(), SENTENCE_CHARS_MAX);
        check.prose_opt("note", self.note.as_ref(), SENTENCE_CHARS_MAX);
        check.rule(self.due_minute.is_none() || self.due_on.is_some(), "due_minute", Code::Contradiction);
        if let Some(minute) = self.due_minute {
            check.range("due_minute", minute.into(), 0, MINUTE_OF_DAY_MAX.into());
        }
    }
}
