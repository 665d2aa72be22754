//! The second step of a login, and setting it up: see [`super::totp`].

use std::net::IpAddr;

use cartera_core::env::random_bytes;
use cartera_core::model::PersonId;

use super::Login;
use super::manage::PasswordRefused;
use super::totp::{self, PENDING_MS, SALT_BYTES, SecondStep};
use crate::app::App;
use crate::audit::{Actor, Deed, Subject};
use crate::devices::CODE_MS;
use crate::secret::{from_base32, to_base32};
use crate::storage::StorageError;
use crate::tokens::manage::{LoginError, open};
use crate::tokens::{Proof, Session};

/// Person, time, proof.
const PENDING_BYTES: usize = 16 + 8 + 16;

/// Says for some minutes that this person's password was given; only the relay can write it.
pub(super) fn pending(app: &App, person: PersonId) -> String {
    let until = app.env.now_ms().saturating_add(PENDING_MS).to_be_bytes();
    let mut token = [0; PENDING_BYTES];
    token[..16].copy_from_slice(person.as_bytes());
    token[16..24].copy_from_slice(&until);
    token[24..].copy_from_slice(&proof(app, person, until));
    to_base32(&token)
}

fn proof(app: &App, person: PersonId, until: [u8; 8]) -> [u8; 16] {
    let mac = app.keys.mac("cartera login 1", &[person.as_bytes(), &until]);
    let mut proof = [0; 16];
    proof.copy_from_slice(&mac[..16]);
    proof
}

fn who(app: &App, pending: &str) -> Option<PersonId> {
    let token = from_base32::<PENDING_BYTES>(pending)?;
    let (mut id, mut until) = ([0; 16], [0; 8]);
    id.copy_from_slice(&token[..16]);
    until.copy_from_slice(&token[16..24]);
    let person = PersonId::from_bytes(id);
    let right = subtle::ConstantTimeEq::ct_eq(&proof(app, person, until)[..], &token[24..]).into();
    (right && app.env.now_ms() < i64::from_be_bytes(until)).then_some(person)
}

#[derive(Debug, thiserror::Error)]
pub enum DigitsRefused {
    /// Too late, or no such login: it begins anew.
    #[error("the password has to be given again")]
    Over,
    #[error("not the digits of now, or used before")]
    Wrong,
    #[error("too many attempts: try again in {0} seconds")]
    Wait(u32),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Ends a login that a right password began.
pub fn finish(
    app: &App,
    pending: &str,
    digits: &str,
    address: IpAddr,
    browser: &str,
) -> Result<(String, Session), DigitsRefused> {
    let person = who(app, pending).ok_or(DigitsRefused::Over)?;
    let login = app.storage.login_of(person)?.ok_or(DigitsRefused::Over)?;
    let uptime_ms = app.env.uptime_ms();
    if let Some(seconds) = app.door.wait(&login.name, address, uptime_ms) {
        return Err(DigitsRefused::Wait(seconds));
    }
    if !is_right(app, &login, digits)? {
        app.door.failed(&login.name, address, uptime_ms);
        app.storage.record(&[deed(app, person, "login.refused", "digits")])?;
        return Err(DigitsRefused::Wrong);
    }
    match open(app, Proof::Password(person), browser) {
        Ok(opened) => Ok(opened),
        Err(LoginError::Storage(error)) => Err(error.into()),
        Err(_) => Err(DigitsRefused::Over),
    }
}

/// Whether they are, and uses them up.
fn is_right(app: &App, login: &Login, digits: &str) -> Result<bool, StorageError> {
    let Some(second) = login.second else { return Ok(true) };
    let secret = totp::secret(app, login.person, &second.salt);
    match totp::step_of(secret, digits, app.env.now_ms()) {
        Some(step) => app.storage.use_second_step(login.person, step),
        None => Ok(false),
    }
}

/// A new salt for somebody who sets it up.
pub fn new_salt(app: &App) -> [u8; SALT_BYTES] {
    random_bytes(app.env.as_ref())
}

/// Turns it on once the authenticator shows the right digits; `false` if it does not, or there is no password.
pub fn turn_on(
    app: &App,
    session: &Session,
    salt: [u8; SALT_BYTES],
    digits: &str,
) -> Result<bool, StorageError> {
    let secret = totp::secret(app, session.person, &salt);
    let Some(used_step) = totp::step_of(secret, digits, app.env.now_ms()) else { return Ok(false) };
    let deed = deed(app, session.person, "second_step.set", "");
    app.storage.set_second_step(session.person, Some(SecondStep { salt, used_step }), &deed)
}

/// Turns it off; whoever has just come in by a one-time code may have lost the phone, and is not asked for digits.
pub fn turn_off(
    app: &App,
    session: &Session,
    digits: &str,
    address: IpAddr,
) -> Result<bool, PasswordRefused> {
    let Some(login) = app.storage.login_of(session.person)? else { return Ok(true) };
    let uptime_ms = app.env.uptime_ms();
    if !by_code_just_now(app, session)? {
        if let Some(seconds) = app.door.wait(&login.name, address, uptime_ms) {
            return Err(PasswordRefused::Wait(seconds));
        }
        if !is_right(app, &login, digits)? {
            app.door.failed(&login.name, address, uptime_ms);
            return Ok(false);
        }
    }
    let deed = deed(app, session.person, "second_step.ended", "");
    Ok(app.storage.set_second_step(session.person, None, &deed)?)
}

/// Whether this session was opened by a one-time code while such a code lasts.
pub fn by_code_just_now(app: &App, session: &Session) -> Result<bool, StorageError> {
    let now_ms = app.env.now_ms();
    let sessions = app.storage.open_sessions(session.person, now_ms)?;
    let own = sessions.iter().find(|open| open.id == session.id);
    Ok(own.is_some_and(|own| own.by_code && now_ms < own.created_ms.saturating_add(CODE_MS)))
}

fn deed(app: &App, person: PersonId, action: &'static str, detail: &str) -> Deed {
    Deed {
        at_ms: app.env.now_ms(),
        actor: Actor::Person(person),
        action,
        subject: Subject::Person(person),
        detail: detail.to_owned(),
    }
}
