//! Movement of sales: the period to date and the last twelve months against the same days of the year before, of
//! everybody, or apart by rep, month, family: by whatever key clients or lines have.

use std::collections::BTreeMap;

use super::base::Base;
use super::cohorts::Month;
use super::figure::{Figure, Ratio, Withheld};
use super::lines::Families;
use super::window::Window;
use crate::model::{BusinessDate, ClientId};

/// A stretch that ends with the as-of date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    Month,
    Quarter,
    Year,
    /// *TAM*: the last twelve months.
    TwelveMonths,
}

impl Period {
    pub const ALL: [Self; 4] = [Self::Month, Self::Quarter, Self::Year, Self::TwelveMonths];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Month => "month_to_date",
            Self::Quarter => "quarter_to_date",
            Self::Year => "year_to_date",
            Self::TwelveMonths => "twelve_months",
        }
    }

    /// From the first day of the period to the as-of date, which is in it; `None` at the end of the calendar.
    pub fn window(self, as_of: BusinessDate) -> Option<Window> {
        let day = as_of.civil();
        let month = match self {
            Self::Month => day.month(),
            Self::Quarter => (day.month() - 1) / 3 * 3 + 1,
            Self::Year => 1,
            Self::TwelveMonths => return Window::months(as_of, 12, 0),
        };
        Window::new(BusinessDate::from_ymd(day.year(), month, 1)?, as_of.plus_days(1)?)
    }
}

/// What was sold in a window and in the same one a year before, in minor units or steps of a unit; records are days on
/// which something was sold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Movement {
    pub now: Figure<i128>,
    pub before: Figure<i128>,
    /// Now over before.
    pub change: Figure<Ratio>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    amount: i128,
    days: u64,
}

impl Sum {
    const fn add(&mut self, amount: i128) {
        self.amount += amount;
        self.days += 1;
    }

    const fn figure(self, is_covered: bool) -> Figure<i128> {
        match (is_covered, self.days) {
            (false, _) => Figure::withheld(Withheld::BeforeHistory, 0),
            (true, 0) => Figure::withheld(Withheld::NoData, 0),
            (true, days) => Figure::new(self.amount, days),
        }
    }
}

impl Movement {
    fn of(now: Sum, before: Sum, covers: (bool, bool)) -> Self {
        let records = now.days + before.days;
        let change = match covers {
            (true, true) => Ratio::figure(now.amount, before.amount, records),
            _ => Figure::withheld(Withheld::BeforeHistory, 0),
        };
        Self { now: now.figure(covers.0), before: before.figure(covers.1), change }
    }

    const fn before_history() -> Self {
        let none = Figure::withheld(Withheld::BeforeHistory, 0);
        Self { now: none, before: none, change: Figure::withheld(Withheld::BeforeHistory, 0) }
    }
}

/// How the sales of a window moved against the same one of the year before, apart by a key of the clients.
pub fn by_client<K: Ord>(base: &Base, window: Window, key: impl Fn(&ClientId) -> K) -> BTreeMap<K, Movement> {
    let before = window.years_before(1);
    let mut sums: BTreeMap<K, (Sum, Sum)> = BTreeMap::new();
    for (client, purchases) in base.iter() {
        let (now, then) = (purchases.within(window), before.map(|before| purchases.within(before)));
        if now.days.is_empty() && then.is_none_or(|then| then.days.is_empty()) {
            continue;
        }
        let (of_now, of_then) = sums.entry(key(&client)).or_default();
        now.days.iter().for_each(|day| of_now.add(day.net.into()));
        then.iter().flat_map(|then| then.days).for_each(|day| of_then.add(day.net.into()));
    }
    let covers = (base.covers(window), before.is_some_and(|before| base.covers(before)));
    sums.into_iter().map(|(key, (now, before))| (key, Movement::of(now, before, covers))).collect()
}

/// The same of everybody together.
pub fn of_base(base: &Base, window: Window) -> Movement {
    let covers = (base.covers(window), window.years_before(1).is_some_and(|before| base.covers(before)));
    let nothing = || Movement::of(Sum::default(), Sum::default(), covers);
    by_client(base, window, |_| ()).remove(&()).unwrap_or_else(nothing)
}

/// The same by family; by its place among the names, `None` for what is of none.
pub fn by_family(lines: &Families<'_>, window: Window) -> BTreeMap<Option<u32>, Movement> {
    let before = window.years_before(1);
    let mut sums: BTreeMap<Option<u32>, (Sum, Sum)> = BTreeMap::new();
    for sold in lines.sold {
        let (now, then) = (window.contains(sold.date), before.is_some_and(|of| of.contains(sold.date)));
        if now || then {
            let (of_now, of_then) = sums.entry(sold.family).or_default();
            if now { of_now.add(sold.net.into()) } else { of_then.add(sold.net.into()) }
        }
    }
    let covers = (lines.covers(window), before.is_some_and(|before| lines.covers(before)));
    sums.into_iter().map(|(key, (now, before))| (key, Movement::of(now, before, covers))).collect()
}

/// The last `months` calendar months, the one of the as-of date to that day, each against that month of the year before.
pub fn by_month(base: &Base, months: u32) -> Vec<(BusinessDate, Movement)> {
    let Some(this) = Period::Month.window(base.as_of()) else { return Vec::new() };
    let mut starts: Vec<BusinessDate> = Vec::new();
    let mut at = this.from();
    for _ in 0..months {
        starts.push(at);
        let Some(earlier) = at.plus_days(-1).and_then(|last| Month::of(last).first_day()) else { break };
        at = earlier;
    }
    let end_of = |place: usize| if place == 0 { this.to() } else { starts[place - 1] };
    let told = starts.iter().enumerate().map(|(place, from)| {
        let window = Window::new(*from, end_of(place));
        (*from, window.map_or_else(Movement::before_history, |window| of_base(base, window)))
    });
    let mut told: Vec<_> = told.collect();
    told.reverse();
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::{base, client, date};

    fn told(movement: &Movement) -> (Option<i128>, Option<i128>, Option<(i128, i128)>) {
        let change = movement.change.value.ok().map(|ratio| (ratio.part, ratio.whole));
        (movement.now.value.ok(), movement.before.value.ok(), change)
    }

    #[test]
    fn periods_end_with_the_as_of_date() {
        let text = |period: Period, as_of: &str| {
            let window = period.window(date(as_of)).unwrap();
            format!("{}..{}", window.from(), window.to())
        };
        assert_eq!(text(Period::Month, "2026-05-31"), "2026-05-01..2026-06-01");
        assert_eq!(text(Period::Quarter, "2026-05-31"), "2026-04-01..2026-06-01");
        assert_eq!(text(Period::Quarter, "2026-12-01"), "2026-10-01..2026-12-02");
        assert_eq!(text(Period::Year, "2026-05-31"), "2026-01-01..2026-06-01");
        assert_eq!(text(Period::TwelveMonths, "2026-05-31"), "2025-06-01..2026-06-01");
        assert_eq!(Period::Month.window(BusinessDate::MAX), None);
    }

    const DAYS: &[(u8, &str, i64)] = &[
        (1, "2025-05-14", 100), // the day after the same day of last year: not to date
        (1, "2025-05-13", 40),
        (1, "2025-05-01", 60),
        (1, "2025-04-30", 7),
        (1, "2026-04-30", 5),
        (1, "2026-05-13", 30),
        (2, "2025-05-02", 50),
        (2, "2026-05-01", 70),
        (2, "2026-05-02", -10),
        (3, "2026-01-01", 1_000),
    ];

    /// Days by client and date.
    fn days() -> Vec<(u8, &'static str, i64)> {
        let mut days = DAYS.to_vec();
        days.sort();
        days
    }

    #[test]
    fn the_same_days_of_the_year_before() {
        let base = base("2026-05-13", "2025-05-01", &days());
        let of = |period: Period| of_base(&base, period.window(base.as_of()).unwrap());
        let month = of(Period::Month);
        assert_eq!(told(&month), (Some(90), Some(150), Some((90, 150))));
        assert_eq!((month.now.records, month.before.records, month.change.records), (3, 3, 6));
        // The year before began earlier than the history: what is known of this one stays.
        let year = of(Period::Year);
        assert_eq!(told(&year), (Some(1_095), None, None));
        assert_eq!(year.change, Figure::withheld(Withheld::BeforeHistory, 0));
        let by = by_client(&base, Period::Month.window(base.as_of()).unwrap(), |id| *id == client(1));
        assert_eq!(
            by.values().map(told).collect::<Vec<_>>(),
            [(Some(60), Some(50), Some((60, 50))), (Some(30), Some(100), Some((30, 100)))]
        );
    }

    #[test]
    fn a_window_without_sales_has_no_sum_but_a_change() {
        let base = base("2026-06-30", "2025-01-01", &[(1, "2025-06-10", 80)]);
        let month = of_base(&base, Period::Month.window(base.as_of()).unwrap());
        assert_eq!(told(&month), (None, Some(80), Some((0, 80))));
        assert_eq!(month.now, Figure::withheld(Withheld::NoData, 0));
        let never = of_base(&base, Period::TwelveMonths.window(date("2030-01-01")).unwrap());
        assert_eq!(told(&never), (None, None, None));
    }

    #[test]
    fn months_one_by_one() {
        let base = base("2026-05-13", "2025-04-01", &days());
        let months = by_month(&base, 2);
        let told: Vec<_> = months.iter().map(|(from, of)| (from.to_string(), told(of))).collect();
        assert_eq!(
            told,
            [
                ("2026-04-01".to_owned(), (Some(5), Some(7), Some((5, 7)))),
                ("2026-05-01".to_owned(), (Some(90), Some(150), Some((90, 150)))),
            ]
        );
    }
}
