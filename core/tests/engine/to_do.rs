//! The agenda: what is planned, and what takes it off again.

use cartera_core::model::record::{
    Agreement, Channel, Contact, Direction, Kind, Outcome, Task, TaskState, Visit, VoidReason,
};
use cartera_core::model::{BusinessDate, ClientId, RecordId};
use cartera_core::query;
use cartera_core::rows;
use cartera_core::store::StoreError;

use super::Device;

fn day(day: i8) -> BusinessDate {
    BusinessDate::from_ymd(2026, 11, day).unwrap()
}

/// What stands in the agenda of November: what, the day of the month, and the record that began it. The same once
/// everything was made anew.
fn agenda(device: &Device) -> Vec<(String, i32, RecordId)> {
    let read = || {
        let items =
            device.read(|conn| Ok(query::agenda::between(conn, day(1).days(), day(30).days() + 1, 99)?));
        items
            .into_iter()
            .map(|item| (item.what, item.date - day(1).days() + 1, item.record))
            .collect::<Vec<_>>()
    };
    let before = read();
    device.engine.store().write::<_, StoreError>(|tx| Ok(rows::rebuild(tx)?)).unwrap();
    assert_eq!(read(), before, "rows are those of a rebuild");
    before
}

fn plan(device: &Device, client: &ClientId, on: i8) -> RecordId {
    device.engine.log_visit(client, Visit::planned(day(on))).unwrap().id
}

#[test]
fn a_planned_visit_is_moved_cancelled_and_planned_again() {
    let device = Device::new(31);
    let client = device.client("Bar");
    let planned = plan(&device, &client, 5);
    let visit = |on| vec![("visit".to_owned(), on, planned)];
    assert_eq!(agenda(&device), visit(5));
    let moved = device.engine.move_visit(&client, planned, day(9), Some(600)).unwrap();
    assert_eq!(agenda(&device), visit(9));
    // By either id, and without its time.
    device.engine.move_visit(&client, moved.id, day(10), None).unwrap();
    assert_eq!(agenda(&device), visit(10));
    let cancelled = device.engine.cancel_visit(&client, planned).unwrap();
    assert_eq!(agenda(&device), []);
    let error = device.engine.move_visit(&client, planned, day(11), None).unwrap_err();
    assert_eq!(error.code(), "unknown_record", "it was cancelled");
    device.engine.void(&client, Kind::Visit, cancelled.id, VoidReason::Mistake).unwrap();
    assert_eq!(agenda(&device), visit(10));
    let done = device.engine.log_visit(&client, Visit::done(Outcome::Order)).unwrap();
    assert_eq!(
        device.engine.move_visit(&client, done.id, day(11), None).unwrap_err().code(),
        "unknown_record"
    );
}

#[test]
fn what_carries_out_a_plan_takes_it_off_the_agenda_as_long_as_it_stands() {
    let device = Device::new(32);
    let client = device.client("Bar");
    let (first, second, third) =
        (plan(&device, &client, 5), plan(&device, &client, 6), plan(&device, &client, 7));
    let on = |days: &[(i32, RecordId)]| {
        days.iter().map(|(on, of)| ("visit".to_owned(), *on, *of)).collect::<Vec<_>>()
    };
    let visit = Visit { carries_out: Some(first), ..Visit::done(Outcome::Order) };
    let visited = device.engine.log_visit(&client, visit.clone()).unwrap();
    assert_eq!(agenda(&device), on(&[(6, second), (7, third)]));
    // A call stands for a visit; and who names the plan as it was moved means the same plan.
    let moved = device.engine.move_visit(&client, second, day(8), None).unwrap();
    let call = Contact { carries_out: Some(moved.id), ..Contact::new(Channel::Phone, Direction::Outgoing) };
    device.engine.log_contact(&client, call).unwrap();
    assert_eq!(agenda(&device), on(&[(7, third)]));
    device.engine.move_visit(&client, first, day(12), None).unwrap();
    assert_eq!(agenda(&device), on(&[(7, third)]), "moved after it was done");
    let void = device.engine.void(&client, Kind::Visit, visited.id, VoidReason::WrongClient).unwrap();
    assert_eq!(agenda(&device), on(&[(7, third), (12, first)]));
    device.engine.void(&client, Kind::Visit, void.id, VoidReason::Mistake).unwrap();
    let corrected = Visit { carries_out: Some(third), ..visit };
    device.engine.amend(&client, visited.id, corrected.into()).unwrap();
    assert_eq!(agenda(&device), on(&[(12, first)]), "it was another plan that was carried out");
}

#[test]
fn tasks_with_and_without_a_date_are_done_dropped_and_open_again() {
    let device = Device::new(33);
    let client = device.client("Bar");
    let dated = Task { due_on: Some(day(12)), ..Task::open("llevar muestras") };
    let dated = device.engine.add_task(&client, dated).unwrap().id;
    let loose = device.engine.add_task(&client, Task::open("preguntar por la terraza")).unwrap().id;
    let states = || {
        let tasks = device.read(|conn| Ok(query::tasks::of_client(conn, &client)?));
        tasks.into_iter().map(|task| (task.root, task.state)).collect::<Vec<_>>()
    };
    assert_eq!(states(), [(dated, TaskState::Open), (loose, TaskState::Open)]);
    assert_eq!(agenda(&device), [("task".to_owned(), 12, dated)]);
    let done = device.engine.settle_task(&client, dated, TaskState::Done).unwrap();
    device.engine.settle_task(&client, loose, TaskState::Dropped).unwrap();
    assert_eq!(states(), [(dated, TaskState::Done), (loose, TaskState::Dropped)]);
    assert_eq!(agenda(&device), []);
    // An amendment says what is to be done; that it was done still holds.
    let again = Task { due_on: Some(day(13)), ..Task::open("llevar más muestras") };
    let amended = device.engine.amend(&client, dated, again.into()).unwrap();
    assert_eq!(states()[0], (dated, TaskState::Done));
    device.engine.void(&client, Kind::Task, done.id, VoidReason::Mistake).unwrap();
    assert_eq!(agenda(&device), [("task".to_owned(), 13, dated)]);
    device.engine.settle_task(&client, amended.id, TaskState::Done).unwrap();
    assert_eq!((states()[0], agenda(&device)), ((dated, TaskState::Done), vec![]));
    device.engine.settle_task(&client, dated, TaskState::Open).unwrap();
    assert_eq!(agenda(&device), [("task".to_owned(), 13, dated)]);
    for unknown in [device.engine.new_record_id(), done.id] {
        let error = device.engine.settle_task(&client, unknown, TaskState::Done).unwrap_err();
        assert_eq!(error.code(), "unknown_record", "no task begins there");
    }
}

#[test]
fn the_end_of_an_agreement_is_on_the_agenda_until_it_is_renewed() {
    let device = Device::new(34);
    let client = device.client("Bar");
    let agreed = |until| Agreement::new("Botellero", day(1), Some(until));
    let old = device.engine.agree(&client, agreed(day(20))).unwrap().id;
    assert_eq!(agenda(&device), [("agreement".to_owned(), 20, old)]);
    let new = device.engine.renew_agreement(&client, old, agreed(day(29))).unwrap().id;
    assert_eq!(agenda(&device), [("agreement".to_owned(), 29, new)]);
    device.engine.void(&client, Kind::Agreement, new, VoidReason::Cancelled).unwrap();
    assert_eq!(agenda(&device), [("agreement".to_owned(), 20, old)]);
    let unknown = device.engine.renew_agreement(&client, new, agreed(day(29))).unwrap_err();
    assert_eq!(unknown.code(), "unknown_record");
}
