//! The greatest value of a smooth function of a few positive parameters: L-BFGS (argmin) on their logarithms.
//!
//! Fits run on the relay alone and travel as numbers, so the optimiser itself need not agree between platforms.

use std::cell::{Cell, RefCell};

use argmin::core::{CostFunction, Error, Executor, Gradient};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;
use argmin_math::{
    ArgminAdd, ArgminDot, ArgminL1Norm, ArgminL2Norm, ArgminMinMax, ArgminMul, ArgminScaledAdd, ArgminSignum,
    ArgminSub, ArgminZeroLike,
};

/// The logarithm of a parameter stays within plus and minus this; what wants to go beyond is held by a penalty.
const LOG_BOUND: f64 = 12.0;
/// A slope of the mean per record that counts as none, for a mean of 1: greater ones are less exact.
const SLOPE_MAX: f64 = 1e-6;
/// At which slope the search ends by itself. A line search sees no smaller one: near the top the value changes by the square
/// of it, and what that is lies in the last digits of a sum. Parameters are some 1e-5 off then, a thousandth of what the
/// data leaves open.
const SLOPE_AIM: f64 = 1e-7;
const RUNS_MAX: u32 = 4;
/// In one run.
const EVALUATIONS_MAX: u32 = 1_000;
/// So many evaluations without a better point end a run: near the top, rounding leads a line search nowhere.
const FRUITLESS_MAX: u32 = 20;
const ITERATIONS_MAX: u64 = 400;
/// Steps that the optimiser remembers.
const MEMORY: usize = 8;

/// Parameters at which `function` (its value and its slope in each parameter, both means per record) is greatest,
/// searched from `start`. `None` where the search did not end in a maximum: one in which a parameter wants to go beyond
/// its bound counts as one only where `may_be_extreme` says so.
fn maximum<const N: usize>(
    start: [f64; N],
    may_be_extreme: [bool; N],
    function: impl Fn(&[f64; N]) -> (f64, [f64; N]),
) -> Option<[f64; N]> {
    let best = RefCell::new(None);
    let mut from = Point(start.map(libm::log));
    // A line search that rounding leads astray ends a run before the top: begun anew, it forgets what led it there.
    for _ in 0..RUNS_MAX {
        run(&function, from, &best);
        let found: Evaluated<N> = (*best.borrow())?;
        if found.slope.l2_norm() <= SLOPE_AIM || found.at == from {
            break;
        }
        from = found.at;
    }
    let Evaluated { at, cost, slope } = best.into_inner()?;
    let is_top = (0..N).all(|n| {
        // The cost falls towards where the slope is negative.
        let wants_beyond = at.0[n].abs() >= LOG_BOUND && at.0[n] * slope.0[n] < 0.0;
        slope.0[n].abs() <= SLOPE_MAX * (1.0 + cost.abs()) || (wants_beyond && may_be_extreme[n])
    });
    is_top.then(|| at.0.map(libm::exp))
}

/// The same, searched first from `near`, which is the top of a function that is much alike; from `start` where that leads
/// nowhere.
pub(super) fn maximum_near<const N: usize>(
    near: Option<[f64; N]>,
    start: [f64; N],
    may_be_extreme: [bool; N],
    function: impl Fn(&[f64; N]) -> (f64, [f64; N]),
) -> Option<[f64; N]> {
    // At a bound everything is level: nothing would lead away from it.
    let is_inner = |at: &[f64; N]| at.iter().all(|value| libm::log(*value).abs() < LOG_BOUND / 2.0);
    let found = near.filter(is_inner).and_then(|near| maximum(near, [false; N], &function));
    found.or_else(|| maximum(start, may_be_extreme, function))
}

/// One search from `from`; keeps the best point of all searches.
fn run<const N: usize>(
    function: &impl Fn(&[f64; N]) -> (f64, [f64; N]),
    from: Point<N>,
    best: &RefCell<Option<Evaluated<N>>>,
) {
    let problem = Problem {
        function,
        last: RefCell::new(None),
        best,
        evaluations: Cell::new(0),
        fruitless: Cell::new(0),
    };
    let Ok(solver) = LBFGS::new(MoreThuenteLineSearch::new(), MEMORY).with_tolerance_grad(SLOPE_AIM) else {
        return;
    };
    // A line search that cannot go on ends the run with an error; the best point stands all the same.
    let _ = Executor::new(problem, solver)
        .configure(|state| state.param(from).max_iters(ITERATIONS_MAX))
        .timer(false)
        .run();
}

#[derive(Debug, Clone, Copy)]
struct Evaluated<const N: usize> {
    /// Logarithms.
    at: Point<N>,
    cost: f64,
    slope: Point<N>,
}

struct Problem<'a, const N: usize, F> {
    function: &'a F,
    /// Value and slope come from one walk through the data; the optimiser asks for them one after the other.
    last: RefCell<Option<Evaluated<N>>>,
    best: &'a RefCell<Option<Evaluated<N>>>,
    evaluations: Cell<u32>,
    fruitless: Cell<u32>,
}

impl<const N: usize, F: Fn(&[f64; N]) -> (f64, [f64; N])> Problem<'_, N, F> {
    fn evaluate(&self, at: &Point<N>) -> Result<Evaluated<N>, Error> {
        if let Some(last) = *self.last.borrow()
            && last.at.0 == at.0
        {
            return Ok(last);
        }
        let is_over = self.evaluations.get() >= EVALUATIONS_MAX || self.fruitless.get() >= FRUITLESS_MAX;
        if is_over || at.0.iter().any(|log| !log.is_finite()) {
            return Err(Error::msg("the search does not end"));
        }
        self.evaluations.set(self.evaluations.get() + 1);
        let held = at.0.map(|log| log.clamp(-LOG_BOUND, LOG_BOUND));
        let parameters = held.map(libm::exp);
        let (value, slope) = (self.function)(&parameters);
        // By the chain rule, since parameters are e to their logarithms.
        let inner = Point(std::array::from_fn(|n| -slope[n] * parameters[n]));
        let within = Evaluated { at: Point(held), cost: -value, slope: inner };
        let mut evaluated = Evaluated { at: *at, ..within };
        for (n, held) in held.iter().enumerate() {
            let beyond = at.0[n] - held;
            if beyond != 0.0 {
                evaluated.cost += beyond * beyond;
                evaluated.slope.0[n] = 2.0 * beyond;
            }
        }
        if !value.is_finite() || inner.0.iter().any(|slope| !slope.is_finite()) {
            return Err(Error::msg("the function has no value here"));
        }
        *self.last.borrow_mut() = Some(evaluated);
        let is_better = self.best.borrow().is_none_or(|best: Evaluated<N>| within.cost < best.cost);
        self.fruitless.set(if is_better { 0 } else { self.fruitless.get() + 1 });
        if is_better {
            *self.best.borrow_mut() = Some(within);
        }
        Ok(evaluated)
    }
}

impl<const N: usize, F: Fn(&[f64; N]) -> (f64, [f64; N])> CostFunction for Problem<'_, N, F> {
    type Param = Point<N>;
    type Output = f64;

    fn cost(&self, at: &Point<N>) -> Result<f64, Error> {
        self.evaluate(at).map(|found| found.cost)
    }
}

impl<const N: usize, F: Fn(&[f64; N]) -> (f64, [f64; N])> Gradient for Problem<'_, N, F> {
    type Param = Point<N>;
    type Gradient = Point<N>;

    fn gradient(&self, at: &Point<N>) -> Result<Point<N>, Error> {
        self.evaluate(at).map(|found| found.slope)
    }
}

/// A vector of a fixed length, with the operations that argmin asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Point<const N: usize>([f64; N]);

impl<const N: usize> Point<N> {
    fn zip(&self, other: &Self, of: impl Fn(f64, f64) -> f64) -> Self {
        Self(std::array::from_fn(|n| of(self.0[n], other.0[n])))
    }
}

macro_rules! each {
    ($($trait:ident $method:ident $operator:tt),*) => { $(
        impl<const N: usize> $trait<Self, Self> for Point<N> {
            fn $method(&self, other: &Self) -> Self {
                self.zip(other, |a, b| a $operator b)
            }
        }

        impl<const N: usize> $trait<f64, Self> for Point<N> {
            fn $method(&self, other: &f64) -> Self {
                Self(self.0.map(|a| a $operator other))
            }
        }
    )* };
}

each!(ArgminAdd add +, ArgminSub sub -, ArgminMul mul *);

impl<const N: usize> ArgminDot<Self, f64> for Point<N> {
    fn dot(&self, other: &Self) -> f64 {
        self.zip(other, |a, b| a * b).0.iter().sum()
    }
}

impl<const N: usize> ArgminScaledAdd<Self, f64, Self> for Point<N> {
    fn scaled_add(&self, factor: &f64, other: &Self) -> Self {
        self.zip(other, |a, b| a + factor * b)
    }
}

impl<const N: usize> ArgminL1Norm<f64> for Point<N> {
    fn l1_norm(&self) -> f64 {
        self.0.iter().map(|a| a.abs()).sum()
    }
}

impl<const N: usize> ArgminL2Norm<f64> for Point<N> {
    fn l2_norm(&self) -> f64 {
        self.dot(self).sqrt()
    }
}

impl<const N: usize> ArgminSignum for Point<N> {
    fn signum(self) -> Self {
        Self(self.0.map(f64::signum))
    }
}

impl<const N: usize> ArgminZeroLike for Point<N> {
    fn zero_like(&self) -> Self {
        Self([0.0; N])
    }
}

impl<const N: usize> ArgminMinMax for Point<N> {
    fn min(a: &Self, b: &Self) -> Self {
        a.zip(b, f64::min)
    }

    fn max(a: &Self, b: &Self) -> Self {
        a.zip(b, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_top_of_a_curved_ridge_is_found() {
        // Rosenbrock's valley upside down, top at (3, 9).
        let ridge = |p: &[f64; 2]| {
            let (u, v) = (3.0 - p[0], p[1] - p[0] * p[0]);
            let slope = [2.0 * u + 4.0 * 10.0 * p[0] * v, -2.0 * 10.0 * v];
            (-(u * u + 10.0 * v * v), slope)
        };
        let found = maximum([0.1, 0.1], [false; 2], ridge).unwrap();
        assert!((found[0] - 3.0).abs() < 1e-6 && (found[1] - 9.0).abs() < 1e-5, "{found:?}");
    }

    #[test]
    fn what_has_no_top_ends_at_the_bound_and_counts_only_where_it_may() {
        // Grows with its first parameter for ever, with its second up to 2.
        let rising = |p: &[f64; 2]| {
            let beyond = p[1] - 2.0;
            (p[0] / (1.0 + p[0]) - beyond * beyond, [1.0 / ((1.0 + p[0]) * (1.0 + p[0])), -2.0 * beyond])
        };
        assert_eq!(maximum([1.0; 2], [false, true], rising), None);
        let found = maximum([1.0; 2], [true, false], rising).unwrap();
        assert!(found[0] > 1e5 && (found[1] - 2.0).abs() < 1e-5, "{found:?}");
        // Falls for ever.
        let falling = |p: &[f64; 1]| (-1e3 * p[0], [-1e3]);
        assert_eq!(maximum([1.0], [false], falling), None);
        assert!(maximum([1.0], [true], falling).unwrap()[0] < 1e-5);
    }

    #[test]
    fn a_function_that_has_no_value_or_lies_of_its_slope_ends_too() {
        assert_eq!(maximum([1.0], [true], |_: &[f64; 1]| (f64::NAN, [0.0])), None);
        assert_eq!(maximum([f64::NAN], [true], |p: &[f64; 1]| (p[0], [1.0])), None);
        assert_eq!(maximum([1.0], [true], |p: &[f64; 1]| (p[0], [-1.0])), None);
    }
}
