//! Where a document stands: its part of the workspace, its place in the log, its term in the digest.

use std::collections::HashSet;

use cartera_core::model::{ClientId, PersonId};
use cartera_core::rows::Document;
use cartera_core::sync::digest::{DocumentTerm, Sum};
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::parts::{Part, lane};
use super::writer::LogWriter;
use crate::storage::{Result, StorageError};
use crate::sync::audience::Audience;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Placement {
    pub doc: i64,
    /// The one that counts.
    pub part: i64,
    /// Its own, beneath a merge.
    pub own_part: i64,
    /// The document that it is an alias of.
    pub alias_of: Option<i64>,
    /// Of its last entry.
    pub number: u64,
    pub term: Sum,
    /// Of the office records about it, for everybody and for the office alone.
    pub office: [Sum; 2],
}

const COLUMNS: &str = "doc, part, own_part, alias_of, number, term, office, office_1";

impl Placement {
    pub(crate) fn find(tx: &Transaction<'_>, doc: i64) -> Result<Option<Self>> {
        Ok(tx
            .prepare_cached(&format!("SELECT {COLUMNS} FROM placements WHERE doc = ?1"))?
            .query_row([doc], Self::read)
            .optional()?)
    }

    pub(crate) fn get(tx: &Transaction<'_>, doc: i64) -> Result<Self> {
        Self::find(tx, doc)?.ok_or_else(|| StorageError::Undecodable {
            what: "document",
            detail: format!("row {doc} has no place"),
        })
    }

    /// A new document's.
    pub(crate) fn create(tx: &Transaction<'_>, doc: i64, part: i64) -> Result<Self> {
        tx.prepare_cached("INSERT INTO placements (doc, part, own_part, number) VALUES (?1, ?2, ?2, 0)")?
            .execute([doc, part])?;
        let sums = [Sum::default(); 2];
        Ok(Self { doc, part, own_part: part, alias_of: None, number: 0, term: Sum::default(), office: sums })
    }

    /// Brings the term up to date with the document, the lane's digest with the term, and writes it all.
    pub(crate) fn save(&mut self, log: &mut LogWriter<'_>, document: &Document) -> Result<()> {
        let part = log.part(self.part)?;
        let term = term(log.tx, document, part, self.alias_of)?;
        log.digest(lane(self.part, Audience::Everybody), self.term, term);
        self.term = term;
        log.tx
            .prepare_cached(
                "UPDATE placements SET part = ?2, own_part = ?3, alias_of = ?4, number = ?5, term = ?6,
                 office = ?7, office_1 = ?8 WHERE doc = ?1",
            )?
            .execute(params![
                self.doc,
                self.part,
                self.own_part,
                self.alias_of,
                self.number,
                self.term,
                self.office[0],
                self.office[1]
            ])?;
        Ok(())
    }

    /// Writes the sums of the office records about it alone; the lane's digest has them already.
    pub(crate) fn save_office(&self, tx: &Transaction<'_>) -> Result<()> {
        tx.prepare_cached("UPDATE placements SET office = ?2, office_1 = ?3 WHERE doc = ?1")?
            .execute(params![self.doc, self.office[0], self.office[1]])?;
        Ok(())
    }

    /// Takes everything of it out of its part's digests; [`Placement::enter`] puts it into another's.
    pub(crate) fn leave(&mut self, log: &mut LogWriter<'_>) {
        log.digest(lane(self.part, Audience::Everybody), self.term, Sum::default());
        self.term = Sum::default();
        log.digest(lane(self.part, Audience::Everybody), self.office[0], Sum::default());
        log.digest(lane(self.part, Audience::Office), self.office[1], Sum::default());
    }

    pub(crate) fn enter(&mut self, log: &mut LogWriter<'_>, part: i64, document: &Document) -> Result<()> {
        self.part = part;
        log.digest(lane(part, Audience::Everybody), Sum::default(), self.office[0]);
        log.digest(lane(part, Audience::Office), Sum::default(), self.office[1]);
        self.save(log, document)
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            doc: row.get(0)?,
            part: row.get(1)?,
            own_part: row.get(2)?,
            alias_of: row.get(3)?,
            number: row.get(4)?,
            term: row.get(5)?,
            office: [row.get(6)?, row.get(7)?],
        })
    }
}

fn term(tx: &Transaction<'_>, document: &Document, part: Part, alias_of: Option<i64>) -> Result<Sum> {
    let alias_of = alias_of.map(|kept| client_at(tx, kept)).transpose()?.flatten();
    let term = DocumentTerm {
        document: document.id,
        generation: document.generation,
        territory: part.territory(),
        alias_of,
        heads: &document.heads,
    };
    Ok(term.sum())
}

/// The client whose document is in this row.
pub(crate) fn client_at(tx: &Transaction<'_>, doc: i64) -> Result<Option<ClientId>> {
    Ok(tx
        .prepare_cached("SELECT id FROM documents WHERE doc = ?1")?
        .query_row([doc], |row| row.get(0))
        .optional()?)
}

/// Documents that are an alias of this one, directly.
pub(crate) fn aliases_of(tx: &Transaction<'_>, doc: i64) -> Result<Vec<i64>> {
    Ok(tx
        .prepare_cached("SELECT doc FROM placements WHERE alias_of = ?1 ORDER BY doc")?
        .query_map([doc], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?)
}

/// People to whom the document, or one that it was ever merged into, was lent at some time.
pub(crate) fn lent_to_ever(tx: &Transaction<'_>, doc: i64) -> Result<HashSet<PersonId>> {
    let mut people = HashSet::new();
    let mut open = vec![doc];
    let mut seen = HashSet::new();
    while let Some(doc) = open.pop() {
        if !seen.insert(doc) {
            continue;
        }
        let mut statement =
            tx.prepare_cached("SELECT person, other FROM log WHERE doc = ?1 AND kind IN (2, 3)")?;
        let mut rows = statement.query([doc])?;
        while let Some(row) = rows.next()? {
            people.extend(row.get::<_, Option<PersonId>>(0)?);
            open.extend(row.get::<_, Option<i64>>(1)?);
        }
    }
    Ok(people)
}
