//! Taking a record back.

use crate::model::cbor::{cbor_map, codes};
use crate::model::limits::SENTENCE_CHARS_MAX;
use crate::model::problem::{Check, Code};

codes! {
    /// Why a record is taken back.
    pub enum VoidReason: "void" {
        Mistake = 1 "mistake",
        WrongClient = 2 "wrong_client",
        Twice = 3 "twice",
        Cancelled = 4 "cancelled",
        Other = 5 "other",
    }
}

cbor_map! {
    /// Stands in a record that voids another one of its kind. Voiding a void restores what it took back.
    pub struct Void {
        8 reason: Option<VoidReason>,
        9 note: Option<String>,
    }
}

impl Void {
    pub fn new(reason: VoidReason) -> Self {
        Self { reason: Some(reason), note: None, extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.rule(self.reason.is_none_or(VoidReason::is_known), "reason", Code::UnknownValue);
        check.prose_opt("note", self.note.as_ref(), SENTENCE_CHARS_MAX);
    }
}
