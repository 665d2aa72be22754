//! Office records that have read tables of their own: articles, prices, and whose hand an actor is.

use rusqlite::{Connection, params};

use super::Result;
use super::client::sort_name;
use super::documents::intern;
use super::office::{self, OfficeEntry, OfficeKey};
use crate::document::ActorId;
use crate::model::office::{Actor, Article, Kind, KnownKind, Price, Value};

/// Kinds of office records that something here follows from.
const FOLLOWED: [KnownKind; 3] = [KnownKind::Article, KnownKind::Price, KnownKind::Actor];

/// What follows from an office record that was just kept. What this version cannot read follows nothing.
pub(super) fn follow(conn: &Connection, entry: &OfficeEntry) -> Result<()> {
    // Most of what comes has none of these kinds, and is not read here.
    let known = Kind::parse(&entry.kind).and_then(|kind| kind.known());
    let Some(known) = known.filter(|known| FOLLOWED.contains(known)) else { return Ok(()) };
    let value = entry.value.as_deref().and_then(|bytes| Value::decode(&known.into(), bytes).ok());
    match (known, value) {
        (KnownKind::Article, Some(Value::Article(article))) => put_article(conn, entry, &article),
        (KnownKind::Article, _) => forget_article(conn, entry),
        (KnownKind::Price, Some(Value::Price(price))) => put_price(conn, entry, &price),
        (KnownKind::Price, _) => forget_price(conn, entry),
        (KnownKind::Actor, Some(Value::Actor(actor))) => put_actor(conn, entry, &actor),
        _ => Ok(()),
    }
}

/// Makes these tables anew.
pub(super) fn rebuild(conn: &Connection) -> Result<()> {
    conn.execute_batch("DELETE FROM articles; DELETE FROM article_search; DELETE FROM prices")?;
    let mut after = None;
    loop {
        after = project_again(conn, after.as_ref(), 1_000)?;
        if after.is_none() {
            return Ok(());
        }
    }
}

/// Makes anew what follows from the next `limit` office records, tombstones among them; gives the last one's kind, source
/// and key, to go on after, or `None` at the end. The tables need not be empty.
pub fn project_again(
    conn: &Connection,
    after: Option<&OfficeKey>,
    limit: usize,
) -> Result<Option<OfficeKey>> {
    let begun = FOLLOWED.iter().position(|kind| after.is_some_and(|after| after.kind == kind.name()));
    let mut left = limit;
    for kind in &FOLLOWED[begun.unwrap_or_default()..] {
        let first = OfficeKey::first(*kind);
        let after = after.filter(|after| after.kind == kind.name()).unwrap_or(&first);
        let entries = office::of_kind(conn, *kind, after, left)?;
        for (entry, _) in &entries {
            follow(conn, entry)?;
        }
        left -= entries.len();
        if left == 0 {
            return Ok(entries.last().map(|(last, _)| last.name()));
        }
    }
    Ok(None)
}

fn put_article(conn: &Connection, entry: &OfficeEntry, article: &Article) -> Result<()> {
    forget_article(conn, entry)?;
    conn.prepare_cached(
        "INSERT INTO articles (source, key, code, name, sort_name, family, ean, withdrawn)
         VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        entry.source,
        entry.key,
        article.name,
        sort_name(&article.name),
        article.family,
        article.ean,
        article.withdrawn
    ])?;
    if !article.withdrawn {
        conn.prepare_cached("INSERT INTO article_search (code, name, family, ean) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![entry.key, article.name, article.family, article.ean])?;
    }
    Ok(())
}

fn forget_article(conn: &Connection, entry: &OfficeEntry) -> Result<()> {
    let known = conn
        .prepare_cached("DELETE FROM articles WHERE source = ?1 AND key = ?2")?
        .execute([&entry.source, &entry.key])?;
    if known > 0 {
        conn.prepare_cached(
            "DELETE FROM article_search WHERE rowid IN (
               SELECT rowid FROM article_search WHERE article_search MATCH ?1 AND code = ?2)",
        )?
        .execute(params![format!("code : \"{}\"", entry.key.replace('"', "\"\"")), entry.key])?;
    }
    Ok(())
}

fn put_price(conn: &Connection, entry: &OfficeEntry, price: &Price) -> Result<()> {
    conn.prepare_cached(
        "INSERT OR REPLACE INTO prices (source, key, article, family, client, price_list, from_day, until_day)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        entry.source,
        entry.key,
        price.article,
        price.family,
        entry.client,
        price.price_list,
        price.from.map(|date| date.days()),
        price.until.map(|date| date.days())
    ])?;
    Ok(())
}

fn forget_price(conn: &Connection, entry: &OfficeEntry) -> Result<()> {
    conn.prepare_cached("DELETE FROM prices WHERE source = ?1 AND key = ?2")?
        .execute([&entry.source, &entry.key])?;
    Ok(())
}

fn put_actor(conn: &Connection, entry: &OfficeEntry, actor: &Actor) -> Result<()> {
    let Ok(id) = ActorId::try_from(entry.key.as_str()) else { return Ok(()) };
    let row = intern(conn, &id)?;
    conn.prepare_cached("UPDATE actors SET person = ?2 WHERE actor = ?1")?
        .execute(params![row, actor.person])?;
    Ok(())
}
