//! The changes of a client's document, in the order in which the relay took them, as one JSON object in pieces.

use cartera_core::document::admit::inspect;
use cartera_core::document::{Body, Change, FieldValue, Op};
use cartera_core::model::ClientId;
use cartera_core::model::hex::Hex;
use cartera_core::sync::wire::PageDocument;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use utoipa::ToSchema;

use super::{DocumentError, here};
use crate::export::write;
use crate::storage::StorageError;
use crate::storage::documents::{Documents, StoredChange};

/// A piece of the answer is cut once so many bytes of changes are in it.
const PIECE_BYTES: usize = 64 << 10;

/// A history on its way. Holds no part of the store between pieces.
#[derive(Debug)]
pub struct History {
    client: ClientId,
    standing: PageDocument,
    /// Of the last change that was told.
    told: u64,
    count: u64,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Begin,
    Changes,
    Done,
}

/// What a whole answer is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HistoryBody {
    client: String,
    /// The client that counts instead of this one, where clients were merged.
    alias_of: Option<String>,
    generation: u32,
    /// Place in the log of the last entry about it: changes up to there are told.
    number: u64,
    /// Hashes of the changes on which no other one depends.
    heads: Vec<String>,
    changes: Vec<ChangeBody>,
    count: u64,
}

/// One change: what one device wrote in one step.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChangeBody {
    /// Place in the log: the order in which the relay took it.
    number: u64,
    /// 64 hexadecimal digits: its name in the document.
    hash: String,
    dependencies: Vec<String>,
    /// 32 hexadecimal digits.
    actor: String,
    /// Counts the actor's changes in this document.
    seq: u64,
    /// Who wrote it; missing for what the relay itself wrote.
    author_id: Option<String>,
    author_name: Option<String>,
    device_id: Option<String>,
    /// The relay had lost it, and this device brought it back.
    recovered_through: Option<String>,
    /// By the phone's clock, right or wrong; missing where that was out of the calendar.
    device_time: Option<String>,
    /// By the relay's.
    received_at: Option<String>,
    operations: Vec<OpBody>,
}

/// One put or delete of one key of the document.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OpBody {
    /// Counter and actor, as Automerge names operations.
    id: String,
    key: String,
    /// put, delete
    action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    value: Option<ValueBody>,
    /// Operations that this one takes the place of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    replaces: Vec<String>,
}

/// A scalar with its type: `text`, `int`, `boolean`, `timestamp` (milliseconds), or `bytes` (hexadecimal; CBOR).
#[derive(Debug)]
enum ValueBody {
    Scalar(FieldValue),
    Bytes(Vec<u8>),
}

impl Serialize for ValueBody {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        match self {
            Self::Scalar(FieldValue::Text(text)) => map.serialize_entry("text", text)?,
            Self::Scalar(FieldValue::Int(int)) => map.serialize_entry("int", int)?,
            Self::Scalar(FieldValue::Bool(bool)) => map.serialize_entry("boolean", bool)?,
            Self::Scalar(FieldValue::Timestamp(ms)) => map.serialize_entry("timestamp", ms)?,
            Self::Scalar(FieldValue::Cbor(bytes)) | Self::Bytes(bytes) => {
                map.serialize_entry("bytes", &Hex(bytes).to_string())?;
            }
        }
        map.end()
    }
}

impl History {
    /// Looks where the document stands; changes come with [`History::next`].
    ///
    /// # Errors
    /// There is no such client, it was erased, or the store failed.
    pub fn begin(store: &(impl Documents + ?Sized), client: ClientId) -> Result<Self, DocumentError> {
        let standing = here(client, store.client_standing(client))?;
        Ok(Self { client, standing, told: 0, count: 0, state: State::Begin })
    }

    pub fn standing(&self) -> &PageDocument {
        &self.standing
    }

    /// The next piece of the answer; `None` after the last.
    ///
    /// # Errors
    /// The store failed, or the client was erased meanwhile. What was given so far is then no whole answer.
    pub fn next(&mut self, store: &(impl Documents + ?Sized)) -> Result<Option<Vec<u8>>, DocumentError> {
        let mut out = Vec::with_capacity(4 * PIECE_BYTES);
        match self.state {
            State::Begin => {
                self.head(&mut out);
                self.state = State::Changes;
            }
            State::Changes => {}
            State::Done => return Ok(None),
        }
        let page = store.client_changes(self.client, self.told, self.standing.number, PIECE_BYTES);
        let page = here(self.client, page)?;
        if page.is_empty() {
            out.extend(format!("\n],\"count\":{}}}\n", self.count).bytes());
            self.state = State::Done;
        }
        for stored in page {
            out.extend(if self.count == 0 { "\n" } else { ",\n" }.bytes());
            self.told = stored.number;
            self.count += 1;
            out.extend(json(&ChangeBody::of(stored)?));
        }
        Ok(Some(out))
    }

    /// All but the changes and what follows them.
    fn head(&self, out: &mut Vec<u8>) {
        let body = HistoryBody {
            client: self.client.to_string(),
            alias_of: self.standing.alias_of.map(|kept| kept.to_string()),
            generation: self.standing.generation,
            number: self.standing.number,
            heads: self.standing.heads.iter().map(|head| Hex(&head.0).to_string()).collect(),
            changes: Vec::new(),
            count: 0,
        };
        let whole = json(&body);
        // The list is the last member but one, and empty here.
        let end = whole.len() - "],\"count\":0}".len();
        out.extend(&whole[..end]);
    }
}

fn json(body: &impl Serialize) -> Vec<u8> {
    // Maps with text keys and no floats: writing them into memory cannot fail.
    serde_json::to_vec(body).unwrap_or_default()
}

impl ChangeBody {
    fn of(stored: StoredChange) -> Result<Self, DocumentError> {
        let unread = |error: cartera_core::document::admit::Refusal| StorageError::Undecodable {
            what: "change",
            detail: format!("entry {}: {error}", stored.number),
        };
        let change = inspect(&stored.bytes).map_err(unread)?;
        Ok(Self {
            number: stored.number,
            hash: Hex(&change.hash.0).to_string(),
            dependencies: change.deps.iter().map(|dep| Hex(&dep.0).to_string()).collect(),
            actor: Hex(&stored.actor.0).to_string(),
            seq: change.seq,
            author_id: stored.author.as_ref().map(|author| author.id.to_string()),
            author_name: stored.author.map(|author| author.name),
            device_id: stored.device.map(|device| device.to_string()),
            recovered_through: stored.recovered_through.map(|device| device.to_string()),
            device_time: instant(change.time_s.saturating_mul(1000)),
            received_at: instant(stored.received_ms),
            operations: operations(change),
        })
    }
}

fn operations(change: Change) -> Vec<OpBody> {
    change.ops.into_iter().map(OpBody::from).collect()
}

impl From<Op> for OpBody {
    fn from(op: Op) -> Self {
        let replaces = op.body.pred().iter().map(ToString::to_string).collect();
        let (key, action, value) = match op.body {
            Body::Create(id) => ("id".to_owned(), "put", Some(ValueBody::Bytes(id.as_bytes().to_vec()))),
            Body::Put { key, value, .. } => (key.to_string(), "put", Some(ValueBody::Scalar(value))),
            Body::Delete { key, .. } => (key.to_string(), "delete", None),
            Body::Record { key, bytes, .. } => (key.to_string(), "put", Some(ValueBody::Bytes(bytes))),
        };
        Self { id: op.id.to_string(), key, action, value, replaces }
    }
}

fn instant(ms: i64) -> Option<String> {
    let mut text = Vec::new();
    let written = write::instant(&mut text, ms, b'T');
    text.push(b'Z');
    String::from_utf8(text).ok().filter(|_| written)
}
