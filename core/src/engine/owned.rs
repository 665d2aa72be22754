//! Edits of fields that the ERP owns, made by a phone that did not know it yet: the relay refuses them, and the office is
//! asked instead.

use rusqlite::Transaction;

use super::clients::ClientEdit;
use super::{Changed, Engine, EngineError};
use crate::document::admit;
use crate::document::{Body, Change};
use crate::model::ClientId;
use crate::rows::Document;
use crate::store::StoreError;
use crate::store::attention::{self, Refused};
use crate::sync::wire::Refusal;

impl Engine {
    /// Turns refused edits of which a field turned out to be the ERP's into requests to change it; the other fields of
    /// the same edit are written again. How many edits; they are refused work no more. What was refused for anything
    /// else stays on the list.
    pub(super) fn ask_for_refused(&self) -> Result<u64, StoreError> {
        let forbidden = |work: &Refused| work.key.is_none() && work.code == Refusal::Forbidden.code();
        let mut asked = 0;
        for work in self.store.read(attention::refused)?.into_iter().filter(forbidden) {
            let Ok(change) = admit::inspect(&work.bytes) else { continue };
            let Some(edits) = edits(&change) else { continue };
            match self.store.write(|tx| self.ask_instead(tx, &work, edits)) {
                Ok(true) => {
                    asked += 1;
                    self.listeners.tell(&Changed::Client(ClientId::from_bytes(*work.document.as_bytes())));
                }
                Err(EngineError::Store(error)) => return Err(error),
                // What cannot be asked either stays refused work.
                Ok(false) | Err(_) => {}
            }
        }
        Ok(asked)
    }

    /// `false`: none of the fields is the ERP's.
    fn ask_instead(
        &self,
        tx: &Transaction<'_>,
        work: &Refused,
        edits: Vec<ClientEdit>,
    ) -> Result<bool, EngineError> {
        let Some(mut document) = Document::find(tx, &work.document)? else { return Ok(false) };
        let owned = self.owned_fields(tx, &document)?;
        if !edits.iter().any(|edit| owned.iter().any(|field| field == edit.key.as_str())) {
            return Ok(false);
        }
        self.edit_in(tx, &mut document, &owned, edits)?;
        attention::take_refused(tx, &work.hash)?;
        Ok(true)
    }
}

/// What a change does to fields; `None` if it does anything else.
fn edits(change: &Change) -> Option<Vec<ClientEdit>> {
    let edit = |body: &Body| match body {
        Body::Put { key, value, .. } => Some(ClientEdit { key: key.clone(), value: Some(value.clone()) }),
        Body::Delete { key, .. } => Some(ClientEdit { key: key.clone(), value: None }),
        Body::Create(_) | Body::Record { .. } => None,
    };
    change.ops.iter().map(|op| edit(&op.body)).collect()
}
