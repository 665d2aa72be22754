//! What a later version brings is on the wire already, and answered by a typed error.

use axum::body::Body;
use axum::http::Request;
use cartera_core::sync::wire::{self, SalvageRequest};

use crate::devices::{RevokeOrder, manage};
use crate::people::Role;
use crate::people::access::By;
use crate::testing::{Relay, ask_bytes, code};

#[test]
fn salvage_is_answered_unsupported_to_a_phone_that_was_revoked_too() {
    let relay = Relay::new();
    let token = relay.phone(&relay.person(Role::Rep, &[]));
    let request =
        SalvageRequest { sealed: b"age-encryption.org/v1".to_vec().into(), ..SalvageRequest::default() };
    let ask = |token: &str, body: Vec<u8>| {
        let request = Request::post("/v1/salvage")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", wire::MEDIA_TYPE)
            .body(Body::from(body))
            .unwrap();
        let (head, body) = ask_bytes(&relay.router(), request);
        (head.status().as_u16(), code(&body))
    };
    let body = wire::encode(&request).unwrap();
    assert_eq!(ask(&token, body.clone()), (501, "unsupported".into()));
    let device = relay.app.storage.devices(None).unwrap()[0].id;
    manage::revoke(&relay.app, By::CONSOLE, device, RevokeOrder::Salvage).unwrap();
    assert_eq!(ask(&token, body), (501, "unsupported".into()), "it keeps its work");
    assert_eq!(ask(&token, b"\xff".to_vec()), (400, "malformed".into()));
    assert_eq!(ask("nobody-that-there-is-in-this-place", Vec::new()).0, 401);
    assert_eq!(relay.app.storage.refused(0, 10).unwrap(), vec![], "nothing of it was taken");
}
