//! Records of one kind.
//!
//! All that there is: every record in the order of the log, and a row where a record stands for itself; how it reads
//! now is found where it was amended. What changed: every record after the cursor stands for its family (the records
//! that are tied by what they amend and void); a family is told as a whole at the first of its records after the
//! cursor, which no later record can change. Then the records of clients that moved, unless they were told already.

use std::ops::ControlFlow;

use cartera_core::model::PersonId;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::VISITED_MAX;
use crate::storage::Result;
use crate::storage::export::{Author, Authors, ClientBrief, RecordPlace, Span, StoredRecord, Wanted};

pub(super) fn page(
    tx: &Transaction<'_>,
    kind: &str,
    span: &Span,
    wanted: Wanted,
    place: RecordPlace,
    authors: &mut Authors,
    each: &mut dyn FnMut(&StoredRecord<'_>) -> ControlFlow<()>,
) -> Result<RecordPlace> {
    let mut walk = Walk { tx, kind, span, wanted, authors, each };
    match place {
        RecordPlace::Start => walk.log(span.since.unwrap_or(0), i64::MAX),
        RecordPlace::Log { number, record } => walk.log(number, record),
        RecordPlace::Moved { doc, date, record } => walk.moved(doc, date, record),
        RecordPlace::End => Ok(RecordPlace::End),
    }
}

struct Walk<'w, 't> {
    tx: &'w Transaction<'t>,
    kind: &'w str,
    span: &'w Span,
    wanted: Wanted,
    authors: &'w mut Authors,
    each: &'w mut dyn FnMut(&StoredRecord<'_>) -> ControlFlow<()>,
}

/// A record of a family.
struct Member {
    record: i64,
    id: [u8; 16],
    number: u64,
    target: Option<[u8; 16]>,
    voids: bool,
    shown: bool,
    root: [u8; 16],
    orphan: bool,
}

impl Walk<'_, '_> {
    /// What is read of a record; what is not wanted stands as null.
    fn select(&self, tail: &str) -> String {
        let client = if self.wanted.client {
            ("c.id, c.name, c.erp_code, c.territory, c.alias_of", "LEFT JOIN clients c ON c.doc = r.doc")
        } else {
            ("NULL, NULL, NULL, NULL, NULL", "")
        };
        let log = if self.wanted.received {
            ("l.at_ms", "LEFT JOIN log l ON l.number = r.number")
        } else {
            ("NULL", "")
        };
        format!(
            "SELECT r.record, r.number, r.id, r.root, r.target IS NOT NULL, r.voids, r.shown, r.orphan, r.latest, r.at,
                    r.date, r.actor, r.doc, r.family, r.value, {}, {}
             FROM records r {} {} WHERE {tail}",
            client.0, log.0, client.1, log.1
        )
    }

    fn log(&mut self, number: u64, record: i64) -> Result<RecordPlace> {
        let sql = self.select(
            "r.kind = ?1 AND (r.number, r.record) > (?2, ?3) AND r.number <= ?4 ORDER BY r.number, r.record LIMIT ?5",
        );
        let mut statement = self.tx.prepare_cached(&sql)?;
        let mut rows = statement.query(params![self.kind, number, record, self.span.until, VISITED_MAX])?;
        let mut visited = 0;
        let mut last = (number, record);
        while let Some(row) = rows.next()? {
            visited += 1;
            last = (row.get(1)?, row.get(0)?);
            let flow = match self.span.since {
                None => self.standing(row)?,
                Some(since) => self.family(row, since)?,
            };
            if flow.is_break() {
                return Ok(RecordPlace::Log { number: last.0, record: last.1 });
            }
        }
        if visited == VISITED_MAX {
            return Ok(RecordPlace::Log { number: last.0, record: last.1 });
        }
        Ok(match self.span.moved.after(0) {
            Some(doc) => RecordPlace::Moved { doc, date: i32::MIN, record: i64::MIN },
            None => RecordPlace::End,
        })
    }

    /// Of all that there is: the row that this record stands for, if it stands for one.
    fn standing(&mut self, row: &Row<'_>) -> Result<ControlFlow<()>> {
        let (voids, shown): (bool, bool) = (row.get(5)?, row.get(6)?);
        let (id, root): ([u8; 16], [u8; 16]) = (row.get(2)?, row.get(3)?);
        if voids || shown && id != root {
            return Ok(ControlFlow::Continue(()));
        }
        if shown {
            return self.tell(row, id, row.get(7)?);
        }
        // It was amended or voided, or it is an amendment itself.
        let sql =
            "SELECT record FROM records WHERE family = ?1 AND target IS NOT NULL AND kind = ?2 AND doc = ?3
                   AND shown = 1 AND root = ?4 AND voids = 0";
        let shown: Option<i64> = self
            .tx
            .prepare_cached(sql)?
            .query_row(params![row.get::<_, [u8; 16]>(13)?, self.kind, row.get::<_, i64>(12)?, id], |row| {
                row.get(0)
            })
            .optional()?;
        match shown {
            Some(record) => self.tell_at(record, id, row.get(7)?),
            None => Ok(ControlFlow::Continue(())),
        }
    }

    /// Of what changed: the record's whole family, if this is its first record after the cursor.
    fn family(&mut self, row: &Row<'_>, since: u64) -> Result<ControlFlow<()>> {
        let here: (u64, i64) = (row.get(1)?, row.get(0)?);
        let members = self.members(row.get(12)?, row.get(13)?)?;
        let told = |member: &Member| member.number > since && (member.number, member.record) < here;
        if members.iter().any(told) {
            return Ok(ControlFlow::Continue(()));
        }
        let number = members.iter().map(|member| member.number).max().unwrap_or(here.0);
        let mut flow = ControlFlow::Continue(());
        for member in &members {
            let shown = members.iter().find(|other| other.shown && !other.voids && other.root == member.id);
            let went = match shown {
                Some(shown) => self.tell_at(shown.record, member.id, member.orphan)?,
                None if stood_alone(member, &members) => self.tell_deleted(row, member.id, number)?,
                None => ControlFlow::Continue(()),
            };
            if went.is_break() {
                flow = went;
            }
        }
        Ok(flow)
    }

    fn members(&self, doc: i64, family: [u8; 16]) -> Result<Vec<Member>> {
        let sql = "SELECT record, id, number, target, voids, shown, root, orphan FROM records
                   WHERE +doc = ?1 AND kind = ?2 AND (id = ?3 OR (family = ?3 AND target IS NOT NULL)) ORDER BY record";
        let mut statement = self.tx.prepare_cached(sql)?;
        let rows = statement.query_map(params![doc, self.kind, family], |row| {
            Ok(Member {
                record: row.get(0)?,
                id: row.get(1)?,
                number: row.get::<_, Option<u64>>(2)?.unwrap_or(0),
                target: row.get(3)?,
                voids: row.get(4)?,
                shown: row.get(5)?,
                root: row.get(6)?,
                orphan: row.get(7)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// What is shown of documents that moved, and was not told as changed.
    fn moved(&mut self, doc: i64, date: i32, record: i64) -> Result<RecordPlace> {
        let sql = self.select(
            "r.doc = ?1 AND r.shown = 1 AND (r.date, r.record) > (?2, ?3) AND r.kind = ?4
             ORDER BY r.date, r.record LIMIT ?5",
        );
        let (mut doc, mut after) = (doc, (date, record));
        let mut visited = 0;
        loop {
            let mut statement = self.tx.prepare_cached(&sql)?;
            let mut rows =
                statement.query(params![doc, after.0, after.1, self.kind, VISITED_MAX - visited])?;
            while let Some(row) = rows.next()? {
                visited += 1;
                after = (row.get(10)?, row.get(0)?);
                let flow = self.unless_told(row)?;
                if flow.is_break() || visited == VISITED_MAX {
                    return Ok(RecordPlace::Moved { doc, date: after.0, record: after.1 });
                }
            }
            match self.span.moved.after(doc) {
                Some(next) => (doc, after) = (next, (i32::MIN, i64::MIN)),
                None => return Ok(RecordPlace::End),
            }
        }
    }

    fn unless_told(&mut self, row: &Row<'_>) -> Result<ControlFlow<()>> {
        let since = self.span.since.unwrap_or(0);
        let voids: bool = row.get(5)?;
        let family = self.members(row.get(12)?, row.get(13)?)?;
        // What came after the span is for the next export.
        if voids || family.iter().any(|member| member.number > since) {
            return Ok(ControlFlow::Continue(()));
        }
        let root: [u8; 16] = row.get(3)?;
        let orphan = family.iter().any(|member| member.id == root && member.orphan);
        self.tell(row, root, orphan)
    }

    /// Tells the record at `record` as the row `id`; `orphan` is said of the record with that id.
    fn tell_at(&mut self, record: i64, id: [u8; 16], orphan: bool) -> Result<ControlFlow<()>> {
        let sql = self.select("r.record = ?1");
        let mut statement = self.tx.prepare_cached(&sql)?;
        let mut rows = statement.query([record])?;
        match rows.next()? {
            Some(row) => self.tell(row, id, orphan),
            None => Ok(ControlFlow::Continue(())),
        }
    }

    fn tell(&mut self, row: &Row<'_>, id: [u8; 16], orphan: bool) -> Result<ControlFlow<()>> {
        let author = if self.wanted.author { author(self.tx, self.authors, row.get(11)?)? } else { None };
        let (document, client) = about(self.tx, self.wanted, row)?;
        let stored = StoredRecord {
            id,
            revision: row.get(2)?,
            document,
            client,
            author,
            number: row.get(1)?,
            received_ms: row.get(20)?,
            at_ms: row.get(9)?,
            date: row.get(10)?,
            orphan,
            corrections: row.get(8)?,
            value: row.get_ref(14)?.as_blob().map_err(rusqlite::Error::from)?,
            deleted: false,
        };
        Ok((self.each)(&stored))
    }

    fn tell_deleted(&mut self, row: &Row<'_>, id: [u8; 16], number: u64) -> Result<ControlFlow<()>> {
        let (document, client) = about(self.tx, self.wanted, row)?;
        let stored = StoredRecord {
            id,
            revision: id,
            document,
            client,
            author: None,
            number,
            received_ms: None,
            at_ms: row.get(9)?,
            date: row.get(10)?,
            orphan: false,
            corrections: 0,
            value: &[],
            deleted: true,
        };
        Ok((self.each)(&stored))
    }
}

fn about<'r>(tx: &Transaction<'_>, wanted: Wanted, row: &'r Row<'_>) -> Result<([u8; 16], ClientBrief<'r>)> {
    if !wanted.client {
        return Ok(([0; 16], ClientBrief::default()));
    }
    let Some(id) = row.get(15)? else {
        // A person's document, or a client without a profile.
        let sql = "SELECT id FROM documents WHERE doc = ?1";
        let id = tx.prepare_cached(sql)?.query_row([row.get::<_, i64>(12)?], |row| row.get(0))?;
        return Ok((id, ClientBrief::default()));
    };
    let text = |n| row.get_ref(n)?.as_str_or_null().map_err(rusqlite::Error::from);
    let client = ClientBrief {
        name: text(16)?.unwrap_or_default(),
        erp_code: text(17)?,
        territory: row.get(18)?,
        alias_of: row.get(19)?,
    };
    Ok((id, client))
}

/// Whether a record that is not shown is a row of its own, or was one: it names no target, one on which it has no
/// effect, or one that came after it.
fn stood_alone(member: &Member, family: &[Member]) -> bool {
    let later = |target| family.iter().any(|other| other.id == target && other.number > member.number);
    !member.voids && (member.orphan || member.target.is_none_or(later))
}

/// Whose actor it is: as the rows say, or the relay's own books.
pub(in crate::storage::sqlite) fn author<'a>(
    tx: &Transaction<'_>,
    authors: &'a mut Authors,
    actor: i64,
) -> Result<Option<&'a Author>> {
    if !authors.0.contains_key(&actor) {
        let sql = "SELECT p.id, p.name FROM actors a
                   LEFT JOIN device_actors x ON x.actor = a.id
                   LEFT JOIN devices d ON d.id = x.device
                   JOIN people p ON p.id = coalesce(a.person, d.person)
                   WHERE a.actor = ?1";
        let found = tx
            .prepare_cached(sql)?
            .query_row([actor], |row| Ok(Author { id: row.get::<_, PersonId>(0)?, name: row.get(1)? }))
            .optional()?;
        if authors.0.len() >= AUTHORS_MAX {
            authors.0.clear();
        }
        authors.0.insert(actor, found);
    }
    Ok(authors.0.get(&actor).and_then(Option::as_ref))
}

/// Actors that an export remembers.
const AUTHORS_MAX: usize = 10_000;
