//! What to offer a client: its usual basket (*surtido habitual*), what is due again, what it stopped buying, what clients
//! like it also buy, the next dearer article, and what goes with an article or does instead of it.
//!
//! | answer | rule |
//! |---|---|
//! | usual basket | articles bought on [`PURCHASES_MIN`] days or more of the last [`MONTHS`] months, and not given up |
//! | due | as many days since the last time as the article's own median gap, and no order of it waits to be invoiced |
//! | overdue | more days than nine in ten of its own gaps |
//! | given up | the client went on buying for [`STOPPED_SLOTS`] of the article's median gaps, and for longer than nine in ten of its gaps, at least [`STOPPED_EVENTS`] times, without it |
//! | too few to tell | fewer purchases: such an article is in none of these |
//!
//! The gap between one purchase and the next as the measure of when the next is due is that of the literature on repeat
//! buying (Ehrenberg, *Repeat-Buying*, 1988); its median and ninth decile are those of the client's own rhythm
//! (`metrics::rhythm`), days on which the client is shut left out. Whether an article was given up is told by the client's
//! own purchases and not by the calendar: of a client that bought nothing at all since, the client is what is missing.
//!
//! An article was bought on a day where something of it was sold and not as much brought back: a credit note counts on the
//! day of what it corrects. The usual quantity is the median over those days, in the unit of the last one; the lower of the
//! middle two, so that it is one that the client really bought.

mod assortment;
mod cross_sell;
mod named;
mod related;
mod up_sell;

use rusqlite::Connection;

pub use assortment::{Article, Paid, Standing};
pub use cross_sell::{Suggestion, key, rules};
pub use named::{Bought, ClientOffers, Listed, Suggested, bought, named, suggested};
pub use related::{goes_with, instead};
pub use up_sell::{FAMILY_ARTICLES_MAX, UpSell, up_sell};

use crate::metrics::status::{RHYTHM_EVENTS, Shut};
use crate::model::{BusinessDate, ClientId};
use crate::rows::{self, aliases, bought, sales, window};

/// How far back lines are looked at, unless phones keep fewer months of them.
pub const MONTHS: i32 = 15;
/// Days on which an article has to be bought before it has a rhythm.
pub const PURCHASES_MIN: usize = RHYTHM_EVENTS;
/// Of an article's own median gaps, as many have to go by in the client's purchases before it was given up.
pub const STOPPED_SLOTS: u32 = 3;
/// Purchases that the client has to make without it.
pub const STOPPED_EVENTS: usize = 2;

/// What a client bought and might buy, as of a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Offers {
    /// The client that is kept, where this one was merged.
    pub client: ClientId,
    pub as_of: BusinessDate,
    /// First day that was looked at.
    pub from: BusinessDate,
    /// Documents that were looked at.
    pub documents: u64,
    /// Days on which the client bought anything.
    pub events: u64,
    /// Everything that it bought, by code.
    pub articles: Vec<Article>,
    /// What it does not buy and clients like it do, the strongest rule first.
    pub cross_sell: Vec<Suggestion>,
}

impl Offers {
    /// The usual basket, what is due among it; bought most often first.
    pub fn basket(&self) -> Vec<&Article> {
        let mut basket = self.standing(|standing| matches!(standing, Standing::Usual | Standing::Due));
        basket.sort_by_key(|article| {
            (std::cmp::Reverse((article.purchases, article.last)), article.code.as_str())
        });
        basket
    }

    /// What is due again, due the longest first.
    pub fn due(&self) -> Vec<&Article> {
        let mut due = self.standing(|standing| standing == Standing::Due);
        due.sort_by_key(|article| (article.due_on, article.code.as_str()));
        due
    }

    /// What was given up, bought most often first.
    pub fn stopped(&self) -> Vec<&Article> {
        let mut stopped = self.standing(|standing| standing == Standing::Stopped);
        stopped.sort_by_key(|article| {
            (std::cmp::Reverse((article.purchases, article.last)), article.code.as_str())
        });
        stopped
    }

    /// Articles that were bought too seldom to tell.
    pub fn too_few(&self) -> u64 {
        self.standing(|standing| standing == Standing::TooFew).len() as u64
    }

    fn standing(&self, is: impl Fn(Standing) -> bool) -> Vec<&Article> {
        self.articles.iter().filter(|article| is(article.standing)).collect()
    }
}

/// First day of the lines that are looked at as of a day.
pub fn from(conn: &Connection, as_of: BusinessDate) -> rows::Result<BusinessDate> {
    let back = as_of.civil().checked_sub(jiff::Span::new().months(MONTHS));
    let months = back.ok().and_then(|day| BusinessDate::try_from(day).ok()).unwrap_or(BusinessDate::MIN);
    Ok(window::sales_from(conn)?.map_or(months, |kept| kept.max(months)))
}

/// What to offer a client; of one that was merged into another, the other. `None` where it is not here.
pub fn read(conn: &Connection, client: &ClientId, as_of: BusinessDate) -> rows::Result<Option<Offers>> {
    if !sales::is_here(conn, client)? {
        return Ok(None);
    }
    let client = aliases::kept(conn, *client)?;
    let from = from(conn, as_of)?;
    let bought = bought::of_client(conn, sales::source(conn)?, client, (from, as_of))?;
    let shut = sales::shut_of(conn, client)?;
    let articles = assortment::articles(&bought, Shut(&shut), as_of);
    let cross_sell = cross_sell::suggestions(conn, &client, &bought, as_of)?;
    let (documents, events) = (bought.documents, bought.events.len() as u64);
    Ok(Some(Offers { client, as_of, from, documents, events, articles, cross_sell }))
}

#[cfg(test)]
mod tests;
