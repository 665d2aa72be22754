//! Data: exports, tokens, backups and the audit.

use super::Browser;
use crate::people::Role;
use crate::testing::Relay;

#[test]
fn an_export_is_the_file_that_programs_get_and_is_recorded() {
    let relay = Relay::new();
    relay.import(crate::import::Kind::Clients, "codigo;nombre\nC0;=1+1\n");
    let (mut browser, person) = Browser::logged_in(&relay, Role::Manager);
    assert!(browser.get("/data").1.contains("href=\"/data/exports/clients.xlsx\""));
    let (head, csv) = browser.get("/data/exports/clients.csv");
    assert_eq!(head.headers()["content-type"], "text/csv; charset=utf-8; header=present");
    assert!(csv.starts_with('\u{feff}') && csv.contains("'=1+1"), "for a Spanish spreadsheet: {csv}");
    let deeds = relay.app.storage.deeds(0, 100).unwrap();
    let told = deeds.iter().find(|deed| deed.action == "export.begun").unwrap();
    assert_eq!(told.actor, Some(*person.id.as_bytes()));
    assert_eq!(browser.get("/data/exports/nothing.csv").0.status(), 404);
}

#[test]
fn settings_are_saved_all_or_none_and_what_is_wrong_is_told_beside_it() {
    let relay = Relay::new();
    let (mut browser, _) = Browser::logged_in(&relay, Role::Administrator);
    let (_, page) = browser.get("/data/settings");
    assert!(page.contains("name=\"offline_days\"") && page.contains("name=\"status_rule\""), "{page}");
    let wrong = [("offline_days", "20"), ("visit_days_a", "siete"), ("status_rule", "fixed")];
    let (head, page) = browser.fill("/data/settings", "/data/settings", &wrong);
    assert_eq!(head.status(), 422);
    assert!(page.contains("id=\"visit_days_a-error\"") && page.contains("value=\"siete\""), "{page}");
    assert!(page.contains("value=\"20\"") && page.contains("value=\"fixed\" selected"), "{page}");
    assert!(relay.app.storage.settings().unwrap().is_empty(), "nothing half-done");
    let right = [("offline_days", " 20 "), ("visit_days_a", "7"), ("sales_months", "")];
    let (head, _) = browser.fill("/data/settings", "/data/settings", &right);
    assert_eq!(super::to(&head), "/data/settings?done=settings");
    let stored = relay.app.storage.settings().unwrap();
    assert_eq!((stored["offline_days"].as_str(), stored["visit_days_a"].as_str()), ("20", "7"));
    assert!(!stored.contains_key("sales_months"));
    let deeds = relay.app.storage.deeds(0, 100).unwrap();
    let told = deeds.iter().find(|deed| deed.action == "settings.changed").unwrap();
    assert_eq!(told.detail, "offline_days visit_days_a", "what changed alone");
    let (mut manager, _) = Browser::logged_in(&relay, Role::Manager);
    let (_, page) = manager.get("/data/settings");
    assert!(page.contains("disabled") && !page.contains("class=\"primary\""), "{page}");
}

#[test]
fn a_token_is_shown_once_and_revoked() {
    let relay = Relay::new();
    let (mut browser, _) = Browser::logged_in(&relay, Role::Administrator);
    let (head, page) = browser.fill("/data", "/data/tokens", &[("name", "Power BI"), ("days", "30")]);
    assert_eq!(head.status(), 422);
    assert!(page.contains("value=\"Power BI\"") && page.contains("scopes-error"), "{page}");
    let new = [("name", "Power BI"), ("days", "30"), ("scope", "export"), ("scope", "orders")];
    let (head, page) = browser.fill("/data", "/data/tokens", &new);
    assert_eq!(head.status(), 200);
    let text = page
        .split("Bearer ")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap()
        .split('\'')
        .next()
        .unwrap()
        .to_owned();
    assert_eq!(relay.ask_json("GET", "/v1/export", &text, None).0, 200, "{text}");
    let (_, page) = browser.get("/data");
    assert!(!page.contains(&text) && page.contains("Recoger pedidos"), "{page}");
    let token = relay.app.storage.machine_tokens().unwrap().pop().unwrap().id;
    browser.fill("/data", &format!("/data/tokens/{token}/revoke"), &[]);
    assert_eq!(relay.ask_json("GET", "/v1/export", &text, None).0, 403, "revoked");
    assert!(browser.get("/data").1.contains("ya no vale"));
    let (_, audit) = browser.get("/data/audit");
    assert!(audit.contains("token.revoked") && audit.contains("administrator of a test"), "{audit}");
}
