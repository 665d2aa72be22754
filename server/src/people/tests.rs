//! Who may administer what, tried one by one over real HTTP from the table.

use std::collections::BTreeSet;

use cartera_core::model::access::{Action, Reach, reach};
use cartera_core::model::{DeviceId, PersonId, TerritoryId, TokenId};
use serde_json::{Value, json};

use super::Role;
use super::access::By;
use crate::devices::Purpose;
use crate::devices::enrol::invite;
use crate::http::serve::{Listen, Listener, Running, serve};
use crate::import;
use crate::office::WRITABLE;
use crate::testing::Relay;
use crate::tokens::{Scope, manage};

/// Every administrative route, the action that it needs, and a body that it can read.
const ROUTES: &[(&str, &str, Action)] = &[
    ("GET", "/v1/people", Action::ViewPeople),
    ("POST", "/v1/people", Action::ManagePeople),
    ("PATCH", "/v1/people/{id}", Action::ManagePeople),
    ("POST", "/v1/people/{id}/leave", Action::ManagePeople),
    ("POST", "/v1/people/{id}/phone-code", Action::EnrolDevice),
    ("POST", "/v1/people/{id}/login-code", Action::ManagePeople),
    ("GET", "/v1/territories", Action::ViewPeople),
    ("POST", "/v1/territories", Action::ManageTerritories),
    ("PATCH", "/v1/territories/{id}", Action::ManageTerritories),
    ("GET", "/v1/devices", Action::ViewDevices),
    ("POST", "/v1/devices/{id}/revoke", Action::RevokeDevice),
    ("POST", "/v1/devices/confirm", Action::EnrolDevice),
    ("GET", "/v1/backups", Action::BackUp),
    ("POST", "/v1/backups", Action::BackUp),
    ("GET", "/v1/backups/{name}", Action::BackUp),
    ("POST", "/v1/backups/{name}/verify", Action::BackUp),
    ("POST", "/v1/orders/release", Action::ReleaseOrders),
    ("GET", "/v1/tokens", Action::ManageTokens),
    ("POST", "/v1/tokens", Action::ManageTokens),
    ("POST", "/v1/tokens/{id}/revoke", Action::ManageTokens),
    ("GET", "/v1/quarantine", Action::AcceptQuarantine),
    ("POST", "/v1/quarantine/accept", Action::AcceptQuarantine),
    ("POST", "/v1/quarantine/{change}/accept", Action::AcceptQuarantine),
    ("POST", "/v1/quarantine/{change}/refuse", Action::AcceptQuarantine),
    ("GET", "/v1/settings", Action::ViewSettings),
    ("PATCH", "/v1/settings", Action::ChangeSettings),
    ("GET", "/v1/audit", Action::ReadAudit),
    ("POST", "/v1/figures/refit", Action::RefitFigures),
    ("POST", "/v1/clients/moves", Action::MoveClient),
    ("PUT", "/v1/clients/{client}/lendings/{person}", Action::LendClient),
    ("DELETE", "/v1/clients/{client}/lendings/{person}", Action::LendClient),
    ("GET", "/v1/clients/{client}/place", Action::ViewClient),
    ("GET", "/v1/clients/merge-proposals", Action::DecideMerge),
    ("GET", "/v1/clients/change-requests", Action::DecideChangeRequest),
    ("POST", "/v1/clients/{client}/change-requests/{record}", Action::DecideChangeRequest),
    ("POST", "/v1/clients/{client}/merge", Action::DecideMerge),
    ("DELETE", "/v1/clients/{client}/merge", Action::DecideMerge),
    ("DELETE", "/v1/clients/{client}?reason=request", Action::EraseClient),
    ("GET", "/v1/clients/{client}/disclosure", Action::DisclosePerson),
    ("GET", "/v1/visit-plan/by-class", Action::PlanVisits),
    ("POST", "/v1/visit-plan/by-class", Action::PlanVisits),
];
/// Routes that answer of the clients whom the caller sees.
const SCOPED: &[(&str, &str, Action)] = &[
    ("GET", "/v1/today", Action::ViewOthersWork),
    ("GET", "/v1/nearby?latitude=1&longitude=2", Action::ViewClient),
    ("GET", "/v1/duplicates", Action::ViewClient),
];
/// Every route that a program may use as well: how far a person must reach, and the scope that a program needs.
const SHARED: &[(&str, &str, Action, Reach, Scope)] = &[
    ("GET", "/v1/clients/{client}/document", Action::Export, Reach::Scope, Scope::Export),
    ("GET", "/v1/clients/{client}/history", Action::Export, Reach::Scope, Scope::Export),
    ("GET", "/v1/clients/{id}/figures", Action::ViewFigures, Reach::Scope, Scope::Export),
    ("GET", "/v1/clients/{id}/offers", Action::ViewFigures, Reach::Scope, Scope::Export),
    ("GET", "/v1/export", Action::Export, Reach::Scope, Scope::Export),
    ("GET", "/v1/export/{file}", Action::Export, Reach::Scope, Scope::Export),
    ("GET", "/v1/coverage", Action::ViewFigures, Reach::Scope, Scope::Export),
    ("GET", "/v1/figures", Action::ViewFigures, Reach::Scope, Scope::Export),
    ("GET", "/v1/figures/workbook", Action::ViewFigures, Reach::Scope, Scope::Export),
    ("GET", "/v1/overview", Action::ViewFigures, Reach::Scope, Scope::Export),
    ("GET", "/v1/segments", Action::ViewFigures, Reach::Scope, Scope::Export),
    ("GET", "/v1/segments/{source}/{key}/clients", Action::ViewFigures, Reach::Scope, Scope::Export),
    ("POST", "/v1/imports/{kind}", Action::Import, Reach::All, Scope::OfficeWrite),
    ("PUT", "/v1/imports/{kind}/mapping", Action::Import, Reach::All, Scope::OfficeWrite),
    ("GET", "/v1/odata", Action::Export, Reach::Scope, Scope::Export),
    ("GET", "/v1/odata/$metadata", Action::Export, Reach::Scope, Scope::Export),
    ("GET", "/v1/odata/{set}", Action::Export, Reach::Scope, Scope::Export),
    ("GET", "/v1/odata/{set}/$count", Action::Export, Reach::Scope, Scope::Export),
    ("GET", "/v1/office", Action::WriteOffice, Reach::All, Scope::OfficeWrite),
    ("PUT", "/v1/office/{kind}", Action::WriteOffice, Reach::All, Scope::OfficeWrite),
    ("GET", "/v1/orders", Action::PickUpOrders, Reach::All, Scope::Orders),
    ("GET", "/v1/orders/dead_letters", Action::PickUpOrders, Reach::All, Scope::Orders),
    ("POST", "/v1/orders/{id}/ack", Action::PickUpOrders, Reach::All, Scope::Orders),
];
/// Routes for whoever is logged in, whatever the role.
const OWN: &[(&str, &str)] = &[("GET", "/v1/session"), ("DELETE", "/v1/session")];

struct Http {
    relay: Relay,
    running: Running,
    client: reqwest::blocking::Client,
}

impl Http {
    fn new() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let relay = Relay::new();
        let listener = Listener::bind(&Listen::loopback()).unwrap();
        let running = serve(relay.app.clone(), listener).unwrap();
        Self { relay, running, client: reqwest::blocking::Client::new() }
    }

    fn ask(&self, method: &str, path: &str, token: Option<&str>, body: Option<&Value>) -> (u16, Value) {
        let url = format!("{}{path}", self.running.url());
        let mut request = self.client.request(method.parse().unwrap(), url);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let answer = request.send().unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_str(&answer.text().unwrap()).unwrap_or(Value::Null))
    }

    /// Logs somebody new of that role in over HTTP.
    fn login(&self, role: Role) -> String {
        let person = self.relay.person(role, &[]);
        let code = invite(&self.relay.app, By::CONSOLE, person.id, Purpose::Session).unwrap().code;
        let (status, answer) = self.ask("POST", "/v1/session", None, Some(&json!({ "code": code })));
        assert_eq!((status, &answer["role"]), (201, &json!(role.as_str())));
        answer["token"].as_str().unwrap().to_owned()
    }
}

fn body(method: &str, path: &str) -> Option<Value> {
    Some(match (method, path) {
        ("POST", "/v1/people") => json!({ "name": "Ana", "role": "rep" }),
        ("PATCH", "/v1/people/{id}") => json!({ "name": "Ana" }),
        ("POST" | "PATCH", "/v1/territories" | "/v1/territories/{id}") => json!({ "name": "Norte" }),
        ("POST", "/v1/devices/{id}/revoke") => json!({ "order": "salvage" }),
        ("POST", "/v1/devices/confirm") => json!({ "devices": [nobody("devices")] }),
        ("POST", "/v1/orders/release") => json!({ "orders": [nobody("orders")] }),
        ("POST", "/v1/quarantine/accept") => json!({ "client": nobody("clients") }),
        ("POST", "/v1/tokens") => json!({ "name": "Excel", "scopes": ["export"] }),
        ("POST", "/v1/clients/moves") => {
            json!({ "territory": nobody("territories"), "clients": [nobody("clients")] })
        }
        ("PUT", "/v1/clients/{client}/lendings/{person}") => json!({}),
        ("POST", "/v1/clients/{client}/merge") => json!({ "kept": nobody("clients") }),
        ("POST", "/v1/clients/{client}/change-requests/{record}") => json!({ "decision": "granted" }),
        ("POST", "/v1/imports/{kind}") => json!("Código;Nombre\n1;Bar\n"),
        ("PUT", "/v1/imports/{kind}/mapping") => {
            let mapping = import::Mapping::new(import::Kind::Clients, "erp");
            serde_json::from_str(&mapping.to_json().unwrap()).unwrap()
        }
        ("PUT", "/v1/office/{kind}") => json!({ "items": [] }),
        ("POST", "/v1/orders/{id}/ack") => json!({ "revision": nobody("orders"), "number": "7" }),
        ("PATCH", "/v1/settings") => json!({ "offline_days": 10 }),
        _ => return None,
    })
}

#[test]
fn every_role_may_do_what_the_table_says_and_nothing_else() {
    let http = Http::new();
    // Somebody who stays, so that the last administrator is never the one who is changed.
    http.login(Role::Administrator);
    for role in Role::ALL.iter().copied() {
        for (method, path, action) in ROUTES {
            let token = http.login(role);
            // An id of nothing that there is: what is allowed is then answered with 'not found'.
            let url = address(path);
            let (status, answer) = http.ask(method, &url, Some(&token), body(method, path).as_ref());
            let case = format!("{role:?} {method} {path}: {status} {answer}");
            if reach(role, *action) == Reach::All {
                assert!(matches!(status, 200 | 201 | 204 | 404 | 409), "{case}");
                assert_ne!(answer["code"], "forbidden", "{case}");
            } else {
                assert_eq!((status, &answer["code"]), (403, &json!("forbidden")), "{case}");
            }
        }
        for (method, path, action) in SCOPED {
            let (status, answer) = http.ask(method, path, Some(&http.login(role)), None);
            let expected = if reach(role, *action) >= Reach::Scope { 200 } else { 403 };
            assert_eq!(status, expected, "{role:?} {method} {path}: {answer}");
        }
    }
}

/// That people of each role, programs with each scope alone, phones and strangers get in or are kept out.
#[test]
fn what_programs_may_do_too_is_for_those_whom_the_table_and_the_scope_name() {
    let http = Http::new();
    let phone = http.relay.phone(&http.relay.person(Role::Administrator, &[]));
    let people: Vec<_> = Role::ALL.iter().map(|role| (format!("{role:?}"), http.login(*role))).collect();
    let programs = Scope::ALL.map(|scope| {
        (format!("{scope}"), manage::create(&http.relay.app, By::CONSOLE, "t", &[scope], 1).unwrap().text)
    });
    for (method, path, action, least, scope) in SHARED {
        let may_people = Role::ALL.iter().map(|role| reach(*role, *action) >= *least);
        let may_programs = Scope::ALL.map(|other| other == *scope);
        let callers = people.iter().zip(may_people).chain(programs.iter().zip(may_programs));
        for ((who, token), may) in callers {
            let (status, answer) = http.ask(method, &address(path), Some(token), body(method, path).as_ref());
            let case = format!("{who} {method} {path}: {status} {answer}");
            if may {
                assert!(!matches!(status, 401 | 403) && status < 500, "{case}");
                assert!(status < 400 || answer != Value::Null, "{case}");
            } else {
                assert_eq!((status, code(&answer)), (403, "forbidden"), "{case}");
            }
        }
        let (status, answer) = http.ask(method, &address(path), Some(&phone), body(method, path).as_ref());
        assert_eq!((status, code(&answer)), (403, "forbidden"), "a phone {method} {path}");
        let (status, _) = http.ask(method, &address(path), None, body(method, path).as_ref());
        // Too many failures from one address are told to wait.
        assert!(matches!(status, 401 | 429), "a stranger {method} {path}");
    }
}

#[test]
fn each_kind_of_office_record_is_for_those_whom_the_table_names() {
    let http = Http::new();
    let people: Vec<_> = Role::ALL.iter().map(|role| (*role, http.login(*role))).collect();
    let program = manage::create(&http.relay.app, By::CONSOLE, "t", &[Scope::OfficeWrite], 1).unwrap().text;
    for kind in WRITABLE {
        let path = format!("/v1/office/{kind}");
        let write = |token: &str| http.ask("PUT", &path, Some(token), Some(&json!({ "items": [] })));
        for (role, token) in &people {
            let (status, answer) = write(token);
            let may = reach(*role, Action::of_office(kind)) == Reach::All;
            let expected = if may { (200, "") } else { (403, "forbidden") };
            assert_eq!((status, code(&answer)), expected, "{role:?} {kind}: {answer}");
        }
        assert_eq!(write(&program).0, 200, "a program {kind}");
    }
    for action in Action::ALL.iter().filter(|action| tried(**action) == Tried::Kind) {
        assert!(WRITABLE.iter().any(|kind| Action::of_office(*kind) == *action), "{action:?}");
    }
}

/// In either standard's body.
fn code(answer: &Value) -> &str {
    answer["code"].as_str().or(answer["error"]["code"].as_str()).unwrap_or_default()
}

fn address(path: &str) -> String {
    path.replace("{file}", "visits.csv")
        .replace("{set}", "visits")
        .replace("/v1/imports/{kind}", "/v1/imports/clients")
        .replace("/v1/office/{kind}", "/v1/office/article")
        .replace("{id}", &nobody(path))
        .replace("{client}", &nobody("clients"))
        .replace("{person}", &nobody("people"))
        .replace("{record}", &nobody("records"))
        .replace("{change}", "7")
        .replace("{name}", &format!("cartera-{}-20260921T101500123Z.db.zst.age", nobody("workspaces")))
}

fn nobody(path: &str) -> String {
    let bytes = [7; 16];
    if path.contains("people") {
        PersonId::from_bytes(bytes).to_string()
    } else if path.contains("territories") {
        TerritoryId::from_bytes(bytes).to_string()
    } else if path.contains("devices") {
        DeviceId::from_bytes(bytes).to_string()
    } else {
        TokenId::from_bytes(bytes).to_string()
    }
}

#[test]
fn neither_phones_nor_programs_nor_strangers_administer() {
    let http = Http::new();
    let scopes = Scope::ALL;
    let machine = manage::create(&http.relay.app, By::CONSOLE, "all", &scopes, 1).unwrap().text;
    let phone = http.relay.phone(&http.relay.person(Role::Administrator, &[]));
    for (method, path) in ROUTES
        .iter()
        .chain(SCOPED)
        .map(|(method, path, _)| (method, path))
        .chain(OWN.iter().map(|(m, p)| (m, p)))
    {
        let url = address(path);
        for (token, expected) in [
            (None, 401),
            (Some("x".repeat(40)), 401),
            (Some(machine.clone()), 403),
            (Some(phone.clone()), 403),
        ] {
            let (status, answer) = http.ask(method, &url, token.as_deref(), body(method, path).as_ref());
            // Too many failures from one address are told to wait, which is no way in either.
            assert!(
                status == expected || (expected == 401 && status == 429),
                "{method} {path}: {status} {answer}"
            );
        }
    }
}

/// Where an action of the table is tried.
#[derive(Debug, PartialEq)]
enum Tried {
    /// Here, by a route of the administration.
    Route,
    /// In `sync::tests`, by what phones push and pull.
    Sync,
    /// Here, by a route that programs may use too.
    Shared,
    /// Here, by a route that answers of the clients whom the caller sees.
    Scoped,
    /// Here, by the kind of office record that is written.
    Kind,
}

/// Without a wildcard, so that a new action has to be thought of.
fn tried(action: Action) -> Tried {
    use Action as A;
    match action {
        A::ViewPeople | A::ViewDevices | A::ViewSettings | A::ManageTerritories | A::ManagePeople => {
            Tried::Route
        }
        A::EnrolDevice | A::RevokeDevice | A::ManageTokens | A::ChangeSettings | A::ReadAudit => Tried::Route,
        A::MoveClient
        | A::LendClient
        | A::ViewClient
        | A::DecideMerge
        | A::DecideChangeRequest
        | A::EraseClient
        | A::DisclosePerson
        | A::AcceptQuarantine => Tried::Route,
        A::CreateClient | A::EditProfile | A::EditOwnedField | A::AddRecord | A::AddPurchase => Tried::Sync,
        A::CloseClient | A::CorrectRecord | A::ProposeMerge | A::RequestChange => Tried::Sync,
        A::KeepOwnDocument | A::ViewOffice | A::ViewCost => Tried::Sync,
        A::WriteOffice | A::Import | A::PickUpOrders | A::Export | A::ViewFigures => Tried::Shared,
        A::ViewOthersWork => Tried::Scoped,
        A::PlanVisits => Tried::Route,
        A::SetObjectives | A::ShareSegment | A::PublishNotice => Tried::Kind,
        A::BackUp | A::ReleaseOrders | A::RefitFigures => Tried::Route,
    }
}

#[test]
fn every_action_of_the_table_that_has_a_route_is_tried() {
    for action in Action::ALL {
        let has_route = ROUTES.iter().any(|(_, _, needed)| needed == action);
        assert_eq!(has_route, tried(*action) == Tried::Route, "{action:?}");
        let is_shared = SHARED.iter().any(|(_, _, needed, ..)| needed == action);
        assert_eq!(is_shared, tried(*action) == Tried::Shared, "{action:?}");
    }
}

#[test]
fn every_route_for_people_is_in_the_table() {
    let described: Value = serde_json::from_str(&crate::http::description()).unwrap();
    let (mut routes, mut shared) = (BTreeSet::new(), BTreeSet::new());
    for (path, methods) in described["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let security = operation["security"].to_string();
            match (security.contains("session"), security.contains("machine")) {
                (true, false) => drop(routes.insert((method.to_uppercase(), path.clone()))),
                (true, true) => drop(shared.insert((method.to_uppercase(), path.clone()))),
                _ => {}
            }
        }
    }
    let table =
        ROUTES.iter().chain(SCOPED).map(|(method, path, _)| (*method, *path)).chain(OWN.iter().copied());
    let bare = |path: &str| path.split('?').next().unwrap().to_owned();
    let table: BTreeSet<_> = table.map(|(method, path)| (method.to_owned(), bare(path))).collect();
    assert_eq!(routes, table);
    let table = SHARED.iter().map(|(method, path, ..)| ((*method).to_owned(), (*path).to_owned()));
    assert_eq!(shared, table.collect());
}

#[test]
fn an_administrator_sets_a_workspace_up_over_http() {
    let http = Http::new();
    let token = http.login(Role::Administrator);
    let ask = |method: &str, path: &str, body: Value| http.ask(method, path, Some(&token), Some(&body));
    let (status, norte) = ask("POST", "/v1/territories", json!({ "name": " Zona  Norte " }));
    assert_eq!((status, &norte["name"]), (201, &json!("Zona Norte")));
    let (status, taken) = ask("POST", "/v1/territories", json!({ "name": "zona norte" }));
    assert_eq!((status, &taken["code"]), (409, &json!("conflict")));

    let new = json!({ "name": "Ana", "role": "rep", "territories": [norte["id"]] });
    let (status, ana) = ask("POST", "/v1/people", new);
    assert_eq!((status, &ana["scope_version"]), (201, &json!(1)));
    let path = format!("/v1/people/{}", ana["id"].as_str().unwrap());
    let (_, renamed) = ask("PATCH", &path, json!({ "name": "Ana María" }));
    assert_eq!(renamed["scope_version"], 1, "a name is nothing that a scope shows");
    let (_, moved) = ask("PATCH", &path, json!({ "territories": [] }));
    assert_eq!(moved["scope_version"], 2);
    let (_, same) = ask("PATCH", &path, json!({ "territories": [] }));
    assert_eq!(same["scope_version"], 2, "nothing changed");

    let (status, code) = ask("POST", &format!("{path}/phone-code"), json!({}));
    assert_eq!(status, 201);
    assert!(code["qr_svg"].as_str().unwrap().contains("<svg"));
    assert!(code["invitation"].as_str().unwrap().contains("/enrol#"));

    let (status, settings) = ask("PATCH", "/v1/settings", json!({ "offline_days": 0, "sales_months": 24 }));
    assert_eq!((status, &settings["offline_days"], &settings["sales_months"]), (200, &json!(0), &json!(24)));
    let (status, _) = ask("PATCH", "/v1/settings", json!({ "offline_days": 5, "sales_months": 61 }));
    assert_eq!(status, 422);
    let (_, settings) = http.ask("GET", "/v1/settings", Some(&token), None);
    assert_eq!(settings["offline_days"], 0, "all of them or none");

    let (_, audit) = http.ask("GET", "/v1/audit", Some(&token), None);
    let actions: Vec<_> =
        audit.as_array().unwrap().iter().map(|deed| deed["action"].as_str().unwrap()).collect();
    for action in ["territory.added", "person.added", "person.changed", "code.device", "settings.changed"] {
        assert!(actions.contains(&action), "{action} in {actions:?}");
    }
    assert!(!audit.to_string().contains("Ana"), "no names in the audit");
}

#[test]
fn somebody_who_leaves_is_let_in_no_more() {
    let http = Http::new();
    let admin = http.login(Role::Administrator);
    let person = http.relay.person(Role::Rep, &[]);
    let phone = http.relay.phone(&person);
    let known = |token: &str| {
        let hash = crate::secret::SecretHash::of(token);
        http.relay.app.storage.device_by_token(&hash, 0).unwrap().unwrap().device.revoked
    };
    assert_eq!(known(&phone), None);
    let (status, _) = http.ask("POST", &format!("/v1/people/{}/leave", person.id), Some(&admin), None);
    assert_eq!(status, 200);
    assert_eq!(known(&phone).unwrap().order, crate::devices::RevokeOrder::Salvage);
    assert_eq!(
        invite(&http.relay.app, By::CONSOLE, person.id, Purpose::Device).unwrap_err().code(),
        "conflict"
    );
}

#[test]
fn the_last_administrator_stays() {
    let http = Http::new();
    let person = http.relay.person(Role::Administrator, &[]);
    let code = invite(&http.relay.app, By::CONSOLE, person.id, Purpose::Session).unwrap().code;
    let (_, session) = http.ask("POST", "/v1/session", None, Some(&json!({ "code": code })));
    let token = session["token"].as_str().unwrap();
    let path = format!("/v1/people/{}", person.id);
    let (status, _) = http.ask("PATCH", &path, Some(token), Some(&json!({ "role": "rep" })));
    assert_eq!(status, 409);
    let (status, _) = http.ask("POST", &format!("{path}/leave"), Some(token), None);
    assert_eq!(status, 409);
    http.login(Role::Administrator);
    let (status, _) = http.ask("POST", &format!("{path}/leave"), Some(token), None);
    assert_eq!(status, 200);
    let (status, _) = http.ask("GET", "/v1/session", Some(token), None);
    assert_eq!(status, 401, "logins end");
}

#[test]
fn a_login_code_works_once_and_sessions_and_tokens_end() {
    let http = Http::new();
    let person = http.relay.person(Role::Administrator, &[]);
    let code = invite(&http.relay.app, By::CONSOLE, person.id, Purpose::Session).unwrap().code;
    let login = || http.ask("POST", "/v1/session", None, Some(&json!({ "code": code })));
    let (status, first) = login();
    assert_eq!(status, 201);
    assert_eq!(login().0, 401, "used");
    let token = first["token"].as_str().unwrap();
    assert_eq!(http.ask("GET", "/v1/session", Some(token), None).0, 200);
    let made = manage::create(&http.relay.app, By::CONSOLE, "p", &[Scope::Metrics], 1).unwrap();
    http.relay.env.advance(crate::tokens::SESSION_MS);
    assert_eq!(http.ask("GET", "/v1/session", Some(token), None).0, 401, "12 hours are over");
    let machine = |text: &str| http.ask("GET", "/v1/session", Some(text), None).0;
    assert_eq!(machine(&made.text), 403, "known, but no person");
    http.relay.env.advance(crate::tokens::SESSION_MS);
    assert_eq!(machine(&made.text), 401, "expired");
    let made = manage::create(&http.relay.app, By::CONSOLE, "q", &[Scope::Metrics], 1).unwrap();
    manage::revoke(&http.relay.app, By::CONSOLE, made.token.id).unwrap();
    let (status, answer) = http.ask("GET", "/v1/session", Some(&made.text), None);
    assert_eq!((status, &answer["code"]), (403, &json!("revoked")));

    let late = invite(&http.relay.app, By::CONSOLE, person.id, Purpose::Session).unwrap().code;
    http.relay.env.advance(crate::devices::CODE_MS + 1);
    let (status, answer) = http.ask("POST", "/v1/session", None, Some(&json!({ "code": late })));
    assert_eq!((status, &answer["code"]), (410, &json!("expired")));
}

#[test]
fn bounds_on_names_bodies_and_ids() {
    let http = Http::new();
    let token = http.login(Role::Administrator);
    let ask = |method: &str, path: &str, body: Value| http.ask(method, path, Some(&token), Some(&body));
    let person = |name: String| json!({ "name": name, "role": "rep" });
    assert_eq!(ask("POST", "/v1/people", person("ñ".repeat(super::NAME_CHARS_MAX))).0, 201);
    assert_eq!(ask("POST", "/v1/people", person("ñ".repeat(super::NAME_CHARS_MAX + 1))).0, 422);
    assert_eq!(ask("POST", "/v1/people", json!({ "name": "A", "role": "boss" })).0, 422);
    assert_eq!(ask("POST", "/v1/people", json!({ "name": "A", "role": "rep", "wage": 1 })).0, 400);
    let unknown = json!({ "name": "A", "role": "rep", "territories": [nobody("territories")] });
    assert_eq!(ask("POST", "/v1/people", unknown).0, 404);
    assert_eq!(ask("PATCH", "/v1/people/not-an-id", json!({})).0, 404);
    assert_eq!(ask("POST", "/v1/tokens", json!({ "name": "t", "scopes": [] })).0, 422);
    assert_eq!(ask("POST", "/v1/tokens", json!({ "name": "t", "scopes": ["export"], "days": 1096 })).0, 422);
    let padding = crate::http::limits::JSON_MAX - person(String::new()).to_string().len();
    let (status, answer) = ask("POST", "/v1/people", person("x".repeat(padding)));
    assert_eq!((status, &answer["code"]), (422, &json!("invalid")), "read, at the edge");
    let (status, answer) = ask("POST", "/v1/people", person("x".repeat(padding + 1)));
    assert_eq!((status, &answer["code"]), (413, &json!("too_large")));
}
