//! Work that the office does not have yet, or did not take, piece by piece: what it is, where it stands and why.

use rusqlite::{Connection, Row, params};

use super::page;
use crate::document::{Body as Op, ChangeHash, RecordKey, admit};
use crate::model::ClientId;
use crate::model::profile::{Key, Value};
use crate::model::record::{Kind, Record};
use crate::store::StoreError;

/// What a piece of work does.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Content {
    /// It begins a page: a new client's, or a person's own.
    pub begins: bool,
    /// Fields that it sets, or takes away.
    pub fields: Vec<(Key, Option<Value>)>,
    /// Records that it adds; a correction or void names what it is about in its header.
    pub records: Vec<(RecordKey, Record)>,
}

/// A piece of work that is on this device alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Unsent {
    /// The client whose page it is about, and its name; `None` of what a person keeps for itself, and of a client that is not
    /// here any more.
    pub client: Option<ClientId>,
    pub name: Option<String>,
    /// When it was saved, by the device's clock, milliseconds UTC.
    pub saved_ms: i64,
    pub standing: Standing,
    pub content: Content,
}

/// Why a piece of work is not at the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It goes with the next sync.
    Waiting,
    /// Another piece about the same client has to be settled first, which takes a sync.
    Behind,
    /// The relay has it, and waits for something else.
    Held { code: String },
    /// It is written anew at the next sync: refused, or under an author that the relay does not know.
    Anew,
    /// The client's page is still to come.
    Page,
}

impl Standing {
    /// A stable code; its words are `unsent-<code>` in the strings.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Behind => "behind",
            Self::Held { .. } => "held",
            Self::Anew => "anew",
            Self::Page => "page",
        }
    }
}

/// Work that the relay refused, as a person decides about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    pub hash: ChangeHash,
    /// As of unsent work.
    pub client: Option<ClientId>,
    pub name: Option<String>,
    /// Its words are `error-<code>` in the strings.
    pub code: String,
    /// What the relay said, in English, for whoever looks into it.
    pub detail: String,
    /// Milliseconds UTC.
    pub refused_ms: i64,
    pub content: Content,
}

/// Unsent work in the order in which it was made: at most `limit` pieces after having skipped `skip`.
pub fn unsent(conn: &Connection, (skip, limit): (usize, usize)) -> Result<Vec<Unsent>, StoreError> {
    let sql = "SELECT c.id, c.name, o.saved_at, o.state, o.code, o.bytes, NULL AS key, 0 AS later, o.position AS position,
                 EXISTS (SELECT 1 FROM outbox bad WHERE bad.doc = o.doc AND bad.state <> 0) AS behind
               FROM outbox o LEFT JOIN clients c ON c.doc = o.doc
               UNION ALL
               SELECT c.id, c.name, w.saved_at, 0, NULL, w.value, w.key, 1, w.position, 0
               FROM waiting w LEFT JOIN clients c ON c.id = w.document
               ORDER BY later, position LIMIT ?1 OFFSET ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![page(limit), i64::try_from(skip).unwrap_or(i64::MAX)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (state, waits_for_page, behind): (i64, bool, bool) = (row.get(3)?, row.get(7)?, row.get(9)?);
        let standing = match state {
            _ if waits_for_page => Standing::Page,
            0 if behind => Standing::Behind,
            0 => Standing::Waiting,
            1 => Standing::Held { code: row.get::<_, Option<String>>(4)?.unwrap_or_default() },
            _ => Standing::Anew,
        };
        found.push(Unsent {
            client: row.get(0)?,
            name: row.get(1)?,
            saved_ms: row.get(2)?,
            standing,
            content: content(row, 5, 6)?,
        });
    }
    Ok(found)
}

/// Refused work, the latest first: at most `limit` pieces after having skipped `skip`.
pub fn refused(conn: &Connection, (skip, limit): (usize, usize)) -> Result<Vec<Refused>, StoreError> {
    let sql = "SELECT r.hash, c.id, c.name, r.code, r.detail, r.refused_at, r.bytes, r.key
               FROM refused r LEFT JOIN clients c ON c.id = r.document ORDER BY r.item DESC LIMIT ?1 OFFSET ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![page(limit), i64::try_from(skip).unwrap_or(i64::MAX)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(Refused {
            hash: ChangeHash(row.get(0)?),
            client: row.get(1)?,
            name: row.get(2)?,
            code: row.get(3)?,
            detail: row.get(4)?,
            refused_ms: row.get(5)?,
            content: content(row, 6, 7)?,
        });
    }
    Ok(found)
}

/// What the bytes of a change do; under a key they are a record. What this version cannot read does nothing that could be
/// told.
fn content(row: &Row<'_>, bytes: usize, key: usize) -> Result<Content, StoreError> {
    let bytes = row.get_ref(bytes)?.as_blob().map_err(rusqlite::Error::from)?;
    let mut content = Content::default();
    if let Some(key) = row.get::<_, Option<String>>(key)? {
        content.add(key.parse().ok(), bytes);
        return Ok(content);
    }
    let Ok(change) = admit::inspect(bytes) else { return Ok(content) };
    for op in change.ops {
        match op.body {
            Op::Create(_) => content.begins = true,
            Op::Record { key, bytes, .. } => content.add(Some(key), &bytes),
            Op::Put { key, value, .. } => {
                let known = Key::parse(key.as_str()).and_then(|key| Some((key.read(&value).ok()?, key)));
                content.fields.extend(known.map(|(value, key)| (key, Some(value))));
            }
            Op::Delete { key, .. } => content.fields.extend(Key::parse(key.as_str()).map(|key| (key, None))),
        }
    }
    Ok(content)
}

impl Content {
    fn add(&mut self, key: Option<RecordKey>, bytes: &[u8]) {
        let read = key.and_then(|key| Some((key, Record::decode(key.kind, bytes).ok()?)));
        self.records.extend(read);
    }

    /// Of which kind its first record is; `None` of an edit.
    pub fn kind(&self) -> Option<Kind> {
        self.records.first().map(|(key, _)| key.kind)
    }
}
