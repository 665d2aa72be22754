//! Today's list against a second telling of it: whatever happened, a reason is on the list exactly when a plain look over
//! everything that happened says so.

use std::collections::BTreeSet;

use cartera_core::engine::ClientEdit;
use cartera_core::env::{Env, SeededEnv};
use cartera_core::model::access::Role;
use cartera_core::model::office::{
    Absence, DueItem, Holiday, Item, OrderStage, OrderState, Person, SalesDay, Scope, Setting, VisitPlan,
    sales_day_key,
};
use cartera_core::model::profile::{ClientField, DateField, Key, Scalar, ShutDays, ShutSpan, Value};
use cartera_core::model::record::{
    Agreement, Channel, ClientClosed, Contact, DataConfirmed, Direction, LossReason, NextStep, NoOrderReason,
    NotNow, Outcome, Subject, Task, TaskState, Visit,
};
use cartera_core::model::{BusinessDate, ClientId, Currency, Money, PartId, PersonId, RecordId, TerritoryId};
use cartera_core::portfolio::today;

use super::Device;

const CLIENTS: usize = 4;
/// Everything that a person writes is written on this day; the list is asked for on later ones.
const WRITTEN: &str = "2026-11-02";

pub(super) struct Dice(SeededEnv);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(SeededEnv::new(seed, 0))
    }

    pub(super) fn below(&self, n: i32) -> i32 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        (u64::from_le_bytes(bytes) % n as u64) as i32
    }
}

/// Something that happened to a client; days are counted from the day on which it was written.
#[derive(Debug, Clone)]
enum Fact {
    /// A purchase for so much, so many days ago.
    Bought(i32, i64),
    Owes {
        due_in: i32,
        open: i64,
    },
    Agreed {
        until: i32,
        notice: i32,
        volume: i64,
        renewed: bool,
    },
    Declined {
        taken_back: bool,
    },
    Task {
        due_in: i32,
        settled: bool,
        of_another: bool,
    },
    Planned {
        on: i32,
    },
    /// On a weekday of every so many weeks, from so many days ago on.
    Rule {
        weekday: u8,
        every: i32,
        since: i32,
        of: Option<Rep>,
    },
    /// On a weekday, and for a time.
    Shut {
        weekday: u8,
        from: i32,
        to: i32,
    },
    Birthday {
        in_days: i32,
        yearly: bool,
    },
    Visited {
        offered: bool,
        reason: Option<NoOrderReason>,
    },
    Called {
        reason: Option<NoOrderReason>,
        next: Option<i32>,
    },
    Confirmed(Vec<&'static str>),
    Closed(LossReason),
    PutOff {
        subject: Subject,
        days: Option<i32>,
    },
}

/// Two reps: the clients are in the first one's territory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rep {
    First,
    Second,
}

impl Rep {
    const BOTH: [Self; 2] = [Self::First, Self::Second];

    pub(super) const fn id(self) -> PersonId {
        PersonId::from_bytes([self as u8 + 1; 16])
    }

    const fn other(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
        }
    }
}

const HERE: TerritoryId = TerritoryId::from_bytes([1; 16]);

/// On which days nobody goes, and who is away; the other may stand in.
#[derive(Debug, Clone, Default)]
pub(super) struct Closing {
    /// Everywhere, here, or elsewhere.
    holidays: Vec<(i32, Option<TerritoryId>)>,
    away: Vec<(Rep, i32, i32, bool)>,
}

impl Closing {
    pub(super) fn of(dice: &Dice) -> Self {
        let somewhere = || [None, Some(HERE), Some(TerritoryId::from_bytes([2; 16]))][dice.below(3) as usize];
        let away = || {
            let from = dice.below(60) - 40;
            (Rep::BOTH[dice.below(2) as usize], from, from + dice.below(25), dice.below(2) == 0)
        };
        Self {
            holidays: (0..dice.below(30)).map(|_| (dice.below(70) - 45, somewhere())).collect(),
            away: (0..dice.below(4)).map(|_| away()).collect(),
        }
    }

    pub(super) fn is_holiday(&self, day: i32) -> bool {
        self.holidays.iter().any(|(on, place)| *on == day && place.is_none_or(|place| place == HERE))
    }

    fn is_away(&self, rep: Rep, day: i32) -> bool {
        self.away.iter().any(|(who, from, to, _)| *who == rep && *from <= day && day <= *to)
    }

    /// Who goes on that day instead of a rep, or the rep.
    pub(super) fn who_goes(&self, rep: Rep, day: i32) -> Option<Rep> {
        if !self.is_away(rep, day) {
            return Some(rep);
        }
        let covered = self
            .away
            .iter()
            .any(|(who, from, to, cover)| *who == rep && *from <= day && day <= *to && *cover);
        (covered && !self.is_away(rep.other(), day)).then_some(rep.other())
    }

    /// The office says so, and that the clients are the first rep's.
    pub(super) fn put(
        &self,
        device: &Device,
        number: &mut u64,
        clients: &[ClientId],
        on: &impl Fn(i32) -> BusinessDate,
    ) {
        let mut office = |key: Option<String>, scope: Scope, value: cartera_core::model::office::Value| {
            *number += 1;
            let key = key.unwrap_or_else(|| format!("C{number}"));
            device.office(*number, Item::new("", key, scope, value).unwrap());
        };
        for (day, place) in &self.holidays {
            let scope = place.map_or(Scope::Workspace, Scope::Territory);
            office(None, scope, Holiday::new(on(*day), "Fiesta").into());
        }
        for (who, from, to, covered) in &self.away {
            let absence = Absence::new(who.id(), on(*from), on(*to));
            let cover = covered.then(|| who.other().id());
            office(None, Scope::Workspace, Absence { cover, ..absence }.into());
        }
        for rep in Rep::BOTH {
            let territories = if rep == Rep::First { vec![HERE] } else { vec![] };
            let person = Person { territories, ..Person::new("x", Role::Rep) };
            office(Some(rep.id().to_string()), Scope::Workspace, person.into());
        }
        clients.iter().for_each(|client| device.is_in(client, HERE));
    }
}

fn life(dice: &Dice) -> Vec<Fact> {
    use Fact::*;
    let mut facts = Vec::new();
    let gap = 1 + dice.below(20);
    let mut ago = 5 + dice.below(120);
    for _ in 0..dice.below(14) {
        facts.push(Bought(ago, i64::from(100 + dice.below(900))));
        ago += gap + dice.below(5);
    }
    for _ in 0..dice.below(9) {
        let soon = || dice.below(40) - 20;
        let reason =
            || [None, Some(NoOrderReason::Price), Some(NoOrderReason::StockLeft)][dice.below(3) as usize];
        facts.push(match dice.below(14) {
            0 => Owes { due_in: soon(), open: i64::from(dice.below(3)) * 700 },
            1 => Agreed {
                until: dice.below(80),
                notice: dice.below(3) * 30,
                volume: i64::from(dice.below(2)) * 5_000,
                renewed: dice.below(3) == 0,
            },
            2 => Declined { taken_back: dice.below(3) == 0 },
            3 => Task { due_in: soon(), settled: dice.below(3) == 0, of_another: dice.below(3) == 0 },
            4 => Planned { on: dice.below(12) },
            5 => Rule {
                weekday: 1 + dice.below(7) as u8,
                every: 1 + dice.below(3),
                since: dice.below(80),
                of: [None, Some(Rep::First), Some(Rep::Second)][dice.below(3) as usize],
            },
            6 => Birthday { in_days: dice.below(30) - 5, yearly: dice.below(2) == 0 },
            7 => Visited { offered: dice.below(2) == 0, reason: reason() },
            8 => Called { reason: reason(), next: (dice.below(2) == 0).then(|| dice.below(9)) },
            9 => Confirmed(vec![]),
            10 => Confirmed(if dice.below(2) == 0 { vec!["phone"] } else { vec!["name"] }),
            11 => Closed(LossReason::Price),
            12 => {
                let from = dice.below(90) - 60;
                Shut { weekday: 1 + dice.below(7) as u8, from, to: from + dice.below(40) }
            }
            _ => PutOff {
                subject: [
                    Subject::Debt,
                    Subject::WinBack,
                    Subject::ConfirmData,
                    Subject::Warning,
                    Subject::Visit,
                ][dice.below(5) as usize],
                days: (dice.below(4) > 0).then(|| dice.below(30)),
            },
        });
    }
    facts
}

struct World {
    device: Device,
    written: BusinessDate,
    clients: Vec<ClientId>,
}

impl World {
    fn on(&self, days: i32) -> BusinessDate {
        self.written.plus_days(days).unwrap()
    }

    fn take(&self, number: &mut u64, client: ClientId, fact: &Fact) {
        let engine = &self.device.engine;
        *number += 1;
        let key = format!("K{number}");
        let office = |item: Item| self.device.office(*number, item);
        let scope = Scope::Client(client);
        match fact {
            Fact::Bought(ago, net) => {
                let on = self.on(-ago);
                let key = sales_day_key(client, on, Currency::EUR);
                office(Item::new("", key, scope, SalesDay::new(on, Currency::EUR, *net, true, 1)).unwrap());
            }
            Fact::Owes { due_in, open } => {
                let item = DueItem::new(self.on(*due_in), Money::new(9_999, Currency::EUR), *open);
                office(Item::new("erp", key, scope, item).unwrap());
            }
            Fact::Agreed { until, notice, volume, renewed } => {
                let agreement = Agreement {
                    notice_days: Some(*notice as u32),
                    volume: Some(Money::new(*volume, Currency::EUR)),
                    ..Agreement::new("A", self.on(-300), Some(self.on(*until)))
                };
                let id = engine.agree(&client, agreement).unwrap().id;
                if *renewed {
                    let next = Agreement { renews: Some(id), ..Agreement::new("B", self.on(*until), None) };
                    engine.agree(&client, next).unwrap();
                }
            }
            Fact::Declined { taken_back } => {
                use cartera_core::model::record::{Kind, Line, Purchase, PurchaseSort, VoidReason};
                let lines = vec![Line::new("A", "1".parse().unwrap(), "ud")];
                let order = Purchase { lines, ..Purchase::new(PurchaseSort::Order, Currency::EUR) };
                let id = engine.place_order(&client, engine.new_record_id(), order).unwrap().id;
                if *taken_back {
                    engine.void(&client, Kind::Purchase, id, VoidReason::Mistake).unwrap();
                }
                let state =
                    OrderState { reason: Some("?".into()), ..OrderState::new(OrderStage::Declined, 1) };
                office(Item::new("", id.to_string(), scope, state).unwrap());
            }
            Fact::Task { due_in, settled, of_another } => {
                let other = of_another.then(|| Rep::Second.id());
                let task = Task { due_on: Some(self.on(*due_in)), assigned_to: other, ..Task::open("x") };
                let id: RecordId = engine.add_task(&client, task).unwrap().id;
                if *settled {
                    engine.settle_task(&client, id, TaskState::Done).unwrap();
                }
            }
            Fact::Planned { on } => {
                engine.log_visit(&client, Visit::planned(self.on(*on))).unwrap();
            }
            Fact::Rule { weekday, every, since, of } => {
                let rule = VisitPlan::new(self.on(-since), *every as u32, vec![*weekday]);
                let rule = VisitPlan { person: of.map(Rep::id), ..rule };
                office(Item::new("", key, scope, rule).unwrap());
            }
            Fact::Shut { weekday, from, to } => {
                let span = ShutSpan::new(self.on(*from), self.on(*to), false);
                let days = Value::ShutDays(ShutDays::new(vec![*weekday], vec![span]));
                let edit = ClientEdit::put(&Key::Client(ClientField::ShutDays), &days);
                engine.edit_client(&client, vec![edit]).unwrap();
            }
            Fact::Birthday { in_days, yearly } => {
                let id = PartId::from_bytes([*number as u8; 16]);
                let put = |field, value: Value| ClientEdit::put(&Key::Date(id, field), &value);
                let on = put(DateField::On, Value::Date(self.on(*in_days)));
                engine.edit_client(&client, vec![on, put(DateField::Yearly, Value::Bool(*yearly))]).unwrap();
            }
            Fact::Visited { offered, reason } => {
                let visit = Visit {
                    no_order: *reason,
                    offered: offered.then(|| "5 %".into()),
                    ..Visit::done(Outcome::NoOrder)
                };
                engine.log_visit(&client, visit).unwrap();
            }
            Fact::Called { reason, next } => {
                let call = Contact {
                    outcome: Some(Outcome::NoOrder),
                    no_order: *reason,
                    next: next.map(|days| NextStep::new("x", Some(self.on(days)))),
                    ..Contact::new(Channel::Phone, Direction::Outgoing)
                };
                engine.log_contact(&client, call).unwrap();
            }
            Fact::Confirmed(fields) => {
                let fields = fields.iter().map(|field| (*field).to_owned()).collect();
                engine.confirm_data(&client, DataConfirmed { fields, ..DataConfirmed::all() }).unwrap();
            }
            Fact::Closed(reason) => {
                engine.close_client(&client, ClientClosed::new(*reason)).unwrap();
            }
            Fact::PutOff { subject, days } => {
                let until = days.map(|days| self.on(days));
                engine.put_off(&client, NotNow::new(*subject, until)).unwrap();
            }
        }
    }
}

/// Median (twice) and ninth decile of gaps, as a person would look them up.
fn rhythm(gaps: &[i32]) -> (i32, i32) {
    let mut gaps = gaps.to_vec();
    gaps.sort_unstable();
    let twice = gaps[(gaps.len() - 1) / 2] + gaps[gaps.len() / 2];
    let ninth =
        gaps.iter().find(|gap| 10 * gaps.iter().filter(|other| other <= gap).count() >= 9 * gaps.len());
    (twice, *ninth.unwrap())
}

/// The ids of all reasons of a client on a day so many after the one of writing, with what is at stake; and whether there
/// is a visit of the day.
fn naively(
    facts: &[Fact],
    closing: &Closing,
    today: i32,
    rep: Rep,
    weekday_of: impl Fn(i32) -> u8,
) -> (bool, BTreeSet<(&'static str, Option<i64>)>) {
    use Fact::*;
    let mut told = BTreeSet::new();
    let is_held = |subject: Subject| {
        let said = facts.iter().filter_map(|fact| match fact {
            PutOff { subject: of, days } if *of == subject => Some(days.is_none_or(|days| days > today)),
            _ => None,
        });
        said.fold(false, |_, holds| holds)
    };
    let mut days: Vec<i32> =
        facts.iter().filter_map(|fact| if let Bought(ago, _) = fact { Some(-ago) } else { None }).collect();
    days.sort_unstable();
    let net = |from: i32, to: i32| -> i64 {
        let in_time = |fact: &Fact| match fact {
            Bought(ago, net) if (from..to).contains(&-ago) => *net,
            _ => 0,
        };
        facts.iter().map(in_time).sum()
    };
    // The last word on it counts.
    let shut = facts.iter().rev().find_map(|fact| {
        if let Shut { weekday, from, to } = fact { Some((*weekday, *from, *to)) } else { None }
    });
    let is_span = |day: i32| shut.is_some_and(|(_, from, to)| from <= day && day <= to);
    let is_shut = |day: i32| is_span(day) || shut.is_some_and(|(weekday, ..)| weekday == weekday_of(day));
    // Days after one up to another on which time passed for the client.
    let open = |from: i32, to: i32| (from + 1..=to).filter(|day| !is_span(*day)).count() as i32;
    let closed = facts.iter().any(|fact| matches!(fact, Closed(_)));
    let visited = facts.iter().any(|fact| matches!(fact, Visited { .. }));
    let since = open(days.last().copied().unwrap_or(today), today);
    let gaps: Vec<i32> = days.windows(2).map(|two| open(two[0], two[1])).collect();
    let (active, lost) = match days.len() {
        0 => (i32::MAX, i32::MAX),
        1 | 2 => (90, 180),
        _ => {
            let (twice, _) = rhythm(&gaps);
            ((3 * twice / 2).clamp(21, 180), (6 * twice / 2).clamp(45, 365))
        }
    };
    let gone = !closed && since > active;
    if !closed && since <= lost && days.len() >= 3 {
        let (twice, ninth) = rhythm(&gaps);
        if twice > 0 && 2 * since / twice >= 2 && since > ninth && !is_held(Subject::Warning) {
            let slots = f64::from(2 * since / twice).min(182.5 / (f64::from(twice) / 2.0));
            let stake = net(-10_000, today + 1) as f64 / days.len() as f64 * slots;
            told.insert(("why-rhythm", Some(stake.round() as i64)));
        }
    }
    // The history begins long before, so the windows before are always there, and a year ago nobody bought.
    let now = net(today - 27, today + 1);
    let before: Vec<i64> = (1..=3).map(|back| net(today - 27 - 28 * back, today + 1 - 28 * back)).collect();
    let earlier = days.iter().filter(|day| **day < today - 27).count();
    let a_year_ago = net(today - 27 - 364, today + 1 - 364);
    let (part, whole, windows) =
        if a_year_ago > 0 { (now, a_year_ago, 1) } else { (3 * now, before.iter().sum(), 3) };
    if !closed
        && !days.is_empty()
        && since <= lost
        && whole > 0
        && earlier >= 3
        && 10 * part <= 7 * whole
        && !is_held(Subject::Warning)
    {
        told.insert(("why-falling", Some((whole - part) / windows)));
    }
    if gone && !is_held(Subject::WinBack) {
        let last = *days.last().unwrap();
        let from = (last..).find(|day| open(last, *day) > active).unwrap();
        // Whatever was tried was tried on day 0.
        let attempts = if from <= 0 && today >= 0 {
            facts.iter().filter(|fact| matches!(fact, Visited { .. } | Called { .. })).count()
        } else {
            0
        };
        let waits = attempts > 0 && today < 14;
        if attempts < 5 && !waits && today < from + 365 {
            told.insert(("why-win_back", None));
        }
    }
    let fresh = today < 181
        && facts
            .iter()
            .any(|fact| matches!(fact, Confirmed(fields) if fields.is_empty() || fields[0] == "phone"));
    if !closed && since <= lost && !fresh && !is_held(Subject::ConfirmData) {
        told.insert(("why-unconfirmed", None));
    }
    let owed: i64 = facts
        .iter()
        .map(|fact| match fact {
            Owes { due_in, open } if *due_in < today => *open,
            _ => 0,
        })
        .sum();
    if owed > 0 && !is_held(Subject::Debt) {
        told.insert(("why-owes", Some(owed)));
    }
    // What it brings in so many of the weeks of the last year, or of those since it first bought.
    let weeks = |count: usize| {
        let from = days.first().copied().unwrap_or(today).max(today - 363);
        let brought = net(from, today + 1) * 7;
        let week = brought as f64 / f64::from((today + 1 - from).max(7));
        (brought > 0).then(|| (week * count as f64).round() as i64)
    };
    let mut is_visit = false;
    for fact in facts {
        match fact {
            // A month before it ends, or its term of notice, until a month after.
            Agreed { until, notice, volume, renewed: false }
                if (today - 30..=today + (*notice).max(30)).contains(until) =>
            {
                told.insert(("why-agreement", Some(*volume)));
            }
            Declined { taken_back: false } => {
                told.insert(("why-declined", None));
            }
            Task { due_in, settled: false, of_another }
                if *due_in <= today && (!of_another || rep == Rep::Second) =>
            {
                told.insert(("why-task", None));
            }
            Birthday { in_days, yearly } if !closed => {
                let next = if *in_days >= today || !yearly { *in_days } else { in_days + 365 };
                if next >= today && next <= today + 7 {
                    told.insert(("why-date", None));
                }
            }
            Planned { on } if *on == today => is_visit |= closing.who_goes(Rep::First, today) == Some(rep),
            Planned { on }
                if (today - 92..today).contains(on)
                    && !(visited && *on <= 0 || closed || is_held(Subject::Visit))
                    && closing.who_goes(Rep::First, today).unwrap_or(Rep::First) == rep =>
            {
                told.insert(("why-overdue", weeks(1)));
            }
            Called { next: Some(on), .. } if (today - 92..=today).contains(on) && !(visited && *on <= 0) => {
                told.insert(("why-next_step", None));
            }
            Rule { weekday, every, since, of } if !closed && !is_held(Subject::Visit) => {
                let of = of.unwrap_or(Rep::First);
                // The Monday of its first week, and from there on in steps.
                let monday = -since + 1 - i32::from(weekday_of(-since));
                let falls: Vec<i32> = (0..60)
                    .map(|step| monday + i32::from(*weekday) - 1 + 7 * every * step)
                    .filter(|day| *day >= -since)
                    .collect();
                let is_off =
                    |day: i32| closing.is_holiday(day) || is_shut(day) || closing.who_goes(of, day).is_none();
                let goes = closing.who_goes(of, today);
                is_visit |= falls.contains(&today) && !is_off(today) && goes == Some(rep);
                let is_missed = |day: &&i32| {
                    (today - 92..today).contains(*day) && !is_off(**day) && !(visited && **day <= 0)
                };
                let missed = falls.iter().filter(is_missed).count();
                if missed > 0 && goes.unwrap_or(of) == rep {
                    told.insert(("why-overdue", weeks(missed)));
                }
            }
            _ => {}
        }
    }
    (is_visit, told)
}

#[test]
fn a_reason_is_there_exactly_when_a_plain_look_says_so() {
    let mut seen = std::collections::BTreeMap::<&str, u32>::new();
    for seed in 0..60 {
        let dice = Dice::new(seed);
        let device = Device::new(1_000 + seed);
        let written: BusinessDate = WRITTEN.parse().unwrap();
        assert_eq!(device.engine.today().unwrap(), written);
        let clients: Vec<ClientId> = (0..CLIENTS).map(|n| device.client(&format!("c{n}"))).collect();
        let world = World { device, written, clients };
        let start = Setting::new(Scalar::Text("2020-01-01".into()));
        world.device.office(9_999, Item::new("", "history_start", Scope::Workspace, start).unwrap());
        let lives: Vec<Vec<Fact>> = world.clients.iter().map(|_| life(&dice)).collect();
        let mut number = 0;
        for (client, facts) in world.clients.iter().zip(&lives) {
            facts.iter().for_each(|fact| world.take(&mut number, *client, fact));
        }
        let closing = Closing::of(&dice);
        closing.put(&world.device, &mut number, &world.clients, &|day| world.on(day));
        let days = [0, 1, 3, 7, 13, 14, 20, 45, 100, 200];
        for (today, rep) in days.into_iter().flat_map(|today| Rep::BOTH.map(|rep| (today, rep))) {
            let (on, me) = (world.on(today), rep.id());
            let list = world.device.read(|conn| Ok(today::list(conn, Some(&me), on)?));
            // Some alone are told what they are told among all, in the same order.
            let some: BTreeSet<ClientId> = world.clients[..2].iter().copied().collect();
            let alone = world.device.read(|conn| Ok(today::list_among(conn, Some(&me), Some(&some), on)?));
            let of_some: Vec<_> = list.iter().filter(|entry| some.contains(&entry.client)).cloned().collect();
            assert_eq!(alone, of_some, "seed {seed}, day {today}");
            for (client, facts) in world.clients.iter().zip(&lives) {
                let entries: Vec<_> = list.iter().filter(|entry| entry.client == *client).collect();
                let found: BTreeSet<_> = entries
                    .iter()
                    .flat_map(|entry| &entry.reasons)
                    .map(|reason| (reason.why.text_id(), reason.stake.map(|stake| stake.minor)))
                    .collect();
                let is_visit = entries.iter().any(|entry| entry.visit.is_some());
                let weekday_of = |day: i32| {
                    let days = world.on(day).days();
                    (days + 3).rem_euclid(7) as u8 + 1
                };
                let expected = naively(facts, &closing, today, rep, weekday_of);
                let told = format!("seed {seed}, day {today}, {rep:?}: {facts:?} {closing:?}");
                assert_eq!((is_visit, found), expected, "{told}");
                expected.1.iter().for_each(|(id, _)| *seen.entry(id).or_default() += 1);
                *seen.entry("visit").or_default() += u32::from(is_visit);
            }
        }
    }
    assert!(seen.len() == 12 && seen.values().all(|count| *count > 20), "{seen:?}");
}
