//! Coverage: which clients were visited within their interval, what was planned and done, which visits are overdue.
//!
//! A client's interval is its own, or that of its ABC class; a client with neither has none and is left out, counted. On
//! days on which the client is shut or its rep absent no time passes, so neither counts against anybody. A planned visit
//! that falls on such a day, or on a holiday, was not to be made; where somebody stands in for the rep, it was.

use std::collections::{BTreeMap, BTreeSet};

use super::abc::Class;
use super::figure::{Figure, Ratio};
use super::status::Status;
use super::window::Window;
use crate::model::{BusinessDate, ClientId, PersonId, RecordId, TerritoryId};
use crate::rows::relations::{Client, People, Visits};

/// What other figures say of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub status: Status,
    /// The best of its classes, where it has several by currency.
    pub class: Option<Class>,
}

/// Days within which clients of a class are to be visited, where they say nothing else; in the order of [`Class::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Intervals(pub [u32; 3]);

impl Default for Intervals {
    fn default() -> Self {
        Self([15, 30, 60])
    }
}

/// Nobody is overdue by more days than are counted.
const DAYS_COUNTED_MAX: i32 = 1_000;

/// When somebody could go where.
#[derive(Debug)]
pub struct Calendar<'a> {
    people: &'a People,
    reps: BTreeMap<TerritoryId, Option<PersonId>>,
}

impl<'a> Calendar<'a> {
    pub fn new(people: &'a People) -> Self {
        let reps = people.persons.values().flat_map(|person| &person.territories);
        let reps =
            reps.chain(people.territories.keys()).map(|territory| (*territory, people.rep_of(*territory)));
        Self { people, reps: reps.collect() }
    }

    /// The one rep who looks after a client.
    pub fn rep_of(&self, client: &Client) -> Option<PersonId> {
        client.territory.and_then(|territory| self.reps.get(&territory).copied().flatten())
    }

    fn is_absent(&self, person: PersonId, on: BusinessDate, covered_too: bool) -> bool {
        let from = self.people.absences.partition_point(|absent| absent.person < person);
        let of_person = self.people.absences[from..].iter().take_while(|absent| absent.person == person);
        of_person
            .into_iter()
            .any(|absent| (absent.from..=absent.to).contains(&on) && (covered_too || !absent.covered))
    }

    fn is_holiday(&self, territory: Option<TerritoryId>, on: BusinessDate) -> bool {
        let mut holidays = self.people.holidays.iter().filter(|holiday| holiday.date == on);
        holidays.any(|holiday| holiday.territory.is_none() || holiday.territory == territory)
    }

    /// Whether a visit that is planned for that day is to be made.
    fn is_workable(&self, client: &Client, person: Option<PersonId>, on: BusinessDate) -> bool {
        let absent = person.is_some_and(|person| self.is_absent(person, on, false));
        !absent && !self.is_holiday(client.territory, on) && !client.shut.contains(on)
    }

    /// Days after `from` up to `to` on which time passed for a client.
    fn open_days(&self, client: &Client, from: BusinessDate, to: BusinessDate) -> u32 {
        let days = to.days().saturating_sub(from.days()).clamp(0, DAYS_COUNTED_MAX);
        let person = self.rep_of(client);
        let away =
            person.is_some_and(|person| self.people.absences.iter().any(|absent| absent.person == person));
        if client.shut.spans.is_empty() && !away {
            return days.unsigned_abs();
        }
        let passes = |day: BusinessDate| {
            // Days of the week on which it never opens are part of the interval.
            let shut = client.shut.spans.iter().any(|span| span.contains(day));
            !shut && !person.is_some_and(|person| self.is_absent(person, day, true))
        };
        // The last of them, where there are more than are counted.
        (0..days).filter(|back| to.plus_days(-back).is_some_and(passes)).count() as u32
    }
}

/// Where a client stands with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    pub client: ClientId,
    pub interval_days: u32,
    /// Days on which time passed since the last visit, or since the client is known.
    pub since_days: u32,
    pub ever_visited: bool,
    pub territory: Option<TerritoryId>,
    pub rep: Option<PersonId>,
}

impl Due {
    pub const fn is_overdue(&self) -> bool {
        self.since_days > self.interval_days
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Every client with an interval, by id.
    pub due: Vec<Due>,
    /// Clients without an interval.
    pub left_out: u64,
}

/// Clients' intervals and their last visits. Closed clients are not to be visited.
pub fn coverage(
    clients: &BTreeMap<ClientId, Client>,
    standing: impl Fn(&ClientId) -> Standing,
    visits: &Visits,
    calendar: &Calendar<'_>,
    intervals: Intervals,
    as_of: BusinessDate,
) -> Coverage {
    let mut last: BTreeMap<ClientId, BusinessDate> = BTreeMap::new();
    for visit in visits.visited.iter().filter(|visit| !visit.otherwise) {
        last.insert(visit.client, visit.date); // by date: the last one stays
    }
    let mut found = Coverage::default();
    for (id, client) in clients {
        let standing = standing(id);
        if standing.status == Status::Closed {
            continue;
        }
        let interval = client.visit_every.or(standing.class.map(|class| intervals.0[class as usize]));
        let Some(interval_days) = interval else {
            found.left_out += 1;
            continue;
        };
        let visited = last.get(id).copied();
        let from = visited.unwrap_or(client.since);
        found.due.push(Due {
            client: *id,
            interval_days,
            since_days: calendar.open_days(client, from, as_of),
            ever_visited: visited.is_some(),
            territory: client.territory,
            rep: calendar.rep_of(client),
        });
    }
    found
}

impl Coverage {
    /// Clients whose first visit is not due yet say nothing.
    fn told(&self) -> impl Iterator<Item = &Due> {
        self.due.iter().filter(|due| due.ever_visited || due.is_overdue())
    }

    /// Share of clients visited within their interval; records are clients.
    pub fn clients(&self) -> Figure<Ratio> {
        self.share(|_| 1)
    }

    /// The same, each client weighted by what it brought, in minor units of one currency.
    pub fn weighted(&self, weight: impl Fn(&ClientId) -> i64) -> Figure<Ratio> {
        self.share(|client| weight(client).max(0).into())
    }

    fn share(&self, weight: impl Fn(&ClientId) -> i128) -> Figure<Ratio> {
        let (mut covered, mut all, mut records) = (0, 0, 0);
        for due in self.told() {
            let weight = weight(&due.client);
            all += weight;
            covered += if due.is_overdue() { 0 } else { weight };
            records += 1;
        }
        Ratio::figure(covered, all, records)
    }

    pub fn overdue(&self) -> impl Iterator<Item = &Due> {
        self.due.iter().filter(|due| due.is_overdue())
    }

    /// Overdue visits by a key of theirs.
    pub fn overdue_by<K: Ord>(&self, key: impl Fn(&Due) -> K) -> BTreeMap<K, u64> {
        let mut counts = BTreeMap::new();
        self.overdue().for_each(|due| *counts.entry(key(due)).or_default() += 1);
        counts
    }
}

/// Visits of the plan that were to be made, and those that were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PlanDone {
    pub planned: u64,
    pub done: u64,
}

impl PlanDone {
    pub fn ratio(self) -> Figure<Ratio> {
        Ratio::figure(self.done, self.planned, self.planned)
    }
}

/// Planned against done in a window, by who was to go. A visit of the plan is done where a visit or another contact
/// names it, or the client was visited that day all the same. One that was moved is planned for the
/// day that the last word on it says, one that was cancelled for none.
pub fn plan_done(
    clients: &BTreeMap<ClientId, Client>,
    visits: &Visits,
    calendar: &Calendar<'_>,
    window: Window,
) -> BTreeMap<Option<PersonId>, PlanDone> {
    // A rule is told apart by client too: a merged client keeps the rules of both.
    let mut named: BTreeSet<(&str, BusinessDate)> = BTreeSet::new();
    let mut carried_out = BTreeSet::new();
    let mut on_day: BTreeSet<(ClientId, BusinessDate)> = BTreeSet::new();
    for visit in &visits.visited {
        named.extend(visit.plan.as_ref().map(|plan| (plan.rule.as_str(), plan.date)));
        carried_out.extend(visit.carries_out);
        if !visit.otherwise {
            on_day.insert((visit.client, visit.date));
        }
    }
    // Several may have moved one visit: the last word counts.
    let moved: BTreeMap<(&str, BusinessDate), RecordId> = visits
        .planned
        .iter()
        .filter_map(|planned| Some((planned.moves.as_ref()?, planned.record)))
        .map(|(plan, record)| ((plan.rule.as_str(), plan.date), record))
        .collect();
    let mut by_person: BTreeMap<Option<PersonId>, PlanDone> = BTreeMap::new();
    let mut count = |person: Option<PersonId>, done: bool| {
        let of_person = by_person.entry(person).or_default();
        of_person.planned += 1;
        of_person.done += u64::from(done);
    };
    let days = (0..window.len_days()).filter_map(|day| window.from().plus_days(i32::try_from(day).ok()?));
    let days: Vec<BusinessDate> = days.collect();
    for rule in &visits.rules {
        let Some(client) = clients.get(&rule.client) else { continue };
        let person = rule.plan.person.or_else(|| calendar.rep_of(client));
        for day in days.iter().filter(|day| rule.plan.falls_on(**day)) {
            let name = (rule.key.as_str(), *day);
            let done = named.contains(&name) || on_day.contains(&(rule.client, *day));
            if done || !moved.contains_key(&name) && calendar.is_workable(client, person, *day) {
                count(person, done);
            }
        }
    }
    for planned in &visits.planned {
        let Some(on) = planned.on.filter(|on| window.contains(*on)) else { continue };
        let Some(client) = clients.get(&planned.client) else { continue };
        let original = planned.moves.as_ref().map(|plan| (plan.rule.as_str(), plan.date));
        let named_already = original.is_some_and(|name| named.contains(&name));
        let is_last_word = original.is_none_or(|name| moved.get(&name) == Some(&planned.record));
        let done = carried_out.contains(&planned.record) || on_day.contains(&(planned.client, on));
        let person = planned.person.or_else(|| calendar.rep_of(client));
        // One that was made under the name of the plan's visit counts with the rule.
        if !named_already && is_last_word && (done || calendar.is_workable(client, person, on)) {
            count(person, done);
        }
    }
    by_person
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::{client, date, known, window};
    use crate::model::access::Role;
    use crate::model::office::{Person, VisitPlan};
    use crate::model::profile::{ShutDays, ShutSpan};
    use crate::model::record::PlanKey;
    use crate::rows::relations::{Absent, Holiday, Planned, Rule, Visited};

    const ANA: PersonId = PersonId::from_bytes([0xa; 16]);
    const NORTH: TerritoryId = TerritoryId::from_bytes([1; 16]);

    fn people(absences: &[(&str, &str, bool)], holidays: &[(&str, Option<TerritoryId>)]) -> People {
        let ana = Person { territories: vec![NORTH], ..Person::new("Ana", Role::Rep) };
        let absent = |(from, to, covered): &(&str, &str, bool)| Absent {
            person: ANA,
            from: date(from),
            to: date(to),
            covered: *covered,
        };
        let holiday =
            |(on, territory): &(&str, Option<TerritoryId>)| Holiday { date: date(on), territory: *territory };
        People {
            persons: BTreeMap::from([(ANA, ana)]),
            territories: BTreeMap::from([(NORTH, "Norte".into())]),
            absences: absences.iter().map(absent).collect(),
            holidays: holidays.iter().map(holiday).collect(),
        }
    }

    fn visit(who: u8, on: &str) -> Visited {
        Visited {
            client: client(who),
            date: date(on),
            person: Some(ANA),
            otherwise: false,
            outcome: None,
            reason: None,
            plan: None,
            carries_out: None,
            with_order: false,
        }
    }

    fn at_home() -> Client {
        Client { territory: Some(NORTH), ..known() }
    }

    fn told(client: Client, people: &People, visited: Vec<Visited>, as_of: &str) -> Coverage {
        let visits = Visits { visited, ..Visits::default() };
        let clients = BTreeMap::from([(crate::metrics::testing::client(1), client)]);
        let standing = |_: &ClientId| Standing { status: Status::Active, class: Some(Class::A) };
        coverage(&clients, standing, &visits, &Calendar::new(people), Intervals::default(), date(as_of))
    }

    #[test]
    fn an_interval_holds_on_its_last_day_and_not_on_the_next() {
        let nobody = people(&[], &[]);
        let seen = || vec![visit(1, "2026-05-01")];
        for (as_of, interval, overdue) in [
            ("2026-05-16", None, false),
            ("2026-05-17", None, true),
            ("2026-05-17", Some(16), false), // its own
            ("2026-05-18", Some(16), true),
        ] {
            let of = told(Client { visit_every: interval, ..at_home() }, &nobody, seen(), as_of);
            assert_eq!(of.due[0].is_overdue(), overdue, "{as_of} {interval:?}");
            assert_eq!(of.due[0].rep, Some(ANA));
        }
        let call = Visited { otherwise: true, ..visit(1, "2026-05-10") };
        let of = told(at_home(), &nobody, vec![visit(1, "2026-05-01"), call], "2026-05-17");
        assert!(of.due[0].is_overdue(), "a call is no visit");
    }

    #[test]
    fn absences_and_shut_days_count_against_nobody() {
        let seen = || vec![visit(1, "2026-05-01")];
        let away = people(&[("2026-05-10", "2026-05-14", true)], &[]);
        assert_eq!(told(at_home(), &away, seen(), "2026-05-20").due[0].since_days, 14);
        let spans = vec![ShutSpan::new(date("2026-05-13"), date("2026-05-16"), false)];
        // Sundays are part of the interval.
        let shut = Client { shut: ShutDays::new(vec![7], spans), ..at_home() };
        assert_eq!(told(shut.clone(), &people(&[], &[]), seen(), "2026-05-20").due[0].since_days, 15);
        assert_eq!(told(shut, &away, seen(), "2026-05-20").due[0].since_days, 12);
    }

    #[test]
    fn coverage_is_counted_and_weighted() {
        let clients = BTreeMap::from([1, 2, 3, 4, 5, 6].map(|n| (client(n), at_home())));
        let clients = BTreeMap::from_iter(clients.into_iter().map(|(id, of)| match id.as_bytes()[0] {
            4 => (id, Client { since: date("2026-05-10"), ..of }), // its first visit is not due yet
            _ => (id, of),
        }));
        let standing = |id: &ClientId| match id.as_bytes()[0] {
            5 => Standing { status: Status::Closed, class: Some(Class::A) },
            6 => Standing { status: Status::Lead, class: None },
            _ => Standing { status: Status::Active, class: Some(Class::A) },
        };
        let visits =
            Visits { visited: vec![visit(1, "2026-05-10"), visit(2, "2026-04-01")], ..Visits::default() };
        let nobody = people(&[], &[]);
        let calendar = Calendar::new(&nobody);
        let found =
            coverage(&clients, standing, &visits, &calendar, Intervals::default(), date("2026-05-20"));
        // Visited in time; too long ago; never.
        assert_eq!(found.clients(), Figure::new(Ratio { part: 1, whole: 3 }, 3));
        let weight = |id: &ClientId| [900, 50, 50, 9_999][usize::from(id.as_bytes()[0]) - 1];
        assert_eq!(found.weighted(weight), Figure::new(Ratio { part: 900, whole: 1_000 }, 3));
        assert_eq!((found.left_out, found.overdue().count()), (1, 2));
        assert_eq!(found.overdue_by(|due| due.rep), BTreeMap::from([(Some(ANA), 2)]));
    }

    fn planned(people: &People, client_: Client, visits: Visits) -> (u64, u64) {
        let rule = VisitPlan::new(date("2026-05-01"), 1, vec![3]); // Wednesdays: 6, 13, 20, 27
        let rules = vec![Rule { client: client(1), key: "R".into(), plan: rule }];
        let clients = BTreeMap::from([(client(1), client_)]);
        let visits = Visits { rules, ..visits };
        let found = plan_done(&clients, &visits, &Calendar::new(people), window("2026-05-01", "2026-06-01"));
        found.get(&Some(ANA)).map_or((0, 0), |of| (of.planned, of.done))
    }

    #[test]
    fn planned_against_done() {
        let nobody = people(&[], &[]);
        let named = |on: &str, of: &str| Visited {
            plan: Some(PlanKey::new(client(1), "R", date(of))),
            ..visit(1, on)
        };
        let seen = |visited: Vec<Visited>| Visits { visited, ..Visits::default() };
        assert_eq!(planned(&nobody, at_home(), seen(vec![])), (4, 0));
        // On the day; by name, a day later; a day that nothing was planned for.
        let visited = vec![visit(1, "2026-05-06"), named("2026-05-14", "2026-05-13"), visit(1, "2026-05-22")];
        assert_eq!(planned(&nobody, at_home(), seen(visited.clone())), (4, 2));
        // A holiday, and an absence that somebody covers.
        let away = people(&[("2026-05-27", "2026-05-29", true)], &[("2026-05-20", None)]);
        assert_eq!(planned(&away, at_home(), seen(vec![])), (3, 0));
        let alone = people(&[("2026-05-27", "2026-05-29", false)], &[("2026-05-20", Some(NORTH))]);
        assert_eq!(planned(&alone, at_home(), seen(vec![])), (2, 0));
        assert_eq!(
            planned(
                &people(&[], &[("2026-05-20", Some(TerritoryId::from_bytes([9; 16])))]),
                at_home(),
                seen(vec![])
            ),
            (4, 0)
        );
        let shut = Client { shut: ShutDays::new(vec![3], vec![]), ..at_home() };
        assert_eq!(planned(&nobody, shut.clone(), seen(vec![])), (0, 0));
        assert_eq!(planned(&nobody, shut, seen(visited)), (2, 2), "what was made all the same counts");
    }

    #[test]
    fn a_visit_that_was_moved_is_planned_once() {
        let nobody = people(&[], &[]);
        let moved = |to: &str| Planned {
            client: client(1),
            record: RecordId::from_bytes([7; 16]),
            on: Some(date(to)),
            person: Some(ANA),
            moves: Some(PlanKey::new(client(1), "R", date("2026-05-06"))),
        };
        let with = |planned, visited| Visits { planned: vec![planned], visited, ..Visits::default() };
        assert_eq!(planned(&nobody, at_home(), with(moved("2026-05-08"), vec![])), (4, 0));
        let done = Visited { carries_out: Some(RecordId::from_bytes([7; 16])), ..visit(1, "2026-05-09") };
        assert_eq!(planned(&nobody, at_home(), with(moved("2026-05-08"), vec![done])), (4, 1));
        // It was carried out under the name of the plan's visit: one visit, not two.
        let named = Visited {
            plan: Some(PlanKey::new(client(1), "R", date("2026-05-06"))),
            ..visit(1, "2026-05-08")
        };
        assert_eq!(planned(&nobody, at_home(), with(moved("2026-05-08"), vec![named])), (4, 1));
        assert_eq!(
            planned(&nobody, at_home(), with(moved("2026-06-02"), vec![])),
            (3, 0),
            "out of the window"
        );
        let twice = |last: Planned| {
            let again = Planned { record: RecordId::from_bytes([8; 16]), ..last };
            Visits { planned: vec![moved("2026-05-08"), again], ..Visits::default() }
        };
        assert_eq!(planned(&nobody, at_home(), twice(moved("2026-05-11"))), (4, 0), "moved by two people");
        assert_eq!(planned(&nobody, at_home(), twice(moved("2026-06-02"))), (3, 0));
        let cancelled = Planned { on: None, ..moved("2026-05-08") };
        assert_eq!(planned(&nobody, at_home(), twice(cancelled)), (3, 0));
    }
}
