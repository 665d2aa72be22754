//! One client's figures in one currency, from its own days and what was computed on the whole base.

use super::abc::Class;
use super::base::{Base, Purchases};
use super::clv::Clv;
use super::concentration::clamp;
use super::falling::{self, Change};
use super::figure::{Figure, Withheld};
use super::parameters::{Parameters, Plan};
use super::repeats::Repeats;
use super::rfm::{Measures, Scores};
use super::rhythm::{Rhythm, rhythm};
use super::status::{Life, Shut, Status, status};
use super::value::Worth;
use crate::model::{BusinessDate, ClientId};

/// What is known of a client besides its days.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// Days on which somebody closed it, ascending.
    pub closures: &'a [BusinessDate],
    pub shut: Shut<'a>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ClientFigures {
    pub client: ClientId,
    pub status: Status,
    pub last: Option<BusinessDate>,
    pub worth: Worth,
    pub class: Figure<Class>,
    pub rfm: Figure<Scores>,
    /// P(alive).
    pub alive: Figure<f64>,
    /// Purchase events within the horizon.
    pub expected: Figure<f64>,
    /// Predictive CLV over the horizon, in minor units.
    pub clv: Figure<f64>,
    pub falling: Figure<Change>,
    pub rhythm: Figure<Rhythm>,
}

/// Computes one client after the other. What several clients share is computed once; the result is the same for a client
/// alone.
#[derive(Debug)]
pub struct Computer<'a> {
    base: &'a Base,
    parameters: &'a Parameters,
    plan: &'a Plan,
    clv: Clv,
}

impl<'a> Computer<'a> {
    /// `base` may be the whole or one client: only its as-of date, its history's start and the clients' days are asked.
    pub fn new(base: &'a Base, parameters: &'a Parameters, plan: &'a Plan) -> Self {
        Self { base, parameters, plan, clv: Clv::new(parameters.model.money(), plan.horizon) }
    }

    pub fn of(&mut self, client: ClientId, purchases: Purchases<'_>, known: Known<'_>) -> ClientFigures {
        let Self { base, parameters, plan, clv } = self;
        let as_of = base.as_of();
        let events: Vec<BusinessDate> = purchases.events().collect();
        let count = events.len() as u64;
        let class = parameters
            .window
            .and_then(|window| parameters.abc.class(&client, clamp(purchases.within(window).net())));
        let life = Life { events: &events, closures: known.closures, shut: known.shut };
        let status = status(life, parameters.rule(plan, class), as_of);
        let closed = known.closures.last().copied().filter(|_| status == Status::Closed);
        let repeats = Repeats::of(purchases, as_of).ok_or(Withheld::NoData);
        let scores = parameters
            .window
            .zip(parameters.rfm)
            .and_then(|(window, cuts)| Measures::of(purchases, window).map(|measures| cuts.scores(measures)));
        let model = parameters.model.events();
        let weeks = plan.horizon.weeks();
        let figure = |value| Figure { value, records: count };
        ClientFigures {
            client,
            status,
            last: events.last().copied(),
            worth: Worth::of(purchases, closed, as_of),
            class: Figure { value: class.ok_or(Withheld::NoData), records: count },
            rfm: Figure { value: scores.ok_or(Withheld::NoData), records: count },
            alive: figure(repeats.and_then(|client| model?.alive(&client))),
            expected: figure(repeats.and_then(|client| Ok(model?.expected(weeks, &client)))),
            clv: match &repeats {
                Ok(client) => clv.of(client),
                Err(why) => Figure::withheld(*why, 0),
            },
            falling: falling::revenue(base, purchases, falling::Plan::default()),
            rhythm: rhythm(&events, known.shut, as_of),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::{base, client, date};

    const DAYS: &[(u8, &str, i64)] = &[
        (1, "2026-01-01", 100),
        (1, "2026-01-15", 200),
        (1, "2026-02-01", -50),
        (1, "2026-02-15", 300),
        (2, "2026-01-01", -5),
        (3, "2026-02-20", 10),
    ];

    fn of(who: u8, closures: &[BusinessDate]) -> ClientFigures {
        let base = base("2026-02-28", "2026-01-01", DAYS);
        let plan = Plan::default();
        let parameters = Parameters::of(&base, &plan);
        let known = Known { closures, ..Known::default() };
        Computer::new(&base, &parameters, &plan).of(client(who), base.of(&client(who)).unwrap(), known)
    }

    #[test]
    fn every_figure_has_a_value_or_a_reason() {
        let found = of(1, &[]);
        assert_eq!((found.status, found.last), (Status::Active, Some(date("2026-02-15"))));
        assert_eq!((found.worth.net, found.worth.events), (550, 3));
        assert_eq!(found.class.value, Ok(Class::A));
        assert_eq!((found.rhythm.value.is_ok(), found.rhythm.records), (true, 3));
        // Three clients fit no model.
        assert_eq!(found.alive, Figure::withheld(Withheld::BeforeHistory, 3));
        assert_eq!(found.clv.value, Err(Withheld::BeforeHistory));
        let never = of(2, &[]);
        assert_eq!((never.status, never.last), (Status::Lead, None));
        assert_eq!(never.class.value, Err(Withheld::NoData));
        assert_eq!((never.rfm.value, never.alive.value), (Err(Withheld::NoData), Err(Withheld::NoData)));
    }

    #[test]
    fn a_closure_ends_the_duration() {
        let found = of(1, &[date("2026-02-20")]);
        assert_eq!((found.status, found.worth.duration_days), (Status::Closed, 50));
        assert_eq!(of(1, &[]).worth.duration_days, 58);
        let reopened = of(1, &[date("2026-02-10")]);
        assert_eq!((reopened.status, reopened.worth.duration_days), (Status::Active, 58));
    }
}
