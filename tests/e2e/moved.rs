//! A client that changes hands while its rep is offline.

use cartera_core::model::ClientId;
use cartera_core::model::record::{Outcome, Visit};
use cartera_relay::clients::move_to;
use cartera_relay::people::access::By;

use super::world::{Phone, World};

/// Both agree with the relay without anything having to be put right.
fn settle(phones: &[&Phone]) {
    for _ in 0..2 {
        for phone in phones {
            let report = phone.sync();
            assert_eq!(report.repaired, 0, "{report:?}");
        }
    }
    for phone in phones {
        assert_eq!(phone.sync().requests, 1, "there is nothing left to say");
    }
}

#[test]
fn visits_made_meanwhile_arrive_the_new_rep_gets_all_and_the_old_phone_lets_go() {
    let world = World::new();
    let (north, south) = (world.territory("Norte"), world.territory("Sur"));
    let ana = world.phone("Ana", &[north]);
    let luis = world.phone("Luis", &[south]);
    let bar: ClientId = ana.client("Bar");
    ana.engine.log_visit(&bar, Visit::done(Outcome::Order)).unwrap();
    settle(&[&ana, &luis]);

    ana.engine.log_visit(&bar, Visit::done(Outcome::Shut)).unwrap();
    move_to(world.app(), By::CONSOLE, south, &[bar]).unwrap();
    settle(&[&ana, &luis]);
    assert_eq!(luis.timeline(&bar).len(), 2);
    assert_eq!(ana.names(), Vec::<String>::new());

    luis.engine.log_visit(&bar, Visit::done(Outcome::Order)).unwrap();
    move_to(world.app(), By::CONSOLE, north, &[bar]).unwrap();
    settle(&[&luis, &ana]);
    assert_eq!(ana.timeline(&bar).len(), 3);
    assert_eq!(luis.names(), Vec::<String>::new());
}

#[test]
fn a_client_whose_page_was_made_before_its_last_visit_comes_whole() {
    let world = World::new();
    let (north, south) = (world.territory("Norte"), world.territory("Sur"));
    let ana = world.phone("Ana", &[north]);
    let luis = world.phone("Luis", &[south]);
    let bar = ana.client("Bar");
    settle(&[&ana, &luis]);
    // Somebody's first sync makes a page of it.
    let eva = world.phone("Eva", &[north]);
    ana.engine.log_visit(&bar, Visit::done(Outcome::Order)).unwrap();
    move_to(world.app(), By::CONSOLE, south, &[bar]).unwrap();
    settle(&[&ana, &luis, &eva]);
    assert_eq!(luis.timeline(&bar).len(), 1);
}
