//! The life cycle of a client: acquisition, development, retention, loyalty; and what would move it on.
//!
//! | stage | who | what moves it on |
//! |---|---|---|
//! | acquisition (*captación*) | never bought, or once | the first, then the second purchase |
//! | development (*desarrollo*) | bought again, and not yet as often as a rhythm needs, or not yet for a year | as many purchases more; the day on which the year is over |
//! | retention (*retención*) | bought again, and shows a sign of leaving: dormant, missed its rhythm, falls in volume | each of the signs taken back |
//! | loyalty (*fidelización*) | a client for a year or more, by a rhythm of its own, without a sign | nothing: it is to be kept there |
//!
//! A client that was lost or closed is in no stage; what is done then is recovery. A sign outweighs everything but too few
//! purchases: who is about to leave is to be kept before it can grow. Nothing here is stored, so it cannot go stale.

use super::client::ClientFigures;
use super::status::{RHYTHM_EVENTS, Status};
use crate::model::{BusinessDate, Currency};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    Acquisition,
    Development,
    Retention,
    Loyalty,
}

impl Stage {
    pub const ALL: [Self; 4] = [Self::Acquisition, Self::Development, Self::Retention, Self::Loyalty];

    /// A stable code; its words are `life_cycle-<code>` in the strings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Acquisition => "acquisition",
            Self::Development => "development",
            Self::Retention => "retention",
            Self::Loyalty => "loyalty",
        }
    }
}

/// Something that would move a client on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    FirstPurchase,
    SecondPurchase,
    /// So many purchases more, until it has a rhythm.
    Purchases(u64),
    /// It goes on buying until this day, on which it has been a client for a year.
    Until(BusinessDate),
    /// It is dormant: a purchase.
    Wake,
    /// It missed its rhythm: a purchase.
    Rhythm,
    /// Its volume is falling: so much of this currency, in minor units, in the weeks that are compared.
    Volume {
        currency: Currency,
        lost: i128,
    },
    /// It left: a purchase wins it back.
    Return,
}

impl Step {
    /// A stable code; its words are `step-<code>` in the strings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FirstPurchase => "first_purchase",
            Self::SecondPurchase => "second_purchase",
            Self::Purchases(_) => "purchases",
            Self::Until(_) => "until",
            Self::Wake => "wake",
            Self::Rhythm => "rhythm",
            Self::Volume { .. } => "volume",
            Self::Return => "return",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifeCycle {
    /// `None` of a client that was lost or closed.
    pub stage: Option<Stage>,
    /// What would move it on; all of it is needed.
    pub steps: Vec<Step>,
    /// Purchase events, in any currency: what this rests on.
    pub purchases: u64,
}

/// Where a client stands in its life as of the day of its figures.
pub fn life_cycle(of: &ClientFigures, as_of: BusinessDate) -> LifeCycle {
    let purchases = of.rhythm.records;
    let told = |stage, steps| LifeCycle { stage, steps, purchases };
    if of.status.is_gone() {
        return told(None, vec![Step::Return]);
    }
    match purchases {
        0 => return told(Some(Stage::Acquisition), vec![Step::FirstPurchase]),
        1 => return told(Some(Stage::Acquisition), vec![Step::SecondPurchase]),
        _ => {}
    }
    let signs = signs(of);
    if !signs.is_empty() {
        return told(Some(Stage::Retention), signs);
    }
    let missing = (RHYTHM_EVENTS as u64).saturating_sub(purchases);
    let year = of.first.and_then(a_year_after).filter(|year| *year > as_of);
    let steps: Vec<Step> =
        (missing > 0).then_some(Step::Purchases(missing)).into_iter().chain(year.map(Step::Until)).collect();
    let stage = if steps.is_empty() { Stage::Loyalty } else { Stage::Development };
    told(Some(stage), steps)
}

/// Signs of leaving. Who is dormant has missed its rhythm as well, or is about to: that is said once.
fn signs(of: &ClientFigures) -> Vec<Step> {
    let mut signs = Vec::new();
    if of.status == Status::Dormant {
        signs.push(Step::Wake);
    } else if of.rhythm.value.is_ok_and(|rhythm| rhythm.is_missed()) {
        signs.push(Step::Rhythm);
    }
    signs.extend(of.by_currency.iter().filter_map(|of| {
        let change = of.falling.value.ok().filter(|change| change.is_falling())?;
        Some(Step::Volume { currency: of.currency, lost: change.lost() })
    }));
    signs
}

/// The same day of the year after; of the 29th of February the 28th.
fn a_year_after(first: BusinessDate) -> Option<BusinessDate> {
    BusinessDate::try_from(first.civil().checked_add(jiff::Span::new().years(1)).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::client::{Computer, CurrencyFigures};
    use crate::metrics::falling::{Against, Change};
    use crate::metrics::parameters::Plan;
    use crate::metrics::rhythm::Rhythm;
    use crate::metrics::status::HalfDays;
    use crate::metrics::testing::{Dice, books, client, date};
    use crate::metrics::{Books, Figure, Known, Ratio, Withheld};
    use crate::model::office::SalesDay;

    /// The figures of a client that bought on these days for 10 euros each.
    fn bought(days: &[&str], as_of: &str) -> ClientFigures {
        let days: Vec<_> = days.iter().map(|day| (1, *day, 1_000)).collect();
        let mut books = books(as_of, &days);
        books.client(client(1), Known::default());
        let (id, known) = books.clients().next().unwrap();
        Computer::new(&books, None, &Plan::default()).of(*id, known)
    }

    fn told(days: &[&str], as_of: &str) -> (Option<Stage>, Vec<Step>) {
        let LifeCycle { stage, steps, purchases } = life_cycle(&bought(days, as_of), date(as_of));
        assert_eq!(purchases, days.len() as u64);
        (stage, steps)
    }

    #[test]
    fn from_the_first_purchase_to_a_year_of_them() {
        use Stage::{Acquisition, Development, Loyalty};
        let until = Step::Until(date("2027-01-05"));
        assert_eq!(told(&[], "2026-01-04"), (Some(Acquisition), vec![Step::FirstPurchase]));
        assert_eq!(told(&["2026-01-05"], "2026-01-05"), (Some(Acquisition), vec![Step::SecondPurchase]));
        let two = ["2026-01-05", "2026-01-12"];
        assert_eq!(told(&two, "2026-01-12"), (Some(Development), vec![Step::Purchases(1), until]));
        let three = ["2026-01-05", "2026-01-12", "2026-01-19"];
        assert_eq!(told(&three, "2026-01-20"), (Some(Development), vec![until]));
        // The year is over on the same day of the next.
        let monthly: Vec<String> =
            (0..13).map(|n| date("2026-01-05").plus_days(30 * n).unwrap().to_string()).collect();
        let monthly: Vec<&str> = monthly.iter().map(String::as_str).collect();
        assert_eq!(told(&monthly, "2027-01-04"), (Some(Development), vec![until]));
        assert_eq!(told(&monthly, "2027-01-05"), (Some(Loyalty), vec![]));
        // Twice in a year is no rhythm, however long ago the first was.
        let seldom = ["2026-01-05", "2027-02-01"];
        assert_eq!(told(&seldom, "2027-02-02"), (Some(Development), vec![Step::Purchases(1)]));
        let leap = ["2024-02-29", "2024-12-01", "2025-02-20"];
        assert_eq!(told(&leap, "2025-02-27"), (Some(Development), vec![Step::Until(date("2025-02-28"))]));
        assert_eq!(told(&leap, "2025-02-28"), (Some(Loyalty), vec![]));
    }

    #[test]
    fn who_shows_a_sign_is_to_be_kept_and_who_left_to_be_won_back() {
        use Stage::{Acquisition, Retention};
        // Every week: active for 21 days, lost after 45 (metrics::status); its rhythm is missed after two weeks.
        let weekly = ["2026-01-05", "2026-01-12", "2026-01-19"];
        for (as_of, expected) in [
            ("2026-02-01", (Some(Stage::Development), vec![Step::Until(date("2027-01-05"))])),
            ("2026-02-02", (Some(Retention), vec![Step::Rhythm])),
            ("2026-02-09", (Some(Retention), vec![Step::Rhythm])),
            ("2026-02-10", (Some(Retention), vec![Step::Wake])),
            ("2026-03-05", (Some(Retention), vec![Step::Wake])),
            ("2026-03-06", (None, vec![Step::Return])),
        ] {
            assert_eq!(told(&weekly, as_of), expected, "{as_of}");
        }
        // Of one that bought once there is nothing to be kept yet, until it is lost.
        for (as_of, expected) in [
            ("2026-04-05", (Some(Acquisition), vec![Step::SecondPurchase])),
            ("2026-07-04", (Some(Acquisition), vec![Step::SecondPurchase])), // dormant
            ("2026-07-05", (None, vec![Step::Return])),
        ] {
            assert_eq!(told(&["2026-01-05"], as_of), expected, "{as_of}");
        }
        let closed = |days: &[&str]| {
            let of = ClientFigures { status: Status::Closed, ..bought(days, "2026-01-20") };
            life_cycle(&of, date("2026-01-20"))
        };
        assert_eq!((closed(&[]).stage, closed(&weekly).steps), (None, vec![Step::Return]));
    }

    #[test]
    fn falling_volume_is_a_sign_in_each_currency() {
        let weekly = ["2026-01-05", "2026-01-12", "2026-01-19"];
        let of = bought(&weekly, "2026-01-20");
        let falling = |part, events_before| {
            let ratio = Ratio { part, whole: 1_000 };
            Figure::new(Change { ratio, against: Against::WindowsBefore, windows: 2, events_before }, 3)
        };
        let with = |parts: [i128; 2], events| {
            let eur = CurrencyFigures { falling: falling(parts[0], events), ..of.by_currency[0].clone() };
            let usd = CurrencyFigures {
                currency: Currency::USD,
                falling: falling(parts[1], events),
                ..eur.clone()
            };
            life_cycle(&ClientFigures { by_currency: vec![eur, usd], ..of.clone() }, date("2026-01-20"))
        };
        let volume = |currency, lost| Step::Volume { currency, lost };
        let both = with([700, 0], 3);
        assert_eq!(both.stage, Some(Stage::Retention));
        assert_eq!(both.steps, [volume(Currency::EUR, 150), volume(Currency::USD, 500)]);
        assert_eq!(with([701, 700], 3).steps, [volume(Currency::USD, 150)]);
        assert_eq!(with([701, 701], 3).stage, Some(Stage::Development));
        assert_eq!(with([0, 0], 2).stage, Some(Stage::Development), "too few purchases to fall from");
        // Both signs are told.
        let missed = Rhythm { median_gap: HalfDays(14), p90_days: 7, since_days: 14 };
        let eur = CurrencyFigures { falling: falling(1, 3), ..of.by_currency[0].clone() };
        let two = ClientFigures { rhythm: Figure::new(missed, 3), by_currency: vec![eur], ..of };
        assert_eq!(life_cycle(&two, date("2026-01-20")).steps, [Step::Rhythm, volume(Currency::EUR, 499)]);
    }

    /// Told again from the raw days alone.
    fn naively(days: &[i32], closed: Option<i32>, as_of: i32) -> Option<&'static str> {
        if closed.is_some_and(|closed| days.iter().all(|day| *day <= closed)) {
            return None;
        }
        let mut gaps: Vec<i32> = days.windows(2).map(|two| two[1] - two[0]).collect();
        gaps.sort_unstable();
        let twice = match gaps.len() {
            0 => 0,
            n if n % 2 == 1 => 2 * gaps[n / 2],
            n => gaps[n / 2 - 1] + gaps[n / 2],
        };
        let (active, lost) = if days.len() >= 3 {
            ((3 * twice / 2).clamp(21, 180), (6 * twice / 2).clamp(45, 365))
        } else {
            (90, 180)
        };
        let since = as_of - days.last().copied().unwrap_or(as_of);
        if since > lost {
            return None;
        }
        let missed = days.len() >= 3
            && 2 * since >= 2 * twice
            && 10 * gaps.iter().filter(|gap| **gap < since).count() >= 9 * gaps.len();
        let before: Vec<i64> = (0..4)
            .map(|back| {
                days.iter().filter(|day| (28 * back..28 * (back + 1)).contains(&(as_of - **day))).count()
                    as i64
            })
            .collect();
        let old: i64 = before[1..].iter().sum();
        let falling = old > 0
            && days.iter().filter(|day| as_of - **day >= 28).count() >= 3
            && 10 * 3 * before[0] <= 7 * old;
        Some(match days.len() {
            0 | 1 => "acquisition",
            _ if since > active || missed || falling => "retention",
            2 => "development",
            _ if as_of - days[0] < 365 => "development",
            _ => "loyalty",
        })
    }

    #[test]
    fn a_second_implementation_says_the_same_of_many_lives() {
        let mut seen = std::collections::BTreeMap::<_, u32>::new();
        for seed in 0..2_000 {
            let dice = Dice::new(seed);
            let below = |n: u32| (dice.uniform() * f64::from(n)) as i32;
            let (count, rhythm) = (below(26), 1 + below(40));
            let mut days: Vec<i32> = Vec::new();
            for _ in 0..count {
                let last = days.last().copied().unwrap_or_else(|| 200 + below(20));
                days.push(last + 1 + below(rhythm as u32));
            }
            // Within one span without a 29th of February, and a year before all of it within the history.
            days.retain(|day| *day < 700);
            let closed = (below(8) == 0).then(|| below(700));
            let as_of = days.last().copied().unwrap_or(0).max(closed.unwrap_or(0)) + below(60);
            let on = |day: i32| date("2025-01-01").plus_days(day).unwrap();
            let mut books = Books::new(on(as_of), on(as_of), Some(on(as_of - 28 * 4 + 1)));
            let closures = closed.into_iter().map(on).collect();
            books.client(client(1), Known { closures, ..Known::default() });
            for day in &days {
                books.day(client(1), &SalesDay::new(on(*day), Currency::EUR, 1_000, true, 1)).unwrap();
            }
            let (id, known) = books.clients().next().unwrap();
            let of = Computer::new(&books, None, &Plan::default()).of(*id, known);
            let found = life_cycle(&of, on(as_of));
            let told = found.stage.map(Stage::as_str);
            assert_eq!(told, naively(&days, closed, as_of), "seed {seed}: {days:?} {closed:?} {as_of}");
            assert_eq!(found.steps.is_empty(), found.stage == Some(Stage::Loyalty));
            *seen.entry(told).or_default() += 1;
        }
        assert!(seen.len() == 5 && seen.values().all(|count| *count >= 20), "{seen:?}");
    }

    #[test]
    fn codes_are_each_their_own() {
        let day = date("2026-01-01");
        let steps = [
            Step::FirstPurchase,
            Step::SecondPurchase,
            Step::Purchases(1),
            Step::Until(day),
            Step::Wake,
            Step::Rhythm,
            Step::Volume { currency: Currency::EUR, lost: 1 },
            Step::Return,
        ];
        let codes: std::collections::BTreeSet<_> =
            steps.iter().map(|step| step.as_str()).chain(Stage::ALL.map(Stage::as_str)).collect();
        assert_eq!(codes.len(), 12);
        let unknown: Figure<Rhythm> = Figure::withheld(Withheld::NoData, 0);
        let lead = ClientFigures { rhythm: unknown, ..bought(&[], "2026-01-01") };
        assert_eq!(life_cycle(&lead, day).stage, Some(Stage::Acquisition));
    }
}
