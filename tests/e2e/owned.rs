//! Fields that the ERP owns: a rep's edit is a request, whatever the phone knew when it was made.

use cartera_core::document::{FieldKey, FieldValue};
use cartera_core::engine::ClientEdit;
use cartera_core::model::profile::Scalar;
use cartera_core::model::record::{Body, ChangeRequest, Kind, Outcome, Record, Visit};
use cartera_core::store::StoreError;
use cartera_relay::people::access::By;
use cartera_relay::settings::policy::change;

use super::world::{Phone, World, text};

impl Phone {
    fn requests(&self, client: &cartera_core::model::ClientId) -> Vec<ChangeRequest> {
        let timeline = self.timeline(client).into_iter().filter(|entry| entry.kind == "r");
        let read = |value: &[u8]| match Record::decode(Kind::ChangeRequest, value).unwrap().body {
            Body::ChangeRequest(request) => request,
            other => panic!("{other:?}"),
        };
        timeline.map(|entry| read(&entry.value)).collect()
    }
}

fn own(world: &World, fields: &str) {
    change(world.app(), By::CONSOLE, &[("erp_fields".to_owned(), fields.to_owned())]).unwrap();
}

#[test]
fn a_reps_edit_of_what_the_erp_owns_asks_the_office() {
    let world = World::new();
    let north = world.territory("Norte");
    let ana = world.phone("Ana", &[north]);
    let luis = world.phone("Luis", &[north]);
    own(&world, "name legal_name");
    ana.sync();
    let bar = ana.client("Bar nuevo");
    let asked = ana.engine.edit_client(&bar, vec![text("name", "Bar Nuevo")]).unwrap();
    assert_eq!((asked.len(), ana.row(&bar).name.as_str()), (0, "Bar Nuevo"), "the ERP does not know it yet");
    ana.engine.edit_client(&bar, vec![text("erp_code", "C1")]).unwrap();

    let edits = vec![text("name", "Bar Viejo"), text("sector", "bar")];
    assert_eq!(ana.engine.edit_client(&bar, edits).unwrap().len(), 1);
    assert_eq!(
        ana.engine.edit_client(&bar, vec![text("name", "Bar Nuevo")]).unwrap(),
        [],
        "it says so already"
    );
    let row = ana.row(&bar);
    assert_eq!((row.name.as_str(), row.sector.as_deref()), ("Bar Nuevo", Some("bar")));
    let report = ana.sync();
    assert_eq!(report.refused.len(), 0, "{report:?}");
    luis.sync();
    let [request] = &luis.requests(&bar)[..] else { panic!("one request") };
    let said = |text: &str| Some(Scalar::Text(text.into()));
    assert_eq!(
        (request.field.as_str(), &request.value, &request.seen),
        ("name", &said("Bar Viejo"), &said("Bar Nuevo"))
    );
    assert_eq!(luis.row(&bar).name, "Bar Nuevo");
    // The ERP owns it no more.
    own(&world, "");
    luis.sync();
    assert_eq!(luis.engine.edit_client(&bar, vec![text("name", "Bar Viejo")]).unwrap(), []);
    luis.sync();
    assert_eq!(world.phone("Marta", &[north]).names(), ["Bar Viejo"]);
    let _ = FieldValue::Bool(true);
}

#[test]
fn an_edit_by_a_phone_that_did_not_know_yet_becomes_a_request() {
    let world = World::new();
    let north = world.territory("Norte");
    let ana = world.phone("Ana", &[north]);
    let luis = world.phone("Luis", &[north]);
    let bar = ana.client("Bar");
    ana.engine.edit_client(&bar, vec![text("erp_code", "C1"), text("email", "bar@example.com")]).unwrap();
    ana.sync();
    own(&world, "name email");
    // One edit of one field, one of two of which one is the ERP's, one that takes a field away; and a visit.
    ana.engine.edit_client(&bar, vec![text("name", "Otro nombre")]).unwrap();
    ana.engine.edit_client(&bar, vec![text("name", "Nombre tercero"), text("sector", "bar")]).unwrap();
    ana.engine
        .edit_client(&bar, vec![ClientEdit { key: FieldKey::new("email").unwrap(), value: None }])
        .unwrap();
    ana.engine.edit_client(&bar, vec![text("web", "https://bar.example")]).unwrap();
    let visit = ana.engine.log_visit(&bar, Visit::done(Outcome::Order)).unwrap();
    let report = ana.sync();
    assert_eq!((report.refused.len(), report.asked), (3, 3), "{report:?}");
    assert_eq!(ana.refused(), 0, "nothing is left that somebody would have to look at");
    assert_eq!((ana.row(&bar).name.as_str(), ana.row(&bar).sector.as_deref()), ("Bar", Some("bar")));

    assert_eq!(ana.sync().refused.len(), 0);
    luis.sync();
    let row = luis.row(&bar);
    assert_eq!(
        (row.name.as_str(), row.sector.as_deref()),
        ("Bar", Some("bar")),
        "the rest of the edit is there"
    );
    assert!(luis.timeline(&bar).iter().any(|entry| entry.id == visit.id));
    let said = |text: &str| Some(Scalar::Text(text.into()));
    let mut asked: Vec<_> = luis.requests(&bar).into_iter().map(|r| (r.field, r.value, r.seen)).collect();
    asked.sort_by_key(|(field, value, _)| (field.clone(), format!("{value:?}")));
    let expected = [
        ("email".to_owned(), None, said("bar@example.com")),
        ("name".to_owned(), said("Nombre tercero"), said("Bar")),
        ("name".to_owned(), said("Otro nombre"), said("Bar")),
    ];
    assert_eq!(asked, expected);
    assert_eq!(ana.sync().asked, 0, "once");
}

#[test]
fn what_was_refused_and_is_no_edit_of_the_erps_fields_stays_on_the_list() {
    let world = World::new();
    let north = world.territory("Norte");
    let (ana, luis) = (world.phone("Ana", &[north]), world.phone("Luis", &[north]));
    let bar = ana.client("Bar");
    ana.engine.edit_client(&bar, vec![text("erp_code", "C1")]).unwrap();
    let visit = ana.engine.log_visit(&bar, Visit::done(Outcome::Order)).unwrap();
    ana.sync();
    luis.sync();
    own(&world, "name");
    // A rep corrects what a colleague wrote, past his own phone's rules.
    luis.engine
        .store()
        .write::<_, StoreError>(|tx| Ok(tx.execute("DELETE FROM office WHERE kind = 'person'", [])?))
        .unwrap();
    let corrected = luis.engine.amend(&bar, visit.id, Body::Visit(Visit::done(Outcome::Order)));
    luis.engine.edit_client(&bar, vec![text("name", "Otro nombre")]).unwrap();
    let report = luis.sync();
    let left = usize::from(corrected.is_ok());
    assert_eq!((report.refused.len(), report.asked), (left + 1, 1), "{report:?}");
    assert_eq!(luis.refused(), left);
}
