//! The window of sales: phones keep documents with their lines from a date on, and for the time before it the days and
//! months that were derived from them.
//!
//! The date is an office record like any other, the setting [`SALES_FROM`], which the relay writes each night; it only
//! ever moves forward. So both sides learn of it at the same number of the log: the relay stops counting what has
//! passed in its digests, and a phone forgets it.

use rusqlite::Connection;

use super::{Result, office};
use crate::model::BusinessDate;
use crate::model::office::{KnownKind, Sale, Value};
use crate::model::profile::Scalar;

/// Name of the setting.
pub const SALES_FROM: &str = "sales_from";

/// First date of the sales that phones keep; `None`: all of them.
pub fn sales_from(conn: &Connection) -> Result<Option<BusinessDate>> {
    Ok(match office::setting(conn, SALES_FROM)? {
        Some(Scalar::Text(date)) => date.parse().ok(),
        _ => None,
    })
}

/// Whether an office record is a sale from before the window. One that is about no client, or that this version cannot
/// read, never passes.
pub fn has_passed(kind: &str, about_client: bool, value: Option<&[u8]>, from: Option<BusinessDate>) -> bool {
    let (Some(from), Some(value)) = (from, value) else { return false };
    kind == KnownKind::Sale.name() && about_client && date_of(value).is_some_and(|date| date < from)
}

fn date_of(value: &[u8]) -> Option<BusinessDate> {
    match Value::decode(&KnownKind::Sale.into(), value) {
        Ok(Value::Sale(Sale { date, .. })) => Some(date),
        _ => None,
    }
}

/// Forgets the sales that have passed. Gives how many.
pub fn forget_passed(conn: &Connection) -> Result<u64> {
    let from = sales_from(conn)?;
    let mut passed: Vec<(String, String)> = Vec::new();
    if from.is_some() {
        let sql = "SELECT source, key, value FROM office
                   WHERE kind = 'sale' AND client IS NOT NULL AND value IS NOT NULL";
        let mut statement = conn.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let value = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
            if has_passed(KnownKind::Sale.name(), true, Some(value), from) {
                passed.push((row.get(0)?, row.get(1)?));
            }
        }
    }
    for (source, key) in &passed {
        office::forget_one(conn, KnownKind::Sale.name(), source, key)?;
    }
    Ok(passed.len() as u64)
}
