//! Who is close by and who may be one, over HTTP: whom the caller sees, in which order, how many.

use cartera_core::model::{ClientId, TerritoryId};
use serde_json::Value;

use super::duplicates::PAIRS_MAX;
use super::nearby::NEARBY_MAX;
use crate::import::Kind;
use crate::people::Role;
use crate::people::access::By;
use crate::testing::Relay;

/// The file's clients `C0`, `C1`, ..., each in the territory at its place of those named.
fn relay(file: &str, territories: &[&str]) -> (Relay, Vec<TerritoryId>) {
    let relay = Relay::new();
    assert_eq!(relay.import(Kind::Clients, file).errors(), 0);
    let codes: Vec<String> = (0..territories.len()).map(|n| format!("C{n}")).collect();
    let clients = relay.app.storage.clients_by_code("erp", &codes).unwrap();
    let mut named: Vec<&str> = territories.to_vec();
    named.sort_unstable();
    named.dedup();
    let ids = named.iter().map(|name| {
        let id = crate::territories::add(&relay.app, By::CONSOLE, name).unwrap().id;
        let own = clients.iter().zip(territories).filter(|(_, of)| of == &name);
        let own: Vec<ClientId> = own.filter_map(|(client, _)| *client).collect();
        crate::clients::move_to(&relay.app, By::CONSOLE, id, &own).unwrap();
        id
    });
    let ids = ids.collect();
    (relay, ids)
}

fn ask(relay: &Relay, path: &str, token: &str) -> (u16, Value) {
    relay.ask_json("GET", path, token, None)
}

fn names<'v>(body: &'v Value, name: &str) -> Vec<&'v str> {
    body.as_array().unwrap().iter().map(|row| row[name].as_str().unwrap()).collect()
}

#[test]
fn the_nearest_whom_the_caller_sees_come_first() {
    let file = "codigo;nombre;latitud;longitud\nC0;Cerca;40,4168;-3,7048\nC1;Lejos;40,4168;-3,7138\n\
                C2;=SUMA(1);40,417;-3,704\nC3;Sin sitio;;\n";
    let (relay, ids) = relay(file, &["Norte", "Sur", "Norte", "Sur"]);
    let here = "/v1/nearby?latitude=40.4168&longitude=-3.7038";
    let of = |role, territories: &[TerritoryId], more: &str| {
        let (status, body) = ask(&relay, &format!("{here}{more}"), &relay.login_of(role, territories));
        assert_eq!(status, 200, "{body}");
        names(&body, "name").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let all = ["=SUMA(1)", "Cerca", "Lejos"];
    assert_eq!(of(Role::Manager, &[], "&within_m=5000"), all);
    assert_eq!(of(Role::Manager, &[], "&within_m=100"), all[..2]);
    assert_eq!(of(Role::Rep, &ids[..1], "&within_m=5000"), all[..2]);
    assert_eq!(of(Role::Rep, &[], "&within_m=5000"), [] as [&str; 0]);
    // So many of those whom the caller sees, not of all.
    assert_eq!(of(Role::Rep, &ids[1..], "&within_m=5000&limit=1"), all[2..]);
    assert_eq!(of(Role::Manager, &[], "&within_m=200000&limit=1"), all[..1]);
    let token = relay.login(Role::Manager);
    for wrong in [
        "latitude=91&longitude=0",
        "latitude=-91&longitude=0",
        "latitude=0&longitude=181",
        "latitude=NaN&longitude=0",
        "latitude=0&longitude=0&within_m=-1",
        "latitude=0&longitude=0&within_m=200001",
    ] {
        let (status, body) = ask(&relay, &format!("/v1/nearby?{wrong}"), &token);
        assert!((400..500).contains(&status) && status != 403, "{wrong}: {status} {body}");
    }
}

#[test]
fn an_answer_has_so_many_clients_and_no_more() {
    let rows: String = (0..=NEARBY_MAX).map(|n| format!("C{n};Bar {n};40,4168;-3,7048\n")).collect();
    let (relay, _) = relay(&format!("codigo;nombre;latitud;longitud\n{rows}"), &[]);
    let token = relay.login(Role::Manager);
    let (_, body) = ask(&relay, "/v1/nearby?latitude=40.4168&longitude=-3.7038&limit=1000", &token);
    assert_eq!(body.as_array().unwrap().len(), NEARBY_MAX);
}

#[test]
fn a_pair_is_told_to_whoever_sees_both() {
    let file = "codigo;nombre;nif;telefono\nC0;Bar Pepe;;600111222\nC1;Casa José;;600 11 12 22\n\
                C2;Uno;B12345674;\nC3;=Dos();B-12345674;\n";
    let (relay, ids) = relay(file, &["Norte", "Sur", "Sur", "Sur"]);
    let of = |role, territories: &[TerritoryId], more: &str| {
        let (status, body) =
            ask(&relay, &format!("/v1/duplicates{more}"), &relay.login_of(role, territories));
        assert_eq!(status, 200, "{body}");
        let pairs = body.as_array().unwrap().iter().map(|pair| {
            let mut names =
                [&pair["one_name"], &pair["other_name"]].map(|name| name.as_str().unwrap().to_owned());
            names.sort_unstable();
            (names.join(" + "), pair["likeness"][0].as_str().unwrap().to_owned())
        });
        pairs.collect::<Vec<_>>()
    };
    let pair = |names: &str, why: &str| (names.to_owned(), why.to_owned());
    let all = [pair("=Dos() + Uno", "tax_id"), pair("Bar Pepe + Casa José", "phone")];
    assert_eq!(of(Role::Manager, &[], ""), all, "the likeliest first");
    assert_eq!(of(Role::Manager, &[], "?limit=1"), all[..1]);
    assert_eq!(of(Role::Rep, &ids[1..], ""), all[..1]);
    assert_eq!(of(Role::Rep, &ids[..1], ""), []);
    assert_eq!(of(Role::Rep, &ids, ""), all);
}

#[test]
fn an_answer_has_so_many_pairs_and_no_more() {
    // 33 clients with one number are 528 pairs.
    let rows: String = (0..33)
        .map(|n| format!("C{n};{};600111222\n", "abcdefghijklmnopqrstuvwxyz1234567".chars().nth(n).unwrap()))
        .collect();
    let (relay, _) = relay(&format!("codigo;nombre;telefono\n{rows}"), &[]);
    let token = relay.login(Role::Manager);
    let (_, body) = ask(&relay, "/v1/duplicates?limit=1000", &token);
    assert_eq!(body.as_array().unwrap().len(), PAIRS_MAX);
}
