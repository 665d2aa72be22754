//! Who did what, when, to whom: written in the same transaction as the deed itself.
//!
//! Ids and codes only, so that nothing here has to be erased with a person's or a client's data.

pub(crate) mod api;

use cartera_core::model::access::Action;
use cartera_core::model::{ClientId, DeviceId, PersonId, RecordId, TerritoryId, TokenId};

use crate::app::App;
use crate::people::access::By;
use crate::refused::Refused;

/// Characters of a deed's detail.
pub const DETAIL_CHARS_MAX: usize = 200;

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// Somebody at the relay's own command line.
    Console,
    Person(PersonId),
    Machine(TokenId),
    Device(DeviceId),
}

/// To whom or what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Workspace,
    Person(PersonId),
    Device(DeviceId),
    Territory(TerritoryId),
    Token(TokenId),
    Client(ClientId),
    Order(RecordId),
}

/// One thing that was done, or refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    pub at_ms: i64,
    pub actor: Actor,
    /// `device.revoked`, `enrolment.refused`: stable.
    pub action: &'static str,
    pub subject: Subject,
    /// Codes, numbers, ids; cut at [`DETAIL_CHARS_MAX`].
    pub detail: String,
}

/// A deed as it is read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    pub number: u64,
    pub at_ms: i64,
    pub actor_kind: String,
    pub actor: Option<[u8; 16]>,
    pub action: String,
    pub subject_kind: String,
    pub subject: Option<[u8; 16]>,
    pub detail: String,
}

impl Actor {
    /// The word and the id under which it is stored.
    pub fn parts(&self) -> (&'static str, Option<[u8; 16]>) {
        match self {
            Self::Console => ("console", None),
            Self::Person(id) => ("person", Some(*id.as_bytes())),
            Self::Machine(id) => ("machine", Some(*id.as_bytes())),
            Self::Device(id) => ("device", Some(*id.as_bytes())),
        }
    }
}

impl Subject {
    pub fn parts(&self) -> (&'static str, Option<[u8; 16]>) {
        match self {
            Self::Workspace => ("workspace", None),
            Self::Person(id) => ("person", Some(*id.as_bytes())),
            Self::Device(id) => ("device", Some(*id.as_bytes())),
            Self::Territory(id) => ("territory", Some(*id.as_bytes())),
            Self::Token(id) => ("token", Some(*id.as_bytes())),
            Self::Client(id) => ("client", Some(*id.as_bytes())),
            Self::Order(id) => ("order", Some(*id.as_bytes())),
        }
    }
}

impl Recorded {
    /// `person 01J...`, `console`.
    pub fn actor_text(&self) -> String {
        named(&self.actor_kind, self.actor)
    }

    pub fn subject_text(&self) -> String {
        named(&self.subject_kind, self.subject)
    }
}

fn named(kind: &str, id: Option<[u8; 16]>) -> String {
    // Every id is written alike; which noun it names the kind says.
    id.map_or(kind.to_owned(), |id| format!("{kind} {}", RecordId::from_bytes(id)))
}

/// At most [`PAGE_MAX`] deeds at one time.
pub const PAGE_MAX: usize = 1_000;

/// What was done before `number`, the latest first.
pub fn read_back(app: &App, by: By, number: u64, limit: usize) -> Result<Vec<Recorded>, Refused> {
    by.require(Action::ReadAudit)?;
    Ok(app.storage.deeds_before(number, limit.min(PAGE_MAX))?)
}

/// What was done after `number`, in order.
pub fn read(app: &App, by: By, after: u64, limit: usize) -> Result<Vec<Recorded>, Refused> {
    by.require(Action::ReadAudit)?;
    Ok(app.storage.deeds(after, limit.min(PAGE_MAX))?)
}
