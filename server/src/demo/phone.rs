//! One of the demo's phones: the real engine with its own database, over real HTTP.

use std::path::Path;
use std::sync::Arc;

use cartera_core::document::{FieldKey, FieldValue};
use cartera_core::engine::{ClientEdit, Engine, NewClient};
use cartera_core::env::{Env, SystemEnv};
use cartera_core::model::phone::Phone as PhoneNumber;
use cartera_core::model::place::Address;
use cartera_core::model::profile::{Key, Value};
use cartera_core::model::record::{Line, NextStep, NoOrderReason, Outcome, Purchase, PurchaseSort, Visit};
use cartera_core::model::{BusinessDate, ClientId, Currency, Decimal, PersonId};
use cartera_core::query::clients::{self, ClientRow};
use cartera_core::query::{catalogue, conflicts, prices, timeline};
use cartera_core::store::{StoreError, outbox};
use cartera_core::sync::session::Report;

use super::DemoError;
use crate::app::App;
use crate::devices::Purpose;
use crate::devices::enrol::{invitation, invite};
use crate::people::access::By;

/// One of several values of a field.
pub(super) struct Said {
    pub(super) text: String,
    pub(super) author: Option<PersonId>,
    /// It is the one in use until somebody chooses.
    pub(super) shown: bool,
}

pub(super) struct Phone {
    pub(super) name: &'static str,
    pub(super) person: PersonId,
    pub(super) engine: Engine,
}

impl Phone {
    /// A phone with an empty database, linked by a one-time code as a person would.
    pub(super) fn enrol(
        app: &App,
        folder: &Path,
        name: &'static str,
        person: PersonId,
    ) -> Result<Self, DemoError> {
        let env: Arc<dyn Env> = Arc::new(SystemEnv);
        let file = folder.join(format!("{}.db", name.to_lowercase()));
        let engine = Engine::open(&file, None, "Europe/Madrid", env)?;
        let code = invite(app, By::CONSOLE, person, Purpose::Device)?.code;
        engine.enrol(&invitation(app, &code), name)?;
        Ok(Self { name, person, engine })
    }

    pub(super) fn sync(&self) -> Result<Report, DemoError> {
        Ok(self.engine.sync()?)
    }

    pub(super) fn count(&self) -> Result<u64, DemoError> {
        Ok(self.engine.store().read::<_, StoreError>(|conn| Ok(clients::count(conn)?))?)
    }

    pub(super) fn some_clients(&self, count: usize) -> Result<Vec<ClientRow>, DemoError> {
        Ok(self.engine.store().read::<_, StoreError>(|conn| Ok(clients::list(conn, None, count)?))?)
    }

    pub(super) fn client(&self, id: &ClientId) -> Result<Option<ClientRow>, DemoError> {
        Ok(self.engine.store().read::<_, StoreError>(|conn| Ok(clients::get(conn, id)?))?)
    }

    /// Changes that have no good verdict yet.
    pub(super) fn unsent(&self) -> Result<u64, DemoError> {
        Ok(self.engine.store().read(outbox::count)?)
    }

    /// How many records the client's story has.
    pub(super) fn timeline(&self, client: &ClientId) -> Result<usize, DemoError> {
        let entries = self
            .engine
            .store()
            .read::<_, StoreError>(|conn| Ok(timeline::of_client(conn, client, None, 500)?));
        Ok(entries?.len())
    }

    /// The values of a field on which people differ, the one in use first.
    pub(super) fn values(&self, client: &ClientId, key: &str) -> Result<Vec<Said>, DemoError> {
        let all =
            self.engine.store().read::<_, StoreError>(|conn| Ok(conflicts::of_client(conn, client)?))?;
        let Some(conflict) = all.into_iter().find(|conflict| conflict.key.as_str() == key) else {
            return Ok(Vec::new());
        };
        let read = |value: &FieldValue| match Key::parse(key).and_then(|key| key.read(value).ok()) {
            Some(Value::Phone(phone)) => phone.raw,
            _ => String::new(),
        };
        let said = conflict.values.iter().enumerate();
        Ok(said
            .map(|(n, said)| Said { text: read(&said.value), author: said.author, shown: n == 0 })
            .collect())
    }

    /// A visit without an order, with a next step a week from now.
    pub(super) fn visit(
        &self,
        client: &ClientId,
        notes: &str,
        next: Option<&str>,
    ) -> Result<BusinessDate, DemoError> {
        let mut visit = Visit::done(Outcome::NoOrder);
        visit.no_order = Some(NoOrderReason::StockLeft);
        visit.notes = Some(notes.to_owned());
        let saved = self.engine.log_visit(client, visit)?;
        if let Some(what) = next {
            let in_a_week = saved.date.plus_days(7);
            let mut planned = Visit::done(Outcome::Attended);
            planned.next = Some(NextStep::new(what, in_a_week));
            self.engine.log_visit(client, planned)?;
        }
        Ok(saved.date)
    }

    /// A visit that ends with an order of `lines` articles at their prices; returns the total in minor units.
    pub(super) fn order(&self, client: &ClientId, family: usize, lines: usize) -> Result<i64, DemoError> {
        let currency: Currency = "USD".parse().map_err(|_| DemoError::Story("USD is a currency"))?;
        let visit = self.engine.log_visit(client, Visit::done(Outcome::Order))?;
        let one = Decimal::new(1, 0).map_err(|_| DemoError::Story("one is a quantity"))?;
        let quotes = self.engine.store().read::<_, StoreError>(|conn| {
            let families = catalogue::families(conn)?;
            let Some((family, _)) = families.get(family % families.len().max(1)) else {
                return Ok(Vec::new());
            };
            let articles = catalogue::of_family(conn, family, None, lines)?;
            let mut quotes = Vec::with_capacity(articles.len());
            for article in articles {
                quotes.push((
                    article.code.clone(),
                    prices::quote(conn, client, &article.code, one, currency, visit.date)?,
                ));
            }
            Ok(quotes)
        })?;
        let mut order = Purchase::new(PurchaseSort::Order, currency);
        order.visit = Some(visit.id);
        for (n, (code, quote)) in quotes.into_iter().enumerate() {
            let quantity = Decimal::new(n as i64 + 1, 0).map_err(|_| DemoError::Story("a small quantity"))?;
            let mut line = Line::new(code, quantity, "ud");
            line.price = quote.as_ref().and_then(|quote| quote.price);
            line.description = quote.map(|quote| quote.article.name);
            order.lines.push(line);
        }
        order.compute_amounts().map_err(|_| DemoError::Story("a small order has a sum"))?;
        let total = order.totals.total;
        self.engine.place_order(client, self.engine.new_record_id(), order)?;
        Ok(total)
    }

    pub(super) fn change_phone(&self, client: &ClientId, number: &str) -> Result<(), DemoError> {
        let phone = Value::Phone(PhoneNumber::parse(number, Some("ES"))).to_scalar();
        self.engine.edit_client(client, vec![edit("phone", phone)?])?;
        Ok(())
    }

    pub(super) fn change_terms(&self, client: &ClientId, terms: &str) -> Result<(), DemoError> {
        self.engine.edit_client(client, vec![edit("payment_terms", FieldValue::Text(terms.to_owned()))?])?;
        Ok(())
    }

    pub(super) fn new_client(&self, name: &str, city: &str) -> Result<ClientId, DemoError> {
        let address =
            Address { city: Some(city.to_owned()), country: Some("ES".to_owned()), ..Address::empty() };
        let fields = vec![
            edit("name", FieldValue::Text(name.to_owned()))?,
            edit("address", Value::Address(address).to_scalar())?,
        ];
        Ok(self.engine.create_client(NewClient { fields, territory: None })?)
    }
}

fn edit(key: &str, value: FieldValue) -> Result<ClientEdit, DemoError> {
    let key = FieldKey::new(key).map_err(|_| DemoError::Story("a known field"))?;
    Ok(ClientEdit { key, value: Some(value) })
}
