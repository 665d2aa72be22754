//! What to offer a client, for its page and the order screen: see `portfolio::offers` for the rules.
//!
//! Everything is as of a day that the caller gives, on a phone today's. Answers are values; a list says how many it has in
//! all and gives a stretch of them.

use rusqlite::Connection;

use super::MAX_PAGE;
use crate::model::office::{self, Level};
use crate::model::{BusinessDate, ClientId, Currency, Decimal};
use crate::portfolio::offers::{self, Article, Offers, Suggestion, UpSell};
use crate::rows::{self, prices};

/// A stretch of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed<T> {
    /// Of the whole list.
    pub total: u64,
    pub items: Vec<T>,
}

/// An article of the client's, as the catalogue has it today.
#[derive(Debug, Clone, PartialEq)]
pub struct Bought {
    /// The catalogue's, or else the documents'; the code where neither says one.
    pub name: String,
    /// In the catalogue and not withdrawn.
    pub on_sale: bool,
    pub out_of_stock: bool,
    pub article: Article,
}

/// Something that the client might buy.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggested {
    /// Names of what it buys and of what it might.
    pub has: String,
    pub buys: String,
    pub suggestion: Suggestion,
}

/// An article of the catalogue.
#[derive(Debug, Clone, PartialEq)]
pub struct Related {
    pub code: String,
    pub article: office::Article,
}

/// The first of each list.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientOffers {
    /// The client that is kept, where the one that was asked about was merged.
    pub client: ClientId,
    /// First day that was looked at.
    pub from: BusinessDate,
    pub documents: u64,
    /// Days on which it bought.
    pub events: u64,
    pub basket: Listed<Bought>,
    pub due: Listed<Bought>,
    pub stopped: Listed<Bought>,
    /// Articles that were bought too seldom to tell.
    pub too_few: u64,
    pub cross_sell: Listed<Suggested>,
}

/// All that can be told of a client's buying, each list with its first `limit`. `None` where the client is not here.
pub fn of_client(
    conn: &Connection,
    client: &ClientId,
    as_of: BusinessDate,
    limit: usize,
) -> rows::Result<Option<ClientOffers>> {
    let Some(offers) = offers::read(conn, client, as_of)? else { return Ok(None) };
    let page = (0, limit);
    Ok(Some(ClientOffers {
        client: offers.client,
        from: offers.from,
        documents: offers.documents,
        events: offers.events,
        basket: bought(conn, offers.basket(), page)?,
        due: bought(conn, offers.due(), page)?,
        stopped: bought(conn, offers.stopped(), page)?,
        too_few: offers.too_few(),
        cross_sell: suggested(conn, &offers, page)?,
    }))
}

/// The usual basket from its `skip`th on. `None`, here and below, where the client is not here.
pub fn basket(
    conn: &Connection,
    client: &ClientId,
    as_of: BusinessDate,
    page: (usize, usize),
) -> rows::Result<Option<Listed<Bought>>> {
    let offers = offers::read(conn, client, as_of)?;
    offers.map(|offers| bought(conn, offers.basket(), page)).transpose()
}

/// What is due again; `page` is how many to skip and how many to give.
pub fn due(
    conn: &Connection,
    client: &ClientId,
    as_of: BusinessDate,
    page: (usize, usize),
) -> rows::Result<Option<Listed<Bought>>> {
    let offers = offers::read(conn, client, as_of)?;
    offers.map(|offers| bought(conn, offers.due(), page)).transpose()
}

/// What it stopped buying.
pub fn stopped(
    conn: &Connection,
    client: &ClientId,
    as_of: BusinessDate,
    page: (usize, usize),
) -> rows::Result<Option<Listed<Bought>>> {
    let offers = offers::read(conn, client, as_of)?;
    offers.map(|offers| bought(conn, offers.stopped(), page)).transpose()
}

/// What clients like it buy, and it does not.
pub fn cross_sell(
    conn: &Connection,
    client: &ClientId,
    as_of: BusinessDate,
    page: (usize, usize),
) -> rows::Result<Option<Listed<Suggested>>> {
    let offers = offers::read(conn, client, as_of)?;
    offers.map(|offers| suggested(conn, &offers, page)).transpose()
}

/// What the client bought of one article, too seldom to tell or not; `None` where it never did in the time that is looked
/// at.
pub fn article(
    conn: &Connection,
    client: &ClientId,
    code: &str,
    as_of: BusinessDate,
) -> rows::Result<Option<Bought>> {
    let Some(offers) = offers::read(conn, client, as_of)? else { return Ok(None) };
    let of_code = offers.articles.iter().filter(|article| article.code == code).collect();
    Ok(bought(conn, of_code, (0, 1))?.items.pop())
}

/// The next dearer article of the family of `code`, at this client's prices for that quantity.
pub fn up_sell(
    conn: &Connection,
    client: &ClientId,
    code: &str,
    quantity: Decimal,
    currency: Currency,
    day: BusinessDate,
) -> rows::Result<Option<UpSell>> {
    offers::up_sell(conn, client, code, quantity, currency, day)
}

/// Articles that go with those of an order, by its lines' codes.
pub fn goes_with(conn: &Connection, on_order: &[String], limit: usize) -> rows::Result<Vec<Related>> {
    Ok(related(offers::goes_with(conn, on_order)?, limit))
}

/// Articles that do instead of one.
pub fn instead(conn: &Connection, code: &str, limit: usize) -> rows::Result<Vec<Related>> {
    Ok(related(offers::instead(conn, code)?, limit))
}

fn related(found: Vec<(String, office::Article)>, limit: usize) -> Vec<Related> {
    let found = found.into_iter().take(limit.min(MAX_PAGE));
    found.map(|(code, article)| Related { code, article }).collect()
}

fn bought(
    conn: &Connection,
    list: Vec<&Article>,
    (skip, limit): (usize, usize),
) -> rows::Result<Listed<Bought>> {
    let total = list.len() as u64;
    let named = |article: &Article| {
        let known = prices::article(conn, &article.code)?;
        Ok(Bought {
            on_sale: known.as_ref().is_some_and(|known| !known.withdrawn),
            out_of_stock: known.as_ref().is_some_and(|known| known.out_of_stock),
            name: known
                .map(|known| known.name)
                .or_else(|| article.description.clone())
                .unwrap_or_else(|| article.code.clone()),
            article: article.clone(),
        })
    };
    let items = list.into_iter().skip(skip).take(limit.min(MAX_PAGE)).map(named);
    Ok(Listed { total, items: items.collect::<rows::Result<_>>()? })
}

/// Articles that are not on sale are no suggestion.
fn suggested(
    conn: &Connection,
    offers: &Offers,
    (skip, limit): (usize, usize),
) -> rows::Result<Listed<Suggested>> {
    let mut all = Vec::new();
    for suggestion in &offers.cross_sell {
        let (mut has, mut buys) = (suggestion.rule.has.clone(), suggestion.rule.buys.clone());
        if suggestion.level == Level::Article {
            let known = prices::article(conn, &buys)?.filter(|known| !known.withdrawn && !known.out_of_stock);
            let Some(known) = known else { continue };
            buys = known.name;
            has = prices::article(conn, &has)?.map_or(has, |known| known.name);
        }
        all.push(Suggested { has, buys, suggestion: suggestion.clone() });
    }
    let total = all.len() as u64;
    let items = all.into_iter().skip(skip).take(limit.min(MAX_PAGE)).collect();
    Ok(Listed { total, items })
}
