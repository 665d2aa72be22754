//! A week of visits: how many were planned and made on each day, by rep or by territory, and each of one day.

use std::collections::{BTreeMap, BTreeSet};

use cartera_core::model::access::Action;
use cartera_core::model::record::{Channel, NoOrderReason, Outcome};
use cartera_core::model::{BusinessDate, ClientId, PersonId, TerritoryId};
use cartera_core::rows::plan::{Mark, Off, PlannedVisit, Standing};
use cartera_core::rows::relations::Visited;

use crate::app::App;
use crate::people::access::By;
use crate::people::sight::Sight;
use crate::refused::Refused;
use crate::storage::figures::Brief;

pub const DAYS: usize = 7;

/// What the rows of the week stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Split {
    #[default]
    Person,
    Territory,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// A day of the week.
    pub on: BusinessDate,
    pub split: Split,
    /// Of this person alone,
    pub person: Option<PersonId>,
    /// and of this territory.
    pub territory: Option<TerritoryId>,
}

/// Of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Visits; contacts made otherwise are not counted.
    pub made: u32,
    /// That were to be made: those that were, and those still to be.
    pub planned: u32,
}

/// Whose row it is; `None`: nobody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    Person(Option<PersonId>),
    Territory(Option<TerritoryId>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Week {
    pub monday: BusinessDate,
    pub rows: BTreeMap<Of, [Count; DAYS]>,
    pub total: [Count; DAYS],
    /// In the order of the days; what is to be made in the order of the round, then what was made.
    pub visits: Vec<Visit>,
}

/// A visit as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    pub date: BusinessDate,
    pub client: ClientId,
    pub name: String,
    pub territory: Option<TerritoryId>,
    /// Who made it, or is to.
    pub people: Vec<PersonId>,
    pub stands_in_for: Option<PersonId>,
    /// Minutes after midnight, where it has a time.
    pub minute: Option<u32>,
    pub channel: Option<Channel>,
    pub what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Made {
        outcome: Option<Outcome>,
        reason: Option<NoOrderReason>,
        with_order: bool,
        otherwise: bool,
    },
    /// To be made; of a day that has passed, it was not.
    Due,
    Off(Off),
    Moved(BusinessDate),
    Cancelled,
}

/// The Monday of the week that holds a day.
pub fn monday(date: BusinessDate) -> BusinessDate {
    date.plus_days(1 - i32::from(date.weekday())).unwrap_or(date)
}

pub fn week(app: &App, by: By, asked: Asked) -> Result<Week, Refused> {
    // Whoever sees a part of others' work is no lead of a team.
    by.require(Action::ViewOthersWork)?;
    let sight = Sight::of(app, by, Action::ViewOthersWork)?;
    let monday = monday(asked.on);
    let end = monday.plus_days(DAYS as i32).unwrap_or(BusinessDate::MAX);
    let mut planned = app.storage.planned_visits(monday, end)?;
    let mut made = app.storage.visits_made(monday, end)?;
    let mut seen: BTreeSet<ClientId> = planned.iter().map(|of| of.client).collect();
    seen.extend(made.iter().map(|of| of.client));
    sight.keep_seen(app, &mut seen)?;
    planned.retain(|of| seen.contains(&of.client));
    made.retain(|of| seen.contains(&of.client));
    let ids: Vec<ClientId> = seen.into_iter().collect();
    let briefs = app.storage.client_briefs(&ids)?;
    let briefs: BTreeMap<ClientId, Brief> =
        ids.into_iter().zip(briefs).map(|(id, brief)| (id, brief.unwrap_or_default())).collect();
    Ok(Teller { asked, briefs }.week(monday, &planned, &made))
}

struct Teller {
    asked: Asked,
    briefs: BTreeMap<ClientId, Brief>,
}

impl Teller {
    fn territory(&self, client: ClientId) -> Option<TerritoryId> {
        self.briefs.get(&client)?.territory.map(TerritoryId::from_bytes)
    }

    fn is_asked(&self, client: ClientId, people: &[PersonId]) -> bool {
        self.asked.person.is_none_or(|person| people.contains(&person))
            && self.asked.territory.is_none_or(|territory| self.territory(client) == Some(territory))
    }

    fn of(&self, client: ClientId, people: &[PersonId]) -> Of {
        match self.asked.split {
            // Of several who share a territory, whoever was asked for; else the first.
            Split::Person => {
                let asked = self.asked.person.filter(|person| people.contains(person));
                Of::Person(asked.or_else(|| people.first().copied()))
            }
            Split::Territory => Of::Territory(self.territory(client)),
        }
    }

    fn week(&self, monday: BusinessDate, planned: &[PlannedVisit], made: &[Visited]) -> Week {
        let mut week = Week { monday, rows: BTreeMap::new(), total: Default::default(), visits: Vec::new() };
        for visit in planned.iter().filter(|visit| self.is_asked(visit.client, &visit.people)) {
            let counts = matches!(visit.standing, Standing::Due | Standing::Marked(Mark::Done(_)));
            let add = Count { made: 0, planned: u32::from(counts) };
            week.count(self.of(visit.client, &visit.people), visit.date, add);
            week.visits.extend(self.planned(visit));
        }
        for visit in made {
            let people: Vec<PersonId> = visit.person.into_iter().collect();
            if !self.is_asked(visit.client, &people) {
                continue;
            }
            if !visit.otherwise {
                // One that somebody planned by hand stands on no plan any more once it was made.
                let by_hand = visit.plan.is_none() && visit.carries_out.is_some();
                let add = Count { made: 1, planned: u32::from(by_hand) };
                week.count(self.of(visit.client, &people), visit.date, add);
            }
            week.visits.push(self.made(visit, people));
        }
        // The order of a round is kept within a day.
        week.visits.sort_by_key(|visit| (visit.date, matches!(visit.what, What::Made { .. })));
        week
    }

    /// `None` of one that was made: it is told as what was made.
    fn planned(&self, of: &PlannedVisit) -> Option<Visit> {
        let what = match of.standing {
            Standing::Due => What::Due,
            Standing::Off(off) => What::Off(off),
            Standing::Marked(Mark::Moved { to, .. }) => What::Moved(to),
            Standing::Marked(Mark::Cancelled(_)) => What::Cancelled,
            Standing::Marked(Mark::Done(_)) => return None,
        };
        Some(Visit {
            date: of.date,
            client: of.client,
            name: self.name(of.client),
            territory: self.territory(of.client),
            people: of.people.clone(),
            stands_in_for: of.stands_in_for,
            minute: of.minute,
            channel: of.channel,
            what,
        })
    }

    fn made(&self, of: &Visited, people: Vec<PersonId>) -> Visit {
        let (outcome, reason, with_order, otherwise) = (of.outcome, of.reason, of.with_order, of.otherwise);
        Visit {
            date: of.date,
            client: of.client,
            name: self.name(of.client),
            territory: self.territory(of.client),
            people,
            stands_in_for: None,
            minute: None,
            channel: None,
            what: What::Made { outcome, reason, with_order, otherwise },
        }
    }

    fn name(&self, client: ClientId) -> String {
        self.briefs.get(&client).map(|brief| brief.name.clone()).unwrap_or_default()
    }
}

impl Week {
    fn count(&mut self, of: Of, date: BusinessDate, add: Count) {
        let Ok(at) = usize::try_from(date.days() - self.monday.days()) else { return };
        let row = self.rows.entry(of).or_default();
        for count in [row.get_mut(at), self.total.get_mut(at)].into_iter().flatten() {
            count.made += add.made;
            count.planned += add.planned;
        }
    }
}
