//! A store with clients and records, written change by change as the relay's ingest does.

use std::collections::HashMap;

use cartera_core::document::{ActorId, Change, FieldKey, FieldValue, RecordKey, append, edit};
use cartera_core::env::SeededEnv;
use cartera_core::model::office::Value as OfficeValue;
use cartera_core::model::profile::{ClientField, Value};
use cartera_core::model::record::{Body, Clock, Header, Kind, Outcome, Record, Visit, Void, VoidReason};
use cartera_core::model::{BusinessDate, ClientId, RecordId, TerritoryId, WorkspaceId};
use cartera_core::rows::office::{self, OfficeEntry};
use cartera_core::rows::{Document, SqlFacts, client};
use cartera_core::sync::wire::Epoch;
use rusqlite::{Transaction, params};

use crate::export::{Export, Exported, Query};
use crate::storage::sqlite::SqliteStorage;
use crate::storage::{Result, StorageError, Workspace, Workspaces};

pub(crate) const NOW_MS: i64 = 1_790_000_000_000;
pub(crate) const EPOCH: Epoch = Epoch([7; 8]);

pub(crate) struct Books {
    pub(crate) store: SqliteStorage,
    pub(crate) env: SeededEnv,
    _dir: tempfile::TempDir,
}

fn failed(error: impl std::fmt::Display) -> StorageError {
    StorageError::Undecodable { what: "test", detail: error.to_string() }
}

impl Books {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteStorage::open(&dir.path().join("relay.db"), None).unwrap();
        store
            .found(Workspace { id: WorkspaceId::from_bytes([1; 16]), epoch: EPOCH, created_ms: NOW_MS })
            .unwrap();
        Self { store, env: SeededEnv::new(1, NOW_MS), _dir: dir }
    }

    pub(crate) fn actor(n: u8) -> ActorId {
        ActorId::from([n; 16])
    }

    /// A client with a name, in two entries of the log.
    pub(crate) fn client(&self, name: &str) -> ClientId {
        let id = ClientId::new(&self.env);
        self.store
            .write(|tx| {
                let mut document = Document::create(tx, id.into(), 0).map_err(failed)?;
                let first = append::create(&Self::actor(1), id.into(), NOW_MS).map_err(failed)?;
                enter(tx, &mut document, &first)
            })
            .unwrap();
        self.edit(id, ClientField::Name, Value::Text(name.into()));
        id
    }

    pub(crate) fn edit(&self, client: ClientId, field: ClientField, value: Value) {
        self.put_field(client, field.as_str(), value.to_scalar());
    }

    /// A field that has another value yet.
    pub(crate) fn put_field(&self, client: ClientId, key: &str, value: FieldValue) {
        let key = FieldKey::new(key).unwrap();
        self.store
            .write(|tx| {
                let mut document = Document::find(tx, &client.into()).map_err(failed)?.unwrap();
                let facts = SqlFacts::new(tx, &document);
                let change = edit::fields(&Self::actor(1), &facts, vec![(key, Some(value))], NOW_MS);
                match change.map_err(failed)? {
                    Some(change) => enter(tx, &mut document, &change),
                    None => Ok(()), // the same as before
                }
            })
            .unwrap();
    }

    /// Writes what `make` makes as one entry of the log.
    pub(crate) fn change(&self, client: ClientId, make: impl FnOnce(&SqlFacts<'_>) -> Result<Change>) {
        self.store
            .write(|tx| {
                let mut document = Document::find(tx, &client.into()).map_err(failed)?.unwrap();
                let change = make(&SqlFacts::new(tx, &document))?;
                enter(tx, &mut document, &change)
            })
            .unwrap();
    }

    pub(crate) fn put(&self, client: ClientId, kind: Kind, record: &Record) -> RecordId {
        assert_eq!(record.validate(), []);
        let id = RecordId::new(&self.env);
        self.put_bytes(client, kind, id, record.encode());
        id
    }

    pub(crate) fn put_bytes(&self, client: ClientId, kind: Kind, id: RecordId, bytes: Vec<u8>) {
        let key = RecordKey::new(kind.letters(), id).unwrap();
        self.change(client, |facts| {
            append::record(&Self::actor(1), facts, key, bytes, NOW_MS).map_err(failed)
        });
    }

    pub(crate) fn visit(&self, client: ClientId, date: &str) -> RecordId {
        self.put(client, Kind::Visit, &record(date, Visit::done(Outcome::Order)))
    }

    /// Many at one time, each an entry of its own.
    pub(crate) fn visits(&self, client: ClientId, date: &str, count: usize) -> Vec<RecordId> {
        let bytes = record(date, Visit::done(Outcome::Order)).encode();
        let ids: Vec<RecordId> = (0..count).map(|_| RecordId::new(&self.env)).collect();
        self.store
            .write(|tx| {
                let mut document = Document::find(tx, &client.into()).map_err(failed)?.unwrap();
                for id in &ids {
                    let key = RecordKey::new("v", *id).unwrap();
                    let facts = SqlFacts::new(tx, &document);
                    let change = append::record(&Self::actor(1), &facts, key, bytes.clone(), NOW_MS);
                    enter(tx, &mut document, &change.map_err(failed)?)?;
                }
                Ok(())
            })
            .unwrap();
        ids
    }

    /// In one transaction.
    pub(crate) fn many_clients(&self, count: usize) -> Vec<ClientId> {
        let ids: Vec<ClientId> = (0..count).map(|_| ClientId::new(&self.env)).collect();
        self.store
            .write(|tx| {
                for (n, id) in ids.iter().enumerate() {
                    let mut document = Document::create(tx, (*id).into(), 0).map_err(failed)?;
                    let first = append::create(&Self::actor(1), (*id).into(), NOW_MS).map_err(failed)?;
                    enter(tx, &mut document, &first)?;
                    let facts = SqlFacts::new(tx, &document);
                    let fields = [
                        (ClientField::Name, format!("Bar Ñandú {n}")),
                        (ClientField::ErpCode, format!("{:06}", 430_000 + n)),
                    ];
                    let fields = fields.map(|(field, text)| {
                        (FieldKey::new(field.as_str()).unwrap(), Some(Value::Text(text).to_scalar()))
                    });
                    let change = edit::fields(&Self::actor(1), &facts, fields.into(), NOW_MS);
                    enter(tx, &mut document, &change.map_err(failed)?.unwrap())?;
                }
                Ok(())
            })
            .unwrap();
        ids
    }

    /// A record for each client, in one transaction.
    pub(crate) fn put_each(&self, clients: &[ClientId], kind: Kind, bytes: &[u8]) {
        self.store
            .write(|tx| {
                for client in clients {
                    let mut document = Document::find(tx, &(*client).into()).map_err(failed)?.unwrap();
                    let key = RecordKey::new(kind.letters(), RecordId::new(&self.env)).unwrap();
                    let facts = SqlFacts::new(tx, &document);
                    let change = append::record(&Self::actor(1), &facts, key, bytes.to_vec(), NOW_MS);
                    enter(tx, &mut document, &change.map_err(failed)?)?;
                }
                Ok(())
            })
            .unwrap();
    }

    pub(crate) fn amend(&self, client: ClientId, target: RecordId, date: &str) -> RecordId {
        let mut amended = record(date, Visit::done(Outcome::NoOrder));
        amended.header.amends = Some(target);
        self.put(client, Kind::Visit, &amended)
    }

    pub(crate) fn void(&self, client: ClientId, target: RecordId) -> RecordId {
        let mut void = record("2026-09-21", Body::Void(Void::new(VoidReason::Mistake)));
        void.header.voids = Some(target);
        self.put(client, Kind::Visit, &void)
    }

    pub(crate) fn territory(&self, client: ClientId, territory: TerritoryId) {
        self.store
            .write(|tx| {
                let document = Document::find(tx, &client.into()).map_err(failed)?.unwrap();
                client::set_territory(tx, document.row, Some(&territory)).map_err(failed)?;
                log(tx, 2, Some(document.row))?;
                Ok(())
            })
            .unwrap();
    }

    /// Makes it an alias of another, or ends that.
    pub(crate) fn merge(&self, absorbed: ClientId, kept: Option<ClientId>) {
        self.store
            .write(|tx| {
                let document = Document::find(tx, &absorbed.into()).map_err(failed)?.unwrap();
                client::set_alias(tx, document.row, kept.as_ref()).map_err(failed)?;
                log(tx, 3, Some(document.row))?;
                Ok(())
            })
            .unwrap();
    }

    /// An office record about a client, or, without a value, that it is there no more.
    pub(crate) fn office(&self, client: ClientId, key: &str, value: Option<&OfficeValue>) {
        self.put_office("due_item", client, key, value);
    }

    /// The same of any kind.
    pub(crate) fn put_office(&self, kind: &str, client: ClientId, key: &str, value: Option<&OfficeValue>) {
        self.store
            .write(|tx| {
                let document = Document::find(tx, &client.into()).map_err(failed)?.unwrap();
                let entry = OfficeEntry {
                    kind: kind.into(),
                    source: "erp".into(),
                    key: key.into(),
                    client: Some(client),
                    territory: None,
                    value: value.map(OfficeValue::encode),
                };
                let number = log(tx, 1, Some(document.row))?;
                office::put(tx, &entry, number).map_err(failed)?;
                Ok(())
            })
            .unwrap();
    }

    pub(crate) fn erase(&self, client: ClientId) {
        self.store
            .write(|tx| {
                let document = Document::find(tx, &client.into()).map_err(failed)?.unwrap();
                tx.execute("UPDATE log SET doc = NULL WHERE doc = ?1", [document.row])?;
                document.delete(tx).map_err(failed)?;
                let number = log(tx, 4, None)?;
                tx.execute(
                    "INSERT INTO erasures (document, number, at_ms) VALUES (?1, ?2, ?3)",
                    params![client, number, NOW_MS],
                )?;
                Ok(())
            })
            .unwrap();
    }

    pub(crate) fn export(&self, file: &str, parameters: &[(&str, &str)]) -> (Exported, String) {
        let (exported, bytes) = self.export_bytes(file, parameters);
        (exported, String::from_utf8(bytes).unwrap())
    }

    pub(crate) fn export_bytes(&self, file: &str, parameters: &[(&str, &str)]) -> (Exported, Vec<u8>) {
        let queries = Query::parse_several(file, parameters.iter().copied()).unwrap();
        let mut out = Vec::new();
        let export = Export::begin_several(&self.store, queries).unwrap();
        let exported = export.write_to(&self.store, &mut out).unwrap();
        (exported, out)
    }

    pub(crate) fn folder(&self) -> &std::path::Path {
        self._dir.path()
    }

    /// Rows by id as NDJSON gives them, and the next cursor.
    pub(crate) fn rows(&self, resource: &str, parameters: &[(&str, &str)]) -> (String, Rows) {
        let (exported, text) = self.export(&format!("{resource}.ndjson"), parameters);
        (exported.cursor.clone(), rows(&text, &exported.cursor))
    }
}

pub(crate) type Rows = HashMap<String, serde_json::Value>;

/// Rows of NDJSON by id; none comes twice, and the last line says the cursor if any does.
pub(crate) fn rows(text: &str, cursor: &str) -> Rows {
    let mut rows = Rows::new();
    for line in text.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        if row.get("id").is_none() {
            assert_eq!(row["cursor"], cursor);
            continue;
        }
        let before = rows.insert(row["id"].as_str().unwrap().to_owned(), row);
        assert!(before.is_none(), "a row came twice: {before:?}");
    }
    rows
}

/// A record about that day.
pub(crate) fn record(date: &str, body: impl Into<Body>) -> Record {
    let date: BusinessDate = date.parse().unwrap();
    Record {
        header: Header {
            version: 1,
            at_ms: i64::from(date.days()) * 86_400_000 + 36_000_000,
            date,
            zone: "Europe/Madrid".into(),
            clock: Clock::Trusted,
            amends: None,
            voids: None,
        },
        body: body.into(),
    }
}

/// As the relay's ingest does: the next number, the rows, the entry.
fn enter(tx: &Transaction<'_>, document: &mut Document, change: &Change) -> Result<()> {
    let number = log(tx, 0, Some(document.row))?;
    cartera_core::rows::apply(tx, document, change, Some(number)).map_err(failed)?;
    Ok(())
}

pub(super) fn log(tx: &Transaction<'_>, kind: i64, doc: Option<i64>) -> Result<u64> {
    let number: u64 = tx.query_row("SELECT coalesce(max(number), 0) + 1 FROM log", [], |row| row.get(0))?;
    let chain = (u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)).to_be_bytes();
    tx.prepare_cached(
        "INSERT INTO log (number, kind, lane, doc, at_ms, hash, chain) VALUES (?1, ?2, 2, ?3, ?4, zeroblob(32), ?5)",
    )?
    .execute(params![number, kind, doc, NOW_MS + i64::try_from(number).unwrap(), chain])?;
    Ok(number)
}
