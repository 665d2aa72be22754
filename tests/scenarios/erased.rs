//! Clients are erased while phones hold unsent work about them, and while phones are new.

use super::Scenario;
use crate::sim::network::Weather;
use crate::sim::office::Errand;
use crate::sim::world::World;

pub(super) const SCENARIO: Scenario =
    Scenario { name: "erased", about: "clients are erased while phones hold unsent work about them", run };

const ERRANDS: &[(u32, Errand)] = &[
    (4, Errand::Erase),
    (2, Errand::Move),
    (1, Errand::Merge),
    (1, Errand::Lend),
    (2, Errand::Account),
    (1, Errand::Import),
];

fn run(world: &World) {
    let territories = [world.territory("Norte"), world.territory("Sur")];
    let phones = [world.rep("Ana", &territories[..1]), world.rep("Luis", &territories)];
    (0..8).for_each(|_| {
        world.create(&phones[world.dice.below(2)]);
    });
    world.days(15);
    phones.iter().for_each(|phone| {
        world.sync(phone);
    });
    world.change_plan(|plan| plan.errands = ERRANDS);
    world.days(25);
    world.network.set_weather(Weather::ROUGH);
    world.days(20);
}
