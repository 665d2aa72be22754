//! Unsent work as a file that only the workspace opens, for when nothing else works: it may go by any way at all.
//!
//! The file is age's format, sealed to the workspace's key; inside is the body of a `SalvageRequest`
//! (`core/docs/protocol.md`, 18). Making one changes nothing: the work stays unsent here until the relay has it.

use std::io::Write;

use rusqlite::Connection;

use super::identity::Identity;
use super::session::as_pushed;
use super::wire::{self, SalvageRequest, Versions, limits};
use crate::store::{StoreError, outbox, waiting};

/// Work in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    pub bytes: Vec<u8>,
    /// Pieces of work in it.
    pub changes: usize,
    /// Pieces after those, for another file.
    pub left: u64,
    /// Records in no file, since the page of their client is still to come: only a sync makes work of them.
    pub waiting: u64,
}

/// A file cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("this phone is not enrolled yet")]
    NotEnrolled,
    #[error("the relay gave no key to which work could be sealed")]
    NoKey,
    #[error("sealing: {0}")]
    Failed(String),
}

impl SealError {
    /// Stable, with words in the strings.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::NotEnrolled => "not_enrolled",
            Self::NoKey => "no_workspace_key",
            Self::Failed(_) => "seal_failed",
        }
    }
}

/// Bytes of work in one file; what is around it fits into [`limits::SEALED_BYTES`] with room to spare.
const WORK_BYTES: usize = limits::SEALED_BYTES / 2;

/// All that is unsent, in the order in which it was made, after having skipped `skip` pieces: as much as one file takes.
/// Whatever the relay said of a piece, it is among them.
pub fn seal(conn: &Connection, skip: usize) -> Result<Sealed, SealError> {
    let identity = Identity::load(conn)?.ok_or(SealError::NotEnrolled)?;
    let recipient: age::x25519::Recipient = identity.workspace_key.parse().map_err(|_| SealError::NoKey)?;
    let unsent = outbox::all(conn, skip, WORK_BYTES, limits::PUSHED_CHANGES)?;
    let changes = unsent.len();
    let left = outbox::count(conn)?.saturating_sub((skip + changes) as u64);
    let request = SalvageRequest {
        versions: Versions::SPOKEN,
        changes: unsent.into_iter().map(as_pushed).collect::<Vec<_>>().into(),
        ..SalvageRequest::default()
    };
    let body = wire::encode(&request).map_err(|error| SealError::Failed(error.to_string()))?;
    let waiting = waiting::count(conn)?;
    Ok(Sealed { bytes: encrypt(&recipient, &body)?, changes, left, waiting })
}

fn encrypt(recipient: &age::x25519::Recipient, plain: &[u8]) -> Result<Vec<u8>, SealError> {
    let failed = |error: String| SealError::Failed(error);
    let recipients = std::iter::once(recipient as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(recipients).map_err(|error| failed(error.to_string()))?;
    let mut sealed = Vec::with_capacity(plain.len() + 512);
    let mut out = encryptor.wrap_output(&mut sealed).map_err(|error| failed(error.to_string()))?;
    out.write_all(plain).and_then(|()| out.finish()).map_err(|error| failed(error.to_string()))?;
    Ok(sealed)
}
