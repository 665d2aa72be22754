//! A client that was erased: everything of it goes, what is unsent too. Only an order under the device's key may ask.

use rusqlite::{Connection, params};

use super::{StoreError, drafts, scope};
use crate::model::{ClientId, DocumentId};
use crate::rows::{Document, office};

/// Deletes all that is here of a client, to be reported as purged. How many pieces of unsent or refused work went with
/// it.
pub fn client(conn: &Connection, client: &ClientId, now_ms: i64) -> Result<u64, StoreError> {
    let id = DocumentId::from(*client);
    let mut gone = 0;
    if let Some(document) = Document::find(conn, &id)? {
        gone += conn.prepare_cached("DELETE FROM outbox WHERE doc = ?1")?.execute([document.row])?;
        document.delete(conn)?;
    }
    for table in ["waiting", "refused"] {
        gone += conn.prepare_cached(&format!("DELETE FROM {table} WHERE document = ?1"))?.execute([id])?;
    }
    for table in ["refetch", "stale_documents"] {
        conn.prepare_cached(&format!("DELETE FROM {table} WHERE document = ?1"))?.execute([id])?;
    }
    drafts::remove_of(conn, client)?;
    scope::office_fetched(conn, client)?;
    office::forget_client(conn, client)?;
    conn.prepare_cached("UPDATE attention SET done_at = ?2 WHERE document = ?1 AND done_at IS NULL")?
        .execute(params![id, now_ms])?;
    conn.prepare_cached(
        "INSERT INTO leaving (document, purged) VALUES (?1, 1) ON CONFLICT (document) DO UPDATE SET purged = 1",
    )?
    .execute([id])?;
    Ok(gone as u64)
}
