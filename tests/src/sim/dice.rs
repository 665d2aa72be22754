//! All of a run's chances, from one seed.

use std::sync::{Mutex, PoisonError};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Draws in the order in which it is asked; the same seed draws the same.
#[derive(Debug)]
pub struct Dice(Mutex<ChaCha8Rng>);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(ChaCha8Rng::seed_from_u64(seed)))
    }

    pub fn number(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).next_u64()
    }

    /// From nought to one less than `bound`; nought where that is nought.
    pub fn below(&self, bound: usize) -> usize {
        if bound == 0 { 0 } else { (self.number() % bound as u64) as usize }
    }

    /// Both ends included.
    pub fn between(&self, least: i64, most: i64) -> i64 {
        least + (self.number() % (most - least + 1) as u64) as i64
    }

    pub fn chance(&self, percent: u32) -> bool {
        self.number() % 100 < u64::from(percent)
    }

    pub fn pick<'t, T>(&self, from: &'t [T]) -> Option<&'t T> {
        from.get(self.below(from.len()))
    }

    /// One of `choices`, each as likely as its weight says.
    pub fn weighted<T: Copy>(&self, choices: &[(u32, T)]) -> Option<T> {
        let all: u32 = choices.iter().map(|(weight, _)| weight).sum();
        let mut drawn = self.below(all as usize) as u32;
        for (weight, choice) in choices {
            if drawn < *weight {
                return Some(*choice);
            }
            drawn -= weight;
        }
        None
    }
}
