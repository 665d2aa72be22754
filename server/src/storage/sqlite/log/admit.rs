//! Pushes become entries: each change is judged against stored facts, applied to the rows, entered in the log.
//!
//! One transaction for a batch of pushes. In the careful mode every change stands in a savepoint of its own, so that
//! one on which the rows stumble (a defect, not a refusal) is held back alone; it is tried when the quick way failed.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use cartera_core::document::admit::{Outcome, causality};
use cartera_core::document::{Body, Change, ChangeHash};
use cartera_core::model::record::Kind as RecordKind;
use cartera_core::model::{ClientId, DocumentId};
use cartera_core::rows::{self, Document, RowsError, SqlFacts, client, judge};
use cartera_core::sync::wire::limits::HEADS;
use cartera_core::sync::wire::{ActorBytes, Hash, Refusal};
use rusqlite::{OptionalExtension, Transaction, params};

use super::parts::{self, Part, lane};
use super::permit::Writer;
use super::place::Placement;
use super::sight::Sight;
use super::writer::{Kind, LogWriter, Refs, entry_hash};
use super::{lendings, orders, refused};
use crate::storage::log::{Admitted, DOCUMENT_BYTES, Incoming, Push, Pushed, QuarantineLimits};
use crate::storage::reached::LaneReached;
use crate::storage::sqlite::journal;
use crate::storage::{Result, StorageError};
use crate::sync::audience::Audience;

/// How a batch is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Quick,
    Careful,
}

pub(super) fn run(
    tx: &Transaction<'_>,
    pushes: &[Push],
    mode: Mode,
    room: QuarantineLimits,
) -> Result<(Vec<Pushed>, Vec<LaneReached>)> {
    let released = pushes.iter().map(|push| refused::proven_with(tx, push)).collect::<Result<Vec<_>>>()?;
    let mut batch = Batch {
        log: LogWriter::begin(tx)?,
        docs: HashMap::new(),
        quarantined: HashMap::new(),
        awaited: Vec::new(),
        authors: HashSet::new(),
        orders: Vec::new(),
        mode,
        room,
    };
    let pushed = pushes
        .iter()
        .zip(&released)
        .map(|(push, released)| batch.push(push, released))
        .collect::<Result<_>>()?;
    Ok((pushed, batch.finish()?))
}

struct Batch<'t, 'p> {
    log: LogWriter<'t>,
    docs: HashMap<DocumentId, Known>,
    /// What waits in quarantine of the documents for which it was asked.
    quarantined: HashMap<DocumentId, HashSet<ChangeHash>>,
    /// Begun by this batch, and something was decided about them before a restore lost them.
    awaited: Vec<DocumentId>,
    /// Actors whose person is noted.
    authors: HashSet<ActorBytes>,
    /// Purchases that came, and the documents that they are in.
    orders: Vec<(DocumentId, orders::Arrival<'p>)>,
    mode: Mode,
    room: QuarantineLimits,
}

/// A document that this batch looked at.
struct Known {
    document: Document,
    place: Placement,
    /// Its place and term are still to be written.
    changed: bool,
}

impl<'p> Batch<'_, 'p> {
    /// `released`: what waits in quarantine and is proven by what is pushed.
    fn push(&mut self, push: &'p Push, released: &'p [(u64, Incoming)]) -> Result<Pushed> {
        let tx = self.log.tx;
        let Some(sight) = Sight::of(tx, push.device)? else {
            let unknown = Admitted::Refused { code: Refusal::Revoked, detail: "no such device".into() };
            return Ok(Pushed { verdicts: vec![unknown; push.changes.len()], numbers: Vec::new() });
        };
        let mut writer = Writer::new(sight, push.grace_ms);
        let first = self.log.number() + 1;
        let mut verdicts = Vec::with_capacity(push.changes.len());
        for (refusal, incoming) in released {
            let verdict = self.judge_in_mode(&mut writer, incoming, push.at_ms)?;
            if matches!(verdict, Admitted::New { .. } | Admitted::Known { .. } | Admitted::KnownAs { .. }) {
                refused::settle(tx, *refusal, true)?;
            }
        }
        for incoming in &push.changes {
            verdicts.push(self.judge_in_mode(&mut writer, incoming, push.at_ms)?);
        }
        self.purge(&writer, push)?;
        Ok(Pushed { verdicts, numbers: (first..=self.log.number()).collect() })
    }

    fn judge_in_mode(&mut self, writer: &mut Writer, incoming: &'p Incoming, at_ms: i64) -> Result<Admitted> {
        match self.mode {
            Mode::Quick => self.judge(writer, incoming, at_ms),
            Mode::Careful => self.judge_alone(writer, incoming, at_ms),
        }
    }

    /// As [`Batch::judge`], and what goes wrong is undone and held back.
    fn judge_alone(&mut self, writer: &mut Writer, incoming: &'p Incoming, at_ms: i64) -> Result<Admitted> {
        let tx = self.log.tx;
        self.flush()?;
        let mark = self.log.mark();
        let orders = self.orders.len();
        tx.execute_batch("SAVEPOINT one_change")?;
        let judged = catch_unwind(AssertUnwindSafe(|| {
            let admitted = self.judge(writer, incoming, at_ms)?;
            self.flush()?;
            Ok(admitted)
        }));
        match judged {
            Ok(Ok(admitted)) => {
                tx.execute_batch("RELEASE one_change")?;
                Ok(admitted)
            }
            Ok(Err(error)) if !is_defect(&error) => Err(error),
            defect => {
                tx.execute_batch("ROLLBACK TO one_change; RELEASE one_change")?;
                self.log.rewind(mark);
                self.docs.clear();
                self.quarantined.clear();
                self.authors.clear();
                self.orders.truncate(orders);
                let detail = match defect {
                    Ok(Err(error)) => error.to_string(),
                    _ => "panic".to_owned(),
                };
                tracing::error!(document = %incoming.document, detail, "a change could not be applied; held back");
                Ok(Admitted::Held { missing: Vec::new() })
            }
        }
    }

    fn judge(&mut self, writer: &mut Writer, incoming: &'p Incoming, at_ms: i64) -> Result<Admitted> {
        let tx = self.log.tx;
        let change = match &incoming.change {
            Ok(change) => change,
            Err(unreadable) => {
                let device = writer.sight.device;
                return refused::keep(tx, device, incoming, unreadable.code, &unreadable.detail, at_ms);
            }
        };
        let device = writer.sight.device;
        let refuse = |code: Refusal, detail: &str| refused::keep(tx, device, incoming, code, detail, at_ms);
        // What is here was not erased.
        if !self.load(incoming.document)? && is_erased(tx, incoming.document)? {
            // The bytes of what was erased are not kept, not even as refused.
            return Ok(Admitted::Refused { code: Refusal::Erased, detail: "the client was erased".into() });
        }
        let known = self.docs.get(&incoming.document);
        let nothing = nothing_yet(incoming);
        let document = known.map_or(&nothing, |known| &known.document);
        let outcome =
            causality(change, incoming.document, &SqlFacts::new(tx, document)).map_err(rows_error)?;
        // What is there already is answered so to anyone who has its bytes.
        if let Outcome::Duplicate { by } = outcome {
            let number = number_of(tx, document.row, &by)?;
            if incoming.offered && incoming.proven && !writer.sight.revoked {
                writer.note_proven(tx, document.row, self.log.number(), false, at_ms)?;
            }
            let hash = Hash(by.0);
            let same = by == change.hash;
            return Ok(if same {
                Admitted::Known { number, hash }
            } else {
                Admitted::KnownAs { number, hash }
            });
        }
        if writer.sight.revoked {
            return refuse(Refusal::Revoked, "the device was revoked");
        }
        let actor = actor_bytes(change);
        let own = writer.owns(tx, actor)?;
        if !own && !incoming.proven {
            if incoming.offered && refused::was_not_taken(tx, writer.sight.device, change)? {
                let detail = "the administrator did not take it".to_owned();
                return Ok(Admitted::Refused { code: Refusal::Forbidden, detail });
            }
            if incoming.offered {
                return self.quarantine(writer, incoming, change, at_ms);
            }
            return refuse(Refusal::Forbidden, "the actor is not registered to this device");
        }
        let mut birthplace = None;
        match known {
            Some(known) => {
                if !incoming.proven && !writer.may_write(tx, &known.place, at_ms)? {
                    return refuse(Refusal::Forbidden, "the client is not in this device's scope");
                }
            }
            None => {
                let proposed = incoming.territory.map(Part::Territory);
                birthplace = writer.birthplace(tx, incoming.document, proposed)?;
                if birthplace.is_none() {
                    return refuse(Refusal::Forbidden, "the document is somebody else's own");
                }
            }
        }
        if document.generation != incoming.generation {
            return refuse(Refusal::Generation, "the document was founded anew");
        }
        match outcome {
            Outcome::Held { missing } => {
                // What it builds on waits for the administrator, or for a proof: so does this.
                if incoming.offered && self.waits(writer, incoming.document, change, &missing)? {
                    return self.quarantine(writer, incoming, change, at_ms);
                }
                return Ok(Admitted::Held { missing: missing.into_iter().map(Hash::from).collect() });
            }
            Outcome::Refused(refusal) => return refuse(refusal.code.into(), &refusal.detail),
            Outcome::Admit | Outcome::Duplicate { .. } => {}
        }
        if !incoming.proven
            && let Some(action) = writer.forbidden(tx, incoming.document, change)?
        {
            return refuse(Refusal::Forbidden, &format!("not this person's to do: {}", action.as_str()));
        }
        if document.size + change.bytes.len() as u64 > DOCUMENT_BYTES {
            return refuse(Refusal::TooLarge, "the document is at its limit");
        }
        let heads = document.heads.iter().filter(|head| !change.deps.contains(head)).count() + 1;
        if heads > HEADS {
            return refuse(Refusal::TooLarge, "the document has as many heads as a page can name");
        }
        if let Some((part, lent)) = birthplace {
            self.begin(writer, incoming.document, part, lent, at_ms)?;
        }
        let number = self.apply(incoming, change, at_ms)?;
        if own {
            self.note_author(change, writer)?;
        }
        if incoming.offered {
            // Told beside the entry, to whoever reads it.
            refused::recovered(tx, number, writer.sight.device)?;
            if let Some(known) = self.docs.get(&incoming.document).filter(|_| incoming.proven) {
                writer.note_proven(tx, known.document.row, number, true, at_ms)?;
            }
        }
        Ok(Admitted::New { number, hash: change.hash.into() })
    }

    fn quarantine(
        &mut self,
        writer: &Writer,
        incoming: &Incoming,
        change: &Change,
        at_ms: i64,
    ) -> Result<Admitted> {
        refused::quarantine(self.log.tx, &self.room, writer.sight.device, incoming, change, at_ms)?;
        if let Some(known) = self.quarantined.get_mut(&incoming.document) {
            known.insert(change.hash);
        }
        Ok(Admitted::Quarantined)
    }

    /// Whether what a change lacks is in quarantine, or may have found no room there.
    fn waits(
        &mut self,
        writer: &Writer,
        document: DocumentId,
        change: &Change,
        missing: &[ChangeHash],
    ) -> Result<bool> {
        let tx = self.log.tx;
        let known = match self.quarantined.entry(document) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(refused::hashes(tx, document)?),
        };
        let waits = missing.iter().any(|hash| known.contains(hash));
        Ok(waits || !refused::has_room(tx, &self.room, writer.sight.device, change.bytes.len())?)
    }

    /// A new document; a client's place is an entry of its own.
    fn begin(
        &mut self,
        writer: &mut Writer,
        id: DocumentId,
        part: Part,
        lent: bool,
        at_ms: i64,
    ) -> Result<()> {
        let tx = self.log.tx;
        let row = parts::intern(tx, part)?;
        let document = Document::create(tx, id, 0).map_err(rows_error)?;
        let mut place = Placement::create(tx, document.row, row)?;
        if let Part::Territory(territory) = part {
            client::begin(tx, document.row).map_err(rows_error)?;
            client::set_territory(tx, document.row, part.territory().as_ref()).map_err(rows_error)?;
            let hash = entry_hash(b't', &[id.as_bytes(), territory.as_bytes()]);
            let refs = Refs { doc: Some(document.row), ..Refs::default() };
            place.number =
                self.log.append(Kind::Territory, lane(row, Audience::Everybody), &refs, &hash, at_ms)?;
        }
        if lent {
            lendings::to_creator(&mut self.log, &document, &mut place, &writer.sight.person, at_ms)?;
        }
        if journal::is_awaited(tx, id)? {
            self.awaited.push(id);
        }
        // What it began it sees, for the rest of this push.
        if lent {
            writer.sight.lent.insert(document.row);
        } else {
            writer.sight.parts.insert(row);
        }
        self.docs.insert(id, Known { document, place, changed: true });
        Ok(())
    }

    fn apply(&mut self, incoming: &Incoming, change: &'p Change, at_ms: i64) -> Result<u64> {
        let tx = self.log.tx;
        let Some(known) = self.docs.get_mut(&incoming.document) else {
            return Err(StorageError::Undecodable {
                what: "batch",
                detail: "a document was not loaded".into(),
            });
        };
        let number = self.log.number() + 1;
        rows::apply(tx, &mut known.document, change, Some(number)).map_err(rows_error)?;
        let actor = rows::documents::intern(tx, &change.actor).map_err(rows_error)?;
        let refs = Refs {
            doc: Some(known.document.row),
            actor: Some(actor),
            seq: Some(change.seq),
            ..Refs::default()
        };
        let at_lane = lane(known.place.part, Audience::Everybody);
        let given = self.log.append(Kind::Change, at_lane, &refs, &change.hash.0, at_ms)?;
        debug_assert_eq!(given, number);
        known.place.number = number;
        known.changed = true;
        let purchases = change.ops.iter().filter_map(|op| match &op.body {
            Body::Record { key, header, bytes } if key.kind == RecordKind::Purchase => {
                let is_correction = header.relation.is_some();
                Some(orders::Arrival { id: key.id, is_correction, value: bytes, number, at_ms })
            }
            _ => None,
        });
        self.orders.extend(purchases.map(|arrival| (incoming.document, arrival)));
        Ok(number)
    }

    /// The author of a record is its actor's person.
    fn note_author(&mut self, change: &Change, writer: &Writer) -> Result<()> {
        if self.authors.insert(actor_bytes(change)) {
            let tx = self.log.tx;
            let actor = rows::documents::intern(tx, &change.actor).map_err(rows_error)?;
            tx.prepare_cached("UPDATE actors SET person = ?2 WHERE actor = ?1 AND person IS NULL")?
                .execute(params![actor, writer.sight.person.id])?;
        }
        Ok(())
    }

    /// Whether the document is here.
    fn load(&mut self, id: DocumentId) -> Result<bool> {
        if self.docs.contains_key(&id) {
            return Ok(true);
        }
        let tx = self.log.tx;
        let Some(document) = Document::find(tx, &id).map_err(rows_error)? else { return Ok(false) };
        self.log.renew(document.row)?;
        let place = Placement::get(tx, document.row)?;
        self.docs.insert(id, Known { document, place, changed: false });
        Ok(true)
    }

    /// Notes what the device keeps nothing of any more, as of what it knew: a client that came back and left again since
    /// then is another matter.
    fn purge(&mut self, writer: &Writer, push: &Push) -> Result<()> {
        if push.purged.is_empty() {
            return Ok(());
        }
        let tx = self.log.tx;
        let scope_since_ms = writer.sight.known_since(tx, push.scope_version)?;
        for client in &push.purged {
            let Some(document) = Document::find(tx, &(*client).into()).map_err(rows_error)? else { continue };
            tx.prepare_cached(
                "INSERT INTO purges (device, doc, number, at_ms) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET
                   number = max(number, excluded.number), at_ms = max(at_ms, excluded.at_ms)",
            )?
            .execute(params![writer.sight.device, document.row, push.knew, scope_since_ms])?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        for known in self.docs.values_mut().filter(|known| known.changed) {
            known.place.save(&mut self.log, &known.document)?;
            known.changed = false;
        }
        Ok(())
    }

    /// What the office will be asked about the purchases that came.
    fn note_orders(&mut self) -> Result<()> {
        if self.orders.is_empty() {
            return Ok(());
        }
        let rules = judge::Rules::read(self.log.tx).map_err(rows_error)?;
        for (document, arrival) in std::mem::take(&mut self.orders) {
            self.load(document)?;
            if let Some(known) = self.docs.get_mut(&document) {
                let client = ClientId::from_bytes(*document.as_bytes());
                orders::arrived(&mut self.log, &rules, &mut known.place, client, &arrival)?;
                known.changed = true;
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<LaneReached>> {
        let orders: Vec<_> = self.orders.iter().map(|(_, arrival)| arrival.id).collect();
        self.note_orders()?;
        self.flush()?;
        for order in orders {
            journal::settle_order(&mut self.log, order)?;
        }
        for document in std::mem::take(&mut self.awaited) {
            journal::settle(&mut self.log, document)?;
        }
        self.log.finish()
    }
}

fn is_erased(tx: &Transaction<'_>, document: DocumentId) -> Result<bool> {
    Ok(tx.prepare_cached("SELECT 1 FROM erasures WHERE document = ?1")?.exists([document])?)
}

/// Stands for a document that is not there.
fn nothing_yet(incoming: &Incoming) -> Document {
    Document {
        row: -1,
        id: incoming.document,
        generation: 0,
        heads: Vec::new(),
        acknowledged: Vec::new(),
        max_op: 0,
        size: 0,
    }
}

fn number_of(tx: &Transaction<'_>, doc: i64, hash: &ChangeHash) -> Result<u64> {
    let number: Option<Option<u64>> = tx
        .prepare_cached("SELECT number FROM changes WHERE doc = ?1 AND hash = ?2")?
        .query_row(params![doc, hash.0], |row| row.get(0))
        .optional()?;
    number.flatten().ok_or_else(|| StorageError::Undecodable {
        what: "change",
        detail: "a stored change has no number".into(),
    })
}

fn actor_bytes(change: &Change) -> ActorBytes {
    ActorBytes::from_slice(change.actor.to_bytes()).unwrap_or_default()
}

/// The rows' error as the store's.
pub(crate) fn rows_error(error: RowsError) -> StorageError {
    match error {
        RowsError::Sqlite(error) => StorageError::Sqlite(error),
        other => StorageError::Undecodable { what: "row", detail: other.to_string() },
    }
}

/// Something that one change may have brought about, and that trying again will not mend. What the disk does is not.
pub(super) fn is_defect(error: &StorageError) -> bool {
    match error {
        StorageError::Undecodable { .. } => true,
        StorageError::Sqlite(error) => matches!(
            error.sqlite_error_code(),
            None | Some(
                rusqlite::ErrorCode::ConstraintViolation
                    | rusqlite::ErrorCode::TypeMismatch
                    | rusqlite::ErrorCode::TooBig
            )
        ),
        _ => false,
    }
}
