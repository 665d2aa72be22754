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

/// A query for [`note_search`](self) out of what somebody typed: every word a prefix; `None` if there is no word.
pub fn prefix_query(typed: &str) -> Option<String> {
    let words: Vec<String> = typed
        .split(|c| !is_of_word(c))
        .filter(|word| !word.is_empty())
        .take(MAX_QUERY_WORDS)
        .map(|word| prefix(word.chars()))
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// The same for [`client_search`](self), where a number or code may also be meant that is typed in several pieces:
/// all that was typed, as one run.
pub fn client_query(typed: &str) -> Option<String> {
    let words = prefix_query(typed)?;
    // A phone from abroad: 00 stands for the plus.
    let skipped = if typed.trim_start().starts_with("00") { 2 } else { 0 };
    let run = prefix(typed.chars().filter(|c| is_of_word(*c)).skip(skipped));
    Some(if run == words || run == "\"\"*" { words } else { format!("({words}) OR {run}") })
}

/// A code or number without what stands between its letters and digits.
pub(super) fn compact(code: &str) -> String {
    code.chars().filter(|c| is_of_word(*c)).collect()
}

/// As the tokenizer sees it: an accent of its own belongs to the letter before it.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c)
}

fn prefix(word: impl Iterator<Item = char>) -> String {
    format!("\"{}\"*", word.take(MAX_QUERY_WORD_CHARS).collect::<String>())
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

    #[test]
    fn what_is_typed_in_pieces_may_be_one_number() {
        assert_eq!(client_query("b-123"), Some(r#"("b"* "123"*) OR "b123"*"#.into()));
        assert_eq!(client_query("00 34 600"), Some(r#"("00"* "34"* "600"*) OR "34600"*"#.into()));
        assert_eq!(client_query("bar"), Some(r#""bar"*"#.into()));
        assert_eq!(client_query("()"), None);
    }
}
