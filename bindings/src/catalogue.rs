//! Articles (*referencias*), and what they cost a client.

use std::sync::Arc;

use cartera_core::model::office::{self, Kind, KnownKind, Value};
use cartera_core::query::{catalogue, prices};
use cartera_core::rows::office as rows;

use crate::shared::{Answer, Shared, limit};
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
            let quote = prices::quote(conn, &client, &article, quantity, currency, engine.today()?)?;
            let quote =
                quote.ok_or_else(|| CarteraError::not_found("not_found", "no article of that code here"))?;
            let taxes = taxes(conn, quote.article.tax.as_deref())?;
            Ok(read(quote, article, taxes))
        })
    }
}

fn read(quote: prices::Quote, code: String, taxes: Vec<Tax>) -> Quote {
    let (origin, line_origin) = match quote.origin {
        prices::Origin::Client => (QuoteOrigin::Client, Some(PriceOrigin::Agreed)),
        prices::Origin::PriceList => (QuoteOrigin::PriceList, Some(PriceOrigin::List)),
        prices::Origin::Everybody => (QuoteOrigin::Everybody, Some(PriceOrigin::List)),
        prices::Origin::Article => (QuoteOrigin::Article, Some(PriceOrigin::List)),
        prices::Origin::None => (QuoteOrigin::None, None),
    };
    let line_origin = match &quote.promotion {
        Some(_) if line_origin.is_some() => Some(PriceOrigin::Promotion),
        _ => line_origin,
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

fn article(article: office::Article, code: String) -> Article {
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

/// The tax of an article, from whichever source has it.
fn taxes(conn: &rusqlite::Connection, key: Option<&str>) -> Answer<Vec<Tax>> {
    let Some(key) = key else { return Ok(Vec::new()) };
    let sql = "SELECT source FROM office WHERE kind = 'tax' AND key = ?1 AND value IS NOT NULL ORDER BY source LIMIT 1";
    let source: Option<String> = match conn.prepare_cached(sql)?.query_row([key], |row| row.get(0)) {
        Err(rusqlite::Error::QueryReturnedNoRows) => None,
        other => Some(other?),
    };
    let Some(source) = source else { return Ok(Vec::new()) };
    let value = rows::get(conn, "tax", &source, key)?.and_then(|(entry, _)| entry.value);
    let tax = value.and_then(|value| Value::decode(&Kind::Known(KnownKind::Tax), &value).ok());
    Ok(match tax {
        Some(Value::Tax(tax)) => vec![Tax { code: key.to_owned(), percent: tax.percent.into() }],
        _ => Vec::new(),
    })
}

impl From<catalogue::ArticleRow> for ArticleRow {
    fn from(row: catalogue::ArticleRow) -> Self {
        Self { code: row.code, name: row.name, family: row.family, ean: row.ean }
    }
}
