//! Nothing special: three reps and a manager work, sync when they like, and the office writes prices.

use cartera_relay::people::Role;

use super::Scenario;
use crate::sim::office::Errand;
use crate::sim::world::World;

pub(super) const SCENARIO: Scenario = Scenario {
    name: "everyday",
    about: "people work and sync in fine weather while the office writes prices",
    run,
};

fn run(world: &World) {
    let (north, south) = (world.territory("Norte"), world.territory("Sur"));
    world.write_prices();
    world.rep("Ana", &[north]);
    world.rep("Luis", &[south]);
    world.rep("Eva", &[north, south]);
    world.member("Jefa", Role::Manager, &[]);
    world.change_plan(|plan| plan.errands = Errand::PRICES);
    world.days(60);
}
