//! Article by article: how often, how much, at what price, and whether it is due or was given up.

use std::collections::{BTreeMap, BTreeSet};

use super::{PURCHASES_MIN, STOPPED_EVENTS, STOPPED_SLOTS};
use crate::metrics::rhythm::{Rhythm, rhythm};
use crate::metrics::status::Shut;
use crate::metrics::{Figure, Withheld};
use crate::model::{BusinessDate, Currency, Decimal};
use crate::rows::bought::{Bought, BoughtLine};

/// An article that is not due within so many days of its last purchase has no such day: two years.
const DUE_WITHIN_DAYS: i32 = 731;

/// How it stands with an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Bought too seldom to tell.
    TooFew,
    Usual,
    Due,
    /// The client buys on, without it.
    Stopped,
}

impl Standing {
    /// A stable code; its words are `standing-<code>` in the strings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooFew => "too_few",
            Self::Usual => "usual",
            Self::Due => "due",
            Self::Stopped => "stopped",
        }
    }
}

/// A price, as it stood in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paid {
    /// Per unit, in whole units of the currency, before discounts and tax.
    pub price: Decimal,
    /// Per cent, one after the other.
    pub discounts: Vec<Decimal>,
    pub currency: Currency,
    pub on: BusinessDate,
}

/// What a client bought of one article.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    pub code: String,
    /// Its name in the last document that said one.
    pub description: Option<String>,
    pub family: Option<String>,
    /// Days on which it was bought: what all of this rests on.
    pub purchases: u64,
    pub first: BusinessDate,
    pub last: BusinessDate,
    /// The unit of the last time.
    pub unit: Option<String>,
    /// Usual quantity in that unit, and on how many days it was bought by it.
    pub quantity: Option<Decimal>,
    pub quantity_purchases: u64,
    /// The quantity of the last time, in the same unit.
    pub last_quantity: Option<Decimal>,
    /// The last price there was.
    pub last_price: Option<Paid>,
    /// What was paid for it less what came back, by currency, in minor units.
    pub net: BTreeMap<Currency, i64>,
    /// Gaps between its purchases; records are those.
    pub rhythm: Figure<Rhythm>,
    /// The day from which it is due, where it has a rhythm.
    pub due_on: Option<BusinessDate>,
    /// An order of it waits to be invoiced: the day of the latest.
    pub ordered_on: Option<BusinessDate>,
    pub standing: Standing,
}

impl Article {
    /// Longer ago than nine in ten of its gaps.
    pub fn is_overdue(&self) -> bool {
        self.standing == Standing::Due
            && self.rhythm.value.is_ok_and(|rhythm| rhythm.since_days > rhythm.p90_days)
    }
}

/// Lines of one article on one day.
pub(super) struct Day<'a> {
    pub date: BusinessDate,
    lines: Vec<&'a BoughtLine>,
}

impl Day<'_> {
    /// What was bought less what came back, in a unit; `None` where no line of it says a quantity.
    fn quantity(&self, unit: Option<&str>) -> Option<Decimal> {
        let of_unit = self.lines.iter().filter(|line| line.unit.as_deref() == unit);
        let mut known = of_unit.filter_map(|line| line.quantity).map(Decimal::inner);
        let first = known.next()?;
        let sum = known.try_fold(first, |sum, more| sum.checked_add(more))?;
        Decimal::try_from(sum).ok()
    }

    /// Something was sold, and not as much of it came back.
    fn is_purchase(&self) -> bool {
        if !self.lines.iter().any(|line| line.sold) {
            return false;
        }
        let units: BTreeSet<Option<&str>> = self
            .lines
            .iter()
            .filter(|line| line.quantity.is_some())
            .map(|line| line.unit.as_deref())
            .collect();
        if units.is_empty() {
            return self.lines.iter().map(|line| i128::from(line.net)).sum::<i128>() >= 0;
        }
        let is_left = |quantity: Decimal| !quantity.is_zero() && !quantity.is_negative();
        units.into_iter().any(|unit| self.quantity(unit).is_some_and(is_left))
    }
}

/// Days on which each article was bought, ascending; by code. Lines come by date.
pub(super) fn purchase_days(lines: &[BoughtLine]) -> BTreeMap<&str, Vec<Day<'_>>> {
    let mut found: BTreeMap<&str, Vec<Day<'_>>> = BTreeMap::new();
    for line in lines {
        let days = found.entry(&line.article).or_default();
        match days.last_mut().filter(|day| day.date == line.date) {
            Some(day) => day.lines.push(line),
            None => days.push(Day { date: line.date, lines: vec![line] }),
        }
    }
    found.retain(|_, days| {
        days.retain(Day::is_purchase);
        !days.is_empty()
    });
    found
}

/// Every article that was bought, by code.
pub(super) fn articles(bought: &Bought, shut: Shut<'_>, as_of: BusinessDate) -> Vec<Article> {
    let days = purchase_days(&bought.lines);
    let mut net: BTreeMap<&str, BTreeMap<Currency, i64>> = BTreeMap::new();
    for line in &bought.lines {
        let sum = net.entry(&line.article).or_default().entry(line.currency).or_default();
        *sum = sum.saturating_add(line.net);
    }
    days.into_iter()
        .filter_map(|(code, days)| {
            let (first, last) = (days.first()?, days.last()?);
            let sold = || days.iter().flat_map(|day| &day.lines).filter(|line| line.sold);
            // The unit is that of the last line that was sold.
            let unit = last.lines.iter().rfind(|line| line.sold)?.unit.clone();
            let quantity = |day: &Day<'_>| {
                day.quantity(unit.as_deref()).filter(|sum| !sum.is_zero() && !sum.is_negative())
            };
            let mut quantities: Vec<Decimal> = days.iter().filter_map(quantity).collect();
            quantities.sort_unstable();
            let last_price = sold().rev().find_map(|line| Some((line, line.price?))).map(|(line, price)| {
                Paid { price, discounts: line.discounts.clone(), currency: line.currency, on: line.date }
            });
            let (rhythm, standing) = stand(bought, &days, shut, as_of);
            let ordered_on = bought.ordered.get(code).copied().filter(|on| *on >= last.date);
            let is_waiting = standing == Standing::Due && ordered_on.is_some();
            // A client that is shut all the year is never due.
            let until = last.date.plus_days(DUE_WITHIN_DAYS).unwrap_or(BusinessDate::MAX);
            let due_on = rhythm.value.ok().and_then(|own| shut.after(last.date, slot(own), until));
            Some(Article {
                code: code.to_owned(),
                description: sold().rev().find_map(|line| line.description.clone()),
                family: sold().rev().find_map(|line| line.family.clone()),
                purchases: days.len() as u64,
                first: first.date,
                last: last.date,
                quantity: quantities.get(quantities.len().saturating_sub(1) / 2).copied(),
                quantity_purchases: quantities.len() as u64,
                last_quantity: quantity(last),
                unit,
                last_price,
                net: net.remove(code).unwrap_or_default(),
                rhythm,
                due_on,
                ordered_on,
                standing: if is_waiting { Standing::Usual } else { standing },
            })
        })
        .collect()
}

/// Whole days after which an article is due again: its median gap, half a day over counted as one; one at least.
fn slot(rhythm: Rhythm) -> u32 {
    rhythm.median_gap.0.div_ceil(2).max(1)
}

fn stand(
    bought: &Bought,
    days: &[Day<'_>],
    shut: Shut<'_>,
    as_of: BusinessDate,
) -> (Figure<Rhythm>, Standing) {
    if days.len() < PURCHASES_MIN {
        return (Figure::withheld(Withheld::TooFew, days.len() as u64), Standing::TooFew);
    }
    let dates: Vec<BusinessDate> = days.iter().map(|day| day.date).collect();
    let found = rhythm(&dates, shut, as_of);
    let (Ok(own), Some(last)) = (found.value, dates.last()) else { return (found, Standing::TooFew) };
    let without = bought.events.iter().filter(|event| *event > last);
    let bought_on = bought.events.last().map_or(0, |event| shut.open_days(*last, *event));
    let stopped = without.count() >= STOPPED_EVENTS
        && bought_on >= slot(own).saturating_mul(STOPPED_SLOTS)
        && bought_on > own.p90_days;
    let standing = if stopped {
        Standing::Stopped
    } else if own.since_days >= slot(own) {
        Standing::Due
    } else {
        Standing::Usual
    };
    (found, standing)
}
