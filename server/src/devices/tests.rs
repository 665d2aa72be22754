//! Linking a phone, over HTTP.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use cartera_core::model::WorkspaceId;
use cartera_core::sync::wire::{self, EnrolReply, EnrolRequest, Hash, Versions};

use super::enrol::{Invite, invitation, invite};
use super::{CODE_MS, DEVICES_PER_PERSON_MAX, NAME_CHARS_MAX, Purpose, RevokeOrder};
use crate::audit::Subject;
use crate::devices::manage::CONFIRMED_MAX;
use crate::people::access::By;
use crate::people::{Person, Role};
use crate::secret::SecretHash;
use crate::testing::{Relay, ask_bytes, code};

const TOKEN: &str = "a-token-that-the-phone-made-of-256-random-bits";

fn request(invite: &Invite, token: &str) -> EnrolRequest {
    EnrolRequest {
        versions: Versions::SPOKEN,
        code: invite.code.as_str().into(),
        token_hash: Hash(*SecretHash::of(token).as_bytes()),
        device_name: "Pixel 9".into(),
        workspace: None,
    }
}

fn link(relay: &Relay, request: &EnrolRequest) -> Result<EnrolReply, (StatusCode, String)> {
    let http = Request::post("/v1/enrol")
        .header("content-type", wire::MEDIA_TYPE)
        .body(Body::from(wire::encode(request).unwrap()))
        .unwrap();
    let (head, body) = ask_bytes(&relay.router(), http);
    if head.status() == 200 { Ok(wire::decode(&body).unwrap()) } else { Err((head.status(), code(&body))) }
}

fn rep(relay: &Relay) -> (Person, Invite) {
    let person = relay.person(Role::Rep, &[]);
    let invite = invite(&relay.app, By::CONSOLE, person.id, Purpose::Device).unwrap();
    (person, invite)
}

fn refusals(relay: &Relay) -> Vec<String> {
    let deeds = relay.app.storage.deeds(0, 1000).unwrap();
    deeds.into_iter().filter(|deed| deed.action == "enrolment.refused").map(|deed| deed.detail).collect()
}

#[test]
fn a_code_is_traded_for_a_device_and_a_lost_reply_is_repeated() {
    let relay = Relay::new();
    let (person, invite) = rep(&relay);
    let first = link(&relay, &request(&invite, TOKEN)).unwrap();
    assert_eq!((first.workspace, first.person), (relay.app.workspace.id, person.id));
    assert_eq!(first.device_key.0, relay.app.keys.device_key(first.device));
    assert_eq!(first.scope.version, 1);

    relay.env.advance(CODE_MS);
    let again = link(&relay, &request(&invite, TOKEN)).unwrap();
    assert_eq!(EnrolReply { now_ms: first.now_ms, ..again }, first, "the reply was lost");
    assert_eq!(relay.app.storage.devices(None).unwrap().len(), 1);

    let known = relay.app.storage.device_by_token(&SecretHash::of(TOKEN), 0).unwrap().unwrap();
    assert_eq!((known.device.id, known.role), (first.device, Role::Rep));
}

#[test]
fn neither_code_nor_token_nor_key_is_stored() {
    let relay = Relay::new();
    let (_, invite) = rep(&relay);
    let reply = link(&relay, &request(&invite, TOKEN)).unwrap();
    for name in ["relay.db", "relay.db-wal"] {
        let file = std::fs::read(relay.dir.path().join(name)).unwrap();
        for secret in [invite.code.as_bytes(), TOKEN.as_bytes(), &reply.device_key.0[..]] {
            assert!(!file.windows(secret.len()).any(|bytes| bytes == secret), "{name}");
        }
    }
}

#[test]
fn the_code_may_be_typed_by_hand() {
    let relay = Relay::new();
    let (_, invite) = rep(&relay);
    let typed = crate::secret::grouped(&invite.code.to_lowercase(), 5);
    link(&relay, &EnrolRequest { code: typed.into(), ..request(&invite, TOKEN) }).unwrap();
}

#[test]
fn another_token_a_late_code_and_an_unknown_one_are_refused_and_recorded() {
    let relay = Relay::new();
    let (_, invite_a) = rep(&relay);
    link(&relay, &request(&invite_a, TOKEN)).unwrap();
    let other = link(&relay, &request(&invite_a, "another token"));
    assert_eq!(other, Err((StatusCode::CONFLICT, "conflict".into())));

    let (_, invite_b) = rep(&relay);
    let taken = link(&relay, &request(&invite_b, TOKEN));
    assert_eq!(taken, Err((StatusCode::CONFLICT, "conflict".into())), "the token is another device's");
    relay.env.advance(CODE_MS + 1);
    let late = link(&relay, &request(&invite_b, "token b"));
    assert_eq!(late, Err((StatusCode::GONE, "expired".into())));
    let late = link(&relay, &request(&invite_a, TOKEN));
    assert_eq!(late, Err((StatusCode::GONE, "expired".into())), "also with the right token");

    let unknown = EnrolRequest { code: "0".repeat(26).into(), ..request(&invite_a, TOKEN) };
    assert_eq!(link(&relay, &unknown), Err((StatusCode::NOT_FOUND, "not_found".into())));
    let garbled = EnrolRequest { code: "?".into(), ..request(&invite_a, TOKEN) };
    assert_eq!(link(&relay, &garbled), Err((StatusCode::NOT_FOUND, "not_found".into())));
    assert_eq!(refusals(&relay), ["used", "token_taken", "expired", "expired"]);
}

#[test]
fn a_login_code_links_no_phone() {
    let relay = Relay::new();
    let person = relay.person(Role::Administrator, &[]);
    let login = invite(&relay.app, By::CONSOLE, person.id, Purpose::Session).unwrap();
    assert_eq!(link(&relay, &request(&login, TOKEN)), Err((StatusCode::NOT_FOUND, "not_found".into())));
}

#[test]
fn a_phone_of_another_workspace_or_too_new_a_version_is_refused() {
    let relay = Relay::new();
    let (_, invite) = rep(&relay);
    let foreign =
        EnrolRequest { workspace: Some(WorkspaceId::from_bytes([9; 16])), ..request(&invite, TOKEN) };
    assert_eq!(link(&relay, &foreign), Err((StatusCode::CONFLICT, "wrong_workspace".into())));
    let newer = EnrolRequest { versions: Versions { oldest: 9, newest: 9 }, ..request(&invite, TOKEN) };
    assert_eq!(link(&relay, &newer), Err((StatusCode::UPGRADE_REQUIRED, "unsupported_version".into())));
    let own = EnrolRequest { workspace: Some(relay.app.workspace.id), ..request(&invite, TOKEN) };
    link(&relay, &own).unwrap();
}

#[test]
fn names_and_phones_are_bounded() {
    let relay = Relay::new();
    let (person, first) = rep(&relay);
    let named = |name: String| EnrolRequest { device_name: name.into(), ..request(&first, TOKEN) };
    for name in [String::new(), "   ".into(), "a\u{7}".into(), "x".repeat(NAME_CHARS_MAX + 1)] {
        assert_eq!(link(&relay, &named(name)), Err((StatusCode::BAD_REQUEST, "malformed".into())));
    }
    link(&relay, &named("ñ".repeat(NAME_CHARS_MAX))).unwrap();
    let one_more = |token: &str| {
        let invite = invite(&relay.app, By::CONSOLE, person.id, Purpose::Device).unwrap();
        link(&relay, &request(&invite, token))
    };
    for n in 1..DEVICES_PER_PERSON_MAX {
        one_more(&format!("token {n}")).unwrap();
    }
    assert_eq!(one_more("past the edge"), Err((StatusCode::CONFLICT, "conflict".into())));
    let device = relay.app.storage.devices(Some(person.id)).unwrap()[0].id;
    let deed = relay.deed(Subject::Device(device));
    assert!(relay.app.storage.revoke_device(device, RevokeOrder::Salvage, &deed).unwrap());
    one_more("room again").unwrap();
}

#[test]
fn a_revoked_phone_does_not_come_back_by_its_old_code() {
    let relay = Relay::new();
    let (_, invite) = rep(&relay);
    let device = link(&relay, &request(&invite, TOKEN)).unwrap().device;
    let deed = relay.deed(Subject::Device(device));
    relay.app.storage.revoke_device(device, RevokeOrder::Wipe, &deed).unwrap();
    assert_eq!(link(&relay, &request(&invite, TOKEN)), Err((StatusCode::FORBIDDEN, "revoked".into())));
}

#[test]
fn guessing_is_slowed_down_but_a_right_code_is_let_in() {
    let relay = Relay::new();
    let (_, invite) = rep(&relay);
    let wrong = EnrolRequest { code: "0".repeat(26).into(), ..request(&invite, TOKEN) };
    let answers: Vec<_> = (0..30).map(|_| link(&relay, &wrong).unwrap_err().1).collect();
    assert_eq!(answers.iter().filter(|code| *code == "not_found").count(), 20);
    assert_eq!(answers.last().map(String::as_str), Some("rate_limited"));
    link(&relay, &request(&invite, TOKEN)).unwrap();
}

#[test]
fn what_is_no_request_is_refused() {
    let relay = Relay::new();
    let send = |kind: &str, body: Vec<u8>| {
        let http = Request::post("/v1/enrol").header("content-type", kind).body(Body::from(body)).unwrap();
        let (head, body) = ask_bytes(&relay.router(), http);
        (head.status().as_u16(), code(&body))
    };
    assert_eq!(send("application/json", b"{}".to_vec()), (415, "unsupported_media_type".into()));
    assert_eq!(send(wire::MEDIA_TYPE, b"garbage".to_vec()), (400, "malformed".into()));
    let past = wire::limits::BODY_BYTES + 1;
    assert_eq!(send(wire::MEDIA_TYPE, vec![0; past]), (413, "too_large".into()));
    let bomb = zstd::bulk::compress(&vec![0; wire::limits::MESSAGE_BYTES + 1], 3).unwrap();
    assert_eq!(send(wire::MEDIA_TYPE, bomb), (413, "too_large".into()));
}

#[test]
fn the_invitation_names_address_code_and_pin() {
    let settings = crate::settings::Settings {
        public_url: "https://relay.example".into(),
        pin: Some([7; 32]),
        ..Default::default()
    };
    let relay = Relay::with(settings);
    let (_, invite) = rep(&relay);
    let invitation = invitation(&relay.app, &invite.code);
    assert_eq!(invitation.to_string().parse(), Ok(invitation.clone()));
    assert_eq!(invitation.pin, Some([7; 32]));
}

#[test]
fn after_a_restore_without_its_journal_an_administrator_confirms_phones() {
    let relay = Relay::new();
    let tokens: Vec<_> = (0..3).map(|_| relay.phone(&relay.person(Role::Rep, &[]))).collect();
    let raw = rusqlite::Connection::open(relay.dir.path().join("relay.db")).unwrap();
    raw.execute("UPDATE devices SET unconfirmed = 1", []).unwrap();
    let admin = relay.login(Role::Administrator);
    let listed = || {
        let (status, body) = relay.ask_json("GET", "/v1/devices", &admin, None);
        assert_eq!(status, 200);
        let waits = |device: &serde_json::Value| device["unconfirmed"].as_bool().unwrap();
        body.as_array().unwrap().iter().map(waits).filter(|waits| *waits).count()
    };
    let served = |token: &str| {
        let request = Request::post("/v1/sync")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", wire::MEDIA_TYPE);
        let body = wire::encode(&wire::SyncRequest::default()).unwrap();
        ask_bytes(&relay.router(), request.body(Body::from(body)).unwrap()).0.status().as_u16()
    };
    assert_eq!((listed(), served(&tokens[0])), (3, 503));
    let confirm = |body: serde_json::Value| relay.ask_json("POST", "/v1/devices/confirm", &admin, Some(body));
    let hash = |token: &str| SecretHash::of(token);
    let first =
        relay.app.storage.device_by_token(&hash(&tokens[0]), 0).unwrap().unwrap().device.id.to_string();
    let named = |count: usize| serde_json::json!({ "devices": vec![first.clone(); count] });
    assert_eq!(confirm(named(CONFIRMED_MAX + 1)).0, 422);
    assert_eq!(confirm(named(0)).0, 422);
    assert_eq!(confirm(serde_json::json!({})).0, 422);
    assert_eq!(confirm(serde_json::json!({ "devices": [first], "all": true })).0, 422);
    assert_eq!(confirm(serde_json::json!({ "devices": ["x"] })).0, 404);
    assert_eq!((listed(), served(&tokens[0])), (3, 503));
    assert_eq!(confirm(named(CONFIRMED_MAX)), (200, serde_json::json!({ "confirmed": 1 })));
    assert_eq!((listed(), served(&tokens[0]), served(&tokens[1])), (2, 200, 503));
    assert_eq!(confirm(serde_json::json!({ "all": true })), (200, serde_json::json!({ "confirmed": 2 })));
    assert_eq!((listed(), served(&tokens[1])), (0, 200));
    assert_eq!(confirm(serde_json::json!({ "all": true })), (200, serde_json::json!({ "confirmed": 0 })));
}
