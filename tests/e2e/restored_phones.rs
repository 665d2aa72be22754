//! Phones that come back from a backup, and phones that were cloned.

use std::collections::BTreeSet;

use cartera_core::model::record::{Note, Outcome, Visit};

use super::restored::settle;
use super::world::{Phone, World, text};

fn visit(phone: &Phone, client: &cartera_core::model::ClientId) -> String {
    phone.engine.log_visit(client, Visit::done(Outcome::Order)).unwrap().id.to_string()
}

#[test]
fn a_phone_that_was_restored_gets_its_own_tuesday_back_and_goes_on() {
    let world = World::new();
    let north = world.territory("Norte");
    let (ana, luis) = (world.phone("Ana", &[north]), world.phone("Luis", &[north]));
    let mut visits = BTreeSet::new();
    let bar = ana.client("Bar");
    visits.insert(visit(&ana, &bar));
    settle(&[&ana, &luis]);
    // Unsent when the copy was made, and sent afterwards: the copy still has it as unsent.
    visits.insert(visit(&ana, &bar));
    let (ana, monday) = ana.copy();

    let nuevo = ana.client("Nuevo");
    visits.insert(visit(&ana, &nuevo));
    visits.insert(visit(&ana, &bar));
    ana.engine.edit_client(&bar, vec![text("name", "Bar del martes")]).unwrap();
    settle(&[&ana, &luis]);
    let person = ana.person;
    drop(ana);

    // On Wednesday the copy is put back, and work goes on before it meets the network.
    let ana = Phone::from_copy(person, &monday);
    visits.insert(visit(&ana, &bar));
    ana.engine.edit_client(&bar, vec![text("sector", "bar")]).unwrap();
    ana.engine.record(&bar, Note::new("del miércoles")).unwrap();
    settle(&[&ana, &luis]);
    assert_eq!(world.ids("visits"), visits);
    assert_eq!(world.ids("notes").len(), 1);
    for phone in [&ana, &luis] {
        assert_eq!(phone.timeline(&bar).len(), 5, "four visits and a note");
        assert_eq!(phone.row(&bar).name, "Bar del martes");
        assert_eq!(phone.row(&bar).sector.as_deref(), Some("bar"));
        assert_eq!(phone.names().len(), 2);
        assert_eq!(phone.refused(), 0);
    }
    // It writes under a new actor, so nothing is ever in its own way again.
    visits.insert(visit(&ana, &nuevo));
    settle(&[&ana, &luis]);
    assert_eq!(world.ids("visits"), visits);
}

#[test]
fn two_clones_at_work_lose_nothing_and_nothing_is_there_twice() {
    let world = World::new();
    let north = world.territory("Norte");
    let (one, luis) = (world.phone("Ana", &[north]), world.phone("Luis", &[north]));
    let bar = one.client("Bar");
    let mut visits = BTreeSet::from([visit(&one, &bar)]);
    settle(&[&one, &luis]);
    let (one, copy) = one.copy();
    let other = Phone::from_copy(one.person, &copy);
    for round in 0..4 {
        for (n, phone) in [&one, &other].into_iter().enumerate() {
            visits.insert(visit(phone, &bar));
            let own = phone.client(&format!("Cliente {round}.{n}"));
            visits.insert(visit(phone, &own));
        }
        // Whoever comes first, the other finds its place taken.
        if round % 2 == 0 {
            (one.sync(), other.sync())
        } else {
            (other.sync(), one.sync())
        };
    }
    settle(&[&one, &other, &luis]);
    assert_eq!(world.ids("visits"), visits);
    assert_eq!(visits.len(), 17);
    for phone in [&one, &other, &luis] {
        assert_eq!(phone.timeline(&bar).len(), 9);
        assert_eq!((phone.names().len(), phone.refused()), (9, 0));
    }
}
