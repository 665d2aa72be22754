//! Fields that the ERP owns: a rep's edit is a request, whatever the phone knew when it was made.

use cartera_core::document::FieldValue;
use cartera_core::model::profile::Scalar;
use cartera_core::model::record::{Body, ChangeRequest, Kind, Record};
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
fn an_edit_by_a_phone_that_did_not_know_yet_is_refused_alone_and_kept() {
    let world = World::new();
    let north = world.territory("Norte");
    let ana = world.phone("Ana", &[north]);
    let bar = ana.client("Bar");
    ana.engine.edit_client(&bar, vec![text("erp_code", "C1")]).unwrap();
    ana.sync();
    own(&world, "name");
    ana.engine.edit_client(&bar, vec![text("name", "Otro nombre")]).unwrap();
    ana.engine.edit_client(&bar, vec![text("sector", "bar")]).unwrap();
    let report = ana.sync();
    assert_eq!(report.refused.len(), 1, "{report:?}");
    let row = ana.row(&bar);
    assert_eq!((row.name.as_str(), row.sector.as_deref()), ("Bar", Some("bar")), "the other edit arrived");
    assert_eq!(world.phone("Luis", &[north]).names(), ["Bar"]);
}
