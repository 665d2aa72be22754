//! Requests and answers cut at any byte, lost, repeated, held up for hours and overtaken by newer ones; days without any
//! network; captive portals; processes that die while they wait or at any moment of a sync.

use cartera_relay::people::Role;

use super::Scenario;
use crate::sim::network::Weather;
use crate::sim::office::Errand;
use crate::sim::world::World;

pub(super) const SCENARIO: Scenario = Scenario {
    name: "rough_network",
    about: "requests and answers are cut, lost, repeated, reordered; processes die in the middle",
    run,
};

fn run(world: &World) {
    let (north, south) = (world.territory("Norte"), world.territory("Sur"));
    world.write_prices();
    world.network.set_weather(Weather::ROUGH);
    let phones = [
        world.rep("Ana", &[north]),
        world.rep("Luis", &[south]),
        world.rep("Eva", &[north, south]),
        world.member("Jefa", Role::Manager, &[]),
    ];
    world.change_plan(|plan| plan.errands = Errand::PRICES);
    for _ in 0..4 {
        world.days(20);
        if world.dice.chance(40) {
            world.tell(|| "no network for anybody".to_owned());
            world.network.set_down(true);
            world.days(15);
            world.network.set_down(false);
        }
        if let Some(phone) = world.dice.pick(&phones) {
            world.sync_and_die(phone);
        }
    }
}
