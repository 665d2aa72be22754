//! What tests of the portfolio share.
#![allow(clippy::unwrap_used)] // a test that cannot be set up has failed

use rusqlite::{Connection, params};

use super::figures::Terms;
use crate::metrics::parameters::{Fit, Plan};
use crate::model::office::{SalesDay, Setting, Value as Office, VisitPlan, sales_day_key};
use crate::model::profile::{self, ClientField, Key, Scalar, ShutDays};
use crate::model::record::{Body, Clock, Header, Kind, Record};
use crate::model::{BusinessDate, ClientId, Currency, TerritoryId};
use crate::rows;
use crate::rows::codec::value_to_blob;
use crate::rows::office::{OfficeEntry, put};

pub(super) const NORTH: TerritoryId = TerritoryId::from_bytes([7; 16]);

pub(super) fn date(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

pub(super) fn client(n: u8) -> ClientId {
    ClientId::from_bytes([n; 16])
}

/// A store with clients, and what is written into it.
pub(super) struct World {
    pub(super) conn: Connection,
    written: u64,
}

impl World {
    /// So many clients, whose ids are their numbers throughout.
    pub(super) fn of(clients: u8) -> Self {
        let conn = Connection::open_in_memory().unwrap();
        rows::MIGRATIONS.iter().for_each(|sql| conn.execute_batch(sql).unwrap());
        conn.execute("INSERT INTO actors (actor, id) VALUES (1, ?1)", [[1_u8; 16]]).unwrap();
        let mut world = Self { conn, written: 0 };
        (1..=clients).for_each(|n| world.add(n));
        let start = Setting::new(Scalar::Text("2025-01-01".into()));
        world.office("setting", "history_start".into(), None, start.into());
        world
    }

    /// One more client.
    pub(super) fn add(&mut self, n: u8) {
        let sql = "INSERT INTO documents (doc, id, generation, heads, acked, max_op, size)
                   VALUES (?1, ?2, 0, x'', x'', 0, 0)";
        self.conn.execute(sql, params![n, client(n)]).unwrap();
        let sql = "INSERT INTO clients (doc, id, name) VALUES (?1, ?2, ?3)";
        self.conn.execute(sql, params![n, client(n), format!("c{n}")]).unwrap();
    }

    pub(super) fn territory(&mut self, who: u8, territory: TerritoryId) {
        let sql = "UPDATE clients SET territory = ?2 WHERE doc = ?1";
        self.conn.execute(sql, params![who, territory]).unwrap();
    }

    /// Weekdays on which a client never opens, in place of those that it had.
    pub(super) fn shut_weekdays(&mut self, who: u8, weekdays: &[u8]) {
        let value = Key::Client(ClientField::ShutDays);
        let shut = profile::Value::ShutDays(ShutDays::new(weekdays.to_vec(), Vec::new()));
        self.conn.execute("DELETE FROM fields WHERE doc = ?1", [who]).unwrap();
        let sql = "INSERT INTO fields (doc, key, counter, actor, live, value) VALUES (?1, ?2, 1, 1, 1, ?3)";
        let blob = value_to_blob(&shut.to_scalar());
        self.conn.execute(sql, params![who, value.to_string(), blob]).unwrap();
    }

    /// A rule of the visit plan from a source, or its end.
    pub(super) fn plan(&mut self, source: &str, key: &str, who: u8, plan: Option<VisitPlan>) {
        self.written += 1;
        let entry = OfficeEntry {
            kind: "visit_plan".into(),
            source: source.into(),
            key: key.into(),
            client: Some(client(who)),
            territory: None,
            value: plan.map(|plan| Office::from(plan).encode()),
        };
        put(&self.conn, &entry, self.written).unwrap();
    }

    /// What hangs on the whole base, over the whole history.
    pub(super) fn fit(&mut self, as_of: &str) {
        let terms = Terms::read(&self.conn).unwrap();
        let plan = Plan { value_months: None, ..terms.plan };
        let fit = Fit::of(terms.books(&self.conn, date(as_of)).unwrap(), &plan, 1);
        for (key, parameter) in fit.records() {
            self.office("parameter", key, None, parameter.into());
        }
    }

    pub(super) fn office(&mut self, kind: &str, key: String, about: Option<u8>, value: Office) {
        self.written += 1;
        let entry = OfficeEntry {
            kind: kind.into(),
            source: String::new(),
            key,
            client: about.map(client),
            territory: None,
            value: Some(value.encode()),
        };
        put(&self.conn, &entry, self.written).unwrap();
    }

    pub(super) fn sales(
        &mut self,
        who: u8,
        currency: Currency,
        net: i64,
        days: impl IntoIterator<Item = BusinessDate>,
    ) {
        for day in days {
            let key = sales_day_key(client(who), day, currency);
            self.office("sales_day", key, Some(who), SalesDay::new(day, currency, net, true, 1).into());
        }
    }

    pub(super) fn record(&mut self, who: u8, on: &str, body: impl Into<Body>) {
        self.written += 1;
        let body = body.into();
        let kind = body.kind().unwrap();
        let header = Header {
            version: Record::VERSION,
            at_ms: 0,
            date: date(on),
            zone: "Europe/Madrid".into(),
            clock: Clock::Trusted,
            amends: None,
            voids: None,
        };
        let id = u128::from(self.written).to_be_bytes();
        let value = Record { header, body }.encode();
        self.conn
            .execute(
                "INSERT INTO records (doc, kind, id, counter, actor, family, voids, root, shown, orphan, latest, at, date,
                   value) VALUES (?1, ?2, ?3, ?4, 1, ?3, 0, ?3, 1, 0, 0, 0, ?5, ?6)",
                params![who, kind.letters(), id, self.written, date(on).days(), value],
            )
            .unwrap();
        if kind == Kind::ClientClosed {
            let sql = "UPDATE clients SET closed_on = ?2 WHERE doc = ?1";
            self.conn.execute(sql, params![who, date(on).days()]).unwrap();
        }
    }
}

/// Every so many days, from a day to another.
pub(super) fn every(days: i32, from: &str, to: &str) -> Vec<BusinessDate> {
    let from = date(from);
    (0..).map_while(|n| from.plus_days(n * days).filter(|day| *day <= date(to))).collect()
}
