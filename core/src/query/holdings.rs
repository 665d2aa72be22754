//! What a device holds, in numbers.

use rusqlite::Connection;

use super::clients;
use crate::store::{StoreError, drafts};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holdings {
    pub clients: u64,
    /// Records of all kinds, as they were written.
    pub records: u64,
    /// Office records by kind, most first.
    pub office: Vec<(String, u64)>,
    /// Orders that are being written.
    pub drafts: u64,
    /// The database without its log, and how much of it is free.
    pub database_bytes: u64,
    pub free_bytes: u64,
}

/// As of now.
pub fn of_device(conn: &Connection) -> Result<Holdings, StoreError> {
    let number = |sql: &str| conn.prepare_cached(sql)?.query_row([], |row| row.get::<_, u64>(0));
    let sql = "SELECT kind, count(*) FROM office WHERE value IS NOT NULL GROUP BY kind ORDER BY 2 DESC, 1";
    let mut statement = conn.prepare_cached(sql)?;
    let office = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Holdings {
        clients: clients::count(conn)?,
        records: number("SELECT count(*) FROM records")?,
        office: office.collect::<rusqlite::Result<_>>()?,
        drafts: drafts::all(conn)?.len() as u64,
        database_bytes: number("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")?,
        free_bytes: number(
            "SELECT freelist_count * page_size FROM pragma_freelist_count(), pragma_page_size()",
        )?,
    })
}
