//! What a rep proposes and somebody else decides, and what a rep puts off.

use crate::model::ClientId;
use crate::model::cbor::{cbor_map, codes};
use crate::model::date::BusinessDate;
use crate::model::limits::{PROFILE_VALUE_BYTES_MAX, SENTENCE_CHARS_MAX, SUBJECT_CHARS_MAX};
use crate::model::problem::{Check, Code};
use crate::model::profile::{KEY_BYTES_MAX, Key, Scalar};

codes! {
    /// What makes two clients look like one.
    pub enum Likeness: "likeness" {
        TaxId = 1 "tax_id",
        Phone = 2 "phone",
        Name = 3 "name",
        Address = 4 "address",
        Email = 5 "email",
        /// The rep knows.
        Known = 6 "known",
    }
}

cbor_map! {
    /// Two clients are one (*unificar fichas*): this document's client and another. The relay decides and keeps an
    /// alias; documents are never combined.
    pub struct MergeProposal {
        8 other: ClientId,
        /// The other is to be kept, and this one to become its alias.
        9 keep_other: bool,
        10 likeness: Vec<Likeness>,
        11 note: Option<String>,
    }
}

impl MergeProposal {
    pub fn new(other: ClientId, keep_other: bool, likeness: Vec<Likeness>) -> Self {
        Self { other, keep_other, likeness, note: None, extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.each("likeness", &self.likeness, Likeness::ALL.len(), |check, likeness| {
            check.rule(likeness.is_known(), "code", Code::UnknownValue);
        });
        check.prose_opt("note", self.note.as_ref(), SENTENCE_CHARS_MAX);
    }
}

codes! {
    /// What the office says to a request.
    pub enum RequestDecision: "request" {
        Granted = 1 "granted",
        Declined = 2 "declined",
    }
}

cbor_map! {
    /// Asks the office to change a field that its system owns. The answer amends the request: the same fields, and what
    /// was decided.
    pub struct ChangeRequest {
        /// Key of the profile.
        8 field: String,
        /// What it should be; missing where the value should go.
        9 value: Option<Scalar>,
        /// What stood there when it was asked.
        10 seen: Option<Scalar>,
        11 reason: Option<String>,
        /// Missing while nobody has answered.
        12 decision: Option<RequestDecision>,
        /// What the office says beside its decision.
        13 answer: Option<String>,
    }
}

impl ChangeRequest {
    pub fn new(field: &Key, value: Option<Scalar>, seen: Option<Scalar>) -> Self {
        Self {
            field: field.to_string(),
            value,
            seen,
            reason: None,
            decision: None,
            answer: None,
            extras: Default::default(),
        }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.line("field", &self.field, KEY_BYTES_MAX);
        match (Key::parse(&self.field), &self.value) {
            (None, _) => check.add("field", Code::Form, None),
            (Some(key), Some(value)) => check.within("value", |check| key.check(value, check)),
            (Some(_), None) => {}
        }
        if self.seen.as_ref().is_some_and(|seen| seen.len() > PROFILE_VALUE_BYTES_MAX) {
            check.add("seen", Code::TooLong, Some(PROFILE_VALUE_BYTES_MAX as i64));
        }
        check.prose_opt("reason", self.reason.as_ref(), SENTENCE_CHARS_MAX);
        check.rule(self.decision.is_none_or(RequestDecision::is_known), "decision", Code::UnknownValue);
        check.rule(self.answer.is_none() || self.decision.is_some(), "answer", Code::Contradiction);
        check.prose_opt("answer", self.answer.as_ref(), SENTENCE_CHARS_MAX);
    }
}

codes! {
    /// What was put off.
    pub enum Subject: "not_now" {
        Visit = 1 "visit",
        Offer = 2 "offer",
        Duplicate = 3 "duplicate",
        /// A sign that the client is slipping away.
        Warning = 4 "warning",
        WinBack = 5 "win_back",
        ConfirmData = 6 "confirm_data",
        Task = 7 "task",
        Agreement = 8 "agreement",
        /// What is overdue.
        Debt = 9 "debt",
        /// A date worth remembering.
        Date = 10 "date",
        /// An order that the office declined.
        Order = 11 "order",
    }
}

codes! {
    pub enum NotNowReason: "not_now_reason" {
        Busy = 1 "busy",
        ClientAway = 2 "client_away",
        NotInterested = 3 "not_interested",
        Wrong = 4 "wrong",
        Other = 5 "other",
    }
}

cbor_map! {
    /// *Posponer*: what the app proposed comes back later, or not at all.
    pub struct NotNow {
        8 subject: Subject,
        /// Which one, where there are several: a plan rule, an article, the other client.
        9 key: Option<String>,
        /// First day on which it may come back; missing for never.
        10 until: Option<BusinessDate>,
        11 reason: Option<NotNowReason>,
        12 note: Option<String>,
    }
}

impl NotNow {
    pub fn new(subject: Subject, until: Option<BusinessDate>) -> Self {
        Self { subject, key: None, until, reason: None, note: None, extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.rule(self.subject.is_known(), "subject", Code::UnknownValue);
        check.rule(self.reason.is_none_or(NotNowReason::is_known), "reason", Code::UnknownValue);
        check.line_opt("key", self.key.as_ref(), SUBJECT_CHARS_MAX);
        check.prose_opt("note", self.note.as_ref(), SENTENCE_CHARS_MAX);
    }
}
