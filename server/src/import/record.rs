//! What an import makes of rows: typed, checked, ready to be stored. Keys are the office system's own.

use cartera_core::model::office::{KnownKind, Value};

use super::profile::Row;

/// One item of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant)] // one at a time, on its way to a batch
pub enum Record {
    Client(Client),
    Office(OfficeRecord),
}

impl Record {
    /// Its name at its source.
    pub fn key(&self) -> &str {
        match self {
            Self::Client(client) => &client.id,
            Self::Office(record) => &record.key,
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Client {
    pub id: String,
    pub row: Row,
    /// Keys whose cell says something that cannot be taken: neither a value nor none.
    pub unsaid: Vec<String>,
}

/// An office record that does not know yet which client it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeRecord {
    pub kind: KnownKind,
    pub key: String,
    /// The client's code at the source; `None` for a record about the workspace.
    pub client: Option<String>,
    pub value: Value,
}
