//! Work (*Trabajo*) in a browser: visits, the visit plan with absences, notices; orders are beside their use cases.

mod notices;
mod plan;
mod visits;

use axum::Router;
use cartera_core::model::{BusinessDate, PersonId};

use crate::app::App;
use crate::console::parts::Tab;
use crate::console::words::Words;
use crate::office::error::ItemError;
use crate::people::{Person, Role};
use crate::storage;

pub(crate) fn routes() -> Router<App> {
    Router::new().merge(visits::routes()).merge(plan::routes()).merge(notices::routes())
}

const VISITS: &str = "/work";
pub(crate) const ORDERS: &str = "/work/orders";
const PLAN: &str = "/work/plan";
const NOTICES: &str = "/work/notices";

/// The pages of work, and the one that is shown.
pub(crate) fn tabs(words: Words, here: &str) -> Vec<Tab> {
    let of = |href: &'static str, id: &str| Tab { href, label: words.say(id), is_here: href == here };
    vec![
        of(VISITS, "console-work-visits"),
        of(ORDERS, "console-work-orders"),
        of(PLAN, "word-visit_plan"),
        of(NOTICES, "console-work-notices"),
    ]
}

/// What is wrong with a field, and what to do about it.
fn wrong(words: Words, errors: &[ItemError], field: &str) -> Option<String> {
    let error = errors.iter().find(|error| error.field == field)?;
    let (what, advice) = error.words(words.0);
    Some(format!("{what}. {advice}"))
}

/// Everybody who works here, by name.
fn working(app: &App) -> storage::Result<Vec<Person>> {
    let mut people = app.storage.people()?;
    people.retain(|person| person.left_ms.is_none());
    people.sort_by_cached_key(|person| (crate::territories::folded(&person.name), person.id));
    Ok(people)
}

/// As a field offers them: those who visit before the others.
fn choices(people: &[Person]) -> Vec<(String, String)> {
    let (reps, others): (Vec<_>, Vec<_>) = people.iter().partition(|person| person.role == Role::Rep);
    reps.into_iter().chain(others).map(|person| (person.id.to_string(), person.name.clone())).collect()
}

fn name_of(people: &[Person], id: PersonId, words: Words) -> String {
    let known = people.iter().find(|person| person.id == id);
    known.map_or_else(|| words.say("console-somebody"), |person| person.name.clone())
}

/// A first and a last day.
fn days(words: Words, from: BusinessDate, to: BusinessDate) -> String {
    if from == to {
        return words.day(from);
    }
    words.args("console-work-days", &[("from", words.day(from).into()), ("to", words.day(to).into())])
}
