//! What an import makes of rows: typed, checked, ready to be stored. Keys are the office system's own.

use rust_decimal::Decimal;

use super::kind::Kind;
use super::profile::Row;

/// One item of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    Client(Client),
    Article(Article),
    Price(Price),
    Sale(Sale),
    DueItem(DueItem),
}

impl Record {
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Client(_) => Kind::Clients,
            Self::Article(_) => Kind::Articles,
            Self::Price(_) => Kind::Prices,
            Self::Sale(_) => Kind::Sales,
            Self::DueItem(_) => Kind::DueItems,
        }
    }

    /// Its name at its source.
    pub fn id(&self) -> &str {
        match self {
            Self::Client(client) => &client.id,
            Self::Article(article) => &article.id,
            Self::Price(price) => &price.id,
            Self::Sale(sale) => &sale.id,
            Self::DueItem(item) => &item.id,
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Client {
    pub id: String,
    pub row: Row,
    /// Keys whose cell says something that cannot be taken: neither a value nor none.
    pub unsaid: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Article {
    pub id: String,
    pub name: String,
    pub family: Option<String>,
    pub unit: Option<String>,
    pub units_per_case: Option<Decimal>,
    pub ean: Option<String>,
    pub tax_percent: Option<Decimal>,
    pub price: Option<Decimal>,
    pub currency: Option<String>,
    pub active: bool,
}

/// A price condition: for a client, for a price list, or for everybody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Price {
    /// The source's own key, or one made of what the condition is for.
    pub id: String,
    pub article: String,
    pub client: Option<String>,
    pub price_list: Option<String>,
    pub min_quantity: Option<Decimal>,
    pub price: Decimal,
    pub discount_percent: Option<Decimal>,
    pub currency: String,
    /// First and last day, both included.
    pub from: Option<i32>,
    pub until: Option<i32>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SaleType {
    #[default]
    Invoice,
    CreditNote,
}

/// One document of the office's system.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sale {
    /// The document's number.
    pub id: String,
    pub client: String,
    /// Business date, days since 1970-01-01.
    pub date: i32,
    pub sale_type: SaleType,
    /// The document that a credit note corrects.
    pub corrects: Option<String>,
    /// The order that it serves, as the source names it.
    pub order: Option<String>,
    pub currency: String,
    /// Sum of the lines, minor units.
    pub net: i64,
    pub lines: Vec<SaleLine>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SaleLine {
    pub article: Option<String>,
    pub description: Option<String>,
    pub family: Option<String>,
    pub quantity: Option<Decimal>,
    pub unit: Option<String>,
    pub unit_price: Option<Decimal>,
    pub discount_percent: Option<Decimal>,
    /// Minor units of the document's currency, without tax.
    pub net: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DueItem {
    pub id: String,
    pub client: String,
    pub document: Option<String>,
    pub issued: Option<i32>,
    pub due: i32,
    pub currency: String,
    /// Minor units.
    pub amount: i64,
    /// What is still to be paid; all of it if the file does not say.
    pub open: i64,
    pub paid: Option<i32>,
    pub returned: bool,
    pub method: Option<String>,
}
