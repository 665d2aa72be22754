//! What the office tells everybody, or a territory, and what somebody has read of it.

use std::collections::HashSet;

use rusqlite::Connection;

use super::own;
use crate::model::office::{KnownKind, Notice, Value};
use crate::model::record::{Body, Kind};
use crate::model::{BusinessDate, PersonId};

/// A notice of these days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub key: String,
    pub notice: Notice,
    pub read: bool,
}

/// Those that hold on a day: what must be read and was not stands first, and the latest before the earlier ones.
pub fn of_day(
    conn: &Connection,
    person: Option<&PersonId>,
    today: BusinessDate,
) -> rusqlite::Result<Vec<Told>> {
    let mut read = HashSet::new();
    if let Some(person) = person {
        read.extend(own::records(conn, person, Kind::NoticeRead)?.into_iter().filter_map(|kept| {
            match kept.body {
                Body::NoticeRead(read) => Some(read.notice),
                _ => None,
            }
        }));
    }
    let sql =
        "SELECT key, value FROM office WHERE kind = 'notice' AND value IS NOT NULL ORDER BY number DESC";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut told = Vec::new();
    while let Some(row) = rows.next()? {
        let Ok(Value::Notice(notice)) = Value::decode(&KnownKind::Notice.into(), row.get_ref(1)?.as_blob()?)
        else {
            continue;
        };
        let holds =
            notice.from.is_none_or(|from| from <= today) && notice.until.is_none_or(|until| until >= today);
        if holds {
            let key: String = row.get(0)?;
            told.push(Told { read: read.contains(&key), key, notice });
        }
    }
    told.sort_by_key(|told| told.read || !told.notice.must_read);
    Ok(told)
}
