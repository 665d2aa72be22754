//! Clients that look like one: while somebody types a new one, and among those that are there.

use cartera_core::engine::{ClientEdit, NewClient};
use cartera_core::model::phone::Phone;
use cartera_core::model::place::Fix;
use cartera_core::model::profile::{ClientField, Key, Value};
use cartera_core::model::record::Kind;
use cartera_core::model::record::{Likeness, MergeProposal, NotNow, Subject, VoidReason};
use cartera_core::model::{BusinessDate, ClientId};
use cartera_core::portfolio::duplicates::{self, Looks};
use cartera_core::portfolio::nearby::Point;

use super::{Device, text};

fn day(day: i8) -> BusinessDate {
    BusinessDate::from_ymd(2026, 11, day).unwrap()
}

impl Device {
    fn with(&self, name: &str, more: &[(ClientField, Value)]) -> ClientId {
        let mut fields = vec![text("name", name)];
        fields.extend(more.iter().map(|(field, value)| ClientEdit::put(&Key::Client(*field), value)));
        self.engine.create_client(NewClient { fields, territory: None }).unwrap()
    }

    fn pairs(&self, today: BusinessDate) -> Vec<(ClientId, ClientId, Vec<Likeness>)> {
        let pairs = self.read(|conn| Ok(duplicates::pairs(conn, today, 99)?));
        pairs.into_iter().map(|pair| (pair.one, pair.other, pair.reasons)).collect()
    }

    fn like(&self, looks: &Looks) -> Vec<ClientId> {
        let found = self.read(|conn| Ok(duplicates::like(conn, looks, 99)?));
        found.into_iter().map(|like| like.client).collect()
    }
}

fn phone(number: &str) -> (ClientField, Value) {
    (ClientField::Phone, Value::Phone(Phone::parse(number, Some("ES"))))
}

fn point() -> (ClientField, Value) {
    (ClientField::Point, Value::Point(Fix::new(404_168_000, -37_038_000, None)))
}

#[test]
fn who_is_typed_in_may_be_there_already() {
    let device = Device::new(61);
    let pepe = device.with("Bar Pepé, S.L.", &[phone("600 111 222"), point()]);
    let other = device.with("Panadería Sol", &[phone("985 000 111")]);
    device.with("Bar Paco", &[]);
    let looks = |name: &str| Looks { name: name.into(), ..Looks::default() };
    assert_eq!(device.like(&looks("bar pepe")), [pepe]);
    assert_eq!(device.like(&looks("bar")), [], "a word that many share is no likeness");
    assert_eq!(device.like(&looks("")), []);
    // Whoever types a number at home leaves its country out.
    assert_eq!(device.like(&Looks { phone: Some("985 00 01 11".into()), ..looks("Horno Nuevo") }), [other]);
    assert_eq!(device.like(&Looks { phone: Some("+34985000111".into()), ..looks("Horno Nuevo") }), [other]);
    let here = Point { latitude: 40.41682, longitude: -3.70381 };
    let found =
        device.like(&Looks { point: Some(here), phone: Some("+34600111222".into()), ..looks("Mesón") });
    assert_eq!(found, [pepe]);
    assert_eq!(
        device.like(&Looks { point: Some(here), ..looks("Mesón") }),
        [],
        "another shop of the same house"
    );
    for hostile in ["\"", "bar\" OR name:*", "'; DROP TABLE clients; --", &"x ".repeat(500)] {
        assert_eq!(device.like(&looks(hostile)), [], "{hostile}");
    }
}

#[test]
fn pairs_are_told_until_somebody_answers() {
    let device = Device::new(62);
    let one = device.with("Bar Pepe", &[phone("600 111 222")]);
    let two = device.with("Casa José", &[phone("+34 600111222")]);
    let three = device.with("Hostal Los Arcos", &[point()]);
    let four = device.with("Hostal Los Arkos", &[point()]);
    device.with("Hostal Los Arcos", &[]);
    let pair = |one: ClientId, other: ClientId, reasons: &[Likeness]| {
        (one.min(other), one.max(other), reasons.to_vec())
    };
    let phones = pair(one, two, &[Likeness::Phone]);
    let hostels = pair(three, four, &[Likeness::Name, Likeness::Address]);
    let mut expected = vec![phones.clone(), hostels.clone()];
    assert_eq!(device.pairs(day(2)), expected, "both weigh five; by their ids");
    // Put off, from either side: it comes back on that day.
    let not_now = NotNow { key: Some(one.to_string()), ..NotNow::new(Subject::Duplicate, Some(day(9))) };
    let put_off = device.engine.put_off(&two, not_now).unwrap();
    assert_eq!(device.pairs(day(8)), std::slice::from_ref(&hostels));
    assert_eq!(device.pairs(day(9)), expected);
    device.engine.void(&two, Kind::NotNow, put_off.id, VoidReason::Mistake).unwrap();
    assert_eq!(device.pairs(day(8)), expected);
    let never = NotNow { key: Some(two.to_string()), ..NotNow::new(Subject::Duplicate, None) };
    device.engine.put_off(&one, never).unwrap();
    expected = vec![hostels];
    assert_eq!(device.pairs(day(30)), expected);
    let proposal = MergeProposal::new(four, false, vec![Likeness::Name]);
    device.engine.propose_merge(&three, proposal).unwrap();
    assert_eq!(device.pairs(day(30)), []);
}

#[test]
fn the_likeliest_come_first_and_no_more_than_asked() {
    let device = Device::new(63);
    let weak = device.with("Bar Pepe", &[]);
    let strong = device.with("Bar Pepe", &[phone("600 111 222")]);
    let like = |looks: &Looks, most| {
        let found = device.read(|conn| Ok(duplicates::like(conn, looks, most)?));
        found.into_iter().map(|like| like.client).collect::<Vec<_>>()
    };
    let typed = Looks { name: "bar pepe".into(), phone: Some("+34600111222".into()), ..Looks::default() };
    assert_eq!(like(&typed, 9), [strong, weak]);
    assert_eq!(like(&typed, 1), [strong]);
    // Only the first word is right so far.
    let hostel = device.with("Hostal Los Arcos", &[]);
    assert_eq!(like(&Looks { name: "Hostal Los Arkos".into(), ..Looks::default() }, 9), [hostel]);
    assert_eq!(like(&Looks { name: "Ostal Los Arcos".into(), ..Looks::default() }, 9), [hostel]);
}

#[test]
fn short_words_bring_pairs_together_and_no_more_than_asked() {
    let device = Device::new(64);
    let [one, two] = [(); 2].map(|()| device.with("Bar Pepe", &[point()]));
    let [three, four] = [(); 2].map(|()| device.with("Casa Sol", &[point(), phone("985 000 111")]));
    let pairs = |most| {
        let found = device.read(|conn| Ok(duplicates::pairs(conn, day(1), most)?));
        found.into_iter().map(|pair| (pair.one, pair.other)).collect::<Vec<_>>()
    };
    let pair = |one: ClientId, other: ClientId| (one.min(other), one.max(other));
    assert_eq!(pairs(9), [pair(three, four), pair(one, two)]);
    assert_eq!(pairs(1), [pair(three, four)]);
}
