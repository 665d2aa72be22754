//! The way in and what all pages share, as a browser would meet it, over HTTP.

mod attention;
mod data;
mod help;
mod people;
mod privacy;
mod second;
mod work;

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{HeaderMap, HeaderValue, Response};
use cartera_core::model::access::{Action, Reach, reach};
use cartera_core::strings::{Language, has};

use crate::devices::Purpose;
use crate::devices::enrol::invite;
use crate::http::limits::STRANGER_BODY_MAX;
use crate::http::serve::{Listen, Listener, Running, serve};
use crate::people::access::By;
use crate::people::{Person, Role};
use crate::testing::Relay;

const PASSWORD: &str = "la furgoneta verde no arranca";

/// Keeps cookies, and sends forms as browsers do, over HTTP.
pub(crate) struct Browser {
    running: Running,
    client: reqwest::blocking::Client,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) fn new(relay: &Relay) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let running = serve(relay.app.clone(), Listener::bind(&Listen::loopback()).unwrap()).unwrap();
        let client = reqwest::blocking::Client::builder().redirect(reqwest::redirect::Policy::none());
        Self { running, client: client.build().unwrap(), cookies: BTreeMap::new() }
    }

    /// Somebody new of that role, logged in by a one-time code.
    pub(crate) fn logged_in(relay: &Relay, role: Role) -> (Self, Person) {
        let person = relay.person(role, &[]);
        let mut browser = Self::new(relay);
        let (status, to) = browser.come_in(relay, &person);
        assert_eq!((status, to.as_str()), (303, "/account/password"));
        (browser, person)
    }

    fn come_in(&mut self, relay: &Relay, person: &Person) -> (u16, String) {
        let code = invite(&relay.app, By::CONSOLE, person.id, Purpose::Session).unwrap().code;
        let head = self.send("/welcome", &[("code", &code)], &[]).0;
        (head.status().as_u16(), to(&head))
    }

    fn ask(&mut self, request: reqwest::blocking::RequestBuilder) -> (Response<()>, String) {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = if cookies.is_empty() { request } else { request.header("cookie", cookies.join("; ")) };
        let answer = request.header("accept-language", "es").send().unwrap();
        let mut head = Response::new(());
        *head.status_mut() = answer.status();
        *head.headers_mut() = answer.headers().clone();
        for set in head.headers().get_all("set-cookie") {
            let (pair, _) = set.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        (head, answer.text().unwrap())
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.running.url())
    }

    pub(crate) fn get(&mut self, path: &str) -> (Response<()>, String) {
        self.ask(self.client.get(self.url(path)))
    }

    /// A form as it was filled in, with other headers where `headers` says so.
    pub(crate) fn send(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&'static str, &str)],
    ) -> (Response<()>, String) {
        let mut all = HeaderMap::new();
        all.insert("content-type", HeaderValue::from_static("application/x-www-form-urlencoded"));
        all.insert("sec-fetch-site", HeaderValue::from_static("same-origin"));
        for (name, value) in headers {
            all.insert(*name, value.parse().unwrap());
        }
        let body = serde_urlencoded::to_string(fields).unwrap();
        self.ask(self.client.post(self.url(path)).headers(all).body(body))
    }

    /// Opens the page and sends its form.
    pub(crate) fn fill(&mut self, page: &str, path: &str, fields: &[(&str, &str)]) -> (Response<()>, String) {
        let token = form_token(&self.get(page).1);
        let mut all = vec![("form_token", token.as_str())];
        all.extend(fields);
        self.send(path, &all, &[])
    }
}

#[test]
fn a_form_of_somebody_who_is_logged_in_may_be_long_and_a_strangers_may_not() {
    let relay = Relay::new();
    let (mut browser, _) = Browser::logged_in(&relay, Role::Administrator);
    let long = "x".repeat(STRANGER_BODY_MAX);
    let path = "/account/password";
    let (head, _) = browser.fill(path, path, &[("name", "ana.lopez"), ("new", PASSWORD), ("more", &long)]);
    assert_eq!(head.status(), 303, "it was read");
    let (head, _) = Browser::new(&relay).send("/login", &[("name", "ana.lopez"), ("password", &long)], &[]);
    assert_eq!(head.status(), 413);
}

pub(crate) fn to(head: &Response<()>) -> String {
    head.headers().get("location").map(|to| to.to_str().unwrap().to_owned()).unwrap_or_default()
}

pub(crate) fn form_token(html: &str) -> String {
    let (_, rest) = html.split_once("name=\"form_token\" value=\"").expect("a form");
    rest.split('"').next().unwrap().to_owned()
}

#[test]
fn a_code_leads_to_a_password_and_the_password_leads_in() {
    let relay = Relay::new();
    let (mut browser, person) = Browser::logged_in(&relay, Role::Administrator);
    let fields = [("name", " Ana.Lopez "), ("new", PASSWORD)];
    let (head, _) = browser.fill("/account/password", "/account/password", &fields);
    assert_eq!((head.status().as_u16(), to(&head).as_str()), (303, "/overview"));
    let (_, account) = browser.get("/account");
    assert!(account.contains("<bdi>ana.lopez</bdi>") && account.contains("Administrador/a"), "{account}");

    let mut other = Browser::new(&relay);
    let (head, _) = other.get("/clients?q=a");
    assert_eq!(to(&head), "/login?next=%2Fclients%3Fq%3Da");
    let (head, page) = other.send("/login", &[("name", "ana.lopez"), ("password", "x")], &[]);
    assert_eq!(head.status(), 422);
    assert!(
        page.contains("role=\"alert\"") && page.contains("value=\"ana.lopez\""),
        "what was typed is kept"
    );
    assert!(!page.contains("value=\"x\""), "but for the password");
    let fields = [("name", "Ana.Lopez"), ("password", PASSWORD), ("next", "/account")];
    let (head, _) = other.send("/login", &fields, &[]);
    assert_eq!((head.status().as_u16(), to(&head).as_str()), (303, "/account"));
    assert_eq!(other.get("/account").0.status(), 200);

    let deeds: Vec<_> =
        relay.app.storage.deeds(0, 100).unwrap().into_iter().map(|deed| deed.action).collect();
    for action in ["login", "password.set", "login.refused"] {
        assert!(deeds.iter().any(|deed| deed == action), "{action} in {deeds:?}");
    }
    crate::people::manage::leave(&relay.app, By::CONSOLE, person.id).unwrap_err(); // the last administrator stays
}

#[test]
fn guessing_is_slow_and_the_owner_is_told_to_wait() {
    let relay = Relay::new();
    let (mut browser, _) = Browser::logged_in(&relay, Role::Manager);
    browser.fill("/account/password", "/account/password", &[("name", "eva"), ("new", PASSWORD)]);
    let mut other = Browser::new(&relay);
    let mut attempt = |name: &str, password: &str| {
        let (head, page) = other.send("/login", &[("name", name), ("password", password)], &[]);
        assert!(page.contains(&format!("value=\"{name}\"")) || head.status() == 303, "{page}");
        (
            head.status().as_u16(),
            head.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned()),
        )
    };
    for _ in 0..5 {
        assert_eq!(attempt("eva", "no"), (422, None));
    }
    assert_eq!(attempt("eva", PASSWORD), (429, Some("30".into())), "the right one too: or guessing goes on");
    assert_eq!(attempt("otra", "no"), (422, None), "another name from there");
    relay.env.advance(30_000);
    assert_eq!(attempt("eva", PASSWORD).0, 303);
}

#[test]
fn a_password_that_cannot_be_used_is_told_beside_its_field() {
    let relay = Relay::new();
    let (mut browser, _) = Browser::logged_in(&relay, Role::Manager);
    for (name, new, id) in [
        ("eva", "corta", "new-error"),
        ("eva", "1234567890", "new-error"),
        ("", PASSWORD, "name-error"),
        ("eva lopez", PASSWORD, "name-error"),
        ("<b>\"eva", PASSWORD, "name-error"),
    ] {
        let (head, page) =
            browser.fill("/account/password", "/account/password", &[("name", name), ("new", new)]);
        assert_eq!(head.status(), 422, "{name}");
        assert!(page.contains(&format!("aria-describedby=\"{id} ")), "{name} {new}: {page}");
        assert!(!page.contains("<b>") && !page.contains(new), "{page}");
        assert!(!name.contains("<b>") || page.contains("value=\"&#60;b&#62;&#34;eva\""), "{page}");
    }
    let taken = [("name", "eva"), ("new", PASSWORD)];
    assert_eq!(browser.fill("/account/password", "/account/password", &taken).0.status(), 303);
    let (mut other, _) = Browser::logged_in(&relay, Role::Rep);
    let (head, page) = other.fill("/account/password", "/account/password", &taken);
    assert_eq!(head.status(), 422);
    assert!(page.contains("otra persona"), "{page}");
}

#[test]
fn whoever_changes_the_password_has_to_know_it_unless_a_code_let_them_in_just_now() {
    let relay = Relay::new();
    let (mut browser, person) = Browser::logged_in(&relay, Role::Manager);
    let set = |browser: &mut Browser, current: &str, new: &str| {
        let fields = [("name", "eva"), ("current", current), ("new", new)];
        browser.fill("/account/password", "/account/password", &fields).0.status().as_u16()
    };
    assert_eq!(set(&mut browser, "", PASSWORD), 303);
    assert_eq!(set(&mut browser, "", "otra frase larga y rara"), 303, "by a code, just now");
    relay.env.advance(crate::devices::CODE_MS);
    assert_eq!(set(&mut browser, "", PASSWORD), 422);
    assert_eq!(set(&mut browser, PASSWORD, PASSWORD), 422, "not the present one");

    let mut second = Browser::new(&relay);
    second.come_in(&relay, &person);
    assert_eq!(second.get("/account").0.status(), 200);
    assert_eq!(set(&mut browser, "otra frase larga y rara", PASSWORD), 303);
    assert_eq!(to(&second.get("/account").0), "/login?next=%2Faccount", "a new password ends the others");
    assert_eq!(browser.get("/account").0.status(), 200, "but for the one that set it");
}

#[test]
fn a_database_that_is_put_back_brings_no_older_password_back() {
    let relay = Relay::new();
    let (page, new) = ("/account/password", "otra frase larga y rara");
    let (mut ana, _) = Browser::logged_in(&relay, Role::Manager);
    ana.fill(page, page, &[("name", "ana"), ("new", PASSWORD)]);
    let (mut browser, person) = Browser::logged_in(&relay, Role::Manager);
    browser.fill(page, page, &[("name", "eva"), ("new", PASSWORD)]);
    let old = relay.dir.path().join("old.db");
    let raw = rusqlite::Connection::open(relay.dir.path().join("relay.db")).unwrap();
    raw.execute("VACUUM INTO ?1", [old.to_str().unwrap()]).unwrap();
    relay.env.advance(1);
    let (head, _) = browser.fill(page, page, &[("name", "eva"), ("new", new)]);
    assert_eq!(head.status(), 303);

    let dir = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(relay.dir.path()).unwrap() {
        let file = file.unwrap();
        let name = file.file_name().into_string().unwrap();
        if file.file_type().unwrap().is_file() && !name.contains(".db") {
            std::fs::copy(file.path(), dir.path().join(name)).unwrap();
        }
    }
    std::fs::copy(&old, dir.path().join("relay.db")).unwrap();
    let folder = crate::app::Folder::new(dir.path());
    let app = crate::App::open(&folder, relay.env.clone(), (*relay.app.settings).clone()).unwrap();
    let back = Relay { app, env: relay.env.clone(), dir };
    let mut other = Browser::new(&back);
    for (name, password, status) in [("eva", PASSWORD, 422), ("eva", new, 422), ("ana", PASSWORD, 303)] {
        let (head, _) = other.send("/login", &[("name", name), ("password", password)], &[]);
        assert_eq!(head.status(), status, "{name} {password}");
    }
    assert_eq!(other.come_in(&back, &person).0, 303, "a code leads in, and to a new password");
}

#[test]
fn sessions_are_listed_and_ended() {
    let relay = Relay::new();
    let (mut browser, person) = Browser::logged_in(&relay, Role::BackOffice);
    let mut second = Browser::new(&relay);
    second.come_in(&relay, &person);
    let (_, page) = browser.get("/account");
    assert_eq!(page.matches("/end\"").count(), 2, "{page}");
    let ends: Vec<String> = page
        .split("action=\"")
        .filter(|rest| rest.starts_with("/account/sessions/"))
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    let (mut stranger, _) = Browser::logged_in(&relay, Role::Administrator);
    for end in &ends {
        stranger.fill("/account", end, &[]);
    }
    assert_eq!(browser.get("/account").1.matches("/end\"").count(), 2, "nobody ends another's");
    let own = browser.cookies["session"].clone();
    for end in &ends {
        if browser.get("/account").0.status() == 200 {
            let (head, _) = browser.fill("/account", end, &[]);
            assert_eq!(head.status(), 303);
        }
    }
    assert_eq!(to(&browser.get("/account").0), "/login?next=%2Faccount");
    browser.cookies.insert("session".into(), own);
    assert_eq!(
        to(&browser.get("/account").0),
        "/login?next=%2Faccount",
        "the cookie alone is no use any more"
    );

    browser.come_in(&relay, &person);
    let (head, _) = browser.fill("/account", "/logout", &[]);
    assert_eq!(to(&head), "/login");
    assert_eq!(browser.cookies["session"], "");
}

#[test]
fn a_code_is_used_by_a_form_alone_and_once() {
    let relay = Relay::new();
    let person = relay.person(Role::Manager, &[]);
    let code = invite(&relay.app, By::CONSOLE, person.id, Purpose::Session).unwrap().code;
    let mut browser = Browser::new(&relay);
    let link = format!("/welcome?code={code}&next=/overview");
    for _ in 0..2 {
        let (head, page) = browser.get(&link);
        assert_eq!(head.status(), 200);
        assert!(
            page.contains(&format!("value=\"{code}\"")) && page.contains("value=\"/overview\""),
            "{page}"
        );
    }
    let form = [("code", code.as_str()), ("next", "/overview")];
    assert_eq!(to(&browser.send("/welcome", &form, &[]).0), "/overview");
    let (head, page) = browser.send("/welcome", &form, &[]);
    assert_eq!(head.status(), 422);
    assert!(page.contains("ya se usó") && page.contains("aria-invalid"), "{page}");
    let late = invite(&relay.app, By::CONSOLE, person.id, Purpose::Session).unwrap().code;
    relay.env.advance(crate::devices::CODE_MS + 1);
    assert!(browser.send("/welcome", &[("code", &late)], &[]).1.contains("caducado"));
    let away = [("code", late.as_str()), ("next", "//evil.example")];
    assert!(!browser.send("/welcome", &away, &[]).1.contains("evil"));
}

#[test]
fn forms_of_other_sites_and_of_other_sessions_are_refused() {
    let relay = Relay::new();
    let (mut browser, _) = Browser::logged_in(&relay, Role::Manager);
    let token = form_token(&browser.get("/account").1);
    let form = [("form_token", token.as_str())];
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
    ] {
        let (head, page) = browser.send("/logout", &form, headers);
        assert_eq!(head.status(), 403, "{headers:?}");
        assert!(page.contains("<html lang=\"es\""), "a page: {page}");
    }
    let (mut mixed, _) = Browser::logged_in(&relay, Role::Manager);
    assert_eq!(mixed.send("/logout", &form, &[]).0.status(), 403, "another session's token");
    assert_eq!(mixed.send("/logout", &[], &[]).0.status(), 403, "none");
    assert_eq!(browser.get("/account").0.status(), 200, "still there");
    assert_eq!(browser.send("/logout", &form, &[]).0.status(), 303);
}

#[test]
fn language_and_light_are_the_readers_choice() {
    let relay = Relay::new();
    let mut browser = Browser::new(&relay);
    let (_, page) = browser.get("/login");
    assert!(page.contains("<html lang=\"es\" data-theme=\"system\">"), "{page}");
    let chosen = [("language", "en"), ("back", "/login")];
    assert_eq!(to(&browser.send("/preferences", &chosen, &[]).0), "/login");
    browser.send("/preferences", &[("theme", "dark"), ("back", "https://evil.example")], &[]);
    let (head, page) = browser.get("/login");
    assert!(page.contains("<html lang=\"en\" data-theme=\"dark\">"), "{page}");
    assert_eq!(head.headers()["content-language"], "en");
}

/// Pages, and what somebody has to be let do to open them; `None`: whoever is logged in.
const PAGES: &[(&str, Option<Action>)] = &[
    ("/account", None),
    ("/account/password", None),
    ("/account/second", None),
    ("/help", None),
    ("/help/{id}", None),
    ("/overview", Some(Action::ViewOthersWork)),
    ("/clients", Some(Action::ViewClient)),
    ("/clients/{id}", Some(Action::ViewClient)),
    ("/clients/{id}/privacy", Some(Action::DisclosePerson)),
    ("/work", Some(Action::ViewOthersWork)),
    ("/work/orders", Some(Action::ViewOffice)),
    ("/work/orders/{id}", Some(Action::ViewOffice)),
    ("/work/plan", Some(Action::ViewOthersWork)),
    ("/work/notices", Some(Action::ViewOthersWork)),
    ("/attention", Some(Action::ViewClient)),
    ("/people", Some(Action::ViewPeople)),
    ("/people/{id}", Some(Action::ViewPeople)),
    ("/data", Some(Action::Export)),
    ("/data/audit", Some(Action::ReadAudit)),
    ("/data/settings", Some(Action::ViewSettings)),
];
/// Files that pages offer.
const FILES: &[(&str, Action)] = &[
    ("/attention/refused/{id}", Action::AcceptQuarantine),
    ("/clients/{id}/disclosure", Action::DisclosePerson),
    ("/data/exports/{id}", Action::Export),
];

/// Forms, and what somebody has to be let do to send them; `None`: whoever is logged in, for oneself.
const FORMS: &[(&str, Option<Action>)] = &[
    ("/logout", None),
    ("/account/password", None),
    ("/account/second", None),
    ("/account/second/off", None),
    ("/account/sessions/{id}/end", None),
    ("/help/{id}/done", None),
    ("/clients/{id}/choose", Some(Action::EditProfile)),
    ("/clients/{id}/move", Some(Action::MoveClient)),
    ("/clients/{id}/separate", Some(Action::DecideMerge)),
    ("/clients/{id}/erase", Some(Action::EraseClient)),
    ("/work/orders/{id}/register", Some(Action::PickUpOrders)),
    ("/work/orders/{id}/decline", Some(Action::PickUpOrders)),
    ("/work/plan/classes", Some(Action::PlanVisits)),
    ("/work/absences", Some(Action::PlanVisits)),
    ("/work/absences/{id}/end", Some(Action::PlanVisits)),
    ("/work/notices", Some(Action::PublishNotice)),
    ("/work/notices/{id}/withdraw", Some(Action::PublishNotice)),
    ("/attention/merge", Some(Action::DecideMerge)),
    ("/attention/orders/{id}/release", Some(Action::ReleaseOrders)),
    ("/attention/phones/{id}/confirm", Some(Action::EnrolDevice)),
    ("/attention/quarantine/{id}/accept", Some(Action::AcceptQuarantine)),
    ("/attention/quarantine/{id}/refuse", Some(Action::AcceptQuarantine)),
    ("/people", Some(Action::ManagePeople)),
    ("/people/{id}", Some(Action::ManagePeople)),
    ("/people/{id}/phone-code", Some(Action::EnrolDevice)),
    ("/people/{id}/login-code", Some(Action::ManagePeople)),
    ("/people/{id}/phones/{device}/revoke", Some(Action::RevokeDevice)),
    ("/people/{id}/leave", Some(Action::ManagePeople)),
    ("/data/backups", Some(Action::BackUp)),
    ("/data/backups/{id}/verify", Some(Action::BackUp)),
    ("/data/settings", Some(Action::ChangeSettings)),
    ("/data/tokens", Some(Action::ManageTokens)),
    ("/data/tokens/{id}/revoke", Some(Action::ManageTokens)),
    ("/territories", Some(Action::ManageTerritories)),
    ("/territories/{id}", Some(Action::ManageTerritories)),
];
/// Forms of people who are not logged in.
const OPEN: &[&str] = &["/login", "/login/second", "/welcome", "/preferences"];

/// A client in sight of managers, and its page's path in place of `{id}`.
fn a_client(relay: &Relay) -> String {
    relay.import(crate::import::Kind::Clients, "codigo;nombre\nC0;Bar Aurora\n");
    let found = relay.app.storage.clients_by_code("erp", &["C0".to_owned()]).unwrap();
    found[0].unwrap().to_string()
}

/// The path with ids of a client and of a person that there are; of other things, ids of none.
fn address(path: &str, client: &str, person: &Person) -> String {
    let id = match path {
        _ if path.starts_with("/help") => "start".into(),
        _ if path.starts_with("/people") => person.id.to_string(),
        _ if path.starts_with("/clients") => client.to_owned(),
        _ if path.starts_with("/attention/quarantine") || path.starts_with("/attention/refused") => {
            "7".into()
        }
        _ => NOBODY.to_owned(),
    };
    path.replace("{id}", &id).replace("{device}", NOBODY)
}

const NOBODY: &str = "00000000000000000000000007";

/// Exports are of the clients whom somebody sees; all else is of everybody.
fn opens(role: Role, action: Action) -> bool {
    reach(role, action) >= if action == Action::Export { Reach::Scope } else { Reach::All }
}

#[test]
fn every_role_opens_the_pages_that_the_table_lets_it_open_and_no_other() {
    let relay = Relay::new();
    let client = a_client(&relay);
    for role in Role::ALL.iter().copied() {
        let (mut browser, _) = Browser::logged_in(&relay, role);
        let login = [("name", role.as_str()), ("new", PASSWORD)];
        browser.fill("/account/password", "/account/password", &login);
        let person = relay.person(Role::Rep, &[]);
        for (path, action) in PAGES {
            let path = address(path, &client, &person);
            let (head, page) = browser.get(&path);
            let may = action.is_none_or(|action| opens(role, action));
            // There is no such order.
            let there = if path.starts_with("/work/orders/") { 404 } else { 200 };
            assert_eq!(head.status(), if may { there } else { 403 }, "{role:?} {path}");
            let linked = page.contains(&format!("href=\"{path}\""));
            assert!(!linked || may, "{role:?} is shown the way to {path}");
            // No form is shown to whoever may not send it.
            for (form, action) in FORMS {
                let shown = page.contains(&format!("action=\"{}\"", address(form, &client, &person)));
                let may = action.is_none_or(|action| reach(role, action) == Reach::All);
                assert!(!shown || may, "{role:?} is shown {form} on {path}");
            }
        }
        for (path, action) in FILES {
            let status = browser.get(&address(path, &client, &person)).0.status();
            // There is such a client, and nothing else of those ids.
            let may = if path.starts_with("/clients") { 200 } else { 404 };
            let expected = if opens(role, *action) { may } else { 403 };
            assert_eq!(status, expected, "{role:?} {path}");
        }
        let home = if role == Role::Rep { "/account" } else { "/overview" };
        assert_eq!(to(&browser.get("/").0), home);
    }
    let mut nobody = Browser::new(&relay);
    for path in PAGES.iter().map(|(path, _)| path).chain(FILES.iter().map(|(path, _)| path)) {
        assert!(to(&nobody.get(path).0).starts_with("/login?next="), "{path}");
    }
}

#[test]
fn every_role_sends_the_forms_that_the_table_lets_it_send_and_no_other() {
    let relay = Relay::new();
    let client = a_client(&relay);
    let fields = [
        ("key", "name"),
        ("op", "1@00"),
        ("territory", "00000000000000000000000000"),
        ("kept", NOBODY),
        ("absorbed", NOBODY),
        ("name", "Ana"),
        ("role", "rep"),
        ("zone", "Norte"),
        ("order", "salvage"),
    ];
    // Somebody who stays, so that the last administrator is never the one who is changed.
    relay.person(Role::Administrator, &[]);
    for role in Role::ALL.iter().copied() {
        let (mut browser, _) = Browser::logged_in(&relay, role);
        let person = relay.person(Role::Rep, &[]);
        for (path, action) in FORMS.iter().filter(|(_, action)| action.is_some()) {
            let may = action.is_some_and(|action| reach(role, action) == Reach::All);
            let (head, page) = browser.fill("/account", &address(path, &client, &person), &fields);
            let status = head.status().as_u16();
            // An id of nothing that there is: what is allowed is then answered with 'not found', or with what is wrong.
            let expected: &[u16] = if may { &[200, 303, 404, 409, 422] } else { &[403] };
            assert!(expected.contains(&status), "{role:?} {path}: {status} {page}");
        }
    }
    let (mut nobody, person) = (Browser::new(&relay), relay.person(Role::Rep, &[]));
    for (path, _) in FORMS {
        let (head, _) = nobody.send(&address(path, &client, &person), &fields, &[]);
        assert_eq!((head.status().as_u16(), to(&head).as_str()), (303, "/login"), "{path}");
    }
}

/// The console's own routes stand in no description for programs, so they are found where they are written.
#[test]
fn every_route_of_the_console_is_in_a_table() {
    let mut written = BTreeSet::new();
    for text in sources(|path| path.ends_with(".rs") && (path.contains("page") || path.contains("console/")))
    {
        for route in text.1.split(".route(\"").skip(1) {
            let (path, handlers) = route.split_once('"').unwrap();
            let handlers = &handlers[..handlers.find('\n').unwrap_or(handlers.len())];
            for (method, word) in [("GET", "get("), ("POST", "post(")] {
                let is_api = path.starts_with("/v1/") || path.starts_with("/openapi");
                if handlers.contains(word) && !is_api {
                    written.insert((method, path.to_owned()));
                }
            }
        }
    }
    let own = ["/", "/login", "/welcome", "/assets/{name}"].iter().map(|path| ("GET", (*path).to_owned()));
    let pages = PAGES.iter().map(|(path, _)| *path).chain(FILES.iter().map(|(path, _)| *path));
    let pages = pages.map(|path| ("GET", path.to_owned()));
    let forms = FORMS.iter().map(|(path, _)| *path).chain(OPEN.iter().copied());
    let forms = forms.map(|path| ("POST", path.to_owned()));
    assert_eq!(written, own.chain(pages).chain(forms).collect());
}

#[test]
fn every_page_says_that_nothing_from_elsewhere_may_run() {
    let relay = Relay::new();
    let client = a_client(&relay);
    let (mut browser, person) = Browser::logged_in(&relay, Role::Administrator);
    let others = ["/login", "/welcome", "/welcome?code=X"];
    for path in PAGES.iter().map(|(path, _)| address(path, &client, &person)).chain(others.map(str::to_owned))
    {
        let (head, page) = browser.get(&path);
        let header = |name: &str| head.headers()[name].to_str().unwrap();
        assert!(
            header("content-security-policy").starts_with("default-src 'none'; style-src 'self'"),
            "{path}"
        );
        assert_eq!(header("cache-control"), "no-store", "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "same-origin", "{path}");
        for forbidden in ["<script", "style=", "<style", " onclick", "src=\"http", "href=\"http"] {
            assert!(!page.contains(forbidden), "{path}: {forbidden}");
        }
        assert!(page.len() < 100 << 10, "{path}: {} bytes", page.len());
    }
    let (_, page) = browser.get("/account");
    let style =
        page.split("rel=\"stylesheet\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let (head, css) = browser.get(&style);
    assert_eq!(head.headers()["cache-control"], "public, max-age=31536000, immutable");
    assert!(css.len() < 20 << 10 && !css.contains("http"), "{} bytes", css.len());
    assert_eq!(browser.get("/assets/other.css").0.status(), 404);
}

#[test]
fn all_words_that_templates_say_are_there() {
    let mut said = 0;
    for (path, text) in sources(|path| path.ends_with(".html") || path.contains("page")) {
        let calls = [".say(\"", ".with(\"", ".count(\"", ".args(\""];
        for id in calls.iter().flat_map(|call| text.split(call).skip(1)) {
            let id = id.split('"').next().unwrap();
            for language in Language::ALL {
                assert!(has(language, id), "{path}: {language} has no {id}");
            }
            said += 1;
        }
    }
    assert!(said > 60, "{said}");
}

/// Files of this crate whose path is wanted, and what they hold.
fn sources(wanted: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let shown = path.to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if wanted(&shown) && !shown.contains("tests") {
                found.push((shown, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}
