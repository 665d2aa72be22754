//! The funnel of leads: who has not bought yet, how far the relation came and for how long it has been so, by source,
//! stage and region; and what became of those that left it.

use std::collections::{BTreeMap, BTreeSet};

use super::acquisition::Events;
use super::figure::{Figure, Ratio};
use super::status::Status;
use super::window::Window;
use crate::model::{BusinessDate, ClientId};
use crate::rows::relations::{Client, Closed, Visits};

/// How far a lead came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Nobody has visited, called or written to it.
    Untouched,
    Contacted,
    /// It ordered, and nothing is invoiced yet.
    Ordered,
}

impl Stage {
    pub const ALL: [Self; 3] = [Self::Untouched, Self::Contacted, Self::Ordered];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Untouched => "untouched",
            Self::Contacted => "contacted",
            Self::Ordered => "ordered",
        }
    }
}

/// First days of the ages by which leads are told.
pub const AGES_FROM_DAYS: [u32; 4] = [0, 31, 91, 181];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lead {
    pub client: ClientId,
    pub stage: Stage,
    /// Since it is known.
    pub age_days: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Funnel {
    /// By id.
    pub leads: Vec<Lead>,
    /// Clients whose first purchase fell into the window, and who were leads before: known earlier than that day.
    pub won: u64,
    /// Closed in the window without ever having bought.
    pub lost: u64,
}

/// Leads of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    pub leads: u64,
    /// In the order of [`Stage::ALL`].
    pub by_stage: [u64; 3],
    /// In the order of [`AGES_FROM_DAYS`].
    pub by_age: [u64; 4],
    /// Sum of their ages.
    pub age_days: u64,
}

impl Count {
    /// Mean age in days; records are leads.
    pub fn mean_age(&self) -> Figure<Ratio> {
        Ratio::figure(self.age_days, self.leads, self.leads)
    }
}

pub fn funnel(
    clients: &BTreeMap<ClientId, Client>,
    status: impl Fn(&ClientId) -> Status,
    visits: &Visits,
    closed: &[Closed],
    events: &Events,
    window: Window,
    as_of: BusinessDate,
) -> Funnel {
    let contacted: BTreeSet<ClientId> = visits.visited.iter().map(|visit| visit.client).collect();
    let ordered: BTreeSet<ClientId> = visits.ordered.iter().map(|order| order.client).collect();
    let mut found = Funnel::default();
    let bought = |client: &ClientId| events.get(client).and_then(|dates| dates.first().copied());
    for (id, client) in clients {
        if let Some(first) = bought(id) {
            found.won += u64::from(window.contains(first) && client.since < first);
        } else if status(id) == Status::Lead {
            let stage = if ordered.contains(id) {
                Stage::Ordered
            } else if contacted.contains(id) {
                Stage::Contacted
            } else {
                Stage::Untouched
            };
            let age_days = u32::try_from(as_of.days().saturating_sub(client.since.days())).unwrap_or(0);
            found.leads.push(Lead { client: *id, stage, age_days });
        }
    }
    let last: BTreeMap<ClientId, BusinessDate> = closed.iter().map(|of| (of.client, of.date)).collect();
    let is_lost = |(client, date): &(&ClientId, &BusinessDate)| {
        window.contains(**date) && bought(client).is_none() && status(client) == Status::Closed
    };
    found.lost = last.iter().filter(is_lost).count() as u64;
    found
}

impl Funnel {
    /// Leads won over leads that were won or lost in the window.
    pub fn conversion(&self) -> Figure<Ratio> {
        let decided = self.won + self.lost;
        Ratio::figure(self.won, decided, decided)
    }

    /// Leads by a key of theirs: source, region.
    pub fn by<K: Ord>(&self, key: impl Fn(&ClientId) -> K) -> BTreeMap<K, Count> {
        let mut counts: BTreeMap<K, Count> = BTreeMap::new();
        for lead in &self.leads {
            let count = counts.entry(key(&lead.client)).or_default();
            count.leads += 1;
            count.by_stage[lead.stage as usize] += 1;
            let age = AGES_FROM_DAYS.iter().rposition(|from| lead.age_days >= *from).unwrap_or(0);
            count.by_age[age] += 1;
            count.age_days += u64::from(lead.age_days);
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::acquisition::events;
    use crate::metrics::testing::{base, client, date, known, window};
    use crate::model::record::LossReason;
    use crate::rows::relations::{Ordered, Visited};

    #[test]
    fn leads_by_stage_age_and_source() {
        let since = |n: u8, day: &str, source: Option<&str>| {
            (client(n), Client { since: date(day), source: source.map(str::to_owned), ..known() })
        };
        let clients = BTreeMap::from([
            since(1, "2026-06-30", Some("feria")), // 0 days
            since(2, "2026-05-30", Some("feria")), // 31
            since(3, "2025-12-31", None),          // 181
            since(4, "2026-01-01", None),          // won
            since(5, "2026-01-01", None),          // lost
            since(6, "2026-05-01", None),          // bought on the day it came
        ]);
        let visit = |n: u8| Visited {
            client: client(n),
            date: date("2026-06-01"),
            person: None,
            otherwise: true,
            outcome: None,
            reason: None,
            plan: None,
            carries_out: None,
            with_order: false,
        };
        let order = Ordered { client: client(3), date: date("2026-06-01"), person: None, lines: 1 };
        let visits = Visits { visited: vec![visit(2), visit(3)], ordered: vec![order], ..Visits::default() };
        let closed = [Closed { client: client(5), date: date("2026-02-01"), reason: LossReason::Price }];
        let base = base("2026-06-30", "2025-01-01", &[(4, "2026-03-01", 5), (6, "2026-05-01", 5)]);
        let status = |id: &ClientId| match id.as_bytes()[0] {
            4 | 6 => Status::Active,
            5 => Status::Closed,
            _ => Status::Lead,
        };
        let year = window("2025-07-01", "2026-07-01");
        let found = funnel(&clients, status, &visits, &closed, &events(&[&base]), year, base.as_of());
        assert_eq!((found.leads.len(), found.won, found.lost), (3, 1, 1));
        assert_eq!(found.conversion(), Figure::new(Ratio { part: 1, whole: 2 }, 2));
        let by = found.by(|id| clients[id].source.clone());
        let fair = by[&Some("feria".to_owned())];
        assert_eq!((fair.leads, fair.by_stage, fair.by_age, fair.age_days), (2, [1, 1, 0], [1, 1, 0, 0], 31));
        assert_eq!((by[&None].by_stage, by[&None].by_age), ([0, 0, 1], [0, 0, 0, 1]));
        assert_eq!(fair.mean_age().value, Ok(Ratio { part: 31, whole: 2 }));
    }
}
