//! A client's document as a whole, and its changes one by one.

use cartera_core::document::ChangeHash;
use cartera_core::model::ClientId;
use cartera_core::rows::Document;
use cartera_core::rows::documents::ChangeBytes;
use cartera_core::sync::wire::{Hash, PageDocument};
use rusqlite::{Transaction, params};

use super::admit::rows_error;
use super::pages::{self, Served};
use super::parts;
use super::place::{Placement, client_at};
use crate::storage::documents::{Documents, Kept, StoredChange};
use crate::storage::export::Authors;
use crate::storage::sqlite::SqliteStorage;
use crate::storage::sqlite::export::author;
use crate::storage::{Result, StorageError};

/// Changes that one page holds at most, however small.
const CHANGES_MAX: usize = 1_000;

impl Documents for SqliteStorage {
    fn client_document(&self, client: ClientId) -> Result<Kept<PageDocument>> {
        self.read(|tx| match find(tx, client)? {
            Kept::Here((document, _)) => Ok(match pages::document(tx, document.row)? {
                Some(Served { page, .. }) => Kept::Here(page),
                None => Kept::Unknown,
            }),
            Kept::Erased => Ok(Kept::Erased),
            Kept::Unknown => Ok(Kept::Unknown),
        })
    }

    fn client_standing(&self, client: ClientId) -> Result<Kept<PageDocument>> {
        self.read(|tx| match find(tx, client)? {
            Kept::Here((document, place)) => standing(tx, &document, &place).map(Kept::Here),
            Kept::Erased => Ok(Kept::Erased),
            Kept::Unknown => Ok(Kept::Unknown),
        })
    }

    fn client_changes(
        &self,
        client: ClientId,
        after: u64,
        until: u64,
        want_bytes: usize,
    ) -> Result<Kept<Vec<StoredChange>>> {
        self.read(|tx| match find(tx, client)? {
            Kept::Here((document, _)) => changes(tx, &document, after, until, want_bytes).map(Kept::Here),
            Kept::Erased => Ok(Kept::Erased),
            Kept::Unknown => Ok(Kept::Unknown),
        })
    }
}

fn find(tx: &Transaction<'_>, client: ClientId) -> Result<Kept<(Document, Placement)>> {
    if tx.prepare_cached("SELECT 1 FROM erasures WHERE document = ?1")?.exists([client])? {
        return Ok(Kept::Erased);
    }
    let Some(document) = Document::find(tx, &client.into()).map_err(rows_error)? else {
        return Ok(Kept::Unknown);
    };
    let Some(place) = Placement::find(tx, document.row)? else { return Ok(Kept::Unknown) };
    // What a person keeps for himself is for nobody else.
    let own = parts::at_row(tx, place.own_part)?.is_own();
    Ok(if own || document.heads.is_empty() { Kept::Unknown } else { Kept::Here((document, place)) })
}

fn standing(tx: &Transaction<'_>, document: &Document, place: &Placement) -> Result<PageDocument> {
    Ok(PageDocument {
        document: document.id,
        generation: document.generation,
        number: place.number,
        snapshot: Default::default(),
        receipts: Default::default(),
        territory: parts::at_row(tx, place.part)?.territory(),
        alias_of: place.alias_of.map(|kept| client_at(tx, kept)).transpose()?.flatten(),
        heads: document.heads.iter().map(|head| Hash(head.0)).collect(),
    })
}

fn changes(
    tx: &Transaction<'_>,
    document: &Document,
    after: u64,
    until: u64,
    want_bytes: usize,
) -> Result<Vec<StoredChange>> {
    let mut statement = tx.prepare_cached(
        "SELECT c.number, l.at_ms, a.id, c.actor, x.device, r.device, c.hash
         FROM changes c JOIN log l ON l.number = c.number JOIN actors a ON a.actor = c.actor
         LEFT JOIN device_actors x ON x.actor = a.id LEFT JOIN recovered r ON r.number = c.number
         WHERE c.doc = ?1 AND c.number > ?2 AND c.number <= ?3 ORDER BY c.number LIMIT ?4",
    )?;
    let mut rows = statement.query(params![document.row, after, until, CHANGES_MAX])?;
    let mut stored = ChangeBytes::new(tx, document.row);
    let (mut changes, mut authors, mut size) = (Vec::new(), Authors::default(), 0);
    while let Some(row) = rows.next()? {
        let number = row.get(0)?;
        let lost =
            || StorageError::Undecodable { what: "change", detail: format!("entry {number} has no bytes") };
        // Old ones lie in the snapshot.
        let bytes = stored.get(&ChangeHash(row.get(6)?)).map_err(rows_error)?.ok_or_else(lost)?;
        size += bytes.len();
        changes.push(StoredChange {
            number,
            received_ms: row.get(1)?,
            actor: row.get(2)?,
            author: author(tx, &mut authors, row.get(3)?)?.cloned(),
            device: row.get(4)?,
            recovered_through: row.get(5)?,
            bytes,
        });
        if size >= want_bytes {
            break;
        }
    }
    Ok(changes)
}
