//! Nothing lost: each command that returned Ok is in the relay's books, or on a list of refused work with its bytes and
//! the reason; on a revoked phone it may also still wait to be sent.

use std::collections::{HashMap, HashSet};

use cartera_core::document::{Body, admit};
use cartera_core::model::record::{Body as RecordBody, Kind, Record};
use cartera_core::model::{ClientId, DocumentId, RecordId};
use cartera_core::store::{StoreError, attention};
use rusqlite::Connection;

use crate::sim::ledger::{Command, Deed};
use crate::sim::phone::{Phone, Standing};
use crate::sim::world::World;

/// Whether a put still lives, and its value as it is stored.
type Put = (bool, Vec<u8>);

/// What the relay has, read from its tables.
pub struct Shelf {
    pub documents: HashSet<DocumentId>,
    pub records: HashSet<(DocumentId, String, RecordId)>,
    /// Every put on a field, with whether it still lives.
    fields: HashMap<(DocumentId, String), Vec<Put>>,
    /// What the office was asked to change, as the value reads.
    requests: HashMap<(DocumentId, String), Vec<String>>,
}

impl Shelf {
    pub fn of(conn: &Connection) -> Self {
        let mut shelf = Self {
            documents: HashSet::new(),
            records: HashSet::new(),
            fields: HashMap::new(),
            requests: HashMap::new(),
        };
        let each = |sql: &str, take: &mut dyn FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<()>| {
            let mut statement = conn.prepare_cached(sql).unwrap();
            let mut rows = statement.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                take(row).unwrap();
            }
        };
        each("SELECT id FROM documents WHERE length(heads) > 0", &mut |row| {
            shelf.documents.insert(row.get(0)?);
            Ok(())
        });
        each("SELECT d.id, r.kind, r.id FROM records r JOIN documents d ON d.doc = r.doc", &mut |row| {
            shelf.records.insert((row.get(0)?, row.get(1)?, row.get(2)?));
            Ok(())
        });
        let sql = "SELECT d.id, f.key, f.live, f.value FROM fields f JOIN documents d ON d.doc = f.doc";
        each(sql, &mut |row| {
            let value = (row.get(2)?, row.get(3)?);
            shelf.fields.entry((row.get(0)?, row.get(1)?)).or_default().push(value);
            Ok(())
        });
        let sql = "SELECT d.id, r.value FROM records r JOIN documents d ON d.doc = r.doc WHERE r.kind = 'r'";
        each(sql, &mut |row| {
            let value: Vec<u8> = row.get(1)?;
            let Ok(record) = Record::decode(Kind::ChangeRequest, &value) else { return Ok(()) };
            if let RecordBody::ChangeRequest(request) = record.body {
                let asked = shelf.requests.entry((row.get(0)?, request.field)).or_default();
                asked.push(format!("{:?}", request.value));
            }
            Ok(())
        });
        shelf
    }

    /// What the office was asked to put into a field: an edit of what turned out to be the ERP's.
    fn requests(&self, document: &DocumentId, key: &str) -> &[String] {
        self.requests.get(&(*document, key.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// Of every put of a text, whether it lives.
    fn texts(&self, document: &DocumentId, key: &str, text: &str) -> Vec<bool> {
        let values = self.fields.get(&(*document, key.to_owned())).map_or(&[][..], Vec::as_slice);
        let bytes = text.as_bytes();
        let of = values.iter().filter(|(_, value)| value.windows(bytes.len()).any(|window| window == bytes));
        of.map(|(live, _)| *live).collect()
    }

    /// The text was put, and lives no more.
    pub fn has_ended(&self, document: &DocumentId, key: &str, text: &str) -> bool {
        let puts = self.texts(document, key, text);
        !puts.is_empty() && !puts.contains(&true)
    }

    /// Whether a deed shows in the books.
    pub fn shows(&self, document: &DocumentId, deed: &Deed) -> bool {
        let texts = |key: &str, text: &str| self.texts(document, key, text);
        match deed {
            Deed::Created => self.documents.contains(document),
            Deed::Record(kind, id) => self.records.contains(&(*document, kind.clone(), *id)),
            Deed::Put { key, text } => {
                !texts(key, text).is_empty()
                    || self.requests(document, key).iter().any(|asked| asked.contains(text))
            }
            Deed::Ended { key, text } => {
                !texts(key, text).contains(&true) || !self.requests(document, key).is_empty()
            }
        }
    }
}

/// What a phone holds beside its documents: refused work, and what is unsent.
#[derive(Debug, Default)]
pub struct Aside {
    records: HashSet<(DocumentId, String, RecordId)>,
    begun: HashSet<DocumentId>,
    texts: Vec<(DocumentId, String, String)>,
    /// Fields that a change put or took away.
    keys: HashSet<(DocumentId, String)>,
}

impl Aside {
    fn add(&mut self, document: DocumentId, bytes: &[u8]) {
        let Ok(change) = admit::inspect(bytes) else { return };
        for op in change.ops {
            match op.body {
                Body::Create(_) => {
                    self.begun.insert(document);
                }
                Body::Record { key, .. } => {
                    self.records.insert((document, key.kind.letters().to_owned(), key.id));
                }
                Body::Put { key, value, .. } => {
                    self.texts.push((document, key.as_str().to_owned(), format!("{value:?}")));
                    self.keys.insert((document, key.as_str().to_owned()));
                }
                Body::Delete { key, .. } => {
                    self.keys.insert((document, key.as_str().to_owned()));
                }
            }
        }
    }

    /// The list of refused work.
    pub fn add_refused(&mut self, phone: &Phone) {
        for work in phone.engine().store().read::<_, StoreError>(attention::refused).unwrap() {
            assert!(!work.code.is_empty() && !work.bytes.is_empty(), "refused work without reason or bytes");
            match &work.key {
                Some(key) => self.add_key(work.document, key),
                None => self.add(work.document, &work.bytes),
            }
        }
    }

    /// What waits to be sent, or for its document.
    pub fn add_unsent(&mut self, phone: &Phone) {
        let engine = phone.engine();
        let unsent: Vec<(DocumentId, Vec<u8>)> = engine
            .store()
            .read::<_, StoreError>(|conn| {
                let sql = "SELECT d.id, o.bytes FROM outbox o JOIN documents d ON d.doc = o.doc";
                let mut statement = conn.prepare_cached(sql)?;
                let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            })
            .unwrap();
        unsent.iter().for_each(|(document, bytes)| self.add(*document, bytes));
        let waiting: Vec<(DocumentId, String)> = engine
            .store()
            .read::<_, StoreError>(|conn| {
                let mut statement = conn.prepare_cached("SELECT document, key FROM waiting")?;
                let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            })
            .unwrap();
        waiting.iter().for_each(|(document, key)| self.add_key(*document, key));
    }

    fn add_key(&mut self, document: DocumentId, key: &str) {
        let (kind, id) = Kind::parse_key(key).unwrap();
        self.records.insert((document, kind.letters().to_owned(), id));
    }

    pub fn has(&self, command: &Command, deed: &Deed) -> bool {
        let document = command.document;
        match deed {
            Deed::Created => self.begun.contains(&document),
            Deed::Record(kind, id) => self.records.contains(&(document, kind.clone(), *id)),
            Deed::Put { key, text } => {
                self.texts.iter().any(|(of, k, value)| *of == document && k == key && value.contains(text))
            }
            Deed::Ended { key, .. } => self.keys.contains(&(document, key.clone())),
        }
    }
}

pub fn check(world: &World) -> Vec<String> {
    let shelf = world.relay.read(Shelf::of);
    let phones: Vec<_> =
        world.phones().into_iter().filter(|phone| phone.standing() != Standing::Lost).collect();
    let mut aside = Aside::default();
    for phone in &phones {
        aside.add_refused(phone);
        if phone.standing() == Standing::Revoked {
            aside.add_unsent(phone);
        }
    }
    let books = world.ledger.books();
    let mut lost = Vec::new();
    for command in &books.commands {
        let client = ClientId::from_bytes(*command.document.as_bytes());
        if command.excused.is_some()
            || books.erased.contains(&client)
            || world.phone(command.phone).standing() == Standing::Hostile
        {
            continue;
        }
        for deed in &command.deeds {
            if !shelf.shows(&command.document, deed) && !aside.has(command, deed) {
                lost.push(format!(
                    "command {} of {} on {}: {deed:?}",
                    command.number,
                    world.phone(command.phone).name,
                    command.document
                ));
            }
        }
    }
    lost
}

/// Work of honest phones on the list of refused work for a reason that the scenario does not give.
pub fn unexpected_refusals(world: &World) -> Vec<String> {
    let allowed = world.plan().refusals;
    let mut found = Vec::new();
    for phone in world.phones() {
        if matches!(phone.standing(), Standing::Lost | Standing::Hostile) {
            continue;
        }
        let refused = phone.engine().store().read::<_, StoreError>(attention::refused).unwrap();
        for work in refused.iter().filter(|work| !allowed.contains(&work.code.as_str())) {
            found
                .push(format!("{}'s work on {}: {} ({})", phone.name, work.document, work.code, work.detail));
        }
    }
    found
}
