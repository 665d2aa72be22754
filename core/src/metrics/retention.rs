//! Who came again: retention in clients and in money, churn, win-back, repeat rate.
//!
//! Retention of a window is the share of the clients of the equally long window before it that bought in it too. The
//! shortcut (clients at the end - new ones) / clients at the start counts won-back clients as kept, and is not used.

use super::base::Base;
use super::figure::{Figure, Ratio, Withheld};
use super::window::Window;

/// What two neighbouring windows say of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retention {
    /// Clients that bought in the window before.
    pub before: u64,
    /// Of those, the ones that bought in this one too.
    pub kept: u64,
    /// Clients that bought in this window, and earlier, but not in the window before.
    pub won_back: u64,
    /// Clients that bought in this window for the first time.
    pub new: u64,
    /// Minor units that the clients of the window before brought in it.
    pub net_before: i128,
    /// Minor units that the very same clients brought in this window; those that did not come brought nothing.
    pub net_now: i128,
}

impl Retention {
    /// Share of clients kept; churn is its rest. Records are the clients of the window before.
    pub fn clients(&self) -> Figure<Ratio> {
        Ratio::figure(self.kept, self.before, self.before)
    }

    /// Share of money kept; over 1 where those clients bought more than before.
    pub fn money(&self) -> Figure<Ratio> {
        Ratio::figure(self.net_now, self.net_before, self.before)
    }

    /// Share of clients lost.
    pub fn churn(&self) -> Figure<Ratio> {
        self.clients().map(Ratio::rest)
    }
}

/// Retention from the window `before` to the window `now`. Withheld where `before` reaches past the beginning of the
/// history, and where nobody bought in either.
pub fn retention(base: &Base, before: Window, now: Window) -> Figure<Retention> {
    if !base.covers(before) || !base.covers(now) {
        return Figure::withheld(Withheld::BeforeHistory, 0);
    }
    let mut sum = Retention::default();
    for (_, purchases) in base.iter() {
        let (then, here) = (purchases.within(before), purchases.within(now));
        let comes_now = here.has_event();
        if then.has_event() {
            sum.before += 1;
            sum.kept += u64::from(comes_now);
            sum.net_before += then.net();
            sum.net_now += here.net();
        } else if comes_now {
            let came_earlier = purchases.events().next().is_some_and(|first| first < now.from());
            sum.won_back += u64::from(came_earlier);
            sum.new += u64::from(!came_earlier);
        }
    }
    if sum == Retention::default() {
        return Figure::withheld(Withheld::NoData, 0);
    }
    Figure::new(sum, sum.before)
}

/// Share of the clients with a purchase event that have two or more. Records are clients with one.
pub fn repeat_rate(base: &Base) -> Figure<Ratio> {
    let (mut any, mut again) = (0_u64, 0_u64);
    for (_, purchases) in base.iter() {
        let mut events = purchases.events();
        any += u64::from(events.next().is_some());
        again += u64::from(events.next().is_some());
    }
    Ratio::figure(again, any, any)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::{base, window};

    fn told(days: &[(u8, &str, i64)]) -> Figure<Retention> {
        let base = base("2026-12-31", "2026-01-01", days);
        retention(&base, window("2026-03-01", "2026-05-01"), window("2026-05-01", "2026-07-01"))
    }

    #[test]
    fn kept_lost_won_back_and_new() {
        let found = told(&[
            (1, "2026-03-01", 100), // kept
            (1, "2026-06-30", 60),
            (2, "2026-04-30", 40), // lost; its credit note counts
            (2, "2026-06-01", -10),
            (3, "2026-02-28", 7), // won back
            (3, "2026-05-01", 8),
            (4, "2026-05-02", 9), // new
            (5, "2026-02-01", 1), // neither
            (6, "2026-07-01", 1), // later
        ])
        .value
        .unwrap();
        let expected = Retention { before: 2, kept: 1, won_back: 1, new: 1, net_before: 140, net_now: 50 };
        assert_eq!(found, expected);
        assert_eq!(found.clients().value.unwrap().get(), 0.5);
        assert_eq!(found.churn().value.unwrap().get(), 0.5);
        assert_eq!(found.money().value.unwrap(), Ratio { part: 50, whole: 140 });
    }

    #[test]
    fn without_anybody_before_there_is_no_rate() {
        assert_eq!(told(&[]), Figure::withheld(Withheld::NoData, 0));
        let only_new = told(&[(1, "2026-06-01", 5)]).value.unwrap();
        assert_eq!(only_new.clients(), Figure::withheld(Withheld::NoData, 0));
        assert_eq!(only_new.new, 1);
        // Bought, but brought nothing: a rate of clients and none of money.
        let free = told(&[(1, "2026-03-05", 0), (1, "2026-06-05", 10)]).value.unwrap();
        assert_eq!(free.clients().value.unwrap().get(), 1.0);
        assert_eq!(free.money().value, Err(Withheld::NoData));
    }

    #[test]
    fn a_window_that_reaches_before_the_history_says_nothing() {
        let base = base("2026-12-31", "2026-03-02", &[(1, "2026-03-05", 1)]);
        let found = retention(&base, window("2026-03-01", "2026-05-01"), window("2026-05-01", "2026-07-01"));
        assert_eq!(found, Figure::withheld(Withheld::BeforeHistory, 0));
    }

    #[test]
    fn who_bought_twice() {
        let base = base(
            "2026-12-31",
            "2026-01-01",
            &[
                (1, "2026-03-01", 1),
                (1, "2026-03-02", 0),
                (2, "2026-03-01", 5),
                (2, "2026-03-02", -5),
                (3, "2026-03-03", -1),
            ],
        );
        assert_eq!(repeat_rate(&base), Figure::new(Ratio { part: 1, whole: 2 }, 2));
    }
}
