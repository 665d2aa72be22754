//! The visit plan (*rutero*) that follows from ABC classes: how often each client is to be visited, and on which weekday.
//!
//! It is a proposal: somebody accepts it, and it becomes rules like any other, which phone and relay derive visits from
//! (`rows::plan`). Nothing accepts it by itself, since classes change with every fit, and a plan that moved at night would
//! break what reps have agreed with their clients. A rule by hand goes before it: a client who has one gets none, and where
//! one is written later, it counts from then on and the accepted one sleeps ([`plan::OF_CLASSES`]).
//!
//! - How often: the workspace's weeks for the best class that the client has in any currency ([`VISIT_WEEKS`]; 0: none).
//! - On which weekday: the one on which it was visited most often in the last half year, twice at least; otherwise one from
//!   Monday to Friday on which it is open, and the weeks, that leave the rounds of its territory even.
//! - An accepted rule of the same weeks stays as it is, unless the client is shut on its day now.
//!
//! Who is lost or closed gets none: what is to be done about those is recovery's to say, not the rounds'.
//!
//! Holidays, seasons and absences are none of its concern: they are the calendar's, on the day.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::figures::Terms;
use super::overview;
use crate::metrics::abc::Class;
use crate::model::limits::PLAN_WEEKS_MAX;
use crate::model::office::{KnownKind, Value, VisitPlan};
use crate::model::profile::Scalar;
use crate::model::{BusinessDate, ClientId, TerritoryId};
use crate::rows::aliases::Aliases;
use crate::rows::plan::OF_CLASSES;
use crate::rows::relations::Reader;
use crate::rows::{self, office};

/// Names of the settings: every how many weeks clients of class A, B and C are to be visited.
pub const VISIT_WEEKS: [&str; 3] = ["visit_weeks_a", "visit_weeks_b", "visit_weeks_c"];
/// Unless they say otherwise.
pub const VISIT_WEEKS_DEFAULT: [u32; 3] = [1, 2, 4];
/// Days in which visits say on which weekday a client is visited.
const HABIT_DAYS: i32 = 182;
/// Visits on one weekday that make it the client's.
const HABIT_VISITS: u32 = 2;
/// Weeks over which rounds are kept even.
const CYCLE: usize = 52;

/// What acceptance writes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proposals {
    /// Rules that are new or other than those accepted, by client.
    pub rules: Vec<Proposal>,
    /// Accepted ones that are to go: of clients that have a rule by hand, or no class, or are lost or closed.
    pub gone: Vec<ClientId>,
    /// Accepted ones that stay.
    pub unchanged: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub client: ClientId,
    pub class: Class,
    pub plan: VisitPlan,
    /// What was accepted before.
    pub before: Option<VisitPlan>,
}

/// How many visits fall on each weekday of each week, by territory.
#[derive(Default)]
struct Rounds(BTreeMap<Option<TerritoryId>, Vec<[u32; 7]>>);

impl Rounds {
    fn of(&mut self, territory: Option<TerritoryId>) -> &mut Vec<[u32; 7]> {
        self.0.entry(territory).or_insert_with(|| vec![[0; 7]; CYCLE])
    }

    /// Counts a rule's visits from a Monday on.
    fn add(&mut self, territory: Option<TerritoryId>, plan: &VisitPlan, monday: BusinessDate) {
        let rounds = self.of(territory);
        for (week, round) in rounds.iter_mut().enumerate() {
            for day in &plan.weekdays {
                let Some(count) = round.get_mut(usize::from(day.saturating_sub(1))) else { continue };
                let date = monday.plus_days(week as i32 * 7 + i32::from(*day) - 1);
                *count += u32::from(date.is_some_and(|date| plan.falls_on(date)));
            }
        }
    }

    /// Of these weekdays, and the weeks in which such a rule can begin, those with the fewest visits; the earliest of
    /// several.
    fn evenest(
        &mut self,
        territory: Option<TerritoryId>,
        weekdays: &[u8],
        weeks: usize,
    ) -> Option<(u8, usize)> {
        let rounds = self.of(territory);
        let phases = weeks.min(CYCLE);
        let places = weekdays.iter().flat_map(|day| (0..phases).map(move |phase| (*day, phase)));
        let load = |(day, phase): &(u8, usize)| {
            let counts = rounds.iter().skip(*phase).step_by(weeks);
            counts.map(|round| round.get(usize::from(*day - 1)).copied().unwrap_or(0)).sum::<u32>()
        };
        places.min_by_key(|place| (load(place), place.1, place.0))
    }
}

/// Key of the rule of a client.
pub fn key(client: ClientId) -> String {
    client.to_string()
}

/// What would be written on a day.
pub fn propose(conn: &Connection, today: BusinessDate) -> rows::Result<Proposals> {
    let weeks = weeks(conn)?;
    let report = Terms::read(conn)?.report(conn, today)?;
    let standing = overview::standing(&report);
    let reader = Reader::new(conn, today)?;
    let clients = reader.clients()?;
    let habits = habits(conn, today)?;
    let Some(monday) = today.plus_days(8 - i32::from(today.weekday())) else {
        return Ok(Proposals::default());
    };
    let Rules { by_hand, accepted } = written(conn)?;
    let mut rounds = Rounds::default();
    let territory = |client: &ClientId| clients.get(client).and_then(|client| client.territory);
    for (client, plan) in &by_hand {
        rounds.add(territory(client), plan, monday);
    }
    let has_rule: BTreeSet<ClientId> = by_hand.iter().map(|(client, _)| *client).collect();
    let wanted: BTreeMap<ClientId, (Class, u32)> = standing
        .iter()
        .filter(|(client, of)| !of.status.is_gone() && !has_rule.contains(client))
        .filter_map(|(client, of)| {
            let class = of.class?;
            let weeks = weeks[class as usize]?;
            clients.contains_key(client).then_some((*client, (class, weeks)))
        })
        .collect();
    let mut found = Proposals {
        gone: accepted.keys().filter(|client| !wanted.contains_key(client)).copied().collect(),
        ..Proposals::default()
    };
    let mut open = Vec::new();
    for (client, (class, weeks)) in &wanted {
        let shut = &clients[client].shut.weekdays;
        let stays = |plan: &&VisitPlan| {
            plan.every_weeks == *weeks && plan.weekdays.iter().all(|day| !shut.contains(day))
        };
        match accepted.get(client).filter(stays) {
            Some(plan) => {
                found.unchanged += 1;
                rounds.add(territory(client), plan, monday);
            }
            None => open.push((*client, *class, *weeks)),
        }
    }
    // Who is visited most often first: what is rare fits between.
    open.sort_by_key(|(client, _, weeks)| (*weeks, *client));
    for (client, class, weeks) in open {
        let shut = &clients[&client].shut.weekdays;
        let own = habits.get(&client).filter(|day| !shut.contains(day));
        let weekdays: Vec<u8> = match own {
            Some(day) => vec![*day],
            None => (1..=5).filter(|day| !shut.contains(day)).collect(),
        };
        let Some((day, phase)) = rounds.evenest(territory(&client), &weekdays, weeks as usize) else {
            continue; // shut on every day of the week
        };
        let Some(from) = monday.plus_days(phase as i32 * 7 + i32::from(day) - 1) else { continue };
        let plan = VisitPlan::new(from, weeks, vec![day]);
        rounds.add(territory(&client), &plan, monday);
        found.rules.push(Proposal { client, class, plan, before: accepted.get(&client).cloned() });
    }
    found.rules.sort_by_key(|proposal| proposal.client);
    Ok(found)
}

/// As the workspace has set them.
fn weeks(conn: &Connection) -> rows::Result<[Option<u32>; 3]> {
    let mut weeks = VISIT_WEEKS_DEFAULT.map(Some);
    for (name, weeks) in VISIT_WEEKS.iter().zip(&mut weeks) {
        if let Some(Scalar::Int(set)) = office::setting(conn, name)?
            && let Some(set) = u32::try_from(set).ok().filter(|set| *set <= PLAN_WEEKS_MAX)
        {
            *weeks = Some(set).filter(|set| *set > 0);
        }
    }
    Ok(weeks)
}

/// The weekday on which each client was visited most often, the earliest of several.
fn habits(conn: &Connection, today: BusinessDate) -> rows::Result<BTreeMap<ClientId, u8>> {
    let Some(since) = today.plus_days(1 - HABIT_DAYS) else { return Ok(BTreeMap::new()) };
    let mut counts: BTreeMap<ClientId, [u32; 7]> = BTreeMap::new();
    let visits = Reader::new(conn, today)?.since(since).visits()?;
    for visit in visits.visited.iter().filter(|visit| !visit.otherwise) {
        counts.entry(visit.client).or_default()[usize::from(visit.date.weekday() - 1)] += 1;
    }
    let most = |counts: [u32; 7]| {
        let (count, day) =
            counts.into_iter().zip(1_u8..).max_by_key(|(count, day)| (*count, Reverse(*day)))?;
        (count >= HABIT_VISITS).then_some(day)
    };
    Ok(counts.into_iter().filter_map(|(client, counts)| Some((client, most(counts)?))).collect())
}

/// Rules that are written, of clients as those they were merged into.
struct Rules {
    by_hand: Vec<(ClientId, VisitPlan)>,
    accepted: BTreeMap<ClientId, VisitPlan>,
}

fn written(conn: &Connection) -> rows::Result<Rules> {
    let aliases = Aliases::read(conn)?;
    let sql = "SELECT source, client, value FROM office
               WHERE kind = 'visit_plan' AND value IS NOT NULL AND client IS NOT NULL ORDER BY source, key";
    let mut rules = Rules { by_hand: Vec::new(), accepted: BTreeMap::new() };
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let value = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        let Ok(Value::VisitPlan(plan)) = Value::decode(&KnownKind::VisitPlan.into(), value) else { continue };
        let (source, client): (String, ClientId) = (row.get(0)?, row.get(1)?);
        if source == OF_CLASSES {
            // Of one that was merged, too: it goes, since the one that is kept has its own.
            rules.accepted.insert(client, plan);
        } else {
            rules.by_hand.push((aliases.kept_of(client), plan));
        }
    }
    Ok(rules)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::status::Status;
    use crate::model::office::Setting;
    use crate::model::record::{ClientClosed, LossReason, Outcome, Visit};
    use crate::portfolio::testing::{NORTH, World, client, date, every};
    use crate::rows::plan;

    /// A Wednesday; the plan begins on Monday 30 November.
    const TODAY: &str = "2026-11-25";

    /// 1 to 7 of class A, 8 of class B, 9 and 10 of class C; 10 has no territory.
    fn world() -> World {
        let mut world = World::of(10);
        for n in 1..=8 {
            world.sales(n, crate::model::Currency::EUR, 100_000, every(7, "2026-01-01", "2026-11-25"));
        }
        for n in 9..=10 {
            world.sales(n, crate::model::Currency::EUR, 10, every(30, "2026-01-01", "2026-11-25"));
        }
        (1..=9).for_each(|n| world.territory(n, NORTH));
        world.fit(TODAY);
        world
    }

    fn told(world: &World) -> Vec<(u8, String, u32, Vec<u8>)> {
        let found = propose(&world.conn, date(TODAY)).unwrap();
        let of = |of: Proposal| {
            let plan = of.plan;
            (of.client.as_bytes()[0], plan.from.to_string(), plan.every_weeks, plan.weekdays)
        };
        found.rules.into_iter().map(of).collect()
    }

    fn accept(world: &mut World) {
        let found = propose(&world.conn, date(TODAY)).unwrap();
        for proposal in found.rules {
            world.plan(OF_CLASSES, &key(proposal.client), proposal.client.as_bytes()[0], Some(proposal.plan));
        }
        for gone in found.gone {
            world.plan(OF_CLASSES, &key(gone), gone.as_bytes()[0], None);
        }
    }

    #[test]
    fn rounds_are_even_and_begin_on_the_next_monday() {
        let world = world();
        let found = told(&world);
        let days: Vec<u8> = found.iter().map(|(_, _, _, days)| days[0]).collect();
        assert_eq!(days[..8], [1, 2, 3, 4, 5, 1, 2, 3]);
        // 8 begins at 87 % of what all bring: class B.
        assert_eq!(found.iter().map(|of| of.2).collect::<Vec<_>>(), [1, 1, 1, 1, 1, 1, 1, 2, 4, 4]);
        assert_eq!((found[0].1.as_str(), found[4].1.as_str()), ("2026-11-30", "2026-12-04"));
        // Fewest visits on a Thursday; alone in its territory, the first day there is.
        assert_eq!(found[8], (9, "2026-12-03".into(), 4, vec![4]));
        assert_eq!(found[9], (10, "2026-11-30".into(), 4, vec![1]));
    }

    #[test]
    fn a_clients_own_day_counts_unless_it_is_shut_then() {
        let mut world = world();
        for on in ["2026-11-19", "2026-11-12", "2026-11-10"] {
            world.record(1, on, Visit::done(Outcome::Order)); // two Thursdays and a Tuesday
        }
        world.record(2, "2026-11-20", Visit::done(Outcome::Order)); // once is no habit
        world.record(3, "2026-05-21", Visit::done(Outcome::Order)); // long ago
        world.record(3, "2026-05-14", Visit::done(Outcome::Order));
        let days = |world: &World| -> Vec<u8> { told(world).into_iter().map(|of| of.3[0]).collect() };
        assert_eq!(days(&world)[..3], [4, 1, 2]);
        world.shut_weekdays(1, &[4]);
        world.shut_weekdays(2, &[1, 2, 3, 4, 5]);
        assert_eq!(told(&world)[..2].iter().map(|of| (of.0, of.3[0])).collect::<Vec<_>>(), [(1, 1), (3, 2)]);
    }

    #[test]
    fn a_rule_by_hand_is_never_touched_and_puts_the_accepted_one_to_sleep() {
        let mut world = world();
        let by_hand = VisitPlan::new(date("2026-01-05"), 2, vec![2]);
        world.plan("erp", "R1", 1, Some(by_hand.clone()));
        assert!(told(&world).iter().all(|of| of.0 != 1));
        accept(&mut world);
        assert_eq!((told(&world), propose(&world.conn, date(TODAY)).unwrap().unchanged), (vec![], 9));
        // Written later by hand: what was accepted sleeps at once, and goes with the next acceptance.
        world.plan("erp", "R2", 2, Some(by_hand.clone()));
        let of_two = |world: &World| -> Vec<String> {
            let rules = plan::rules(&world.conn, Some(&client(2))).unwrap();
            rules.into_iter().map(|rule| rule.key).collect()
        };
        assert_eq!(of_two(&world), ["R2"]);
        let gone = propose(&world.conn, date(TODAY)).unwrap().gone;
        assert_eq!(gone, [client(2)]);
        accept(&mut world);
        world.plan("erp", "R2", 2, None);
        assert_eq!(of_two(&world), Vec::<String>::new());
        assert_eq!(told(&world).len(), 1);
    }

    #[test]
    fn who_is_lost_or_closed_is_on_no_round() {
        let mut world = world();
        accept(&mut world);
        // 11 bought every week until May, and was a client of class A; 12 sleeps; 13 is closed.
        for n in 11..=13 {
            world.add(n);
            let until = ["2026-05-20", "2026-10-28", "2026-11-25"][usize::from(n) - 11];
            world.sales(n, crate::model::Currency::EUR, 100_000, every(7, "2026-01-07", until));
        }
        world.record(13, "2026-11-25", ClientClosed::new(LossReason::ClosedDown));
        world.fit(TODAY);
        let status = |world: &World, n| {
            let terms = Terms::read(&world.conn).unwrap();
            terms.client(&world.conn, &client(n), date(TODAY)).unwrap().unwrap().status
        };
        let statuses = [11, 12, 13].map(|n| status(&world, n));
        assert_eq!(statuses, [Status::Lost, Status::Dormant, Status::Closed]);
        let new = |world: &World| -> Vec<u8> {
            told(world).into_iter().map(|of| of.0).filter(|n| *n > 10).collect()
        };
        assert_eq!(new(&world), [12]);
        // Accepted while it was a client, it goes when it is none.
        world.plan(OF_CLASSES, &key(client(11)), 11, Some(VisitPlan::new(date("2026-01-05"), 1, vec![1])));
        assert_eq!(propose(&world.conn, date(TODAY)).unwrap().gone, [client(11)]);
    }

    #[test]
    fn weeks_are_a_setting_and_what_was_accepted_stays_where_it_is() {
        let mut world = world();
        accept(&mut world);
        let set = |world: &mut World, name: &str, weeks: i64| {
            world.office("setting", name.into(), None, Setting::new(Scalar::Int(weeks)).into());
        };
        set(&mut world, VISIT_WEEKS[2], 3);
        assert_eq!(told(&world).iter().map(|of| (of.0, of.2)).collect::<Vec<_>>(), [(9, 3), (10, 3)]);
        set(&mut world, VISIT_WEEKS[2], 0);
        assert_eq!(propose(&world.conn, date(TODAY)).unwrap().gone, [client(9), client(10)]);
        for (weeks, taken) in
            [(i64::from(PLAN_WEEKS_MAX), true), (i64::from(PLAN_WEEKS_MAX) + 1, false), (-1, false)]
        {
            set(&mut world, VISIT_WEEKS[0], weeks);
            let found = told(&world);
            assert_eq!(found.iter().any(|of| of.2 == PLAN_WEEKS_MAX), taken, "{weeks}");
            // Nonsense is as if it had not been said.
            assert!(taken || found.iter().all(|of| of.2 <= VISIT_WEEKS_DEFAULT[2]), "{weeks}: {found:?}");
        }
    }
}
