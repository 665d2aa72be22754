//! The attention list, and what a person decides about what stands there.

use cartera_core::document::ChangeHash;
use cartera_core::model::office::{Item, OrderStage, OrderState, Scope};
use cartera_core::model::record::{Body, Clock, Kind, Note, Outcome, Record, Visit};
use cartera_core::model::{BusinessDate, ClientId, DocumentId};
use cartera_core::query::attention::{self, Item as Listed};
use cartera_core::store::attention::{Refused, keep_refused, refused};
use cartera_core::store::{StoreError, outbox};
use cartera_core::sync::clock;

use super::{Device, MONDAY_MS, text};

fn listed(device: &Device) -> Vec<Listed> {
    device.read(|conn| Ok(attention::list(conn, 99)?))
}

fn what(device: &Device) -> Vec<(String, String)> {
    listed(device).into_iter().map(|item| (item.what, item.detail)).collect()
}

/// As after a first sync: the time is known.
fn timed(seed: u64) -> Device {
    let device = Device::new(seed);
    let learn = |tx: &rusqlite::Transaction<'_>| clock::learn(tx, device.engine.env(), MONDAY_MS);
    device.engine.store().write::<_, StoreError>(learn).unwrap();
    device
}

#[test]
fn a_date_that_could_not_be_checked_is_listed_until_it_is_confirmed() {
    let device = Device::new(71);
    let client = device.client("Bar");
    let saved = device.engine.log_visit(&client, Visit::done(Outcome::Order)).unwrap();
    assert!(saved.date_uncertain);
    let uncertain = [("uncertain_date".to_owned(), "2026-11-02".to_owned())];
    assert_eq!(what(&device), uncertain);
    let item = &listed(&device)[0];
    assert_eq!(item.subject, format!("v/{}", saved.id));
    assert_eq!((item.document, item.client_name.as_deref()), (Some(client.into()), Some("Bar")));
    device.engine.dismiss(&item.what, &item.subject).unwrap();
    assert_eq!(what(&device), uncertain, "its cause is there still");
    // Gone with its record, and back with it.
    let void = device
        .engine
        .void(&client, Kind::Visit, saved.id, cartera_core::model::record::VoidReason::Mistake)
        .unwrap();
    assert!(!what(&device).contains(&uncertain[0]) || void.date_uncertain);
    device
        .engine
        .void(&client, Kind::Visit, void.id, cartera_core::model::record::VoidReason::Mistake)
        .unwrap();

    let friday = BusinessDate::from_ymd(2026, 10, 30).unwrap();
    let confirmed = device.engine.confirm_date(&client, Kind::Visit, saved.id, friday).unwrap();
    assert_eq!((confirmed.date, confirmed.date_uncertain), (friday, false));
    let [entry] = &device.timeline(&client)[..] else { panic!("one visit") };
    let record = Record::decode(Kind::Visit, &entry.value).unwrap();
    assert_eq!((record.header.date, record.header.clock), (friday, Clock::Trusted));
    assert_eq!(record.body, Body::Visit(Visit::done(Outcome::Order)));
    assert_eq!(device.row(&client).last_visit, Some(friday.days()));
    assert!(!listed(&device).iter().any(|item| item.subject == format!("v/{}", saved.id)));
}

/// What the relay's verdict would leave: the change out of the document and on the list.
fn refuse(device: &Device, client: &ClientId) -> ChangeHash {
    device
        .engine
        .store()
        .write::<_, StoreError>(|tx| {
            let unsent = outbox::to_send(tx, usize::MAX, 99)?;
            let last = unsent.last().unwrap();
            let mut document = cartera_core::rows::Document::at_row(tx, last.doc)?.unwrap();
            cartera_core::rows::retract(tx, &mut document)?;
            outbox::remove(tx, last.doc, &last.hash)?;
            for earlier in unsent.iter().filter(|work| work.doc == last.doc && work.hash != last.hash) {
                let change = cartera_core::document::admit::inspect(&earlier.bytes).unwrap();
                cartera_core::rows::apply(tx, &mut document, &change, None)?;
            }
            keep_refused(
                tx,
                &Refused {
                    document: DocumentId::from(*client),
                    generation: 0,
                    hash: last.hash,
                    bytes: last.bytes.clone(),
                    key: None,
                    code: "forbidden".into(),
                    detail: String::new(),
                    refused_at: MONDAY_MS,
                },
            )?;
            Ok(last.hash)
        })
        .unwrap()
}

#[test]
fn refused_work_is_listed_tried_again_as_a_new_change_or_dropped_with_its_bytes() {
    let device = timed(72);
    let client = device.client("Bar");
    let note = device.engine.add_note(&client, Note::new("llamar antes")).unwrap();
    let hash = refuse(&device, &client);
    assert_eq!(what(&device), [("refused".to_owned(), "forbidden".to_owned())]);
    assert_eq!(device.timeline(&client), []);
    let subject = listed(&device)[0].subject.clone();
    device.engine.dismiss("refused", &subject).unwrap();
    assert_eq!(what(&device).len(), 1, "only a decision about the work itself takes it off");

    let before = device.read(outbox::count);
    device.engine.retry_refused(&hash).unwrap();
    assert_eq!((what(&device), device.read(outbox::count)), (vec![], before + 1));
    assert_eq!(device.timeline(&client)[0].id, note.id, "the same record");
    assert_eq!(device.engine.retry_refused(&hash).unwrap_err().code(), "unknown_record");

    device.engine.edit_client(&client, vec![text("sector", "bar"), text("email", "a@b.es")]).unwrap();
    let hash = refuse(&device, &client);
    assert_eq!(device.row(&client).sector, None);
    device.engine.edit_client(&client, vec![text("sector", "tienda")]).unwrap();
    device.engine.retry_refused(&hash).unwrap();
    assert_eq!(device.row(&client).sector.as_deref(), Some("bar"), "put over what stands there now");

    device.engine.edit_client(&client, vec![text("sector", "quiosco")]).unwrap();
    let hash = refuse(&device, &client);
    let kept = device.read(refused)[0].bytes.clone();
    assert_eq!(device.engine.drop_refused(&hash).unwrap().bytes, kept);
    assert_eq!((what(&device), device.row(&client).sector.as_deref() == Some("quiosco")), (vec![], false));
}

#[test]
fn orders_that_the_office_declined_stand_there_until_somebody_has_looked() {
    let device = timed(73);
    let client = device.client("Bar");
    let order = device.engine.new_record_id();
    let state = |stage, reason: Option<&str>| {
        let mut state = OrderState::new(stage, MONDAY_MS);
        state.reason = reason.map(str::to_owned);
        Item::new("", order.to_string(), Scope::Client(client), state).unwrap()
    };
    device.office(1, state(OrderStage::Received, None));
    assert_eq!(what(&device), []);
    device.office(2, state(OrderStage::Declined, Some("sin riesgo")));
    assert_eq!(what(&device), [("declined".to_owned(), "sin riesgo".to_owned())]);
    let item = listed(&device).remove(0);
    assert_eq!((item.client_name.as_deref(), item.since_ms), (Some("Bar"), Some(MONDAY_MS)));
    device.engine.dismiss(&item.what, &item.subject).unwrap();
    assert_eq!(what(&device), []);
}
