//! When a place is open, and on which days it is shut.

use crate::model::cbor::cbor_map;
use crate::model::date::BusinessDate;
use crate::model::limits::{HOURS_MAX, SHUT_SPANS_MAX};
use crate::model::problem::{Check, Code};

/// Minutes of a day; a span may end at its last.
const DAY_MINUTES: u32 = 24 * 60;

cbor_map! {
    /// One opening span of a week.
    pub struct OpenSpan {
        /// 1 Monday to 7 Sunday.
        0 weekday: u8,
        /// Minutes after midnight, local time.
        1 from: u32,
        /// Minutes after midnight of the same weekday; past 1,440 where it ends on the next day.
        2 to: u32,
    }
}

cbor_map! {
    /// Opening hours.
    pub struct Hours {
        0 spans: Vec<OpenSpan>,
    }
}

cbor_map! {
    /// Days on which a client is shut, first and last included.
    pub struct ShutSpan {
        0 from: BusinessDate,
        1 to: BusinessDate,
        /// Every year on these days of the month; else only once.
        2 yearly: bool,
    }
}

cbor_map! {
    /// Days that count neither as missed purchases nor as missed visits.
    pub struct ShutDays {
        /// 1 Monday to 7 Sunday, ascending.
        0 weekdays: Vec<u8>,
        1 spans: Vec<ShutSpan>,
    }
}

impl Hours {
    pub fn new(spans: Vec<OpenSpan>) -> Self {
        Self { spans, extras: Default::default() }
    }

    pub(crate) fn check(&self, check: &mut Check) {
        check.each("spans", &self.spans, HOURS_MAX, |check, span| {
            check.range("weekday", span.weekday.into(), 1, 7);
            check.range("from", span.from.into(), 0, i64::from(DAY_MINUTES) - 1);
            check.range("to", span.to.into(), 1, 2 * i64::from(DAY_MINUTES));
            check.rule(span.to > span.from, "to", Code::Order);
        });
    }
}

impl OpenSpan {
    pub fn new(weekday: u8, from: u32, to: u32) -> Self {
        Self { weekday, from, to, extras: Default::default() }
    }
}

impl ShutSpan {
    pub fn new(from: BusinessDate, to: BusinessDate, yearly: bool) -> Self {
        Self { from, to, yearly, extras: Default::default() }
    }

    /// Whether it falls on that day.
    pub fn contains(&self, date: BusinessDate) -> bool {
        if !self.yearly {
            return (self.from..=self.to).contains(&date);
        }
        let in_year = |date: BusinessDate| {
            let date = date.civil();
            (date.month(), date.day())
        };
        let (from, to, day) = (in_year(self.from), in_year(self.to), in_year(date));
        if self.to.days() - self.from.days() >= 365 {
            true
        } else if from <= to {
            (from..=to).contains(&day)
        } else {
            day >= from || day <= to // over the turn of the year
        }
    }
}

impl ShutDays {
    pub fn new(weekdays: Vec<u8>, spans: Vec<ShutSpan>) -> Self {
        Self { weekdays, spans, extras: Default::default() }
    }

    /// Whether the client is shut on that day.
    pub fn contains(&self, date: BusinessDate) -> bool {
        self.weekdays.contains(&date.weekday()) || self.spans.iter().any(|span| span.contains(date))
    }

    pub(crate) fn check(&self, check: &mut Check) {
        check.count("weekdays", self.weekdays.len(), 7);
        check.rule(self.weekdays.iter().all(|day| (1..=7).contains(day)), "weekdays", Code::Form);
        check.rule(self.weekdays.is_sorted_by(|a, b| a < b), "weekdays", Code::Duplicate);
        check.each("spans", &self.spans, SHUT_SPANS_MAX, |check, span| {
            check.rule(span.to >= span.from, "to", Code::Order);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> BusinessDate {
        text.parse().unwrap()
    }

    #[test]
    fn shut_days_come_weekly_once_or_every_year() {
        let shut = ShutDays::new(
            vec![1],
            vec![
                ShutSpan::new(date("2026-08-01"), date("2026-08-31"), true),
                ShutSpan::new(date("2026-12-24"), date("2027-01-06"), true),
                ShutSpan::new(date("2026-03-10"), date("2026-03-11"), false),
            ],
        );
        for (day, expected) in [
            ("2026-09-21", true), // a Monday
            ("2026-09-22", false),
            ("2029-08-31", true),
            ("2029-09-01", false),
            ("2030-12-31", true),
            ("2031-01-05", true),
            ("2031-01-07", false),
            ("2026-03-11", true),
            ("2027-03-11", false),
        ] {
            assert_eq!(shut.contains(date(day)), expected, "{day}");
        }
    }

    #[test]
    fn spans_end_at_their_number() {
        let hours = |count: usize| {
            let mut check = Check::default();
            Hours::new(vec![OpenSpan::new(1, 60, 120); count]).check(&mut check);
            check.into_problems()
        };
        let shut = |count: usize| {
            let mut check = Check::default();
            let span = ShutSpan::new(date("2026-08-01"), date("2026-08-31"), true);
            ShutDays::new(Vec::new(), vec![span; count]).check(&mut check);
            check.into_problems()
        };
        assert_eq!((hours(HOURS_MAX), shut(SHUT_SPANS_MAX)), (Vec::new(), Vec::new()));
        for (past, limit) in [(hours(HOURS_MAX + 1), HOURS_MAX), (shut(SHUT_SPANS_MAX + 1), SHUT_SPANS_MAX)] {
            assert_eq!((past.len(), past[0].code, past[0].limit), (1, Code::TooMany, Some(limit as i64)));
        }
    }

    #[test]
    fn spans_at_the_edge_and_one_past() {
        let problems = |span: OpenSpan| {
            let mut check = Check::default();
            Hours::new(vec![span]).check(&mut check);
            check.into_problems().len()
        };
        assert_eq!(problems(OpenSpan::new(7, 1_439, 2_880)), 0);
        for span in [
            OpenSpan::new(0, 60, 120),
            OpenSpan::new(8, 60, 120),
            OpenSpan::new(1, 1_440, 1_500),
            OpenSpan::new(1, 60, 2_881),
            OpenSpan::new(1, 60, 60),
        ] {
            assert_eq!(problems(span.clone()), 1, "{span:?}");
        }
    }
}
