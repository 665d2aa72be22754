//! What somebody should look at (*Por revisar*), and refused work.

use std::sync::Arc;

use cartera_core::document::{ChangeHash, RecordKey};
use cartera_core::model::problem::Code;
use cartera_core::model::record::Record;
use cartera_core::model::{self, hex, profile};
use cartera_core::query::{attention, work};

use crate::shared::{Answer, Shared, limit, part};
use crate::{BusinessDate, CarteraError, ClientId, Edit, PAGE_MAX, RecordBody, RecordId, Timestamp};

/// The attention list.
#[derive(Debug, uniffi::Object)]
pub struct Attention {
    pub(crate) shared: Arc<Shared>,
}

/// One thing to look at.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AttentionItem {
    /// What it is; its words are `attention-<what>`. `refused` and `conflict` have acts of their own.
    pub what: String,
    /// Which one of its sort: a record's key, a client, refused work, an order.
    pub subject: String,
    /// The client, or the person, whose page it is about.
    pub client: Option<ClientId>,
    pub client_name: Option<String>,
    /// A reason, a date or a count.
    pub detail: String,
    pub since: Option<Timestamp>,
}

/// Refused work that somebody gave up, for whoever wants to keep it elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DroppedWork {
    pub code: String,
    pub bytes: Vec<u8>,
}

/// What a piece of work does, as far as this version reads it.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct WorkContent {
    /// It begins a new client.
    pub new_client: bool,
    /// Fields that it sets, or takes away.
    pub fields: Vec<Edit>,
    pub records: Vec<WorkRecord>,
}

/// A record of a piece of work.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct WorkRecord {
    pub id: RecordId,
    /// Its words are `kind-<kind>`.
    pub kind: String,
    pub date: BusinessDate,
    /// It corrects this one, or takes it back.
    pub corrects: Option<RecordId>,
    pub voids: Option<RecordId>,
    pub body: RecordBody,
}

/// Work that the relay refused. Its words, and what to do, are `error_words` of its code.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct RefusedWork {
    /// By which it is tried again or dropped.
    pub subject: String,
    /// Missing of what this person keeps for itself, and of a client that is not here any more.
    pub client: Option<ClientId>,
    pub client_name: Option<String>,
    pub code: String,
    pub at: Timestamp,
    pub content: WorkContent,
}

#[uniffi::export]
impl Attention {
    /// Work that the relay refused, the latest first: at most so many, from the one at `offset` on.
    pub fn refused(&self, offset: u32, most: u32) -> Result<Vec<RefusedWork>, CarteraError> {
        self.shared.read(|conn, _| {
            let refused = |of: work::Refused| RefusedWork {
                subject: hex::Hex(&of.hash.0).to_string(),
                client: of.client.map(Into::into),
                client_name: of.name,
                code: of.code,
                at: of.refused_ms.into(),
                content: WorkContent::of(of.content, of.client.is_some()),
            };
            let found = work::refused(conn, (offset as usize, limit(most)))?;
            Ok(found.into_iter().map(refused).collect())
        })
    }

    /// The latest first: at most so many, from the one at `offset` on.
    pub fn list(&self, offset: u32, most: u32) -> Result<Vec<AttentionItem>, CarteraError> {
        self.shared.read(|conn, _| {
            let items = attention::list(conn, PAGE_MAX as usize)?;
            let item = |item: attention::Item| AttentionItem {
                what: item.what,
                subject: item.subject,
                client: item.document.map(|id| model::ClientId::from_bytes(*id.as_bytes()).into()),
                client_name: item.client_name,
                detail: item.detail,
                since: item.since_ms.map(Into::into),
            };
            Ok(part(items, offset, most).into_iter().map(item).collect())
        })
    }

    /// Somebody looked and wants it gone. What still has a cause stays.
    pub fn dismiss(&self, what: String, subject: String) -> Result<(), CarteraError> {
        self.shared.run(|engine| Ok(engine.dismiss(&what, &subject)?))
    }

    /// Tries refused work again; `subject` as the list has it.
    pub fn retry_refused(&self, subject: String) -> Result<(), CarteraError> {
        let hash = hash(&subject)?;
        self.shared.run(|engine| Ok(engine.retry_refused(&hash)?))
    }

    /// Gives refused work up for good.
    pub fn drop_refused(&self, subject: String) -> Result<DroppedWork, CarteraError> {
        let hash = hash(&subject)?;
        self.shared.run(|engine| {
            let dropped = engine.drop_refused(&hash)?;
            Ok(DroppedWork { code: dropped.code, bytes: dropped.bytes })
        })
    }
}

impl WorkContent {
    /// `of_client`: it is about a client, and no page of a person's own.
    pub(crate) fn of(content: work::Content, of_client: bool) -> Self {
        let field = |(key, value): (profile::Key, Option<profile::Value>)| Edit {
            key: key.to_string(),
            value: value.map(Into::into),
        };
        let record = |(key, record): (RecordKey, Record)| WorkRecord {
            id: key.id.into(),
            kind: key.kind.word().to_owned(),
            date: record.header.date.into(),
            corrects: record.header.amends.map(Into::into),
            voids: record.header.voids.map(Into::into),
            body: record.body.into(),
        };
        Self {
            new_client: content.begins && of_client,
            fields: content.fields.into_iter().map(field).collect(),
            records: content.records.into_iter().map(record).collect(),
        }
    }
}

fn hash(subject: &str) -> Answer<ChangeHash> {
    let bytes: Option<[u8; 32]> = hex::decode(subject);
    bytes.map(ChangeHash).ok_or_else(|| CarteraError::invalid("subject", Code::Form))
}
