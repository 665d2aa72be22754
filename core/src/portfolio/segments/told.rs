//! What rules ask of a client and no column holds: figures, told once for all clients by the code that tells them
//! everywhere else. SQL asks for them by a function.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::Connection;
use rusqlite::types::Value as Sql;

use super::fields::{Column, Field, Source, text};
use crate::metrics::coverage as visits;
use crate::metrics::life_cycle::{Stage, life_cycle};
use crate::metrics::modes::modes;
use crate::metrics::payment::payment;
use crate::metrics::status::Status;
use crate::metrics::{Books, Report, Window, contact_data};
use crate::model::record::{LossReason, Mode, Survey};
use crate::model::{BusinessDate, ClientId, Currency};
use crate::portfolio::coverage;
use crate::portfolio::figures::Terms;
use crate::rows;
use crate::rows::plan::Calendar;
use crate::rows::relations::{Agreed, Client, Credit, Due, People, Reader};

/// A field as a rule names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Need {
    pub field: &'static Field,
    /// Of an amount; `None` where it is asked whether there is any.
    pub currency: Option<Currency>,
    /// The last days, where the field is about those.
    pub days: Option<u32>,
}

/// Values by client, for each need in its place.
#[derive(Debug, Default)]
pub(super) struct Told(Vec<HashMap<ClientId, Sql>>);

/// What is known of one client beside its days of sales; only what a need is about is there.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Facts<'a> {
    pub currency: Option<Currency>,
    pub client: Option<&'a Client>,
    pub territory: Option<&'a str>,
    pub rep: Option<&'a str>,
    pub mode: Option<Mode>,
    /// Of a client that is closed now.
    pub loss: Option<LossReason>,
    /// The earliest end of an agreement in force that nothing renews.
    pub agreement_until: Option<BusinessDate>,
    pub confirmed: Option<BusinessDate>,
    pub is_fresh: bool,
    pub credit: Option<&'a Credit>,
    /// The latest answer.
    pub nps: Option<u32>,
    pub due: Option<&'a visits::Due>,
}

/// How much was done in a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Done {
    pub visits: i64,
    /// Calls and messages.
    pub contacts: i64,
    pub orders: i64,
}

/// Months of payments that days to pay are told of.
const PAYMENT_MONTHS: u32 = 12;

impl Told {
    pub(super) fn of(&self, need: usize, client: &ClientId) -> Sql {
        self.0.get(need).and_then(|told| told.get(client)).cloned().unwrap_or(Sql::Null)
    }

    pub(super) fn read(conn: &Connection, needs: &[Need], today: BusinessDate) -> rows::Result<Self> {
        if needs.is_empty() {
            return Ok(Self::default());
        }
        let sources = Sources::read(conn, needs, today)?;
        needs.iter().map(|need| sources.told(need)).collect::<rows::Result<_>>().map(Self)
    }
}

/// What the needs are told from, each read once.
struct Sources<'c> {
    conn: &'c Connection,
    today: BusinessDate,
    books: Option<Books>,
    report: Option<Report>,
    clients: BTreeMap<ClientId, Client>,
    people: People,
    dues: Vec<Due>,
    credits: Vec<Credit>,
}

impl<'c> Sources<'c> {
    fn read(conn: &'c Connection, needs: &[Need], today: BusinessDate) -> rows::Result<Self> {
        let any = |is: fn(&Column) -> bool| needs.iter().any(|need| is(&need.field.column));
        let mut of = Self {
            conn,
            today,
            books: None,
            report: None,
            clients: BTreeMap::new(),
            people: People::default(),
            dues: Vec::new(),
            credits: Vec::new(),
        };
        let reader = Reader::new(conn, today)?;
        let with_report = any(|column| {
            matches!(
                column,
                Column::Figure(_) | Column::LifeCycle | Column::Fact(Source::Standing | Source::Coverage, _)
            )
        });
        if with_report || any(|column| matches!(column, Column::Revenue)) {
            let terms = Terms::read(conn)?;
            let books = terms.books(conn, today)?;
            of.report = with_report.then(|| Report::of(&books, terms.fit.as_ref(), &terms.plan));
            of.books = Some(books);
        }
        if any(|column| matches!(column, Column::Fact(Source::Profile | Source::Coverage, _))) {
            (of.clients, of.people) = (reader.clients()?, reader.people()?);
        }
        if any(|column| matches!(column, Column::Payment(_) | Column::Fact(Source::Credit, _))) {
            (of.dues, of.credits) = reader.dues()?;
        }
        Ok(of)
    }

    fn told(&self, need: &Need) -> rows::Result<HashMap<ClientId, Sql>> {
        match need.field.column {
            Column::Figure(get) => {
                let clients = self.report.iter().flat_map(|report| &report.clients);
                Ok(clients.map(|of| (of.client, get(of, need.currency))).collect())
            }
            Column::LifeCycle => {
                let clients = self.report.iter().flat_map(|report| &report.clients);
                let stage = |of| text(life_cycle(of, self.today).stage.map(Stage::as_str));
                Ok(clients.map(|of| (of.client, stage(of))).collect())
            }
            Column::Payment(get) => Ok(self.payments(need.currency, get)),
            Column::Fact(source, get) => self.facts(source, need.currency, get),
            Column::Within(get) => self.done(need.days.unwrap_or(0), get),
            Column::Revenue => Ok(self.revenue(need.currency, need.days.unwrap_or(0))),
            Column::Client(_) | Column::DaysSince(_) | Column::DaysUntil(_) | Column::Keys(_) => {
                Ok(HashMap::new())
            }
        }
    }

    fn payments(
        &self,
        currency: Option<Currency>,
        get: fn(&crate::metrics::payment::Payment) -> Sql,
    ) -> HashMap<ClientId, Sql> {
        let mut found: HashMap<ClientId, Sql> = HashMap::new();
        let Some(window) = Window::months(self.today, PAYMENT_MONTHS, 0) else { return found };
        let mut by_client: BTreeMap<(ClientId, Currency), Vec<&Due>> = BTreeMap::new();
        for due in self.dues.iter().filter(|due| currency.is_none_or(|currency| due.currency == currency)) {
            by_client.entry((due.client, due.currency)).or_default().push(due);
        }
        for ((client, currency), dues) in by_client {
            let told = get(&payment(dues, currency, window, self.today));
            // Without a currency, the one that comes first and says anything.
            let kept = found.entry(client).or_insert(Sql::Null);
            if *kept == Sql::Null {
                *kept = told;
            }
        }
        found
    }

    fn facts(
        &self,
        source: Source,
        currency: Option<Currency>,
        get: fn(&Facts<'_>) -> Sql,
    ) -> rows::Result<HashMap<ClientId, Sql>> {
        let mut facts: BTreeMap<ClientId, Facts<'_>> = BTreeMap::new();
        let reader = Reader::new(self.conn, self.today)?;
        let told = |facts: BTreeMap<ClientId, Facts<'_>>| {
            facts.into_iter().map(|(client, of)| (client, get(&Facts { currency, ..of }))).collect()
        };
        match source {
            Source::Profile => {
                let calendar = Calendar::of(&self.people);
                for (id, client) in &self.clients {
                    let of = facts.entry(*id).or_default();
                    of.client = Some(client);
                    let territory = client.territory.and_then(|id| self.people.territories.get(&id));
                    of.territory = territory.map(String::as_str);
                    let rep = calendar
                        .rep_of(client.territory.as_ref())
                        .and_then(|rep| self.people.persons.get(&rep));
                    of.rep = rep.map(|rep| rep.name.as_str());
                }
                Ok(told(facts))
            }
            Source::Standing => {
                let (closed, agreements, set) = (reader.closed()?, reader.agreements()?, reader.modes()?);
                let statuses: Vec<(ClientId, Status)> = self
                    .report
                    .iter()
                    .flat_map(|report| &report.clients)
                    .map(|of| (of.client, of.status))
                    .collect();
                for (client, looked) in modes(statuses.iter().copied(), &agreements, &set, self.today) {
                    facts.entry(client).or_default().mode = Some(looked.mode);
                }
                let is_closed: BTreeSet<ClientId> = statuses
                    .iter()
                    .filter(|(_, status)| *status == Status::Closed)
                    .map(|(client, _)| *client)
                    .collect();
                // By date: the last one stays.
                for closed in closed.iter().filter(|closed| is_closed.contains(&closed.client)) {
                    facts.entry(closed.client).or_default().loss = Some(closed.reason);
                }
                for (client, until) in ends(&agreements, self.today) {
                    facts.entry(client).or_default().agreement_until = Some(until);
                }
                Ok(told(facts))
            }
            Source::Confirmed => {
                let confirmed = reader.confirmed()?;
                let fresh = contact_data::fresh(&confirmed, self.today);
                let mut statement =
                    self.conn.prepare_cached("SELECT id FROM clients WHERE alias_of IS NULL")?;
                for client in statement.query_map([], |row| row.get::<_, ClientId>(0))? {
                    let client = client?;
                    facts.entry(client).or_default().is_fresh = fresh.contains(&client);
                }
                for (client, date) in contact_data::last(&confirmed) {
                    facts.entry(client).or_default().confirmed = Some(date);
                }
                Ok(told(facts))
            }
            Source::Credit => {
                for credit in &self.credits {
                    facts.entry(credit.client).or_default().credit = Some(credit);
                }
                Ok(told(facts))
            }
            Source::Voice => {
                for answered in reader.answers()?.iter().filter(|of| of.said.survey == Survey::Nps) {
                    let score = answered.said.answers.first().map(|answer| answer.score);
                    facts.entry(answered.client).or_default().nps = score;
                }
                Ok(told(facts))
            }
            Source::Coverage => {
                let Some(report) = &self.report else { return Ok(HashMap::new()) };
                let coverage = coverage::of(&reader, &self.clients, &self.people, report, self.today)?;
                for due in &coverage.due {
                    facts.entry(due.client).or_default().due = Some(due);
                }
                Ok(told(facts))
            }
        }
    }

    fn done(&self, days: u32, get: fn(&Done) -> i64) -> rows::Result<HashMap<ClientId, Sql>> {
        let mut done: HashMap<ClientId, Done> = HashMap::new();
        let mut statement = self.conn.prepare_cached("SELECT id FROM clients WHERE alias_of IS NULL")?;
        for client in statement.query_map([], |row| row.get::<_, ClientId>(0))? {
            done.insert(client?, Done::default());
        }
        if let Some(window) = Window::days(self.today, days, 0) {
            let visits = Reader::new(self.conn, self.today)?.since(window.from()).visits()?;
            for visit in visits.visited {
                let of = done.entry(visit.client).or_default();
                *(if visit.otherwise { &mut of.contacts } else { &mut of.visits }) += 1;
            }
            for ordered in visits.ordered {
                done.entry(ordered.client).or_default().orders += 1;
            }
        }
        Ok(done.into_iter().map(|(client, of)| (client, Sql::Integer(get(&of)))).collect())
    }

    /// Nothing where the window reaches before complete sales; 0 of who bought nothing in it.
    fn revenue(&self, currency: Option<Currency>, days: u32) -> HashMap<ClientId, Sql> {
        let (Some(books), Some(window)) = (&self.books, Window::days(self.today, days, 0)) else {
            return HashMap::new();
        };
        if books.history_start().is_none_or(|start| window.from() < start) {
            return HashMap::new();
        }
        let mut found: HashMap<ClientId, i128> = books.clients().map(|(client, _)| (*client, 0)).collect();
        for base in books.bases().filter(|base| currency == Some(base.currency())) {
            for (client, purchases) in base.iter() {
                *found.entry(client).or_default() += purchases.within(window).net();
            }
        }
        let minor = |net: i128| i64::try_from(net).map_or(Sql::Null, Sql::Integer);
        found.into_iter().map(|(client, net)| (client, minor(net))).collect()
    }
}

/// When agreements in force end that have an end and that no other one renews; of several of a client, the first.
fn ends(agreements: &[Agreed], as_of: BusinessDate) -> BTreeMap<ClientId, BusinessDate> {
    let mut found: BTreeMap<ClientId, BusinessDate> = BTreeMap::new();
    for of in crate::metrics::modes::in_force(agreements, as_of) {
        let Some(until) = of.agreement.until else { continue };
        let end = found.entry(of.client).or_insert(until);
        *end = (*end).min(until);
    }
    found
}
