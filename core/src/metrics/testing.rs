//! Small bases for unit tests.

use super::{Base, Books, Day, Window};
use crate::env::{Env, SeededEnv};
use crate::model::office::SalesDay;
use crate::model::profile::ShutDays;
use crate::model::{BusinessDate, ClientId, Currency};
use crate::rows::relations::Client;

pub(super) fn date(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

pub(super) fn client(n: u8) -> ClientId {
    ClientId::from_bytes([n; 16])
}

pub(super) fn window(from: &str, to: &str) -> Window {
    Window::new(date(from), date(to)).unwrap()
}

/// A client of whom nothing is known but that it is there.
pub(super) fn known() -> Client {
    Client {
        territory: None,
        region: None,
        sector: None,
        fiscal_group: None,
        source: None,
        visit_every: None,
        shut: ShutDays::new(Vec::new(), Vec::new()),
        since: date("2020-01-01"),
    }
}

/// Days by client, then date; those with a negative net are no event.
pub(super) fn base(as_of: &str, history_start: &str, days: &[(u8, &str, i64)]) -> Base {
    let mut base = Base::new(Currency::EUR, date(as_of), date(history_start));
    for (who, on, net) in days {
        base.push(client(*who), Day { date: date(on), net: *net, event: *net >= 0 }).unwrap();
    }
    base
}

/// Books of nobody but those who bought, in euros, by client, then date; days with a negative net are no event. Nobody
/// said when the history begins.
pub(super) fn books(as_of: &str, days: &[(u8, &str, i64)]) -> Books {
    let mut books = Books::new(date(as_of), date(as_of), None);
    fill(&mut books, days);
    books
}

/// The same days, in any order.
pub(super) fn fill(books: &mut Books, days: &[(u8, &str, i64)]) {
    let mut days = days.to_vec();
    days.sort_by_key(|(who, on, _)| (*who, *on));
    for (who, on, net) in days {
        books.day(client(who), &SalesDay::new(date(on), Currency::EUR, net, net >= 0, 1)).unwrap();
    }
}

/// The slopes that `of` gives beside its value are those that small steps to both sides show.
pub(super) fn expect_slopes<const N: usize>(start: [f64; N], of: impl Fn([f64; N]) -> (f64, [f64; N])) {
    let (_, slope) = of(start);
    for n in 0..N {
        let step = 1e-5 * start[n];
        let shifted = |by: f64| {
            let mut p = start;
            p[n] += by;
            of(p).0
        };
        let found = (shifted(step) - shifted(-step)) / (2.0 * step);
        assert!((found - slope[n]).abs() < 1e-7 * (1.0 + slope[n].abs()), "{n}: {found} and {}", slope[n]);
    }
}

/// Numbers between 0 and 1, neither of them, from a seed.
pub(super) struct Dice(SeededEnv);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(SeededEnv::new(seed, 0))
    }

    pub(super) fn uniform(&self) -> f64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        ((u64::from_le_bytes(bytes) >> 11) as f64 + 0.5) / 9_007_199_254_740_992.0
    }

    /// Gamma distributed, with a whole shape and a scale of 1.
    pub(super) fn gamma(&self, shape: u32) -> f64 {
        (0..shape).map(|_| -libm::log(self.uniform())).sum()
    }
}
