//! What clients bought: the office's documents with their lines, and what each month brought.

use std::sync::Arc;

use cartera_core::model::office;
use cartera_core::query::sales;

use crate::shared::{Shared, limit};
use crate::{BusinessDate, CarteraError, ClientId, Decimal, Money, SaleSort};

/// The history of sales.
#[derive(Debug, uniffi::Object)]
pub struct Sales {
    pub(crate) shared: Arc<Shared>,
}

/// An invoice, credit note or delivery note.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Sale {
    pub number: String,
    pub sort: SaleSort,
    pub date: BusinessDate,
    /// Without tax; negative for a credit note.
    pub net: Money,
    pub total: Option<Money>,
    /// It was cancelled, and is no sale.
    pub cancelled: bool,
    /// The document that a credit note corrects.
    pub corrects: Option<String>,
    /// The order that it serves, as the office names it.
    pub order: Option<String>,
    pub lines: Vec<SaleLine>,
}

#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SaleLine {
    /// Missing for charges that are no article.
    pub article: Option<String>,
    pub description: Option<String>,
    pub family: Option<String>,
    /// Negative where goods came back.
    pub quantity: Option<Decimal>,
    pub unit: Option<String>,
    pub price: Option<Decimal>,
    /// Per cent, one after the other.
    pub discounts: Vec<Decimal>,
    pub net: Money,
}

/// What a month brought in one currency.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SalesMonth {
    /// Its first day.
    pub month: BusinessDate,
    pub net: Money,
    /// Days on which the client bought.
    pub purchases: u64,
}

#[uniffi::export]
impl Sales {
    /// A client's documents, the latest first: at most so many, from the one at `offset` on. A phone keeps some months of
    /// them; `months` has the whole history.
    pub fn documents(&self, client: ClientId, offset: u32, most: u32) -> Result<Vec<Sale>, CarteraError> {
        let client = client.read()?;
        self.shared.read(|conn, _| {
            let found = sales::documents(conn, &client, (offset as usize, limit(most)))?;
            Ok(found.into_iter().map(Into::into).collect())
        })
    }

    /// Months with sales, the latest first: at most so many, from the one at `offset` on.
    pub fn months(&self, client: ClientId, offset: u32, most: u32) -> Result<Vec<SalesMonth>, CarteraError> {
        let client = client.read()?;
        self.shared.read(|conn, _| {
            let found = sales::months(conn, &client, (offset as usize, limit(most)))?;
            let month = |of: sales::Month| SalesMonth {
                month: of.month.into(),
                net: Money::of(of.net, of.currency),
                purchases: of.events,
            };
            Ok(found.into_iter().map(month).collect())
        })
    }
}

impl From<sales::Document> for Sale {
    fn from(document: sales::Document) -> Self {
        let sale = document.sale;
        let money = |minor: i64| Money::of(minor, sale.currency);
        let line = |line: office::SaleLine| SaleLine {
            article: line.article,
            description: line.description,
            family: line.family,
            quantity: line.quantity.map(Into::into),
            unit: line.unit,
            price: line.price.map(Into::into),
            discounts: line.discounts.into_iter().map(Into::into).collect(),
            net: money(line.net),
        };
        Self {
            number: document.number,
            sort: sale.sort.into(),
            date: sale.date.into(),
            net: money(sale.net),
            total: sale.total.map(money),
            cancelled: sale.voided,
            corrects: sale.corrects,
            order: sale.order,
            lines: sale.lines.into_iter().map(line).collect(),
        }
    }
}
