//! From a row's values to a record.

use cartera_core::model::{BusinessDate, Currency, Decimal, Money};
use rust_decimal::Decimal as Number;

use super::cell::{Value, Values};
use super::{catalogue, client, due, spend};
use crate::import::finding::{Code, Finding, Findings, Severity, quote};
use crate::import::kind::Kind;
use crate::import::map::{Bound, Mapping};
use crate::import::record::{OfficeRecord, Record};
use crate::import::target::Reference;
use crate::import::value;

/// A record on its way to storage.
#[derive(Debug)]
pub(in crate::import) struct Prepared {
    pub(in crate::import) record: Record,
    /// What must be there beside it: an article's tax.
    pub(in crate::import) beside: Option<OfficeRecord>,
    /// Its first row, and how many it was made of.
    pub(in crate::import) row: u64,
    pub(in crate::import) rows: u64,
    pub(in crate::import) wanted: Vec<Wanted>,
}

/// A key that must be known at its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::import) struct Wanted {
    pub(in crate::import) what: Reference,
    pub(in crate::import) key: String,
    pub(in crate::import) row: u64,
    pub(in crate::import) field: &'static str,
}

/// Takes a row's values out by their fields' names.
pub(in crate::import) struct Builder<'a> {
    mapping: &'a Mapping,
    bound: &'a Bound,
    row: u64,
    values: Vec<Option<Value>>,
    findings: &'a mut Findings,
    failed: bool,
    wanted: Vec<Wanted>,
}

impl<'a> Builder<'a> {
    pub(in crate::import) fn new(
        mapping: &'a Mapping,
        bound: &'a Bound,
        values: Values,
        findings: &'a mut Findings,
    ) -> Self {
        let Values { row, values, failed } = values;
        Self { mapping, bound, row, values, findings, failed, wanted: Vec::new() }
    }

    /// The record; `None` if a rule is broken. Sales are built line by line instead.
    pub(in crate::import) fn build(mut self) -> Option<Prepared> {
        let (record, beside) = match self.mapping.kind {
            Kind::Clients => (Some(Record::Client(client::build(&mut self))), None),
            Kind::Articles => {
                let (article, tax) = catalogue::article(&mut self);
                (article.map(Record::Office), tax)
            }
            Kind::Prices => (catalogue::price(&mut self).map(Record::Office), None),
            Kind::DueItems => (due::item(&mut self).map(Record::Office), None),
            Kind::Spend => (spend::spend(&mut self).map(Record::Office), None),
            Kind::Sales => (None, None),
        };
        let record = record.filter(|_| !self.failed)?;
        Some(Prepared { record, beside, row: self.row, rows: 1, wanted: self.wanted })
    }

    pub(super) const fn mapping(&self) -> &'a Mapping {
        self.mapping
    }

    pub(super) const fn failed(&self) -> bool {
        self.failed
    }

    pub(super) fn fail(&mut self, field: &'static str, code: Code, value: &str, detail: Option<String>) {
        self.failed |= code.severity() == Severity::Error;
        let column = self.bound.fields.iter().find(|bound| bound.field.name == field).and_then(|b| b.column);
        let value = quote(value);
        self.findings.add(Finding { row: self.row, column, field: Some(field), value, code, detail });
    }

    /// The row refers to something that must be known.
    pub(super) fn want(&mut self, what: Reference, key: Option<&String>, field: &'static str) {
        let row = self.row;
        self.wanted.extend(key.map(|key| Wanted { what, key: key.clone(), row, field }));
    }

    pub(super) fn take_wanted(&mut self) -> Vec<Wanted> {
        std::mem::take(&mut self.wanted)
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        let index = self.mapping.kind.fields().iter().position(|field| field.name == name)?;
        self.values.get_mut(index)?.take()
    }

    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub(super) fn number(&mut self, name: &str) -> Option<Number> {
        match self.take(name) {
            Some(Value::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// A number as the model keeps it.
    pub(super) fn decimal(&mut self, name: &'static str) -> Option<Decimal> {
        let number = self.number(name)?;
        let decimal = Decimal::try_from(number);
        if decimal.is_err() {
            self.fail(name, Code::TooLarge, &number.to_string(), None);
        }
        decimal.ok()
    }

    /// Percentages of discount, one after the other, without those of nothing.
    pub(super) fn discounts(&mut self) -> Vec<Decimal> {
        let all = ["discount_percent", "discount_percent_2"].map(|name| self.decimal(name));
        all.into_iter().flatten().filter(|percent| !percent.is_zero()).collect()
    }

    pub(super) fn day(&mut self, name: &str) -> Option<BusinessDate> {
        match self.take(name) {
            Some(Value::Day(days)) => BusinessDate::from_days(days),
            _ => None,
        }
    }

    pub(super) fn yes_no(&mut self, name: &str) -> Option<bool> {
        match self.take(name) {
            Some(Value::YesNo(yes)) => Some(yes),
            _ => None,
        }
    }

    /// The row's currency, which must be known where there is an amount.
    pub(super) fn currency(&mut self) -> Option<Currency> {
        let currency = self.text("currency").and_then(|code| code.parse().ok());
        if currency.is_none() && !self.failed {
            self.fail("currency", Code::CurrencyMissing, "", None);
        }
        currency
    }

    /// An amount in the currency's minor units, rounded if it has more decimals than the currency.
    pub(super) fn money(&mut self, name: &'static str, currency: Currency) -> Option<Money> {
        let amount = self.number(name)?;
        let places = currency.exponent()?;
        let Some((minor, is_rounded)) = value::minor_units(amount, places) else {
            self.fail(name, Code::AmountTooLarge, &amount.to_string(), None);
            return None;
        };
        let money = Money::new(minor, currency);
        if is_rounded {
            self.fail(name, Code::Rounded, &amount.to_string(), Some(money.to_decimal_string()));
        }
        Some(money)
    }
}
