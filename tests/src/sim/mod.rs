//! A simulated fleet: real engines and the real relay in one thread, from one seed.
//!
//! [`run`] makes a [`World`](world::World), lets a scenario happen in it, settles it, and asks the [`oracle`] whether
//! everything held. Clocks and randomness of all devices, the network between them, and what people and office do are
//! drawn from the seed, so a run can be repeated to the same digest. A scenario is one file in `tests/scenarios`.

#![allow(clippy::unwrap_used)] // a simulation that cannot go on stops there

pub mod device_env;
pub mod dice;
pub mod erp;
pub mod ledger;
pub mod network;
pub mod office;
pub mod oracle;
pub mod phone;
pub mod relay;
#[path = "../../scenarios/mod.rs"]
pub mod scenarios;
pub mod work;
pub mod world;

use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

use sha2::{Digest, Sha256};

use cartera_core::store::StoreError;
use oracle::Violation;
use world::World;

/// Something that can befall a fleet.
#[derive(Debug, Clone, Copy)]
pub struct Scenario {
    pub name: &'static str,
    /// What happens, in one line.
    pub about: &'static str,
    pub run: fn(&World),
}

/// What came of a run.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub scenario: &'static str,
    pub seed: u64,
    pub violations: Vec<Violation>,
    /// Of everything that happened and everything that is stored in the end.
    pub digest: String,
    pub commands: usize,
    pub story: Vec<String>,
}

impl Outcome {
    pub fn is_good(&self) -> bool {
        self.violations.is_empty()
    }

    /// How to see it again.
    pub fn again(&self) -> String {
        format!(
            "cargo run --release -p cartera-tests --bin simulate -- --scenario {} --seed {}",
            self.scenario, self.seed
        )
    }
}

/// One scenario under one seed. `aloud`: says what happens as it happens.
pub fn run(scenario: &Scenario, seed: u64, aloud: bool) -> Outcome {
    run_in(&World::new(seed, aloud), scenario)
}

/// The same in a world that whoever calls wants to look at afterwards.
pub fn run_in(world: &World, scenario: &Scenario) -> Outcome {
    let seed = world.seed;
    let ended = catch_unwind(AssertUnwindSafe(|| {
        (scenario.run)(world);
        let rounds = world.settle();
        oracle::judge(world, rounds)
    }));
    let violations = ended.unwrap_or_else(|why| {
        let said = why.downcast_ref::<String>().cloned();
        let said = said.or_else(|| why.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        let detail = format!("it broke off: {}", said.unwrap_or_else(|| "no words".to_owned()));
        vec![Violation { check: oracle::Check::Progress, detail }]
    });
    let commands = world.ledger.books().commands.len();
    Outcome {
        scenario: scenario.name,
        seed,
        violations,
        digest: digest(world),
        commands,
        story: world.story(),
    }
}

fn digest(world: &World) -> String {
    let mut hash = Sha256::new();
    for line in world.story() {
        hash.update(line.as_bytes());
    }
    let mut rows = |rows: oracle::rows::Rows| {
        for (id, lines) in rows {
            hash.update(id.as_bytes());
            lines.iter().for_each(|line| hash.update(line.as_bytes()));
        }
    };
    rows(world.relay.read(oracle::rows::of));
    for phone in world.phones() {
        rows(phone.engine().store().read::<_, StoreError>(|conn| Ok(oracle::rows::of(conn))).unwrap());
    }
    let tip = world.relay.app().storage.tip().unwrap();
    hash.update(tip.chain);
    hash.finalize()[..16].iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
