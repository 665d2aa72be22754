//! Territories are taken away from reps and given back, while they are offline with unsent work.

use super::Scenario;
use crate::sim::network::Weather;
use crate::sim::office::Errand;
use crate::sim::world::World;

pub(super) const SCENARIO: Scenario = Scenario {
    name: "territories",
    about: "territories are taken away and given back while their reps are offline",
    run,
};

const ERRANDS: &[(u32, Errand)] =
    &[(6, Errand::Rezone), (3, Errand::Move), (1, Errand::Lend), (2, Errand::Prices), (3, Errand::Account)];

fn run(world: &World) {
    // A visit to a client that left before its page had come.
    world.change_plan(|plan| plan.refusals = &["left_scope"]);
    let territories = [world.territory("Norte"), world.territory("Sur"), world.territory("Este")];
    let phones = [
        world.rep("Ana", &territories[..1]),
        world.rep("Luis", &territories[1..2]),
        world.rep("Eva", &territories),
    ];
    world.days(15);
    phones.iter().for_each(|phone| {
        world.sync(phone);
    });
    // Taken away and given back within one absence, and for good.
    let (ana, eva) = (&phones[0], &phones[2]);
    world.assign(eva.person, territories[..1].to_vec());
    world.days(4);
    world.assign(eva.person, territories[..2].to_vec());
    world.assign(ana.person, territories[1..2].to_vec());
    world.days(6);
    world.change_plan(|plan| plan.errands = ERRANDS);
    world.days(25);
    world.network.set_weather(Weather::ROUGH);
    world.days(25);
}
