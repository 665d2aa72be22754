//! What a rep proposes and somebody else decides, and what is put off.

use rusqlite::Transaction;

use super::records::About;
use super::{ClientEdit, Engine, EngineError, Saved};
use crate::document::Facts;
use crate::model::ClientId;
use crate::model::problem::{Code, Problem};
use crate::model::record::{ChangeRequest, Kind, MergeProposal, NotNow};
use crate::rows::{Document, SqlFacts};

impl Engine {
    /// Two clients are one: proposed on the page of the one, whether or not the other is on this device.
    pub fn propose_merge(&self, client: &ClientId, proposal: MergeProposal) -> Result<Saved, EngineError> {
        if proposal.other == *client {
            let itself = Problem { field: "other".into(), code: Code::Contradiction, limit: None };
            return Err(EngineError::Invalid(vec![itself]));
        }
        self.record(client, proposal)
    }

    /// Asks the office to change a field, with a reason; `None` if the field says so already.
    pub fn request_change(
        &self,
        client: &ClientId,
        edit: ClientEdit,
        reason: Option<String>,
    ) -> Result<Option<Saved>, EngineError> {
        self.write_client(client, |tx, document| self.request_change_in(tx, document, edit, reason))
    }

    /// *Posponer*: what the app proposed comes back on a day, or not at all.
    pub fn put_off(&self, client: &ClientId, not_now: NotNow) -> Result<Saved, EngineError> {
        self.record(client, not_now)
    }

    pub(super) fn request_change_in(
        &self,
        tx: &Transaction<'_>,
        document: &mut Document,
        edit: ClientEdit,
        reason: Option<String>,
    ) -> Result<Option<Saved>, EngineError> {
        let seen = SqlFacts::new(tx, document).field_ops(&edit.key)?.pop().map(|op| op.value);
        if seen == edit.value {
            return Ok(None);
        }
        let field = edit.key.as_str().to_owned();
        let request = ChangeRequest {
            field,
            value: edit.value,
            seen,
            reason,
            decision: None,
            answer: None,
            extras: Default::default(),
        };
        self.append_in(tx, document, Kind::ChangeRequest, request.into(), About::Nothing, None).map(Some)
    }
}
