//! Easter moves by up to five weeks from one year to the next, and sales move with it: 'the same weeks a year ago' of a
//! window that holds Holy Week are those that lie as far from that year's Easter.

use super::falling::Plan;
use super::window::Window;
use crate::model::BusinessDate;

/// Palm Sunday comes that many days before Easter Sunday, Easter Monday one after it.
const HOLY_WEEK_BEFORE: i32 = 7;
const HOLY_WEEK_AFTER: i32 = 1;
const YEAR_DAYS: i32 = 52 * 7;

/// Easter Sunday of a year of the Gregorian calendar (the anonymous computus of 1876).
pub fn easter(year: i16) -> Option<BusinessDate> {
    let year_ = i32::from(year);
    let (a, b, c) = (year_ % 19, year_ / 100, year_ % 100);
    let (d, e, g) = (b / 4, b % 4, (8 * b + 13) / 25);
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    BusinessDate::from_ymd(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
}

fn holds_holy_week(window: Window, easter: BusinessDate) -> bool {
    (-HOLY_WEEK_BEFORE..=HOLY_WEEK_AFTER)
        .any(|days| easter.plus_days(days).is_some_and(|day| window.contains(day)))
}

impl Plan {
    /// The plan with Easter aligned: where the last window, or the same weeks of a year ago, hold any day of Holy Week,
    /// it is compared with the days that lie as far from the Easter before.
    pub fn with_easter(self, as_of: BusinessDate) -> Self {
        let moved = || {
            let now = Window::days(as_of, self.days, 0)?;
            let then = Window::new(now.from().plus_days(-YEAR_DAYS)?, now.to().plus_days(-YEAR_DAYS)?)?;
            let year = as_of.civil().year();
            // A window of December or January is far from any Easter.
            let (this, last) = (easter(year)?, easter(year.checked_sub(1)?)?);
            let concerned = holds_holy_week(now, this) || holds_holy_week(then, last);
            concerned.then(|| YEAR_DAYS - (this.days() - last.days()))
        };
        Self { moved_days: moved().unwrap_or(0), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::falling::{Against, revenue};
    use crate::metrics::testing::{base, client, date};

    #[test]
    fn easter_sundays() {
        for (year, day) in [
            (1818, "1818-03-22"), // the earliest there is
            (1943, "1943-04-25"), // the latest
            (1998, "1998-04-12"),
            (2000, "2000-04-23"),
            (2024, "2024-03-31"),
            (2025, "2025-04-20"),
            (2026, "2026-04-05"),
            (2038, "2038-04-25"),
        ] {
            assert_eq!(easter(year), Some(date(day)), "{year}");
        }
    }

    #[test]
    fn only_windows_near_easter_move() {
        let moved = |as_of: &str| Plan::default().with_easter(date(as_of)).moved_days;
        // 2025-04-20 to 2026-04-05 is 350 days.
        assert_eq!(moved("2026-04-10"), 14);
        assert_eq!(moved("2026-04-30"), 14, "3 to 30 April holds Easter");
        assert_eq!(
            moved("2026-03-28"),
            0,
            "the day before Palm Sunday; the weeks of last year end on 29 March"
        );
        assert_eq!(moved("2026-05-10"), 14, "13 April to 10 May: the weeks of a year ago hold last year's");
        assert_eq!(moved("2026-07-01"), 0);
        assert_eq!(moved("2026-01-05"), 0);
        // Easter came later than the year before.
        assert_eq!(Plan::default().with_easter(date("2025-04-25")).moved_days, 364 - 385);
    }

    #[test]
    fn sales_of_holy_week_are_compared_with_those_of_holy_week() {
        let days =
            [(1, "2025-02-01", 1), (1, "2025-03-01", 1), (1, "2025-04-18", 100), (1, "2026-04-03", 100)];
        let base = base("2026-04-12", "2025-01-01", &days);
        let told = |plan: Plan| {
            let change = revenue(&base, base.of(&client(1)).unwrap(), plan).value;
            change.ok().map(|of| (of.ratio.part, of.ratio.whole, of.against))
        };
        // 16 March to 12 April; a year of weeks ago 17 March to 13 April, before that Easter.
        let plain = Plan::default();
        assert_eq!(told(plain), None, "nothing was sold in those weeks, nor in those just before");
        assert_eq!(told(plain.with_easter(base.as_of())), Some((100, 100, Against::YearBefore)));
    }
}
