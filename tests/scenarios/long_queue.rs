//! More than a thousand changes wait on a phone that comes back after weeks, over a line that breaks.

use super::Scenario;
use crate::sim::network::Weather;
use crate::sim::work::Job;
use crate::sim::world::World;

pub(super) const SCENARIO: Scenario =
    Scenario { name: "long_queue", about: "a thousand changes wait on a phone that comes back", run };

fn run(world: &World) {
    let north = world.territory("Norte");
    let ana = world.rep("Ana", &[north]);
    let luis = world.rep("Luis", &[north]);
    (0..5).for_each(|_| {
        world.create(&ana);
    });
    world.sync(&ana);
    world.change_plan(|plan| plan.jobs = Job::VISITS);
    (0..1_100).for_each(|_| world.work(&ana));
    world.network.set_weather(Weather::ROUGH);
    world.sync(&luis);
    world.days(10);
}
