//! What to offer a client: its usual basket (*surtido habitual*), what is due again, what it stopped buying, what clients
//! like it buy, the next dearer article, and what goes with an article or does instead of it.

use std::sync::Arc;

use cartera_core::portfolio::offers as core;
use cartera_core::query::offers;

use crate::shared::{Answer, Shared, limit};
use crate::values::currency;
use crate::{Article, BusinessDate, CarteraError, ClientId, Decimal, SuggestionLevel, catalogue};

/// Offers.
#[derive(Debug, uniffi::Object)]
pub struct Offers {
    pub(crate) shared: Arc<Shared>,
}

/// How it stands with an article; the words are `standing-<code>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum ArticleStanding {
    /// Bought too seldom to tell.
    TooFew,
    Usual,
    Due,
    /// The client buys on, without it.
    Stopped,
}

/// A price, as it stood in a document.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PricePaid {
    /// Per unit, in whole units of the currency, before discounts and tax.
    pub price: Decimal,
    /// Per cent, one after the other.
    pub discounts: Vec<Decimal>,
    pub currency: String,
    pub on: BusinessDate,
}

/// What a client bought of one article.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct BoughtArticle {
    pub article: String,
    pub name: String,
    pub family: Option<String>,
    /// In the catalogue and not withdrawn.
    pub on_sale: bool,
    pub out_of_stock: bool,
    pub standing: ArticleStanding,
    /// Due for longer than nine in ten of its gaps.
    pub overdue: bool,
    /// Days on which it was bought: what all of this rests on.
    pub purchases: u64,
    pub first: BusinessDate,
    pub last: BusinessDate,
    /// The unit of the last time; the quantities are in it.
    pub unit: Option<String>,
    pub usual_quantity: Option<Decimal>,
    pub last_quantity: Option<Decimal>,
    pub last_price: Option<PricePaid>,
    /// The day from which it is due again.
    pub due_on: Option<BusinessDate>,
    /// An order of it waits to be invoiced.
    pub ordered_on: Option<BusinessDate>,
}

/// A stretch of a list of articles.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct BoughtPage {
    /// Of the whole list.
    pub total: u64,
    pub rows: Vec<BoughtArticle>,
}

/// Something that clients like this one buy, and it does not.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Suggestion {
    pub level: SuggestionLevel,
    /// An article's code, or a family's name.
    pub buys: String,
    pub buys_name: String,
    /// Because it buys this.
    pub has_name: String,
    /// Of so many clients that buy the one, so many buy both.
    pub has_clients: u64,
    pub both: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SuggestionPage {
    pub total: u64,
    pub rows: Vec<Suggestion>,
}

/// The first of each list.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct ClientOffers {
    /// First day that was looked at.
    pub from: BusinessDate,
    /// Days on which the client bought.
    pub purchases: u64,
    pub basket: BoughtPage,
    pub due: BoughtPage,
    pub stopped: BoughtPage,
    pub suggestions: SuggestionPage,
    /// Articles that were bought too seldom to tell.
    pub too_few: u64,
}

/// The next dearer article of a family.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct UpSell {
    pub article: String,
    pub name: String,
    /// Of the priced unit, less discounts, in whole units of the currency: of the one that was asked about, and of this.
    pub from: Decimal,
    pub price: Decimal,
    pub by: Decimal,
    pub currency: String,
    pub unit: Option<String>,
}

#[uniffi::export]
impl Offers {
    /// All that can be told of a client's buying, each list with its first `most`.
    pub fn of_client(&self, client: ClientId, most: u32) -> Result<ClientOffers, CarteraError> {
        let client = client.read()?;
        self.shared.read(|conn, engine| {
            let found = offers::of_client(conn, &client, engine.today()?, limit(most))?;
            known(found.map(Into::into))
        })
    }

    /// The usual basket, bought most often first: at most so many, from the one at `offset` on.
    pub fn basket(&self, client: ClientId, offset: u32, most: u32) -> Result<BoughtPage, CarteraError> {
        let (client, page) = (client.read()?, page(offset, most));
        self.shared
            .read(|conn, engine| known(offers::basket(conn, &client, engine.today()?, page)?.map(Into::into)))
    }

    /// What is due again, due the longest first.
    pub fn due(&self, client: ClientId, offset: u32, most: u32) -> Result<BoughtPage, CarteraError> {
        let (client, page) = (client.read()?, page(offset, most));
        self.shared
            .read(|conn, engine| known(offers::due(conn, &client, engine.today()?, page)?.map(Into::into)))
    }

    /// What it stopped buying, bought most often first.
    pub fn stopped(&self, client: ClientId, offset: u32, most: u32) -> Result<BoughtPage, CarteraError> {
        let (client, page) = (client.read()?, page(offset, most));
        self.shared.read(|conn, engine| {
            known(offers::stopped(conn, &client, engine.today()?, page)?.map(Into::into))
        })
    }

    /// What clients like it buy and it does not, the strongest first.
    pub fn suggestions(
        &self,
        client: ClientId,
        offset: u32,
        most: u32,
    ) -> Result<SuggestionPage, CarteraError> {
        let (client, page) = (client.read()?, page(offset, most));
        self.shared.read(|conn, engine| {
            known(offers::cross_sell(conn, &client, engine.today()?, page)?.map(Into::into))
        })
    }

    /// What the client bought of one article: last price and quantity; missing where it never did.
    pub fn article(&self, client: ClientId, article: String) -> Result<Option<BoughtArticle>, CarteraError> {
        let client = client.read()?;
        self.shared.read(|conn, engine| {
            Ok(offers::article(conn, &client, &article, engine.today()?)?.map(Into::into))
        })
    }

    /// The next dearer article of the same family, at this client's prices for that quantity; missing where there is none.
    pub fn up_sell(
        &self,
        client: ClientId,
        article: String,
        quantity: Decimal,
        currency: String,
    ) -> Result<Option<UpSell>, CarteraError> {
        let (client, quantity, currency) = (client.read()?, quantity.read()?, self::currency(&currency)?);
        self.shared.read(|conn, engine| {
            let step = offers::up_sell(conn, &client, &article, quantity, currency, engine.today()?)?;
            Ok(step.map(|step| UpSell {
                article: step.article,
                name: step.name,
                from: step.from.into(),
                price: step.price.into(),
                by: step.by.into(),
                currency: step.currency.to_string(),
                unit: step.unit,
            }))
        })
    }

    /// Articles that go with those of an order and are not on it.
    pub fn goes_with(&self, on_order: Vec<String>, most: u32) -> Result<Vec<Article>, CarteraError> {
        self.shared.read(|conn, _| Ok(related(offers::goes_with(conn, &on_order, limit(most))?)))
    }

    /// Articles that do instead of one, the best first.
    pub fn instead(&self, article: String, most: u32) -> Result<Vec<Article>, CarteraError> {
        self.shared.read(|conn, _| Ok(related(offers::instead(conn, &article, limit(most))?)))
    }
}

fn page(offset: u32, most: u32) -> (usize, usize) {
    (offset as usize, limit(most))
}

fn known<T>(found: Option<T>) -> Answer<T> {
    found.ok_or_else(|| CarteraError::not_found("unknown_client", "no such client here"))
}

fn related(found: Vec<offers::Related>) -> Vec<Article> {
    found.into_iter().map(|of| catalogue::article(of.article, of.code)).collect()
}

impl From<core::Standing> for ArticleStanding {
    fn from(standing: core::Standing) -> Self {
        match standing {
            core::Standing::TooFew => Self::TooFew,
            core::Standing::Usual => Self::Usual,
            core::Standing::Due => Self::Due,
            core::Standing::Stopped => Self::Stopped,
        }
    }
}

impl From<offers::Bought> for BoughtArticle {
    fn from(bought: offers::Bought) -> Self {
        let (overdue, of) = (bought.article.is_overdue(), bought.article);
        Self {
            article: of.code,
            name: bought.name,
            family: of.family,
            on_sale: bought.on_sale,
            out_of_stock: bought.out_of_stock,
            standing: of.standing.into(),
            overdue,
            purchases: of.purchases,
            first: of.first.into(),
            last: of.last.into(),
            unit: of.unit,
            usual_quantity: of.quantity.map(Into::into),
            last_quantity: of.last_quantity.map(Into::into),
            last_price: of.last_price.map(|paid| PricePaid {
                price: paid.price.into(),
                discounts: paid.discounts.into_iter().map(Into::into).collect(),
                currency: paid.currency.to_string(),
                on: paid.on.into(),
            }),
            due_on: of.due_on.map(Into::into),
            ordered_on: of.ordered_on.map(Into::into),
        }
    }
}

impl From<offers::Listed<offers::Bought>> for BoughtPage {
    fn from(list: offers::Listed<offers::Bought>) -> Self {
        Self { total: list.total, rows: list.items.into_iter().map(Into::into).collect() }
    }
}

impl From<offers::Listed<offers::Suggested>> for SuggestionPage {
    fn from(list: offers::Listed<offers::Suggested>) -> Self {
        let suggestion = |of: offers::Suggested| Suggestion {
            level: of.suggestion.level.into(),
            buys: of.suggestion.rule.buys,
            buys_name: of.buys,
            has_name: of.has,
            has_clients: of.suggestion.rule.has_clients,
            both: of.suggestion.rule.both,
        };
        Self { total: list.total, rows: list.items.into_iter().map(suggestion).collect() }
    }
}

impl From<offers::ClientOffers> for ClientOffers {
    fn from(offers: offers::ClientOffers) -> Self {
        Self {
            from: offers.from.into(),
            purchases: offers.events,
            basket: offers.basket.into(),
            due: offers.due.into(),
            stopped: offers.stopped.into(),
            suggestions: offers.cross_sell.into(),
            too_few: offers.too_few,
        }
    }
}
