use std::collections::BTreeSet;

use cartera_core::document::{ActorId, RecordKey};
use cartera_core::model::limits::NAME_CHARS_MAX;
use cartera_core::model::office::{self, KnownKind, Reaction, ReactionSort, Value};
use cartera_core::model::record::{Clock, Header, Kind, Record, Task};
use cartera_core::model::{BusinessDate, ClientId, RecordId};
use cartera_core::portfolio::segments::{self, Saved, SegmentError, Which};
use cartera_core::rows::Document;
use cartera_core::rows::plan::Calendar;
use rusqlite::{OptionalExtension, Transaction, params};
use sha2::{Digest, Sha256};

use super::SqliteStorage;
use super::log::{LogWriter, own, put_office, rows_error};
use crate::storage::office::{OfficePut, OfficeWrite};
use crate::storage::segments::{Hand, Member, Noted, STEP_CLIENTS_MAX, Segments};
use crate::storage::{Result, StorageError};

impl Segments for SqliteStorage {
    fn shared_segments(&self) -> Result<Vec<Saved>> {
        self.read(|tx| segments::shared(tx).map_err(rows_error))
    }

    fn shared_segment(&self, source: &str, key: &str) -> Result<Option<Saved>> {
        self.read(|tx| segments::shared_one(tx, source, key).map_err(rows_error))
    }

    fn segment_members(
        &self,
        segment: &Saved,
        today: BusinessDate,
    ) -> Result<std::result::Result<BTreeSet<ClientId>, SegmentError>> {
        self.read_rows(|tx| match segment.members(tx, today) {
            Err(SegmentError::Rows(error)) => Err(rows_error(error)),
            told => Ok(told),
        })
    }

    fn members_page(
        &self,
        members: &BTreeSet<ClientId>,
        after: Option<(&str, ClientId)>,
        limit: usize,
    ) -> Result<Vec<Member>> {
        let after = after.map(|(name, client)| (cartera_core::rows::client::sort_name(name), client));
        self.read_rows(|tx| {
            let sql = "SELECT name, erp_code, city, territory, sort_name FROM clients WHERE id = ?1";
            let mut statement = tx.prepare_cached(sql)?;
            let mut found = Vec::with_capacity(members.len());
            for client in members {
                let row = statement.query_row([client], |row| {
                    let (name, erp_code, city) = (row.get(0)?, row.get(1)?, row.get(2)?);
                    let member = Member { client: *client, name, erp_code, city, territory: row.get(3)? };
                    Ok((row.get::<_, String>(4)?, member))
                });
                found.extend(row.optional()?);
            }
            found.sort_by(|(a, of_a), (b, of_b)| (a, of_a.client).cmp(&(b, of_b.client)));
            let comes_after = |(name, member): &(String, Member)| {
                after.as_ref().is_none_or(|(of, client)| (name, member.client) > (of, *client))
            };
            Ok(found.into_iter().filter(comes_after).take(limit).map(|(_, member)| member).collect())
        })
    }

    fn segment_is_due(&self, segment: &Saved, today: BusinessDate) -> Result<bool> {
        let Some((source, key)) = name(segment) else { return Ok(false) };
        self.read(|tx| {
            let end: u64 = tx.query_row("SELECT coalesce(max(number), 0) FROM log", [], |row| row.get(0))?;
            let known = watched(tx, source, key)?;
            Ok(known.is_none_or(|known| (known.day, known.number) != (today.days(), end)))
        })
    }

    fn note_members(
        &self,
        segment: &Saved,
        members: &BTreeSet<ClientId>,
        today: BusinessDate,
        hand: Hand,
    ) -> Result<Noted> {
        let Some((source, key)) = name(segment) else { return Ok(Noted::default()) };
        self.write_log(|log| {
            let tx = log.tx;
            let told = told(segment);
            let known = watched(tx, source, key)?;
            let mut noted =
                Noted { begun: known.as_ref().is_none_or(|of| of.told != told), ..Noted::default() };
            let (row, begun_ms) = match known {
                Some(known) => (known.row, known.begun_ms),
                None => {
                    tx.execute(
                        "INSERT INTO watched_segments (source, key, told, begun_ms, day, number)
                         VALUES (?1, ?2, ?3, ?4, ?5, 0)",
                        params![source, key, told, hand.at_ms, BusinessDate::MIN.days()],
                    )?;
                    (tx.last_insert_rowid(), hand.at_ms)
                }
            };
            let mut changes = changes(tx, row, members)?;
            if !noted.begun {
                noted.more = changes.len() > STEP_CLIENTS_MAX;
                changes.truncate(STEP_CLIENTS_MAX);
            }
            let mut making = Making { segment, begun_ms, today, hand, actor: None, calendar: None };
            for change in changes {
                note(tx, row, &change)?;
                noted.entered += u64::from(change.enters);
                noted.left += u64::from(!change.enters);
                if !noted.begun {
                    noted.made += u64::from(making.of(log, &change)?);
                }
            }
            if !noted.more {
                let (day, number) = (today.days(), log.number());
                tx.execute(
                    "UPDATE watched_segments SET told = ?2, day = ?3, number = ?4 WHERE segment = ?1",
                    params![row, told, day, number],
                )?;
            }
            Ok(noted)
        })
    }

    fn forget_unwatched(&self, watched: &[Saved]) -> Result<u64> {
        let watched: BTreeSet<(&str, &str)> = watched.iter().filter_map(name).collect();
        let gone = self.read(|tx| {
            let mut statement = tx.prepare_cached("SELECT segment, source, key FROM watched_segments")?;
            let mut rows = statement.query([])?;
            let mut gone: Vec<i64> = Vec::new();
            while let Some(row) = rows.next()? {
                let (source, key): (String, String) = (row.get(1)?, row.get(2)?);
                if !watched.contains(&(source.as_str(), key.as_str())) {
                    gone.push(row.get(0)?);
                }
            }
            Ok(gone)
        })?;
        if gone.is_empty() {
            return Ok(0);
        }
        self.write(|tx| {
            for segment in &gone {
                tx.execute("DELETE FROM watched_segments WHERE segment = ?1", [segment])?;
            }
            Ok(gone.len() as u64)
        })
    }
}

struct Watched {
    row: i64,
    told: Vec<u8>,
    begun_ms: i64,
    day: i32,
    number: u64,
}

fn watched(tx: &Transaction<'_>, source: &str, key: &str) -> Result<Option<Watched>> {
    let sql =
        "SELECT segment, told, begun_ms, day, number FROM watched_segments WHERE source = ?1 AND key = ?2";
    let read = |row: &rusqlite::Row<'_>| {
        let (row_id, told, begun_ms) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Watched { row: row_id, told, begun_ms, day: row.get(3)?, number: row.get(4)? })
    };
    Ok(tx.prepare_cached(sql)?.query_row(params![source, key], read).optional()?)
}

/// A private one is nobody else's to watch.
fn name(segment: &Saved) -> Option<(&str, &str)> {
    match &segment.which {
        Which::Shared { source, key } => Some((source, key)),
        Which::Private(_) => None,
    }
}

/// Stands for the set that a segment means.
fn told(segment: &Saved) -> Vec<u8> {
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    part(segment.filter.as_deref().unwrap_or_default().as_bytes());
    part(segment.territory.as_ref().map_or(&[][..], |territory| territory.as_bytes()));
    segment.clients.iter().for_each(|client| part(client.as_bytes()));
    hash.finalize().to_vec()
}

/// A client who was not in and is, or was in and is not.
struct Change {
    doc: i64,
    client: ClientId,
    enters: bool,
    /// Which entry of the client this is, or was; from 1.
    entry: u64,
    /// It is here by itself: neither erased nor merged into another.
    is_here: bool,
}

/// By row of the document.
fn changes(tx: &Transaction<'_>, segment: i64, members: &BTreeSet<ClientId>) -> Result<Vec<Change>> {
    let mut statement = tx.prepare_cached(
        "SELECT d.doc, d.id, m.entries, coalesce(m.is_in, 0),
                EXISTS (SELECT 1 FROM clients c WHERE c.doc = d.doc AND c.alias_of IS NULL)
         FROM documents d LEFT JOIN segment_members m ON m.doc = d.doc AND m.segment = ?1
         WHERE m.is_in = 1 OR EXISTS (SELECT 1 FROM clients c WHERE c.doc = d.doc) ORDER BY d.doc",
    )?;
    let mut rows = statement.query([segment])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (client, is_in): (ClientId, bool) = (row.get(1)?, row.get(3)?);
        let enters = members.contains(&client);
        if enters != is_in {
            let entries = row.get::<_, Option<u64>>(2)?.unwrap_or(0);
            let entry = entries + u64::from(enters);
            found.push(Change { doc: row.get(0)?, client, enters, entry, is_here: row.get(4)? });
        }
    }
    Ok(found)
}

fn note(tx: &Transaction<'_>, segment: i64, change: &Change) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO segment_members (segment, doc, entries, is_in) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET entries = excluded.entries, is_in = excluded.is_in",
    )?
    .execute(params![segment, change.doc, change.entry, change.enters])?;
    Ok(())
}

/// What is made of changes of one segment.
struct Making<'a> {
    segment: &'a Saved,
    begun_ms: i64,
    today: BusinessDate,
    hand: Hand,
    actor: Option<ActorId>,
    calendar: Option<Calendar>,
}

impl Making<'_> {
    fn of(&mut self, log: &mut LogWriter<'_>, change: &Change) -> Result<bool> {
        let segment = self.segment;
        let reaction = if change.enters { &segment.on_enter } else { &segment.on_leave };
        let Some(reaction) = reaction.as_ref().filter(|_| change.is_here) else { return Ok(false) };
        let id = self.id(change);
        match reaction.sort {
            ReactionSort::Task => self.task(log, change, reaction, id),
            ReactionSort::Notice => self.notice(log, change, reaction, id),
            ReactionSort::Unknown(_) => Ok(false),
        }
    }

    /// One for ever of a client's n-th entry, and of the leaving that ends it.
    fn id(&self, change: &Change) -> RecordId {
        let (source, key) = name(self.segment).unwrap_or_default();
        let mut hash = Sha256::new();
        for part in [source.as_bytes(), key.as_bytes(), change.client.as_bytes()] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.update(change.entry.to_be_bytes());
        hash.update([u8::from(change.enters)]);
        let mut bytes = [0; 16];
        bytes[6..].copy_from_slice(&hash.finalize()[..10]);
        // A ULID begins with the time.
        bytes[..6].copy_from_slice(&self.begun_ms.to_be_bytes()[2..]);
        RecordId::from_bytes(bytes)
    }

    fn task(
        &mut self,
        log: &mut LogWriter<'_>,
        change: &Change,
        reaction: &Reaction,
        id: RecordId,
    ) -> Result<bool> {
        let cannot = |detail: String| StorageError::Undecodable { what: "task of a segment", detail };
        let due_on = reaction.due_days.and_then(|days| self.today.plus_days(i32::try_from(days).ok()?));
        let assigned_to = match reaction.person {
            Some(person) => Some(person),
            None => self.rep(log, change)?,
        };
        let note = Some(self.segment.name.clone());
        let task = Task { due_on, assigned_to, note, ..Task::open(reaction.text.as_str()) };
        let header = Header {
            version: Record::VERSION,
            at_ms: self.hand.at_ms,
            date: self.today,
            zone: "UTC".to_owned(),
            clock: Clock::Trusted,
            amends: None,
            voids: None,
        };
        let key = RecordKey::new(Kind::Task.letters(), id).map_err(|error| cannot(error.to_string()))?;
        let document = Document::find(log.tx, &change.client.into()).map_err(rows_error)?;
        let document = document.ok_or_else(|| cannot("its client has no document".into()))?;
        let actor = match &self.actor {
            Some(actor) => actor.clone(),
            None => self.actor.insert(own::own_actor(log, self.hand.new_actor)?).clone(),
        };
        let bytes = Record { header, body: task.into() }.encode();
        Ok(own::record(log, document, &actor, key, bytes, self.hand.at_ms)?.is_some())
    }

    fn rep(&mut self, log: &LogWriter<'_>, change: &Change) -> Result<Option<cartera_core::model::PersonId>> {
        let calendar = match &self.calendar {
            Some(calendar) => calendar,
            None => self.calendar.insert(Calendar::read(log.tx).map_err(rows_error)?),
        };
        let sql = "SELECT territory FROM clients WHERE doc = ?1";
        let territory: Option<cartera_core::model::TerritoryId> =
            log.tx.prepare_cached(sql)?.query_row([change.doc], |row| row.get(0))?;
        Ok(calendar.rep_of(territory.as_ref()))
    }

    /// For whoever sees the client.
    fn notice(
        &self,
        log: &mut LogWriter<'_>,
        change: &Change,
        reaction: &Reaction,
        id: RecordId,
    ) -> Result<bool> {
        let key = format!("segment/{id}");
        let sql = "SELECT 1 FROM office WHERE kind = 'notice' AND source = '' AND key = ?1";
        if log.tx.prepare_cached(sql)?.exists([&key])? {
            return Ok(false);
        }
        let sql = "SELECT name FROM clients WHERE doc = ?1";
        let name: String = log.tx.prepare_cached(sql)?.query_row([change.doc], |row| row.get(0))?;
        // Read on its own, it has to say who.
        let title: String = format!("{name}: {}", self.segment.name).chars().take(NAME_CHARS_MAX).collect();
        let notice =
            office::Notice { from: Some(self.today), ..office::Notice::new(title, reaction.text.as_str()) };
        let record = OfficeWrite {
            kind: KnownKind::Notice.name().to_owned(),
            key,
            client: Some(change.client),
            value: Some(Value::from(notice).encode()),
            ..OfficeWrite::default()
        };
        Ok(matches!(put_office(log, &record, self.hand.at_ms)?, OfficePut::Written(_)))
    }
}
