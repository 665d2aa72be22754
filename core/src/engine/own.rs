//! The person's own document: what is about no client. It begins with the first thing that is kept in it.

use rusqlite::Transaction;

use super::records::About;
use super::{Changed, Engine, EngineError, Saved};
use crate::document::{WriteError, append};
use crate::model::record::{Absence, Body, Kind, LessonDone, NoticeRead, Segment, Void, VoidReason};
use crate::model::{PersonId, RecordId};
use crate::portfolio::segments::Rule;
use crate::query::own::{self, Kept};
use crate::rows::{Document, RowsError};
use crate::store::actors;
use crate::sync::identity::Identity;

impl Engine {
    /// Days on which this person does not visit.
    pub fn declare_absence(&self, absence: Absence) -> Result<Saved, EngineError> {
        self.keep(absence.into(), About::Nothing)
    }

    /// A private set of clients.
    ///
    /// # Errors
    /// Those of [`RuleError`](crate::portfolio::segments::RuleError), where its filter cannot be used.
    pub fn save_segment(&self, segment: Segment) -> Result<Saved, EngineError> {
        if let Some(filter) = &segment.filter {
            filter.parse::<Rule>()?;
        }
        self.keep(segment.into(), About::Nothing)
    }

    /// Says a private set of clients anew, under the same name for everybody who knows it.
    ///
    /// # Errors
    /// As [`Engine::save_segment`].
    pub fn change_segment(&self, target: RecordId, segment: Segment) -> Result<Saved, EngineError> {
        if let Some(filter) = &segment.filter {
            filter.parse::<Rule>()?;
        }
        self.amend_own(target, segment.into())
    }

    /// This person has read a notice of the office; said once, however often it is called.
    pub fn mark_notice_read(&self, notice: NoticeRead) -> Result<Saved, EngineError> {
        self.keep_once(notice.into())
    }

    /// This person has done a lesson; said once, however often it is called.
    pub fn mark_lesson_done(&self, lesson: LessonDone) -> Result<Saved, EngineError> {
        self.keep_once(lesson.into())
    }

    /// Says a record of the person's own document anew, as [`Engine::amend`] does for a client's.
    pub fn amend_own(&self, target: RecordId, body: Body) -> Result<Saved, EngineError> {
        self.keep(body, About::Amends(target))
    }

    /// Takes a record of the person's own document back, as [`Engine::void`] does for a client's.
    pub fn void_own(&self, kind: Kind, target: RecordId, reason: VoidReason) -> Result<Saved, EngineError> {
        self.write_own(|tx, document| {
            self.append_in(tx, document, kind, Body::Void(Void::new(reason)), About::Voids(target), None)
        })
    }

    fn keep(&self, body: Body, about: About) -> Result<Saved, EngineError> {
        let kind = body.kind().ok_or(EngineError::UnknownRecord)?;
        self.write_own(|tx, document| self.append_in(tx, document, kind, body, about, None))
    }

    fn keep_once(&self, body: Body) -> Result<Saved, EngineError> {
        let kind = body.kind().ok_or(EngineError::UnknownRecord)?;
        self.write_own(|tx, document| {
            let person = PersonId::from_bytes(*document.id.as_bytes());
            let kept = own::records(tx, &person, kind)?;
            match kept.into_iter().find(|kept| kept.body == body) {
                Some(Kept { root, date, date_uncertain, .. }) => Ok(Saved { id: root, date, date_uncertain }),
                None => self.append_in(tx, document, kind, body, About::Nothing, None),
            }
        })
    }

    fn write_own<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>, &mut Document) -> Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        let done = self.store.write(|tx| work(tx, &mut self.own_document(tx)?))?;
        self.listeners.tell(&Changed::Own);
        Ok(done)
    }

    fn own_document(&self, tx: &Transaction<'_>) -> Result<Document, EngineError> {
        let person = Identity::load(tx)?.ok_or(EngineError::NotEnrolled)?.person;
        let mut document = match Document::find(tx, &person.into())? {
            Some(document) if !document.heads.is_empty() => return Ok(document),
            Some(document) => document,
            None => Document::create(tx, person.into(), 0)?,
        };
        let actor = actors::present(tx, self.env())?;
        let first = append::create(&actor, person.into(), self.env.now_ms())
            .map_err(WriteError::<RowsError>::from)?;
        self.commit(tx, &mut document, &first, None)?;
        Ok(document)
    }
}
