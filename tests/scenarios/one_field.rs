//! Reps of one territory edit the same and different fields of the same few clients, and tag and untag them.

use super::Scenario;
use crate::sim::network::Weather;
use crate::sim::work::Job;
use crate::sim::world::World;

pub(super) const SCENARIO: Scenario = Scenario {
    name: "one_field",
    about: "several reps edit the same fields of the same clients, offline and on a bad line",
    run,
};

fn run(world: &World) {
    let north = world.territory("Norte");
    let phones = [world.rep("Ana", &[north]), world.rep("Luis", &[north]), world.rep("Eva", &[north])];
    (0..3).for_each(|_| {
        world.create(&phones[0]);
    });
    phones.iter().for_each(|phone| {
        world.sync(phone);
    });
    world.change_plan(|plan| plan.jobs = Job::EDITS);
    world.days(25);
    world.network.set_weather(Weather::ROUGH);
    world.days(25);
}
