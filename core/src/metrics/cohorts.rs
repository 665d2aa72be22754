//! Clients by the month of their first purchase event, and how many of them bought in each month since.

use super::base::Base;
use super::figure::{Figure, Ratio, Withheld};
use crate::model::{BusinessDate, ClientId};

/// A calendar month, counted from the first one of year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    pub fn of(date: BusinessDate) -> Self {
        let civil = date.civil();
        Self(i32::from(civil.year()) * 12 + i32::from(civil.month()) - 1)
    }

    /// The month `months` later.
    pub const fn plus(self, months: u32) -> Self {
        Self(self.0.saturating_add_unsigned(months))
    }

    /// Months from `earlier` to this one; 0 where it is not earlier.
    pub fn since(self, earlier: Self) -> u32 {
        u32::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0)
    }

    /// Its first day; `None` outside the calendar.
    pub fn first_day(self) -> Option<BusinessDate> {
        let year = i16::try_from(self.0.div_euclid(12)).ok()?;
        BusinessDate::from_ymd(year, i8::try_from(self.0.rem_euclid(12)).ok()? + 1, 1)
    }
}

/// The clients whose first purchase event was in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cohort {
    pub month: Month,
    /// Clients.
    pub size: u64,
    /// How many of them bought in the month itself, in the one after, and so on to the month of the as-of date.
    bought: Vec<u64>,
    /// How many of those months are over.
    finished: usize,
}

impl Cohort {
    /// Share of the cohort that bought `months` months after its first; withheld while that month is not over.
    pub fn cell(&self, months: usize) -> Figure<Ratio> {
        if months >= self.finished {
            return Figure::withheld(Withheld::Unfinished, self.size);
        }
        Ratio::figure(self.bought[months], self.size, self.size)
    }

    /// Months that are over, the cohort's own among them.
    pub const fn finished_months(&self) -> usize {
        self.finished
    }
}

/// Every month's cohort, ascending; months without new clients have none. `is_older` tells of clients that are known to
/// have bought before the history begins: they belong to no cohort.
pub fn cohorts(base: &Base, is_older: impl Fn(&ClientId) -> bool) -> Vec<Cohort> {
    let calendar = Calendar::of(base);
    let mut found: Vec<Vec<u64>> = vec![Vec::new(); calendar.starts.len()];
    let now = calendar.index(base.as_of());
    for (client, purchases) in base.iter() {
        let mut events = purchases.events().map(|date| calendar.index(date));
        let Some(first) = events.next() else { continue };
        if is_older(&client) {
            continue;
        }
        let bought = &mut found[first];
        bought.resize(now + 1 - first, 0);
        bought[0] += 1;
        let mut last = first;
        for month in events {
            bought[month - first] += u64::from(month != last);
            last = month;
        }
    }
    let is_over = |month: Month| {
        let end = month.plus(1).first_day();
        end.is_some_and(|end| end <= base.as_of().plus_days(1).unwrap_or(base.as_of()))
    };
    let months = found.into_iter().enumerate().filter(|(_, bought)| !bought.is_empty());
    months
        .map(|(index, bought)| {
            let month = calendar.first.plus(u32::try_from(index).unwrap_or(u32::MAX));
            let last = month.plus(u32::try_from(bought.len()).unwrap_or(u32::MAX) - 1);
            let finished = bought.len() - usize::from(!is_over(last));
            Cohort { month, size: bought[0], bought, finished }
        })
        .collect()
}

/// The months from the first event of a base to its as-of date, found without a calendar's arithmetic for each day.
struct Calendar {
    first: Month,
    /// First days of the months.
    starts: Vec<BusinessDate>,
}

impl Calendar {
    fn of(base: &Base) -> Self {
        let first =
            base.iter().filter_map(|(_, purchases)| purchases.events().next()).min().unwrap_or(base.as_of());
        let first = Month::of(first);
        let months = Month::of(base.as_of()).since(first);
        Self { first, starts: (0..=months).map_while(|months| first.plus(months).first_day()).collect() }
    }

    fn index(&self, date: BusinessDate) -> usize {
        self.starts.partition_point(|start| *start <= date).saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::{base, client};

    fn told(as_of: &str, days: &[(u8, &str, i64)]) -> Vec<(String, u64, Vec<u64>)> {
        let base = base(as_of, "2025-01-01", days);
        let told = |cohort: Cohort| {
            let bought =
                (0..).map_while(|months| cohort.cell(months).value.ok()).map(|cell| cell.part as u64);
            (cohort.month.first_day().unwrap().to_string(), cohort.size, bought.collect())
        };
        cohorts(&base, |_| false).into_iter().map(told).collect()
    }

    const DAYS: &[(u8, &str, i64)] = &[
        (1, "2025-11-30", 5),
        (1, "2025-12-01", 5),
        (1, "2025-12-31", 5),
        (1, "2026-02-28", 5),
        (2, "2025-11-02", 0),
        (2, "2026-02-05", -5), // no event
        (3, "2026-01-31", 5),
    ];

    #[test]
    fn a_client_counts_once_a_month() {
        let expected =
            [("2025-11-01".to_owned(), 2, vec![2, 1, 0, 1]), ("2026-01-01".to_owned(), 1, vec![1, 0])];
        assert_eq!(told("2026-02-28", DAYS), expected);
    }

    #[test]
    fn a_month_that_is_not_over_is_withheld() {
        let of_27th = told("2026-02-27", DAYS);
        assert_eq!(of_27th[0].2, [2, 1, 0]);
        let base = base("2026-02-27", "2025-01-01", DAYS);
        let first = &cohorts(&base, |_| false)[0];
        assert_eq!((first.finished_months(), first.cell(3)), (3, Figure::withheld(Withheld::Unfinished, 2)));
        assert_eq!(first.cell(400), Figure::withheld(Withheld::Unfinished, 2));
        assert_eq!(told("2025-11-29", DAYS), [("2025-11-01".to_owned(), 1, vec![])]);
    }

    #[test]
    fn who_is_known_to_be_older_is_in_none() {
        let base = base("2026-02-28", "2025-01-01", DAYS);
        let found = cohorts(&base, |who| *who == client(1));
        assert_eq!(found.iter().map(|cohort| cohort.size).collect::<Vec<_>>(), [1, 1]);
        assert_eq!(cohorts(&base, |_| true), []);
    }

    #[test]
    fn months_of_the_calendar() {
        let month = Month::of("2026-12-31".parse().unwrap());
        assert_eq!(month.plus(1).first_day().unwrap().to_string(), "2027-01-01");
        assert_eq!((month.plus(14).since(month), month.since(month.plus(1))), (14, 0));
        assert_eq!(Month::of(BusinessDate::MAX).plus(1).first_day(), None);
    }
}
