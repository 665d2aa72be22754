//! The visit plan: what its rules ask for, what takes a visit off it, and what becomes of one.

use cartera_core::document::FieldKey;
use cartera_core::engine::ClientEdit;
use cartera_core::model::access::Role;
use cartera_core::model::office::{Absence, Holiday, Item, Person, Scope, VisitPlan};
use cartera_core::model::profile::{ClientField, Key, PlaceField, ShutDays, Value};
use cartera_core::model::record::{
    self, Channel, ClientClosed, Contact, Direction, Kind, LossReason, Outcome, PlanKey, PurchaseSort, Visit,
    VoidReason,
};
use cartera_core::model::{BusinessDate, ClientId, PartId, PersonId, RecordId, TerritoryId};
use cartera_core::query;
use cartera_core::rows::plan::{self, Calendar, Mark, Off, Standing};
use cartera_core::rows::{self, client};
use cartera_core::store::StoreError;

use super::Device;
use super::support::purchase;

fn day(day: i8) -> BusinessDate {
    BusinessDate::from_ymd(2026, 11, day).unwrap()
}

fn person(n: u8) -> PersonId {
    PersonId::from_bytes([n; 16])
}

fn territory(n: u8) -> TerritoryId {
    TerritoryId::from_bytes([n; 16])
}

/// A rule of every week from Sunday, 1 November.
fn weekly(weekdays: &[u8]) -> VisitPlan {
    VisitPlan::new(day(1), 1, weekdays.to_vec())
}

impl Device {
    fn rule(&self, number: u64, key: &str, client: &ClientId, plan: VisitPlan) {
        self.office(number, Item::new("", key, Scope::Client(*client), plan).unwrap());
    }

    fn person(&self, number: u64, who: PersonId, territories: &[TerritoryId]) {
        let rep = Person { territories: territories.to_vec(), ..Person::new("Ana", Role::Rep) };
        self.office(number, Item::new("", who.to_string(), Scope::Workspace, rep).unwrap());
    }

    fn planned(&self) -> Vec<plan::PlannedVisit> {
        self.read(|conn| Ok(plan::between(conn, day(1), day(30))?))
    }

    /// Day of November and standing, in the order of a round; the same once all rows were made anew.
    fn plan(&self) -> Vec<(i32, Standing)> {
        let read =
            || self.planned().into_iter().map(|visit| (nth(visit.date), visit.standing)).collect::<Vec<_>>();
        let before = read();
        self.engine.store().write::<_, StoreError>(|tx| Ok(rows::rebuild(tx)?)).unwrap();
        assert_eq!(read(), before, "rows are those of a rebuild");
        before
    }

    fn agenda(&self) -> Vec<(i32, RecordId)> {
        let items = self.read(|conn| Ok(query::agenda::between(conn, day(1).days(), day(30).days(), 99)?));
        items.into_iter().map(|item| (item.date - day(1).days() + 1, item.record)).collect()
    }
}

fn nth(date: BusinessDate) -> i32 {
    date.days() - day(1).days() + 1
}

const DUE: Standing = Standing::Due;

#[test]
fn a_round_goes_by_place_then_time() {
    let device = Device::new(41);
    let (first, second, third) = (device.client("Uno"), device.client("Dos"), device.client("Tres"));
    device.rule(1, "R1", &third, VisitPlan { sequence: Some(1), ..weekly(&[1]) });
    device.rule(
        2,
        "R2",
        &second,
        VisitPlan { minute: Some(600), channel: Some(Channel::Phone), ..weekly(&[1]) },
    );
    // Weeks A and B: the week of the 2nd, then that of the 16th.
    device.rule(3, "R3", &first, VisitPlan { minute: Some(540), ..VisitPlan::new(day(2), 2, vec![1, 4]) });
    let round: Vec<_> = device.planned().into_iter().map(|visit| (nth(visit.date), visit.client)).collect();
    let expected = [
        (2, third),
        (2, first),
        (2, second),
        (5, first),
        (9, third),
        (9, second),
        (16, third),
        (16, first),
        (16, second),
        (19, first),
        (23, third),
        (23, second),
    ];
    assert_eq!(round, expected);
    let calls = device.planned().iter().filter(|visit| visit.channel == Some(Channel::Phone)).count();
    assert_eq!(calls, 4);
    let of_second = device.read(|conn| Ok(plan::of_client(conn, &second, day(1), day(30))?));
    assert_eq!(of_second.iter().map(|visit| nth(visit.date)).collect::<Vec<_>>(), [2, 9, 16, 23]);
    // A closed client is visited no longer, and a rule that was withdrawn asks for nothing.
    device.engine.close_client(&third, ClientClosed::new(LossReason::Price)).unwrap();
    let rule = Item::new("", "R2", Scope::Client(second), weekly(&[1])).unwrap();
    device.office(4, Item { value: None, ..rule });
    let left: Vec<_> = device.planned().into_iter().map(|visit| (nth(visit.date), visit.client)).collect();
    assert_eq!(left, [(2, first), (5, first), (16, first), (19, first)]);
}

#[test]
fn holidays_and_shut_days_take_visits_off() {
    let device = Device::new(42);
    let client = device.client("Bar");
    device.is_in(&client, territory(1));
    device.rule(1, "R1", &client, weekly(&[1]));
    let holiday = |n, key: &str, scope, on| {
        device.office(n, Item::new("", key, scope, Holiday::new(on, "Fiesta")).unwrap());
    };
    holiday(2, "H1", Scope::Workspace, day(2));
    holiday(3, "H2", Scope::Territory(territory(1)), day(9));
    holiday(4, "H3", Scope::Territory(territory(2)), day(16));
    let off = Standing::Off;
    assert_eq!(device.plan(), [(2, off(Off::Holiday)), (9, off(Off::Holiday)), (16, DUE), (23, DUE)]);
    let put = |key: Key, days: ShutDays| {
        device.engine.edit_client(&client, vec![ClientEdit::put(&key, &Value::ShutDays(days))]).unwrap();
    };
    let once = |on| ShutDays::new(vec![], vec![shut(on, on)]);
    put(Key::Client(ClientField::ShutDays), once(day(16)));
    assert_eq!(device.plan()[2..], [(16, off(Off::Shut)), (23, DUE)]);
    // The place that the rule names says more than the client does.
    let place = PartId::from_bytes([7; 16]);
    device.rule(5, "R1", &client, VisitPlan { place: Some(place), ..weekly(&[1]) });
    assert_eq!(device.plan()[2..], [(16, off(Off::Shut)), (23, DUE)], "it says nothing");
    put(Key::Place(place, PlaceField::ShutDays), once(day(23)));
    assert_eq!(device.plan()[2..], [(16, DUE), (23, off(Off::Shut))]);
    let cleared = ClientEdit { key: FieldKey::new("shut_days").unwrap(), value: None };
    device.engine.edit_client(&client, vec![cleared]).unwrap();
    assert_eq!(device.plan()[2..], [(16, DUE), (23, off(Off::Shut))]);
}

fn shut(from: BusinessDate, to: BusinessDate) -> cartera_core::model::profile::ShutSpan {
    cartera_core::model::profile::ShutSpan::new(from, to, false)
}

#[test]
fn a_visit_is_of_whoever_is_there() {
    let device = Device::new(43);
    let (ana, luis, eva) = (person(1), person(2), person(3));
    let client = device.client("Bar");
    device.rule(1, "R1", &client, weekly(&[1]));
    let who = || {
        let visits = device.planned().into_iter();
        visits.map(|visit| (visit.standing, visit.people, visit.stands_in_for)).collect::<Vec<_>>()
    };
    assert_eq!(who()[0], (DUE, vec![], None), "whoever has the client");
    assert!(device.planned()[0].concerns(&eva));
    device.is_in(&client, territory(1));
    device.person(2, ana, &[territory(1)]);
    device.person(3, luis, &[territory(2)]);
    assert_eq!(who()[0], (DUE, vec![ana], None));
    assert!(device.planned()[0].concerns(&ana) && !device.planned()[0].concerns(&luis));
    let absence = |n, key: &str, who, from, to, cover| {
        let absence = Absence { cover, ..Absence::new(who, from, to) };
        device.office(n, Item::new("", key, Scope::Workspace, absence).unwrap());
    };
    absence(4, "A1", ana, day(9), day(16), None);
    let away = Standing::Off(Off::Away);
    let standings = || who().into_iter().map(|visit| visit.0).collect::<Vec<_>>();
    assert_eq!(standings(), [DUE, away, away, DUE], "the last day too");
    absence(5, "A2", ana, day(16), day(20), Some(luis));
    assert_eq!(standings(), [DUE, away, DUE, DUE]);
    assert_eq!(who()[2], (DUE, vec![luis], Some(ana)));
    // A substitute who is away is none.
    absence(6, "A3", luis, day(16), day(16), None);
    assert_eq!(standings(), [DUE, away, away, DUE]);
    // A rule that names somebody is that person's, also on the day to which a visit was moved.
    device.rule(7, "R1", &client, VisitPlan { person: Some(eva), ..weekly(&[1]) });
    assert!(who().iter().all(|visit| *visit == (DUE, vec![eva], None)));
    let moved = device.engine.move_planned(&client, PlanKey::new(client, "R1", day(9)), day(11), None);
    let moved_to = device.planned().into_iter().find(|visit| visit.date == day(11)).unwrap();
    assert_eq!(moved_to.people, [eva]);
    device.engine.void(&client, Kind::Visit, moved.unwrap().id, VoidReason::Mistake).unwrap();
    // Two reps of a territory: one who is there is enough.
    device.rule(8, "R1", &client, weekly(&[1]));
    device.person(9, eva, &[territory(1)]);
    assert_eq!(who()[1], (DUE, vec![eva], None));
    assert_eq!(who()[0], (DUE, vec![ana, eva], None));
    let left = Person { left: true, territories: vec![territory(1)], ..Person::new("Eva", Role::Rep) };
    device.office(10, Item::new("", eva.to_string(), Scope::Workspace, left).unwrap());
    assert_eq!(who()[0], (DUE, vec![ana], None));
}

#[test]
fn an_absence_that_a_rep_declares_counts() {
    let device = Device::new(44);
    let ana = person(1);
    let client = device.client("Bar");
    device.is_held_by(ana);
    device.is_in(&client, territory(1));
    device.person(2, ana, &[territory(1)]);
    device.rule(3, "R1", &client, weekly(&[1]));
    let declared = device.engine.declare_absence(record::Absence::new(day(9), day(10))).unwrap();
    assert_eq!(device.plan()[..3], [(2, DUE), (9, Standing::Off(Off::Away)), (16, DUE)]);
    device.engine.void_own(Kind::Absence, declared.id, VoidReason::Cancelled).unwrap();
    assert_eq!(device.plan()[1], (9, DUE));
}

#[test]
fn a_visit_of_the_plan_is_moved_cancelled_made_and_planned_again() {
    let device = Device::new(45);
    let client = device.client("Bar");
    device.rule(1, "R1", &client, weekly(&[1]));
    let on = |date| PlanKey::new(client, "R1", date);
    let marked = Standing::Marked;
    let moved = device.engine.move_planned(&client, on(day(9)), day(11), Some(600)).unwrap();
    let mark = Mark::Moved { by: moved.id, to: day(11) };
    assert_eq!(device.plan(), [(2, DUE), (9, marked(mark)), (11, DUE), (16, DUE), (23, DUE)]);
    assert_eq!(device.agenda(), [(11, moved.id)]);
    let visit = device.planned().into_iter().find(|visit| visit.date == day(11)).unwrap();
    assert_eq!((visit.key, visit.record, visit.minute), (Some(on(day(9))), Some(moved.id), Some(600)));
    // Moved again by whoever stands in: the last word counts, and there is one visit.
    let again = device.engine.move_planned(&client, on(day(9)), day(12), None).unwrap();
    let mark = Mark::Moved { by: again.id, to: day(12) };
    assert_eq!(device.plan()[1..3], [(9, marked(mark)), (12, DUE)]);
    assert_eq!(device.agenda(), [(12, again.id)]);
    let cancelled = device.engine.cancel_planned(&client, on(day(9))).unwrap();
    let after = [(2, DUE), (9, marked(Mark::Cancelled(cancelled.id))), (16, DUE), (23, DUE)];
    assert_eq!((device.plan(), device.agenda()), (after.to_vec(), vec![]));
    device.engine.void(&client, Kind::Visit, cancelled.id, VoidReason::Mistake).unwrap();
    assert_eq!(device.agenda(), [(12, again.id)]);
    // Made, by its key or by the record that planned it; a call or an order stands for a visit.
    let visit = Visit { carries_out: Some(again.id), ..Visit::done(Outcome::Order) };
    let done = device.engine.log_visit(&client, visit).unwrap();
    assert_eq!(device.plan()[..3], [(2, DUE), (9, marked(Mark::Done(done.id))), (16, DUE)]);
    let call = Contact { plan: Some(on(day(16))), ..Contact::new(Channel::Phone, Direction::Outgoing) };
    let call = device.engine.log_contact(&client, call).unwrap();
    let mut order = purchase(PurchaseSort::Order, "1");
    order.plan = Some(on(day(23)));
    let order = device.engine.place_order(&client, device.engine.new_record_id(), order).unwrap();
    assert_eq!(device.plan()[2..], [(16, marked(Mark::Done(call.id))), (23, marked(Mark::Done(order.id)))]);
    assert_eq!(device.agenda(), []);
    // What was made is neither moved nor cancelled; what no rule asks for neither.
    for key in [
        on(day(9)),
        on(day(10)),
        PlanKey::new(client, "R2", day(2)),
        PlanKey::new(ClientId::from_bytes([9; 16]), "R1", day(2)),
    ] {
        let error = device.engine.move_planned(&client, key.clone(), day(20), None).unwrap_err();
        assert_eq!(error.code(), "unknown_record", "{key:?}");
        assert_eq!(device.engine.cancel_planned(&client, key).unwrap_err().code(), "unknown_record");
    }
    // Made after all, although it was cancelled.
    device.engine.cancel_planned(&client, on(day(2))).unwrap();
    let visit = Visit { plan: Some(on(day(2))), ..Visit::done(Outcome::NoOrder) };
    let visit = device.engine.log_visit(&client, visit).unwrap();
    assert_eq!(device.plan()[0], (2, marked(Mark::Done(visit.id))));
}

#[test]
fn a_merged_clients_rules_go_on_for_the_one_that_is_kept() {
    let device = Device::new(46);
    let (kept, merged) = (device.client("Bar Ana"), device.client("Bar Anna"));
    device.rule(1, "R1", &merged, weekly(&[1]));
    let key = PlanKey::new(merged, "R1", day(2));
    device.engine.cancel_planned(&merged, key).unwrap();
    let merge = |into: Option<ClientId>| {
        let work = |tx: &rusqlite::Transaction<'_>| {
            let doc = rows::Document::find(tx, &merged.into())?.unwrap();
            Ok(client::set_alias(tx, doc.row, into.as_ref())?)
        };
        device.engine.store().write::<_, StoreError>(work).unwrap();
    };
    merge(Some(kept));
    let visits = device.planned();
    assert!(visits.iter().all(|visit| visit.client == kept));
    assert!(matches!(visits[0].standing, Standing::Marked(Mark::Cancelled(_))));
    let visit = Visit { plan: visits[1].key.clone(), ..Visit::done(Outcome::Order) };
    device.engine.log_visit(&kept, visit).unwrap();
    assert!(matches!(device.planned()[1].standing, Standing::Marked(Mark::Done(_))));
    device.engine.log_visit(&merged, Visit::planned(day(5))).unwrap();
    let by_hand = || device.planned().into_iter().find(|visit| visit.date == day(5)).unwrap().client;
    assert_eq!(by_hand(), kept);
    let on = |on| device.read(|conn| Ok(cartera_core::portfolio::today::list(conn, None, on)?));
    let told = |day| on(day)[0].reasons.iter().any(|reason| reason.why.text_id() == "why-overdue");
    assert_eq!((on(day(6))[0].client, told(day(6))), (kept, true));
    device.env.advance(86_400_000 * 4);
    device.engine.log_visit(&kept, Visit::done(Outcome::NoOrder)).unwrap();
    assert!(!told(day(6)), "the one that is kept was visited");
    merge(None);
    assert!(device.planned().iter().all(|visit| visit.client == merged));
}

#[test]
fn the_latest_visit_that_was_missed_is_overdue_until_the_client_is_visited() {
    let device = Device::new(47);
    let client = device.client("Bar");
    // Today is Monday, 2 November.
    let rule = VisitPlan::new("2026-09-01".parse().unwrap(), 1, vec![3]);
    device.rule(1, "R1", &client, rule);
    let overdue = || {
        device.read(|conn| {
            let rules = plan::rules(conn, Some(&client))?;
            Ok(plan::overdue(conn, &Calendar::read(conn)?, &rules[0], day(2))?
                .map(|overdue| overdue.key.date.to_string()))
        })
    };
    assert_eq!(overdue().as_deref(), Some("2026-10-28"));
    let holiday = Holiday::new("2026-10-28".parse().unwrap(), "Fiesta");
    device.office(2, Item::new("", "H", Scope::Workspace, holiday).unwrap());
    assert_eq!(overdue().as_deref(), Some("2026-10-21"), "nobody missed the one of the holiday");
    let key = PlanKey::new(client, "R1", "2026-10-21".parse().unwrap());
    let moved = device.engine.move_planned(&client, key, day(4), None).unwrap();
    assert_eq!(overdue(), None, "it is planned for another day");
    device.engine.void(&client, Kind::Visit, moved.id, VoidReason::Mistake).unwrap();
    assert!(overdue().is_some());
    device.engine.log_visit(&client, Visit::done(Outcome::NoOrder)).unwrap();
    assert_eq!(overdue(), None, "whatever the visit was for");
    // One that was made on its very day, by somebody who did not name it, is not overdue on the next.
    let monday = VisitPlan::new("2026-09-01".parse().unwrap(), 1, vec![1]);
    device.rule(3, "R1", &client, monday);
    let tomorrow = device.read(|conn| {
        let rules = plan::rules(conn, Some(&client))?;
        Ok(plan::overdue(conn, &Calendar::read(conn)?, &rules[0], day(3))?)
    });
    assert_eq!(tomorrow, None);
}

#[test]
fn a_window_has_an_end() {
    let device = Device::new(48);
    let client = device.client("Bar");
    device.rule(1, "R1", &client, weekly(&[1, 2, 3, 4, 5, 6, 7]));
    let count = |to: BusinessDate| device.read(|conn| Ok(plan::between(conn, day(1), to)?)).len() as i32;
    assert_eq!(count(day(1)), 0);
    assert_eq!(count(day(1).plus_days(plan::DAYS_MAX).unwrap()), plan::DAYS_MAX);
    assert_eq!(count(day(1).plus_days(plan::DAYS_MAX + 1).unwrap()), plan::DAYS_MAX);
    assert_eq!(count(BusinessDate::MAX), plan::DAYS_MAX);
    assert_eq!(count(BusinessDate::MIN), 0);
}
