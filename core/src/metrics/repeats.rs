//! What BG/NBD and Gamma-Gamma know of a client: how often it came again, when last, since when, and for how much.

use super::base::Purchases;
use crate::model::BusinessDate;

/// Days in a week: the unit of time of the published fits.
const WEEK_DAYS: f64 = 7.0;

/// Days as weeks.
pub fn weeks(days: u32) -> f64 {
    f64::from(days) / WEEK_DAYS
}

/// One client's purchase events up to a day, the first one apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Repeats {
    /// Purchase events after the first: x.
    pub count: u32,
    /// From the first event to the last: t_x.
    pub recency_days: u32,
    /// From the first event to the as-of date: T.
    pub age_days: u32,
    /// Net revenue of the events after the first, in minor units.
    pub net: i64,
}

impl Repeats {
    /// `None` of a client without an event up to `as_of`.
    pub fn of(purchases: Purchases<'_>, as_of: BusinessDate) -> Option<Self> {
        let mut events = purchases.until(as_of).days.iter().filter(|day| day.event);
        let first = events.next()?.date;
        let (mut count, mut last, mut net) = (0, first, 0_i64);
        for day in events {
            (count, last, net) = (count + 1, day.date, net.saturating_add(day.net));
        }
        let since = |date: BusinessDate| date.days().abs_diff(first.days());
        Some(Self { count, recency_days: since(last), age_days: since(as_of), net })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::{base, client, date};

    #[test]
    fn the_first_event_is_apart_and_what_comes_later_is_not_known() {
        let base = base(
            "2026-12-31",
            "2026-01-01",
            &[(1, "2026-01-01", -1), (1, "2026-01-03", 100), (1, "2026-01-17", 20), (1, "2026-01-24", 3)],
        );
        let of = |as_of| Repeats::of(base.of(&client(1)).unwrap(), date(as_of));
        assert_eq!(of("2026-01-02"), None);
        assert_eq!(of("2026-01-03"), Some(Repeats { count: 0, recency_days: 0, age_days: 0, net: 0 }));
        assert_eq!(of("2026-01-20"), Some(Repeats { count: 1, recency_days: 14, age_days: 17, net: 20 }));
        assert_eq!(of("2026-01-31"), Some(Repeats { count: 2, recency_days: 21, age_days: 28, net: 23 }));
        assert_eq!(weeks(14), 2.0);
    }
}
