//! BG/NBD: how many purchases are to come, and whether a client is still one.
//!
//! Fader, Hardie and Lee, '"Counting Your Customers" the Easy Way: An Alternative to the Pareto/NBD Model', Marketing
//! Science 24 (2005), 275-284. While active, a client buys at random with a rate of its own; the rates are gamma
//! distributed (r, alpha). After each purchase it drops out with a probability of its own; those are beta distributed
//! (a, b). Time is in weeks.
//!
//! The published expectation divides a difference by a - 1 and takes a hypergeometric function whose terms grow large.
//! Here Euler's transformation of it is summed instead (see [`BgNbd::undisturbed`]), which has no hole at a = 1 or
//! a + b = 1 and no overflow.

use std::collections::BTreeMap;

use super::figure::Withheld;
use super::maximum::maximum_near;
use super::repeats::{Repeats, weeks};
use super::special::{LnProduct, digamma, exp_of_fits, ln_gamma, ln_rising, one_minus_exp_over};

/// Fewer clients that came again than this say nothing of a base.
pub const REPEATERS_MIN: u64 = 30;

/// The parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BgNbd {
    /// Shape of the buying rates.
    pub r: f64,
    /// Their scale, in weeks.
    pub alpha: f64,
    /// Shape of the chances to drop out.
    pub a: f64,
    pub b: f64,
}

/// Terms of the series at most; reached only where a base is very young against the time asked for.
const TERMS_MAX: u32 = 1_000_000;

impl BgNbd {
    /// The parameters of greatest likelihood. The result does not depend on the order of the clients.
    ///
    /// # Errors
    /// [`Withheld::TooFew`] under [`REPEATERS_MIN`] clients that came again, [`Withheld::NotFitted`] where the
    /// likelihood has no maximum.
    pub fn fit(clients: impl IntoIterator<Item = Repeats>) -> Result<Self, Withheld> {
        Self::fit_near(clients, None)
    }

    /// The same, searched first near the parameters of a base that is much alike.
    pub(super) fn fit_near(
        clients: impl IntoIterator<Item = Repeats>,
        near: Option<Self>,
    ) -> Result<Self, Withheld> {
        let data = Data::of(clients);
        if data.repeaters < REPEATERS_MIN {
            return Err(Withheld::TooFew);
        }
        // Where nobody seems to drop out, a / b has no maximum above 0, and none is needed.
        let may_be_extreme = [false, false, true, true];
        let start = [1.0, data.scale_weeks, 1.0, 1.0];
        let near = near.map(|Self { r, alpha, a, b }| [r, alpha, a, b]);
        let found = maximum_near(near, start, may_be_extreme, |&[r, alpha, a, b]| {
            data.mean(&Self { r, alpha, a, b })
        });
        let [r, alpha, a, b] = found.ok_or(Withheld::NotFitted)?;
        Ok(Self { r, alpha, a, b })
    }

    /// Sum of the logarithms of the likelihoods.
    pub fn log_likelihood(&self, clients: impl IntoIterator<Item = Repeats>) -> f64 {
        let data = Data::of(clients);
        data.mean(self).0 * data.clients as f64
    }

    /// Whether these can be parameters at all.
    pub fn is_sound(&self) -> bool {
        [self.r, self.alpha, self.a, self.b].iter().all(|value| value.is_finite() && *value > 0.0)
    }

    /// P(alive), the chance that the client has not dropped out. Withheld for a client without a repeat event: the
    /// model says exactly 1 there, whoever it is.
    pub fn alive(&self, client: &Repeats) -> Result<f64, Withheld> {
        if client.count == 0 { Err(Withheld::TooEarly) } else { Ok(self.chance_alive(client)) }
    }

    /// The same, 1 without a repeat event; it scales what is expected.
    pub(super) fn chance_alive(&self, client: &Repeats) -> f64 {
        if client.count == 0 {
            return 1.0;
        }
        1.0 / (1.0 + libm::exp(self.ln_odds_of_dropout(client)))
    }

    fn ln_odds_of_dropout(&self, client: &Repeats) -> f64 {
        let x = f64::from(client.count);
        let (age, recency) = (weeks(client.age_days), weeks(client.recency_days));
        libm::log(self.a / (self.b + x - 1.0))
            + (self.r + x) * libm::log((self.alpha + age) / (self.alpha + recency))
    }

    /// E[Y(t)]: purchase events of this client in the next `t` weeks.
    pub fn expected(&self, t: f64, client: &Repeats) -> f64 {
        self.chance_alive(client) * self.undisturbed(t, f64::from(client.count), weeks(client.age_days))
    }

    /// E[X(t)]: purchase events, after the first, of a client of whom nothing is known, in its first `t` weeks.
    pub fn expected_of_new(&self, t: f64) -> f64 {
        self.undisturbed(t, 0.0, 0.0)
    }

    /// E[Y(t)] of a client that is surely alive, after x repeat events and `age` weeks.
    ///
    /// With c = a + b + x - 1, z = t / (alpha + age + t) and A = a + b - 1 - r, Euler's transformation turns the
    /// published (c / (a - 1)) (1 - (1 - z)^(r + x) 2F1(r + x, b + x; c; z)) into
    /// c (1 - (1 - z)^(a - 1)) / (a - 1) - (1 - z)^(a - 1) S, where S is the sum over n >= 1 of
    /// (A)_n (a)_(n-1) z^n / ((c + 1)_(n-1) n!).
    pub(super) fn undisturbed(&self, t: f64, x: f64, age: f64) -> f64 {
        if t <= 0.0 {
            return 0.0;
        }
        let Self { r, alpha, a, b } = *self;
        let z = t / (alpha + age + t);
        let (c, start) = (a + b + x - 1.0, a + b - 1.0 - r);
        // n = 1.
        let mut term = start * z;
        let mut sum = term;
        let mut n = 1.0;
        for _ in 0..TERMS_MAX {
            term *= (start + n) * (a + n - 1.0) / ((c + n) * (n + 1.0)) * z;
            sum += term;
            n += 1.0;
            if term.abs() <= 1e-17 * sum.abs() {
                break;
            }
        }
        let ln_rest = libm::log((alpha + age) / (alpha + age + t));
        let power = (a - 1.0) * ln_rest;
        // (1 - e^power) / (a - 1), with the hole at a = 1 filled.
        let first = one_minus_exp_over(power) * ln_rest;
        (c * first - libm::exp(power) * sum).max(0.0)
    }

    /// P(X(t) = n): the chance that a client of whom nothing is known buys n times after its first purchase, in its
    /// first `t` weeks.
    pub fn probability(&self, n: u32, t: f64) -> f64 {
        let Self { r, alpha, a, b } = *self;
        let (ln_alpha, ln_t) = (libm::log(alpha / (alpha + t)), libm::log(t / (alpha + t)));
        let ln_beta = |a: f64, b: f64| ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b);
        // Of a client that never drops out: the negative binomial distribution.
        let buys = |n: u32| {
            let n_float = f64::from(n);
            let ln_choose = ln_gamma(r + n_float) - ln_gamma(r) - ln_gamma(n_float + 1.0);
            libm::exp(ln_choose + r * ln_alpha + if n == 0 { 0.0 } else { n_float * ln_t })
        };
        let times = f64::from(n);
        let stays = libm::exp(ln_beta(a, b + times) - ln_beta(a, b)) * buys(n);
        if n == 0 {
            return stays;
        }
        let more: f64 = 1.0 - (0..n).map(buys).sum::<f64>();
        stays + libm::exp(ln_beta(a + 1.0, b + times - 1.0) - ln_beta(a, b)) * more
    }
}

/// Clients in groups of equal numbers, so that each logarithm and gamma function is taken once.
struct Data {
    clients: u64,
    repeaters: u64,
    /// Clients by x.
    by_count: Vec<(u32, f64)>,
    /// The sum of r + x over clients of an age needs how many there are and their x.
    by_age: Vec<(u32, f64, f64)>,
    /// Distinct recencies of repeat clients.
    recencies: Vec<u32>,
    repeats: Vec<Group>,
    /// A tenth of the greatest age, where the search begins.
    scale_weeks: f64,
}

/// Clients with the same x > 0, t_x and T.
struct Group {
    /// Places in `by_count`, `by_age` and `recencies`.
    count: u32,
    age: u32,
    recency: u32,
    clients: f64,
}

impl Data {
    fn of(clients: impl IntoIterator<Item = Repeats>) -> Self {
        let mut all: Vec<(u32, u32, u32)> =
            clients.into_iter().map(|client| (client.count, client.age_days, client.recency_days)).collect();
        all.sort_unstable();
        let (mut by_count, mut by_age) = (BTreeMap::<u32, u64>::new(), BTreeMap::<u32, (u64, u64)>::new());
        for (count, age, _) in &all {
            *by_count.entry(*count).or_default() += 1;
            let of_age = by_age.entry(*age).or_default();
            *of_age = (of_age.0 + 1, of_age.1 + u64::from(*count));
        }
        let repeaters = all.partition_point(|(count, ..)| *count == 0);
        let again = &all[repeaters..];
        let mut recencies: Vec<u32> = again.iter().map(|(.., recency)| *recency).collect();
        recencies.sort_unstable();
        recencies.dedup();
        let counts: Vec<u32> = by_count.keys().copied().collect();
        let ages: Vec<u32> = by_age.keys().copied().collect();
        let place = |of: &[u32], value: u32| of.partition_point(|other| *other < value) as u32;
        let repeats = again
            .chunk_by(|one, other| one == other)
            .map(|group| {
                let (count, age, recency) = group[0];
                let (count, age) = (place(&counts, count), place(&ages, age));
                Group { count, age, recency: place(&recencies, recency), clients: group.len() as f64 }
            })
            .collect();
        Self {
            clients: all.len() as u64,
            repeaters: again.len() as u64,
            scale_weeks: weeks(ages.last().copied().unwrap_or(0)).max(1.0) / 10.0,
            by_count: by_count.into_iter().map(|(count, clients)| (count, clients as f64)).collect(),
            by_age: by_age
                .into_iter()
                .map(|(age, (clients, sum))| (age, clients as f64, sum as f64))
                .collect(),
            recencies,
            repeats,
        }
    }

    /// Mean of ln L per client, and its slope in r, alpha, a, b.
    fn mean(&self, model: &BgNbd) -> (f64, [f64; 4]) {
        let BgNbd { r, alpha, a, b } = *model;
        let ln_alpha = libm::log(alpha);
        let (mut value, mut slope) = (0.0, [0.0; 4]);
        // What hangs on x alone, and for each x: ln(a / (b + x - 1)) and r + x.
        let mut of_count = Vec::with_capacity(self.by_count.len());
        let (psi_r, psi_b, psi_ab) = (digamma(r), digamma(b), digamma(a + b));
        for &(count, clients) in &self.by_count {
            let x = f64::from(count);
            value += clients * (ln_rising(r, x) + r * ln_alpha);
            slope[0] += clients * (digamma(r + x) - psi_r + ln_alpha);
            slope[1] += clients * r / alpha;
            if count > 0 {
                value += clients * (ln_rising(b, x) - ln_rising(a + b, x));
                let psi_abx = digamma(a + b + x);
                slope[2] += clients * (psi_ab - psi_abx);
                slope[3] += clients * (psi_ab + digamma(b + x) - psi_b - psi_abx);
            }
            let before = b + x - 1.0;
            of_count.push((libm::log(a / before.max(f64::MIN_POSITIVE)), r + x, before));
        }
        // What hangs on the age: -(r + x) ln(alpha + T).
        let mut of_age = Vec::with_capacity(self.by_age.len());
        for &(age, clients, counts) in &self.by_age {
            let end = alpha + weeks(age);
            let ln_end = libm::log(end);
            value -= (clients * r + counts) * ln_end;
            slope[0] -= clients * ln_end;
            slope[1] -= (clients * r + counts) / end;
            of_age.push((ln_end, 1.0 / end));
        }
        let of_recency: Vec<(f64, f64)> = self
            .recencies
            .iter()
            .map(|recency| (libm::log(alpha + weeks(*recency)), 1.0 / (alpha + weeks(*recency))))
            .collect();
        // ln(1 + the odds that the client has dropped out).
        let mut singles = LnProduct::default();
        for group in &self.repeats {
            let (ln_delta, shape, before) = of_count[group.count as usize];
            let (ln_end, end) = of_age[group.age as usize];
            let (ln_last, last) = of_recency[group.recency as usize];
            let since = ln_end - ln_last;
            let odds = ln_delta + shape * since;
            // Of the odds or their inverse, whichever is at most 1: without overflow.
            let least = exp_of_fits(-odds.abs());
            let sum = 1.0 + least;
            if group.clients == 1.0 {
                singles.times_one_and(least);
            } else {
                value += group.clients * libm::log1p(least);
            }
            value += group.clients * odds.max(0.0);
            let dropped = group.clients * if odds > 0.0 { 1.0 } else { least } / sum;
            slope[0] += dropped * since;
            slope[1] += dropped * shape * (end - last);
            slope[2] += dropped / a;
            slope[3] -= dropped / before;
        }
        value += singles.sum();
        let clients = self.clients as f64;
        (value / clients, slope.map(|slope| slope / clients))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::{Dice, expect_slopes};

    const PUBLISHED: BgNbd = BgNbd { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };

    fn repeats(count: u32, recency_days: u32, age_days: u32) -> Repeats {
        Repeats { count, recency_days, age_days, net: 0 }
    }

    /// The hypergeometric function as a plain series.
    fn hypergeometric(a: f64, b: f64, c: f64, z: f64) -> f64 {
        let (mut term, mut sum) = (1.0, 1.0);
        for n in 0..200_000 {
            let n = f64::from(n);
            term *= (a + n) * (b + n) / ((c + n) * (n + 1.0)) * z;
            sum += term;
        }
        sum
    }

    /// E[Y(t)] of a client that is surely alive, as published.
    fn published(model: &BgNbd, t: f64, x: f64, age: f64) -> f64 {
        let BgNbd { r, alpha, a, b } = *model;
        let z = t / (alpha + age + t);
        let c = a + b + x - 1.0;
        let left = libm::pow((alpha + age) / (alpha + age + t), r + x);
        c / (a - 1.0) * (1.0 - left * hypergeometric(r + x, b + x, c, z))
    }

    #[test]
    fn the_transformed_series_is_the_published_expectation() {
        for model in [
            PUBLISHED,
            BgNbd { r: 2.0, alpha: 9.0, a: 1.7, b: 0.6 },
            BgNbd { r: 0.6, alpha: 1.0, a: 0.2, b: 0.9 },
        ] {
            for (t, x, age) in [(0.1, 0.0, 0.0), (39.0, 2.0, 38.86), (12.0, 25.0, 78.0), (300.0, 1.0, 20.0)] {
                let (ours, theirs) = (model.undisturbed(t, x, age), published(&model, t, x, age));
                assert!((ours / theirs - 1.0).abs() < 1e-9, "{model:?} {t} {x} {age}: {ours} and {theirs}");
            }
        }
    }

    #[test]
    fn it_has_no_hole_where_the_published_one_has() {
        let at = |a: f64, b: f64, x: f64| BgNbd { a, b, ..PUBLISHED }.undisturbed(39.0, x, 38.86);
        for (a, b, x) in [(1.0, 2.0, 2.0), (0.5, 0.5, 0.0), (1.0, 1.0, 0.0)] {
            let (below, there, above) = (at(a - 1e-7, b, x), at(a, b, x), at(a + 1e-7, b, x));
            assert!(there.is_finite() && (below - there).abs() < 1e-5 && (above - there).abs() < 1e-5);
            assert!(
                below > there && there > above,
                "the more drop out, the fewer come: {below} {there} {above}"
            );
        }
    }

    #[test]
    fn expectations_grow_with_time_and_stay_finite() {
        let client = repeats(300, 700, 728);
        let (mut last, model) = (0.0, PUBLISHED);
        for t in [0.0, 1e-6, 1.0, 10.0, 100.0, 1_000.0, 1e5] {
            let found = model.expected(t, &client);
            assert!(found.is_finite() && found >= last, "{t}: {found}");
            last = found;
        }
        assert_eq!(model.expected(-1.0, &client), 0.0);
        // Nobody ever drops out: rate of the client's own, (r + x) / (alpha + T).
        let faithful = BgNbd { a: 1e-9, b: 1e3, ..PUBLISHED };
        let found = faithful.expected(10.0, &repeats(8, 70, 70));
        assert!((found - 10.0 * 8.243 / 14.414).abs() < 1e-6, "{found}");
    }

    #[test]
    fn nothing_is_said_of_a_client_that_came_once() {
        assert_eq!(PUBLISHED.alive(&repeats(0, 0, 300)), Err(Withheld::TooEarly));
        let gone = PUBLISHED.alive(&repeats(300, 10, 7_000)).unwrap();
        assert!((0.0..1e-30).contains(&gone), "{gone}");
        assert!(PUBLISHED.alive(&repeats(300, 700, 700)).unwrap() > 0.99);
    }

    #[test]
    fn probabilities_add_up_and_their_mean_is_the_expectation() {
        let (mut sum, mut mean) = (0.0, 0.0);
        for n in 0..400 {
            let p = PUBLISHED.probability(n, 39.0);
            assert!((0.0..=1.0).contains(&p));
            sum += p;
            mean += f64::from(n) * p;
        }
        assert!((sum - 1.0).abs() < 1e-9, "{sum}");
        assert!((mean - PUBLISHED.expected_of_new(39.0)).abs() < 1e-6, "{mean}");
    }

    /// Clients that live as the model says, with r = 1, alpha = 4 weeks, a = 1, b = 2.5.
    fn some_clients(clients: u32) -> Vec<Repeats> {
        let dice = Dice::new(7);
        let lives = (0..clients).map(|n| {
            let age_days = 200 + n % 90;
            let rate = dice.gamma(1) / 4.0;
            let dropout = 1.0 - libm::pow(dice.uniform(), 1.0 / 2.5);
            let (mut at, mut count, mut recency_days) = (0.0, 0, 0);
            loop {
                at += dice.gamma(1) / rate;
                if at * 7.0 >= f64::from(age_days) {
                    break;
                }
                (count, recency_days) = (count + 1, (at * 7.0) as u32);
                if dice.uniform() < dropout {
                    break;
                }
            }
            repeats(count, recency_days, age_days)
        });
        lives.collect()
    }

    #[test]
    fn a_fit_finds_the_parameters_that_made_the_data() {
        let found = BgNbd::fit(some_clients(40_000)).unwrap();
        for (found, true_value) in [(found.r, 1.0), (found.alpha, 4.0), (found.a, 1.0), (found.b, 2.5)] {
            assert!((found / true_value - 1.0).abs() < 0.07, "{found} and {true_value}");
        }
    }

    #[test]
    fn slopes_are_those_of_the_likelihood() {
        let data = Data::of(some_clients(400));
        for start in [[0.243, 4.414, 0.793, 2.426], [2.0, 0.5, 3.0, 0.4]] {
            expect_slopes(start, |p| data.mean(&BgNbd { r: p[0], alpha: p[1], a: p[2], b: p[3] }));
        }
    }

    #[test]
    fn where_nobody_drops_out_everybody_is_alive() {
        // Every third day, every fourth, ...: nobody is late.
        let clients: Vec<_> =
            (0..200).map(|n| 3 + n % 20).map(|gap| repeats(200 / gap, 200 / gap * gap, 200)).collect();
        let found = BgNbd::fit(clients.iter().copied()).unwrap();
        for client in &clients {
            assert!(found.alive(client).unwrap() > 0.99, "{found:?} {client:?}");
        }
    }

    #[test]
    fn a_fit_does_not_hang_on_the_order_and_needs_enough_repeaters() {
        let mut clients = some_clients(400);
        let found = BgNbd::fit(clients.iter().copied()).unwrap();
        clients.reverse();
        assert_eq!(BgNbd::fit(clients.iter().copied()), Ok(found));
        let best = found.log_likelihood(clients.iter().copied());
        for worse in [BgNbd { r: found.r * 1.01, ..found }, BgNbd { b: found.b * 0.99, ..found }] {
            assert!(worse.log_likelihood(clients.iter().copied()) < best);
        }
        let repeaters = clients.iter().copied().filter(|client| client.count > 0);
        let few: Vec<_> = repeaters.take(REPEATERS_MIN as usize).collect();
        assert_ne!(BgNbd::fit(few.iter().copied()), Err(Withheld::TooFew));
        assert_eq!(BgNbd::fit(few.into_iter().skip(1)), Err(Withheld::TooFew));
        assert_eq!(BgNbd::fit([]), Err(Withheld::TooFew));
    }
}
