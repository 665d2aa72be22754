//! Prices that are no longer in force, by the version of the price list that they belonged to: an order that was written
//! offline is judged by the prices that its rep could know.

use cartera_core::model::BusinessDate;
use cartera_core::model::ClientId;
use cartera_core::model::office::{Kind, KnownKind, Price, Value};
use cartera_core::rows::prices::{Condition, Origin};
use cartera_core::rows::{self, office::OfficeEntry};
use rusqlite::{Transaction, params};

use crate::storage::Result;

/// Versions of one condition that are kept.
const VERSIONS_KEPT: usize = 12;

/// Keeps a price that another value, or none, is about to replace, if it belongs to a version that ends with it.
pub(super) fn keep(
    tx: &Transaction<'_>,
    before: &OfficeEntry,
    next: Option<&[u8]>,
    number: u64,
) -> Result<()> {
    if before.kind != KnownKind::Price.name() {
        return Ok(());
    }
    let Some(price) = before.value.as_deref().and_then(read) else { return Ok(()) };
    let Some(version) = &price.version else { return Ok(()) };
    if next.and_then(read).is_some_and(|next| next.version.as_ref() == Some(version)) {
        return Ok(());
    }
    let (source, key) = (&before.source, &before.key);
    tx.prepare_cached(
        "INSERT OR REPLACE INTO past_prices (source, key, version, article, family, client, price_list, number, value)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        source,
        key,
        version,
        price.article,
        price.family,
        before.client,
        price.price_list,
        number,
        before.value
    ])?;
    tx.prepare_cached(
        "DELETE FROM past_prices WHERE source = ?1 AND key = ?2 AND number NOT IN (
           SELECT number FROM past_prices WHERE source = ?1 AND key = ?2 ORDER BY number DESC LIMIT ?3)",
    )?
    .execute(params![source, key, VERSIONS_KEPT as i64])?;
    Ok(())
}

/// What a version said of an article or its family, for a client with that price list, on a day.
pub(super) fn of_version(
    tx: &Transaction<'_>,
    (client, list): (ClientId, Option<&str>),
    article: &str,
    family: Option<&str>,
    version: &str,
    day: BusinessDate,
) -> rows::Result<Vec<Condition>> {
    // Each of them is a stretch of an index; with `OR` it would be all that the version says of the article.
    let each = ["client = ?4", "client IS NULL AND price_list IS NULL", "client IS NULL AND price_list = ?5"];
    let of = |what: &str| {
        each.map(|whom| {
            format!(
                "SELECT source, key, number, client, value FROM past_prices
                 WHERE version = ?1 AND {what} AND {whom}"
            )
        })
    };
    let sql = [of("article = ?2"), of("article IS NULL AND family = ?3")].concat().join(" UNION ALL ");
    let mut statement = tx.prepare_cached(&(sql + " ORDER BY 1, 2, 3"))?;
    let mut rows = statement.query(params![version, article, family, client, list])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let value: Vec<u8> = row.get(4)?;
        let Some(price) = read(&value).filter(|price| price.holds_on(day)) else { continue };
        let origin = match (row.get::<_, Option<ClientId>>(3)?, &price.price_list) {
            (Some(_), _) => Origin::Client,
            (None, Some(_)) => Origin::PriceList,
            (None, None) => Origin::Everybody,
        };
        found.push(Condition { price, origin, source: row.get(0)?, key: row.get(1)?, number: row.get(2)? });
    }
    Ok(found)
}

/// Forgets a client's own prices.
pub(super) fn erase_client(tx: &Transaction<'_>, client: &ClientId) -> Result<()> {
    tx.prepare_cached("DELETE FROM past_prices WHERE client = ?1")?.execute([client])?;
    Ok(())
}

fn read(value: &[u8]) -> Option<Price> {
    match Value::decode(&Kind::Known(KnownKind::Price), value) {
        Ok(Value::Price(price)) => Some(price),
        _ => None,
    }
}
