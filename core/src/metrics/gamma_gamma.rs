//! Gamma-Gamma: what a client spends per purchase event.
//!
//! Fader and Hardie, 'The Gamma-Gamma Model of Monetary Value' (2013), after their 'RFM and CLV: Using Iso-value Curves
//! for Customer Base Analysis', Journal of Marketing Research 42 (2005), 415-430. Spend varies around a mean of each
//! client's own (shape p); the means vary between clients (q, v). It takes only clients that came again and whose
//! repeat events have a positive mean, and it supposes that spend and frequency have nothing to do with one another.

use super::bgnbd::REPEATERS_MIN;
use super::figure::Withheld;
use super::maximum::maximum_near;
use super::repeats::Repeats;
use super::special::{LnProduct, digamma, ln_gamma, ln_rising};

/// The parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GammaGamma {
    /// Shape of one client's spend.
    pub p: f64,
    /// Shape of the clients' means.
    pub q: f64,
    /// Their scale, in minor units.
    pub v_minor: f64,
}

impl GammaGamma {
    /// The parameters of greatest likelihood. The result does not depend on the order of the clients.
    ///
    /// # Errors
    /// [`Withheld::TooFew`] under [`REPEATERS_MIN`] clients that count, [`Withheld::NotFitted`] where the likelihood has
    /// no maximum.
    pub fn fit(clients: impl IntoIterator<Item = Repeats>) -> Result<Self, Withheld> {
        Self::fit_near(clients, None)
    }

    /// The same, searched first near the parameters of a base that is much alike.
    pub(super) fn fit_near(
        clients: impl IntoIterator<Item = Repeats>,
        near: Option<Self>,
    ) -> Result<Self, Withheld> {
        let data = Data::of(clients);
        if data.clients < REPEATERS_MIN as f64 {
            return Err(Withheld::TooFew);
        }
        // Money as multiples of the mean, so that all parameters are of a size.
        let start = [1.0, 2.0, 1.0];
        let near = near.map(|Self { p, q, v_minor }| [p, q, v_minor / data.scale_minor]);
        let found = maximum_near(near, start, [false; 3], |&[p, q, v]| data.mean(p, q, v));
        let [p, q, v] = found.ok_or(Withheld::NotFitted)?;
        Ok(Self { p, q, v_minor: v * data.scale_minor })
    }

    /// How many clients a fit takes into account.
    pub fn counted(clients: impl IntoIterator<Item = Repeats>) -> u64 {
        clients.into_iter().filter(counts).count() as u64
    }

    /// Whether these can be parameters at all.
    pub fn is_sound(&self) -> bool {
        [self.p, self.q, self.v_minor].iter().all(|value| value.is_finite() && *value > 0.0)
    }

    /// E[M], the spend to be expected per purchase event, in minor units: between what the client spent and what all do,
    /// nearer to its own the oftener it came. Withheld where the clients' means have no mean (q at most 1).
    pub fn expected_spend(&self, client: &Repeats) -> Result<f64, Withheld> {
        let x = f64::from(client.count);
        let weight = self.p * x + self.q - 1.0;
        if self.q <= 1.0 {
            return Err(Withheld::NotFitted);
        }
        Ok(self.p * (self.v_minor + client.net as f64) / weight)
    }
}

fn counts(client: &Repeats) -> bool {
    client.count > 0 && client.net > 0
}

/// Clients in groups of equal x, so that gamma functions are taken once for each.
struct Data {
    clients: f64,
    by_count: Vec<Group>,
    /// For each client its total spend as multiples of `scale_minor`, and 1 by that.
    spends: Vec<(f64, f64)>,
    /// Mean of the clients' means, in minor units.
    scale_minor: f64,
}

struct Group {
    x: f64,
    clients: f64,
    /// Sum of the logarithms of its clients' spends.
    ln_spends: f64,
    /// Where its clients end in `spends`.
    end: usize,
}

impl Data {
    fn of(clients: impl IntoIterator<Item = Repeats>) -> Self {
        let mut all: Vec<(u32, i64)> =
            clients.into_iter().filter(counts).map(|client| (client.count, client.net)).collect();
        all.sort_unstable();
        let clients = all.len() as f64;
        let means: f64 = all.iter().map(|(count, net)| *net as f64 / f64::from(*count)).sum();
        let scale_minor = means / clients.max(1.0);
        let (mut by_count, mut spends) = (Vec::new(), Vec::with_capacity(all.len()));
        for group in all.chunk_by(|(one, _), (other, _)| one == other) {
            let mut ln_spends = LnProduct::default();
            spends.extend(group.iter().map(|(_, net)| {
                let spend = *net as f64 / scale_minor;
                ln_spends.times(spend);
                (spend, 1.0 / spend)
            }));
            let (x, clients) = (f64::from(group[0].0), group.len() as f64);
            by_count.push(Group { x, clients, ln_spends: ln_spends.sum(), end: spends.len() });
        }
        Self { clients, by_count, spends, scale_minor }
    }

    /// Mean of ln L per client, without what hangs on no parameter, and its slope in p, q, v.
    ///
    /// Where clients always spend alike, p grows and v falls without bounds, and ln L is a small difference of large
    /// terms. So these stand here as differences that keep their digits: a search that compares values would
    /// otherwise stop far from the top, and no fit would be found.
    fn mean(&self, p: f64, q: f64, v: f64) -> (f64, [f64; 3]) {
        let (mut value, mut slope) = (0.0, [0.0; 3]);
        let (ln_v, ln_gamma_q, psi_q) = (libm::log(v), ln_gamma(q), digamma(q));
        let mut from = 0;
        for &Group { x, clients, ln_spends, end } in &self.by_count {
            // The sum of ln(1 + v / spend), and of 1 / (spend + v).
            let (mut more, mut inverse) = (LnProduct::default(), 0.0);
            for (spend, by_spend) in &self.spends[from..end] {
                more.times_one_and(v * by_spend);
                inverse += 1.0 / (spend + v);
            }
            let ln_more = more.sum();
            let ln_sums = ln_spends + ln_more;
            from = end;
            let shape = p * x + q;
            value += clients * (ln_rising(p * x, q) - ln_gamma_q + q * ln_v) - p * x * ln_more - q * ln_sums;
            let psi = digamma(shape);
            slope[0] += x * (clients * (psi - digamma(p * x)) - ln_more);
            slope[1] += clients * (psi - psi_q + ln_v) - ln_sums;
            slope[2] += clients * q / v - shape * inverse;
        }
        (value / self.clients, slope.map(|slope| slope / self.clients))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::{Dice, expect_slopes};

    /// Clients that spend as the model says, with p = 6, q = 4, v = 1,500.
    fn some_clients(clients: u32) -> Vec<Repeats> {
        let dice = Dice::new(3);
        let lives = (0..clients).map(|n| {
            let (count, rate) = (1 + n % 7, dice.gamma(4) / 1_500.0);
            let net = dice.gamma(6 * count) / rate;
            Repeats { count, recency_days: 0, age_days: 0, net: net as i64 + 1 }
        });
        lives.collect()
    }

    #[test]
    fn a_fit_finds_the_parameters_that_made_the_data() {
        let found = GammaGamma::fit(some_clients(40_000)).unwrap();
        for (found, true_value) in [(found.p, 6.0), (found.q, 4.0), (found.v_minor, 1_500.0)] {
            assert!((found / true_value - 1.0).abs() < 0.05, "{found} and {true_value}");
        }
    }

    #[test]
    fn slopes_are_those_of_the_likelihood() {
        let data = Data::of(some_clients(400));
        // The last where clients spend alike: then the value's own noise would hide its slope.
        for start in [[6.25, 3.74, 0.9], [0.5, 1.2, 4.0], [1e5, 4.0, 3e-5]] {
            expect_slopes(start, |p| data.mean(p[0], p[1], p[2]));
        }
    }

    #[test]
    fn a_fit_hangs_neither_on_the_order_nor_on_the_size_of_the_coin() {
        let clients = some_clients(400);
        let found = GammaGamma::fit(clients.iter().copied()).unwrap();
        assert_eq!(GammaGamma::fit(clients.iter().rev().copied()), Ok(found));
        let tenfold = clients.iter().map(|client| Repeats { net: client.net * 10, ..*client });
        let other = GammaGamma::fit(tenfold).unwrap();
        assert!(
            (other.p / found.p - 1.0).abs() < 1e-6
                && (other.v_minor / found.v_minor / 10.0 - 1.0).abs() < 1e-6
        );
    }

    #[test]
    fn only_clients_that_came_again_and_paid_count() {
        let mut clients = some_clients(400);
        let found = GammaGamma::fit(clients.iter().copied());
        let more = [(0, 0), (3, 0)].map(|(count, net)| Repeats { count, recency_days: 0, age_days: 9, net });
        clients.extend(more);
        assert_eq!(GammaGamma::fit(clients.iter().copied()), found);
        assert_eq!(GammaGamma::counted(clients.iter().copied()), 400);
        let few = clients.iter().take(REPEATERS_MIN as usize - 1).copied();
        assert_eq!(GammaGamma::fit(few), Err(Withheld::TooFew));
    }

    #[test]
    fn what_is_expected_lies_between_the_clients_mean_and_everybodys() {
        let model = GammaGamma { p: 6.25, q: 3.74, v_minor: 1_544.0 };
        let of = |count: u32, mean: i64| {
            let net = mean * i64::from(count);
            model.expected_spend(&Repeats { count, recency_days: 0, age_days: 0, net }).unwrap()
        };
        let all = of(0, 0);
        assert!((all - 6.25 * 1_544.0 / 2.74).abs() < 1e-9);
        assert!(of(1, 10_000) > all && of(1, 10_000) < of(5, 10_000) && of(5, 10_000) < 10_000.0);
        assert!(of(1, 100) < all && of(9, 100) > 100.0);
        let without_mean = GammaGamma { q: 1.0, ..model };
        let new = Repeats { count: 0, recency_days: 0, age_days: 0, net: 0 };
        assert_eq!(without_mean.expected_spend(&new), Err(Withheld::NotFitted));
    }
}
