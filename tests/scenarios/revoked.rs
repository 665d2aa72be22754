//! Phones are revoked while they have unsent work: they are served nothing, and delete nothing. One of them is found
//! again and linked anew, as another device: its work arrives.

use super::Scenario;
use crate::sim::network::Weather;
use crate::sim::world::World;

pub(super) const SCENARIO: Scenario = Scenario {
    name: "revoked",
    about: "phones are revoked with unsent work; one is linked again and sends it",
    run,
};

fn run(world: &World) {
    let (north, south) = (world.territory("Norte"), world.territory("Sur"));
    let ana = world.rep("Ana", &[north]);
    let luis = world.rep("Luis", &[north, south]);
    let eva = world.rep("Eva", &[south]);
    world.days(12);
    for phone in [&ana, &luis] {
        (0..5).for_each(|_| world.work(phone));
        world.revoke(phone);
    }
    world.days(12);
    if world.dice.chance(50) {
        world.network.set_weather(Weather::ROUGH);
    }
    // Meanwhile its person may have got another territory.
    if world.dice.chance(50) {
        world.assign(luis.person, vec![south]);
    }
    world.sync(&eva);
    world.link(&luis);
    world.days(12);
}
