//! What an import makes of rows: typed, checked, ready to be stored. Keys are the office system's own.

use cartera_core::model::BusinessDate;
use cartera_core::model::office::{KnownKind, Value};
use cartera_core::model::record::{Clock, Header, Record as ClientRecord, SurveyAnswer};

use super::profile::Row;

/// One item of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant)] // one at a time, on its way to a batch
pub enum Record {
    Client(Client),
    Office(OfficeRecord),
    Answer(Answered),
}

impl Record {
    /// Its name at its source.
    pub fn key(&self) -> &str {
        match self {
            Self::Client(client) => &client.id,
            Self::Office(record) => &record.key,
            Self::Answer(answered) => &answered.id,
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

/// An answer to a survey, which becomes a record of its client's document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Its name at its source.
    pub id: String,
    /// The client's code there.
    pub client: String,
    pub on: BusinessDate,
    pub answer: SurveyAnswer,
}

const DAY_MS: i64 = 86_400_000;

impl Answered {
    /// As it stands in the document. Of the time of day nothing is known: it is noon.
    pub fn record(&self) -> ClientRecord {
        let header = Header {
            version: ClientRecord::VERSION,
            at_ms: i64::from(self.on.days()) * DAY_MS + DAY_MS / 2,
            date: self.on,
            zone: "UTC".to_owned(),
            clock: Clock::Trusted,
            amends: None,
            voids: None,
        };
        ClientRecord { header, body: self.answer.clone().into() }
    }
}
