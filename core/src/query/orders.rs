//! An order's life: saved on this phone, received by the office, registered in the ERP under a number, served, invoiced;
//! or declined with a reason. Each with its time.

use rusqlite::{Connection, OptionalExtension};

use crate::model::RecordId;
use crate::model::office::{Flag, Kind, KnownKind, OrderStage, OrderState, Short, Value};

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

fn state(conn: &Connection, order: &RecordId) -> rusqlite::Result<Option<OrderState>> {
    let sql = "SELECT value FROM office WHERE kind = 'order_state' AND source = '' AND key = ?1";
    let value: Option<Option<Vec<u8>>> =
        conn.prepare_cached(sql)?.query_row([order.to_string()], |row| row.get(0)).optional()?;
    Ok(match value.flatten().map(|value| Value::decode(&Kind::Known(KnownKind::OrderState), &value)) {
        Some(Ok(Value::OrderState(state))) => Some(state),
        _ => None,
    })
}
