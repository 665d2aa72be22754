use cartera_core::model::{PersonId, TokenId};
use rusqlite::{OptionalExtension, Row, params};

use super::{SqliteStorage, audit, people};
use crate::audit::Deed;
use crate::journal::{Act, Text};
use crate::login::{Login, OpenSession, SecondStep};
use crate::storage::Result;
use crate::storage::logins::{LoginSet, Logins};

const LOGIN: &str = "SELECT l.person, l.name, l.password, l.set_ms, l.totp_salt, l.totp_step
                     FROM logins l JOIN people p ON p.id = l.person WHERE p.left_ms IS NULL";

fn login(row: &Row<'_>) -> rusqlite::Result<Login> {
    let (salt, used_step): (Option<[u8; 16]>, u64) = (row.get(4)?, row.get(5)?);
    Ok(Login {
        person: row.get(0)?,
        name: row.get(1)?,
        password: row.get(2)?,
        set_ms: row.get(3)?,
        second: salt.map(|salt| SecondStep { salt, used_step }),
    })
}

impl Logins for SqliteStorage {
    fn login_named(&self, name: &str) -> Result<Option<Login>> {
        self.read(|tx| {
            let mut statement = tx.prepare_cached(&format!("{LOGIN} AND l.name = ?1"))?;
            Ok(statement.query_row([name], login).optional()?)
        })
    }

    fn login_of(&self, person: PersonId) -> Result<Option<Login>> {
        self.read(|tx| {
            let mut statement = tx.prepare_cached(&format!("{LOGIN} AND l.person = ?1"))?;
            Ok(statement.query_row([person], login).optional()?)
        })
    }

    fn set_login(&self, login: &Login, kept: TokenId, deed: &Deed) -> Result<LoginSet> {
        self.write_or_undo(|tx| {
            if people::find(tx, login.person)?.is_none_or(|person| person.left_ms.is_some()) {
                return Ok(Err(LoginSet::NoPerson));
            }
            let taken: bool = tx.query_row(
                "SELECT EXISTS (SELECT 1 FROM logins WHERE name = ?1 AND person <> ?2)",
                params![login.name, login.person],
                |row| row.get(0),
            )?;
            if taken {
                return Ok(Err(LoginSet::NameTaken));
            }
            tx.execute(
                "INSERT INTO logins (person, name, password, set_ms) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (person) DO UPDATE SET name = ?2, password = ?3, set_ms = ?4",
                params![login.person, login.name, login.password, login.set_ms],
            )?;
            tx.execute("DELETE FROM sessions WHERE person = ?1 AND id <> ?2", params![login.person, kept])?;
            self.note(tx, deed.at_ms, vec![Act::LoginChanged { person: Text(login.person) }])?;
            audit::record(tx, deed)?;
            Ok(Ok(LoginSet::Done))
        })
    }

    fn set_second_step(&self, person: PersonId, second: Option<SecondStep>, deed: &Deed) -> Result<bool> {
        self.write(|tx| {
            let (salt, step) = second.map_or((None, 0), |second| (Some(second.salt), second.used_step));
            let sql = "UPDATE logins SET totp_salt = ?2, totp_step = ?3 WHERE person = ?1";
            let set = tx.execute(sql, params![person, salt, step])? == 1;
            if set {
                self.note(tx, deed.at_ms, vec![Act::LoginChanged { person: Text(person) }])?;
                audit::record(tx, deed)?;
            }
            Ok(set)
        })
    }

    fn use_second_step(&self, person: PersonId, step: u64) -> Result<bool> {
        self.write(|tx| {
            let sql = "UPDATE logins SET totp_step = ?2 WHERE person = ?1 AND totp_step < ?2";
            Ok(tx.execute(sql, params![person, step])? == 1)
        })
    }

    fn open_sessions(&self, person: PersonId, now_ms: i64) -> Result<Vec<OpenSession>> {
        self.read(|tx| {
            let sql = "SELECT id, created_ms, expires_ms, by_code, browser FROM sessions
                       WHERE person = ?1 AND expires_ms > ?2 ORDER BY created_ms DESC, id";
            let mut statement = tx.prepare_cached(sql)?;
            let sessions = statement.query_map(params![person, now_ms], |row| {
                Ok(OpenSession {
                    id: row.get(0)?,
                    created_ms: row.get(1)?,
                    expires_ms: row.get(2)?,
                    by_code: row.get(3)?,
                    browser: row.get(4)?,
                })
            })?;
            Ok(sessions.collect::<rusqlite::Result<_>>()?)
        })
    }

    fn end_session(&self, person: PersonId, id: TokenId, deed: &Deed) -> Result<bool> {
        self.write(|tx| {
            let sql = "DELETE FROM sessions WHERE id = ?1 AND person = ?2";
            let ended = tx.execute(sql, params![id, person])? == 1;
            if ended {
                audit::record(tx, deed)?;
            }
            Ok(ended)
        })
    }
}
