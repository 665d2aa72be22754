//! What a line of the journal says.

use std::fmt;
use std::str::FromStr;

use cartera_core::model::hex;
use cartera_core::model::{ClientId, DeviceId, PersonId, RecordId, TerritoryId, TokenId};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// One commit's decisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// From 1, each one more than the last.
    pub number: u64,
    pub at_ms: i64,
    pub acts: Vec<Act>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    Territory {
        id: Text<TerritoryId>,
        name: String,
        created_ms: i64,
    },
    /// As the person is from now on.
    Person {
        id: Text<PersonId>,
        name: String,
        role: String,
        all_territories: bool,
        territories: Vec<Text<TerritoryId>>,
        created_ms: i64,
        left_ms: Option<i64>,
    },
    Device {
        id: Text<DeviceId>,
        person: Text<PersonId>,
        name: String,
        /// SHA-256 of its token.
        token: Hex<32>,
        enrolled_ms: i64,
    },
    Revoked {
        device: Text<DeviceId>,
        /// salvage or wipe
        order: String,
    },
    Actor {
        device: Text<DeviceId>,
        actor: Hex<16>,
    },
    Token {
        id: Text<TokenId>,
        name: String,
        /// SHA-256 of its text.
        hash: Hex<32>,
        /// Joined by blanks.
        scopes: String,
        created_ms: i64,
        expires_ms: i64,
    },
    TokenRevoked {
        id: Text<TokenId>,
    },
    /// A password or a second step is another one from now on; which, the journal does not know.
    LoginChanged {
        person: Text<PersonId>,
    },
    Moved {
        client: Text<ClientId>,
        territory: Text<TerritoryId>,
    },
    Lent {
        client: Text<ClientId>,
        person: Text<PersonId>,
        from_day: Option<i32>,
        until_day: Option<i32>,
    },
    Returned {
        client: Text<ClientId>,
        person: Text<PersonId>,
    },
    Merged {
        client: Text<ClientId>,
        /// Absent: undone.
        into: Option<Text<ClientId>>,
    },
    Erased {
        client: Text<ClientId>,
    },
    /// An office record of the whole workspace that cannot be made anew: whose an actor is.
    Office {
        kind: String,
        source: String,
        key: String,
        value: Bytes,
    },
    /// How far an order is: what the ERP took must not be offered to it again.
    Order {
        order: Text<RecordId>,
        /// The version that it took.
        revision: Option<Text<RecordId>>,
        /// CBOR of its state.
        value: Bytes,
    },
}

/// An id as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text<T>(pub T);

impl<T: fmt::Display> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(&self.0)
    }
}

impl<'de, T: FromStr> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = String::deserialize(input)?;
        text.parse().map(Self).map_err(|_| de::Error::custom("an id has 26 characters"))
    }
}

/// Bytes in hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hex<const N: usize>(pub [u8; N]);

impl<const N: usize> Serialize for Hex<N> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(&hex::Hex(&self.0))
    }
}

impl<'de, const N: usize> Deserialize<'de> for Hex<N> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = String::deserialize(input)?;
        hex::decode(&text).map(Self).ok_or_else(|| de::Error::custom("bytes in hexadecimal"))
    }
}

/// Bytes of any length in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(&hex::Hex(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = String::deserialize(input)?;
        let pairs = text.as_bytes().chunks(2).map(|pair| hex::decode::<1>(std::str::from_utf8(pair).ok()?));
        let bytes: Option<Vec<u8>> = pairs.map(|byte| byte.map(|[byte]| byte)).collect();
        bytes.map(Self).ok_or_else(|| de::Error::custom("bytes in hexadecimal"))
    }
}
