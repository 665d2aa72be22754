//! The log: what was taken, in the order in which it became durable, and what of it a device gets to read.
//!
//! Numbers begin at 1 and are given inside the commit, so a reader never skips an entry that commits late. Every
//! entry carries a hash, and a running hash over all hashes so far: `chain = SHA-256(chain before, kind, hash)`, cut to
//! 16 bytes. Two logs with the same chain at a number are the same up to it.
//!
//! An entry stands in a **lane**: a part of the workspace (everybody, a territory, one person) and an audience. What a
//! device may see is a set of lanes, and clients lent to its person by name.

use cartera_core::document::Change;
use cartera_core::model::{ClientId, DeviceId, DocumentId, PersonId, TerritoryId};
use cartera_core::sync::wire::limits::SNAPSHOT_BYTES;
use cartera_core::sync::wire::{self, DigestBytes, Epoch, Hash, Refusal, Scope};

use super::Result;
use super::reached::Reached;
use crate::audit::Deed;

/// Refused changes that are kept per device, and bytes of all of one device's together; the oldest make room.
pub const REFUSED_PER_DEVICE: usize = 1_000;
pub const REFUSED_BYTES_PER_DEVICE: usize = 16 << 20;
/// The same of what waits in quarantine. Nothing makes room there, since what came first is what the rest builds on: what
/// comes beyond stays on the phone, which offers it again the next day.
pub const QUARANTINED_PER_DEVICE: usize = 50_000;
pub const QUARANTINED_BYTES_PER_DEVICE: usize = 256 << 20;
/// How much of one device's waits in quarantine at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuarantineLimits {
    pub changes: usize,
    pub bytes: usize,
}

impl Default for QuarantineLimits {
    fn default() -> Self {
        Self { changes: QUARANTINED_PER_DEVICE, bytes: QUARANTINED_BYTES_PER_DEVICE }
    }
}

/// Bytes of all changes of one document; more are `too_large`. Such a document still travels as one snapshot.
pub const DOCUMENT_BYTES: u64 = SNAPSHOT_BYTES as u64 * 3 / 4;
/// Moves after a cursor that a pull looks through; with more, pages of the present are cheaper.
pub const MOVES_PER_PULL: usize = 20_000;

/// Under which code a change is kept that was offered without proof, and under which when an administrator did not take
/// it.
pub const QUARANTINED: &str = "quarantined";
pub const NOT_TAKEN: &str = "not_taken";

/// The end of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tip {
    pub epoch: Epoch,
    /// 0: the log is empty.
    pub number: u64,
    pub chain: [u8; 16],
}

/// A change as it came from a device, read outside the transaction.
#[derive(Debug, Clone)]
pub struct Incoming {
    pub document: DocumentId,
    pub generation: u32,
    /// Where its creator would put a new client.
    pub territory: Option<TerritoryId>,
    /// Brought back after a restore, and proven by a receipt: any device may.
    pub proven: bool,
    /// Brought back after a restore.
    pub offered: bool,
    /// What was read, or why it could not be.
    pub change: std::result::Result<Change, Unreadable>,
}

/// A change that was refused by its form alone, with its bytes.
#[derive(Debug, Clone)]
pub struct Unreadable {
    pub code: Refusal,
    pub detail: String,
    pub bytes: Vec<u8>,
}

/// All that a device pushes in one request.
#[derive(Debug, Clone)]
pub struct Push {
    pub device: DeviceId,
    pub changes: Vec<Incoming>,
    /// Clients of which it keeps nothing any more.
    pub purged: Vec<ClientId>,
    /// The last number of the log, and the version of its scope, that the phone knew when it said so. A request may be
    /// repeated long after: then it speaks of that time, and not of now.
    pub knew: u64,
    pub scope_version: u64,
    pub at_ms: i64,
    /// What is proven is so by receipts: then what it builds on is proven too, and taken out of quarantine with it.
    pub by_receipt: bool,
    /// For how long a client that left the device's scope may still be written by it.
    pub grace_ms: i64,
}

/// What became of one change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admitted {
    /// New, under this number.
    New {
        number: u64,
        hash: Hash,
    },
    /// The very change is there.
    Known {
        number: u64,
        hash: Hash,
    },
    /// The same records are there, as another change.
    KnownAs {
        number: u64,
        hash: Hash,
    },
    Held {
        missing: Vec<Hash>,
    },
    Refused {
        code: Refusal,
        detail: String,
    },
    /// Offered without proof: kept for the administrator.
    Quarantined,
}

/// What became of a push.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pushed {
    /// One for each change, in order.
    pub verdicts: Vec<Admitted>,
    /// The log's numbers that this push made, ascending; not all are changes.
    pub numbers: Vec<u64>,
}

/// What a device asks for.
#[derive(Debug, Clone)]
pub struct PullQuery<'a> {
    pub device: DeviceId,
    /// The last number that the phone has; past the end: it stands at the end.
    pub after: u64,
    /// Bytes of entries at most, one entry at least.
    pub want_bytes: usize,
    /// The scope version that the phone knows; 0: none.
    pub scope_version: u64,
    /// Made by the very request that pulls: not sent back.
    pub but: &'a [u64],
    /// Documents that the very request wrote to: the phone has them, in sight or not.
    pub pushed: &'a [DocumentId],
    /// Left out of the digest.
    pub excluded: &'a [DocumentId],
    pub digest: bool,
    /// Pages are still to be fetched: a client that moves meanwhile may slip between them.
    pub fetching: bool,
}

/// What a device gets.
#[derive(Debug, Clone)]
pub struct Pulled {
    /// The epoch, and the end of what was read: where the phone stands afterwards.
    pub reached: Tip,
    pub entries: Vec<PulledEntry>,
    pub more: bool,
    pub scope_version: u64,
    /// The scope, if it is not the one that the phone knows.
    pub scope: Option<Scope>,
    /// Territories in scope that were not in the one that the phone knows.
    pub gained: Vec<TerritoryId>,
    /// Pages of the present are cheaper than the entries, or the phone knew no scope that the relay remembers:
    /// everything is to be fetched.
    pub fetch_all: bool,
    pub digest: Option<DigestBytes>,
}

/// An entry, and the hashes that deserve a receipt: the change's, or the heads of the snapshot.
#[derive(Debug, Clone)]
pub struct PulledEntry {
    pub entry: wire::Entry,
    pub proofs: Vec<Hash>,
}

/// A change that was not taken, for whoever has to look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedChange {
    pub refusal: u64,
    pub device: DeviceId,
    pub document: DocumentId,
    pub generation: u32,
    pub code: String,
    pub detail: String,
    pub bytes: Vec<u8>,
    pub at_ms: i64,
    /// Where the creator of a client would put it.
    pub territory: Option<TerritoryId>,
}

/// Whose scope it is, and which of the relay's lanes that means. For listeners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sees {
    pub person: PersonId,
    pub scope_version: u64,
    /// Every lane but other people's own.
    pub all: bool,
    /// Ascending.
    pub lanes: Vec<i64>,
    /// The last number in sight.
    pub reached: u64,
}

pub trait Log {
    /// Admits pushes in one commit: each change is judged against the stored facts, applied to the rows and entered in
    /// the log, or gets the reason why not. A push never fails its neighbours.
    fn admit(&self, pushes: &[Push]) -> Result<Vec<Pushed>>;

    fn tip(&self) -> Result<Tip>;

    /// The running hash at `number`; `None` past the end. At 0 it is zeros.
    fn chain_at(&self, number: u64) -> Result<Option<[u8; 16]>>;

    /// What is after a number, as far as a device may see it; `None` if there is no such device.
    fn pull(&self, query: &PullQuery<'_>) -> Result<Option<Pulled>>;

    /// A device's scope as the phone is told it; `None` if there is no such device.
    fn scope_of(&self, device: DeviceId) -> Result<Option<Scope>>;

    /// What a device sees, for listeners; `None` if there is no such device.
    fn sees(&self, device: DeviceId) -> Result<Option<Sees>>;

    /// At most `limit` refused changes after `refusal`, in order.
    fn refused(&self, after: u64, limit: usize) -> Result<Vec<RefusedChange>>;

    /// The last `limit` refused changes, the latest first.
    fn last_refused(&self, limit: usize) -> Result<Vec<RefusedChange>>;

    /// As [`Log::refused`], of one code alone.
    fn refused_with(&self, code: &str, after: u64, limit: usize) -> Result<Vec<RefusedChange>>;

    /// Ids of what waits in quarantine for a document, in the order in which it was offered.
    fn quarantined_of(&self, document: DocumentId, limit: usize) -> Result<Vec<u64>>;

    /// A change in quarantine was taken, and is kept no more; or it was not, and is refused from now on.
    fn settle_quarantined(&self, refusal: u64, taken: bool, deed: &Deed) -> Result<()>;

    /// Tells whoever listens what other processes on the same store entered into the log; to be asked now and then.
    fn hear_others(&self) -> Result<()>;

    /// How far each lane has got, as commits tell it; kept by the process, not by the store.
    fn reached(&self) -> &Reached;
}
