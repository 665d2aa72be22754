//! Who may administer what: role x action, one table.
//!
//! What people may do with clients and records is `cartera_core::model::access`, which the phone asks too; this is
//! what only the relay can do.

use crate::audit::Actor;
use crate::http::auth::Caller;
use crate::people::Role;
use crate::refused::Refused;

/// Something that is done to the workspace itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// See who works here, the territories and who looks after them.
    ReadPeople,
    /// Add, change, part with people.
    WritePeople,
    /// Add and rename territories.
    WriteTerritories,
    /// Move clients between territories, lend and take back.
    MoveClients,
    /// See which phones there are and when each was last heard of.
    ReadDevices,
    /// Link a phone to a person.
    EnrolDevices,
    /// Revoke a phone.
    RevokeDevices,
    /// Make a login code for a person.
    MakeLogins,
    /// See, make and revoke tokens for programs.
    Tokens,
    ReadSettings,
    WriteSettings,
    /// Read who did what.
    ReadAudit,
}

impl Action {
    pub const ALL: [Self; 12] = [
        Self::ReadPeople,
        Self::WritePeople,
        Self::WriteTerritories,
        Self::MoveClients,
        Self::ReadDevices,
        Self::EnrolDevices,
        Self::RevokeDevices,
        Self::MakeLogins,
        Self::Tokens,
        Self::ReadSettings,
        Self::WriteSettings,
        Self::ReadAudit,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::ReadPeople => "read_people",
            Self::WritePeople => "write_people",
            Self::WriteTerritories => "write_territories",
            Self::MoveClients => "move_clients",
            Self::ReadDevices => "read_devices",
            Self::EnrolDevices => "enrol_devices",
            Self::RevokeDevices => "revoke_devices",
            Self::MakeLogins => "make_logins",
            Self::Tokens => "tokens",
            Self::ReadSettings => "read_settings",
            Self::WriteSettings => "write_settings",
            Self::ReadAudit => "read_audit",
        }
    }
}

/// The table.
pub const fn allows(role: Role, action: Action) -> bool {
    use Action as A;
    match role {
        Role::Administrator => true,
        Role::Manager => matches!(action, A::ReadPeople | A::MoveClients | A::ReadDevices | A::ReadSettings),
        Role::BackOffice => matches!(action, A::ReadPeople | A::ReadSettings),
        Role::Rep => false,
    }
}

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
            Some(role) if !allows(role, action) => Err(Refused::Forbidden(action)),
            _ => Ok(()),
        }
    }
}
