//! What to offer a client, for its page and the order screen: see `portfolio::offers` for the rules.
//!
//! Everything is as of a day that the caller gives, on a phone today's. Answers are values; a list says how many it has in
//! all and gives a stretch of them.

use rusqlite::Connection;

use super::MAX_PAGE;
use crate::model::office;
use crate::model::{BusinessDate, ClientId, Currency, Decimal};
use crate::portfolio::offers::{self, UpSell, bought, suggested};
pub use crate::portfolio::offers::{Bought, ClientOffers, Listed, Suggested};
use crate::rows;

/// An article of the catalogue.
#[derive(Debug, Clone, PartialEq)]
pub struct Related {
    pub code: String,
    pub article: office::Article,
}

/// All that can be told of a client's buying, each list with its first `limit`. `None` where the client is not here.
pub fn of_client(
    conn: &Connection,
    client: &ClientId,
    as_of: BusinessDate,
    limit: usize,
) -> rows::Result<Option<ClientOffers>> {
    offers::named(conn, client, as_of, limit.min(MAX_PAGE))
}

/// The usual basket from its `skip`th on. `None`, here and below, where the client is not here.
pub fn basket(
    conn: &Connection,
    client: &ClientId,
    as_of: BusinessDate,
    page: (usize, usize),
) -> rows::Result<Option<Listed<Bought>>> {
    let offers = offers::read(conn, client, as_of)?;
    offers.map(|offers| bought(conn, offers.basket(), capped(page))).transpose()
}

/// What is due again; `page` is how many to skip and how many to give.
pub fn due(
    conn: &Connection,
    client: &ClientId,
    as_of: BusinessDate,
    page: (usize, usize),
) -> rows::Result<Option<Listed<Bought>>> {
    let offers = offers::read(conn, client, as_of)?;
    offers.map(|offers| bought(conn, offers.due(), capped(page))).transpose()
}

/// What it stopped buying.
pub fn stopped(
    conn: &Connection,
    client: &ClientId,
    as_of: BusinessDate,
    page: (usize, usize),
) -> rows::Result<Option<Listed<Bought>>> {
    let offers = offers::read(conn, client, as_of)?;
    offers.map(|offers| bought(conn, offers.stopped(), capped(page))).transpose()
}

/// What clients like it buy, and it does not.
pub fn cross_sell(
    conn: &Connection,
    client: &ClientId,
    as_of: BusinessDate,
    page: (usize, usize),
) -> rows::Result<Option<Listed<Suggested>>> {
    let offers = offers::read(conn, client, as_of)?;
    offers.map(|offers| suggested(conn, &offers, capped(page))).transpose()
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

fn capped((skip, limit): (usize, usize)) -> (usize, usize) {
    (skip, limit.min(MAX_PAGE))
}

fn related(found: Vec<(String, office::Article)>, limit: usize) -> Vec<Related> {
    let found = found.into_iter().take(limit.min(MAX_PAGE));
    found.map(|(code, article)| Related { code, article }).collect()
}
