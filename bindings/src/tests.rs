//! The border itself: panics, listeners, closing, pages.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use cartera_core::store::meta;

use crate::*;

fn open() -> (tempfile::TempDir, Arc<Cartera>) {
    let folder = tempfile::tempdir().unwrap();
    let cartera = Cartera::open(options(&folder)).unwrap();
    (folder, cartera)
}

fn options(folder: &tempfile::TempDir) -> OpenOptions {
    let path = folder.path().join("cartera.db").to_str().unwrap().to_owned();
    OpenOptions { path, zone: "Europe/Madrid".into(), key: None }
}

fn named(name: &str) -> NewClient {
    let value = Some(FieldValue::Text { text: name.into() });
    NewClient { fields: vec![Edit { key: "name".into(), value }], territory: None }
}

fn visit() -> Visit {
    Visit {
        outcome: Outcome::Attended,
        no_order: None,
        purpose: None,
        notes: None,
        place: None,
        next: None,
        plan: None,
        carries_out: None,
        offered: None,
        minutes: None,
        contacts: Vec::new(),
    }
}

#[test]
fn a_panic_is_an_error_its_work_is_undone_and_the_engine_goes_on() {
    let (_folder, cartera) = open();
    let client = cartera.clients().create(named("Bar")).unwrap();
    cartera.panic_at_next_call();
    let error = cartera.clients().count().unwrap_err();
    assert!(matches!(&error, CarteraError::Broken { must_reopen: false, .. }), "{error:?}");
    assert_eq!(error.code(), "panicked");
    cartera.visits().log(client.clone(), visit()).unwrap();
    assert_eq!(cartera.clients().timeline(client, None, 10).unwrap().entries.len(), 1);
    let left = cartera.shared.read(|conn, _| Ok(meta::get(conn, "deliberate")?)).unwrap();
    assert_eq!(left, None, "what the panicking transaction wrote is gone");
}

#[test]
fn where_the_database_does_not_answer_after_a_panic_it_has_to_be_opened_again() {
    let (folder, cartera) = open();
    cartera.clients().create(named("Bar")).unwrap();
    // Another program takes the database and does not let go: the probe after the panic cannot write.
    let other = rusqlite::Connection::open(folder.path().join("cartera.db")).unwrap();
    let error = cartera
        .shared
        .run::<()>(|_| {
            other.execute_batch("BEGIN EXCLUSIVE").unwrap();
            panic!("on purpose")
        })
        .unwrap_err();
    assert!(matches!(&error, CarteraError::Broken { must_reopen: true, .. }), "{error:?}");
    drop(other);
    assert_eq!(cartera.clients().count().unwrap_err().code(), "must_reopen");
    cartera.shut();
    let again = Cartera::open(options(&folder)).unwrap();
    assert_eq!(again.clients().count(), Ok(1));
}

struct Telling(Mutex<Sender<Changes>>);

impl ChangeListener for Telling {
    fn changed(&self, changes: Changes) {
        self.0.lock().unwrap().send(changes).unwrap();
    }
}

fn telling() -> (Arc<Telling>, Receiver<Changes>) {
    let (sender, receiver) = channel();
    (Arc::new(Telling(Mutex::new(sender))), receiver)
}

#[test]
fn a_listener_is_told_everything_first_then_what_changed_and_nothing_once_it_ended() {
    let (_folder, cartera) = open();
    let (listener, told) = telling();
    let listening = cartera.listen(listener).unwrap();
    assert!(told.recv().unwrap().everything);
    let client = cartera.clients().create(named("Bar")).unwrap();
    assert_eq!(
        told.recv().unwrap(),
        Changes { everything: false, own: false, clients: vec![client.clone()] }
    );
    listening.end();
    cartera.visits().log(client, visit()).unwrap();
    // The thread ends and drops the listener; nothing more was sent before that.
    assert!(told.recv().is_err());
}

struct Bad {
    began: Mutex<Sender<()>>,
    goes_on: Mutex<Receiver<()>>,
}

impl ChangeListener for Bad {
    fn changed(&self, _: Changes) {
        self.began.lock().unwrap().send(()).unwrap();
        let _ = self.goes_on.lock().unwrap().recv();
        panic!("as a listener that throws")
    }
}

#[test]
fn a_listener_that_blocks_or_throws_hurts_nobody_and_is_told_again() {
    let (_folder, cartera) = open();
    let ((began, beginnings), (go_on, goes_on)) = (channel(), channel());
    let bad = Arc::new(Bad { began: Mutex::new(began), goes_on: Mutex::new(goes_on) });
    let _bad = cartera.listen(bad).unwrap();
    beginnings.recv().unwrap();
    // While it blocks: commands go through, and others hear of them.
    let (listener, told) = telling();
    let _good = cartera.listen(listener).unwrap();
    told.recv().unwrap();
    let client = cartera.clients().create(named("Bar")).unwrap();
    assert_eq!(told.recv().unwrap().clients, vec![client]);
    // It throws, and is told of what came meanwhile.
    drop(go_on);
    beginnings.recv().unwrap();
    cartera.shut();
}

#[test]
fn many_changes_while_a_listener_is_busy_are_one_call() {
    let (_folder, cartera) = open();
    let ((began, beginnings), (go_on, goes_on)) = (channel(), channel());
    let bad = Arc::new(Bad { began: Mutex::new(began), goes_on: Mutex::new(goes_on) });
    let _bad = cartera.listen(bad).unwrap();
    beginnings.recv().unwrap();
    for number in 0..5 {
        cartera.clients().create(named(&format!("Bar {number}"))).unwrap();
    }
    go_on.send(()).unwrap();
    beginnings.recv().unwrap();
    go_on.send(()).unwrap();
    drop((cartera, _bad));
    assert!(beginnings.recv().is_err(), "five commits were told in one call");
}

#[test]
fn what_was_closed_says_so_and_its_files_can_be_opened_again() {
    let (folder, cartera) = open();
    let clients = cartera.clients();
    clients.create(named("Bar")).unwrap();
    cartera.shut();
    cartera.shut();
    assert_eq!(clients.count().unwrap_err().code(), "closed");
    assert_eq!(cartera.sync().start().unwrap_err().code(), "closed");
    let (listener, _told) = telling();
    assert_eq!(cartera.listen(listener).unwrap_err().code(), "closed");
    let again = Cartera::open(options(&folder)).unwrap();
    assert_eq!(again.clients().count(), Ok(1));
}

#[test]
fn pages_end_at_their_limit_and_go_on_where_they_ended() {
    let (_folder, cartera) = open();
    let clients = cartera.clients();
    for number in 0..=PAGE_MAX {
        clients.create(named(&format!("Bar {number:03}"))).unwrap();
    }
    let first = clients.page(None, u32::MAX).unwrap();
    assert_eq!(first.rows.len(), PAGE_MAX as usize);
    let second = clients.page(first.next, u32::MAX).unwrap();
    assert_eq!((second.rows.len(), second.next), (1, None));
    assert_eq!(second.rows[0].name, format!("Bar {PAGE_MAX:03}"));
    assert_eq!(clients.page(Some("no place".into()), 1).unwrap_err().code(), "invalid");
}

#[test]
fn every_code_that_crosses_has_words() {
    let codes = ["panicked", "must_reopen", "closed", "no_invitation", "invalid", "store_full", "revoked"];
    for language in [Language::Spanish, Language::English] {
        for code in codes {
            let words = error_words(code.into(), language);
            assert_ne!(words.text, error_words("other".into(), language).text, "{code}");
            assert!(words.advice.is_some(), "{code}");
        }
    }
}

#[test]
fn what_cannot_be_saved_names_its_field() {
    let (_folder, cartera) = open();
    let client = cartera.clients().create(named("Bar")).unwrap();
    let wrong = Visit { no_order: Some(NoOrderReason::Price), outcome: Outcome::Order, ..visit() };
    let Err(CarteraError::Invalid { problems, .. }) = cartera.visits().log(client.clone(), wrong) else {
        panic!("an order with a reason for none was saved")
    };
    assert_eq!((problems[0].field.as_str(), problems[0].code.as_str()), ("no_order", "contradiction"));
    let unknown = Visit { outcome: Outcome::Unknown, ..visit() };
    assert_eq!(cartera.visits().log(client, unknown).unwrap_err().code(), "invalid");
    let nobody = ClientId { ulid: "01ARZ3NDEKTSV4RRFFQ69G5FAV".into() };
    assert_eq!(cartera.visits().log(nobody, visit()).unwrap_err().code(), "unknown_client");
}

fn order(quantity: &str) -> Purchase {
    let line = OrderLine {
        article: "A1".into(),
        quantity: Decimal { text: quantity.into() },
        unit: "caja".into(),
        description: None,
        price: Some(Decimal { text: "2.5".into() }),
        price_origin: None,
        price_version: None,
        discounts: Vec::new(),
        taxes: Vec::new(),
        free: false,
        returned: None,
        priced_quantity: None,
        priced_unit: None,
        note: None,
    };
    Purchase {
        sort: PurchaseSort::Order,
        currency: "EUR".into(),
        lines: vec![line],
        discounts: Vec::new(),
        deliver_to: None,
        deliver_on: None,
        client_ref: None,
        notes: None,
        visit: None,
        returns: None,
        plan: None,
    }
}

#[test]
fn a_draft_survives_and_goes_when_its_order_is_placed() {
    let (folder, cartera) = open();
    let client = cartera.clients().create(named("Bar")).unwrap();
    let orders = cartera.orders();
    let (id, other) = (orders.new_id().unwrap(), orders.new_id().unwrap());
    orders.keep_draft(client.clone(), id.clone(), order("0")).unwrap(); // not right yet, and kept all the same
    orders.keep_draft(client.clone(), id.clone(), order("3")).unwrap();
    orders.keep_draft(client.clone(), other.clone(), order("1")).unwrap();
    cartera.shut();
    let cartera = Cartera::open(options(&folder)).unwrap();
    let orders = cartera.orders();
    let kept = orders.drafts(0, 10).unwrap();
    assert_eq!(kept.iter().map(|draft| &draft.id).collect::<Vec<_>>().len(), 2);
    let ours = kept.into_iter().find(|draft| draft.id == id).unwrap();
    assert_eq!((ours.client, ours.purchase.clone()), (client.clone(), order("3")));
    assert_eq!(cartera.sync().state().unwrap().unsent, 2, "the client's; drafts are no work");
    orders.place(client.clone(), id, ours.purchase).unwrap();
    let left = orders.drafts(0, 10).unwrap();
    assert!(matches!(left.as_slice(), [draft] if draft.id == other), "{left:?}");
    orders.drop_draft(client, other).unwrap();
    assert_eq!(orders.drafts(0, 10), Ok(Vec::new()));
}
