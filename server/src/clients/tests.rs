//! Moves and lendings over HTTP, and what two phones with the real engine see of them.
#![cfg(feature = "demo")]

mod erase;
mod merge;
mod requests;
mod sales_window;

use std::sync::Arc;

use cartera_core::document::{FieldKey, FieldValue};
use cartera_core::engine::{ClientEdit, Engine, NewClient};
use cartera_core::env::SeededEnv;
use cartera_core::model::{BusinessDate, ClientId, TerritoryId};
use cartera_core::query;
use cartera_core::store::StoreError;
use serde_json::{Value, json};

use super::MOVES_MAX;
use crate::devices::Purpose;
use crate::devices::enrol::{invitation, invite};
use crate::http::serve::{Listen, Listener, Running, serve};
use crate::people::access::By;
use crate::people::{Person, Role};
use crate::settings::Settings;
use crate::testing::{NOW_MS, Relay};
use crate::tokens::manage::log_in;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

struct World {
    relay: Relay,
    running: Running,
    http: reqwest::blocking::Client,
    token: String,
}

struct Phone {
    engine: Engine,
    env: Arc<SeededEnv>,
    person: Person,
}

impl World {
    fn new() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = Listener::bind(&Listen::loopback()).unwrap();
        let relay = Relay::with(Settings { public_url: listener.url(), ..Settings::default() });
        let running = serve(relay.app.clone(), listener).unwrap();
        let manager = relay.person(Role::Manager, &[]);
        relay.person(Role::Administrator, &[]);
        let code = invite(&relay.app, By::CONSOLE, manager.id, Purpose::Session).unwrap().code;
        let (token, _) = log_in(&relay.app, &code, "").unwrap();
        Self { relay, running, http: reqwest::blocking::Client::new(), token }
    }

    fn territory(&self, name: &str) -> TerritoryId {
        crate::territories::add(&self.relay.app, By::CONSOLE, name).unwrap().id
    }

    fn phone(&self, seed: u64, territory: TerritoryId) -> Phone {
        self.phone_of(seed, Role::Rep, territory)
    }

    fn phone_of(&self, seed: u64, role: Role, territory: TerritoryId) -> Phone {
        let person = self.relay.person(role, &[territory]);
        let env = Arc::new(SeededEnv::new(seed, NOW_MS));
        let path = self.relay.dir.path().join(format!("{seed}.db"));
        let engine = Engine::open(&path, None, "Europe/Madrid", env.clone()).unwrap();
        let code = invite(&self.relay.app, By::CONSOLE, person.id, Purpose::Device).unwrap().code;
        engine.enrol(&invitation(&self.relay.app, &code), "phone").unwrap();
        Phone { engine, env, person }
    }

    fn administrator(&self) -> String {
        let person = self.relay.person(Role::Administrator, &[]);
        let code = invite(&self.relay.app, By::CONSOLE, person.id, Purpose::Session).unwrap().code;
        log_in(&self.relay.app, &code, "").unwrap().0
    }

    fn ask(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        self.ask_as(&self.token, method, path, body)
    }

    fn ask_as(&self, token: &str, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let url = format!("{}{path}", self.running.url());
        let mut request = self.http.request(method.parse().unwrap(), url).bearer_auth(token);
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let answer = request.send().unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_str(&answer.text().unwrap()).unwrap_or(Value::Null))
    }
}

impl Phone {
    fn new_client(&self, name: &str) -> ClientId {
        let key = FieldKey::new("name").unwrap();
        let fields = vec![ClientEdit { key, value: Some(FieldValue::Text(name.into())) }];
        self.engine.create_client(NewClient { fields, territory: None }).unwrap()
    }

    /// Syncs, and gives the names that the list then shows.
    fn sees(&self) -> Vec<String> {
        self.engine.sync().unwrap();
        let list =
            self.engine.store().read::<_, StoreError>(|conn| Ok(query::clients::list(conn, None, 100)?));
        list.unwrap().into_iter().map(|row| row.name).collect()
    }
}

#[test]
fn a_moved_client_leaves_one_phone_and_enters_the_other() {
    let world = World::new();
    let (norte, sur) = (world.territory("Norte"), world.territory("Sur"));
    let (ana, berta) = (world.phone(11, norte), world.phone(12, sur));
    let client = ana.new_client("Bar Pepe");
    assert_eq!((ana.sees(), berta.sees()), (vec!["Bar Pepe".into()], vec![]));

    let (_, place) = world.ask("GET", &format!("/v1/clients/{client}/place"), None);
    assert_eq!(place["territory"], norte.to_string());
    let order = json!({ "territory": sur.to_string(), "clients": [client.to_string()] });
    let (status, moved) = world.ask("POST", "/v1/clients/moves", Some(order.clone()));
    assert_eq!((status, &moved[0]["outcome"]), (200, &json!("moved")));
    assert_eq!((ana.sees(), berta.sees()), (vec![], vec!["Bar Pepe".to_owned()]));
    let (_, again) = world.ask("POST", "/v1/clients/moves", Some(order));
    assert_eq!(again[0]["outcome"], "already_there");

    let unassigned = crate::territories::UNASSIGNED.to_string();
    let order = json!({ "territory": unassigned, "clients": [client.to_string()] });
    world.ask("POST", "/v1/clients/moves", Some(order));
    assert_eq!(berta.sees(), Vec::<String>::new());
}

#[test]
fn a_lent_client_is_seen_on_its_days_only() {
    let world = World::new();
    let (norte, sur) = (world.territory("Norte"), world.territory("Sur"));
    let (ana, berta) = (world.phone(21, norte), world.phone(22, sur));
    let client = ana.new_client("Bar Pepe");
    ana.sees();
    assert_eq!(berta.sees(), Vec::<String>::new());

    let today = BusinessDate::from_days((NOW_MS / DAY_MS) as i32).unwrap();
    let tomorrow = today.plus_days(1).unwrap();
    let path = format!("/v1/clients/{client}/lendings/{}", berta.person.id);
    let lend = |from: BusinessDate, until: BusinessDate| {
        world.ask("PUT", &path, Some(json!({ "from": from.to_string(), "until": until.to_string() })))
    };
    assert_eq!(lend(tomorrow, today).0, 422, "backwards");
    assert_eq!(lend(tomorrow, tomorrow).0, 204);
    assert_eq!(berta.sees(), Vec::<String>::new(), "not yet");
    let pass = |days: i64| {
        for env in [&world.relay.env, &ana.env, &berta.env] {
            env.advance(days * DAY_MS);
        }
    };
    pass(1);
    // A login lasts 12 hours, so what follows is done by the phones alone.
    assert_eq!(berta.sees(), ["Bar Pepe"]);
    assert_eq!(ana.sees(), ["Bar Pepe"], "its own rep keeps it");
    pass(1);
    assert_eq!(berta.sees(), Vec::<String>::new(), "over");
}

#[test]
fn a_lending_is_told_to_a_phone_that_is_linked_later_and_can_be_ended() {
    let world = World::new();
    let (norte, sur) = (world.territory("Norte"), world.territory("Sur"));
    let ana = world.phone(31, norte);
    let client = ana.new_client("Bar Pepe");
    ana.sees();
    let berta = world.relay.person(Role::Rep, &[sur]);
    let path = format!("/v1/clients/{client}/lendings/{}", berta.id);
    assert_eq!(world.ask("PUT", &path, Some(json!({}))).0, 204);
    let code = invite(&world.relay.app, By::CONSOLE, berta.id, Purpose::Device).unwrap().code;
    let env = Arc::new(SeededEnv::new(32, NOW_MS));
    let engine =
        Engine::open(&world.relay.dir.path().join("32.db"), None, "Europe/Madrid", env.clone()).unwrap();
    engine.enrol(&invitation(&world.relay.app, &code), "phone").unwrap();
    let phone = Phone { engine, env, person: berta };
    assert_eq!(phone.sees(), ["Bar Pepe"]);
    assert_eq!(world.ask("DELETE", &path, None).0, 204);
    assert_eq!(phone.sees(), Vec::<String>::new());
    assert_eq!(world.ask("DELETE", &path, None).0, 404);
}

#[test]
fn what_is_not_there_or_past_a_bound_is_told() {
    let world = World::new();
    let norte = world.territory("Norte");
    let nobody = ClientId::from_bytes([7; 16]).to_string();
    let order = |to: &str, clients: Vec<String>| {
        world.ask("POST", "/v1/clients/moves", Some(json!({ "territory": to, "clients": clients })))
    };
    let to = norte.to_string();
    assert_eq!(order(&to, vec![nobody.clone()]).1[0]["outcome"], "unknown_client");
    assert_eq!(order(&nobody, vec![nobody.clone()]).0, 404, "no such territory");
    assert_eq!(order("x", vec![nobody.clone()]).0, 422);
    assert_eq!(order(&to, vec![]).0, 422);
    assert_eq!(order(&to, vec![nobody.clone(); MOVES_MAX]).0, 200);
    assert_eq!(order(&to, vec![nobody.clone(); MOVES_MAX + 1]).0, 422);
    assert_eq!(world.ask("GET", &format!("/v1/clients/{nobody}/place"), None).0, 404);
    let lending = |person: &str| format!("/v1/clients/{nobody}/lendings/{person}");
    assert_eq!(world.ask("PUT", &lending(&nobody), Some(json!({}))).0, 404);
    let person = world.relay.person(Role::Rep, &[]).id.to_string();
    assert_eq!(world.ask("PUT", &lending(&person), Some(json!({}))).0, 404, "no such client");
    assert_eq!(world.ask("PUT", &lending(&person), Some(json!({ "from": "21/09/2026" }))).0, 422);
}
