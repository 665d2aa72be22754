//! What was sold: the office's documents, and what the relay derives from them.
//!
//! Figures are computed from [`SalesDay`] alone, one row per client, business date and currency, for the whole
//! history. Phones keep documents with lines for some months, and [`SalesMonth`] before that.

use super::{check_code, check_currency};
use crate::model::cbor::{Extras, MapReader, Reader, cbor_map, codes};
use crate::model::date::BusinessDate;
use crate::model::decimal::Decimal;
use crate::model::limits::{
    CODE_CHARS_MAX, DISCOUNTS_MAX, MONTH_TOTALS_MAX, NAME_CHARS_MAX, PERCENT_PLACES, QUANTITY_MAX,
    QUANTITY_PLACES, SALE_LINES_MAX, UNIT_CHARS_MAX, UNIT_PRICE_MAX, UNIT_PRICE_PLACES,
};
use crate::model::money::{Currency, Minor};
use crate::model::problem::{Check, Code};

codes! {
    pub enum SaleSort: "sale" {
        Invoice = 1 "invoice",
        /// *Abono*; its amounts are negative.
        CreditNote = 2 "credit_note",
        /// *Albarán* that is not invoiced yet.
        DeliveryNote = 3 "delivery_note",
        /// Year-end rebate (*rappel*); shown apart from other sales.
        Rebate = 4 "rebate",
    }
}

cbor_map! {
    pub struct SaleLine {
        /// Key of the article; missing for charges that are none.
        0 article: Option<String>,
        1 description: Option<String>,
        2 family: Option<String>,
        /// Negative where goods came back.
        3 quantity: Option<Decimal>,
        4 unit: Option<String>,
        /// In whole units of the sale's currency.
        5 price: Option<Decimal>,
        /// Per cent, one after the other.
        6 discounts: Vec<Decimal>,
        /// Minor units, without tax.
        7 net: Minor,
    }
}

/// The key of a sale's date.
const DATE: u64 = 2;

cbor_map! {
    /// One document of the office's system; the record's key is its number.
    pub struct Sale {
        1 sort: SaleSort,
        /// Of the order, where the office knows it, else of the document.
        2 date: BusinessDate,
        3 currency: Currency,
        /// Taxable base in minor units; negative for a credit note.
        4 net: Minor,
        /// Net and tax, where the office says.
        5 total: Option<Minor>,
        6 lines: Vec<SaleLine>,
        /// Number of the document that a credit note corrects; it counts on that one's day.
        7 corrects: Option<String>,
        /// The order that it serves, as the office names it.
        8 order: Option<String>,
        /// It was cancelled: no sale, and kept so that everybody learns it.
        9 voided: bool,
        /// Day of the document, where `date` is the order's.
        10 issued: Option<BusinessDate>,
    }
}

cbor_map! {
    /// What one client bought on one day in one currency. The record's key is `<client>/<date>/<currency>`.
    pub struct SalesDay {
        1 date: BusinessDate,
        2 currency: Currency,
        /// Net revenue in minor units: bases less credit notes.
        3 net: Minor,
        /// Whether the day counts as a purchase event.
        4 event: bool,
        /// Documents behind it.
        5 documents: u32,
        /// Rebates in minor units, not in `net`.
        6 rebates: Option<Minor>,
    }
}

cbor_map! {
    pub struct MonthTotal {
        0 family: Option<String>,
        1 unit: Option<String>,
        2 quantity: Option<Decimal>,
        /// Minor units.
        3 net: Minor,
    }
}

cbor_map! {
    /// What one client bought in one month in one currency. The record's key is `<client>/<YYYY-MM>/<currency>`.
    pub struct SalesMonth {
        /// First day of the month.
        1 month: BusinessDate,
        2 currency: Currency,
        /// By family and unit, ascending.
        3 totals: Vec<MonthTotal>,
    }
}

/// Sales and returns of a month may be more than one line's quantity.
const MONTH_QUANTITY_MAX: i64 = 1_000 * QUANTITY_MAX;

impl SaleLine {
    /// `net` in minor units.
    pub fn new(article: Option<String>, net: i64) -> Self {
        Self {
            article,
            description: None,
            family: None,
            quantity: None,
            unit: None,
            price: None,
            discounts: Vec::new(),
            net,
            extras: Default::default(),
        }
    }

    fn check(&self, check: &mut Check) {
        check_code(check, "article", self.article.as_ref());
        check.line_opt("description", self.description.as_ref(), NAME_CHARS_MAX);
        check.line_opt("family", self.family.as_ref(), NAME_CHARS_MAX);
        check.line_opt("unit", self.unit.as_ref(), UNIT_CHARS_MAX);
        if let Some(quantity) = self.quantity {
            check.decimal("quantity", quantity, -QUANTITY_MAX, QUANTITY_MAX, QUANTITY_PLACES);
        }
        if let Some(price) = self.price {
            check.decimal("price", price, -UNIT_PRICE_MAX, UNIT_PRICE_MAX, UNIT_PRICE_PLACES);
        }
        check.each("discounts", &self.discounts, DISCOUNTS_MAX, |check, percent| {
            check.decimal("percent", *percent, -100, 100, PERCENT_PLACES);
        });
    }
}

impl Sale {
    /// The date that a stored sale bears, without reading what comes after it; `None` for what has none that this version
    /// can read.
    pub fn date_in(value: &[u8]) -> Option<BusinessDate> {
        let mut input = Reader::new(value);
        let mut map = MapReader::new(&mut input).ok()?;
        let mut before = Extras::default();
        loop {
            match map.peek_key().ok()?? {
                key @ ..DATE => map.keep(key, &mut before).ok()?,
                DATE => return map.value().ok(),
                _ => return None,
            }
        }
    }

    pub fn new(sort: SaleSort, date: BusinessDate, currency: Currency, net: i64) -> Self {
        Self {
            sort,
            date,
            currency,
            net,
            total: None,
            lines: Vec::new(),
            corrects: None,
            order: None,
            voided: false,
            issued: None,
            extras: Default::default(),
        }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.rule(self.sort.is_known(), "sort", Code::UnknownValue);
        check_currency(check, "currency", Some(self.currency));
        check.each("lines", &self.lines, SALE_LINES_MAX, |check, line| line.check(check));
        if !self.lines.is_empty() {
            let sum: i128 = self.lines.iter().map(|line| i128::from(line.net)).sum();
            check.rule(sum == i128::from(self.net), "net", Code::Mismatch);
        }
        check_code(check, "corrects", self.corrects.as_ref());
        check_code(check, "order", self.order.as_ref());
    }
}

impl SalesDay {
    pub fn new(date: BusinessDate, currency: Currency, net: i64, event: bool, documents: u32) -> Self {
        Self { date, currency, net, event, documents, rebates: None, extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check_currency(check, "currency", Some(self.currency));
        // A day whose net is negative is no purchase event.
        check.rule(!self.event || self.net >= 0, "event", Code::Contradiction);
    }
}

impl MonthTotal {
    pub fn new(family: Option<String>, unit: Option<String>, quantity: Option<Decimal>, net: i64) -> Self {
        Self { family, unit, quantity, net, extras: Default::default() }
    }
}

impl SalesMonth {
    /// `month` is any day of it.
    pub fn new(month: BusinessDate, currency: Currency, totals: Vec<MonthTotal>) -> Self {
        let first = BusinessDate::try_from(month.civil().first_of_month()).unwrap_or(month);
        Self { month: first, currency, totals, extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check_currency(check, "currency", Some(self.currency));
        check.rule(self.month.civil().day() == 1, "month", Code::Form);
        check.each("totals", &self.totals, MONTH_TOTALS_MAX, |check, total| {
            check.line_opt("family", total.family.as_ref(), NAME_CHARS_MAX);
            check.line_opt("unit", total.unit.as_ref(), CODE_CHARS_MAX);
            if let Some(quantity) = total.quantity {
                check.decimal("quantity", quantity, -MONTH_QUANTITY_MAX, MONTH_QUANTITY_MAX, QUANTITY_PLACES);
            }
        });
        let name = |total: &MonthTotal| (total.family.clone(), total.unit.clone());
        check.rule(self.totals.is_sorted_by(|a, b| name(a) < name(b)), "totals", Code::Duplicate);
    }
}
