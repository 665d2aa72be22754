//! Visits, calls and messages, notes, tasks, and what has a date to come.

use std::sync::Arc;

use cartera_core::model::record::{self, Body, Kind};
use cartera_core::query::{agenda, tasks};

use crate::shared::{Shared, limit};
use crate::{
    BusinessDate, CarteraError, ClientId, Contact, NewTask, PlanKey, RecordId, RecordKind, Saved, TaskState,
    Visit, VoidReason,
};

/// Work at a client's.
#[derive(Debug, uniffi::Object)]
pub struct Visits {
    pub(crate) shared: Arc<Shared>,
}

/// A task, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TaskNow {
    pub id: RecordId,
    pub what: String,
    pub state: TaskState,
    pub due_on: Option<BusinessDate>,
    pub due_minute: Option<u32>,
    pub note: Option<String>,
}

/// Something with a date to come.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AgendaItem {
    pub date: BusinessDate,
    pub client: ClientId,
    pub client_name: String,
    /// `visit`, `next_step`, `task`, `agreement`.
    pub what: String,
    pub record: RecordId,
}

#[uniffi::export]
impl Visits {
    /// A visit that was made. One that carries out a planned one names it.
    pub fn log(&self, client: ClientId, visit: Visit) -> Result<Saved, CarteraError> {
        let (client, visit) = (client.read()?, visit.read()?);
        self.shared.run(|engine| Ok(engine.log_visit(&client, visit)?.into()))
    }

    /// Says a visit anew, corrected; `record` is the version that was seen.
    pub fn correct(&self, client: ClientId, record: RecordId, visit: Visit) -> Result<Saved, CarteraError> {
        let (client, record, visit) = (client.read()?, record.read()?, visit.read()?);
        let corrected = |shown| match shown {
            Body::Visit(old) => record::Visit { extras: old.extras, ..visit }.into(),
            other => other,
        };
        self.shared.run(|engine| Ok(engine.amend_shown(&client, Kind::Visit, record, corrected)?.into()))
    }

    /// Takes a record back; it is kept, and voiding the answer restores it.
    pub fn void(
        &self,
        client: ClientId,
        kind: RecordKind,
        record: RecordId,
        reason: VoidReason,
    ) -> Result<Saved, CarteraError> {
        let (client, record) = (client.read()?, record.read()?);
        self.shared.run(|engine| Ok(engine.void(&client, kind.into(), record, reason.into())?.into()))
    }

    /// On which day a record happened whose date was uncertain.
    pub fn confirm_date(
        &self,
        client: ClientId,
        kind: RecordKind,
        record: RecordId,
        date: BusinessDate,
    ) -> Result<Saved, CarteraError> {
        let (client, record, date) = (client.read()?, record.read()?, date.read()?);
        self.shared.run(|engine| Ok(engine.confirm_date(&client, kind.into(), record, date)?.into()))
    }

    /// A visit for a day to come.
    pub fn plan(
        &self,
        client: ClientId,
        due_on: BusinessDate,
        due_minute: Option<u32>,
    ) -> Result<Saved, CarteraError> {
        let (client, due_on) = (client.read()?, due_on.read()?);
        let visit = record::Visit { due_minute, ..record::Visit::planned(due_on) };
        self.shared.run(|engine| Ok(engine.log_visit(&client, visit)?.into()))
    }

    /// Another day for a visit that somebody planned.
    pub fn move_planned(
        &self,
        client: ClientId,
        record: RecordId,
        due_on: BusinessDate,
        due_minute: Option<u32>,
    ) -> Result<Saved, CarteraError> {
        let (client, record, due_on) = (client.read()?, record.read()?, due_on.read()?);
        self.shared.run(|engine| Ok(engine.move_visit(&client, record, due_on, due_minute)?.into()))
    }

    /// A visit that somebody planned will not be made. Voiding the answer plans it again.
    pub fn cancel_planned(&self, client: ClientId, record: RecordId) -> Result<Saved, CarteraError> {
        let (client, record) = (client.read()?, record.read()?);
        self.shared.run(|engine| Ok(engine.cancel_visit(&client, record)?.into()))
    }

    /// Another day for a visit of the visit plan (*rutero*).
    pub fn move_of_plan(
        &self,
        client: ClientId,
        visit: PlanKey,
        due_on: BusinessDate,
        due_minute: Option<u32>,
    ) -> Result<Saved, CarteraError> {
        let (client, visit, due_on) = (client.read()?, visit.read()?, due_on.read()?);
        self.shared.run(|engine| Ok(engine.move_planned(&client, visit, due_on, due_minute)?.into()))
    }

    /// A visit of the visit plan will not be made.
    pub fn cancel_of_plan(&self, client: ClientId, visit: PlanKey) -> Result<Saved, CarteraError> {
        let (client, visit) = (client.read()?, visit.read()?);
        self.shared.run(|engine| Ok(engine.cancel_planned(&client, visit)?.into()))
    }

    /// A call or a message.
    pub fn log_contact(&self, client: ClientId, contact: Contact) -> Result<Saved, CarteraError> {
        let (client, contact) = (client.read()?, contact.read()?);
        self.shared.run(|engine| Ok(engine.log_contact(&client, contact)?.into()))
    }

    pub fn add_note(&self, client: ClientId, text: String, pinned: bool) -> Result<Saved, CarteraError> {
        let client = client.read()?;
        let note = record::Note { pinned, ..record::Note::new(text) };
        self.shared.run(|engine| Ok(engine.add_note(&client, note)?.into()))
    }

    pub fn add_task(&self, client: ClientId, task: NewTask) -> Result<Saved, CarteraError> {
        let (client, task) = (client.read()?, task.read()?);
        self.shared.run(|engine| Ok(engine.add_task(&client, task)?.into()))
    }

    /// Done, dropped, or open again.
    pub fn settle_task(
        &self,
        client: ClientId,
        task: RecordId,
        state: TaskState,
    ) -> Result<Saved, CarteraError> {
        let (client, task) = (client.read()?, task.read()?);
        self.shared.run(|engine| Ok(engine.settle_task(&client, task, state.into())?.into()))
    }

    /// A client's tasks in the order in which they began.
    pub fn tasks(&self, client: ClientId) -> Result<Vec<TaskNow>, CarteraError> {
        let client = client.read()?;
        self.shared.read(|conn, _| {
            let task = |now: tasks::TaskNow| TaskNow {
                id: now.root.into(),
                what: now.task.what.unwrap_or_default(),
                state: now.state.into(),
                due_on: now.due_on.map(Into::into),
                due_minute: now.due_minute,
                note: now.task.note,
            };
            Ok(tasks::of_client(conn, &client)?.into_iter().map(task).collect())
        })
    }

    /// Planned visits, next steps, tasks and agreements that end, of all clients, on the days from `from` up to and without
    /// `to`, the earliest first; at most so many.
    pub fn agenda(
        &self,
        from: BusinessDate,
        to: BusinessDate,
        most: u32,
    ) -> Result<Vec<AgendaItem>, CarteraError> {
        let (from, to) = (from.read()?.days(), to.read()?.days());
        self.shared.read(|conn, _| {
            let item = |item: agenda::Item| {
                Some(AgendaItem {
                    date: BusinessDate::of_days(item.date)?,
                    client: item.client.into(),
                    client_name: item.client_name,
                    what: item.what,
                    record: item.record.into(),
                })
            };
            Ok(agenda::between(conn, from, to, limit(most))?.into_iter().filter_map(item).collect())
        })
    }
}
