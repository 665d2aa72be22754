//! A client's document as a whole, and its changes one by one: what somebody takes along.

use cartera_core::model::{ClientId, DeviceId};
use cartera_core::sync::wire::{ActorBytes, PageDocument};

use super::Result;
use super::export::Author;

/// What the store has of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept<T> {
    Here(T),
    /// It was erased for good.
    Erased,
    /// No such client; a person's own document is none.
    Unknown,
}

/// A change with what the relay knows of it beside its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredChange {
    /// Place in the log.
    pub number: u64,
    pub received_ms: i64,
    pub actor: ActorBytes,
    pub author: Option<Author>,
    /// Under which it was written; `None` for the relay's own actors.
    pub device: Option<DeviceId>,
    /// The relay had lost it, and this device brought it back.
    pub recovered_through: Option<DeviceId>,
    /// An uncompressed Automerge change chunk.
    pub bytes: Vec<u8>,
}

pub trait Documents {
    /// The document as one uncompressed Automerge chunk, with its heads; without receipts.
    fn client_document(&self, client: ClientId) -> Result<Kept<PageDocument>>;

    /// Where the document stands: the same without its bytes.
    fn client_standing(&self, client: ClientId) -> Result<Kept<PageDocument>>;

    /// Changes after one number and up to another, in the order of the log: one at least if there is one, no more once
    /// there are `want_bytes` of them.
    fn client_changes(
        &self,
        client: ClientId,
        after: u64,
        until: u64,
        want_bytes: usize,
    ) -> Result<Kept<Vec<StoredChange>>>;
}
