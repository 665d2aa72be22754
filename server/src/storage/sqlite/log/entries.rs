//! Rows of the log as entries that travel.

use std::collections::HashMap;

use cartera_core::document::ChangeHash;
use cartera_core::model::{BusinessDate, ClientId, DeviceId, DocumentId};
use cartera_core::rows::documents::ChangeBytes;
use cartera_core::rows::window;
use cartera_core::sync::wire::{ChangeEntry, Enter, Entry, EntryBody, Hash, OfficeRecord, limits};
use rusqlite::{OptionalExtension, Transaction, params};

use super::admit::rows_error;
use super::office;
use super::pages::{self, Served};
use super::parts;
use super::place::{Placement, client_at};
use super::pull::{LogRow, overhead};
use super::sight::Sight;
use crate::storage::log::PulledEntry;
use crate::storage::office::OfficeRow;
use crate::storage::{Result, StorageError};
use crate::sync::audience::Audience;

/// Office records that come along with a client entering; with more, the phone fetches them in pages.
const OFFICE_WITH_ENTER: usize = 2_000;
const _: () = assert!(OFFICE_WITH_ENTER <= limits::OFFICE_OF_CLIENT);
const OFFICE_BYTES_WITH_ENTER: usize = 1 << 20;

/// Reads bodies, and remembers what comes again.
pub(super) struct Reader<'t> {
    tx: &'t Transaction<'t>,
    audience: Audience,
    documents: HashMap<i64, Option<(DocumentId, u32)>>,
    snapshot: Option<ChangeBytes<'t>>,
    /// Something was recovered through a device at some time.
    recovered: bool,
    sales_from: Option<BusinessDate>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(tx: &'t Transaction<'t>, sight: &Sight) -> Result<Self> {
        let recovered = tx.prepare_cached("SELECT 1 FROM recovered")?.exists([])?;
        let sales_from = window::sales_from(tx).map_err(rows_error)?;
        let (audience, documents) = (sight.audience(), HashMap::new());
        Ok(Self { tx, audience, documents, snapshot: None, recovered, sales_from })
    }

    /// `None` where there is nothing left to tell: superseded, or erased since.
    pub(super) fn row(&mut self, row: &LogRow) -> Result<Option<(PulledEntry, usize)>> {
        match (row.kind, row.doc) {
            (0, Some(doc)) => self.change(row, doc),
            (1, _) => self.office(row),
            _ => Ok(None),
        }
    }

    fn change(&mut self, row: &LogRow, doc: i64) -> Result<Option<(PulledEntry, usize)>> {
        let Some((document, generation)) = self.document(doc)? else { return Ok(None) };
        let found: Option<(Option<Vec<u8>>, [u8; 32])> = self
            .tx
            .prepare_cached("SELECT bytes, hash FROM changes WHERE doc = ?1 AND actor = ?2 AND seq = ?3")?
            .query_row(params![doc, row.actor, row.seq], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((bytes, hash)) = found else { return Ok(None) };
        let bytes = match bytes {
            Some(bytes) => bytes,
            None => self.compacted(doc, &hash)?,
        };
        let size = bytes.len() + overhead();
        let change = ChangeEntry {
            document,
            generation,
            bytes: bytes.into(),
            receipt: None,
            received_s: Some(row.at_ms.div_euclid(1000)),
            recovered_through: if self.recovered { self.recovered_through(row.number)? } else { None },
        };
        let entry = Entry { number: row.number, body: EntryBody::Change(change) };
        Ok(Some((PulledEntry { entry, proofs: vec![Hash(hash)] }, size)))
    }

    /// The bytes of a change that lie in its document's snapshot.
    fn compacted(&mut self, doc: i64, hash: &[u8; 32]) -> Result<Vec<u8>> {
        let tx = self.tx;
        // Entries of one document come together more often than not; one loaded document is kept at a time.
        let same = self.snapshot.take().filter(|loaded| loaded.row() == doc);
        let loaded = self.snapshot.insert(same.unwrap_or_else(|| ChangeBytes::new(tx, doc)));
        let bytes = loaded.get(&ChangeHash(*hash)).map_err(rows_error)?;
        bytes.ok_or_else(|| StorageError::Undecodable { what: "change", detail: "it has no bytes".into() })
    }

    fn recovered_through(&self, number: u64) -> Result<Option<DeviceId>> {
        Ok(self
            .tx
            .prepare_cached("SELECT device FROM recovered WHERE number = ?1")?
            .query_row([number], |row| row.get(0))
            .optional()?)
    }

    fn office(&self, row: &LogRow) -> Result<Option<(PulledEntry, usize)>> {
        let found = self
            .tx
            .prepare_cached(
                "SELECT kind, source, key, client, territory, value, number FROM office WHERE number = ?1",
            )?
            .query_row([row.number], office::row)
            .optional()?;
        let record = match found {
            // No phone keeps it: those that had it were told when it passed.
            Some(found) if found.has_passed(self.sales_from) => return Ok(None),
            Some(found) => record(found, false),
            None => match self.gone(row)? {
                Some(gone) => gone,
                None => return Ok(None), // superseded by a later entry
            },
        };
        let size = record.value.as_ref().map_or(0, |value| value.len()) + overhead();
        let entry = Entry { number: row.number, body: EntryBody::Office(record) };
        Ok(Some((PulledEntry { entry, proofs: Vec::new() }, size)))
    }

    /// A record that went to another lane: a tombstone where it was.
    fn gone(&self, row: &LogRow) -> Result<Option<OfficeRecord>> {
        let found = self
            .tx
            .prepare_cached("SELECT kind, source, key FROM office_gone WHERE number = ?1")?
            .query_row([row.number], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
            })
            .optional()?;
        let Some((kind, source, key)) = found else { return Ok(None) };
        let client = row.doc.map(|doc| client_at(self.tx, doc)).transpose()?.flatten();
        let territory = match client {
            Some(_) => None,
            None => parts::at_row(self.tx, parts::part_of_lane(row.lane))?.territory(),
        };
        Ok(Some(OfficeRecord {
            kind: kind.into(),
            source: source.into(),
            key: key.into(),
            client,
            territory,
            value: None,
            number: None,
        }))
    }

    /// Everything about a client.
    pub(super) fn enter(&mut self, number: u64, doc: i64) -> Result<Option<(PulledEntry, usize)>> {
        let Some(Served { page, heads, .. }) = pages::document(self.tx, doc)? else { return Ok(None) };
        let client = ClientId::from_bytes(*page.document.as_bytes());
        let mut size = page.snapshot.len() + overhead();
        let mut records = Vec::new();
        let mut office_bytes = 0;
        for row in pages::office_of(self.tx, &client, self.audience)? {
            office_bytes += row.record.value.as_ref().map_or(0, Vec::len) + overhead();
            records.push(record(row, true));
        }
        let fetch_office = records.len() > OFFICE_WITH_ENTER || office_bytes > OFFICE_BYTES_WITH_ENTER;
        if fetch_office {
            records.clear();
        } else {
            size += office_bytes;
        }
        let body = EntryBody::Enter(Box::new(Enter { document: page, office: records.into(), fetch_office }));
        Ok(Some((PulledEntry { entry: Entry { number, body }, proofs: heads }, size)))
    }

    pub(super) fn client(&self, doc: i64) -> Result<Option<ClientId>> {
        client_at(self.tx, doc)
    }

    pub(super) fn moved(&self, doc: i64) -> Result<Option<EntryBody>> {
        let (Some(client), Some(place)) = (client_at(self.tx, doc)?, Placement::find(self.tx, doc)?) else {
            return Ok(None);
        };
        let territory = parts::at_row(self.tx, place.part)?.territory();
        Ok(Some(EntryBody::Moved { client, territory }))
    }

    pub(super) fn merged(&self, doc: i64) -> Result<Option<EntryBody>> {
        let (Some(absorbed), Some(place)) = (client_at(self.tx, doc)?, Placement::find(self.tx, doc)?) else {
            return Ok(None);
        };
        let kept = place.alias_of.map(|kept| client_at(self.tx, kept)).transpose()?.flatten();
        let territory = parts::at_row(self.tx, place.part)?.territory();
        Ok(Some(EntryBody::Merge { absorbed, kept, territory }))
    }

    fn document(&mut self, doc: i64) -> Result<Option<(DocumentId, u32)>> {
        if let Some(known) = self.documents.get(&doc) {
            return Ok(*known);
        }
        let found = self
            .tx
            .prepare_cached("SELECT id, generation FROM documents WHERE doc = ?1")?
            .query_row([doc], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        self.documents.insert(doc, found);
        Ok(found)
    }
}

/// `numbered`: it stands in something with another number than its own.
pub(super) fn record(row: OfficeRow, numbered: bool) -> OfficeRecord {
    OfficeRecord {
        kind: row.record.kind.into(),
        source: row.record.source.into(),
        key: row.record.key.into(),
        client: row.record.client,
        territory: row.record.territory,
        value: row.record.value.map(Into::into),
        number: numbered.then_some(row.number),
    }
}
