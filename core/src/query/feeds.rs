//! How fresh what the office sends is: 'prices: today 06:10'.

use rusqlite::Connection;

use crate::model::office::{Feed, Kind, KnownKind, Value};

/// When one of the office's feeds last came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freshness {
    /// What it brings: a kind of office record, or `client`.
    pub what: String,
    /// The system that it comes from.
    pub source: String,
    /// Milliseconds UTC.
    pub at_ms: i64,
    /// How many records it brought then.
    pub records: u64,
}

/// Every feed, by source and what it brings.
pub fn all(conn: &Connection) -> rusqlite::Result<Vec<Freshness>> {
    let sql = "SELECT source, key, value FROM office
               WHERE kind = 'feed' AND value IS NOT NULL ORDER BY source, key";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut feeds = Vec::new();
    while let Some(row) = rows.next()? {
        let value = row.get_ref(2)?.as_blob()?;
        let Ok(Value::Feed(Feed { at_ms, records, .. })) =
            Value::decode(&Kind::Known(KnownKind::Feed), value)
        else {
            continue;
        };
        feeds.push(Freshness { source: row.get(0)?, what: row.get(1)?, at_ms, records });
    }
    Ok(feeds)
}
