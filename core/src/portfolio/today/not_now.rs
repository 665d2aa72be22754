//! What was put off (*Posponer*), and until when.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::model::record::{Body, Kind, Record, Subject};
use crate::model::{BusinessDate, ClientId};
use crate::rows::{self, aliases::Aliases};

/// What stays away on a day, by client, subject and which one. The last word on each counts, in the document's own order.
#[derive(Debug, Default)]
pub struct NotNows(BTreeMap<(ClientId, u32, Option<String>), bool>);

impl NotNows {
    pub fn read(conn: &Connection, today: BusinessDate) -> rows::Result<Self> {
        let aliases = Aliases::read(conn)?;
        let sql = "SELECT c.id, r.value FROM records r JOIN clients c ON c.doc = r.doc JOIN actors a ON a.actor = r.actor
                   WHERE r.kind = 'l' AND r.shown = 1 ORDER BY r.doc, r.counter, a.id";
        let mut held = Self::default();
        let mut statement = conn.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let value = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            let Ok(Record { body: Body::NotNow(said), .. }) = Record::decode(Kind::NotNow, value) else {
                continue;
            };
            let client = aliases.kept_of(row.get(0)?);
            let holds = said.until.is_none_or(|until| until > today);
            held.0.insert((client, said.subject.code(), said.key), holds);
        }
        Ok(held)
    }

    /// Whether it stays away: that one was put off, or all of its sort.
    pub fn holds(&self, client: &ClientId, (subject, key): &(Subject, Option<String>)) -> bool {
        let held = |key: Option<String>| self.0.get(&(*client, subject.code(), key)).copied();
        held(key.clone()).or_else(|| held(None)).unwrap_or(false)
    }
}
