//! What visits bring: effectiveness, reasons for no order, visits per day, lines per order.

use std::collections::{BTreeMap, BTreeSet};

use super::figure::{Figure, Ratio};
use super::window::Window;
use crate::model::record::NoOrderReason;
use crate::model::{BusinessDate, PersonId};
use crate::rows::relations::Visits;

/// The work of a window, of one person or of all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Work {
    /// Visits that were done; calls and messages are none.
    pub visits: u64,
    pub with_order: u64,
    /// Of visits without an order.
    pub reasons: BTreeMap<NoOrderReason, u64>,
    /// Visits without an order for which nobody said why.
    pub without_reason: u64,
    /// Days on which somebody visited, each person's own.
    pub days: u64,
    pub orders: u64,
    pub lines: u64,
}

impl Work {
    /// Visits with an order over visits; records are visits.
    pub fn effectiveness(&self) -> Figure<Ratio> {
        Ratio::figure(self.with_order, self.visits, self.visits)
    }

    /// Over days on which a person visited anybody; records are those days.
    pub fn visits_per_day(&self) -> Figure<Ratio> {
        Ratio::figure(self.visits, self.days, self.days)
    }

    /// Records are orders and direct sales.
    pub fn lines_per_order(&self) -> Figure<Ratio> {
        Ratio::figure(self.lines, self.orders, self.orders)
    }
}

/// By person; `None` for what no known hand wrote.
pub fn by_person(visits: &Visits, window: Window) -> BTreeMap<Option<PersonId>, Work> {
    let mut work: BTreeMap<Option<PersonId>, Work> = BTreeMap::new();
    let mut days: BTreeSet<(Option<PersonId>, BusinessDate)> = BTreeSet::new();
    for visit in visits.visited.iter().filter(|visit| !visit.otherwise && window.contains(visit.date)) {
        let of = work.entry(visit.person).or_default();
        of.visits += 1;
        if visit.with_order {
            of.with_order += 1;
        } else {
            match visit.reason {
                Some(reason) => *of.reasons.entry(reason).or_default() += 1,
                None => of.without_reason += 1,
            }
        }
        of.days += u64::from(days.insert((visit.person, visit.date)));
    }
    for order in visits.ordered.iter().filter(|order| window.contains(order.date)) {
        let of = work.entry(order.person).or_default();
        of.orders += 1;
        of.lines += u64::from(order.lines);
    }
    work
}

/// Everybody's together.
pub fn total(by_person: &BTreeMap<Option<PersonId>, Work>) -> Work {
    let mut total = Work::default();
    for work in by_person.values() {
        total.visits += work.visits;
        total.with_order += work.with_order;
        total.without_reason += work.without_reason;
        total.days += work.days;
        total.orders += work.orders;
        total.lines += work.lines;
        for (reason, count) in &work.reasons {
            *total.reasons.entry(*reason).or_default() += count;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::{client, date, window};
    use crate::model::record::Outcome;
    use crate::rows::relations::{Ordered, Visited};

    const ANA: PersonId = PersonId::from_bytes([1; 16]);
    const LUIS: PersonId = PersonId::from_bytes([2; 16]);

    fn visit(person: PersonId, on: &str, reason: Option<NoOrderReason>, with_order: bool) -> Visited {
        let outcome = if with_order { Outcome::Order } else { Outcome::NoOrder };
        Visited {
            client: client(1),
            date: date(on),
            person: Some(person),
            otherwise: false,
            outcome: Some(outcome),
            reason,
            plan: None,
            carries_out: None,
            with_order,
        }
    }

    #[test]
    fn visits_and_what_they_brought() {
        let call = Visited { otherwise: true, ..visit(ANA, "2026-06-02", None, true) };
        let order = |on: &str, lines| Ordered { client: client(1), date: date(on), person: Some(ANA), lines };
        let visits = Visits {
            visited: vec![
                visit(ANA, "2026-05-31", None, true), // before
                visit(ANA, "2026-06-01", None, true),
                visit(ANA, "2026-06-01", Some(NoOrderReason::Price), false),
                visit(ANA, "2026-06-02", Some(NoOrderReason::Price), false),
                call,
                visit(LUIS, "2026-06-02", None, false),
                visit(LUIS, "2026-07-01", None, true), // after
            ],
            ordered: vec![order("2026-06-01", 7), order("2026-06-30", 2), order("2026-07-01", 9)],
            ..Visits::default()
        };
        let by = by_person(&visits, window("2026-06-01", "2026-07-01"));
        assert_eq!(by.len(), 2);
        assert_eq!(by[&Some(ANA)].effectiveness(), Figure::new(Ratio { part: 1, whole: 3 }, 3));
        let all = total(&by);
        assert_eq!((all.visits, all.with_order, all.days, all.without_reason), (4, 1, 3, 1));
        assert_eq!(all.reasons, BTreeMap::from([(NoOrderReason::Price, 2)]));
        assert_eq!(all.visits_per_day(), Figure::new(Ratio { part: 4, whole: 3 }, 3));
        assert_eq!(all.lines_per_order(), Figure::new(Ratio { part: 9, whole: 2 }, 2));
        let none = total(&BTreeMap::new());
        assert!(none.effectiveness().value.is_err() && none.lines_per_order().value.is_err());
    }
}
