//! Who works here, and the territories, by name.

use rusqlite::Connection;

use crate::model::access::Role;
use crate::model::office::{KnownKind, Value};
use crate::model::{PersonId, TerritoryId};
use crate::rows::{self, office};

/// Somebody who works or worked here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    pub role: Role,
    pub territories: Vec<TerritoryId>,
    /// Works here no longer.
    pub left: bool,
}

/// Everybody that this device knows of, by name.
pub fn persons(conn: &Connection) -> rows::Result<Vec<Person>> {
    let mut found: Vec<Person> = Vec::new();
    each(conn, KnownKind::Person, |key, value| {
        if let (Ok(id), Value::Person(of)) = (key.parse(), value) {
            let (name, role, territories, left) = (of.name, of.role, of.territories, of.left);
            found.push(Person { id, name, role, territories, left });
        }
    })?;
    found.sort_by_cached_key(|person| (rows::client::sort_name(&person.name), person.id));
    Ok(found)
}

/// The name of one; `None` of somebody who is not known here.
pub fn name_of(conn: &Connection, person: &PersonId) -> rows::Result<Option<String>> {
    Ok(office::person(conn, person)?.map(|person| person.name))
}

/// Territories that this device knows of, by name.
pub fn territories(conn: &Connection) -> rows::Result<Vec<(TerritoryId, String)>> {
    let mut found: Vec<(TerritoryId, String)> = Vec::new();
    each(conn, KnownKind::Territory, |key, value| {
        if let (Ok(id), Value::Territory(territory)) = (key.parse(), value) {
            found.push((id, territory.name));
        }
    })?;
    found.sort_by_cached_key(|(id, name)| (rows::client::sort_name(name), *id));
    Ok(found)
}

/// What this version cannot read is left out.
fn each(conn: &Connection, kind: KnownKind, mut visit: impl FnMut(&str, Value)) -> rows::Result<()> {
    let sql = "SELECT key, value FROM office WHERE kind = ?1 AND value IS NOT NULL";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([kind.name()])?;
    while let Some(row) = rows.next()? {
        let blob = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        if let Ok(value) = Value::decode(&kind.into(), blob) {
            visit(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?, value);
        }
    }
    Ok(())
}
