//! The relay comes back from before: from a backup with its journal, from a backup alone, or its file was put back and
//! nobody told it. Phones have what it lost, and go on meanwhile.

use cartera_relay::people::Role;

use super::Scenario;
use crate::sim::network::Weather;
use crate::sim::office::Errand;
use crate::sim::world::{MINUTE_MS, World};

pub(super) const SCENARIO: Scenario = Scenario {
    name: "restored_relay",
    about: "the relay is restored, with its journal, without it, or without knowing; phones offer what it lost",
    run,
};

/// Nothing in these is a decision: without the journal decisions are lost, and with them who may see what.
const WITHOUT_DECISIONS: &[(u32, Errand)] = &[(3, Errand::Prices), (3, Errand::Account), (2, Errand::Import)];

fn run(world: &World) {
    let (north, south) = (world.territory("Norte"), world.territory("Sur"));
    world.rep("Ana", &[north]);
    world.rep("Luis", &[north]);
    world.rep("Eva", &[south]);
    world.member("Jefa", Role::Manager, &[]);
    world.write_prices();
    world.import_clients();
    for (place, client) in world.all_clients().into_iter().enumerate() {
        world.move_client(client, if place % 2 == 0 { north } else { south });
    }
    let with_journal = !world.seed.is_multiple_of(3);
    world.change_plan(|plan| {
        plan.errands = if with_journal { Errand::ALL } else { WITHOUT_DECISIONS };
    });
    world.days(14);
    for turn in 0..2 {
        let knowing = world.seed % 3 != 1;
        let copy = world.file("copy.db");
        let backup = if knowing { world.relay.back_up() } else { copy.clone() };
        if !knowing {
            world.relay.copy_to(&copy);
        }
        world.tell(|| "the relay is backed up".to_owned());
        world.pass(MINUTE_MS);
        world.days(16);
        match (knowing, with_journal) {
            (true, true) => world.restore_relay("with its journal", |relay| relay.restore(&backup, true)),
            (true, false) => {
                world.restore_relay("without its journal", |relay| relay.restore(&backup, false));
                // Some try before they are confirmed.
                world.days(4);
                world.confirm_phones();
            }
            (false, _) => world.restore_relay("and does not know it", |relay| relay.put_back(&copy)),
        }
        if turn == 0 {
            world.network.set_weather(Weather::ROUGH);
        }
        world.days(10);
    }
}
