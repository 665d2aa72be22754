//! The catalogue: by family, and search by code, name or barcode.

use rusqlite::{Connection, Row, params};

use super::page;
use crate::rows::search::prefix_query;

/// What a list shows of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleRow {
    pub code: String,
    pub name: String,
    pub family: Option<String>,
    pub ean: Option<String>,
}

fn article(row: &Row<'_>) -> rusqlite::Result<ArticleRow> {
    Ok(ArticleRow { code: row.get(0)?, name: row.get(1)?, family: row.get(2)?, ean: row.get(3)? })
}

/// Families with articles on sale, and how many each has.
pub fn families(conn: &Connection) -> rusqlite::Result<Vec<(String, u64)>> {
    let sql =
        "SELECT family, count(*) FROM articles WHERE withdrawn = 0 AND family IS NOT NULL GROUP BY family";
    conn.prepare_cached(sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// Articles on sale of one family, by name, after the name and code of the last page's last.
pub fn of_family(
    conn: &Connection,
    family: &str,
    after: Option<(&str, &str)>,
    limit: usize,
) -> rusqlite::Result<Vec<ArticleRow>> {
    let (name, code) =
        after.map_or((String::new(), ""), |(name, code)| (crate::rows::client::sort_name(name), code));
    let sql = "SELECT code, name, family, ean FROM articles
               WHERE family = ?1 AND withdrawn = 0 AND (sort_name, code) > (?2, ?3)
               ORDER BY sort_name, code LIMIT ?4";
    let mut statement = conn.prepare_cached(sql)?;
    statement.query_map(params![family, name, code, page(limit)], article)?.collect()
}

/// Articles on sale in whose code, name, family or barcode every typed word begins a word.
pub fn search(conn: &Connection, typed: &str, limit: usize) -> rusqlite::Result<Vec<ArticleRow>> {
    let Some(query) = prefix_query(typed) else { return Ok(Vec::new()) };
    let sql = "SELECT code, name, family, ean FROM article_search WHERE article_search MATCH ?1 ORDER BY rowid LIMIT ?2";
    let mut statement = conn.prepare_cached(sql)?;
    statement.query_map(params![query, page(limit)], article)?.collect()
}

/// The article with this barcode, as a camera reads it.
pub fn by_barcode(conn: &Connection, ean: &str) -> rusqlite::Result<Option<ArticleRow>> {
    use rusqlite::OptionalExtension;
    let sql = "SELECT code, name, family, ean FROM articles WHERE ean = ?1 ORDER BY withdrawn, code LIMIT 1";
    conn.prepare_cached(sql)?.query_row([ean], article).optional()
}
