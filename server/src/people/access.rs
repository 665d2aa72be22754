//! Who asks for an administrative use case, and whether the table of `cartera_core::model::access` lets them.

use cartera_core::model::PersonId;
use cartera_core::model::access::{Action, Reach, reach};

use crate::audit::Actor;
use crate::http::auth::Caller;
use crate::people::Role;
use crate::refused::Refused;
use crate::tokens::{MachineToken, Scope};

/// Who asks for an administrative use case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct By {
    pub actor: Actor,
    rights: Rights,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rights {
    /// Somebody at the relay's own command line owns the files and may do all.
    All,
    OfRole(Role),
    /// What each of [`Scope::ALL`] stands for, where the token has it.
    OfScopes([bool; Scope::ALL.len()]),
}

impl By {
    pub const CONSOLE: Self = Self { actor: Actor::Console, rights: Rights::All };

    /// Only people who are logged in administer; neither phones nor programs do, whoever holds them.
    pub fn caller(caller: &Caller) -> Option<Self> {
        match caller {
            Caller::Person(session) => Some(Self::of_person(session.person, session.role)),
            Caller::Device(_) | Caller::Machine(_) => None,
        }
    }

    pub(crate) fn of_person(person: PersonId, role: Role) -> Self {
        Self { actor: Actor::Person(person), rights: Rights::OfRole(role) }
    }

    /// A program, with what its token is for and nothing else.
    pub fn program(token: &MachineToken) -> Self {
        let has = Scope::ALL.map(|scope| token.scopes.contains(&scope));
        Self { actor: Actor::Machine(token.id), rights: Rights::OfScopes(has) }
    }

    /// How far it may.
    pub fn reach(&self, action: Action) -> Reach {
        match self.rights {
            Rights::All => Reach::All,
            Rights::OfRole(role) => reach(role, action),
            Rights::OfScopes(has) => {
                let covers = Scope::ALL.iter().zip(has).any(|(scope, has)| has && scope.covers(action));
                if covers { Reach::All } else { Reach::No }
            }
        }
    }

    pub fn require(&self, action: Action) -> Result<(), Refused> {
        if self.reach(action) == Reach::All { Ok(()) } else { Err(Refused::Forbidden(action)) }
    }

    /// That it may do it at all, if only for clients whom it sees.
    pub fn require_some(&self, action: Action) -> Result<(), Refused> {
        if self.reach(action) >= Reach::Scope { Ok(()) } else { Err(Refused::Forbidden(action)) }
    }
}
