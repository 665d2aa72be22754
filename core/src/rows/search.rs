//! The words that search finds: one full-text row a client, one a record with notes.
//!
//! SQLite's tokenizer folds accents and case. The tables hold no text of their own, only the index.

use rusqlite::{Connection, params};

use super::Result;

/// What of a client can be searched.
#[derive(Debug, Default)]
pub(super) struct ClientWords<'a> {
    pub name: &'a str,
    pub legal_name: &'a str,
    pub tax_id: &'a str,
    pub erp_code: &'a str,
    pub city: &'a str,
    /// Contact persons' names, one after the other.
    pub contacts: &'a str,
    /// Phones as typed and in E.164, one after the other.
    pub phones: &'a str,
}

pub(super) fn put_client(conn: &Connection, doc: i64, words: &ClientWords<'_>) -> Result<()> {
    conn.prepare_cached(
        "INSERT OR REPLACE INTO client_search
           (rowid, name, legal_name, tax_id, erp_code, city, contacts, phones)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        doc,
        words.name,
        words.legal_name,
        words.tax_id,
        words.erp_code,
        words.city,
        words.contacts,
        words.phones
    ])?;
    Ok(())
}

pub(super) fn put_note(conn: &Connection, record: i64, words: &str) -> Result<()> {
    conn.prepare_cached("INSERT OR REPLACE INTO note_search (rowid, words) VALUES (?1, ?2)")?
        .execute(params![record, words])?;
    Ok(())
}

pub(super) fn forget_note(conn: &Connection, record: i64) -> Result<()> {
    conn.prepare_cached("DELETE FROM note_search WHERE rowid = ?1")?.execute([record])?;
    Ok(())
}

/// Takes a document out of all indexes; its rows go with the document's own.
pub(super) fn forget(conn: &Connection, doc: i64) -> Result<()> {
    conn.prepare_cached(
        "DELETE FROM note_search WHERE rowid IN (SELECT record FROM records WHERE doc = ?1)",
    )?
    .execute([doc])?;
    conn.prepare_cached("DELETE FROM client_search WHERE rowid = ?1")?.execute([doc])?;
    conn.prepare_cached("DELETE FROM places WHERE doc = ?1")?.execute([doc])?;
    Ok(())
}

/// Drops from the indexes the words of rows that are gone: deleting a row only marks them. It writes the indexes anew.
pub fn expunge(conn: &Connection) -> Result<()> {
    conn.execute_batch(
        "INSERT INTO client_search (client_search) VALUES ('optimize');
         INSERT INTO note_search (note_search) VALUES ('optimize');",
    )?;
    Ok(())
}

/// A query for [`client_search`](self) out of what somebody typed: every word a prefix; `None` if there is no word.
pub fn prefix_query(typed: &str) -> Option<String> {
    let words: Vec<String> = typed
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(MAX_QUERY_WORDS)
        .map(|word| format!("\"{}\"*", word.chars().take(MAX_QUERY_WORD_CHARS).collect::<String>()))
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// More words than this are not searched for.
pub const MAX_QUERY_WORDS: usize = 8;
/// Longer words are cut.
pub const MAX_QUERY_WORD_CHARS: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_never_becomes_query_syntax() {
        assert_eq!(prefix_query("bar \"el* OR name:x"), Some(r#""bar"* "el"* "OR"* "name"* "x"*"#.into()));
        assert_eq!(prefix_query(" -*\" "), None);
    }
}
