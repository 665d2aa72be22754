//! Phones are linked while the log moves: first syncs are cut anywhere, and visits are logged meanwhile, also of clients
//! of which only the row of the list has come.

use std::sync::atomic::AtomicI64;

use cartera_relay::people::Role;

use super::Scenario;
use crate::sim::network::{Way, Weather};
use crate::sim::office::Errand;
use crate::sim::world::World;

pub(super) const SCENARIO: Scenario = Scenario {
    name: "first_sync",
    about: "first syncs are cut anywhere while the log moves and visits are logged",
    run,
};

fn run(world: &World) {
    // A visit to a client that left before its page had come.
    world.change_plan(|plan| plan.refusals = &["left_scope"]);
    let territories = [world.territory("Norte"), world.territory("Sur")];
    let ana = world.rep("Ana", &territories);
    (0..10).for_each(|_| {
        world.create(&ana);
    });
    world.days(10);
    world.sync(&ana);
    (0..6).for_each(|_| world.write_prices());
    world.change_plan(|plan| plan.errands = Errand::ALL);
    let meanwhile = Weather { meanwhile: 40, ..Weather::FINE };
    for (name, role) in [("Luis", Role::Rep), ("Eva", Role::Rep), ("Jefa", Role::Manager)] {
        let person = world.person(name, role, &territories[world.dice.below(2)..]);
        let phone = world.new_phone(name, person);
        world.network.set_weather(Weather::FINE);
        world.link(&phone);
        world.network.set_weather(if world.dice.chance(50) { meanwhile } else { Weather::ROUGH });
        for _ in 0..6 {
            let cut_after = AtomicI64::new(world.dice.between(1, 6));
            world.sync_with(&phone, &Way { world, phone: phone.place, cut_after });
            (0..world.dice.below(3)).for_each(|_| world.work(&phone));
            world.days(2);
        }
    }
}
