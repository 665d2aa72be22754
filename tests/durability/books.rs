//! What must hold of a phone's database whenever it is opened, worked out here from its tables alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use automerge::{Automerge, Change, ChangeHash, ReadDoc};
use cartera_core::engine::Engine;
use cartera_core::env::SystemEnv;
use cartera_core::model::{ClientId, RecordId};
use cartera_core::rows;
use cartera_core::store::StoreError;
use rusqlite::Connection;

pub(crate) fn open(path: &Path) -> Engine {
    Engine::open(path, None, "Europe/Madrid", Arc::new(SystemEnv)).unwrap()
}

pub(crate) fn read<T>(engine: &Engine, work: impl FnOnce(&Connection) -> T) -> T {
    engine.store().read::<_, StoreError>(|conn| Ok(work(conn))).unwrap()
}

/// One document as its changes say.
#[derive(Default)]
struct Facts {
    doc: Automerge,
    changes: usize,
    acknowledged: BTreeSet<[u8; 32]>,
    acknowledged_deps: BTreeSet<[u8; 32]>,
}

/// Opens the database and holds it against itself: SQLite's own checks, heads and counters against the changes,
/// Automerge loading every document, the outbox against what has no verdict, rows against a rebuild.
pub(crate) fn audit(path: &Path) -> Engine {
    let engine = open(path);
    read(&engine, |conn| {
        let intact: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(intact, "ok");
        let dangling = conn.prepare("PRAGMA foreign_key_check").unwrap().exists([]).unwrap();
        assert!(!dangling, "a foreign key points nowhere");
        documents(conn);
        outbox(conn);
    });
    let before = read(&engine, derived);
    engine.store().write::<_, StoreError>(|tx| Ok(rows::rebuild(tx)?)).unwrap();
    let after = read(&engine, derived);
    for (table, rows) in &before {
        assert_eq!(rows, &after[table], "{table} differs from a rebuild");
    }
    engine
}

fn documents(conn: &Connection) {
    let mut all: BTreeMap<i64, Facts> = BTreeMap::new();
    let mut snapshots = conn.prepare("SELECT doc, bytes FROM snapshots").unwrap();
    let mut found = snapshots.query([]).unwrap();
    while let Some(row) = found.next().unwrap() {
        let bytes: Vec<u8> = row.get(1).unwrap();
        all.entry(row.get(0).unwrap()).or_default().doc = Automerge::load(&bytes).unwrap();
    }
    let sql = "SELECT doc, hash, number, bytes, deps FROM changes ORDER BY doc, start_op";
    let mut changes = conn.prepare(sql).unwrap();
    let mut found = changes.query([]).unwrap();
    while let Some(row) = found.next().unwrap() {
        let facts = all.entry(row.get(0).unwrap()).or_default();
        let (hash, number): ([u8; 32], Option<u64>) = (row.get(1).unwrap(), row.get(2).unwrap());
        facts.changes += 1;
        match row.get::<_, Option<Vec<u8>>>(3).unwrap() {
            Some(bytes) => {
                let change = Change::from_bytes(bytes).unwrap();
                assert_eq!(change.hash().0, hash);
                facts.doc.apply_changes([change]).unwrap();
            }
            None => assert!(facts.doc.get_change_by_hash(&ChangeHash(hash)).is_some(), "bytes were lost"),
        }
        if number.is_some() {
            facts.acknowledged.insert(hash);
            let deps: Vec<u8> = row.get(4).unwrap();
            facts.acknowledged_deps.extend(deps.as_chunks::<32>().0);
        }
    }
    let sql = "SELECT doc, heads, acked, max_op FROM documents";
    let mut documents = conn.prepare(sql).unwrap();
    let mut found = documents.query([]).unwrap();
    while let Some(row) = found.next().unwrap() {
        let facts = all.remove(&row.get(0).unwrap()).unwrap();
        let heads: Vec<u8> = row.get(1).unwrap();
        let acknowledged: Vec<u8> = row.get(2).unwrap();
        let mut expected = facts.doc.get_heads();
        expected.sort_unstable();
        assert_eq!(heads, expected.iter().flat_map(|head| head.0).collect::<Vec<_>>(), "heads");
        let expected = facts.acknowledged.difference(&facts.acknowledged_deps);
        assert_eq!(acknowledged, expected.flatten().copied().collect::<Vec<_>>(), "acknowledged heads");
        let changes = facts.doc.get_changes(&[]);
        assert_eq!(changes.len(), facts.changes, "a change is queued or unknown");
        let max_op = changes.iter().map(|change| change.max_op()).max().unwrap_or(0);
        assert_eq!(row.get::<_, u64>(3).unwrap(), max_op, "the largest counter");
        let reloaded = Automerge::load(&facts.doc.save()).unwrap();
        assert_eq!(reloaded.get_heads().len(), heads.len() / 32);
    }
    assert!(all.is_empty(), "changes of no document");
}

/// All that has no verdict is to be sent, byte for byte, and nothing else.
fn outbox(conn: &Connection) {
    let set = |sql: &str| -> BTreeSet<(i64, [u8; 32], Vec<u8>)> {
        let mut statement = conn.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        rows.collect::<rusqlite::Result<_>>().unwrap()
    };
    let unsent = set("SELECT doc, hash, bytes FROM changes WHERE number IS NULL");
    assert_eq!(set("SELECT doc, hash, bytes FROM outbox"), unsent, "outbox");
}

/// Every derived table as text, without what a rebuild numbers anew.
pub(crate) fn derived(conn: &Connection) -> BTreeMap<&'static str, Vec<String>> {
    [
        ("fields", "SELECT doc, key, counter, actor, live, hex(value) FROM fields"),
        (
            "records",
            "SELECT doc, kind, hex(id), counter, actor, hex(family), hex(target), voids, hex(root), shown, orphan, latest,
                    at, date, hex(value) FROM records",
        ),
        ("clients", "SELECT * FROM clients"),
        (
            "agenda",
            "SELECT a.date, a.doc, a.what, hex(r.id) FROM agenda a LEFT JOIN records r USING (record)",
        ),
        ("search", "SELECT rowid FROM client_search WHERE client_search MATCH 'bar'"),
        (
            "notes",
            "SELECT hex(r.id) FROM note_search n JOIN records r ON r.record = n.rowid WHERE note_search MATCH 'martes'",
        ),
    ]
    .map(|(table, sql)| {
        let mut statement = conn.prepare(sql).unwrap();
        let columns = statement.column_count();
        let mut lines = Vec::new();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            lines.push((0..columns).map(|n| format!("{:?} ", row.get_ref(n).unwrap())).collect());
        }
        lines.sort_unstable();
        (table, lines)
    })
    .into()
}

/// What a process said that it had done is there.
pub(crate) fn expect_all(engine: &Engine, said: &[String]) {
    read(engine, |conn| {
        for line in said {
            let words: Vec<&str> = line.split(' ').collect();
            match words[..] {
                ["client", client] => {
                    let client: ClientId = client.parse().unwrap();
                    let sql = "SELECT 1 FROM clients WHERE id = ?1 AND name LIKE 'Bar %'";
                    assert!(conn.prepare_cached(sql).unwrap().exists([client]).unwrap(), "lost: {line}");
                }
                ["edit", client, code] => {
                    let client: ClientId = client.parse().unwrap();
                    let sql = "SELECT 1 FROM fields f JOIN documents d USING (doc)
                               WHERE d.id = ?1 AND f.key = 'erp_code' AND f.value = CAST('t' || ?2 AS BLOB)";
                    assert!(
                        conn.prepare_cached(sql).unwrap().exists((client, code)).unwrap(),
                        "lost: {line}"
                    );
                }
                ["visit" | "order" | "amend" | "void", client, record] => {
                    let (client, record): (ClientId, RecordId) =
                        (client.parse().unwrap(), record.parse().unwrap());
                    let sql =
                        "SELECT 1 FROM records r JOIN documents d USING (doc) WHERE r.id = ?1 AND d.id = ?2";
                    assert!(
                        conn.prepare_cached(sql).unwrap().exists((record, client)).unwrap(),
                        "lost: {line}"
                    );
                }
                ["synced" | "tidied"] => {}
                _ => panic!("it said {line:?}"),
            }
        }
    });
}

/// Changes that commands with these lines make: a client is founded and filled in by one each.
pub(crate) fn changes_of(said: &[String]) -> u64 {
    said.iter()
        .map(|line| match line.split(' ').next() {
            Some("client") => 2,
            Some("synced" | "tidied") => 0,
            _ => 1,
        })
        .sum()
}

pub(crate) fn count(engine: &Engine, sql: &str) -> u64 {
    read(engine, |conn| conn.query_row(sql, [], |row| row.get(0)).unwrap())
}
