//! Lines of orders: what became of each, what a new one starts from, and the last order again.

use rusqlite::{Connection, OptionalExtension, params};

use super::orders;
use crate::model::office::{Flag, Short};
use crate::model::record::{Body, Discount, Kind, Line, PriceSource, Purchase, PurchaseSort, Record, Tax};
use crate::model::{BusinessDate, ClientId, Currency, Decimal, RecordId};
use crate::rows::{self, prices};

/// A line of an order, and what the office said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct LineNow {
    pub line: Line,
    /// What of it was not delivered (*falta*); said of an article, and shown at its first line.
    pub missing: Option<Decimal>,
    /// What the office looks at in this line.
    pub flags: Vec<Flag>,
}

/// The lines of an order as it reads now, by the record that began it; `None` if it is not here.
pub fn now(conn: &Connection, order: &RecordId) -> rusqlite::Result<Option<(Currency, Vec<LineNow>)>> {
    let sql = "SELECT value FROM records
               WHERE doc = (SELECT doc FROM records WHERE id = ?1 AND kind = 'p') AND shown = 1
                 AND kind = 'p' AND root = ?1";
    let value: Option<Vec<u8>> = conn.prepare_cached(sql)?.query_row([order], |row| row.get(0)).optional()?;
    let (Some(purchase), Some(life)) = (value.and_then(|value| purchase(&value)), orders::life(conn, order)?)
    else {
        return Ok(None);
    };
    let mut short: Vec<Short> = life.short;
    let lines = purchase.lines.into_iter().enumerate().map(|(at, line)| {
        let said = short.iter().position(|short| short.article == line.article);
        let missing = said.map(|said| short.remove(said).missing);
        let of_line = |flag: &&Flag| flag.line.is_some_and(|of| of as usize == at);
        LineNow { line, missing, flags: life.flags.iter().filter(of_line).cloned().collect() }
    });
    Ok(Some((purchase.currency, lines.collect())))
}

/// A line for so much of an article at what it costs the client on a day, with its tax; `unit` where it is not the sales
/// unit. `None` where the article is not in the catalogue.
pub fn priced(
    conn: &Connection,
    client: &ClientId,
    (code, quantity, unit): (&str, Decimal, Option<&str>),
    currency: Currency,
    day: BusinessDate,
) -> rows::Result<Option<Line>> {
    let Some(quote) = prices::quote(conn, client, code, quantity, currency, day)? else { return Ok(None) };
    let origin = quote.line_origin();
    let article = quote.article;
    let tax = match &article.tax {
        Some(key) => prices::tax(conn, key, day)?.map(|tax| Tax::new(key.clone(), tax.percent)),
        None => None,
    };
    let unit = unit.map(str::to_owned).or(article.unit).unwrap_or_default();
    let percent = |percent| Discount { origin, ..Discount::percent(percent) };
    Ok(Some(Line {
        description: Some(article.name),
        price: quote.price,
        price_source: origin.map(|origin| PriceSource::new(origin, quote.version)),
        discounts: quote.discounts.into_iter().map(percent).collect(),
        taxes: tax.into_iter().collect(),
        priced_unit: article.priced_unit.filter(|priced| *priced != unit),
        ..Line::new(code, quantity, unit)
    }))
}

/// The last order again, as it would be written today.
#[derive(Debug, Clone, PartialEq)]
pub struct Again {
    /// Amounts are still to be computed.
    pub order: Purchase,
    /// When it was placed.
    pub on: BusinessDate,
    /// Articles that are not on sale any more, by the names that they had: no line of it has them.
    pub left_out: Vec<String>,
}

/// The client's last order or direct sale, whoever took it, with the same articles, quantities and delivery point at
/// today's prices. What came back or was given for nothing then is not sold again. `None` where there is none.
pub fn again(conn: &Connection, client: &ClientId, today: BusinessDate) -> rows::Result<Option<Again>> {
    let sql = "SELECT r.date, r.value FROM clients c JOIN records r ON r.doc = c.doc
               WHERE c.id = ?1 AND r.shown = 1 AND r.kind = 'p' ORDER BY r.date DESC, r.record DESC";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![client])?;
    while let Some(row) = rows.next()? {
        let value = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        let (Some(last), Some(on)) = (purchase(value), BusinessDate::from_days(row.get(0)?)) else {
            continue;
        };
        if !matches!(last.sort, PurchaseSort::Order | PurchaseSort::DirectSale) {
            continue;
        }
        let (mut lines, mut left_out) = (Vec::new(), Vec::new());
        for old in last.lines.into_iter().filter(|line| !line.free && line.returned.is_none()) {
            let known = prices::article(conn, &old.article)?.filter(|article| !article.withdrawn);
            let wanted = (old.article.as_str(), old.quantity, Some(old.unit.as_str()));
            match known {
                Some(_) => lines.extend(priced(conn, client, wanted, last.currency, today)?),
                None => left_out.push(old.description.unwrap_or(old.article)),
            }
        }
        let order = Purchase {
            lines,
            deliver_to: last.deliver_to,
            ..Purchase::new(PurchaseSort::Order, last.currency)
        };
        return Ok(Some(Again { order, on, left_out }));
    }
    Ok(None)
}

fn purchase(value: &[u8]) -> Option<Purchase> {
    match Record::decode(Kind::Purchase, value).ok()?.body {
        Body::Purchase(purchase) => Some(purchase),
        _ => None,
    }
}
