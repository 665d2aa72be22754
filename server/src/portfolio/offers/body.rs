//! Offers for programs. Quantities and prices are decimal numbers as text; amounts are minor units of the currency beside
//! them; days are YYYY-MM-DD.

use cartera_core::portfolio::offers::{Bought, Listed, Paid, Suggested};
use serde::Serialize;
use utoipa::ToSchema;

use super::OneClient;

/// What to offer a client. Each list says how many it has in all, and gives the first ones.
#[derive(Debug, Serialize, ToSchema)]
pub struct OffersBody {
    client_id: String,
    name: String,
    as_of: String,
    /// First day that was looked at.
    from: String,
    /// Documents of sales that were looked at.
    documents: u64,
    /// Days on which the client bought anything.
    events: u64,
    /// The usual basket, bought most often first.
    basket: ArticlesBody,
    /// What is due again, due the longest first.
    due: ArticlesBody,
    /// What it gave up, bought most often first.
    stopped: ArticlesBody,
    /// Articles that were bought too seldom to tell.
    too_few: u64,
    cross_sell: SuggestionsBody,
}

#[derive(Debug, Serialize, ToSchema)]
struct ArticlesBody {
    total: u64,
    items: Vec<ArticleBody>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ArticleBody {
    article: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    family: Option<String>,
    /// In the catalogue and not withdrawn.
    on_sale: bool,
    out_of_stock: bool,
    /// usual, due or stopped.
    standing: &'static str,
    /// Due, and longer ago than nine in ten of its gaps.
    overdue: bool,
    /// Days on which it was bought.
    purchases: u64,
    first: String,
    last: String,
    /// Of the last time.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    /// Usual quantity in that unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<String>,
    /// Days on which it was bought by that unit.
    quantity_purchases: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_quantity: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_price: Option<PriceBody>,
    /// What was paid for it less what came back.
    net: Vec<AmountBody>,
    /// Median of the days between its purchases.
    #[serde(skip_serializing_if = "Option::is_none")]
    usual_gap: Option<f64>,
    /// Nine in ten gaps are no longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    long_gap: Option<u32>,
    /// Days since the last one, those left out on which the client is shut.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_on: Option<String>,
    /// An order of it waits to be invoiced: the day of the latest.
    #[serde(skip_serializing_if = "Option::is_none")]
    ordered_on: Option<String>,
}

/// As it stood in a document.
#[derive(Debug, Serialize, ToSchema)]
struct PriceBody {
    /// Per unit, before discounts and tax.
    price: String,
    currency: String,
    /// Per cent, one after the other.
    discounts: Vec<String>,
    on: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct AmountBody {
    currency: String,
    minor: i64,
}

#[derive(Debug, Serialize, ToSchema)]
struct SuggestionsBody {
    total: u64,
    items: Vec<SuggestionBody>,
}

/// Something that clients like this one buy, and it does not.
#[derive(Debug, Serialize, ToSchema)]
struct SuggestionBody {
    /// article or family.
    level: &'static str,
    /// What the client buys: an article's code, or a family.
    has: String,
    has_name: String,
    /// What it might buy.
    buys: String,
    buys_name: String,
    /// Clients among which the rule holds.
    clients: u64,
    has_clients: u64,
    buys_clients: u64,
    /// Clients that buy both.
    both: u64,
    /// Their kind of establishment; missing: all clients.
    #[serde(skip_serializing_if = "Option::is_none")]
    sector: Option<String>,
    /// The last day of the window in which the rule was found.
    as_of: String,
}

impl From<OneClient> for OffersBody {
    fn from(OneClient { name, as_of, offers }: OneClient) -> Self {
        Self {
            client_id: offers.client.to_string(),
            name,
            as_of: as_of.to_string(),
            from: offers.from.to_string(),
            documents: offers.documents,
            events: offers.events,
            basket: offers.basket.into(),
            due: offers.due.into(),
            stopped: offers.stopped.into(),
            too_few: offers.too_few,
            cross_sell: offers.cross_sell.into(),
        }
    }
}

impl From<Listed<Bought>> for ArticlesBody {
    fn from(Listed { total, items }: Listed<Bought>) -> Self {
        Self { total, items: items.into_iter().map(Into::into).collect() }
    }
}

impl From<Bought> for ArticleBody {
    fn from(Bought { name, on_sale, out_of_stock, article }: Bought) -> Self {
        let rhythm = article.rhythm.value.ok();
        Self {
            name,
            on_sale,
            out_of_stock,
            standing: article.standing.as_str(),
            overdue: article.is_overdue(),
            article: article.code,
            family: article.family,
            purchases: article.purchases,
            first: article.first.to_string(),
            last: article.last.to_string(),
            unit: article.unit,
            quantity: article.quantity.map(|of| of.to_string()),
            quantity_purchases: article.quantity_purchases,
            last_quantity: article.last_quantity.map(|of| of.to_string()),
            last_price: article.last_price.map(Into::into),
            net: article
                .net
                .into_iter()
                .map(|(currency, minor)| AmountBody { currency: currency.to_string(), minor })
                .collect(),
            usual_gap: rhythm.map(|rhythm| rhythm.median_gap.days()),
            long_gap: rhythm.map(|rhythm| rhythm.p90_days),
            since: rhythm.map(|rhythm| rhythm.since_days),
            due_on: article.due_on.map(|on| on.to_string()),
            ordered_on: article.ordered_on.map(|on| on.to_string()),
        }
    }
}

impl From<Paid> for PriceBody {
    fn from(Paid { price, discounts, currency, on }: Paid) -> Self {
        Self {
            price: price.to_string(),
            currency: currency.to_string(),
            discounts: discounts.iter().map(ToString::to_string).collect(),
            on: on.to_string(),
        }
    }
}

impl From<Listed<Suggested>> for SuggestionsBody {
    fn from(Listed { total, items }: Listed<Suggested>) -> Self {
        Self { total, items: items.into_iter().map(Into::into).collect() }
    }
}

impl From<Suggested> for SuggestionBody {
    fn from(Suggested { has, buys, suggestion }: Suggested) -> Self {
        Self {
            level: suggestion.level.as_str(),
            has: suggestion.rule.has,
            has_name: has,
            buys: suggestion.rule.buys,
            buys_name: buys,
            clients: suggestion.clients,
            has_clients: suggestion.rule.has_clients,
            buys_clients: suggestion.rule.buys_clients,
            both: suggestion.rule.both,
            sector: suggestion.sector,
            as_of: suggestion.as_of.to_string(),
        }
    }
}
