//! Hours in which a device's person wants to be left alone: notifications wait.

use super::cbor::cbor_map;
use super::problem::{Check, Code, Problem};

/// Minutes of a day.
const DAY_MINUTES: u32 = 24 * 60;

cbor_map! {
    pub struct QuietHours {
        /// Minutes after midnight, local time.
        0 from: u32,
        /// Up to and without this minute; at or before `from`, of the next day.
        1 to: u32,
        /// Days on which it is quiet throughout: 1 Monday to 7 Sunday.
        2 weekdays: Vec<u8>,
    }
}

impl QuietHours {
    pub fn new(from: u32, to: u32, weekdays: Vec<u8>) -> Self {
        Self { from, to, weekdays, extras: Default::default() }
    }

    /// What of it breaks a rule.
    pub fn validate(&self) -> Vec<Problem> {
        let mut check = Check::default();
        check.range("from", self.from.into(), 0, i64::from(DAY_MINUTES) - 1);
        check.range("to", self.to.into(), 0, i64::from(DAY_MINUTES) - 1);
        check.rule(self.weekdays.iter().all(|day| (1..=7).contains(day)), "weekdays", Code::Form);
        check.count("weekdays", self.weekdays.len(), 7);
        check.into_problems()
    }

    /// Whether it is quiet at a minute of a weekday (1 Monday to 7 Sunday). From and to alike: at no minute.
    pub fn hold(&self, weekday: u8, minute: u32) -> bool {
        let (after, before) = (minute >= self.from, minute < self.to);
        let by_hour = if self.from <= self.to { after && before } else { after || before };
        by_hour || self.weekdays.contains(&weekday)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_midnight_within_a_day_and_whole_days() {
        let night = QuietHours::new(20 * 60, 7 * 60, vec![7]);
        assert!(night.hold(1, 20 * 60) && night.hold(1, 0) && night.hold(1, 7 * 60 - 1));
        assert!(!night.hold(1, 7 * 60) && !night.hold(1, 20 * 60 - 1));
        assert!(night.hold(7, 12 * 60) && !night.hold(6, 12 * 60));
        let lunch = QuietHours::new(14 * 60, 16 * 60, Vec::new());
        assert!(lunch.hold(3, 15 * 60) && !lunch.hold(3, 16 * 60) && !lunch.hold(3, 13 * 60));
        assert!(!QuietHours::new(60, 60, Vec::new()).hold(1, 60));
    }

    #[test]
    fn the_last_minute_and_one_past_it() {
        let valid =
            |from, to, weekdays: &[u8]| QuietHours::new(from, to, weekdays.to_vec()).validate().is_empty();
        assert!(valid(0, 1_439, &[1, 7]) && !valid(1_440, 0, &[]) && !valid(0, 1_440, &[]));
        assert!(!valid(0, 0, &[0]) && !valid(0, 0, &[8]));
    }
}
