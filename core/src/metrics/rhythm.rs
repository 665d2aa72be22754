//! Missed rhythm: a client that should have bought by now, by its own habit.
//!
//! At least two of its usual buying slots went by, and it has been away longer than nine in ten of its own gaps. Plain
//! multiples of the median would flag every Monday for a client that buys daily.

use super::figure::{Figure, Withheld};
use super::status::{HalfDays, RHYTHM_EVENTS, Shut, sorted_gaps};
use crate::model::BusinessDate;

/// Usual slots that have to go by.
pub const SLOTS_MIN: u32 = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rhythm {
    /// Median of the client's gaps.
    pub median_gap: HalfDays,
    /// Nine in ten of its gaps are no longer, in days.
    pub p90_days: u32,
    /// Days since the last event, shut ones left out.
    pub since_days: u32,
}

impl Rhythm {
    /// Usual buying times that went by without one.
    pub const fn missed_slots(&self) -> u32 {
        match self.median_gap.0 {
            0 => 0,
            half_days => self.since_days.saturating_mul(2) / half_days,
        }
    }

    pub const fn is_missed(&self) -> bool {
        self.missed_slots() >= SLOTS_MIN && self.since_days > self.p90_days
    }
}

/// The rhythm of a client's purchase events (ascending). Records are events; under three there is none.
pub fn rhythm(events: &[BusinessDate], shut: Shut<'_>, as_of: BusinessDate) -> Figure<Rhythm> {
    let records = events.len() as u64;
    let gaps = sorted_gaps(events, shut);
    let (Some(last), Some(median_gap)) = (events.last(), HalfDays::median(&gaps)) else {
        let why = if events.is_empty() { Withheld::NoData } else { Withheld::TooFew };
        return Figure::withheld(why, records);
    };
    if events.len() < RHYTHM_EVENTS {
        return Figure::withheld(Withheld::TooFew, records);
    }
    // The smallest gap that at least nine in ten do not exceed.
    let p90_days = gaps[(gaps.len() * 9).div_ceil(10) - 1];
    Figure::new(Rhythm { median_gap, p90_days, since_days: shut.open_days(*last, as_of) }, records)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::date;
    use crate::model::profile::ShutSpan;

    fn days(list: &[i32]) -> Vec<BusinessDate> {
        list.iter().map(|day| date("2026-01-01").plus_days(*day).unwrap()).collect()
    }

    fn found(events: &[i32], as_of: i32) -> Rhythm {
        rhythm(&days(events), Shut::default(), days(&[as_of])[0]).value.unwrap()
    }

    #[test]
    fn two_slots_and_the_longest_gaps_have_to_be_past() {
        // Every week, once two weeks.
        let weekly = [0, 7, 14, 28, 35];
        let on = |day| found(&weekly, day);
        assert_eq!((on(48).p90_days, on(48).median_gap.days()), (14, 7.0));
        for (day, missed, flagged) in
            [(35, 0, false), (48, 1, false), (49, 2, false), (50, 2, true), (56, 3, true)]
        {
            assert_eq!((on(day).missed_slots(), on(day).is_missed()), (missed, flagged), "{day}");
        }
    }

    #[test]
    fn who_buys_every_working_day_is_not_flagged_on_a_monday() {
        let workdays: Vec<i32> = (0..60).filter(|day| day % 7 < 5).collect();
        let last_friday: Vec<i32> = workdays.iter().copied().filter(|day| *day <= 53).collect();
        assert!(!found(&last_friday, 56).is_missed(), "Monday before the shop has opened");
        assert!(found(&last_friday, 57).is_missed(), "Tuesday");
    }

    #[test]
    fn nine_in_ten_gaps() {
        // Ten gaps: nine of 5 days, one of 30. The ninth is the one that counts.
        let mut at = 0;
        let mut events = vec![0];
        for gap in [5, 5, 5, 5, 30, 5, 5, 5, 5, 5] {
            at += gap;
            events.push(at);
        }
        assert_eq!(found(&events, at).p90_days, 5);
        // Eleven: the tenth.
        events.push(at + 40);
        assert_eq!(found(&events, at + 40).p90_days, 30);
    }

    #[test]
    fn without_three_events_there_is_no_rhythm() {
        let of = |events: &[i32]| rhythm(&days(events), Shut::default(), days(&[99])[0]);
        assert_eq!(of(&[]), Figure::withheld(Withheld::NoData, 0));
        assert_eq!(of(&[1]), Figure::withheld(Withheld::TooFew, 1));
        assert_eq!(of(&[1, 8]), Figure::withheld(Withheld::TooFew, 2));
        assert!(of(&[1, 8, 15]).value.is_ok());
    }

    #[test]
    fn shut_days_miss_nothing() {
        let shut = [ShutSpan::new(date("2026-02-01"), date("2026-02-28"), false)];
        let events = days(&[0, 7, 14, 21, 28]);
        let on = |day: &str| rhythm(&events, Shut(&shut), date(day)).value.unwrap();
        assert!(!on("2026-03-11").is_missed());
        assert_eq!(on("2026-03-11").since_days, 13);
        assert!(rhythm(&events, Shut::default(), date("2026-03-11")).value.unwrap().is_missed());
    }
}
