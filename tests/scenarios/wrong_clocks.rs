//! Clocks that are wrong by years, jump while a phone syncs, and zones that change.

use super::Scenario;
use crate::sim::network::Weather;
use crate::sim::world::{DAY_MS, World};

pub(super) const SCENARIO: Scenario = Scenario {
    name: "wrong_clocks",
    about: "clocks are wrong by years and jump, phones cross borders and reboot",
    run,
};

const ZONES: [&str; 4] = ["Europe/Madrid", "Atlantic/Canary", "America/Santiago", "Asia/Tokyo"];

fn run(world: &World) {
    let north = world.territory("Norte");
    let phones = [world.rep("Ana", &[north]), world.rep("Luis", &[north]), world.rep("Eva", &[north])];
    world.network.set_weather(Weather { meanwhile: 10, ..Weather::FINE });
    for _ in 0..20 {
        let Some(phone) = world.dice.pick(&phones) else { return };
        let clock = &phone.env.seeded;
        match world.dice.below(5) {
            0 => clock.set_wall(world.now_ms() + world.dice.between(-4_000, 4_000) * DAY_MS),
            1 => clock.set_wall(world.dice.between(0, 10)),
            2 => clock.reboot(),
            3 => phone.set_zone(ZONES[world.dice.below(ZONES.len())]),
            _ => clock.set_wall(world.now_ms()),
        }
        world.days(4);
    }
}
