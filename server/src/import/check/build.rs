//! From a row's values to a record: what several fields must agree on.

use rust_decimal::Decimal;

use super::cell::{Value, Values};
use crate::import::finding::{Code, Finding, Findings, Severity, quote};
use crate::import::kind::Kind;
use crate::import::map::{Bound, Mapping};
use crate::import::record::{Article, DueItem, Price, Record};
use crate::import::target::Reference;
use crate::import::value;

/// A record on its way to storage.
#[derive(Debug)]
pub(in crate::import) struct Prepared {
    pub(in crate::import) record: Record,
    /// How many rows it was made of.
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
    pub(super) bound: &'a Bound,
    row: u64,
    values: Vec<Option<Value>>,
    findings: &'a mut Findings,
    failed: bool,
}

impl<'a> Builder<'a> {
    pub(in crate::import) fn new(
        mapping: &'a Mapping,
        bound: &'a Bound,
        values: Values,
        findings: &'a mut Findings,
    ) -> Self {
        Self { mapping, bound, row: values.row, values: values.values, findings, failed: values.failed }
    }

    /// The record; `None` if a rule is broken. Sales are built line by line instead.
    pub(in crate::import) fn build(mut self) -> Option<Prepared> {
        let mut wanted = Vec::new();
        let row = self.row;
        let mut want = |what, key: Option<&String>, field| {
            wanted.extend(key.map(|key| Wanted { what, key: key.clone(), row, field }));
        };
        let record = match self.mapping.kind {
            Kind::Clients => {
                let client = super::client::build(&mut self);
                want(Reference::Territory, client.row.territory.as_ref(), "territory");
                Record::Client(client)
            }
            Kind::Articles => Record::Article(self.article()),
            Kind::Prices => {
                let price = self.price();
                want(Reference::Client, price.client.as_ref(), "client");
                want(Reference::Article, Some(&price.article), "article");
                Record::Price(price)
            }
            Kind::DueItems => {
                let item = self.due_item();
                want(Reference::Client, Some(&item.client), "client");
                Record::DueItem(item)
            }
            Kind::Sales => return None,
        };
        (!self.failed).then_some(Prepared { record, rows: 1, wanted })
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

    pub(super) fn number(&mut self, name: &str) -> Option<Decimal> {
        match self.take(name) {
            Some(Value::Number(number)) => Some(number),
            _ => None,
        }
    }

    pub(super) fn day(&mut self, name: &str) -> Option<i32> {
        match self.take(name) {
            Some(Value::Day(days)) => Some(days),
            _ => None,
        }
    }

    fn yes_no(&mut self, name: &str) -> Option<bool> {
        match self.take(name) {
            Some(Value::YesNo(yes)) => Some(yes),
            _ => None,
        }
    }

    /// The row's currency, which must be known where there is an amount.
    pub(super) fn currency(&mut self) -> Option<String> {
        let currency = self.text("currency");
        if currency.is_none() && !self.failed {
            self.fail("currency", Code::CurrencyMissing, "", None);
        }
        currency
    }

    /// An amount in minor units of the currency.
    pub(super) fn minor(&mut self, name: &'static str, currency: &str) -> Option<i64> {
        let amount = self.number(name)?;
        let places = value::currency_places(currency)?;
        let Some((minor, is_rounded)) = value::minor_units(amount, places) else {
            self.fail(name, Code::AmountTooLarge, &amount.to_string(), None);
            return None;
        };
        if is_rounded {
            let rounded = Decimal::new(minor, places).to_string();
            self.fail(name, Code::Rounded, &amount.to_string(), Some(rounded));
        }
        Some(minor)
    }

    fn article(&mut self) -> Article {
        let price = self.number("price");
        Article {
            id: self.text("id").unwrap_or_default(),
            name: self.text("name").unwrap_or_default(),
            family: self.text("family"),
            unit: self.text("unit"),
            units_per_case: self.number("units_per_case"),
            ean: self.text("ean"),
            tax_percent: self.number("tax_percent"),
            price,
            currency: if price.is_some() { self.currency() } else { None },
            active: self.yes_no("active").unwrap_or(true),
        }
    }

    fn price(&mut self) -> Price {
        let mut price = Price {
            id: String::new(),
            article: self.text("article").unwrap_or_default(),
            client: self.text("client"),
            price_list: self.text("price_list"),
            min_quantity: self.number("min_quantity").filter(|quantity| !quantity.is_zero()),
            price: self.number("price").unwrap_or_default(),
            discount_percent: self.number("discount_percent").filter(|percent| !percent.is_zero()),
            currency: self.currency().unwrap_or_default(),
            from: self.day("from"),
            until: self.day("until"),
        };
        if let (Some(from), Some(until)) = (price.from, price.until)
            && until < from
        {
            self.fail("until", Code::PeriodReversed, &crate::import::date::to_iso(until), None);
        }
        price.id = self.text("id").unwrap_or_else(|| key_of_condition(&price));
        price
    }

    fn due_item(&mut self) -> DueItem {
        let currency = self.currency().unwrap_or_default();
        let amount = self.minor("amount", &currency).unwrap_or_default();
        let paid = self.day("paid");
        let returned = self.yes_no("returned").unwrap_or(false);
        let is_settled = paid.is_some() && !returned;
        DueItem {
            id: self.text("id").unwrap_or_default(),
            client: self.text("client").unwrap_or_default(),
            document: self.text("document"),
            issued: self.day("issued"),
            due: self.day("due").unwrap_or_default(),
            open: self.minor("open", &currency).unwrap_or(if is_settled { 0 } else { amount }),
            currency,
            amount,
            paid,
            returned,
            method: self.text("method"),
        }
    }
}

/// Names what the condition is for: two rows for the same would overrule each other.
fn key_of_condition(price: &Price) -> String {
    let whom = match (&price.client, &price.price_list) {
        (Some(client), _) => format!("c:{client}"),
        (None, Some(list)) => format!("l:{list}"),
        (None, None) => "*".to_owned(),
    };
    let quantity = price.min_quantity.map(|quantity| quantity.to_string()).unwrap_or_default();
    let from = price.from.map(crate::import::date::to_iso).unwrap_or_default();
    format!("{}|{whom}|{quantity}|{from}|{}", price.article, price.currency)
}
