//! Stretches of business dates.

use jiff::Span;

use crate::model::BusinessDate;

/// Half-open: the first day is in it, `to` is not. Never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    from: BusinessDate,
    to: BusinessDate,
}

impl Window {
    /// `None` unless `from` comes before `to`.
    pub fn new(from: BusinessDate, to: BusinessDate) -> Option<Self> {
        (from < to).then_some(Self { from, to })
    }

    /// The `months` months that end with `as_of`, which is in it; with `back` of 1 the equally long window before that
    /// one, and so on. One begins where the other ends. `None` for no months, or outside the calendar.
    pub fn months(as_of: BusinessDate, months: u32, back: u32) -> Option<Self> {
        let end = as_of.plus_days(1)?;
        let from = months_before(end, months.checked_mul(back.checked_add(1)?)?)?;
        Self::new(from, months_before(end, months.checked_mul(back)?)?)
    }

    /// The same for windows of whole days.
    pub fn days(as_of: BusinessDate, days: u32, back: u32) -> Option<Self> {
        let end = as_of.plus_days(1)?;
        let before = |windows: u32| {
            let days = i32::try_from(days.checked_mul(windows)?).ok()?;
            end.plus_days(days.checked_neg()?)
        };
        Self::new(before(back.checked_add(1)?)?, before(back)?)
    }

    /// The equally placed window `years` earlier.
    pub fn years_before(self, years: u32) -> Option<Self> {
        let months = years.checked_mul(12)?;
        Self::new(months_before(self.from, months)?, months_before(self.to, months)?)
    }

    /// The first day.
    pub const fn from(self) -> BusinessDate {
        self.from
    }

    /// The day after the last one.
    pub const fn to(self) -> BusinessDate {
        self.to
    }

    pub const fn len_days(self) -> u32 {
        self.to.days().abs_diff(self.from.days())
    }

    pub fn contains(self, date: BusinessDate) -> bool {
        self.from <= date && date < self.to
    }
}

/// The same day so many months earlier, or the last one of that month.
fn months_before(date: BusinessDate, months: u32) -> Option<BusinessDate> {
    let span = Span::new().try_months(months).ok()?;
    date.civil().checked_sub(span).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> BusinessDate {
        text.parse().unwrap()
    }

    fn text(window: Option<Window>) -> String {
        window.map_or("none".into(), |window| format!("{}..{}", window.from, window.to))
    }

    #[test]
    fn months_end_with_the_as_of_date_and_touch() {
        for (as_of, months, back, expected) in [
            ("1998-06-30", 6, 0, "1998-01-01..1998-07-01"),
            ("1998-06-30", 6, 1, "1997-07-01..1998-01-01"),
            ("1998-06-30", 12, 1, "1996-07-01..1997-07-01"),
            ("2024-03-30", 1, 0, "2024-02-29..2024-03-31"),
            ("2024-03-30", 1, 1, "2024-01-31..2024-02-29"),
            ("2023-12-31", 12, 0, "2023-01-01..2024-01-01"),
            ("1998-06-30", 0, 0, "none"),
            ("0001-06-30", 12, 0, "none"),
            ("9999-12-31", 12, 0, "none"),
        ] {
            assert_eq!(
                text(Window::months(date(as_of), months, back)),
                expected,
                "{as_of}, {months}, {back}"
            );
        }
        assert_eq!(Window::months(date("1998-06-30"), u32::MAX, 3), None);
    }

    #[test]
    fn days_and_years() {
        assert_eq!(text(Window::days(date("1998-06-30"), 28, 0)), "1998-06-03..1998-07-01");
        assert_eq!(text(Window::days(date("1998-06-30"), 28, 1)), "1998-05-06..1998-06-03");
        assert_eq!(Window::days(date("1998-06-30"), 0, 0), None);
        assert_eq!(Window::days(date("1998-06-30"), u32::MAX, 1), None);
        let leap = Window::new(date("2024-02-29"), date("2024-03-31"));
        assert_eq!(text(leap.and_then(|window| window.years_before(1))), "2023-02-28..2023-03-31");
    }

    #[test]
    fn the_first_day_is_in_and_the_last_one_is_not() {
        let window = Window::new(date("1998-01-01"), date("1998-07-01")).unwrap();
        assert_eq!(window.len_days(), 181);
        for (day, expected) in
            [("1997-12-31", false), ("1998-01-01", true), ("1998-06-30", true), ("1998-07-01", false)]
        {
            assert_eq!(window.contains(date(day)), expected, "{day}");
        }
        assert_eq!(Window::new(date("1998-01-01"), date("1998-01-01")), None);
        assert_eq!(Window::new(date("1998-01-02"), date("1998-01-01")), None);
    }
}
