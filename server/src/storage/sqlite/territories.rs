use cartera_core::model::TerritoryId;
use rusqlite::{OptionalExtension, Transaction, params};

use super::{SqliteStorage, audit, publish};
use crate::audit::Deed;
use crate::journal::{Act, Text};
use crate::storage::people::TerritoryWritten;
use crate::storage::{Result, Territories};
use crate::territories::{TERRITORIES_MAX, Territory, folded};

impl Territories for SqliteStorage {
    fn territories(&self) -> Result<Vec<Territory>> {
        self.read(|tx| {
            let mut statement =
                tx.prepare_cached("SELECT id, name, created_ms FROM territories ORDER BY id")?;
            let rows = statement.query_map([], |row| {
                Ok(Territory { id: row.get(0)?, name: row.get(1)?, created_ms: row.get(2)? })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    fn add_territories(&self, territories: &[Territory], deeds: &[Deed]) -> Result<TerritoryWritten> {
        self.write_log_or_undo(|log| {
            let tx = log.tx;
            let count: usize = tx.query_row("SELECT count(*) FROM territories", [], |row| row.get(0))?;
            if count + territories.len() > TERRITORIES_MAX {
                return Ok(Err(TerritoryWritten::TooMany));
            }
            for territory in territories {
                if let Some(other) = named(tx, &territory.name, None)? {
                    return Ok(Err(TerritoryWritten::NameTaken(other)));
                }
                tx.prepare_cached(
                    "INSERT INTO territories (id, name, folded, created_ms) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute(params![
                    territory.id,
                    territory.name,
                    folded(&territory.name),
                    territory.created_ms
                ])?;
                publish::territory(log, territory, territory.created_ms)?;
            }
            deeds.iter().try_for_each(|deed| audit::record(tx, deed))?;
            if let Some(first) = territories.first() {
                self.note(tx, first.created_ms, territories.iter().map(act).collect())?;
            }
            Ok(Ok(TerritoryWritten::Done))
        })
    }

    fn rename_territory(&self, id: TerritoryId, name: &str, deed: &Deed) -> Result<TerritoryWritten> {
        self.write_log_or_undo(|log| {
            let tx = log.tx;
            if let Some(other) = named(tx, name, Some(id))? {
                return Ok(Err(TerritoryWritten::NameTaken(other)));
            }
            let created_ms = tx
                .prepare_cached(
                    "UPDATE territories SET name = ?2, folded = ?3 WHERE id = ?1 RETURNING created_ms",
                )?
                .query_row(params![id, name, folded(name)], |row| row.get(0))
                .optional()?;
            let Some(created_ms) = created_ms else { return Ok(Err(TerritoryWritten::Unknown)) };
            let territory = Territory { id, name: name.to_owned(), created_ms };
            publish::territory(log, &territory, deed.at_ms)?;
            audit::record(tx, deed)?;
            self.note(tx, deed.at_ms, vec![act(&territory)])?;
            Ok(Ok(TerritoryWritten::Done))
        })
    }
}

fn act(territory: &Territory) -> Act {
    let Territory { id, name, created_ms } = territory.clone();
    Act::Territory { id: Text(id), name, created_ms }
}

/// As the journal says it is; a name that another one has since is left as it was.
pub(super) fn again(tx: &Transaction<'_>, territory: &Territory) -> Result<()> {
    tx.execute(
        "INSERT INTO territories (id, name, folded, created_ms) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, folded = excluded.folded",
        params![territory.id, territory.name, folded(&territory.name), territory.created_ms],
    )?;
    Ok(())
}

/// Another territory with this name.
fn named(tx: &Transaction<'_>, name: &str, but: Option<TerritoryId>) -> Result<Option<TerritoryId>> {
    let found: Option<TerritoryId> = tx
        .prepare_cached("SELECT id FROM territories WHERE folded = ?1")?
        .query_row([folded(name)], |row| row.get(0))
        .optional()?;
    Ok(found.filter(|id| Some(*id) != but))
}
