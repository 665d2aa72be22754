//! Special functions that `libm` lacks.

/// ln of the gamma function; of positive numbers here.
pub(super) fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// From here on the series of [`ln_rising`] is exact to the last digits.
const STIRLING_FROM: f64 = 30.0;

/// ln of the gamma function of `x + n`, less that of `x`; of positive numbers. Where `x` is large both are, and their
/// difference would keep few of its digits: so it is taken of Stirling's series (Abramowitz and Stegun 1964, 6.1.40)
/// term by term.
pub(super) fn ln_rising(x: f64, n: f64) -> f64 {
    if x < STIRLING_FROM {
        return ln_gamma(x + n) - ln_gamma(x);
    }
    let rest = |x: f64| {
        let square = 1.0 / (x * x);
        (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1_260.0 - square / 1_680.0) * square) * square) / x
    };
    (x - 0.5) * libm::log1p(n / x) + n * libm::log(x + n) - n + rest(x + n) - rest(x)
}

/// From here on the series below is exact to the last digits.
const ASYMPTOTIC_FROM: f64 = 10.0;

/// Derivative of [`ln_gamma`] for positive `x`: recurrence up to 10, then the asymptotic series (Abramowitz and Stegun
/// 1964, 6.3.5 and 6.3.18). Absolute error below 1e-14 from 0.01 on.
pub(super) fn digamma(x: f64) -> f64 {
    let (mut x, mut sum) = (x, 0.0);
    while x < ASYMPTOTIC_FROM {
        sum -= 1.0 / x;
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    // Bernoulli numbers B(2n) / 2n.
    let series =
        [1.0 / 12.0, -1.0 / 120.0, 1.0 / 252.0, -1.0 / 240.0, 1.0 / 132.0, -691.0 / 32_760.0, 1.0 / 12.0];
    let tail = series.iter().rev().fold(0.0, |tail, term| (tail + term) * square);
    sum + libm::log(x) - 0.5 / x - tail
}

/// e^x by the standard library, several times as fast as `libm`'s: for fits alone, which run on the relay and travel as
/// numbers.
#[expect(clippy::disallowed_methods, reason = "fits need not agree between platforms")]
pub(super) fn exp_of_fits(x: f64) -> f64 {
    x.exp()
}

/// A sum of logarithms of positive numbers, as the logarithm of their product wherever that fits.
#[derive(Debug)]
pub(super) struct LnProduct {
    product: f64,
    sum: f64,
}

impl Default for LnProduct {
    fn default() -> Self {
        Self { product: 1.0, sum: 0.0 }
    }
}

impl LnProduct {
    /// The product stays between these, so that a factor between 1e-100 and 1e100 neither loses digits nor overflows.
    const PRODUCT: (f64, f64) = (1e-200, 1e200);
    const SMALL: f64 = 1e-3;

    #[inline]
    pub(super) fn times(&mut self, factor: f64) {
        self.product *= factor;
        if self.product < Self::PRODUCT.0 || self.product > Self::PRODUCT.1 {
            self.sum += libm::log(self.product);
            self.product = 1.0;
        }
    }

    /// The factor 1 + `part`, of which a product would lose the digits where `part` is small.
    #[inline]
    pub(super) fn times_one_and(&mut self, part: f64) {
        if part < Self::SMALL {
            // ln(1 + part), to the last digit below that.
            let series = 0.25 - part * (0.2 - part / 6.0);
            self.sum += part * (1.0 - part * (0.5 - part * (1.0 / 3.0 - part * series)));
        } else {
            self.times(1.0 + part);
        }
    }

    pub(super) fn sum(&self) -> f64 {
        self.sum + libm::log(self.product)
    }
}

/// (1 - e^x) / x, also where `x` is near 0.
pub(super) fn one_minus_exp_over(x: f64) -> f64 {
    if x == 0.0 { -1.0 } else { -libm::expm1(x) / x }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digamma_at_known_points() {
        const EULER: f64 = 0.577_215_664_901_532_9;
        for (x, expected) in [
            (1.0, -EULER),
            (2.0, 1.0 - EULER),
            (0.5, -EULER - 2.0 * core::f64::consts::LN_2),
            (0.25, -EULER - core::f64::consts::FRAC_PI_2 - 3.0 * core::f64::consts::LN_2),
            (10.0, 2.251_752_589_066_721),
            (100.0, 4.600_161_852_738_087),
        ] {
            let found = digamma(x);
            assert!((found - expected).abs() < 2e-14, "{x}: {found} and {expected}");
        }
    }

    #[test]
    fn digamma_is_the_slope_of_ln_gamma() {
        for x in [0.01, 0.3, 1.7, 9.9, 10.1, 250.0] {
            let h = 1e-5 * x;
            let slope = (ln_gamma(x + h) - ln_gamma(x - h)) / (2.0 * h);
            assert!((slope / digamma(x) - 1.0).abs() < 1e-7, "{x}");
        }
    }

    #[test]
    fn a_difference_of_logarithms_of_gamma_functions_keeps_its_digits() {
        for x in [0.1, 2.5, 29.9, 30.0, 31.0, 70.0] {
            for n in [0.3, 1.0, 17.0, 240.0] {
                let (found, plain) = (ln_rising(x, n), ln_gamma(x + n) - ln_gamma(x));
                assert!((found - plain).abs() <= 1e-13 * (1.0 + ln_gamma(x + n)), "{x} {n}: {found} {plain}");
            }
        }
        // Of a whole n it is a product: x (x + 1) (x + 2).
        for x in [30.0, 1e3, 1e6, 1e9] {
            let product: f64 = [x, x + 1.0, x + 2.0].map(libm::log).iter().sum();
            let found = ln_rising(x, 3.0);
            assert!((found / product - 1.0).abs() < 1e-15, "{x}: {found} {product}");
        }
    }

    #[test]
    fn what_is_little_more_than_one_keeps_its_digits_in_a_product() {
        for part in [0.0, 1e-17, 3e-9, 9.99e-4, 1e-3, 0.5, 40.0] {
            let mut product = LnProduct::default();
            (0..1_000).for_each(|_| product.times_one_and(part));
            let sum = 1e3 * libm::log1p(part);
            assert!((product.sum() - sum).abs() <= 1e-12 * sum, "{part}: {} {sum}", product.sum());
        }
    }

    #[test]
    fn the_logarithm_of_a_product_is_the_sum_of_logarithms() {
        for factors in [vec![], vec![1e-90; 40], vec![3e90; 41], vec![1.5; 10_000], vec![1e100, 1e-100, 7.0]]
        {
            let mut product = LnProduct::default();
            factors.iter().for_each(|factor| product.times(*factor));
            let sum: f64 = factors.iter().map(|factor| libm::log(*factor)).sum();
            assert!((product.sum() - sum).abs() <= 1e-12 * (1.0 + sum.abs()), "{} and {sum}", product.sum());
        }
    }
}
