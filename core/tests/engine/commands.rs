use std::sync::{Arc, Mutex};

use cartera_core::engine::{Changed, EngineError};
use cartera_core::model::record::{Body, Kind, Note, Outcome, Record, Visit, VoidReason};
use cartera_core::model::{BusinessDate, ClientId};
use cartera_core::query;
use cartera_core::query::timeline::Standing;
use cartera_core::store::{StoreError, outbox};

use super::{Device, text};

fn visit(notes: &str) -> Visit {
    Visit { notes: Some(notes.into()), ..Visit::done(Outcome::NoOrder) }
}

#[test]
fn a_visit_is_listed_saved_and_waits_to_be_sent() {
    let device = Device::new(1);
    let client = device.client("Bar Ñandú");
    let saved = device.engine.log_visit(&client, visit("le falta género")).unwrap();
    assert_eq!(saved.date, BusinessDate::from_ymd(2026, 11, 2).unwrap());
    let timeline = device.timeline(&client);
    assert_eq!(timeline.len(), 1);
    assert_eq!((timeline[0].root, timeline[0].kind.as_str()), (saved.id, "v"));
    assert_eq!(timeline[0].standing, Standing::Saved);
    let read = Record::decode(Kind::Visit, &timeline[0].value).unwrap();
    assert_eq!(read.body, Body::Visit(visit("le falta género")));
    // The client's first change, its name, and the visit.
    assert_eq!(device.engine.store().read(outbox::count).unwrap(), 3);
}

#[test]
fn lists_and_search_fold_accents_and_follow_edits() {
    let device = Device::new(2);
    let nandu = device.client("Ñandú, Bar");
    device.client("zapatería Ávila");
    device.client("Bodega Álvaro");
    assert_eq!(device.names(), ["Bodega Álvaro", "Ñandú, Bar", "zapatería Ávila"]);
    assert_eq!(device.search("nan"), ["Ñandú, Bar"]);
    assert_eq!(device.search("zapat avi"), ["zapatería Ávila"]);
    device.engine.edit_client(&nandu, vec![text("name", "Café Ñandú"), text("erp_code", "C-0042")]).unwrap();
    assert_eq!(device.search("0042"), ["Café Ñandú"]);
    assert!(device.search("bar").is_empty());
}

#[test]
fn a_correction_takes_the_place_of_what_it_corrects_and_a_void_takes_it_away() {
    let device = Device::new(3);
    let client = device.client("Bar");
    let saved = device.engine.log_visit(&client, visit("perdiz")).unwrap();
    let amended = device.engine.amend(&client, saved.id, visit("codorniz").into()).unwrap();
    let timeline = device.timeline(&client);
    assert_eq!(timeline.len(), 1);
    assert_eq!((timeline[0].root, timeline[0].id), (saved.id, amended.id));
    let notes = |typed: &str| {
        device
            .engine
            .store()
            .read::<_, StoreError>(|conn| Ok(query::clients::search_notes(conn, typed, 9)?))
            .unwrap()
            .len()
    };
    assert_eq!((notes("perdiz"), notes("codorniz")), (0, 1));
    let void = device.engine.void(&client, Kind::Visit, amended.id, VoidReason::Mistake).unwrap();
    assert_eq!(device.timeline(&client)[0].id, saved.id);
    assert_eq!((notes("perdiz"), notes("codorniz")), (1, 0));
    device.engine.void(&client, Kind::Visit, void.id, VoidReason::Mistake).unwrap();
    assert_eq!(device.timeline(&client)[0].id, amended.id);
}

#[test]
fn the_last_visit_goes_back_when_it_is_voided() {
    let device = Device::new(4);
    let client = device.client("Bar");
    let last = |device: &Device| {
        let row = device.engine.store().read::<_, StoreError>(|conn| Ok(query::clients::get(conn, &client)?));
        row.unwrap().unwrap().last_visit
    };
    assert_eq!(last(&device), None);
    let first = device.engine.log_visit(&client, visit("a")).unwrap();
    device.env.advance(3 * 86_400_000);
    let second = device.engine.log_visit(&client, visit("b")).unwrap();
    assert_eq!(last(&device), Some(second.date.days()));
    device.engine.void(&client, Kind::Visit, second.id, VoidReason::WrongClient).unwrap();
    assert_eq!(last(&device), Some(first.date.days()));
}

#[test]
fn a_planned_visit_and_a_next_step_stand_in_the_agenda() {
    let device = Device::new(5);
    let client = device.client("Bar");
    let thursday = BusinessDate::from_ymd(2026, 11, 5).unwrap();
    device.engine.log_visit(&client, Visit::planned(thursday)).unwrap();
    let next = cartera_core::model::record::NextStep::new("llevar muestras", thursday.plus_days(1));
    device.engine.log_visit(&client, Visit { next: Some(next), ..visit("vuelve") }).unwrap();
    let items = device
        .engine
        .store()
        .read::<_, StoreError>(|conn| {
            Ok(query::agenda::between(conn, thursday.days(), thursday.days() + 7, 9)?)
        })
        .unwrap();
    let items: Vec<_> = items.into_iter().map(|item| (item.what, item.date)).collect();
    assert_eq!(items, [("visit".into(), thursday.days()), ("next_step".into(), thursday.days() + 1)]);
}

#[test]
fn what_breaks_a_rule_is_named_and_nothing_is_written() {
    let device = Device::new(6);
    let client = device.client("Bar");
    let wrong = Visit { outcome: None, ..Visit::done(Outcome::Order) };
    let error = device.engine.log_visit(&client, wrong).unwrap_err();
    assert_eq!(error.code(), "invalid");
    assert!(matches!(error, EngineError::Invalid(problems) if problems.len() == 1));
    assert!(device.timeline(&client).is_empty());
    let nobody = ClientId::new(device.engine.env());
    assert_eq!(device.engine.log_visit(&nobody, visit("x")).unwrap_err().code(), "unknown_client");
    let elsewhere = device.client("Otro");
    let saved = device.engine.log_visit(&elsewhere, visit("x")).unwrap();
    assert_eq!(
        device.engine.amend(&client, saved.id, visit("y").into()).unwrap_err().code(),
        "unknown_record"
    );
    assert_eq!(
        device.engine.amend(&elsewhere, saved.id, Note::new("y").into()).unwrap_err().code(),
        "unknown_record"
    );
}

#[test]
fn listeners_hear_of_each_commit_until_they_are_dropped() {
    let device = Device::new(7);
    let client = device.client("Bar");
    let heard = Arc::new(Mutex::new(Vec::new()));
    let listening = device.engine.listen({
        let heard = heard.clone();
        move |changed| heard.lock().unwrap().push(changed.clone())
    });
    device.engine.record(&client, Note::new("llamar antes")).unwrap();
    device.engine.log_visit(&client, Visit { outcome: None, ..visit("") }).unwrap_err();
    drop(listening);
    device.engine.record(&client, Note::new("otra")).unwrap();
    assert_eq!(*heard.lock().unwrap(), [Changed::Client(client)]);
}
