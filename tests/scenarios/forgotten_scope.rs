//! The relay does not remember the scope that a phone knows, as after years: everything is fetched anew, cut anywhere, and
//! what does not come again goes.

use std::sync::atomic::AtomicI64;

use super::Scenario;
use crate::sim::network::{Way, Weather};
use crate::sim::office::Errand;
use crate::sim::world::World;

pub(super) const SCENARIO: Scenario = Scenario {
    name: "forgotten_scope",
    about: "the relay has forgotten the scope that a phone knows: pages replace what it holds",
    run,
};

const ERRANDS: &[(u32, Errand)] =
    &[(3, Errand::Move), (2, Errand::Rezone), (2, Errand::Prices), (2, Errand::Account)];

fn run(world: &World) {
    // What gives a phone time to send is forgotten too.
    world.change_plan(|plan| plan.refusals = &["left_scope", "forbidden"]);
    let territories = [world.territory("Norte"), world.territory("Sur")];
    let phones = [world.rep("Ana", &territories[..1]), world.rep("Luis", &territories)];
    (0..6).for_each(|_| {
        world.create(&phones[world.dice.below(2)]);
    });
    world.change_plan(|plan| plan.errands = Errand::PRICES);
    world.days(20);
    world.change_plan(|plan| plan.errands = ERRANDS);
    for turn in 0..3 {
        world.network.set_down(true);
        world.days(6);
        phones.iter().for_each(|phone| {
            let some = territories.iter().copied().filter(|_| world.dice.chance(60)).collect::<Vec<_>>();
            world.assign(phone.person, if some.is_empty() { territories[turn % 2..].to_vec() } else { some });
        });
        world.tell(|| "the relay forgets all former scopes".to_owned());
        let books = rusqlite::Connection::open(world.relay.database()).unwrap();
        books.execute("DELETE FROM past_scopes", []).unwrap();
        world.network.set_down(false);
        world.network.set_weather(Weather { meanwhile: 30, ..Weather::FINE });
        for phone in &phones {
            let cut_after = AtomicI64::new(world.dice.between(1, 5));
            world.sync_with(phone, &Way { world, phone: phone.place, cut_after });
        }
        world.days(8);
    }
}
