//! Visits and other contacts: planned, moved, cancelled, done.

use super::records::{About, shown};
use super::{Engine, EngineError, Saved};
use crate::model::date::BusinessDate;
use crate::model::record::{Body, Contact, Kind, PlanKey, Visit, VisitState, VoidReason};
use crate::model::{ClientId, RecordId};
use crate::rows::plan::{self, Mark, Marks};

impl Engine {
    /// A visit that was done, or one that is planned. One that carries out a planned visit names it, and takes it off
    /// the agenda.
    pub fn log_visit(&self, client: &ClientId, visit: Visit) -> Result<Saved, EngineError> {
        self.record(client, visit)
    }

    /// A call or a message; it may stand for a planned visit.
    pub fn log_contact(&self, client: &ClientId, contact: Contact) -> Result<Saved, EngineError> {
        self.record(client, contact)
    }

    /// Another day, and another time of it or none, for a visit that is planned.
    ///
    /// # Errors
    /// `unknown_record` where there is no such plan: it was cancelled, or it is a visit that was done.
    pub fn move_visit(
        &self,
        client: &ClientId,
        planned: RecordId,
        due_on: BusinessDate,
        due_minute: Option<u32>,
    ) -> Result<Saved, EngineError> {
        self.write_client(client, |tx, document| {
            let (seen, body) = shown(tx, document, Kind::Visit, &planned)?;
            let Body::Visit(visit) = body else { return Err(EngineError::UnknownRecord) };
            if visit.state != VisitState::Planned {
                return Err(EngineError::UnknownRecord);
            }
            let moved = Visit { due_on: Some(due_on), due_minute, ..visit };
            self.append_in(tx, document, Kind::Visit, moved.into(), About::Amends(seen), None)
        })
    }

    /// A planned visit will not be made. Voiding the answer plans it again. Of one that was moved from another day of the
    /// visit plan, [`Engine::cancel_planned`] cancels it; this here takes the move back.
    pub fn cancel_visit(&self, client: &ClientId, planned: RecordId) -> Result<Saved, EngineError> {
        self.void(client, Kind::Visit, planned, VoidReason::Cancelled)
    }

    /// Another day, and another time of it or none, for a visit of the visit plan, whoever moved it before.
    ///
    /// # Errors
    /// `unknown_record` where no rule asks for that visit, or it was made.
    pub fn move_planned(
        &self,
        client: &ClientId,
        visit: PlanKey,
        due_on: BusinessDate,
        due_minute: Option<u32>,
    ) -> Result<Saved, EngineError> {
        self.mark(client, Visit { due_minute, plan: Some(visit), ..Visit::planned(due_on) })
    }

    /// A visit of the visit plan will not be made. Voiding the answer plans it again.
    ///
    /// # Errors
    /// `unknown_record` where no rule asks for that visit, or it was made.
    pub fn cancel_planned(&self, client: &ClientId, visit: PlanKey) -> Result<Saved, EngineError> {
        self.mark(client, Visit::cancelled(visit))
    }

    /// The last word counts, so a record of its own says what becomes of the visit, whoever wrote the one before.
    fn mark(&self, client: &ClientId, visit: Visit) -> Result<Saved, EngineError> {
        self.write_client(client, |tx, document| {
            let key = visit.plan.as_ref().ok_or(EngineError::UnknownRecord)?;
            let asked = plan::rules(tx, Some(client))?
                .iter()
                .any(|rule| rule.of == key.client && rule.key == key.rule && rule.plan.falls_on(key.date));
            if !asked || matches!(Marks::read(tx, document.row)?.of(key), Some(Mark::Done(_))) {
                return Err(EngineError::UnknownRecord);
            }
            self.append_in(tx, document, Kind::Visit, visit.into(), About::Nothing, None)
        })
    }
}
