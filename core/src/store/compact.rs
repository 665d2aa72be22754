//! Compaction on the phone, a bounded number of documents at a time.

use super::{Store, StoreError};
use crate::rows::Document;
use crate::rows::compact::{self, Compacted};

/// Documents looked at in one step.
const EXAMINED: usize = 256;

/// Moves bytes of acknowledged changes into the snapshots of the next documents after `after`, where a document has at
/// least `least` to move. Each is made while reading and kept in a write of its own.
pub fn step(store: &Store, after: Option<i64>, least: u64) -> Result<Compacted, StoreError> {
    let (docs, next) = store
        .read::<_, StoreError>(|conn| Ok(compact::candidates(conn, after, u64::MAX, least, EXAMINED)?))?;
    let mut done = Compacted { next, ..Compacted::default() };
    for doc in docs {
        let current = store.read::<_, StoreError>(|conn| match Document::at_row(conn, doc)? {
            Some(document) => Ok(Some(compact::current(conn, &document)?)),
            None => Ok(None),
        })?;
        let Some(current) = current else { continue };
        let changes = store.write::<_, StoreError>(|tx| {
            if current.fresh {
                compact::keep(tx, doc, &current.heads, &current.bytes, current.number)?;
            }
            Ok(compact::drop_bytes(tx, doc, u64::MAX)?)
        })?;
        done.documents += usize::from(changes > 0);
        done.changes += changes;
    }
    Ok(done)
}
