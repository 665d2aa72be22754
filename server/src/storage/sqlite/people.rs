use std::collections::HashMap;

use cartera_core::model::record::Kind;
use cartera_core::model::{PersonId, TerritoryId};
use cartera_core::query::own::{self, Kept};
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::log::{LogWriter, own as own_document, sight};
use super::{SqliteStorage, audit, devices, publish};
use crate::audit::Deed;
use crate::devices::RevokeOrder;
use crate::journal::{Act, Text};
use crate::people::{PEOPLE_MAX, Person, Role};
use crate::storage::people::{OwnRecord, PeopleAdded, PersonChange, PersonChanged};
use crate::storage::{People, Result, StorageError};

const COLUMNS: &str = "id, name, role, all_territories, scope_version, created_ms, left_ms";

impl People for SqliteStorage {
    fn people(&self) -> Result<Vec<Person>> {
        self.read(|tx| {
            let mut territories: HashMap<PersonId, Vec<TerritoryId>> = HashMap::new();
            let mut statement = tx.prepare_cached(
                "SELECT person, territory FROM person_territories ORDER BY person, territory",
            )?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                territories.entry(row.get(0)?).or_default().push(row.get(1)?);
            }
            let mut statement = tx.prepare_cached(&format!("SELECT {COLUMNS} FROM people ORDER BY id"))?;
            let mut rows = statement.query([])?;
            let mut people = Vec::new();
            while let Some(row) = rows.next()? {
                let id: PersonId = row.get(0)?;
                people.push(read(row, territories.remove(&id).unwrap_or_default())?);
            }
            Ok(people)
        })
    }

    fn person(&self, id: PersonId) -> Result<Option<Person>> {
        self.read(|tx| find(tx, id))
    }

    fn kept_by_people(&self, kind: Kind) -> Result<Vec<(PersonId, Kept)>> {
        self.read_rows(|tx| Ok(own::of_everybody(tx, kind)?))
    }

    fn keep_own(&self, record: &OwnRecord) -> Result<()> {
        self.write_log(|log| own_document::keep(log, record))
    }

    fn add_people(&self, people: &[Person], deeds: &[Deed]) -> Result<PeopleAdded> {
        self.write_log_or_undo(|log| {
            let tx = log.tx;
            let count: usize = tx.query_row("SELECT count(*) FROM people", [], |row| row.get(0))?;
            if count + people.len() > PEOPLE_MAX {
                return Ok(Err(PeopleAdded::TooMany));
            }
            for person in people {
                tx.prepare_cached(
                    "INSERT INTO people (id, name, role, all_territories, scope_version, created_ms)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?
                .execute(params![
                    person.id,
                    person.name,
                    person.role.as_str(),
                    person.all_territories,
                    person.scope_version,
                    person.created_ms
                ])?;
                if let Some(unknown) = assign(tx, person.id, &person.territories)? {
                    return Ok(Err(PeopleAdded::UnknownTerritory(unknown)));
                }
                publish::person(log, person, person.created_ms)?;
            }
            deeds.iter().try_for_each(|deed| audit::record(tx, deed))?;
            if let Some(first) = people.first() {
                self.note(tx, first.created_ms, people.iter().map(act).collect())?;
            }
            Ok(Ok(PeopleAdded::Done))
        })
    }

    fn change_person(&self, id: PersonId, change: &PersonChange, deed: &Deed) -> Result<PersonChanged> {
        self.write_log_or_undo(|log| {
            let tx = log.tx;
            let Some(before) = find(tx, id)? else { return Ok(Err(PersonChanged::Unknown)) };
            tx.prepare_cached(
                "UPDATE people SET name = coalesce(?2, name), role = coalesce(?3, role),
                 all_territories = coalesce(?4, all_territories) WHERE id = ?1",
            )?
            .execute(params![
                id,
                change.name,
                change.role.map(Role::as_str),
                change.all_territories
            ])?;
            if let Some(territories) = &change.territories {
                tx.prepare_cached("DELETE FROM person_territories WHERE person = ?1")?.execute([id])?;
                if let Some(unknown) = assign(tx, id, territories)? {
                    return Ok(Err(PersonChanged::UnknownTerritory(unknown)));
                }
            }
            if before.role == Role::Administrator && !somebody_administers(tx)? {
                return Ok(Err(PersonChanged::LastAdministrator));
            }
            let Some(mut after) = find(tx, id)? else { return Ok(Err(PersonChanged::Unknown)) };
            if sees(&before) != sees(&after) {
                sight::remember(tx, &before, deed.at_ms)?;
                after.scope_version = scope_changed(tx, id)?;
            }
            publish::person(log, &after, deed.at_ms)?;
            audit::record(tx, deed)?;
            self.note(tx, deed.at_ms, vec![act(&after)])?;
            Ok(Ok(PersonChanged::Done(after)))
        })
    }

    fn person_left(&self, id: PersonId, deed: &Deed) -> Result<PersonChanged> {
        self.write_log_or_undo(|log| {
            let tx = log.tx;
            let Some(before) = find(tx, id)? else { return Ok(Err(PersonChanged::Unknown)) };
            sight::remember(tx, &before, deed.at_ms)?;
            tx.execute(
                "UPDATE people SET left_ms = coalesce(left_ms, ?2) WHERE id = ?1",
                params![id, deed.at_ms],
            )?;
            if !somebody_administers(tx)? {
                return Ok(Err(PersonChanged::LastAdministrator));
            }
            devices::revoke_all_of(tx, id, RevokeOrder::Salvage, deed.at_ms)?;
            tx.execute("DELETE FROM sessions WHERE person = ?1", [id])?;
            tx.execute("DELETE FROM logins WHERE person = ?1", [id])?;
            tx.execute("DELETE FROM codes WHERE person = ?1 AND used_ms IS NULL", [id])?;
            scope_changed(tx, id)?;
            audit::record(tx, deed)?;
            let Some(after) = find(tx, id)? else { return Ok(Err(PersonChanged::Unknown)) };
            publish::person(log, &after, deed.at_ms)?;
            self.note(tx, deed.at_ms, vec![act(&after)])?;
            Ok(Ok(PersonChanged::Done(after)))
        })
    }
}

fn act(person: &Person) -> Act {
    Act::Person {
        id: Text(person.id),
        name: person.name.clone(),
        role: person.role.as_str().to_owned(),
        all_territories: person.all_territories,
        territories: person.territories.iter().copied().map(Text).collect(),
        created_ms: person.created_ms,
        left_ms: person.left_ms,
    }
}

/// As the journal says the person is. Whoever left has no phone any more.
pub(super) fn again(log: &mut LogWriter<'_>, person: &Person, at_ms: i64) -> Result<()> {
    let tx = log.tx;
    if let Some(before) = find(tx, person.id)? {
        sight::remember(tx, &before, at_ms)?;
    }
    tx.execute(
        "INSERT INTO people (id, name, role, all_territories, scope_version, created_ms, left_ms)
         VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6)
         ON CONFLICT DO UPDATE SET name = excluded.name, role = excluded.role,
           all_territories = excluded.all_territories, left_ms = excluded.left_ms,
           scope_version = scope_version + 1",
        params![
            person.id,
            person.name,
            person.role.as_str(),
            person.all_territories,
            person.created_ms,
            person.left_ms
        ],
    )?;
    tx.execute("DELETE FROM person_territories WHERE person = ?1", [person.id])?;
    assign(tx, person.id, &person.territories)?;
    if let Some(left_ms) = person.left_ms {
        devices::revoke_all_of(tx, person.id, RevokeOrder::Salvage, left_ms)?;
    }
    publish::person(log, person, at_ms)
}

/// What counts for a scope version.
fn sees(person: &Person) -> (bool, Role, &[TerritoryId]) {
    (person.all_territories, person.role, &person.territories)
}

/// Gives the person's scope its next version.
pub(crate) fn scope_changed(tx: &Transaction<'_>, id: PersonId) -> Result<u64> {
    Ok(tx
        .prepare_cached(
            "UPDATE people SET scope_version = scope_version + 1 WHERE id = ?1 RETURNING scope_version",
        )?
        .query_row([id], |row| row.get(0))?)
}

fn somebody_administers(tx: &Transaction<'_>) -> Result<bool> {
    Ok(tx
        .prepare_cached("SELECT 1 FROM people WHERE role = 'administrator' AND left_ms IS NULL")?
        .exists([])?)
}

/// The first territory that there is not, if any.
fn assign(
    tx: &Transaction<'_>,
    person: PersonId,
    territories: &[TerritoryId],
) -> Result<Option<TerritoryId>> {
    for territory in territories {
        let known = tx.prepare_cached("SELECT 1 FROM territories WHERE id = ?1")?.exists([territory])?;
        if !known {
            return Ok(Some(*territory));
        }
        tx.prepare_cached("INSERT OR IGNORE INTO person_territories (person, territory) VALUES (?1, ?2)")?
            .execute(params![person, territory])?;
    }
    Ok(None)
}

pub(crate) fn find(tx: &Transaction<'_>, id: PersonId) -> Result<Option<Person>> {
    let mut statement =
        tx.prepare_cached("SELECT territory FROM person_territories WHERE person = ?1 ORDER BY territory")?;
    let territories = statement.query_map([id], |row| row.get(0))?.collect::<Result<_, _>>()?;
    tx.prepare_cached(&format!("SELECT {COLUMNS} FROM people WHERE id = ?1"))?
        .query_row([id], |row| Ok(read(row, territories)))
        .optional()?
        .transpose()
}

fn read(row: &Row<'_>, territories: Vec<TerritoryId>) -> Result<Person> {
    Ok(Person {
        id: row.get(0)?,
        name: row.get(1)?,
        role: role(&row.get::<_, String>(2)?)?,
        all_territories: row.get(3)?,
        territories,
        scope_version: row.get(4)?,
        created_ms: row.get(5)?,
        left_ms: row.get(6)?,
    })
}

pub(crate) fn role(name: &str) -> Result<Role> {
    Role::parse(name).ok_or_else(|| StorageError::Undecodable { what: "role", detail: name.to_owned() })
}
