//! Logging in with a password, setting it, and the list of one's own sessions. Everybody does this for themselves alone.

use std::net::IpAddr;

use cartera_core::model::TokenId;

use super::password::{self, Weak};
use super::{Login, NAME_CHARS_MAX, OpenSession, second};
use crate::app::App;
use crate::audit::{Actor, Deed, Subject};
use crate::storage::StorageError;
use crate::storage::logins::LoginSet;
use crate::tokens::manage::{LoginError, open};
use crate::tokens::{Proof, Session};

#[derive(Debug, thiserror::Error)]
pub enum PasswordRefused {
    /// One answer for both, so that nobody learns which names there are.
    #[error("no such name, or not its password")]
    Wrong,
    #[error("too many attempts: try again in {0} seconds")]
    Wait(u32),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// What a right password leads to.
#[derive(Debug)]
pub enum Entered {
    /// A session; its token is shown once.
    In(String, Session),
    /// The digits of the authenticator are asked for: what proves the password until then.
    Second(String),
}

/// Trades a name and its password for a session, or for the second step.
pub fn log_in(
    app: &App,
    name: &str,
    password: &str,
    address: IpAddr,
    browser: &str,
) -> Result<Entered, PasswordRefused> {
    let name = canonical(name);
    let uptime_ms = app.env.uptime_ms();
    if let Some(seconds) = app.door.wait(&name, address, uptime_ms) {
        return Err(PasswordRefused::Wait(seconds));
    }
    let known = app.storage.login_named(&name)?;
    let right = password::is_right(password, known.as_ref().map(|login| login.password.as_str()));
    if let Some(login) = known.as_ref().filter(|login| right && login.second.is_some()) {
        return Ok(Entered::Second(second::pending(app, login.person)));
    }
    let opened = match &known {
        Some(login) if right => match open(app, Proof::Password(login.person), browser) {
            Err(LoginError::Storage(error)) => return Err(error.into()),
            opened => opened.ok(), // who left meanwhile has no login any more
        },
        _ => None,
    };
    if let Some((token, session)) = opened {
        return Ok(Entered::In(token, session));
    }
    app.door.failed(&name, address, uptime_ms);
    if let Some(login) = known {
        let deed = Deed {
            at_ms: app.env.now_ms(),
            actor: Actor::Person(login.person),
            action: "login.refused",
            subject: Subject::Person(login.person),
            detail: "password".to_owned(),
        };
        app.storage.record(&[deed])?;
    }
    Err(PasswordRefused::Wrong)
}

/// What is wrong with a new name or password, field by field.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Wrong {
    pub name: Option<NameWrong>,
    pub current: Option<CurrentWrong>,
    pub(crate) new: Option<Weak>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameWrong {
    Empty,
    TooLong,
    Characters,
    Taken,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CurrentWrong {
    Wrong,
    Wait(u32),
}

#[derive(Debug, thiserror::Error)]
pub enum SetRefused {
    #[error("not a name or a password that can be used: {0:?}")]
    Wrong(Wrong),
    #[error("memory is short")]
    Memory,
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A new name and password, as they were typed.
#[derive(Debug)]
pub struct NewLogin<'a> {
    pub name: &'a str,
    /// Of the password that is replaced; see [`needs_current`].
    pub current: &'a str,
    pub new: &'a str,
}

/// Whether the password so far has to be given to set another. Whoever has just come in by a one-time code may have
/// forgotten it.
pub fn needs_current(app: &App, session: &Session) -> Result<bool, StorageError> {
    if app.storage.login_of(session.person)?.is_none() {
        return Ok(false);
    }
    Ok(!second::by_code_just_now(app, session)?)
}

/// Sets the name and the password of whoever asks; the person's other sessions end.
pub fn set(app: &App, session: &Session, new: &NewLogin<'_>, address: IpAddr) -> Result<(), SetRefused> {
    let name = canonical(new.name);
    let known = app.storage.login_of(session.person)?;
    let mut wrong = Wrong { name: name_wrong(&name), ..Wrong::default() };
    if let (true, Some(login)) = (needs_current(app, session)?, &known) {
        let uptime_ms = app.env.uptime_ms();
        if let Some(seconds) = app.door.wait(&login.name, address, uptime_ms) {
            wrong.current = Some(CurrentWrong::Wait(seconds));
        } else if !password::is_right(new.current, Some(&login.password)) {
            app.door.failed(&login.name, address, uptime_ms);
            wrong.current = Some(CurrentWrong::Wrong);
        }
    }
    let person = app.storage.person(session.person)?;
    let about = [name.as_str(), person.as_ref().map_or("", |person| person.name.as_str()), "cartera"];
    wrong.new = password::check(new.new, &about).err();
    if wrong != Wrong::default() {
        return Err(SetRefused::Wrong(wrong));
    }
    let password = password::hash(app.env.as_ref(), new.new).ok_or(SetRefused::Memory)?;
    let second = known.and_then(|login| login.second);
    let login = Login { person: session.person, name, password, set_ms: app.env.now_ms(), second };
    let deed = Deed {
        at_ms: login.set_ms,
        actor: Actor::Person(session.person),
        action: "password.set",
        subject: Subject::Person(session.person),
        detail: String::new(),
    };
    match app.storage.set_login(&login, session.id, &deed)? {
        LoginSet::Done => Ok(()),
        // Who left is not let in again; the next request says so.
        LoginSet::NameTaken | LoginSet::NoPerson => {
            Err(SetRefused::Wrong(Wrong { name: Some(NameWrong::Taken), ..Wrong::default() }))
        }
    }
}

/// Where whoever asks is logged in.
pub fn sessions(app: &App, session: &Session) -> Result<Vec<OpenSession>, StorageError> {
    app.storage.open_sessions(session.person, app.env.now_ms())
}

/// Ends one of one's own sessions; `false` if there is none of that id.
pub fn end(app: &App, session: &Session, id: TokenId) -> Result<bool, StorageError> {
    let deed = Deed {
        at_ms: app.env.now_ms(),
        actor: Actor::Person(session.person),
        action: "logout",
        subject: Subject::Token(id),
        detail: String::new(),
    };
    app.storage.end_session(session.person, id, &deed)
}

/// However it was typed: small letters, without blanks at the ends.
fn canonical(name: &str) -> String {
    name.trim().to_lowercase()
}

fn name_wrong(name: &str) -> Option<NameWrong> {
    let legal = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '@');
    match name.chars().count() {
        0 => Some(NameWrong::Empty),
        count if count > NAME_CHARS_MAX => Some(NameWrong::TooLong),
        _ if !name.chars().all(legal) => Some(NameWrong::Characters),
        _ => None,
    }
}
