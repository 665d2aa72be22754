//! What somebody should look at in an order. Nothing here refuses anything: an order that was taken is a fact.
//!
//! - **price**: a line's price is not that of the version of the price list that the line names; without a version, not
//!   the one of the order's day. Judged by an old version is judged by what the rep could know.
//! - **discount**: a line's discounts, one after the other, take off more than its conditions allow and more than reps
//!   may give (setting `rep_discount_percent`); the same for discounts off the whole.
//! - **article**, **stock**: unknown or withdrawn; out of stock.
//! - **credit**: the client is blocked, or this order takes what it owes past its limit.
//! - **same day**: another order of the client on that day. **clock**: the day itself is uncertain.
//!
//! Free goods have neither price nor discount to judge; a workspace without a catalogue has no unknown articles.

use rusqlite::{Connection, OptionalExtension, params};
use rust_decimal::Decimal as Number;

use super::Result;
use super::prices::{Condition, article, conditions, decide};
use crate::model::limits::{LINES_MAX, ORDER_FLAGS_MAX};
use crate::model::office::{Credit, Flag, Kind as OfficeKind, KnownKind, OrderFlag, Value};
use crate::model::profile::Scalar;
use crate::model::record::{Clock, Discount, Header, Line, Purchase, PurchaseSort};
use crate::model::{ClientId, Decimal, Money, RecordId};

/// Name of the setting that says how many per cent reps may take off, whatever the conditions say.
pub const REP_DISCOUNT_PERCENT: &str = "rep_discount_percent";

/// Shares of one per cent that rounding may make.
const TOLERANCE: Number = Number::from_parts(1, 0, 0, false, 2);

/// An order that is to be judged.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// The record that began it.
    pub id: RecordId,
    /// The client that counts.
    pub client: ClientId,
    /// Its price list.
    pub price_list: Option<&'a str>,
    /// The document that it is in.
    pub doc: i64,
    pub header: &'a Header,
    pub purchase: &'a Purchase,
}

/// Conditions of a version of the price list that are no longer in force: for a client, an article and its family.
pub type Past<'a> = dyn FnMut(&str, Option<&str>, &str) -> Result<Vec<Condition>> + 'a;

/// What the workspace says of all orders, read once for many of them.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Per cent that reps may take off.
    rep_discount: Option<Number>,
    /// There are articles that an order can name.
    has_catalogue: bool,
}

impl Rules {
    pub fn read(conn: &Connection) -> Result<Self> {
        let has_catalogue = conn.prepare_cached("SELECT 1 FROM articles LIMIT 1")?.exists([])?;
        Ok(Self { rep_discount: rep_discount(conn)?, has_catalogue })
    }
}

/// Flags of an order; those of the whole first, then line by line.
pub fn judge(conn: &Connection, rules: &Rules, order: &Order<'_>, past: &mut Past<'_>) -> Result<Vec<Flag>> {
    let purchase = order.purchase;
    let mut flags = Vec::new();
    if order.header.clock == Clock::Uncertain {
        flags.push(Flag::new(OrderFlag::Clock));
    }
    if purchase.sort == PurchaseSort::Order && has_another(conn, order)? {
        flags.push(Flag::new(OrderFlag::SameDay));
    }
    flags.extend(credit(conn, order)?);
    let allowed = rules.rep_discount;
    let taken = off(&purchase.discounts, None);
    if let (Some(allowed), Some(taken)) = (allowed, taken)
        && taken > allowed + TOLERANCE
    {
        flags.push(expecting(OrderFlag::Discount, None, percent(allowed)));
    }
    let lines = if rules.has_catalogue { purchase.lines.as_slice() } else { &[] };
    // What was written past the limits is taken as it is, and judged up to them.
    for (index, line) in lines.iter().enumerate().take(LINES_MAX) {
        if flags.len() >= ORDER_FLAGS_MAX {
            break;
        }
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        judge_line(conn, order, (index, line), allowed, past, &mut flags)?;
    }
    flags.truncate(ORDER_FLAGS_MAX);
    Ok(flags)
}

fn judge_line(
    conn: &Connection,
    order: &Order<'_>,
    (index, line): (u32, &Line),
    allowed: Option<Number>,
    past: &mut Past<'_>,
    flags: &mut Vec<Flag>,
) -> Result<()> {
    let about = |flag| Flag { line: Some(index), ..Flag::new(flag) };
    let Some(article) = article(conn, &line.article)? else {
        flags.push(about(OrderFlag::Article));
        return Ok(());
    };
    let comes_back = order.purchase.sort == PurchaseSort::Return || line.returned.is_some();
    if article.withdrawn && !comes_back {
        flags.push(about(OrderFlag::Article));
    }
    if article.out_of_stock && !comes_back {
        flags.push(about(OrderFlag::Stock));
    }
    if line.free || comes_back {
        return Ok(());
    }
    let currency = order.purchase.currency;
    let family = article.family.clone();
    let whom = (order.client, order.price_list);
    let mut found = conditions(conn, whom, &line.article, family.as_deref(), order.header.date)?;
    let version = line.price_source.as_ref().and_then(|source| source.version.as_deref());
    let mut is_known = true;
    if let Some(version) = version {
        found.retain(|found| found.price.version.as_deref().is_none_or(|of| of == version));
        found.extend(past(&line.article, family.as_deref(), version)?);
        is_known = found.iter().any(|found| found.price.version.as_deref() == Some(version));
    }
    let quantity = line.priced_quantity.unwrap_or(line.quantity);
    let quote = decide(article, found, quantity, currency);
    if let Some(price) = line.price {
        match quote.price {
            Some(expected) if !is_known || expected != price => {
                flags.push(expecting(OrderFlag::Price, Some(index), expected.to_string()));
            }
            // It names a version of which nobody here knows anything.
            None if !is_known => flags.push(about(OrderFlag::Price)),
            _ => {}
        }
    }
    let of_conditions = after(quote.discounts.iter().map(|percent| percent.inner()));
    // Where neither conditions nor a setting say anything of discounts, any is allowed.
    let most = match allowed {
        Some(allowed) => allowed.max(of_conditions),
        None if quote.discounts.is_empty() && !quote.net => return Ok(()),
        None => of_conditions,
    };
    let gross = line.price.and_then(|price| gross(price, quantity, currency.exponent()?));
    if let Some(taken) = off(&line.discounts, gross)
        && taken > most + TOLERANCE
    {
        flags.push(expecting(OrderFlag::Discount, Some(index), percent(most)));
    }
    Ok(())
}

fn expecting(flag: OrderFlag, line: Option<u32>, expected: String) -> Flag {
    Flag { line, expected: Some(expected), ..Flag::new(flag) }
}

/// Minor units of a quantity at a price.
fn gross(price: Decimal, quantity: Decimal, exponent: u32) -> Option<Number> {
    let scale = Number::from_i128_with_scale(10_i128.checked_pow(exponent)?, 0);
    price.inner().checked_mul(quantity.inner())?.checked_mul(scale)
}

/// Per cent that percentages take off, one after the other.
fn after(percents: impl Iterator<Item = Number>) -> Number {
    let left = percents.fold(Number::ONE_HUNDRED, |left, percent| {
        let share = (Number::ONE_HUNDRED - percent) / Number::ONE_HUNDRED;
        left.checked_mul(share).unwrap_or(Number::ZERO)
    });
    Number::ONE_HUNDRED - left
}

/// Per cent that discounts take off a gross amount in minor units; `None` where an amount is taken off nothing known.
fn off(discounts: &[Discount], gross: Option<Number>) -> Option<Number> {
    let mut left = Number::ONE_HUNDRED;
    for discount in discounts {
        let taken = match (discount.percent, discount.amount) {
            (Some(percent), _) => left.checked_mul(percent.inner())? / Number::ONE_HUNDRED,
            (None, Some(amount)) => {
                let gross = gross.filter(|gross| !gross.is_zero())?;
                Number::from(amount).checked_mul(Number::ONE_HUNDRED)?.checked_div(gross)?
            }
            (None, None) => Number::ZERO,
        };
        left = left.checked_sub(taken)?;
    }
    Number::ONE_HUNDRED.checked_sub(left)
}

fn percent(percent: Number) -> String {
    format!("{} %", percent.round_dp(2).normalize())
}

/// What reps may take off, if the workspace says so.
fn rep_discount(conn: &Connection) -> Result<Option<Number>> {
    Ok(match super::office::setting(conn, REP_DISCOUNT_PERCENT)? {
        Some(Scalar::Int(percent)) => Some(Number::from(percent)),
        _ => None,
    })
}

/// Another order of the client on that day which still stands.
fn has_another(conn: &Connection, order: &Order<'_>) -> Result<bool> {
    let sql = "SELECT value FROM records
               WHERE doc = ?1 AND date = ?2 AND shown = 1 AND kind = 'p' AND root <> ?3";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![order.doc, order.header.date.days(), order.id])?;
    while let Some(row) = rows.next()? {
        let value = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
        let sort = super::records::purchase(value).map(|(_, purchase)| purchase.sort);
        if sort == Some(PurchaseSort::Order) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Blocked, or over the limit with what this order takes.
fn credit(conn: &Connection, order: &Order<'_>) -> Result<Option<Flag>> {
    if order.purchase.sort == PurchaseSort::Return {
        return Ok(None);
    }
    let kind = KnownKind::Credit;
    let sql = "SELECT value FROM office INDEXED BY office_by_client
               WHERE kind = 'credit' AND client = ?1 AND value IS NOT NULL ORDER BY source LIMIT 1";
    let value: Option<Vec<u8>> =
        conn.prepare_cached(sql)?.query_row([order.client], |row| row.get(0)).optional()?;
    let read = value.and_then(|value| Value::decode(&OfficeKind::Known(kind), &value).ok());
    let Some(Value::Credit(Credit { limit, used, blocked, .. })) = read else { return Ok(None) };
    if blocked {
        return Ok(Some(Flag::new(OrderFlag::Credit)));
    }
    let total = Money::new(order.purchase.totals.total, order.purchase.currency);
    let Some(limit) = limit.filter(|limit| limit.currency == total.currency) else { return Ok(None) };
    let used = used.map_or(0, |used| used.minor);
    let owed = i128::from(used) + i128::from(total.minor);
    let is_over = owed > i128::from(limit.minor);
    Ok(is_over.then(|| expecting(OrderFlag::Credit, None, limit.to_string())))
}
