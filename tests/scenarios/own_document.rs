//! People keep what is about no client in a document of their own, on two phones that begin it without knowing of each
//! other; one of them comes back from a backup. Nobody else ever sees it.

use cartera_relay::people::Role;

use super::Scenario;
use crate::sim::network::Weather;
use crate::sim::work::Job;
use crate::sim::world::World;

pub(super) const SCENARIO: Scenario = Scenario {
    name: "own_document",
    about: "two phones of one person begin the same document; one is restored; nobody else sees it",
    run,
};

fn run(world: &World) {
    let north = world.territory("Norte");
    let ana = world.person("Ana", Role::Rep, &[north]);
    let phones = ["Ana", "Ana's tablet"].map(|name| {
        let phone = world.new_phone(name, ana);
        world.link(&phone);
        phone
    });
    world.rep("Luis", &[north]);
    world.member("Jefa", Role::Manager, &[]);
    world.change_plan(|plan| plan.jobs = Job::OWN);
    for phone in &phones {
        (0..3).for_each(|_| world.do_job(phone, Job::Keep));
    }
    world.days(16);
    let backup = world.file("backup.db");
    phones[1].copy_to(&backup);
    world.network.set_weather(Weather::ROUGH);
    world.days(16);
    world.restore(&phones[1], &backup);
    world.days(16);
}
