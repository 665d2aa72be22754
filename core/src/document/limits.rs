//! Every bound on what a document may hold, in one place. Both ends check them, each is tested at its edge and one
//! past it, and a breach is `too_large` unless said otherwise. `core/docs/document.md` repeats them for others.

/// Bytes of one change, its chunk header included.
pub const MAX_CHANGE_BYTES: usize = 256 * 1024;
/// Operations in one change.
pub const MAX_OPS: usize = 1_000;
/// Dependencies of one change; a document with more heads is drawn together by its next changes.
pub const MAX_DEPS: usize = 1_024;
/// Predecessors of all operations of one change together; an edit over more values leaves the rest as they are.
pub const MAX_PREDS: usize = 4_096;
/// Actors that a change names beside its own.
pub const MAX_OTHER_ACTORS: usize = MAX_PREDS;
/// Bytes of an actor, exactly; anything else is `schema`.
pub const ACTOR_BYTES: usize = 16;
/// Largest operation counter and sequence number: what Automerge's own indices hold.
pub const MAX_COUNTER: u64 = i32::MAX as u64;
/// A change's time, in seconds either side of 1970: what every date library can show.
pub const MAX_TIME_S: i64 = 8_640_000_000_000;

/// Bytes of a key; a longer one is `schema`.
pub const MAX_KEY_BYTES: usize = crate::model::profile::KEY_BYTES_MAX;

/// Bytes of a profile value, text or CBOR.
pub const MAX_FIELD_BYTES: usize = crate::model::limits::PROFILE_VALUE_BYTES_MAX;
/// Bytes of a record.
pub const MAX_RECORD_BYTES: usize = crate::model::limits::RECORD_BYTES_MAX;
/// Arrays, maps and tags inside one another in a CBOR value, the outermost counted; deeper is `schema`.
pub const MAX_CBOR_DEPTH: usize = crate::model::cbor::DEPTH_MAX;
/// Bytes of a record's zone name; a longer one is `schema`.
pub const MAX_ZONE_BYTES: usize = crate::model::limits::ZONE_CHARS_MAX;
/// A record's device time, in milliseconds either side of 1970; beyond is `schema`.
pub const MAX_TIME_MS: i64 = 8_640_000_000_000_000;

/// Stored changes that are looked at to see whether an operation lies in a change's past.
pub const MAX_ANCESTRY_STEPS: usize = 100_000;
/// Changes that claim to be the same one written anew, and are compared with one that comes.
pub const MAX_REWRITTEN: usize = 16;
/// Bytes of all changes of a document together.
pub const MAX_DOCUMENT_BYTES: usize = 16 * 1024 * 1024;
/// Bytes of a document as a snapshot.
pub const MAX_SNAPSHOT_BYTES: usize = MAX_DOCUMENT_BYTES;
/// Operations, changes or predecessors in a snapshot.
pub const MAX_SNAPSHOT_ROWS: u64 = 1_000_000;
