//! Segments as they are kept: shared ones as office records, private ones in a person's own document.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::{Rule, SegmentError, members};
use crate::model::office::{KnownKind, Reaction, Value};
use crate::model::record::{Body, Kind, Record};
use crate::model::{BusinessDate, ClientId, PersonId, RecordId, TerritoryId};
use crate::rows::{self, RowsError};

/// Which segment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Which {
    /// By the source that wrote it, and its key there.
    Shared { source: String, key: String },
    /// By the record that began it.
    Private(RecordId),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    pub which: Which,
    pub name: String,
    /// The rule.
    pub filter: Option<String>,
    /// By name.
    pub clients: Vec<ClientId>,
    /// It is about the clients of one territory.
    pub territory: Option<TerritoryId>,
    pub on_enter: Option<Reaction>,
    pub on_leave: Option<Reaction>,
}

impl Saved {
    /// Its clients at the end of `today`, by id, of those who are here.
    pub fn members(
        &self,
        conn: &Connection,
        today: BusinessDate,
    ) -> Result<BTreeSet<ClientId>, SegmentError> {
        let mut found = members(conn, self.filter.as_deref(), &self.clients, today)?;
        if let Some(territory) = self.territory {
            let mut statement =
                conn.prepare_cached("SELECT id FROM clients WHERE territory = ?1 AND alias_of IS NULL")?;
            let there = statement.query_map([territory], |row| row.get(0))?;
            let there: BTreeSet<ClientId> = there.collect::<rusqlite::Result<_>>()?;
            found.retain(|client| there.contains(client));
        }
        Ok(found)
    }

    /// Whether what it says of its clients can be told by this version.
    pub fn rule(&self) -> Result<Option<Rule>, SegmentError> {
        Ok(self.filter.as_deref().map(str::parse).transpose()?)
    }

    /// Somebody wants to be told who enters or leaves.
    pub const fn is_watched(&self) -> bool {
        self.on_enter.is_some() || self.on_leave.is_some()
    }
}

/// Those of everybody in scope, by source and key.
pub fn shared(conn: &Connection) -> rows::Result<Vec<Saved>> {
    let mut statement = conn.prepare_cached(
        "SELECT source, key, territory, value FROM office
         WHERE kind = 'segment' AND value IS NOT NULL ORDER BY source, key",
    )?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.extend(read(row)?);
    }
    Ok(found)
}

/// One of those.
pub fn shared_one(conn: &Connection, source: &str, key: &str) -> rows::Result<Option<Saved>> {
    let mut statement = conn.prepare_cached(
        "SELECT source, key, territory, value FROM office
         WHERE kind = 'segment' AND source = ?1 AND key = ?2 AND value IS NOT NULL",
    )?;
    let found = statement.query_row(params![source, key], |row| Ok(read(row))).optional()?;
    Ok(found.transpose()?.flatten())
}

fn read(row: &rusqlite::Row<'_>) -> rows::Result<Option<Saved>> {
    let value = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
    Ok(match Value::decode(&KnownKind::Segment.into(), value) {
        Ok(Value::Segment(segment)) => Some(Saved {
            which: Which::Shared { source: row.get(0)?, key: row.get(1)? },
            name: segment.name,
            filter: segment.filter,
            clients: segment.clients,
            territory: row.get(2)?,
            on_enter: segment.on_enter,
            on_leave: segment.on_leave,
        }),
        // Of a newer version.
        Ok(_) => None,
        Err(_) => return Err(RowsError::Corrupt("an office record cannot be read")),
    })
}

/// A person's own, the earliest first.
pub fn private(conn: &Connection, person: &PersonId) -> rows::Result<Vec<Saved>> {
    let mut statement = conn.prepare_cached(
        "SELECT root, value FROM records
         WHERE doc = (SELECT doc FROM documents WHERE id = ?1) AND shown = 1 AND kind = ?2 ORDER BY date, root",
    )?;
    let mut rows = statement.query(params![person, Kind::Segment.letters()])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let value = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        if let Ok(Record { body: Body::Segment(segment), .. }) = Record::decode(Kind::Segment, value) {
            found.push(Saved {
                which: Which::Private(row.get(0)?),
                name: segment.name,
                filter: segment.filter,
                clients: segment.clients,
                territory: None,
                on_enter: None,
                on_leave: None,
            });
        }
    }
    Ok(found)
}
