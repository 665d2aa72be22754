//! A phone comes back from a backup, in which its own later work is missing; and once more.

use super::Scenario;
use crate::sim::network::Weather;
use crate::sim::world::World;

pub(super) const SCENARIO: Scenario = Scenario {
    name: "restored_phone",
    about: "a phone is restored from a backup, unsent work since then is gone with it, sent work comes back",
    run,
};

fn run(world: &World) {
    let north = world.territory("Norte");
    let phones = [world.rep("Ana", &[north]), world.rep("Luis", &[north])];
    world.days(10);
    for turn in 0..3 {
        if turn > 0 {
            world.network.set_weather(Weather::ROUGH);
        }
        let backup = world.file("backup.db");
        let phone = &phones[world.dice.below(2)];
        world.tell(|| format!("{} is backed up", phone.name));
        phone.copy_to(&backup);
        world.days(12);
        if world.dice.chance(50) {
            world.sync(phone);
        }
        world.restore(phone, &backup);
        world.days(8);
    }
}
