//! What to do today, and why: one list for a rep, without signal; the same on the relay.
//!
//! First the visits of the day, in the order of the round. Then everybody else who needs attention, by the most pressing
//! reason: what was promised (a declined order, tasks and next steps by how long they wait, visits that were missed by what
//! is at stake), then what is at stake, the greatest first, then what should not be forgotten. A client stands once, with
//! all its reasons.
//!
//! | reason | when | value at stake |
//! |---|---|---|
//! | declined order | the office did not take it and nobody has answered | |
//! | overdue visit | the plan's, or one planned by hand, and nobody was there since; whoever goes now makes up for it | net revenue of a usual week (`metrics::value`) for each visit of the rule that was missed since the last one |
//! | task | due today or before, however long ago | |
//! | next step | due today or before, until the next visit | |
//! | overdue balance | a due item is past its date | what is open of those |
//! | agreement that ends | nothing renewed it, and it ends within [`AGREEMENT_DAYS`] days, or its term of notice if that is longer, or ended within as many | what was to be bought under it |
//! | missed rhythm | `metrics::rhythm`, of who is active or dormant | a usual purchase for each slot that went by |
//! | falling volume | `metrics::falling` | what the last window brought less than the one that it is compared with |
//! | recovery | dormant or lost, since [`RECOVERY_MONTHS`] months at most, and something is to be done about it (`portfolio::recovery`): ask for the reason, offer, try again | |
//! | date worth remembering | within [`DATE_DAYS`] days | |
//! | contact data | neither lost nor closed, and nobody confirmed its contact data for six months (`metrics::contact_data`) | |
//!
//! What is told of a person leaves out visits and tasks that are somebody else's. What was put off (*Posponer*) stays away until its day, or for good.

mod agenda;
mod not_now;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension};

pub use not_now::NotNows;

use super::figures::Terms;
use super::recovery::{self, Next, Recovery};
use crate::metrics::Books;
use crate::metrics::client::Computer;
use crate::metrics::contact_data;
use crate::metrics::falling::Change;
use crate::metrics::rhythm::Rhythm;
use crate::metrics::status::Status;
use crate::metrics::value::weekly_net;
use crate::model::office::{KnownKind, OrderStage, Value};
use crate::model::record::{PlanKey, Subject};
use crate::model::{BusinessDate, ClientId, Money, PersonId, RecordId};
use crate::rows;
use crate::rows::aliases::Aliases;
use crate::rows::plan::{self, Calendar, PlannedVisit, Rule, Standing};
use crate::rows::relations::Reader;

/// Days before its end from which an agreement is told of, unless its term of notice is longer; and after it.
pub const AGREEMENT_DAYS: i32 = 30;
/// Days before a date worth remembering.
pub const DATE_DAYS: i32 = 7;
/// Months since it stopped being active for which a client is to be won back.
pub const RECOVERY_MONTHS: i32 = 12;

/// One client with what is to be done.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub client: ClientId,
    pub name: String,
    /// The visit of today, for those who have one.
    pub visit: Option<PlannedVisit>,
    /// The most pressing first.
    pub reasons: Vec<Reason>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    pub why: Why,
    /// The value at stake, where there is one.
    pub stake: Option<Money>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Why {
    /// An order that the office did not take.
    Declined {
        order: RecordId,
        reason: String,
    },
    /// A visit that was not made: of the plan, or planned by a record.
    Overdue {
        on: BusinessDate,
        key: Option<PlanKey>,
        record: Option<RecordId>,
    },
    Task {
        record: RecordId,
        what: String,
        due_on: BusinessDate,
    },
    NextStep {
        record: RecordId,
        what: String,
        on: BusinessDate,
    },
    /// Since the oldest of the due items that are overdue.
    Owes {
        since: BusinessDate,
    },
    AgreementEnds {
        record: RecordId,
        title: String,
        until: BusinessDate,
    },
    MissedRhythm(Rhythm),
    Falling(Change),
    /// Dormant or lost, and what is next.
    WinBack {
        status: Status,
        since: BusinessDate,
        /// Why it went, where somebody knows.
        reason: Option<recovery::Reason>,
        attempts: usize,
        next: Next,
    },
    Date {
        id: String,
        what: String,
        on: BusinessDate,
    },
    /// When the contact data were last confirmed.
    Unconfirmed {
        since: Option<BusinessDate>,
    },
}

/// How pressing a reason is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    Promised,
    AtStake,
    Remember,
}

impl Why {
    pub const fn urgency(&self) -> Urgency {
        match self {
            Self::Declined { .. } | Self::Overdue { .. } | Self::Task { .. } | Self::NextStep { .. } => {
                Urgency::Promised
            }
            Self::Owes { .. } | Self::AgreementEnds { .. } | Self::MissedRhythm(_) | Self::Falling(_) => {
                Urgency::AtStake
            }
            Self::WinBack { .. } | Self::Date { .. } | Self::Unconfirmed { .. } => Urgency::Remember,
        }
    }

    /// What a 'not now' about it names: the subject, and which one where a client may have several.
    pub fn subject(&self) -> (Subject, Option<String>) {
        match self {
            Self::Declined { order, .. } => (Subject::Order, Some(order.to_string())),
            Self::Overdue { key: Some(key), .. } => (Subject::Visit, Some(key.rule.clone())),
            Self::Overdue { record, .. } => (Subject::Visit, record.map(|record| record.to_string())),
            Self::Task { record, .. } | Self::NextStep { record, .. } => {
                (Subject::Task, Some(record.to_string()))
            }
            Self::Owes { .. } => (Subject::Debt, None),
            Self::AgreementEnds { record, .. } => (Subject::Agreement, Some(record.to_string())),
            Self::MissedRhythm(_) | Self::Falling(_) => (Subject::Warning, None),
            Self::WinBack { .. } => (Subject::WinBack, None),
            Self::Date { id, .. } => (Subject::Date, Some(id.clone())),
            Self::Unconfirmed { .. } => (Subject::ConfirmData, None),
        }
    }
}

/// The list for `person` at the start of `today`, or for everybody who is here where nobody is named.
///
/// # Errors
/// Where the rows cannot be read.
pub fn list(conn: &Connection, person: Option<&PersonId>, today: BusinessDate) -> rows::Result<Vec<Entry>> {
    list_among(conn, person, None, today)
}

/// The same of some clients alone, whose figures alone are computed; `None`: of everybody who is here.
///
/// # Errors
/// As [`list`].
pub fn list_among(
    conn: &Connection,
    person: Option<&PersonId>,
    among: Option<&BTreeSet<ClientId>>,
    today: BusinessDate,
) -> rows::Result<Vec<Entry>> {
    let terms = Terms::read(conn)?;
    let books = match among {
        Some(among) => terms.books_of(conn, among, today)?,
        None => terms.books(conn, today)?,
    };
    let mut found = Found { person, among, books: &books, reasons: BTreeMap::new() };
    let mut visits = visits(conn, person, today)?;
    visits.retain(|visit| found.is_among(&visit.client));
    let (calendar, rules) = (Calendar::read(conn)?, plan::rules(conn, None)?);
    found.overdue(conn, &calendar, &rules, today)?;
    agenda::read(conn, &calendar, &rules, &mut found, today)?;
    found.declined(conn)?;
    found.owing(conn, today)?;
    found.figures(conn, &terms, today)?;
    found.entries(conn, visits, today)
}

/// The visits of the day that are still to be made, in the order of the round.
fn visits(
    conn: &Connection,
    person: Option<&PersonId>,
    today: BusinessDate,
) -> rows::Result<Vec<PlannedVisit>> {
    let Some(tomorrow) = today.plus_days(1) else { return Ok(Vec::new()) };
    let mut visits = plan::between(conn, today, tomorrow)?;
    visits.retain(|visit| {
        visit.standing == Standing::Due && person.is_none_or(|person| visit.concerns(person))
    });
    Ok(visits)
}

/// Reasons by client, those that were merged into another with the other.
struct Found<'a> {
    person: Option<&'a PersonId>,
    among: Option<&'a BTreeSet<ClientId>>,
    books: &'a Books,
    reasons: BTreeMap<ClientId, Vec<Reason>>,
}

impl Found<'_> {
    fn is_among(&self, client: &ClientId) -> bool {
        self.among.is_none_or(|among| among.contains(client))
    }

    /// Whether it is the person's to do; what is nobody's in particular is everybody's.
    fn concerns(&self, people: &[PersonId]) -> bool {
        self.person.is_none_or(|person| people.is_empty() || people.contains(person))
    }

    fn add(&mut self, client: ClientId, why: Why, stake: Option<Money>) {
        if !self.is_among(&client) {
            return;
        }
        self.reasons.entry(client).or_default().push(Reason { why, stake });
    }

    /// What a client brings in so many usual weeks; where that is in several currencies, the greater amount.
    fn weeks(&self, client: ClientId, weeks: u32) -> Option<Money> {
        let own = self.books.of(client);
        let brought = own.by_currency.iter().filter_map(|days| {
            let week = weekly_net(days.purchases?, days.base.as_of())?;
            Some(Money::new(whole(week * f64::from(weeks)), days.base.currency()))
        });
        brought.max_by_key(|brought| brought.minor)
    }

    fn overdue(
        &mut self,
        conn: &Connection,
        calendar: &Calendar,
        rules: &[Rule],
        today: BusinessDate,
    ) -> rows::Result<()> {
        for rule in rules {
            if self.is_among(&rule.client)
                && let Some(overdue) = plan::overdue(conn, calendar, rule, today)?
                && self.concerns(&overdue.people)
            {
                let (on, stake) = (overdue.key.date, self.weeks(rule.client, overdue.missed));
                self.add(rule.client, Why::Overdue { on, key: Some(overdue.key), record: None }, stake);
            }
        }
        Ok(())
    }

    fn declined(&mut self, conn: &Connection) -> rows::Result<()> {
        let aliases = Aliases::read(conn)?;
        let sql = "SELECT key, client, value FROM office
                   WHERE kind = 'order_state' AND value IS NOT NULL AND client IS NOT NULL ORDER BY key";
        let mut statement = conn.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let value = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
            let Ok(Value::OrderState(state)) = Value::decode(&KnownKind::OrderState.into(), value) else {
                continue;
            };
            let key: String = row.get(0)?;
            if let (OrderStage::Declined, Ok(order)) = (state.stage, key.parse())
                && !is_taken_back(conn, &order)?
            {
                let reason = state.reason.unwrap_or_default();
                self.add(aliases.kept_of(row.get(1)?), Why::Declined { order, reason }, None);
            }
        }
        Ok(())
    }

    fn owing(&mut self, conn: &Connection, today: BusinessDate) -> rows::Result<()> {
        let mut overdue: BTreeMap<_, (i64, BusinessDate)> = BTreeMap::new();
        for due in rows::relations::dues_of(conn, today)? {
            if due.due < today && due.open > 0 {
                let (open, since) = overdue.entry((due.client, due.currency)).or_insert((0, due.due));
                (*open, *since) = (open.saturating_add(due.open), (*since).min(due.due));
            }
        }
        for ((client, currency), (open, since)) in overdue {
            self.add(client, Why::Owes { since }, Some(Money::new(open, currency)));
        }
        Ok(())
    }

    /// What figures say: missed rhythm, falling volume, recovery, contact data.
    fn figures(&mut self, conn: &Connection, terms: &Terms, today: BusinessDate) -> rows::Result<()> {
        let books = self.books;
        let confirmed = Reader::new(conn, today)?.confirmed()?;
        let (fresh, last) = (contact_data::fresh(&confirmed, today), contact_data::last(&confirmed));
        let mut computer = Computer::new(books, terms.fit.as_ref(), &terms.plan);
        for (client, known) in books.clients() {
            let figures = computer.of(*client, known);
            let is_open = matches!(figures.status, Status::Active | Status::Dormant);
            if !figures.status.is_gone() && !fresh.contains(client) {
                self.add(*client, Why::Unconfirmed { since: last.get(client).copied() }, None);
            }
            if matches!(figures.status, Status::Dormant | Status::Lost)
                && let Some(stretch) = recovery::of_books(terms, books, client, known).pop()
                && !is_long_ago(stretch.from, today)
            {
                let Recovery { stretch, reason, attempts, next } =
                    recovery::read(conn, client, stretch, today)?;
                if let Some(next) = next.filter(|next| next.is_due()) {
                    let (since, attempts) = (stretch.from, attempts.len());
                    let why = Why::WinBack { status: figures.status, since, reason, attempts, next };
                    self.add(*client, why, None);
                }
            }
            if let Some(rhythm) = figures.rhythm.value.ok().filter(|rhythm| is_open && rhythm.is_missed()) {
                let stakes = figures.by_currency.iter().filter_map(|of| {
                    let stake = figures.at_stake(of.currency)?;
                    Some(Money::new(whole(stake), of.currency))
                });
                let stake = stakes.max_by_key(|stake| stake.minor);
                self.add(*client, Why::MissedRhythm(rhythm), stake);
            }
            for of in figures.by_currency.iter().filter(|_| is_open) {
                if let Some(change) = of.falling.value.ok().filter(Change::is_falling) {
                    let stake = Money::new(i64::try_from(change.lost()).unwrap_or(i64::MAX), of.currency);
                    self.add(*client, Why::Falling(change), Some(stake));
                }
            }
        }
        Ok(())
    }

    /// Everybody once, in order; what was put off left out.
    fn entries(
        mut self,
        conn: &Connection,
        visits: Vec<PlannedVisit>,
        today: BusinessDate,
    ) -> rows::Result<Vec<Entry>> {
        let not_nows = NotNows::read(conn, today)?;
        let mut statement = conn.prepare_cached("SELECT name FROM clients WHERE id = ?1")?;
        let mut name = |client: &ClientId| statement.query_row([client], |row| row.get::<_, String>(0));
        let pressing = |reasons: Vec<Reason>, client: &ClientId| {
            let mut reasons: Vec<Reason> =
                reasons.into_iter().filter(|reason| !not_nows.holds(client, &reason.why.subject())).collect();
            reasons.sort_by_key(rank);
            reasons
        };
        let mut entries = Vec::new();
        for visit in visits {
            let client = visit.client;
            let subject = (Subject::Visit, visit.key.as_ref().map(|key| key.rule.clone()));
            if visit.record.is_none() && not_nows.holds(&client, &subject) {
                continue;
            }
            let reasons = pressing(self.reasons.remove(&client).unwrap_or_default(), &client);
            entries.push(Entry { client, name: name(&client)?, visit: Some(visit), reasons });
        }
        let mut others = Vec::new();
        for (client, reasons) in self.reasons {
            let reasons = pressing(reasons, &client);
            if !reasons.is_empty() {
                others.push(Entry { client, name: name(&client)?, visit: None, reasons });
            }
        }
        others.sort_by_cached_key(|entry| {
            (entry.reasons.first().map(rank), crate::rows::client::sort_name(&entry.name), entry.client)
        });
        entries.extend(others);
        Ok(entries)
    }
}

/// What reasons are ordered by. Amounts of two currencies are compared as numbers, for the order alone. What was promised
/// goes by word before what the plan asks for; what should not be forgotten by its sort, a date that is near first; all
/// else by what is at stake, then by how long it waits.
fn rank(reason: &Reason) -> impl Ord + use<> {
    let urgency = reason.why.urgency();
    let is_of_the_plan = matches!(reason.why, Why::Overdue { .. });
    let stake = std::cmp::Reverse(reason.stake.map_or(0, |stake| stake.minor));
    let (since, sort) = match &reason.why {
        Why::Declined { .. } => (None, 0),
        Why::Overdue { on, .. } => (Some(*on), 1),
        Why::Task { due_on, .. } => (Some(*due_on), 2),
        Why::NextStep { on, .. } => (Some(*on), 3),
        Why::Owes { since } => (Some(*since), 4),
        Why::AgreementEnds { until, .. } => (Some(*until), 5),
        Why::MissedRhythm(_) => (None, 6),
        Why::Falling(_) => (None, 7),
        Why::Date { on, .. } => (Some(*on), 8),
        Why::WinBack { since, .. } => (Some(*since), 9),
        Why::Unconfirmed { since } => (*since, 10),
    };
    let first = if urgency == Urgency::Remember { sort } else { 0 };
    (urgency, is_of_the_plan, stake, first, since, sort)
}

/// Whether the order is here and somebody took it back: that is an answer to its being declined.
fn is_taken_back(conn: &Connection, order: &RecordId) -> rows::Result<bool> {
    let sql = "SELECT NOT EXISTS (SELECT 1 FROM records s WHERE s.doc = r.doc AND s.family = r.family AND s.shown = 1)
               FROM records r WHERE r.id = ?1 AND r.kind = 'p'";
    let taken_back: Option<bool> =
        conn.prepare_cached(sql)?.query_row([order], |row| row.get(0)).optional()?;
    Ok(taken_back.unwrap_or(false))
}

/// Whether recovery is over by the calendar.
fn is_long_ago(from: BusinessDate, today: BusinessDate) -> bool {
    let end = from.civil().checked_add(jiff::Span::new().months(RECOVERY_MONTHS));
    end.is_ok_and(|end| end <= today.civil())
}

/// Minor units; nothing at stake is worth more than can be counted.
fn whole(minor: f64) -> i64 {
    libm::round(minor) as i64
}
