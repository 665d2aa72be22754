//! What is tried with a client that stopped buying, as an app writes it down and reads it again.

use cartera_core::model::office::{Item, SalesDay, Scope, sales_day_key};
use cartera_core::model::record::{
    Channel, ClientClosed, Contact, Direction, Kind, LossReason, NoOrderReason, Outcome, Visit, VisitState,
    VoidReason,
};
use cartera_core::model::{BusinessDate, Currency};
use cartera_core::query::recovery::{self, Next, Reason, Recovery};

use super::Device;

#[test]
fn what_was_said_and_offered_is_told_and_what_was_taken_back_is_not() {
    let device = Device::new(91);
    let client = device.client("Bar");
    let today = device.engine.today().unwrap();
    let back = |days: i32| today.plus_days(-days).unwrap();
    for week in 0..5 {
        let on = back(40 + 7 * week);
        let key = sales_day_key(client, on, Currency::EUR);
        let day = SalesDay::new(on, Currency::EUR, 1_000, true, 1);
        device.office(week as u64 + 1, Item::new("", key, Scope::Client(client), day).unwrap());
    }
    let read = |on: BusinessDate| -> Option<Recovery> {
        device.read(|conn| Ok(recovery::of_client(conn, &client, on)?)).unwrap().pop()
    };
    assert_eq!(read(today).map(|of| (of.stretch.from, of.next)), Some((back(18), Some(Next::AskReason))));
    let call = Contact {
        outcome: Some(Outcome::NoOrder),
        no_order: Some(NoOrderReason::Price),
        offered: Some("un 5 % menos".into()),
        ..Contact::new(Channel::Phone, Direction::Outgoing)
    };
    let first = device.engine.log_contact(&client, call).unwrap().id;
    device.engine.log_visit(&client, Visit::done(Outcome::BuyerAway)).unwrap();
    let told = read(today).unwrap();
    assert_eq!(told.reason, Some(Reason::Said { on: today, reason: NoOrderReason::Price }));
    let attempts: Vec<_> = told.attempts.iter().map(|of| (of.channel, of.offered.as_deref())).collect();
    assert_eq!(attempts, [(Some(Channel::Phone), Some("un 5 % menos")), (None, None)]);
    assert_eq!(told.next, Some(Next::Wait(today.plus_days(14).unwrap())));
    device.engine.void(&client, Kind::Contact, first, VoidReason::Mistake).unwrap();
    let told = read(today).unwrap();
    assert_eq!((told.reason, told.attempts.len()), (None, 1));
    device.engine.close_client(&client, ClientClosed::new(LossReason::ClosedDown)).unwrap();
    let told = read(today).unwrap();
    assert!(matches!(told.reason, Some(Reason::Closed { reason: LossReason::ClosedDown, .. })));
    assert_eq!(told.next, Some(Next::LetGo));
    // What is planned was not offered yet.
    let planned = Visit { offered: Some("x".into()), ..Visit::planned(today) };
    assert_eq!(planned.state, VisitState::Planned);
    assert_eq!(device.engine.log_visit(&client, planned).unwrap_err().code(), "invalid");
}
