//! A note about a client.

use crate::model::cbor::cbor_map;
use crate::model::limits::NOTES_CHARS_MAX;
use crate::model::problem::Check;

cbor_map! {
    /// Something worth remembering.
    pub struct Note {
        8 text: String,
        /// Shown before the others.
        9 pinned: bool,
    }
}

impl Note {
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), pinned: false, extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.prose("text", &self.text, NOTES_CHARS_MAX);
    }
}
