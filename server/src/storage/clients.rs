//! What the workspace decides about clients, beside their documents: where they are, to whom they are lent, which are
//! the same, which are erased. Each decision is an entry of the log.

use cartera_core::model::record::{ChangeRequest, MergeProposal, RequestDecision};
use cartera_core::model::{ClientId, DocumentId, PersonId, RecordId, TerritoryId};

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
    /// The person has as many as a scope holds.
    TooMany,
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

/// What erasing a client deletes, and what goes on naming it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ErasePreview {
    pub changes: u64,
    /// Of all its changes together.
    pub bytes: u64,
    /// Records by kind, as in their keys.
    pub records: Vec<(String, u64)>,
    /// Office records by kind.
    pub office: Vec<(String, u64)>,
    /// Refused and quarantined changes.
    pub refused: u64,
    /// Imports that were begun and not finished: their files have to be imported again.
    pub unfinished_imports: u64,
    /// Kept reports of imports: their findings quote cells.
    pub import_reports: u64,
    /// Clients that were merged into this one: they stand by themselves again.
    pub aliases: Vec<ClientId>,
    /// Other clients' proposals to merge them with this one: they name its id, and stay.
    pub proposals_elsewhere: u64,
}

/// A rep's proposal to merge two clients that nobody has followed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    pub record: RecordId,
    /// In whose document it stands.
    pub client: ClientId,
    pub proposal: MergeProposal,
    /// Who wrote it; `None` if the relay does not know its actor's person.
    pub by: Option<PersonId>,
    /// Where the record stands in the log.
    pub number: u64,
    /// When the relay took it.
    pub at_ms: i64,
}

/// A rep's request to change a field of the ERP's that nobody has answered yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Requested {
    /// The record that began the request.
    pub record: RecordId,
    pub client: ClientId,
    pub request: ChangeRequest,
    /// Who asked; `None` if the relay does not know the actor's person.
    pub by: Option<PersonId>,
    /// Where the record stands in the log.
    pub number: u64,
    /// When the relay took it.
    pub at_ms: i64,
}

/// What the office answers to a request.
#[derive(Debug, Clone, Copy)]
pub struct Decided<'a> {
    pub client: ClientId,
    /// The record that began it.
    pub request: RecordId,
    pub decision: RequestDecision,
    pub answer: Option<&'a str>,
    pub by: PersonId,
    pub at_ms: i64,
    /// The id of the record that says so, and the person's actor at the relay where there is none yet in this epoch.
    pub record: RecordId,
    pub new_actor: [u8; 16],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// Under this number of the log.
    Done(u64),
    /// There is no such client, or no such request of it.
    Unknown,
    /// Somebody has answered it, or it was taken back.
    Already,
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

    /// Proposals to merge after this number of the log, in order, of clients of which neither is the other's alias.
    fn proposed_merges(&self, after: u64, limit: usize) -> Result<Vec<Proposed>>;

    /// Requests to change a field that nobody has answered, after this number of the log, in order.
    fn change_requests(&self, after: u64, limit: usize) -> Result<Vec<Requested>>;

    /// Answers a request; where it is granted, the field says what was asked for, in the same commit.
    fn answer_request(&self, decided: Decided<'_>, deed: &Deed) -> Result<Answered>;

    /// What [`Clients::erase`] would do; `None` if there is no such client.
    fn erase_preview(&self, client: ClientId) -> Result<Option<ErasePreview>>;

    /// Deletes every byte of a client: document, rows, office records, refused work, and whatever was staged of it.
    /// Number and hash of its entries stay. What is left of it in free space goes with [`Clients::scrub`].
    fn erase(&self, client: ClientId, at_ms: i64, deed: &Deed) -> Result<Erased>;

    /// Overwrites what erasing left behind in the store's files, if anything. `false`: somebody reads an older state
    /// of the store; to be called again.
    fn scrub(&self) -> Result<bool>;

    fn place(&self, document: DocumentId) -> Result<Option<Place>>;
}
