//! Tokens for programs, and people's logins.

pub(crate) mod api;
pub mod manage;

use std::fmt;
use std::str::FromStr;

use cartera_core::model::access::Action;
use cartera_core::model::{PersonId, TokenId};

use crate::people::Role;
use crate::secret::SecretHash;

/// Machine tokens that are neither revoked nor expired.
pub const TOKENS_MAX: usize = 200;
/// Logins of one person at one time; the oldest makes room.
pub const SESSIONS_PER_PERSON_MAX: usize = 8;
/// How long a login lasts, in milliseconds: 12 hours.
pub const SESSION_MS: i64 = 12 * 60 * 60 * 1000;
/// Characters of a token's name.
pub const NAME_CHARS_MAX: usize = 80;
/// How exactly the relay remembers when a token was last used, in milliseconds.
pub const USED_EVERY_MS: i64 = 60 * 60 * 1000;

/// What a machine's token lets it do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Read the export, figures, documents and history.
    Export,
    /// Write office records and run imports.
    OfficeWrite,
    /// Pick orders up and acknowledge them.
    Orders,
    /// Read `/metrics` from elsewhere.
    Metrics,
}

impl Scope {
    pub const ALL: [Self; 4] = [Self::Export, Self::OfficeWrite, Self::Orders, Self::Metrics];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Export => "export",
            Self::OfficeWrite => "office_write",
            Self::Orders => "orders",
            Self::Metrics => "metrics",
        }
    }

    /// Whether a program with this scope may do that.
    pub const fn covers(self, action: Action) -> bool {
        matches!(
            (self, action),
            (Self::Export, Action::Export | Action::ViewFigures)
                | (
                    Self::OfficeWrite,
                    Action::WriteOffice
                        | Action::Import
                        | Action::SetObjectives
                        | Action::ShareSegment
                        | Action::PublishNotice
                        | Action::PlanVisits
                )
                | (Self::Orders, Action::PickUpOrders)
        )
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Scope {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let names = Self::ALL.map(Self::name).join(", ");
        Self::ALL
            .into_iter()
            .find(|scope| scope.name() == text)
            .ok_or_else(|| format!("a scope is one of {names}"))
    }
}

/// A program's token as the relay remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineToken {
    pub id: TokenId,
    pub name: String,
    /// Each once, in order.
    pub scopes: Vec<Scope>,
    pub created_ms: i64,
    pub expires_ms: i64,
    pub revoked_ms: Option<i64>,
    pub used_ms: Option<i64>,
}

/// Somebody who is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: TokenId,
    pub person: PersonId,
    pub role: Role,
    pub expires_ms: i64,
}

/// By what somebody may come in.
#[derive(Debug, Clone)]
pub enum Proof {
    Code(SecretHash),
    /// This person's password was given, as somebody else has made sure.
    Password(PersonId),
}

/// A session to be opened.
#[derive(Debug, Clone)]
pub struct NewSession {
    pub proof: Proof,
    /// In few words, for its owner to know it again; empty where nobody said.
    pub browser: String,
    pub id: TokenId,
    pub hash: SecretHash,
    pub now_ms: i64,
    pub expires_ms: i64,
}
