//! What a shown record does to the other read tables: dates in the client's row, the agenda, the words of notes.
//!
//! Dates are gathered and written once for all records that come together.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::{Result, search};
use crate::model::record::{Body, Kind, NextStep, Record, TaskState, VisitState};
use crate::model::{BusinessDate, RecordId};

/// What shown records add to their client's row: the latest business date of each sort, and whether it was closed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dates {
    last_visit: Option<i32>,
    last_purchase: Option<i32>,
    confirmed: Option<i32>,
    closed: bool,
}

impl Dates {
    fn add(&mut self, body: &Body, date: i32) {
        let latest = |column: &mut Option<i32>| *column = (*column).max(Some(date));
        match body {
            Body::Visit(visit) if visit.state == VisitState::Done => latest(&mut self.last_visit),
            Body::Purchase(_) => latest(&mut self.last_purchase),
            Body::DataConfirmed(_) => latest(&mut self.confirmed),
            Body::ClientClosed(_) => self.closed = true,
            _ => {}
        }
    }

    /// Adds them to the client's row.
    pub(super) fn save(self, conn: &Connection, doc: i64) -> Result<()> {
        if self == Self::default() {
            return Ok(());
        }
        conn.prepare_cached(
            "UPDATE clients SET last_visit = coalesce(max(last_visit, ?2), last_visit, ?2),
               last_purchase = coalesce(max(last_purchase, ?3), last_purchase, ?3),
               confirmed = coalesce(max(confirmed, ?4), confirmed, ?4), closed = max(closed, ?5)
             WHERE doc = ?1",
        )?
        .execute(params![doc, self.last_visit, self.last_purchase, self.confirmed, self.closed])?;
        Ok(())
    }
}

/// A record began to be shown.
pub(super) fn show(
    conn: &Connection,
    dates: &mut Dates,
    doc: i64,
    record: i64,
    kind: &str,
    date: i32,
    value: &[u8],
) -> Result<()> {
    // A newer version's record, or one of an unknown kind, is listed and has no effects here.
    let Some(Ok(read)) = Kind::parse(kind).map(|kind| Record::decode(kind, value)) else { return Ok(()) };
    dates.add(&read.body, date);
    match &read.body {
        Body::Visit(visit) => {
            if visit.state == VisitState::Planned {
                agenda(conn, doc, record, visit.due_on.map_or(date, BusinessDate::days), "visit")?;
            }
            next_step(conn, doc, record, visit.next.as_ref())?;
            words(conn, record, &[visit.notes.as_deref(), what(visit.next.as_ref())])
        }
        Body::Contact(contact) => {
            next_step(conn, doc, record, contact.next.as_ref())?;
            words(conn, record, &[contact.notes.as_deref(), what(contact.next.as_ref())])
        }
        Body::Purchase(purchase) => {
            words(conn, record, &[purchase.notes.as_deref(), purchase.client_ref.as_deref()])
        }
        Body::Note(note) => words(conn, record, &[Some(&note.text)]),
        Body::Task(task) => {
            tasks(conn, doc)?;
            words(conn, record, &[task.what.as_deref(), task.note.as_deref()])
        }
        Body::Agreement(agreement) => {
            if let Some(until) = agreement.until {
                agenda(conn, doc, record, until.days(), "agreement")?;
            }
            words(conn, record, &[Some(&agreement.title), agreement.notes.as_deref()])
        }
        Body::SurveyAnswer(answer) => words(conn, record, &[answer.comment.as_deref()]),
        Body::ClientClosed(closed) => words(conn, record, &[closed.note.as_deref()]),
        _ => Ok(()),
    }
}

/// A record is shown no longer.
pub(super) fn hide(conn: &Connection, dates: &mut Dates, doc: i64, record: i64, kind: &str) -> Result<()> {
    conn.prepare_cached("DELETE FROM agenda WHERE record = ?1")?.execute([record])?;
    search::forget_note(conn, record)?;
    if kind == "t" {
        tasks(conn, doc)?;
    }
    if DATED.contains(&kind) {
        // Also of those that were gathered and not written yet.
        *dates = Dates::default();
        recount(conn, doc)?;
    }
    Ok(())
}

/// Kinds that have a column in the client's row: visits, purchases, confirmations, closures.
const DATED: [&str; 4] = ["v", "p", "k", "x"];

/// The client's dates anew from all shown records: when one of them went, or the client's row was made after them.
pub(super) fn recount(conn: &Connection, doc: i64) -> Result<()> {
    let sql =
        "SELECT kind, date, value FROM records WHERE doc = ?1 AND shown = 1 AND kind IN ('v', 'p', 'k', 'x')";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([doc])?;
    let mut dates = Dates::default();
    while let Some(row) = rows.next()? {
        let (kind, date, value): (String, i32, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if let Some(Ok(read)) = Kind::parse(&kind).map(|kind| Record::decode(kind, &value)) {
            dates.add(&read.body, date);
        }
    }
    conn.prepare_cached(
        "UPDATE clients SET last_visit = ?2, last_purchase = ?3, confirmed = ?4, closed = ?5 WHERE doc = ?1",
    )?
    .execute(params![doc, dates.last_visit, dates.last_purchase, dates.confirmed, dates.closed])?;
    Ok(())
}

/// The client's open tasks with a date, anew. A task's state is what the latest record about it says, in the document's
/// own order.
fn tasks(conn: &Connection, doc: i64) -> Result<()> {
    conn.prepare_cached("DELETE FROM agenda WHERE doc = ?1 AND what = 'task'")?.execute([doc])?;
    let sql = "SELECT r.record, r.root, r.value FROM records r JOIN actors a ON a.actor = r.actor
               WHERE r.doc = ?1 AND r.kind = 't' AND r.shown = 1 ORDER BY r.counter, a.id";
    let mut open: BTreeMap<RecordId, (i64, Option<BusinessDate>, bool)> = BTreeMap::new();
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([doc])?;
    while let Some(row) = rows.next()? {
        let (record, root, value): (i64, RecordId, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let Ok(Record { body: Body::Task(task), .. }) = Record::decode(Kind::Task, &value) else { continue };
        let is_open = task.state == TaskState::Open;
        match task.task {
            None => {
                open.entry(root).or_insert((record, task.due_on, is_open));
            }
            Some(about) => {
                if let Some((_, due_on, state)) = open.get_mut(&about) {
                    *state = is_open;
                    *due_on = task.due_on.or(*due_on);
                }
            }
        }
    }
    for (record, due_on, is_open) in open.into_values() {
        if let (true, Some(on)) = (is_open, due_on) {
            agenda(conn, doc, record, on.days(), "task")?;
        }
    }
    Ok(())
}

fn next_step(conn: &Connection, doc: i64, record: i64, next: Option<&NextStep>) -> Result<()> {
    match next.and_then(|next| next.on) {
        Some(on) => agenda(conn, doc, record, on.days(), "next_step"),
        None => Ok(()),
    }
}

fn what(next: Option<&NextStep>) -> Option<&str> {
    next.map(|next| next.what.as_str())
}

fn agenda(conn: &Connection, doc: i64, record: i64, date: i32, what: &str) -> Result<()> {
    conn.prepare_cached("INSERT OR IGNORE INTO agenda (date, doc, record, what) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![date, doc, record, what])?;
    Ok(())
}

fn words(conn: &Connection, record: i64, texts: &[Option<&str>]) -> Result<()> {
    let words: Vec<&str> = texts.iter().flatten().copied().filter(|text| !text.is_empty()).collect();
    if words.is_empty() { Ok(()) } else { search::put_note(conn, record, &words.join("\n")) }
}
