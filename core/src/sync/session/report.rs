//! What a sync did, in figures that a person can be told.

use crate::model::{ClientId, DocumentId};
use crate::sync::wire::Refusal;

/// Counts over all requests of one sync.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Report {
    pub requests: u64,
    /// Bytes of bodies, as they travelled.
    pub bytes_sent: u64,
    pub bytes_received: u64,
    /// Own changes that the relay has now.
    pub sent: u64,
    /// Changes of others taken in.
    pub received: u64,
    /// Office records taken in.
    pub office: u64,
    /// Documents that came whole.
    pub documents: u64,
    /// Changes that a restored relay had lost and has back from this phone.
    pub offered: u64,
    pub entered: Vec<ClientId>,
    pub left: Vec<ClientId>,
    /// Clients that the office erased, and how many pieces of unsent or refused work went with each.
    pub erased: Vec<(ClientId, u64)>,
    /// Documents with a profile field that has two values now and had one before.
    pub conflicts: Vec<DocumentId>,
    pub refused: Vec<RefusedChange>,
    /// Refused edits of what the ERP owns that became requests to the office; they are refused work no more.
    pub asked: u64,
    /// Changes written anew because another of the same document was refused.
    pub rebased: u64,
    /// Things put right because digests differed: each means a defect somewhere.
    pub repaired: u64,
}

impl Report {
    /// Counts the exchanges of another report here.
    pub(super) fn add_exchanges(&mut self, other: &Self) {
        self.requests += other.requests;
        self.bytes_sent += other.bytes_sent;
        self.bytes_received += other.bytes_received;
    }

    pub(super) fn left(&mut self, client: ClientId) {
        if !self.left.contains(&client) {
            self.left.push(client);
        }
    }
}

/// A change that the relay did not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedChange {
    pub document: DocumentId,
    pub code: Refusal,
    pub detail: String,
}
