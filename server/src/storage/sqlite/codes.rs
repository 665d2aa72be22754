//! One-time codes: made, and traded for a device.

use cartera_core::model::{DeviceId, PersonId, TokenId};
use rusqlite::{OptionalExtension, Transaction, params};

use super::{audit, people};
use crate::audit::{Actor, Deed, Subject};
use crate::devices::{CODES_KEPT_MS, CODES_OPEN_MAX, DEVICES_PER_PERSON_MAX, OneTimeCode, Purpose};
use crate::secret::SecretHash;
use crate::storage::Result;
use crate::storage::devices::{CodeAdded, Trade, Traded};

pub(super) fn add(
    tx: &Transaction<'_>,
    code: &OneTimeCode,
    deed: &Deed,
) -> Result<Result<CodeAdded, CodeAdded>> {
    tx.execute("DELETE FROM codes WHERE expires_ms < ?1", [code.created_ms - CODES_KEPT_MS])?;
    match people::find(tx, code.person)? {
        None => return Ok(Err(CodeAdded::UnknownPerson)),
        Some(person) if person.left_ms.is_some() => return Ok(Err(CodeAdded::Left)),
        Some(_) => {}
    }
    let open: usize = tx.query_row(
        "SELECT count(*) FROM codes WHERE expires_ms >= ?1 AND used_ms IS NULL",
        [code.created_ms],
        |row| row.get(0),
    )?;
    if open >= CODES_OPEN_MAX {
        return Ok(Err(CodeAdded::TooMany));
    }
    tx.execute(
        "INSERT INTO codes (id, hash, purpose, person, created_ms, expires_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            code.id,
            code.hash.as_bytes(),
            code.purpose.name(),
            code.person,
            code.created_ms,
            code.expires_ms
        ],
    )?;
    audit::record(tx, deed)?;
    Ok(Ok(CodeAdded::Done))
}

/// A code as it is stored.
pub(super) struct Stored {
    pub(super) id: TokenId,
    pub(super) person: PersonId,
    pub(super) expires_ms: i64,
    pub(super) used: bool,
    token: Option<SecretHash>,
    device: Option<DeviceId>,
}

pub(super) fn find(tx: &Transaction<'_>, hash: &SecretHash, purpose: Purpose) -> Result<Option<Stored>> {
    let stored = tx
        .prepare_cached(
            "SELECT id, person, expires_ms, used_ms IS NOT NULL, token_hash, device, hash
             FROM codes WHERE hash = ?1 AND purpose = ?2",
        )?
        .query_row(params![hash.as_bytes(), purpose.name()], |row| {
            let same = SecretHash::from_bytes(row.get(6)?) == *hash;
            Ok(same.then_some(Stored {
                id: row.get(0)?,
                person: row.get(1)?,
                expires_ms: row.get(2)?,
                used: row.get(3)?,
                token: row.get::<_, Option<[u8; 32]>>(4)?.map(SecretHash::from_bytes),
                device: row.get(5)?,
            }))
        })
        .optional()?;
    Ok(stored.flatten())
}

/// Trades a code for a device. What is refused is recorded here, since the transaction is kept.
pub(super) fn trade(tx: &Transaction<'_>, trade: &Trade) -> Result<Traded> {
    let Some(code) = find(tx, &trade.code, Purpose::Device)? else { return Ok(Traded::UnknownCode) };
    let outcome = decide(tx, trade, &code)?;
    let (subject, action, detail) = match &outcome {
        Traded::Done { again: true, .. } => return Ok(outcome), // the reply was lost: nothing new was done
        Traded::Done { device, .. } => {
            (Subject::Device(*device), "device.enrolled", format!("code {}", code.id))
        }
        Traded::UnknownCode => return Ok(outcome),
        Traded::Expired(id) => (Subject::Token(*id), "enrolment.refused", "expired".into()),
        Traded::Used(id) => (Subject::Token(*id), "enrolment.refused", "used".into()),
        Traded::Revoked(id) => (Subject::Token(*id), "enrolment.refused", "revoked".into()),
        Traded::TokenTaken(id) => (Subject::Token(*id), "enrolment.refused", "token_taken".into()),
        Traded::TooManyDevices(id) => (Subject::Token(*id), "enrolment.refused", "too_many_devices".into()),
    };
    let actor = Actor::Person(code.person);
    audit::record(tx, &Deed { at_ms: trade.now_ms, actor, action, subject, detail })?;
    Ok(outcome)
}

fn decide(tx: &Transaction<'_>, trade: &Trade, code: &Stored) -> Result<Traded> {
    if trade.now_ms > code.expires_ms {
        return Ok(Traded::Expired(code.id));
    }
    if code.used && code.token != Some(trade.token) {
        return Ok(Traded::Used(code.id));
    }
    let Some(person) = people::find(tx, code.person)?.filter(|person| person.left_ms.is_none()) else {
        return Ok(Traded::Revoked(code.id));
    };
    if let (true, Some(device)) = (code.used, code.device) {
        let revoked = tx
            .prepare_cached("SELECT 1 FROM devices WHERE id = ?1 AND revoked_ms IS NOT NULL")?
            .exists([device])?;
        return Ok(if revoked {
            Traded::Revoked(code.id)
        } else {
            Traded::Done { device, person, again: true }
        });
    }
    let taken =
        tx.prepare_cached("SELECT 1 FROM devices WHERE token_hash = ?1")?.exists([trade.token.as_bytes()])?;
    if taken {
        return Ok(Traded::TokenTaken(code.id));
    }
    let devices: usize = tx
        .prepare_cached("SELECT count(*) FROM devices WHERE person = ?1 AND revoked_ms IS NULL")?
        .query_row([code.person], |row| row.get(0))?;
    if devices >= DEVICES_PER_PERSON_MAX {
        return Ok(Traded::TooManyDevices(code.id));
    }
    tx.execute(
        "INSERT INTO devices (id, person, token_hash, name, enrolled_ms, seen_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
        params![trade.device, code.person, trade.token.as_bytes(), trade.name, trade.now_ms],
    )?;
    tx.execute(
        "UPDATE codes SET used_ms = ?2, token_hash = ?3, device = ?4 WHERE id = ?1",
        params![code.id, trade.now_ms, trade.token.as_bytes(), trade.device],
    )?;
    Ok(Traded::Done { device: trade.device, person, again: false })
}
