//! Every scenario under some seeds, and each run twice to the same digest.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use cartera_tests::sim::{self, Outcome, Scenario, scenarios};

use super::known::KNOWN;

/// Seeds under which each scenario runs.
const SEEDS: u64 = 14;
/// Fewer of those that take long.
const SLOW: &[(&str, u64)] = &[("long_queue", 2)];

/// All of them, on as many threads as there are processors: each run has a world of its own.
fn run(runs: &[(&'static Scenario, u64)]) -> Vec<Outcome> {
    let next = AtomicUsize::new(0);
    let outcomes = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((scenario, seed)) = runs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outcome = sim::run(scenario, *seed, false);
                    outcomes.lock().unwrap_or_else(PoisonError::into_inner).push(outcome);
                }
            });
        }
    });
    outcomes.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn seeds_of(scenario: &Scenario) -> u64 {
    SLOW.iter().find(|(name, _)| *name == scenario.name).map_or(SEEDS, |(_, seeds)| *seeds)
}

fn is_known(scenario: &str, seed: u64) -> bool {
    KNOWN.iter().any(|(name, known, _)| *name == scenario && *known == seed)
}

#[test]
fn every_scenario_holds_under_every_seed() {
    let runs: Vec<_> = scenarios::ALL
        .iter()
        .flat_map(|scenario| (1..=seeds_of(scenario)).map(move |seed| (scenario, seed)))
        .filter(|(scenario, seed)| !is_known(scenario.name, *seed))
        .collect();
    let outcomes = run(&runs);
    assert_eq!(outcomes.len(), runs.len());
    let mut failed = String::new();
    for outcome in outcomes.iter().filter(|outcome| !outcome.is_good()) {
        failed.push_str(&format!("\n{} seed {}:\n", outcome.scenario, outcome.seed));
        outcome.violations.iter().for_each(|violation| failed.push_str(&format!("  {violation}\n")));
        failed.push_str(&format!("  again: {}\n", outcome.again()));
    }
    assert!(failed.is_empty(), "{failed}");
    let commands: usize = outcomes.iter().map(|outcome| outcome.commands).sum();
    assert!(commands > 40 * outcomes.len(), "people worked: {commands} commands");
}

#[test]
fn what_is_known_to_fail_still_does() {
    for (name, seed, why) in KNOWN {
        let outcome = sim::run(scenarios::find(name).unwrap(), *seed, false);
        assert!(!outcome.is_good(), "{name} seed {seed} holds again ({why}): take it off the list");
    }
}

#[test]
fn a_seed_gives_the_same_digest_each_time_and_another_seed_another() {
    let all: Vec<_> = scenarios::ALL.iter().filter(|scenario| seeds_of(scenario) == SEEDS).collect();
    let runs: Vec<_> =
        all.iter().flat_map(|scenario| [(*scenario, 3), (*scenario, 3), (*scenario, 4)]).collect();
    let outcomes = run(&runs);
    for scenario in all {
        let digests = |seed: u64| -> Vec<&str> {
            let of =
                outcomes.iter().filter(|outcome| outcome.scenario == scenario.name && outcome.seed == seed);
            of.map(|outcome| outcome.digest.as_str()).collect()
        };
        let same = digests(3);
        assert_eq!(same[0], same[1], "{} is not the same twice", scenario.name);
        assert_ne!(digests(4)[0], same[0], "{} does not depend on its seed", scenario.name);
    }
}
