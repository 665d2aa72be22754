//! Objectives: what was reached of what the office asked for, by rep, month, family: whatever an objective names.

use std::collections::{BTreeMap, BTreeSet};

use super::acquisition::{Events, new_clients, won_back};
use super::base::Base;
use super::figure::{Figure, Ratio, Withheld};
use super::lines::Families;
use super::window::Window;
use crate::model::office::{Measure, Objective};
use crate::model::{BusinessDate, ClientId, PersonId};
use crate::rows::relations::{Client, Lines, People, Target, Visits, lines::QUANTITY_PLACES};

/// How far an objective is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Achieved {
    /// In minor units for net revenue, in steps for units ([`QUANTITY_PLACES`]), else a count. Records are what was
    /// counted: days of sales, lines, visits.
    pub achieved: Figure<i128>,
    /// In the same.
    pub target: i128,
    /// Days of its period that are over, and all of them.
    pub days_over: u32,
    pub days: u32,
}

impl Achieved {
    /// *Cumplimiento*.
    pub fn ratio(&self) -> Figure<Ratio> {
        let Figure { value, records } = self.achieved;
        let ratio = value.and_then(|achieved| Ratio::of(achieved, self.target).ok_or(Withheld::NoData));
        Figure { value: ratio, records }
    }

    /// Share of the period that is over: what would have been reached at an even pace.
    pub fn pace(&self) -> Option<Ratio> {
        Ratio::of(self.days_over, self.days)
    }
}

/// What achievement is counted from.
#[derive(Debug, Clone, Copy)]
pub struct Ledger<'a> {
    pub bases: &'a [&'a Base],
    pub lines: &'a Lines,
    pub clients: &'a BTreeMap<ClientId, Client>,
    pub people: &'a People,
    pub visits: &'a Visits,
    pub events: &'a Events,
    /// Clients known to have bought before the history begins.
    pub older: &'a BTreeSet<ClientId>,
    pub history_start: BusinessDate,
    pub as_of: BusinessDate,
}

impl Ledger<'_> {
    /// `None` of an objective whose period has not begun.
    pub fn achieved(&self, target: &Target) -> Option<Achieved> {
        let objective = &target.objective;
        let end = objective.to.plus_days(1)?;
        let period = Window::new(objective.from, end)?;
        let window = Window::new(objective.from, end.min(self.as_of.plus_days(1)?))?;
        let asked = match objective.amount {
            Some(amount) => i128::from(amount.minor),
            None => {
                let unit = if objective.measure == Measure::Units { 10_i128.pow(QUANTITY_PLACES) } else { 1 };
                i128::from(objective.count?) * unit
            }
        };
        Some(Achieved {
            achieved: self.count(target, objective, window),
            target: asked,
            days_over: window.len_days(),
            days: period.len_days(),
        })
    }

    fn count(&self, target: &Target, objective: &Objective, window: Window) -> Figure<i128> {
        let counts = |client: &ClientId| self.counts(target, client);
        let by = |person: Option<PersonId>| objective.person.is_none_or(|asked| person == Some(asked));
        let counted = |figure: Figure<u64>| match figure.value {
            Ok(0) => Figure::withheld(Withheld::NoData, 0),
            _ => figure.map(i128::from),
        };
        // Whose work it was counts where a person is asked, whoever looks after the client now.
        let about = |client: &ClientId| match objective.person {
            Some(_) => self.is_about(target, client),
            None => counts(client),
        };
        match objective.measure {
            Measure::NetRevenue if objective.family.is_some() || objective.unit.is_some() => {
                self.of_lines(objective, window, counts, |sold| sold.net)
            }
            Measure::NetRevenue => self.net(objective, window, counts),
            Measure::Units => self.of_lines(objective, window, counts, |sold| sold.quantity),
            Measure::NewClients => {
                let events = self.events.iter().filter(|(client, _)| counts(client));
                let events = events.map(|(client, dates)| (*client, dates.clone())).collect();
                counted(new_clients(&events, self.history_start, window, |client| {
                    self.older.contains(client)
                }))
            }
            Measure::WonBack => {
                let events = self.events.iter().filter(|(client, _)| counts(client));
                let events = events.map(|(client, dates)| (*client, dates.clone())).collect();
                counted(won_back(&events, self.history_start, window))
            }
            Measure::Visits => {
                let visits = self.visits.visited.iter().filter(|visit| {
                    !visit.otherwise
                        && window.contains(visit.date)
                        && by(visit.person)
                        && about(&visit.client)
                });
                let visits = visits.count() as u64;
                counted(Figure::new(visits, visits))
            }
            Measure::Orders => {
                let orders =
                    self.visits.ordered.iter().filter(|order| {
                        window.contains(order.date) && by(order.person) && about(&order.client)
                    });
                let orders = orders.count() as u64;
                counted(Figure::new(orders, orders))
            }
            Measure::Unknown(_) => Figure::withheld(Withheld::NoData, 0),
        }
    }

    /// Whether an objective is about a client: its own, its territory's, everybody's.
    fn is_about(&self, target: &Target, client: &ClientId) -> bool {
        let territory = self.clients.get(client).and_then(|client| client.territory);
        target.client.is_none_or(|asked| asked == *client)
            && target.territory.is_none_or(|asked| territory == Some(asked))
    }

    /// The same, and where a person is asked, whether that person looks after it.
    fn counts(&self, target: &Target, client: &ClientId) -> bool {
        let territory = self.clients.get(client).and_then(|client| client.territory);
        let is_of_person = target.objective.person.is_none_or(|person| {
            let person = self.people.persons.get(&person);
            person.zip(territory).is_some_and(|(person, territory)| person.territories.contains(&territory))
        });
        is_of_person && self.is_about(target, client)
    }

    fn net(&self, objective: &Objective, window: Window, counts: impl Fn(&ClientId) -> bool) -> Figure<i128> {
        let currency = objective.amount.map(|amount| amount.currency);
        let Some(base) = self.bases.iter().find(|base| Some(base.currency()) == currency) else {
            return Figure::withheld(Withheld::NoData, 0);
        };
        let by = super::movement::by_client(base, window, counts);
        by.get(&true).map_or(Figure::withheld(Withheld::NoData, 0), |movement| movement.now)
    }

    /// Of a family, or in a unit. Units of several kinds are not added.
    fn of_lines(
        &self,
        objective: &Objective,
        window: Window,
        counts: impl Fn(&ClientId) -> bool,
        amount: impl Fn(&crate::rows::relations::Sold) -> i64,
    ) -> Figure<i128> {
        let (mut sum, mut records, mut unit, mut is_mixed) = (0_i128, 0, None, false);
        for base in self.bases {
            let currency = objective.amount.map(|amount| amount.currency);
            if currency.is_some_and(|currency| currency != base.currency()) {
                continue;
            }
            let families = Families::of(self.lines, base.currency(), self.history_start);
            if !families.covers(window) {
                return Figure::withheld(Withheld::BeforeHistory, 0);
            }
            for sold in families.sold.iter().filter(|sold| window.contains(sold.date) && counts(&sold.client))
            {
                let family = families.family(sold.family);
                let its_unit = families.unit(sold.unit);
                let is_asked = |asked: &Option<String>, name: Option<&str>| {
                    asked.as_deref().is_none_or(|asked| name == Some(asked))
                };
                if is_asked(&objective.family, family) && is_asked(&objective.unit, its_unit) {
                    is_mixed |= unit.is_some_and(|unit| unit != its_unit);
                    unit = Some(its_unit);
                    sum += i128::from(amount(sold));
                    records += 1;
                }
            }
        }
        match (records, is_mixed && objective.measure == Measure::Units) {
            (0, _) => Figure::withheld(Withheld::NoData, 0),
            (records, true) => Figure::withheld(Withheld::Mixed, records),
            (records, false) => Figure::new(sum, records),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::acquisition::events;
    use crate::metrics::testing::{base, client, date, known};
    use crate::model::access::Role;
    use crate::model::office::Person;
    use crate::model::{Currency, Money, TerritoryId};
    use crate::rows::relations::{Ordered, Sold, Visited};

    const ANA: PersonId = PersonId::from_bytes([0xa; 16]);
    const LUIS: PersonId = PersonId::from_bytes([0xb; 16]);
    const NORTH: TerritoryId = TerritoryId::from_bytes([1; 16]);
    const SOUTH: TerritoryId = TerritoryId::from_bytes([2; 16]);

    fn objective(measure: Measure, amount: Option<i64>, count: Option<u64>) -> Target {
        let mut objective = Objective::new(measure, date("2026-05-01"), date("2026-05-31"));
        objective.amount = amount.map(|minor| Money::new(minor, Currency::EUR));
        objective.count = count;
        Target { key: "x".into(), client: None, territory: None, objective }
    }

    #[test]
    fn what_was_reached_by_person_family_and_measure() {
        let days = [
            (1, "2025-01-05", 1),
            (1, "2026-05-02", 300),
            (2, "2026-05-03", 50),
            (2, "2026-05-21", 999), // after the as-of date
            (3, "2026-05-04", 7),
        ];
        let base = base("2026-05-20", "2025-01-01", &days);
        let bases = [&base];
        let events = events(&bases);
        let person = |territories: &[TerritoryId]| Person {
            territories: territories.to_vec(),
            ..Person::new("x", Role::Rep)
        };
        let people = People {
            persons: BTreeMap::from([(ANA, person(&[NORTH])), (LUIS, person(&[SOUTH]))]),
            ..People::default()
        };
        let of = |territory| Client { territory, ..known() };
        let clients = BTreeMap::from([
            (client(1), of(Some(NORTH))),
            (client(2), of(Some(SOUTH))),
            (client(3), of(None)),
        ]);
        let sold = |who, family, unit, net, quantity| Sold {
            currency: Currency::EUR,
            client: client(who),
            family: Some(family),
            unit: Some(unit),
            date: date("2026-05-02"),
            net,
            quantity,
            invoiced: true,
        };
        let lines = Lines {
            families: vec!["caf\u{e9}".into(), "t\u{e9}".into()],
            units: vec!["kg".into(), "u".into()],
            sold: vec![sold(1, 0, 0, 200, 25_000), sold(1, 0, 1, 60, 10_000), sold(1, 1, 0, 40, 5_000)],
            from: None,
        };
        let visit = |who, person, on: &str| Visited {
            client: client(who),
            date: date(on),
            person: Some(person),
            otherwise: false,
            outcome: None,
            reason: None,
            plan: None,
            carries_out: None,
            with_order: false,
        };
        let visits = Visits {
            visited: vec![
                visit(1, ANA, "2026-05-01"),
                visit(2, ANA, "2026-05-02"),
                visit(2, LUIS, "2026-04-30"),
            ],
            ordered: vec![Ordered {
                client: client(2),
                date: date("2026-05-20"),
                person: Some(LUIS),
                lines: 3,
            }],
            ..Visits::default()
        };
        let older = BTreeSet::from([client(3)]);
        let ledger = Ledger {
            bases: &bases,
            lines: &lines,
            clients: &clients,
            people: &people,
            visits: &visits,
            events: &events,
            older: &older,
            history_start: base.history_start(),
            as_of: base.as_of(),
        };
        let reached = |target: &Target| ledger.achieved(target).unwrap().achieved;
        let net = objective(Measure::NetRevenue, Some(1_000), None);
        let all = ledger.achieved(&net).unwrap();
        assert_eq!((all.achieved, all.target, all.days_over, all.days), (Figure::new(357, 3), 1_000, 20, 31));
        assert_eq!(all.ratio(), Figure::new(Ratio { part: 357, whole: 1_000 }, 3));
        let with = |target: &Target, change: &dyn Fn(&mut Target)| {
            let mut target = target.clone();
            change(&mut target);
            reached(&target)
        };
        assert_eq!(with(&net, &|of| of.objective.person = Some(ANA)), Figure::new(300, 1));
        assert_eq!(with(&net, &|of| of.territory = Some(SOUTH)), Figure::new(50, 1));
        assert_eq!(with(&net, &|of| of.client = Some(client(3))), Figure::new(7, 1));
        assert_eq!(with(&net, &|of| of.objective.family = Some("caf\u{e9}".into())), Figure::new(260, 2));
        assert_eq!(
            with(&net, &|of| of.objective.amount = Some(Money::new(5, Currency::USD))),
            Figure::withheld(Withheld::NoData, 0)
        );
        let units = objective(Measure::Units, None, Some(10));
        assert_eq!(ledger.achieved(&units).unwrap().target, 100_000);
        assert_eq!(reached(&units), Figure::withheld(Withheld::Mixed, 3));
        assert_eq!(with(&units, &|of| of.objective.unit = Some("kg".into())), Figure::new(30_000, 2));

        let new = objective(Measure::NewClients, None, Some(5));
        assert_eq!(reached(&new), Figure::new(1, 1), "one is known to be older");
        assert_eq!(with(&new, &|of| of.objective.person = Some(ANA)), Figure::withheld(Withheld::NoData, 0));
        assert_eq!(reached(&objective(Measure::WonBack, None, Some(5))), Figure::new(1, 1));
        let seen = objective(Measure::Visits, None, Some(5));
        assert_eq!(reached(&seen), Figure::new(2, 2));
        // Whose work it was counts, not whose client it is.
        assert_eq!(with(&seen, &|of| of.objective.person = Some(ANA)), Figure::new(2, 2));
        assert_eq!(
            with(&seen, &|of| of.objective.person = Some(LUIS)),
            Figure::withheld(Withheld::NoData, 0)
        );
        let orders = objective(Measure::Orders, None, Some(5));
        assert_eq!(with(&orders, &|of| of.objective.person = Some(LUIS)), Figure::new(1, 1));
        let mut later = net;
        later.objective.from = date("2026-05-21");
        assert_eq!(ledger.achieved(&later), None, "it has not begun");
    }
}
