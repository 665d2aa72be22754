//! The window of sales: phones keep documents with their lines from a date on, and for the time before it the days and
//! months that were derived from them.
//!
//! The date is an office record like any other, the setting [`SALES_FROM`], which the relay writes each night; it only
//! ever moves forward. So both sides learn of it at the same number of the log: the relay stops counting what has
//! passed in its digests, and a phone forgets it: a bounded number in each write ([`passed`], [`forget`]), before it
//! compares digests again.

use rusqlite::Connection;

use super::office::{OfficeEntry, OfficeKey};
use super::{Result, office};
use crate::model::BusinessDate;
use crate::model::office::{KnownKind, Sale};
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

/// Whether an office record is a sale from before the window. One that is about no client, or whose date this version
/// cannot read, never passes.
pub fn has_passed(kind: &str, about_client: bool, value: Option<&[u8]>, from: Option<BusinessDate>) -> bool {
    let (Some(from), Some(value)) = (from, value) else { return false };
    kind == KnownKind::Sale.name() && about_client && Sale::date_in(value).is_some_and(|date| date < from)
}

/// Sales that have passed, with the numbers that they have now.
#[derive(Debug, Default)]
pub struct Passed {
    sales: Vec<(OfficeKey, u64)>,
    /// The last record that was looked at; `None`: there is none after it.
    pub next: Option<OfficeKey>,
}

/// Looks at the next `limit` sales after one, or from the first on. It writes nothing.
pub fn passed(conn: &Connection, after: Option<&OfficeKey>, limit: usize) -> Result<Passed> {
    let Some(from) = sales_from(conn)? else { return Ok(Passed::default()) };
    let first = OfficeKey::first(KnownKind::Sale);
    let found = office::of_kind(conn, KnownKind::Sale, after.unwrap_or(&first), limit)?;
    let next = found.last().filter(|_| found.len() == limit).map(|(last, _)| last.name());
    let has_passed = |(entry, _): &&(OfficeEntry, u64)| {
        has_passed(&entry.kind, entry.client.is_some(), entry.value.as_deref(), Some(from))
    };
    let sales = found.iter().filter(has_passed).map(|(entry, number)| (entry.name(), *number)).collect();
    Ok(Passed { sales, next })
}

/// Forgets them, but for those that were said anew since they were looked at. Gives how many.
pub fn forget(conn: &Connection, passed: &Passed) -> Result<usize> {
    let mut forgotten = 0;
    for (OfficeKey { kind, source, key }, number) in &passed.sales {
        forgotten += usize::from(office::forget_as_of(conn, kind, source, key, *number)?);
    }
    Ok(forgotten)
}

/// Whether there is any sale that could pass.
pub fn any_sale(conn: &Connection) -> Result<bool> {
    Ok(conn.prepare_cached("SELECT 1 FROM office WHERE kind = ?1")?.exists([KnownKind::Sale.name()])?)
}

#[cfg(test)]
mod tests;
