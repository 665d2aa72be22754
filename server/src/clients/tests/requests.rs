//! What a rep asks the office to change: listed until it is answered, and the answer is on the phone.

use cartera_core::document::FieldKey;
use cartera_core::engine::EngineError;
use cartera_core::model::access::Action;
use cartera_core::model::limits::SENTENCE_CHARS_MAX;
use cartera_core::model::profile::Scalar;
use cartera_core::model::record::{Body, ChangeRequest, Kind, Record, RequestDecision, VoidReason};
use serde_json::json;

use super::*;

impl Phone {
    /// Asks for another value of a field; the record that does.
    fn ask_for(&self, client: &ClientId, field: &str, value: &str) -> String {
        let edit =
            ClientEdit { key: FieldKey::new(field).unwrap(), value: Some(FieldValue::Text(value.into())) };
        let reason = Some("lo dice el cliente".to_owned());
        self.engine.request_change(client, edit, reason).unwrap().unwrap().id.to_string()
    }

    /// Requests of a client as the phone shows them, with the value that the field has.
    fn requests(&self, client: &ClientId) -> Vec<ChangeRequest> {
        self.engine.sync().unwrap();
        let read = |conn: &_| Ok(query::timeline::of_client(conn, client, None, 100)?);
        let story = self.engine.store().read::<_, StoreError>(read).unwrap();
        let of_kind = story.into_iter().filter(|entry| entry.kind == Kind::ChangeRequest.letters());
        of_kind
            .map(|entry| match Record::decode(Kind::ChangeRequest, &entry.value).unwrap().body {
                Body::ChangeRequest(request) => request,
                other => panic!("{other:?}"),
            })
            .collect()
    }
}

#[test]
fn a_request_is_listed_until_it_is_answered_and_whoever_asked_reads_the_answer() {
    let world = World::new();
    let norte = world.territory("Norte");
    let (ana, luis) = (world.phone(61, norte), world.phone(62, norte));
    let client = ana.new_client("Bar Pepe");
    let terms = ana.ask_for(&client, "payment_terms", "60 días");
    let name = ana.ask_for(&client, "name", "Bar José");
    ana.sees();
    let office = world.administrator();
    let ask = |method: &str, path: &str, body| world.ask_as(&office, method, path, body);
    let list = |after: u64| ask("GET", &format!("/v1/clients/change-requests?after={after}"), None).1;
    let open = list(0);
    assert_eq!(open.as_array().unwrap().len(), 2, "{open}");
    let first = &open[0];
    assert_eq!(first["record"], terms);
    assert_eq!((&first["client"], &first["field"]), (&json!(client.to_string()), &json!("payment_terms")));
    assert_eq!((&first["value"], &first["seen"]), (&json!("60 días"), &json!(null)));
    assert_eq!(
        (&first["reason"], &first["person"]),
        (&json!("lo dice el cliente"), &json!(ana.person.id.to_string()))
    );
    assert_eq!(list(first["number"].as_u64().unwrap())[0]["record"], name, "those after it");
    assert_eq!(list(open[1]["number"].as_u64().unwrap()), json!([]));

    let path = |record: &str| format!("/v1/clients/{client}/change-requests/{record}");
    let no = json!({ "decision": "declined", "answer": " a  30 días, como todos " });
    let (status, answered) = ask("POST", &path(&terms), Some(no.clone()));
    assert!(status == 200 && answered["number"].is_u64(), "{status} {answered}");
    assert_eq!(ask("POST", &path(&name), Some(json!({ "decision": "granted" }))).0, 200);
    assert_eq!(list(0), json!([]));
    assert_eq!(ask("POST", &path(&terms), Some(no)).0, 409, "answered");

    assert_eq!(ana.sees(), ["Bar José"], "what was granted is so");
    for phone in [&ana, &luis] {
        let mut read = phone.requests(&client);
        read.sort_by(|a, b| a.field.cmp(&b.field));
        let [granted, declined] = &read[..] else { panic!("{read:?}") };
        assert_eq!((granted.decision, &granted.answer), (Some(RequestDecision::Granted), &None));
        assert_eq!(granted.value, Some(Scalar::Text("Bar José".into())), "the request is still told");
        assert_eq!(declined.decision, Some(RequestDecision::Declined));
        assert_eq!(declined.answer.as_deref(), Some("a 30 días, como todos"));
    }
    let deeds = world.relay.app.storage.deeds(0, 1000).unwrap();
    let answered = deeds.iter().filter(|deed| deed.action == "client.request_answered");
    assert_eq!(answered.count(), 2);
    assert!(deeds.iter().all(|deed| !deed.detail.contains("30 días")), "no words of people's in the audit");
}

#[test]
fn what_is_taken_back_or_amended_is_asked_as_it_reads_now_and_nonsense_is_told() {
    let world = World::new();
    let ana = world.phone(63, world.territory("Norte"));
    let client = ana.new_client("Bar Pepe");
    let terms = ana.ask_for(&client, "payment_terms", "60 días");
    let name = ana.ask_for(&client, "name", "Bar José");
    ana.engine.void(&client, Kind::ChangeRequest, terms.parse().unwrap(), VoidReason::ALL[0]).unwrap();
    ana.sees();
    let office = world.administrator();
    let ask = |method: &str, path: &str, body| world.ask_as(&office, method, path, body);
    let open = ask("GET", "/v1/clients/change-requests", None).1;
    assert_eq!((open.as_array().unwrap().len(), &open[0]["record"]), (1, &json!(name)));

    let answer = |client: &str, record: &str, body: Value| {
        let (status, told) =
            ask("POST", &format!("/v1/clients/{client}/change-requests/{record}"), Some(body));
        (status, told["code"].as_str().unwrap_or_default().to_owned())
    };
    let (client, nobody) = (client.to_string(), ClientId::from_bytes([7; 16]).to_string());
    let granted = || json!({ "decision": "granted" });
    let told = |status: u16, code: &str| (status, code.to_owned());
    assert_eq!(answer(&client, &terms, granted()), told(409, "conflict"), "taken back");
    assert_eq!(answer(&client, &nobody, granted()), told(404, "not_found"));
    assert_eq!(answer(&nobody, &name, granted()), told(404, "not_found"));
    assert_eq!(answer(&client, &name, json!({ "decision": "perhaps" })), told(422, "invalid"));
    let long = |chars: usize| json!({ "decision": "declined", "answer": "ñ".repeat(chars) });
    assert_eq!(answer(&client, &name, long(SENTENCE_CHARS_MAX + 1)), told(422, "invalid"));
    assert_eq!(answer(&client, &name, long(0)), told(422, "invalid"), "an answer says something");
    assert_eq!(answer(&client, &name, long(SENTENCE_CHARS_MAX)).0, 200);
}

/// Whoever may not decide does not decide by writing the answer into the document either.
#[test]
fn a_phone_without_the_right_cannot_answer_somebody_elses_request() {
    let world = World::new();
    let norte = world.territory("Norte");
    let ana = world.phone(64, norte);
    let others = [world.phone(65, norte), world.phone_of(66, Role::Manager, norte)];
    let client = ana.new_client("Bar Pepe");
    let name = ana.ask_for(&client, "name", "Bar José");
    ana.sees();
    for other in others {
        let mut answer = other.requests(&client).remove(0);
        answer.decision = Some(RequestDecision::Declined);
        let amended = other.engine.amend(&client, name.parse().unwrap(), answer.into()).unwrap_err();
        let expected = EngineError::Forbidden(Action::DecideChangeRequest);
        assert_eq!(amended.to_string(), expected.to_string(), "{:?}", other.person.role);
    }
    let open = world.ask_as(&world.administrator(), "GET", "/v1/clients/change-requests", None).1;
    assert_eq!(open.as_array().unwrap().len(), 1);
    assert_eq!(world.ask("GET", "/v1/clients/change-requests", None).0, 403, "a manager");
}
