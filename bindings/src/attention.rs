//! What somebody should look at (*Por revisar*), and refused work.

use std::sync::Arc;

use cartera_core::document::ChangeHash;
use cartera_core::model::hex;
use cartera_core::model::problem::Code;
use cartera_core::model::{self};
use cartera_core::query::attention;

use crate::shared::{Answer, Shared, part};
use crate::{CarteraError, ClientId, PAGE_MAX, Timestamp};

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

#[uniffi::export]
impl Attention {
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

fn hash(subject: &str) -> Answer<ChangeHash> {
    let bytes: Option<[u8; 32]> = hex::decode(subject);
    bytes.map(ChangeHash).ok_or_else(|| CarteraError::invalid("subject", Code::Form))
}
