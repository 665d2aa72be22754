//! Work: visits by day and rep, orders and their answer, absences, notices and who has read them.

use cartera_core::model::record::{Absence, Body, NoticeRead, Outcome, Visit};
use cartera_core::model::{ClientId, DocumentId, RecordId, TerritoryId};

use super::{Browser, to};
use crate::orders::tests::{order, record};
use crate::people::access::By;
use crate::people::{Person, Role};
use crate::sync::tests::phone::Phone;
use crate::testing::Relay;

/// A rep with a phone and a client.
struct Team {
    relay: Relay,
    rep: Person,
    phone: Phone,
    client: ClientId,
    north: TerritoryId,
}

impl Team {
    fn new() -> Self {
        let relay = Relay::new();
        let north = crate::territories::add(&relay.app, By::CONSOLE, "Norte").unwrap().id;
        let rep = relay.person(Role::Rep, &[north]);
        let mut phone = Phone::new(&relay, &rep);
        phone.sync(&relay.app);
        let client = phone.create(&relay, Some(north));
        phone.set(client, "name", "Bar Aurora");
        Self { relay, rep, phone, client, north }
    }

    fn put(&mut self, kind: &str, body: Body) -> RecordId {
        self.phone.put_record(&self.relay, self.client.into(), kind, record(body, None, None))
    }

    fn sync(&mut self) {
        self.phone.sync(&self.relay.app);
        assert!(self.phone.outbox.is_empty());
    }
}

#[test]
fn a_week_counts_what_was_made_and_planned_by_rep_and_territory() {
    let mut team = Team::new();
    let planned = |day: &str| Visit::planned(day.parse().unwrap());
    let first = team.put("v", planned("2026-09-21").into());
    team.put("v", planned("2026-09-23").into());
    team.put("v", Visit { carries_out: Some(first), ..Visit::done(Outcome::Order) }.into());
    team.sync();
    let (mut browser, _) = Browser::logged_in(&team.relay, Role::Manager);
    let (_, page) = browser.get("/work");
    let cells = page.matches("<b>1</b> / 1").count();
    assert_eq!(cells, 2, "one made of one planned, in the rep's row and in the sum: {page}");
    assert_eq!(page.matches("<b>0</b> / 1").count(), 2, "one still to be made: {page}");
    assert!(page.contains("<bdi>rep of a test</bdi>") && page.contains("Bar Aurora"), "{page}");
    let (_, page) = browser.get("/work?day=2026-09-23");
    assert!(page.contains("Prevista") && page.contains("Visitas del miércoles"), "{page}");
    let (_, page) = browser.get("/work?by=territory");
    assert!(page.contains("<bdi>Norte</bdi></th>"), "{page}");
    let nobody = RecordId::new(team.relay.env.as_ref());
    let (_, page) = browser.get(&format!("/work?person={nobody}"));
    assert!(!page.contains("Bar Aurora"), "{page}");
    let (_, page) = browser.get(&format!("/work?person={}&territory={}", team.rep.id, team.north));
    assert!(page.contains("Bar Aurora"), "{page}");
    assert_eq!(browser.get("/work?day=9999-12-31&by=nothing").0.status(), 200);
    assert_eq!(browser.get("/work?day=0001-01-01").0.status(), 200);
    team.relay.env.advance(3 * 86_400_000);
    let (mut browser, _) = Browser::logged_in(&team.relay, Role::Manager);
    let (_, page) = browser.get("/work?day=2026-09-23");
    assert!(page.contains("sin hacer") && page.contains("class=\"short\""), "{page}");
}

#[test]
fn what_was_declined_stands_before_what_waits_and_the_office_answers_by_hand() {
    let mut team = Team::new();
    let without_code = team.put("p", order("A1", 1).into());
    team.sync();
    team.phone.set(team.client, "erp_code", "C1");
    let second = team.put("p", order("A2", 2).into());
    team.sync();
    let (mut browser, _) = Browser::logged_in(&team.relay, Role::BackOffice);
    let (_, page) = browser.get("/work/orders");
    assert_eq!(page.matches("href=\"/work/orders/0").count(), 2, "{page}");
    let path = format!("/work/orders/{second}");
    let (_, page) = browser.get(&path);
    assert!(page.contains("A2") && page.contains("Responder a mano"), "{page}");

    let revision = second.to_string();
    let empty = [("revision", revision.as_str()), ("reason", "  ")];
    let (head, page) = browser.fill(&path, &format!("{path}/decline"), &empty);
    assert_eq!(head.status(), 422);
    assert!(page.contains("reason-error"), "{page}");
    let said = [("revision", revision.as_str()), ("reason", "Sin <b>existencias</b>")];
    let (head, _) = browser.fill(&path, &format!("{path}/decline"), &said);
    assert_eq!(to(&head), format!("{path}?done=declined"));
    let (_, page) = browser.get("/work/orders");
    assert!(page.contains("Sin &#60;b&#62;existencias"), "{page}");
    let at = |id: RecordId| page.find(&format!("href=\"/work/orders/{id}\"")).unwrap();
    assert!(at(second) < at(without_code), "the declined one first");
    let (_, page) = browser.get("/work/orders?stage=declined");
    assert!(page.contains(&path) && !page.contains(&without_code.to_string()), "{page}");

    // What was answered is answered: another answer shows what was said.
    let number = [("revision", revision.as_str()), ("number", "P-1")];
    let (head, _) = browser.fill("/account", &format!("{path}/register"), &number);
    assert_eq!(to(&head), format!("{path}?done=order_answered"));
    let path = format!("/work/orders/{without_code}");
    let (head, _) = browser.fill(&path, &format!("{path}/register"), &[("revision", "x"), ("number", "P-1")]);
    assert_eq!(head.status(), 404);
    let revision = without_code.to_string();
    let number = [("revision", revision.as_str()), ("number", "P-1")];
    let (head, _) = browser.fill(&path, &format!("{path}/register"), &number);
    assert_eq!(to(&head), format!("{path}?done=registered"));
    let (_, page) = browser.get(&path);
    assert!(page.contains("P-1") && !page.contains("Responder a mano"), "{page}");
    let (mut manager, _) = Browser::logged_in(&team.relay, Role::Manager);
    assert_eq!(manager.get(&path).0.status(), 200);
    assert_eq!(manager.get(&format!("/work/orders/{}", team.client)).0.status(), 404);
}

#[test]
fn an_absence_is_written_beside_those_of_phones_and_taken_back() {
    let mut team = Team::new();
    let own = Absence::new("2026-10-01".parse().unwrap(), "2026-10-02".parse().unwrap());
    let id = DocumentId::from(team.rep.id);
    team.phone.create_document(id, None);
    team.phone.put_record(&team.relay, id, "absence", record(own.into(), None, None));
    team.sync();
    let (mut browser, _) = Browser::logged_in(&team.relay, Role::Manager);
    let (_, page) = browser.get("/work/plan");
    assert!(page.contains("lo anotó en su móvil") && !page.contains("/work/absences/0"), "{page}");

    let person = team.rep.id.to_string();
    let wrong = [("person", person.as_str()), ("from", "2026-10-09"), ("to", "2026-10-05")];
    let (head, page) = browser.fill("/work/plan", "/work/absences", &wrong);
    assert_eq!(head.status(), 422);
    assert!(page.contains("El final es anterior") && page.contains("value=\"2026-10-09\""), "{page}");
    let (head, page) = browser.fill("/work/plan", "/work/absences", &[("from", "ayer")]);
    assert_eq!(head.status(), 422);
    for field in ["person", "from", "to"] {
        assert!(page.contains(&format!("id=\"{field}-error\"")), "{field}: {page}");
    }
    let right = [
        ("person", person.as_str()),
        ("from", "2026-10-05"),
        ("to", "2026-10-09"),
        ("reason", "holiday"),
        ("cover", ""),
    ];
    let (head, _) = browser.fill("/work/plan", "/work/absences", &right);
    assert_eq!(to(&head), "/work/plan?done=absence");
    let (_, page) = browser.get("/work/plan?done=absence");
    assert!(page.contains("Del 5 oct 2026 al 9 oct 2026") && page.contains("Vacaciones"), "{page}");
    let (_, end) = page.split_once("action=\"/work/absences/").unwrap();
    let end = format!("/work/absences/{}", end.split('"').next().unwrap());
    let (head, _) = browser.fill("/work/plan", &end, &[]);
    assert_eq!(to(&head), "/work/plan?done=absence_ended");
    assert_eq!(browser.fill("/work/plan", &end, &[]).0.status(), 404);
    assert!(!browser.get("/work/plan").1.contains("5 oct 2026"));
    assert_eq!(browser.get("/work/plan?classes=1").0.status(), 200);
}

#[test]
fn a_notice_says_who_has_read_it() {
    let mut team = Team::new();
    let south = crate::territories::add(&team.relay.app, By::CONSOLE, "Sur").unwrap().id;
    team.relay.person(Role::Rep, &[south]);
    let (mut browser, _) = Browser::logged_in(&team.relay, Role::Manager);
    let wrong = [("title", " "), ("text", "Cierra el almacén"), ("must_read", "yes")];
    let (head, page) = browser.fill("/work/notices", "/work/notices", &wrong);
    assert_eq!(head.status(), 422);
    assert!(page.contains("title-error") && page.contains("Cierra el almacén</textarea>"), "{page}");
    let north = team.north.to_string();
    let notice = [
        ("title", "Inventario <i>"),
        ("text", "Cierra el almacén\r\nel lunes"),
        ("territory", north.as_str()),
        ("must_read", "yes"),
    ];
    let (head, _) = browser.fill("/work/notices", "/work/notices", &notice);
    assert_eq!(to(&head), "/work/notices?done=notice");
    let (_, page) = browser.get("/work/notices");
    assert!(page.contains("Inventario &#60;i&#62;") && page.contains("Leído por 0 de 1"), "{page}");
    let (_, withdraw) = page.split_once("action=\"/work/notices/").unwrap();
    let key = withdraw.split('/').next().unwrap().to_owned();

    let id = DocumentId::from(team.rep.id);
    team.phone.create_document(id, None);
    let read = record(NoticeRead::new(key.clone()).into(), None, None);
    team.phone.put_record(&team.relay, id, "read", read);
    team.sync();
    let (_, page) = browser.get("/work/notices");
    assert!(page.contains("Leído por 1 de 1") && page.contains("rep of a test (21 sept 2026)"), "{page}");
    let (head, _) = browser.fill("/work/notices", &format!("/work/notices/{key}/withdraw"), &[]);
    assert_eq!(to(&head), "/work/notices?done=notice_withdrawn");
    assert!(browser.get("/work/notices").1.contains("Ningún aviso"));
    let path = format!("/work/notices/{}/withdraw", team.client);
    assert_eq!(browser.fill("/work/notices", &path, &[]).0.status(), 404);
}
