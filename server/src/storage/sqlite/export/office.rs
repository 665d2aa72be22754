//! Office records of one kind: all of them by source and key, or what changed by log number and then what is about
//! clients that moved.

use std::ops::ControlFlow;

use rusqlite::{Row, Transaction, params};

use super::VISITED_MAX;
use crate::storage::Result;
use crate::storage::export::{ClientBrief, OfficePlace, Span, StoredOffice, Wanted};

pub(super) fn page(
    tx: &Transaction<'_>,
    kind: &str,
    span: &Span,
    wanted: Wanted,
    place: &OfficePlace,
    each: &mut dyn FnMut(&StoredOffice<'_>) -> ControlFlow<()>,
) -> Result<OfficePlace> {
    let mut walk = Walk { tx, kind, span, wanted, each };
    match (place, span.since) {
        (OfficePlace::Start, None) => walk.all(">=", "", ""),
        (OfficePlace::Key { source, key }, _) => walk.all(">", source, key),
        (OfficePlace::Start, Some(since)) => walk.changed(since, since),
        (OfficePlace::Log(number), since) => walk.changed(*number, since.unwrap_or(0)),
        (OfficePlace::Moved { doc, source, key }, since) => walk.moved(*doc, source, key, since.unwrap_or(0)),
        (OfficePlace::End, _) => Ok(OfficePlace::End),
    }
}

struct Walk<'w, 't> {
    tx: &'w Transaction<'t>,
    kind: &'w str,
    span: &'w Span,
    wanted: Wanted,
    each: &'w mut dyn FnMut(&StoredOffice<'_>) -> ControlFlow<()>,
}

impl Walk<'_, '_> {
    fn select(&self, tail: &str) -> String {
        let client = if self.wanted.client {
            ("c.name, c.erp_code, c.territory, c.alias_of", "LEFT JOIN clients c ON c.id = o.client")
        } else {
            ("NULL, NULL, NULL, NULL", "")
        };
        let log = if self.wanted.received {
            ("l.at_ms", "LEFT JOIN log l ON l.number = o.number")
        } else {
            ("NULL", "")
        };
        format!(
            "SELECT o.source, o.key, o.number, o.client, o.territory, o.value, {}, {} FROM office o {} {} WHERE {tail}",
            client.0, log.0, client.1, log.1
        )
    }

    fn all(&mut self, from: &str, source: &str, key: &str) -> Result<OfficePlace> {
        let sql = self.select(&format!(
            "o.kind = ?1 AND (o.source, o.key) {from} (?2, ?3) ORDER BY o.source, o.key LIMIT ?4"
        ));
        let mut statement = self.tx.prepare_cached(&sql)?;
        let mut rows = statement.query(params![self.kind, source, key, VISITED_MAX])?;
        let mut visited = 0;
        while let Some(row) = rows.next()? {
            visited += 1;
            let deleted = row.get_ref(5)? == rusqlite::types::ValueRef::Null;
            let flow = if deleted { ControlFlow::Continue(()) } else { self.tell(row)? };
            if flow.is_break() || visited == VISITED_MAX {
                return Ok(OfficePlace::Key { source: row.get(0)?, key: row.get(1)? });
            }
        }
        Ok(OfficePlace::End)
    }

    /// By number: of whatever kind, since one that changed again meanwhile has moved on to a later place.
    fn changed(&mut self, after: u64, since: u64) -> Result<OfficePlace> {
        // Without an index by kind and number: entries of other kinds are passed over, a bounded number a page.
        let sql = "SELECT kind = ?3, number, source, key FROM office WHERE number > ?1 AND number <= ?2
                   ORDER BY number LIMIT ?4";
        let one = self.select("o.kind = ?1 AND o.source = ?2 AND o.key = ?3");
        let mut statement = self.tx.prepare_cached(sql)?;
        let mut rows = statement.query(params![after, self.span.until, self.kind, VISITED_MAX])?;
        let mut visited = 0;
        while let Some(row) = rows.next()? {
            visited += 1;
            let number: u64 = row.get(1)?;
            let mut flow = ControlFlow::Continue(());
            if row.get(0)? {
                let mut statement = self.tx.prepare_cached(&one)?;
                let (source, key): (String, String) = (row.get(2)?, row.get(3)?);
                let mut rows = statement.query(params![self.kind, source, key])?;
                if let Some(row) = rows.next()? {
                    flow = self.tell(row)?;
                }
            }
            if flow.is_break() || visited == VISITED_MAX {
                return Ok(OfficePlace::Log(number));
            }
        }
        match self.span.moved.after(0) {
            Some(doc) => self.moved(doc, "", "", since), // nothing about a client has neither source nor key
            None => Ok(OfficePlace::End),
        }
    }

    /// What is about clients that moved, and did not change itself.
    fn moved(&mut self, doc: i64, source: &str, key: &str, since: u64) -> Result<OfficePlace> {
        let sql = self.select(
            "o.client = (SELECT id FROM clients WHERE doc = ?1) AND o.kind = ?2 AND o.number <= ?3
             AND (o.source, o.key) > (?4, ?5) AND o.value IS NOT NULL ORDER BY o.source, o.key LIMIT ?6",
        );
        let (mut doc, mut source, mut key) = (doc, source.to_owned(), key.to_owned());
        let mut visited = 0;
        loop {
            let mut statement = self.tx.prepare_cached(&sql)?;
            let mut rows =
                statement.query(params![doc, self.kind, since, source, key, VISITED_MAX - visited])?;
            while let Some(row) = rows.next()? {
                visited += 1;
                if self.tell(row)?.is_break() || visited == VISITED_MAX {
                    return Ok(OfficePlace::Moved { doc, source: row.get(0)?, key: row.get(1)? });
                }
            }
            match self.span.moved.after(doc) {
                Some(next) => (doc, source, key) = (next, String::new(), String::new()),
                None => return Ok(OfficePlace::End),
            }
        }
    }

    fn tell(&mut self, row: &Row<'_>) -> Result<ControlFlow<()>> {
        let text = |n| row.get_ref(n)?.as_str_or_null().map_err(rusqlite::Error::from);
        let brief = ClientBrief {
            name: text(6)?.unwrap_or_default(),
            erp_code: text(7)?,
            territory: row.get(8)?,
            alias_of: row.get(9)?,
        };
        let stored = StoredOffice {
            source: text(0)?.unwrap_or_default(),
            key: text(1)?.unwrap_or_default(),
            client: row.get(3)?,
            brief,
            territory: row.get(4)?,
            number: row.get(2)?,
            received_ms: row.get(10)?,
            value: row.get_ref(5)?.as_blob_or_null().map_err(rusqlite::Error::from)?,
        };
        Ok((self.each)(&stored))
    }
}
