//! Orders at the office: noted when they come, judged, answered once.
//!
//! An order is named by the record that began it, whatever corrects it later. Its state is an office record keyed by
//! that name alone, whatever the source, and never goes back. Here each order has a row beside it ([`note`]), which says
//! what pick-up asks: the stage, the version that the ERP took, and why it is not offered.

mod list;

use cartera_core::model::limits::ORDER_STEPS_MAX;
use cartera_core::model::office::{
    Flag, Kind as OfficeKind, KnownKind, OrderFlag, OrderStage, OrderState, Step, Value,
};
use cartera_core::model::record::{Body, Kind, Purchase, PurchaseSort, Record};
use cartera_core::model::{ClientId, RecordId};
use cartera_core::rows::{self, judge};
use rusqlite::{OptionalExtension, Row, Transaction, params};

pub(in crate::storage::sqlite) use self::list::SHOWN;
pub(super) use self::list::{counted, dead_letters, listed, one, open};
use super::admit::rows_error;
use super::office::{put, put_about, value_of};
use super::place::{Placement, client_at};
use super::writer::LogWriter;
use super::{past_prices, projection};
use crate::journal::{Act, Bytes, Text};
use crate::storage::Result;
use crate::storage::office::{OfficePut, OfficeWrite};
use crate::storage::orders::{Ack, Acked, Attention, OPEN};
use crate::storage::sqlite::audit;

/// In the place of a reason that the journal does not keep, since somebody wrote it: until the ERP says it again.
const NOT_KEPT: &str = "-";

/// The row of an order.
#[derive(Debug, Clone, Copy)]
struct Order {
    id: RecordId,
    /// With which it came.
    number: u64,
    doc: i64,
    at_ms: i64,
    sort: Option<PurchaseSort>,
    stage: OrderStage,
    taken: Option<RecordId>,
    /// The ERP may have it already, and what it answered is lost.
    doubted: bool,
}

/// How an order reads now.
struct Shown {
    id: RecordId,
    purchase: Option<(Record, Purchase)>,
}

/// A record of a purchase that came.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrival<'a> {
    pub id: RecordId,
    /// It corrects or takes back another one.
    pub is_correction: bool,
    pub value: &'a [u8],
    /// With which it came.
    pub number: u64,
    pub at_ms: i64,
}

/// A record of a purchase came into the document at `place`: the order that it begins, corrects or takes back is noted,
/// and its state told. The caller saves the place. `rules` are those of the moment.
pub(super) fn arrived(
    log: &mut LogWriter<'_>,
    rules: &judge::Rules,
    place: &mut Placement,
    client: ClientId,
    arrival: &Arrival<'_>,
) -> Result<()> {
    if log.part(place.part)?.is_own() {
        return Ok(());
    }
    let Some((order, shown)) = find(log.tx, place.doc, arrival)? else { return Ok(()) };
    let id = order.id;
    let before_value = state_value(log.tx, id)?;
    let before = before_value.as_deref().and_then(read);
    let standing = standing(log.tx, order.doc)?;
    let mut next = match &before {
        Some(before) => before.clone(),
        None => {
            let stage =
                if standing.code.is_some() { OrderStage::Received } else { OrderStage::WaitingForClient };
            follow(None, OrderState::new(stage, order.at_ms))
        }
    };
    let is_open = OPEN.contains(&next.stage);
    let order = settled(Order { stage: next.stage, ..order }, shown.as_ref());
    save(log.tx, &order)?;
    if is_open {
        if let Some(shown) = &shown {
            next.flags = flags(log.tx, rules, &order.order, standing.kept.unwrap_or(client), shown)?;
        }
    } else {
        flag_amended(&mut next, shown.as_ref(), order.order.taken);
    }
    if before.as_ref() == Some(&next) {
        return Ok(());
    }
    put_about(log, place, &record_of(id, client, next), before_value, arrival.at_ms).map(|_| ())
}

/// The order that a record belongs to, and how it reads; `None` while the record that begins it is not here. Nearly every
/// one begins an order that nothing corrects, and nothing has to be looked up.
fn find(tx: &Transaction<'_>, doc: i64, arrival: &Arrival<'_>) -> Result<Option<(Order, Option<Shown>)>> {
    let Arrival { id, number, at_ms, value, .. } = *arrival;
    if !arrival.is_correction && !rows::is_named(tx, &id).map_err(rows_error)? {
        let doubted = is_doubted(tx, id, number)?;
        let stage = OrderStage::Received;
        let order = Order { id, number, doc, at_ms, sort: None, stage, taken: None, doubted };
        return Ok(Some((order, Some(Shown { id, purchase: purchase(value) }))));
    }
    let family: Option<RecordId> = tx
        .prepare_cached("SELECT family FROM records WHERE id = ?1 AND kind = 'p' AND doc = ?2")?
        .query_row(params![id, doc], |row| row.get(0))
        .optional()?;
    let Some(id) = family else { return Ok(None) };
    let order = match order(tx, id)? {
        Some(order) => Some(order).filter(|order| order.doc == doc),
        None => begun(tx, doc, id, at_ms)?,
    };
    let Some(order) = order else { return Ok(None) };
    Ok(Some((order, shown(tx, doc, id)?)))
}

/// Of an order that reads otherwise by now than the version that the ERP took.
fn flag_amended(state: &mut OrderState, shown: Option<&Shown>, taken: Option<RecordId>) {
    let is_flagged = state.flags.iter().any(|flag| flag.flag == OrderFlag::Amended);
    if shown.map(|shown| shown.id) != taken && !is_flagged {
        state.flags.push(Flag::new(OrderFlag::Amended));
    }
}

/// What somebody should look at in an order, judged by the prices that it names.
fn flags(
    tx: &Transaction<'_>,
    rules: &judge::Rules,
    order: &Order,
    client: ClientId,
    shown: &Shown,
) -> Result<Vec<Flag>> {
    let Some((record, purchase)) = &shown.purchase else { return Ok(Vec::new()) };
    let header = &record.header;
    let list = rows::prices::price_list(tx, &client).map_err(rows_error)?;
    let price_list = list.as_deref();
    let mut past = |article: &str, family: Option<&str>, version: &str| {
        past_prices::of_version(tx, (client, price_list), article, family, version, header.date)
    };
    let judged = judge::Order { id: order.id, client, price_list, doc: order.doc, header, purchase };
    judge::judge(tx, rules, &judged, &mut past).map_err(rows_error)
}

/// The order that a record begins; `None` while it is not here.
fn begun(tx: &Transaction<'_>, doc: i64, id: RecordId, at_ms: i64) -> Result<Option<Order>> {
    let number: Option<Option<u64>> = tx
        .prepare_cached(
            "SELECT number FROM records WHERE id = ?1 AND kind = 'p' AND doc = ?2 AND target IS NULL",
        )?
        .query_row(params![id, doc], |row| row.get(0))
        .optional()?;
    let Some(Some(number)) = number else { return Ok(None) };
    let doubted = is_doubted(tx, id, number)?;
    Ok(Some(Order { id, number, doc, at_ms, sort: None, stage: OrderStage::Received, taken: None, doubted }))
}

/// What the ERP answered may be lost: where a phone brings back what the log had, and where the order was begun before
/// that could happen, since then the relay may have had it without the phone's knowing.
fn is_doubted(tx: &Transaction<'_>, id: RecordId, number: u64) -> Result<bool> {
    let since_ms: Option<i64> = tx
        .prepare_cached("SELECT orders_doubted_ms FROM workspace")?
        .query_row([], |row| row.get(0))
        .optional()?
        .flatten();
    let Some(since_ms) = since_ms else { return Ok(false) };
    let recovered = || -> Result<bool> {
        Ok(tx.prepare_cached("SELECT 1 FROM recovered WHERE number = ?1")?.exists([number])?)
    };
    Ok(id.made_ms() <= since_ms || recovered()?)
}

/// What the ERP answered since this file was written is lost: orders that wait for it wait for somebody who knows.
pub(in crate::storage::sqlite) fn doubt(tx: &Transaction<'_>, now_ms: i64) -> Result<()> {
    tx.execute("UPDATE workspace SET orders_doubted_ms = ?1", [now_ms])?;
    tx.execute(
        "UPDATE orders SET doubted = 1, attention = ?1 WHERE stage IN (?2, ?3)",
        params![Attention::InDoubt.as_str(), OPEN[0].code(), OPEN[1].code()],
    )?;
    Ok(())
}

/// Orders in doubt are offered after all: those named, or every one; how many there were.
pub(super) fn release(tx: &Transaction<'_>, ids: Option<&[RecordId]>) -> Result<usize> {
    let ids = match ids {
        Some(ids) => ids.to_vec(),
        None => tx
            .prepare("SELECT id FROM orders WHERE attention = ?1")?
            .query_map([Attention::InDoubt.as_str()], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?,
    };
    let reached = projection::reached(tx)?;
    let mut released = 0;
    for id in ids {
        let Some(found) = order(tx, id)?.filter(|order| order.doubted) else { continue };
        projection::renew(tx, reached, found.doc)?;
        let shown = shown(tx, found.doc, id)?;
        save(tx, &settled(Order { doubted: false, ..found }, shown.as_ref()))?;
        released += 1;
    }
    Ok(released)
}

fn order(tx: &Transaction<'_>, id: RecordId) -> Result<Option<Order>> {
    let read = |row: &Row<'_>| {
        Ok(Order {
            id,
            number: row.get(0)?,
            doc: row.get(1)?,
            at_ms: row.get(2)?,
            sort: row.get::<_, Option<u32>>(3)?.map(PurchaseSort::from_code),
            stage: OrderStage::from_code(row.get(4)?),
            taken: row.get(5)?,
            doubted: row.get(6)?,
        })
    };
    Ok(tx
        .prepare_cached(
            "SELECT o.number, o.doc, o.at_ms, o.sort, o.stage, o.taken, o.doubted
             FROM records r JOIN orders o ON o.number = r.number AND o.id = r.id WHERE r.id = ?1 AND r.kind = 'p'",
        )?
        .query_row([id], read)
        .optional()?)
}

/// Of the record that is shown for an order; `None` if it was taken back. The pluses keep the planner from reading every
/// purchase: it is found by id and family.
fn shown(tx: &Transaction<'_>, doc: i64, id: RecordId) -> Result<Option<Shown>> {
    let found: Option<(RecordId, Vec<u8>)> = tx
        .prepare_cached(
            "SELECT id, value FROM records
             WHERE +doc = ?1 AND +kind = 'p' AND (id = ?2 OR (family = ?2 AND target IS NOT NULL))
               AND shown = 1 AND root = ?2",
        )?
        .query_row(params![doc, id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.map(|(id, value)| Shown { id, purchase: purchase(&value) }))
}

fn purchase(value: &[u8]) -> Option<(Record, Purchase)> {
    let record = Record::decode(Kind::Purchase, value).ok()?;
    let Body::Purchase(purchase) = &record.body else { return None };
    let purchase = purchase.clone();
    Some((record, purchase))
}

/// An order with why it is not offered, or has to be looked at.
struct Settled {
    order: Order,
    attention: Option<Attention>,
}

/// The order with what follows from how it reads.
fn settled(order: Order, shown: Option<&Shown>) -> Settled {
    let is_open = OPEN.contains(&order.stage);
    let doubted = is_open && order.doubted;
    let attention = match (is_open, shown) {
        _ if doubted => Some(Attention::InDoubt),
        (true, None) => Some(Attention::Voided),
        (true, Some(shown)) => shown.purchase.is_none().then_some(Attention::Unreadable),
        // What the office itself put an end to is settled, whatever became of it here.
        (false, _) if matches!(order.stage, OrderStage::Declined | OrderStage::Cancelled) => None,
        (false, None) => Some(Attention::VoidedAfter),
        (false, Some(shown)) => (Some(shown.id) != order.taken).then_some(Attention::Amended),
    };
    let sort = shown.and_then(|shown| shown.purchase.as_ref()).map(|(_, purchase)| purchase.sort);
    Settled { order: Order { sort: sort.or(order.sort), doubted, ..order }, attention }
}

/// Writes an order's row, new or not.
fn save(tx: &Transaction<'_>, Settled { order, attention }: &Settled) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO orders (number, id, doc, at_ms, sort, stage, taken, attention, doubted)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (number, id) DO UPDATE SET sort = excluded.sort, stage = excluded.stage,
           taken = excluded.taken, attention = excluded.attention, doubted = excluded.doubted",
    )?
    .execute(params![
        order.number,
        order.id,
        order.doc,
        order.at_ms,
        order.sort.map(PurchaseSort::code),
        order.stage.code(),
        order.taken,
        attention.map(Attention::as_str),
        order.doubted
    ])?;
    Ok(())
}

/// What counts of an order's client.
#[derive(Default)]
struct Standing {
    /// The client that it was merged into.
    kept: Option<ClientId>,
    /// ERP code of the one that counts.
    code: Option<String>,
}

fn standing(tx: &Transaction<'_>, doc: i64) -> Result<Standing> {
    Ok(tx
        .prepare_cached(
            "SELECT c.alias_of, coalesce(k.erp_code, c.erp_code)
             FROM clients c LEFT JOIN clients k ON k.id = c.alias_of WHERE c.doc = ?1",
        )?
        .query_row([doc], |row| Ok(Standing { kept: row.get(0)?, code: row.get(1)? }))
        .optional()?
        .unwrap_or_default())
}

/// The client whose order this is.
pub(super) fn client(tx: &Transaction<'_>, id: RecordId) -> Result<Option<ClientId>> {
    match order(tx, id)? {
        Some(order) => client_at(tx, order.doc),
        None => Ok(None),
    }
}

/// Where an order stands, if anything was ever said of it.
pub(in crate::storage::sqlite) fn state(tx: &Transaction<'_>, id: RecordId) -> Result<Option<OrderState>> {
    Ok(state_value(tx, id)?.as_deref().and_then(read))
}

fn state_value(tx: &Transaction<'_>, id: RecordId) -> Result<Option<Vec<u8>>> {
    value_of(tx, KnownKind::OrderState.name(), "", &id.to_string())
}

fn read(value: &[u8]) -> Option<OrderState> {
    match Value::decode(&OfficeKind::Known(KnownKind::OrderState), value) {
        Ok(Value::OrderState(state)) => Some(state),
        _ => None,
    }
}

/// What the office's system says of an order in a feed. It never goes back; what was said before and is not said again
/// stays.
pub(super) fn told(log: &mut LogWriter<'_>, record: &OfficeWrite, at_ms: i64) -> Result<OfficePut> {
    let id = record.key.parse::<RecordId>().ok();
    let said = record.value.as_deref().and_then(read);
    let (Some(id), Some(said)) = (id, said) else { return Ok(OfficePut::OutOfBounds) };
    let Some(order) = order(log.tx, id)? else { return Ok(OfficePut::UnknownOrder) };
    log.renew(order.doc)?;
    let before = state(log.tx, id)?;
    if let Some(before) = before.as_ref().filter(|before| !before.stage.may_become(said.stage)) {
        return Ok(OfficePut::Backwards(before.stage));
    }
    let shown = shown(log.tx, order.doc, id)?;
    let taken = order.taken.or(shown.as_ref().map(|shown| shown.id)).filter(|_| !OPEN.contains(&said.stage));
    say(log, Order { taken, ..order }, shown.as_ref(), follow(before, said), at_ms)
}

/// Writes the state of an order, and what follows from it.
fn say(
    log: &mut LogWriter<'_>,
    order: Order,
    shown: Option<&Shown>,
    state: OrderState,
    at_ms: i64,
) -> Result<OfficePut> {
    let Some(client) = client_at(log.tx, order.doc)? else { return Ok(OfficePut::UnknownOrder) };
    let order = Order { stage: state.stage, ..order };
    save(log.tx, &settled(order, shown))?;
    put(log, &record_of(order.id, client, state), at_ms)
}

/// The state after another.
fn follow(before: Option<OrderState>, mut next: OrderState) -> OrderState {
    let Some(before) = before else {
        next.flags.clear();
        next.steps = vec![Step::new(next.stage, next.at_ms)];
        return next;
    };
    next.steps = before.steps;
    if before.stage == next.stage {
        next.at_ms = before.at_ms;
    } else {
        if next.steps.len() >= ORDER_STEPS_MAX {
            next.steps.pop();
        }
        next.steps.push(Step::new(next.stage, next.at_ms));
    }
    next.flags = before.flags;
    next.number = next.number.or(before.number);
    next.reason = next.reason.or(before.reason);
    next.invoice = next.invoice.or(before.invoice);
    if next.short.is_empty() {
        next.short = before.short;
    }
    next
}

fn record_of(id: RecordId, client: ClientId, state: OrderState) -> OfficeWrite {
    OfficeWrite {
        kind: KnownKind::OrderState.name().to_owned(),
        key: id.to_string(),
        client: Some(client),
        value: Some(Value::from(state).encode()),
        ..OfficeWrite::default()
    }
}

/// The ERP's answer. `Err`: nothing is to be written.
pub(super) fn acknowledge(log: &mut LogWriter<'_>, ack: &Ack) -> Result<std::result::Result<Acked, Acked>> {
    let tx = log.tx;
    let Some(order) = order(tx, ack.order)? else { return Ok(Err(Acked::UnknownOrder)) };
    log.renew(order.doc)?;
    let is_version = tx
        .prepare_cached(
            "SELECT 1 FROM records WHERE id = ?1 AND kind = 'p' AND +doc = ?2 AND voids = 0
               AND (id = ?3 OR (family = ?3 AND target IS NOT NULL))",
        )?
        .exists(params![ack.revision, order.doc, order.id])?;
    if !is_version {
        return Ok(Err(Acked::UnknownRevision));
    }
    let before = state(tx, order.id)?;
    let shown = shown(tx, order.doc, order.id)?;
    let is_current = shown.as_ref().is_some_and(|shown| shown.id == ack.revision);
    let mut next = match before {
        Some(before) if !OPEN.contains(&before.stage) => {
            if !same_answer(&before, &ack.said) {
                return Ok(Err(Acked::Conflict(before)));
            }
            // Said again of an older version: what was taken since stands.
            let again = order.taken == Some(ack.revision) || !is_current;
            let missed = before.reason.as_deref() == Some(NOT_KEPT) && before.reason != ack.said.reason;
            if again && !missed {
                let amended = shown.map(|shown| shown.id) != order.taken;
                return Ok(Err(Acked::Done { state: before, amended }));
            }
            OrderState { reason: ack.said.reason.clone().or(before.reason), ..before }
        }
        before => follow(before, ack.said.clone()),
    };
    next.flags.retain(|flag| flag.flag != OrderFlag::Amended);
    if !is_current {
        next.flags.push(Flag::new(OrderFlag::Amended));
    }
    let order = Order { taken: Some(ack.revision), ..order };
    say(log, order, shown.as_ref(), next.clone(), ack.deed.at_ms)?;
    audit::record(log.tx, &ack.deed)?;
    Ok(Ok(Acked::Done { state: next, amended: !is_current }))
}

/// What the journal says of an order, after a restore. `false`: no phone has brought it back yet.
pub(in crate::storage::sqlite) fn again(
    log: &mut LogWriter<'_>,
    id: RecordId,
    revision: Option<RecordId>,
    value: &[u8],
    at_ms: i64,
) -> Result<bool> {
    let Some(order) = order(log.tx, id)? else { return Ok(false) };
    log.renew(order.doc)?;
    let Some(said) = read(value) else { return Ok(true) };
    let before = state(log.tx, id)?;
    if before.as_ref().is_some_and(|before| !before.stage.may_become(said.stage)) {
        return Ok(true);
    }
    let shown = shown(log.tx, order.doc, id)?;
    let taken = revision.or(order.taken).or(shown.as_ref().map(|shown| shown.id));
    let taken = taken.filter(|_| !OPEN.contains(&said.stage));
    let mut next = follow(before, said);
    next.flags.retain(|flag| flag.flag != OrderFlag::Amended);
    if taken.is_some() {
        flag_amended(&mut next, shown.as_ref(), taken);
    }
    say(log, Order { taken, ..order }, shown.as_ref(), next, at_ms)?;
    Ok(true)
}

/// What the journal remembers: how far the order is, and under which number; nothing that was written in words.
pub(super) fn act(id: RecordId, revision: Option<RecordId>, state: &OrderState) -> Act {
    let kept = OrderState {
        number: state.number.clone(),
        reason: state.reason.as_ref().map(|_| NOT_KEPT.into()),
        invoice: state.invoice.clone(),
        ..OrderState::new(state.stage, state.at_ms)
    };
    let value = Bytes(Value::from(kept).encode());
    Act::Order { order: Text(id), revision: revision.map(Text), value }
}

/// Of records of a batch, those that were written.
pub(super) fn acts(records: &[OfficeWrite], puts: &[OfficePut]) -> Vec<Act> {
    let written = records.iter().zip(puts).filter(|(_, put)| matches!(put, OfficePut::Written(_)));
    let act = |(record, _): (&OfficeWrite, &OfficePut)| {
        Some(act(record.key.parse().ok()?, None, &read(record.value.as_deref()?)?))
    };
    written.filter_map(act).collect()
}

/// Whether an answer says what was said before.
fn same_answer(before: &OrderState, said: &OrderState) -> bool {
    match said.stage {
        OrderStage::Declined => {
            let reason = before.reason.as_deref();
            before.stage == OrderStage::Declined
                && (reason == said.reason.as_deref() || reason == Some(NOT_KEPT))
        }
        _ => before.stage != OrderStage::Declined && before.number == said.number,
    }
}

/// Notes orders that came before this table was there.
pub(super) fn catch_up(log: &mut LogWriter<'_>) -> Result<()> {
    let rules = judge::Rules::read(log.tx).map_err(rows_error)?;
    let mut statement = log.tx.prepare(
        "SELECT r.doc, r.id, r.number, coalesce(l.at_ms, 0), r.value
         FROM records r LEFT JOIN log l ON l.number = r.number
         WHERE r.kind = 'p' AND r.target IS NULL AND r.number IS NOT NULL ORDER BY r.number",
    )?;
    let found: Vec<(i64, RecordId, u64, i64, Vec<u8>)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (doc, id, number, at_ms, value) in found {
        let Some(mut place) = Placement::find(log.tx, doc)? else { continue };
        let Some(client) = client_at(log.tx, doc)? else { continue };
        let arrival = Arrival { id, is_correction: false, value: &value, number, at_ms };
        arrived(log, &rules, &mut place, client, &arrival)?;
        place.save_office(log.tx)?;
    }
    Ok(())
}

/// Whether there are such orders.
pub(super) fn is_behind(tx: &Transaction<'_>) -> Result<bool> {
    Ok(tx.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM orders) AND EXISTS (SELECT 1 FROM records WHERE kind = 'p')",
        [],
        |row| row.get(0),
    )?)
}
