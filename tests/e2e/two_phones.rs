//! The path of one visit, and of one disagreement.

use cartera_core::model::record::{Outcome, Visit};
use cartera_core::query::timeline::Standing;

use super::world::{World, text};

fn visit(notes: &str) -> Visit {
    Visit { notes: Some(notes.into()), ..Visit::done(Outcome::Order) }
}

#[test]
fn each_logs_a_visit_offline_and_both_end_with_the_same() {
    let world = World::new();
    let north = world.territory("Norte");
    let ana = world.phone("Ana", &[north]);
    let bar = ana.client("Bar Ñandú");
    let report = ana.sync();
    assert_eq!((report.sent, report.requests), (2, 1), "{report:?}");
    let luis = world.phone("Luis", &[north]);
    assert_eq!(luis.names(), ["Bar Ñandú"]);

    ana.engine.log_visit(&bar, visit("de Ana")).unwrap();
    luis.engine.log_visit(&bar, visit("de Luis")).unwrap();
    assert_eq!(ana.sync().sent, 1);
    let report = luis.sync();
    assert_eq!((report.sent, report.received), (1, 1));
    assert_eq!(ana.sync().received, 1);
    for phone in [&ana, &luis] {
        let timeline = phone.timeline(&bar);
        assert_eq!(timeline.len(), 2);
        assert!(timeline.iter().all(|entry| matches!(entry.standing, Standing::Received { .. })));
        let authors: std::collections::BTreeSet<_> =
            timeline.iter().filter_map(|entry| entry.author).collect();
        assert_eq!(authors, [ana.person, luis.person].into(), "both know who wrote what");
    }
    let nothing_new = ana.sync();
    assert_eq!((nothing_new.requests, nothing_new.received, nothing_new.repaired), (1, 0, 0));
}

#[test]
fn two_values_of_one_field_are_both_kept_until_somebody_chooses() {
    let world = World::new();
    let north = world.territory("Norte");
    let ana = world.phone("Ana", &[north]);
    let bar = ana.client("Bar");
    ana.sync();
    let luis = world.phone("Luis", &[north]);
    ana.engine.edit_client(&bar, vec![text("name", "Bar de Ana"), text("sector", "bar")]).unwrap();
    luis.engine.edit_client(&bar, vec![text("name", "Bar de Luis"), text("erp_code", "C7")]).unwrap();
    ana.sync();
    assert_eq!(luis.sync().conflicts.len(), 1);
    ana.sync();
    let (of_ana, of_luis) = (ana.row(&bar), luis.row(&bar));
    assert_eq!(of_ana.name, of_luis.name);
    assert_eq!((of_ana.conflicts, of_luis.conflicts), (1, 1));
    assert_eq!((of_ana.sector.as_deref(), of_ana.erp_code.as_deref()), (Some("bar"), Some("C7")));
    ana.engine.edit_client(&bar, vec![text("name", "Bar Central")]).unwrap();
    ana.sync();
    luis.sync();
    assert_eq!((luis.row(&bar).name.as_str(), luis.row(&bar).conflicts), ("Bar Central", 0));
}

#[test]
fn a_phone_sees_its_territories_and_nothing_else() {
    let world = World::new();
    let (north, south) = (world.territory("Norte"), world.territory("Sur"));
    let ana = world.phone("Ana", &[north]);
    let luis = world.phone("Luis", &[south]);
    ana.client("Del norte");
    luis.client("Del sur");
    for _ in 0..2 {
        ana.sync();
        luis.sync();
    }
    assert_eq!(ana.names(), ["Del norte"]);
    assert_eq!(luis.names(), ["Del sur"]);
    assert_eq!(world.phone("Marta", &[north, south]).names(), ["Del norte", "Del sur"]);
}

#[test]
fn nothing_is_forgotten_when_the_relay_restarts() {
    let world = World::new();
    let north = world.territory("Norte");
    let ana = world.phone("Ana", &[north]);
    let bar = ana.client("Bar");
    ana.engine.log_visit(&bar, visit("antes")).unwrap();
    ana.sync();
    let world = world.restart();
    assert_eq!(world.phone("Luis", &[north]).timeline(&bar).len(), 1);
}
