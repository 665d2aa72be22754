use cartera_core::model::{DeviceId, PersonId};
use cartera_core::sync::wire::ActorBytes;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::{SqliteStorage, audit, people};
use crate::audit::Deed;
use crate::devices::{ACTORS_PER_DEVICE_MAX, Device, KnownDevice, RevokeOrder, Revoked, SEEN_EVERY_MS};
use crate::secret::SecretHash;
use crate::storage::devices::ActorRegistered;
use crate::storage::{Devices, Result, StorageError};

const COLUMNS: &str = "d.id, d.person, d.name, d.enrolled_ms, d.seen_ms, d.revoked_ms, d.revoke_order";

impl Devices for SqliteStorage {
    fn add_code(
        &self,
        code: &crate::devices::OneTimeCode,
        deed: &Deed,
    ) -> Result<crate::storage::devices::CodeAdded> {
        self.write_or_undo(|tx| super::codes::add(tx, code, deed))
    }

    fn trade_code(&self, trade: &crate::storage::devices::Trade) -> Result<crate::storage::devices::Traded> {
        self.write(|tx| super::codes::trade(tx, trade))
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
            let revoked = tx.execute(
                "UPDATE devices SET revoked_ms = coalesce(revoked_ms, ?2),
                 revoke_order = CASE WHEN revoke_order = 'wipe' THEN 'wipe' ELSE ?3 END WHERE id = ?1",
                params![id, deed.at_ms, order.name()],
            )?;
            if revoked == 1 {
                audit::record(tx, deed)?;
            }
            Ok(revoked == 1)
        })
    }

    fn register_actors(
        &self,
        device: DeviceId,
        actors: &[ActorBytes],
        now_ms: i64,
    ) -> Result<Vec<ActorRegistered>> {
        self.write(|tx| actors.iter().map(|actor| register_actor(tx, device, *actor, now_ms)).collect())
    }

    fn actor_devices(&self, actors: &[ActorBytes]) -> Result<Vec<Option<DeviceId>>> {
        self.read(|tx| actors.iter().map(|actor| actor_device(tx, *actor)).collect())
    }
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
    if SecretHash::from_bytes(row.get(9)?) != *token {
        return Ok(None);
    }
    let role = people::role(&row.get::<_, String>(7)?)?;
    Ok(Some(KnownDevice { device: read(row)?, role, scope_version: row.get(8)? }))
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
    })
}
