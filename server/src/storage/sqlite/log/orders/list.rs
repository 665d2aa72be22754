//! Orders to be picked up, and those that are not.

use cartera_core::model::RecordId;
use cartera_core::model::record::PurchaseSort;
use rusqlite::{Transaction, params};

use super::state;
use crate::storage::Result;
use crate::storage::orders::{Attention, DeadLetter, StoredOrder};

/// The row of a client, and of the one that it was merged into.
const CLIENT: &str = "JOIN clients c ON c.doc = o.doc LEFT JOIN clients k ON k.id = c.alias_of";
/// The record that an order is shown as; found by its family, not among all of the document's.
pub(in crate::storage::sqlite) const SHOWN: &str =
    "+r.doc = o.doc AND +r.kind = 'p' AND r.shown = 1 AND r.root = o.id
  AND (r.id = o.id OR (r.family = o.id AND r.target IS NOT NULL))";

pub(in crate::storage::sqlite::log) fn open(
    tx: &Transaction<'_>,
    sort: PurchaseSort,
    after: u64,
    limit: usize,
) -> Result<Vec<StoredOrder>> {
    let mut statement = tx.prepare_cached(&format!(
        "SELECT o.id, o.number, o.at_ms, r.id, c.id, coalesce(k.id, c.id), coalesce(k.name, c.name),
           coalesce(k.erp_code, c.erp_code), p.id, p.name, r.value
         FROM orders o {CLIENT} JOIN records r ON {SHOWN}
         JOIN actors a ON a.actor = r.actor LEFT JOIN people p ON p.id = a.person
         WHERE o.stage IN (1, 2) AND o.number > ?1 AND o.sort = ?2 AND o.attention IS NULL
           AND coalesce(k.erp_code, c.erp_code) IS NOT NULL
         ORDER BY o.number"
    ))?;
    let rows = statement.query_map(params![after, sort.code()], |row| {
        let author = row.get::<_, Option<_>>(8)?;
        let name: Option<String> = row.get(9)?;
        Ok(StoredOrder {
            id: row.get(0)?,
            number: row.get(1)?,
            received_ms: row.get(2)?,
            revision: row.get(3)?,
            client: row.get(4)?,
            kept: row.get(5)?,
            client_name: row.get(6)?,
            client_code: row.get(7)?,
            author: author.zip(name),
            state: None,
            value: row.get(10)?,
        })
    })?;
    let mut orders = page(rows, limit, |order: &StoredOrder| order.number)?;
    for order in &mut orders {
        order.state = state(tx, order.id)?;
    }
    Ok(orders)
}

pub(in crate::storage::sqlite::log) fn dead_letters(
    tx: &Transaction<'_>,
    after: u64,
    limit: usize,
) -> Result<Vec<DeadLetter>> {
    let no_code = Attention::NoClientCode.as_str();
    let columns = "o.id, o.number, o.at_ms, c.id, coalesce(k.name, c.name), o.taken";
    let mut statement = tx.prepare_cached(&format!(
        "SELECT {columns}, o.attention FROM orders o {CLIENT}
         WHERE o.attention IS NOT NULL AND o.number > ?1
         UNION ALL
         SELECT {columns}, '{no_code}' FROM orders o {CLIENT}
         WHERE o.stage IN (1, 2) AND o.attention IS NULL AND o.number > ?1
           AND coalesce(k.erp_code, c.erp_code) IS NULL
         ORDER BY 2"
    ))?;
    let rows = statement.query_map([after], |row| {
        let word: String = row.get(6)?;
        let why = Attention::ALL.into_iter().find(|why| why.as_str() == word);
        Ok(DeadLetter {
            id: row.get(0)?,
            number: row.get(1)?,
            received_ms: row.get(2)?,
            client: row.get(3)?,
            client_name: row.get(4)?,
            why: why.unwrap_or(Attention::Unreadable),
            revision: None,
            taken: row.get(5)?,
            state: None,
        })
    })?;
    let mut letters = page(rows, limit, |letter: &DeadLetter| letter.number)?;
    for letter in &mut letters {
        letter.state = state(tx, letter.id)?;
        letter.revision = revision(tx, letter.number, letter.id)?;
    }
    Ok(letters)
}

/// The first `limit`, and whatever came with the last of them: a change may bring several orders, and the next page
/// begins after its number.
fn page<T>(
    rows: impl Iterator<Item = rusqlite::Result<T>>,
    limit: usize,
    number: impl Fn(&T) -> u64,
) -> Result<Vec<T>> {
    let mut page: Vec<T> = Vec::new();
    for row in rows {
        let row = row?;
        if page.len() >= limit && page.last().is_none_or(|last| number(last) != number(&row)) {
            break;
        }
        page.push(row);
    }
    Ok(page)
}

fn revision(tx: &Transaction<'_>, number: u64, id: RecordId) -> Result<Option<RecordId>> {
    use rusqlite::OptionalExtension;
    Ok(tx
        .prepare_cached(&format!(
            "SELECT r.id FROM orders o JOIN records r ON {SHOWN} WHERE o.number = ?1 AND o.id = ?2"
        ))?
        .query_row(params![number, id], |row| row.get(0))
        .optional()?)
}
