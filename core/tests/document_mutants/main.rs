//! 200,000 mutants of real changes, and bombs made by hand, against admission.
//!
//! No panic may escape, no memory may be claimed beyond a bound, and what is admitted must be harmless: a real
//! Automerge document takes it, saves, loads again with the same heads, and holds what the facts say.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that panics has failed

mod bombs;
mod corpus;
mod memory;
mod mutate;
#[path = "../document/support.rs"]
#[allow(dead_code)] // shared with another binary
mod support;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::Automerge;
use cartera_core::document::admit::{Outcome, causality, inspect};

use corpus::{Moment, corpus};
use support::{Rng, assert_same_contents, quietly};

/// In the ordinary run; `CARTERA_MUTANTS` asks for more, `CARTERA_MUTANTS_SEED` for others.
const MUTANTS: usize = 200_000;
const THREADS: usize = 2;

fn asked(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).map_or(otherwise, |asked| asked.parse().expect("a number"))
}

/// What became of the mutants: by outcome or refusal code.
type Tally = BTreeMap<&'static str, usize>;

fn judge(moment: &Moment, bytes: &[u8]) -> &'static str {
    let change = match inspect(bytes) {
        Ok(change) => change,
        Err(refusal) => return refusal.code.as_str(),
    };
    assert_eq!(change.bytes, bytes);
    let Ok(outcome) = causality(&change, moment.facts.document(), &moment.facts);
    match outcome {
        Outcome::Held { .. } => "held",
        Outcome::Duplicate { .. } => "duplicate",
        Outcome::Refused(refusal) => refusal.code.as_str(),
        Outcome::Admit => {
            let mut facts = moment.facts.clone();
            facts.apply(&change);
            let mut doc = moment.doc.clone();
            doc.apply_changes(
                [automerge::Change::try_from(bytes).expect("Automerge reads what is admitted")],
            )
            .expect("Automerge applies what is admitted");
            let mut reloaded = Automerge::load(&doc.save()).expect("Automerge loads what it saved");
            assert_same_contents(&facts, &doc);
            assert_same_contents(&facts, &reloaded);
            // And life goes on: what was written besides still arrives.
            for later in &moment.later {
                let Ok(outcome) = causality(later, facts.document(), &facts);
                if outcome == Outcome::Admit {
                    facts.apply(later);
                    reloaded
                        .apply_changes([automerge::Change::try_from(&later.bytes[..]).unwrap()])
                        .expect("later changes apply");
                }
            }
            assert_same_contents(&facts, &Automerge::load(&reloaded.save()).expect("and load again"));
            "admitted"
        }
    }
}

/// Judges mutants made from `seed`, or tells the first that did harm.
fn run(seed: u64, moments: &[Moment], mutants: usize) -> Result<Tally, String> {
    let mut rng = Rng::new(seed);
    let mut tally = Tally::new();
    for n in 0..mutants {
        let moment = &moments[rng.below(moments.len())];
        let mutant = mutate::mutant(&mut rng, moment);
        let outcome = catch_unwind(AssertUnwindSafe(|| judge(moment, &mutant))).map_err(|panic| {
            let why = panic.downcast_ref::<String>().map_or("", String::as_str);
            format!("mutant {n} of seed {seed} did harm: {why}\n{mutant:02x?}")
        })?;
        *tally.entry(outcome).or_default() += 1;
    }
    Ok(tally)
}

#[test]
fn no_mutant_of_a_change_does_harm() {
    let moments = &corpus();
    let mutants = asked("CARTERA_MUTANTS", MUTANTS) / THREADS;
    let seed = asked("CARTERA_MUTANTS_SEED", 0);
    let parts: Vec<Result<Tally, String>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS)
            .map(|thread| scope.spawn(move || quietly(|| run((seed + thread) as u64, moments, mutants))))
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or(Err("a worker died".into()))).collect()
    });
    let mut tally = Tally::new();
    for part in parts {
        part.unwrap_or_else(|harm| panic!("{harm}"))
            .into_iter()
            .for_each(|(what, n)| *tally.entry(what).or_default() += n);
    }
    println!("{tally:?}");
    assert_eq!(tally.values().sum::<usize>(), mutants * THREADS);
    // The mutator must not be so blunt that everything fails at the first check.
    for (what, least) in [
        ("admitted", 5_000),
        ("held", 1_000),
        ("malformed", 20_000),
        ("schema", 5_000),
        ("equivocation", 500),
    ] {
        assert!(tally.get(what).is_some_and(|n| *n >= least), "too few {what}: {tally:?}");
    }
}
