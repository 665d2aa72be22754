//! A client's page: every field of its profile that is understood.

use std::collections::HashSet;

use rusqlite::Connection;

use crate::model::profile::{ContactField, DateField, Key, PlaceField, Value};
use crate::model::{ClientId, PartId};
use crate::rows::{self, Document, client};

/// Fields by key, each with the value in use (`query::conflicts` has the others). Contacts, dates and places that were
/// removed are left out, and what this version does not understand.
pub fn of_client(conn: &Connection, id: &ClientId) -> rows::Result<Vec<(Key, Value)>> {
    let Some(document) = Document::find(conn, &(*id).into())? else { return Ok(Vec::new()) };
    let fields = client::profile(conn, document.row)?.fields;
    let known = fields.iter().filter_map(|(text, scalar)| {
        let key = Key::parse(text)?;
        Some((key.read(scalar).ok()?, key)).map(|(value, key)| (key, value))
    });
    let known: Vec<_> = known.collect();
    let removed: HashSet<PartId> = known
        .iter()
        .filter(|(_, value)| *value == Value::Bool(true))
        .filter_map(|(key, _)| removal(key))
        .collect();
    Ok(known.into_iter().filter(|(key, _)| part(key).is_none_or(|id| !removed.contains(&id))).collect())
}

fn part(key: &Key) -> Option<PartId> {
    match key {
        Key::Contact(id, _) | Key::Date(id, _) | Key::Place(id, _) => Some(*id),
        Key::Client(_) | Key::Tag(_) | Key::Pref(_) | Key::Unknown(_) => None,
    }
}

fn removal(key: &Key) -> Option<PartId> {
    match key {
        Key::Contact(id, ContactField::Removed)
        | Key::Date(id, DateField::Removed)
        | Key::Place(id, PlaceField::Removed) => Some(*id),
        _ => None,
    }
}
