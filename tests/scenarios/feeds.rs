//! The office's systems feed articles, prices, due items and what became of orders all day, some of it wrong, some of it
//! out of order, while phones sell by it.

use cartera_relay::people::Role;

use super::Scenario;
use crate::sim::network::Weather;
use crate::sim::office::Errand;
use crate::sim::work::Job;
use crate::sim::world::World;

pub(super) const SCENARIO: Scenario = Scenario {
    name: "feeds",
    about: "prices, due items and states of orders are fed while phones work",
    run,
};

const ERRANDS: &[(u32, Errand)] =
    &[(10, Errand::Feed), (5, Errand::Orders), (2, Errand::Prices), (1, Errand::Import), (1, Errand::Move)];

fn run(world: &World) {
    let north = world.territory("Norte");
    let phones =
        [world.rep("Ana", &[north]), world.rep("Luis", &[north]), world.member("Jefa", Role::Manager, &[])];
    world.import_clients();
    for client in world.all_clients() {
        world.move_client(client, north);
    }
    (0..6).for_each(|_| world.feed());
    phones.iter().for_each(|phone| {
        world.sync(phone);
    });
    world.change_plan(|plan| (plan.jobs, plan.errands) = (Job::ORDERS, ERRANDS));
    for turn in 0..3 {
        (0..2).for_each(|_| world.do_job(&phones[turn % 2], Job::Order));
        world.days(14);
        world.pick_up_orders();
        if turn == 1 {
            world.network.set_weather(Weather::ROUGH);
        }
    }
}
