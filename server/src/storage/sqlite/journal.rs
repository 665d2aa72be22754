//! What the journal remembers and this file does not: done again, after a restore or when the file was put back.
//!
//! A decision about a client that is not here waits until a phone brings the client back; erased ones stay erased,
//! here or not.

use cartera_core::model::{ClientId, DeviceId, DocumentId, RecordId};
use cartera_core::sync::wire::{ActorBytes, Epoch};
use rusqlite::{OptionalExtension, Transaction, params};

use super::log::{self, LogWriter};
use super::workspace::set_epoch;
use super::{SqliteStorage, devices, people, publish, territories};
use crate::devices::RevokeOrder;
use crate::journal::{Act, Line, Text};
use crate::people::Person;
use crate::storage::office::OfficeWrite;
use crate::storage::people::CaughtUp;
use crate::storage::{Result, StorageError};
use crate::sync::today;
use crate::territories::Territory;

impl SqliteStorage {
    /// Writes decisions into the journal, inside the transaction that takes them and before it commits.
    pub(super) fn note(&self, tx: &Transaction<'_>, at_ms: i64, acts: Vec<Act>) -> Result<()> {
        if !acts.is_empty() {
            self.add_line(tx, at_ms, acts)?;
        }
        Ok(())
    }

    /// The line's number; without a journal, that of the last one held.
    fn add_line(&self, tx: &Transaction<'_>, at_ms: i64, acts: Vec<Act>) -> Result<u64> {
        let base = held(tx)?;
        let Some(journal) = &self.journal else { return Ok(base) };
        let number = journal.append(base, at_ms, acts)?;
        tx.execute("UPDATE workspace SET journal = ?1", [number])?;
        Ok(number)
    }

    /// Does again what the journal holds and this file does not.
    ///
    /// One line may be there because the process died between the journal and the commit. More of them prove that the
    /// file was put back: then `epoch` begins.
    pub(crate) fn follow_journal(&self, epoch: Epoch, now_ms: i64) -> Result<CaughtUp> {
        let Some(journal) = &self.journal else { return Ok(CaughtUp::default()) };
        let base = self.read(held)?;
        let lines = journal.after(base)?;
        let mut caught_up = self.replay(&lines, base)?;
        if lines.len() > 1 {
            let at_ms = lines.last().map_or(0, |line| line.at_ms);
            self.write(|tx| {
                set_epoch(tx, epoch, now_ms)?;
                if caught_up.whole { Ok(()) } else { log::doubt_orders(tx, at_ms) }
            })?;
            caught_up.rolled_back = true;
        }
        Ok(caught_up)
    }

    /// The last line of the journal that this file holds.
    pub(crate) fn journal_held(&self) -> Result<u64> {
        self.read(held)
    }

    /// A line without a decision behind all that this file holds, in a journal that lacks some of it; its number.
    pub(crate) fn begin_journal(&self, at_ms: i64) -> Result<u64> {
        self.write(|tx| self.add_line(tx, at_ms, Vec::new()))
    }

    pub(crate) fn replay(&self, lines: &[Line], base: u64) -> Result<CaughtUp> {
        let Some(last) = lines.last() else { return Ok(CaughtUp::default()) };
        let contiguous = lines.iter().zip(base + 1..).all(|(line, number)| line.number == number);
        let acts = self.write_log(|log| {
            let mut acts = 0;
            for line in lines {
                for act in &line.acts {
                    again(log, act, line.at_ms)?;
                    acts += 1;
                }
            }
            log.tx.execute("UPDATE workspace SET journal = ?1", [last.number])?;
            Ok(acts)
        })?;
        Ok(CaughtUp { acts, whole: contiguous, rolled_back: false })
    }

    /// What a copy from a backup must not go on with: sessions and codes, which may have ended or been used since; and,
    /// where the journal is not whole, passwords that may have been changed since, tokens and phones that may have been
    /// revoked, and orders that may have been answered.
    pub(crate) fn begin_restored(&self, epoch: Epoch, whole: bool, now_ms: i64) -> Result<()> {
        self.write(|tx| {
            set_epoch(tx, epoch, now_ms)?;
            tx.execute_batch("DELETE FROM sessions; DELETE FROM codes")?;
            if !whole {
                tx.execute("UPDATE devices SET unconfirmed = 1 WHERE revoked_ms IS NULL", [])?;
                tx.execute("DELETE FROM logins", [])?;
                tx.execute("UPDATE machine_tokens SET revoked_ms = ?1 WHERE revoked_ms IS NULL", [now_ms])?;
                log::doubt_orders(tx, now_ms)?;
            }
            Ok(())
        })
    }
}

/// The last line that this file holds.
fn held(tx: &Transaction<'_>) -> Result<u64> {
    Ok(tx.query_row("SELECT journal FROM workspace", [], |row| row.get(0)).optional()?.unwrap_or_default())
}

fn again(log: &mut LogWriter<'_>, act: &Act, at_ms: i64) -> Result<()> {
    let tx = log.tx;
    match act {
        Act::Territory { id, name, created_ms } => {
            let territory = Territory { id: id.0, name: name.clone(), created_ms: *created_ms };
            territories::again(tx, &territory)?;
            publish::territory(log, &territory, at_ms)
        }
        Act::Person { id, name, role, all_territories, territories, created_ms, left_ms } => {
            let person = Person {
                id: id.0,
                name: name.clone(),
                role: people::role(role)?,
                all_territories: *all_territories,
                territories: territories.iter().map(|id| id.0).collect(),
                scope_version: 1,
                created_ms: *created_ms,
                left_ms: *left_ms,
            };
            people::again(log, &person, at_ms)
        }
        Act::Device { id, person, name, token, enrolled_ms } => {
            if people::find(tx, person.0)?.is_some() {
                tx.execute(
                    "INSERT INTO devices (id, person, token_hash, name, enrolled_ms, seen_ms)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT DO NOTHING",
                    params![id.0, person.0, token.0, name, enrolled_ms],
                )?;
            }
            Ok(())
        }
        Act::Revoked { device, order } => {
            let order = RevokeOrder::from_name(order).unwrap_or(RevokeOrder::Salvage);
            devices::revoke(tx, device.0, order, at_ms)?;
            Ok(())
        }
        Act::Actor { device, actor } => {
            if is_device(tx, device.0)? {
                devices::register_actor(tx, device.0, ActorBytes(actor.0), at_ms)?;
            }
            Ok(())
        }
        Act::Token { id, name, hash, scopes, created_ms, expires_ms } => {
            tx.execute(
                "INSERT INTO machine_tokens (id, hash, name, scopes, created_ms, expires_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
                params![id.0, hash.0, name, scopes, created_ms, expires_ms],
            )?;
            Ok(())
        }
        Act::TokenRevoked { id } => {
            tx.execute(
                "UPDATE machine_tokens SET revoked_ms = coalesce(revoked_ms, ?2) WHERE id = ?1",
                params![id.0, at_ms],
            )?;
            Ok(())
        }
        // What this file knows is no good any more: a one-time code leads in, and to a new password.
        Act::LoginChanged { person } => {
            tx.execute("DELETE FROM logins WHERE person = ?1 AND set_ms < ?2", params![person.0, at_ms])?;
            tx.execute("DELETE FROM sessions WHERE person = ?1", [person.0])?;
            Ok(())
        }
        Act::Erased { client } => log::erase_again(log, client.0, at_ms),
        Act::Office { kind, source, key, value } => {
            let record = OfficeWrite {
                kind: kind.clone(),
                source: source.clone(),
                key: key.clone(),
                value: Some(value.0.clone()),
                ..OfficeWrite::default()
            };
            log::put_office(log, &record, at_ms)?;
            Ok(())
        }
        Act::Moved { .. }
        | Act::Lent { .. }
        | Act::Returned { .. }
        | Act::Merged { .. }
        | Act::Order { .. } => match about_client(log, act, at_ms)? {
            None => Ok(()),
            Some(missing) => wait_for(tx, missing, act, at_ms),
        },
    }
}

/// An order waits under its own id.
fn named_like(order: RecordId) -> ClientId {
    ClientId::from_bytes(*order.as_bytes())
}

/// Decides again what was decided about an order that has just been brought back.
pub(super) fn settle_order(log: &mut LogWriter<'_>, order: RecordId) -> Result<()> {
    let document = named_like(order).into();
    if is_awaited(log.tx, document)? { settle(log, document) } else { Ok(()) }
}

/// Decides again about a client or an order; the one that is not here, if one is not.
fn about_client(log: &mut LogWriter<'_>, act: &Act, at_ms: i64) -> Result<Option<ClientId>> {
    use crate::storage::clients::{Lending, Move};
    let tx = log.tx;
    let here = |client: ClientId| is_here(tx, client.into());
    match act {
        Act::Moved { client: Text(client), territory } => {
            if !here(*client)? {
                return Ok(Some(*client));
            }
            log::move_again(log, &Move { client: *client, to: territory.0 }, at_ms)?;
        }
        Act::Lent { client: Text(client), person, from_day, until_day } => {
            if !here(*client)? {
                return Ok(Some(*client));
            }
            let lending =
                Lending { client: *client, person: person.0, from_day: *from_day, until_day: *until_day };
            log::lend_again(log, &lending, today(at_ms), at_ms)?;
        }
        Act::Returned { client: Text(client), person } => {
            if !here(*client)? {
                return Ok(Some(*client));
            }
            log::return_again(log, *client, person.0, at_ms)?;
        }
        Act::Merged { client: Text(client), into } => {
            for client in [Some(*client), into.map(|into| into.0)].into_iter().flatten() {
                if !here(client)? {
                    return Ok(Some(client));
                }
            }
            log::merge_again(log, *client, into.map(|into| into.0), at_ms)?;
        }
        Act::Order { order: Text(order), revision, value } => {
            let revision = revision.map(|revision| revision.0);
            if !log::order_again(log, *order, revision, &value.0, at_ms)? {
                return Ok(Some(named_like(*order)));
            }
        }
        _ => {}
    }
    Ok(None)
}

/// Decides again what was decided about a document that has just been brought back.
pub(super) fn settle(log: &mut LogWriter<'_>, document: DocumentId) -> Result<()> {
    let tx = log.tx;
    let acts: Vec<(i64, String)> = tx
        .prepare_cached("DELETE FROM awaited WHERE document = ?1 RETURNING at_ms, act, place")?
        .query_map([document], |row| Ok((row.get::<_, i64>(2)?, (row.get(0)?, row.get(1)?))))?
        .collect::<rusqlite::Result<std::collections::BTreeMap<_, _>>>()?
        .into_values()
        .collect();
    for (at_ms, act) in acts {
        let act: Act = serde_json::from_str(&act).map_err(|error| StorageError::Undecodable {
            what: "awaited decision",
            detail: error.to_string(),
        })?;
        if let Some(missing) = about_client(log, &act, at_ms)? {
            wait_for(tx, missing, &act, at_ms)?;
        }
    }
    Ok(())
}

/// Whether anything waits for the document: nearly never, so nearly nothing is asked.
pub(super) fn is_awaited(tx: &Transaction<'_>, document: DocumentId) -> Result<bool> {
    Ok(tx.prepare_cached("SELECT 1 FROM awaited WHERE document = ?1")?.exists([document])?)
}

fn wait_for(tx: &Transaction<'_>, missing: ClientId, act: &Act, at_ms: i64) -> Result<()> {
    if tx.prepare_cached("SELECT 1 FROM erasures WHERE document = ?1")?.exists([missing])? {
        return Ok(());
    }
    let act = serde_json::to_string(act)
        .map_err(|error| StorageError::Undecodable { what: "decision", detail: error.to_string() })?;
    tx.prepare_cached(
        "INSERT INTO awaited (document, place, at_ms, act)
         SELECT ?1, coalesce(max(place) + 1, 0), ?2, ?3 FROM awaited",
    )?
    .execute(params![missing, at_ms, act])?;
    Ok(())
}

fn is_here(tx: &Transaction<'_>, document: DocumentId) -> Result<bool> {
    Ok(tx.prepare_cached("SELECT 1 FROM documents WHERE id = ?1")?.exists([document])?)
}

fn is_device(tx: &Transaction<'_>, device: DeviceId) -> Result<bool> {
    Ok(tx.prepare_cached("SELECT 1 FROM devices WHERE id = ?1")?.exists([device])?)
}
