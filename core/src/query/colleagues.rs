//! Who else was at a client's lately: a warning before somebody goes or sells there too.

use rusqlite::{Connection, params};

use crate::model::record::{Body, Kind, Record, VisitState};
use crate::model::{BusinessDate, ClientId, PersonId, RecordId};

/// So many days count as lately, today among them.
pub const LATELY_DAYS: i32 = 14;
/// So many are told at most.
const TOLD_MAX: usize = 20;

/// Something that a colleague did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lately {
    pub person: PersonId,
    /// A visit that was made, another contact, or a purchase.
    pub kind: Kind,
    pub record: RecordId,
    pub on: BusinessDate,
}

/// Visits, contacts and purchases of others than `me` in the last [`LATELY_DAYS`], the latest first.
pub fn lately(
    conn: &Connection,
    client: &ClientId,
    me: Option<&PersonId>,
    today: BusinessDate,
) -> rusqlite::Result<Vec<Lately>> {
    let from = today.days().saturating_sub(LATELY_DAYS - 1);
    let sql = "SELECT r.kind, r.root, r.date, r.value, a.person
               FROM records r JOIN actors a ON a.actor = r.actor
               WHERE r.doc = (SELECT doc FROM documents WHERE id = ?1) AND r.shown = 1 AND r.date >= ?2
                 AND r.kind IN ('v', 'c', 'p') AND a.person IS NOT NULL AND a.person IS NOT ?3
               ORDER BY r.date DESC, r.record DESC";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![client, from, me])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let kind = Kind::parse(row.get_ref(0)?.as_str()?);
        let (Some(kind), Some(on)) = (kind, BusinessDate::from_days(row.get(2)?)) else { continue };
        let was_done = match Record::decode(kind, row.get_ref(3)?.as_blob()?) {
            Ok(Record { body: Body::Visit(visit), .. }) => visit.state == VisitState::Done,
            Ok(Record { body: Body::Contact(_) | Body::Purchase(_), .. }) => true,
            _ => false,
        };
        if was_done {
            found.push(Lately { person: row.get(4)?, kind, record: row.get(1)?, on });
        }
        if found.len() == TOLD_MAX {
            break;
        }
    }
    Ok(found)
}
