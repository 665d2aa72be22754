//! Clients are moved away and back, lent and taken back, and territories change hands, while reps are offline with unsent
//! work about them.

use cartera_relay::people::Role;

use super::Scenario;
use crate::sim::network::Weather;
use crate::sim::office::Errand;
use crate::sim::world::{DAY_MS, World};

pub(super) const SCENARIO: Scenario = Scenario {
    name: "moved_clients",
    about: "clients move, are lent and come back while their reps are offline with unsent work",
    run,
};

const ERRANDS: &[(u32, Errand)] = &[
    (8, Errand::Move),
    (4, Errand::Lend),
    (3, Errand::EndLending),
    (2, Errand::Prices),
    (4, Errand::Account),
];

fn run(world: &World) {
    // A visit to a client that left before its page had come.
    world.change_plan(|plan| plan.refusals = &["left_scope"]);
    let territories = [world.territory("Norte"), world.territory("Sur"), world.territory("Este")];
    let phones = [
        world.rep("Ana", &territories[..1]),
        world.rep("Luis", &territories[1..2]),
        world.rep("Eva", &territories[1..]),
        world.member("Jefa", Role::Manager, &[]),
    ];
    world.days(15);
    phones.iter().for_each(|phone| {
        world.sync(phone);
    });
    world.change_plan(|plan| plan.errands = ERRANDS);
    for _ in 0..4 {
        // A week on the road: nobody hears of what the office does.
        world.network.set_down(true);
        for _ in 0..6 {
            world.days(3);
            world.errand();
            world.pass(DAY_MS / 2);
        }
        world.network.set_down(false);
        if world.dice.chance(50) {
            world.network.set_weather(Weather::ROUGH);
        }
        world.days(10);
        world.network.set_weather(Weather::FINE);
    }
}
