use cartera_core::model::{PersonId, TokenId};
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::{SqliteStorage, audit, codes, people};
use crate::audit::{Actor, Deed, Subject};
use crate::devices::Purpose;
use crate::journal::{Act, Hex, Text};
use crate::secret::SecretHash;
use crate::storage::tokens::LoggedIn;
use crate::storage::{Result, StorageError, Tokens};
use crate::tokens::{
    MachineToken, NewSession, Proof, SESSIONS_PER_PERSON_MAX, Session, TOKENS_MAX, USED_EVERY_MS,
};

const COLUMNS: &str = "id, name, scopes, created_ms, expires_ms, revoked_ms, used_ms";

impl Tokens for SqliteStorage {
    fn add_machine_token(&self, token: &MachineToken, hash: &SecretHash, deed: &Deed) -> Result<bool> {
        let added = self.write_or_undo(|tx| {
            let count: usize = tx.query_row(
                "SELECT count(*) FROM machine_tokens WHERE revoked_ms IS NULL AND expires_ms > ?1",
                [token.created_ms],
                |row| row.get(0),
            )?;
            if count >= TOKENS_MAX {
                return Ok(Err(false));
            }
            let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.name()).collect();
            tx.execute(
                "INSERT INTO machine_tokens (id, hash, name, scopes, created_ms, expires_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    token.id,
                    hash.as_bytes(),
                    token.name,
                    scopes.join(" "),
                    token.created_ms,
                    token.expires_ms
                ],
            )?;
            audit::record(tx, deed)?;
            let act = Act::Token {
                id: Text(token.id),
                name: token.name.clone(),
                hash: Hex(*hash.as_bytes()),
                scopes: scopes.join(" "),
                created_ms: token.created_ms,
                expires_ms: token.expires_ms,
            };
            self.note(tx, token.created_ms, vec![act])?;
            Ok(Ok(true))
        })?;
        Ok(added)
    }

    fn machine_tokens(&self) -> Result<Vec<MachineToken>> {
        self.read(|tx| {
            let mut statement =
                tx.prepare_cached(&format!("SELECT {COLUMNS} FROM machine_tokens ORDER BY id"))?;
            let mut rows = statement.query([])?;
            let mut tokens = Vec::new();
            while let Some(row) = rows.next()? {
                tokens.push(read(row)?);
            }
            Ok(tokens)
        })
    }

    fn machine_token(&self, hash: &SecretHash, now_ms: i64) -> Result<Option<MachineToken>> {
        let found = self.read(|tx| {
            tx.prepare_cached(&format!("SELECT {COLUMNS}, hash FROM machine_tokens WHERE hash = ?1"))?
                .query_row([hash.as_bytes()], |row| {
                    Ok((SecretHash::from_bytes(row.get(7)?) == *hash).then(|| read(row)))
                })
                .optional()?
                .flatten()
                .transpose()
        })?;
        let Some(token) = found else { return Ok(None) };
        if token.used_ms.is_none_or(|used| now_ms.saturating_sub(used).abs() >= USED_EVERY_MS) {
            self.write(|tx| {
                Ok(tx.execute(
                    "UPDATE machine_tokens SET used_ms = ?2 WHERE id = ?1",
                    params![token.id, now_ms],
                )?)
            })?;
        }
        Ok(Some(token))
    }

    fn revoke_machine_token(&self, id: TokenId, deed: &Deed) -> Result<bool> {
        self.write(|tx| {
            let revoked = tx.execute(
                "UPDATE machine_tokens SET revoked_ms = coalesce(revoked_ms, ?2) WHERE id = ?1",
                params![id, deed.at_ms],
            )?;
            if revoked == 1 {
                audit::record(tx, deed)?;
                self.note(tx, deed.at_ms, vec![Act::TokenRevoked { id: Text(id) }])?;
            }
            Ok(revoked == 1)
        })
    }

    fn open_session(&self, session: &NewSession) -> Result<LoggedIn> {
        self.write(|tx| open(tx, session))
    }

    fn session(&self, hash: &SecretHash, now_ms: i64) -> Result<Option<Session>> {
        self.read(|tx| {
            let row = tx
                .prepare_cached(
                    "SELECT s.id, s.person, p.role, s.expires_ms, s.hash FROM sessions s JOIN people p ON p.id = s.person
                     WHERE s.hash = ?1 AND s.expires_ms > ?2 AND p.left_ms IS NULL",
                )?
                .query_row(params![hash.as_bytes(), now_ms], |row| {
                    let same = SecretHash::from_bytes(row.get(4)?) == *hash;
                    Ok((same, row.get(0)?, row.get(1)?, row.get::<_, String>(2)?, row.get(3)?))
                })
                .optional()?;
            let Some((true, id, person, role, expires_ms)) = row else { return Ok(None) };
            Ok(Some(Session { id, person, role: people::role(&role)?, expires_ms }))
        })
    }

    fn close_session(&self, id: TokenId, deed: &Deed) -> Result<()> {
        self.write(|tx| {
            if tx.execute("DELETE FROM sessions WHERE id = ?1", [id])? == 1 {
                audit::record(tx, deed)?;
            }
            Ok(())
        })
    }
}

fn open(tx: &Transaction<'_>, new: &NewSession) -> Result<LoggedIn> {
    let (person, deed) = match &new.proof {
        Proof::Code(code) => match trade(tx, code, new.now_ms)? {
            Ok(traded) => traded,
            Err(refused) => return Ok(refused),
        },
        Proof::Password(person) => {
            let deed = Deed {
                at_ms: new.now_ms,
                actor: Actor::Person(*person),
                action: "login",
                subject: Subject::Person(*person),
                detail: "password".to_owned(),
            };
            (*person, deed)
        }
    };
    let Some(person) = people::find(tx, person)?.filter(|person| person.left_ms.is_none()) else {
        return Ok(LoggedIn::Refused);
    };
    tx.execute("DELETE FROM sessions WHERE expires_ms <= ?1", [new.now_ms])?;
    // The oldest logins make room.
    tx.execute(
        "DELETE FROM sessions WHERE person = ?1 AND id NOT IN
         (SELECT id FROM sessions WHERE person = ?1 ORDER BY created_ms DESC LIMIT ?2)",
        params![person.id, SESSIONS_PER_PERSON_MAX - 1],
    )?;
    let by_code = matches!(new.proof, Proof::Code(_));
    tx.execute(
        "INSERT INTO sessions (id, hash, person, created_ms, expires_ms, by_code, browser)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![new.id, new.hash.as_bytes(), person.id, new.now_ms, new.expires_ms, by_code, new.browser],
    )?;
    audit::record(tx, &deed)?;
    Ok(LoggedIn::Done(Session {
        id: new.id,
        person: person.id,
        role: person.role,
        expires_ms: new.expires_ms,
    }))
}

/// Uses a code up: whose it was and what is to be recorded, or why it is of no use.
fn trade(
    tx: &Transaction<'_>,
    code: &SecretHash,
    now_ms: i64,
) -> Result<std::result::Result<(PersonId, Deed), LoggedIn>> {
    let Some(code) = codes::find(tx, code, Purpose::Session)?.filter(|code| !code.used) else {
        return Ok(Err(LoggedIn::Refused));
    };
    let deed = |action, detail: &str| Deed {
        at_ms: now_ms,
        actor: Actor::Person(code.person),
        action,
        subject: Subject::Token(code.id),
        detail: detail.to_owned(),
    };
    if now_ms > code.expires_ms {
        audit::record(tx, &deed("login.refused", "expired"))?;
        return Ok(Err(LoggedIn::Expired(code.id)));
    }
    if people::find(tx, code.person)?.is_none_or(|person| person.left_ms.is_some()) {
        return Ok(Err(LoggedIn::Left(code.id)));
    }
    tx.execute("UPDATE codes SET used_ms = ?2 WHERE id = ?1", params![code.id, now_ms])?;
    Ok(Ok((code.person, deed("login", ""))))
}

fn read(row: &Row<'_>) -> Result<MachineToken> {
    let scopes: String = row.get(2)?;
    let scopes = scopes
        .split_whitespace()
        .map(|name| {
            name.parse().map_err(|detail| StorageError::Undecodable { what: "scope of a token", detail })
        })
        .collect::<Result<_>>()?;
    Ok(MachineToken {
        id: row.get(0)?,
        name: row.get(1)?,
        scopes,
        created_ms: row.get(3)?,
        expires_ms: row.get(4)?,
        revoked_ms: row.get(5)?,
        used_ms: row.get(6)?,
    })
}
