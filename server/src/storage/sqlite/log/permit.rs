//! Who may write what: rules over stored facts, judged in the transaction that writes.
//!
//! A device writes documents in its scope. A client that left the scope stays writable until the device says that it
//! keeps nothing of it any more, for a bounded time: what was written before the phone could know is a fact.

use std::collections::{HashMap, HashSet};

use cartera_core::document::Change;
use cartera_core::model::access::Action;
use cartera_core::model::{DocumentId, PersonId};
use cartera_core::rows::access;
use cartera_core::sync::wire::ActorBytes;
use rusqlite::{OptionalExtension, Transaction, params};

use super::admit::rows_error;
use super::parts::{self, Part};
use super::place::Placement;
use super::sight::Sight;
use crate::storage::Result;
use crate::storage::sqlite::devices;

/// The device of a push, with what was looked up for it.
pub(super) struct Writer {
    pub sight: Sight,
    grace_ms: i64,
    actors: HashMap<ActorBytes, bool>,
    lost: Option<Vec<(i64, i64)>>,
}

/// How a document left what a device sees, each the last time: it may have left, come back and left in another way.
struct Left {
    /// Number of the entry by which it was moved, merged or lent no more.
    moved_at: Option<u64>,
    /// When the person lost the territory in which it stands.
    lost_ms: Option<i64>,
}

impl Writer {
    pub(super) fn new(sight: Sight, grace_ms: i64) -> Self {
        Self { sight, grace_ms, actors: HashMap::new(), lost: None }
    }

    /// The actor is registered to this device.
    pub(super) fn owns(&mut self, tx: &Transaction<'_>, actor: ActorBytes) -> Result<bool> {
        if let Some(owns) = self.actors.get(&actor) {
            return Ok(*owns);
        }
        let owns = devices::actor_device(tx, actor)? == Some(self.sight.device);
        self.actors.insert(actor, owns);
        Ok(owns)
    }

    /// The device may write this document.
    pub(super) fn may_write(&mut self, tx: &Transaction<'_>, place: &Placement, at_ms: i64) -> Result<bool> {
        if self.sight.sees_doc(tx, place.doc, place.part)? {
            return Ok(true);
        }
        let since_ms = at_ms.saturating_sub(self.grace_ms);
        let (left, proven) = (self.left(tx, place, since_ms)?, self.proven(tx, place.doc, since_ms)?);
        if left.is_none() && proven.is_none() {
            return Ok(false);
        }
        let purged: Option<(u64, i64)> = tx
            .prepare_cached("SELECT number, at_ms FROM purges WHERE device = ?1 AND doc = ?2")?
            .query_row(params![self.sight.device, place.doc], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        // Purged before it left again: of that the device did not know.
        let has_again = |(number, ms): (u64, i64)| {
            let left = left.as_ref().is_some_and(|left| {
                left.moved_at.is_some_and(|moved| moved > number)
                    || left.lost_ms.is_some_and(|lost| lost > ms)
            });
            left || proven.is_some_and(|proven| proven > number)
        };
        Ok(purged.is_none_or(has_again))
    }

    /// After a restore that forgot a move, a lending or where a client stood: what the device proved to have had, it had
    /// in sight. The number of the log at which it did.
    fn proven(&self, tx: &Transaction<'_>, doc: i64, since_ms: i64) -> Result<Option<u64>> {
        let sql = "SELECT number FROM proven WHERE device = ?1 AND doc = ?2 AND at_ms >= ?3";
        let of = params![self.sight.device, doc, since_ms];
        Ok(tx.prepare_cached(sql)?.query_row(of, |row| row.get(0)).optional()?)
    }

    /// Notes that the device proved by a receipt, at `number` of the log, that it had the document. Once the relay has
    /// been restored for so long that no work from before is taken any more, a proof of what is there says nothing.
    pub(super) fn note_proven(
        &self,
        tx: &Transaction<'_>,
        doc: i64,
        number: u64,
        is_news: bool,
        at_ms: i64,
    ) -> Result<()> {
        let restored = "SELECT 1 FROM workspace WHERE epoch_ms >= ?1";
        if is_news || tx.prepare_cached(restored)?.exists([at_ms.saturating_sub(self.grace_ms)])? {
            tx.prepare_cached(
                "INSERT INTO proven (device, doc, number, at_ms) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET number = excluded.number, at_ms = excluded.at_ms",
            )?
            .execute(params![self.sight.device, doc, number, at_ms])?;
        }
        Ok(())
    }

    /// How the document left what this device saw; `None` if it did not since `since_ms`.
    fn left(&mut self, tx: &Transaction<'_>, place: &Placement, since_ms: i64) -> Result<Option<Left>> {
        let lost = match &mut self.lost {
            Some(lost) => lost,
            none => none.insert(self.sight.lost_since(tx, since_ms)?),
        };
        let lost_ms = lost.iter().filter(|(part, _)| *part == place.part).map(|(_, ms)| *ms).max();
        let was_in = |part: i64| lost.iter().any(|(lost, _)| *lost == part);
        let mut statement = tx.prepare_cached(
            "SELECT number, before, person, seq, kind FROM log
             WHERE doc = ?1 AND kind IN (2, 3) AND at_ms >= ?2 ORDER BY number DESC",
        )?;
        let mut rows = statement.query(params![place.doc, since_ms])?;
        while let Some(row) = rows.next()? {
            let lent_to: Option<PersonId> = row.get(2)?;
            let left = match (lent_to, row.get::<_, Option<i64>>(1)?) {
                (Some(person), _) => {
                    person == self.sight.person.id && row.get::<_, Option<i64>>(3)? == Some(0)
                }
                (None, Some(before)) => was_in(before) || self.sight.sees_part(tx, before)?,
                (None, None) => false,
            };
            let number: u64 = row.get(0)?;
            // With a merge, and with its end, other lendings count than before.
            let is_merge = row.get::<_, i64>(4)? == 3;
            if left || (is_merge && was_lent(tx, place.doc, self.sight.person.id, number)?) {
                return Ok(Some(Left { moved_at: Some(number), lost_ms }));
            }
        }
        Ok(lost_ms.map(|_| Left { moved_at: None, lost_ms }))
    }

    /// Where a new document would stand: a person's own, or a client's; `None` if it may not be begun by this device.
    /// The second: the proposed territory is out of sight, so the client is lent to its creator.
    pub(super) fn birthplace(
        &self,
        tx: &Transaction<'_>,
        document: DocumentId,
        proposed: Option<Part>,
    ) -> Result<Option<(Part, bool)>> {
        let person = PersonId::from_bytes(*document.as_bytes());
        if person == self.sight.person.id {
            return Ok(Some((Part::Person(person), false)));
        }
        if tx.prepare_cached("SELECT 1 FROM people WHERE id = ?1")?.exists([person])? {
            return Ok(None);
        }
        if let Some(part @ Part::Territory(territory)) = proposed {
            let named = self.sight.person.territories.contains(&territory);
            let known = || tx.prepare_cached("SELECT 1 FROM territories WHERE id = ?1")?.exists([territory]);
            if named || (self.sight.all && known()?) {
                return Ok(Some((part, false)));
            }
        }
        let unassigned = Part::Territory(crate::territories::UNASSIGNED);
        let in_sight = match parts::find(tx, unassigned)? {
            Some(row) => self.sight.sees_part(tx, row)?,
            None => false,
        };
        Ok(Some((unassigned, !in_sight)))
    }

    /// What in the change the table of `model::access` does not let this person do, if anything.
    pub(super) fn forbidden(
        &self,
        tx: &Transaction<'_>,
        document: DocumentId,
        change: &Change,
    ) -> Result<Option<Action>> {
        let person = &self.sight.person;
        let hand = access::Hand { person: person.id, role: person.role, also: &|_, _| Ok(false) };
        access::forbidden(tx, &hand, document, change).map_err(rows_error)
    }
}

/// Before `number` of the log, the document was lent to the person, or one that it had been merged into was.
fn was_lent(tx: &Transaction<'_>, doc: i64, person: PersonId, number: u64) -> Result<bool> {
    let mut open = vec![doc];
    let mut seen = HashSet::new();
    while let Some(doc) = open.pop() {
        if !seen.insert(doc) {
            continue;
        }
        let last: Option<Option<i64>> = tx
            .prepare_cached(
                "SELECT seq FROM log WHERE doc = ?1 AND kind IN (2, 3) AND person = ?2 AND number < ?3
                 ORDER BY number DESC LIMIT 1",
            )?
            .query_row(params![doc, person, number], |row| row.get(0))
            .optional()?;
        if last.flatten() == Some(1) {
            return Ok(true);
        }
        let mut statement = tx.prepare_cached(
            "SELECT other FROM log WHERE doc = ?1 AND kind IN (2, 3) AND number < ?2 AND other IS NOT NULL",
        )?;
        let others = statement.query_map(params![doc, number], |row| row.get(0))?;
        open.extend(others.collect::<rusqlite::Result<Vec<i64>>>()?);
    }
    Ok(false)
}
