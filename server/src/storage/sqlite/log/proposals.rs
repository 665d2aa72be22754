//! What reps propose to merge.

use cartera_core::model::record::{Body, Kind as RecordKind, Record};
use cartera_core::rows::Document;
use rusqlite::{Transaction, params};

use super::admit::rows_error;
use super::moves::reaches;
use crate::storage::Result;
use crate::storage::clients::Proposed;

/// Proposals as they read now, of clients that are both here and not merged with each other.
pub(super) fn open(tx: &Transaction<'_>, after: u64, limit: usize) -> Result<Vec<Proposed>> {
    let mut statement = tx.prepare_cached(
        "SELECT r.root, d.id, r.value, a.person, r.number, l.at_ms, r.doc
         FROM records r JOIN documents d ON d.doc = r.doc JOIN actors a ON a.actor = r.actor
         JOIN log l ON l.number = r.number
         WHERE r.kind = ?1 AND r.number > ?2 AND r.shown = 1 AND r.voids = 0 ORDER BY r.number, r.record",
    )?;
    let mut rows = statement.query(params![RecordKind::MergeProposal.letters(), after])?;
    let mut open = Vec::new();
    while let Some(row) = rows.next()? {
        let value: Vec<u8> = row.get(2)?;
        // What this version cannot read it cannot show.
        let Ok(Record { body: Body::MergeProposal(proposal), .. }) =
            Record::decode(RecordKind::MergeProposal, &value)
        else {
            continue;
        };
        let doc: i64 = row.get(6)?;
        let Some(other) = Document::find(tx, &proposal.other.into()).map_err(rows_error)? else { continue };
        if reaches(tx, doc, other.row)? || reaches(tx, other.row, doc)? {
            continue;
        }
        open.push(Proposed {
            record: row.get(0)?,
            client: row.get(1)?,
            proposal,
            by: row.get(3)?,
            number: row.get(4)?,
            at_ms: row.get(5)?,
        });
        if open.len() == limit {
            break;
        }
    }
    Ok(open)
}
