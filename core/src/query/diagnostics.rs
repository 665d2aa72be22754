//! What whoever looks into a device's trouble has to know, without anybody's data: counts, versions, codes and times.

use rusqlite::Connection;

use super::feeds;
use crate::model::{office, record};
use crate::rows::PROJECTOR_VERSION;
use crate::store::{StoreError, meta};

/// One thing, by a stable name such as `records.visit`; times are milliseconds UTC.
pub type Line = (String, String);

/// All of it, in an order that stays. No name, text, id or address of anybody is in it, nor of any system.
pub fn of_device(conn: &Connection) -> Result<Vec<Line>, StoreError> {
    let mut lines: Vec<Line> = Vec::new();
    let mut say = |name: &str, value: String| lines.push((name.to_owned(), value));
    say("version", env!("CARGO_PKG_VERSION").to_owned());
    say("projector", PROJECTOR_VERSION.to_string());
    say("sqlite", rusqlite::version().to_owned());
    for pragma in ["user_version", "journal_mode", "page_count", "page_size", "freelist_count"] {
        say(pragma, text(conn, &format!("SELECT {pragma} FROM pragma_{pragma}()"))?.unwrap_or_default());
    }
    say("encrypted", text(conn, "PRAGMA cipher_version")?.is_some().to_string());
    say("linked", meta::get(conn, meta::IDENTITY)?.is_some().to_string());
    say("last_sync", told(meta::get_u64(conn, meta::LAST_SYNC)?));
    say("following_epoch", meta::get(conn, meta::OFFERING)?.is_some().to_string());
    for table in [
        "clients",
        "documents",
        "snapshots",
        "changes",
        "actors",
        "waiting",
        "stages",
        "refetch",
        "office_to_fetch",
        "leaving",
        "offers",
        "stale_documents",
    ] {
        say(table, told(Some(number(conn, &format!("SELECT count(*) FROM {table}"))?)));
    }
    say("in_conflict", told(Some(number(conn, "SELECT count(*) FROM clients WHERE conflicts > 0")?)));
    let kind = |kind: &str| match record::Kind::parse(kind) {
        Some(kind @ record::Kind::Unknown(_)) => kind.text_id().to_owned(),
        Some(kind) => kind.word().to_owned(),
        None => "unknown".to_owned(),
    };
    counted(conn, "SELECT kind, count(*) FROM records GROUP BY kind", "records", kind, &mut say)?;
    let kind = |kind: &str| match office::Kind::parse(kind) {
        Some(office::Kind::Known(kind)) => kind.name().to_owned(),
        _ => "unknown".to_owned(),
    };
    let sql = "SELECT kind, count(*) FROM office WHERE value IS NOT NULL GROUP BY kind";
    counted(conn, sql, "office", kind, &mut say)?;
    let same = |word: &str| word.to_owned();
    counted(conn, "SELECT 'state_' || state, count(*) FROM outbox GROUP BY state", "outbox", same, &mut say)?;
    let sql = "SELECT code, count(*) FROM outbox WHERE code IS NOT NULL GROUP BY code";
    counted(conn, sql, "outbox", same, &mut say)?;
    counted(conn, "SELECT code, count(*) FROM refused GROUP BY code", "refused", same, &mut say)?;
    let sql = "SELECT what, count(*) FROM attention WHERE done_at IS NULL GROUP BY what";
    counted(conn, sql, "attention", same, &mut say)?;
    for feed in feeds::all(conn)? {
        say(&format!("feed.{}", kind(&feed.what)), feed.at_ms.to_string());
    }
    Ok(lines)
}

fn told(number: Option<u64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

fn number(conn: &Connection, sql: &str) -> rusqlite::Result<u64> {
    conn.prepare_cached(sql)?.query_row([], |row| row.get(0))
}

/// The first column of the first row; `None` without one.
fn text(conn: &Connection, sql: &str) -> rusqlite::Result<Option<String>> {
    use rusqlite::OptionalExtension;
    use rusqlite::types::Value;
    let value: Option<Value> = conn.prepare(sql)?.query_row([], |row| row.get(0)).optional()?;
    Ok(value.map(|value| match value {
        Value::Text(text) => text,
        Value::Integer(number) => number.to_string(),
        other => format!("{other:?}"),
    }))
}

fn counted(
    conn: &Connection,
    sql: &str,
    of: &str,
    name: impl Fn(&str) -> String,
    say: &mut impl FnMut(&str, String),
) -> rusqlite::Result<()> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let count: u64 = row.get(1)?;
        say(&format!("{of}.{}", name(row.get_ref(0)?.as_str()?)), count.to_string());
    }
    Ok(())
}
