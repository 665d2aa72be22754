//! What a database says of its documents, line by line, without what means something in that database alone: the same
//! on the phone and on the relay.

use std::collections::BTreeMap;
use std::fmt::Write;

use cartera_core::model::DocumentId;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

/// Lines by document.
pub type Rows = BTreeMap<DocumentId, Vec<String>>;

/// First the document's id, then what is compared.
const TABLES: [&str; 6] = [
    "SELECT id, 'document', generation, max_op, heads FROM documents WHERE length(heads) > 0",
    "SELECT d.id, 'field', f.key, f.counter, a.id, f.live, f.value FROM fields f
     JOIN documents d ON d.doc = f.doc JOIN actors a ON a.actor = f.actor",
    "SELECT d.id, 'record', r.kind, r.id, r.counter, a.id, r.family, r.target, r.voids, r.root, r.shown, r.orphan,
            r.latest, r.at, r.date, r.value
     FROM records r JOIN documents d ON d.doc = r.doc JOIN actors a ON a.actor = r.actor",
    "SELECT id, 'client', territory, alias_of, name, sort_name, legal_name, tax_id, erp_code, sector, city, latitude,
            longitude, phone, email, conflicts, closed, last_visit, last_purchase, confirmed FROM clients",
    "SELECT d.id, 'agenda', g.date, r.kind, r.id, g.what FROM agenda g
     JOIN documents d ON d.doc = g.doc JOIN records r ON r.record = g.record",
    "SELECT d.id, 'place', p.min_latitude, p.max_latitude, p.min_longitude, p.max_longitude FROM places p
     JOIN documents d ON d.doc = p.doc",
];

pub fn of(conn: &Connection) -> Rows {
    let mut found = Rows::new();
    for sql in TABLES {
        let mut statement = conn.prepare_cached(sql).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let mut line = String::new();
            for column in 1..columns {
                cell(row.get_ref(column).unwrap(), &mut line);
            }
            found.entry(row.get(0).unwrap()).or_default().push(line);
        }
    }
    found.values_mut().for_each(|lines| lines.sort_unstable());
    found
}

/// The tables that are made of office records, which a rebuild makes anew.
pub fn catalogue(conn: &Connection) -> Vec<String> {
    let mut lines = Vec::new();
    for sql in [
        "SELECT 'article', source, key, code, name, sort_name, family, ean, withdrawn FROM articles",
        "SELECT 'price', source, key, article, family, client, price_list, from_day, until_day FROM prices",
        "SELECT 'search', code, name, family, ean FROM article_search",
    ] {
        let mut statement = conn.prepare_cached(sql).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let mut line = String::new();
            (0..columns).for_each(|column| cell(row.get_ref(column).unwrap(), &mut line));
            lines.push(line);
        }
    }
    lines.sort_unstable();
    lines
}

/// Office records that are there, tombstones left out.
/// Office records as they are stored; without their numbers where the log has begun anew, and the old ones mean nothing.
pub fn office_lines(conn: &Connection, numbered: bool) -> Vec<String> {
    let sql = "SELECT kind, source, key, client, territory, number, value FROM office WHERE value IS NOT NULL
               ORDER BY kind, source, key";
    let mut statement = conn.prepare_cached(sql).unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut lines = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let mut line = String::new();
        (0..7)
            .filter(|column| numbered || *column != OFFICE_NUMBER)
            .for_each(|column| cell(row.get_ref(column).unwrap(), &mut line));
        lines.push(line);
    }
    lines
}

/// Column of an office record's number.
pub const OFFICE_NUMBER: usize = 5;

pub fn cell(value: ValueRef<'_>, line: &mut String) {
    let _ = match value {
        ValueRef::Null => write!(line, " -"),
        ValueRef::Integer(number) => write!(line, " {number}"),
        ValueRef::Real(number) => write!(line, " {number:?}"),
        ValueRef::Text(text) => write!(line, " {:?}", String::from_utf8_lossy(text)),
        ValueRef::Blob(bytes) => {
            line.push_str(" x");
            bytes.iter().try_for_each(|byte| write!(line, "{byte:02x}"))
        }
    };
}

/// The first lines in which two differ, for whoever looks into it.
pub fn difference(ours: &[String], theirs: &[String]) -> String {
    let only = |these: &[String], others: &[String]| -> Vec<String> {
        let short = |line: &String| line.chars().take(160).collect();
        these.iter().filter(|line| !others.contains(line)).take(3).map(short).collect()
    };
    format!("only here {:?}; only there {:?}", only(ours, theirs), only(theirs, ours))
}
