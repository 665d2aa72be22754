//! What reps ask the office to change, and what it answers.

use cartera_core::document::{FieldKey, RecordKey, edit};
use cartera_core::model::BusinessDate;
use cartera_core::model::record::{
    Body, ChangeRequest, Clock, Header, Kind as RecordKind, Record, RequestDecision,
};
use cartera_core::rows::{Document, SqlFacts};
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::LogWriter;
use super::admit::rows_error;
use super::own;
use crate::storage::clients::{Answered, Decided, Requested};
use crate::storage::{Result, StorageError};
use crate::sync::today;

const KIND: RecordKind = RecordKind::ChangeRequest;

/// Requests as they read now. Where a rep has amended one, whoever wrote it last is named.
pub(super) fn open(tx: &Transaction<'_>, after: u64, limit: usize) -> Result<Vec<Requested>> {
    let mut statement = tx.prepare_cached(
        "SELECT r.value, r.root, d.id, a.person, r.number, l.at_ms
         FROM records r JOIN documents d ON d.doc = r.doc JOIN actors a ON a.actor = r.actor
         JOIN log l ON l.number = r.number
         WHERE r.kind = ?1 AND r.number > ?2 AND r.shown = 1 AND r.voids = 0 ORDER BY r.number, r.record",
    )?;
    let mut rows = statement.query(params![KIND.letters(), after])?;
    let mut open = Vec::new();
    while let Some(row) = rows.next()? {
        // What this version cannot read it cannot show.
        let Some(request) = read(row)?.filter(|request| request.decision.is_none()) else { continue };
        open.push(Requested {
            request,
            record: row.get(1)?,
            client: row.get(2)?,
            by: row.get(3)?,
            number: row.get(4)?,
            at_ms: row.get(5)?,
        });
        if open.len() == limit {
            break;
        }
    }
    Ok(open)
}

pub(super) fn answer(log: &mut LogWriter<'_>, decided: &Decided<'_>) -> Result<Answered> {
    let find = |log: &LogWriter<'_>| Document::find(log.tx, &decided.client.into()).map_err(rows_error);
    let Some(document) = find(log)? else { return Ok(Answered::Unknown) };
    let sql = "SELECT r.value, r.id FROM records r WHERE r.root = ?1 AND r.kind = ?2 AND r.doc = ?3 AND r.shown = 1";
    let shown = log
        .tx
        .prepare_cached(sql)?
        .query_row(params![decided.request, KIND.letters(), document.row], |row| {
            Ok((read(row)?, row.get(1)?))
        })
        .optional()?;
    let Some((Some(request), latest)) = shown else {
        let sql = "SELECT 1 FROM records WHERE id = ?1 AND kind = ?2 AND doc = ?3";
        let was =
            log.tx.prepare_cached(sql)?.exists(params![decided.request, KIND.letters(), document.row])?;
        return Ok(if was { Answered::Already } else { Answered::Unknown });
    };
    if request.decision.is_some() {
        return Ok(Answered::Already);
    }

    let cannot = |detail: String| StorageError::Undecodable { what: "answer to a request", detail };
    let actor = own::person_actor(log, decided.by, decided.new_actor, decided.at_ms)?;
    if decided.decision == RequestDecision::Granted {
        let key = FieldKey::new(&request.field).map_err(|error| cannot(error.to_string()))?;
        let value = request.value.clone();
        let edits = vec![(key, value)];
        let change = edit::fields(&actor, &SqlFacts::new(log.tx, &document), edits, decided.at_ms);
        // Nothing where the field says so already.
        if let Some(change) = change.map_err(|error| cannot(error.to_string()))? {
            own::change(log, document, &change, decided.at_ms)?;
        }
    }
    let document = find(log)?.ok_or_else(|| cannot("its client has no document".into()))?;
    let date = BusinessDate::from_days(today(decided.at_ms)).ok_or_else(|| cannot("no such day".into()))?;
    let header = Header {
        version: Record::VERSION,
        at_ms: decided.at_ms,
        date,
        zone: "UTC".to_owned(),
        clock: Clock::Trusted,
        amends: Some(latest),
        voids: None,
    };
    let said = ChangeRequest {
        decision: Some(decided.decision),
        answer: decided.answer.map(str::to_owned),
        ..request
    };
    let bytes = Record { header, body: said.into() }.encode();
    let key = RecordKey::new(KIND.letters(), decided.record).map_err(|error| cannot(error.to_string()))?;
    let number = own::record(log, document, &actor, key, bytes, decided.at_ms)?;
    number.map(Answered::Done).ok_or_else(|| cannot("its id is another record's".into()))
}

/// The first column's.
fn read(row: &Row<'_>) -> rusqlite::Result<Option<ChangeRequest>> {
    let value: Vec<u8> = row.get(0)?;
    Ok(match Record::decode(KIND, &value) {
        Ok(Record { body: Body::ChangeRequest(request), .. }) => Some(request),
        _ => None,
    })
}
