//! What to look at: shown to whoever may see it, and done from there.

use super::{Browser, to};
use crate::devices::SEEN_EVERY_MS;
use crate::people::Role;
use crate::testing::Relay;

/// Two clients with one tax id and one name.
fn twins(relay: &Relay) -> Vec<String> {
    let file = "codigo;nombre;nif\nC0;Bar Aurora;B12345674\nC1;Bar Aurora;B12345674\n";
    relay.import(crate::import::Kind::Clients, file);
    let codes = ["C0", "C1"].map(str::to_owned);
    let found = relay.app.storage.clients_by_code("erp", &codes).unwrap();
    found.into_iter().map(|client| client.unwrap().to_string()).collect()
}

#[test]
fn two_clients_that_are_one_are_merged_and_taken_apart_again() {
    let relay = Relay::new();
    let twins = twins(&relay);
    let (mut browser, _) = Browser::logged_in(&relay, Role::Manager);
    let (_, page) = browser.get("/attention");
    assert!(page.contains("Posibles fichas repetidas") && page.contains("Mismo NIF"), "{page}");
    let two = [("kept", twins[0].as_str()), ("absorbed", twins[1].as_str())];
    let (head, _) = browser.fill("/attention", "/attention/merge", &two);
    let after = to(&head);
    assert_eq!(after, format!("/attention?done=merged&absorbed={}", twins[1]));
    let (_, page) = browser.get(&after);
    assert!(page.contains("Las fichas están unificadas") && !page.contains("Mismo NIF"), "{page}");
    let separate = format!("/clients/{}/separate", twins[1]);
    assert!(page.contains(&separate), "it can be undone at once: {page}");
    let (_, page) = browser.get(&format!("/clients/{}", twins[1]));
    assert!(
        page.contains(&format!("href=\"/clients/{}\"", twins[0])) && page.contains("unificada"),
        "{page}"
    );
    let (_, page) = browser.get(&format!("/clients/{}", twins[0]));
    assert!(page.contains(&format!("href=\"/clients/{}\"", twins[1])), "{page}");
    let (head, _) = browser.fill("/account", &separate, &[]);
    assert_eq!(to(&head), format!("/clients/{}?done=separated", twins[1]));
    assert!(browser.get("/attention").1.contains("Mismo NIF"));
}

#[test]
fn a_silent_phone_is_told_with_its_days_to_whoever_sees_phones() {
    let relay = Relay::new();
    let rep = relay.person(Role::Rep, &[]);
    relay.phone(&rep);
    let (mut manager, _) = Browser::logged_in(&relay, Role::Manager);
    assert!(!manager.get("/attention").1.contains("Móviles de los que no se sabe nada"));
    relay.env.advance(crate::attention::SILENT_MS + SEEN_EVERY_MS);
    let (mut manager, _) = Browser::logged_in(&relay, Role::Manager);
    let (_, page) = manager.get("/attention");
    assert!(page.contains("Móviles de los que no se sabe nada") && page.contains("hace 5 días"), "{page}");
    assert!(page.contains("rep of a test"), "{page}");
    let (mut office, _) = Browser::logged_in(&relay, Role::BackOffice);
    assert!(!office.get("/attention").1.contains("Móviles de los que"), "not to the back office");
}

#[test]
fn nothing_to_look_at_is_told_too() {
    let relay = Relay::new();
    let (mut browser, _) = Browser::logged_in(&relay, Role::Administrator);
    assert!(browser.get("/attention").1.contains("Nada por revisar"));
}
