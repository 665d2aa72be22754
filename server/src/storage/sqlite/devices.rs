use cartera_core::model::{DeviceId, PersonId};
use cartera_core::sync::wire::ActorBytes;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::{SqliteStorage, audit, people};
use crate::audit::Deed;
use crate::devices::{ACTORS_PER_DEVICE_MAX, Device, KnownDevice, RevokeOrder, Revoked, SEEN_EVERY_MS};
use crate::journal::{Act, Hex, Text};
use crate::secret::SecretHash;
use crate::storage::devices::{ActorRegistered, Traded};
use crate::storage::{Devices, Result, StorageError};

const COLUMNS: &str =
    "d.id, d.person, d.name, d.enrolled_ms, d.seen_ms, d.revoked_ms, d.revoke_order, d.unconfirmed";

impl Devices for SqliteStorage {
    fn add_code(
        &self,
        code: &crate::devices::OneTimeCode,
        deed: &Deed,
    ) -> Result<crate::storage::devices::CodeAdded> {
        self.write_or_undo(|tx| super::codes::add(tx, code, deed))
    }

    fn trade_code(&self, trade: &crate::storage::devices::Trade) -> Result<crate::storage::devices::Traded> {
        self.write(|tx| {
            let traded = super::codes::trade(tx, trade)?;
            if let Traded::Done { device, person, again: false } = &traded {
                let act = Act::Device {
                    id: Text(*device),
                    person: Text(person.id),
                    name: trade.name.clone(),
                    token: Hex(*trade.token.as_bytes()),
                    enrolled_ms: trade.now_ms,
                };
                self.note(tx, trade.now_ms, vec![act])?;
            }
            Ok(traded)
        })
    }

    fn device_by_token(&self, token: &SecretHash, now_ms: i64) -> Result<Option<KnownDevice>> {
        let known = self.read(|tx| {
            tx.prepare_cached(&format!(
                "SELECT {COLUMNS}, p.role, p.scope_version, d.token_hash
                 FROM devices d JOIN people p ON p.id = d.person WHERE d.token_hash = ?1"
            ))?
            .query_row([token.as_bytes()], |row| Ok(known(row, token)))
            .optional()?
            .transpose()
        })?;
        let Some(known) = known.flatten() else { return Ok(None) };
        if now_ms.saturating_sub(known.device.seen_ms).abs() >= SEEN_EVERY_MS {
            self.write(|tx| {
                Ok(tx.execute(
                    "UPDATE devices SET seen_ms = ?2 WHERE id = ?1",
                    params![known.device.id, now_ms],
                )?)
            })?;
        }
        Ok(Some(known))
    }

    fn devices(&self, person: Option<PersonId>) -> Result<Vec<Device>> {
        self.read(|tx| {
            let mut statement = tx.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM devices d WHERE ?1 IS NULL OR d.person = ?1 ORDER BY d.id"
            ))?;
            let mut rows = statement.query([person])?;
            let mut devices = Vec::new();
            while let Some(row) = rows.next()? {
                devices.push(read(row)?);
            }
            Ok(devices)
        })
    }

    fn revoke_device(&self, id: DeviceId, order: RevokeOrder, deed: &Deed) -> Result<bool> {
        self.write(|tx| {
            let revoked = revoke(tx, id, order, deed.at_ms)?;
            if revoked {
                audit::record(tx, deed)?;
                let act = Act::Revoked { device: Text(id), order: order.name().to_owned() };
                self.note(tx, deed.at_ms, vec![act])?;
            }
            Ok(revoked)
        })
    }

    fn register_actors(
        &self,
        device: DeviceId,
        actors: &[ActorBytes],
        now_ms: i64,
    ) -> Result<Vec<ActorRegistered>> {
        self.write(|tx| {
            let mut registered = Vec::with_capacity(actors.len());
            let mut acts = Vec::new();
            for actor in actors {
                let outcome = register_actor(tx, device, *actor, now_ms)?;
                if outcome == ActorRegistered::New {
                    acts.push(Act::Actor { device: Text(device), actor: Hex(actor.0) });
                }
                registered.push(outcome);
            }
            self.note(tx, now_ms, acts)?;
            Ok(registered)
        })
    }

    fn confirm_devices(&self, ids: Option<&[DeviceId]>, deed: &Deed) -> Result<usize> {
        self.write(|tx| {
            let confirmed = match ids {
                None => tx.execute("UPDATE devices SET unconfirmed = 0 WHERE unconfirmed = 1", [])?,
                Some(ids) => {
                    let mut statement =
                        tx.prepare("UPDATE devices SET unconfirmed = 0 WHERE id = ?1 AND unconfirmed = 1")?;
                    let each = ids.iter().map(|id| statement.execute([id]));
                    each.sum::<rusqlite::Result<usize>>()?
                }
            };
            if confirmed > 0 {
                audit::record(tx, deed)?;
            }
            Ok(confirmed)
        })
    }

    fn actor_devices(&self, actors: &[ActorBytes]) -> Result<Vec<Option<DeviceId>>> {
        self.read(|tx| actors.iter().map(|actor| actor_device(tx, *actor)).collect())
    }
}

/// False if there is no such device.
pub(super) fn revoke(tx: &Transaction<'_>, id: DeviceId, order: RevokeOrder, at_ms: i64) -> Result<bool> {
    let revoked = tx.execute(
        "UPDATE devices SET revoked_ms = coalesce(revoked_ms, ?2), unconfirmed = 0,
         revoke_order = CASE WHEN revoke_order = 'wipe' THEN 'wipe' ELSE ?3 END WHERE id = ?1",
        params![id, at_ms, order.name()],
    )?;
    Ok(revoked == 1)
}

/// Registers one actor of a device, in the caller's transaction.
pub(crate) fn register_actor(
    tx: &Transaction<'_>,
    device: DeviceId,
    actor: ActorBytes,
    now_ms: i64,
) -> Result<ActorRegistered> {
    if let Some(owner) = actor_device(tx, actor)? {
        return Ok(if owner == device { ActorRegistered::Already } else { ActorRegistered::Taken });
    }
    let count: usize = tx
        .prepare_cached("SELECT count(*) FROM device_actors WHERE device = ?1")?
        .query_row([device], |row| row.get(0))?;
    if count >= ACTORS_PER_DEVICE_MAX {
        return Ok(ActorRegistered::TooMany);
    }
    tx.prepare_cached("INSERT INTO device_actors (actor, device, registered_ms) VALUES (?1, ?2, ?3)")?
        .execute(params![actor, device, now_ms])?;
    Ok(ActorRegistered::New)
}

/// The device that an actor belongs to.
pub(crate) fn actor_device(tx: &Transaction<'_>, actor: ActorBytes) -> Result<Option<DeviceId>> {
    Ok(tx
        .prepare_cached("SELECT device FROM device_actors WHERE actor = ?1")?
        .query_row([actor], |row| row.get(0))
        .optional()?)
}

/// Revokes whatever is not revoked of a person's devices.
pub(super) fn revoke_all_of(
    tx: &Transaction<'_>,
    person: PersonId,
    order: RevokeOrder,
    at_ms: i64,
) -> Result<()> {
    tx.execute(
        "UPDATE devices SET revoked_ms = ?2, revoke_order = ?3 WHERE person = ?1 AND revoked_ms IS NULL",
        params![person, at_ms, order.name()],
    )?;
    Ok(())
}

fn known(row: &Row<'_>, token: &SecretHash) -> Result<Option<KnownDevice>> {
    // The index found it; what counts is compared in constant time.
    if SecretHash::from_bytes(row.get(10)?) != *token {
        return Ok(None);
    }
    let role = people::role(&row.get::<_, String>(8)?)?;
    Ok(Some(KnownDevice { device: read(row)?, role, scope_version: row.get(9)? }))
}

pub(super) fn read(row: &Row<'_>) -> Result<Device> {
    let revoked = match (row.get::<_, Option<i64>>(5)?, row.get::<_, Option<String>>(6)?) {
        (Some(at_ms), Some(order)) => {
            let order = RevokeOrder::from_name(&order)
                .ok_or(StorageError::Undecodable { what: "order to a revoked device", detail: order })?;
            Some(Revoked { at_ms, order })
        }
        _ => None,
    };
    Ok(Device {
        id: row.get(0)?,
        person: row.get(1)?,
        name: row.get(2)?,
        enrolled_ms: row.get(3)?,
        seen_ms: row.get(4)?,
        revoked,
        unconfirmed: row.get(7)?,
    })
}
