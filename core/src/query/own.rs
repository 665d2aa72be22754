//! What stands in a person's own document: absences, private segments, notices read, lessons done.

use rusqlite::{Connection, params};

use crate::model::record::{Body, Clock, Kind, Record};
use crate::model::{BusinessDate, PersonId, RecordId};

/// One thing, as it reads now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The record that began it: it stays when the record is amended.
    pub root: RecordId,
    /// The version that is shown.
    pub id: RecordId,
    /// Business date of that version.
    pub date: BusinessDate,
    /// To be confirmed.
    pub date_uncertain: bool,
    pub body: Body,
}

/// All of one kind that the person keeps, the earliest first, on every device alike. What a newer version wrote is left out.
pub fn records(conn: &Connection, person: &PersonId, kind: Kind) -> rusqlite::Result<Vec<Kept>> {
    let sql = "SELECT root, id, value FROM records
               WHERE doc = (SELECT doc FROM documents WHERE id = ?1) AND shown = 1 AND kind = ?2
               ORDER BY date, root";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![person, kind.letters()])?;
    let mut kept = Vec::new();
    while let Some(row) = rows.next()? {
        match Record::decode(kind, row.get_ref(2)?.as_blob()?) {
            Ok(Record { body: Body::Unread(_), .. }) | Err(_) => {}
            Ok(Record { header, body }) => {
                let date_uncertain = header.clock == Clock::Uncertain;
                let (root, id, date) = (row.get(0)?, row.get(1)?, header.date);
                kept.push(Kept { root, id, date, date_uncertain, body });
            }
        }
    }
    Ok(kept)
}
