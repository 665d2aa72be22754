//! Who looks after which clients, and when nobody can.

use std::collections::BTreeMap;

use super::Reader;
use crate::model::access::Role;
use crate::model::office::{KnownKind, Person, Value};
use crate::model::record::{Body, Kind, Record};
use crate::model::{BusinessDate, PersonId, TerritoryId};
use crate::rows::Result;

/// Everybody who works or worked here, the territories, and the days on which nobody visits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct People {
    pub persons: BTreeMap<PersonId, Person>,
    /// Their names.
    pub territories: BTreeMap<TerritoryId, String>,
    /// By person; the office's word before the person's own.
    pub absences: Vec<Absent>,
    pub holidays: Vec<Holiday>,
}

/// First and last day included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absent {
    pub person: PersonId,
    pub from: BusinessDate,
    pub to: BusinessDate,
    /// Who stands in.
    pub cover: Option<PersonId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holiday {
    pub date: BusinessDate,
    /// `None`: everywhere.
    pub territory: Option<TerritoryId>,
}

impl People {
    /// Reps who work here, by territory and id.
    pub fn reps(&self) -> BTreeMap<TerritoryId, Vec<PersonId>> {
        let mut reps: BTreeMap<TerritoryId, Vec<PersonId>> = BTreeMap::new();
        for (id, person) in self.persons.iter().filter(|(_, of)| of.role == Role::Rep && !of.left) {
            for territory in &person.territories {
                reps.entry(*territory).or_default().push(*id);
            }
        }
        reps
    }
}

pub(super) fn read(reader: &Reader<'_>) -> Result<People> {
    let mut people = People::default();
    reader.office(KnownKind::Person, &mut |about, value| {
        if let (Ok(id), Value::Person(person)) = (about.key.parse(), value) {
            people.persons.insert(id, person);
        }
        Ok(())
    })?;
    reader.office(KnownKind::Territory, &mut |about, value| {
        if let (Ok(id), Value::Territory(territory)) = (about.key.parse(), value) {
            people.territories.insert(id, territory.name);
        }
        Ok(())
    })?;
    reader.office(KnownKind::Holiday, &mut |about, value| {
        if let Value::Holiday(holiday) = value {
            people.holidays.push(Holiday { date: holiday.date, territory: about.territory });
        }
        Ok(())
    })?;
    reader.office(KnownKind::Absence, &mut |_, value| {
        if let Value::Absence(of) = value {
            people.absences.push(Absent { person: of.person, from: of.from, to: of.to, cover: of.cover });
        }
        Ok(())
    })?;
    people.absences.extend(declared(reader)?);
    people.absences.sort_by_key(|absent| absent.person);
    Ok(people)
}

/// Absences that people keep in their own documents.
fn declared(reader: &Reader<'_>) -> Result<Vec<Absent>> {
    let mut statement = reader.conn.prepare_cached(
        "SELECT d.id, r.value FROM records r JOIN documents d ON d.doc = r.doc
         WHERE r.kind = ?1 AND r.shown = 1 ORDER BY r.date, r.id",
    )?;
    let mut rows = statement.query([Kind::Absence.letters()])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let value = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        // The document of a person has the person's id.
        let id: crate::model::DocumentId = row.get(0)?;
        let person = PersonId::from_bytes(*id.as_bytes());
        if let Ok(Record { body: Body::Absence(of), .. }) = Record::decode(Kind::Absence, value) {
            found.push(Absent { person, from: of.from, to: of.to, cover: of.cover });
        }
    }
    Ok(found)
}
