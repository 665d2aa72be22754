//! What stands in a person's own document: about no client.

use crate::model::cbor::{cbor_map, codes};
use crate::model::date::BusinessDate;
use crate::model::limits::{
    CODE_CHARS_MAX, NAME_CHARS_MAX, NOTES_CHARS_MAX, SEGMENT_CLIENTS_MAX, SENTENCE_CHARS_MAX,
};
use crate::model::problem::{Check, Code};
use crate::model::{ClientId, PersonId};

codes! {
    pub enum AbsenceReason: "absence" {
        Holiday = 1 "holiday",
        Illness = 2 "illness",
        Training = 3 "training",
        Leave = 4 "leave",
        Other = 5 "other",
    }
}

cbor_map! {
    /// Days on which the person does not visit; they count against nobody.
    pub struct Absence {
        8 from: BusinessDate,
        /// Last day.
        9 to: BusinessDate,
        10 reason: Option<AbsenceReason>,
        /// Who stands in (*sustitución*), as the person proposes it.
        11 cover: Option<PersonId>,
        12 note: Option<String>,
    }
}

impl Absence {
    pub fn new(from: BusinessDate, to: BusinessDate) -> Self {
        Self { from, to, reason: None, cover: None, note: None, extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.rule(self.to >= self.from, "to", Code::Order);
        check.rule(self.reason.is_none_or(AbsenceReason::is_known), "reason", Code::UnknownValue);
        check.prose_opt("note", self.note.as_ref(), SENTENCE_CHARS_MAX);
    }
}

cbor_map! {
    /// A private set of clients: by a filter, by name, or both.
    pub struct Segment {
        8 name: String,
        /// In the language of the portfolio's filters.
        9 filter: Option<String>,
        10 clients: Vec<ClientId>,
    }
}

impl Segment {
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), filter: None, clients: Vec::new(), extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.line("name", &self.name, NAME_CHARS_MAX);
        check.prose_opt("filter", self.filter.as_ref(), NOTES_CHARS_MAX);
        check.count("clients", self.clients.len(), SEGMENT_CLIENTS_MAX);
    }
}

cbor_map! {
    /// The person has read a notice of the office.
    pub struct NoticeRead {
        /// Key of the office's notice.
        8 notice: String,
    }
}

impl NoticeRead {
    pub fn new(notice: impl Into<String>) -> Self {
        Self { notice: notice.into(), extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.line("notice", &self.notice, CODE_CHARS_MAX);
    }
}

cbor_map! {
    /// The person has done a lesson of the app's course.
    pub struct LessonDone {
        8 lesson: String,
    }
}

impl LessonDone {
    pub fn new(lesson: impl Into<String>) -> Self {
        Self { lesson: lesson.into(), extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.line("lesson", &self.lesson, CODE_CHARS_MAX);
    }
}
