//! What is sold: articles, their prices and taxes, and the territories in which.

use super::{check_code, check_currency, check_period};
use crate::model::cbor::cbor_map;
use crate::model::date::BusinessDate;
use crate::model::decimal::Decimal;
use crate::model::limits::{
    CODE_CHARS_MAX, DISCOUNTS_MAX, NAME_CHARS_MAX, PERCENT_PLACES, QUANTITY_MAX, QUANTITY_PLACES,
    RELATED_ARTICLES_MAX, SENTENCE_CHARS_MAX, TAX_PERCENT_MAX, UNIT_CHARS_MAX, UNIT_PRICE_MAX,
    UNIT_PRICE_PLACES,
};
use crate::model::money::Currency;
use crate::model::problem::{Check, Code};

cbor_map! {
    /// Something that can be ordered; the record's key is its code (*referencia*).
    pub struct Article {
        1 name: String,
        2 family: Option<String>,
        /// Sales unit (*unidad de venta*).
        3 unit: Option<String>,
        4 units_per_case: Option<Decimal>,
        /// GTIN: 8 to 14 digits.
        5 ean: Option<String>,
        /// Key of its tax.
        6 tax: Option<String>,
        /// Price for who has no other, in whole units of `currency`.
        7 price: Option<Decimal>,
        8 currency: Option<Currency>,
        /// No longer sold; kept, since old orders name it.
        9 withdrawn: bool,
        /// What is priced, where it is not the sales unit: kilograms of catch-weight goods (*peso variable*).
        10 priced_unit: Option<String>,
        /// Quantities are multiples of this.
        11 multiple: Option<Decimal>,
        /// *Sin existencias*.
        12 out_of_stock: bool,
        /// When it is expected again.
        13 back_on: Option<BusinessDate>,
        /// What a rep should know of it.
        14 note: Option<String>,
        /// Keys of articles that go with it (complements), the best first.
        15 goes_with: Vec<String>,
        /// Keys of articles that do as well (substitutes), the best first.
        16 instead: Vec<String>,
    }
}

cbor_map! {
    /// A price, discounts, or both, under conditions. Who it is for: the client that the record is about; else the
    /// price list that it names; else everybody.
    pub struct Price {
        /// Key of the article; missing where the whole family is meant.
        1 article: Option<String>,
        2 family: Option<String>,
        /// Key of the price list (*tarifa*).
        3 price_list: Option<String>,
        /// In whole units of the currency; missing where there are only discounts.
        4 price: Option<Decimal>,
        5 currency: Currency,
        /// Per cent, applied one after the other.
        6 discounts: Vec<Decimal>,
        /// From this quantity on.
        7 min_quantity: Option<Decimal>,
        /// First and last day, both included.
        8 from: Option<BusinessDate>,
        9 until: Option<BusinessDate>,
        /// A net price (*precio neto*): no other discount is taken off it.
        10 net: bool,
        /// Id of the version of the price list, which orders name.
        11 version: Option<String>,
        /// A promotion, shown as such.
        12 promotion: Option<String>,
    }
}

cbor_map! {
    /// A tax; the record's key is its code, such as `IVA21`.
    pub struct Tax {
        1 name: String,
        2 percent: Decimal,
        3 from: Option<BusinessDate>,
        4 until: Option<BusinessDate>,
    }
}

cbor_map! {
    /// A set of clients that somebody looks after (*zona*); the record's key is its id.
    pub struct Territory {
        1 name: String,
        /// The office's own code.
        2 code: Option<String>,
    }
}

impl Article {
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            family: None,
            unit: None,
            units_per_case: None,
            ean: None,
            tax: None,
            price: None,
            currency: None,
            withdrawn: false,
            priced_unit: None,
            multiple: None,
            out_of_stock: false,
            back_on: None,
            note: None,
            goes_with: Vec::new(),
            instead: Vec::new(),
            extras: Default::default(),
        }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.line("name", &self.name, NAME_CHARS_MAX);
        check.line_opt("family", self.family.as_ref(), NAME_CHARS_MAX);
        check.line_opt("unit", self.unit.as_ref(), UNIT_CHARS_MAX);
        check.line_opt("priced_unit", self.priced_unit.as_ref(), UNIT_CHARS_MAX);
        for (field, quantity) in [("units_per_case", self.units_per_case), ("multiple", self.multiple)] {
            if let Some(quantity) = quantity {
                check.decimal(field, quantity, 0, QUANTITY_MAX, QUANTITY_PLACES);
                check.rule(!quantity.is_zero(), field, Code::Required);
            }
        }
        if let Some(ean) = &self.ean {
            let shaped = (8..=14).contains(&ean.len()) && ean.bytes().all(|b| b.is_ascii_digit());
            check.rule(shaped, "ean", Code::Form);
        }
        check_code(check, "tax", self.tax.as_ref());
        if let Some(price) = self.price {
            check.decimal("price", price, 0, UNIT_PRICE_MAX, UNIT_PRICE_PLACES);
            check.rule(self.currency.is_some(), "currency", Code::Required);
        }
        check_currency(check, "currency", self.currency);
        check.prose_opt("note", self.note.as_ref(), SENTENCE_CHARS_MAX);
        for (field, articles) in [("goes_with", &self.goes_with), ("instead", &self.instead)] {
            check.count(field, articles.len(), RELATED_ARTICLES_MAX);
            for (index, article) in articles.iter().enumerate().take(RELATED_ARTICLES_MAX) {
                check.line(&format!("{field}[{index}]"), article, CODE_CHARS_MAX);
                check.rule(!articles[..index].contains(article), field, Code::Duplicate);
            }
        }
    }
}

impl Price {
    /// Neither price nor discount yet, for everybody.
    pub fn new(currency: Currency) -> Self {
        Self {
            article: None,
            family: None,
            price_list: None,
            price: None,
            currency,
            discounts: Vec::new(),
            min_quantity: None,
            from: None,
            until: None,
            net: false,
            version: None,
            promotion: None,
            extras: Default::default(),
        }
    }

    /// Whether it holds on that day.
    pub fn holds_on(&self, date: BusinessDate) -> bool {
        self.from.is_none_or(|from| from <= date) && self.until.is_none_or(|until| date <= until)
    }

    pub(super) fn check(&self, check: &mut Check) {
        check_code(check, "article", self.article.as_ref());
        check.line_opt("family", self.family.as_ref(), NAME_CHARS_MAX);
        check.rule(self.article.is_some() || self.family.is_some(), "article", Code::Required);
        check.rule(self.article.is_some() || self.price.is_none(), "price", Code::Contradiction);
        check_code(check, "price_list", self.price_list.as_ref());
        check_code(check, "version", self.version.as_ref());
        check.line_opt("promotion", self.promotion.as_ref(), NAME_CHARS_MAX);
        if let Some(price) = self.price {
            check.decimal("price", price, 0, UNIT_PRICE_MAX, UNIT_PRICE_PLACES);
        }
        check_currency(check, "currency", Some(self.currency));
        check.rule(self.price.is_some() || !self.discounts.is_empty(), "price", Code::Required);
        check.each("discounts", &self.discounts, DISCOUNTS_MAX, |check, percent| {
            check.decimal("percent", *percent, 0, 100, PERCENT_PLACES);
        });
        if let Some(quantity) = self.min_quantity {
            check.decimal("min_quantity", quantity, 0, QUANTITY_MAX, QUANTITY_PLACES);
        }
        check_period(check, self.from, self.until);
    }
}

impl Tax {
    pub fn new(name: impl Into<String>, percent: Decimal) -> Self {
        Self { name: name.into(), percent, from: None, until: None, extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.line("name", &self.name, NAME_CHARS_MAX);
        check.decimal("percent", self.percent, 0, TAX_PERCENT_MAX, PERCENT_PLACES);
        check_period(check, self.from, self.until);
    }
}

impl Territory {
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), code: None, extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.line("name", &self.name, NAME_CHARS_MAX);
        check.line_opt("code", self.code.as_ref(), CODE_CHARS_MAX);
    }
}
