//! On which days nobody visits, who is away, and who has which clients: for the visit plan and for every figure about it.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::{Off, Rule, Standing};
use crate::model::{BusinessDate, PersonId, TerritoryId};
use crate::rows::Result;
use crate::rows::relations::{Absent, People, Reader};

/// Holidays, absences and territories as the office, and people in their own documents, have them.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    /// Of everybody, or of one territory.
    holidays: BTreeSet<(BusinessDate, Option<TerritoryId>)>,
    away: BTreeMap<PersonId, Vec<Absent>>,
    /// Reps who work here, by territory.
    reps: BTreeMap<TerritoryId, Vec<PersonId>>,
}

impl Calendar {
    pub fn read(conn: &Connection) -> Result<Self> {
        Ok(Self::of(&Reader::new(conn, BusinessDate::MAX)?.people()?))
    }

    pub fn of(people: &People) -> Self {
        let holidays = people.holidays.iter().map(|holiday| (holiday.date, holiday.territory)).collect();
        let mut away: BTreeMap<PersonId, Vec<Absent>> = BTreeMap::new();
        people.absences.iter().for_each(|absent| away.entry(absent.person).or_default().push(*absent));
        Self { holidays, away, reps: people.reps() }
    }

    /// The one rep of a territory; `None` where there is none, or there are several, of whom no figure could tell one.
    pub fn rep_of(&self, territory: Option<&TerritoryId>) -> Option<PersonId> {
        match self.reps.get(territory?).map(Vec::as_slice) {
            Some([rep]) => Some(*rep),
            _ => None,
        }
    }

    pub fn is_holiday(&self, date: BusinessDate, territory: Option<&TerritoryId>) -> bool {
        self.holidays.contains(&(date, None))
            || territory.is_some_and(|territory| self.holidays.contains(&(date, Some(*territory))))
    }

    fn absence(&self, person: &PersonId, date: BusinessDate) -> Option<&Absent> {
        // Of several, the first one with a substitute.
        let mut those = self.absences(person).iter().filter(|away| (away.from..=away.to).contains(&date));
        let first = those.next()?;
        if first.cover.is_some() {
            Some(first)
        } else {
            those.find(|away| away.cover.is_some()).or(Some(first))
        }
    }

    /// All absences of a person.
    pub(crate) fn absences(&self, person: &PersonId) -> &[Absent] {
        self.away.get(person).map_or(&[], Vec::as_slice)
    }

    /// Whether the person works on that day, as far as absences go.
    pub fn is_away(&self, person: &PersonId, date: BusinessDate) -> bool {
        self.absence(person, date).is_some()
    }

    /// Whose visit it is by the rule, absences aside: the person that it names, or the reps of the client's territory.
    pub(super) fn people(&self, rule: &Rule) -> Vec<PersonId> {
        match rule.plan.person {
            Some(person) => vec![person],
            None => self.reps_of(rule.territory.as_ref()),
        }
    }

    pub(crate) fn reps_of(&self, territory: Option<&TerritoryId>) -> Vec<PersonId> {
        territory.and_then(|territory| self.reps.get(territory)).cloned().unwrap_or_default()
    }

    /// How a visit stands on that day as far as absences go, who of `people` goes, and for whom the first of those stands
    /// in. Nobody in particular where the territory has no rep.
    pub(crate) fn stands(
        &self,
        people: Vec<PersonId>,
        date: BusinessDate,
    ) -> (Standing, Vec<PersonId>, Option<PersonId>) {
        let there: Vec<PersonId> =
            people.iter().copied().filter(|person| !self.is_away(person, date)).collect();
        if people.is_empty() || !there.is_empty() {
            return (Standing::Due, there, None);
        }
        let substitute = people.iter().find_map(|person| {
            let cover = self.absence(person, date)?.cover?;
            (!self.is_away(&cover, date)).then_some((cover, *person))
        });
        match substitute {
            Some((cover, person)) => (Standing::Due, vec![cover], Some(person)),
            None => (Standing::Off(Off::Away), people, None),
        }
    }

    /// Who is to make up for a visit of theirs that was missed: whoever goes now; where nobody does, they.
    pub(super) fn who_makes_up(&self, people: Vec<PersonId>, today: BusinessDate) -> Vec<PersonId> {
        self.stands(people, today).1
    }
}
