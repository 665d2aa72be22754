//! Making, listing and revoking tokens for programs; logging in and out.

use cartera_core::model::TokenId;
use cartera_core::model::access::Action;

use super::{MachineToken, NAME_CHARS_MAX, NewSession, Proof, SESSION_MS, Scope, Session, TOKENS_MAX};
use crate::app::App;
use crate::audit::{Actor, Deed, Subject};
use crate::devices::enrol::canonical;
use crate::http::auth::{MACHINE, SESSION, new_token};
use crate::people::access::By;
use crate::refused::{Refused, name};
use crate::secret::SecretHash;
use crate::storage::StorageError;
use crate::storage::tokens::LoggedIn;

/// How long a token may live, in days.
pub const DAYS_MAX: u32 = 1_095;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A token with its text, which is shown once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    pub text: String,
    pub token: MachineToken,
}

pub fn create(app: &App, by: By, text: &str, scopes: &[Scope], days: u32) -> Result<Made, Refused> {
    by.require(Action::ManageTokens)?;
    let now_ms = app.env.now_ms();
    let mut scopes = scopes.to_vec();
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() {
        return Err(Refused::invalid("scopes", "at least one"));
    }
    if !(1..=DAYS_MAX).contains(&days) {
        return Err(Refused::invalid("days", format!("from 1 to {DAYS_MAX}, not {days}")));
    }
    let token = MachineToken {
        id: TokenId::new(app.env.as_ref()),
        name: name("name", text, NAME_CHARS_MAX)?,
        scopes,
        created_ms: now_ms,
        expires_ms: now_ms.saturating_add(i64::from(days) * DAY_MS),
        revoked_ms: None,
        used_ms: None,
    };
    let (text, hash) = new_token(app, MACHINE);
    let names: Vec<_> = token.scopes.iter().map(|scope| scope.name()).collect();
    let deed = Deed {
        at_ms: now_ms,
        actor: by.actor,
        action: "token.made",
        subject: Subject::Token(token.id),
        detail: names.join(" "),
    };
    if app.storage.add_machine_token(&token, &hash, &deed)? {
        return Ok(Made { text, token });
    }
    Err(Refused::Limit { what: "tokens", max: TOKENS_MAX })
}

pub fn list(app: &App, by: By) -> Result<Vec<MachineToken>, Refused> {
    by.require(Action::ManageTokens)?;
    Ok(app.storage.machine_tokens()?)
}

pub fn revoke(app: &App, by: By, id: TokenId) -> Result<(), Refused> {
    by.require(Action::ManageTokens)?;
    let deed = Deed {
        at_ms: app.env.now_ms(),
        actor: by.actor,
        action: "token.revoked",
        subject: Subject::Token(id),
        detail: String::new(),
    };
    if app.storage.revoke_machine_token(id, &deed)? { Ok(()) } else { Err(Refused::unknown("token", id)) }
}

#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    #[error("the code is unknown or was used; ask for a new one")]
    Refused,
    #[error("the code has expired; ask for a new one")]
    Expired,
    #[error("the person works here no more")]
    Left,
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Trades a one-time code for a session; its token is shown once.
pub fn log_in(app: &App, code: &str, browser: &str) -> Result<(String, Session), LoginError> {
    let code = canonical(code).ok_or(LoginError::Refused)?;
    open(app, Proof::Code(SecretHash::of(&code)), browser)
}

/// Opens a session for whoever proved to be let in; its token is shown once.
pub(crate) fn open(app: &App, proof: Proof, browser: &str) -> Result<(String, Session), LoginError> {
    let (text, hash) = new_token(app, SESSION);
    let now_ms = app.env.now_ms();
    let new = NewSession {
        proof,
        browser: browser.to_owned(),
        id: TokenId::new(app.env.as_ref()),
        hash,
        now_ms,
        expires_ms: now_ms.saturating_add(SESSION_MS),
    };
    match app.storage.open_session(&new)? {
        LoggedIn::Done(session) => Ok((text, session)),
        LoggedIn::Refused => Err(LoginError::Refused),
        LoggedIn::Expired(_) => Err(LoginError::Expired),
        LoggedIn::Left(_) => Err(LoginError::Left),
    }
}

pub fn log_out(app: &App, session: &Session) -> Result<(), StorageError> {
    let deed = Deed {
        at_ms: app.env.now_ms(),
        actor: Actor::Person(session.person),
        action: "logout",
        subject: Subject::Token(session.id),
        detail: String::new(),
    };
    app.storage.close_session(session.id, &deed)
}
