//! Names of things: 128-bit ULIDs, each noun a type of its own, so that one cannot be passed for another.
//!
//! Written as 26 characters of Crockford's base 32, in CBOR as 16 bytes. The first 48 bits are the device's time
//! in milliseconds when the id was made, which keeps neighbours together in an index; as wrong as that clock may be.

use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Decoder, Encode, Encoder};

use crate::env::{Env, random_bytes};

/// The text is not 26 characters of Crockford's base 32 that hold 128 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id has 26 characters of 0-9 and A-Z without I, L, O, U, the first at most 7")]
pub struct IdError;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// A new id from the device's clock and randomness.
            pub fn new(env: &dyn Env) -> Self {
                let ms = u64::try_from(env.now_ms()).unwrap_or(0);
                let random = u128::from_be_bytes(random_bytes(env));
                Self(ulid::Ulid::from_parts(ms & ((1 << 48) - 1), random).to_bytes())
            }

            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// `None` unless there are exactly 16 bytes.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }

            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }

            /// When it was made, in milliseconds since 1970, by the clock of whoever made it.
            pub const fn made_ms(&self) -> i64 {
                let [a, b, c, d, e, f, ..] = self.0;
                i64::from_be_bytes([0, 0, a, b, c, d, e, f])
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(ulid::Ulid::from_bytes(self.0).array_to_str(&mut [0; ulid::ULID_LEN]))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            /// Only the canonical form: upper case, no look-alike letters.
            fn from_str(text: &str) -> Result<Self, IdError> {
                let id = ulid::Ulid::from_string(text).map(|id| Self(id.to_bytes())).map_err(|_| IdError)?;
                if id.to_string() == text { Ok(id) } else { Err(IdError) }
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                let bytes = d.bytes()?;
                Self::from_slice(bytes).ok_or_else(|| minicbor::decode::Error::message("an id has 16 bytes"))
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

ids! {
    /// A customer, for ever; also names the customer's document.
    ClientId,
    /// A document: a client's, or the one that a person keeps about no client.
    DocumentId,
    /// A record inside a document; its key is the kind's letters, a slash and this.
    RecordId,
    /// A contact, date or place inside a client's profile.
    PartId,
    /// Somebody who works here.
    PersonId,
    /// One installation of the app.
    DeviceId,
    /// A set of clients that somebody looks after.
    TerritoryId,
    /// A company with a relay; a database is bound to one.
    WorkspaceId,
    /// What a machine or an administrator's one-time code is listed under; the secret itself is kept nowhere.
    TokenId,
}

impl From<ClientId> for DocumentId {
    fn from(id: ClientId) -> Self {
        Self(id.0)
    }
}

impl From<PersonId> for DocumentId {
    fn from(id: PersonId) -> Self {
        Self(id.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::SeededEnv;

    #[test]
    fn text_and_bytes_come_back() {
        let id = ClientId::new(&SeededEnv::new(1, 1_790_000_000_000));
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(ClientId::from_slice(id.as_bytes()), Some(id));
        let bytes = minicbor::to_vec(id).unwrap();
        assert_eq!(bytes.len(), 17);
        assert_eq!(minicbor::decode::<ClientId>(&bytes).unwrap(), id);
    }

    #[test]
    fn later_ids_sort_after_earlier_ones() {
        let env = SeededEnv::new(1, 1_790_000_000_000);
        let first = RecordId::new(&env);
        env.advance(1);
        assert!(RecordId::new(&env) > first);
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in
            ["", "01ARZ3NDEKTSV4RRFFQ69G5FA", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "01arz3ndektsv4rrffq69g5fav"]
        {
            assert_eq!(text.parse::<ClientId>(), Err(IdError), "{text}");
        }
        assert_eq!("01ARZ3NDEKTSV4RRFFQ69G5FAV".parse::<ClientId>().unwrap().to_string().len(), 26);
    }
}
