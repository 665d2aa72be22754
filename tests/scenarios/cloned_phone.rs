//! A phone is cloned: two go on from one database under one token and one actor, and both work.

use super::Scenario;
use crate::sim::network::Weather;
use crate::sim::world::World;

pub(super) const SCENARIO: Scenario = Scenario {
    name: "cloned_phone",
    about: "two phones go on from one database, under one token and one actor",
    run,
};

fn run(world: &World) {
    let north = world.territory("Norte");
    let phones = [world.rep("Ana", &[north]), world.rep("Luis", &[north])];
    world.days(12);
    // What is unsent now, both have: it is the same work, and must not be there twice.
    (0..3).for_each(|_| world.work(&phones[0]));
    let twin = world.clone_phone(&phones[0], "Ana's twin");
    world.days(12);
    (0..3).for_each(|_| {
        world.work(&phones[0]);
        world.work(&twin);
    });
    world.network.set_weather(Weather::ROUGH);
    world.days(20);
}
