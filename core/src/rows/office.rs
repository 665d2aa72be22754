//! Office records: one row a key, last value wins by log number, tombstones kept.

use rusqlite::{Connection, OptionalExtension, params};

use super::{Result, catalogue};
use crate::model::access::Role;
use crate::model::office::{KnownKind, Person, Value};
use crate::model::profile::Scalar;
use crate::model::{ClientId, PersonId, TerritoryId};

/// One office record as it travels and is kept; `value` is CBOR, `None` a tombstone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeEntry {
    pub kind: String,
    pub source: String,
    pub key: String,
    /// Whom it concerns; neither: the whole workspace.
    pub client: Option<ClientId>,
    pub territory: Option<TerritoryId>,
    pub value: Option<Vec<u8>>,
}

/// The name of an office record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeKey {
    pub kind: String,
    pub source: String,
    pub key: String,
}

impl OfficeKey {
    /// Before all of a kind.
    pub fn first(kind: KnownKind) -> Self {
        Self { kind: kind.name().to_owned(), source: String::new(), key: String::new() }
    }
}

impl OfficeEntry {
    pub fn name(&self) -> OfficeKey {
        OfficeKey { kind: self.kind.clone(), source: self.source.clone(), key: self.key.clone() }
    }
}

/// Keeps `entry` unless a later number is here already; tells whether it was kept.
pub fn put(conn: &Connection, entry: &OfficeEntry, number: u64) -> Result<bool> {
    let sql = "INSERT INTO office (kind, source, key, number, client, territory, value)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
               ON CONFLICT (kind, source, key) DO UPDATE SET
                 number = excluded.number, client = excluded.client,
                 territory = excluded.territory, value = excluded.value
               WHERE excluded.number > office.number";
    let changed = conn.prepare_cached(sql)?.execute(params![
        entry.kind,
        entry.source,
        entry.key,
        number,
        entry.client,
        entry.territory,
        entry.value
    ])?;
    if changed > 0 {
        catalogue::follow(conn, entry)?;
    }
    Ok(changed > 0)
}

/// Takes records away as if they had never come: they are out of this device's sight, and no tombstone tells of them.
fn forget(conn: &Connection, which: &str, params: impl rusqlite::Params) -> Result<usize> {
    let sql = format!(
        "DELETE FROM office WHERE {which} RETURNING kind, source, key, client, territory, NULL, number"
    );
    let gone = conn
        .prepare_cached(&sql)?
        .query_map(params, entry_and_number)?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    for (entry, _) in &gone {
        catalogue::follow(conn, entry)?;
    }
    Ok(gone.len())
}

/// Forgets one record.
pub fn forget_one(conn: &Connection, kind: &str, source: &str, key: &str) -> Result<()> {
    forget(conn, "kind = ?1 AND source = ?2 AND key = ?3", params![kind, source, key]).map(|_| ())
}

/// Forgets one record, if it still has that number. True if it had.
pub(super) fn forget_as_of(
    conn: &Connection,
    kind: &str,
    source: &str,
    key: &str,
    number: u64,
) -> Result<bool> {
    let which = "kind = ?1 AND source = ?2 AND key = ?3 AND number = ?4";
    Ok(forget(conn, which, params![kind, source, key, number])? > 0)
}

/// Forgets what the office said about a client.
pub fn forget_client(conn: &Connection, client: &ClientId) -> Result<()> {
    forget(conn, "client = ?1", [client]).map(|_| ())
}

/// Forgets what the office said about territories other than these.
pub fn forget_territories_but(conn: &Connection, kept: &[TerritoryId]) -> Result<()> {
    let sql = "SELECT DISTINCT territory FROM office WHERE territory IS NOT NULL ORDER BY territory";
    let present: Vec<TerritoryId> =
        conn.prepare_cached(sql)?.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    for territory in present.iter().filter(|territory| !kept.contains(territory)) {
        forget(conn, "territory = ?1", [territory])?;
    }
    Ok(())
}

/// The present value and its log number; a tombstone has `value` `None`.
pub fn get(conn: &Connection, kind: &str, source: &str, key: &str) -> Result<Option<(OfficeEntry, u64)>> {
    let sql = "SELECT kind, source, key, client, territory, value, number FROM office
               WHERE kind = ?1 AND source = ?2 AND key = ?3";
    Ok(conn.prepare_cached(sql)?.query_row([kind, source, key], entry_and_number).optional()?)
}

/// Somebody's role, as the office says; `None` where it has not said yet.
pub fn role_of(conn: &Connection, person: &PersonId) -> Result<Option<Role>> {
    Ok(self::person(conn, person)?.map(|person| person.role))
}

/// Who somebody is, as far as is known here.
pub fn person(conn: &Connection, person: &PersonId) -> Result<Option<Person>> {
    let kind = KnownKind::Person;
    let found = get(conn, kind.name(), "", &person.to_string())?;
    Ok(match found.and_then(|(entry, _)| Value::decode(&kind.into(), &entry.value?).ok()) {
        Some(Value::Person(person)) => Some(person),
        _ => None,
    })
}

/// What the office says of a client, of one kind; by source and key.
pub fn of_client_and_kind(
    conn: &Connection,
    client: &ClientId,
    kind: KnownKind,
) -> Result<Vec<(OfficeEntry, u64)>> {
    let sql =
        "SELECT kind, source, key, client, territory, value, number FROM office INDEXED BY office_by_client
               WHERE client = ?1 AND kind = ?2 AND value IS NOT NULL ORDER BY source, key";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map(params![client, kind.name()], entry_and_number)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What a setting of the workspace says.
pub fn setting(conn: &Connection, name: &str) -> Result<Option<Scalar>> {
    let kind = KnownKind::Setting;
    let there = get(conn, kind.name(), "", name)?;
    Ok(match there.and_then(|(entry, _)| Value::decode(&kind.into(), &entry.value?).ok()) {
        Some(Value::Setting(setting)) => Some(setting.value),
        _ => None,
    })
}

/// What the office says about one client, tombstones left out.
pub fn of_client(conn: &Connection, client: &ClientId) -> Result<Vec<(OfficeEntry, u64)>> {
    let sql = "SELECT kind, source, key, client, territory, value, number FROM office
               WHERE client = ?1 AND value IS NOT NULL ORDER BY kind, source, key";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([client], entry_and_number)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Records of a kind after a source and key, by these, tombstones among them, with their numbers.
pub(super) fn of_kind(
    conn: &Connection,
    kind: KnownKind,
    after: &OfficeKey,
    limit: usize,
) -> Result<Vec<(OfficeEntry, u64)>> {
    let sql = "SELECT kind, source, key, client, territory, value, number FROM office
               WHERE kind = ?1 AND (source, key) > (?2, ?3) ORDER BY source, key LIMIT ?4";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map(params![kind.name(), after.source, after.key, limit], entry_and_number)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The log that the numbers were of is no more: whatever comes next wins.
pub fn forget_numbers(conn: &Connection) -> Result<()> {
    conn.execute("UPDATE office SET number = 0", [])?;
    Ok(())
}

fn entry_and_number(row: &rusqlite::Row<'_>) -> rusqlite::Result<(OfficeEntry, u64)> {
    let entry = OfficeEntry {
        kind: row.get(0)?,
        source: row.get(1)?,
        key: row.get(2)?,
        client: row.get(3)?,
        territory: row.get(4)?,
        value: row.get(5)?,
    };
    Ok((entry, row.get(6)?))
}
