//! How SQLite means to run statements: tests watch those of a thread, and ask for the plan of each.
//!
//! No statistics are kept in the store, so a plan depends on the schema alone, not on what is in it: the plans of an
//! empty store are those of a store with a million records.

use std::cell::RefCell;
use std::collections::BTreeSet;

use rusqlite::trace::{TraceEvent, TraceEventCodes};
use rusqlite::{Connection, Row};

use super::SqliteStorage;

thread_local! {
    static WATCHED: RefCell<Option<BTreeSet<String>>> = const { RefCell::new(None) };
}

/// What the connection runs is noted while its thread [watches](watch).
pub(super) fn attach(connection: &Connection) {
    connection.trace_v2(
        TraceEventCodes::SQLITE_TRACE_STMT,
        Some(|event| {
            if let TraceEvent::Stmt(_, sql) = event {
                WATCHED.with_borrow_mut(|watched| {
                    if let Some(watched) = watched {
                        // What full-text search does by itself begins as a comment, and shuts no transaction.
                        let is_query =
                            ["SELECT", "INSERT", "UPDATE", "DELETE"].iter().any(|verb| sql.starts_with(verb));
                        if is_query && !sql.contains("'main'.") {
                            watched.insert(sql.to_owned());
                        }
                    }
                });
            }
        }),
    );
}

/// The statements that `work` runs on this thread.
pub(crate) fn watch(work: impl FnOnce()) -> BTreeSet<String> {
    WATCHED.set(Some(BTreeSet::new()));
    work();
    WATCHED.take().unwrap_or_default()
}

/// Tables that grow with what people write.
const LARGE: [&str; 13] = [
    "records",
    "changes",
    "documents",
    "clients",
    "fields",
    "office",
    "log",
    "orders",
    "placements",
    "sales",
    "agenda",
    "snapshots",
    "past_prices",
];

/// Columns that single out few rows of a large table; what is searched by other columns alone is read in large parts.
const NARROW: [&str; 20] = [
    "rowid",
    "doc",
    "id",
    "hash",
    "family",
    "number",
    "root",
    "record",
    "client",
    "key",
    "source",
    "alias_of",
    "corrects",
    "person",
    "day",
    "erp_code",
    "date",
    "territory",
    "part",
    "seq",
];

/// Steps of the statement's plan that read a large table whole, or a large part of it.
pub(crate) fn reads_much(store: &SqliteStorage, sql: &str) -> Vec<String> {
    let detail = |row: &Row<'_>| row.get::<_, String>("detail");
    let plan: Vec<String> = store
        .read(|tx| {
            let mut statement = tx.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            // Plans need no values.
            let steps = statement.raw_query().mapped(detail);
            Ok(steps.collect::<rusqlite::Result<_>>()?)
        })
        .unwrap();
    let words: Vec<&str> = identifiers(sql).collect();
    let large = |name: &str| {
        LARGE.contains(&name) || words.windows(2).any(|pair| LARGE.contains(&pair[0]) && pair[1] == name)
    };
    plan.into_iter()
        .filter(|step| {
            let mut words = step.split_whitespace();
            let (what, name) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            // The columns that it searches by stand in brackets.
            let by = step.split_once('(').map_or("", |(_, by)| by);
            let is_narrow = identifiers(by).any(|column| NARROW.contains(&column));
            large(name) && (what == "SCAN" || (what == "SEARCH" && !is_narrow))
        })
        .collect()
}

fn identifiers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}
