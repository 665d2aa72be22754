//! Commands on a client's profile.

use rusqlite::Transaction;

use super::{Changed, Engine, EngineError, Saved};
use crate::document::{FieldKey, FieldValue, WriteError, append, edit};
use crate::model::access::{Action, reach};
use crate::model::problem::{Code, Problem};
use crate::model::profile::{self, ClientField};
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

impl ClientEdit {
    /// Puts a value.
    pub fn put(key: &profile::Key, value: &profile::Value) -> Self {
        Self { key: key.into(), value: Some(value.to_scalar()) }
    }

    /// Takes the value away. A contact, a date or a place is removed by putting its `Removed`.
    pub fn clear(key: &profile::Key) -> Self {
        Self { key: key.into(), value: None }
    }
}

impl Engine {
    /// Creates a client. Visits and orders are possible at once.
    ///
    /// # Errors
    /// `invalid` where a value breaks a rule of its field, or neither name is among them.
    pub fn create_client(&self, new: NewClient) -> Result<ClientId, EngineError> {
        check_named(&new.fields)?;
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
        self.write_client(client, |tx, document| {
            let owned = self.owned_fields(tx, document)?;
            self.edit_in(tx, document, &owned, edits)
        })
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
        let requests = theirs.into_iter().map(|edit| self.request_change_in(tx, document, edit, None));
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
        if reach(role, Action::EditOwnedField).covers(false, true) {
            return Ok(Vec::new());
        }
        Ok(access::erp_fields(tx, document.id)?)
    }

    fn write_fields(
        &self,
        tx: &Transaction<'_>,
        document: &mut Document,
        edits: Vec<ClientEdit>,
    ) -> Result<(), EngineError> {
        check(&edits)?;
        let actor = actors::present(tx, self.env())?;
        let edits = edits.into_iter().map(|edit| (edit.key, edit.value)).collect();
        let change = edit::fields(&actor, &SqlFacts::new(tx, document), edits, self.env.now_ms())?;
        match change {
            Some(change) => self.commit(tx, document, &change, None),
            None => Ok(()),
        }
    }
}

/// What of the values breaks a rule of its field.
fn check(edits: &[ClientEdit]) -> Result<(), EngineError> {
    let problems = edits.iter().filter_map(|edit| {
        let key = profile::Key::parse(edit.key.as_str())?;
        Some(key.validate(edit.value.as_ref()?))
    });
    refuse(problems.flatten().collect())
}

/// A client can be told by a name.
fn check_named(fields: &[ClientEdit]) -> Result<(), EngineError> {
    let names = [ClientField::Name, ClientField::LegalName].map(ClientField::as_str);
    let named = fields.iter().any(|edit| edit.value.is_some() && names.contains(&edit.key.as_str()));
    let missing = Problem { field: names[0].to_owned(), code: Code::Required, limit: None };
    refuse(if named { Vec::new() } else { vec![missing] })
}

fn refuse(problems: Vec<Problem>) -> Result<(), EngineError> {
    if problems.is_empty() { Ok(()) } else { Err(EngineError::Invalid(problems)) }
}
