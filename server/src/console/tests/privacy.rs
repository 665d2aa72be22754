//! One person's data: handed out in a file, and erased with what that does and does not reach.

use super::{Browser, to};
use crate::people::Role;
use crate::testing::Relay;

#[test]
fn everything_about_a_client_comes_in_a_file_and_is_recorded() {
    let relay = Relay::new();
    let client = super::a_client(&relay);
    let (mut browser, _) = Browser::logged_in(&relay, Role::BackOffice);
    let (_, page) = browser.get(&format!("/clients/{client}"));
    assert!(page.contains(&format!("href=\"/clients/{client}/privacy\"")), "{page}");
    let (_, page) = browser.get(&format!("/clients/{client}/privacy"));
    assert!(page.contains(&format!("href=\"/clients/{client}/disclosure\"")), "{page}");
    assert!(!page.contains("/erase\""), "the back office does not erase: {page}");
    let (head, _) = browser.get(&format!("/clients/{client}/disclosure"));
    assert_eq!(head.headers()["content-type"], "application/zip");
    let deeds = relay.app.storage.deeds(0, 100).unwrap();
    assert!(deeds.iter().any(|deed| deed.action == "person.disclosed"));
    let (head, _) = browser.get(&format!("/clients/{client}/disclosure?contact={client}"));
    assert_eq!(head.status(), 404, "no such contact");
}

#[test]
fn a_client_is_erased_with_a_reason_and_a_word_and_not_by_a_slip() {
    let relay = Relay::new();
    let client = super::a_client(&relay);
    let path = format!("/clients/{client}/privacy");
    let erase = format!("/clients/{client}/erase");
    let (mut browser, _) = Browser::logged_in(&relay, Role::Administrator);
    let (_, page) = browser.get(&path);
    assert!(page.contains("Lo que se borra") && page.contains("copias de seguridad"), "{page}");
    for (fields, wrong) in [
        (&[][..], &["reason-error", "word-error"][..]),
        (&[("reason", "request")], &["word-error"]),
        (&[("reason", "because"), ("word", "BORRAR")], &["reason-error"]),
        (&[("reason", "request"), ("word", "borrar")], &["word-error"]),
    ] {
        let (head, page) = browser.fill(&path, &erase, fields);
        assert_eq!(head.status(), 422, "{fields:?}");
        for id in ["reason-error", "word-error"] {
            assert_eq!(
                page.contains(&format!("id=\"{id}\"")),
                wrong.contains(&id),
                "{fields:?} {id}: {page}"
            );
        }
    }
    assert_eq!(browser.get(&format!("/clients/{client}")).0.status(), 200, "still there");
    let (head, _) = browser.fill(&path, &erase, &[("reason", "request"), ("word", "BORRAR")]);
    assert!(to(&head).starts_with("/data?done=erased"), "{}", to(&head));
    assert!(browser.get(&to(&head)).1.contains("borrado"));
    assert_eq!(browser.get(&format!("/clients/{client}")).0.status(), 404);
    let deeds = relay.app.storage.deeds(0, 100).unwrap();
    let told = deeds.iter().find(|deed| deed.action == "client.erased").unwrap();
    assert_eq!(told.detail, "request");
}
