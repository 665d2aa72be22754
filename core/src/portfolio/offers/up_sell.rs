//! Up-sell: the next dearer article of the same family, at the client's own prices.

use rusqlite::{Connection, params};

use crate::model::office::Article;
use crate::model::record::less_discounts;
use crate::model::{BusinessDate, ClientId, Currency, Decimal};
use crate::rows::{
    self,
    prices::{self, Quote},
};

/// Articles of a family that are looked at, the first ones by code.
pub const FAMILY_ARTICLES_MAX: usize = 500;

/// A step up in price.
#[derive(Debug, Clone, PartialEq)]
pub struct UpSell {
    pub article: String,
    pub name: String,
    /// Of the priced unit, less discounts, in whole units of the currency: of the one that was asked about, and of this.
    pub from: Decimal,
    pub price: Decimal,
    /// By how much it is dearer.
    pub by: Decimal,
    pub currency: Currency,
    pub unit: Option<String>,
    /// Articles of the family that have a price to compare, the one that was asked about among them.
    pub compared: u64,
}

/// The next dearer article on sale of the family of `code`, sold and priced by the same units, at the prices of this
/// client's price list and conditions for that quantity; of several at one price the first by code. `None` where there is
/// none, or the article is not in the catalogue, has no family or no price in that currency.
pub fn up_sell(
    conn: &Connection,
    client: &ClientId,
    code: &str,
    quantity: Decimal,
    currency: Currency,
    day: BusinessDate,
) -> rows::Result<Option<UpSell>> {
    let Some(own) = prices::quote(conn, client, code, quantity, currency, day)? else { return Ok(None) };
    let (Some(from), Some(family)) = (net(&own), own.article.family.clone()) else { return Ok(None) };
    let sql = "SELECT DISTINCT code FROM articles WHERE family = ?1 AND withdrawn = 0 ORDER BY code LIMIT ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let codes = statement.query_map(params![family, FAMILY_ARTICLES_MAX as i64], |row| row.get(0))?;
    let codes: Vec<String> = codes.collect::<rusqlite::Result<_>>()?;
    let (mut compared, mut best): (u64, Option<(Decimal, String, Article)>) = (1, None);
    for other in codes.into_iter().filter(|other| other != code) {
        let Some(quote) = prices::quote(conn, client, &other, quantity, currency, day)? else { continue };
        // Another source's article of that code may be the one that counts, and of another family.
        let alike = quote.article.family.as_deref() == Some(family.as_str())
            && units(&quote.article) == units(&own.article);
        let Some(price) = net(&quote).filter(|_| alike && !quote.article.withdrawn) else { continue };
        compared += 1;
        let is_next = price > from && best.as_ref().is_none_or(|(best, ..)| price < *best);
        if is_next && !quote.article.out_of_stock {
            best = Some((price, other, quote.article));
        }
    }
    let step = best.and_then(|(price, article, Article { name, unit, priced_unit, .. })| {
        let by = price.inner().checked_sub(from.inner())?;
        let by = Decimal::try_from(by).ok()?;
        Some(UpSell { article, name, from, price, by, currency, unit: priced_unit.or(unit), compared })
    });
    Ok(step)
}

/// What is paid for one unit; nothing is sold for nothing.
fn net(quote: &Quote) -> Option<Decimal> {
    less_discounts(quote.price?, &quote.discounts).filter(|price| !price.is_zero())
}

fn units(article: &Article) -> (Option<&str>, Option<&str>) {
    (article.unit.as_deref(), article.priced_unit.as_deref())
}
