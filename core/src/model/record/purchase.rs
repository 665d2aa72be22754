//! A purchase: an order, a direct sale or a return, with its lines.

use super::amounts::{Amounts, AmountsError, amounts};
use super::visit::PlanKey;
use crate::model::cbor::{cbor_map, codes};
use crate::model::date::BusinessDate;
use crate::model::decimal::Decimal;
use crate::model::limits::{
    CLIENT_REF_CHARS_MAX, CODE_CHARS_MAX, DISCOUNTS_MAX, LINES_MAX, NAME_CHARS_MAX, NOTES_CHARS_MAX,
    PERCENT_PLACES, QUANTITY_MAX, QUANTITY_PLACES, SENTENCE_CHARS_MAX, TAX_PERCENT_MAX, TAXES_MAX,
    UNIT_CHARS_MAX, UNIT_PRICE_MAX, UNIT_PRICE_PLACES,
};
use crate::model::money::{Currency, Minor};
use crate::model::problem::{Check, Code};
use crate::model::{PartId, RecordId};

codes! {
    pub enum PurchaseSort: "purchase" {
        /// To be served by the office.
        Order = 1 "order",
        /// Handed over on the spot.
        DirectSale = 2 "direct_sale",
        /// Goods that come back; its amounts are negative.
        Return = 3 "return",
    }
}

codes! {
    /// Where a price or a discount came from.
    pub enum PriceOrigin: "price" {
        List = 1 "list",
        /// Agreed for this client.
        Agreed = 2 "agreed",
        Promotion = 3 "promotion",
        /// Typed by the rep.
        Manual = 4 "manual",
        /// As in the client's last purchase.
        LastPurchase = 5 "last_purchase",
    }
}

codes! {
    /// Why goods come back.
    pub enum ReturnReason: "return" {
        Damaged = 1 "damaged",
        Expired = 2 "expired",
        Wrong = 3 "wrong",
        Unsold = 4 "unsold",
        Quality = 5 "quality",
        Other = 6 "other",
    }
}

cbor_map! {
    /// Where a unit price came from, so that the order is judged by what the rep could know.
    pub struct PriceSource {
        0 origin: PriceOrigin,
        /// Id of the version of the price list.
        1 version: Option<String>,
    }
}

cbor_map! {
    /// A discount: a percentage or an amount, never both.
    pub struct Discount {
        /// 0 to 100, at most four decimals.
        0 percent: Option<Decimal>,
        /// Minor units of the purchase's currency; only on lines.
        1 amount: Option<Minor>,
        2 origin: Option<PriceOrigin>,
    }
}

cbor_map! {
    /// A tax and its rate as they were when the purchase was written.
    pub struct Tax {
        /// The office's code, such as `IVA21`.
        0 code: String,
        /// Per cent, at most four decimals.
        1 percent: Decimal,
    }
}

cbor_map! {
    pub struct Line {
        /// The office's key of the article.
        0 article: String,
        /// Its name on that day.
        1 description: Option<String>,
        /// Above zero, also where goods come back; at most four decimals.
        2 quantity: Decimal,
        3 unit: String,
        /// Per unit, in whole units of the currency, before discounts and tax; at most six decimals. Missing where
        /// the office is to set it: then the line's amount is 0.
        4 price: Option<Decimal>,
        5 price_source: Option<PriceSource>,
        /// Applied in this order, each to what the one before left.
        6 discounts: Vec<Discount>,
        7 taxes: Vec<Tax>,
        /// Amount of the line in minor units, after its discounts, before tax.
        8 net: Minor,
        /// Without charge (*sin cargo*): the price is kept and the amount is 0.
        9 free: bool,
        /// Goods of this line come back, and its amount is negative.
        10 returned: Option<ReturnReason>,
        /// What is priced where it is not the quantity: the weight of catch-weight goods; at most four decimals.
        11 priced_quantity: Option<Decimal>,
        12 priced_unit: Option<String>,
        13 note: Option<String>,
    }
}

cbor_map! {
    /// Minor units of the purchase's currency.
    pub struct Totals {
        /// Taxable base.
        0 net: Minor,
        1 tax: Minor,
        /// Net and tax.
        2 total: Minor,
    }
}

cbor_map! {
    pub struct Purchase {
        8 sort: PurchaseSort,
        9 currency: Currency,
        10 lines: Vec<Line>,
        /// Percentages off the whole, after the lines' own.
        11 discounts: Vec<Discount>,
        /// Id of the profile's place where it is delivered.
        12 deliver_to: Option<PartId>,
        13 deliver_on: Option<BusinessDate>,
        /// The client's own number for it.
        14 client_ref: Option<String>,
        15 notes: Option<String>,
        /// The visit at which it was made.
        16 visit: Option<RecordId>,
        17 totals: Totals,
        /// The purchase whose goods come back.
        18 returns: Option<RecordId>,
        /// The visit of the plan that it carries out, where there was no visit.
        19 plan: Option<PlanKey>,
    }
}

impl PriceSource {
    pub fn new(origin: PriceOrigin, version: Option<String>) -> Self {
        Self { origin, version, extras: Default::default() }
    }
}

impl Discount {
    pub fn percent(percent: Decimal) -> Self {
        Self { percent: Some(percent), amount: None, origin: None, extras: Default::default() }
    }

    /// Minor units.
    pub fn amount(amount: i64) -> Self {
        Self { percent: None, amount: Some(amount), origin: None, extras: Default::default() }
    }

    fn check(&self, check: &mut Check, amounts_allowed: bool) {
        if let Some(percent) = self.percent {
            check.decimal("percent", percent, 0, 100, PERCENT_PLACES);
        }
        if let Some(amount) = self.amount {
            check.range("amount", amount, 0, i64::MAX);
            check.rule(self.percent.is_none() && amounts_allowed, "amount", Code::Contradiction);
        }
        check.rule(self.percent.is_some() || self.amount.is_some(), "percent", Code::Required);
        check.rule(self.origin.is_none_or(PriceOrigin::is_known), "origin", Code::UnknownValue);
    }
}

impl Tax {
    pub fn new(code: impl Into<String>, percent: Decimal) -> Self {
        Self { code: code.into(), percent, extras: Default::default() }
    }
}

impl Line {
    /// A line without price; fill in the rest, then call [`Purchase::compute_amounts`].
    pub fn new(article: impl Into<String>, quantity: Decimal, unit: impl Into<String>) -> Self {
        Self {
            article: article.into(),
            description: None,
            quantity,
            unit: unit.into(),
            price: None,
            price_source: None,
            discounts: Vec::new(),
            taxes: Vec::new(),
            net: 0,
            free: false,
            returned: None,
            priced_quantity: None,
            priced_unit: None,
            note: None,
            extras: Default::default(),
        }
    }

    fn check(&self, check: &mut Check) {
        check.line("article", &self.article, CODE_CHARS_MAX);
        check.line_opt("description", self.description.as_ref(), NAME_CHARS_MAX);
        for (field, quantity) in
            [("quantity", Some(self.quantity)), ("priced_quantity", self.priced_quantity)]
        {
            if let Some(quantity) = quantity {
                check.decimal(field, quantity, 0, QUANTITY_MAX, QUANTITY_PLACES);
                check.rule(!quantity.is_zero(), field, Code::Required);
            }
        }
        check.line("unit", &self.unit, UNIT_CHARS_MAX);
        check.line_opt("priced_unit", self.priced_unit.as_ref(), UNIT_CHARS_MAX);
        let priced_alone = self.priced_quantity.is_some() == self.priced_unit.is_some();
        check.rule(priced_alone, "priced_unit", Code::Contradiction);
        if let Some(price) = self.price {
            check.decimal("price", price, 0, UNIT_PRICE_MAX, UNIT_PRICE_PLACES);
        }
        if let Some(source) = &self.price_source {
            check.rule(source.origin.is_known(), "price_source.origin", Code::UnknownValue);
            check.line_opt("price_source.version", source.version.as_ref(), CODE_CHARS_MAX);
        }
        check
            .each("discounts", &self.discounts, DISCOUNTS_MAX, |check, discount| discount.check(check, true));
        check.each("taxes", &self.taxes, TAXES_MAX, |check, tax| {
            check.line("code", &tax.code, CODE_CHARS_MAX);
            check.decimal("percent", tax.percent, 0, TAX_PERCENT_MAX, PERCENT_PLACES);
        });
        for (index, tax) in self.taxes.iter().enumerate().take(TAXES_MAX) {
            let twice = self.taxes[..index].iter().any(|other| other.code == tax.code);
            check.rule(!twice, "taxes", Code::Duplicate);
        }
        check.rule(self.returned.is_none_or(ReturnReason::is_known), "returned", Code::UnknownValue);
        check.line_opt("note", self.note.as_ref(), SENTENCE_CHARS_MAX);
    }
}

impl Purchase {
    pub fn new(sort: PurchaseSort, currency: Currency) -> Self {
        Self {
            sort,
            currency,
            lines: Vec::new(),
            discounts: Vec::new(),
            deliver_to: None,
            deliver_on: None,
            client_ref: None,
            notes: None,
            visit: None,
            totals: Totals { net: 0, tax: 0, total: 0, extras: Default::default() },
            returns: None,
            plan: None,
            extras: Default::default(),
        }
    }

    /// Amounts of the lines, of each tax and of the whole, by the rounding rule; what is stored is not looked at.
    ///
    /// # Errors
    /// A quantity, price or discount outside its limits, a currency without minor unit, or an overflow.
    pub fn amounts(&self) -> Result<Amounts, AmountsError> {
        amounts(self)
    }

    /// Fills in the lines' amounts and the totals.
    ///
    /// # Errors
    /// As [`Purchase::amounts`]; then nothing has changed.
    pub fn compute_amounts(&mut self) -> Result<(), AmountsError> {
        let amounts = self.amounts()?;
        for (line, net) in self.lines.iter_mut().zip(&amounts.lines) {
            line.net = *net;
        }
        self.totals.net = amounts.net;
        self.totals.tax = amounts.tax;
        self.totals.total = amounts.total;
        Ok(())
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.rule(self.sort.is_known(), "sort", Code::UnknownValue);
        check.rule(self.currency.exponent().is_some(), "currency", Code::UnknownValue);
        check.rule(!self.lines.is_empty(), "lines", Code::Required);
        check.each("lines", &self.lines, LINES_MAX, |check, line| line.check(check));
        check.each("discounts", &self.discounts, DISCOUNTS_MAX, |check, discount| {
            discount.check(check, false)
        });
        check.line_opt("client_ref", self.client_ref.as_ref(), CLIENT_REF_CHARS_MAX);
        check.prose_opt("notes", self.notes.as_ref(), NOTES_CHARS_MAX);
        let goods_come_back =
            self.sort != PurchaseSort::Order || self.lines.iter().any(|l| l.returned.is_some());
        check.rule(self.returns.is_none() || goods_come_back, "returns", Code::Contradiction);
        if let Some(plan) = &self.plan {
            check.within("plan", |check| plan.check(check));
        }
        match self.amounts() {
            Ok(amounts) => self.check_amounts(&amounts, check),
            // The cause is on the list already, unless it is the sum itself.
            Err(AmountsError::Overflow { .. }) => check.add("totals.total", Code::TooLarge, Some(i64::MAX)),
            Err(_) => {}
        }
    }

    fn check_amounts(&self, amounts: &Amounts, check: &mut Check) {
        for (index, (line, net)) in self.lines.iter().zip(&amounts.lines).enumerate() {
            check.rule(line.net == *net, &format!("lines[{index}].net"), Code::Mismatch);
            let comes_back = self.sort == PurchaseSort::Return || line.returned.is_some();
            let right_sign = if comes_back { *net <= 0 } else { *net >= 0 };
            check.rule(right_sign, &format!("lines[{index}].discounts"), Code::Contradiction);
        }
        let stored = &self.totals;
        let same = (stored.net, stored.tax, stored.total) == (amounts.net, amounts.tax, amounts.total);
        check.rule(same, "totals", Code::Mismatch);
    }
}
