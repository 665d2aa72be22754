//! Whose clients an export is about: of somebody who leads a team it has that team's rows, and no trace of others'.

use std::collections::BTreeSet;
use std::sync::Arc;

use cartera_core::model::office::{DueItem, Price, Value as Office};
use cartera_core::model::profile::{ClientField, Value as Field};
use cartera_core::model::record::{Channel, Consent, Contact, Direction, Kind, LegalBasis, Note};
use cartera_core::model::{ClientId, Currency, Money, TerritoryId};
use cartera_core::rows::office::{self, OfficeEntry};
use cartera_core::rows::relations::Part;
use serde_json::Value;

use super::books::{Books, record};
use super::world::World;
use crate::export::resources::{RESOURCES, Resource};
use crate::export::{Export, Format, Query};
use crate::people::Role;
use crate::people::access::By;

const NORTH: TerritoryId = TerritoryId::from_bytes([1; 16]);
const SOUTH: TerritoryId = TerritoryId::from_bytes([2; 16]);

/// In the north, in the south, nowhere and lent; and one that was merged into the one in the south.
struct Four {
    books: Books,
    mine: [ClientId; 2],
    others: [ClientId; 2],
}

impl Four {
    fn new() -> Self {
        let books = Books::new();
        let [north, south, lent, merged] =
            ["Norte", "Sur", "Prestado", "Unida"].map(|name| books.client(name));
        books.territory(north, NORTH);
        books.territory(south, SOUTH);
        books.territory(merged, SOUTH);
        for (n, client) in [north, south, lent, merged].into_iter().enumerate() {
            books.visit(client, "2026-10-01");
            let call = Contact::new(Channel::Phone, Direction::Outgoing);
            books.put(client, Kind::Contact, &record("2026-10-02", call));
            books.put(client, Kind::Note, &record("2026-10-02", Note::new("x")));
            let allowed = Consent::granted(Some(Channel::Email), LegalBasis::Consent);
            books.put(client, Kind::Consent, &record("2026-10-03", allowed));
            books.edit(client, ClientField::Email, Field::Text(format!("c{n}@e.example")));
            let owed = DueItem::new("2026-10-31".parse().unwrap(), Money::new(100, Currency::EUR), 100);
            books.office(client, &format!("V{n}"), Some(&owed.into()));
        }
        books.merge(merged, Some(south));
        for (key, territory) in [("N", Some(NORTH)), ("S", Some(SOUTH)), ("T", None)] {
            books.price(key, territory);
        }
        Self { books, mine: [north, lent], others: [south, merged] }
    }

    fn export(&self, resource: &'static Resource, whom: Option<&Arc<Part>>) -> Vec<Value> {
        let query = Query { as_of: "2026-11-30".parse().ok(), ..Query::all(resource, Format::Json) };
        let mut out = Vec::new();
        let export = Export::begin(&self.books.store, query.among(whom.cloned())).unwrap();
        export.write_to(&self.books.store, &mut out).unwrap();
        let told: Value = serde_json::from_slice(&out).unwrap();
        told["rows"].as_array().unwrap().clone()
    }
}

impl Books {
    fn price(&self, key: &str, territory: Option<TerritoryId>) {
        let value: Office = Price { article: Some("A".into()), ..Price::new(Currency::EUR) }.into();
        let entry = OfficeEntry {
            kind: "price".into(),
            source: "erp".into(),
            key: key.into(),
            client: None,
            territory,
            value: Some(value.encode()),
        };
        self.store
            .write(|tx| {
                let number = super::books::log(tx, 1, None)?;
                office::put(tx, &entry, number).unwrap();
                Ok(())
            })
            .unwrap();
    }
}

#[test]
fn every_resource_has_the_rows_of_whom_one_leads_and_no_others() {
    let four = Four::new();
    let team = Arc::new(Part { clients: four.mine.into(), territories: BTreeSet::from([NORTH]) });
    let [mine, others] = [four.mine, four.others].map(|ids| ids.map(|id| id.to_string()));
    let speaks_of = |row: &Value, ids: &[String; 2]| ids.iter().any(|id| row.to_string().contains(id));
    let mut with_rows = BTreeSet::new();
    for resource in RESOURCES {
        let (all, team) = (four.export(resource, None), four.export(resource, Some(&team)));
        assert!(team.iter().all(|row| !speaks_of(row, &others)), "{}: {team:?}", resource.name);
        if matches!(resource.name, "portfolio" | "cohorts") {
            continue;
        }
        let mut expected: Vec<Value> = all.into_iter().filter(|row| !speaks_of(row, &others)).collect();
        // A price of the whole south is nobody's who is not there.
        expected.retain(|row| resource.name != "prices" || row["key"] != "S");
        assert_eq!(team, expected, "{}", resource.name);
        if team.iter().any(|row| mine.iter().all(|id| !row.to_string().contains(id))) {
            continue;
        }
        if mine.iter().all(|id| team.iter().any(|row| row.to_string().contains(id))) {
            with_rows.insert(resource.name);
        }
    }
    let expected =
        ["clients", "consents", "contacts_made", "due_items", "figures", "notes", "open_items", "visits"];
    assert!(expected.iter().all(|name| with_rows.contains(name)), "{with_rows:?}");
    let prices = four.export(Resource::find("prices").unwrap(), Some(&team));
    let keys: BTreeSet<&str> = prices.iter().filter_map(|row| row["key"].as_str()).collect();
    assert_eq!(keys, BTreeSet::from(["N", "T"]));
    let portfolio = four.export(Resource::find("portfolio").unwrap(), Some(&team));
    let clients = portfolio.iter().find(|row| row["figure"] == "clients").unwrap();
    assert_eq!(clients["value"], 2);
    // Nobody's: nothing of anybody.
    let nobody = Arc::new(Part::default());
    for resource in RESOURCES.iter().filter(|resource| resource.is_about_clients()) {
        let told = four.export(resource, Some(&nobody));
        assert!(
            told.iter().all(|row| !speaks_of(row, &mine) && !speaks_of(row, &others)),
            "{}",
            resource.name
        );
    }
}

#[test]
fn over_http_a_team_s_manager_reads_the_team_s_documents_and_files() {
    let world = World::new();
    let (client, other) = (world.client("Bar"), world.client("Pub"));
    let south = crate::territories::add(&world.relay.app, By::CONSOLE, "Sur").unwrap().id;
    crate::clients::move_to(&world.relay.app, By::CONSOLE, south, &[other]).unwrap();
    let north = world.rep.territories[0];
    let token = world.relay.login_of(Role::Manager, &[north]);
    let get = |path: &str| {
        let (head, body) = world.get(path, Some(&token), None);
        (head.status().as_u16(), String::from_utf8_lossy(&body).into_owned())
    };
    for what in ["document", "history"] {
        assert_eq!(get(&format!("/v1/clients/{client}/{what}")).0, 200, "{what}");
        let (status, body) = get(&format!("/v1/clients/{other}/{what}"));
        assert!(status == 404 && !body.contains("Pub"), "{what}: {body}");
    }
    for path in [
        "/v1/export/clients.csv".to_owned(),
        "/v1/export/visits.ndjson".to_owned(),
        "/v1/odata/clients".to_owned(),
        format!("/v1/export/visits.csv?territory={south},{north}"),
    ] {
        let (status, body) = get(&path);
        assert!(status == 200 && body.contains("Bar") && !body.contains("Pub"), "{path}: {body}");
    }
    assert_eq!(get("/v1/odata/clients/$count").1, "1");
    assert_eq!(get(&format!("/v1/odata/clients('{other}')")).0, 404);
    // What the office and everybody's manager read is another answer, and is remembered as one.
    let all = world.relay.login(Role::Manager);
    let (head, _) = world.get("/v1/export/clients.csv", Some(&all), None);
    let tag = head.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(world.get("/v1/export/clients.csv", Some(&token), Some(&tag)).0.status().as_u16(), 200);
    assert_eq!(world.get("/v1/export/clients.csv", Some(&all), Some(&tag)).0.status().as_u16(), 304);
}
