//! Who asks for an administrative use case, and whether the table of `cartera_core::model::access` lets them.

use cartera_core::model::access::{Action, Reach, reach};

use crate::audit::Actor;
use crate::http::auth::Caller;
use crate::people::Role;
use crate::refused::Refused;

/// Who asks for an administrative use case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct By {
    pub actor: Actor,
    /// `None`: somebody at the relay's own command line, who owns the files and may do all.
    role: Option<Role>,
}

impl By {
    pub const CONSOLE: Self = Self { actor: Actor::Console, role: None };

    /// Only people who are logged in administer; neither phones nor programs do, whoever holds them.
    pub fn caller(caller: &Caller) -> Option<Self> {
        match caller {
            Caller::Person(session) => {
                Some(Self { actor: Actor::Person(session.person), role: Some(session.role) })
            }
            Caller::Device(_) | Caller::Machine(_) => None,
        }
    }

    pub fn require(&self, action: Action) -> Result<(), Refused> {
        match self.role {
            Some(role) if reach(role, action) != Reach::All => Err(Refused::Forbidden(action)),
            _ => Ok(()),
        }
    }
}
