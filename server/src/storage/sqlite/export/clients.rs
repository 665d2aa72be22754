//! Clients: all of them by row, or those of a set; and those that were erased in the span.

use std::ops::ControlFlow;

use cartera_core::model::ClientId;
use cartera_core::rows;
use rusqlite::{Row, Transaction, params};

use crate::storage::export::{ClientPlace, ClientSet, Docs, Span, StoredClient};
use crate::storage::{Result, StorageError};

/// Clients of one page, each with its whole profile.
const CLIENTS_MAX: usize = 500;

pub(super) fn page(
    tx: &Transaction<'_>,
    span: &Span,
    set: ClientSet,
    place: ClientPlace,
    each: &mut dyn FnMut(&StoredClient<'_>) -> ControlFlow<()>,
) -> Result<ClientPlace> {
    let after = match place {
        ClientPlace::Start => 0,
        ClientPlace::After(doc) => doc,
        ClientPlace::End => return Ok(ClientPlace::End),
    };
    let mut walk = Walk { tx, set, each };
    if span.since.is_none() {
        return walk.all(span, after);
    }
    Ok(walk.those(docs(span, set), after)?.unwrap_or(ClientPlace::End))
}

fn docs(span: &Span, set: ClientSet) -> &Docs {
    match set {
        ClientSet::Touched => &span.touched,
        ClientSet::Moved => &span.moved,
    }
}

const SELECT: &str =
    "SELECT c.doc, c.id, c.territory, c.alias_of, c.closed, c.last_visit, c.last_purchase, c.confirmed,
                             coalesce(p.number, 0)
                      FROM clients c LEFT JOIN placements p ON p.doc = c.doc";

struct Walk<'w, 't> {
    tx: &'w Transaction<'t>,
    set: ClientSet,
    each: &'w mut dyn FnMut(&StoredClient<'_>) -> ControlFlow<()>,
}

impl Walk<'_, '_> {
    fn all(&mut self, span: &Span, after: i64) -> Result<ClientPlace> {
        let sql = format!("{SELECT} WHERE c.doc > ?1 AND c.doc <= ?2 ORDER BY c.doc LIMIT ?3");
        let mut statement = self.tx.prepare_cached(&sql)?;
        let mut rows = statement.query(params![after, span.last_doc, CLIENTS_MAX])?;
        let mut visited = 0;
        let mut last = after;
        while let Some(row) = rows.next()? {
            visited += 1;
            last = row.get(0)?;
            if self.tell(row)?.is_break() {
                return Ok(ClientPlace::After(last));
            }
        }
        Ok(if visited == CLIENTS_MAX { ClientPlace::After(last) } else { ClientPlace::End })
    }

    /// `None` after the last.
    fn those(&mut self, docs: &Docs, after: i64) -> Result<Option<ClientPlace>> {
        let sql = format!("{SELECT} WHERE c.doc = ?1");
        let mut last = after;
        for _ in 0..CLIENTS_MAX {
            let Some(doc) = docs.after(last) else { return Ok(None) };
            last = doc;
            let mut statement = self.tx.prepare_cached(&sql)?;
            let mut rows = statement.query([doc])?;
            // A person's document has no such row.
            if let Some(row) = rows.next()?
                && self.tell(row)?.is_break()
            {
                break;
            }
        }
        Ok(Some(ClientPlace::After(last)))
    }

    fn tell(&mut self, row: &Row<'_>) -> Result<ControlFlow<()>> {
        let profile = match self.set {
            ClientSet::Moved => None,
            ClientSet::Touched => Some(profile(self.tx, row.get(0)?)?),
        };
        Ok((self.each)(&StoredClient {
            id: row.get(1)?,
            territory: row.get(2)?,
            alias_of: row.get(3)?,
            number: row.get(8)?,
            profile: profile.as_ref(),
            closed: row.get(4)?,
            last_visit: row.get(5)?,
            last_purchase: row.get(6)?,
            confirmed: row.get(7)?,
        }))
    }
}

pub(super) fn profile(tx: &Transaction<'_>, doc: i64) -> Result<rows::client::Profile> {
    let unread =
        |error: rows::RowsError| StorageError::Undecodable { what: "profile", detail: error.to_string() };
    rows::client::profile(tx, doc).map_err(unread)
}

pub(super) fn erased(
    tx: &Transaction<'_>,
    span: &Span,
    after: u64,
    each: &mut dyn FnMut(ClientId, u64) -> ControlFlow<()>,
) -> Result<Option<u64>> {
    let sql =
        "SELECT number, document FROM erasures WHERE number > ?1 AND number <= ?2 ORDER BY number LIMIT ?3";
    let mut statement = tx.prepare_cached(sql)?;
    let mut rows = statement.query(params![after, span.until, CLIENTS_MAX])?;
    let mut visited = 0;
    let mut last = after;
    while let Some(row) = rows.next()? {
        visited += 1;
        last = row.get(0)?;
        if each(row.get(1)?, last).is_break() {
            return Ok(Some(last));
        }
    }
    Ok((visited == CLIENTS_MAX).then_some(last))
}
