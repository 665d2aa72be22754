//! No leak: every answer to a phone is read before it leaves, and compared with what its person may see at that moment.
//!
//! What may be seen is worked out here from the relay's tables of people, places and lendings alone, client by client,
//! by none of the relay's own code for it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use cartera_core::model::{ClientId, DocumentId, PersonId};
use cartera_core::sync::wire::{EntryBody, FetchItem, FetchReply, OfficeRecord, SyncReply};
use cartera_relay::app::App;
use cartera_relay::devices::Device;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

/// Kinds that no rep may ever hold.
const FOR_THE_OFFICE: [&str; 3] = ["cost", "margin", "spend"];

/// Reads all answers, and keeps what should not have been in them.
#[derive(Debug)]
pub struct Watch {
    database: PathBuf,
    found: Mutex<Vec<String>>,
    conn: Mutex<Option<Connection>>,
}

/// What one person may see now.
#[derive(Debug)]
pub struct Eyes {
    person: PersonId,
    is_rep: bool,
    all: bool,
    territories: BTreeSet<[u8; 16]>,
}

/// Opens a database of the relay for reading alone.
pub fn open(database: &Path) -> Connection {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(database, flags).unwrap()
}

impl Eyes {
    pub fn of(conn: &Connection, person: PersonId) -> Self {
        let sql = "SELECT role, all_territories FROM people WHERE id = ?1";
        let (role, all): (String, bool) = conn
            .prepare_cached(sql)
            .unwrap()
            .query_row([person], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap();
        let mut statement =
            conn.prepare_cached("SELECT territory FROM person_territories WHERE person = ?1").unwrap();
        let territories = statement.query_map([person], |row| row.get(0)).unwrap();
        let territories = territories.collect::<rusqlite::Result<_>>().unwrap();
        Self { person, is_rep: role == "rep", all, territories }
    }

    pub fn see(&self, conn: &Connection, document: &DocumentId) -> bool {
        let sql = "SELECT p.doc, part.kind, part.id FROM documents d JOIN placements p ON p.doc = d.doc
                   JOIN parts part ON part.part = p.part WHERE d.id = ?1";
        let found: Option<(i64, i64, [u8; 16])> = conn
            .prepare_cached(sql)
            .unwrap()
            .query_row([document], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()
            .unwrap();
        let Some((doc, kind, id)) = found else { return false };
        match kind {
            1 => self.all || self.territories.contains(&id) || self.is_lent(conn, doc),
            2 => id == *self.person.as_bytes(),
            _ => false,
        }
    }

    /// While a client is merged, those lendings count that the kept one has.
    fn is_lent(&self, conn: &Connection, doc: i64) -> bool {
        let mut kept = doc;
        let above = |doc: i64| -> Option<i64> {
            let sql = "SELECT alias_of FROM placements WHERE doc = ?1";
            conn.prepare_cached(sql).unwrap().query_row([doc], |row| row.get(0)).unwrap()
        };
        while let Some(next) = above(kept) {
            kept = next;
        }
        let sql = "SELECT 1 FROM lendings WHERE doc = ?1 AND person = ?2 AND active = 1";
        conn.prepare_cached(sql).unwrap().exists((kept, self.person)).unwrap()
    }

    pub fn see_office(
        &self,
        conn: &Connection,
        kind: &str,
        client: Option<ClientId>,
        territory: Option<[u8; 16]>,
    ) -> bool {
        if self.is_rep && FOR_THE_OFFICE.contains(&kind) {
            return false;
        }
        match (client, territory) {
            (Some(client), _) => self.see(conn, &client.into()),
            (None, Some(territory)) => self.all || self.territories.contains(&territory),
            (None, None) => true,
        }
    }
}

impl Watch {
    pub fn new(database: PathBuf) -> Self {
        Self { database, found: Mutex::default(), conn: Mutex::default() }
    }

    pub fn found(&self) -> Vec<String> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The database was put in another's place.
    pub fn reopen(&self) {
        *self.conn.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn look(&self, device: &Device, work: impl FnOnce(&Connection, &Eyes) -> Vec<String>) {
        let mut conn = self.conn.lock().unwrap_or_else(PoisonError::into_inner);
        let conn = conn.get_or_insert_with(|| open(&self.database));
        let eyes = Eyes::of(conn, device.person);
        let leaks = work(conn, &eyes);
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.extend(leaks.into_iter().map(|leak| format!("device {} was served {leak}", device.id)));
    }

    pub fn reply(&self, _: &App, device: &Device, reply: &SyncReply) {
        if reply.entries.is_empty() {
            return;
        }
        self.look(device, |conn, eyes| {
            let mut leaks = Vec::new();
            for entry in &reply.entries {
                match &entry.body {
                    EntryBody::Change(change) => {
                        document(conn, eyes, &change.document, "a change", &mut leaks)
                    }
                    EntryBody::Office(record) => office(conn, eyes, record, &mut leaks),
                    EntryBody::Enter(enter) => {
                        document(conn, eyes, &enter.document.document, "a snapshot", &mut leaks);
                        enter.office.iter().for_each(|record| office(conn, eyes, record, &mut leaks));
                    }
                    EntryBody::Refound(refound) => {
                        document(conn, eyes, &refound.document.document, "a snapshot", &mut leaks)
                    }
                    EntryBody::Leave { .. }
                    | EntryBody::Moved { .. }
                    | EntryBody::Merge { .. }
                    | EntryBody::Erase { .. } => {}
                }
            }
            leaks
        });
    }

    pub fn page(&self, _: &App, device: &Device, page: &FetchReply) {
        if page.items.is_empty() {
            return;
        }
        self.look(device, |conn, eyes| {
            let mut leaks = Vec::new();
            for item in &page.items {
                match item {
                    FetchItem::Row(row) => {
                        if let Some(client) = row.client {
                            document(conn, eyes, &client.into(), "a list row", &mut leaks);
                        }
                    }
                    FetchItem::Document(page) => {
                        document(conn, eyes, &page.document, "a snapshot", &mut leaks)
                    }
                    FetchItem::Office(record) => office(conn, eyes, record, &mut leaks),
                }
            }
            leaks
        });
    }
}

fn document(conn: &Connection, eyes: &Eyes, id: &DocumentId, what: &str, leaks: &mut Vec<String>) {
    if !eyes.see(conn, id) {
        leaks.push(format!("{what} of {id}, which is out of its scope"));
    }
}

fn office(conn: &Connection, eyes: &Eyes, record: &OfficeRecord, leaks: &mut Vec<String>) {
    // A tombstone says no more than that there is nothing.
    let territory = record.territory.map(|id| *id.as_bytes());
    if record.value.is_some() && !eyes.see_office(conn, &record.kind, record.client, territory) {
        leaks.push(format!("the office record {}/{}/{}", &*record.kind, &*record.source, &*record.key));
    }
}
