use rusqlite::{Row, Transaction, params};

use super::SqliteStorage;
use crate::audit::{DETAIL_CHARS_MAX, Deed, Recorded};
use crate::storage::{Audit, Result};

impl Audit for SqliteStorage {
    fn record(&self, deeds: &[Deed]) -> Result<()> {
        self.write(|tx| deeds.iter().try_for_each(|deed| record(tx, deed)))
    }

    fn deeds(&self, after: u64, limit: usize) -> Result<Vec<Recorded>> {
        self.read(|tx| {
            let sql = format!("SELECT {COLUMNS} FROM audit WHERE number > ?1 ORDER BY number LIMIT ?2");
            let mut statement = tx.prepare_cached(&sql)?;
            let rows = statement.query_map(params![after, limit], recorded)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    fn deeds_before(&self, number: u64, limit: usize) -> Result<Vec<Recorded>> {
        self.read(|tx| {
            let sql = format!("SELECT {COLUMNS} FROM audit WHERE number < ?1 ORDER BY number DESC LIMIT ?2");
            let mut statement = tx.prepare_cached(&sql)?;
            let number = i64::try_from(number).unwrap_or(i64::MAX);
            let rows = statement.query_map(params![number, limit], recorded)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}

const COLUMNS: &str = "number, at_ms, actor_kind, actor, action, subject_kind, subject, detail";

fn recorded(row: &Row<'_>) -> rusqlite::Result<Recorded> {
    Ok(Recorded {
        number: row.get(0)?,
        at_ms: row.get(1)?,
        actor_kind: row.get(2)?,
        actor: row.get(3)?,
        action: row.get(4)?,
        subject_kind: row.get(5)?,
        subject: row.get(6)?,
        detail: row.get(7)?,
    })
}

/// Writes a deed in the transaction of what was done.
pub(crate) fn record(tx: &Transaction<'_>, deed: &Deed) -> Result<()> {
    let (actor_kind, actor) = deed.actor.parts();
    let (subject_kind, subject) = deed.subject.parts();
    let detail: String = deed.detail.chars().take(DETAIL_CHARS_MAX).collect();
    tx.prepare_cached(
        "INSERT INTO audit (at_ms, actor_kind, actor, action, subject_kind, subject, detail)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![deed.at_ms, actor_kind, actor, deed.action, subject_kind, subject, detail])?;
    Ok(())
}
