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
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.extend(kept(row, kind)?);
    }
    Ok(found)
}

/// The same of everybody whose document is here, by person.
pub fn of_everybody(conn: &Connection, kind: Kind) -> rusqlite::Result<Vec<(PersonId, Kept)>> {
    let sql = "SELECT r.root, r.id, r.value, d.id FROM records r JOIN documents d ON d.doc = r.doc
               WHERE r.kind = ?1 AND r.shown = 1 ORDER BY d.id, r.date, r.root";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([kind.letters()])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let person = row.get(3)?;
        found.extend(kept(row, kind)?.map(|kept| (person, kept)));
    }
    Ok(found)
}

/// From root, id and value; `None` of what this version cannot read.
fn kept(row: &rusqlite::Row<'_>, kind: Kind) -> rusqlite::Result<Option<Kept>> {
    Ok(match Record::decode(kind, row.get_ref(2)?.as_blob()?) {
        Ok(Record { body: Body::Unread(_), .. }) | Err(_) => None,
        Ok(Record { header, body }) => {
            let date_uncertain = header.clock == Clock::Uncertain;
            Some(Kept { root: row.get(0)?, id: row.get(1)?, date: header.date, date_uncertain, body })
        }
    })
}
