//! What the office says of articles: which go together, and which do instead of one another.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::model::office::Article;
use crate::rows::{self, prices};

/// Articles on sale that go with those of an order and are not on it, in the order of its lines and then as the catalogue
/// names them; each once, with its key.
pub fn goes_with(conn: &Connection, on_order: &[String]) -> rows::Result<Vec<(String, Article)>> {
    let mut seen: BTreeSet<String> = on_order.iter().cloned().collect();
    let mut found = Vec::new();
    for code in on_order {
        let Some(article) = prices::article(conn, code)? else { continue };
        on_sale(conn, article.goes_with, &mut seen, &mut found)?;
    }
    Ok(found)
}

/// Articles on sale, and not out of stock, that do instead of one, the best first, with their keys.
pub fn instead(conn: &Connection, code: &str) -> rows::Result<Vec<(String, Article)>> {
    let Some(article) = prices::article(conn, code)? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    on_sale(conn, article.instead, &mut BTreeSet::from([code.to_owned()]), &mut found)?;
    found.retain(|(_, article)| !article.out_of_stock);
    Ok(found)
}

fn on_sale(
    conn: &Connection,
    codes: Vec<String>,
    seen: &mut BTreeSet<String>,
    found: &mut Vec<(String, Article)>,
) -> rows::Result<()> {
    for code in codes {
        if !seen.insert(code.clone()) {
            continue;
        }
        if let Some(article) = prices::article(conn, &code)?.filter(|article| !article.withdrawn) {
            found.push((code, article));
        }
    }
    Ok(())
}
