//! One Automerge document per client (and per person), read and written without loading it.
//!
//! A document is flat: its id, its profile fields and its immutable records all sit at the root. That makes three
//! things possible that everything else stands on:
//!
//! - a change can be made ([`append`], [`edit`]) and judged ([`admit`]) from a handful of stored facts
//!   ([`Facts`]), byte for byte as Automerge would have made it;
//! - what a change does to rows follows from its operations alone ([`Change`]);
//! - everything that two people may disagree on is one of two things: several live values of a field
//!   ([`conflict`]), or records that name one another ([`fold`]).
//!
//! No byte from outside is stored before [`admit`] has passed it. Automerge itself is loaded for export and
//! for compaction; what arrives as a [`snapshot`] is read from its columns. A device whose
//! work was refused in part writes the rest anew ([`rebase`]).
//!
//! `core/docs/document.md` is the format for others.

pub mod admit;
mod ancestry;
pub mod append;
pub mod change;
mod chunk;
pub mod conflict;
pub mod edit;
pub mod facts;
mod flat;
pub mod fold;
pub mod header;
pub mod keys;
pub mod limits;
pub mod memory;
pub mod rebase;
pub mod snapshot;
mod unpack;

pub use append::WriteError;
pub use automerge::{ActorId, ChangeHash};
pub use change::{Body, Change, FieldValue, Op, OpId};
pub use facts::{ChangeFacts, Facts, FieldOp, RecordFacts};
pub use header::{Header, Relation};
pub use keys::{FieldKey, Key, RecordKey};
pub use memory::MemoryFacts;
