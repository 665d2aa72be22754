//! What a client bought, as the office has it: its documents, the latest first, and what each month brought.

use rusqlite::Connection;

use crate::model::office::{KnownKind, Sale, Value};
use crate::model::{BusinessDate, ClientId, Currency};
use crate::rows::aliases::{kept, members};
use crate::rows::{self, sales};

/// An invoice, credit note or delivery note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The system that it comes from.
    pub source: String,
    pub number: String,
    pub sale: Sale,
}

/// What one month brought in one currency, by the rule of all figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub month: BusinessDate,
    pub currency: Currency,
    /// Minor units.
    pub net: i128,
    /// Days on which the client bought.
    pub events: u64,
}

/// Documents by date, the latest first: at most `limit` after having skipped `skip`. Those of clients that were merged
/// into this one are among them, cancelled ones too; a phone keeps some months of them. What this version cannot read is
/// left out.
pub fn documents(
    conn: &Connection,
    client: &ClientId,
    (skip, limit): (usize, usize),
) -> rows::Result<Vec<Document>> {
    let mut named: Vec<(BusinessDate, String, String, Vec<u8>)> = Vec::new();
    let mut statement = conn.prepare_cached(
        "SELECT source, key, value FROM office INDEXED BY office_by_client
         WHERE client = ?1 AND kind = 'sale' AND value IS NOT NULL",
    )?;
    for member in members(conn, kept(conn, *client)?)? {
        let mut rows = statement.query([member])?;
        while let Some(row) = rows.next()? {
            let value: Vec<u8> = row.get(2)?;
            let Some(date) = Sale::date_in(&value) else { continue };
            named.push((date, row.get(0)?, row.get(1)?, value));
        }
    }
    named.sort_unstable_by(|one, other| other.cmp(one));
    let page = named.into_iter().skip(skip).take(limit.min(super::MAX_PAGE));
    let read =
        page.filter_map(|(_, source, number, value)| match Value::decode(&KnownKind::Sale.into(), &value) {
            Ok(Value::Sale(sale)) => Some(Document { source, number, sale }),
            _ => None,
        });
    Ok(read.collect())
}

/// Months with sales, the latest first, by currency; the whole history, of those of merged clients too.
pub fn months(
    conn: &Connection,
    client: &ClientId,
    (skip, limit): (usize, usize),
) -> rows::Result<Vec<Month>> {
    let mut months: Vec<Month> = Vec::new();
    let mut days = sales::days_of(conn, sales::source(conn)?, kept(conn, *client)?)?;
    let first_of = |date: BusinessDate| BusinessDate::try_from(date.civil().first_of_month()).unwrap_or(date);
    days.sort_by_key(|day| std::cmp::Reverse((first_of(day.date), day.currency)));
    for day in days {
        let (month, currency) = (first_of(day.date), day.currency);
        if months.last().is_none_or(|last| (last.month, last.currency) != (month, currency)) {
            months.push(Month { month, currency, net: 0, events: 0 });
        }
        if let Some(last) = months.last_mut() {
            last.net += i128::from(day.net);
            last.events += u64::from(day.event);
        }
    }
    Ok(months.into_iter().skip(skip).take(limit.min(super::MAX_PAGE)).collect())
}
