//! What a line of the journal says.

use std::fmt;
use std::str::FromStr;

use cartera_core::model::{ClientId, DeviceId, PersonId, TerritoryId, TokenId};
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
    /// An office record without which a restored relay would do harm: whose an actor is, how far an order is.
    Office {
        kind: String,
        source: String,
        key: String,
        client: Option<Text<ClientId>>,
        value: String,
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
        out.serialize_str(&to_hex(&self.0))
    }
}

impl<'de, const N: usize> Deserialize<'de> for Hex<N> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = String::deserialize(input)?;
        let bytes = from_hex(&text).and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| de::Error::custom("bytes in hexadecimal"))
    }
}

pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    if text.len() % 2 != 0 || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}
