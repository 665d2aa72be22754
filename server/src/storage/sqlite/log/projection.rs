//! Rows made anew in the background: first what follows from office records, then document by document, a bounded number
//! in each commit.
//!
//! `workspace.projector` is the version that makes the rows. `workspace.projected_doc` is null once all of them are made
//! by it; until then, the last document whose rows are, or [`OFFICE_FIRST`]. So a process that is killed goes on from the
//! last commit. A document that is written meanwhile is made anew in that same commit, before anything reads its rows
//! ([`renew`]); the writer's connection remembers it in a temporary table, which a savepoint or transaction that is
//! undone takes back too.

use std::panic::{AssertUnwindSafe, catch_unwind};

use cartera_core::document::Change;
use cartera_core::rows::office::OfficeKey;
use cartera_core::rows::{self, Document, PROJECTOR_VERSION, RowsError};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::admit::{is_defect, rows_error};
use crate::storage::projection::Projected;
use crate::storage::sqlite::SqliteStorage;
use crate::storage::{Result, StorageError};

/// Documents in one commit.
const DOCUMENTS: usize = 64;
/// Bytes of their changes in one commit, unless one document alone has more.
const BYTES: u64 = 1 << 20;
/// Office records in one commit.
const OFFICE: usize = 500;
/// In the place of a document: what follows from office records is not made anew yet.
const OFFICE_FIRST: i64 = -1;

/// Documents that this process made anew before their turn came.
const MEANWHILE: &str =
    "CREATE TEMP TABLE IF NOT EXISTS projected_meanwhile (doc INTEGER PRIMARY KEY) STRICT";

/// For the connection that writes.
pub(in crate::storage::sqlite) fn prepare(writer: &Connection) -> rusqlite::Result<()> {
    writer.execute_batch(MEANWHILE)
}

/// The last document whose rows are made by this version; `None`: all are.
pub(super) fn reached(tx: &Transaction<'_>) -> Result<Option<i64>> {
    let version_and_doc: Option<(u32, Option<i64>)> = tx
        .prepare_cached("SELECT projector, projected_doc FROM workspace")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(match version_and_doc {
        // Without a workspace there are no rows.
        None | Some((PROJECTOR_VERSION, None)) => None,
        Some((PROJECTOR_VERSION, doc)) => doc,
        Some(_) => Some(OFFICE_FIRST),
    })
}

/// How much is done, in percent below 100; `None`: all of it.
pub(in crate::storage::sqlite) fn percent(tx: &Transaction<'_>) -> Result<Option<u8>> {
    let Some(doc) = reached(tx)? else { return Ok(None) };
    let last: i64 =
        tx.prepare_cached("SELECT coalesce(max(doc), 0) FROM documents")?.query_row([], |row| row.get(0))?;
    let percent = doc.max(0).saturating_mul(100).checked_div(last).unwrap_or(0);
    Ok(Some(u8::try_from(percent.min(99)).unwrap_or(99)))
}

/// An error while rows are made anew: before they are read of many documents.
pub(in crate::storage::sqlite) fn done(tx: &Transaction<'_>) -> Result<()> {
    match percent(tx)? {
        Some(percent) => Err(StorageError::Projecting { percent }),
        None => Ok(()),
    }
}

/// From here on the rows of a document are made by this version: to be called before they are read for writing.
pub(super) fn renew(tx: &Transaction<'_>, reached: Option<i64>, doc: i64) -> Result<()> {
    if reached.is_none_or(|reached| doc <= reached) || was_renewed(tx, doc)? {
        return Ok(());
    }
    let Some(document) = Document::at_row(tx, doc).map_err(rows_error)? else { return Ok(()) };
    rows::rebuild_document(tx, &document).map_err(rows_error)?;
    tx.prepare_cached("INSERT INTO projected_meanwhile (doc) VALUES (?1)")?.execute([doc])?;
    Ok(())
}

fn was_renewed(tx: &Transaction<'_>, doc: i64) -> Result<bool> {
    Ok(tx.prepare_cached("SELECT 1 FROM projected_meanwhile WHERE doc = ?1")?.exists([doc])?)
}

/// Notes that rows made by another version are to be made anew.
pub(in crate::storage::sqlite) fn begin(storage: &SqliteStorage) -> Result<()> {
    let other = "SELECT 1 FROM workspace WHERE projector <> ?1";
    if !storage.read(|tx| Ok(tx.prepare_cached(other)?.exists([PROJECTOR_VERSION])?))? {
        return Ok(());
    }
    storage.write(|tx| {
        tx.execute("DELETE FROM projected_meanwhile", [])?;
        let sql = "UPDATE workspace SET projector = ?1, projected_doc = ?2 WHERE projector <> ?1";
        tx.execute(sql, params![PROJECTOR_VERSION, OFFICE_FIRST])?;
        Ok(())
    })
}

pub(super) fn step(storage: &SqliteStorage, after: Option<&OfficeKey>) -> Result<Projected> {
    begin(storage)?;
    let mut done = match storage.read(reached)? {
        None => return Ok(Projected::default()),
        Some(OFFICE_FIRST) => office(storage, after)?,
        Some(doc) => documents(storage, doc)?,
    };
    done.percent = storage.read(percent)?;
    Ok(done)
}

fn office(storage: &SqliteStorage, after: Option<&OfficeKey>) -> Result<Projected> {
    storage.write(|tx| {
        let after = rows::project_office_again(tx, after, OFFICE).map_err(rows_error)?;
        if after.is_none() {
            advance(tx, OFFICE_FIRST, Some(0))?;
        }
        Ok(Projected { after, ..Projected::default() })
    })
}

/// A document as it was read before the writer was taken, with its changes.
struct Read {
    document: Document,
    changes: Result<Vec<Change>, RowsError>,
}

/// The next documents after `doc`. Reading them is the longer part of the work, and keeps nobody from writing.
fn documents(storage: &SqliteStorage, doc: i64) -> Result<Projected> {
    let (batch, is_last) = storage.read(|tx| read(tx, doc))?;
    // What was begun since it was read was begun by this version.
    let last = batch.last().map(|read| read.document.row).filter(|_| !is_last);
    let together = guarded(|| {
        storage.write(|tx| {
            batch.iter().try_for_each(|read| again(tx, read))?;
            advance(tx, doc, last)
        })
    });
    match together {
        Ok(()) => Ok(Projected { documents: batch.len(), ..Projected::default() }),
        Err(error) if !is_defect(&error) => Err(error),
        Err(_) => one_by_one(storage, doc, &batch, is_last),
    }
}

/// One document stumbled: find out which, and leave that one alone as it is.
fn one_by_one(storage: &SqliteStorage, mut doc: i64, batch: &[Read], is_last: bool) -> Result<Projected> {
    let mut done = Projected::default();
    for read in batch {
        let row = read.document.row;
        let made = guarded(|| {
            storage.write(|tx| {
                again(tx, read)?;
                advance(tx, doc, Some(row))
            })
        });
        match made {
            Ok(()) => done.documents += 1,
            Err(error) if !is_defect(&error) => return Err(error),
            Err(error) => {
                tracing::error!(document = %read.document.id, code = error.code(), %error, "rows stay as an older version made them");
                done.failed += 1;
                storage.write(|tx| advance(tx, doc, Some(row)))?;
            }
        }
        doc = row;
    }
    if is_last {
        storage.write(|tx| advance(tx, doc, None))?;
    }
    Ok(done)
}

/// A panic over one document is a defect of that one.
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(StorageError::Undecodable { what: "document", detail: "its rows cannot be made".into() })
    })
}

/// And whether these are the last ones.
fn read(tx: &Transaction<'_>, after: i64) -> Result<(Vec<Read>, bool)> {
    let mut statement =
        tx.prepare_cached("SELECT doc, size FROM documents WHERE doc > ?1 ORDER BY doc LIMIT ?2")?;
    let rows = statement.query_map(params![after, DOCUMENTS], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let found: Vec<(i64, u64)> = rows.collect::<rusqlite::Result<_>>()?;
    let mut is_last = found.len() < DOCUMENTS;
    let mut batch = Vec::with_capacity(found.len());
    let mut bytes = 0;
    for (doc, size) in found {
        bytes += size;
        if bytes > BYTES && !batch.is_empty() {
            is_last = false;
            break;
        }
        let Some(document) = Document::at_row(tx, doc).map_err(rows_error)? else { continue };
        let changes = rows::changes_of(tx, &document);
        batch.push(Read { document, changes });
    }
    Ok((batch, is_last))
}

fn again(tx: &Transaction<'_>, read: &Read) -> Result<()> {
    let row = read.document.row;
    if was_renewed(tx, row)? {
        return Ok(());
    }
    let Some(document) = Document::at_row(tx, row).map_err(rows_error)? else { return Ok(()) };
    match &read.changes {
        Ok(changes) if document == read.document => rows::project_again(tx, &document, changes),
        // It was written meanwhile, or could not be read; then this says why.
        _ => rows::rebuild_document(tx, &document),
    }
    .map_err(rows_error)
}

/// Notes how far it got (`None`: to the end), unless another process went on from there meanwhile.
fn advance(tx: &Transaction<'_>, from: i64, to: Option<i64>) -> Result<()> {
    let sql = "UPDATE workspace SET projected_doc = ?3 WHERE projector = ?1 AND projected_doc = ?2";
    tx.prepare_cached(sql)?.execute(params![PROJECTOR_VERSION, from, to])?;
    if to.is_none() {
        tx.execute("DELETE FROM projected_meanwhile", [])?;
    }
    Ok(())
}
