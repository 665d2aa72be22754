//! How the relation with a client stands: data confirmed, answers, agreements, consent, closed and open again.

use rusqlite::Transaction;

use super::records::{About, shown};
use super::{Engine, EngineError, Saved};
use crate::model::limits::CONFIRMED_FIELDS_MAX;
use crate::model::problem::{Code, Problem};
use crate::model::profile::Section;
use crate::model::record::{
    Agreement, Body, ClientClosed, Consent, DataConfirmed, Kind, ModeChoice, SurveyAnswer, Void, VoidReason,
};
use crate::model::{ClientId, RecordId};
use crate::query::profile;
use crate::rows::Document;

impl Engine {
    /// Contact data were found right: those fields of the profile, or all of them.
    pub fn confirm_data(&self, client: &ClientId, confirmed: DataConfirmed) -> Result<Saved, EngineError> {
        self.record(client, confirmed)
    }

    /// A section of the profile was found right: every field that stands in it, of many the first
    /// [`CONFIRMED_FIELDS_MAX`].
    ///
    /// # Errors
    /// `invalid` where nothing stands in it.
    pub fn confirm_section(&self, client: &ClientId, section: Section) -> Result<Saved, EngineError> {
        self.write_client(client, |tx, document| {
            let fields = profile::of_client(tx, client)?.into_iter().map(|(key, _)| key);
            let fields = fields.filter(|key| Section::of(key) == Some(section)).take(CONFIRMED_FIELDS_MAX);
            let fields: Vec<String> = fields.map(|key| key.to_string()).collect();
            if fields.is_empty() {
                let nothing = Problem { field: "fields".into(), code: Code::Required, limit: None };
                return Err(EngineError::Invalid(vec![nothing]));
            }
            let confirmed = DataConfirmed { fields, ..DataConfirmed::all() };
            self.append_in(tx, document, Kind::DataConfirmed, confirmed.into(), About::Nothing, None)
        })
    }

    pub fn record_answer(&self, client: &ClientId, answer: SurveyAnswer) -> Result<Saved, EngineError> {
        self.record(client, answer)
    }

    /// What the client allows or forbids. The latest word counts, for its channel and contact.
    pub fn record_consent(&self, client: &ClientId, consent: Consent) -> Result<Saved, EngineError> {
        self.record(client, consent)
    }

    pub fn agree(&self, client: &ClientId, agreement: Agreement) -> Result<Saved, EngineError> {
        self.record(client, agreement)
    }

    /// An agreement that takes the place of an older one, whose end needs no more attention.
    pub fn renew_agreement(
        &self,
        client: &ClientId,
        older: RecordId,
        agreement: Agreement,
    ) -> Result<Saved, EngineError> {
        self.write_client(client, |tx, document| {
            shown(tx, document, Kind::Agreement, &older)?;
            let renewal = Agreement { renews: Some(older), ..agreement };
            self.append_in(tx, document, Kind::Agreement, renewal.into(), About::Nothing, None)
        })
    }

    /// How the client is to be looked after from now on, whatever its figures say, and why.
    pub fn choose_mode(&self, client: &ClientId, choice: ModeChoice) -> Result<Saved, EngineError> {
        self.record(client, choice)
    }

    /// *Baja*. The client is open again once it buys on a later day, or by [`Engine::reopen_client`].
    pub fn close_client(&self, client: &ClientId, closed: ClientClosed) -> Result<Saved, EngineError> {
        self.record(client, closed)
    }

    /// Takes back every closure of the client that is in effect; all or none. Nothing for an open client.
    ///
    /// # Errors
    /// `forbidden` where one of them is not this person's to correct.
    pub fn reopen_client(&self, client: &ClientId) -> Result<Vec<Saved>, EngineError> {
        self.write_client(client, |tx, document| {
            closures(tx, document)?
                .into_iter()
                .map(|closure| {
                    let void = Body::Void(Void::new(VoidReason::Other));
                    self.append_in(tx, document, Kind::ClientClosed, void, About::Voids(closure), None)
                })
                .collect()
        })
    }
}

/// Closures in effect, by the record that began each: voiding that voids its amendments too.
fn closures(tx: &Transaction<'_>, document: &Document) -> Result<Vec<RecordId>, EngineError> {
    let sql = "SELECT root FROM records WHERE doc = ?1 AND kind = 'x' AND shown = 1 ORDER BY counter, id";
    let mut statement = tx.prepare_cached(sql)?;
    let roots = statement.query_map([document.row], |row| row.get(0))?;
    Ok(roots.collect::<rusqlite::Result<_>>()?)
}
