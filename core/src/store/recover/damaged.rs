//! Reading a damaged database: each table from both its ends, and row by row between them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use automerge::ChangeHash;
use rusqlite::types::Value;
use rusqlite::{Connection, Row, ToSql};

use crate::model::{ClientId, DocumentId, TerritoryId};
use crate::rows::office::OfficeEntry;
use crate::store::attention::Refused;
use crate::store::{Key, StoreError, connection, migrate};

/// Everything that a recovery reads.
pub(super) const TABLES: [&str; 15] = [
    "outbox",
    "waiting",
    "refused",
    "documents",
    "changes",
    "snapshots",
    "clients",
    "office",
    "meta",
    "receipts",
    "own_actors",
    "new_actors",
    "attention",
    "stages",
    "leaving",
];

/// Rows looked for one by one between the two parts of a table that can be read on end.
const PROBES: i64 = 10_000;

pub(super) struct Damaged {
    conn: Connection,
    unreadable: BTreeSet<&'static str>,
}

/// A row of `documents`.
pub(super) struct StoredDocument {
    pub id: DocumentId,
    pub generation: u32,
    /// Both as they stand.
    pub heads: Vec<u8>,
    pub acknowledged: Vec<u8>,
}

/// A row of `changes`.
pub(super) struct StoredChange {
    pub hash: ChangeHash,
    pub number: Option<u64>,
    pub bytes: Option<Vec<u8>>,
}

/// A row of `outbox`.
pub(super) struct StoredUnsent {
    pub doc: i64,
    pub hash: ChangeHash,
    pub bytes: Vec<u8>,
    pub saved_at: i64,
    pub territory: Option<TerritoryId>,
    pub state: i64,
    pub code: Option<String>,
    pub detail: Option<String>,
}

pub(super) struct StoredSnapshot {
    pub heads: Vec<u8>,
    pub bytes: Vec<u8>,
    pub number: u64,
}

impl Damaged {
    /// Opens a copy of it, which may be written to.
    pub(super) fn open(path: &Path, key: Option<&Key>) -> Result<Self, StoreError> {
        let mut conn = connection::open_to_read(path, key)?;
        migrate::check(&conn)?;
        // Columns that an older one lacks; where that does not go, its tables are read as far as they are what they are.
        let _ = migrate::migrate(&mut conn);
        Ok(Self { conn, unreadable: BTreeSet::new() })
    }

    pub(super) fn unreadable(self) -> Vec<&'static str> {
        self.unreadable.into_iter().collect()
    }

    pub(super) fn note(&mut self, table: &'static str) {
        self.unreadable.insert(table);
    }

    /// Every row of it was read and was whole, as far as it was read by now.
    pub(super) fn is_whole(&self, table: &str) -> bool {
        !self.unreadable.contains(table)
    }

    /// Rows in one order until the first that cannot be read.
    fn one_way<K: Ord, T>(
        &mut self,
        table: &'static str,
        sql: &str,
        bind: &[&dyn ToSql],
        read: &impl Fn(&Row<'_>) -> rusqlite::Result<(K, T)>,
        found: &mut BTreeMap<K, T>,
    ) -> bool {
        let run = |found: &mut BTreeMap<K, T>| -> rusqlite::Result<bool> {
            let mut statement = self.conn.prepare(sql)?;
            let mut rows = statement.query(bind)?;
            let mut whole = true;
            while let Some(row) = rows.next()? {
                match read(row) {
                    Ok((key, value)) => {
                        found.insert(key, value);
                    }
                    Err(_) => whole = false,
                }
            }
            Ok(whole)
        };
        match run(found) {
            Ok(true) => true,
            Ok(false) => {
                self.note(table);
                true
            }
            Err(_) => {
                self.note(table);
                false
            }
        }
    }

    /// Rows from the first on, and where one cannot be read, from the last back.
    fn both_ways<K: Ord, T>(
        &mut self,
        table: &'static str,
        select: &str,
        order: &[&str],
        bind: &[&dyn ToSql],
        read: impl Fn(&Row<'_>) -> rusqlite::Result<(K, T)>,
    ) -> BTreeMap<K, T> {
        let mut found = BTreeMap::new();
        for ending in ["ASC", "DESC"] {
            let order: Vec<_> = order.iter().map(|column| format!("{column} {ending}")).collect();
            let sql = format!("{select} ORDER BY {}", order.join(", "));
            if self.one_way(table, &sql, bind, &read, &mut found) {
                break;
            }
        }
        found
    }

    /// A table with a whole number for its key: both ways, and then each row between that may still be there.
    fn by_number<T>(
        &mut self,
        table: &'static str,
        key: &str,
        columns: &str,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> BTreeMap<i64, T> {
        let select = format!("SELECT {key}, {columns} FROM {table}");
        let keyed = |row: &Row<'_>| Ok((row.get(0)?, read(row)?));
        let mut found = BTreeMap::new();
        if self.one_way(table, &format!("{select} ORDER BY {key}"), &[], &keyed, &mut found) {
            return found;
        }
        let last = found.keys().next_back().copied().unwrap_or(0);
        let mut behind = BTreeMap::new();
        self.one_way(table, &format!("{select} ORDER BY {key} DESC"), &[], &keyed, &mut behind);
        let first = behind.keys().find(|key| **key > last).copied().unwrap_or(last + PROBES);
        found.append(&mut behind);
        let one = format!("{select} WHERE {key} = ?1");
        for number in (last + 1..first).take(PROBES as usize) {
            self.one_way(table, &one, &[&number], &keyed, &mut found);
        }
        found
    }

    pub(super) fn meta(&mut self) -> BTreeMap<String, Vec<u8>> {
        self.both_ways("meta", "SELECT key, value FROM meta", &["key"], &[], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    }

    pub(super) fn new_actors(&mut self) -> Vec<([u8; 16], i64)> {
        let rows =
            self.by_number("new_actors", "position", "actor, reason", |row| Ok((row.get(1)?, row.get(2)?)));
        rows.into_values().collect()
    }

    pub(super) fn own_actors(&mut self) -> Vec<[u8; 16]> {
        let sql = "SELECT actor FROM own_actors";
        self.both_ways("own_actors", sql, &["actor"], &[], |row| Ok((row.get::<_, [u8; 16]>(0)?, ())))
            .into_keys()
            .collect()
    }

    pub(super) fn refused(&mut self) -> Vec<Refused> {
        let columns = "document, generation, hash, bytes, code, detail, refused_at, key";
        let rows = self.by_number("refused", "item", columns, |row| {
            Ok(Refused {
                document: row.get(1)?,
                generation: row.get(2)?,
                hash: ChangeHash(row.get(3)?),
                bytes: row.get(4)?,
                code: row.get(5)?,
                detail: row.get(6)?,
                refused_at: row.get(7)?,
                key: row.get(8)?,
            })
        });
        rows.into_values().collect()
    }

    pub(super) fn documents(&mut self) -> BTreeMap<i64, StoredDocument> {
        self.by_number("documents", "doc", "id, generation, heads, acked", |row| {
            Ok(StoredDocument {
                id: row.get(1)?,
                generation: row.get(2)?,
                heads: row.get(3)?,
                acknowledged: row.get(4)?,
            })
        })
    }

    /// Which document each row is, out of the index, which lies on other pages than the table.
    pub(super) fn ids(&mut self) -> BTreeMap<i64, DocumentId> {
        let sql = "SELECT id, doc FROM documents INDEXED BY sqlite_autoindex_documents_1";
        self.both_ways("documents", sql, &["id"], &[], |row| {
            Ok((row.get::<_, [u8; 16]>(0)?, (row.get(1)?, row.get(0)?)))
        })
        .into_values()
        .collect()
    }

    /// In the order in which it was made.
    pub(super) fn outbox(&mut self) -> BTreeMap<i64, StoredUnsent> {
        let columns = "doc, hash, bytes, saved_at, territory, state, code, detail";
        self.by_number("outbox", "position", columns, |row| {
            Ok(StoredUnsent {
                doc: row.get(1)?,
                hash: ChangeHash(row.get(2)?),
                bytes: row.get(3)?,
                saved_at: row.get(4)?,
                territory: row.get(5)?,
                state: row.get(6)?,
                code: row.get(7)?,
                detail: row.get(8)?,
            })
        })
    }

    /// Territory and alias of clients by document row.
    pub(super) fn places(&mut self) -> BTreeMap<i64, (Option<TerritoryId>, Option<ClientId>)> {
        self.by_number("clients", "doc", "territory, alias_of", |row| Ok((row.get(1)?, row.get(2)?)))
    }

    /// Rows of documents that have changes.
    pub(super) fn docs_with_changes(&mut self) -> BTreeSet<i64> {
        let mut docs = BTreeSet::new();
        let mut after = i64::MIN;
        // From key to key, so that a page that cannot be read ends the walk no earlier than it must.
        loop {
            let next: rusqlite::Result<Option<i64>> =
                self.conn.query_row("SELECT min(doc) FROM changes WHERE doc > ?1", [after], |row| row.get(0));
            match next {
                Ok(Some(doc)) => {
                    docs.insert(doc);
                    after = doc;
                }
                Ok(None) => return docs,
                Err(_) => {
                    self.note("changes");
                    return docs;
                }
            }
        }
    }

    pub(super) fn changes(&mut self, doc: i64) -> Vec<StoredChange> {
        let sql = "SELECT actor, seq, hash, number, bytes FROM changes WHERE doc = ?1";
        let rows = self.both_ways("changes", sql, &["actor", "seq"], &[&doc], |row| {
            let key: (i64, i64) = (row.get(0)?, row.get(1)?);
            let hash = ChangeHash(row.get(2)?);
            Ok((key, StoredChange { hash, number: row.get(3)?, bytes: row.get(4)? }))
        });
        rows.into_values().collect()
    }

    pub(super) fn snapshot(&mut self, doc: i64) -> Option<StoredSnapshot> {
        let sql = "SELECT heads, bytes, number FROM snapshots WHERE doc = ?1";
        let mut found = BTreeMap::new();
        self.one_way(
            "snapshots",
            sql,
            &[&doc],
            &|row| {
                let snapshot = StoredSnapshot { heads: row.get(0)?, bytes: row.get(1)?, number: row.get(2)? };
                Ok(((), snapshot))
            },
            &mut found,
        );
        found.remove(&())
    }

    pub(super) fn receipts(&mut self, doc: i64) -> BTreeMap<[u8; 32], [u8; 16]> {
        let sql = "SELECT hash, receipt FROM receipts WHERE doc = ?1";
        self.both_ways("receipts", sql, &["hash"], &[&doc], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    pub(super) fn office(&mut self) -> Vec<(OfficeEntry, u64)> {
        let sql = "SELECT kind, source, key, number, client, territory, value FROM office";
        let rows = self.both_ways("office", sql, &["kind", "source", "key"], &[], |row| {
            let key: (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let entry = OfficeEntry {
                kind: key.0.clone(),
                source: key.1.clone(),
                key: key.2.clone(),
                client: row.get(4)?,
                territory: row.get(5)?,
                value: row.get(6)?,
            };
            Ok((key, (entry, row.get(3)?)))
        });
        rows.into_values().collect()
    }

    /// Rows of a table as they are.
    pub(super) fn values(&mut self, table: &'static str, key: &str, columns: &str) -> Vec<Vec<Value>> {
        let count = columns.split(',').count();
        let sql = format!("SELECT {key}, {columns} FROM {table}");
        let rows = self.both_ways(table, &sql, &[key], &[], |row| {
            let key = match row.get(0)? {
                Value::Integer(number) => number.to_be_bytes().to_vec(),
                Value::Blob(bytes) => bytes,
                _ => Vec::new(),
            };
            let values = (1..=count).map(|n| row.get(n)).collect::<rusqlite::Result<Vec<Value>>>()?;
            Ok((key, values))
        });
        rows.into_values().collect()
    }
}
