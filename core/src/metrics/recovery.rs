//! Recovery of clients: when one that had bought stopped being active, why, what was tried since, and what to do next.
//!
//! A stretch begins on the day on which the client stopped being active (dormant, lost, or closed by somebody) and ends on
//! the day on which it buys again: that is the result of what was tried. What is next:
//!
//! | next | when |
//! |---|---|
//! | let go | it closed down or moved away; or [`ATTEMPTS_ENOUGH`] attempts led to nothing |
//! | wait | somebody tried within the last [`WAIT_DAYS`] days |
//! | ask for the reason | nobody knows why |
//! | offer | the reason is known, and nothing was offered yet |
//! | try again | something was offered, and did not help |

use super::status::{Change, Status};
use crate::model::BusinessDate;
use crate::model::record::{LossReason, NoOrderReason};

/// Days to wait after an attempt.
pub const WAIT_DAYS: i32 = 14;
/// Attempts without a result after which a client may be let go.
pub const ATTEMPTS_ENOUGH: usize = 5;

/// A time in which a client that had bought was not active.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Its first day.
    pub from: BusinessDate,
    /// The day on which the client bought again; `None`: it did not yet.
    pub until: Option<BusinessDate>,
    /// The last status in it.
    pub status: Status,
    /// The last purchase before it.
    pub last_purchase: BusinessDate,
}

/// The stretches of a client's life, ascending; `changes` are those of `status::history` over `events`.
pub fn stretches(events: &[BusinessDate], changes: &[Change]) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    for change in changes {
        let open = found.last_mut().filter(|stretch| stretch.until.is_none());
        match (change.status, open) {
            (Status::Lead, _) | (Status::Active, None) => {}
            (Status::Active, Some(open)) => open.until = Some(change.date),
            (status, Some(open)) => open.status = status,
            (status, None) => {
                // Somebody who was closed before it ever bought is no client to be won back.
                let before = events.partition_point(|event| *event <= change.date);
                let Some(last_purchase) = before.checked_sub(1).and_then(|at| events.get(at)) else {
                    continue;
                };
                let (from, last_purchase) = (change.date, *last_purchase);
                found.push(Stretch { from, until: None, status, last_purchase });
            }
        }
    }
    found
}

/// Whether a reason for no order says why a client went: the others are about that day alone.
pub const fn says_why(reason: NoOrderReason) -> bool {
    match reason {
        NoOrderReason::Price
        | NoOrderReason::Competitor
        | NoOrderReason::Credit
        | NoOrderReason::Service
        | NoOrderReason::Product
        | NoOrderReason::OutOfSeason => true,
        NoOrderReason::StockLeft
        | NoOrderReason::BuyerAway
        | NoOrderReason::OtherWay
        | NoOrderReason::Other
        | NoOrderReason::Unknown(_) => false,
    }
}

/// What is known of a stretch that has not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Known {
    /// Somebody knows why.
    pub reason: bool,
    /// The reason of a closure.
    pub loss: Option<LossReason>,
    pub offered: bool,
    pub attempts: usize,
    pub last_attempt: Option<BusinessDate>,
}

/// What to do next about a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Next {
    LetGo,
    /// Until this day.
    Wait(BusinessDate),
    AskReason,
    Offer,
    TryAgain,
}

impl Next {
    /// A stable code; its words are `recovery-<code>` in the strings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LetGo => "let_go",
            Self::Wait(_) => "wait",
            Self::AskReason => "ask_reason",
            Self::Offer => "offer",
            Self::TryAgain => "try_again",
        }
    }

    /// Whether somebody has to do something about it now.
    pub const fn is_due(self) -> bool {
        matches!(self, Self::AskReason | Self::Offer | Self::TryAgain)
    }
}

pub fn next(known: &Known, as_of: BusinessDate) -> Next {
    let is_gone = matches!(known.loss, Some(LossReason::ClosedDown | LossReason::Moved));
    if is_gone || known.attempts >= ATTEMPTS_ENOUGH {
        return Next::LetGo;
    }
    let again = known.last_attempt.and_then(|last| last.plus_days(WAIT_DAYS));
    match again.filter(|again| *again > as_of) {
        Some(again) => Next::Wait(again),
        None if !known.reason => Next::AskReason,
        None if !known.offered => Next::Offer,
        None => Next::TryAgain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::status::{Life, Rule, Shut, Thresholds, history};
    use crate::metrics::testing::{Dice, date};

    fn told(events: &[&str], closures: &[&str], as_of: &str) -> Vec<String> {
        let dates = |of: &[&str]| of.iter().map(|day| date(day)).collect::<Vec<_>>();
        let (events, closures) = (dates(events), dates(closures));
        let life = Life { events: &events, closures: &closures, shut: Shut::default() };
        let changes = history(life, Rule::Fixed(Thresholds::FIXED), date(as_of));
        let told = |of: Stretch| {
            let until = of.until.map(|until| until.to_string()).unwrap_or_default();
            format!("{}..{until} {} last {}", of.from, of.status.as_str(), of.last_purchase)
        };
        stretches(&events, &changes).into_iter().map(told).collect()
    }

    #[test]
    fn a_stretch_is_from_the_last_active_day_to_the_next_purchase() {
        assert_eq!(told(&[], &[], "2026-12-31"), [""; 0]);
        // Closed before it ever bought: nobody to be won back.
        assert_eq!(told(&["2026-03-01"], &["2026-01-01"], "2026-03-02"), [""; 0]);
        let events = ["2026-01-01", "2026-03-01", "2026-12-01"];
        assert_eq!(told(&events, &[], "2026-05-30"), [""; 0]);
        assert_eq!(told(&events[..2], &[], "2026-05-31"), ["2026-05-31.. dormant last 2026-03-01"]);
        // It goes on while the client is lost and then closed.
        assert_eq!(told(&events[..2], &[], "2026-08-29"), ["2026-05-31.. lost last 2026-03-01"]);
        let closed = ["2026-10-01"];
        assert_eq!(told(&events[..2], &closed, "2026-10-01"), ["2026-05-31.. closed last 2026-03-01"]);
        let won = ["2026-05-31..2026-12-01 closed last 2026-03-01"];
        assert_eq!(told(&events, &closed, "2026-12-01"), won);
        // On the day of the purchase itself.
        let same = ["2026-01-05"];
        assert_eq!(told(&same, &same, "2026-01-05"), ["2026-01-05.. closed last 2026-01-05"]);
        // Again and again.
        let twice = ["2026-01-01", "2026-06-01", "2026-06-02"];
        assert_eq!(
            told(&twice, &["2026-06-20"], "2026-06-30"),
            ["2026-04-02..2026-06-01 dormant last 2026-01-01", "2026-06-20.. closed last 2026-06-02"]
        );
    }

    #[test]
    fn stretches_are_the_days_on_which_a_client_was_neither_lead_nor_active() {
        use crate::metrics::status::status;
        let start = date("2024-01-01");
        let on = |day: i32| start.plus_days(day).unwrap();
        let mut days_away = 0;
        for seed in 0..100 {
            let dice = Dice::new(seed);
            let below = |n: u32| (dice.uniform() * f64::from(n)) as i32;
            let some = |most: u32| {
                let mut days: Vec<_> = (0..below(most)).map(|_| on(below(700))).collect();
                days.sort();
                days.dedup();
                days
            };
            let (events, closures) = (some(9), some(3));
            let rule = Rule::Rhythm { class_gap: None };
            let known = |dates: &[BusinessDate], as_of| -> Vec<BusinessDate> {
                dates.iter().copied().filter(|day| *day <= as_of).collect()
            };
            let end = on(800);
            let life = Life { events: &events, closures: &closures, shut: Shut::default() };
            let found = stretches(&events, &history(life, rule, end));
            for day in (0..=800).map(on) {
                let (events, closures) = (known(&events, day), known(&closures, day));
                let life = Life { events: &events, closures: &closures, shut: Shut::default() };
                let away =
                    !events.is_empty() && !matches!(status(life, rule, day), Status::Lead | Status::Active);
                let told = found.iter().find(|of| of.from <= day && of.until.is_none_or(|until| day < until));
                // Closed before its first purchase, it stays closed until then.
                assert_eq!(told.is_some(), away, "seed {seed} {day}: {found:?}");
                if let Some(told) = told {
                    assert_eq!(Some(&told.last_purchase), events.last(), "seed {seed} {day}");
                    days_away += 1;
                }
            }
        }
        assert!(days_away > 5_000, "{days_away}");
    }

    #[test]
    fn what_is_next_hangs_on_what_is_known_and_was_tried() {
        let today = date("2026-06-30");
        let of = |known: Known| next(&known, today);
        let nothing = Known::default();
        let tried = |on: &str| Known { attempts: 1, last_attempt: Some(date(on)), ..nothing };
        assert_eq!(of(nothing), Next::AskReason);
        // Fourteen days after an attempt it is time again.
        assert_eq!(of(tried("2026-06-17")), Next::Wait(date("2026-07-01")));
        assert_eq!(of(tried("2026-06-16")), Next::AskReason);
        let known = Known { reason: true, ..tried("2026-06-16") };
        assert_eq!(of(known), Next::Offer);
        assert_eq!(of(Known { offered: true, ..known }), Next::TryAgain);
        assert_eq!(of(Known { offered: true, reason: false, ..known }), Next::AskReason);
        let often = |attempts| Known { attempts, offered: true, ..known };
        assert_eq!(
            (of(often(ATTEMPTS_ENOUGH - 1)), of(often(ATTEMPTS_ENOUGH))),
            (Next::TryAgain, Next::LetGo)
        );
        for (loss, expected) in [
            (LossReason::ClosedDown, Next::LetGo),
            (LossReason::Moved, Next::LetGo),
            (LossReason::Price, Next::Offer),
            (LossReason::Other, Next::Offer),
        ] {
            assert_eq!(of(Known { loss: Some(loss), reason: true, ..nothing }), expected, "{loss:?}");
        }
        let due = [Next::LetGo, Next::Wait(today), Next::AskReason, Next::Offer, Next::TryAgain];
        assert_eq!(due.map(Next::is_due), [false, false, true, true, true]);
    }
}
