//! What a device sees, read in the transaction that uses it.

use std::collections::HashSet;

use cartera_core::model::{DeviceId, PersonId, TerritoryId};
use cartera_core::sync::wire::{Lent, Scope};
use rusqlite::{OptionalExtension, Transaction, params};

use super::parts::{self, Part, WORKSPACE_PART, lane};
use super::place::{aliases_of, client_at};
use crate::people::{Person, Role};
use crate::storage::Result;
use crate::storage::sqlite::people;
use crate::sync::audience::Audience;

/// A device and what its person sees.
#[derive(Debug, Clone)]
pub(crate) struct Sight {
    pub device: DeviceId,
    pub revoked: bool,
    pub person: Person,
    /// Every part but other people's own is in sight.
    pub all: bool,
    /// Parts in sight, beside those.
    pub parts: HashSet<i64>,
    /// Documents lent by name that are in no part in sight, or were not always.
    pub lent: HashSet<i64>,
}

impl Sight {
    pub(crate) fn of(tx: &Transaction<'_>, device: DeviceId) -> Result<Option<Self>> {
        let found: Option<(PersonId, bool)> = tx
            .prepare_cached("SELECT person, revoked_ms IS NOT NULL FROM devices WHERE id = ?1")?
            .query_row([device], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((person, revoked)) = found else { return Ok(None) };
        let Some(person) = people::find(tx, person)? else { return Ok(None) };
        let mut seen = HashSet::from([WORKSPACE_PART]);
        seen.extend(parts::find(tx, Part::Person(person.id))?);
        for territory in &person.territories {
            seen.extend(parts::find(tx, Part::Territory(*territory))?);
        }
        let lent = lent(tx, person.id)?;
        let all = person.all_territories;
        Ok(Some(Self { device, revoked, person, all, parts: seen, lent }))
    }

    /// What is in sight now and was in the scope of which the phone knows: what it may be told of until it knows the
    /// new one.
    pub(crate) fn narrowed(&self, told: &Told) -> Self {
        let parts = match (self.all, told.all) {
            (true, true) => self.parts.union(&told.parts).copied().collect(),
            (true, false) => told.parts.clone(),
            (false, true) => self.parts.clone(),
            (false, false) => self.parts.intersection(&told.parts).copied().collect(),
        };
        Self { all: self.all && told.all, parts, ..self.clone() }
    }

    /// Managers and the office see costs and margins.
    pub(crate) fn audience(&self) -> Audience {
        match self.person.role {
            Role::Rep | Role::Unknown(_) => Audience::Everybody,
            Role::Manager | Role::BackOffice | Role::Administrator => Audience::Office,
        }
    }

    pub(crate) fn sees_part(&self, tx: &Transaction<'_>, part: i64) -> Result<bool> {
        if self.parts.contains(&part) {
            return Ok(true);
        }
        Ok(self.all && !parts::at_row(tx, part)?.is_own())
    }

    pub(crate) fn sees_doc(&self, tx: &Transaction<'_>, doc: i64, part: i64) -> Result<bool> {
        Ok(self.lent.contains(&doc) || self.sees_part(tx, part)?)
    }

    /// The lanes in sight, ascending; without those of territories where the person sees all.
    pub(crate) fn lanes(&self) -> Vec<i64> {
        let mut lanes: Vec<i64> = self.parts.iter().map(|part| lane(*part, Audience::Everybody)).collect();
        if self.audience() == Audience::Office {
            lanes.extend(self.parts.iter().map(|part| lane(*part, Audience::Office)));
        }
        lanes.sort_unstable();
        lanes
    }

    /// As the phone gets it.
    pub(crate) fn scope(&self, tx: &Transaction<'_>) -> Result<Scope> {
        let mut lent = Vec::with_capacity(self.lent.len());
        let mut statement = tx.prepare_cached(
            "SELECT doc, from_day, until_day FROM lendings WHERE person = ?1 AND active = 1 ORDER BY doc",
        )?;
        let mut rows = statement.query([self.person.id])?;
        while let Some(row) = rows.next()? {
            if let Some(client) = client_at(tx, row.get(0)?)? {
                lent.push(Lent { client, from_day: row.get(1)?, until_day: row.get(2)? });
            }
        }
        Ok(Scope {
            version: self.person.scope_version,
            all: self.all,
            territories: self.person.territories.clone().into(),
            lent: lent.into(),
        })
    }

    /// The scope of `version`, which the phone knows; `None` if that is not remembered.
    pub(crate) fn told(&self, tx: &Transaction<'_>, version: u64) -> Result<Option<Told>> {
        if version == self.person.scope_version {
            let territories = self.person.territories.clone();
            return Ok(Some(Told { all: self.all, territories, parts: self.parts.clone() }));
        }
        let found: Option<(bool, Vec<u8>)> = tx
            .prepare_cached(
                "SELECT all_territories, territories FROM past_scopes WHERE person = ?1 AND version = ?2",
            )?
            .query_row(params![self.person.id, version], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((all, territories)) = found else { return Ok(None) };
        let territories: Vec<TerritoryId> = ids(&territories).collect();
        let mut seen = HashSet::from([WORKSPACE_PART]);
        seen.extend(parts::find(tx, Part::Person(self.person.id))?);
        for territory in &territories {
            seen.extend(parts::find(tx, Part::Territory(*territory))?);
        }
        Ok(Some(Told { all, territories, parts: seen }))
    }

    /// Territories in sight that were not when the phone was told.
    pub(crate) fn gained(&self, tx: &Transaction<'_>, told: &Told) -> Result<Vec<TerritoryId>> {
        if told.all {
            return Ok(Vec::new());
        }
        let now = if self.all { every_territory(tx)? } else { self.person.territories.clone() };
        Ok(now.into_iter().filter(|territory| !told.territories.contains(territory)).collect())
    }

    /// Documents that were in sight when the phone was told, and are not now.
    pub(crate) fn lost(&self, tx: &Transaction<'_>, told: &Told) -> Result<Vec<i64>> {
        let before = if told.all {
            let mut parts = Vec::new();
            for territory in every_territory(tx)? {
                parts.extend(parts::find(tx, Part::Territory(territory))?);
            }
            parts
        } else {
            told.parts.iter().copied().collect()
        };
        let mut lost = Vec::new();
        for part in before {
            if !self.sees_part(tx, part)? {
                let mut statement = tx.prepare_cached("SELECT doc FROM placements WHERE part = ?1")?;
                let docs = statement.query_map([part], |row| row.get::<_, i64>(0))?;
                lost.extend(docs.collect::<rusqlite::Result<Vec<_>>>()?);
            }
        }
        lost.retain(|doc| !self.lent.contains(doc));
        lost.sort_unstable();
        Ok(lost)
    }

    /// Since when the scope of `version` holds, or held: 0 for the first one, and for one that is not remembered.
    pub(crate) fn known_since(&self, tx: &Transaction<'_>, version: u64) -> Result<i64> {
        let sql = "SELECT coalesce(max(ended_ms), 0) FROM past_scopes WHERE person = ?1 AND version < ?2";
        Ok(tx.prepare_cached(sql)?.query_row(params![self.person.id, version], |row| row.get(0))?)
    }

    /// Parts that were in sight at some time since `since_ms`, and are not any more.
    pub(crate) fn lost_since(&self, tx: &Transaction<'_>, since_ms: i64) -> Result<Vec<(i64, i64)>> {
        let mut statement = tx.prepare_cached(
            "SELECT territories, ended_ms FROM past_scopes WHERE person = ?1 AND ended_ms >= ?2 ORDER BY version",
        )?;
        let mut rows = statement.query(params![self.person.id, since_ms])?;
        let mut lost = Vec::new();
        while let Some(row) = rows.next()? {
            let (territories, ended_ms): (Vec<u8>, i64) = (row.get(0)?, row.get(1)?);
            for territory in ids(&territories) {
                if let Some(part) = parts::find(tx, Part::Territory(territory))? {
                    lost.push((part, ended_ms));
                }
            }
        }
        Ok(lost)
    }
}

/// Documents lent to a person today. While a client is merged, the kept one's lendings count instead of its own.
fn lent(tx: &Transaction<'_>, person: PersonId) -> Result<HashSet<i64>> {
    let mut open: Vec<i64> = tx
        .prepare_cached(
            "SELECT doc FROM lendings JOIN placements USING (doc)
             WHERE person = ?1 AND active = 1 AND alias_of IS NULL",
        )?
        .query_map([person], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut lent = HashSet::new();
    while let Some(doc) = open.pop() {
        if lent.insert(doc) {
            open.extend(aliases_of(tx, doc)?);
        }
    }
    Ok(lent)
}

/// A scope as the phone knows it.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    all: bool,
    territories: Vec<TerritoryId>,
    parts: HashSet<i64>,
}

impl Told {
    pub(crate) fn sees_part(&self, tx: &Transaction<'_>, part: i64) -> Result<bool> {
        Ok(self.parts.contains(&part) || (self.all && !parts::at_row(tx, part)?.is_own()))
    }
}

/// Every territory, [`UNASSIGNED`](crate::territories::UNASSIGNED) first.
fn every_territory(tx: &Transaction<'_>) -> Result<Vec<TerritoryId>> {
    Ok(tx
        .prepare_cached("SELECT id FROM territories ORDER BY id")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?)
}

fn ids(bytes: &[u8]) -> impl Iterator<Item = TerritoryId> + '_ {
    bytes.as_chunks::<16>().0.iter().map(|id| TerritoryId::from_bytes(*id))
}

/// Remembers what a person saw until now, before it changes.
pub(crate) fn remember(tx: &Transaction<'_>, person: &Person, at_ms: i64) -> Result<()> {
    let mut territories: Vec<u8> = Vec::new();
    if person.all_territories {
        every_territory(tx)?.iter().for_each(|id| territories.extend(id.as_bytes()));
    } else {
        person.territories.iter().for_each(|id| territories.extend(id.as_bytes()));
    }
    tx.prepare_cached(
        "INSERT INTO past_scopes (person, version, ended_ms, all_territories, territories)
         VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
    )?
    .execute(params![person.id, person.scope_version, at_ms, person.all_territories, territories])?;
    Ok(())
}
