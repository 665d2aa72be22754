//! Rules of association on the whole base, which the relay works out and phones receive; and what they say of one client.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::{Connection, OptionalExtension};

use super::assortment::purchase_days;
use crate::metrics::cross_sell::{self, Assortment, Plan, WINDOW_DAYS, strength};
use crate::model::limits::OFFICE_KEY_BYTES_MAX;
use crate::model::office::{CrossSell, CrossSellRule, KnownKind, Level, Value};
use crate::model::{BusinessDate, ClientId};
use crate::rows::bought::Bought;
use crate::rows::{self, bought, office, sales};

/// Something that clients like this one buy, and it does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Whether of an article or a family.
    pub level: Level,
    /// What the client buys and what it might: an article's key, or a family's name.
    pub rule: CrossSellRule,
    /// Clients among which the rule holds.
    pub clients: u64,
    /// Their kind of establishment; `None`: all.
    pub sector: Option<String>,
    /// The last day of the window in which the rule was found.
    pub as_of: BusinessDate,
}

/// Key of the record of a level, for clients of a kind of establishment or for all; `None` where its name is too long for
/// one: clients of that kind have the rules of all.
pub fn key(level: Level, sector: Option<&str>) -> Option<String> {
    let key = match sector {
        None => level.as_str().to_owned(),
        Some(sector) => format!("{}/{sector}", level.as_str()),
    };
    (key.len() <= OFFICE_KEY_BYTES_MAX).then_some(key)
}

/// First day of an assortment as of a day.
fn window(as_of: BusinessDate) -> BusinessDate {
    as_of.plus_days(1 - WINDOW_DAYS).unwrap_or(BusinessDate::MIN)
}

/// The rules of the whole base as of a day, by the keys of their records.
pub fn rules(
    conn: &Connection,
    plan: Plan,
    as_of: BusinessDate,
) -> rows::Result<BTreeMap<String, CrossSell>> {
    let source = sales::source(conn)?;
    let from = window(as_of);
    let (mut articles, mut families) = (Names::default(), Names::default());
    let (mut of_articles, mut of_families) = (Vec::new(), Vec::new());
    for client in sales::clients(conn)? {
        let bought = bought::of_client(conn, source, client, (from, as_of))?;
        if bought.lines.is_empty() {
            continue;
        }
        let (codes, names) = assortment(&bought, from);
        let sector = sector(conn, &client)?;
        let with = |items| Assortment { sector: sector.clone(), items };
        of_articles.push(with(codes.into_iter().map(|code| articles.place(code)).collect()));
        of_families.push(with(names.into_iter().map(|name| families.place(name)).collect()));
    }
    let levels = [(Level::Article, articles, of_articles), (Level::Family, families, of_families)];
    let mut made = BTreeMap::new();
    for (level, names, assortments) in levels {
        for record in cross_sell::rules(level, &names.names, &assortments, (from, as_of), plan) {
            if let Some(key) = key(level, record.sector.as_deref()) {
                made.insert(key, record);
            }
        }
    }
    Ok(made)
}

/// Names by the places at which they were first seen.
#[derive(Default)]
struct Names {
    names: Vec<String>,
    places: HashMap<String, u32>,
}

impl Names {
    fn place(&mut self, name: &str) -> u32 {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let place = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(name.to_owned());
        self.places.insert(name.to_owned(), place);
        place
    }
}

/// Articles that were bought from a day on, and their families.
fn assortment(bought: &Bought, from: BusinessDate) -> (BTreeSet<&str>, BTreeSet<&str>) {
    let begin = bought.lines.partition_point(|line| line.date < from);
    let lines = &bought.lines[begin..];
    let articles: BTreeSet<&str> = purchase_days(lines).into_keys().collect();
    let of_those = lines.iter().filter(|line| articles.contains(line.article.as_str()));
    let families = of_those.filter_map(|line| line.family.as_deref()).collect();
    (articles, families)
}

fn sector(conn: &Connection, client: &ClientId) -> rows::Result<Option<String>> {
    let mut statement = conn.prepare_cached("SELECT sector FROM clients WHERE id = ?1")?;
    Ok(statement.query_row([client], |row| row.get(0)).optional()?.flatten())
}

/// What the rules suggest to one client, articles before families: of each thing that it does not buy the strongest rule,
/// the strongest first. Nothing that it bought at any time that was looked at.
pub(super) fn suggestions(
    conn: &Connection,
    client: &ClientId,
    bought: &Bought,
    as_of: BusinessDate,
) -> rows::Result<Vec<Suggestion>> {
    let sector = sector(conn, client)?;
    let (articles, families) = assortment(bought, window(as_of));
    let ever: BTreeSet<&str> = bought.lines.iter().map(|line| line.article.as_str()).collect();
    let families_ever: BTreeSet<&str> =
        bought.lines.iter().filter_map(|line| line.family.as_deref()).collect();
    let mut found = Vec::new();
    for (level, has, ever) in [(Level::Article, &articles, &ever), (Level::Family, &families, &families_ever)]
    {
        let Some(record) = record(conn, level, sector.as_deref())? else { continue };
        let CrossSell { sector, to, clients, rules, .. } = record;
        let mut seen = BTreeSet::new();
        let mut rules: Vec<CrossSellRule> = rules
            .into_iter()
            .filter(|rule| has.contains(rule.has.as_str()) && !ever.contains(rule.buys.as_str()))
            .collect();
        rules.sort_by(|a, b| strength(b, a).then_with(|| (&a.has, &a.buys).cmp(&(&b.has, &b.buys))));
        rules.retain(|rule| seen.insert(rule.buys.clone()));
        let suggestion = |rule| Suggestion { level, rule, clients, sector: sector.clone(), as_of: to };
        found.extend(rules.into_iter().map(suggestion));
    }
    Ok(found)
}

/// The rules for clients of a kind of establishment; those of all, where it has none of its own.
fn record(conn: &Connection, level: Level, sector: Option<&str>) -> rows::Result<Option<CrossSell>> {
    let of_sector = sector.and_then(|sector| key(level, Some(sector)));
    for key in of_sector.into_iter().chain(key(level, None)) {
        let entry = office::get(conn, KnownKind::CrossSell.name(), "", &key)?;
        let value = entry.and_then(|(entry, _)| entry.value);
        if let Some(Ok(Value::CrossSell(record))) =
            value.map(|value| Value::decode(&KnownKind::CrossSell.into(), &value))
        {
            return Ok(Some(record));
        }
    }
    Ok(None)
}
