//! A device with everything in it that can be damaged, and what is to be read of it.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use cartera_core::document::ActorId;
use cartera_core::engine::{Engine, EngineError};
use cartera_core::env::{Env, SeededEnv, random_bytes};
use cartera_core::model::record::{Outcome, Visit};
use cartera_core::model::{DeviceId, DocumentId, PersonId, WorkspaceId};
use cartera_core::query;
use cartera_core::rows::office::{self, OfficeEntry};
use cartera_core::rows::{self, Document};
use cartera_core::store::attention::{self, Refused};
use cartera_core::store::{StoreError, actors, compact, meta, outbox};
use cartera_core::sync::identity::Identity;
use cartera_core::sync::wire::Epoch;
use cartera_core::sync::wire::enrol::Policy;

use super::{Device, MONDAY_MS, text};

const CLIENTS: usize = 40;

/// A device that has synced before, with unsent work, refused work and office records; its file is whole and closed.
pub(crate) fn lived_in() -> (tempfile::TempDir, PathBuf) {
    let device = Device::new(77);
    let path = device.path();
    let mut clients = Vec::new();
    for n in 0..CLIENTS {
        let client = device.client(&format!("Bar Ñandú {n}"));
        for m in 0..6 {
            let visit = Visit { notes: Some(format!("vuelve el martes {m}")), ..Visit::done(Outcome::Order) };
            device.engine.log_visit(&client, visit).unwrap();
        }
        clients.push(client);
    }
    let store = device.engine.store();
    store
        .write::<_, StoreError>(|tx| {
            identity().save(tx)?;
            meta::put(tx, meta::CURSOR, b"a cursor")?;
            // Three quarters have their verdicts.
            for (n, work) in outbox::to_send(tx, usize::MAX, 10_000)?.into_iter().enumerate() {
                if n < CLIENTS * 8 * 3 / 4 {
                    let mut document = Document::at_row(tx, work.doc)?.unwrap();
                    rows::acknowledge(tx, &mut document, &work.hash, n as u64 + 1)?;
                    outbox::remove(tx, work.doc, &work.hash)?;
                }
            }
            for n in 0..200 {
                let entry = OfficeEntry {
                    kind: "due_item".into(),
                    source: "erp".into(),
                    key: format!("F{n}"),
                    client: Some(clients[n % CLIENTS]),
                    territory: None,
                    value: Some(vec![n as u8; 60]),
                };
                office::put(tx, &entry, 1_000 + n as u64)?;
            }
            let bytes = outbox::to_send(tx, usize::MAX, 1)?[0].bytes.clone();
            attention::keep_refused(
                tx,
                &Refused {
                    document: clients[0].into(),
                    generation: 0,
                    hash: cartera_core::document::ChangeHash([3; 32]),
                    bytes,
                    key: None,
                    code: "forbidden".into(),
                    detail: String::new(),
                    refused_at: MONDAY_MS,
                },
            )
        })
        .unwrap();
    let compacted = compact::step(store, None, 4).unwrap();
    assert!(compacted.documents > CLIENTS / 2);
    for client in &clients[..10] {
        device.engine.edit_client(client, vec![text("erp_code", "C-1")]).unwrap();
    }
    let Device { folder, engine, .. } = device;
    drop(engine);
    assert!(!folder.path().join("cartera.db-wal").exists(), "closed");
    (folder, path)
}

pub(crate) fn identity() -> Identity {
    Identity {
        workspace: WorkspaceId::from_bytes([1; 16]),
        device: DeviceId::from_bytes([2; 16]),
        person: PersonId::from_bytes([3; 16]),
        relay: "http://127.0.0.1:1".into(),
        pin: None,
        token: "token".into(),
        device_key: [4; 32],
        workspace_key: String::new(),
        epoch: Epoch([5; 8]),
        home_territory: None,
        policy: Policy::default(),
    }
}

pub(crate) fn open(path: &Path) -> Result<Engine, EngineError> {
    Engine::open(path, None, "Europe/Madrid", std::sync::Arc::new(SeededEnv::new(5, MONDAY_MS)))
}

/// All that is made of documents, by ids that mean the same in every database; after every query of every screen.
pub(crate) fn read(engine: &Engine) -> Result<Vec<String>, EngineError> {
    engine.store().write::<_, EngineError>(|tx| Ok(rows::rebuild(tx)?))?;
    engine.store().read(|conn| {
        for client in query::clients::list(conn, None, 500)? {
            query::timeline::of_client(conn, &client.id, None, 50)?;
            query::conflicts::of_client(conn, &client.id)?;
            office::of_client(conn, &client.id)?;
        }
        query::clients::search(conn, "bar", 50)?;
        query::clients::search_notes(conn, "martes", 50)?;
        query::agenda::between(conn, 0, 100_000, 50)?;
        outbox::to_send(conn, usize::MAX, 10_000)?;
        attention::refused(conn)?;
        let mut lines = Vec::new();
        for sql in [
            "SELECT hex(d.id), f.key, f.counter, hex(a.id), hex(f.value) || f.live FROM fields f
             JOIN documents d USING (doc) JOIN actors a USING (actor)",
            "SELECT hex(d.id), hex(r.id), hex(a.id), hex(r.value), r.shown || hex(r.root) FROM records r
             JOIN documents d USING (doc) JOIN actors a USING (actor)",
            "SELECT hex(id), name, erp_code, last_visit, conflicts FROM clients",
        ] {
            let mut statement = conn.prepare(sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let cells: Vec<_> =
                    (0..5).map(|n| row.get::<_, rusqlite::types::Value>(n)).collect::<Result<_, _>>()?;
                lines.push(format!("{cells:?}"));
            }
        }
        lines.sort_unstable();
        Ok(lines)
    })
}

/// Document and hash of all that is unsent.
pub(crate) fn unsent(engine: &Engine) -> BTreeSet<(DocumentId, [u8; 32])> {
    let all = engine.store().read(|conn| outbox::to_send(conn, usize::MAX, 10_000)).unwrap();
    all.into_iter().map(|work| (work.document, work.hash.0)).collect()
}

pub(crate) fn below(env: &SeededEnv, bound: usize) -> usize {
    (u64::from_le_bytes(random_bytes(env as &dyn Env)) % bound as u64) as usize
}

const FLIPS: usize = 300;

/// What a damaged database may be called: never a defect of this program.
const TOLD: [&str; 6] = [
    "store_damaged",
    "store_not_a_database",
    "store_other_application",
    "store_newer",
    "store_io",
    "store_no_encryption",
];

#[test]
fn a_flipped_byte_anywhere_is_told_or_changes_nothing() {
    let (_folder, path) = lived_in();
    let whole = fs::read(&path).unwrap();
    let expected = read(&open(&path).unwrap()).unwrap();
    assert!(expected.len() > CLIENTS * 8);
    let chances = SeededEnv::new(1, 0);
    let folder = tempfile::tempdir().unwrap();
    let (mut told, mut harmless) = (0, 0);
    for flip in 0..FLIPS {
        // The first page, which says what the file is, gets more than its share.
        let at = below(&chances, if flip % 8 == 0 { 4096 } else { whole.len() });
        let mut bytes = whole.clone();
        bytes[at] ^= 1 + below(&chances, 255) as u8;
        let copy = folder.path().join(format!("{flip}.db"));
        fs::write(&copy, &bytes).unwrap();
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let engine = open(&copy).inspect_err(|_| {
                assert_eq!(fs::read(&copy).unwrap(), bytes, "byte {at}: refused, and not left alone");
            })?;
            read(&engine)
        }));
        match outcome.unwrap_or_else(|_| panic!("byte {at}: a panic")) {
            Ok(lines) => {
                assert!(lines == expected, "byte {at}: other content, and nobody was told");
                harmless += 1;
            }
            Err(error) => {
                assert!(TOLD.contains(&error.code()), "byte {at}: {} {error}", error.code());
                told += 1;
            }
        }
        fs::remove_file(&copy).unwrap();
    }
    assert!(told > 30 && harmless > 30, "{told} told, {harmless} harmless");
}

#[test]
fn a_file_cut_off_anywhere_is_told_or_changes_nothing() {
    let (_folder, path) = lived_in();
    let whole = fs::read(&path).unwrap();
    let expected = read(&open(&path).unwrap()).unwrap();
    let chances = SeededEnv::new(2, 0);
    let folder = tempfile::tempdir().unwrap();
    for cut in 0..40 {
        let length =
            if cut < 8 { [1, 15, 16, 50, 99, 100, 512, 4096][cut] } else { below(&chances, whole.len()) };
        let copy = folder.path().join(format!("{cut}.db"));
        fs::write(&copy, &whole[..length]).unwrap();
        match open(&copy).and_then(|engine| read(&engine)) {
            Ok(lines) => assert!(lines == expected, "{length} bytes: less content, and nobody was told"),
            Err(error) => assert!(TOLD.contains(&error.code()), "{length} bytes: {} {error}", error.code()),
        }
    }
}

/// A device that never had an actor registers the one that it took.
#[test]
fn a_recovered_device_writes_with_a_new_actor() {
    let (_folder, path) = lived_in();
    let actor = |engine: &Engine| -> ActorId {
        engine.store().write(|tx| actors::present(tx, engine.env())).unwrap()
    };
    let before = actor(&open(&path).unwrap());
    let env = std::sync::Arc::new(SeededEnv::new(6, MONDAY_MS));
    let (engine, recovery) = Engine::recover(&path, None, "Europe/Madrid", env).unwrap();
    assert!(recovery.linked && recovery.is_unsent_work_whole(), "{recovery:?}");
    assert_ne!(actor(&engine), before);
}
