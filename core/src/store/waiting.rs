//! Records for a document that has not arrived: durable at once, changes on arrival.
//!
//! The first sync shows a client in the list before its document is there. A visit to it is a fact all the same; what it
//! lacks is the document's heads, on which a change builds.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::attention::{self, Refused};
use super::{StoreError, actors, outbox};
use crate::document::{ChangeHash, RecordKey, append};
use crate::env::Env;
use crate::model::DocumentId;
use crate::rows::{self, Document, SqlFacts};

/// Keeps a record until its document arrives. False if another record waits under this key.
pub fn put(
    conn: &Connection,
    document: &DocumentId,
    key: &RecordKey,
    value: &[u8],
    saved_at: i64,
) -> Result<bool, StoreError> {
    let sql = "SELECT value = ?2 AND document = ?3 FROM waiting WHERE key = ?1";
    let text = key.to_string();
    let same: Option<bool> =
        conn.prepare_cached(sql)?.query_row(params![text, value, document], |row| row.get(0)).optional()?;
    if same.is_none() {
        conn.prepare_cached("INSERT INTO waiting (document, key, value, saved_at) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![document, text, value, saved_at])?;
    }
    Ok(same != Some(false))
}

/// Records that wait, of all clients.
pub fn count(conn: &Connection) -> Result<u64, StoreError> {
    Ok(conn.prepare_cached("SELECT count(*) FROM waiting")?.query_row([], |row| row.get(0))?)
}

struct Waiting {
    key: RecordKey,
    value: Vec<u8>,
    saved_at: i64,
}

fn take(conn: &Connection, document: &DocumentId) -> Result<Vec<Waiting>, StoreError> {
    let sql = "SELECT key, value, saved_at FROM waiting WHERE document = ?1 ORDER BY position";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([document])?;
    let mut waiting = Vec::new();
    while let Some(row) = rows.next()? {
        let text: String = row.get(0)?;
        let key = text
            .parse()
            .map_err(|_| StoreError::Damaged("a record waits under a key that none has".into()))?;
        waiting.push(Waiting { key, value: row.get(1)?, saved_at: row.get(2)? });
    }
    if !waiting.is_empty() {
        conn.prepare_cached("DELETE FROM waiting WHERE document = ?1")?.execute([document])?;
    }
    Ok(waiting)
}

/// The document is here: what waited for it becomes changes, to be sent.
pub fn arrived(tx: &Transaction<'_>, env: &dyn Env, document: &mut Document) -> Result<(), StoreError> {
    for Waiting { key, value, saved_at } in take(tx, &document.id)? {
        let actor = actors::present(tx, env)?;
        let bytes = value.clone();
        match append::record(&actor, &SqlFacts::new(tx, document), key, bytes, saved_at) {
            Ok(change) => {
                rows::apply(tx, document, &change, None)?;
                outbox::push(tx, document.row, &change, saved_at, None)?;
            }
            Err(append::WriteError::Facts(error)) => return Err(error.into()),
            Err(error) => {
                refuse(tx, env.now_ms(), document.id, &key, value, error.code(), &error.to_string())?
            }
        }
    }
    Ok(())
}

/// The document will not come: its client left before it did.
pub fn forsaken(conn: &Connection, document: &DocumentId, now_ms: i64) -> Result<(), StoreError> {
    for Waiting { key, value, .. } in take(conn, document)? {
        let detail = "the client left this phone's scope before its page had come";
        refuse(conn, now_ms, *document, &key, value, "left_scope", detail)?;
    }
    Ok(())
}

fn refuse(
    conn: &Connection,
    now_ms: i64,
    document: DocumentId,
    key: &RecordKey,
    value: Vec<u8>,
    code: &str,
    detail: &str,
) -> Result<(), StoreError> {
    use sha2::{Digest, Sha256};
    let text = key.to_string();
    let work = Refused {
        document,
        generation: 0,
        hash: ChangeHash(Sha256::new().chain_update(&text).chain_update(&value).finalize().into()),
        bytes: value,
        key: Some(text),
        code: code.to_owned(),
        detail: detail.to_owned(),
        refused_at: now_ms,
    };
    attention::keep_refused(conn, &work)
}
