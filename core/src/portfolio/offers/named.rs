//! Offers as people read them: with the names that the catalogue has today, each list as a stretch of it.

use rusqlite::Connection;

use super::{Article, Offers, Suggestion, read};
use crate::model::office::Level;
use crate::model::{BusinessDate, ClientId};
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
pub fn named(
    conn: &Connection,
    client: &ClientId,
    as_of: BusinessDate,
    limit: usize,
) -> rows::Result<Option<ClientOffers>> {
    let Some(offers) = read(conn, client, as_of)? else { return Ok(None) };
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

/// Of a list of [`Offers`], so many after having skipped so many.
pub fn bought(
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
    let items = list.into_iter().skip(skip).take(limit).map(named);
    Ok(Listed { total, items: items.collect::<rows::Result<_>>()? })
}

/// What is suggested, in the same way. Articles that are not on sale are no suggestion.
pub fn suggested(
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
    let items = all.into_iter().skip(skip).take(limit).collect();
    Ok(Listed { total, items })
}
