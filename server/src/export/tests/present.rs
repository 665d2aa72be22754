//! What holds now: orders to deliver, audiences; and who read what.

use cartera_core::model::PartId;
use cartera_core::model::profile::{ClientField, Value as Field};
use cartera_core::model::record::{Channel, Consent, Decision, Kind, LegalBasis};
use serde_json::Value;

use super::books::{Books, record};
use crate::export::{Export, Format, Query, QueryError, resources::Resource};
use crate::orders::tests::{order, record as purchase};
use crate::orders::{Answer, acknowledge};
use crate::people::Role;
use crate::people::access::By;
use crate::storage::export::Exports;
use crate::sync::tests::phone::Phone;
use crate::testing::Relay;

fn rows(store: &dyn Exports, file: &str, parameters: &[(&str, &str)]) -> Vec<Value> {
    let query = Query::parse(file, parameters.iter().copied()).unwrap();
    let mut out = Vec::new();
    Export::begin(store, query).unwrap().write_to(store, &mut out).unwrap();
    let json: Value = serde_json::from_slice(&out).unwrap();
    json["rows"].as_array().unwrap().clone()
}

#[test]
fn an_order_waits_for_delivery_until_it_is_served_or_declined() {
    let relay = Relay::new();
    let north = crate::territories::add(&relay.app, By::CONSOLE, "Norte").unwrap().id;
    let person = relay.person(Role::Rep, &[north]);
    let mut phone = Phone::new(&relay, &person);
    phone.sync(&relay.app);
    let client = phone.create(&relay, Some(north));
    phone.set(client, "erp_code", "C-1");
    phone.set(client, "name", "Bar");
    let place = PartId::new(&*relay.app.env);
    phone.set(client, &format!("place/{place}/name"), "Almacén");
    phone.set(client, &format!("place/{place}/instructions"), "Por detrás");
    let mut write = |to: Option<PartId>, on: Option<&str>| {
        let mut order = order("A", 2);
        (order.deliver_to, order.deliver_on) = (to, on.map(|on| on.parse().unwrap()));
        phone.put_record(&relay, client.into(), "p", purchase(order.into(), None, None))
    };
    let [plain, there, refused] =
        [write(None, None), write(Some(place), Some("2026-10-02")), write(None, Some("2026-10-03"))];
    phone.sync(&relay.app);
    let store = &*relay.app.storage;
    let waiting = || rows(store, "orders_to_deliver.json", &[]);
    let ids =
        |rows: &[Value]| rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(ids(&waiting()), [plain, there, refused].map(|id| id.to_string()));
    let row = &waiting()[1];
    let cells = ["deliver_on", "place_name", "instructions", "client_code", "stage", "total", "currency"];
    assert_eq!(
        cells.map(|name| row[name].as_str().unwrap()),
        ["2026-10-02", "Almacén", "Por detrás", "C-1", "received", "3.00", "EUR"]
    );
    assert_eq!(ids(&rows(store, "orders_to_deliver.json", &[("from", "2026-10-03")])), [refused.to_string()]);

    let answer = |id, answer: Answer| acknowledge(&relay.app, By::CONSOLE, id, id, &answer).unwrap().unwrap();
    answer(there, Answer::Registered("P-7".into()));
    answer(refused, Answer::Declined("sin crédito".into()));
    assert_eq!(ids(&waiting()), [plain, there].map(|id| id.to_string()));
    assert_eq!((&waiting()[1]["stage"], &waiting()[1]["erp_number"]), (&"registered".into(), &"P-7".into()));
}

fn consent(
    books: &Books,
    client: cartera_core::model::ClientId,
    decision: Decision,
    channel: Option<Channel>,
    contact: Option<PartId>,
) {
    let consent = match decision {
        Decision::Granted => Consent::granted(channel, LegalBasis::PriorPurchase),
        _ => Consent::opposed(channel),
    };
    let consent = Consent { decision, contact, ..consent };
    books.put(client, Kind::Consent, &record("2026-09-01", consent));
}

/// `name channel address` of every row.
fn audience(books: &Books, parameters: &[(&str, &str)]) -> Vec<String> {
    let said = |row: &Value| {
        let name = row["contact_name"].as_str().or(row["client_name"].as_str()).unwrap();
        format!("{name} {} {}", row["channel"].as_str().unwrap(), row["address"].as_str().unwrap())
    };
    rows(&books.store, "audiences.json", parameters).iter().map(said).collect()
}

#[test]
fn nobody_is_written_to_who_did_not_agree_or_who_opposed_it() {
    let books = Books::new();
    let (silent, bar, café) = (books.client("Silent"), books.client("Bar"), books.client("Café"));
    for (client, address) in [(silent, "s@x.example"), (bar, "b@x.example"), (café, "c@x.example")] {
        books.edit(client, ClientField::Email, Field::Text(address.into()));
    }
    let [ana, ben] = [PartId::new(&books.env), PartId::new(&books.env)];
    for (contact, name) in [(ana, "Ana"), (ben, "Ben")] {
        let text = |text: String| Field::Text(text).to_scalar();
        books.put_field(bar, &format!("contact/{contact}/name"), text(name.into()));
        books.put_field(bar, &format!("contact/{contact}/email"), text(format!("{name}@x.example")));
    }
    consent(&books, bar, Decision::Granted, Some(Channel::Email), None);
    consent(&books, bar, Decision::Opposed, None, Some(ben));
    consent(&books, café, Decision::Granted, None, None);
    // Café has no phone and no street: there is nowhere to write to but its mail.
    let all = ["Bar email b@x.example", "Ana email Ana@x.example", "Café email c@x.example"];
    assert_eq!(audience(&books, &[]), all);
    assert_eq!(audience(&books, &[("status", "phone")]), [] as [&str; 0]);
    let row = &rows(&books.store, "audiences.json", &[])[0];
    assert_eq!((&row["basis"], &row["basis_since"]), (&"prior_purchase".into(), &"2026-09-01".into()));
    // Whoever is merged with somebody who opposed it is not written to either.
    books.merge(café, Some(bar));
    assert_eq!(audience(&books, &[]), all);
    consent(&books, café, Decision::Withdrawn, Some(Channel::Email), None);
    assert_eq!(audience(&books, &[]), [] as [&str; 0]);
    consent(&books, café, Decision::Granted, Some(Channel::Email), None);
    assert_eq!(audience(&books, &[]), all);
    books.put_field(bar, &format!("contact/{ana}/removed"), Field::Bool(true).to_scalar());
    assert_eq!(audience(&books, &[]), [all[0], all[2]]);
}

#[test]
fn what_holds_now_has_no_changes_to_be_asked_for() {
    for name in ["orders_to_deliver", "audiences"] {
        assert!(Resource::find(name).unwrap().present);
        let refused = Query::parse(&format!("{name}.csv"), [("since", "start")]).unwrap_err();
        assert!(matches!(refused, QueryError::Parameter { name, .. } if name == "since"));
        assert!(Query::parse(&format!("{name}.{}", Format::Xlsx.extension()), []).is_ok());
    }
}

#[cfg(feature = "demo")]
#[test]
fn the_audit_says_who_read_what() {
    use super::world::World;
    let world = World::new();
    world.client("Bar");
    let deeds = || {
        let all = world.relay.app.storage.deeds(0, 1_000).unwrap();
        let of_exports = all.into_iter().filter(|deed| deed.action == "export.begun");
        of_exports.map(|deed| (deed.actor_kind, deed.detail)).collect::<Vec<_>>()
    };
    let get = |path: &str, token: &str| world.get(path, Some(token), None).0.status().as_u16();
    let login = world.login(Role::Manager);
    assert_eq!(get("/v1/export/visits,clients.xlsx", &world.token), 200);
    assert_eq!(get("/v1/export/visits.csv?from=2026-09-01&status=done", &login), 200);
    assert_eq!(get("/v1/odata/clients?$filter=name%20eq%20'Mar%C3%ADa'", &world.token), 200);
    assert_eq!(get("/v1/export/secrets.csv", &world.token), 404);
    let expected = [
        ("machine", "visits,clients.xlsx"),
        ("person", "visits.csv from 2026-09-01"),
        ("machine", "odata clients"),
    ];
    assert_eq!(deeds(), expected.map(|(who, what)| (who.to_owned(), what.to_owned())));
}
