//! Byte strings of fixed length, each a type of its own, and the cursor.

use std::fmt;

use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};

use super::bounded::Bytes;
use super::limits;
use crate::model::hex::Hex;

macro_rules! fixed {
    ($($(#[$doc:meta])* $name:ident, $len:literal;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            pub const LEN: usize = $len;

            /// `None` unless there are exactly as many bytes as it has.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), Hex(&self.0))
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
                let at = d.position();
                Self::from_slice(d.bytes()?)
                    .ok_or_else(|| DecodeError::message(concat!("expected ", $len, " bytes")).at(at))
            }
        }

        impl From<[u8; $len]> for $name {
            fn from(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }
        }

        impl AsRef<[u8]> for $name {
            fn as_ref(&self) -> &[u8] {
                &self.0
            }
        }

        impl rusqlite::ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
                Ok(rusqlite::types::ToSqlOutput::from(&self.0[..]))
            }
        }

        impl rusqlite::types::FromSql for $name {
            fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
                Self::from_slice(value.as_blob()?).ok_or(rusqlite::types::FromSqlError::InvalidType)
            }
        }
    )* };
}

fixed! {
    /// Names one life of a relay's log; replaced after any restore.
    Epoch, 8;
    /// Proof that a relay with this recovery key admitted a change: HMAC over (client id, generation, hash), cut.
    Receipt, 16;
    /// The SHA-256 by which Automerge names a change.
    Hash, 32;
    /// An Automerge actor.
    ActorBytes, 16;
    /// A sum modulo 2^128, big-endian.
    DigestBytes, 16;
    /// The first bytes of an item's digest term.
    Fingerprint, 8;
    /// HMAC-SHA-256 with a device key.
    Mac, 32;
}

impl From<automerge::ChangeHash> for Hash {
    fn from(hash: automerge::ChangeHash) -> Self {
        Self(hash.0)
    }
}

impl From<Hash> for automerge::ChangeHash {
    fn from(hash: Hash) -> Self {
        Self(hash.0)
    }
}

impl From<ActorBytes> for automerge::ActorId {
    fn from(actor: ActorBytes) -> Self {
        Self::from(&actor.0[..])
    }
}

/// Where a phone stands in the log. Opaque: a phone keeps the bytes and sends them back.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Cursor(#[n(0)] pub Bytes<{ limits::CURSOR_BYTES }>);
