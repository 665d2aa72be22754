//! Articles (*referencias*), and what they cost a client.

use std::sync::Arc;

use cartera_core::model::office;
use cartera_core::query::{catalogue, prices};

use crate::shared::{Shared, limit};
use crate::values::currency;
use crate::{BusinessDate, CarteraError, ClientId, Decimal, PriceOrigin, Tax};

/// The catalogue.
#[derive(Debug, uniffi::Object)]
pub struct Catalogue {
    pub(crate) shared: Arc<Shared>,
}

/// What a list shows of an article.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ArticleRow {
    pub code: String,
    pub name: String,
    pub family: Option<String>,
    pub ean: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Family {
    pub name: String,
    /// Articles on sale.
    pub articles: u64,
}

/// What a line of an order is made from.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Article {
    pub code: String,
    pub name: String,
    pub family: Option<String>,
    /// Sales unit.
    pub unit: Option<String>,
    pub units_per_case: Option<Decimal>,
    /// Quantities are multiples of this.
    pub multiple: Option<Decimal>,
    /// What is priced, where it is not the sales unit.
    pub priced_unit: Option<String>,
    pub ean: Option<String>,
    pub withdrawn: bool,
    pub out_of_stock: bool,
    pub back_on: Option<BusinessDate>,
    pub note: Option<String>,
}

/// What an article costs a client on a day, for a quantity.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Quote {
    pub article: Article,
    /// In whole units of the currency for one priced unit; missing: nobody has said.
    pub price: Option<Decimal>,
    pub origin: QuoteOrigin,
    /// What the line of an order says of it.
    pub line_origin: Option<PriceOrigin>,
    /// Per cent, one after the other.
    pub discounts: Vec<Decimal>,
    /// The price list's version, which the line names.
    pub version: Option<String>,
    pub promotion: Option<String>,
    /// No discount applies to it.
    pub net: bool,
    pub taxes: Vec<Tax>,
}

/// For whom the price was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum QuoteOrigin {
    Client,
    PriceList,
    Everybody,
    Article,
    None,
}

#[uniffi::export]
impl Catalogue {
    /// Families with articles on sale.
    pub fn families(&self) -> Result<Vec<Family>, CarteraError> {
        self.shared.read(|conn, _| {
            let families = catalogue::families(conn)?;
            Ok(families.into_iter().map(|(name, articles)| Family { name, articles }).collect())
        })
    }

    /// Articles on sale of a family by name, after the last row of the page before.
    pub fn of_family(
        &self,
        family: String,
        after: Option<ArticleRow>,
        most: u32,
    ) -> Result<Vec<ArticleRow>, CarteraError> {
        let after = after.as_ref().map(|row| (row.name.as_str(), row.code.as_str()));
        self.shared.read(|conn, _| {
            let rows = catalogue::of_family(conn, &family, after, limit(most))?;
            Ok(rows.into_iter().map(Into::into).collect())
        })
    }

    /// The article with this barcode, as a camera reads it.
    pub fn by_barcode(&self, ean: String) -> Result<Option<ArticleRow>, CarteraError> {
        self.shared.read(|conn, _| Ok(catalogue::by_barcode(conn, &ean)?.map(Into::into)))
    }

    /// One article, withdrawn or not.
    pub fn get(&self, article: String) -> Result<Article, CarteraError> {
        self.shared.read(|conn, _| {
            let found = prices::article(conn, &article)?;
            found
                .map(|found| self::article(found, article))
                .ok_or_else(|| CarteraError::not_found("not_found", "no article of that code here"))
        })
    }

    /// What an article costs a client today.
    pub fn quote(
        &self,
        client: ClientId,
        article: String,
        quantity: Decimal,
        currency: String,
    ) -> Result<Quote, CarteraError> {
        let (client, quantity, currency) = (client.read()?, quantity.read()?, self::currency(&currency)?);
        self.shared.read(|conn, engine| {
            let today = engine.today()?;
            let quote = prices::quote(conn, &client, &article, quantity, currency, today)?;
            let quote =
                quote.ok_or_else(|| CarteraError::not_found("not_found", "no article of that code here"))?;
            let tax = match &quote.article.tax {
                Some(key) => prices::tax(conn, key, today)?
                    .map(|tax| Tax { code: key.clone(), percent: tax.percent.into() }),
                None => None,
            };
            Ok(read(quote, article, tax.into_iter().collect()))
        })
    }
}

fn read(quote: prices::Quote, code: String, taxes: Vec<Tax>) -> Quote {
    let line_origin = quote.line_origin().map(Into::into);
    let origin = match quote.origin {
        prices::Origin::Client => QuoteOrigin::Client,
        prices::Origin::PriceList => QuoteOrigin::PriceList,
        prices::Origin::Everybody => QuoteOrigin::Everybody,
        prices::Origin::Article => QuoteOrigin::Article,
        prices::Origin::None => QuoteOrigin::None,
    };
    Quote {
        article: article(quote.article, code),
        price: quote.price.map(Into::into),
        origin,
        line_origin,
        discounts: quote.discounts.into_iter().map(Into::into).collect(),
        version: quote.version,
        promotion: quote.promotion,
        net: quote.net,
        taxes,
    }
}

pub(crate) fn article(article: office::Article, code: String) -> Article {
    Article {
        code,
        name: article.name,
        family: article.family,
        unit: article.unit,
        units_per_case: article.units_per_case.map(Into::into),
        multiple: article.multiple.map(Into::into),
        priced_unit: article.priced_unit,
        ean: article.ean,
        withdrawn: article.withdrawn,
        out_of_stock: article.out_of_stock,
        back_on: article.back_on.map(Into::into),
        note: article.note,
    }
}

impl From<catalogue::ArticleRow> for ArticleRow {
    fn from(row: catalogue::ArticleRow) -> Self {
        Self { code: row.code, name: row.name, family: row.family, ean: row.ean }
    }
}
