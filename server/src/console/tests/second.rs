//! The second step of a login.

use super::{Browser, PASSWORD, to};
use crate::login::totp::{SALT_BYTES, digits, secret};
use crate::people::{Person, Role};
use crate::secret::from_base32;
use crate::testing::Relay;

/// Somebody with a password and the second step: the browser, who, and the secret.
fn with_second(relay: &Relay) -> (Browser, Person, [u8; 20]) {
    let (mut browser, person) = Browser::logged_in(relay, Role::Manager);
    browser.fill("/account/password", "/account/password", &[("name", "eva"), ("new", PASSWORD)]);
    let page = browser.get("/account/second").1;
    assert!(page.contains("<svg") && !page.contains("<?xml"), "{page}");
    let salt = page.split("name=\"salt\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let secret = secret(&relay.app, person.id, &from_base32::<SALT_BYTES>(&salt).unwrap());
    let shown = digits(secret, now_ms(relay));
    let turn_on = |browser: &mut Browser, digits: &str| {
        let fields = [("salt", salt.as_str()), ("digits", digits)];
        browser.fill("/account/second", "/account/second", &fields)
    };
    let (head, page) = turn_on(&mut browser, &other(&shown));
    assert_eq!(head.status(), 422);
    assert!(page.contains(&format!("value=\"{salt}\"")), "the same is set up still: {page}");
    let (head, _) = turn_on(&mut browser, &shown);
    assert_eq!((head.status().as_u16(), to(&head).as_str()), (303, "/account"));
    (browser, person, secret)
}

fn now_ms(relay: &Relay) -> i64 {
    use cartera_core::env::Env;
    relay.env.now_ms()
}

/// Digits that these are not.
fn other(digits: &str) -> String {
    let first = if digits.starts_with('0') { "1" } else { "0" };
    format!("{first}{}", &digits[1..])
}

/// A right password; what the page that asks for the digits holds.
fn password(browser: &mut Browser) -> String {
    let fields = [("name", "eva"), ("password", PASSWORD), ("next", "/clients")];
    let (head, page) = browser.send("/login", &fields, &[]);
    assert_eq!(head.status(), 200);
    assert!(!head.headers().contains_key("set-cookie"), "nobody is in yet");
    assert!(page.contains("value=\"/clients\""), "{page}");
    page.split("name=\"pending\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[test]
fn digits_let_in_once_after_the_password_and_not_without_it() {
    let relay = Relay::new();
    let (_, _, secret) = with_second(&relay);
    let mut other_browser = Browser::new(&relay);
    let pending = password(&mut other_browser);
    let mut finish = |pending: &str, digits: &str| {
        let fields = [("pending", pending), ("digits", digits), ("next", "/clients")];
        let (head, _) = other_browser.send("/login/second", &fields, &[]);
        (head.status().as_u16(), to(&head))
    };
    let set_up_with = digits(secret, now_ms(&relay));
    assert_eq!(finish(&pending, &set_up_with).0, 422, "used when it was set up");
    relay.env.advance(30_000);
    let now = digits(secret, now_ms(&relay));
    assert_eq!(finish(&pending, &other(&now)).0, 422);
    for forged in ["", "0000", &pending[1..], &other(&pending)] {
        assert_eq!(finish(forged, &now), (303, "/login".into()), "{forged}");
    }
    assert_eq!(finish(&pending, &now), (303, "/clients".into()));
    assert_eq!(finish(&pending, &now).0, 422, "once");
    relay.env.advance(30_000);
    let later = digits(secret, now_ms(&relay));
    relay.env.advance(crate::login::totp::PENDING_MS);
    assert_eq!(finish(&pending, &later), (303, "/login".into()), "the password was too long ago");
}

#[test]
fn guessing_digits_is_slow() {
    let relay = Relay::new();
    let (_, _, secret) = with_second(&relay);
    let mut browser = Browser::new(&relay);
    let pending = password(&mut browser);
    relay.env.advance(30_000);
    let right = digits(secret, now_ms(&relay));
    let mut finish = |digits: &str| {
        browser.send("/login/second", &[("pending", pending.as_str()), ("digits", digits)], &[]).0.status()
    };
    for _ in 0..5 {
        assert_eq!(finish(&other(&right)), 422);
    }
    assert_eq!(finish(&right), 429, "the right ones too");
}

#[test]
fn it_is_turned_off_with_digits_or_after_a_login_code() {
    let relay = Relay::new();
    let (mut browser, person, _) = with_second(&relay);
    relay.env.advance(crate::devices::CODE_MS);
    let off = |browser: &mut Browser, digits: &str| {
        browser.fill("/account/second", "/account/second/off", &[("digits", digits)]).0.status().as_u16()
    };
    assert_eq!(off(&mut browser, ""), 422);
    assert_eq!(off(&mut browser, "000000"), 422);
    let mut lost = Browser::new(&relay);
    lost.come_in(&relay, &person);
    assert!(lost.get("/account").1.contains("Activada"));
    assert_eq!(off(&mut lost, ""), 303, "an administrator's code stands in for a lost phone");
    assert!(lost.get("/account").1.contains("Desactivada"));
    let (head, _) = Browser::new(&relay).send("/login", &[("name", "eva"), ("password", PASSWORD)], &[]);
    assert_eq!(head.status(), 303, "the password alone");
}
