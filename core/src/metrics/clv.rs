//! What clients are likely to be worth: BG/NBD for the events to come, Gamma-Gamma for their size, and the test that
//! either has to pass before its figures are shown.
//!
//! CLV, predictive = the sum over periods i of E[spend per event] x E[new events in period i] / (1 + d)^i.
//!
//! Both models assume irregular, stationary buying. So the last stretch of the history is held out: the models are
//! fitted on what came before and asked for it. Where they are no better than 'as in the equal period before', nothing
//! of theirs is shown.

use std::collections::HashMap;

use super::base::{Base, Purchases};
use super::bgnbd::BgNbd;
use super::figure::{Figure, Withheld};
use super::gamma_gamma::GammaGamma;
use super::repeats::{Repeats, weeks};
use super::window::Window;

/// How far ahead, in which steps, and what a step of waiting costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Horizon {
    pub periods: u32,
    pub period_weeks: f64,
    /// A share per period: 0.01 is one per cent.
    pub discount: f64,
}

impl Default for Horizon {
    /// A year of twelve months, 1 % a month.
    fn default() -> Self {
        Self { periods: 12, period_weeks: 365.0 / 12.0 / 7.0, discount: 0.01 }
    }
}

impl Horizon {
    pub const PERIODS_MAX: u32 = 120;

    /// How far ahead it reaches, in weeks.
    pub fn weeks(&self) -> f64 {
        f64::from(self.periods) * self.period_weeks
    }
}

/// One model's error on the period that was held out, and that of 'as in the equal period before': roots of the mean
/// square over clients, in events or in minor units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trial {
    pub model_error: f64,
    pub naive_error: f64,
}

impl Trial {
    pub fn is_passed(self) -> bool {
        self.model_error < self.naive_error
    }
}

/// Both models of one base in one currency, with their trials.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Model {
    pub events: Result<BgNbd, Withheld>,
    pub spend: Result<GammaGamma, Withheld>,
    pub trial_of_events: Result<Trial, Withheld>,
    pub trial_of_money: Result<Trial, Withheld>,
    /// Clients with a purchase event.
    pub clients: u64,
    /// Clients behind the spend: they came again, and paid.
    pub spenders: u64,
}

/// Length of the period that is held out: a quarter.
pub const HOLD_OUT_DAYS: u32 = 91;

impl Model {
    /// Fits both models on a base, and tries them on its last `hold_out_days`.
    pub fn fit(base: &Base, hold_out_days: u32) -> Self {
        let clients: Vec<Repeats> =
            base.iter().filter_map(|(_, purchases)| Repeats::of(purchases, base.as_of())).collect();
        let events = BgNbd::fit(clients.iter().copied());
        let spend = GammaGamma::fit(clients.iter().copied());
        let trials = Learnt::of(base, hold_out_days)
            .and_then(|learnt| learnt.trials(events.ok(), spend.ok(), hold_out_days));
        let (trial_of_events, trial_of_money) = trials.unwrap_or_else(|why| (Err(why), Err(why)));
        Self {
            events,
            spend,
            trial_of_events,
            trial_of_money,
            clients: clients.len() as u64,
            spenders: GammaGamma::counted(clients),
        }
    }

    /// BG/NBD, where it was fitted and passed its trial.
    pub fn events(&self) -> Result<BgNbd, Withheld> {
        passed(self.trial_of_events)?;
        self.events
    }

    /// Gamma-Gamma beside it, where both were fitted and what they say of money passed its trial.
    pub fn money(&self) -> Result<(BgNbd, GammaGamma), Withheld> {
        passed(self.trial_of_money)?;
        Ok((self.events()?, self.spend?))
    }
}

fn passed(trial: Result<Trial, Withheld>) -> Result<(), Withheld> {
    if trial?.is_passed() { Ok(()) } else { Err(Withheld::NotBetter) }
}

/// What was known of a client before the period that is held out; net revenue and events in that period, and in the one
/// before it.
type Past = (Repeats, [i128; 2], [u64; 2]);

struct Learnt(Vec<Past>);

/// Of events, and of money.
type Trials = (Result<Trial, Withheld>, Result<Trial, Withheld>);

impl Learnt {
    fn of(base: &Base, hold_out_days: u32) -> Result<Self, Withheld> {
        let windows =
            (Window::days(base.as_of(), hold_out_days, 0), Window::days(base.as_of(), hold_out_days, 1));
        let (Some(held_out), Some(before)) = windows else { return Err(Withheld::BeforeHistory) };
        // The models need something to learn from besides the period that the naive guess repeats.
        if !base.covers(before) || before.from() == base.history_start() {
            return Err(Withheld::BeforeHistory);
        }
        let learnt_until = held_out.from().plus_days(-1).ok_or(Withheld::BeforeHistory)?;
        let past = |(_, purchases): (_, Purchases<'_>)| {
            let known = Repeats::of(purchases, learnt_until)?;
            let (now, then) = (purchases.within(held_out), purchases.within(before));
            Some((known, [now.net(), then.net()], [now.event_count(), then.event_count()]))
        };
        Ok(Self(base.iter().filter_map(past).collect()))
    }

    fn known(&self) -> impl Iterator<Item = Repeats> {
        self.0.iter().map(|(known, ..)| *known)
    }

    /// `events` and `spend` are what was fitted on the whole: the searches begin there.
    fn trials(
        &self,
        events: Option<BgNbd>,
        spend: Option<GammaGamma>,
        hold_out_days: u32,
    ) -> Result<Trials, Withheld> {
        let events = BgNbd::fit_near(self.known(), events)?;
        let mut expectations = Expectations::new(events, weeks(hold_out_days));
        let expected: Vec<f64> = self.known().map(|known| expectations.of(&known)).collect();
        let mut of_events = Errors::default();
        for ((_, _, [now, then]), expected) in self.0.iter().zip(&expected) {
            of_events.add(*expected, *then as f64, *now as f64);
        }
        let of_money = GammaGamma::fit_near(self.known(), spend).and_then(|spend| {
            let mut errors = Errors::default();
            for ((known, [now, then], _), expected) in self.0.iter().zip(&expected) {
                errors.add(expected * spend.expected_spend(known)?, *then as f64, *now as f64);
            }
            Ok(errors.trial())
        });
        Ok((Ok(of_events.trial()), of_money))
    }
}

#[derive(Debug, Default)]
struct Errors {
    model: f64,
    naive: f64,
    count: f64,
}

impl Errors {
    fn add(&mut self, model: f64, naive: f64, real: f64) {
        self.model += (model - real) * (model - real);
        self.naive += (naive - real) * (naive - real);
        self.count += 1.0;
    }

    fn trial(&self) -> Trial {
        let root = |sum: f64| (sum / self.count).sqrt();
        Trial { model_error: root(self.model), naive_error: root(self.naive) }
    }
}

/// E[Y(t)] for one t and many clients: what hangs on x and T alone is computed once for each pair.
#[derive(Debug)]
pub(super) struct Expectations {
    model: BgNbd,
    t_weeks: f64,
    known: HashMap<(u32, u32), f64>,
}

impl Expectations {
    pub(super) fn new(model: BgNbd, t_weeks: f64) -> Self {
        Self { model, t_weeks, known: HashMap::new() }
    }

    pub(super) fn of(&mut self, client: &Repeats) -> f64 {
        let Self { model, t_weeks, known } = self;
        let undisturbed = known
            .entry((client.count, client.age_days))
            .or_insert_with(|| model.undisturbed(*t_weeks, f64::from(client.count), weeks(client.age_days)));
        model.chance_alive(client) * *undisturbed
    }
}

/// Predictive CLV of many clients, by one pair of models over one horizon.
#[derive(Debug)]
pub struct Clv {
    models: Result<(BgNbd, GammaGamma), Withheld>,
    horizon: Horizon,
    /// Discounted events to come of a client that is surely alive, by x and T.
    known: HashMap<(u32, u32), f64>,
}

impl Clv {
    /// `models` withheld, every figure is, for the same reason.
    pub fn new(models: Result<(BgNbd, GammaGamma), Withheld>, horizon: Horizon) -> Self {
        let horizon = Horizon { periods: horizon.periods.min(Horizon::PERIODS_MAX), ..horizon };
        Self { models, horizon, known: HashMap::new() }
    }

    /// In minor units; records are the client's purchase events.
    pub fn of(&mut self, client: &Repeats) -> Figure<f64> {
        let records = u64::from(client.count) + 1;
        Figure { value: self.value(client), records }
    }

    fn value(&mut self, client: &Repeats) -> Result<f64, Withheld> {
        let (events, spend) = self.models?;
        let horizon = self.horizon;
        let discounted = *self
            .known
            .entry((client.count, client.age_days))
            .or_insert_with(|| discounted(&events, client.count, client.age_days, horizon));
        Ok(spend.expected_spend(client)? * events.chance_alive(client) * discounted)
    }
}

fn discounted(events: &BgNbd, count: u32, age_days: u32, horizon: Horizon) -> f64 {
    let (x, age) = (f64::from(count), weeks(age_days));
    let (mut sum, mut before, mut factor) = (0.0, 0.0, 1.0);
    for period in 1..=horizon.periods {
        let until = events.undisturbed(f64::from(period) * horizon.period_weeks, x, age);
        factor *= 1.0 + horizon.discount;
        sum += (until - before) / factor;
        before = until;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::base::Day;
    use crate::metrics::testing::{Dice, client, date};
    use crate::model::{ClientId, Currency};

    const EVENTS: BgNbd = BgNbd { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
    const SPEND: GammaGamma = GammaGamma { p: 6.25, q: 3.74, v_minor: 1_544.0 };

    fn first() -> Repeats {
        Repeats { count: 2, recency_days: 213, age_days: 272, net: 4_470 }
    }

    #[test]
    fn clv_is_the_discounted_sum_of_expected_events_and_spend() {
        let horizon = Horizon { periods: 3, period_weeks: 4.0, discount: 0.02 };
        let at = |t| EVENTS.expected(t, &first());
        let expected = SPEND.expected_spend(&first()).unwrap()
            * (at(4.0) / 1.02
                + (at(8.0) - at(4.0)) / (1.02 * 1.02)
                + (at(12.0) - at(8.0)) / (1.02 * 1.02 * 1.02));
        let found = Clv::new(Ok((EVENTS, SPEND)), horizon).of(&first());
        assert!((found.value.unwrap() / expected - 1.0).abs() < 1e-13);
        assert_eq!(found.records, 3);
        // Without a discount: events of the whole horizon.
        let flat = Horizon { discount: 0.0, ..horizon };
        let found = Clv::new(Ok((EVENTS, SPEND)), flat).of(&first()).value.unwrap();
        assert!((found / (SPEND.expected_spend(&first()).unwrap() * at(12.0)) - 1.0).abs() < 1e-13);
    }

    #[test]
    fn a_client_gives_the_same_alone_and_among_others() {
        let mut among = Clv::new(Ok((EVENTS, SPEND)), Horizon::default());
        let others =
            [Repeats { recency_days: 10, ..first() }, Repeats { count: 0, recency_days: 0, ..first() }];
        let of_others = others.map(|client| among.of(&client));
        let alone = |client: &Repeats| Clv::new(Ok((EVENTS, SPEND)), Horizon::default()).of(client);
        assert_eq!(among.of(&first()), alone(&first()));
        assert_eq!(of_others.to_vec(), others.iter().map(alone).collect::<Vec<_>>());
    }

    #[test]
    fn why_there_is_no_model_is_why_there_is_no_clv() {
        let found = Clv::new(Err(Withheld::NotBetter), Horizon::default()).of(&first());
        assert_eq!(found, Figure::withheld(Withheld::NotBetter, 3));
    }

    fn number(n: u32) -> ClientId {
        ClientId::from_bytes(u128::from(n).to_be_bytes())
    }

    /// Clients that begin in the first half of a year and then buy by chance; or seldom at first, and often in
    /// the end.
    fn buyers(is_rising: bool, start: &str) -> Base {
        let (dice, first) = (Dice::new(5), date("2025-01-01"));
        let mut base = Base::new(Currency::EUR, date("2026-06-30"), date(start));
        for n in 0..600 {
            let rate = 0.02 + dice.gamma(1) / 8.0;
            let (dropout, spend) = (dice.uniform() * 0.4, 1_500.0 / dice.gamma(4));
            let (mut at, mut last) = (f64::from(n % 180), -1);
            while at < 545.0 {
                let day = at as i32;
                if day > last {
                    let net = (dice.gamma(6) * spend) as i64;
                    base.push(number(n), Day { date: first.plus_days(day).unwrap(), net, event: true })
                        .unwrap();
                    last = day;
                }
                let rising = if at < 330.0 { f64::from(40 + n % 9) } else { f64::from(3 + n % 13) };
                at += if is_rising { rising } else { 7.0 * dice.gamma(1) / rate };
                if !is_rising && dice.uniform() < dropout {
                    break;
                }
            }
        }
        base
    }

    #[test]
    fn buying_by_chance_passes_and_what_changes_does_not() {
        let by_chance = Model::fit(&buyers(false, "2025-01-01"), HOLD_OUT_DAYS);
        assert!(by_chance.events().is_ok() && by_chance.money().is_ok(), "{by_chance:?}");
        assert_eq!(by_chance.clients, 600);
        let rising = Model::fit(&buyers(true, "2025-01-01"), HOLD_OUT_DAYS);
        assert!(rising.events.is_ok(), "{rising:?}");
        assert_eq!(rising.events(), Err(Withheld::NotBetter), "{rising:?}");
        assert_eq!(rising.money().map(|_| ()), Err(Withheld::NotBetter));
    }

    #[test]
    fn a_history_too_short_to_hold_anything_out_shows_no_prediction() {
        // Two periods of 91 days end on 2026-06-30: the first begins on 2025-12-31.
        let of = |start| Model::fit(&buyers(false, start), HOLD_OUT_DAYS).events().map(|_| ());
        assert_eq!(of("2025-12-30"), Ok(()));
        assert_eq!(of("2025-12-31"), Err(Withheld::BeforeHistory));
        assert_eq!(of("2026-01-01"), Err(Withheld::BeforeHistory));
        let mut small = Base::new(Currency::EUR, date("2026-06-30"), date("2025-01-01"));
        small.push(client(1), Day { date: date("2025-01-01"), net: 1, event: true }).unwrap();
        let model = Model::fit(&small, HOLD_OUT_DAYS);
        assert_eq!((model.events().map(|_| ()), model.clients), (Err(Withheld::TooFew), 1));
        assert_eq!(Model::fit(&small, u32::MAX).events().map(|_| ()), Err(Withheld::BeforeHistory));
    }
}
