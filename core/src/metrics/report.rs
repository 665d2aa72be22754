//! All figures of a workspace, or of a rep's clients.

use super::abc::Class;
use super::base::Base;
use super::books::Books;
use super::client::{ClientFigures, Computer, CurrencyFigures};
use super::cohorts::{Cohort, cohorts};
use super::concentration::{Concentration, clamp};
use super::figure::{Figure, Ratio, Withheld};
use super::parameters::{Fit, Parameters, Plan};
use super::retention::{Retention, repeat_rate, retention};
use super::rfm;
use super::status::Status;
use super::value::Worth;
use super::window::Window;
use crate::model::{BusinessDate, Currency};

#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub as_of: BusinessDate,
    /// First day of complete sales; `None` where nobody knows it.
    pub history_start: Option<BusinessDate>,
    /// When and under which version what hangs on the whole base was computed; `None` where it was not.
    pub fitted: Option<(BusinessDate, u32)>,
    /// Everybody, those without a sale among them, by id.
    pub clients: Vec<ClientFigures>,
    /// In the order of [`Status::ALL`].
    pub status: [u64; 5],
    /// By code.
    pub currencies: Vec<CurrencyReport>,
}

/// What stands in one currency.
#[derive(Debug, Clone, PartialEq)]
pub struct CurrencyReport {
    pub currency: Currency,
    /// Clients with a day of sales.
    pub clients: u64,
    pub parameters: Option<Parameters>,
    /// In the order of [`Class::ALL`]; clients without revenue have none.
    pub classes: [u64; 3],
    pub without_class: u64,
    /// In the order of [`rfm::segments`]: code, clients, net revenue in the window in minor units.
    pub segments: Vec<(&'static str, u64, i128)>,
    pub worth: Worth,
    pub retention: Figure<Retention>,
    pub repeat_rate: Figure<Ratio>,
    /// Records are the clients in them.
    pub cohorts: Figure<Vec<Cohort>>,
    /// Of net revenue over the whole history.
    pub concentration: Concentration,
    /// Sum of the clients' predictive CLV, in minor units; records are clients.
    pub clv: Figure<f64>,
}

impl Report {
    /// Of whoever is in `books`; `fit` is of the whole base.
    pub fn of(books: &Books, fit: Option<&Fit>, plan: &Plan) -> Self {
        let mut computer = Computer::new(books, fit, plan);
        let clients: Vec<ClientFigures> =
            books.clients().map(|(client, known)| computer.of(*client, known)).collect();
        let count = |status| clients.iter().filter(|client| client.status == status).count() as u64;
        Self {
            as_of: books.as_of(),
            history_start: books.history_start(),
            fitted: fit.map(|fit| (fit.as_of, fit.version)),
            status: Status::ALL.map(count),
            currencies: books.bases().map(|base| currency(books, base, fit, plan, &clients)).collect(),
            clients,
        }
    }

    /// Whom to call first: clients that missed their rhythm and are not given up, the greatest value at stake first (see
    /// [`ClientFigures::at_stake`]).
    pub fn to_call(&self, currency: Currency, most: usize) -> Vec<(&ClientFigures, f64)> {
        let mut calls: Vec<(&ClientFigures, f64)> =
            self.clients.iter().filter_map(|client| Some((client, client.at_stake(currency)?))).collect();
        calls.sort_by(|(one, of_one), (other, of_other)| {
            of_other.total_cmp(of_one).then(one.client.cmp(&other.client))
        });
        calls.truncate(most);
        calls
    }
}

fn currency(
    books: &Books,
    base: &Base,
    fit: Option<&Fit>,
    plan: &Plan,
    clients: &[ClientFigures],
) -> CurrencyReport {
    let currency = base.currency();
    let parameters = fit.and_then(|fit| fit.by_currency.get(&currency)).copied();
    let of: Vec<&CurrencyFigures> =
        clients.iter().filter_map(|client| client.of_currency(currency)).collect();
    let count = |has: &dyn Fn(&CurrencyFigures) -> bool| of.iter().filter(|of| has(of)).count() as u64;
    let mut segments: Vec<_> = rfm::segments().map(|segment| (segment.code, 0, 0)).collect();
    if let Some(window) = parameters.and_then(|parameters| parameters.window) {
        for (figures, (client, purchases)) in of.iter().zip(base.iter()) {
            let code = figures.rfm.value.ok().and_then(rfm::Scores::segment);
            if let Some((_, clients, net)) = segments.iter_mut().find(|(segment, ..)| Some(*segment) == code)
            {
                let days = base.known(&client, Some(purchases));
                *clients += 1;
                *net += super::Purchases { days: &days }.within(window).net();
            }
        }
    }
    let window = |back| Window::months(base.as_of(), plan.retention_months, back);
    let known = books.history_start().is_some();
    CurrencyReport {
        currency,
        clients: base.len() as u64,
        parameters,
        classes: Class::ALL.map(|class| count(&|client| client.class.value == Ok(class))),
        without_class: count(&|client| client.class.value.is_err()),
        segments,
        worth: of.iter().map(|client| client.worth).fold(Worth::default(), Worth::plus),
        retention: match (window(1), window(0)) {
            _ if !known => Figure::withheld(Withheld::NotComputed, 0),
            (Some(before), Some(now)) => retention(base, before, now),
            _ => Figure::withheld(Withheld::BeforeHistory, 0),
        },
        repeat_rate: repeat_rate(base),
        cohorts: if known {
            let found = cohorts(base, |_| false);
            let clients = found.iter().map(|cohort| cohort.size).sum();
            Figure::new(found, clients)
        } else {
            Figure::withheld(Withheld::NotComputed, 0)
        },
        concentration: Concentration::of(base.iter().map(|(_, purchases)| clamp(purchases.net()))),
        clv: sum(of.iter().map(|client| client.clv)),
    }
}

/// The sum of what has a value; withheld, for the first reason, where nothing has.
fn sum(figures: impl Iterator<Item = Figure<f64>>) -> Figure<f64> {
    let (mut sum, mut records, mut why) = (0.0, 0, None);
    for figure in figures {
        match figure.value {
            Ok(value) => (sum, records) = (sum + value, records + 1),
            Err(reason) => why = why.or(Some(reason)),
        }
    }
    if records == 0 {
        Figure::withheld(why.unwrap_or(Withheld::NoData), 0)
    } else {
        Figure::new(sum, records)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::Known;
    use crate::metrics::testing::{books, client, date};

    #[test]
    fn a_report_counts_everybody_once() {
        let mut books = books(
            "2026-02-28",
            &[
                (1, "2026-01-01", 100),
                (1, "2026-01-08", 200),
                (1, "2026-01-15", 300),
                (2, "2026-01-01", -5),
                (3, "2026-02-20", 10),
            ],
        );
        books.client(client(3), Known { closures: vec![date("2026-02-21")], ..Known::default() });
        books.client(client(4), Known::default());
        let plan = Plan::default();
        let fit = Fit::of(books.clone(), &plan, 1);
        let found = Report::of(&books.clone().starting(fit.history_start), Some(&fit), &plan);
        assert_eq!(found.status, [2, 0, 1, 0, 1], "who never bought is a lead");
        let eur = &found.currencies[0];
        assert_eq!((eur.classes.iter().sum::<u64>(), eur.without_class), (2, 1));
        assert_eq!(eur.segments.iter().map(|(_, clients, _)| clients).sum::<u64>(), 2);
        assert_eq!((eur.worth.net, eur.worth.events, eur.worth.clients), (605, 4, 2));
        let calls = found.to_call(Currency::EUR, 10);
        // 44 days since the last of purchases of 200 on average, every 7 days.
        assert_eq!(
            calls.iter().map(|(figures, stake)| (figures.client, *stake)).collect::<Vec<_>>(),
            [(client(1), 1_200.0)]
        );
        assert_eq!(found.to_call(Currency::EUR, 0).len(), 0);
        assert_eq!(found.to_call(Currency::USD, 9).len(), 0);
        assert_eq!(eur.clv, Figure::withheld(Withheld::BeforeHistory, 0));

        let unfitted = Report::of(&books, None, &plan);
        let eur = &unfitted.currencies[0];
        assert_eq!((unfitted.fitted, unfitted.history_start, unfitted.status), (None, None, found.status));
        assert_eq!(
            (eur.worth, &eur.concentration),
            (found.currencies[0].worth, &found.currencies[0].concentration)
        );
        assert_eq!(eur.retention.value, Err(Withheld::NotComputed));
        assert_eq!(eur.cohorts.value, Err(Withheld::NotComputed));
        assert_eq!(eur.clv, Figure::withheld(Withheld::NotComputed, 0));
    }

    #[test]
    fn sums_leave_out_what_is_withheld() {
        let of = |list: &[Figure<f64>]| sum(list.iter().copied());
        let none = Figure::withheld(Withheld::NotBetter, 4);
        assert_eq!(of(&[none, Figure::new(2.0, 9), Figure::new(1.0, 1)]), Figure::new(3.0, 2));
        assert_eq!(of(&[none]), Figure::withheld(Withheld::NotBetter, 0));
        assert_eq!(of(&[]), Figure::withheld(Withheld::NoData, 0));
    }
}
