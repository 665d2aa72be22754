//! Generated portfolios of the two profiles of `architecture.md`, as changes.

use cartera_core::document::{ActorId, Change, FieldKey, FieldValue, MemoryFacts, RecordKey, append, edit};
use cartera_core::env::{Env, SeededEnv, random_bytes};
use cartera_core::model::phone::Phone;
use cartera_core::model::place::{Address, Fix};
use cartera_core::model::profile::Value;
use cartera_core::model::record::{
    Body, Clock, Header, Line, NoOrderReason, Outcome, Purchase, PurchaseSort, Record, Visit,
};
use cartera_core::model::{BusinessDate, ClientId, Currency, Decimal, RecordId};

const FIRST_DAY: i32 = 20_000;
const NAMES: [&str; 12] = [
    "Bar",
    "Café",
    "Bodega",
    "Mesón",
    "Panadería",
    "Ferretería",
    "Óptica",
    "Taller",
    "Hotel",
    "Carnicería",
    "Peluquería",
    "Librería",
];
const PLACES: [&str; 12] = [
    "Ñandú",
    "Ávila",
    "del Puerto",
    "la Muralla",
    "San Telmo",
    "Requena",
    "la Viña",
    "Aníbal",
    "Santa Eulàlia",
    "el Olmo",
    "Pedroñeras",
    "Zújar",
];

/// Clients in this number, each with so many visits and purchases, by the one of the workspace's actors that `actor`
/// names: given to `take` in handfuls, so that not all of them lie in memory.
pub(super) fn each_few<E>(
    (clients, visits, purchases): (usize, usize, usize),
    actor: impl Fn(usize) -> ActorId,
    mut take: impl FnMut(Vec<(ClientId, Vec<Change>)>) -> Result<(), E>,
) -> Result<(), E> {
    let env = SeededEnv::new(1, 1_790_000_000_000);
    for some in (0..clients).collect::<Vec<_>>().chunks(250) {
        take(some.iter().map(|n| client(&env, &actor(*n), *n, visits, purchases)).collect())?;
    }
    Ok(())
}

/// One client's changes, causes first: its first change, its profile, then its records.
fn client(
    env: &dyn Env,
    actor: &ActorId,
    number: usize,
    visits: usize,
    purchases: usize,
) -> (ClientId, Vec<Change>) {
    let id = ClientId::new(env);
    let mut facts = MemoryFacts::new(id.into());
    let mut changes = Vec::with_capacity(2 + visits + purchases);
    let mut push = |facts: &mut MemoryFacts, change: Change| {
        facts.apply(&change);
        changes.push(change);
    };
    push(&mut facts, append::create(actor, id.into(), env.now_ms()).unwrap_or_else(|e| panic!("{e}")));
    let profile = edit::fields(actor, &facts, profile(number), env.now_ms());
    if let Ok(Some(change)) = profile {
        push(&mut facts, change);
    }
    for n in 0..visits + purchases {
        let body: Body =
            if n % 3 == 2 && n / 3 < purchases { order(number, n).into() } else { visit(number, n).into() };
        let kind = body.kind().map_or("v".to_owned(), |kind| kind.letters().to_owned());
        let record = Record { header: header(number, n), body };
        let Ok(key) = RecordKey::new(&kind, RecordId::new(env)) else { continue };
        if let Ok(change) = append::record(actor, &facts, key, record.encode(), env.now_ms()) {
            push(&mut facts, change);
        }
    }
    (id, changes)
}

/// One of the few actors that write in a workspace.
pub(super) fn actor(number: usize) -> ActorId {
    ActorId::from(random_bytes::<16>(&SeededEnv::new(1_000 + (number % 20) as u64, 0)))
}

fn profile(n: usize) -> Vec<(FieldKey, Option<FieldValue>)> {
    let name = format!("{} {} {n}", NAMES[n % 12], PLACES[(n / 12) % 12]);
    let address = Address {
        street: Some(format!("Calle Mayor, {}", n % 200)),
        postcode: Some(format!("{:05}", 1_000 + n % 52_000)),
        city: Some(PLACES[n % 12].to_owned()),
        country: Some("ES".into()),
        ..Address::empty()
    };
    let point =
        Fix::new(400_000_000 + (n as i32 % 10_000) * 100, -37_000_000 - (n as i32 % 7_000) * 100, None);
    let mut phone = Phone::parse("", None);
    phone.raw = format!("600 {:03} {:03}", n / 1_000 % 1_000, n % 1_000);
    phone.e164 = Some(format!("+34600{:06}", n % 1_000_000));
    [
        ("name", Value::Text(name.clone())),
        ("legal_name", Value::Text(format!("{name}, S. L."))),
        ("erp_code", Value::Text(format!("C{n:06}"))),
        ("sector", Value::Text(NAMES[n % 12].to_lowercase())),
        ("address", Value::Address(address)),
        ("point", Value::Point(point)),
        ("phone", Value::Phone(phone)),
    ]
    .into_iter()
    .filter_map(|(key, value)| Some((FieldKey::new(key).ok()?, Some(value.to_scalar()))))
    .collect()
}

fn header(number: usize, n: usize) -> Header {
    let days = FIRST_DAY + ((number * 7 + n * 11) % 700) as i32;
    Header {
        version: Record::VERSION,
        at_ms: i64::from(days) * 86_400_000 + 36_000_000,
        date: BusinessDate::from_days(days).unwrap_or(BusinessDate::MAX),
        zone: "Europe/Madrid".into(),
        clock: Clock::Trusted,
        amends: None,
        voids: None,
    }
}

/// A word for names.
pub(super) fn word(n: usize) -> &'static str {
    if n % 24 < 12 { NAMES[n % 12] } else { PLACES[n % 12] }
}

/// A visit, every fourth with a sentence of notes.
pub(super) fn visit(number: usize, n: usize) -> Visit {
    let notes = n
        .is_multiple_of(4)
        .then(|| format!("Atendió el encargado; pide la oferta {} para el {}", number % 90, n));
    Visit { no_order: Some(NoOrderReason::StockLeft), notes, ..Visit::done(Outcome::NoOrder) }
}

/// An order of three lines.
pub(super) fn order(number: usize, n: usize) -> Purchase {
    let eur: Currency = "EUR".parse().unwrap_or_else(|_| unreachable!("EUR is a currency"));
    let mut order = Purchase::new(PurchaseSort::Order, eur);
    for line in 0..3 {
        let article = format!("A{:05}", (number * 31 + n * 7 + line) % 5_000);
        let mut item = Line::new(article, decimal(line as i64 + 1, 0), "ud");
        item.price = Some(decimal(1_250 + line as i64, 2));
        order.lines.push(item);
    }
    if order.compute_amounts().is_err() {
        unreachable!("three small lines have a sum");
    }
    order
}

fn decimal(mantissa: i64, scale: u32) -> Decimal {
    Decimal::new(mantissa, scale).unwrap_or_else(|_| unreachable!("a small decimal"))
}
