//! The ERP comes to own fields while phones are offline and have unsent edits of them; its nightly file changes them; and
//! orders are registered and declined all along. What a rep wrote without knowing is listed with its reason, what he
//! writes knowing is a request.

use cartera_relay::people::Role;

use super::Scenario;
use crate::sim::network::Weather;
use crate::sim::office::Errand;
use crate::sim::work::Job;
use crate::sim::world::World;

pub(super) const SCENARIO: Scenario = Scenario {
    name: "owned_fields",
    about: "fields become the ERP's while phones have unsent edits of them; orders are answered meanwhile",
    run,
};

const JOBS: &[(u32, Job)] = &[
    (8, Job::EditShared),
    (6, Job::EditField),
    (2, Job::Tag),
    (6, Job::Order),
    (5, Job::Visit),
    (2, Job::Create),
    (1, Job::Amend),
    (1, Job::Void),
];
const ERRANDS: &[(u32, Errand)] =
    &[(6, Errand::Orders), (3, Errand::Import), (3, Errand::Own), (2, Errand::Prices)];

fn run(world: &World) {
    world.change_plan(|plan| plan.refusals = &["forbidden"]);
    let north = world.territory("Norte");
    let phones =
        [world.rep("Ana", &[north]), world.rep("Luis", &[north]), world.member("Jefa", Role::Manager, &[])];
    world.import_clients();
    for client in world.all_clients() {
        world.move_client(client, north);
    }
    world.write_prices();
    phones.iter().for_each(|phone| {
        world.sync(phone);
    });
    world.change_plan(|plan| (plan.jobs, plan.errands) = (JOBS, ERRANDS));
    for turn in 0..3 {
        for phone in &phones {
            (0..2).for_each(|_| world.do_job(phone, Job::EditShared));
            world.do_job(phone, Job::Visit);
        }
        world.own_fields(&["name", "sector"]);
        world.days(14);
        world.pick_up_orders();
        if turn == 1 {
            world.network.set_weather(Weather::ROUGH);
        }
        world.own_fields(&[]);
        world.days(4);
    }
}
