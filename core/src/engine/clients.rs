//! Commands on a client's profile.

use rusqlite::Transaction;

use super::records::About;
use super::{Changed, Engine, EngineError, Saved};
use crate::document::{Facts, FieldKey, FieldValue, WriteError, append, edit};
use crate::model::access::{Action, reach};
use crate::model::profile::Scalar;
use crate::model::record::{ChangeRequest, Kind};
use crate::model::{ClientId, TerritoryId};
use crate::rows::{self, Document, RowsError, SqlFacts, access, client};
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
            client::begin(tx, document.row)?;
            let first = append::create(&actor, id.into(), now_ms).map_err(WriteError::<RowsError>::from)?;
            self.commit(tx, &mut document, &first, territory.as_ref())?;
            self.write_fields(tx, &mut document, new.fields)?;
            client::set_territory(tx, document.row, territory.as_ref())?;
            Ok::<_, EngineError>(())
        })?;
        self.listeners.tell(&Changed::Client(id));
        Ok(id)
    }

    /// Changes fields of a profile; all of them or none. Those that the ERP owns are not this person's to change, unless
    /// it decides on such requests: for each of them the office is asked by a record instead, which is among the answer.
    pub fn edit_client(&self, client: &ClientId, edits: Vec<ClientEdit>) -> Result<Vec<Saved>, EngineError> {
        let asked = self.store.write(|tx| {
            let mut document = self.document(tx, client)?;
            let owned = self.owned_fields(tx, &document)?;
            self.edit_in(tx, &mut document, &owned, edits)
        })?;
        self.listeners.tell(&Changed::Client(*client));
        Ok(asked)
    }

    /// Writes what is this person's to change, and asks the office for the rest.
    pub(super) fn edit_in(
        &self,
        tx: &Transaction<'_>,
        document: &mut Document,
        owned: &[String],
        edits: Vec<ClientEdit>,
    ) -> Result<Vec<Saved>, EngineError> {
        let (theirs, ours): (Vec<_>, Vec<_>) =
            edits.into_iter().partition(|edit| owned.iter().any(|field| field == edit.key.as_str()));
        self.write_fields(tx, document, ours)?;
        let requests = theirs.into_iter().map(|edit| self.request_change(tx, document, edit));
        Ok(requests.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    /// Fields of this client that are the ERP's, and not this person's to change.
    pub(super) fn owned_fields(
        &self,
        tx: &Transaction<'_>,
        document: &Document,
    ) -> Result<Vec<String>, EngineError> {
        let Some(identity) = Identity::load(tx)? else { return Ok(Vec::new()) };
        let Some(role) = rows::office::role_of(tx, &identity.person)? else { return Ok(Vec::new()) };
        if reach(role, Action::DecideChangeRequest).covers(false, true) {
            return Ok(Vec::new());
        }
        Ok(access::erp_fields(tx, document.id)?)
    }

    /// Asks the office to change a field; `None` if it says so already.
    fn request_change(
        &self,
        tx: &Transaction<'_>,
        document: &mut Document,
        edit: ClientEdit,
    ) -> Result<Option<Saved>, EngineError> {
        let seen = SqlFacts::new(tx, document).field_ops(&edit.key)?.pop().map(|op| op.value);
        if seen == edit.value {
            return Ok(None);
        }
        let request = ChangeRequest {
            field: edit.key.as_str().to_owned(),
            value: edit.value.map(scalar),
            seen: seen.map(scalar),
            reason: None,
            extras: Default::default(),
        };
        self.append_in(tx, document, Kind::ChangeRequest, request.into(), About::Nothing, None).map(Some)
    }

    fn write_fields(
        &self,
        tx: &Transaction<'_>,
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

/// A profile's value as records carry it.
fn scalar(value: FieldValue) -> Scalar {
    match value {
        FieldValue::Text(text) => Scalar::Text(text),
        FieldValue::Int(int) => Scalar::Int(int),
        FieldValue::Bool(bool) => Scalar::Bool(bool),
        FieldValue::Timestamp(ms) => Scalar::Timestamp(ms),
        FieldValue::Cbor(bytes) => Scalar::Cbor(bytes),
    }
}
