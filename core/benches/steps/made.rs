//! What the benches work on: a client with a profile, twenty visits and ten notes, from a seed.

use cartera_core::document::{
    ActorId, Change, FieldKey, FieldValue, MemoryFacts, RecordKey, append, edit, snapshot,
};
use cartera_core::env::{Env, SeededEnv, random_bytes};
use cartera_core::model::record::{Body, Clock, Header, NoOrderReason, Outcome, Record, Visit};
use cartera_core::model::{BusinessDate, ClientId, RecordId};

pub(crate) struct Client {
    pub(crate) id: ClientId,
    pub(crate) facts: MemoryFacts,
    pub(crate) changes: Vec<Change>,
}

pub(crate) fn actor(env: &dyn Env) -> ActorId {
    ActorId::from(random_bytes::<16>(env))
}

pub(crate) fn visit(env: &dyn Env, n: usize) -> (RecordKey, Vec<u8>) {
    let notes =
        n.is_multiple_of(4).then(|| format!("Atendió el encargado; pide la oferta {n} para el lunes"));
    let visit = Visit { no_order: Some(NoOrderReason::StockLeft), notes, ..Visit::done(Outcome::NoOrder) };
    let date = BusinessDate::from_days(20_000 + n as i32).unwrap();
    let header = Header {
        version: Record::VERSION,
        at_ms: i64::from(date.days()) * 86_400_000,
        date,
        zone: "Europe/Madrid".into(),
        clock: Clock::Trusted,
        amends: None,
        voids: None,
    };
    let record = Record { header, body: Body::from(visit) };
    (RecordKey::new("v", RecordId::new(env)).unwrap(), record.encode())
}

impl Client {
    pub(crate) fn new(env: &dyn Env, actor: &ActorId, records: usize) -> Self {
        let id = ClientId::new(env);
        let mut client = Self { id, facts: MemoryFacts::new(id.into()), changes: Vec::new() };
        client.take(append::create(actor, id.into(), 0).unwrap());
        let text =
            |key: &str, value: &str| (FieldKey::new(key).unwrap(), Some(FieldValue::Text(value.to_owned())));
        let profile = vec![
            text("name", "Panadería Pedroñeras"),
            text("legal_name", "Panadería Pedroñeras, S. L."),
            text("erp_code", "C000042"),
            text("sector", "panadería"),
        ];
        client.take(edit::fields(actor, &client.facts, profile, 0).unwrap().unwrap());
        for n in 0..records {
            let (key, bytes) = visit(env, n);
            client.take(append::record(actor, &client.facts, key, bytes, 0).unwrap());
        }
        client
    }

    fn take(&mut self, change: Change) {
        self.facts.apply(&change);
        self.changes.push(change);
    }

    pub(crate) fn snapshot(&self) -> snapshot::Snapshot {
        snapshot::compact(None, self.changes.iter().map(|change| &change.bytes[..])).unwrap()
    }
}

pub(crate) fn env() -> SeededEnv {
    SeededEnv::new(1, 1_790_000_000_000)
}

/// A phone's own: its ids are others.
pub(crate) fn phone_env() -> SeededEnv {
    SeededEnv::new(2, 1_790_000_000_000)
}
