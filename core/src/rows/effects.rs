//! What a shown record does to the other read tables: dates in the client's row, the agenda, the words of notes.

use rusqlite::{Connection, params};

use super::{Result, search};
use crate::model::BusinessDate;
use crate::model::record::{Body, Kind, Record, VisitState};

/// A record began to be shown.
pub(super) fn show(
    conn: &Connection,
    doc: i64,
    record: i64,
    kind: &str,
    date: i32,
    value: &[u8],
) -> Result<()> {
    // A newer version's record, or one of an unknown kind, is listed and has no effects here.
    let Some(Ok(read)) = Kind::parse(kind).map(|kind| Record::decode(kind, value)) else { return Ok(()) };
    match &read.body {
        Body::Visit(visit) => {
            match visit.state {
                VisitState::Done => {
                    latest(conn, doc, "last_visit", date)?;
                }
                VisitState::Planned => {
                    agenda(conn, doc, record, visit.due_on.map_or(date, BusinessDate::days), "visit")?
                }
                VisitState::Unknown(_) => {}
            }
            if let Some(on) = visit.next.as_ref().and_then(|next| next.on) {
                agenda(conn, doc, record, on.days(), "next_step")?;
            }
            words(
                conn,
                record,
                &[visit.notes.as_deref(), visit.next.as_ref().map(|next| next.what.as_str())],
            )?;
        }
        Body::Purchase(purchase) => {
            latest(conn, doc, "last_purchase", date)?;
            words(conn, record, &[purchase.notes.as_deref()])?;
        }
        Body::Note(note) => words(conn, record, &[Some(&note.text)])?,
        _ => {}
    }
    Ok(())
}

/// A record is shown no longer.
pub(super) fn hide(conn: &Connection, doc: i64, record: i64, kind: &str) -> Result<()> {
    conn.prepare_cached("DELETE FROM agenda WHERE record = ?1")?.execute([record])?;
    search::forget_note(conn, record)?;
    if matches!(kind, "v" | "p") {
        recount(conn, doc)?;
    }
    Ok(())
}

/// The client's dates anew from all shown records: when one of them went, or the client's row was made after them.
pub(super) fn recount(conn: &Connection, doc: i64) -> Result<()> {
    conn.prepare_cached("UPDATE clients SET last_visit = NULL, last_purchase = NULL WHERE doc = ?1")?
        .execute([doc])?;
    let sql = "SELECT kind, date, value FROM records WHERE doc = ?1 AND shown = 1 AND kind IN ('v', 'p')";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([doc])?;
    while let Some(row) = rows.next()? {
        let (kind, date, value): (String, i32, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        match Kind::parse(&kind).map(|kind| Record::decode(kind, &value)) {
            Some(Ok(Record { body: Body::Visit(visit), .. })) if visit.state == VisitState::Done => {
                latest(conn, doc, "last_visit", date)?;
            }
            Some(Ok(Record { body: Body::Purchase(_), .. })) => latest(conn, doc, "last_purchase", date)?,
            _ => {}
        }
    }
    Ok(())
}

fn latest(conn: &Connection, doc: i64, column: &'static str, date: i32) -> Result<()> {
    let sql = format!("UPDATE clients SET {column} = max(coalesce({column}, ?2), ?2) WHERE doc = ?1");
    conn.prepare_cached(&sql)?.execute(params![doc, date])?;
    Ok(())
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
