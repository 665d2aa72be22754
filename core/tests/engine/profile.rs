//! A client's page: every sort of field put, changed and taken away by its author, and what no field may hold.

use cartera_core::engine::{ClientEdit, EngineError, NewClient};
use cartera_core::model::PartId;
use cartera_core::model::phone::Phone;
use cartera_core::model::place::{Address, Fix};
use cartera_core::model::profile::{ClientField, ContactField, DateField, Key, PlaceField, Sort, Value};
use cartera_core::model::profile::{Hours, OpenSpan, ShutDays};
use cartera_core::model::tax_id::TaxId;
use cartera_core::model::{BusinessDate, ClientId};
use cartera_core::query;

use super::Device;

fn page(device: &Device, client: &ClientId) -> Vec<(Key, Value)> {
    device.read(|conn| Ok(query::profile::of_client(conn, client)?))
}

/// A value that may stand at the key, and another one.
fn values(key: &Key, contact: PartId) -> [Value; 2] {
    let text = |one: &str, other: &str| [one, other].map(|text| Value::Text(text.into()));
    match key.sort().unwrap() {
        Sort::Line(_) | Sort::Prose(_) => text("Ñandú", "Perdiz"),
        Sort::Email => text("ana@bar.example", "luis@bar.example"),
        Sort::Web => text("https://bar.example", "https://bar.example/2"),
        Sort::Language => text("es", "ca"),
        Sort::Currency => text("EUR", "USD"),
        Sort::ContactId => [contact, PartId::from_bytes([8; 16])].map(|id| Value::Text(id.to_string())),
        Sort::Number(most) => [Value::Number(1), Value::Number(most)],
        Sort::Bool => [Value::Bool(false), Value::Bool(true)],
        Sort::Date => [1, 2].map(|day| Value::Date(BusinessDate::from_ymd(2026, 11, day).unwrap())),
        Sort::Address => ["Cuenca", "Ávila"]
            .map(|city| Value::Address(Address { city: Some(city.into()), ..Address::empty() })),
        Sort::Point => [1, 2].map(|at| Value::Point(Fix::new(at, at, None))),
        Sort::TaxId => ["12345678Z", "B12345674"].map(|id| Value::TaxId(TaxId::parse(id, "ES").unwrap())),
        Sort::Phone => ["600 123 456", "911 234 567"].map(|raw| Value::Phone(Phone::parse(raw, Some("ES")))),
        Sort::Hours => [1, 2].map(|day| Value::Hours(Hours::new(vec![OpenSpan::new(day, 480, 840)]))),
        Sort::ShutDays => [1, 2].map(|day| Value::ShutDays(ShutDays::new(vec![day], vec![]))),
        Sort::Free => [Value::Bool(true), Value::Number(3)],
    }
}

#[test]
fn every_field_of_a_profile_is_put_changed_read_again_and_taken_away() {
    let mut device = Device::new(51);
    let client = device.client("Bar");
    let id = PartId::from_bytes([7; 16]);
    let mut keys: Vec<Key> = ClientField::ALL.iter().map(|field| Key::Client(*field)).collect();
    keys.extend(ContactField::ALL.iter().map(|field| Key::Contact(id, *field)));
    keys.extend(DateField::ALL.iter().map(|field| Key::Date(id, *field)));
    keys.extend(PlaceField::ALL.iter().map(|field| Key::Place(id, *field)));
    keys.extend([Key::Tag("terraza".into()), Key::Pref("pago".into())]);
    let removal = |key: &Key| {
        matches!(
            key,
            Key::Contact(_, ContactField::Removed)
                | Key::Date(_, DateField::Removed)
                | Key::Place(_, PlaceField::Removed)
        )
    };
    keys.retain(|key| !removal(key));
    keys.sort_by_key(Key::to_string);
    for turn in 0..2 {
        let want: Vec<_> = keys.iter().map(|key| (key.clone(), values(key, id)[turn].clone())).collect();
        let edits = want.iter().map(|(key, value)| ClientEdit::put(key, value)).collect();
        device.engine.edit_client(&client, edits).unwrap();
        device.reopen();
        assert_eq!(page(&device, &client), want);
    }
    device.engine.edit_client(&client, keys.iter().map(ClientEdit::clear).collect()).unwrap();
    assert_eq!(page(&device, &client), []);
}

#[test]
fn a_removed_contact_date_or_place_leaves_the_page_and_the_search() {
    let device = Device::new(52);
    let client = device.client("Bar");
    let [person, birthday, depot] = [1, 2, 3].map(|n| PartId::from_bytes([n; 16]));
    let text = |text: &str| Value::Text(text.into());
    let yes = Value::Bool(true);
    let edits = [
        (Key::Contact(person, ContactField::Name), text("Ramón")),
        (Key::Date(birthday, DateField::What), text("Santo")),
        (Key::Place(depot, PlaceField::Name), text("Almacén")),
    ];
    let put = |edits: &[(Key, Value)]| {
        let edits = edits.iter().map(|(key, value)| ClientEdit::put(key, value)).collect();
        device.engine.edit_client(&client, edits).unwrap();
    };
    put(&edits);
    assert_eq!((page(&device, &client).len(), device.search("ramon").len()), (4, 1));
    for (gone, key) in [
        Key::Contact(person, ContactField::Removed),
        Key::Date(birthday, DateField::Removed),
        Key::Place(depot, PlaceField::Removed),
    ]
    .into_iter()
    .enumerate()
    {
        put(&[(key, yes.clone())]);
        assert_eq!(page(&device, &client).len(), 3 - gone);
    }
    assert!(device.search("ramon").is_empty());
    // Its fields are there still, for whoever takes the removal back.
    let back = ClientEdit::clear(&Key::Contact(person, ContactField::Removed));
    device.engine.edit_client(&client, vec![back]).unwrap();
    assert_eq!((page(&device, &client).len(), device.search("ramon").len()), (2, 1));
}

#[test]
fn what_breaks_a_rule_of_its_field_is_refused_with_all_that_came_with_it() {
    let device = Device::new(53);
    let client = device.client("Bar");
    let name = ClientEdit::put(&Key::Client(ClientField::Name), &Value::Text("Otro".into()));
    for (field, value) in [
        (ClientField::Email, Value::Text("nobody".into())),
        (ClientField::Warning, Value::Text("x".repeat(100_000))),
        (ClientField::VisitEvery, Value::Number(0)),
        (ClientField::TaxId, Value::Text("12345678Z".into())),
    ] {
        let edits = vec![name.clone(), ClientEdit::put(&Key::Client(field), &value)];
        let refused = device.engine.edit_client(&client, edits.clone()).unwrap_err();
        let EngineError::Invalid(problems) = refused else { panic!("{field:?}: {refused}") };
        assert!(problems.iter().all(|problem| problem.field.starts_with(field.as_str())), "{problems:?}");
        let new = NewClient { fields: edits, territory: None };
        assert_eq!(device.engine.create_client(new).unwrap_err().code(), "invalid", "{field:?}");
    }
    let nameless = NewClient { fields: vec![], territory: None };
    let EngineError::Invalid(problems) = device.engine.create_client(nameless).unwrap_err() else { panic!() };
    assert_eq!(problems[0].to_string(), "name: required");
    assert_eq!(device.names(), ["Bar"]);
}
