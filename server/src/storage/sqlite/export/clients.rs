//! Clients: all of them by row, or those with an entry in the span, and then those that were erased in it.

use std::ops::ControlFlow;

use cartera_core::rows;
use rusqlite::{Row, Transaction, params};

use crate::storage::export::{ClientPlace, Span, StoredClient};
use crate::storage::{Result, StorageError};

/// Clients of one page, each with its whole profile.
const CLIENTS_MAX: usize = 500;

pub(super) fn page(
    tx: &Transaction<'_>,
    span: &Span,
    place: ClientPlace,
    each: &mut dyn FnMut(&StoredClient<'_>) -> ControlFlow<()>,
) -> Result<ClientPlace> {
    match (place, span.since) {
        (ClientPlace::Start, None) => all(tx, span, 0, each),
        (ClientPlace::After(doc), None) => all(tx, span, doc, each),
        (ClientPlace::Start, Some(_)) => touched(tx, span, 0, each),
        (ClientPlace::After(doc), Some(_)) => touched(tx, span, doc, each),
        (ClientPlace::Erased(number), _) => erased(tx, span, number, each),
        (ClientPlace::End, _) => Ok(ClientPlace::End),
    }
}

const SELECT: &str =
    "SELECT doc, id, territory, alias_of, closed, last_visit, last_purchase, confirmed FROM clients";

fn all(
    tx: &Transaction<'_>,
    span: &Span,
    after: i64,
    each: &mut dyn FnMut(&StoredClient<'_>) -> ControlFlow<()>,
) -> Result<ClientPlace> {
    let sql = format!("{SELECT} WHERE doc > ?1 AND doc <= ?2 ORDER BY doc LIMIT ?3");
    let mut statement = tx.prepare_cached(&sql)?;
    let mut rows = statement.query(params![after, span.last_doc, CLIENTS_MAX])?;
    let mut visited = 0;
    let mut last = after;
    while let Some(row) = rows.next()? {
        visited += 1;
        last = row.get(0)?;
        if tell(tx, row, each)?.is_break() {
            return Ok(ClientPlace::After(last));
        }
    }
    Ok(if visited == CLIENTS_MAX { ClientPlace::After(last) } else { ClientPlace::End })
}

fn touched(
    tx: &Transaction<'_>,
    span: &Span,
    after: i64,
    each: &mut dyn FnMut(&StoredClient<'_>) -> ControlFlow<()>,
) -> Result<ClientPlace> {
    let sql = format!("{SELECT} WHERE doc = ?1");
    let mut last = after;
    for _ in 0..CLIENTS_MAX {
        let Some(doc) = span.touched.after(last) else {
            return erased(tx, span, span.since.unwrap_or(0), each);
        };
        last = doc;
        let mut statement = tx.prepare_cached(&sql)?;
        let mut rows = statement.query([doc])?;
        // A person's document has no such row.
        if let Some(row) = rows.next()?
            && tell(tx, row, each)?.is_break()
        {
            break;
        }
    }
    Ok(ClientPlace::After(last))
}

fn tell(
    tx: &Transaction<'_>,
    row: &Row<'_>,
    each: &mut dyn FnMut(&StoredClient<'_>) -> ControlFlow<()>,
) -> Result<ControlFlow<()>> {
    let profile = rows::client::profile(tx, row.get(0)?)
        .map_err(|error| StorageError::Undecodable { what: "profile", detail: error.to_string() })?;
    Ok(each(&StoredClient {
        id: row.get(1)?,
        territory: row.get(2)?,
        alias_of: row.get(3)?,
        profile: Some(&profile),
        closed: row.get(4)?,
        last_visit: row.get(5)?,
        last_purchase: row.get(6)?,
        confirmed: row.get(7)?,
    }))
}

fn erased(
    tx: &Transaction<'_>,
    span: &Span,
    after: u64,
    each: &mut dyn FnMut(&StoredClient<'_>) -> ControlFlow<()>,
) -> Result<ClientPlace> {
    let sql =
        "SELECT number, document FROM erasures WHERE number > ?1 AND number <= ?2 ORDER BY number LIMIT ?3";
    let mut statement = tx.prepare_cached(sql)?;
    let mut rows = statement.query(params![after, span.until, CLIENTS_MAX])?;
    let mut visited = 0;
    let mut last = after;
    while let Some(row) = rows.next()? {
        visited += 1;
        last = row.get(0)?;
        let gone = StoredClient {
            id: row.get(1)?,
            territory: None,
            alias_of: None,
            profile: None,
            closed: false,
            last_visit: None,
            last_purchase: None,
            confirmed: None,
        };
        if each(&gone).is_break() {
            return Ok(ClientPlace::Erased(last));
        }
    }
    Ok(if visited == CLIENTS_MAX { ClientPlace::Erased(last) } else { ClientPlace::End })
}
