//! Everything at once: all errands, a rough network, wrong clocks, a restored phone, a revoked one.

use cartera_relay::people::Role;

use super::Scenario;
use crate::sim::network::Weather;
use crate::sim::office::Errand;
use crate::sim::world::{DAY_MS, World};

pub(super) const SCENARIO: Scenario = Scenario { name: "everything", about: "all of it at once", run };

fn run(world: &World) {
    // A visit to a client that left before its page had come; and work on a client of which a twin, or the phone itself
    // before it came back from its backup, has said that it keeps nothing any more.
    world.change_plan(|plan| plan.refusals = &["left_scope", "forbidden"]);
    let territories = [world.territory("Norte"), world.territory("Sur"), world.territory("Este")];
    world.write_prices();
    let phones = [
        world.rep("Ana", &territories[..1]),
        world.rep("Luis", &territories[1..]),
        world.rep("Eva", &territories[..2]),
        world.member("Jefa", Role::Manager, &[]),
    ];
    world.change_plan(|plan| plan.errands = Errand::ALL);
    world.days(20);
    world.network.set_weather(Weather::ROUGH);
    let backup = world.file("backup.db");
    phones[0].copy_to(&backup);
    world.days(20);
    phones[1].env.seeded.set_wall(world.now_ms() + world.dice.between(-900, 900) * DAY_MS);
    world.restore(&phones[0], &backup);
    world.days(20);
    world.clone_phone(&phones[2], "Eva's twin");
    world.sync_and_die(&phones[1]);
    world.days(20);
}
