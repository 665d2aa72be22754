//! One person's file: all that is about the person, nothing of anybody else.
#![cfg(feature = "demo")]

use std::io::{Cursor, Read};

use axum::body::Body as HttpBody;
use axum::http::Request;
use cartera_core::document::{FieldKey, FieldValue};
use cartera_core::engine::ClientEdit;
use cartera_core::model::profile::{ClientField, Hours, Key, OpenSpan, ShutDays, ShutSpan, Value as Field};
use cartera_core::model::record::{Channel, Consent, Contact, Direction, LegalBasis, Note, Outcome, Visit};
use cartera_core::model::{ClientId, PartId};
use serde_json::Value;

use crate::export::tests::world::World;
use crate::people::Role;
use crate::testing::ask_bytes;

struct File {
    data: Value,
    texts: Vec<String>,
}

impl File {
    fn open(bytes: Vec<u8>) -> Self {
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut read = |name: &str| {
            let mut text = String::new();
            zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        let texts = ["data.json", "resumen.html", "summary.html"].map(&mut read).to_vec();
        Self { data: serde_json::from_str(&texts[0]).unwrap(), texts }
    }

    fn rows(&self, resource: &str) -> usize {
        let parts = self.data["resources"].as_array().unwrap();
        parts
            .iter()
            .find(|part| part["name"] == resource)
            .map_or(0, |part| part["rows"].as_array().unwrap().len())
    }

    fn says(&self, text: &str) -> bool {
        self.texts.iter().any(|file| file.contains(text))
    }
}

fn get(world: &World, path: &str, token: &str) -> (u16, Vec<u8>) {
    let request = Request::get(path).header("authorization", format!("Bearer {token}"));
    let (head, body) = ask_bytes(&world.relay.router(), request.body(HttpBody::empty()).unwrap());
    (head.status().as_u16(), body)
}

/// A client with two contacts, each met, called and asked; and another client.
fn world() -> (World, ClientId, PartId, PartId) {
    let world = World::new();
    let client = world.client("Bar <Ñandú>");
    let other = world.client("The other bar");
    let [ana, ben] = [1, 2].map(|n| PartId::from_bytes([n; 16]));
    let put = |key: String, value: &str| ClientEdit {
        key: FieldKey::new(&key).unwrap(),
        value: Some(FieldValue::Text(value.into())),
    };
    for (contact, name) in [(ana, "Ana Pérez"), (ben, "Ben Gómez")] {
        let first = name.split(' ').next().unwrap();
        let edits = vec![
            put(format!("contact/{contact}/name"), name),
            put(format!("contact/{contact}/email"), &format!("{first}@x.example")),
        ];
        world.phone.edit_client(&client, edits).unwrap();
        let mut visit = Visit::done(Outcome::Order);
        (visit.contacts, visit.notes) = (vec![contact], Some(format!("met {first}")));
        world.phone.log_visit(&client, visit).unwrap();
        let mut call = Contact::new(Channel::Phone, Direction::Outgoing);
        (call.contact, call.notes) = (Some(contact), Some(format!("called {first}")));
        world.phone.log_contact(&client, call).unwrap();
        let consent = Consent { contact: Some(contact), ..Consent::granted(None, LegalBasis::Consent) };
        world.phone.record_consent(&client, consent).unwrap();
    }
    world.phone.add_note(&client, Note::new("pays late")).unwrap();
    world.phone.add_note(&other, Note::new("somebody else's")).unwrap();
    world.phone.sync_over(&world.relay.in_process()).unwrap();
    (world, client, ana, ben)
}

#[test]
fn a_contact_s_file_has_all_of_the_contact_and_nothing_of_the_others() {
    let (world, client, ana, _) = world();
    let token = world.login(Role::BackOffice);
    let (status, bytes) = get(&world, &format!("/v1/clients/{client}/disclosure?contact={ana}"), &token);
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&bytes));
    let file = File::open(bytes);
    for (resource, rows) in
        [("contacts", 1), ("visits", 1), ("contacts_made", 1), ("consents", 1), ("audiences", 1)]
    {
        assert_eq!(file.rows(resource), rows, "{resource}");
    }
    for said in ["Ana Pérez", "Ana@x.example", "met Ana", "called Ana"] {
        assert!(file.texts.iter().all(|text| text.contains(said)), "{said}");
    }
    for other in ["Ben", "pays late", "somebody else's", &world.rep.name, &world.rep.id.to_string()] {
        assert!(!file.says(other), "{other}");
    }
    assert_eq!(file.data["profile"][format!("contact/{ana}/name")], "Ana Pérez");
    assert!(file.texts[1].contains("<html lang=\"es\">") && file.texts[2].contains("<html lang=\"en\">"));
    let deeds = world.relay.app.storage.deeds(0, 1_000).unwrap();
    let deed = deeds.iter().find(|deed| deed.action == "person.disclosed").unwrap();
    assert_eq!((deed.subject, &deed.detail), (Some(*client.as_bytes()), &format!("contact {ana}")));
}

#[test]
fn a_client_s_file_has_no_contacts_in_it() {
    let (world, client, ana, _) = world();
    let token = world.login(Role::Administrator);
    let (status, bytes) = get(&world, &format!("/v1/clients/{client}/disclosure"), &token);
    assert_eq!(status, 200);
    let file = File::open(bytes);
    assert_eq!(
        (file.rows("clients"), file.rows("visits"), file.rows("notes"), file.rows("contacts")),
        (1, 3, 1, 0)
    );
    assert!(
        file.says("pays late")
            && file.texts[1].contains("Bar &lt;Ñandú&gt;")
            && !file.texts[2].contains("<Ñandú>")
    );
    for other in ["Ana Pérez", "Ben@x.example", &ana.to_string(), "somebody else's", &world.rep.name] {
        assert!(!file.says(other), "{other}");
    }
}

#[test]
fn a_removed_contact_s_fields_are_still_held_and_so_disclosed() {
    let (world, client, ana, _) = world();
    let removed = ClientEdit {
        key: FieldKey::new(format!("contact/{ana}/removed")).unwrap(),
        value: Some(FieldValue::Bool(true)),
    };
    world.phone.edit_client(&client, vec![removed]).unwrap();
    world.phone.sync_over(&world.relay.in_process()).unwrap();
    let token = world.login(Role::Administrator);
    let (_, bytes) = get(&world, &format!("/v1/clients/{client}/disclosure?contact={ana}"), &token);
    let file = File::open(bytes);
    assert_eq!((file.rows("contacts"), file.rows("visits")), (0, 1));
    assert_eq!(file.data["profile"][format!("contact/{ana}/email")], "Ana@x.example");
}

#[test]
fn only_the_back_office_and_the_administrator_may_and_only_of_who_is_there() {
    let (world, client, ana, _) = world();
    let path = format!("/v1/clients/{client}/disclosure?contact={ana}");
    for role in [Role::Rep, Role::Manager] {
        assert_eq!(get(&world, &path, &world.login(role)).0, 403, "{role:?}");
    }
    assert_eq!(get(&world, &path, &world.token).0, 403, "a program's token is no person's right");
    let token = world.login(Role::BackOffice);
    let nobody = PartId::from_bytes([9; 16]);
    assert_eq!(get(&world, &format!("/v1/clients/{client}/disclosure?contact={nobody}"), &token).0, 404);
    assert_eq!(get(&world, &format!("/v1/clients/{client}/disclosure?contact=x"), &token).0, 400);
    let unknown = ClientId::from_bytes([9; 16]);
    assert_eq!(get(&world, &format!("/v1/clients/{unknown}/disclosure"), &token).0, 404);
}

fn put(key: &str, value: &str) -> Vec<ClientEdit> {
    vec![ClientEdit { key: FieldKey::new(key).unwrap(), value: Some(FieldValue::Text(value.into())) }]
}

#[test]
fn both_values_of_a_conflict_are_told_with_their_authors() {
    let (world, client, ana, ben) = world();
    let boss = world.relay.person(Role::Manager, &[]);
    let second = world.relay.engine(8, &boss);
    second.sync_over(&world.relay.in_process()).unwrap();
    for (phone, who) in [(&world.phone, "rep"), (&second, "boss")] {
        phone
            .edit_client(&client, put(&format!("contact/{ana}/role"), &format!("Cook, says the {who}")))
            .unwrap();
        phone
            .edit_client(&client, put(&format!("contact/{ben}/role"), &format!("Owner, says the {who}")))
            .unwrap();
        phone.edit_client(&client, put("warning", &format!("Dog <{who}>"))).unwrap();
        // Who wrote the same agrees.
        phone.edit_client(&client, put("email", "bar@x.example")).unwrap();
    }
    for phone in [&world.phone, &second, &world.phone] {
        phone.sync_over(&world.relay.in_process()).unwrap();
    }
    let token = world.login(Role::BackOffice);
    let of =
        |query: &str| File::open(get(&world, &format!("/v1/clients/{client}/disclosure{query}"), &token).1);
    let file = of(&format!("?contact={ana}"));
    let told = file.data["conflicts"].as_array().unwrap();
    assert_eq!((told.len(), &told[0]["key"]), (1, &Value::from(format!("contact/{ana}/role"))));
    let said: std::collections::BTreeSet<_> = told[0]["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|said| (said["value"].as_str().unwrap(), said["author"].as_str().unwrap()))
        .collect();
    let (rep, manager) = (world.rep.name.as_str(), boss.name.as_str());
    assert_eq!(said, [("Cook, says the boss", manager), ("Cook, says the rep", rep)].into());
    assert_eq!(told[0]["values"][0]["value"], file.data["profile"][format!("contact/{ana}/role")]);
    for page in &file.texts[1..] {
        for words in ["Cook, says the boss", "Cook, says the rep", rep, manager] {
            assert!(page.contains(words), "{words}: {page}");
        }
    }
    assert!(!file.says("Owner") && !file.says("Dog"));
    let file = of("");
    assert_eq!(file.data["conflicts"].as_array().unwrap().len(), 1);
    assert!(file.texts[1].contains("Dog &lt;rep&gt;") && file.texts[1].contains("Dog &lt;boss&gt;"));
    assert!(!file.says("Cook") && !file.says("Owner"));
}

#[test]
fn the_summary_is_written_in_words_that_people_know() {
    let (world, client, ana, ben) = world();
    let shut = ShutDays::new(
        vec![7],
        vec![ShutSpan::new("2026-08-01".parse().unwrap(), "2026-08-15".parse().unwrap(), true)],
    );
    let hours = Hours::new(vec![OpenSpan::new(1, 8 * 60, 24 * 60 + 90)]);
    let edits = vec![
        ClientEdit::put(&Key::Client(ClientField::ShutDays), &Field::ShutDays(shut)),
        ClientEdit::put(&Key::Client(ClientField::Hours), &Field::Hours(hours)),
    ];
    world.phone.edit_client(&client, edits).unwrap();
    // A day of Ana's and one of the bar's.
    let [hers, its] = [3, 4].map(|n| PartId::from_bytes([n; 16]));
    for (day, what) in [(hers, "Ana's birthday"), (its, "The bar opened")] {
        world.phone.edit_client(&client, put(&format!("date/{day}/what"), what)).unwrap();
    }
    world.phone.edit_client(&client, put(&format!("date/{hers}/contact"), &ana.to_string())).unwrap();
    world.phone.sync_over(&world.relay.in_process()).unwrap();
    let token = world.login(Role::BackOffice);
    let of =
        |query: &str| File::open(get(&world, &format!("/v1/clients/{client}/disclosure{query}"), &token).1);
    let file = of("");
    let [spanish, english] = [&file.texts[1], &file.texts[2]];
    for words in [
        "Días de cierre</th><td>domingo; 01/08/2026 - 15/08/2026 cada año",
        "Horario</th><td>lunes 08:00-01:30",
        "Nombre comercial</th><td>Bar",
        "<td>Pedido</td>",
        "The bar opened",
    ] {
        assert!(spanish.contains(words), "{words}: {spanish}");
    }
    for words in ["Sunday; 2026-08-01 - 2026-08-15 every year", "Monday 08:00-01:30", "<td>Order"] {
        assert!(english.contains(words), "{words}: {english}");
    }
    for page in [spanish, english] {
        assert!(!page.contains("birthday") && !page.contains(&client.to_string()), "{page}");
        for code in ["shut_days", "<td>order</td>", "<td>outgoing</td>", "<td>true</td>", "Cbor"] {
            assert!(!page.contains(code), "{code}: {page}");
        }
    }
    let file = of(&format!("?contact={ana}"));
    assert!(file.texts[1].contains("Ana&#39;s birthday") || file.texts[1].contains("Ana's birthday"));
    assert!(
        !file.says("The bar opened") && file.texts[1].contains("<td>Llamada o mensaje nuestro</td>"),
        "{}",
        file.texts[1]
    );
    assert!(!of(&format!("?contact={ben}")).says("birthday"));
}
