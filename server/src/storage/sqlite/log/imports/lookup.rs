//! What is there already: clients by the code of a source, office records, the last imported rows.

use cartera_core::model::office::KnownKind;
use cartera_core::model::record::Kind;
use cartera_core::model::{ClientId, RecordId, TerritoryId};
use cartera_core::rows;
use rusqlite::{OptionalExtension, Transaction, params};
use sha2::{Digest, Sha256};

use super::undecodable;
use crate::import::codec::decode_row;
use crate::import::profile::Row;
use crate::import::record::{Answered, OfficeRecord};
use crate::import::target::{Reference, Standing};
use crate::storage::Result;
use crate::storage::sqlite::log::admit::rows_error;
use crate::territories::folded;

/// The client that a source knows by this code: imported from it, or known by that ERP code whoever created it. Of
/// several, one that is no alias, and the earliest.
pub(in crate::storage::sqlite::log) fn client(
    tx: &Transaction<'_>,
    source: &str,
    code: &str,
) -> Result<Option<ClientId>> {
    let imported: Option<ClientId> = tx
        .prepare_cached(
            "SELECT d.id FROM import_rows r JOIN documents d ON d.doc = r.doc WHERE r.source = ?1 AND r.id = ?2",
        )?
        .query_row([source, code], |row| row.get(0))
        .optional()?;
    if imported.is_some() {
        return Ok(imported);
    }
    Ok(tx
        .prepare_cached(
            "SELECT c.id FROM clients c JOIN placements p ON p.doc = c.doc
             WHERE c.erp_code = ?1 ORDER BY p.alias_of IS NOT NULL, c.doc LIMIT 1",
        )?
        .query_row([code], |row| row.get(0))
        .optional()?)
}

/// The territory of that name.
pub(super) fn territory(tx: &Transaction<'_>, name: &str) -> Result<Option<TerritoryId>> {
    Ok(tx
        .prepare_cached("SELECT id FROM territories WHERE folded = ?1")?
        .query_row([folded(name)], |row| row.get(0))
        .optional()?)
}

pub(super) fn is_known(tx: &Transaction<'_>, what: Reference, source: &str, key: &str) -> Result<bool> {
    Ok(match what {
        Reference::Client => client(tx, source, key)?.is_some(),
        Reference::Territory => territory(tx, key)?.is_some(),
        Reference::Article => {
            let found = rows::office::get(tx, KnownKind::Article.name(), source, key).map_err(rows_error)?;
            found.is_some_and(|(entry, _)| entry.value.is_some())
        }
    })
}

pub(super) fn last_row(tx: &Transaction<'_>, source: &str, id: &str) -> Result<Option<Row>> {
    let value: Option<Vec<u8>> = tx
        .prepare_cached("SELECT value FROM import_rows WHERE source = ?1 AND id = ?2")?
        .query_row([source, id], |row| row.get(0))
        .optional()?;
    value.map(|value| decode_row(&value).map_err(|error| undecodable("imported row", error))).transpose()
}

/// Names a client of a source without telling which.
pub(super) fn id_hash(source: &str, id: &str) -> [u8; 32] {
    let length = (source.len() as u32).to_be_bytes();
    Sha256::new().chain_update(length).chain_update(source).chain_update(id).finalize().into()
}

pub(super) fn is_erased(tx: &Transaction<'_>, source: &str, id: &str) -> Result<bool> {
    Ok(tx.prepare_cached("SELECT 1 FROM import_erased WHERE id_hash = ?1")?.exists([id_hash(source, id)])?)
}

pub(super) fn standing(tx: &Transaction<'_>, source: &str, record: &OfficeRecord) -> Result<Standing> {
    let there = rows::office::get(tx, record.kind.name(), source, &record.key).map_err(rows_error)?;
    let Some((there, _)) = there.filter(|(entry, _)| entry.value.is_some()) else { return Ok(Standing::New) };
    if there.value != Some(record.value.encode()) {
        return Ok(Standing::Changed);
    }
    let about = record.client.as_deref().map(|code| client(tx, source, code)).transpose()?.flatten();
    Ok(if about == there.client { Standing::Same } else { Standing::Changed })
}

/// The record that an answer of a source becomes, for ever.
pub(super) fn answer_id(source: &str, id: &str) -> RecordId {
    let hash =
        Sha256::new().chain_update(Kind::SurveyAnswer.letters()).chain_update(id_hash(source, id)).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    RecordId::from_bytes(bytes)
}

pub(super) fn answered(tx: &Transaction<'_>, source: &str, answered: &Answered) -> Result<Standing> {
    let sql = "SELECT d.id, r.value FROM records r JOIN documents d ON d.doc = r.doc WHERE r.id = ?1 AND r.kind = ?2";
    let there: Option<(ClientId, Vec<u8>)> = tx
        .prepare_cached(sql)?
        .query_row(params![answer_id(source, &answered.id), Kind::SurveyAnswer.letters()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let Some((about, value)) = there else { return Ok(Standing::New) };
    let is_same = value == answered.record().encode() && client(tx, source, &answered.client)? == Some(about);
    Ok(if is_same { Standing::Same } else { Standing::Changed })
}

pub(super) fn office_keys(
    tx: &Transaction<'_>,
    kind: KnownKind,
    source: &str,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<String>> {
    let begin = if after.is_some() { ">" } else { ">=" };
    let mut statement = tx.prepare_cached(&format!(
        "SELECT key FROM office WHERE kind = ?1 AND source = ?2 AND key {begin} ?3 AND value IS NOT NULL
         ORDER BY key LIMIT ?4"
    ))?;
    let rows = statement
        .query_map(params![kind.name(), source, after.unwrap_or_default(), limit], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
