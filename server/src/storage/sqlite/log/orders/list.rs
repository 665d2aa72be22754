//! Orders to be picked up, and those that are not.

use cartera_core::model::RecordId;
use cartera_core::model::office::OrderStage;
use cartera_core::model::record::PurchaseSort;
use rusqlite::{OptionalExtension, Row, ToSql, Transaction, params};

use super::state;
use crate::storage::Result;
use crate::storage::orders::{Attention, DeadLetter, Listed, StoredOrder};

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
        Ok(DeadLetter {
            id: row.get(0)?,
            number: row.get(1)?,
            received_ms: row.get(2)?,
            client: row.get(3)?,
            client_name: row.get(4)?,
            why: attention(&word),
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

fn attention(word: &str) -> Attention {
    Attention::ALL.into_iter().find(|why| why.as_str() == word).unwrap_or(Attention::Unreadable)
}

/// In which order stages are listed: what needs somebody first.
const RANK: &str = "CASE o.stage WHEN 6 THEN 0 WHEN 2 THEN 1 WHEN 1 THEN 2 ELSE 3 END";

pub(in crate::storage::sqlite::log) fn listed(
    tx: &Transaction<'_>,
    stage: Option<OrderStage>,
    (skip, limit): (usize, usize),
) -> Result<Vec<Listed>> {
    let page = format!(
        "SELECT number, id FROM orders o WHERE ?1 IS NULL OR stage = ?1
         ORDER BY {RANK}, number DESC, id DESC LIMIT ?3 OFFSET ?2"
    );
    rows(
        tx,
        &page,
        &format!("{RANK}, o.number DESC, o.id DESC"),
        &[&stage.map(OrderStage::code), &skip, &limit],
    )
}

pub(in crate::storage::sqlite::log) fn one(tx: &Transaction<'_>, id: RecordId) -> Result<Option<Listed>> {
    let found = "SELECT r.number, r.id FROM records r WHERE r.id = ?1 AND r.kind = 'p'";
    Ok(rows(tx, found, "o.number", &[&id])?.into_iter().next())
}

pub(in crate::storage::sqlite::log) fn counted(tx: &Transaction<'_>) -> Result<Vec<(OrderStage, u64)>> {
    let mut statement =
        tx.prepare_cached("SELECT stage, count(*) FROM orders GROUP BY stage ORDER BY stage")?;
    let rows = statement.query_map([], |row| Ok((OrderStage::from_code(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The orders that `page` names by number and id.
fn rows(tx: &Transaction<'_>, page: &str, order: &str, params: &[&dyn ToSql]) -> Result<Vec<Listed>> {
    let mut statement = tx.prepare_cached(&format!(
        "WITH page (number, id) AS ({page})
         SELECT o.id, o.at_ms, coalesce(k.id, c.id), coalesce(k.name, c.name), coalesce(k.erp_code, c.erp_code),
           p.id, p.name, r.id, o.attention, r.value, o.stage
         FROM page JOIN orders o ON o.number = page.number AND o.id = page.id {CLIENT}
         LEFT JOIN records r ON {SHOWN}
         LEFT JOIN actors a ON a.actor = r.actor LEFT JOIN people p ON p.id = a.person
         ORDER BY {order}"
    ))?;
    let read = |row: &Row<'_>| {
        let (author, name) = (row.get::<_, Option<_>>(5)?, row.get::<_, Option<String>>(6)?);
        let code: Option<String> = row.get(4)?;
        let waits = OrderStage::from_code(row.get(10)?);
        let waits = matches!(waits, OrderStage::Received | OrderStage::WaitingForClient);
        let word: Option<String> = row.get(8)?;
        let why = word.map(|word| attention(&word));
        let why = why.or((waits && code.is_none()).then_some(Attention::NoClientCode));
        Ok(Listed {
            id: row.get(0)?,
            received_ms: row.get(1)?,
            client: row.get(2)?,
            client_name: row.get(3)?,
            client_code: code,
            author: author.zip(name),
            revision: row.get(7)?,
            why,
            state: None,
            value: row.get(9)?,
        })
    };
    let found = statement.query_map(params, read)?;
    let mut found: Vec<Listed> = found.collect::<rusqlite::Result<_>>()?;
    for order in &mut found {
        order.state = state(tx, order.id)?;
    }
    Ok(found)
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
    Ok(tx
        .prepare_cached(&format!(
            "SELECT r.id FROM orders o JOIN records r ON {SHOWN} WHERE o.number = ?1 AND o.id = ?2"
        ))?
        .query_row(params![number, id], |row| row.get(0))
        .optional()?)
}
