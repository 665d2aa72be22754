//! This device's digest, kept step by step.
//!
//! Computing it takes a hash for each document and each office record, at every sync. So the sum is kept from one time
//! to the next, and triggers on the tables that it is made of note how whatever changes was before (`kept.sql`):
//! the sum of now is the kept one less the terms of what was noted, plus their terms of now. Notes are settled when
//! they have grown many, so that a sync that brings little writes nothing more.
//!
//! While nothing is kept (after enrolment, after a recovery, while pages are fetched) there are no triggers either, so a
//! first sync pays nothing for it; the sum is computed whole when the digests are first compared. Where the kept sum and the relay's differ, it is
//! computed whole again before anything is thought to differ: a kept sum that is wrong costs time, never data.

use rusqlite::{Connection, OptionalExtension, params};

use super::SyncError;
use super::repair::document_term;
use crate::model::{ClientId, DocumentId, TerritoryId};
use crate::rows::documents::heads_from_blob;
use crate::sync::digest::{DocumentTerm, Sum, office_term};

/// Notes that a comparison goes through before they are settled.
const NOTES_MAX: i64 = 500;

/// The sum over all that is acknowledged here; `None` while none is kept.
pub fn digest(conn: &Connection) -> Result<Option<Sum>, SyncError> {
    let kept = conn
        .prepare_cached("SELECT sum FROM digest")?
        .query_row([], |row| row.get::<_, Sum>(0))
        .optional()?;
    let Some(mut sum) = kept else { return Ok(None) };
    let mut office = conn.prepare_cached(
        "SELECT n.kind, n.source, n.key, n.value, o.value FROM digest_office n
         LEFT JOIN office o ON o.kind = n.kind AND o.source = n.source AND o.key = n.key",
    )?;
    let mut rows = office.query([])?;
    while let Some(row) = rows.next()? {
        let (kind, source, key): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (before, now): (Option<Vec<u8>>, Option<Vec<u8>>) = (row.get(3)?, row.get(4)?);
        sum -= office_term(&kind, &source, &key, before.as_deref());
        sum += office_term(&kind, &source, &key, now.as_deref());
    }
    let mut documents =
        conn.prepare_cached("SELECT id, generation, territory, alias_of, acked FROM digest_documents")?;
    let mut rows = documents.query([])?;
    while let Some(row) = rows.next()? {
        let (document, generation): (DocumentId, u32) = (row.get(0)?, row.get(1)?);
        let (territory, alias_of): (Option<TerritoryId>, Option<ClientId>) = (row.get(2)?, row.get(3)?);
        let heads = heads_from_blob(row.get_ref(4)?.as_blob().map_err(rusqlite::Error::from)?)?;
        if !heads.is_empty() {
            sum -= DocumentTerm { document, generation, territory, alias_of, heads: &heads }.sum();
        }
        sum += document_term(conn, &document)?;
    }
    Ok(Some(sum))
}

/// Whether so much changed since the sum was taken, or none is kept, that it should be taken now.
pub(super) fn is_due(conn: &Connection) -> Result<bool, SyncError> {
    let sql = "SELECT NOT EXISTS (SELECT 1 FROM digest)
               OR (SELECT count(*) FROM digest_office) + (SELECT count(*) FROM digest_documents) > ?1";
    Ok(conn.prepare_cached(sql)?.query_row([NOTES_MAX], |row| row.get(0))?)
}

/// Keeps the sum of now.
pub(super) fn keep(conn: &Connection, sum: Sum) -> Result<(), SyncError> {
    clear(conn)?;
    if triggers(conn)?.is_empty() {
        conn.execute_batch(include_str!("kept.sql"))?;
    }
    conn.prepare_cached("INSERT INTO digest (one, sum) VALUES (1, ?1)")?.execute(params![sum])?;
    Ok(())
}

/// Keeps none: before much comes at once.
pub(super) fn forget(conn: &Connection) -> Result<(), SyncError> {
    clear(conn)?;
    for name in triggers(conn)? {
        conn.execute_batch(&format!("DROP TRIGGER {name}"))?;
    }
    Ok(())
}

/// Those that note what changes.
fn triggers(conn: &Connection) -> Result<Vec<String>, SyncError> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name GLOB 'digest_*'";
    let names = conn.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>();
    Ok(names?)
}

fn clear(conn: &Connection) -> Result<(), SyncError> {
    for sql in ["DELETE FROM digest", "DELETE FROM digest_office", "DELETE FROM digest_documents"] {
        conn.prepare_cached(sql)?.execute([])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::repair::terms;
    use super::*;
    use crate::env::{Env, SeededEnv};
    use crate::store::Store;

    /// What the rows' code does to the tables that a digest is made of, one statement at a time.
    const DEEDS: [&str; 13] = [
        "INSERT INTO office (kind, source, key, number, value) VALUES ('due', 'erp', ?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET number = excluded.number, value = excluded.value",
        "INSERT INTO office (kind, source, key, number, value) VALUES ('due', 'erp', ?1, ?2, NULL)
         ON CONFLICT DO UPDATE SET number = excluded.number, value = NULL WHERE ?3 IS NOT NULL",
        "INSERT OR REPLACE INTO office (kind, source, key, number, value) SELECT kind, source, key, number, value
         FROM office WHERE key = ?1 AND ?2 <> ?3",
        "UPDATE office SET number = ?2 WHERE key <> ?3 AND key = ?1",
        "DELETE FROM office WHERE key = ?1 AND ?2 <> ?3",
        "INSERT OR IGNORE INTO documents (id, generation, heads, acked, max_op, size)
         VALUES (CAST('document ' || ?1 AS BLOB), 0, x'', x'', ?2, length(?3))",
        "UPDATE documents SET acked = heads WHERE id = CAST('document ' || ?1 AS BLOB) AND ?2 <> ?3",
        "UPDATE documents SET acked = ?3, max_op = ?2
         WHERE id = CAST('document ' || ?1 AS BLOB)",
        "UPDATE documents SET generation = ?2 % 3 WHERE id = CAST('document ' || ?1 AS BLOB) AND ?3 <> ''",
        "DELETE FROM documents WHERE id = CAST('document ' || ?1 AS BLOB) AND ?2 <> ?3",
        "INSERT INTO clients (doc, id, territory) SELECT doc, id, substr(?3, 1, 16) FROM documents
         WHERE id = CAST('document ' || ?1 AS BLOB) AND ?2 > 0 ON CONFLICT DO UPDATE SET territory = excluded.territory",
        "UPDATE clients SET alias_of = iif(?2 % 2, substr(?3, 1, 16), NULL)
         WHERE id = CAST('document ' || ?1 AS BLOB)",
        "DELETE FROM clients WHERE id = CAST('document ' || ?1 AS BLOB) AND ?2 <> ?3",
    ];

    #[test]
    fn a_kept_sum_is_that_of_the_rows_whatever_happens_to_them() {
        let (mut noted, mut kept) = (0, 0);
        for seed in 0..40 {
            let env = SeededEnv::new(seed, 0);
            let folder = tempfile::tempdir().unwrap();
            let store = Store::open(&folder.path().join("phone.db"), None).unwrap();
            store
                .write::<_, SyncError>(|tx| {
                    assert!(digest(tx)?.is_none() && is_due(tx)?, "nothing is kept at first");
                    for step in 0..400 {
                        let mut bytes = [0; 4];
                        env.fill(&mut bytes);
                        let deed = DEEDS[usize::from(bytes[0]) % DEEDS.len()];
                        // The ids of documents have 16 bytes.
                        let name = format!("{:07}", bytes[1] % 6);
                        tx.execute(deed, params![name, step, [bytes[2] % 5 + 1; 32].as_slice()])?;
                        let now = terms(tx, &[])?.sum();
                        if let Some(sum) = digest(tx)? {
                            assert_eq!(sum, now, "seed {seed}, step {step}: {deed}");
                            kept += 1;
                        }
                        assert_eq!(triggers(tx)?.is_empty(), digest(tx)?.is_none(), "none notes for nothing");
                        if bytes[3] % 16 == 0 {
                            let sql = "SELECT (SELECT count(*) FROM digest_office) + count(*) FROM digest_documents";
                            noted += tx.query_row(sql, [], |row| row.get::<_, i64>(0))?;
                            keep(tx, now)?;
                        } else if bytes[3] == 255 {
                            forget(tx)?;
                        }
                    }
                    Ok(())
                })
                .unwrap();
        }
        assert!(noted > 1_000 && kept > 1_000, "{noted} notes, {kept} comparisons");
    }
}
