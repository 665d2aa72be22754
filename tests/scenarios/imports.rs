//! The ERP's file is imported every night, against edits of the same days.

use super::Scenario;
use crate::sim::network::Weather;
use crate::sim::office::Errand;
use crate::sim::work::Job;
use crate::sim::world::World;

pub(super) const SCENARIO: Scenario = Scenario {
    name: "imports",
    about: "nightly imports against edits of the same fields on the same days",
    run,
};

const ERRANDS: &[(u32, Errand)] = &[(5, Errand::Import), (2, Errand::Move), (1, Errand::Account)];

fn run(world: &World) {
    let north = world.territory("Norte");
    let phones = [world.rep("Ana", &[north]), world.rep("Luis", &[north])];
    world.import_clients();
    for client in world.all_clients() {
        world.move_client(client, north);
    }
    phones.iter().for_each(|phone| {
        world.sync(phone);
    });
    world.change_plan(|plan| {
        plan.errands = ERRANDS;
        plan.jobs = Job::EDITS;
    });
    for night in 0..5 {
        world.days(10);
        world.import_clients();
        if night == 2 {
            world.network.set_weather(Weather::ROUGH);
        }
    }
}
