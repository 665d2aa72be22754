//! How clients pay: days to pay, what is overdue and for how long, from the office's due items.
//!
//! A due item says how it stands now. Told as of an earlier day, one that was paid since was open then; one issued since
//! was not there. A payment that came back opens the debt again, whatever else the item says, and is no payment.

use super::base::Base;
use super::figure::{Figure, Withheld};
use super::window::Window;
use crate::model::{BusinessDate, Currency};
use crate::rows::relations::Due;

/// First days of the stretches by which an overdue balance is told: up to 30 days, up to 60, up to 90, more.
pub const AGES_FROM_DAYS: [i32; 4] = [1, 31, 61, 91];

/// What is still to be paid of an item on a day, in minor units; negative for a credit in the client's favour.
pub fn open_on(item: &Due, as_of: BusinessDate) -> i64 {
    if item.issued.is_some_and(|issued| issued > as_of) {
        return 0;
    }
    let was_paid_later = item.paid.is_some_and(|paid| paid > as_of);
    if was_paid_later || item.returned && item.open == 0 { item.amount } else { item.open }
}

/// A sum of days, each weighted by an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weighted {
    /// Minor units times days.
    pub amount_days: i128,
    /// Minor units.
    pub amount: i128,
    pub items: u64,
}

impl Weighted {
    const fn add(&mut self, amount: i64, days: i32) {
        self.amount_days += amount as i128 * days as i128;
        self.amount += amount as i128;
        self.items += 1;
    }

    /// Mean days; records are due items.
    pub fn days(self) -> Figure<f64> {
        if self.amount == 0 {
            return Figure::withheld(Withheld::NoData, 0);
        }
        Figure::new(self.amount_days as f64 / self.amount as f64, self.items)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Payment {
    /// From the day of the document to the last payment, of what was paid in the window and says when it was issued.
    pub to_pay: Weighted,
    /// From the day on which it fell due to the last payment; negative where clients pay early.
    pub late: Weighted,
    /// What is open, in minor units, and its items.
    pub open: i128,
    pub open_items: u64,
    /// What of it fell due before the as-of date.
    pub overdue: i128,
    pub overdue_items: u64,
    /// The same by age, in the order of [`AGES_FROM_DAYS`].
    pub by_age: [i128; 4],
    /// How long the overdue balance has been so, weighted by amount.
    pub overdue_age: Weighted,
    /// Items whose payment came back.
    pub returned: u64,
    /// Every item there is.
    pub items: u64,
}

impl Payment {
    /// What is overdue, in minor units; withheld where there is no due item at all. Records are the items overdue.
    pub const fn overdue(&self) -> Figure<i128> {
        if self.items == 0 {
            Figure::withheld(Withheld::NoData, 0)
        } else {
            Figure::new(self.overdue, self.overdue_items)
        }
    }

    /// What is open; records are the items open.
    pub const fn open(&self) -> Figure<i128> {
        if self.items == 0 {
            Figure::withheld(Withheld::NoData, 0)
        } else {
            Figure::new(self.open, self.open_items)
        }
    }
}

/// Of the due items of a currency: payments of the window, what is open on the as-of date. Credits in the client's favour
/// lessen what is open, and are neither paid late nor overdue.
pub fn payment<'a>(
    dues: impl IntoIterator<Item = &'a Due>,
    currency: Currency,
    window: Window,
    as_of: BusinessDate,
) -> Payment {
    let mut sum = Payment::default();
    for item in dues {
        if item.currency != currency || item.issued.is_some_and(|issued| issued > as_of) {
            continue;
        }
        sum.items += 1;
        sum.returned += u64::from(item.returned);
        let open = open_on(item, as_of);
        if open != 0 {
            sum.open += i128::from(open);
            sum.open_items += 1;
        }
        let late_days = as_of.days().saturating_sub(item.due.days());
        if open > 0 && late_days >= AGES_FROM_DAYS[0] {
            sum.overdue += i128::from(open);
            sum.overdue_items += 1;
            sum.overdue_age.add(open, late_days);
            let age = AGES_FROM_DAYS.iter().rposition(|from| late_days >= *from).unwrap_or(0);
            sum.by_age[age] += i128::from(open);
        }
        let paid = item.paid.filter(|paid| open == 0 && item.amount > 0 && window.contains(*paid));
        if let Some(paid) = paid {
            sum.late.add(item.amount, paid.days().saturating_sub(item.due.days()));
            if let Some(issued) = item.issued {
                sum.to_pay.add(item.amount, paid.days().saturating_sub(issued.days()));
            }
        }
    }
    sum
}

/// The currencies of due items that have no sales, so that no debt is left out.
pub fn currencies<'a>(dues: &'a [Due], bases: &'a [&'a Base]) -> std::collections::BTreeSet<Currency> {
    dues.iter().map(|due| due.currency).chain(bases.iter().map(|base| base.currency())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::{client, date, window};

    fn item(issued: &str, due: &str, amount: i64, open: i64, paid: Option<&str>) -> Due {
        Due {
            client: client(1),
            issued: Some(date(issued)),
            due: date(due),
            currency: Currency::EUR,
            amount,
            open,
            paid: paid.map(date),
            returned: false,
        }
    }

    fn told(items: &[Due], as_of: &str) -> Payment {
        payment(items, Currency::EUR, window("2026-01-01", "2027-01-01"), date(as_of))
    }

    #[test]
    fn days_to_pay_are_weighted_by_amount() {
        let items = [
            item("2026-01-01", "2026-01-31", 300, 0, Some("2026-02-10")), // 40 days, 10 late
            item("2026-01-01", "2026-01-31", 100, 0, Some("2026-01-21")), // 20 days, 10 early
            item("2026-01-01", "2026-01-31", 50, 20, Some("2026-02-01")), // not all of it
            item("2025-01-01", "2025-01-31", 900, 0, Some("2025-12-31")), // before the window
        ];
        let found = told(&items, "2026-06-30");
        assert_eq!((found.to_pay.days(), found.late.days()), (Figure::new(35.0, 2), Figure::new(5.0, 2)));
        assert_eq!((found.open(), found.overdue()), (Figure::new(20, 1), Figure::new(20, 1)));
        assert_eq!(told(&[], "2026-06-30").overdue(), Figure::withheld(Withheld::NoData, 0));
        assert_eq!(told(&items[3..], "2026-06-30").late.days(), Figure::withheld(Withheld::NoData, 0));
    }

    #[test]
    fn an_overdue_balance_has_an_age() {
        let due = |on: &str, open| item("2026-01-01", on, 100, open, None);
        let items = [
            due("2026-06-30", 1), // today is not late
            due("2026-06-29", 2),
            due("2026-05-31", 4), // 30 days
            due("2026-05-30", 8),
            due("2026-05-01", 16), // 60
            due("2026-04-30", 32),
            due("2026-04-01", 64), // 90
            due("2026-03-31", 100),
            Due { amount: -50, open: -50, ..due("2026-03-31", 0) },
        ];
        let found = told(&items, "2026-06-30");
        assert_eq!(found.by_age, [6, 24, 96, 100]);
        assert_eq!((found.overdue, found.overdue_items, found.open), (226, 7, 177));
        let days = 2 + 4 * 30 + 8 * 31 + 16 * 60 + 32 * 61 + 64 * 90 + 100 * 91;
        assert_eq!(found.overdue_age.amount_days, days);
    }

    #[test]
    fn a_returned_payment_opens_the_debt_again() {
        let back = Due { returned: true, ..item("2026-01-01", "2026-01-31", 300, 0, Some("2026-02-10")) };
        let found = told(&[back], "2026-06-30");
        assert_eq!((found.overdue, found.returned, found.late.items), (300, 1, 0));
        let part = Due { open: 120, ..back };
        assert_eq!(told(&[part], "2026-06-30").overdue, 120, "the office says how much of it is open");
    }

    #[test]
    fn what_was_paid_since_was_open_then() {
        let items = [
            item("2026-01-01", "2026-01-31", 300, 0, Some("2026-05-10")),
            item("2026-03-01", "2026-03-31", 70, 70, None),
        ];
        let then = told(&items, "2026-02-28");
        assert_eq!((then.overdue, then.items, then.late.items), (300, 1, 0));
        assert_eq!((told(&items, "2026-06-30").overdue, told(&items, "2026-06-30").late.items), (70, 1));
        let other = payment(&items, Currency::USD, window("2026-01-01", "2027-01-01"), date("2026-06-30"));
        assert_eq!(other, Payment::default());
    }
}
