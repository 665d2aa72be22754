//! Special functions that `libm` lacks.

/// ln of the gamma function; of positive numbers here.
pub(super) fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
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

/// ln(1 + e^x) without overflow.
pub(super) fn softplus(x: f64) -> f64 {
    if x > 0.0 { x + libm::log1p(libm::exp(-x)) } else { libm::log1p(libm::exp(x)) }
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
    fn softplus_and_its_ends() {
        assert_eq!(softplus(1e6), 1e6);
        assert_eq!(softplus(-1e6), 0.0);
        assert!((softplus(0.0) - core::f64::consts::LN_2).abs() < 1e-16);
        assert!((softplus(1e-9) - softplus(-1e-9) - 1e-9).abs() < 1e-16);
        assert_eq!(one_minus_exp_over(0.0), -1.0);
        assert!((one_minus_exp_over(1e-12) + 1.0).abs() < 1e-11);
        assert!((one_minus_exp_over(-2.0) + 0.432_332_358_381_693_65).abs() < 1e-15);
    }
}
