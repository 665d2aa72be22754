//! One client of an import: a new document, or edits with the dependencies of the last import.
//!
//! The document is read as it was when the last import ended: the change that ended it, and that change's ancestors.
//! An edit made there is concurrent with everything that anybody wrote since, so that a rep's correction of the same
//! field stays beside it as a conflict. A client that the office knows by its code, but that no import has written
//! yet, was made by a rep: there the edits follow its first change alone.

use cartera_core::document::admit::inspect;
use cartera_core::document::{ActorId, Change, ChangeHash, Facts, FieldKey, MemoryFacts, append, edit};
use cartera_core::model::{DocumentId, TerritoryId};
use cartera_core::rows::{self, Document, SqlFacts};
use rusqlite::{OptionalExtension, params};

use super::publish::Hand;
use super::{lookup, undecodable};
use crate::import::codec::encode_row;
use crate::import::profile;
use crate::storage::Result;
use crate::storage::clients::Move;
use crate::storage::sqlite::log::admit::rows_error;
use crate::storage::sqlite::log::parts::{self, Part, lane};
use crate::storage::sqlite::log::place::Placement;
use crate::storage::sqlite::log::writer::{Kind, LogWriter, Refs, entry_hash};
use crate::storage::sqlite::log::{moves, own};
use crate::sync::audience::Audience;
use crate::territories::UNASSIGNED;

pub(super) fn publish(
    log: &mut LogWriter<'_>,
    hand: &mut Hand<'_, '_>,
    id: &str,
    change: &profile::Change,
) -> Result<()> {
    let tx = log.tx;
    if lookup::is_erased(tx, hand.source, id)? {
        return Ok(()); // since the file was checked
    }
    let actor = hand.actor(log)?;
    let territory = match &change.moved_to {
        Some(name) => lookup::territory(tx, name)?,
        None => None,
    };
    let base: Option<[u8; 32]> = tx
        .prepare_cached("SELECT base FROM import_rows WHERE source = ?1 AND id = ?2")?
        .query_row([hand.source, id], |row| row.get(0))
        .optional()?;
    let client = lookup::client(tx, hand.source, id)?;
    let mut written = match client {
        None => begin(log, hand, &actor, territory)?,
        Some(client) => {
            let document = Document::find(tx, &client.into()).map_err(rows_error)?;
            let document = document.ok_or_else(|| undecodable("client", "it has no document"))?;
            let base = match base {
                Some(base) => ChangeHash(base),
                None => first_change(log, &document)?,
            };
            Written::at(log, document, base)?
        }
    };
    let edits = change
        .edits
        .iter()
        .map(|(key, value)| {
            let key = FieldKey::new(key.clone()).map_err(|error| undecodable("staged batch", error))?;
            Ok((key, value.clone()))
        })
        .collect::<Result<_>>()?;
    let made = edit::fields(&actor, &written.facts, edits, hand.at_ms());
    if let Some(made) = made.map_err(|error| undecodable("staged batch", error))? {
        written.apply(log, &made, hand.at_ms())?;
    }
    written.place.save(log, &written.document)?;
    if let (Some(client), Some(to)) = (client, territory) {
        moves::to_territory(log, &Move { client, to }, hand.at_ms())?;
    }
    tx.prepare_cached(
        "INSERT INTO import_rows (source, id, doc, base, value, id_hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT DO UPDATE SET doc = excluded.doc, base = excluded.base, value = excluded.value",
    )?
    .execute(params![
        hand.source,
        id,
        written.document.row,
        written.base.0,
        encode_row(&change.row),
        lookup::id_hash(hand.source, id)
    ])?;
    Ok(())
}

/// A document that the import writes to.
pub(super) struct Written {
    pub(super) document: Document,
    pub(super) place: Placement,
    /// The document as the source has seen it.
    facts: MemoryFacts,
    /// The last change of these facts that the import made, or began from.
    base: ChangeHash,
}

/// A new client's document, in its territory or in none.
pub(super) fn begin(
    log: &mut LogWriter<'_>,
    hand: &mut Hand<'_, '_>,
    actor: &ActorId,
    territory: Option<TerritoryId>,
) -> Result<Written> {
    let tx = log.tx;
    let at_ms = hand.at_ms();
    let id = DocumentId::from(hand.new_client());
    let territory = territory.unwrap_or(UNASSIGNED);
    let part = parts::intern(tx, Part::Territory(territory))?;
    let document = Document::create(tx, id, 0).map_err(rows_error)?;
    let mut place = Placement::create(tx, document.row, part)?;
    let hash = entry_hash(b't', &[id.as_bytes(), territory.as_bytes()]);
    let refs = Refs { doc: Some(document.row), ..Refs::default() };
    place.number = log.append(Kind::Territory, lane(part, Audience::Everybody), &refs, &hash, at_ms)?;
    let first = append::create(actor, id, at_ms).map_err(|refusal| undecodable("actor", refusal))?;
    let mut written = Written { document, place, facts: MemoryFacts::new(id), base: first.hash };
    written.apply(log, &first, at_ms)?;
    Ok(written)
}

impl Written {
    /// The document as it was with `base` as its only head.
    pub(super) fn at(log: &mut LogWriter<'_>, document: Document, base: ChangeHash) -> Result<Self> {
        let tx = log.tx;
        log.renew(document.row)?;
        let place = Placement::get(tx, document.row)?;
        let stored = SqlFacts::new(tx, &document);
        let mut past = Vec::new();
        let mut seen = std::collections::HashSet::new();
        let mut open = vec![base];
        while let Some(hash) = open.pop() {
            if !seen.insert(hash) {
                continue;
            }
            let facts = stored.change(&hash).map_err(rows_error)?;
            let facts = facts.ok_or_else(|| undecodable("document", "a change that was imported is gone"))?;
            open.extend(&facts.deps);
            past.push((facts.start_op, hash));
        }
        // A change's operations are numbered past those of its dependencies.
        past.sort_unstable_by_key(|(start_op, _)| *start_op);
        let mut facts = MemoryFacts::new(document.id);
        for (_, hash) in past {
            let bytes = rows::documents::change_bytes(tx, &document, &hash).map_err(rows_error)?;
            let bytes = bytes.ok_or_else(|| undecodable("document", "a change has no bytes"))?;
            facts.apply(&inspect(&bytes).map_err(|refusal| undecodable("change", refusal))?);
        }
        Ok(Self { document, place, facts, base })
    }

    pub(super) fn apply(&mut self, log: &mut LogWriter<'_>, change: &Change, at_ms: i64) -> Result<()> {
        let touched = own::enter(log, &mut self.document, &mut self.place, change, at_ms)?;
        if touched.profile {
            let territory = log.part(self.place.part)?.territory();
            rows::client::set_territory(log.tx, self.document.row, territory.as_ref()).map_err(rows_error)?;
        }
        self.facts.apply(change);
        self.base = change.hash;
        Ok(())
    }
}

/// The change that began a document.
fn first_change(log: &LogWriter<'_>, document: &Document) -> Result<ChangeHash> {
    let hash: Option<[u8; 32]> = log
        .tx
        .prepare_cached("SELECT hash FROM changes WHERE doc = ?1 AND start_op = 1")?
        .query_row([document.row], |row| row.get(0))
        .optional()?;
    hash.map(ChangeHash).ok_or_else(|| undecodable("document", "it has no first change"))
}
