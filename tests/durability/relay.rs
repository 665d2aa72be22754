//! A relay killed while it takes in what phones push.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Barrier};

use cartera_core::document::{FieldKey, FieldValue};
use cartera_core::engine::{ClientEdit, Engine, NewClient};
use cartera_core::env::SystemEnv;
use cartera_core::model::record::{Outcome, Visit};
use cartera_core::model::{ClientId, RecordId, TerritoryId};
use cartera_core::rows;
use cartera_relay::app::{App, Folder};
use cartera_relay::devices::Purpose;
use cartera_relay::devices::enrol::{invitation, invite};
use cartera_relay::people::Role;
use cartera_relay::people::access::By;
use cartera_relay::people::manage::{self, NewPerson};
use cartera_relay::settings::Settings;
use cartera_relay::territories;
use cartera_relay::tokens::{self, Scope};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::books::{self, derived, read};
use crate::process::{Chances, Patience, Process};

/// The relay's own program, killed and started again on the same folder and port.
pub(crate) struct Relay {
    folder: tempfile::TempDir,
    address: String,
    process: Option<Process>,
}

impl Relay {
    pub(crate) fn new() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let mut relay = Self { folder, address: format!("127.0.0.1:{port}"), process: None };
        relay.start();
        relay
    }

    pub(crate) fn start(&mut self) {
        let data = self.folder.path();
        let words: [&OsStr; 8] = [
            "relay".as_ref(),
            "serve".as_ref(),
            "--data-dir".as_ref(),
            data.as_ref(),
            "--listen".as_ref(),
            self.address.as_ref(),
            "--log".as_ref(),
            "error".as_ref(),
        ];
        let mut process = Process::start(&words);
        process.hear(u64::MAX, "Relay at ");
        self.process = Some(process);
    }

    pub(crate) fn kill(&mut self) {
        self.process.take().unwrap().kill();
    }

    pub(crate) fn data(&self) -> &Path {
        self.folder.path()
    }

    /// Its folder, when it has been killed.
    pub(crate) fn into_folder(self) -> tempfile::TempDir {
        assert!(self.process.is_none(), "it still serves");
        self.folder
    }

    /// The words of a command that imports clients into it.
    pub(crate) fn import_of_clients<'w>(&'w self, file: &'w Path) -> [&'w OsStr; 7] {
        let (kind, folder) = ("--kind".as_ref(), "--data-dir".as_ref());
        let (relay, import, clients) = ("relay".as_ref(), "import".as_ref(), "clients".as_ref());
        [relay, import, file.as_ref(), kind, clients, folder, self.data().as_ref()]
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("relay.db")
    }

    /// Its store, and what its administrator does on the command line beside it.
    pub(crate) fn app(&self) -> App {
        let settings = Settings { public_url: format!("http://{}", self.address), ..Settings::default() };
        App::open(&Folder::new(self.folder.path()), Arc::new(SystemEnv), settings).unwrap()
    }

    pub(crate) fn territory(&self, name: &str) -> TerritoryId {
        territories::add(&self.app(), By::CONSOLE, name).unwrap().id
    }

    /// A new rep's phone with its database at `path`, linked.
    pub(crate) fn link(&self, path: &Path, territory: TerritoryId) -> Engine {
        let app = self.app();
        let new = NewPerson {
            name: "Ana".into(),
            role: Role::Rep,
            all_territories: Some(false),
            territories: vec![territory],
        };
        let person = manage::add(&app, By::CONSOLE, &[new]).unwrap()[0].id;
        let code = invite(&app, By::CONSOLE, person, Purpose::Device).unwrap().code;
        let engine = books::open(path);
        engine.enrol(&invitation(&app, &code), "phone").unwrap();
        engine
    }

    /// Every id in an exported resource, as the back office reads it.
    pub(crate) fn exported(&self, resource: &str) -> Vec<String> {
        let token = tokens::manage::create(&self.app(), By::CONSOLE, "office", &[Scope::Export], 1).unwrap();
        let mut line = TcpStream::connect(&self.address).unwrap();
        let head = format!(
            "GET /v1/export/{resource}.ndjson HTTP/1.0\r\nhost: relay\r\nauthorization: Bearer {}\r\n\r\n",
            token.text
        );
        line.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        line.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(" 200 "), "{head}");
        body.lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .filter_map(|row| Some(row.get("id")?.as_str()?.to_owned()))
            .collect()
    }
}

/// Holds a relay's database, while nobody has it open, against itself: no gap in the log, its running hash, every
/// change's bytes, rows against a rebuild. Gives the hash of every change by its number.
pub(crate) fn audit(database: &Path) -> BTreeMap<u64, [u8; 32]> {
    let mut conn = Connection::open(database).unwrap();
    let intact: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(intact, "ok");
    let mut changes = BTreeMap::new();
    {
        let sql = "SELECT l.number, l.kind, l.hash, l.chain, c.hash, c.number,
                     c.bytes IS NOT NULL OR EXISTS (SELECT 1 FROM snapshots s WHERE s.doc = c.doc)
                   FROM log l LEFT JOIN changes c ON l.kind = 0 AND c.doc = l.doc AND c.actor = l.actor AND c.seq = l.seq
                   ORDER BY l.number";
        let mut statement = conn.prepare(sql).unwrap();
        let mut rows = statement.query([]).unwrap();
        let (mut expected, mut chain) = (0, [0_u8; 16]);
        while let Some(row) = rows.next().unwrap() {
            expected += 1;
            let (number, kind): (u64, u8) = (row.get(0).unwrap(), row.get(1).unwrap());
            let hash: [u8; 32] = row.get(2).unwrap();
            assert_eq!(number, expected, "a gap in the log");
            let digest = Sha256::new().chain_update(chain).chain_update([kind]).chain_update(hash).finalize();
            chain.copy_from_slice(&digest[..16]);
            assert_eq!(row.get::<_, [u8; 16]>(3).unwrap(), chain, "the chain breaks at {number}");
            if kind == 0 {
                assert_eq!(row.get::<_, [u8; 32]>(4).unwrap(), hash, "entry {number} has no change");
                assert_eq!(row.get::<_, u64>(5).unwrap(), number);
                assert!(row.get::<_, bool>(6).unwrap(), "entry {number} has no bytes");
                changes.insert(number, hash);
            }
        }
        let all: u64 = conn.query_row("SELECT count(*) FROM changes", [], |row| row.get(0)).unwrap();
        assert_eq!(all, changes.len() as u64, "changes without an entry");
    }
    let before = derived(&conn);
    let tx = conn.transaction().unwrap();
    rows::rebuild(&tx).unwrap();
    let after = derived(&tx);
    for (table, rows) in &before {
        assert_eq!(rows, &after[table], "{table} differs from a rebuild");
    }
    changes
}

/// Everything with a good verdict on the phone is in the log: under that number, unless it came with a whole document.
pub(crate) fn expect_acknowledged(engine: &Engine, log: &BTreeMap<u64, [u8; 32]>) {
    let all: BTreeSet<&[u8; 32]> = log.values().collect();
    read(engine, |conn| {
        let sql = "SELECT number, hash, bytes IS NULL FROM changes WHERE number IS NOT NULL";
        let mut statement = conn.prepare(sql).unwrap();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let (number, hash): (u64, [u8; 32]) = (row.get(0).unwrap(), row.get(1).unwrap());
            let found = log.get(&number) == Some(&hash) || (row.get(2).unwrap() && all.contains(&hash));
            assert!(found, "acknowledged as {number}, and not in the log");
        }
    });
}

fn name(value: &str) -> ClientEdit {
    ClientEdit { key: FieldKey::new("name").unwrap(), value: Some(FieldValue::Text(value.into())) }
}

const KILLS: usize = 40;

#[test]
fn what_has_a_good_verdict_is_in_the_log_and_in_the_export() {
    let mut relay = Relay::new();
    let territory = relay.territory("Norte");
    let folder = tempfile::tempdir().unwrap();
    let phones: Vec<Engine> =
        (0..3).map(|n| relay.link(&folder.path().join(format!("{n}.db")), territory)).collect();
    let chances = Chances::new(7);
    let mut saved: Vec<(ClientId, RecordId)> = Vec::new();
    let mut clients: Vec<Vec<ClientId>> = vec![Vec::new(); phones.len()];
    let mut patience = Patience::new();
    let mut kill = 0;
    while !patience.is_enough(KILLS, KILLS / 8) {
        kill += 1;
        for (phone, clients) in phones.iter().zip(&mut clients) {
            if clients.is_empty() || chances.below(4) == 0 {
                let new = NewClient { fields: vec![name(&format!("Bar {kill}"))], territory: None };
                clients.push(phone.create_client(new).unwrap());
            }
            for _ in 0..chances.below(12) {
                let client = clients[chances.below(clients.len() as u64) as usize];
                let saved_now = phone.log_visit(&client, Visit::done(Outcome::Order)).unwrap();
                saved.push((client, saved_now.id));
                if chances.below(4) == 0 {
                    phone.edit_client(&client, vec![name(&format!("Café {kill}"))]).unwrap();
                }
            }
        }
        let barrier = Barrier::new(phones.len() + 1);
        let failed: usize = std::thread::scope(|scope| {
            let syncing: Vec<_> = phones
                .iter()
                .map(|phone| {
                    scope.spawn(|| {
                        barrier.wait();
                        phone.sync().is_err()
                    })
                })
                .collect();
            barrier.wait();
            patience.wait(&chances);
            relay.kill();
            syncing.into_iter().map(|thread| usize::from(thread.join().unwrap())).sum()
        });
        patience.learn(failed > 0);
        let log = audit(&relay.database());
        for phone in &phones {
            expect_acknowledged(phone, &log);
        }
        relay.start();
    }
    for _ in 0..2 {
        for phone in &phones {
            assert_eq!(phone.sync().unwrap().repaired, 0, "a digest differed");
        }
    }
    let exported: Vec<String> = relay.exported("visits");
    let expected: BTreeSet<String> = saved.iter().map(|(_, id)| id.to_string()).collect();
    assert_eq!(exported.len(), expected.len(), "something is there twice");
    assert_eq!(exported.into_iter().collect::<BTreeSet<_>>(), expected);
    relay.kill();
    audit(&relay.database());
}
