//! The present in pages: what a first sync, a territory gained, or a repair fetches.
//!
//! A document is served as one Automerge document chunk: its snapshot, made once, kept, and made anew from the kept one
//! once there are later changes. It is not deflated, since the page as a whole is compressed.

use std::collections::HashSet;

use cartera_core::document::ChangeHash;
use cartera_core::model::{BusinessDate, ClientId, DocumentId, TerritoryId};
use cartera_core::rows::compact::{self, Current};
use cartera_core::rows::{Document, window};
use cartera_core::sync::wire::{Fingerprint, Hash, ListRow, PageDocument, Stage, limits};
use rusqlite::{OptionalExtension, Transaction, params};

use super::admit::rows_error;
use super::parts::{self, Part, audience_of_lane, part_of_lane};
use super::place::{Placement, client_at};
use super::pull::document_row;
use super::sight::Sight;
use super::{office, sums};
use crate::storage::Result;
use crate::storage::office::OfficeRow;
use crate::storage::pages::{FetchQuery, Fetched, FetchedItem, PageKey};
use crate::sync::audience::{Audience, stage_of_kind};

/// What an item costs beside its bytes.
const ITEM_OVERHEAD: usize = 64;

/// A page that is full by its bytes has no more items than a reply holds.
const _: () = assert!(limits::WANT_BYTES_MAX as usize / ITEM_OVERHEAD < limits::PAGE_ITEMS);

/// A document ready to be sent.
pub(super) struct Served {
    pub page: PageDocument,
    /// Its heads, sorted: each deserves a receipt.
    pub heads: Vec<Hash>,
    /// To be kept for the next time.
    pub fresh: bool,
}

/// `None` if it was erased meanwhile, or has no change yet.
pub(super) fn document(tx: &Transaction<'_>, doc: i64) -> Result<Option<Served>> {
    let Some(document) = Document::at_row(tx, doc).map_err(rows_error)? else { return Ok(None) };
    let Some(place) = Placement::find(tx, doc)? else { return Ok(None) };
    if document.heads.is_empty() {
        return Ok(None);
    }
    let Current { bytes, fresh, .. } = compact::current(tx, &document).map_err(rows_error)?;
    let heads: Vec<Hash> = document.heads.iter().map(|head| Hash(head.0)).collect();
    let page = PageDocument {
        document: document.id,
        generation: document.generation,
        number: place.number,
        snapshot: bytes.into(),
        receipts: Default::default(),
        territory: parts::at_row(tx, place.part)?.territory(),
        alias_of: place.alias_of.map(|kept| client_at(tx, kept)).transpose()?.flatten(),
        heads: heads.clone().into(),
    };
    Ok(Some(Served { page, heads, fresh }))
}

/// Keeps what was made anew.
pub(super) fn keep(tx: &Transaction<'_>, page: &PageDocument) -> Result<()> {
    let Some(doc) = document_row(tx, &page.document)? else { return Ok(()) };
    let heads: Vec<ChangeHash> = page.heads.iter().map(|head| ChangeHash(head.0)).collect();
    compact::keep(tx, doc, &heads, &page.snapshot, page.number).map_err(rows_error)?;
    Ok(())
}

/// The office's records about a client that an audience may see; of sales, those that phones keep.
pub(super) fn office_of(
    tx: &Transaction<'_>,
    client: &ClientId,
    audience: Audience,
) -> Result<Vec<OfficeRow>> {
    let mut statement = tx.prepare_cached(
        "SELECT kind, source, key, client, territory, value, number FROM office
         WHERE client = ?1 AND value IS NOT NULL ORDER BY kind, source, key",
    )?;
    let rows = statement.query_map([client], office::row)?;
    let from = window::sales_from(tx).map_err(rows_error)?;
    let mut records = Vec::new();
    for row in rows {
        let row = row?;
        if audience >= Audience::of_kind(&row.record.kind) && !row.has_passed(from) {
            records.push(row);
        }
    }
    Ok(records)
}

/// One page, bounded in bytes.
struct Page<'t, 'q> {
    tx: &'t Transaction<'t>,
    sight: &'q Sight,
    query: &'q FetchQuery<'q>,
    /// Only this part, where the phone asks for one territory.
    only: Option<i64>,
    bytes: usize,
    out: Fetched,
    /// First date of the sales that phones keep.
    sales_from: Option<BusinessDate>,
}

pub(super) fn fetch(tx: &Transaction<'_>, query: &FetchQuery<'_>) -> Result<Option<Fetched>> {
    let Some(now) = Sight::of(tx, query.device)? else { return Ok(None) };
    let sight = match now.told(tx, query.scope_version)? {
        Some(told) => now.narrowed(&told),
        None => now,
    };
    let (number, _) = super::writer::end(tx)?;
    let epoch = tx.prepare_cached("SELECT epoch FROM workspace")?.query_row([], |row| row.get(0))?;
    let out = Fetched {
        epoch,
        number,
        scope_version: sight.person.scope_version,
        items: Vec::new(),
        next: None,
        gone: Vec::new(),
    };
    let sales_from = window::sales_from(tx).map_err(rows_error)?;
    let mut page = Page { tx, sight: &sight, query, only: None, bytes: 0, out, sales_from };
    if let Some((stage, territory, after)) = &query.page {
        if let Some(territory) = territory {
            match parts::find(tx, Part::Territory(*territory))? {
                Some(part) if sight.sees_part(tx, part)? => page.only = Some(part),
                _ => return Ok(Some(page.out)), // nothing there, or not for this device
            }
        }
        match stage {
            Stage::Settings | Stage::Articles => page.office_at(*stage, *territory, after.as_ref())?,
            Stage::List => page.list(after.as_ref())?,
            Stage::Documents => page.documents(after.as_ref())?,
            Stage::Sales => page.sales(after.as_ref())?,
        }
    }
    page.by_name()?;
    Ok(Some(page.out))
}

impl Page<'_, '_> {
    fn full(&self) -> bool {
        self.bytes >= self.query.want_bytes
    }

    fn push(&mut self, item: FetchedItem, bytes: usize) {
        self.bytes += bytes + ITEM_OVERHEAD;
        self.out.items.push(item);
    }

    fn push_office(&mut self, row: OfficeRow) {
        let bytes = row.record.value.as_ref().map_or(0, Vec::len);
        self.push(FetchedItem::Office(row), bytes);
    }

    fn wants(&self, doc: i64, part: i64) -> Result<bool> {
        match self.only {
            Some(only) => Ok(part == only),
            None => self.sight.sees_doc(self.tx, doc, part),
        }
    }

    /// Records about no client, in the order of their keys; kinds of other stages are passed over.
    fn office_at(&mut self, stage: Stage, only: Option<TerritoryId>, after: Option<&PageKey>) -> Result<()> {
        let mut at = match after {
            Some(PageKey::Office { kind, source, key }) => Some((kind.clone(), Some((source, key)))),
            _ => self.kind_after("")?.map(|kind| (kind, None)),
        };
        while let Some((kind, after)) = at {
            let is_read =
                stage_of_kind(&kind, false) == stage && self.sight.audience() >= Audience::of_kind(&kind);
            if is_read && !self.office_of_kind(&kind, only, after)? {
                return Ok(());
            }
            at = self.kind_after(&kind)?.map(|kind| (kind, None));
        }
        self.out.next = None;
        Ok(())
    }

    fn kind_after(&self, kind: &str) -> Result<Option<String>> {
        let sql = "SELECT kind FROM office WHERE kind > ?1 ORDER BY kind LIMIT 1";
        Ok(self.tx.prepare_cached(sql)?.query_row([kind], |row| row.get(0)).optional()?)
    }

    /// Records of a kind about no client, after a source and key; false where the page was full before their end.
    fn office_of_kind(
        &mut self,
        kind: &str,
        only: Option<TerritoryId>,
        after: Option<(&String, &String)>,
    ) -> Result<bool> {
        let begin = if after.is_some() { ">" } else { ">=" };
        let (source, key) = after.map_or(("", ""), |(source, key)| (source, key));
        let mut statement = self.tx.prepare_cached(&format!(
            "SELECT kind, source, key, client, territory, value, number FROM office
             WHERE kind = ?1 AND (source, key) {begin} (?2, ?3) AND client IS NULL AND value IS NOT NULL
             ORDER BY source, key"
        ))?;
        let mut rows = statement.query(params![kind, source, key])?;
        while let Some(row) = rows.next()? {
            let row = office::row(row)?;
            let record = &row.record;
            let seen = match (record.territory, only) {
                (territory, Some(only)) => territory == Some(only),
                (None, None) => true,
                (Some(territory), None) => match parts::find(self.tx, Part::Territory(territory))? {
                    Some(part) => self.sight.sees_part(self.tx, part)?,
                    None => false,
                },
            };
            if !seen {
                continue;
            }
            if self.full() {
                return Ok(false);
            }
            self.out.next = Some(PageKey::Office {
                kind: record.kind.clone(),
                source: record.source.clone(),
                key: record.key.clone(),
            });
            self.push_office(row);
        }
        Ok(true)
    }

    /// What the list shows, by client id.
    fn list(&mut self, after: Option<&PageKey>) -> Result<()> {
        let mut statement = self.tx.prepare_cached(
            "SELECT c.id, c.doc, p.part, c.name, c.city, c.latitude, c.longitude
             FROM clients c JOIN placements p ON p.doc = c.doc WHERE c.id > ?1 ORDER BY c.id",
        )?;
        let mut rows = statement.query([after_id(after)])?;
        while let Some(row) = rows.next()? {
            let (id, doc, part): (ClientId, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if !self.wants(doc, part)? {
                continue;
            }
            if self.full() {
                return Ok(());
            }
            let e7 = |degrees: Option<f64>| degrees.map(|degrees| (degrees * 1e7).round() as i32);
            let (name, city): (String, Option<String>) = (row.get(3)?, row.get(4)?);
            let bytes = name.len() + city.as_ref().map_or(0, String::len);
            self.out.next = Some(PageKey::Id(*id.as_bytes()));
            let item = ListRow {
                client: Some(id),
                name: name.into(),
                city: city.unwrap_or_default().into(),
                latitude_e7: e7(row.get(5)?),
                longitude_e7: e7(row.get(6)?),
                status: None,
                as_of_day: None,
                territory: parts::at_row(self.tx, part)?.territory(),
            };
            self.push(FetchedItem::Row(item), bytes);
        }
        self.out.next = None;
        Ok(())
    }

    /// Documents by id, each with the office's records about it but sales.
    fn documents(&mut self, after: Option<&PageKey>) -> Result<()> {
        let mut statement = self.tx.prepare_cached(
            "SELECT d.id, p.doc, p.part FROM documents d JOIN placements p ON p.doc = d.doc
             WHERE d.id > ?1 ORDER BY d.id",
        )?;
        let mut rows = statement.query([after_id(after)])?;
        while let Some(row) = rows.next()? {
            let (id, doc, part): (DocumentId, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if !self.wants(doc, part)? {
                continue;
            }
            if self.full() {
                return Ok(());
            }
            self.out.next = Some(PageKey::Id(*id.as_bytes()));
            self.push_document(doc)?;
            for row in office_of(self.tx, &ClientId::from_bytes(*id.as_bytes()), self.sight.audience())? {
                if stage_of_kind(&row.record.kind, true) == Stage::Documents {
                    self.push_office(row);
                }
            }
        }
        self.out.next = None;
        Ok(())
    }

    fn push_document(&mut self, doc: i64) -> Result<()> {
        if let Some(served) = document(self.tx, doc)? {
            let bytes = served.page.snapshot.len();
            let item = FetchedItem::Document { page: served.page, heads: served.heads, fresh: served.fresh };
            self.push(item, bytes);
        }
        Ok(())
    }

    /// Sales, the last entered first.
    fn sales(&mut self, after: Option<&PageKey>) -> Result<()> {
        let before = match after {
            Some(PageKey::Number(number)) => *number,
            _ => i64::MAX as u64,
        };
        let mut statement = self.tx.prepare_cached(
            "SELECT o.kind, o.source, o.key, o.client, o.territory, o.value, o.number, l.lane, p.doc, p.part
             FROM office o JOIN log l ON l.number = o.number LEFT JOIN placements p ON p.doc = l.doc
             WHERE o.number < ?1 AND o.value IS NOT NULL ORDER BY o.number DESC",
        )?;
        let mut rows = statement.query([before])?;
        while let Some(row) = rows.next()? {
            let kind = row.get_ref(0)?.as_str().unwrap_or_default();
            let about_client = !matches!(row.get_ref(3)?, rusqlite::types::ValueRef::Null);
            if stage_of_kind(kind, about_client) != Stage::Sales
                || self.sight.audience() < audience_of_lane(row.get(7)?)
            {
                continue;
            }
            let seen = match (row.get::<_, Option<i64>>(8)?, row.get::<_, Option<i64>>(9)?) {
                (Some(doc), Some(part)) => self.wants(doc, part)?,
                _ => {
                    let part = part_of_lane(row.get(7)?);
                    self.only.map_or_else(|| self.sight.sees_part(self.tx, part), |only| Ok(only == part))?
                }
            };
            if !seen {
                continue;
            }
            if self.full() {
                return Ok(());
            }
            let row = office::row(row)?;
            if row.has_passed(self.sales_from) {
                continue;
            }
            self.out.next = Some(PageKey::Number(row.number));
            self.push_office(row);
        }
        self.out.next = None;
        Ok(())
    }

    /// What was asked for by name. The phone bounds how much it asks for; what does not fit is asked for again.
    fn by_name(&mut self) -> Result<()> {
        for id in self.query.documents {
            let found = match document_row(self.tx, id)? {
                Some(doc) => Placement::find(self.tx, doc)?,
                None => None,
            };
            match found {
                Some(place) if self.sight.sees_doc(self.tx, place.doc, place.part)? => {
                    if !self.full() {
                        self.push_document(place.doc)?;
                    }
                }
                _ => self.out.gone.push(*id),
            }
        }
        for client in self.query.office_of {
            let Some(doc) = document_row(self.tx, &(*client).into())? else { continue };
            let Some(place) = Placement::find(self.tx, doc)? else { continue };
            if self.sight.sees_doc(self.tx, doc, place.part)? && !self.full() {
                for row in office_of(self.tx, client, self.sight.audience())? {
                    self.push_office(row);
                }
            }
        }
        self.office_by_name()
    }

    fn office_by_name(&mut self) -> Result<()> {
        if self.query.office.is_empty() {
            return Ok(());
        }
        let asked: HashSet<Fingerprint> = self.query.office.iter().copied().collect();
        let mut numbers = Vec::new();
        sums::office(self.tx, self.sight, |name, _, number| {
            if asked.contains(&name) {
                numbers.push(number);
            }
        })?;
        let mut statement = self.tx.prepare_cached(
            "SELECT kind, source, key, client, territory, value, number FROM office WHERE number = ?1",
        )?;
        for number in numbers {
            if self.full() {
                break;
            }
            let row = statement.query_row([number], office::row)?;
            self.push_office(row);
        }
        Ok(())
    }
}

fn after_id(after: Option<&PageKey>) -> Vec<u8> {
    match after {
        Some(PageKey::Id(id)) => id.to_vec(),
        _ => Vec::new(),
    }
}

/// The longest key that [`PageKey::to_bytes`] makes is one that the wire carries.
const _: () = assert!(
    7 + limits::OFFICE_KIND_BYTES + limits::OFFICE_SOURCE_BYTES + limits::OFFICE_KEY_BYTES
        <= limits::PAGE_KEY_BYTES
);

impl PageKey {
    /// One byte for the kind, then what it goes on from; texts with their length (2 bytes) before them.
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Id(id) => [&[0], &id[..]].concat(),
            Self::Number(number) => [&[1], &number.to_be_bytes()[..]].concat(),
            Self::Office { kind, source, key } => {
                let mut bytes = vec![2];
                for text in [kind, source, key] {
                    bytes.extend((text.len() as u16).to_be_bytes());
                    bytes.extend(text.as_bytes());
                }
                bytes
            }
        }
    }

    /// `None` for bytes that this relay did not make.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (kind, rest) = bytes.split_first()?;
        match kind {
            0 => Some(Self::Id(rest.try_into().ok()?)),
            1 => Some(Self::Number(u64::from_be_bytes(rest.try_into().ok()?))),
            2 => {
                let mut rest = rest;
                let mut texts = Vec::with_capacity(3);
                for _ in 0..3 {
                    let (len, after) = rest.split_first_chunk()?;
                    let (text, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*len)))?;
                    texts.push(String::from_utf8(text.to_vec()).ok()?);
                    rest = after;
                }
                let [kind, source, key]: [String; 3] = texts.try_into().ok()?;
                rest.is_empty().then_some(Self::Office { kind, source, key })
            }
            _ => None,
        }
    }
}
