//! The visit plan (*rutero*): which visits its rules ask for, who is to make them, and what became of each.
//!
//! A rule is an office record of a client. The visits that it asks for follow from it, on phone and relay alike, and are
//! named by client, rule and date ([`PlanKey`]); nothing is stored of one until it is moved, cancelled or carried out, by
//! a record that names that key ([`marks`]). So a rep and whoever stands in never plan the same Monday twice. A holiday,
//! a day on which the client is shut, and an absence without a substitute take a visit off the plan, and nobody missed it.
//! One that somebody planned by hand, or moved, is to be made on a holiday and at a shut door too: whoever did so knew; only
//! where nobody is there to go it is not. What was missed is made up for by whoever goes now.

mod calendar;
mod marks;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Row, params};

pub use calendar::Calendar;
pub use marks::{Mark, Marks};

use super::aliases::Aliases;
use super::{Result, client};
use crate::model::office::{KnownKind, Value, VisitPlan};
use crate::model::profile::{self, ClientField, PlaceField, ShutDays};
use crate::model::record::{Body, Channel, Kind, PlanKey, Record};
use crate::model::{BusinessDate, ClientId, PartId, PersonId, RecordId, TerritoryId};

/// Most days that are asked for at once: a year and a day.
pub const DAYS_MAX: i32 = 366;

/// A rule of a client who is here and not closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The office's key; planned visits name it.
    pub key: String,
    /// Whose rule it is.
    pub of: ClientId,
    /// Who is to be visited: the client that was kept, where this one was merged.
    pub client: ClientId,
    /// Row of that client's document.
    pub doc: i64,
    pub territory: Option<TerritoryId>,
    /// Business date of the latest visit that was made.
    pub last_visit: Option<BusinessDate>,
    pub plan: VisitPlan,
}

impl Rule {
    /// The name of the visit that it asks for on that day.
    pub fn key_on(&self, date: BusinessDate) -> PlanKey {
        PlanKey::new(self.of, self.key.clone(), date)
    }

    fn visit(
        &self,
        key: PlanKey,
        date: BusinessDate,
        standing: Standing,
        people: Vec<PersonId>,
        stands_in_for: Option<PersonId>,
    ) -> PlannedVisit {
        PlannedVisit {
            client: self.client,
            doc: self.doc,
            date,
            minute: self.plan.minute,
            sequence: self.plan.sequence,
            channel: self.plan.channel,
            place: self.plan.place,
            key: Some(key),
            record: None,
            people,
            stands_in_for,
            standing,
        }
    }
}

/// Why a visit that a rule asks for is not to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Off {
    Holiday,
    /// The client is shut.
    Shut,
    /// Whoever is to go is away, and nobody stands in.
    Away,
}

/// How it stands with a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// To be made.
    Due,
    /// Something became of it: it was made, moved or cancelled.
    Marked(Mark),
    /// Not to be made, and missed by nobody.
    Off(Off),
}

/// A visit that a rule asks for, or that somebody planned by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedVisit {
    pub client: ClientId,
    pub doc: i64,
    pub date: BusinessDate,
    /// Minutes after midnight, local time.
    pub minute: Option<u32>,
    /// Place in the day's round.
    pub sequence: Option<u32>,
    /// Missing for a visit; a call where it says phone.
    pub channel: Option<Channel>,
    pub place: Option<PartId>,
    /// The visit of the plan that it is; missing for one that somebody planned by hand.
    pub key: Option<PlanKey>,
    /// The record by which it stands on this day, where one was made: planned by hand, or moved.
    pub record: Option<RecordId>,
    /// Who is to go; nobody in particular: whoever has the client.
    pub people: Vec<PersonId>,
    /// For whom, where the first of `people` stands in.
    pub stands_in_for: Option<PersonId>,
    pub standing: Standing,
}

impl PlannedVisit {
    /// Whether it is this person's to make.
    pub fn concerns(&self, person: &PersonId) -> bool {
        self.people.is_empty() || self.people.contains(person)
    }
}

/// Source of the rules that were accepted from ABC classes (`portfolio::visit_plan`). One sleeps while its client has any
/// other rule.
pub const OF_CLASSES: &str = "abc";

/// Without the rules that sleep. Each comes with whether it is one of [`OF_CLASSES`].
fn awake(rules: Vec<(Rule, bool)>) -> Vec<Rule> {
    let with_another: BTreeSet<ClientId> =
        rules.iter().filter(|(_, of_classes)| !of_classes).map(|(rule, _)| rule.client).collect();
    let is_awake = |(rule, of_classes): &(Rule, bool)| !of_classes || !with_another.contains(&rule.client);
    rules.into_iter().filter(is_awake).map(|(rule, _)| rule).collect()
}

/// The rules of all clients, or of one, by client and key. Those of a client that was merged go on for the one that was
/// kept.
pub fn rules(conn: &Connection, client: Option<&ClientId>) -> Result<Vec<Rule>> {
    let aliases = Aliases::read(conn)?;
    let sql = "SELECT o.key, o.client, o.value, c.id, c.doc, c.territory, c.last_visit, c.closed, o.source
               FROM office o JOIN clients c ON c.id = o.client
               WHERE o.kind = 'visit_plan' AND o.value IS NOT NULL";
    let mut found = Vec::new();
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let value = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        let Ok(Value::VisitPlan(plan)) = Value::decode(&KnownKind::VisitPlan.into(), value) else { continue };
        let (key, of) = (row.get(0)?, row.get(1)?);
        let place = match aliases.kept_of(of) {
            client if client == of => Some(Kept::read(row, 3)?),
            client => kept(conn, client)?,
        };
        let Some(kept) = place.filter(|kept| !kept.closed) else { continue };
        if client.is_none_or(|client| *client == kept.client) {
            let Kept { client, doc, territory, last_visit, .. } = kept;
            let of_classes = row.get_ref(8)?.as_str().map_err(rusqlite::Error::from)? == OF_CLASSES;
            found.push((Rule { key, of, client, doc, territory, last_visit, plan }, of_classes));
        }
    }
    let mut found = awake(found);
    found.sort_unstable_by(|one, other| {
        (one.client, &one.key, one.of).cmp(&(other.client, &other.key, other.of))
    });
    Ok(found)
}

/// What the plan needs to know of the client that is to be visited.
pub(crate) struct Kept {
    pub client: ClientId,
    pub doc: i64,
    pub territory: Option<TerritoryId>,
    pub last_visit: Option<BusinessDate>,
    pub closed: bool,
}

impl Kept {
    /// From id, doc, territory, last visit and closed, the first of them at `from`.
    pub(crate) fn read(row: &Row<'_>, from: usize) -> rusqlite::Result<Self> {
        Ok(Self {
            client: row.get(from)?,
            doc: row.get(from + 1)?,
            territory: row.get(from + 2)?,
            last_visit: row.get::<_, Option<i32>>(from + 3)?.and_then(BusinessDate::from_days),
            closed: row.get(from + 4)?,
        })
    }
}

/// The client that is kept, where it is here.
pub(crate) fn kept(conn: &Connection, client: ClientId) -> Result<Option<Kept>> {
    let sql = "SELECT id, doc, territory, last_visit, closed FROM clients WHERE id = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([client], |row| Kept::read(row, 0)).optional()?)
}

/// Every visit that falls on a day in `[from, to)`, [`DAYS_MAX`] days at most: those of the rules, however they stand, and
/// those that somebody planned for or moved to such a day. In the order of a round: by date, place in the round, time,
/// and client.
pub fn between(conn: &Connection, from: BusinessDate, to: BusinessDate) -> Result<Vec<PlannedVisit>> {
    planned(conn, None, from, to)
}

/// The same for one client.
pub fn of_client(
    conn: &Connection,
    client: &ClientId,
    from: BusinessDate,
    to: BusinessDate,
) -> Result<Vec<PlannedVisit>> {
    planned(conn, Some(client), from, to)
}

fn planned(
    conn: &Connection,
    client: Option<&ClientId>,
    from: BusinessDate,
    to: BusinessDate,
) -> Result<Vec<PlannedVisit>> {
    let (calendar, rules) = (Calendar::read(conn)?, rules(conn, client)?);
    let mut found = of_rules(conn, &calendar, &rules, &mut MarksOfDocuments::new(conn), from, to)?;
    found.extend(by_hand(conn, client, &calendar, &rules, from, to)?);
    found.sort_by(|one, other| round(one).cmp(&round(other)));
    Ok(found)
}

/// Every visit that the rules ask for on a day in `[from, to)`, and every one that was moved to such a day, as it was known
/// at the end of `as_of`; [`DAYS_MAX`] days at most. Those that somebody planned without a rule are not among them.
pub fn of_rules_as_of(
    conn: &Connection,
    from: BusinessDate,
    to: BusinessDate,
    as_of: BusinessDate,
) -> Result<Vec<PlannedVisit>> {
    let (calendar, rules) = (Calendar::read(conn)?, rules(conn, None)?);
    let mut marks = MarksOfDocuments { as_of, ..MarksOfDocuments::new(conn) };
    let mut found = of_rules(conn, &calendar, &rules, &mut marks, from, to)?;
    for rule in &rules {
        for (key, record, date) in marks.moved(rule)? {
            if (from..to).contains(&date) {
                let (standing, people, stands_in_for) = calendar.stands(calendar.people(rule), date);
                let moved = rule.visit(key, date, standing, people, stands_in_for);
                found.push(PlannedVisit { record: Some(record), ..moved });
            }
        }
    }
    Ok(found)
}

fn of_rules(
    conn: &Connection,
    calendar: &Calendar,
    rules: &[Rule],
    marks: &mut MarksOfDocuments<'_>,
    from: BusinessDate,
    to: BusinessDate,
) -> Result<Vec<PlannedVisit>> {
    let mut found = Vec::new();
    for rule in rules {
        for date in days(from, to).filter(|date| rule.plan.falls_on(*date)) {
            let key = rule.key_on(date);
            let (standing, people, stands_in_for) = match marks.of(rule, &key)? {
                Some(mark) => (Standing::Marked(mark), calendar.people(rule), None),
                None => stands(conn, calendar, rule, date)?,
            };
            found.push(rule.visit(key, date, standing, people, stands_in_for));
        }
    }
    Ok(found)
}

fn days(from: BusinessDate, to: BusinessDate) -> impl Iterator<Item = BusinessDate> {
    let count = to.days().saturating_sub(from.days()).clamp(0, DAYS_MAX);
    (0..count).map_while(move |day| from.plus_days(day))
}

/// What a round is ordered by; what has no place or no time comes last.
fn round(visit: &PlannedVisit) -> impl Ord {
    (
        visit.date,
        visit.sequence.unwrap_or(u32::MAX),
        visit.minute.unwrap_or(u32::MAX),
        visit.client,
        visit.record,
    )
}

/// How a visit stands of which nothing is stored, and who is to make it.
pub(crate) fn stands(
    conn: &Connection,
    calendar: &Calendar,
    rule: &Rule,
    date: BusinessDate,
) -> Result<(Standing, Vec<PersonId>, Option<PersonId>)> {
    let off = |off| Ok((Standing::Off(off), calendar.people(rule), None));
    if calendar.is_holiday(date, rule.territory.as_ref()) {
        return off(Off::Holiday);
    }
    if shut_days(conn, rule)?.is_some_and(|shut| shut.contains(date)) {
        return off(Off::Shut);
    }
    Ok(calendar.stands(calendar.people(rule), date))
}

/// When the place that the rule names is shut; where it says nothing, when the client is.
fn shut_days(conn: &Connection, rule: &Rule) -> Result<Option<ShutDays>> {
    let place = rule.plan.place.map(|place| profile::Key::Place(place, PlaceField::ShutDays));
    for key in place.into_iter().chain([profile::Key::Client(ClientField::ShutDays)]) {
        if let Some(profile::Value::ShutDays(shut)) = client::field(conn, rule.doc, &key)? {
            return Ok(Some(shut));
        }
    }
    Ok(None)
}

/// The latest visit that the rule asked for before `today` and that is still to be made, however long ago within
/// [`OVERDUE_DAYS`]: nothing became of it, nothing took it off the plan, and the client was not visited since. How many
/// were missed counts those before it too, back to the last visit.
pub fn overdue(
    conn: &Connection,
    calendar: &Calendar,
    rule: &Rule,
    today: BusinessDate,
) -> Result<Option<Overdue>> {
    let mut marks = MarksOfDocuments::new(conn);
    let mut found: Option<Overdue> = None;
    for date in (1..=OVERDUE_DAYS).map_while(|back| today.plus_days(-back)) {
        if rule.last_visit.is_some_and(|visit| visit >= date) || date < rule.plan.from {
            break;
        }
        if !rule.plan.falls_on(date) {
            continue;
        }
        let key = rule.key_on(date);
        if marks.of(rule, &key)?.is_some() {
            // What became of the latest one is the last word on the rule.
            let Some(_) = found else { return Ok(None) };
            continue;
        }
        if let (Standing::Due, ..) = stands(conn, calendar, rule, date)? {
            match &mut found {
                Some(overdue) => overdue.missed += 1,
                None => {
                    let people = calendar.who_makes_up(calendar.people(rule), today);
                    found = Some(Overdue { key, people, missed: 1 });
                }
            }
        }
    }
    Ok(found)
}

/// How far back a visit can be overdue; what is longer ago is no news.
pub const OVERDUE_DAYS: i32 = 92;

/// A visit that should have been made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overdue {
    pub key: PlanKey,
    /// Who is to make up for it, whoever missed it.
    pub people: Vec<PersonId>,
    /// Visits of the rule that were missed since the client was last visited, this one among them.
    pub missed: u32,
}

/// Whose a visit is that is a record, absences aside: one that was moved is still whose the rule says.
fn people_by_hand(
    calendar: &Calendar,
    rule: Option<&Rule>,
    territory: Option<&TerritoryId>,
) -> Vec<PersonId> {
    rule.map_or_else(|| calendar.reps_of(territory), |rule| calendar.people(rule))
}

/// The rule whose visit was moved.
fn rule_of<'r>(rules: &'r [Rule], moved: Option<&PlanKey>) -> Option<&'r Rule> {
    let key = moved?;
    rules.iter().find(|rule| rule.of == key.client && rule.key == key.rule)
}

/// Who is to make up on `today` for a visit that is a record and was not made on its day.
pub fn who_makes_up(
    calendar: &Calendar,
    rules: &[Rule],
    moved: Option<&PlanKey>,
    territory: Option<&TerritoryId>,
    today: BusinessDate,
) -> Vec<PersonId> {
    calendar.who_makes_up(people_by_hand(calendar, rule_of(rules, moved), territory), today)
}

/// Planned visits that are records: planned by hand, or moved to a day of the window.
fn by_hand(
    conn: &Connection,
    client: Option<&ClientId>,
    calendar: &Calendar,
    rules: &[Rule],
    from: BusinessDate,
    to: BusinessDate,
) -> Result<Vec<PlannedVisit>> {
    let aliases = Aliases::read(conn)?;
    let sql = "SELECT c.id, c.doc, g.date, r.root, r.value, c.territory
               FROM agenda g JOIN records r ON r.record = g.record JOIN clients c ON c.doc = g.doc
               WHERE g.what = 'visit' AND g.date >= ?1 AND g.date < ?2 AND r.kind = 'v' AND r.shown = 1";
    let to = to.days().min(from.days().saturating_add(DAYS_MAX));
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![from.days(), to])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let of = aliases.kept_of(row.get(0)?);
        if client.is_some_and(|client| *client != of) {
            continue;
        }
        let value = row.get_ref(4)?.as_blob().map_err(rusqlite::Error::from)?;
        let Ok(Record { body: Body::Visit(visit), .. }) = Record::decode(Kind::Visit, value) else {
            continue;
        };
        let Some(date) = BusinessDate::from_days(row.get(2)?) else { continue };
        let rule = rule_of(rules, visit.plan.as_ref());
        let territory: Option<TerritoryId> = row.get(5)?;
        let people = people_by_hand(calendar, rule, territory.as_ref());
        let (standing, people, stands_in_for) = calendar.stands(people, date);
        found.push(PlannedVisit {
            client: of,
            doc: row.get(1)?,
            date,
            minute: visit.due_minute,
            sequence: rule.and_then(|rule| rule.plan.sequence),
            channel: rule.and_then(|rule| rule.plan.channel),
            place: rule.and_then(|rule| rule.plan.place),
            key: visit.plan,
            record: Some(row.get(3)?),
            people,
            stands_in_for,
            standing,
        });
    }
    Ok(found)
}

/// Marks of documents, each read once.
struct MarksOfDocuments<'c> {
    conn: &'c Connection,
    as_of: BusinessDate,
    read: BTreeMap<i64, Marks>,
}

impl<'c> MarksOfDocuments<'c> {
    const fn new(conn: &'c Connection) -> Self {
        Self { conn, as_of: BusinessDate::MAX, read: BTreeMap::new() }
    }

    /// What became of a visit: it may be noted with the client that was kept, or with the one whose rule it is.
    fn of(&mut self, rule: &Rule, key: &PlanKey) -> Result<Option<Mark>> {
        let mark = self.at(rule.doc)?.of(key);
        match self.own(rule)? {
            Some(own) if mark.is_none() => Ok(self.at(own)?.of(key)),
            _ => Ok(mark),
        }
    }

    /// Visits of the rule that were moved, by the word that counts.
    fn moved(&mut self, rule: &Rule) -> Result<Vec<(PlanKey, RecordId, BusinessDate)>> {
        let mut found: Vec<_> = self.at(rule.doc)?.moved().collect();
        if let Some(own) = self.own(rule)? {
            found.extend(self.at(own)?.moved());
        }
        let mut kept = Vec::new();
        for (key, by, to) in found {
            let is_of_rule = key.client == rule.of && key.rule == rule.key;
            if is_of_rule && self.of(rule, &key)? == Some(Mark::Moved { by, to }) {
                kept.push((key, by, to));
            }
        }
        Ok(kept)
    }

    /// The document of the client whose rule it is, where it was merged.
    fn own(&self, rule: &Rule) -> Result<Option<i64>> {
        if rule.of == rule.client {
            return Ok(None);
        }
        Ok(super::Document::find(self.conn, &rule.of.into())?.map(|own| own.row))
    }

    fn at(&mut self, doc: i64) -> Result<&Marks> {
        Ok(match self.read.entry(doc) {
            std::collections::btree_map::Entry::Occupied(read) => read.into_mut(),
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(Marks::read_as_of(self.conn, doc, self.as_of)?)
            }
        })
    }
}
