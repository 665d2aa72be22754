//! Commands on records of any kind: saved, amended, voided. What is particular to a kind stands in its noun's file.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::{Changed, Engine, EngineError};
use crate::document::{ActorId, Change, RecordKey, append};
use crate::model::access::Role;
use crate::model::date::BusinessDate;
use crate::model::record::{Body, Clock, Header, Kind, Record, Void, VoidReason};
use crate::model::{ClientId, DocumentId, PartId, RecordId, TerritoryId};
use crate::rows::{self, Document, SqlFacts, access};
use crate::store::{actors, attention, outbox, waiting};
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
    /// Amends it, on a business date that a person has confirmed.
    AmendsOn(RecordId, BusinessDate),
}

impl About {
    fn target(self) -> Option<RecordId> {
        match self {
            Self::Nothing => None,
            Self::Amends(target) | Self::Voids(target) | Self::AmendsOn(target, _) => Some(target),
        }
    }
}

impl Engine {
    /// Saves a record of any kind that stands alone: a visit, a note, a task, a survey answer. What needs an id before
    /// it is saved, such as an order that was drafted, goes through [`Engine::save_draft`].
    pub fn record(&self, client: &ClientId, body: impl Into<Body>) -> Result<Saved, EngineError> {
        self.append(client, body.into(), About::Nothing, None)
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

    /// The id of a record that is still to be saved, such as an order's draft.
    pub fn new_record_id(&self) -> RecordId {
        RecordId::new(&*self.env)
    }

    /// The id of a contact, a date or a delivery point that is about to be added to a profile.
    pub fn new_part_id(&self) -> PartId {
        PartId::new(&*self.env)
    }

    /// Says a record anew, corrected; the old one is kept. `target` is the record, or its amendment, that was seen.
    pub fn amend(&self, client: &ClientId, target: RecordId, body: Body) -> Result<Saved, EngineError> {
        self.append(client, body, About::Amends(target), None)
    }

    /// The same, made from what is shown of it now, so that what a newer version wrote in it is kept.
    pub fn amend_shown(
        &self,
        client: &ClientId,
        kind: Kind,
        target: RecordId,
        change: impl FnOnce(Body) -> Body,
    ) -> Result<Saved, EngineError> {
        self.write_client(client, |tx, document| {
            let (seen, body) = shown(tx, document, kind, &target)?;
            self.append_in(tx, document, kind, change(body), About::Amends(seen), None)
        })
    }

    /// Takes a record back; it is kept, and voiding the void restores it.
    pub fn void(
        &self,
        client: &ClientId,
        kind: Kind,
        target: RecordId,
        reason: VoidReason,
    ) -> Result<Saved, EngineError> {
        self.write_client(client, |tx, document| {
            self.append_in(tx, document, kind, Body::Void(Void::new(reason)), About::Voids(target), None)
        })
    }

    /// Says on which day a record happened whose date was uncertain: the same record anew, on that day.
    pub fn confirm_date(
        &self,
        client: &ClientId,
        kind: Kind,
        record: RecordId,
        date: BusinessDate,
    ) -> Result<Saved, EngineError> {
        self.write_client(client, |tx, document| {
            let (seen, body) = shown(tx, document, kind, &record)?;
            self.append_in(tx, document, kind, body, About::AmendsOn(seen, date), None)
        })
    }

    fn append(
        &self,
        client: &ClientId,
        body: Body,
        about: About,
        id: Option<RecordId>,
    ) -> Result<Saved, EngineError> {
        let kind = body.kind().ok_or(EngineError::UnknownRecord)?;
        self.write_client(client, |tx, document| self.append_in(tx, document, kind, body, about, id))
    }

    /// One transaction on a client that is here, and word of it to whoever listens.
    pub(super) fn write_client<T>(
        &self,
        client: &ClientId,
        work: impl FnOnce(&Transaction<'_>, &mut Document) -> Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        let done = self.store.write(|tx| work(tx, &mut self.document(tx, client)?))?;
        self.listeners.tell(&Changed::Client(*client));
        Ok(done)
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
        self.expect_home(tx, document, kind)?;
        if let Some(target) = about.target() {
            expect_record(tx, document, kind, &target)?;
        }
        let record = Record { header: self.header(tx, about)?, body };
        let problems = record.validate();
        if !problems.is_empty() {
            return Err(EngineError::Invalid(problems));
        }
        let key = RecordKey { kind, id: id.unwrap_or_else(|| self.new_record_id()) };
        if id.is_some()
            && let Some(before) = saved_before(tx, document, &key, &record)?
        {
            return Ok(saved(key.id, &before));
        }
        let saved = saved(key.id, &record.header);
        let bytes = record.encode();
        self.note_uncertain(tx, document, &key, &saved)?;
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

    /// A date that could not be checked is listed for as long as its record is shown: somebody confirms it, or corrects or
    /// voids the record.
    fn note_uncertain(
        &self,
        tx: &Transaction<'_>,
        document: &Document,
        key: &RecordKey,
        saved: &Saved,
    ) -> Result<(), EngineError> {
        if saved.date_uncertain {
            let (what, subject, date) = (attention::UNCERTAIN_DATE, key.to_string(), saved.date.to_string());
            attention::add(tx, what, Some(&document.id), &subject, &date, self.env.now_ms())?;
        }
        Ok(())
    }

    /// What is about a person stands in that person's own document, and everything else in a client's.
    fn expect_home(&self, tx: &Transaction<'_>, document: &Document, kind: Kind) -> Result<(), EngineError> {
        let own = Identity::load(tx)?.is_some_and(|identity| document.id == identity.person.into());
        if kind.is_personal() == own { Ok(()) } else { Err(EngineError::Misplaced(kind)) }
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

    /// Refuses what the relay would refuse by role. Before a phone is linked nothing is known of its person: then the relay
    /// alone judges.
    fn permit(&self, tx: &Transaction<'_>, document: DocumentId, change: &Change) -> Result<(), EngineError> {
        let Some(identity) = Identity::load(tx)? else { return Ok(()) };
        // Until the office has said so, somebody may do what everybody may.
        let role = rows::office::role_of(tx, &identity.person)?.unwrap_or(Role::Rep);
        let also = |conn: &Connection, actor: &ActorId| Ok(actors::is_own(conn, actor)?);
        let hand = access::Hand { person: identity.person, role, also: &also };
        match access::forbidden(tx, &hand, document, change)? {
            None => Ok(()),
            Some(action) => Err(EngineError::Forbidden(action)),
        }
    }

    /// The header of a record written now: business date and zone are set once, here.
    pub(super) fn header(&self, tx: &Transaction<'_>, about: About) -> Result<Header, EngineError> {
        let now = clock::now(tx, self.env(), &self.time_zone)?;
        let (amends, voids) = match about {
            About::Nothing => (None, None),
            About::Amends(target) | About::AmendsOn(target, _) => (Some(target), None),
            About::Voids(target) => (None, Some(target)),
        };
        let (date, clock) = match about {
            About::AmendsOn(_, date) => (date, Clock::Trusted),
            _ => (now.date, now.clock),
        };
        let zone = self.zone.to_string();
        Ok(Header { version: Record::VERSION, at_ms: now.at_ms, date, zone, clock, amends, voids })
    }
}

fn saved(id: RecordId, header: &Header) -> Saved {
    Saved { id, date: header.date, date_uncertain: header.clock == Clock::Uncertain }
}

/// The header under which the same draft was saved before, on whatever day that was: saving it again is no second
/// order.
fn saved_before(
    tx: &Transaction<'_>,
    document: &Document,
    key: &RecordKey,
    record: &Record,
) -> Result<Option<Header>, EngineError> {
    let sql = "SELECT value FROM records WHERE id = ?1 AND kind = ?2 AND doc = ?3
               UNION ALL SELECT value FROM waiting WHERE key = ?4 AND document = ?5";
    let value: Option<Vec<u8>> = tx
        .prepare_cached(sql)?
        .query_row(params![key.id, key.kind.letters(), document.row, key.to_string(), document.id], |row| {
            row.get(0)
        })
        .optional()?;
    let before = value.and_then(|value| Record::decode(key.kind, &value).ok());
    Ok(before.filter(|before| before.body == record.body).map(|before| before.header))
}

/// What is shown of a record of this document, and under which id; `version` is the record or any amendment of it.
pub(super) fn shown(
    tx: &Transaction<'_>,
    document: &Document,
    kind: Kind,
    version: &RecordId,
) -> Result<(RecordId, Body), EngineError> {
    let sql = "SELECT s.id, s.value FROM records r JOIN records s
                 ON s.doc = r.doc AND s.kind = r.kind AND s.family = r.family AND s.shown = 1
               WHERE r.id = ?1 AND r.kind = ?2 AND r.doc = ?3 ORDER BY s.root = r.root DESC, s.id LIMIT 1";
    let found: Option<(RecordId, Vec<u8>)> = tx
        .prepare_cached(sql)?
        .query_row(params![version, kind.letters(), document.row], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (id, value) = found.ok_or(EngineError::UnknownRecord)?;
    let record = Record::decode(kind, &value).map_err(|_| EngineError::UnknownRecord)?;
    Ok((id, record.body))
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
