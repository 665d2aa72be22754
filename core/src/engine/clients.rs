//! Commands on a client's profile.

use super::{Changed, Engine, EngineError};
use crate::document::{FieldKey, FieldValue, WriteError, append, edit};
use crate::model::{ClientId, TerritoryId};
use crate::rows::{Document, RowsError, SqlFacts, client};
use crate::store::actors;
use crate::sync::identity::Identity;

/// A customer that nobody knew yet.
#[derive(Debug, Clone)]
pub struct NewClient {
    pub fields: Vec<ClientEdit>,
    /// Where the client should belong; the rep's own territory when absent.
    pub territory: Option<TerritoryId>,
}

/// One field's new value; `None` takes it away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientEdit {
    pub key: FieldKey,
    pub value: Option<FieldValue>,
}

impl Engine {
    /// Creates a client. Visits and orders are possible at once.
    pub fn create_client(&self, new: NewClient) -> Result<ClientId, EngineError> {
        let id = ClientId::new(&*self.env);
        self.store.write(|tx| {
            let now_ms = self.env.now_ms();
            let actor = actors::present(tx, self.env())?;
            let home = Identity::load(tx)?.and_then(|identity| identity.home_territory);
            let territory = new.territory.or(home);
            let mut document = Document::create(tx, id.into(), 0)?;
            let first = append::create(&actor, id.into(), now_ms).map_err(WriteError::<RowsError>::from)?;
            self.commit(tx, &mut document, &first, territory.as_ref())?;
            self.write_fields(tx, &mut document, new.fields)?;
            client::set_territory(tx, document.row, territory.as_ref())?;
            Ok::<_, EngineError>(())
        })?;
        self.listeners.tell(&Changed::Client(id));
        Ok(id)
    }

    /// Changes fields of a profile; all of them or none.
    pub fn edit_client(&self, client: &ClientId, edits: Vec<ClientEdit>) -> Result<(), EngineError> {
        self.store.write(|tx| {
            let mut document = self.document(tx, client)?;
            self.write_fields(tx, &mut document, edits)
        })?;
        self.listeners.tell(&Changed::Client(*client));
        Ok(())
    }

    fn write_fields(
        &self,
        tx: &rusqlite::Transaction<'_>,
        document: &mut Document,
        edits: Vec<ClientEdit>,
    ) -> Result<(), EngineError> {
        let actor = actors::present(tx, self.env())?;
        let edits = edits.into_iter().map(|edit| (edit.key, edit.value)).collect();
        let change = edit::fields(&actor, &SqlFacts::new(tx, document), edits, self.env.now_ms())?;
        match change {
            Some(change) => self.commit(tx, document, &change, None),
            None => Ok(()),
        }
    }
}
