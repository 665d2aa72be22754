//! What becomes of pushed changes.

use cartera_core::document::{RecordKey, append};
use cartera_core::model::{DocumentId, RecordId, TerritoryId};
use cartera_core::sync::wire::{Refusal, SyncRequest, Verdict};

use super::phone::{Phone, record};
use crate::people::Role;
use crate::sync::sync;
use crate::testing::{NOW_MS, Relay};

pub(super) fn territory(relay: &Relay, name: &str) -> TerritoryId {
    crate::territories::add(&relay.app, crate::people::access::By::CONSOLE, name).unwrap().id
}

/// A relay, a territory, and a rep's phone in it that has synced.
pub(super) fn one_rep() -> (Relay, TerritoryId, Phone) {
    let relay = Relay::new();
    let north = territory(&relay, "Norte");
    let person = relay.person(Role::Rep, &[north]);
    let mut phone = Phone::new(&relay, &person);
    phone.sync(&relay.app);
    (relay, north, phone)
}

fn codes(verdicts: &[Verdict]) -> Vec<&'static str> {
    verdicts
        .iter()
        .map(|verdict| match verdict {
            Verdict::Accepted { .. } => "accepted",
            Verdict::Duplicate { hash: None, .. } => "duplicate",
            Verdict::Duplicate { .. } => "duplicate_as",
            Verdict::Held { .. } => "held",
            Verdict::Refused { code, .. } => code.code(),
            Verdict::Quarantined => "quarantined",
        })
        .collect()
}

#[test]
fn a_visit_is_accepted_once_however_often_it_is_sent() {
    let (relay, north, mut phone) = one_rep();
    let client = phone.create(&relay, Some(north));
    phone.visit(&relay, client, "first");
    let request = phone.request();
    let first = sync(&relay.app, &phone.device, request.clone()).unwrap();
    assert_eq!(codes(&first.verdicts), ["accepted"; 3]);
    // The reply is lost; the phone sends the same again.
    let again = sync(&relay.app, &phone.device, request.clone()).unwrap();
    assert_eq!(codes(&again.verdicts), ["duplicate"; 3]);
    for (first, again) in first.verdicts.iter().zip(&again.verdicts) {
        let (Verdict::Accepted { number, receipt }, Verdict::Duplicate { number: n, receipt: r, .. }) =
            (first, again)
        else {
            panic!("{first:?} {again:?}")
        };
        assert_eq!((number, receipt), (n, r));
    }
    phone.take(&request, again);
    assert!(phone.outbox.is_empty());
    let reply = phone.sync(&relay.app);
    assert_eq!(reply.digest.unwrap(), phone.digest().to_bytes());
}

#[test]
fn what_was_pushed_does_not_come_back_in_the_same_reply_but_in_a_lost_ones_next() {
    let (relay, north, mut phone) = one_rep();
    let client = phone.create(&relay, Some(north));
    let request = phone.request();
    let reply = sync(&relay.app, &phone.device, request).unwrap();
    // Only where the new client is: the phone has to know its territory.
    assert_eq!(reply.entries.len(), 1, "{:?}", reply.entries);
    let again =
        sync(&relay.app, &phone.device, SyncRequest { push: Vec::new().into(), ..phone.request() }).unwrap();
    assert_eq!(again.entries.len(), 1, "the client as a whole: {:?}", again.entries);
    let reply = phone.sync(&relay.app);
    assert!(phone.has(client) && phone.outbox.is_empty());
    assert_eq!(reply.digest.unwrap(), phone.digest().to_bytes());
}

#[test]
fn who_listens_hears_of_a_territory_s_first_client() {
    let (relay, north, phone) = one_rep();
    let mut other = Phone::new(&relay, &relay.person(Role::Rep, &[north]));
    other.sync(&relay.app);
    let sees = relay.app.storage.sees(phone.device.id).unwrap().unwrap();
    let heard = || relay.app.storage.reached().of(&sees);
    let before = heard();
    other.create(&relay, Some(north));
    other.sync(&relay.app);
    assert!(heard() > before, "nothing was heard");
}

#[test]
fn one_bad_change_is_refused_alone() {
    let (relay, north, mut phone) = one_rep();
    let client = phone.create(&relay, Some(north));
    phone.sync(&relay.app);
    let other = phone.create(&relay, Some(north));
    phone.visit(&relay, client, "good");
    let mut request = phone.request();
    // The new client's first change is cut short; its second one waits for it; the visit elsewhere passes.
    request.push[0].bytes.0.truncate(40);
    let reply = sync(&relay.app, &phone.device, request).unwrap();
    assert_eq!(codes(&reply.verdicts), ["malformed", "held", "accepted"]);
    let kept = relay.app.storage.refused(0, 10).unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].code.as_str(), kept[0].bytes.len()), ("malformed", 40));
    assert_eq!(kept[0].document, DocumentId::from(other));
    // The same again is kept once.
    let mut request = phone.request();
    request.push[0].bytes.0.truncate(40);
    sync(&relay.app, &phone.device, request).unwrap();
    assert_eq!(relay.app.storage.refused(0, 10).unwrap().len(), 1);
}

#[test]
fn a_refused_push_still_pulls() {
    let (relay, north, mut phone) = one_rep();
    let mut other = Phone::new(&relay, &relay.person(Role::Rep, &[north]));
    let client = other.create(&relay, Some(north));
    other.sync(&relay.app);
    phone.create(&relay, Some(north));
    let mut request = phone.request();
    request.push.iter_mut().for_each(|pushed| pushed.bytes.0[20] ^= 1);
    let reply = sync(&relay.app, &phone.device, request.clone()).unwrap();
    assert!(reply.verdicts.iter().all(|verdict| !verdict.is_good()));
    phone.take(&request, reply);
    assert!(phone.has(client));
}

#[test]
fn the_same_record_under_another_hash_is_known_by_the_first() {
    let (relay, north, mut phone) = one_rep();
    let client = phone.create(&relay, Some(north));
    phone.sync(&relay.app);
    let before = phone.clone();
    let visit = phone.visit(&relay, client, "once");
    let first = phone.sync_once(&relay.app).unwrap();
    assert_eq!(codes(&first.verdicts), ["accepted"]);
    // A twin of the phone as it was before writes the same record anew, under another actor.
    let mut twin = before;
    twin.actor = cartera_core::document::ActorId::from([9; 16]);
    let key = RecordKey::new("v", visit).unwrap();
    let facts = &twin.docs[&client.into()].facts;
    let push = |actor: &cartera_core::document::ActorId, text: &str| {
        let change = append::record(actor, facts, key, record(text, None), NOW_MS).unwrap();
        let mut request = phone.request();
        request.actors = vec![cartera_core::sync::wire::NewActor {
            actor: cartera_core::sync::wire::ActorBytes([9; 16]),
            reason: cartera_core::sync::wire::ActorReason::Restore,
        }]
        .into();
        request.push = vec![cartera_core::sync::wire::PushedChange {
            document: client.into(),
            generation: 0,
            bytes: change.bytes.into(),
            territory: None,
            receipt: None,
            offered: false,
        }]
        .into();
        codes(&sync(&relay.app, &phone.device, request).unwrap().verdicts)
    };
    assert_eq!(push(&twin.actor, "once"), ["duplicate_as"]);
    assert_eq!(push(&twin.actor, "twice"), ["record_exists"]);
}

#[test]
fn an_actor_belongs_to_one_device() {
    let (relay, north, mut phone) = one_rep();
    let client = phone.create(&relay, Some(north));
    phone.sync(&relay.app);
    let mut thief = Phone::new(&relay, &relay.person(Role::Rep, &[north]));
    thief.sync(&relay.app);
    thief.actor = phone.actor.clone();
    thief.visit(&relay, client, "in your name");
    let mut request = thief.request();
    request.actors = phone.clone().request().actors;
    let reply = sync(&relay.app, &thief.device, request).unwrap();
    assert_eq!(codes(&reply.verdicts), ["forbidden"]);
    let taken = thief.request_with_actor();
    let reply = sync(&relay.app, &thief.device, taken).unwrap();
    let cartera_core::sync::wire::ActorVerdict::Refused { code, .. } = &reply.actors[0] else {
        panic!("{:?}", reply.actors)
    };
    assert_eq!(*code, Refusal::Forbidden);
}

#[test]
fn equivocation_is_told_and_not_kept() {
    let (relay, north, mut phone) = one_rep();
    let client = phone.create(&relay, Some(north));
    phone.sync(&relay.app);
    let mut clone = phone.clone();
    phone.visit(&relay, client, "one");
    phone.sync(&relay.app);
    clone.visit(&relay, client, "other");
    let reply = sync(&relay.app, &clone.device, clone.request()).unwrap();
    assert_eq!(codes(&reply.verdicts), ["equivocation"]);
    assert!(relay.app.storage.refused(0, 10).unwrap().is_empty(), "the phone mends that by itself");
    // And the clone is given what its own actor wrote meanwhile.
    assert_eq!(reply.entries.len(), 1);
}

#[test]
fn a_document_ends_at_its_limit() {
    let (relay, north, mut phone) = one_rep();
    let client = phone.create(&relay, Some(north));
    phone.sync(&relay.app);
    let text = "x".repeat(60_000);
    let mut verdicts = Vec::new();
    for _ in 0..100 {
        phone.put_record(&relay, client.into(), "n", record(&text, None));
        let reply = phone.sync_once(&relay.app).unwrap();
        verdicts.extend(codes(&reply.verdicts));
        if verdicts.last() == Some(&"too_large") {
            break;
        }
    }
    let accepted = verdicts.iter().filter(|code| **code == "accepted").count();
    let limit = crate::storage::log::DOCUMENT_BYTES as usize;
    assert!((limit / 61_000..=limit / 60_000).contains(&accepted), "{accepted}");
    // Such a document still travels, as a page and as an entry.
    let mut other = Phone::new(&relay, &relay.person(Role::Rep, &[north]));
    other.sync(&relay.app);
    assert_eq!(other.records(client), accepted);
}

#[test]
fn ids_of_records_are_unique_in_the_workspace() {
    let (relay, north, mut phone) = one_rep();
    let (one, two) = (phone.create(&relay, Some(north)), phone.create(&relay, Some(north)));
    phone.sync(&relay.app);
    let id = RecordId::new(relay.env.as_ref());
    for (client, expected) in [(one, "accepted"), (two, "record_exists")] {
        let key = RecordKey::new("p", id).unwrap();
        let facts = &phone.docs[&client.into()].facts;
        let change = append::record(&phone.actor, facts, key, record("order", None), NOW_MS).unwrap();
        let mut request = phone.request();
        request.push = vec![cartera_core::sync::wire::PushedChange {
            document: client.into(),
            generation: 0,
            bytes: change.bytes.into(),
            territory: None,
            receipt: None,
            offered: false,
        }]
        .into();
        let reply = sync(&relay.app, &phone.device, request).unwrap();
        assert_eq!(codes(&reply.verdicts), [expected]);
    }
}

/// What a person keeps for himself stays out of what others take along.
#[test]
fn a_persons_own_document_is_exported_to_nobody() {
    use crate::export::document::{DocumentError, History, document};
    let (relay, _, mut phone) = one_rep();
    let own = DocumentId::from_bytes(*phone.person.id.as_bytes());
    phone.create_document(own, None);
    phone.sync(&relay.app);
    assert!(phone.outbox.is_empty() && relay.app.storage.place(own).unwrap().is_some(), "the relay has it");
    let asked = cartera_core::model::ClientId::from_bytes(*own.as_bytes());
    let store = &*relay.app.storage;
    assert!(matches!(document(store, asked), Err(DocumentError::Unknown(_))));
    assert!(matches!(History::begin(store, asked), Err(DocumentError::Unknown(_))));
}
