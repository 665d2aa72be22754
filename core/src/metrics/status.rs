//! Where a client stands: lead, active, dormant, lost; and when that changed.
//!
//! Only closures are stored. The rest is derived from the dates of purchase events, so it cannot go stale: R is the
//! number of days since the last one, on which the client was not shut. Active while R <= A, dormant while R <= L, then
//! lost. A closed client that buys again is open, and won back; so is a lost one.
//!
//! [`history`] walks through a client's life and notes every change with its date, each judged by what was known on
//! that day. [`status`] is its last word, without the walk.

use crate::model::BusinessDate;
use crate::model::profile::ShutSpan;

/// A client's place in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// *Potencial*: no purchase event yet.
    Lead,
    /// *Actual*.
    Active,
    /// *Dormido*.
    Dormant,
    /// *Perdido*: too long ago.
    Lost,
    /// *Baja*: closed by a person, with a reason.
    Closed,
}

impl Status {
    pub const ALL: [Self; 5] = [Self::Lead, Self::Active, Self::Dormant, Self::Lost, Self::Closed];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Active => "active",
            Self::Dormant => "dormant",
            Self::Lost => "lost",
            Self::Closed => "closed",
        }
    }

    /// Whether it is a client no longer: to be won back, not to be looked after.
    pub const fn is_gone(self) -> bool {
        matches!(self, Self::Lost | Self::Closed)
    }
}

/// Up to how many days without a purchase a client is active (A), and up to how many it is not lost (L).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Thresholds {
    pub active_days: u32,
    pub dormant_days: u32,
}

impl Thresholds {
    pub const FIXED: Self = Self { active_days: 90, dormant_days: 180 };

    fn of_rhythm(gap: HalfDays) -> Self {
        // Three and six times a gap in half days; half a day over does not count.
        let days = |times: u32, (min, max): (u32, u32)| (gap.0.saturating_mul(times) / 2).clamp(min, max);
        Self { active_days: days(3, RHYTHM_ACTIVE_DAYS), dormant_days: days(6, RHYTHM_DORMANT_DAYS) }
    }

    fn status(self, since_days: u32) -> Status {
        if since_days <= self.active_days {
            Status::Active
        } else if since_days <= self.dormant_days {
            Status::Dormant
        } else {
            Status::Lost
        }
    }
}

/// Between which A stays, by rhythm.
pub const RHYTHM_ACTIVE_DAYS: (u32, u32) = (21, 180);
/// Between which L stays, by rhythm.
pub const RHYTHM_DORMANT_DAYS: (u32, u32) = (45, 365);
/// From how many events on a client has a rhythm of its own.
pub const RHYTHM_EVENTS: usize = 3;

/// A median of whole days, which may lie half way between two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HalfDays(pub u32);

impl HalfDays {
    /// Of ascending days; `None` of none.
    pub fn median(sorted: &[u32]) -> Option<Self> {
        let upper = *sorted.get(sorted.len() / 2)?;
        let lower = if sorted.len() % 2 == 1 { upper } else { sorted[sorted.len() / 2 - 1] };
        Some(Self(lower.saturating_add(upper)))
    }

    /// Of ascending medians: the middle one, or the lower of the middle two.
    pub fn median_of(sorted: &[Self]) -> Option<Self> {
        sorted.get(sorted.len().checked_sub(1)? / 2).copied()
    }

    pub const fn days(self) -> f64 {
        self.0 as f64 / 2.0
    }
}

/// By which rule a client's status is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    Fixed(Thresholds),
    /// By the client's own median gap; under [`RHYTHM_EVENTS`] events by that of its class, which the relay works out on
    /// the whole base. Where that is not known, [`Thresholds::FIXED`].
    Rhythm {
        class_gap: Option<HalfDays>,
    },
}

/// Days on which a client was shut: its seasonal spans. Days of the week on which it never opens are part of its rhythm.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shut<'a>(pub &'a [ShutSpan]);

impl Shut<'_> {
    fn on(self, date: BusinessDate) -> bool {
        self.0.iter().any(|span| span.contains(date))
    }

    /// Days after `from` up to `to`, without those on which the client was shut.
    pub fn open_days(self, from: BusinessDate, to: BusinessDate) -> u32 {
        let all = u32::try_from(to.days().saturating_sub(from.days())).unwrap_or(0);
        if self.0.is_empty() {
            return all;
        }
        let open = (1..=all).filter(|&n| {
            let day = i32::try_from(n).ok().and_then(|n| from.plus_days(n));
            day.is_none_or(|day| !self.on(day))
        });
        u32::try_from(open.count()).unwrap_or(u32::MAX)
    }

    /// The day on which the `days`th open day after `from` ends up; `None` if that is after `until`.
    pub fn after(self, from: BusinessDate, days: u32, until: BusinessDate) -> Option<BusinessDate> {
        if self.0.is_empty() {
            return from.plus_days(i32::try_from(days).ok()?).filter(|day| *day <= until);
        }
        let (mut day, mut open) = (from, 0);
        while open < days {
            day = day.plus_days(1).filter(|day| *day <= until)?;
            open += u32::from(!self.on(day));
        }
        (day <= until).then_some(day)
    }
}

/// Days between purchase events, shut ones left out; ascending by length.
pub fn sorted_gaps(events: &[BusinessDate], shut: Shut<'_>) -> Vec<u32> {
    let mut gaps: Vec<u32> = events.windows(2).map(|pair| shut.open_days(pair[0], pair[1])).collect();
    gaps.sort_unstable();
    gaps
}

impl Rule {
    fn thresholds(self, events: usize, sorted_gaps: &[u32]) -> Thresholds {
        match self {
            Self::Fixed(thresholds) => thresholds,
            Self::Rhythm { class_gap } => {
                let own = HalfDays::median(sorted_gaps).filter(|_| events >= RHYTHM_EVENTS);
                own.or(class_gap).map_or(Thresholds::FIXED, Thresholds::of_rhythm)
            }
        }
    }

    /// The thresholds in force after all of `events`.
    pub fn thresholds_after(self, events: &[BusinessDate], shut: Shut<'_>) -> Thresholds {
        match self {
            Self::Fixed(thresholds) => thresholds,
            Self::Rhythm { .. } => self.thresholds(events.len(), &sorted_gaps(events, shut)),
        }
    }
}

/// What is known of one client. Dates after the as-of date have to be left out.
#[derive(Debug, Clone, Copy, Default)]
pub struct Life<'a> {
    /// Purchase events of all currencies, ascending; two on one day are one date here.
    pub events: &'a [BusinessDate],
    /// Days on which somebody closed the client, ascending; void ones left out.
    pub closures: &'a [BusinessDate],
    pub shut: Shut<'a>,
}

/// The status on `as_of`.
pub fn status(life: Life<'_>, rule: Rule, as_of: BusinessDate) -> Status {
    let last = life.events.last();
    // On the day of a closure the closure has the last word: what was bought then had been ordered before.
    if life.closures.last().is_some_and(|closed| last.is_none_or(|last| last <= closed)) {
        return Status::Closed;
    }
    let Some(last) = last else { return Status::Lead };
    rule.thresholds_after(life.events, life.shut).status(life.shut.open_days(*last, as_of))
}

/// One change of status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Change {
    /// The first day on which it holds.
    pub date: BusinessDate,
    pub status: Status,
    /// A lost or closed client bought again.
    pub won_back: bool,
}

/// Every change of status up to `as_of`, ascending. A client is a lead before its first one.
pub fn history(life: Life<'_>, rule: Rule, as_of: BusinessDate) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    let mut note = |date: BusinessDate, status: Status| {
        let before = changes.last().map_or(Status::Lead, |change| change.status);
        if before != status {
            let gone = before.is_gone();
            // Whoever was closed before it ever bought is new, not won back.
            let won_back = status == Status::Active && gone && life.events.first() != Some(&date);
            changes.push(Change { date, status, won_back });
        }
    };
    let mut closures = life.closures.iter().copied().peekable();
    let mut gaps: Vec<u32> = Vec::with_capacity(life.events.len());
    // Closures before the first event.
    while let Some(closed) = closures.next_if(|closed| life.events.first().is_none_or(|first| closed < first))
    {
        note(closed, Status::Closed);
    }
    for (index, &event) in life.events.iter().enumerate() {
        if let Some(before) = index.checked_sub(1).map(|before| life.events[before]) {
            let gap = life.shut.open_days(before, event);
            gaps.insert(gaps.partition_point(|other| *other < gap), gap);
        }
        note(event, Status::Active);
        let next = life.events.get(index + 1).copied();
        // What the calendar alone does until the next event, or until somebody closes the client.
        let until = match next {
            Some(next) => next.plus_days(-1).unwrap_or(next).min(as_of),
            None => as_of,
        };
        let closed = closures.next_if(|closed| next.is_none_or(|next| *closed < next));
        let quiet_until = closed.and_then(|closed| closed.plus_days(-1)).unwrap_or(until);
        let thresholds = rule.thresholds(index + 1, &gaps);
        for (days, status) in
            [(thresholds.active_days, Status::Dormant), (thresholds.dormant_days, Status::Lost)]
        {
            // Where A and L are one, nobody is ever dormant.
            if status == Status::Dormant && thresholds.active_days >= thresholds.dormant_days {
                continue;
            }
            if let Some(date) = life.shut.after(event, days.saturating_add(1), quiet_until) {
                note(date, status);
            }
        }
        if let Some(closed) = closed {
            note(closed, Status::Closed);
            while closures.next_if(|closed| next.is_none_or(|next| *closed < next)).is_some() {}
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> BusinessDate {
        text.parse().unwrap()
    }

    fn dates(texts: &[&str]) -> Vec<BusinessDate> {
        texts.iter().map(|text| date(text)).collect()
    }

    const FIXED: Rule = Rule::Fixed(Thresholds::FIXED);

    fn told(events: &[&str], closures: &[&str], shut: &[ShutSpan], rule: Rule, as_of: &str) -> Vec<String> {
        let (events, closures) = (dates(events), dates(closures));
        let life = Life { events: &events, closures: &closures, shut: Shut(shut) };
        let changes = history(life, rule, date(as_of));
        let last = changes.last().map_or(Status::Lead, |change| change.status);
        assert_eq!(status(life, rule, date(as_of)), last, "the last change is the status");
        let told = |change: Change| {
            let won = if change.won_back { " won back" } else { "" };
            format!("{} {}{won}", change.date, change.status.as_str())
        };
        changes.into_iter().map(told).collect()
    }

    #[test]
    fn a_life_by_fixed_thresholds() {
        let story =
            told(&["2026-01-01", "2026-03-01", "2026-10-01"], &["2026-10-20"], &[], FIXED, "2026-12-31");
        assert_eq!(
            story,
            [
                "2026-01-01 active",
                "2026-05-31 dormant", // 91 days after 1 March
                "2026-08-29 lost",    // 181 days
                "2026-10-01 active won back",
                "2026-10-20 closed",
            ]
        );
        assert_eq!(told(&[], &[], &[], FIXED, "2026-12-31"), [""; 0]);
    }

    #[test]
    fn each_threshold_holds_on_its_day_and_not_on_the_next() {
        for (as_of, expected) in [
            ("2026-05-30", Status::Active),
            ("2026-05-31", Status::Dormant),
            ("2026-08-28", Status::Dormant),
            ("2026-08-29", Status::Lost),
        ] {
            let events = dates(&["2026-03-01"]);
            let life = Life { events: &events, ..Life::default() };
            assert_eq!(status(life, FIXED, date(as_of)), expected, "{as_of}");
        }
    }

    #[test]
    fn a_closed_client_that_buys_again_is_open() {
        let story =
            told(&["2026-01-01", "2026-02-10"], &["2026-01-05", "2026-01-20"], &[], FIXED, "2026-02-10");
        assert_eq!(story, ["2026-01-01 active", "2026-01-05 closed", "2026-02-10 active won back"]);
        assert_eq!(told(&[], &["2026-01-05"], &[], FIXED, "2026-02-10"), ["2026-01-05 closed"]);
        // Closed before its first purchase.
        assert_eq!(
            told(&["2026-02-01"], &["2026-01-05"], &[], FIXED, "2026-02-10"),
            ["2026-01-05 closed", "2026-02-01 active"]
        );
        // On the day of the purchase itself the closure counts.
        assert_eq!(
            told(&["2026-01-01"], &["2026-01-01"], &[], FIXED, "2026-02-10"),
            ["2026-01-01 active", "2026-01-01 closed"]
        );
        // A lost client is closed after a while.
        assert_eq!(
            told(&["2026-01-01"], &["2026-12-01"], &[], FIXED, "2026-12-31").last().unwrap(),
            "2026-12-01 closed"
        );
    }

    #[test]
    fn rhythm_is_the_clients_own_from_three_events_on() {
        let class = |half_days| Rule::Rhythm { class_gap: half_days };
        // Every 10 days: A = 30, L = 60.
        let ten = ["2026-01-01", "2026-01-11", "2026-01-21"];
        let story = told(&ten, &[], &[], class(None), "2026-12-31");
        assert_eq!(story, ["2026-01-01 active", "2026-02-21 dormant", "2026-03-23 lost"]);
        // Two events only: the class's gap of 20.5 days counts, 61 and 123 days.
        let story = told(&ten[..2], &[], &[], class(Some(HalfDays(41))), "2026-12-31");
        assert_eq!(story, ["2026-01-01 active", "2026-03-14 dormant", "2026-05-15 lost"]);
        // And where no class is known, the fixed ones.
        assert_eq!(class(None).thresholds_after(&dates(&ten[..2]), Shut::default()), Thresholds::FIXED);
    }

    #[test]
    fn rhythm_stays_within_its_bounds() {
        for (half_days, active, dormant) in [
            (0, 21, 45),
            (14, 21, 45),
            (15, 22, 45),
            (16, 24, 48),
            (120, 180, 360),
            (122, 180, 365),
            (u32::MAX, 180, 365),
        ] {
            let expected = Thresholds { active_days: active, dormant_days: dormant };
            assert_eq!(Thresholds::of_rhythm(HalfDays(half_days)), expected, "{half_days}");
        }
    }

    #[test]
    fn medians() {
        assert_eq!(HalfDays::median(&[]), None);
        for (sorted, expected) in [(&[7][..], 7.0), (&[7, 8], 7.5), (&[1, 7, 30], 7.0), (&[1, 7, 9, 30], 8.0)]
        {
            assert_eq!(HalfDays::median(sorted).unwrap().days(), expected);
        }
        let of = |sorted: &[u32]| {
            let sorted: Vec<_> = sorted.iter().map(|half| HalfDays(*half)).collect();
            HalfDays::median_of(&sorted)
        };
        assert_eq!((of(&[]), of(&[3, 9]), of(&[3, 9, 11])), (None, Some(HalfDays(3)), Some(HalfDays(9))));
    }

    #[test]
    fn days_on_which_the_client_is_shut_do_not_count() {
        let august = [ShutSpan::new(date("2020-08-01"), date("2020-08-31"), true)];
        let shut = Shut(&august);
        assert_eq!(shut.open_days(date("2026-07-30"), date("2026-09-02")), 3);
        assert_eq!(shut.open_days(date("2026-08-05"), date("2026-08-20")), 0);
        assert_eq!(shut.open_days(date("2026-09-02"), date("2026-07-30")), 0);
        // 91 open days after 1 July: 30 of July, 30 of September, 31 of October.
        let story = told(&["2026-07-01"], &[], &august, FIXED, "2026-12-31");
        assert_eq!(story, ["2026-07-01 active", "2026-10-31 dormant"]);
    }

    #[test]
    fn where_both_thresholds_are_one_nobody_is_dormant() {
        let rule = Rule::Fixed(Thresholds { active_days: 30, dormant_days: 30 });
        let story = told(&["2026-01-01"], &[], &[], rule, "2026-12-31");
        assert_eq!(story, ["2026-01-01 active", "2026-02-01 lost"]);
    }

    /// The walk and its last word agree on every day of many lives.
    #[test]
    fn history_ends_in_the_status_on_any_day() {
        use crate::env::{Env, SeededEnv};
        let env = SeededEnv::new(11, 0);
        let below = |n: u32| {
            let mut bytes = [0; 4];
            env.fill(&mut bytes);
            u32::from_le_bytes(bytes) % n
        };
        let start = date("2025-01-01");
        for life in 0..200 {
            let some = |most: u32| {
                let mut days: Vec<_> =
                    (0..below(most)).map(|_| start.plus_days(below(500) as i32).unwrap()).collect();
                days.sort();
                days.dedup();
                days
            };
            let (events, closures) = (some(9), some(3));
            let spans = [ShutSpan::new(date("2025-08-01"), date("2025-08-20"), true)];
            let spans = if life % 3 == 0 { &spans[..] } else { &[] };
            let rules = [FIXED, Rule::Rhythm { class_gap: Some(HalfDays(33)) }];
            for rule in rules {
                for day in (0..600).step_by(7) {
                    let as_of = start.plus_days(day).unwrap();
                    let known = |dates: &[BusinessDate]| {
                        dates.iter().copied().filter(|d| *d <= as_of).collect::<Vec<_>>()
                    };
                    let (events, closures) = (known(&events), known(&closures));
                    let life = Life { events: &events, closures: &closures, shut: Shut(spans) };
                    let changes = history(life, rule, as_of);
                    assert!(changes.is_sorted_by_key(|change| change.date));
                    let last = changes.last().map_or(Status::Lead, |change| change.status);
                    assert_eq!(status(life, rule, as_of), last, "{life:?} {rule:?} {as_of}");
                }
            }
        }
    }
}
