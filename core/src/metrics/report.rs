//! All figures of a base in one currency.

use std::collections::BTreeMap;

use super::abc::Class;
use super::base::Base;
use super::client::{ClientFigures, Computer, Known};
use super::cohorts::{Cohort, cohorts};
use super::concentration::{Concentration, clamp};
use super::figure::{Figure, Ratio, Withheld};
use super::parameters::{Parameters, Plan};
use super::retention::{Retention, repeat_rate, retention};
use super::rfm;
use super::status::Status;
use super::value::Worth;
use super::window::Window;
use crate::model::{BusinessDate, ClientId};

#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub parameters: Parameters,
    /// Every client with a day of sales, by id.
    pub clients: Vec<ClientFigures>,
    /// In the order of [`Status::ALL`].
    pub status: [u64; 5],
    /// In the order of [`Class::ALL`]; clients without revenue have none.
    pub classes: [u64; 3],
    pub without_class: u64,
    /// In the order of [`rfm::segments`]: code, clients, net revenue in the window in minor units.
    pub segments: Vec<(&'static str, u64, i128)>,
    pub worth: Worth,
    pub retention: Figure<Retention>,
    pub repeat_rate: Figure<Ratio>,
    pub cohorts: Vec<Cohort>,
    /// Of net revenue over the whole history.
    pub concentration: Concentration,
    /// Sum of the clients' predictive CLV, in minor units; records are clients.
    pub clv: Figure<f64>,
}

impl Report {
    /// `closures` are days on which somebody closed a client, ascending.
    pub fn of(base: &Base, plan: &Plan, closures: &BTreeMap<ClientId, Vec<BusinessDate>>) -> Self {
        let parameters = Parameters::of(base, plan);
        let mut computer = Computer::new(base, &parameters, plan);
        let clients: Vec<ClientFigures> = base
            .iter()
            .map(|(client, purchases)| {
                let closures = closures.get(&client).map_or(&[][..], Vec::as_slice);
                computer.of(client, purchases, Known { closures, ..Known::default() })
            })
            .collect();
        let count =
            |of: &dyn Fn(&ClientFigures) -> bool| clients.iter().filter(|client| of(client)).count() as u64;
        let window = |back| Window::months(base.as_of(), plan.retention_months, back);
        let mut segments: Vec<_> = rfm::segments().map(|segment| (segment.code, 0, 0)).collect();
        for (figures, (_, purchases)) in clients.iter().zip(base.iter()) {
            let code = figures.rfm.value.ok().and_then(rfm::Scores::segment);
            let place = segments.iter_mut().find(|(segment, ..)| Some(*segment) == code);
            if let (Some((_, clients, net)), Some(window)) = (place, parameters.window) {
                *clients += 1;
                *net += purchases.within(window).net();
            }
        }
        Self {
            status: Status::ALL.map(|status| count(&|client| client.status == status)),
            classes: Class::ALL.map(|class| count(&|client| client.class.value == Ok(class))),
            without_class: count(&|client| client.class.value.is_err()),
            segments,
            worth: clients.iter().map(|client| client.worth).fold(Worth::default(), Worth::plus),
            retention: match (window(1), window(0)) {
                (Some(before), Some(now)) => retention(base, before, now),
                _ => Figure::withheld(Withheld::BeforeHistory, 0),
            },
            repeat_rate: repeat_rate(base),
            cohorts: cohorts(base, |_| false),
            concentration: Concentration::of(base.iter().map(|(_, purchases)| clamp(purchases.net()))),
            clv: sum(clients.iter().map(|client| client.clv)),
            clients,
            parameters,
        }
    }

    /// Clients that missed their rhythm and are not given up, the greatest value at stake first: a usual purchase for
    /// each slot that went by, up to half a year of them.
    pub fn to_call(&self, most: usize) -> Vec<(&ClientFigures, f64)> {
        let mut calls: Vec<(&ClientFigures, f64)> = self
            .clients
            .iter()
            .filter(|client| matches!(client.status, Status::Active | Status::Dormant))
            .filter_map(|client| {
                let rhythm = client.rhythm.value.ok().filter(|rhythm| rhythm.is_missed())?;
                let slots = f64::from(rhythm.missed_slots()).min(AT_STAKE_DAYS / rhythm.median_gap.days());
                Some((client, client.worth.average_transaction().value.ok()? * slots))
            })
            .collect();
        calls.sort_by(|(one, of_one), (other, of_other)| {
            of_other.total_cmp(of_one).then(one.client.cmp(&other.client))
        });
        calls.truncate(most);
        calls
    }
}

/// Half a year.
const AT_STAKE_DAYS: f64 = 182.5;

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
    use crate::metrics::testing::{base, client, date};

    #[test]
    fn a_report_counts_everybody_once() {
        let days: Vec<(u8, &str, i64)> = vec![
            (1, "2026-01-01", 100),
            (1, "2026-01-08", 200),
            (1, "2026-01-15", 300),
            (2, "2026-01-01", -5),
            (3, "2026-02-20", 10),
        ];
        let base = base("2026-02-28", "2026-01-01", &days);
        let closures = BTreeMap::from([(client(3), vec![date("2026-02-21")])]);
        let found = Report::of(&base, &Plan::default(), &closures);
        assert_eq!(found.status, [1, 0, 1, 0, 1]);
        assert_eq!((found.classes.iter().sum::<u64>(), found.without_class), (2, 1));
        assert_eq!(found.segments.iter().map(|(_, clients, _)| clients).sum::<u64>(), 2);
        assert_eq!((found.worth.net, found.worth.events, found.worth.clients), (605, 4, 2));
        let calls = found.to_call(10);
        // 44 days since the last of purchases of 200 on average, every 7 days.
        assert_eq!(
            calls.iter().map(|(figures, stake)| (figures.client, *stake)).collect::<Vec<_>>(),
            [(client(1), 1_200.0)]
        );
        assert_eq!(found.to_call(0).len(), 0);
        assert_eq!(found.clv, Figure::withheld(Withheld::BeforeHistory, 0));
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
