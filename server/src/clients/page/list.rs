//! The list of clients: searched, narrowed, sorted, a page at a time.
//!
//! It is made of the portfolio that is kept in memory, so that every figure can narrow and sort it. A page goes on behind
//! the client that the one before ended with: rows that come or go meanwhile are neither skipped nor shown twice.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use askama::Template;
use cartera_core::metrics::client::{ClientFigures, CurrencyFigures};
use cartera_core::metrics::status::Status;
use cartera_core::model::access::Action;
use cartera_core::model::{BusinessDate, ClientId, Currency, TerritoryId};
use cartera_core::query::MAX_PAGE;
use cartera_core::query::clients::ClientRow;
use serde::Deserialize;

use super::profile::named;
use super::tone;
use crate::app::App;
use crate::console::shell::{Place, Shell};
use crate::console::visitor::Visitor;
use crate::console::words::Words;
use crate::figures::kept::{Portfolio, kept};
use crate::figures::today;
use crate::people::access::By;
use crate::refused::Refused;

/// Clients of a page.
const PAGE: usize = 50;
/// Characters of a search that are looked at.
const SEARCH_CHARS_MAX: usize = 200;

/// What follows the question mark; whatever is no choice counts as none.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    status: String,
    territory: String,
    segment: String,
    only: String,
    sort: String,
    after: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Name,
    /// The greatest first.
    Net,
    AtStake,
    /// The latest first.
    Bought,
    Visited,
}

impl Sort {
    const ALL: [Self; 5] = [Self::Name, Self::Net, Self::AtStake, Self::Bought, Self::Visited];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Net => "net",
            Self::AtStake => "at_stake",
            Self::Bought => "bought",
            Self::Visited => "visited",
        }
    }
}

/// What else clients may have in common.
const ONLY: [&str; 4] = ["late", "falling", "overdue", "conflicts"];

struct Found<'p> {
    row: &'p ClientRow,
    figures: &'p ClientFigures,
}

/// Places in the portfolio's rows, in the order that was asked for.
pub(super) struct Listed {
    portfolio: Arc<Portfolio>,
    currency: Currency,
    found: Vec<usize>,
    /// The page's first, among the found.
    from: usize,
    territories: Vec<(TerritoryId, String)>,
    as_of: BusinessDate,
}

pub(super) fn listed(app: &App, by: By, asked: &Asked) -> Result<Listed, Refused> {
    let as_of = today(app);
    by.require(Action::ViewClient)?;
    let portfolio = kept(app, by, as_of)?;
    let typed: String = asked.q.chars().take(SEARCH_CHARS_MAX).collect();
    let matching: Option<HashSet<ClientId>> = if typed.trim().is_empty() {
        None
    } else {
        Some(app.storage.search_clients(&typed, MAX_PAGE)?.into_iter().collect())
    };
    let report = &portfolio.figures.report;
    let currency = report.currencies.first().map_or(Currency::EUR, |of| of.currency);
    let status = Status::ALL.into_iter().find(|status| status.as_str() == asked.status);
    let territory: Option<TerritoryId> = asked.territory.parse().ok();
    let nowhere = asked.territory == "none";
    let overview = &portfolio.overview.overview;
    let named: Option<BTreeSet<ClientId>> = match asked.only.as_str() {
        "falling" => {
            let falling = overview.currencies.iter().flat_map(|of| &of.falling.clients);
            Some(falling.map(|(client, _)| *client).collect())
        }
        "overdue" => Some(overview.coverage.overdue().map(|due| due.client).collect()),
        _ => None,
    };
    let fits = |row: &ClientRow, figures: &ClientFigures| {
        matching.as_ref().is_none_or(|matching| matching.contains(&row.id))
            && status.is_none_or(|status| figures.status == status)
            && territory.is_none_or(|territory| row.territory == Some(territory))
            && (!nowhere || row.territory.is_none())
            && named.as_ref().is_none_or(|named| named.contains(&row.id))
            && match asked.only.as_str() {
                "late" => figures.at_stake(currency).is_some(),
                "conflicts" => row.conflicts > 0,
                _ => true,
            }
            && (asked.segment.is_empty() || segment(figures, currency) == Some(asked.segment.as_str()))
    };
    let of = |at: usize| Found { row: &portfolio.rows[at], figures: portfolio.at(at) };
    let mut found: Vec<usize> =
        (0..portfolio.rows.len()).filter(|at| fits(&portfolio.rows[*at], portfolio.at(*at))).collect();
    // Rows stand by name, and sorting keeps that order among equals.
    let by_key = |found: &mut Vec<usize>, key: &dyn Fn(&Found<'_>) -> i128| {
        found.sort_by_cached_key(|at| -key(&of(*at)));
    };
    match sort(asked) {
        Sort::Name => {}
        Sort::Net => by_key(&mut found, &|found| {
            money(found.figures, currency).map_or(i128::MIN + 1, |of| of.worth.net)
        }),
        Sort::AtStake => by_key(&mut found, &|found| {
            found.figures.at_stake(currency).map_or(i128::MIN + 1, |stake| stake as i128)
        }),
        Sort::Bought => by_key(&mut found, &|found| day(found.figures.last.map(BusinessDate::days))),
        Sort::Visited => by_key(&mut found, &|found| day(found.row.last_visit)),
    }
    let after: Option<ClientId> = asked.after.parse().ok();
    let place = after.and_then(|after| found.iter().position(|at| portfolio.rows[*at].id == after));
    let from = place.map_or(0, |place| place + 1);
    let territories = app.storage.territories()?.into_iter().map(|of| (of.id, of.name)).collect();
    Ok(Listed { currency, found, from, territories, as_of, portfolio })
}

fn day(days: Option<i32>) -> i128 {
    days.map_or(i128::MIN + 1, i128::from)
}

fn sort(asked: &Asked) -> Sort {
    Sort::ALL.into_iter().find(|sort| sort.as_str() == asked.sort).unwrap_or(Sort::Name)
}

fn money(figures: &ClientFigures, currency: Currency) -> Option<&CurrencyFigures> {
    figures.of_currency(currency)
}

fn segment(figures: &ClientFigures, currency: Currency) -> Option<&'static str> {
    money(figures, currency)?.rfm.value.ok()?.segment()
}

struct Row {
    href: String,
    name: String,
    place: String,
    status: String,
    tone: &'static str,
    conflicts: Option<String>,
    bought: String,
    rhythm: String,
    /// Bought, and later than usual.
    is_late: bool,
    visited: String,
    net: String,
    at_stake: String,
}

/// A choice of the form: value, words, chosen.
type Choice = (String, String, bool);

#[derive(Template)]
#[template(path = "clients/list.html")]
pub(super) struct ListPage {
    shell: Shell,
    count: String,
    q: String,
    statuses: Vec<Choice>,
    territories: Vec<Choice>,
    segments: Vec<Choice>,
    only: Vec<Choice>,
    sorts: Vec<Choice>,
    is_narrowed: bool,
    rows: Vec<Row>,
    range: String,
    first: Option<String>,
    next: Option<String>,
}

pub(super) fn page_of(visitor: &Visitor, asked: &Asked, listed: &Listed) -> ListPage {
    let words = visitor.words();
    let Listed { portfolio, found, from, .. } = listed;
    let names: BTreeMap<TerritoryId, &str> =
        listed.territories.iter().map(|(id, name)| (*id, name.as_str())).collect();
    let shown = &found[(*from).min(found.len())..(*from + PAGE).min(found.len())];
    let rows = shown.iter().map(|at| {
        let found = Found { row: &portfolio.rows[*at], figures: portfolio.at(*at) };
        row_of(words, listed, &names, &found)
    });
    let choice = |value: &str, words: String, chosen: &str| (value.to_owned(), words, value == chosen);
    let last = shown.last().filter(|_| *from + PAGE < found.len());
    let territories =
        listed.territories.iter().map(|(id, name)| choice(&id.to_string(), name.clone(), &asked.territory));
    let segments = cartera_core::metrics::rfm::segments();
    let chosen = sort(asked);
    let range = [("from", from + 1), ("to", from + shown.len()), ("count", found.len())];
    let range: Vec<_> =
        range.iter().map(|(name, value)| (*name, words.whole(*value as u64).into())).collect();
    ListPage {
        shell: visitor.shell(words.say("word-clients"), Some(Place::Clients)),
        count: words.count("console-clients", found.len() as u64),
        q: asked.q.clone(),
        statuses: Status::ALL
            .map(|of| choice(of.as_str(), words.say(&format!("status-{}", of.as_str())), &asked.status))
            .to_vec(),
        territories: territories.collect(),
        segments: segments
            .map(|of| choice(of.code, words.say(&format!("rfm-{}", of.code)), &asked.segment))
            .collect(),
        only: ONLY.map(|only| choice(only, words.say(&format!("console-only-{only}")), &asked.only)).to_vec(),
        sorts: Sort::ALL
            .map(|of| {
                choice(of.as_str(), words.say(&format!("console-sort-{}", of.as_str())), chosen.as_str())
            })
            .to_vec(),
        is_narrowed: [&asked.q, &asked.status, &asked.territory, &asked.segment, &asked.only]
            .iter()
            .any(|text| !text.is_empty()),
        rows: rows.collect(),
        range: words.args("console-range", &range),
        first: (*from > 0).then(|| link(asked, None)),
        next: last.map(|at| link(asked, Some(portfolio.rows[*at].id))),
    }
}

fn row_of(words: Words, listed: &Listed, names: &BTreeMap<TerritoryId, &str>, found: &Found<'_>) -> Row {
    let Found { row, figures } = found;
    let none = || "–".to_owned();
    let territory = row.territory.and_then(|id| names.get(&id).copied()).map(str::to_owned);
    let rhythm = figures.rhythm.value.ok();
    Row {
        href: format!("/clients/{}", row.id),
        name: named(words, &row.name),
        place: [row.city.clone(), territory].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        status: words.say(&format!("status-{}", figures.status.as_str())),
        tone: tone(figures.status),
        conflicts: (row.conflicts > 0).then(|| words.count("console-conflicts", row.conflicts.into())),
        bought: figures.last.map_or_else(none, |last| words.ago(last, listed.as_of)),
        rhythm: rhythm.map_or_else(none, |rhythm| words.every(rhythm.median_gap.days())),
        is_late: figures.at_stake(listed.currency).is_some(),
        visited: row
            .last_visit
            .and_then(BusinessDate::from_days)
            .map_or_else(none, |last| words.ago(last, listed.as_of)),
        net: money(figures, listed.currency)
            .map_or_else(none, |of| words.round_money(of.worth.net as f64, listed.currency)),
        at_stake: figures
            .at_stake(listed.currency)
            .map_or_else(none, |stake| words.round_money(stake, listed.currency)),
    }
}

/// The same list, from elsewhere on.
fn link(asked: &Asked, after: Option<ClientId>) -> String {
    let after = after.map_or_else(String::new, |after| after.to_string());
    let all = [
        ("q", &asked.q),
        ("status", &asked.status),
        ("territory", &asked.territory),
        ("segment", &asked.segment),
        ("only", &asked.only),
        ("sort", &asked.sort),
        ("after", &after),
    ];
    let said: Vec<_> = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    let query = serde_urlencoded::to_string(said).unwrap_or_default();
    if query.is_empty() { "/clients".into() } else { format!("/clients?{query}") }
}
