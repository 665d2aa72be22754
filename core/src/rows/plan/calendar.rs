//! On which days nobody visits, who is away, and who has which clients.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::{Off, Rule, Standing};
use crate::model::access::Role;
use crate::model::office::{KnownKind, Value};
use crate::model::record::{Body, Kind, Record};
use crate::model::{BusinessDate, PersonId, TerritoryId};
use crate::rows::{Result, RowsError};

/// Days on which a person does not visit, the last included.
#[derive(Debug, Clone, Copy)]
struct Away {
    person: PersonId,
    from: BusinessDate,
    to: BusinessDate,
    cover: Option<PersonId>,
}

/// Holidays, absences and territories as the office, and people in their own documents, have them.
#[derive(Debug, Default)]
pub struct Calendar {
    /// Of everybody, or of one territory.
    holidays: BTreeSet<(BusinessDate, Option<TerritoryId>)>,
    away: Vec<Away>,
    /// Reps who work here, by territory.
    reps: BTreeMap<TerritoryId, Vec<PersonId>>,
}

impl Calendar {
    pub fn read(conn: &Connection) -> Result<Self> {
        let mut calendar = Self::default();
        let mut people = Vec::new();
        let sql = "SELECT kind, key, territory, value FROM office
                   WHERE kind IN ('person', 'absence', 'holiday') AND value IS NOT NULL ORDER BY kind, source, key";
        let mut statement = conn.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let Some(kind) = KnownKind::parse(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)
            else {
                return Err(RowsError::Corrupt("an office record is of no kind that was asked for"));
            };
            match Value::decode(&kind.into(), row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?) {
                Ok(Value::Holiday(holiday)) => {
                    calendar.holidays.insert((holiday.date, row.get(2)?));
                }
                Ok(Value::Absence(absence)) => calendar.away.push(Away {
                    person: absence.person,
                    from: absence.from,
                    to: absence.to,
                    cover: absence.cover,
                }),
                Ok(Value::Person(person)) => {
                    let Ok(id) = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?.parse() else {
                        continue;
                    };
                    people.push(id);
                    if person.role == Role::Rep && !person.left {
                        for territory in person.territories {
                            calendar.reps.entry(territory).or_default().push(id);
                        }
                    }
                }
                // What a newer version wrote.
                _ => {}
            }
        }
        for person in people {
            calendar.absences_of(conn, person)?;
        }
        Ok(calendar)
    }

    /// What the person's own document says.
    fn absences_of(&mut self, conn: &Connection, person: PersonId) -> Result<()> {
        let sql = "SELECT r.value FROM documents d JOIN records r ON r.doc = d.doc
                   WHERE d.id = ?1 AND r.shown = 1 AND r.kind = ?2 ORDER BY r.date, r.id";
        let mut statement = conn.prepare_cached(sql)?;
        let mut rows = statement.query(rusqlite::params![person, Kind::Absence.letters()])?;
        while let Some(row) = rows.next()? {
            let value = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
            if let Ok(Record { body: Body::Absence(absence), .. }) = Record::decode(Kind::Absence, value) {
                let (from, to, cover) = (absence.from, absence.to, absence.cover);
                self.away.push(Away { person, from, to, cover });
            }
        }
        Ok(())
    }

    pub fn is_holiday(&self, date: BusinessDate, territory: Option<&TerritoryId>) -> bool {
        self.holidays.contains(&(date, None))
            || territory.is_some_and(|territory| self.holidays.contains(&(date, Some(*territory))))
    }

    fn absence(&self, person: &PersonId, date: BusinessDate) -> Option<&Away> {
        // The office's word before the person's own; of several, one with a substitute.
        let mut those =
            self.away.iter().filter(|away| away.person == *person && (away.from..=away.to).contains(&date));
        let first = those.next()?;
        if first.cover.is_some() {
            Some(first)
        } else {
            those.find(|away| away.cover.is_some()).or(Some(first))
        }
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

    pub(super) fn reps_of(&self, territory: Option<&TerritoryId>) -> Vec<PersonId> {
        territory.and_then(|territory| self.reps.get(territory)).cloned().unwrap_or_default()
    }

    /// How a visit stands on that day as far as absences go, who of `people` goes, and for whom the first of those stands
    /// in. Nobody in particular where the territory has no rep.
    pub(super) fn stands(
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
