//! What comes and goes: pages still to be fetched, documents to be fetched anew, clients that leave.

use rusqlite::{Connection, OptionalExtension, params};

use super::{StoreError, waiting};
use crate::model::{ClientId, DocumentId, TerritoryId};
use crate::rows::{Document, office};

/// One stage of one part of the scope, with the key after which it goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToFetch {
    pub position: i64,
    pub stage: u8,
    pub territory: Option<TerritoryId>,
    pub after: Vec<u8>,
}

pub fn add_stage(
    conn: &Connection,
    stage: u8,
    territory: Option<&TerritoryId>,
    after: &[u8],
) -> Result<(), StoreError> {
    conn.prepare_cached("INSERT INTO stages (stage, territory, after) VALUES (?1, ?2, ?3)")?
        .execute(params![stage, territory, after])?;
    Ok(())
}

pub fn next_stage(conn: &Connection) -> Result<Option<ToFetch>, StoreError> {
    stage_after(conn, i64::MIN)
}

/// The stage that follows the one at this position.
pub fn stage_after(conn: &Connection, position: i64) -> Result<Option<ToFetch>, StoreError> {
    let sql =
        "SELECT position, stage, territory, after FROM stages WHERE position > ?1 ORDER BY position LIMIT 1";
    let found = conn.prepare_cached(sql)?.query_row([position], |row| {
        Ok(ToFetch { position: row.get(0)?, stage: row.get(1)?, territory: row.get(2)?, after: row.get(3)? })
    });
    Ok(found.optional()?)
}

/// A page arrived: go on after `next`, or, when it is empty, with the next stage.
pub fn advance_stage(conn: &Connection, position: i64, next: &[u8], now_ms: i64) -> Result<(), StoreError> {
    if next.is_empty() {
        conn.prepare_cached("DELETE FROM stages WHERE position = ?1")?.execute([position])?;
        if next_stage(conn)?.is_none() {
            drop_stale(conn, now_ms)?;
        }
    } else {
        conn.prepare_cached("UPDATE stages SET after = ?2 WHERE position = ?1")?
            .execute(params![position, next])?;
    }
    Ok(())
}

/// The stages of which pages are still to come, ascending.
pub fn stages_left(conn: &Connection) -> Result<Vec<u8>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT DISTINCT stage FROM stages ORDER BY stage")?;
    let stages = statement.query_map([], |row| row.get(0))?;
    Ok(stages.collect::<rusqlite::Result<_>>()?)
}

/// Whether pages of documents or anything before them are still to come.
pub fn documents_pending(conn: &Connection) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM stages WHERE stage <= ?1)";
    Ok(conn.prepare_cached(sql)?.query_row([DOCUMENTS_STAGE], |row| row.get(0))?)
}

/// `wire::Stage::Documents`.
const DOCUMENTS_STAGE: u8 = 2;

/// Something is to be fetched, in pages or by name. What was asked for in vain too often is left to a person.
pub fn still_to_fetch(conn: &Connection) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM stages) OR EXISTS (SELECT 1 FROM refetch WHERE tries < ?1)
                   OR EXISTS (SELECT 1 FROM office_to_fetch)";
    Ok(conn.prepare_cached(sql)?.query_row([MAX_REFETCH_TRIES], |row| row.get(0))?)
}

/// Copies of a document that may come and not apply, before a person is to look.
pub const MAX_REFETCH_TRIES: u32 = 2;

/// Asks for a document anew: something about it did not apply.
pub fn refetch(conn: &Connection, document: &DocumentId) -> Result<(), StoreError> {
    let sql = "INSERT INTO refetch (document, tries) VALUES (?1, 0) ON CONFLICT DO NOTHING";
    conn.prepare_cached(sql)?.execute([document])?;
    Ok(())
}

/// A whole copy came and did not apply either. True if that was once too often.
pub fn refetch_failed(conn: &Connection, document: &DocumentId) -> Result<bool, StoreError> {
    let sql = "INSERT INTO refetch (document, tries) VALUES (?1, 1)
               ON CONFLICT (document) DO UPDATE SET tries = tries + 1 RETURNING tries";
    let tries: u32 = conn.prepare_cached(sql)?.query_row([document], |row| row.get(0))?;
    Ok(tries >= MAX_REFETCH_TRIES)
}

/// Another version of the app may be able to read what this one could not.
pub fn refetch_again(conn: &Connection) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE refetch SET tries = 0")?.execute([])?;
    Ok(())
}

pub fn to_refetch(conn: &Connection, limit: usize) -> Result<Vec<DocumentId>, StoreError> {
    let sql =
        format!("SELECT document FROM refetch WHERE tries < {MAX_REFETCH_TRIES} ORDER BY document LIMIT ?1");
    documents(conn, &sql, limit)
}

/// A whole copy of it is still to come.
pub fn is_to_refetch(conn: &Connection, document: &DocumentId) -> Result<bool, StoreError> {
    let sql = format!("SELECT 1 FROM refetch WHERE document = ?1 AND tries < {MAX_REFETCH_TRIES}");
    Ok(conn.prepare_cached(&sql)?.exists([document])?)
}

pub fn refetched(conn: &Connection, document: &DocumentId) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM refetch WHERE document = ?1")?.execute([document])?;
    Ok(())
}

/// The office's records about a client are to be fetched by name.
pub fn fetch_office(conn: &Connection, client: &ClientId) -> Result<(), StoreError> {
    conn.prepare_cached("INSERT INTO office_to_fetch (client) VALUES (?1) ON CONFLICT DO NOTHING")?
        .execute([client])?;
    Ok(())
}

pub fn office_to_fetch(conn: &Connection) -> Result<Option<ClientId>, StoreError> {
    let sql = "SELECT client FROM office_to_fetch ORDER BY client LIMIT 1";
    Ok(conn.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?)
}

pub fn office_fetched(conn: &Connection, client: &ClientId) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM office_to_fetch WHERE client = ?1")?.execute([client])?;
    Ok(())
}

/// Everything is to be fetched anew: what is here now and does not come again goes with the last page.
pub fn begin_anew(conn: &Connection) -> Result<(), StoreError> {
    conn.execute_batch(
        "DELETE FROM stages;
         INSERT OR IGNORE INTO stale_documents SELECT id FROM documents WHERE length(acked) > 0 OR length(heads) = 0;
         INSERT OR IGNORE INTO stale_office SELECT kind, source, key FROM office",
    )?;
    Ok(())
}

/// It came again.
pub fn is_fresh(conn: &Connection, document: &DocumentId) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM stale_documents WHERE document = ?1")?.execute([document])?;
    Ok(())
}

/// The same of an office record.
pub fn is_fresh_office(conn: &Connection, kind: &str, source: &str, key: &str) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM stale_office WHERE kind = ?1 AND source = ?2 AND key = ?3")?
        .execute([kind, source, key])?;
    Ok(())
}

fn drop_stale(conn: &Connection, now_ms: i64) -> Result<(), StoreError> {
    for document in
        documents(conn, "SELECT document FROM stale_documents ORDER BY document LIMIT ?1", usize::MAX)?
    {
        leave(conn, &ClientId::from_bytes(*document.as_bytes()), now_ms)?;
    }
    let keys = conn
        .prepare_cached("SELECT kind, source, key FROM stale_office")?
        .query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    for (kind, source, key) in keys {
        office::forget_one(conn, &kind, &source, &key)?;
    }
    conn.execute_batch("DELETE FROM stale_documents; DELETE FROM stale_office")?;
    Ok(())
}

/// A client left the scope: what the office said of it goes at once; the client itself is purged at once, or as soon as nothing unsent is left for it. True if at once.
pub fn leave(conn: &Connection, client: &ClientId, now_ms: i64) -> Result<bool, StoreError> {
    let sql = "INSERT INTO leaving (document, purged) VALUES (?1, 0) ON CONFLICT (document) DO UPDATE SET purged = 0";
    conn.prepare_cached(sql)?.execute([client])?;
    office::forget_client(conn, client)?;
    office_fetched(conn, client)?;
    refetched(conn, &(*client).into())?;
    waiting::forsaken(conn, &(*client).into(), now_ms)?;
    purge(conn, client)
}

/// It came back before it was gone.
pub fn stay(conn: &Connection, client: &ClientId) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM leaving WHERE document = ?1")?.execute([client])?;
    Ok(())
}

/// Purges clients that left and for which nothing unsent is left any more.
pub fn purge_left(conn: &Connection) -> Result<(), StoreError> {
    let sql = "SELECT l.document FROM leaving l WHERE l.purged = 0 AND NOT EXISTS (
                 SELECT 1 FROM outbox o JOIN documents d ON d.doc = o.doc WHERE d.id = l.document)
               LIMIT ?1";
    for document in documents(conn, sql, usize::MAX)? {
        purge(conn, &ClientId::from_bytes(*document.as_bytes()))?;
    }
    Ok(())
}

fn purge(conn: &Connection, client: &ClientId) -> Result<bool, StoreError> {
    let id = DocumentId::from(*client);
    if let Some(document) = Document::find(conn, &id)? {
        let sql = "SELECT EXISTS (SELECT 1 FROM outbox WHERE doc = ?1)";
        if conn.prepare_cached(sql)?.query_row([document.row], |row| row.get(0))? {
            return Ok(false);
        }
        document.delete(conn)?;
    }
    conn.prepare_cached("UPDATE leaving SET purged = 1 WHERE document = ?1")?.execute([client])?;
    Ok(true)
}

/// Clients to be reported as purged.
pub fn purged(conn: &Connection, limit: usize) -> Result<Vec<ClientId>, StoreError> {
    let sql = "SELECT document FROM leaving WHERE purged = 1 ORDER BY document LIMIT ?1";
    Ok(documents(conn, sql, limit)?.into_iter().map(|id| ClientId::from_bytes(*id.as_bytes())).collect())
}

/// The relay knows that these were purged.
pub fn purge_reported(conn: &Connection, clients: &[ClientId]) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached("DELETE FROM leaving WHERE document = ?1 AND purged = 1")?;
    for client in clients {
        statement.execute([client])?;
    }
    Ok(())
}

/// Documents that stay out of the digest: waiting to be purged, not to be had in a form that applies, or with something
/// that waits for the relay's administrator.
pub fn excluded(conn: &Connection, limit: usize) -> Result<Vec<DocumentId>, StoreError> {
    let sql = "SELECT document FROM (
                 SELECT document FROM leaving WHERE purged = 0 UNION SELECT document FROM refetch
                 UNION SELECT d.id FROM offers o JOIN documents d ON d.doc = o.doc)
               ORDER BY document LIMIT ?1";
    documents(conn, sql, limit)
}

fn documents(conn: &Connection, sql: &str, limit: usize) -> Result<Vec<DocumentId>, StoreError> {
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
