//! Runs the simulated fleet under chosen seeds and says what came of it.
//!
//! `simulate [--scenario NAME] [--seed N | --seeds N..M] [--aloud] [--keep]`

#![allow(clippy::print_stdout, clippy::print_stderr)] // a command line tool speaks

use std::process::ExitCode;

use cartera_tests::sim::world::World;
use cartera_tests::sim::{self, Scenario, scenarios};

struct Asked {
    scenarios: Vec<&'static Scenario>,
    seeds: std::ops::Range<u64>,
    aloud: bool,
    /// Leaves the databases where they are.
    keep: bool,
}

fn asked() -> Result<Asked, String> {
    let mut asked =
        Asked { scenarios: scenarios::ALL.iter().collect(), seeds: 1..2, aloud: false, keep: false };
    let mut arguments = std::env::args().skip(1);
    let number = |text: &str| text.parse::<u64>().map_err(|_| format!("'{text}' is no seed"));
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} wants a value"));
        match argument.as_str() {
            "--scenario" => {
                let name = value()?;
                let found = scenarios::find(&name).ok_or_else(|| {
                    let names: Vec<_> = scenarios::ALL.iter().map(|scenario| scenario.name).collect();
                    format!("there is no scenario '{name}'; there is {}", names.join(", "))
                })?;
                asked.scenarios = vec![found];
            }
            "--seed" => {
                let seed = number(&value()?)?;
                asked.seeds = seed..seed + 1;
            }
            "--seeds" => {
                let text = value()?;
                let (from, to) = text.split_once("..").ok_or("--seeds wants N..M")?;
                asked.seeds = number(from)?..number(to)?;
            }
            "--aloud" => asked.aloud = true,
            "--keep" => asked.keep = true,
            other => return Err(format!("what is '{other}'? {USAGE}")),
        }
    }
    Ok(asked)
}

const USAGE: &str = "simulate [--scenario NAME] [--seed N | --seeds N..M] [--aloud] [--keep]";

fn main() -> ExitCode {
    let asked = match asked() {
        Ok(asked) => asked,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::FAILURE;
        }
    };
    let mut failed = 0;
    for scenario in &asked.scenarios {
        for seed in asked.seeds.clone() {
            let world = World::new(seed, asked.aloud);
            let outcome = sim::run_in(&world, scenario);
            if asked.keep {
                println!("databases are in {}", world.folder.keep().display());
            }
            let word = if outcome.is_good() { "held" } else { "FAILED" };
            println!(
                "{word} {} seed {seed}: {} commands, digest {}",
                scenario.name, outcome.commands, outcome.digest
            );
            if !outcome.is_good() {
                failed += 1;
                outcome.violations.iter().for_each(|violation| println!("  {violation}"));
                println!("  again: {} --aloud", outcome.again());
            }
        }
    }
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
