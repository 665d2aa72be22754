//! An erased client's words are nowhere: not in the store's files, not in any export, not on a phone.

use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::Path;

use cartera_core::document::{FieldKey, FieldValue};
use cartera_core::engine::ClientEdit;
use cartera_core::model::ClientId;
use cartera_core::model::record::{MergeProposal, Note};
use cartera_core::sync::wire::Refusal;
use serde_json::json;

use super::{Phone, World};
use crate::export::resources::RESOURCES;
use crate::import::store::Store;
use crate::import::target::{Plan, Staged, Target};
use crate::import::{Kind, Options, profile::Change, propose, run};
use crate::people::access::By;
use crate::storage::log::{Incoming, Push, Unreadable};
use crate::storage::office::OfficeWrite;
use crate::testing::NOW_MS;
use crate::tokens::{Scope, manage};

impl Phone {
    fn rename(&self, client: ClientId, name: &str) {
        let edit =
            ClientEdit { key: FieldKey::new("name").unwrap(), value: Some(FieldValue::Text(name.into())) };
        self.engine.edit_client(&client, vec![edit]).unwrap();
    }
}

/// Which of `words` stand in the relay's files, as they are or as search folds them.
fn found(folder: &Path, words: &[String]) -> Vec<String> {
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.file_name().unwrap().to_str().unwrap().starts_with("relay.db") {
            bytes.extend(std::fs::read(path).unwrap().to_ascii_lowercase());
        }
    }
    let stands = |word: &&String| bytes.windows(word.len()).any(|window| window == word.as_bytes());
    words.iter().filter(stands).cloned().collect()
}

/// A word that no other text begins like, so that no index can shorten it.
fn word(what: &str, n: usize) -> String {
    format!("{}{what}qx{n}", char::from(b'g' + (n % 20) as u8))
}

impl World {
    fn export(&self, token: &str) -> String {
        let mut all = String::new();
        for resource in RESOURCES {
            for format in ["ndjson", "csv"] {
                let url = format!("{}/v1/export/{}.{format}", self.running.url(), resource.name);
                let answer = self.http.get(url).bearer_auth(token).send().unwrap();
                assert_eq!(answer.status(), 200, "{}", resource.name);
                all.push_str(&answer.text().unwrap().to_lowercase());
            }
        }
        all
    }
}

#[test]
fn an_erased_clients_words_are_nowhere() {
    let world = World::new();
    let (app, folder) = (&world.relay.app, world.relay.dir.path());
    let norte = world.territory("Norte");
    let ana = world.phone(61, norte);
    let administrator = world.administrator();
    let token = manage::create(app, By::CONSOLE, "all", &[Scope::Export], 1).unwrap().text;

    // Many clients, so that pages split and fill; names and notes that change, so that old states lie about.
    let mut all = Vec::new();
    for n in 0..120 {
        let client = ana.new_client(&word("old", n));
        ana.engine.record(&client, Note::new(word("note", n))).unwrap();
        all.push(client);
        if n % 40 == 39 {
            ana.engine.sync().unwrap();
        }
    }
    for (n, client) in all.iter().enumerate() {
        ana.rename(*client, &word("name", n));
    }
    ana.engine.sync().unwrap();
    let device = app.storage.devices(None).unwrap()[0].id;
    let mut offices = Vec::new();
    for (n, client) in all.iter().enumerate() {
        offices.push(OfficeWrite {
            kind: "due_item".into(),
            source: "erp".into(),
            key: word("key", n),
            client: Some(*client),
            value: Some(word("due", n).into_bytes()),
            ..OfficeWrite::default()
        });
    }
    app.storage.put_office(&offices, NOW_MS).unwrap();
    // A refused change, a staged import and one whose report quotes a cell.
    let (victims, others): (Vec<usize>, Vec<usize>) = (0..120).partition(|n| n % 7 == 3);
    let refused = |n: usize| Incoming {
        document: all[n].into(),
        generation: 0,
        territory: None,
        proven: false,
        offered: false,
        change: Err(Unreadable {
            code: Refusal::Malformed,
            detail: "no change".into(),
            bytes: word("refused", n).into_bytes(),
        }),
    };
    let changes = [victims[0], others[0]].map(refused).to_vec();
    let push = Push {
        device,
        changes,
        purged: vec![],
        knew: 0,
        scope_version: 0,
        at_ms: NOW_MS,
        by_receipt: true,
        grace_ms: 0,
    };
    app.storage.admit(&[push]).unwrap();
    let file = format!("codigo;nombre;limite\nC1;Bar;{}\n", word("quoted", 1));
    let mapping = propose(&mut Cursor::new(&file), Kind::Clients, "erp").unwrap().mapping;
    let mut target = Store::new(app);
    run(&mut Cursor::new(&file), &mapping, &mut target, Options::default(), &mut |_| {
        ControlFlow::Continue(())
    })
    .unwrap();
    let plan = Plan { kind: Kind::Clients, source: "crm".into(), file: [1; 32], mapping: [2; 32] };
    let begun = target.begin(&plan).unwrap();
    let staged = Staged::Client { id: word("staged", 2), change: Change::default() };
    target.stage(begun.import, 0, vec![staged]).unwrap();
    ana.engine.record(&all[others[1]], MergeProposal::new(all[victims[0]], false, vec![])).unwrap();
    ana.engine.sync().unwrap();

    let words = |of: &[usize]| -> Vec<String> {
        let kinds = ["old", "note", "name", "key", "due"];
        of.iter().flat_map(|n| kinds.map(|kind| word(kind, *n))).collect()
    };
    let mut gone = words(&victims);
    gone.extend([word("refused", victims[0]), word("staged", 2)]);
    let stay = words(&others);
    assert_eq!(found(folder, &gone), gone, "the search finds what is there");
    let told = world.export(&token);
    assert!(told.contains(&word("name", victims[0])) && told.contains(&word("note", victims[0])));

    let path = |n: usize| format!("/v1/clients/{}", all[n]);
    let (status, told) =
        world.ask_as(&administrator, "DELETE", &format!("{}?dry_run=true", path(victims[0])), None);
    assert_eq!((status, &told["erased"]), (200, &json!(false)));
    assert_eq!((&told["records"], &told["office"]), (&json!({ "n": 1 }), &json!({ "due_item": 1 })));
    assert_eq!((&told["changes"], &told["refused"]), (&json!(4), &json!(1)));
    assert_eq!((&told["unfinished_imports"], &told["proposals_elsewhere"]), (&json!(1), &json!(1)));
    assert!(told["stays"].as_array().unwrap().len() > 3);
    assert_eq!(found(folder, &gone), gone, "a dry run erases nothing");
    let (status, why) = world.ask_as(&administrator, "DELETE", &path(victims[0]), None);
    assert_eq!((status, &why["code"]), (422, &json!("invalid")), "not without a reason");

    for n in &victims {
        let url = format!("{}?reason=request", path(*n));
        let (status, told) = world.ask_as(&administrator, "DELETE", &url, None);
        assert_eq!(
            (status, &told["erased"], &told["overwritten"]),
            (200, &json!(true), &json!(true)),
            "{told}"
        );
    }
    assert_eq!(found(folder, &gone), Vec::<String>::new(), "in the store's files");
    assert_eq!(found(folder, &[word("quoted", 1)]), Vec::<String>::new(), "in a report");
    assert_eq!(found(folder, &stay), stay, "the others' words are still there");
    let told = world.export(&token);
    assert_eq!(gone.iter().filter(|word| told.contains(*word)).collect::<Vec<_>>(), Vec::<&String>::new());
    assert!(told.contains(&word("name", others[0])) && told.contains(&word("note", others[0])));

    // The phone follows; what is written about them later is answered `erased`.
    let report = ana.engine.sync().unwrap();
    assert_eq!(report.left.len(), victims.len());
    let names = ana.sees();
    assert!(victims.iter().all(|n| !names.contains(&word("name", *n))));
    assert_eq!(names.len(), 100.min(others.len()));
    let (status, again) =
        world.ask_as(&administrator, "DELETE", &format!("{}?reason=mistake", path(victims[0])), None);
    assert_eq!((status, &again["code"]), (409, &json!("conflict")));
    let raw = rusqlite::Connection::open(folder.join("relay.db")).unwrap();
    let sound: String = raw.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    for index in ["client_search", "note_search"] {
        raw.execute_batch(&format!("INSERT INTO {index} ({index}) VALUES ('integrity-check')")).unwrap();
    }
}
