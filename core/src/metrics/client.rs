//! One client's figures, from its own days and what was computed on the whole base.
//!
//! Status and rhythm are of the client, whatever it paid in; what has an amount, or hangs on one, stands by currency.

use std::collections::BTreeMap;

use super::abc::Class;
use super::books::{Books, Known, Own, OwnDays};
use super::clv::{Clv, Expectations};
use super::concentration::clamp;
use super::falling::{self, Change};
use super::figure::{Figure, Withheld};
use super::parameters::{Fit, Parameters, Plan};
use super::repeats::Repeats;
use super::rfm::{Measures, Scores};
use super::rhythm::{Rhythm, rhythm};
use super::status::{Life, Shut, Status, status};
use super::value::Worth;
use crate::model::{BusinessDate, ClientId, Currency};

#[derive(Debug, Clone, PartialEq)]
pub struct ClientFigures {
    pub client: ClientId,
    pub status: Status,
    /// The first purchase event.
    pub first: Option<BusinessDate>,
    /// The last one.
    pub last: Option<BusinessDate>,
    pub rhythm: Figure<Rhythm>,
    /// Of the currencies in which it has any day, by their codes.
    pub by_currency: Vec<CurrencyFigures>,
}

/// What stands in one currency.
#[derive(Debug, Clone, PartialEq)]
pub struct CurrencyFigures {
    pub currency: Currency,
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
}

/// Half a year.
const AT_STAKE_DAYS: f64 = 182.5;

impl ClientFigures {
    pub fn of_currency(&self, currency: Currency) -> Option<&CurrencyFigures> {
        self.by_currency.iter().find(|of| of.currency == currency)
    }

    /// What is at stake with a client that missed its rhythm and is not given up, in minor units: what it brought a
    /// purchase, for each slot that went by, up to half a year of them.
    pub fn at_stake(&self, currency: Currency) -> Option<f64> {
        let is_open = matches!(self.status, Status::Active | Status::Dormant);
        let rhythm = self.rhythm.value.ok().filter(|rhythm| is_open && rhythm.is_missed())?;
        let slots = f64::from(rhythm.missed_slots()).min(AT_STAKE_DAYS / rhythm.median_gap.days());
        let net = self.of_currency(currency)?.worth.net;
        (net > 0).then(|| net as f64 / self.rhythm.records as f64 * slots)
    }
}

/// Computes one client after the other. What several clients share is computed once; the result is the same for a client
/// alone.
#[derive(Debug)]
pub struct Computer<'a> {
    books: &'a Books,
    fit: Option<&'a Fit>,
    plan: &'a Plan,
    by_currency: BTreeMap<Currency, Predictions>,
}

/// What is to come, in one currency.
#[derive(Debug)]
struct Predictions {
    events: Result<Expectations, Withheld>,
    clv: Clv,
}

impl<'a> Computer<'a> {
    /// `fit` is what was computed on the whole base, whoever is in `books`.
    pub fn new(books: &'a Books, fit: Option<&'a Fit>, plan: &'a Plan) -> Self {
        let by_currency = fit.into_iter().flat_map(|fit| &fit.by_currency);
        let predictions = by_currency.map(|(currency, of)| {
            let events = of.model.events().map(|model| Expectations::new(model, plan.horizon.weeks()));
            (*currency, Predictions { events, clv: Clv::new(of.model.money(), plan.horizon) })
        });
        Self { books, fit, plan, by_currency: predictions.collect() }
    }

    pub fn of(&mut self, client: ClientId, known: &Known) -> ClientFigures {
        let (books, fit, plan) = (self.books, self.fit, self.plan);
        let as_of = books.as_of();
        let own = books.of(client);
        let events = own.events();
        let shut = Shut(&known.shut);
        let class = fit.and_then(|fit| fit.class(&own));
        let life = Life { events: &events, closures: &known.closures, shut };
        let status = status(life, plan.rule(fit, class), as_of);
        let closed = known.closures.last().copied().filter(|_| status == Status::Closed);
        ClientFigures {
            client,
            status,
            first: events.first().copied(),
            last: events.last().copied(),
            rhythm: rhythm(&events, shut, as_of),
            by_currency: own
                .by_currency
                .iter()
                .filter_map(|days| self.of_currency(client, days, closed))
                .collect(),
        }
    }

    fn of_currency(
        &mut self,
        client: ClientId,
        days: &OwnDays<'_>,
        closed: Option<BusinessDate>,
    ) -> Option<CurrencyFigures> {
        let (base, purchases) = (days.base, days.purchases?);
        let (currency, as_of) = (base.currency(), base.as_of());
        let records = purchases.event_count();
        let parameters = self.parameters(currency);
        let model = parameters.and_then(|parameters| parameters.model.events());
        let repeats = Repeats::of(purchases, as_of).ok_or(Withheld::NoData);
        let scores = parameters.and_then(|parameters| {
            let (window, cuts) = parameters.window.zip(parameters.rfm).ok_or(Withheld::NoData)?;
            let measures = Measures::of(days.known(), window).ok_or(Withheld::NoData)?;
            Ok(cuts.scores(measures))
        });
        let class = parameters.and_then(|parameters| parameters.class(client, days).ok_or(Withheld::NoData));
        let figure = |value| Figure { value, records };
        let (expected, clv) = match (&repeats, self.by_currency.get_mut(&currency)) {
            (Ok(client), Some(Predictions { events, clv })) => {
                let expected = events.as_mut().map(|events| events.of(client)).map_err(|why| *why);
                (figure(expected), clv.of(client))
            }
            (Err(why), _) => (figure(Err(*why)), Figure::withheld(*why, 0)),
            (_, None) => (figure(Err(Withheld::NotComputed)), figure(Err(Withheld::NotComputed))),
        };
        Some(CurrencyFigures {
            currency,
            worth: Worth::of(purchases, closed, as_of),
            class: Figure { value: class, records },
            rfm: Figure { value: scores, records },
            alive: figure(repeats.and_then(|client| model?.alive(&client))),
            expected,
            clv,
            falling: match self.books.history_start() {
                Some(_) => falling::revenue(base, purchases, falling::Plan::default()),
                None => Figure::withheld(Withheld::NotComputed, records),
            },
        })
    }

    fn parameters(&self, currency: Currency) -> Result<&'a Parameters, Withheld> {
        self.fit.and_then(|fit| fit.by_currency.get(&currency)).ok_or(Withheld::NotComputed)
    }
}

impl Parameters {
    /// A client's class as of the date of the cuts.
    pub fn class(&self, client: ClientId, days: &OwnDays<'_>) -> Option<Class> {
        self.abc.class(&client, clamp(days.known().within(self.window?).net()))
    }
}

impl Fit {
    /// The best class that a client has in any currency.
    pub fn class(&self, own: &Own<'_>) -> Option<Class> {
        let classes = own.by_currency.iter().filter_map(|days| {
            let parameters = self.by_currency.get(&days.base.currency())?;
            parameters.class(own.client, days)
        });
        classes.min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::{books, client, date};

    const DAYS: &[(u8, &str, i64)] = &[
        (1, "2026-01-01", 100),
        (1, "2026-01-15", 200),
        (1, "2026-02-01", -50),
        (1, "2026-02-15", 300),
        (2, "2026-01-01", -5),
        (3, "2026-02-20", 10),
    ];

    fn of(who: u8, closures: &[&str]) -> ClientFigures {
        let mut books = books("2026-02-28", DAYS);
        let closures = closures.iter().map(|day| date(day)).collect();
        books.client(client(who), Known { closures, ..Known::default() });
        let plan = Plan::default();
        let fit = Fit::of(books.clone(), &plan, 1);
        let books = books.starting(fit.history_start);
        let (id, known) = books.clients().find(|(id, _)| **id == client(who)).unwrap();
        Computer::new(&books, Some(&fit), &plan).of(*id, known)
    }

    #[test]
    fn every_figure_has_a_value_or_a_reason() {
        let found = of(1, &[]);
        let eur = &found.by_currency[0];
        assert_eq!((found.status, found.last), (Status::Active, Some(date("2026-02-15"))));
        assert_eq!((eur.worth.net, eur.worth.events), (550, 3));
        assert_eq!(eur.class.value, Ok(Class::A));
        assert_eq!((found.rhythm.value.is_ok(), found.rhythm.records), (true, 3));
        // Three clients fit no model.
        assert_eq!(eur.alive, Figure::withheld(Withheld::BeforeHistory, 3));
        assert_eq!(eur.clv.value, Err(Withheld::BeforeHistory));
        let never = of(2, &[]);
        assert_eq!((never.status, never.last), (Status::Lead, None));
        let eur = &never.by_currency[0];
        assert_eq!(eur.class, Figure::withheld(Withheld::NoData, 0));
        assert_eq!((eur.rfm.value, eur.alive.value), (Err(Withheld::NoData), Err(Withheld::NoData)));
        assert_eq!(eur.clv, Figure::withheld(Withheld::NoData, 0));
        assert_eq!(of(9, &[]).by_currency, []);
        assert_eq!(of(9, &[]).status, Status::Lead);
    }

    #[test]
    fn a_closed_client_has_its_duration_until_then() {
        let found = of(3, &["2026-02-25"]);
        assert_eq!((found.status, found.by_currency[0].worth.duration_days), (Status::Closed, 5));
        let bought_again = of(3, &["2026-02-01"]);
        let eur = &bought_again.by_currency[0];
        assert_eq!((bought_again.status, eur.worth.duration_days), (Status::Active, 8));
    }

    #[test]
    fn a_client_of_two_currencies_has_one_status() {
        let mut books = books("2026-12-31", &[(1, "2026-01-05", 100), (1, "2026-01-08", 100)]);
        let dollars = |on: &str| crate::model::office::SalesDay::new(date(on), Currency::USD, 70, true, 1);
        books.day(client(1), &dollars("2026-12-20")).unwrap();
        let plan = Plan::default();
        let (id, known) = books.clients().next().unwrap();
        let found = Computer::new(&books, None, &plan).of(*id, known);
        assert_eq!(
            (found.status, found.first, found.last),
            (Status::Active, Some(date("2026-01-05")), Some(date("2026-12-20")))
        );
        assert_eq!(found.rhythm.records, 3, "events of both");
        let currencies: Vec<_> = found.by_currency.iter().map(|of| of.currency).collect();
        assert_eq!(currencies, [Currency::EUR, Currency::USD]);
        assert_eq!(found.by_currency.iter().map(|of| of.worth.events).collect::<Vec<_>>(), [2, 1]);
    }

    #[test]
    fn without_a_fit_what_hangs_on_the_whole_base_is_withheld() {
        let books = books("2026-02-28", DAYS);
        let plan = Plan::default();
        let mut computer = Computer::new(&books, None, &plan);
        let (id, known) = books.clients().next().unwrap();
        let found = computer.of(*id, known);
        let eur = &found.by_currency[0];
        let withheld = Err(Withheld::NotComputed);
        assert_eq!((found.status, eur.worth.net), (Status::Active, 550));
        assert_eq!((eur.alive.value, eur.expected.value, eur.clv.value), (withheld, withheld, withheld));
        assert_eq!(eur.class, Figure::withheld(Withheld::NotComputed, 3));
        assert_eq!(eur.rfm, Figure::withheld(Withheld::NotComputed, 3));
        assert_eq!(eur.falling, Figure::withheld(Withheld::NotComputed, 3));
    }

    #[test]
    fn classes_and_scores_are_as_of_the_date_of_their_cuts() {
        let later = [DAYS, &[(3, "2026-03-10", 90_000)]].concat();
        let plan = Plan { value_months: None, ..Plan::default() };
        let fit = Fit::of(books("2026-03-31", &later), &plan, 1);
        let of = |as_of: &str| {
            let mut books = Books::new(date(as_of), fit.as_of, Some(fit.history_start));
            crate::metrics::testing::fill(&mut books, &later);
            let known = Known::default();
            let found = Computer::new(&books, Some(&fit), &plan).of(client(3), &known);
            let eur = &found.by_currency[0];
            (eur.worth.net, eur.class.value.unwrap(), eur.rfm.value.unwrap())
        };
        let (now, before) = (of("2026-03-31"), of("2026-02-28"));
        assert_eq!((before.0, now.0), (10, 90_010));
        assert_eq!((before.1, before.2), (now.1, now.2));
        assert_eq!(now.1, Class::A);
    }
}
