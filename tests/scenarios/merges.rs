//! Two reps create the same customer; the office merges them, and undoes it; phones go on writing to both.

use cartera_relay::people::Role;

use super::Scenario;
use crate::sim::network::Weather;
use crate::sim::office::Errand;
use crate::sim::world::World;

pub(super) const SCENARIO: Scenario = Scenario {
    name: "merges",
    about: "clients are merged and taken apart again while phones write to both",
    run,
};

const ERRANDS: &[(u32, Errand)] = &[
    (8, Errand::Merge),
    (5, Errand::Unmerge),
    (4, Errand::Move),
    (2, Errand::Lend),
    (1, Errand::EndLending),
    (3, Errand::Account),
];

fn run(world: &World) {
    // A visit to a client that left before its page had come.
    world.change_plan(|plan| plan.refusals = &["left_scope"]);
    let territories = [world.territory("Norte"), world.territory("Sur")];
    let phones = [
        world.rep("Ana", &territories[..1]),
        world.rep("Luis", &territories[1..]),
        world.member("Jefa", Role::Manager, &[]),
    ];
    let twins = [world.create(&phones[0]), world.create(&phones[1])];
    world.days(8);
    phones.iter().for_each(|phone| {
        world.sync(phone);
    });
    if let [Some(kept), Some(absorbed)] = twins {
        world.merge(absorbed, Some(kept));
        world.visit(&phones[1], &absorbed);
        world.days(4);
        world.visit(&phones[1], &absorbed);
        world.merge(absorbed, None);
    }
    world.change_plan(|plan| plan.errands = ERRANDS);
    world.days(25);
    world.network.set_weather(Weather::ROUGH);
    world.days(25);
}
