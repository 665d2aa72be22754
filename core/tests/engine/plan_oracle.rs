//! The visit plan and the figure of planned and done against a second telling of both: four weeks in which rules, holidays,
//! shut days, absences and people who move, cancel and make visits come together as they happen to.

use std::collections::{BTreeMap, BTreeSet};

use cartera_core::engine::ClientEdit;
use cartera_core::metrics::coverage::PlanDone;
use cartera_core::model::office::VisitPlan;
use cartera_core::model::profile::{ClientField, Key, PlaceField, ShutDays, Value};
use cartera_core::model::record::{Channel, Contact, Direction, Outcome, PlanKey, Visit};
use cartera_core::model::{BusinessDate, ClientId, PartId, PersonId, RecordId};
use cartera_core::portfolio::overview;
use cartera_core::rows::plan::{self, Mark, Off, Standing};

use super::Device;
use super::today_oracle::{Closing, Dice, Rep};

const WEEKS: i32 = 4;
const DAY_MS: i64 = 86_400_000;

/// A rule of one client: a weekday of every so many weeks, from so many days ago on.
#[derive(Debug, Clone)]
struct Asked {
    client: usize,
    weekday: i32,
    every: i32,
    since: i32,
    of: Option<Rep>,
    at_place: bool,
}

#[derive(Debug, Clone)]
enum Fate {
    Moved { to: i32, by: RecordId },
    Cancelled,
    Done,
}

/// What was said of a visit of the plan, and on which day.
#[derive(Debug, Clone)]
struct Said {
    rule: usize,
    date: i32,
    fate: Fate,
    on: i32,
}

#[derive(Debug, Default)]
struct Story {
    said: Vec<Said>,
    /// Client and day of each visit that was made.
    visited: BTreeSet<(usize, i32)>,
    /// Planned without a rule: client, day, record, the day on which it was planned, and that on which it was carried out.
    by_hand: Vec<(usize, i32, RecordId, i32, Option<i32>)>,
}

struct World {
    device: Device,
    first: BusinessDate,
    clients: Vec<ClientId>,
    rules: Vec<Asked>,
    closing: Closing,
    /// Weekdays on which each client is shut, and its place.
    shut: Vec<(i32, i32)>,
}

/// 1 Monday to 7 Sunday; the first day is a Monday.
fn weekday(day: i32) -> i32 {
    day.rem_euclid(7) + 1
}

const PLACE: PartId = PartId::from_bytes([9; 16]);

impl World {
    fn new(seed: u64, dice: &Dice) -> Self {
        let device = Device::new(5_000 + seed);
        let first = device.engine.today().unwrap();
        let clients: Vec<ClientId> = (0..3).map(|n| device.client(&format!("c{n}"))).collect();
        let of = || [None, Some(Rep::First), Some(Rep::Second)][dice.below(3) as usize];
        let rules: Vec<Asked> = (0..1 + dice.below(5))
            .map(|_| Asked {
                client: dice.below(3) as usize,
                weekday: 1 + dice.below(7),
                every: 1 + dice.below(3),
                since: dice.below(60) - 8,
                of: of(),
                at_place: dice.below(3) == 0,
            })
            .collect();
        let shut = clients.iter().map(|_| (1 + dice.below(7), 1 + dice.below(7))).collect();
        let world = Self { device, first, clients, rules, closing: Closing::of(dice), shut };
        let mut number = 0;
        for (n, rule) in world.rules.iter().enumerate() {
            let plan = VisitPlan {
                person: rule.of.map(Rep::id),
                place: rule.at_place.then_some(PLACE),
                ..VisitPlan::new(world.on(-rule.since), rule.every as u32, vec![rule.weekday as u8])
            };
            number += 1;
            let scope = cartera_core::model::office::Scope::Client(world.clients[rule.client]);
            let item = cartera_core::model::office::Item::new("", format!("R{n}"), scope, plan).unwrap();
            world.device.office(number, item);
        }
        for (client, (day, at_place)) in world.clients.iter().zip(&world.shut) {
            let put = |key: Key, day: &i32| {
                ClientEdit::put(&key, &Value::ShutDays(ShutDays::new(vec![*day as u8], vec![])))
            };
            let edits = vec![
                put(Key::Client(ClientField::ShutDays), day),
                put(Key::Place(PLACE, PlaceField::ShutDays), at_place),
            ];
            world.device.engine.edit_client(client, edits).unwrap();
        }
        world.closing.put(&world.device, &mut number, &world.clients, &|day| world.on(day));
        world
    }

    fn on(&self, day: i32) -> BusinessDate {
        self.first.plus_days(day).unwrap()
    }

    fn key(&self, rule: usize, date: i32) -> PlanKey {
        PlanKey::new(self.clients[self.rules[rule].client], format!("R{rule}"), self.on(date))
    }

    /// Days on which the rule falls, from its first Monday on in steps.
    fn falls(&self, rule: usize) -> Vec<i32> {
        let Asked { weekday: wanted, every, since, .. } = self.rules[rule];
        let monday = -since - weekday(-since) + 1;
        (0..20).map(|step| monday + wanted - 1 + 7 * every * step).filter(|day| *day >= -since).collect()
    }

    /// A day of somebody's work.
    fn live(&self, dice: &Dice, day: i32, story: &mut Story) {
        let engine = &self.device.engine;
        for _ in 0..dice.below(4) {
            let rule = dice.below(self.rules.len() as i32) as usize;
            let falls: Vec<i32> = self.falls(rule).into_iter().filter(|on| *on < day + 21).collect();
            let which = dice.below(3 + falls.len() as i32);
            let n = self.rules[rule].client;
            let client = &self.clients[n];
            let visit = Visit::done(Outcome::NoOrder);
            if which < 3 {
                let n = which as usize;
                let client = &self.clients[n];
                let open = story.by_hand.iter_mut().find(|of| of.0 == n && of.4.is_none());
                match (dice.below(4), open) {
                    (0, Some(planned)) => {
                        let carries_out = Some(planned.2);
                        engine.log_visit(client, Visit { carries_out, ..visit }).unwrap();
                        planned.4 = Some(day);
                        story.visited.insert((n, day));
                    }
                    (1 | 2, _) => {
                        let to = day + dice.below(9);
                        let id = engine.log_visit(client, Visit::planned(self.on(to))).unwrap().id;
                        story.by_hand.push((n, to, id, day, None));
                    }
                    _ => {
                        engine.log_visit(client, visit).unwrap();
                        story.visited.insert((n, day));
                    }
                }
                continue;
            }
            let date = falls[which as usize - 3];
            let said: Vec<&Said> =
                story.said.iter().filter(|said| said.rule == rule && said.date == date).collect();
            let is_done = said.iter().any(|said| matches!(said.fate, Fate::Done));
            let moved = said.last().and_then(|said| match said.fate {
                Fate::Moved { by, .. } => Some(by),
                _ => None,
            });
            let key = self.key(rule, date);
            let fate = match (dice.below(5), moved) {
                (0 | 1, _) if !is_done => {
                    let to = day + dice.below(9);
                    let by = engine.move_planned(client, key, self.on(to), None).unwrap().id;
                    Fate::Moved { to, by }
                }
                (2, _) if !is_done => {
                    engine.cancel_planned(client, key).unwrap();
                    Fate::Cancelled
                }
                (0..=2, _) => {
                    let refused = engine.cancel_planned(client, key).unwrap_err();
                    assert_eq!(refused.code(), "unknown_record");
                    continue;
                }
                (3, _) => {
                    let call = Contact::new(Channel::Phone, Direction::Outgoing);
                    engine.log_contact(client, Contact { plan: Some(key), ..call }).unwrap();
                    Fate::Done
                }
                (_, Some(by)) if !is_done => {
                    engine.log_visit(client, Visit { carries_out: Some(by), ..visit }).unwrap();
                    story.visited.insert((n, day));
                    Fate::Done
                }
                _ => {
                    engine.log_visit(client, Visit { plan: Some(key), ..visit }).unwrap();
                    story.visited.insert((n, day));
                    Fate::Done
                }
            };
            story.said.push(Said { rule, date, fate, on: day });
        }
    }

    /// What counts of a visit of the plan, as it was known on a day.
    fn fate<'s>(&self, story: &'s Story, rule: usize, date: i32, as_of: i32) -> Option<&'s Fate> {
        let mut said =
            story.said.iter().filter(|said| said.rule == rule && said.date == date && said.on <= as_of);
        let done = said.clone().find(|said| matches!(said.fate, Fate::Done));
        done.or_else(|| said.next_back()).map(|said| &said.fate)
    }

    fn off(&self, rule: usize, day: i32) -> Option<Off> {
        let asked = &self.rules[rule];
        let (client, place) = self.shut[asked.client];
        if self.closing.is_holiday(day) {
            Some(Off::Holiday)
        } else if weekday(day) == if asked.at_place { place } else { client } {
            Some(Off::Shut)
        } else {
            self.closing.who_goes(asked.of.unwrap_or(Rep::First), day).is_none().then_some(Off::Away)
        }
    }

    /// Each visit of the plan and of hands between two days: client, day, the rule or none, standing, who is to go.
    fn naively(&self, story: &Story, from: i32, to: i32) -> Vec<Told> {
        let mut told = Vec::new();
        for rule in 0..self.rules.len() {
            let Asked { client, of, .. } = self.rules[rule];
            let of = of.unwrap_or(Rep::First);
            for date in self.falls(rule) {
                let fate = self.fate(story, rule, date, i32::MAX);
                let standing = match fate {
                    Some(Fate::Done) => "done",
                    Some(Fate::Cancelled) => "cancelled",
                    Some(Fate::Moved { .. }) => "moved",
                    None => match self.off(rule, date) {
                        Some(Off::Holiday) => "holiday",
                        Some(Off::Shut) => "shut",
                        Some(Off::Away) => "away",
                        None => "due",
                    },
                };
                let who = if standing == "due" { self.closing.who_goes(of, date).unwrap() } else { of };
                if (from..to).contains(&date) {
                    told.push((client, date, Some(rule), false, standing, who.id()));
                }
                if let Some(Fate::Moved { to: day, .. }) = fate
                    && (from..to).contains(day)
                {
                    let goes = self.closing.who_goes(of, *day);
                    let standing = if goes.is_some() { "due" } else { "away" };
                    told.push((client, *day, Some(rule), true, standing, goes.unwrap_or(of).id()));
                }
            }
        }
        for (client, day, ..) in
            story.by_hand.iter().filter(|of| of.4.is_none() && (from..to).contains(&of.1))
        {
            let goes = self.closing.who_goes(Rep::First, *day);
            let standing = if goes.is_some() { "due" } else { "away" };
            told.push((*client, *day, None, true, standing, goes.unwrap_or(Rep::First).id()));
        }
        told.sort_unstable();
        told
    }

    fn really(&self, from: i32, to: i32) -> Vec<Told> {
        let planned =
            self.device.read(|conn| Ok(plan::between(conn, self.on(from), self.on(to))?)).into_iter().map(
                |visit| {
                    let client = self.clients.iter().position(|client| *client == visit.client).unwrap();
                    let rule = visit.key.map(|key| key.rule[1..].parse::<usize>().unwrap());
                    let standing = match visit.standing {
                        Standing::Due => "due",
                        Standing::Marked(Mark::Done(_)) => "done",
                        Standing::Marked(Mark::Moved { .. }) => "moved",
                        Standing::Marked(Mark::Cancelled(_)) => "cancelled",
                        Standing::Off(Off::Holiday) => "holiday",
                        Standing::Off(Off::Shut) => "shut",
                        Standing::Off(Off::Away) => "away",
                    };
                    let [who] = visit.people[..] else { panic!("{:?}", visit.people) };
                    let day = visit.date.days() - self.first.days();
                    (client, day, rule, visit.record.is_some(), standing, who)
                },
            );
        let mut told: Vec<Told> = planned.collect();
        told.sort_unstable();
        told
    }

    /// Planned and done in the four weeks up to a day, as it was known then.
    fn naive_figure(&self, story: &Story, as_of: i32) -> BTreeMap<Option<PersonId>, PlanDone> {
        let mut found: BTreeMap<Option<PersonId>, PlanDone> = BTreeMap::new();
        let mut count = |of: Rep, done: bool| {
            let of = found.entry(Some(of.id())).or_default();
            of.planned += 1;
            of.done += u64::from(done);
        };
        let window = as_of - 27..=as_of;
        let was_there = |client: usize, day: i32| day <= as_of && story.visited.contains(&(client, day));
        for rule in 0..self.rules.len() {
            let Asked { client, of, .. } = self.rules[rule];
            let of = of.unwrap_or(Rep::First);
            for date in self.falls(rule) {
                match self.fate(story, rule, date, as_of) {
                    Some(Fate::Done) if window.contains(&date) => count(of, true),
                    Some(Fate::Moved { to, .. })
                        if window.contains(to)
                            && (was_there(client, *to) || self.closing.who_goes(of, *to).is_some()) =>
                    {
                        count(of, was_there(client, *to));
                    }
                    None if window.contains(&date)
                        && (was_there(client, date) || self.off(rule, date).is_none()) =>
                    {
                        count(of, was_there(client, date));
                    }
                    _ => {}
                }
            }
        }
        for (client, day, _, planned, carried_out) in &story.by_hand {
            if !window.contains(day) || *planned > as_of {
                continue;
            }
            let done = carried_out.is_some_and(|on| on <= as_of) || was_there(*client, *day);
            if done || self.closing.who_goes(Rep::First, *day).is_some() {
                count(Rep::First, done);
            }
        }
        found
    }

    fn figure(&self, as_of: i32) -> BTreeMap<Option<PersonId>, PlanDone> {
        self.device
            .read(|conn| Ok(overview::read(conn, None, self.on(as_of), None, true)?))
            .overview
            .plan_done
    }
}

/// Client, day, rule, whether a record put it there, standing, who is to go.
type Told = (usize, i32, Option<usize>, bool, &'static str, PersonId);

#[test]
fn the_plan_and_its_figure_are_what_a_plain_look_says() {
    let mut seen = BTreeMap::<&str, u32>::new();
    for seed in 0..24 {
        let dice = Dice::new(seed);
        let world = World::new(seed, &dice);
        let mut story = Story::default();
        let mut figures = BTreeMap::new();
        for day in 0..7 * WEEKS {
            world.live(&dice, day, &mut story);
            if day % 9 == 4 {
                figures.insert(day, world.figure(day));
            }
            world.device.env.advance(DAY_MS);
        }
        let told = format!("seed {seed}: {:?} {:?} {:?} {story:?}", world.rules, world.shut, world.closing);
        let expected = world.naively(&story, -45, 7 * WEEKS + 10);
        assert_eq!(world.really(-45, 7 * WEEKS + 10), expected, "{told}");
        expected.iter().for_each(|of| *seen.entry(of.4).or_default() += 1);
        let last = 7 * WEEKS - 1;
        // And two weeks on, when much of it lies before the window.
        for day in [last, last + 14] {
            assert_eq!(world.figure(day), world.naive_figure(&story, day), "day {day} of {told}");
        }
        for (day, figure) in figures {
            assert_eq!(figure, world.naive_figure(&story, day), "day {day} of {told}");
            assert_eq!(world.figure(day), figure, "day {day}, asked later, of {told}");
        }
    }
    assert!(seen.len() == 7 && seen.values().all(|count| *count > 5), "{seen:?}");
}
