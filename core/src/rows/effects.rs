//! What a shown record does to the other read tables: dates in the client's row, the agenda, the words of notes.
//!
//! What touches the client as a whole is gathered, and written once for all records that come together.

use std::collections::HashSet;

use rusqlite::{Connection, params};

use super::plan::{Mark, Marks};
use super::{Result, search, tasks};
use crate::model::record::{Body, Kind, NextStep, PlanKey, PurchaseSort, Record, TaskState, VisitState};
use crate::model::{BusinessDate, RecordId};

/// What records that come together do to their client as a whole.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Gathered {
    dates: Dates,
    /// A dated record is shown no longer: the dates are counted anew from all that are.
    recount: bool,
    /// The agenda of tasks is made anew.
    tasks: bool,
    /// The agenda of plans is made anew.
    plans: bool,
}

/// What shown records add to their client's row: the latest business date of each sort.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Dates {
    last_visit: Option<i32>,
    last_purchase: Option<i32>,
    confirmed: Option<i32>,
    closed_on: Option<i32>,
}

impl Dates {
    fn add(&mut self, body: &Body, date: i32) {
        let latest = |column: &mut Option<i32>| *column = (*column).max(Some(date));
        match body {
            Body::Visit(visit) if visit.state == VisitState::Done => latest(&mut self.last_visit),
            // Goods that come back are no purchase.
            Body::Purchase(purchase) if purchase.sort != PurchaseSort::Return => {
                latest(&mut self.last_purchase)
            }
            Body::DataConfirmed(_) => latest(&mut self.confirmed),
            Body::ClientClosed(_) => latest(&mut self.closed_on),
            _ => {}
        }
    }

    /// Adds them to the client's row.
    fn save(self, conn: &Connection, doc: i64) -> Result<()> {
        if self == Self::default() {
            return Ok(());
        }
        conn.prepare_cached(
            "UPDATE clients SET last_visit = coalesce(max(last_visit, ?2), last_visit, ?2),
               last_purchase = coalesce(max(last_purchase, ?3), last_purchase, ?3),
               confirmed = coalesce(max(confirmed, ?4), confirmed, ?4),
               closed_on = coalesce(max(closed_on, ?5), closed_on, ?5)
             WHERE doc = ?1",
        )?
        .execute(params![
            doc,
            self.last_visit,
            self.last_purchase,
            self.confirmed,
            self.closed_on
        ])?;
        Ok(())
    }
}

impl Gathered {
    /// Writes what was gathered of the records of `doc`.
    pub(super) fn save(self, conn: &Connection, doc: i64) -> Result<()> {
        if self.recount {
            recount(conn, doc)?;
        } else {
            self.dates.save(conn, doc)?;
        }
        if self.tasks {
            open_tasks(conn, doc)?;
        }
        if self.plans {
            plans(conn, doc)?;
        }
        Ok(())
    }
}

/// A record began to be shown.
pub(super) fn show(
    conn: &Connection,
    gathered: &mut Gathered,
    doc: i64,
    record: i64,
    kind: &str,
    date: i32,
    value: &[u8],
) -> Result<()> {
    // A newer version's record, or one of an unknown kind, is listed and has no effects here.
    let Some(Ok(read)) = Kind::parse(kind).map(|kind| Record::decode(kind, value)) else { return Ok(()) };
    gathered.dates.add(&read.body, date);
    gathered.plans |= planned(&read.body).is_some()
        || carries_out(&read.body).is_some()
        || of_the_plan(&read.body).is_some();
    match &read.body {
        Body::Visit(visit) => {
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
            gathered.tasks = true;
            words(conn, record, &[task.what.as_deref(), task.note.as_deref()])
        }
        Body::Agreement(agreement) => {
            words(conn, record, &[Some(&agreement.title), agreement.notes.as_deref()])
        }
        Body::SurveyAnswer(answer) => words(conn, record, &[answer.comment.as_deref()]),
        Body::ClientClosed(closed) => words(conn, record, &[closed.note.as_deref()]),
        _ => Ok(()),
    }
}

/// A record is shown no longer.
pub(super) fn hide(conn: &Connection, gathered: &mut Gathered, record: i64, kind: &str) -> Result<()> {
    conn.prepare_cached("DELETE FROM agenda WHERE record = ?1")?.execute([record])?;
    search::forget_note(conn, record)?;
    gathered.recount |= DATED.contains(&kind);
    gathered.tasks |= kind == "t";
    gathered.plans |= PLANS.contains(&kind);
    Ok(())
}

/// Kinds that have a column in the client's row: visits, purchases, confirmations, closures.
const DATED: [&str; 4] = ["v", "p", "k", "x"];

/// Kinds that plan something, or carry out what was planned: visits, other contacts, agreements, purchases.
const PLANS: [&str; 4] = ["v", "c", "a", "p"];

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
        "UPDATE clients SET last_visit = ?2, last_purchase = ?3, confirmed = ?4, closed_on = ?5 WHERE doc = ?1",
    )?
    .execute(params![doc, dates.last_visit, dates.last_purchase, dates.confirmed, dates.closed_on])?;
    Ok(())
}

/// What a record wants done on a day, and the agenda's word for it.
fn planned(body: &Body) -> Option<(BusinessDate, &'static str)> {
    match body {
        Body::Visit(visit) if visit.state == VisitState::Planned => Some((visit.due_on?, "visit")),
        Body::Agreement(agreement) => Some((agreement.until?, "agreement")),
        _ => None,
    }
}

/// The planned visit that a record carries out, or the agreement that it renews, with its kind.
fn carries_out(body: &Body) -> Option<(Kind, RecordId)> {
    match body {
        Body::Visit(visit) => Some((Kind::Visit, visit.carries_out?)),
        Body::Contact(contact) => Some((Kind::Visit, contact.carries_out?)),
        Body::Agreement(agreement) => Some((Kind::Agreement, agreement.renews?)),
        _ => None,
    }
}

/// The visit of the visit plan that a record is about.
fn of_the_plan(body: &Body) -> Option<&PlanKey> {
    match body {
        Body::Visit(visit) => visit.plan.as_ref(),
        Body::Contact(contact) => contact.plan.as_ref(),
        Body::Purchase(purchase) => purchase.plan.as_ref(),
        _ => None,
    }
}

/// What is planned with the client and not carried out yet, anew: whichever came first, the plan or what it became.
fn plans(conn: &Connection, doc: i64) -> Result<()> {
    conn.prepare_cached("DELETE FROM agenda WHERE doc = ?1 AND what IN ('visit', 'agreement')")?
        .execute([doc])?;
    let sql = "SELECT record, kind, family, value, root FROM records
               WHERE doc = ?1 AND shown = 1 AND kind IN ('v', 'c', 'a')";
    let mut open = Vec::new();
    let mut done = HashSet::new();
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([doc])?;
    while let Some(row) = rows.next()? {
        let (record, kind, family): (i64, String, RecordId) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let value = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
        let Some(kind) = Kind::parse(&kind) else { continue };
        let Ok(read) = Record::decode(kind, value) else { continue };
        if let Some(plan) = planned(&read.body) {
            open.push((record, kind, family, plan, of_the_plan(&read.body).cloned(), row.get(4)?));
        }
        // Whoever carries it out names the version that he saw.
        if let Some((kind, version)) = carries_out(&read.body)
            && let Some(family) = super::records::family_of(conn, doc, kind, &version)?
        {
            done.insert((kind, family));
        }
    }
    let of_the_plan = open.iter().any(|(.., plan, _)| plan.is_some());
    let marks = if of_the_plan { Marks::read(conn, doc)? } else { Marks::default() };
    for (record, kind, family, (on, what), plan, root) in open {
        // Of several words about one visit of the plan, the last one stands.
        let stands = plan.is_none_or(|key| marks.of(&key) == Some(Mark::Moved { by: root, to: on }));
        if stands && !done.contains(&(kind, family)) {
            agenda(conn, doc, record, on.days(), what)?;
        }
    }
    Ok(())
}

/// The client's open tasks with a date, anew.
fn open_tasks(conn: &Connection, doc: i64) -> Result<()> {
    conn.prepare_cached("DELETE FROM agenda WHERE doc = ?1 AND what = 'task'")?.execute([doc])?;
    for task in tasks::of_document(conn, doc)? {
        if let (TaskState::Open, Some(on)) = (task.state, task.due_on) {
            agenda(conn, doc, task.record, on.days(), "task")?;
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
