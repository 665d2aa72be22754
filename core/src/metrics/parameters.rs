//! What hangs on the whole base, computed on the relay once and asked by everybody: medians of gaps by class, cuts of
//! ABC and RFM, fitted models. With them, one client's figures need that client's days alone.

use super::base::Base;
use super::clv::{HOLD_OUT_DAYS, Horizon, Model};
use super::concentration::clamp;
use super::status::{HalfDays, RHYTHM_EVENTS, Rule, Shut, Thresholds, sorted_gaps};
use super::window::Window;
use super::{abc, rfm};

/// How the figures of a workspace are to be computed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    pub status: StatusBy,
    /// Length of the windows of retention.
    pub retention_months: u32,
    /// How many months ABC and RFM look back; `None` for the whole history.
    pub value_months: Option<u32>,
    pub hold_out_days: u32,
    pub horizon: Horizon,
}

/// By which thresholds a client's status is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusBy {
    Fixed(Thresholds),
    Rhythm,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            status: StatusBy::Rhythm,
            retention_months: 12,
            value_months: Some(12),
            hold_out_days: HOLD_OUT_DAYS,
            horizon: Horizon::default(),
        }
    }
}

impl Plan {
    /// Over which time ABC and RFM are told; `None` where the history has not begun.
    pub fn value_window(&self, base: &Base) -> Option<Window> {
        match self.value_months {
            None => base.whole(),
            Some(months) => Window::months(base.as_of(), months, 0),
        }
    }
}

/// Medians of the clients' own median gaps, for clients that have none of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ClassGaps {
    /// In the order of [`abc::Class::ALL`].
    pub by_class: [Option<HalfDays>; 3],
    /// Of all, for clients without a class and classes without a median.
    pub all: Option<HalfDays>,
}

impl ClassGaps {
    fn of(base: &Base, cuts: &abc::Cuts, window: Window) -> Self {
        let (mut by_class, mut all): ([Vec<HalfDays>; 3], Vec<HalfDays>) = Default::default();
        for (client, purchases) in base.iter() {
            let events: Vec<_> = purchases.events().collect();
            if events.len() < RHYTHM_EVENTS {
                continue;
            }
            let Some(median) = HalfDays::median(&sorted_gaps(&events, Shut::default())) else { continue };
            all.push(median);
            if let Some(class) = cuts.class(&client, clamp(purchases.within(window).net())) {
                by_class[class as usize].push(median);
            }
        }
        let median = |mut medians: Vec<HalfDays>| {
            medians.sort_unstable();
            HalfDays::median_of(&medians)
        };
        Self { by_class: by_class.map(median), all: median(all) }
    }

    pub fn of_class(&self, class: Option<abc::Class>) -> Option<HalfDays> {
        class.and_then(|class| self.by_class[class as usize]).or(self.all)
    }
}

/// All of it, for one base.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameters {
    /// The window of classes and scores; `None` where the history has not begun.
    pub window: Option<Window>,
    pub abc: abc::Cuts,
    /// `None` where nobody bought in the window.
    pub rfm: Option<rfm::Cuts>,
    pub gaps: ClassGaps,
    pub model: Model,
}

impl Parameters {
    pub fn of(base: &Base, plan: &Plan) -> Self {
        let window = plan.value_window(base);
        let abc = window.map(|window| abc::Cuts::of_base(base, window)).unwrap_or_default();
        Self {
            window,
            abc,
            rfm: window.and_then(|window| rfm::Cuts::of_base(base, window)),
            gaps: window.map(|window| ClassGaps::of(base, &abc, window)).unwrap_or_default(),
            model: Model::fit(base, plan.hold_out_days),
        }
    }

    /// By which rule the status of a client of this class is told.
    pub fn rule(&self, plan: &Plan, class: Option<abc::Class>) -> Rule {
        match plan.status {
            StatusBy::Fixed(thresholds) => Rule::Fixed(thresholds),
            StatusBy::Rhythm => Rule::Rhythm { class_gap: self.gaps.of_class(class) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::base;

    #[test]
    fn a_class_has_the_median_of_its_clients_gaps() {
        let mut days = Vec::new();
        let dates = ["2026-01-01", "2026-01-11", "2026-01-21", "2026-01-31"];
        for on in dates {
            days.push((1, on, 1_000)); // 4,000: A, every 10 days
        }
        for on in ["2026-01-01", "2026-01-05", "2026-01-09"] {
            days.push((2, on, 200)); // 600: B, every 4 days
        }
        days.push((3, "2026-01-01", 100)); // C, once
        let base = base("2026-02-28", "2026-01-01", &days);
        let found = Parameters::of(&base, &Plan { value_months: None, ..Plan::default() });
        assert_eq!(found.gaps.by_class, [Some(HalfDays(20)), Some(HalfDays(8)), None]);
        assert_eq!(found.gaps.all, Some(HalfDays(8)), "the lower of two");
        assert_eq!(found.gaps.of_class(Some(abc::Class::C)), Some(HalfDays(8)));
        assert_eq!(found.gaps.of_class(None), Some(HalfDays(8)));
        let rule = found.rule(&Plan::default(), Some(abc::Class::A));
        assert_eq!(rule, Rule::Rhythm { class_gap: Some(HalfDays(20)) });
        let fixed = Plan { status: StatusBy::Fixed(Thresholds::FIXED), ..Plan::default() };
        assert_eq!(found.rule(&fixed, None), Rule::Fixed(Thresholds::FIXED));
    }
}
