//! The answer to an enrolment is lost, cut or repeated; a captive portal answers in the relay's place; codes run out.

use super::Scenario;
use crate::sim::network::Weather;
use crate::sim::world::World;

pub(super) const SCENARIO: Scenario = Scenario {
    name: "lost_enrolment",
    about: "enrolments whose answers are lost, portals in between, codes that run out",
    run,
};

const WEATHER: Weather = Weather {
    away: 10,
    request_cut: 10,
    held_up: 5,
    reply_lost: 20,
    reply_cut: 15,
    repeated: 10,
    portal: 15,
    killed: 5,
    meanwhile: 0,
};

fn run(world: &World) {
    let north = world.territory("Norte");
    world.network.set_weather(WEATHER);
    for name in ["Ana", "Luis", "Eva"] {
        let phone = world.new_phone(name, world.person(name, cartera_relay::people::Role::Rep, &[north]));
        // Work before there is any relay: it is durable, and goes when there is one.
        (0..3).for_each(|_| world.work(&phone));
        world.link(&phone);
        world.days(6);
    }
}
