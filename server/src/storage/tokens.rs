//! Machine tokens, sessions, and the workspace's settings.

use std::collections::BTreeMap;

use cartera_core::model::TokenId;

use super::Result;
use crate::audit::Deed;
use crate::secret::SecretHash;
use crate::tokens::{MachineToken, NewSession, Session};

/// What became of a login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoggedIn {
    Done(Session),
    /// Unknown, used, or for something else.
    Refused,
    Expired(TokenId),
    /// The person left.
    Left(TokenId),
}

pub trait Tokens {
    /// `false` if there are too many already.
    fn add_machine_token(&self, token: &MachineToken, hash: &SecretHash, deed: &Deed) -> Result<bool>;

    /// All of them, by id.
    fn machine_tokens(&self) -> Result<Vec<MachineToken>>;

    /// The token with this hash, revoked and expired ones too. Notes that it was used.
    fn machine_token(&self, hash: &SecretHash, now_ms: i64) -> Result<Option<MachineToken>>;

    /// `false` if there is none.
    fn revoke_machine_token(&self, id: TokenId, deed: &Deed) -> Result<bool>;

    fn open_session(&self, session: &NewSession) -> Result<LoggedIn>;

    /// The session with this hash, if it has not expired.
    fn session(&self, hash: &SecretHash, now_ms: i64) -> Result<Option<Session>>;

    fn close_session(&self, id: TokenId, deed: &Deed) -> Result<()>;
}

pub trait WorkspaceSettings {
    fn settings(&self) -> Result<BTreeMap<String, String>>;

    /// Sets those with a value, removes the others.
    fn set_settings(&self, settings: &[(&str, Option<String>)], deed: &Deed) -> Result<()>;
}
