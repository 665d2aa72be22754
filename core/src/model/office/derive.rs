//! Days and months of one client's sales in one currency, worked out from the office's documents. Whoever has the same
//! documents gets the same rows, in whatever order they came.
//!
//! - Invoices and credit notes count; delivery notes, which are not invoiced yet, and cancelled documents do not. Rebates
//!   are kept apart.
//! - A credit note that names the document it corrects counts on that document's own day, if it is the same client's.
//! - A day is a purchase event where something was invoiced and its net is not negative; a net of nothing is one.

use std::collections::BTreeMap;

use super::{MonthTotal, Sale, SaleSort, SalesDay, SalesMonth, Value};
use crate::model::date::BusinessDate;
use crate::model::decimal::Decimal;
use crate::model::limits::{MONTH_TOTALS_MAX, OFFICE_VALUE_BYTES_MAX};
use crate::model::money::{Currency, Minor};

impl Sale {
    /// The document on whose day it counts, where that is not its own; `key` is its own.
    pub fn counts_with(&self, key: &str) -> Option<&str> {
        self.corrects.as_deref().filter(|target| self.sort == SaleSort::CreditNote && *target != key)
    }

    /// Whether its amount is revenue.
    pub fn is_revenue(&self) -> bool {
        !self.voided && matches!(self.sort, SaleSort::Invoice | SaleSort::CreditNote)
    }

    fn is_rebate(&self) -> bool {
        !self.voided && self.sort == SaleSort::Rebate
    }
}

/// What the documents that count on a day make of it; `None` where none does.
pub fn sales_day(date: BusinessDate, currency: Currency, sales: &[&Sale]) -> Option<SalesDay> {
    let revenue = || sales.iter().filter(|sale| sale.is_revenue());
    let rebates = || sales.iter().filter(|sale| sale.is_rebate());
    let documents = revenue().count() + rebates().count();
    if documents == 0 {
        return None;
    }
    let net = sum(revenue().map(|sale| sale.net));
    let event = net >= 0 && revenue().any(|sale| sale.sort == SaleSort::Invoice);
    let documents = u32::try_from(documents).unwrap_or(u32::MAX);
    let mut day = SalesDay::new(date, currency, net, event, documents);
    day.rebates = rebates().next().map(|_| sum(rebates().map(|sale| sale.net)));
    Some(day)
}

/// What the documents that count in a month sold, by family and unit; `None` where none does. `month` is any day of it.
/// Past the largest number of families, or of bytes, the last ones by name stand together without one.
pub fn sales_month(month: BusinessDate, currency: Currency, sales: &[&Sale]) -> Option<SalesMonth> {
    type Name = (Option<String>, Option<String>);
    let mut totals: BTreeMap<Name, (i128, Quantity)> = BTreeMap::new();
    for sale in sales.iter().filter(|sale| sale.is_revenue()) {
        if sale.lines.is_empty() {
            totals.entry((None, None)).or_default().0 += i128::from(sale.net);
        }
        for line in &sale.lines {
            let total = totals.entry((line.family.clone(), line.unit.clone())).or_default();
            total.0 += i128::from(line.net);
            total.1.add(line.quantity);
        }
    }
    let mut most = MONTH_TOTALS_MAX;
    loop {
        if totals.is_empty() {
            return None;
        }
        while totals.len() > most {
            if let Some((_, (net, _))) = totals.pop_last() {
                let rest = totals.entry((None, None)).or_default();
                rest.0 += net;
                rest.1 = Quantity::Unknown;
            }
        }
        let list = totals.iter().map(|((family, unit), (net, quantity))| {
            MonthTotal::new(family.clone(), unit.clone(), quantity.get(), clamp(*net))
        });
        let made = SalesMonth::new(month, currency, list.collect());
        if Value::from(made.clone()).encode().len() <= OFFICE_VALUE_BYTES_MAX || most <= 1 {
            return Some(made);
        }
        most /= 2;
    }
}

/// A sum of quantities, of which some may not be known.
#[derive(Debug, Clone, Copy, Default)]
enum Quantity {
    #[default]
    None,
    Sum(Decimal),
    /// More than can be written.
    Unknown,
}

impl Quantity {
    fn add(&mut self, more: Option<Decimal>) {
        let Some(more) = more else { return };
        *self = match *self {
            Self::None => Self::Sum(more),
            Self::Unknown => Self::Unknown,
            Self::Sum(sum) => {
                let sum = sum.inner().checked_add(more.inner());
                sum.and_then(|sum| Decimal::try_from(sum).ok()).map_or(Self::Unknown, Self::Sum)
            }
        };
    }

    const fn get(self) -> Option<Decimal> {
        match self {
            Self::Sum(sum) => Some(sum),
            Self::None | Self::Unknown => None,
        }
    }
}

fn sum(amounts: impl Iterator<Item = Minor>) -> Minor {
    clamp(amounts.map(i128::from).sum())
}

/// What does not fit stands at the end of what does.
fn clamp(amount: i128) -> Minor {
    Minor::try_from(amount).unwrap_or(if amount < 0 { Minor::MIN } else { Minor::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::office::SaleLine;

    fn date() -> BusinessDate {
        BusinessDate::from_ymd(2026, 9, 21).unwrap()
    }

    fn sale(sort: SaleSort, net: i64) -> Sale {
        Sale::new(sort, date(), Currency::EUR, net)
    }

    fn day(sales: &[Sale]) -> Option<(i64, bool, u32, Option<i64>)> {
        let sales: Vec<&Sale> = sales.iter().collect();
        sales_day(date(), Currency::EUR, &sales).map(|day| (day.net, day.event, day.documents, day.rebates))
    }

    #[test]
    fn what_counts_on_a_day() {
        use SaleSort::{CreditNote, DeliveryNote, Invoice, Rebate};
        let voided = Sale { voided: true, ..sale(Invoice, 500) };
        for (sales, expected) in [
            (vec![], None),
            (vec![sale(Invoice, 100), sale(Invoice, 50)], Some((150, true, 2, None))),
            (vec![sale(Invoice, 0)], Some((0, true, 1, None))),
            (vec![sale(Invoice, 100), sale(CreditNote, -100)], Some((0, true, 2, None))),
            (vec![sale(Invoice, 100), sale(CreditNote, -130)], Some((-30, false, 2, None))),
            (vec![sale(CreditNote, 0)], Some((0, false, 1, None))),
            (vec![sale(Invoice, 100), sale(Rebate, -20)], Some((100, true, 2, Some(-20)))),
            (vec![sale(Rebate, -20)], Some((0, false, 1, Some(-20)))),
            (vec![sale(DeliveryNote, 70), voided.clone()], None),
            (vec![sale(Invoice, 10), voided, sale(SaleSort::Unknown(9), 5)], Some((10, true, 1, None))),
            (vec![sale(Invoice, i64::MAX), sale(Invoice, 1)], Some((i64::MAX, true, 2, None))),
        ] {
            assert_eq!(day(&sales), expected, "{sales:?}");
        }
    }

    fn line(family: &str, unit: &str, quantity: &str, net: i64) -> SaleLine {
        SaleLine {
            family: Some(family.into()),
            unit: Some(unit.into()),
            quantity: quantity.parse().ok(),
            ..SaleLine::new(None, net)
        }
    }

    #[test]
    fn a_month_by_family_and_unit() {
        let mut invoice = sale(SaleSort::Invoice, 60);
        invoice.lines =
            vec![line("té", "kg", "1.5", 30), line("café", "kg", "2", 20), line("café", "u", "1", 10)];
        let mut credit = sale(SaleSort::CreditNote, -10);
        credit.lines = vec![line("café", "kg", "-0.5", -10)];
        let bare = sale(SaleSort::Invoice, 7);
        let month = sales_month(date(), Currency::EUR, &[&invoice, &credit, &bare]).unwrap();
        let total = |family: &str, unit: &str, quantity: &str, net| {
            MonthTotal::new(Some(family.into()), Some(unit.into()), quantity.parse().ok(), net)
        };
        let expected = vec![
            MonthTotal::new(None, None, None, 7),
            total("café", "kg", "1.5", 10),
            total("café", "u", "1", 10),
            total("té", "kg", "1.5", 30),
        ];
        assert_eq!(month, SalesMonth::new(date(), Currency::EUR, expected));
        assert_eq!(sales_month(date(), Currency::EUR, &[&sale(SaleSort::Rebate, -5)]), None);
    }

    #[test]
    fn a_month_at_its_limit_keeps_every_family_and_one_more_stand_together() {
        let of = |families: usize, name: usize| {
            let mut invoice = sale(SaleSort::Invoice, families as i64);
            invoice.lines = (0..families).map(|n| line(&format!("{n:0name$}"), "kg", "1", 1)).collect();
            sales_month(date(), Currency::EUR, &[&invoice]).unwrap().totals
        };
        assert_eq!(of(MONTH_TOTALS_MAX, 4).len(), MONTH_TOTALS_MAX);
        let past = of(MONTH_TOTALS_MAX + 1, 4);
        assert_eq!((past.len(), past[0].net, past[0].quantity), (MONTH_TOTALS_MAX, 2, None));
        assert_eq!(past.iter().map(|total| total.net).sum::<i64>(), MONTH_TOTALS_MAX as i64 + 1);
        let long = of(MONTH_TOTALS_MAX, 500);
        assert!(long.len() < MONTH_TOTALS_MAX);
        assert_eq!(long.iter().map(|total| total.net).sum::<i64>(), MONTH_TOTALS_MAX as i64);
    }
}
