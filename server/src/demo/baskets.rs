//! Which discs a purchase was of. CDNOW says how many and for how much; which ones is invented here, and every line says so.
//!
//! All of it follows from the seed, the client and the purchase: a client likes two families, and buys mostly what most buy
//! of them. Discs and amounts of a purchase add up to what it really was.

use super::cdnow::Purchase;
use super::names::{Article, Random};

/// Lines of a purchase, at most.
const LINES_MAX: u32 = 3;

/// A line of a purchase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Place in the catalogue.
    pub article: usize,
    pub units: u32,
    pub cents: i64,
}

/// The lines of a purchase, each of another article of a catalogue that has any, made family by family in turn.
pub fn lines(seed: u64, purchase: &Purchase, catalogue: &[Article], families: usize) -> Vec<Line> {
    let mut taste = Random::new(seed ^ 0x7A57_E000, purchase.client);
    let liked = [(); 2].map(|()| taste.below(families as u32) as usize);
    let mut random = Random::new(seed ^ 0xBA5E_7000, purchase.line);
    let count = purchase.units.clamp(1, 1 + random.below(LINES_MAX));
    let volumes = catalogue.len() / families;
    let mut lines: Vec<Line> = Vec::new();
    for _ in 0..count {
        let family = match random.below(10) {
            0..6 => liked[0],
            6..9 => liked[1],
            _ => random.below(families as u32) as usize,
        };
        // A quarter of what is bought of a family is one disc.
        let place = random.below(1_000) as usize;
        let article = volumes * place * place * place / 1_000_000_000 * families + family;
        if lines.iter().all(|line| line.article != article) {
            lines.push(Line { article, units: 1, cents: 0 });
        }
    }
    let Some((first, rest)) = lines.split_first_mut() else { return lines };
    let each = purchase.cents / i64::from(purchase.units.max(1));
    rest.iter_mut().for_each(|line| line.cents = each);
    first.units = purchase.units - rest.len() as u32;
    first.cents = purchase.cents - each * rest.len() as i64;
    lines
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;
    use crate::demo::SEED;
    use crate::demo::cdnow::purchases;
    use crate::demo::names::{FAMILY_COUNT, catalogue};

    #[test]
    fn lines_add_up_to_what_was_really_bought_and_clients_buy_again() {
        let catalogue = catalogue(SEED, 400);
        let mut bought: HashMap<(u32, usize), u32> = HashMap::new();
        for purchase in purchases().unwrap() {
            let lines = lines(SEED, &purchase, &catalogue, FAMILY_COUNT);
            assert_eq!(lines, super::lines(SEED, &purchase, &catalogue, FAMILY_COUNT));
            assert_eq!(lines.iter().map(|line| line.units).sum::<u32>(), purchase.units);
            assert_eq!(lines.iter().map(|line| line.cents).sum::<i64>(), purchase.cents);
            assert!(lines.iter().all(|line| line.cents >= 0), "{purchase:?}");
            let articles: HashSet<usize> = lines.iter().map(|line| line.article).collect();
            assert_eq!(articles.len(), lines.len());
            for article in articles {
                assert!(article < catalogue.len());
                *bought.entry((purchase.client, article)).or_default() += 1;
            }
        }
        let again: HashSet<u32> =
            bought.iter().filter(|(_, times)| **times >= 3).map(|((client, _), _)| *client).collect();
        assert!(again.len() > 1_000, "{}", again.len());
    }
}
