//! Falling volume: a client that buys less than it used to, before it stops.
//!
//! The last window is compared with the same weeks a year ago, or, where the client has no such year, with the mean of
//! the windows just before. Flagged at 0.7 or below, with at least three events before the last window. The same is asked
//! of each product family, since clients leave one family at a time, and of units, since prices hide losses: amounts are
//! integers of whatever is compared.

use super::base::{Base, Purchases};
use super::figure::{Figure, Ratio, Withheld};
use super::window::Window;

/// Seven tenths of before, or less, is a fall.
pub const FALL_TENTHS: i128 = 7;
/// Purchase events that have to lie before the last window.
pub const EVENTS_BEFORE_MIN: u64 = 3;
const WEEK_DAYS: i32 = 7;
/// 52 weeks: the same weekdays.
const YEAR_DAYS: i32 = 52 * WEEK_DAYS;

/// What is compared with what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Length of the last window.
    pub days: u32,
    /// How many windows before it are averaged where there is no year.
    pub windows_before: u32,
    /// By how many days Easter, or what else moves, moved since the year before.
    pub moved_days: i32,
}

impl Default for Plan {
    /// Four weeks, against those of a year ago, or the mean of the three four weeks before.
    fn default() -> Self {
        Self { days: 28, windows_before: 3, moved_days: 0 }
    }
}

/// Which time was taken for comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    YearBefore,
    WindowsBefore,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Now over before; where several windows were averaged, both times their number.
    pub ratio: Ratio,
    pub against: Against,
    /// Windows that were averaged; 1 against the year before.
    pub windows: u32,
    /// Purchase events before the last window.
    pub events_before: u64,
}

impl Change {
    /// By how much it fell; less than nothing where it grew.
    pub const fn lost(&self) -> i128 {
        (self.ratio.whole - self.ratio.part) / if self.windows == 0 { 1 } else { self.windows as i128 }
    }

    pub const fn is_falling(&self) -> bool {
        self.events_before >= EVENTS_BEFORE_MIN && self.ratio.part * 10 <= self.ratio.whole * FALL_TENTHS
    }
}

/// How an amount of a client changed; `amount` sums it over a window: net revenue, units of a family. Records are the
/// client's purchase events. Withheld where there was nothing before to fall from.
pub fn change(
    base: &Base,
    purchases: Purchases<'_>,
    plan: Plan,
    amount: impl Fn(Window) -> i128,
) -> Figure<Change> {
    let records = purchases.event_count();
    let Some(now) = Window::days(base.as_of(), plan.days, 0) else {
        return Figure::withheld(Withheld::NoData, records);
    };
    let events_before = purchases.events().filter(|date| *date < now.from()).count() as u64;
    let year_before = shifted(now, plan.moved_days - YEAR_DAYS).filter(|window| base.covers(*window));
    let before = year_before.map(&amount).filter(|before| *before > 0);
    let (ratio, against, windows) = match before {
        Some(before) => (Ratio::of(amount(now), before), Against::YearBefore, 1),
        None => {
            let windows =
                (1..=plan.windows_before).map_while(|back| Window::days(base.as_of(), plan.days, back));
            let covered: Vec<Window> = windows.take_while(|window| base.covers(*window)).collect();
            if covered.is_empty() {
                return Figure::withheld(Withheld::BeforeHistory, records);
            }
            let sum: i128 = covered.iter().map(|window| amount(*window)).sum();
            (
                Ratio::of(amount(now) * covered.len() as i128, sum),
                Against::WindowsBefore,
                covered.len() as u32,
            )
        }
    };
    let change = ratio.map(|ratio| Change { ratio, against, windows, events_before });
    Figure { value: change.ok_or(Withheld::NoData), records }
}

fn shifted(window: Window, days: i32) -> Option<Window> {
    Window::new(window.from().plus_days(days)?, window.to().plus_days(days)?)
}

/// How a client's net revenue changed.
pub fn revenue(base: &Base, purchases: Purchases<'_>, plan: Plan) -> Figure<Change> {
    change(base, purchases, plan, |window| purchases.within(window).net())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::{base, client};

    const AS_OF: &str = "2026-06-30"; // the last 28 days begin on 3 June; a year of weeks before, on 4 June 2025

    fn told(days: &[(u8, &str, i64)], start: &str, plan: Plan) -> Figure<(i128, i128, Against, bool)> {
        let base = base(AS_OF, start, days);
        let found = revenue(&base, base.of(&client(1)).unwrap(), plan);
        found.map(|change| (change.ratio.part, change.ratio.whole, change.against, change.is_falling()))
    }

    #[test]
    fn the_same_weeks_a_year_ago() {
        let days = |now: i64| {
            [
                (1, "2025-06-03", 999),
                (1, "2025-06-04", 60),
                (1, "2025-07-01", 40),
                (1, "2025-07-02", 999),
                (1, "2026-06-03", now),
            ]
        };
        let plan = Plan::default();
        assert_eq!(told(&days(70), "2025-01-01", plan), Figure::new((70, 100, Against::YearBefore, true), 5));
        assert!(!told(&days(71), "2025-01-01", plan).value.unwrap().3);
        // Easter was a week later this year.
        let moved = Plan { moved_days: -1, ..plan };
        assert_eq!(told(&days(70), "2025-01-01", moved).value.unwrap().1, 999 + 60);
    }

    #[test]
    fn without_that_year_the_windows_just_before() {
        let days =
            [(1, "2026-03-11", 100), (1, "2026-04-10", 50), (1, "2026-05-08", 60), (1, "2026-06-30", 49)];
        let plan = Plan::default();
        // 11 March lies in the third window before.
        assert_eq!(told(&days, "2026-01-01", plan), Figure::new((147, 210, Against::WindowsBefore, true), 4));
        // Of which only two are complete.
        assert_eq!(told(&days, "2026-04-08", plan).value.unwrap(), (98, 110, Against::WindowsBefore, false));
        assert_eq!(told(&days, "2026-05-07", plan), Figure::withheld(Withheld::BeforeHistory, 4));
        // It bought nothing in those weeks of last year: no year to compare with.
        let new_last_year = [&[(1, "2025-01-05", 5)], &days[..]].concat();
        assert_eq!(told(&new_last_year, "2025-01-01", plan).value.unwrap().2, Against::WindowsBefore);
    }

    #[test]
    fn three_events_have_to_lie_before() {
        let two = [(1, "2026-04-10", 50), (1, "2026-05-08", 60)];
        assert_eq!(
            told(&two, "2026-01-01", Plan::default()).value.unwrap(),
            (0, 110, Against::WindowsBefore, false)
        );
        let three = [(1, "2026-04-09", 0), two[0], two[1]];
        assert!(told(&three, "2026-01-01", Plan::default()).value.unwrap().3);
    }

    #[test]
    fn who_bought_nothing_before_has_nothing_to_fall_from() {
        let found = told(&[(1, "2026-06-10", 10)], "2025-01-01", Plan::default());
        assert_eq!(found, Figure::withheld(Withheld::NoData, 1));
        let none = told(&[(1, "2026-06-10", 10)], "2025-01-01", Plan { days: 0, ..Plan::default() });
        assert_eq!(none, Figure::withheld(Withheld::NoData, 1));
    }
}
