//! Cross-sell: who buys one thing also buys another, with the clients behind each rule.
//!
//! What is compared is each client's assortment, what it bought in [`WINDOW_DAYS`] days, among clients of one kind of
//! establishment; of those kinds that have too few clients, and of clients without one, among all. Measures are the usual
//! ones of association rules: support and confidence (Agrawal, Imieliński and Swami 1993), lift (the 'interest' of Brin,
//! Motwani, Ullman and Tsur 1997). A rule needs a number of clients that buy both, a support and a lift ([`Plan`]); one
//! that few clients hold up is no rule, whatever its confidence.
//!
//! Everything is counted in whole numbers, so whoever has the same assortments finds the same rules in the same order.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::figure::Ratio;
use crate::model::BusinessDate;
use crate::model::limits::{CROSS_SELL_RULES_MAX, OFFICE_VALUE_BYTES_MAX};
use crate::model::office::{CrossSell, CrossSellRule, Level, Value};

/// Days of an assortment: a quarter.
pub const WINDOW_DAYS: i32 = 90;
/// Things that are compared with each other, those that most clients buy; their pairs are counted in one table.
pub const ITEMS_MAX: usize = 500;
/// Clients that a kind of establishment needs for rules of its own.
pub const SECTOR_CLIENTS_MIN: usize = 30;
/// Kinds of establishment that have rules of their own, those with most clients.
pub const SECTORS_MAX: usize = 50;

/// From which number, support and lift on a rule is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Clients that buy both.
    pub clients_min: u32,
    /// Those, per cent of all.
    pub support_percent: u32,
    /// Per cent: 100 is as often as by chance.
    pub lift_percent: u32,
}

impl Default for Plan {
    fn default() -> Self {
        Self { clients_min: 5, support_percent: 2, lift_percent: 120 }
    }
}

/// What one client bought in the window: things by their places in a list of names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Assortment {
    /// Kind of establishment.
    pub sector: Option<String>,
    pub items: BTreeSet<u32>,
}

/// All rules of a level: those among all clients first, then by kind of establishment. Nothing where nobody bought.
pub fn rules(
    level: Level,
    names: &[String],
    assortments: &[Assortment],
    (from, to): (BusinessDate, BusinessDate),
    plan: Plan,
) -> Vec<CrossSell> {
    let buyers: Vec<&Assortment> = assortments.iter().filter(|of| !of.items.is_empty()).collect();
    let mut by_sector: BTreeMap<&str, Vec<&Assortment>> = BTreeMap::new();
    for of in &buyers {
        if let Some(sector) = of.sector.as_deref() {
            by_sector.entry(sector).or_default().push(of);
        }
    }
    let mut sectors: Vec<_> =
        by_sector.into_iter().filter(|(_, clients)| clients.len() >= SECTOR_CLIENTS_MIN).collect();
    sectors.sort_by_key(|(name, clients)| (Reverse(clients.len()), *name));
    sectors.truncate(SECTORS_MAX);
    let all = (!buyers.is_empty()).then_some((None, buyers));
    let groups = all.into_iter().chain(sectors.into_iter().map(|(name, clients)| (Some(name), clients)));
    groups
        .map(|(sector, clients)| {
            let mut made = CrossSell::new(level, sector.map(str::to_owned), from, to, clients.len() as u64);
            made.rules = among(names, &clients, plan);
            // The longest names there are would be more than a record holds.
            while Value::from(made.clone()).encode().len() > OFFICE_VALUE_BYTES_MAX {
                made.rules.truncate(made.rules.len() / 2);
            }
            made
        })
        .collect()
}

fn among(names: &[String], clients: &[&Assortment], plan: Plan) -> Vec<CrossSellRule> {
    let all = clients.len() as u128;
    let enough = |count: u64| {
        count > 0
            && count >= u64::from(plan.clients_min)
            && u128::from(count) * 100 >= all * u128::from(plan.support_percent)
    };
    // What too few clients buy is in no rule, and neither is any pair with it.
    let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
    for item in clients.iter().flat_map(|of| &of.items) {
        *counts.entry(*item).or_default() += 1;
    }
    let mut items: Vec<(u32, u64)> = counts.into_iter().filter(|(_, count)| enough(*count)).collect();
    items.sort_by_key(|(item, count)| (Reverse(*count), &names[*item as usize]));
    items.truncate(ITEMS_MAX);
    let places: BTreeMap<u32, usize> = items.iter().enumerate().map(|(at, (item, _))| (*item, at)).collect();
    let mut both = vec![0_u64; items.len() * items.len()];
    for of in clients {
        let here: Vec<usize> = of.items.iter().filter_map(|item| places.get(item).copied()).collect();
        for one in &here {
            for other in &here {
                both[one * items.len() + other] += 1;
            }
        }
    }
    let mut rules = Vec::new();
    for (one, (has, has_clients)) in items.iter().enumerate() {
        for (other, (buys, buys_clients)) in items.iter().enumerate() {
            let both = both[one * items.len() + other];
            let by_chance = u128::from(*has_clients) * u128::from(*buys_clients);
            let lifted = u128::from(both) * all * 100 >= by_chance * u128::from(plan.lift_percent);
            if one != other && enough(both) && lifted {
                let (has, buys) = (&names[*has as usize], &names[*buys as usize]);
                rules.push(CrossSellRule::new(has, buys, (*has_clients, *buys_clients, both)));
            }
        }
    }
    rules.sort_by(|a, b| strength(b, a).then_with(|| (&a.has, &a.buys).cmp(&(&b.has, &b.buys))));
    rules.truncate(CROSS_SELL_RULES_MAX);
    rules
}

/// Which of two rules of the same clients is the stronger: by confidence, then by the clients that buy both, then by lift.
pub fn strength(a: &CrossSellRule, b: &CrossSellRule) -> std::cmp::Ordering {
    let cross = |a: (u64, u64), b: (u64, u64)| {
        (u128::from(a.0) * u128::from(b.1)).cmp(&(u128::from(b.0) * u128::from(a.1)))
    };
    cross((a.both, a.has_clients), (b.both, b.has_clients))
        .then(a.both.cmp(&b.both))
        .then(b.buys_clients.cmp(&a.buys_clients))
}

/// Share of clients that buy both.
pub fn support(rule: &CrossSellRule, clients: u64) -> Option<Ratio> {
    Ratio::of(rule.both, clients)
}

/// Share of those that buy the one that buy the other too.
pub fn confidence(rule: &CrossSellRule) -> Option<Ratio> {
    Ratio::of(rule.both, rule.has_clients)
}

/// How many times as often as by chance.
pub fn lift(rule: &CrossSellRule, clients: u64) -> Option<Ratio> {
    let by_chance = i128::from(rule.has_clients) * i128::from(rule.buys_clients);
    Ratio::of(i128::from(rule.both) * i128::from(clients), by_chance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::testing::{Dice, date};

    fn names(count: usize) -> Vec<String> {
        // Not in the order of their places.
        (0..count).map(|n| format!("A{:03}", (n * 37) % 101)).collect()
    }

    fn window() -> (BusinessDate, BusinessDate) {
        (date("2026-04-02"), date("2026-06-30"))
    }

    /// Clients of some items, the first of a kind of establishment.
    fn of(lists: &[&[u32]]) -> Vec<Assortment> {
        lists
            .iter()
            .map(|items| Assortment { sector: None, items: items.iter().copied().collect() })
            .collect()
    }

    fn told(record: &CrossSell) -> Vec<(&str, &str, u64, u64, u64)> {
        let rule = |rule: &'_ CrossSellRule| (rule.has_clients, rule.buys_clients, rule.both);
        record
            .rules
            .iter()
            .map(|of| (of.has.as_str(), of.buys.as_str(), rule(of).0, rule(of).1, rule(of).2))
            .collect()
    }

    #[test]
    fn a_rule_has_its_clients_and_its_measures() {
        // Of ten clients four buy bread, five butter, three both.
        let names = ["bread".to_owned(), "butter".to_owned(), "salt".to_owned()];
        let lists: &[&[u32]] =
            &[&[0, 1], &[0, 1, 2], &[0, 1], &[0], &[1], &[1, 2], &[2], &[2], &[2], &[2], &[]];
        let plan = Plan { clients_min: 3, support_percent: 30, lift_percent: 150 };
        let found = rules(Level::Article, &names, &of(lists), window(), plan);
        assert_eq!((found.len(), found[0].clients), (1, 10), "who bought nothing is no client of it");
        assert_eq!(told(&found[0]), [("bread", "butter", 4, 5, 3), ("butter", "bread", 5, 4, 3)]);
        let rule = &found[0].rules[0];
        let measures = [support(rule, 10), confidence(rule), lift(rule, 10)].map(|of| of.unwrap().get());
        assert_eq!(measures, [0.3, 0.75, 1.5]);
        for stricter in [
            Plan { clients_min: 4, ..plan },
            Plan { support_percent: 31, ..plan },
            Plan { lift_percent: 151, ..plan },
        ] {
            assert_eq!(rules(Level::Article, &names, &of(lists), window(), stricter)[0].rules, []);
        }
        assert_eq!(rules(Level::Article, &names, &of(&[&[]]), window(), plan), []);
    }

    #[test]
    fn a_kind_of_establishment_has_rules_of_its_own_from_its_thirtieth_client_on() {
        let some = |sector: &str, clients: usize| -> Vec<Assortment> {
            let of = |n: usize| Assortment {
                sector: Some(sector.to_owned()),
                items: if n.is_multiple_of(2) { [0, 1].into() } else { [2].into() },
            };
            (0..clients).map(of).collect()
        };
        let all = [some("bar", 30), some("hotel", 29)].concat();
        let found = rules(Level::Family, &names(3), &all, window(), Plan::default());
        let told: Vec<_> =
            found.iter().map(|of| (of.sector.as_deref(), of.clients, of.rules.len())).collect();
        assert_eq!(told, [(None, 59, 2), (Some("bar"), 30, 2)]);
    }

    /// The same by looking at every pair of every client, with fractions.
    fn naively(
        names: &[String],
        all: &[Assortment],
        plan: Plan,
    ) -> BTreeSet<(String, String, u64, u64, u64)> {
        let clients: Vec<&Assortment> = all.iter().filter(|of| !of.items.is_empty()).collect();
        let count = |items: &[u32]| {
            clients.iter().filter(|of| items.iter().all(|item| of.items.contains(item))).count() as u64
        };
        let mut found = BTreeSet::new();
        for has in 0..names.len() as u32 {
            for buys in (0..names.len() as u32).filter(|buys| *buys != has) {
                let (one, other, both) = (count(&[has]), count(&[buys]), count(&[has, buys]));
                let share = |count: u64| count as f64 / clients.len() as f64;
                if both >= u64::from(plan.clients_min).max(1)
                    && share(both) >= f64::from(plan.support_percent) / 100.0
                    && share(both) / share(one) / share(other) >= f64::from(plan.lift_percent) / 100.0
                {
                    found.insert((
                        names[has as usize].clone(),
                        names[buys as usize].clone(),
                        one,
                        other,
                        both,
                    ));
                }
            }
        }
        found
    }

    #[test]
    fn a_naive_count_of_every_pair_finds_the_same_rules() {
        let mut seen = 0;
        for seed in 0..30 {
            let dice = Dice::new(seed);
            let names = names(20);
            let all: Vec<Assortment> = (0..(40.0 * dice.uniform()) as usize)
                .map(|_| {
                    let taste = dice.uniform();
                    let buys = |item: &u32| dice.uniform() < taste * if *item < 8 { 0.8 } else { 0.2 };
                    Assortment { sector: None, items: (0..20).filter(buys).collect() }
                })
                .collect();
            // A lift that no small fraction meets exactly, since the other side counts in floats.
            let plan = Plan { clients_min: 3, support_percent: 7, lift_percent: 113 };
            let found = rules(Level::Article, &names, &all, window(), plan);
            let told: Vec<_> = found.iter().flat_map(told).collect();
            let owned = |(has, buys, one, other, both): &(&str, &str, u64, u64, u64)| {
                ((*has).to_owned(), (*buys).to_owned(), *one, *other, *both)
            };
            assert_eq!(
                told.iter().map(owned).collect::<BTreeSet<_>>(),
                naively(&names, &all, plan),
                "{seed}"
            );
            assert!(told.len() <= CROSS_SELL_RULES_MAX);
            assert!(told.is_sorted_by(|a, b| a.4 * b.2 >= b.4 * a.2), "by confidence");
            seen += told.len();
        }
        assert!(seen > 500, "{seen}");
    }

    #[test]
    fn a_record_of_the_longest_names_still_fits() {
        let names: Vec<String> = (0..60).map(|n| format!("{n:02}{}", "\u{1f980}".repeat(198))).collect();
        let everything = Assortment { sector: None, items: (0..60).collect() };
        let plan = Plan { clients_min: 1, support_percent: 0, lift_percent: 0 };
        let found = rules(Level::Family, &names, &[everything], window(), plan);
        assert!(found[0].rules.len() >= 100, "{}", found[0].rules.len());
        let item = crate::model::office::Item::new(
            "",
            "family",
            crate::model::office::Scope::Workspace,
            found[0].clone(),
        );
        assert_eq!(item.unwrap().validate(), []);
    }
}
