//! Clients that are erased: every byte of them goes, number and hash of their entries stay.
//!
//! SQLite leaves deleted bytes where they were until something else is written there, and full-text indexes only mark
//! what is gone. So erasing expunges the indexes and leaves a mark, and [`SqliteStorage::overwrite_erased`] writes the
//! file anew and empties the write-ahead log; the mark goes last, so that a process that dies in between does it at its
//! next start.

use cartera_core::model::record::{Body, Kind as RecordKind, Record};
use cartera_core::model::{ClientId, DocumentId};
use cartera_core::rows::{Document, search};
use rusqlite::{Params, Transaction, params};

use super::admit::rows_error;
use super::parts::{self, Part, lane};
use super::place::{Placement, aliases_of, client_at, lent_to_ever};
use super::writer::{Kind, LogWriter, Refs, entry_hash};
use super::{lendings, moves, office};
use crate::storage::Result;
use crate::storage::clients::{ErasePreview, Erased};
use crate::sync::audience::Audience;

/// A document's entries, each of these by an index: the log is never read through.
const ENTRIES: [&str; 3] = [
    "number IN (SELECT number FROM changes WHERE doc = ?1)",
    "doc = ?1 AND kind = 1",
    "doc = ?1 AND kind IN (2, 3)",
];

pub(super) fn erase(log: &mut LogWriter<'_>, client: ClientId, at_ms: i64) -> Result<Erased> {
    let tx = log.tx;
    let id = DocumentId::from(client);
    if tx.prepare_cached("SELECT 1 FROM erasures WHERE document = ?1")?.exists([id])? {
        return Ok(Erased::Already);
    }
    let Some(document) = client_document(tx, client)? else { return Ok(Erased::UnknownClient) };
    let people = lent_to_ever(tx, document.row)?;
    for alias in aliases_of(tx, document.row)? {
        if let Some(alias) = client_at(tx, alias)? {
            moves::merge(log, alias, None, at_ms)?;
            // Through whom they had the alias will not be known any more.
            for person in &people {
                lendings::ended_with_kept(log, alias, *person, at_ms)?;
            }
        }
    }
    let mut place = Placement::get(tx, document.row)?;
    let hash = entry_hash(b'e', &[client.as_bytes()]);
    // Whoever held it, wherever it was, is told.
    let mut number = 0;
    for part in parts_ever(tx, &document, &place)? {
        number = log.append(Kind::Erase, lane(part, Audience::Everybody), &Refs::default(), &hash, at_ms)?;
        tx.prepare_cached(
            "INSERT INTO erasures (document, number, at_ms) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET number = excluded.number",
        )?
        .execute(params![id, number, at_ms])?;
        tx.prepare_cached("INSERT INTO erased_entries (number, document) VALUES (?1, ?2)")?
            .execute(params![number, id])?;
    }
    place.leave(log);
    office::erase_client(tx, &client)?;
    for entries in ENTRIES {
        let forget = format!("UPDATE log SET doc = NULL, actor = NULL, seq = NULL WHERE {entries}");
        tx.prepare_cached(&forget)?.execute([document.row])?;
    }
    tx.prepare_cached("DELETE FROM refused WHERE document = ?1")?.execute([id])?;
    // Batches hold clients that are not here yet beside those that are, and findings quote cells: neither can be told
    // apart by client.
    tx.execute("DELETE FROM imports WHERE ended_ms IS NULL", [])?;
    tx.execute("UPDATE imports SET report = NULL", [])?;
    document.delete(tx).map_err(rows_error)?;
    search::expunge(tx).map_err(rows_error)?;
    tx.execute("UPDATE workspace SET scrub = 1", [])?;
    Ok(Erased::Done(number))
}

/// A client that is not here must not come here either.
pub(super) fn forbid(tx: &Transaction<'_>, client: ClientId, at_ms: i64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO erasures (document, number, at_ms) VALUES (?1, 0, ?2) ON CONFLICT DO NOTHING",
    )?
    .execute(params![client, at_ms])?;
    tx.prepare_cached("DELETE FROM awaited WHERE document = ?1")?.execute([client])?;
    Ok(())
}

/// A client's document; people's own documents are no clients.
fn client_document(tx: &Transaction<'_>, client: ClientId) -> Result<Option<Document>> {
    let Some(document) = Document::find(tx, &client.into()).map_err(rows_error)? else { return Ok(None) };
    let place = Placement::get(tx, document.row)?;
    Ok((!parts::at_row(tx, place.own_part)?.is_own()).then_some(document))
}

/// Every part in which somebody may have seen the document.
fn parts_ever(tx: &Transaction<'_>, document: &Document, place: &Placement) -> Result<Vec<i64>> {
    let mut found = vec![place.part];
    let mut statement =
        tx.prepare_cached("SELECT before, lane FROM log WHERE doc = ?1 AND kind IN (2, 3)")?;
    let mut rows = statement.query([document.row])?;
    while let Some(row) = rows.next()? {
        found.extend(row.get::<_, Option<i64>>(0)?);
        found.push(parts::part_of_lane(row.get(1)?));
    }
    for person in lent_to_ever(tx, document.row)? {
        found.push(parts::intern(tx, Part::Person(person))?);
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

pub(super) fn preview(tx: &Transaction<'_>, client: ClientId) -> Result<Option<ErasePreview>> {
    let Some(document) = client_document(tx, client)? else { return Ok(None) };
    let row = document.row;
    let mut aliases = Vec::new();
    for alias in aliases_of(tx, row)? {
        aliases.extend(client_at(tx, alias)?);
    }
    Ok(Some(ErasePreview {
        changes: count(tx, "SELECT count(*) FROM changes WHERE doc = ?1", [row])?,
        bytes: document.size,
        records: by_kind(
            tx,
            "SELECT kind, count(*) FROM records WHERE doc = ?1 GROUP BY 1 ORDER BY 1",
            [row],
        )?,
        office: by_kind(
            tx,
            "SELECT kind, count(*) FROM office WHERE client = ?1 AND value IS NOT NULL GROUP BY 1 ORDER BY 1",
            [client],
        )?,
        refused: count(tx, "SELECT count(*) FROM refused WHERE document = ?1", [document.id])?,
        unfinished_imports: count(tx, "SELECT count(*) FROM imports WHERE ended_ms IS NULL", [])?,
        import_reports: count(
            tx,
            "SELECT count(*) FROM imports WHERE ended_ms IS NOT NULL AND report IS NOT NULL",
            [],
        )?,
        aliases,
        proposals_elsewhere: proposals_elsewhere(tx, row, client)?,
    }))
}

fn count(tx: &Transaction<'_>, sql: &str, params: impl Params) -> Result<u64> {
    Ok(tx.prepare_cached(sql)?.query_row(params, |row| row.get(0))?)
}

fn by_kind(tx: &Transaction<'_>, sql: &str, params: impl Params) -> Result<Vec<(String, u64)>> {
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map(params, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn proposals_elsewhere(tx: &Transaction<'_>, doc: i64, client: ClientId) -> Result<u64> {
    let kind = RecordKind::MergeProposal;
    let mut statement = tx.prepare_cached("SELECT value FROM records WHERE kind = ?1 AND doc <> ?2")?;
    let mut rows = statement.query(params![kind.letters(), doc])?;
    let mut naming = 0;
    while let Some(row) = rows.next()? {
        let record = Record::decode(kind, row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?);
        let names =
            matches!(record, Ok(Record { body: Body::MergeProposal(other), .. }) if other.other == client);
        naming += u64::from(names);
    }
    Ok(naming)
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::storage::sqlite::migrations::tests::make;

    #[test]
    fn no_step_of_erasing_reads_the_whole_log() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("relay.db");
        make(&path, crate::storage::sqlite::migrations::known() as usize);
        let connection = Connection::open(&path).unwrap();
        let lines = |sql: &str| -> Vec<String> {
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let rows = statement.query_map([1], |row| row.get(3)).unwrap();
            rows.map(Result::unwrap).collect()
        };
        for entries in ENTRIES {
            let plan = lines(&format!("UPDATE log SET doc = NULL WHERE {entries}"));
            assert!(plan.iter().any(|line| line.starts_with("SEARCH log")), "{entries}: {plan:?}");
            assert!(plan.iter().all(|line| !line.starts_with("SCAN")), "{entries}: {plan:?}");
        }
        let ever = "SELECT before, lane FROM log WHERE doc = ?1 AND kind IN (2, 3)";
        assert!(lines(ever).iter().all(|line| line.starts_with("SEARCH")), "{:?}", lines(ever));
        assert!(
            lines("SELECT 1 FROM log WHERE doc = ?1").iter().any(|line| line.starts_with("SCAN")),
            "it would tell"
        );
    }
}
