//! Help: lessons found, read, and done by one person alone.

use super::{Browser, to};
use crate::people::Role;
use crate::sync::tests::phone::Phone;
use crate::testing::Relay;

#[test]
fn a_lesson_is_done_by_whoever_did_it_and_their_phone_knows() {
    let relay = Relay::new();
    let (mut browser, person) = Browser::logged_in(&relay, Role::Manager);
    let (_, page) = browser.get("/help");
    assert!(page.contains("href=\"/help/dormant\"") && page.contains("Has hecho 0 de 12"), "{page}");
    let (_, page) = browser.get("/help?q=<b>dormido");
    assert!(page.contains("value=\"&#60;b&#62;dormido\"") && page.contains("Nada dice eso"), "{page}");
    let (_, page) = browser.get("/help/dormant");
    assert!(page.contains("/clients?only=late&#38;sort=at_stake"), "{page}");
    for _ in 0..2 {
        let (head, _) = browser.fill("/account", "/help/dormant/done", &[]);
        assert_eq!(to(&head), "/help/dormant");
    }
    let (_, page) = browser.get("/help/dormant");
    assert!(page.contains("Hecha el 21 sept 2026") && !page.contains("/help/dormant/done"), "{page}");
    assert!(browser.get("/help").1.contains("Has hecho 1 de 12"));
    let (head, _) = browser.fill("/account", "/help/nothing/done", &[]);
    assert_eq!(head.status(), 404);
    assert_eq!(browser.get("/help/nothing").0.status(), 404);

    let (mut other, _) = Browser::logged_in(&relay, Role::Manager);
    assert!(other.get("/help").1.contains("Has hecho 0 de 12"), "nobody else's");

    // It stands in the person's own document, which goes on on the person's phone.
    let mut phone = Phone::new(&relay, &person);
    phone.sync(&relay.app);
    phone.fetch_all(&relay.app);
    assert!(phone.docs.contains_key(&person.id.into()), "{:?}", phone.docs.keys());
    assert_eq!(phone.digest().to_bytes(), phone.sync(&relay.app).digest.unwrap(), "digests agree");
}
