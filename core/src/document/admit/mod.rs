//! Admission: what a change from outside must pass before anything of it is stored.
//!
//! Automerge does not defend itself. With checksums repaired, mutated changes made version 0.12 panic in thousands of
//! cases; some were taken and then made `save()` write a document that `load()` refused; 54 bytes can claim five
//! million operations and take 2 GB. So bytes come to it last:
//!
//! 1. [`bounds`]: the chunk is read here, within limits, and only the eight columns that a flat document needs. No
//!    length or run length is believed before it is compared with a limit; nothing is inflated.
//! 2. [`schema`]: keys, values and predecessors are of a shape that a document may hold.
//! 3. [`canonical`]: the operations that were read, encoded by Automerge, give the very same bytes. So whatever this
//!    reader or Automerge's might have thought of the bytes, they mean these operations; and the hash is right.
//! 4. [`causality`]: the change fits its document's stored facts.
//!
//! Steps 1 to 3 are [`inspect`], which needs nothing but the bytes and can run on any thread.

pub(super) mod bounds;
mod canonical;
mod causality;
pub(super) mod schema;

use std::borrow::Cow;
use std::fmt;

use super::change::Change;
use super::flat;
use super::keys::KeyError;
use crate::model::cbor::CborError;

pub use causality::{Outcome, causality};

/// Why a change is refused. The codes are the protocol's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalCode {
    /// The bytes are no change in Automerge's one form of it, or contradict what is stored.
    Malformed,
    /// It is a change, but not one that a document may hold.
    Schema,
    /// A limit is exceeded.
    TooLarge,
    /// The record's key is taken, by other bytes or in another document.
    RecordExists,
    /// The actor has made another change with this sequence number: it was cloned or restored from a backup.
    Equivocation,
}

impl RefusalCode {
    /// As it travels.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Schema => "schema",
            Self::TooLarge => "too_large",
            Self::RecordExists => "record_exists",
            Self::Equivocation => "equivocation",
        }
    }
}

impl fmt::Display for RefusalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A change is refused; `detail` says where and why, and holds nothing that a person wrote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Refusal {
    pub code: RefusalCode,
    pub detail: Cow<'static, str>,
}

impl Refusal {
    pub(super) fn new(code: RefusalCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { code, detail: detail.into() }
    }

    fn malformed(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(RefusalCode::Malformed, detail)
    }

    fn schema(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(RefusalCode::Schema, detail)
    }

    fn too_large(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(RefusalCode::TooLarge, detail)
    }

    /// Says which operation, counted from 1.
    fn at(mut self, index: usize) -> Self {
        self.detail = format!("operation {}: {}", index + 1, self.detail).into();
        self
    }
}

impl From<CborError> for Refusal {
    fn from(error: CborError) -> Self {
        Self::schema(format!("CBOR: {error}"))
    }
}

impl From<KeyError> for Refusal {
    fn from(error: KeyError) -> Self {
        Self::schema(error.to_string())
    }
}

/// Reads a change from outside: its form, not yet whether it fits a document.
///
/// # Errors
/// [`Refusal`] with `malformed`, `schema` or `too_large`.
pub fn inspect(bytes: &[u8]) -> Result<Change, Refusal> {
    let raw = bounds::read(bytes)?;
    let draft = schema::draft(raw)?;
    schema::check(&draft)?;
    canonical::encode_as(draft, bytes)
}

/// What a snapshot says that a change is, passed as [`inspect`] would. Nothing says yet that the bytes are those of its
/// author: whoever asks compares the hash.
///
/// # Errors
/// As [`inspect`].
pub(super) fn of_snapshot(raw: bounds::Raw<'_>, writer: &mut flat::Writer) -> Result<Change, Refusal> {
    let draft = schema::draft(raw)?;
    schema::check(&draft)?;
    let change = writer.encode(draft);
    schema::check_size(change.bytes.len())?;
    Ok(change)
}
