//! Invoices of two years come in, are corrected and taken back, and the window of those that phones keep moves on, while
//! clients move and phones are away.

use cartera_relay::people::Role;

use super::Scenario;
use crate::sim::network::Weather;
use crate::sim::office::Errand;
use crate::sim::world::{DAY_MS, World};

pub(super) const SCENARIO: Scenario = Scenario {
    name: "sales_window",
    about: "the window of sales that phones keep moves while sales come and clients move",
    run,
};

const ERRANDS: &[(u32, Errand)] =
    &[(8, Errand::Sell), (3, Errand::Window), (3, Errand::Move), (1, Errand::Rezone), (1, Errand::Lend)];

fn run(world: &World) {
    // A visit to a client that left before its page had come.
    world.change_plan(|plan| plan.refusals = &["left_scope"]);
    let (north, south) = (world.territory("Norte"), world.territory("Sur"));
    let ana = world.rep("Ana", &[north]);
    world.rep("Luis", &[north, south]);
    world.import_clients();
    for client in world.all_clients() {
        world.move_client(client, north);
    }
    (0..10).for_each(|_| world.feed_sales());
    world.sync(&ana);
    // The first move is over all that there is.
    world.move_window();
    world.change_plan(|plan| plan.errands = ERRANDS);
    world.days(20);
    world.member("Jefa", Role::Manager, &[]);
    world.pass(40 * DAY_MS);
    world.network.set_weather(Weather::ROUGH);
    world.days(25);
}
