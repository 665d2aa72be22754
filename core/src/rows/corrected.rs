//! On which day a document of the office's counts: its own, or that of the one it corrects.

use rusqlite::Connection;

use super::{Result, office};
use crate::model::office::{KnownKind, Sale, Value};
use crate::model::{BusinessDate, ClientId};

/// The day of the document that a credit note names, where that is the same client's and not from before `from`;
/// otherwise its own. `source` and `key` are its own name.
pub(super) fn counts_on(
    conn: &Connection,
    (source, key): (&str, &str),
    client: Option<&ClientId>,
    sale: &Sale,
    from: BusinessDate,
) -> Result<BusinessDate> {
    let Some(target) = sale.counts_with(key) else { return Ok(sale.date) };
    let found = office::get(conn, KnownKind::Sale.name(), source, target)?;
    let of_target =
        found.filter(|(entry, _)| entry.client.as_ref() == client).and_then(
            |(entry, _)| match Value::decode(&KnownKind::Sale.into(), &entry.value?) {
                Ok(Value::Sale(target)) => Some(target.date),
                _ => None,
            },
        );
    Ok(of_target.filter(|date| *date >= from).unwrap_or(sale.date))
}
