//! What hangs on the whole base, computed on the relay once and asked by everybody: medians of gaps by class, cuts of
//! ABC and RFM, fitted models. With them, one client's figures need that client's days alone.

use std::collections::BTreeMap;

use super::abc::Class;
use super::base::Base;
use super::books::{Books, Own};
use super::clv::{HOLD_OUT_DAYS, Horizon, Model};
use super::status::{HalfDays, RHYTHM_EVENTS, Rule, Shut, Thresholds, sorted_gaps};
use super::window::Window;
use super::{abc, rfm};
use crate::model::{BusinessDate, Currency};

/// How the figures of a workspace are to be computed: its settings, see `portfolio::settings`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// First day of complete sales, as the workspace states it.
    pub history_start: Option<BusinessDate>,
    pub status: StatusBy,
    /// Length of the windows of retention.
    pub retention_months: u32,
    /// How many months ABC and RFM look back; `None` for the whole history.
    pub value_months: Option<u32>,
    pub hold_out_days: u32,
    pub horizon: Horizon,
    /// Fewer answers than this show no NPS.
    pub nps_answers_min: u32,
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
            history_start: None,
            status: StatusBy::Rhythm,
            retention_months: 12,
            value_months: Some(12),
            hold_out_days: HOLD_OUT_DAYS,
            horizon: Horizon::default(),
            nps_answers_min: 30,
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

    /// By which rule the status of a client of this class is told.
    pub fn rule(&self, fit: Option<&Fit>, class: Option<Class>) -> Rule {
        match self.status {
            StatusBy::Fixed(thresholds) => Rule::Fixed(thresholds),
            StatusBy::Rhythm => Rule::Rhythm { class_gap: fit.and_then(|fit| fit.gaps.of_class(class)) },
        }
    }

    /// First day of complete sales: as it is stated, or as it was when all sales were looked at.
    pub fn history_start(&self, fit: Option<&Fit>) -> Option<BusinessDate> {
        self.history_start.or(fit.map(|fit| fit.history_start))
    }
}

/// Medians of the clients' own median gaps, for clients that have none of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ClassGaps {
    /// In the order of [`Class::ALL`].
    pub by_class: [Option<HalfDays>; 3],
    /// Of all, for clients without a class and classes without a median.
    pub all: Option<HalfDays>,
}

impl ClassGaps {
    fn of(books: &Books, class: impl Fn(&Own<'_>) -> Option<Class>) -> Self {
        let (mut by_class, mut all): ([Vec<HalfDays>; 3], Vec<HalfDays>) = Default::default();
        for (client, known) in books.clients() {
            let own = books.of(*client);
            let events = own.events();
            if events.len() < RHYTHM_EVENTS {
                continue;
            }
            let Some(median) = HalfDays::median(&sorted_gaps(&events, Shut(&known.shut))) else { continue };
            all.push(median);
            if let Some(class) = class(&own) {
                by_class[class as usize].push(median);
            }
        }
        let median = |mut medians: Vec<HalfDays>| {
            medians.sort_unstable();
            HalfDays::median_of(&medians)
        };
        Self { by_class: by_class.map(median), all: median(all) }
    }

    pub fn of_class(&self, class: Option<Class>) -> Option<HalfDays> {
        class.and_then(|class| self.by_class[class as usize]).or(self.all)
    }
}

/// What was computed on the base in one currency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameters {
    /// The window of classes and scores; `None` where the history has not begun.
    pub window: Option<Window>,
    pub abc: abc::Cuts,
    /// `None` where nobody bought in the window.
    pub rfm: Option<rfm::Cuts>,
    pub model: Model,
}

impl Parameters {
    fn of(base: &Base, plan: &Plan) -> Self {
        let window = plan.value_window(base);
        Self {
            window,
            abc: window.map(|window| abc::Cuts::of_base(base, window)).unwrap_or_default(),
            rfm: window.and_then(|window| rfm::Cuts::of_base(base, window)),
            model: Model::fit(base, plan.hold_out_days),
        }
    }
}

/// All that was computed on the whole base at one time.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    pub as_of: BusinessDate,
    /// Goes up with each fit.
    pub version: u32,
    /// First day of complete sales: as it was stated, or else the first day of any.
    pub history_start: BusinessDate,
    /// Of the plan: how far classes and scores look back.
    pub value_months: Option<u32>,
    /// Clients that were looked at.
    pub clients: u64,
    pub gaps: ClassGaps,
    pub by_currency: BTreeMap<Currency, Parameters>,
}

impl Fit {
    /// Of everybody; whatever start `books` have, the plan's counts.
    pub fn of(books: Books, plan: &Plan, version: u32) -> Self {
        Self::with_books(books, plan, version).0
    }

    /// The same, and the books with the start that counts, for all figures by it.
    pub fn with_books(books: Books, plan: &Plan, version: u32) -> (Self, Books) {
        let as_of = books.as_of();
        let history_start = plan.history_start.or(books.first_day()).unwrap_or(as_of);
        let books = books.starting(history_start);
        let by_currency = books.bases().map(|base| (base.currency(), Parameters::of(base, plan))).collect();
        let clients = books.clients().len() as u64;
        let (value_months, gaps) = (plan.value_months, ClassGaps::default());
        let fit = Self { as_of, version, history_start, value_months, clients, gaps, by_currency };
        let gaps = ClassGaps::of(&books, |own| fit.class(own));
        (Self { gaps, ..fit }, books)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::books;

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
        let whole = Plan { value_months: None, ..Plan::default() };
        let found = Fit::of(books("2026-02-28", &days), &whole, 7);
        assert_eq!(
            (found.version, found.clients, found.history_start.to_string().as_str()),
            (7, 3, "2026-01-01")
        );
        assert_eq!(found.gaps.by_class, [Some(HalfDays(20)), Some(HalfDays(8)), None]);
        assert_eq!(found.gaps.all, Some(HalfDays(8)), "the lower of two");
        assert_eq!(found.gaps.of_class(Some(Class::C)), Some(HalfDays(8)));
        assert_eq!(found.gaps.of_class(None), Some(HalfDays(8)));
        let rule = Plan::default().rule(Some(&found), Some(Class::A));
        assert_eq!(rule, Rule::Rhythm { class_gap: Some(HalfDays(20)) });
        assert_eq!(Plan::default().rule(None, Some(Class::A)), Rule::Rhythm { class_gap: None });
        let fixed = Plan { status: StatusBy::Fixed(Thresholds::FIXED), ..Plan::default() };
        assert_eq!(fixed.rule(Some(&found), None), Rule::Fixed(Thresholds::FIXED));
    }

    #[test]
    fn the_stated_start_of_the_history_counts_and_nobody_is_no_fit_of_a_currency() {
        let stated = crate::metrics::testing::date("2026-01-15");
        let plan = Plan { history_start: Some(stated), ..Plan::default() };
        let found = Fit::of(books("2026-02-28", &[(1, "2026-01-01", 5)]), &plan, 1);
        assert_eq!((found.history_start, found.by_currency.len()), (stated, 1));
        let empty = Fit::of(books("2026-02-28", &[]), &Plan::default(), 1);
        assert_eq!((empty.by_currency.len(), empty.clients, empty.history_start), (0, 0, empty.as_of));
    }
}
