//! Names and passwords with which people log in, and where they are logged in.

use cartera_core::model::{PersonId, TokenId};

use super::Result;
use crate::audit::Deed;
use crate::login::{Login, OpenSession, SecondStep};

/// What became of a new name and password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginSet {
    Done,
    /// Another person logs in with that name.
    NameTaken,
    /// Nobody, or somebody who left.
    NoPerson,
}

pub trait Logins {
    /// By the name in small letters; whoever left has none.
    fn login_named(&self, name: &str) -> Result<Option<Login>>;

    fn login_of(&self, person: PersonId) -> Result<Option<Login>>;

    /// Sets or replaces a person's name and password, not the second step, and ends every session of the person but `kept`.
    fn set_login(&self, login: &Login, kept: TokenId, deed: &Deed) -> Result<LoginSet>;

    /// Sets or ends the second step of a person's login; `false` where the person has no password.
    fn set_second_step(&self, person: PersonId, second: Option<SecondStep>, deed: &Deed) -> Result<bool>;

    /// Uses the digits of a span of time up; `false` if they, or later ones, were used.
    fn use_second_step(&self, person: PersonId, step: u64) -> Result<bool>;

    /// Sessions of a person that have not expired, the newest first.
    fn open_sessions(&self, person: PersonId, now_ms: i64) -> Result<Vec<OpenSession>>;

    /// Ends a session if it is that person's; `false` if it is not.
    fn end_session(&self, person: PersonId, id: TokenId, deed: &Deed) -> Result<bool>;
}
