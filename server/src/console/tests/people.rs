//! People and phones: added, changed, linked, revoked.

use super::{Browser, to};
use crate::people::Role;
use crate::testing::Relay;

#[test]
fn somebody_new_is_added_linked_and_lets_go_of_a_phone() {
    let relay = Relay::new();
    let (mut browser, _) = Browser::logged_in(&relay, Role::Administrator);
    let (head, _) = browser.fill("/people", "/territories", &[("zone", "Norte")]);
    assert_eq!(to(&head), "/people?done=territory");
    let (head, page) = browser.fill("/people", "/territories", &[("zone", " norte ")]);
    assert_eq!(head.status(), 422);
    assert!(page.contains("Ya hay una zona") && page.contains("value=\" norte \""), "{page}");
    let north =
        relay.app.storage.territories().unwrap().into_iter().find(|of| of.name == "Norte").unwrap().id;
    let north = north.to_string();
    let new = [("name", "Ana <b>López</b>"), ("role", "rep"), ("territory", north.as_str())];
    let (head, _) = browser.fill("/people", "/people", &new);
    let path = to(&head).replace("?done=added", "");
    assert_eq!((head.status().as_u16(), path.starts_with("/people/")), (303, true));
    let (_, page) = browser.get(&path);
    assert!(page.contains("Ana &#60;b&#62;López") && page.contains("Norte"), "{page}");

    let (head, page) = browser.fill("/people", "/people", &[("name", "  "), ("role", "manager")]);
    assert_eq!(head.status(), 422);
    assert!(page.contains("aria-invalid") && page.contains("value=\"manager\" selected"), "{page}");

    let (head, page) = browser.fill(&path, &format!("{path}/phone-code"), &[]);
    assert_eq!(head.status(), 200);
    assert!(page.contains("<svg") && page.contains("/enrol#"), "{page}");
    let person =
        relay.app.storage.people().unwrap().into_iter().find(|of| of.name.starts_with("Ana")).unwrap();
    relay.phone(&person);
    let phone = relay.app.storage.devices(Some(person.id)).unwrap().pop().unwrap();
    let revoke = format!("{path}/phones/{}/revoke", phone.id);
    let (head, _) = browser.fill(&path, &revoke, &[("order", "salvage")]);
    assert_eq!(to(&head), format!("{path}?done=revoked"));
    let (_, page) = browser.get(&path);
    assert!(page.contains("dado de baja") && !page.contains("value=\"salvage\""), "{page}");
    assert!(page.contains("value=\"wipe\""), "a wipe may follow: {page}");

    let changed = [("name", "Ana López"), ("role", "manager"), ("all", "yes")];
    let (head, _) = browser.fill(&path, &path, &changed);
    assert_eq!(to(&head), format!("{path}?done=changed"));
    let (_, page) = browser.get(&path);
    assert!(page.contains("Jefe/a de ventas") && page.contains("Todas las zonas"), "{page}");
    let (head, _) = browser.fill(&path, &format!("{path}/leave"), &[]);
    assert_eq!(to(&head), format!("{path}?done=left"));
    assert!(browser.get("/people").1.contains("Ya no trabajan aquí"));
}

#[test]
fn the_last_administrator_is_told_to_stay() {
    let relay = Relay::new();
    let (mut browser, person) = Browser::logged_in(&relay, Role::Administrator);
    let path = format!("/people/{}", person.id);
    let changed = [("name", "Eva"), ("role", "rep")];
    for (to, fields) in [(path.clone(), &changed[..]), (format!("{path}/leave"), &[])] {
        let (head, page) = browser.fill(&path, &to, fields);
        assert_eq!(head.status(), 422, "{to}");
        assert!(page.contains("única persona que administra"), "{page}");
    }
}

#[test]
fn a_login_code_stands_in_no_address() {
    let relay = Relay::new();
    let (mut browser, _) = Browser::logged_in(&relay, Role::Administrator);
    let manager = relay.person(Role::Manager, &[]);
    let path = format!("/people/{}", manager.id);
    let (head, page) = browser.fill(&path, &format!("{path}/login-code"), &[]);
    assert_eq!((head.status().as_u16(), to(&head)), (200, String::new()));
    let code = page.split("/welcome?code=").nth(1).unwrap()[..26].to_owned();
    let mut theirs = Browser::new(&relay);
    assert_eq!(theirs.send("/welcome", &[("code", &code)], &[]).0.status(), 303);
}
