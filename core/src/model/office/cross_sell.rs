//! What clients that buy one thing also buy: rules of association, which the relay works out on the whole base.

use super::check_period;
use crate::model::cbor::{cbor_map, codes};
use crate::model::date::BusinessDate;
use crate::model::limits::{CODE_CHARS_MAX, CROSS_SELL_RULES_MAX, NAME_CHARS_MAX};
use crate::model::problem::{Check, Code};

codes! {
    /// Between what the rules are.
    pub enum Level: "level" {
        Article = 1 "article",
        Family = 2 "family",
    }
}

cbor_map! {
    /// Who buys `has` also buys `buys`. Support is `both` of the record's clients, confidence `both` of `has_clients`,
    /// and lift confidence over the share of all clients that buy it.
    pub struct CrossSellRule {
        /// Key of an article, or name of a family.
        0 has: String,
        1 buys: String,
        /// Clients that bought `has`.
        2 has_clients: u64,
        /// Clients that bought `buys`.
        3 buys_clients: u64,
        /// Clients that bought both.
        4 both: u64,
    }
}

cbor_map! {
    /// Rules among clients of one kind of establishment, or among all, over what each bought in a window.
    pub struct CrossSell {
        1 level: Level,
        /// Kind of establishment, as in clients' profiles; missing for all clients.
        2 sector: Option<String>,
        /// First and last day of the window.
        3 from: BusinessDate,
        4 to: BusinessDate,
        /// Clients that bought anything in it.
        5 clients: u64,
        /// The greatest confidence first.
        6 rules: Vec<CrossSellRule>,
    }
}

impl CrossSellRule {
    pub fn new(
        has: impl Into<String>,
        buys: impl Into<String>,
        (has_clients, buys_clients, both): (u64, u64, u64),
    ) -> Self {
        let (has, buys) = (has.into(), buys.into());
        Self { has, buys, has_clients, buys_clients, both, extras: Default::default() }
    }

    fn check(&self, check: &mut Check, level: Level, clients: u64) {
        let chars = if level == Level::Article { CODE_CHARS_MAX } else { NAME_CHARS_MAX };
        check.line("has", &self.has, chars);
        check.line("buys", &self.buys, chars);
        let most = self.has_clients.min(self.buys_clients);
        let counted =
            self.both > 0 && self.both <= most && self.has_clients.max(self.buys_clients) <= clients;
        check.rule(counted, "both", Code::Contradiction);
    }
}

impl CrossSell {
    pub fn new(
        level: Level,
        sector: Option<String>,
        from: BusinessDate,
        to: BusinessDate,
        clients: u64,
    ) -> Self {
        Self { level, sector, from, to, clients, rules: Vec::new(), extras: Default::default() }
    }

    pub(super) fn check(&self, check: &mut Check) {
        check.rule(self.level.is_known(), "level", Code::UnknownValue);
        check.line_opt("sector", self.sector.as_ref(), CODE_CHARS_MAX);
        check_period(check, Some(self.from), Some(self.to));
        check.each("rules", &self.rules, CROSS_SELL_RULES_MAX, |check, rule| {
            rule.check(check, self.level, self.clients);
        });
    }
}
