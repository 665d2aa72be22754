//! The week's visits: a row a rep or a territory, a column a day, and each visit of the day that is looked at.

use std::collections::BTreeMap;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use cartera_core::model::{BusinessDate, TerritoryId};
use cartera_core::rows::plan::Off;
use serde::Deserialize;

use super::{VISITS, choices, name_of, tabs, working};
use crate::app::App;
use crate::clients::page::named;
use crate::console::field::Select;
use crate::console::parts::{Item, List, Tab};
use crate::console::shell::{Place, Shell, page};
use crate::console::visitor::Visitor;
use crate::console::words::Words;
use crate::figures::today;
use crate::http::path::Params;
use crate::http::problem::Problem;
use crate::people::Person;
use crate::refused::Refused;
use crate::work::visits::{self, Asked, Count, DAYS, Of, Split, Visit, Week, What};

/// Visits of a day that are shown.
const VISITS_MAX: usize = 200;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/work", get(show))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    day: String,
    by: String,
    person: String,
    territory: String,
}

/// The head of a column: its day, in words and as a link.
struct Day {
    weekday: String,
    date: String,
    href: String,
    is_here: bool,
    is_today: bool,
}

/// A cell: how many were made of how many; nothing at all is a dash.
struct Cell {
    made: String,
    planned: String,
    /// A day that has passed, and not all was made.
    is_short: bool,
    is_empty: bool,
}

struct Row {
    name: String,
    cells: Vec<Cell>,
}

#[derive(Template)]
#[template(path = "work/page/visits.html")]
struct VisitsPage {
    shell: Shell,
    tabs: Vec<Tab>,
    day: String,
    by: Select,
    person: Select,
    territory: Select,
    is_narrowed: bool,
    range: String,
    before: String,
    after: String,
    this_week: Option<String>,
    days: Vec<Day>,
    rows: Vec<Row>,
    total: Row,
    list: List,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Params(query): Params<Query>,
) -> Result<Response, Problem> {
    let (by, now) = (visitor.by, today(&app));
    let asked = Asked {
        on: query.day.parse().unwrap_or(now),
        split: if query.by == "territory" { Split::Territory } else { Split::Person },
        person: query.person.parse().ok(),
        territory: query.territory.parse().ok(),
    };
    let (week, people, territories) = app
        .run(move |app| {
            let week = visits::week(app, by, asked)?;
            let territories = app.storage.territories()?.into_iter().map(|of| (of.id, of.name));
            Ok::<_, Refused>((week, working(app)?, territories.collect::<BTreeMap<_, _>>()))
        })
        .await?;
    let look = Look { words: visitor.words(), asked, now, people: &people, territories: &territories };
    Ok(page(StatusCode::OK, &look.page(&visitor, &week)))
}

struct Look<'a> {
    words: Words,
    asked: Asked,
    now: BusinessDate,
    people: &'a [Person],
    territories: &'a BTreeMap<TerritoryId, String>,
}

impl Look<'_> {
    fn page(&self, visitor: &Visitor, week: &Week) -> VisitsPage {
        let Self { words, asked, .. } = *self;
        let monday = week.monday;
        let away = |days: i32| self.link(monday.plus_days(days).unwrap_or(monday));
        let sunday = monday.plus_days(DAYS as i32 - 1).unwrap_or(monday);
        let splits = [("person", "word-rep"), ("territory", "word-territory")];
        let splits = splits.map(|(value, id)| (value.to_owned(), words.say(id))).to_vec();
        let split = if asked.split == Split::Territory { "territory" } else { "person" };
        let person = asked.person.map(|id| id.to_string()).unwrap_or_default();
        let territory = asked.territory.map(|id| id.to_string()).unwrap_or_default();
        let everybody = words.say("console-all");
        let territories = self.territories.iter().filter(|(id, _)| **id != crate::territories::UNASSIGNED);
        let territories = territories.map(|(id, name)| (id.to_string(), name.clone())).collect();
        let this_week = visits::monday(self.now);
        VisitsPage {
            shell: visitor.shell(words.say("console-work"), Some(Place::Work)),
            tabs: tabs(words, VISITS),
            day: asked.on.to_string(),
            by: Select::new("by", words.say("console-work-by"), splits, split),
            person: Select::new("person", words.say("word-rep"), choices(self.people), &person)
                .or(everybody.clone()),
            territory: Select::new("territory", words.say("word-territory"), territories, &territory)
                .or(everybody),
            is_narrowed: asked.person.is_some() || asked.territory.is_some(),
            range: super::days(words, monday, sunday),
            before: away(-(DAYS as i32)),
            after: away(DAYS as i32),
            this_week: (monday != this_week).then(|| self.link(self.now)),
            days: (0..DAYS as i32).filter_map(|at| monday.plus_days(at)).map(|day| self.day(day)).collect(),
            rows: week
                .rows
                .iter()
                .map(|(of, counts)| Row { name: self.name(*of), cells: self.cells(monday, counts) })
                .collect(),
            total: Row { name: words.say("console-work-total"), cells: self.cells(monday, &week.total) },
            list: self.list(week),
        }
    }

    /// The same look at another day.
    fn link(&self, day: BusinessDate) -> String {
        let asked = self.asked;
        let by = if asked.split == Split::Territory { "territory" } else { "" };
        let person = asked.person.map(|id| id.to_string()).unwrap_or_default();
        let territory = asked.territory.map(|id| id.to_string()).unwrap_or_default();
        let day = day.to_string();
        let all = [("day", day.as_str()), ("by", by), ("person", &person), ("territory", &territory)];
        let said: Vec<_> = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        format!("{VISITS}?{}", serde_urlencoded::to_string(said).unwrap_or_default())
    }

    fn day(&self, day: BusinessDate) -> Day {
        Day {
            weekday: self.words.say(&format!("weekday-short-{}", day.weekday())),
            date: day.civil().day().to_string(),
            href: self.link(day),
            is_here: day == self.asked.on,
            is_today: day == self.now,
        }
    }

    fn cells(&self, monday: BusinessDate, counts: &[Count; DAYS]) -> Vec<Cell> {
        let of = |(at, count): (i32, &Count)| {
            let has_passed = monday.plus_days(at).is_some_and(|day| day < self.now);
            Cell {
                made: self.words.whole(count.made.into()),
                planned: self.words.whole(count.planned.into()),
                is_short: has_passed && count.made < count.planned,
                is_empty: *count == Count::default(),
            }
        };
        (0..).zip(counts).map(of).collect()
    }

    fn name(&self, of: Of) -> String {
        let none = || self.words.say("console-work-nobody");
        match of {
            Of::Person(id) => id.map_or_else(none, |id| name_of(self.people, id, self.words)),
            Of::Territory(id) => self.territory(id).unwrap_or_else(|| self.words.say("figures-without")),
        }
    }

    fn territory(&self, id: Option<TerritoryId>) -> Option<String> {
        let id = id.filter(|id| *id != crate::territories::UNASSIGNED)?;
        self.territories.get(&id).cloned()
    }

    fn list(&self, week: &Week) -> List {
        let words = self.words;
        let mut items: Vec<Item> = week
            .visits
            .iter()
            .filter(|visit| visit.date == self.asked.on)
            .map(|visit| self.item(visit))
            .collect();
        let more = items.len() > VISITS_MAX;
        items.truncate(VISITS_MAX);
        let weekday = words.say(&format!("weekday-{}", self.asked.on.weekday()));
        let day = words.day(self.asked.on);
        List {
            id: "day",
            heading: words.args("console-work-day", &[("weekday", weekday.into()), ("day", day.into())]),
            advice: if items.is_empty() { words.say("console-work-day-none") } else { String::new() },
            items,
            more: more.then(|| words.count("console-attention-more", VISITS_MAX as u64)),
            ..List::default()
        }
    }

    fn item(&self, visit: &Visit) -> Item {
        let words = self.words;
        let mut facts: Vec<String> = Vec::new();
        facts.extend(visit.minute.map(|minute| format!("{:02}:{:02}", minute / 60, minute % 60)));
        let people: Vec<String> =
            visit.people.iter().map(|person| name_of(self.people, *person, words)).collect();
        facts.push(if people.is_empty() { words.say("console-work-nobody") } else { people.join(", ") });
        facts.extend(visit.stands_in_for.map(|person| {
            words.with("console-work-stands_in", "person", &name_of(self.people, person, words))
        }));
        facts.extend(self.territory(visit.territory));
        facts.extend(visit.channel.map(|channel| words.say(channel.text_id())));
        let badge = match visit.what {
            What::Made { outcome, reason, with_order, otherwise } => {
                facts.extend(otherwise.then(|| words.say("console-work-otherwise")));
                facts.extend(reason.map(|reason| words.say(reason.text_id())));
                let outcome = outcome.map(|outcome| words.say(outcome.text_id()));
                let said = outcome.unwrap_or_else(|| words.say("visit-done"));
                (said, if with_order { "good" } else { "" })
            }
            What::Due if visit.date < self.now => (words.say("console-work-missed"), "warn"),
            What::Due => (words.say("visit-planned"), ""),
            What::Off(off) => (words.say(&format!("console-work-off-{}", off_word(off))), ""),
            What::Moved(to) => (words.with("console-work-moved", "day", &words.day(to)), ""),
            What::Cancelled => (words.say("visit-cancelled"), ""),
        };
        Item {
            title: named(words, &visit.name),
            href: Some(format!("/clients/{}", visit.client)),
            facts,
            badge: Some(badge),
            ..Item::default()
        }
    }
}

const fn off_word(off: Off) -> &'static str {
    match off {
        Off::Holiday => "holiday",
        Off::Shut => "shut",
        Off::Away => "away",
    }
}
