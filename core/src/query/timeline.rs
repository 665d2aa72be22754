//! A client's story: every record as it reads now, latest first.

use std::fmt;
use std::str::FromStr;

use rusqlite::{Connection, params};

use super::{PageKeyError, page};
use crate::model::record::Kind;
use crate::model::{ClientId, DocumentId, PersonId, RecordId};

/// Where a piece of work stands between this device and the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Durable here, not acknowledged.
    Saved,
    /// In the relay's log under this number.
    Received { number: u64 },
}

/// One record of a timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The record's kind; unknown ones are listed too.
    pub kind: String,
    /// The first record of the group: it stays when the record is amended.
    pub root: RecordId,
    /// The version that is shown.
    pub id: RecordId,
    /// Device time, milliseconds.
    pub at: i64,
    /// Business date, days since 1970-01-01.
    pub date: i32,
    /// Whose actor wrote it, once that is known here.
    pub author: Option<PersonId>,
    pub standing: Standing,
    /// It amends or voids a record that is not here.
    pub orphan: bool,
    /// The record's CBOR.
    pub value: Vec<u8>,
    /// Where the next page goes on.
    pub after: PageKey,
}

/// A place in a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageKey {
    date: i32,
    record: i64,
}

/// As a text, for whoever hands it on and back.
impl fmt::Display for PageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.date, self.record)
    }
}

impl FromStr for PageKey {
    type Err = PageKeyError;

    fn from_str(text: &str) -> Result<Self, PageKeyError> {
        let (date, record) = text.split_once(' ').ok_or(PageKeyError)?;
        Ok(Self {
            date: date.parse().map_err(|_| PageKeyError)?,
            record: record.parse().map_err(|_| PageKeyError)?,
        })
    }
}

/// Records of a client from `after` back in time.
pub fn of_client(
    conn: &Connection,
    client: &ClientId,
    after: Option<PageKey>,
    limit: usize,
) -> rusqlite::Result<Vec<Entry>> {
    of_document(conn, &(*client).into(), None, after, limit)
}

/// The same of one kind of record alone: agreements, answers to surveys, what was put off.
pub fn of_kind(
    conn: &Connection,
    client: &ClientId,
    kind: Kind,
    after: Option<PageKey>,
    limit: usize,
) -> rusqlite::Result<Vec<Entry>> {
    of_document(conn, &(*client).into(), Some(kind), after, limit)
}

/// The same of a person's own document.
pub fn of_person(
    conn: &Connection,
    person: &PersonId,
    after: Option<PageKey>,
    limit: usize,
) -> rusqlite::Result<Vec<Entry>> {
    of_document(conn, &(*person).into(), None, after, limit)
}

fn of_document(
    conn: &Connection,
    document: &DocumentId,
    kind: Option<Kind>,
    after: Option<PageKey>,
    limit: usize,
) -> rusqlite::Result<Vec<Entry>> {
    let after = after.unwrap_or(PageKey { date: i32::MAX, record: i64::MAX });
    let sql = "SELECT r.kind, r.root, r.id, r.at, r.date, a.person, r.orphan, r.value, r.record,
                 (SELECT c.number FROM changes c
                  WHERE c.doc = r.doc AND c.actor = r.actor AND c.start_op <= r.counter
                  ORDER BY c.seq DESC LIMIT 1)
               FROM records r JOIN actors a ON a.actor = r.actor
               WHERE r.doc = (SELECT doc FROM documents WHERE id = ?1) AND r.shown = 1
                 AND (r.date, r.record) < (?2, ?3) AND (?5 IS NULL OR r.kind = ?5)
               ORDER BY r.date DESC, r.record DESC LIMIT ?4";
    let mut statement = conn.prepare_cached(sql)?;
    let letters = kind.as_ref().map(Kind::letters);
    let params = params![document, after.date, after.record, page(limit), letters];
    let entries = statement.query_map(params, |row| {
        let number: Option<u64> = row.get(9)?;
        let date = row.get(4)?;
        Ok(Entry {
            kind: row.get(0)?,
            root: row.get(1)?,
            id: row.get(2)?,
            at: row.get(3)?,
            date,
            author: row.get(5)?,
            standing: number.map_or(Standing::Saved, |number| Standing::Received { number }),
            orphan: row.get(6)?,
            value: row.get(7)?,
            after: PageKey { date, record: row.get(8)? },
        })
    })?;
    entries.collect()
}
