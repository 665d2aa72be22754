//! A relay, a rep whose phone has the real engine, and a program that may export.
#![cfg(feature = "demo")]

use axum::body::Body;
use axum::http::Request;
use cartera_core::document::{FieldKey, FieldValue};
use cartera_core::engine::{ClientEdit, Engine, NewClient};
use cartera_core::model::access::Role;
use cartera_core::model::record::{Outcome, Visit};
use cartera_core::model::{ClientId, TerritoryId};

use crate::people::Person;
use crate::people::access::By;
use crate::testing::{Relay, ask_bytes};
use crate::tokens::Scope;
use crate::tokens::manage::create;

pub(in crate::export) struct World {
    pub(in crate::export) relay: Relay,
    pub(in crate::export) rep: Person,
    pub(in crate::export) phone: Engine,
    /// Of a program that may export.
    pub(in crate::export) token: String,
}

pub(in crate::export) fn name(text: &str) -> Vec<ClientEdit> {
    vec![ClientEdit { key: FieldKey::new("name").unwrap(), value: Some(FieldValue::Text(text.into())) }]
}

impl World {
    pub(in crate::export) fn new() -> Self {
        let relay = Relay::new();
        let north = crate::territories::add(&relay.app, By::CONSOLE, "Norte").unwrap().id;
        let rep = relay.person(Role::Rep, &[north]);
        let phone = relay.engine(7, &rep);
        let token = create(&relay.app, By::CONSOLE, "bi", &[Scope::Export], 1).unwrap().text;
        Self { relay, rep, phone, token }
    }

    /// A client with a visit, in the office already.
    pub(in crate::export) fn client(&self, text: &str) -> ClientId {
        let client =
            self.phone.create_client(NewClient { fields: name(text), territory: None::<TerritoryId> });
        let client = client.unwrap();
        self.phone.log_visit(&client, Visit::done(Outcome::Order)).unwrap();
        self.phone.sync_over(&self.relay.in_process()).unwrap();
        client
    }

    pub(in crate::export) fn get(
        &self,
        path: &str,
        token: Option<&str>,
        tag: Option<&str>,
    ) -> (axum::http::Response<()>, Vec<u8>) {
        let mut request = Request::get(path);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(tag) = tag {
            request = request.header("if-none-match", tag);
        }
        ask_bytes(&self.relay.router(), request.body(Body::empty()).unwrap())
    }

    pub(in crate::export) fn login(&self, role: Role) -> String {
        self.relay.login(role)
    }
}
