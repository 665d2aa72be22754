//! Single values that the device keeps about itself, by name.

use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;

/// The projector's version that made the rows.
pub const PROJECTOR: &str = "projector";
/// Who this device is and where its relay is: CBOR of `sync::identity::Identity`.
pub const IDENTITY: &str = "identity";
/// The code and the token, a space between, of an enrolment that was not answered yet.
pub const PENDING_TOKEN: &str = "pending_token";
/// The actor of this installation, 16 bytes.
pub const ACTOR: &str = "actor";
/// The relay's cursor, opaque.
pub const CURSOR: &str = "cursor";
/// The version of the scope that the cursor belongs to.
pub const SCOPE_VERSION: &str = "scope_version";
/// What was last learnt of the true time: CBOR of `sync::clock::Reference`.
pub const CLOCK: &str = "clock";
/// The scope as the relay last told it: CBOR of `wire::Scope`.
pub const SCOPE: &str = "scope";
/// How far following the relay into a new epoch has got: `store::offers::Stage`.
pub const OFFERING: &str = "offering";
/// Sales that passed the window are still to be forgotten: CBOR of the source and key of the last one that was looked at.
pub const FORGET_SALES: &str = "forget_sales";
/// When everything on offer last had its verdict, milliseconds.
pub const OFFERED_AT: &str = "offered_at";
/// When a sync last went through, milliseconds.
pub const LAST_SYNC: &str = "last_sync";
/// When this device's person wants to be left alone: CBOR of `model::quiet::QuietHours`.
pub const QUIET_HOURS: &str = "quiet_hours";

pub fn get(conn: &Connection, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT value FROM meta WHERE key = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([key], |row| row.get(0)).optional()?)
}

pub fn put(conn: &Connection, key: &str, value: &[u8]) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )?
    .execute(params![key, value])?;
    Ok(())
}

pub fn remove(conn: &Connection, key: &str) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM meta WHERE key = ?1")?.execute([key])?;
    Ok(())
}

pub fn get_u64(conn: &Connection, key: &str) -> Result<Option<u64>, StoreError> {
    let Some(bytes) = get(conn, key)? else { return Ok(None) };
    let bytes = bytes.try_into().map_err(|_| StoreError::Damaged(format!("`{key}` has not eight bytes")))?;
    Ok(Some(u64::from_be_bytes(bytes)))
}

pub fn put_u64(conn: &Connection, key: &str, value: u64) -> Result<(), StoreError> {
    put(conn, key, &value.to_be_bytes())
}
