//! A document and its history over HTTP, from what two phones with the real engine wrote.
#![cfg(feature = "demo")]

use automerge::{Automerge, ROOT, ReadDoc};
use cartera_core::model::ClientId;
use cartera_core::model::access::{Action, Reach, Role, reach};
use cartera_core::model::record::{Outcome, Visit};
use serde_json::Value;

use super::{DocumentError, History};
use crate::audit::Subject;
use crate::export::tests::world::{World, name};
use crate::people::access::By;
use crate::storage::clients::{Erased, Merged};
use crate::testing::code;
use crate::tokens::Scope;
use crate::tokens::manage::create;

fn told(world: &World, client: ClientId) -> Value {
    let (head, body) = world.get(&format!("/v1/clients/{client}/history"), Some(&world.token), None);
    assert_eq!(
        (head.status().as_u16(), &head.headers()["content-type"]),
        (200, &"application/json".parse().unwrap())
    );
    serde_json::from_slice(&body).unwrap()
}

#[test]
fn the_document_loads_in_automerge_and_its_heads_are_the_history_s() {
    let world = World::new();
    let client = world.client("Bar Ñandú");
    let (head, bytes) = world.get(&format!("/v1/clients/{client}/document"), Some(&world.token), None);
    assert_eq!(head.status(), 200);
    assert_eq!(head.headers()["content-type"], "application/octet-stream");
    let file = format!("attachment; filename=\"{client}.automerge\"");
    assert_eq!(head.headers()["content-disposition"], file.as_str());
    let document = Automerge::load(&bytes).unwrap();
    assert_eq!(document.get(ROOT, "name").unwrap().unwrap().0.as_str(), Some("Bar Ñandú"));
    let visits = document.keys(ROOT).filter(|key| key.starts_with("v/")).count();
    assert_eq!(visits, 1);

    let history = told(&world, client);
    let heads: Vec<String> = document.get_heads().iter().map(ToString::to_string).collect();
    assert_eq!(history["heads"], serde_json::json!(heads));
    assert_eq!((&history["client"], &history["alias_of"]), (&client.to_string().into(), &Value::Null));
    let changes = history["changes"].as_array().unwrap();
    assert_eq!(history["count"], changes.len());
    let hashes: Vec<String> =
        document.get_changes(&[]).iter().map(|change| change.hash().to_string()).collect();
    let told: Vec<&str> = changes.iter().map(|change| change["hash"].as_str().unwrap()).collect();
    assert_eq!(told, hashes, "every change, in an order that Automerge too may have them in");
}

#[test]
fn the_history_says_who_wrote_what_and_when() {
    let world = World::new();
    let client = world.client("Bar");
    let other = world.relay.person(Role::Rep, &world.rep.territories);
    let second = world.relay.engine(8, &other);
    second.sync_over(&world.relay.in_process()).unwrap();
    second.edit_client(&client, name("Bar Pepe")).unwrap();
    second.sync_over(&world.relay.in_process()).unwrap();

    let history = told(&world, client);
    let changes = history["changes"].as_array().unwrap();
    let numbers: Vec<u64> = changes.iter().map(|change| change["number"].as_u64().unwrap()).collect();
    assert!(numbers.is_sorted() && numbers.len() == 4, "{numbers:?}");
    assert_eq!(history["number"], *numbers.last().unwrap());
    for change in &changes[..3] {
        assert_eq!(change["author_id"], world.rep.id.to_string());
        assert_eq!(change["author_name"], "rep of a test");
    }
    let renamed = &changes[3];
    assert_eq!(renamed["author_id"], other.id.to_string());
    let device = second.identity().unwrap().unwrap().device;
    assert_eq!(renamed["device_id"], device.to_string());
    assert!(renamed["received_at"].as_str().unwrap().starts_with("2026-09-21T"));
    assert!(renamed["device_time"].as_str().unwrap().starts_with("2026-09-21T"));
    let put = &renamed["operations"][0];
    assert_eq!((&put["key"], &put["action"]), (&"name".into(), &"put".into()));
    assert_eq!(put["value"]["text"], "Bar Pepe");
    assert_eq!(put["replaces"][0], changes[1]["operations"][0]["id"]);
    let visit = &changes[2]["operations"][0];
    assert!(visit["key"].as_str().unwrap().starts_with("v/"));
    assert!(visit["value"]["bytes"].as_str().unwrap().starts_with('a'), "a CBOR map: {visit}");
}

#[test]
fn a_long_history_comes_in_pieces_and_shows_what_was_there_when_it_began() {
    let world = World::new();
    let client = world.client("Bar");
    for n in 0..600 {
        let mut visit = Visit::done(Outcome::Order);
        visit.notes = Some(format!("{n} {}", "x".repeat(200)));
        world.phone.log_visit(&client, visit).unwrap();
    }
    world.phone.sync_over(&world.relay.in_process()).unwrap();
    let store = &*world.relay.app.storage;
    let mut history = History::begin(store, client).unwrap();
    let (mut text, mut pieces) = (Vec::new(), 0);
    while let Some(piece) = history.next(store).unwrap() {
        assert!(piece.len() < 1 << 20);
        text.extend(piece);
        pieces += 1;
        if pieces == 1 {
            world.phone.log_visit(&client, Visit::done(Outcome::Order)).unwrap();
            world.phone.sync_over(&world.relay.in_process()).unwrap();
        }
    }
    assert!(pieces > 3, "{pieces} pieces");
    let text: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!((text["changes"].as_array().unwrap().len(), &text["count"]), (603, &603.into()));
    assert_eq!(told(&world, client)["count"], 604);
}

/// Old changes have their bytes in the document's snapshot.
#[test]
fn compaction_changes_nothing_in_document_or_history() {
    let world = World::new();
    let client = world.client("Bar");
    for _ in 0..20 {
        world.phone.log_visit(&client, Visit::done(Outcome::Order)).unwrap();
    }
    world.phone.sync_over(&world.relay.in_process()).unwrap();
    let heads = || {
        let (_, bytes) = world.get(&format!("/v1/clients/{client}/document"), Some(&world.token), None);
        Automerge::load(&bytes).unwrap().get_heads()
    };
    let (before, told_before) = (heads(), told(&world, client));
    let moved = world.relay.app.storage.compact(None, 0, 1).unwrap().changes;
    assert!(moved > 20, "{moved} changes moved");
    world.phone.log_visit(&client, Visit::done(Outcome::Order)).unwrap();
    assert_eq!((heads(), told(&world, client)), (before, told_before));
    world.phone.sync_over(&world.relay.in_process()).unwrap();
    assert_eq!(told(&world, client)["count"], 24, "old and new ones");
}

#[test]
fn merged_and_erased_clients_and_people_are_answered_as_what_they_are() {
    let world = World::new();
    let (kept, absorbed) = (world.client("Bar"), world.client("Bar (bis)"));
    let store = &world.relay.app.storage;
    let deed = world.relay.deed(Subject::Client(absorbed));
    assert!(matches!(
        store.merge(absorbed, Some(kept), crate::testing::NOW_MS, &deed).unwrap(),
        Merged::Done(_)
    ));
    for what in ["document", "history"] {
        let (head, body) = world.get(&format!("/v1/clients/{absorbed}/{what}"), Some(&world.token), None);
        assert_eq!((head.status().as_u16(), body.is_empty()), (200, false));
        assert_eq!(head.headers()["cartera-alias-of"], kept.to_string().as_str());
        let (head, _) = world.get(&format!("/v1/clients/{kept}/{what}"), Some(&world.token), None);
        assert!(!head.headers().contains_key("cartera-alias-of"));
    }
    assert_eq!(told(&world, absorbed)["alias_of"], kept.to_string());

    let mut begun = History::begin(&**store, kept).unwrap();
    assert!(matches!(store.erase(kept, crate::testing::NOW_MS, &deed).unwrap(), Erased::Done(_)));
    assert!(matches!(begun.next(&**store), Err(DocumentError::Erased(_))), "it breaks off");
    let unknown = ClientId::from_bytes([9; 16]);
    // The rep's own document is nobody else's, whether there is one or not.
    world.phone.record(&ClientId::from_bytes(*world.rep.id.as_bytes()), Visit::done(Outcome::Order)).err();
    let own = ClientId::from_bytes(*world.rep.id.as_bytes());
    for what in ["document", "history"] {
        for (client, status, says) in
            [(kept, 410, "erased"), (unknown, 404, "not_found"), (own, 404, "not_found")]
        {
            let (head, body) = world.get(&format!("/v1/clients/{client}/{what}"), Some(&world.token), None);
            assert_eq!((head.status().as_u16(), code(&body).as_str()), (status, says));
        }
        let (head, body) = world.get(&format!("/v1/clients/x/{what}"), Some(&world.token), None);
        assert_eq!((head.status().as_u16(), code(&body).as_str()), (404, "not_found"));
    }
}

#[test]
fn an_unchanged_document_is_not_sent_again() {
    let world = World::new();
    let client = world.client("Bar");
    for what in ["document", "history"] {
        let path = format!("/v1/clients/{client}/{what}");
        let (head, _) = world.get(&path, Some(&world.token), None);
        let tag = head.headers()["etag"].to_str().unwrap().to_owned();
        let (head, body) = world.get(&path, Some(&world.token), Some(&tag));
        assert_eq!((head.status().as_u16(), body.len()), (304, 0));
        world.phone.log_visit(&client, Visit::done(Outcome::Order)).unwrap();
        world.phone.sync_over(&world.relay.in_process()).unwrap();
        assert_eq!(world.get(&path, Some(&world.token), Some(&tag)).0.status(), 200);
    }
}

/// One by one, from the table of actions and the scopes of tokens.
#[test]
fn who_may_export_may_read_documents_and_nobody_else() {
    let world = World::new();
    let client = world.client("Bar");
    let device = world.phone.identity().unwrap().unwrap().token;
    let mut cases = vec![(None, 401), (Some(device), 403), (Some("cm_".to_owned() + &"A".repeat(40)), 401)];
    for scope in Scope::ALL {
        let token = create(&world.relay.app, By::CONSOLE, "t", &[scope], 1).unwrap().text;
        cases.push((Some(token), if scope == Scope::Export { 200 } else { 403 }));
    }
    for role in [Role::Rep, Role::Manager, Role::BackOffice, Role::Administrator] {
        let may = reach(role, Action::Export) != Reach::No;
        assert_eq!(may, role != Role::Rep, "as the design has it");
        cases.push((Some(world.login(role)), if may { 200 } else { 403 }));
    }
    let paths = [
        format!("/v1/clients/{client}/document"),
        format!("/v1/clients/{client}/history"),
        "/v1/export".to_owned(),
        "/v1/export/visits.csv".to_owned(),
    ];
    for (token, expected) in &cases {
        for path in &paths {
            let (head, body) = world.get(path, token.as_deref(), None);
            assert_eq!(head.status().as_u16(), *expected, "{path} {token:?}");
            assert!(*expected == 200 || !String::from_utf8_lossy(&body).contains("Bar"));
        }
    }
}
