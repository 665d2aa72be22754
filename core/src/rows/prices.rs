//! What an article costs a client on a day.
//!
//! Conditions that hold on that day, for that quantity, in that currency are compared in this order; the first that
//! tells them apart decides:
//!
//! 1. whom for: the client itself, then the client's price list, then everybody;
//! 2. what for: the article, then its family;
//! 3. the larger minimum quantity;
//! 4. the later first day;
//! 5. source and key, so that phone and relay never differ.
//!
//! The price is that of the first condition that has one, else the article's own. Discounts are those of the first
//! condition that has any, unless the price is net. A price whose condition is for another currency is none.

use rusqlite::{Connection, OptionalExtension, params};

use crate::model::office::{Article, Kind, KnownKind, Price, Tax, Value};
use crate::model::profile::ClientField;
use crate::model::record::PriceOrigin;
use crate::model::{BusinessDate, ClientId, Currency, Decimal};

use super::{Result, client};

/// What a line of an order starts from.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    /// In whole units of the currency, for one priced unit; `None`: nobody has said.
    pub price: Option<Decimal>,
    pub origin: Origin,
    /// Per cent, one after the other.
    pub discounts: Vec<Decimal>,
    /// The version of the price list, which an order names.
    pub version: Option<String>,
    pub promotion: Option<String>,
    pub net: bool,
    pub article: Article,
    /// The log number under which the price came: how fresh it is.
    pub number: Option<u64>,
}

impl Quote {
    /// What a line of an order says of where its price comes from; `None` without a price.
    pub fn line_origin(&self) -> Option<PriceOrigin> {
        let own = match self.origin {
            Origin::Client => PriceOrigin::Agreed,
            Origin::PriceList | Origin::Everybody | Origin::Article => PriceOrigin::List,
            Origin::None => return None,
        };
        Some(if self.promotion.is_some() { PriceOrigin::Promotion } else { own })
    }
}

/// Where the price comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Client,
    PriceList,
    Everybody,
    Article,
    None,
}

/// Conditions of one article that are looked at; an article with more than this many that hold today has its prices
/// badly kept, and the first ones by key count.
pub const MAX_CONDITIONS: usize = 1_000;

/// `None` when the article is not in the catalogue.
pub fn quote(
    conn: &Connection,
    client: &ClientId,
    code: &str,
    quantity: Decimal,
    currency: Currency,
    day: BusinessDate,
) -> Result<Option<Quote>> {
    let Some(article) = article(conn, code)? else { return Ok(None) };
    let list = price_list(conn, client)?;
    let found = conditions(conn, (*client, list.as_deref()), code, article.family.as_deref(), day)?;
    Ok(Some(decide(article, found, quantity, currency)))
}

/// What these conditions, which hold on the day, make of a quantity in a currency.
pub fn decide(
    article: Article,
    mut conditions: Vec<Condition>,
    quantity: Decimal,
    currency: Currency,
) -> Quote {
    conditions.retain(|found| {
        found.price.currency == currency && found.price.min_quantity.is_none_or(|least| least <= quantity)
    });
    conditions.sort_by(|a, b| a.rank().cmp(&b.rank()));
    let priced = conditions.iter().find(|found| found.price.price.is_some());
    let net = priced.is_some_and(|found| found.price.net);
    let discounted = if net {
        priced.filter(|found| !found.price.discounts.is_empty())
    } else {
        conditions.iter().find(|found| !found.price.discounts.is_empty())
    };
    let own = article.price.filter(|_| article.currency.is_none_or(|own| own == currency));
    Quote {
        price: priced.and_then(|found| found.price.price).or(own),
        origin: match priced {
            Some(found) => found.origin,
            None if own.is_some() => Origin::Article,
            None => Origin::None,
        },
        discounts: discounted.map(|found| found.price.discounts.clone()).unwrap_or_default(),
        version: priced.and_then(|found| found.price.version.clone()),
        promotion: [priced, discounted].into_iter().flatten().find_map(|found| found.price.promotion.clone()),
        net,
        number: priced.map(|found| found.number),
        article,
    }
}

/// A condition, and whom it is for.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    pub price: Price,
    pub origin: Origin,
    pub source: String,
    pub key: String,
    /// The log number under which it came.
    pub number: u64,
}

impl Condition {
    fn rank(&self) -> impl Ord + '_ {
        use std::cmp::Reverse;
        let whom = match self.origin {
            Origin::Client => 0,
            Origin::PriceList => 1,
            _ => 2,
        };
        let least = self.price.min_quantity.unwrap_or_default();
        let from = self.price.from.map(|date| date.days());
        (
            whom,
            self.price.article.is_none(),
            Reverse(least),
            Reverse(from),
            self.source.as_str(),
            self.key.as_str(),
        )
    }
}

/// Conditions for a client with its price list and an article, or its family, that hold on a day.
pub fn conditions(
    conn: &Connection,
    (client, list): (ClientId, Option<&str>),
    code: &str,
    family: Option<&str>,
    day: BusinessDate,
) -> Result<Vec<Condition>> {
    // Each of them is a stretch of the index. As one condition with `OR` they are all that there is of a family, most of
    // it other clients', each looked up.
    let sql = |what: &str| {
        let each = [
            "p.client = ?2",
            "p.client IS NULL AND p.price_list IS NULL",
            "p.client IS NULL AND p.price_list = ?3",
        ];
        let each = each.map(|whom| {
            format!(
                "SELECT p.client IS NOT NULL, p.price_list IS NOT NULL, o.source, o.key, o.number, o.value,
                   p.client IS NULL
                 FROM prices p CROSS JOIN office o ON o.kind = 'price' AND o.source = p.source AND o.key = p.key
                 WHERE p.{what} = ?1 AND {whom}
                   AND coalesce(p.from_day, ?4) <= ?4 AND coalesce(p.until_day, ?4) >= ?4"
            )
        });
        format!("{} ORDER BY 7, 3, 4 LIMIT ?5", each.join(" UNION ALL "))
    };
    let mut found = Vec::new();
    for (what, name) in [("article", Some(code)), ("family", family)] {
        let Some(name) = name else { continue };
        let mut statement = conn.prepare_cached(&sql(what))?;
        let mut rows = statement.query(params![name, client, list, day.days(), MAX_CONDITIONS as i64])?;
        while let Some(row) = rows.next()? {
            let (for_client, for_list): (bool, bool) = (row.get(0)?, row.get(1)?);
            let bytes: Vec<u8> = row.get(5)?;
            let Ok(Value::Price(price)) = Value::decode(&Kind::Known(KnownKind::Price), &bytes) else {
                continue;
            };
            let origin = match (for_client, for_list) {
                (true, _) => Origin::Client,
                (false, true) => Origin::PriceList,
                (false, false) => Origin::Everybody,
            };
            found.push(Condition {
                price,
                origin,
                source: row.get(2)?,
                key: row.get(3)?,
                number: row.get(4)?,
            });
        }
    }
    Ok(found)
}

/// The article of that code.
pub fn article(conn: &Connection, code: &str) -> Result<Option<Article>> {
    let sql = "SELECT o.value FROM articles a JOIN office o ON o.kind = 'article' AND o.source = a.source AND o.key = a.key
               WHERE a.code = ?1 ORDER BY a.source LIMIT 1";
    let bytes: Option<Vec<u8>> = conn.prepare_cached(sql)?.query_row([code], |row| row.get(0)).optional()?;
    Ok(match bytes.map(|bytes| Value::decode(&Kind::Known(KnownKind::Article), &bytes)) {
        Some(Ok(Value::Article(article))) => Some(article),
        _ => None,
    })
}

/// The tax of that key on a day, of the first source by name that has one.
pub fn tax(conn: &Connection, key: &str, day: BusinessDate) -> Result<Option<Tax>> {
    let sql =
        "SELECT value FROM office WHERE kind = 'tax' AND key = ?1 AND value IS NOT NULL ORDER BY source";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([key])?;
    while let Some(row) = rows.next()? {
        let value = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
        if let Ok(Value::Tax(tax)) = Value::decode(&KnownKind::Tax.into(), value)
            && tax.from.is_none_or(|from| from <= day)
            && tax.until.is_none_or(|until| until >= day)
        {
            return Ok(Some(tax));
        }
    }
    Ok(None)
}

/// The client's price list.
pub fn price_list(conn: &Connection, client: &ClientId) -> Result<Option<String>> {
    let sql = "SELECT doc FROM documents WHERE id = ?1";
    let doc: Option<i64> = conn.prepare_cached(sql)?.query_row([client], |row| row.get(0)).optional()?;
    let Some(doc) = doc else { return Ok(None) };
    client::text_field(conn, doc, ClientField::PriceList)
}
