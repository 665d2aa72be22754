//! An order's life: saved on this phone, received by the office, registered in the ERP under a number, served, invoiced;
//! or declined with a reason. Each with its time.

use rusqlite::{Connection, OptionalExtension, params};

use super::page;
use crate::model::office::{self, Flag, KnownKind, OrderStage, OrderState, Short, Value};
use crate::model::record::{Body, Kind, PurchaseSort, Record};
use crate::model::{BusinessDate, ClientId, Money, RecordId};

/// Something that happened to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Durable on the device that it was written on.
    Saved,
    /// At the office.
    Office(OrderStage),
}

/// What became of an order, an offline one too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Life {
    /// In order, the present one last, each with its time in milliseconds UTC. That the office has it may be known
    /// before the time is.
    pub steps: Vec<(Step, Option<i64>)>,
    /// Number in the ERP.
    pub number: Option<String>,
    /// Why it was declined.
    pub reason: Option<String>,
    /// Number of the invoice.
    pub invoice: Option<String>,
    /// Articles that were not delivered in full.
    pub short: Vec<Short>,
    /// What the office looks at.
    pub flags: Vec<Flag>,
}

/// The life of an order, direct sale or return, by the record that began it; `None` if it is not here.
pub fn life(conn: &Connection, order: &RecordId) -> rusqlite::Result<Option<Life>> {
    let sql = "SELECT r.at, c.erp_code IS NOT NULL,
                 (SELECT h.number FROM changes h
                  WHERE h.doc = r.doc AND h.actor = r.actor AND h.start_op <= r.counter
                  ORDER BY h.seq DESC LIMIT 1) IS NOT NULL
               FROM records r LEFT JOIN clients c ON c.doc = r.doc
               WHERE r.id = ?1 AND r.kind = 'p' AND r.target IS NULL";
    let found: Option<(i64, bool, bool)> = conn
        .prepare_cached(sql)?
        .query_row([order], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((saved_ms, has_code, is_received)) = found else { return Ok(None) };
    let mut steps = vec![(Step::Saved, Some(saved_ms))];
    let state = state(conn, order)?;
    match &state {
        // One that waited for the client's code waits no longer than the code is known.
        Some(state) => steps.extend(state.steps.iter().map(|step| {
            let waited = step.stage == OrderStage::WaitingForClient && has_code;
            let stage = if waited { OrderStage::Received } else { step.stage };
            (Step::Office(stage), Some(step.at_ms))
        })),
        None if is_received => steps.push((Step::Office(OrderStage::Received), None)),
        None => {}
    }
    let mut life =
        Life { steps, number: None, reason: None, invoice: None, short: Vec::new(), flags: Vec::new() };
    if let Some(state) = state {
        life.number = state.number;
        life.reason = state.reason;
        life.invoice = state.invoice;
        life.short = state.short;
        life.flags = state.flags;
    }
    Ok(Some(life))
}

/// An order, direct sale or return in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The record that began it.
    pub order: RecordId,
    pub client: ClientId,
    pub client_name: String,
    pub date: BusinessDate,
    pub sort: PurchaseSort,
    pub total: Money,
    /// Where it stands now.
    pub step: Step,
    pub number: Option<String>,
}

/// A client's, the latest first: at most `limit` after having skipped `skip`.
pub fn of_client(
    conn: &Connection,
    client: &ClientId,
    (skip, limit): (usize, usize),
) -> rusqlite::Result<Vec<Row>> {
    let sql = "SELECT r.root, c.id, c.name, r.date, r.value FROM clients c JOIN records r ON r.doc = c.doc
               WHERE c.id = ?1 AND r.shown = 1 AND r.kind = 'p' ORDER BY r.date DESC, r.record DESC
               LIMIT ?2 OFFSET ?3";
    let skip = i64::try_from(skip).unwrap_or(i64::MAX);
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![client, page(limit), skip])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.extend(read(conn, row)?);
    }
    Ok(found)
}

/// Those that the office is not done with, of all clients, the latest step first; what it declined stands among them until
/// it is dealt with. Orders of this device that it does not have yet are unsent work.
pub fn under_way(conn: &Connection, (skip, limit): (usize, usize)) -> rusqlite::Result<Vec<Row>> {
    let sql =
        "SELECT key, value FROM office WHERE kind = 'order_state' AND source = '' AND value IS NOT NULL";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut open: Vec<(i64, RecordId)> = Vec::new();
    while let Some(row) = rows.next()? {
        let (Ok(order), Ok(Value::OrderState(state))) = (
            row.get_ref(0)?.as_str()?.parse(),
            Value::decode(&KnownKind::OrderState.into(), row.get_ref(1)?.as_blob()?),
        ) else {
            continue;
        };
        if !matches!(state.stage, OrderStage::Served | OrderStage::Invoiced | OrderStage::Cancelled) {
            open.push((state.at_ms, order));
        }
    }
    open.sort_unstable_by(|one, other| other.cmp(one));
    let sql = "SELECT r.root, c.id, c.name, r.date, r.value FROM records r JOIN clients c ON c.doc = r.doc
               WHERE r.shown = 1 AND r.doc = (SELECT doc FROM records WHERE id = ?1 AND kind = 'p')
                 AND r.root = ?1 AND r.kind = 'p'";
    let mut statement = conn.prepare_cached(sql)?;
    let mut found = Vec::new();
    for (_, order) in open.into_iter().skip(skip).take(limit.min(super::MAX_PAGE)) {
        let mut rows = statement.query([order])?;
        if let Some(row) = rows.next()? {
            found.extend(read(conn, row)?);
        }
    }
    Ok(found)
}

/// `None` of what this version cannot read.
fn read(conn: &Connection, row: &rusqlite::Row<'_>) -> rusqlite::Result<Option<Row>> {
    let order: RecordId = row.get(0)?;
    let record = Record::decode(Kind::Purchase, row.get_ref(4)?.as_blob()?);
    let (Ok(Record { body: Body::Purchase(purchase), .. }), Some(date), Some(life)) =
        (record, BusinessDate::from_days(row.get(3)?), life(conn, &order)?)
    else {
        return Ok(None);
    };
    Ok(Some(Row {
        order,
        client: row.get(1)?,
        client_name: row.get(2)?,
        date,
        sort: purchase.sort,
        total: Money::new(purchase.totals.total, purchase.currency),
        step: life.steps.last().map_or(Step::Saved, |(step, _)| *step),
        number: life.number,
    }))
}

fn state(conn: &Connection, order: &RecordId) -> rusqlite::Result<Option<OrderState>> {
    let sql = "SELECT value FROM office WHERE kind = 'order_state' AND source = '' AND key = ?1";
    let value: Option<Option<Vec<u8>>> =
        conn.prepare_cached(sql)?.query_row([order.to_string()], |row| row.get(0)).optional()?;
    Ok(
        match value.flatten().map(|value| Value::decode(&office::Kind::Known(KnownKind::OrderState), &value))
        {
            Some(Ok(Value::OrderState(state))) => Some(state),
            _ => None,
        },
    )
}
