//! Who works here, and the territories, by name.

use std::collections::HashMap;
use std::sync::Arc;

use cartera_core::model;
use cartera_core::query::people;
use rusqlite::Connection;

use crate::shared::{Answer, Shared, part};
use crate::{CarteraError, PersonId, Role, TerritoryId};

/// People and territories.
#[derive(Debug, uniffi::Object)]
pub struct People {
    pub(crate) shared: Arc<Shared>,
}

/// Somebody who works or worked here.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    pub role: Role,
    pub territories: Vec<TerritoryId>,
    /// Works here no longer.
    pub left: bool,
}

/// A territory (*zona*).
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Territory {
    pub id: TerritoryId,
    pub name: String,
}

#[uniffi::export]
impl People {
    /// Everybody that this device knows of, by name: at most so many, from the one at `offset` on.
    pub fn list(&self, offset: u32, most: u32) -> Result<Vec<Person>, CarteraError> {
        self.shared.read(|conn, _| {
            let persons = part(people::persons(conn)?, offset, most);
            Ok(persons.into_iter().map(Into::into).collect())
        })
    }

    /// Whose device this is; missing before it is linked and the office has said.
    pub fn me(&self) -> Result<Option<Person>, CarteraError> {
        self.shared.run(|engine| {
            let Some(identity) = engine.identity()? else { return Ok(None) };
            let persons = engine.store().read::<_, CarteraError>(|conn| Ok(people::persons(conn)?))?;
            Ok(persons.into_iter().find(|person| person.id == identity.person).map(Into::into))
        })
    }

    /// Territories by name: at most so many, from the one at `offset` on.
    pub fn territories(&self, offset: u32, most: u32) -> Result<Vec<Territory>, CarteraError> {
        self.shared.read(|conn, _| {
            let territories = part(people::territories(conn)?, offset, most);
            Ok(territories.into_iter().map(|(id, name)| Territory { id: id.into(), name }).collect())
        })
    }
}

impl From<people::Person> for Person {
    fn from(person: people::Person) -> Self {
        Self {
            id: person.id.into(),
            name: person.name,
            role: person.role.into(),
            territories: person.territories.into_iter().map(Into::into).collect(),
            left: person.left,
        }
    }
}

/// Names of people, each asked for once.
pub(crate) struct Names<'c> {
    conn: &'c Connection,
    known: HashMap<model::PersonId, Option<String>>,
}

impl<'c> Names<'c> {
    pub(crate) fn new(conn: &'c Connection) -> Self {
        Self { conn, known: HashMap::new() }
    }

    pub(crate) fn of(&mut self, person: Option<model::PersonId>) -> Answer<Option<String>> {
        let Some(person) = person else { return Ok(None) };
        if let Some(known) = self.known.get(&person) {
            return Ok(known.clone());
        }
        let name = people::name_of(self.conn, &person)?;
        self.known.insert(person, name.clone());
        Ok(name)
    }
}
