//! What the workspace decides about clients, beside their documents: where they are, to whom they are lent, which are
//! the same, which are erased. Each decision is an entry of the log.

use cartera_core::model::{ClientId, DocumentId, PersonId, TerritoryId};

use super::Result;
use crate::audit::Deed;

/// A client's move to a territory; [`crate::territories::UNASSIGNED`] takes it from everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    pub client: ClientId,
    pub to: TerritoryId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// Under this number.
    Done(u64),
    /// It was there already.
    Already,
    UnknownClient,
    UnknownTerritory,
}

/// A client lent to a person by name, for some business days, both ends included; open where `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lending {
    pub client: ClientId,
    pub person: PersonId,
    pub from_day: Option<i32>,
    pub until_day: Option<i32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LendingWritten {
    Done,
    UnknownClient,
    UnknownPerson,
    /// It ends before it begins.
    Backwards,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merged {
    Done(u64),
    /// It is so already.
    Already,
    UnknownClient,
    /// The one to be kept is an alias of the one to be absorbed.
    Cycle,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erased {
    Done(u64),
    /// It was erased before.
    Already,
    UnknownClient,
}

/// Where a client is, for consoles and exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The one that counts; `None`: unassigned.
    pub territory: Option<TerritoryId>,
    pub alias_of: Option<ClientId>,
    /// Of the document's last entry in the log.
    pub number: u64,
}

pub trait Clients {
    /// Moves clients, in one commit; each by itself.
    fn move_clients(&self, moves: &[Move], at_ms: i64, deed: Option<&Deed>) -> Result<Vec<Moved>>;

    /// Lends a client, or changes for how long. `today` is the business day at the relay.
    fn lend(&self, lending: &Lending, today: i32, at_ms: i64, deed: &Deed) -> Result<LendingWritten>;

    /// Ends a lending; `false` if there was none.
    fn end_lending(&self, client: ClientId, person: PersonId, at_ms: i64, deed: &Deed) -> Result<bool>;

    /// Begins and ends lendings whose day has come. Cheap where none has.
    fn roll_day(&self, today: i32, at_ms: i64) -> Result<()>;

    /// Makes `absorbed` an alias of `kept`, or, with `None`, ends that. Documents are never combined.
    fn merge(&self, absorbed: ClientId, kept: Option<ClientId>, at_ms: i64, deed: &Deed) -> Result<Merged>;

    /// Deletes every byte of a client: document, rows, office records, refused work. Number and hash of its entries
    /// stay.
    fn erase(&self, client: ClientId, at_ms: i64, deed: &Deed) -> Result<Erased>;

    fn place(&self, document: DocumentId) -> Result<Option<Place>>;
}
