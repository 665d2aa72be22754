//! Coverage: which clients were visited within their interval, what was planned and done, which visits are overdue.
//!
//! A client's interval is its own, or, unless it is lost, that of its ABC class; a client with neither has none and is left
//! out, counted. On days on which the client is shut or its rep absent no time passes, so neither counts against anybody. Which visits were
//! planned for a day, and whose they were, is the visit plan's to say (`rows::plan`).

use std::collections::{BTreeMap, BTreeSet};

use super::abc::Class;
use super::figure::{Figure, Ratio};
use super::status::Status;
use super::window::Window;
use crate::model::{BusinessDate, ClientId, PersonId, RecordId, TerritoryId};
use crate::rows::plan::{self, Calendar, Mark, PlannedVisit};
use crate::rows::relations::{Client, Visits};

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

/// Days after `from` up to `to` on which time passed for a client.
fn open_days(calendar: &Calendar, client: &Client, from: BusinessDate, to: BusinessDate) -> u32 {
    let days = to.days().saturating_sub(from.days()).clamp(0, DAYS_COUNTED_MAX);
    let rep = calendar.rep_of(client.territory.as_ref()).filter(|rep| !calendar.absences(rep).is_empty());
    if client.shut.spans.is_empty() && rep.is_none() {
        return days.unsigned_abs();
    }
    let passes = |day: BusinessDate| {
        // Days of the week on which it never opens are part of the interval.
        let shut = client.shut.spans.iter().any(|span| span.contains(day));
        !shut && !rep.is_some_and(|rep| calendar.is_away(&rep, day))
    };
    // The last of them, where there are more than are counted.
    (0..days).filter(|back| to.plus_days(-back).is_some_and(passes)).count() as u32
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
    calendar: &Calendar,
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
        let class = standing.class.filter(|_| !standing.status.is_gone());
        let interval = client.visit_every.or(class.map(|class| intervals.0[class as usize]));
        let Some(interval_days) = interval else {
            found.left_out += 1;
            continue;
        };
        let visited = last.get(id).copied();
        let from = visited.unwrap_or(client.since);
        found.due.push(Due {
            client: *id,
            interval_days,
            since_days: open_days(calendar, client, from, as_of),
            ever_visited: visited.is_some(),
            territory: client.territory,
            rep: calendar.rep_of(client.territory.as_ref()),
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

/// Planned against done in a window, by whose visit it was: those of the plan as `rows::plan` tells them, and those that
/// somebody planned without a rule.
///
/// A visit of the plan is done where something stands for it, or the client was visited that day all the same. One that was
/// moved is planned for the day that the last word on it says, one that was cancelled for none, and one that nobody was to
/// make counts where it was made.
pub fn plan_done(
    planned: &[PlannedVisit],
    clients: &BTreeMap<ClientId, Client>,
    visits: &Visits,
    calendar: &Calendar,
    window: Window,
) -> BTreeMap<Option<PersonId>, PlanDone> {
    let carried_out: BTreeSet<RecordId> = visits.visited.iter().filter_map(|of| of.carries_out).collect();
    let visited = visits.visited.iter().filter(|visit| !visit.otherwise);
    let on_day: BTreeSet<(ClientId, BusinessDate)> =
        visited.map(|visit| (visit.client, visit.date)).collect();
    let mut by_person: BTreeMap<Option<PersonId>, PlanDone> = BTreeMap::new();
    let mut count = |person: Option<PersonId>, done: bool| {
        let of_person = by_person.entry(person).or_default();
        of_person.planned += 1;
        of_person.done += u64::from(done);
    };
    for visit in planned {
        let is_there = on_day.contains(&(visit.client, visit.date));
        let done = match visit.standing {
            plan::Standing::Due => is_there,
            plan::Standing::Off(_) if is_there => true,
            plan::Standing::Marked(Mark::Done(_)) => true,
            plan::Standing::Off(_) | plan::Standing::Marked(_) => continue,
        };
        count(visit.stands_in_for.or_else(|| sole(&visit.people)), done);
    }
    for visit in visits.planned.iter().filter(|visit| visit.moves.is_none()) {
        let Some(on) = visit.on.filter(|on| window.contains(*on)) else { continue };
        let territory = clients.get(&visit.client).and_then(|client| client.territory.as_ref());
        let (standing, people, stands_in_for) = calendar.stands(calendar.reps_of(territory), on);
        let done = carried_out.contains(&visit.record) || on_day.contains(&(visit.client, on));
        if done || standing == plan::Standing::Due {
            count(stands_in_for.or_else(|| sole(&people)).or(visit.person), done);
        }
    }
    by_person
}

fn sole(people: &[PersonId]) -> Option<PersonId> {
    match people {
        [person] => Some(*person),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::{client, date, known, window};
    use crate::model::access::Role;
    use crate::model::office::Person;
    use crate::model::profile::{ShutDays, ShutSpan};
    use crate::model::record::PlanKey;
    use crate::rows::plan::Off;
    use crate::rows::relations::{Absent, Holiday, People, Planned, Visited};

    const ANA: PersonId = PersonId::from_bytes([0xa; 16]);
    const LUIS: PersonId = PersonId::from_bytes([0xb; 16]);
    const NORTH: TerritoryId = TerritoryId::from_bytes([1; 16]);

    fn people(absences: &[(&str, &str, bool)], holidays: &[(&str, Option<TerritoryId>)]) -> People {
        let ana = Person { territories: vec![NORTH], ..Person::new("Ana", Role::Rep) };
        let absent = |(from, to, covered): &(&str, &str, bool)| Absent {
            person: ANA,
            from: date(from),
            to: date(to),
            cover: covered.then_some(LUIS),
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
        coverage(&clients, standing, &visits, &Calendar::of(people), Intervals::default(), date(as_of))
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
        let clients = BTreeMap::from([1, 2, 3, 4, 5, 6, 7].map(|n| (client(n), at_home())));
        let clients = BTreeMap::from_iter(clients.into_iter().map(|(id, of)| match id.as_bytes()[0] {
            4 => (id, Client { since: date("2026-05-10"), ..of }), // its first visit is not due yet
            _ => (id, of),
        }));
        let standing = |id: &ClientId| match id.as_bytes()[0] {
            5 => Standing { status: Status::Closed, class: Some(Class::A) },
            6 => Standing { status: Status::Lead, class: None },
            7 => Standing { status: Status::Lost, class: Some(Class::A) },
            _ => Standing { status: Status::Active, class: Some(Class::A) },
        };
        let visits =
            Visits { visited: vec![visit(1, "2026-05-10"), visit(2, "2026-04-01")], ..Visits::default() };
        let nobody = people(&[], &[]);
        let calendar = Calendar::of(&nobody);
        let found =
            coverage(&clients, standing, &visits, &calendar, Intervals::default(), date("2026-05-20"));
        // Visited in time; too long ago; never.
        assert_eq!(found.clients(), Figure::new(Ratio { part: 1, whole: 3 }, 3));
        let weight = |id: &ClientId| [900, 50, 50, 9_999][usize::from(id.as_bytes()[0]) - 1];
        assert_eq!(found.weighted(weight), Figure::new(Ratio { part: 900, whole: 1_000 }, 3));
        assert_eq!((found.left_out, found.overdue().count()), (2, 2));
        assert_eq!(found.overdue_by(|due| due.rep), BTreeMap::from([(Some(ANA), 2)]));
        // One that is lost is visited where somebody said how often.
        let own = Client { visit_every: Some(7), ..at_home() };
        let lost = |_: &ClientId| Standing { status: Status::Lost, class: Some(Class::A) };
        let clients = BTreeMap::from([(client(1), own)]);
        let found = coverage(&clients, lost, &visits, &calendar, Intervals::default(), date("2026-05-20"));
        assert_eq!(found.due[0].interval_days, 7);
    }

    fn rule(on: &str, standing: plan::Standing) -> PlannedVisit {
        PlannedVisit {
            client: client(1),
            doc: 1,
            date: date(on),
            minute: None,
            sequence: None,
            channel: None,
            place: None,
            key: Some(PlanKey::new(client(1), "R", date(on))),
            record: None,
            people: vec![ANA],
            stands_in_for: None,
            standing,
        }
    }

    #[test]
    fn planned_against_done_is_what_the_plan_says() {
        let (by, to) = (RecordId::from_bytes([7; 16]), date("2026-05-08"));
        let marked = plan::Standing::Marked;
        let planned = [
            rule("2026-05-04", plan::Standing::Due),
            rule("2026-05-05", plan::Standing::Due), // visited that day
            rule("2026-05-06", marked(Mark::Moved { by, to })),
            PlannedVisit { record: Some(by), ..rule("2026-05-08", plan::Standing::Due) },
            rule("2026-05-11", marked(Mark::Done(by))),
            rule("2026-05-12", marked(Mark::Cancelled(by))), // visited all the same: for something else
            rule("2026-05-13", plan::Standing::Off(Off::Holiday)),
            rule("2026-05-14", plan::Standing::Off(Off::Shut)), // visited all the same
            // Luis goes for Ana; it is her visit. Of two, nobody's in particular.
            PlannedVisit {
                people: vec![LUIS],
                stands_in_for: Some(ANA),
                ..rule("2026-05-15", plan::Standing::Due)
            },
            PlannedVisit { people: vec![ANA, LUIS], ..rule("2026-05-18", plan::Standing::Due) },
        ];
        let visited = ["2026-05-05", "2026-05-12", "2026-05-14"].map(|on| visit(1, on)).to_vec();
        let call = Visited { otherwise: true, ..visit(1, "2026-05-04") };
        let visits = Visits { visited: [visited, vec![call]].concat(), ..Visits::default() };
        let clients = BTreeMap::from([(client(1), at_home())]);
        let nobody = Calendar::of(&people(&[], &[]));
        let found = plan_done(&planned, &clients, &visits, &nobody, window("2026-05-01", "2026-06-01"));
        let done = |planned, done| PlanDone { planned, done };
        assert_eq!(found, BTreeMap::from([(Some(ANA), done(6, 3)), (None, done(1, 0))]));
    }

    #[test]
    fn what_somebody_planned_without_a_rule_counts_for_whoever_has_the_client() {
        let by_hand = |n: u8, on: &str| Planned {
            client: client(1),
            record: RecordId::from_bytes([n; 16]),
            on: Some(date(on)),
            person: Some(LUIS),
            moves: None,
        };
        let planned = vec![
            by_hand(1, "2026-05-06"),
            by_hand(2, "2026-05-07"), // carried out later
            by_hand(3, "2026-05-08"), // visited that day
            by_hand(4, "2026-06-01"), // past the window
            by_hand(5, "2026-05-12"), // Ana is away
            by_hand(6, "2026-05-13"), // and visits all the same
            by_hand(7, "2026-05-20"), // a holiday: whoever planned it knew
            Planned { on: None, ..by_hand(8, "2026-05-21") },
            Planned {
                moves: Some(PlanKey::new(client(1), "R", date("2026-05-22"))),
                ..by_hand(9, "2026-05-22")
            },
        ];
        let carries_out =
            Visited { carries_out: Some(RecordId::from_bytes([2; 16])), ..visit(1, "2026-05-25") };
        let visited = vec![visit(1, "2026-05-08"), visit(1, "2026-05-13"), carries_out];
        let visits = Visits { visited, planned, ..Visits::default() };
        let away = people(&[("2026-05-12", "2026-05-13", false)], &[("2026-05-20", None)]);
        let found = |client_: Client| {
            let clients = BTreeMap::from([(client(1), client_)]);
            plan_done(&[], &clients, &visits, &Calendar::of(&away), window("2026-05-01", "2026-06-01"))
        };
        let done = PlanDone { planned: 5, done: 3 };
        assert_eq!(found(at_home()), BTreeMap::from([(Some(ANA), done)]));
        // Of a client without a rep, it is whose word it was.
        let done = PlanDone { planned: 6, done: 3 };
        assert_eq!(found(Client { territory: None, ..at_home() }), BTreeMap::from([(Some(LUIS), done)]));
    }
}
