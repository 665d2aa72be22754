//! Commands that append a record: a visit, an order, a note, and whatever corrects or voids one.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::{Changed, Engine, EngineError};
use crate::document::{ActorId, Change, RecordKey, append};
use crate::model::date::BusinessDate;
use crate::model::record::{Body, Clock, Header, Kind, Purchase, Record, Visit, Void, VoidReason};
use crate::model::{ClientId, DocumentId, RecordId, TerritoryId};
use crate::rows::{self, Document, SqlFacts, access};
use crate::store::{actors, outbox, waiting};
use crate::sync::clock;
use crate::sync::identity::Identity;

/// Work that is durable on this device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    pub id: RecordId,
    /// The business date that it was given.
    pub date: BusinessDate,
    /// The device's clock could not be checked: to be confirmed.
    pub date_uncertain: bool,
}

/// What a new record has to do with an older one.
#[derive(Debug, Clone, Copy)]
pub(super) enum About {
    Nothing,
    Amends(RecordId),
    Voids(RecordId),
}

impl Engine {
    /// Saves a record of any kind that stands alone: a visit, a note, a task, a survey answer. What needs an id before
    /// it is saved, such as an order that was drafted, goes through [`Engine::save_draft`].
    pub fn record(&self, client: &ClientId, body: impl Into<Body>) -> Result<Saved, EngineError> {
        self.append(client, body.into(), About::Nothing, None)
    }

    pub fn log_visit(&self, client: &ClientId, visit: Visit) -> Result<Saved, EngineError> {
        self.record(client, visit)
    }

    /// Saves a record under the id that its draft was given when it began ([`Engine::new_record_id`]), so that saving
    /// the same draft twice saves it once.
    pub fn save_draft(
        &self,
        client: &ClientId,
        id: RecordId,
        body: impl Into<Body>,
    ) -> Result<Saved, EngineError> {
        self.append(client, body.into(), About::Nothing, Some(id))
    }

    /// An order, direct sale or return.
    pub fn place_order(
        &self,
        client: &ClientId,
        id: RecordId,
        order: Purchase,
    ) -> Result<Saved, EngineError> {
        self.save_draft(client, id, order)
    }

    /// Says a record anew, corrected; the old one is kept. `target` is the record, or its amendment, that was seen.
    pub fn amend(&self, client: &ClientId, target: RecordId, body: Body) -> Result<Saved, EngineError> {
        self.append(client, body, About::Amends(target), None)
    }

    /// Takes a record back; it is kept, and voiding the void restores it.
    pub fn void(
        &self,
        client: &ClientId,
        kind: Kind,
        target: RecordId,
        reason: VoidReason,
    ) -> Result<Saved, EngineError> {
        self.append_as(client, kind, Body::Void(Void::new(reason)), About::Voids(target), None)
    }

    /// The id of a record that is still to be saved, such as an order's draft.
    pub fn new_record_id(&self) -> RecordId {
        RecordId::new(&*self.env)
    }

    fn append(
        &self,
        client: &ClientId,
        body: Body,
        about: About,
        id: Option<RecordId>,
    ) -> Result<Saved, EngineError> {
        let kind = body.kind().ok_or(EngineError::UnknownRecord)?;
        self.append_as(client, kind, body, about, id)
    }

    fn append_as(
        &self,
        client: &ClientId,
        kind: Kind,
        body: Body,
        about: About,
        id: Option<RecordId>,
    ) -> Result<Saved, EngineError> {
        let saved = self.store.write(|tx| {
            let mut document = self.document(tx, client)?;
            self.append_in(tx, &mut document, kind, body, about, id)
        })?;
        self.listeners.tell(&Changed::Client(*client));
        Ok(saved)
    }

    /// A record into a document that is here, as a part of what else the transaction writes.
    pub(super) fn append_in(
        &self,
        tx: &Transaction<'_>,
        document: &mut Document,
        kind: Kind,
        body: Body,
        about: About,
        id: Option<RecordId>,
    ) -> Result<Saved, EngineError> {
        let id = id.unwrap_or_else(|| self.new_record_id());
        if let About::Amends(target) | About::Voids(target) = about {
            expect_record(tx, document, kind, &target)?;
        }
        let header = self.header(tx, about)?;
        let saved = Saved { id, date: header.date, date_uncertain: header.clock == Clock::Uncertain };
        let record = Record { header, body };
        let problems = record.validate();
        if !problems.is_empty() {
            return Err(EngineError::Invalid(problems));
        }
        let bytes = record.encode();
        let key = RecordKey { kind, id };
        if is_repeated(tx, &key, &bytes)? {
            return Ok(saved);
        }
        if document.heads.is_empty() {
            // Its page is still to come, and with it what a change builds on.
            return match waiting::put(tx, &document.id, &key, &bytes, self.env.now_ms())? {
                true => Ok(saved),
                false => Err(EngineError::Document {
                    code: "record_exists",
                    detail: "another record waits under this id".into(),
                }),
            };
        }
        let actor = actors::present(tx, self.env())?;
        let change = append::record(&actor, &SqlFacts::new(tx, document), key, bytes, self.env.now_ms())?;
        self.commit(tx, document, &change, None)?;
        Ok(saved)
    }

    /// The document of a client that is here.
    pub(super) fn document(&self, tx: &Transaction<'_>, client: &ClientId) -> Result<Document, EngineError> {
        Document::find(tx, &(*client).into())?.ok_or(EngineError::UnknownClient(*client))
    }

    /// A change made here: rows and outbox.
    pub(super) fn commit(
        &self,
        tx: &Transaction<'_>,
        document: &mut Document,
        change: &Change,
        territory: Option<&TerritoryId>,
    ) -> Result<(), EngineError> {
        self.permit(tx, document.id, change)?;
        rows::apply(tx, document, change, None)?;
        Ok(outbox::push(tx, document.row, change, self.env.now_ms(), territory)?)
    }

    /// Refuses what the relay would refuse by role. Before the first sync nothing is known of the person: then the relay
    /// alone judges.
    fn permit(&self, tx: &Transaction<'_>, document: DocumentId, change: &Change) -> Result<(), EngineError> {
        let Some(identity) = Identity::load(tx)? else { return Ok(()) };
        let Some(role) = rows::office::role_of(tx, &identity.person)? else { return Ok(()) };
        let also = |conn: &Connection, actor: &ActorId| Ok(actors::is_own(conn, actor)?);
        let hand = access::Hand { person: identity.person, role, also: &also };
        match access::forbidden(tx, &hand, document, change)? {
            None => Ok(()),
            Some(action) => Err(EngineError::Forbidden(action)),
        }
    }

    /// The header of a record written now: business date and zone are set once, here.
    fn header(&self, tx: &Transaction<'_>, about: About) -> Result<Header, EngineError> {
        let now = clock::now(tx, self.env(), &self.time_zone)?;
        let (amends, voids) = match about {
            About::Nothing => (None, None),
            About::Amends(target) => (Some(target), None),
            About::Voids(target) => (None, Some(target)),
        };
        Ok(Header {
            version: Record::VERSION,
            at_ms: now.at_ms,
            date: now.date,
            zone: self.zone.to_string(),
            clock: now.clock,
            amends,
            voids,
        })
    }
}

/// Saving the same draft again is no second order.
fn is_repeated(tx: &Transaction<'_>, key: &RecordKey, bytes: &[u8]) -> Result<bool, EngineError> {
    let sql = "SELECT value = ?3 FROM records WHERE id = ?1 AND kind = ?2";
    let same: Option<bool> = tx
        .prepare_cached(sql)?
        .query_row(params![key.id, key.kind.letters(), bytes], |row| row.get(0))
        .optional()?;
    Ok(same == Some(true))
}

fn expect_record(
    tx: &Transaction<'_>,
    document: &Document,
    kind: Kind,
    target: &RecordId,
) -> Result<(), EngineError> {
    let sql = "SELECT 1 FROM records WHERE id = ?1 AND kind = ?2 AND doc = ?3";
    let found = tx
        .prepare_cached(sql)?
        .query_row(params![target, kind.letters(), document.row], |_| Ok(()))
        .optional()?;
    found.ok_or(EngineError::UnknownRecord)
}
