//! What a client is worth and how it buys: figures with their story, and its months.

use cartera_core::metrics::client::{ClientFigures, CurrencyFigures};
use cartera_core::metrics::life_cycle::life_cycle;
use cartera_core::metrics::{Figure, Withheld};
use cartera_core::model::office::SalesDay;
use cartera_core::model::{BusinessDate, Currency};

use crate::console::chart::{Columns, Told};
use crate::console::parts::{Cell, Table, Tile};
use crate::console::words::Words;
use crate::figures::OneClient;
use crate::storage::profiles::ClientProfile;

/// Months that are drawn.
const MONTHS: i32 = 12;

pub(super) struct Worth {
    pub(super) tiles: Vec<Tile>,
    /// Where it stands in its life, and what would move it on.
    pub(super) stage: String,
    pub(super) moves: Vec<String>,
    pub(super) chart: Option<Columns>,
    pub(super) numbers: Option<Table>,
}

pub(super) fn of(words: Words, profile: &ClientProfile, figures: &OneClient) -> Worth {
    let of = &figures.figures;
    let life = life_cycle(of, figures.as_of);
    let money = of.by_currency.iter().max_by_key(|of| of.worth.events);
    let currency = money.map_or(Currency::EUR, |of| of.currency);
    let months = months(&profile.sales, currency, figures.as_of);
    let scale = (0..currency.exponent().unwrap_or(0)).fold(1.0, |scale, _| scale * 10.0);
    let told: Vec<Told> = months
        .iter()
        .map(|month| {
            let name = words.say(&format!("month-{}", month.first.civil().month()));
            (name, Some(month.now as f64 / scale), Some(month.before as f64 / scale))
        })
        .collect();
    let chart = Columns::new(words.say("figures-months"), &told, |value| words.number(value, 0));
    let numbers = chart.is_some().then(|| table(words, &months, currency));
    Worth {
        tiles: Teller { words, of, as_of: figures.as_of }.tiles(money),
        stage: words.say(&life.text_id()),
        moves: life.moves(words.0),
        chart,
        numbers,
    }
}

struct Month {
    first: BusinessDate,
    now: i64,
    /// A year before.
    before: i64,
}

/// The last months up to a day, each beside the same month of the year before.
fn months(sales: &[SalesDay], currency: Currency, as_of: BusinessDate) -> Vec<Month> {
    let number = |day: BusinessDate| {
        let civil = day.civil();
        i32::from(civil.year()) * 12 + i32::from(civil.month()) - 1
    };
    let until = number(as_of);
    let sum = |month: i32| -> i64 {
        let days = sales.iter().filter(|day| day.currency == currency && day.date <= as_of);
        days.filter(|day| number(day.date) == month).map(|day| day.net).sum()
    };
    let first =
        |month: i32| format!("{:04}-{:02}-01", month.div_euclid(12), month.rem_euclid(12) + 1).parse();
    let all = (until - MONTHS + 1..=until).filter_map(|month| {
        Some(Month { first: first(month).ok()?, now: sum(month), before: sum(month - 12) })
    });
    all.collect()
}

fn table(words: Words, months: &[Month], currency: Currency) -> Table {
    let money = |minor: i64| Cell::amount(words.money(minor as f64, currency));
    let rows = months
        .iter()
        .map(|month| vec![Cell::text(words.month(month.first)), money(month.now), money(month.before)]);
    Table {
        caption: words.say("figures-months"),
        head: vec![
            (words.say("console-month"), ""),
            (words.say("console-now"), "amount"),
            (words.say("console-year-before"), "amount"),
        ],
        rows: rows.collect(),
    }
}

struct Teller<'a> {
    words: Words,
    of: &'a ClientFigures,
    as_of: BusinessDate,
}

impl Teller<'_> {
    fn tiles(&self, money: Option<&CurrencyFigures>) -> Vec<Tile> {
        let mut tiles = vec![self.last(), self.rhythm()];
        if let Some(money) = money {
            tiles.extend(self.money(money));
        }
        tiles
    }

    /// `id` names the figure, `console-about-<about>` says what it means.
    fn tile<T>(&self, id: &str, about: &str, figure: Figure<T>, show: impl FnOnce(T) -> String) -> Tile {
        Tile {
            label: self.words.say(id),
            value: figure
                .value
                .map(show)
                .map_err(|why| self.words.say(&format!("withheld-{}", why.as_str()))),
            note: self.words.count("console-records", figure.records),
            about: self.words.say(&format!("console-about-{about}")),
            href: None,
        }
    }

    fn last(&self) -> Tile {
        let records = self.of.rhythm.records;
        let last =
            self.of.last.map_or(Figure::withheld(Withheld::NoData, 0), |day| Figure::new(day, records));
        let tile = self.tile("figures-last", "last", last, |day| self.words.ago(day, self.as_of));
        let day = self.of.last.map_or_else(String::new, |day| self.words.day(day));
        Tile { note: day, ..tile }
    }

    /// 'Every 21 days; 54 since the last.'
    fn rhythm(&self) -> Tile {
        let rhythm = self.of.rhythm;
        let tile = self.tile("figures-rhythm", "rhythm", rhythm, |of| self.words.every(of.median_gap.days()));
        let Ok(of) = rhythm.value else { return tile };
        let since = self.words.count("console-since", of.since_days.into());
        Tile { note: since, ..tile }
    }

    fn money(&self, of: &CurrencyFigures) -> Vec<Tile> {
        let (words, currency) = (self.words, of.currency);
        let round = |minor: f64| words.round_money(minor, currency);
        let mut tiles = Vec::new();
        if let Some(stake) = self.of.at_stake(currency) {
            let records = self.of.rhythm.records;
            tiles.push(self.tile("figures-stake", "stake", Figure::new(stake, records), round));
        }
        let net = Figure::new(of.worth.net, of.worth.events);
        tiles.push(self.tile("figures-net", "net", net, |net| round(net as f64)));
        let average = of.worth.average_transaction();
        tiles.push(self.tile("figures-average", "average", average, |minor| words.money(minor, currency)));
        tiles.push(self.tile("figures-abc", "abc", of.class, |class| class.as_str().to_owned()));
        tiles.push(self.tile("console-segment", "segment", of.rfm, |scores| {
            let segment = scores.segment().map(|code| words.say(&format!("rfm-{code}")));
            segment.unwrap_or_else(|| format!("{}{}{}", scores.recency, scores.frequency, scores.monetary))
        }));
        let percent = |value: f64| format!("{} %", words.number(100.0 * value, 0));
        tiles.push(self.tile("figures-alive", "alive", of.alive, percent));
        tiles.push(self.tile("figures-clv-to-come", "clv_to_come", of.clv, round));
        tiles.push(
            self.tile("figures-falling", "falling_volume", of.falling, |change| words.percent(change.ratio)),
        );
        tiles
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_stand_beside_those_of_the_year_before() {
        let day = |date: &str, net| SalesDay {
            date: date.parse().unwrap(),
            currency: Currency::EUR,
            net,
            event: true,
            documents: 1,
            rebates: None,
            extras: Default::default(),
        };
        let sales = [
            day("2025-02-28", 1),
            day("2025-03-01", 2),
            day("2026-02-01", 4),
            day("2026-02-10", 8),
            day("2026-02-11", 16),
        ];
        let found = months(&sales, Currency::EUR, "2026-02-10".parse().unwrap());
        assert_eq!(found.len(), 12);
        let of = |at: usize| (found[at].first.to_string(), found[at].now, found[at].before);
        assert_eq!(of(0), ("2025-03-01".into(), 2, 0));
        assert_eq!(of(11), ("2026-02-01".into(), 12, 1), "not what is behind the day");
        assert!(months(&sales, Currency::USD, "2026-02-10".parse().unwrap()).iter().all(|of| of.now == 0));
    }
}
