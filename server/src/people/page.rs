//! People, their phones and the territories that they look after, in a browser.

mod one;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use cartera_core::model::TerritoryId;
use cartera_core::model::access::Action;
use serde::Deserialize;

use super::manage::{self, NewPerson};
use super::{Person, Role};
use crate::app::App;
use crate::console::field::Field;
use crate::console::form::Form;
use crate::console::parts::{Item, List};
use crate::console::shell::{Place, Shell, page};
use crate::console::visitor::{Visitor, see_other};
use crate::console::words::Words;
use crate::devices;
use crate::http::path::{Id, Params};
use crate::http::problem::Problem;
use crate::refused::Refused;
use crate::territories::{self, Territory, UNASSIGNED};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/people", get(show).post(add))
        .route("/territories", post(add_territory))
        .route("/territories/{id}", post(rename_territory))
        .merge(one::routes())
}

/// A territory, with the form that renames it.
struct Named {
    id: String,
    name: String,
    /// Who looks after it.
    people: Vec<String>,
}

#[derive(Template)]
#[template(path = "people/people.html")]
struct PeoplePage {
    shell: Shell,
    form_token: String,
    done: Option<String>,
    people: List,
    left: List,
    may_add: bool,
    name: Field,
    /// Value, words, chosen.
    roles: Vec<(String, String, bool)>,
    choices: Vec<(String, String, bool)>,
    territories: Vec<Named>,
    may_name: bool,
    territory: Field,
}

/// A form that was refused: what was typed, and what is wrong.
#[derive(Debug, Clone, Default)]
struct Typed {
    name: String,
    role: String,
    territory: String,
    wrong: Option<String>,
    zone: String,
    zone_wrong: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Told {
    done: String,
}

const DONE: [&str; 4] = ["added", "left", "named", "territory"];

pub(super) fn done(words: Words, known: &[&str], told: &str) -> Option<String> {
    let done = known.iter().find(|done| **done == told)?;
    Some(words.say(&format!("console-done-{done}")))
}

/// A territory's name as it is shown.
pub(super) fn territory_name(words: Words, territory: &Territory) -> String {
    if territory.id == UNASSIGNED { words.say("figures-without") } else { territory.name.clone() }
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Params(told): Params<Told>,
) -> Result<Response, Problem> {
    people(app, visitor, StatusCode::OK, Typed::default(), &told.done).await
}

async fn people(
    app: App,
    visitor: Visitor,
    status: StatusCode,
    typed: Typed,
    told: &str,
) -> Result<Response, Problem> {
    let (by, sees_phones) = (visitor.by, visitor.may(Action::ViewDevices));
    let (all, territories, phones, now_ms) = app
        .run(move |app| {
            let phones = if sees_phones { devices::manage::list(app, by, None)? } else { Vec::new() };
            let territories = territories::list(app, by)?;
            Ok::<_, Refused>((manage::list(app, by)?, territories, phones, app.env.now_ms()))
        })
        .await?;
    let words = visitor.words();
    let named = |person: &Person| -> String {
        if person.all_territories {
            return words.say("console-people-all");
        }
        let own = territories.iter().filter(|of| person.territories.contains(&of.id));
        own.map(|of| of.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let item = |person: &Person| {
        let own: Vec<_> =
            phones.iter().filter(|phone| phone.person == person.id && phone.revoked.is_none()).collect();
        let seen = own.iter().map(|phone| phone.seen_ms).max();
        let days = seen.map(|seen| ((now_ms - seen).max(0) / 86_400_000) as u64);
        let mut facts = vec![named(person)];
        if sees_phones {
            facts.push(words.count("console-people-phones", own.len() as u64));
            facts.extend(days.map(|days| words.count("console-people-seen", days)));
        }
        facts.retain(|fact| !fact.is_empty());
        Item {
            title: person.name.clone(),
            href: Some(format!("/people/{}", person.id)),
            facts,
            badge: Some((words.say(&format!("role-{}", person.role.as_str())), "")),
            ..Item::default()
        }
    };
    let list = |id: &'static str, heading: &str, items: Vec<Item>| List {
        id,
        heading: words.say(heading),
        items,
        ..List::default()
    };
    let (here, left): (Vec<&Person>, Vec<&Person>) = all.iter().partition(|person| person.left_ms.is_none());
    let looks_after = |territory: &Territory| -> Vec<String> {
        let people = here.iter().filter(|person| person.territories.contains(&territory.id));
        people.map(|person| person.name.clone()).collect()
    };
    let choice = |value: String, words: String, chosen: &str| {
        let is = value == chosen;
        (value, words, is)
    };
    let own: Vec<&Territory> = territories.iter().filter(|of| of.id != UNASSIGNED).collect();
    let chosen = if typed.role.is_empty() { Role::Rep.as_str() } else { typed.role.as_str() };
    let shown = PeoplePage {
        shell: visitor.shell(words.say("console-people"), Some(Place::People)),
        form_token: visitor.form_token.clone(),
        done: done(words, &DONE, told),
        people: list("people", "console-people-here", here.iter().map(|person| item(person)).collect()),
        left: list("left", "console-people-left", left.iter().map(|person| item(person)).collect()),
        may_add: visitor.may(Action::ManagePeople),
        name: Field::new("name", words.say("console-people-name"), "text", "off")
            .value(&typed.name)
            .error(typed.wrong),
        roles: Role::ALL
            .iter()
            .map(|role| {
                let words = words.say(&format!("role-{}", role.as_str()));
                choice(role.as_str().to_owned(), words, chosen)
            })
            .collect(),
        choices: own.iter().map(|of| choice(of.id.to_string(), of.name.clone(), &typed.territory)).collect(),
        territories: own
            .iter()
            .map(|of| Named { id: of.id.to_string(), name: of.name.clone(), people: looks_after(of) })
            .collect(),
        may_name: visitor.may(Action::ManageTerritories),
        territory: Field::new("zone", words.say("console-territory-new"), "text", "off")
            .value(&typed.zone)
            .error(typed.zone_wrong),
    };
    Ok(page(status, &shown))
}

#[derive(Debug, Deserialize)]
struct New {
    name: String,
    role: String,
    #[serde(default)]
    territory: String,
}

async fn add(State(app): State<App>, visitor: Visitor, Form(new): Form<New>) -> Result<Response, Problem> {
    let by = visitor.by;
    let typed = Typed {
        name: new.name.clone(),
        role: new.role.clone(),
        territory: new.territory.clone(),
        ..Typed::default()
    };
    let added = app
        .run(move |app| {
            let role = Role::parse(&new.role).filter(|role| Role::ALL.contains(role));
            let role = role.ok_or_else(|| Refused::invalid("role", "one of the list"))?;
            let one = |text: String| text.parse().map_err(|_| Refused::unknown("territory", text));
            let named = Some(new.territory).filter(|text| !text.is_empty()).map(one).transpose()?;
            let territories: Vec<TerritoryId> = named.into_iter().collect();
            let new = NewPerson { name: new.name, role, all_territories: None, territories };
            match manage::add(app, by, &[new]) {
                Ok(people) => Ok(people.into_iter().next()),
                Err(Refused::Invalid { field: "name", .. }) => Ok(None),
                Err(refused) => Err(refused),
            }
        })
        .await?;
    match added {
        Some(person) => Ok(see_other(&format!("/people/{}?done=added", person.id))),
        None => {
            let wrong =
                Some(visitor.words().count("console-people-name-wrong", super::NAME_CHARS_MAX as u64));
            people(app, visitor, StatusCode::UNPROCESSABLE_ENTITY, Typed { wrong, ..typed }, "").await
        }
    }
}

#[derive(Debug, Deserialize)]
struct Zone {
    zone: String,
}

/// What is wrong with a territory's name: none, or another's.
fn zone_wrong(words: Words, refused: Refused) -> Result<String, Refused> {
    match refused {
        Refused::Invalid { .. } => {
            Ok(words.count("console-people-name-wrong", territories::NAME_CHARS_MAX as u64))
        }
        Refused::Conflict(_) => Ok(words.say("console-territory-taken")),
        other => Err(other),
    }
}

async fn add_territory(
    State(app): State<App>,
    visitor: Visitor,
    Form(new): Form<Zone>,
) -> Result<Response, Problem> {
    let (by, words, zone) = (visitor.by, visitor.words(), new.zone.clone());
    let wrong = app
        .run(move |app| match territories::add(app, by, &new.zone) {
            Ok(_) => Ok(None),
            Err(refused) => zone_wrong(words, refused).map(Some),
        })
        .await?;
    written(app, visitor, zone, wrong).await
}

async fn rename_territory(
    State(app): State<App>,
    visitor: Visitor,
    Id(id): Id<TerritoryId>,
    Form(new): Form<Zone>,
) -> Result<Response, Problem> {
    let (by, words, zone) = (visitor.by, visitor.words(), new.zone.clone());
    let wrong = app
        .run(move |app| match territories::rename(app, by, id, &new.zone) {
            Ok(()) => Ok(None),
            Err(refused) => zone_wrong(words, refused).map(Some),
        })
        .await?;
    written(app, visitor, zone, wrong).await
}

async fn written(
    app: App,
    visitor: Visitor,
    zone: String,
    zone_wrong: Option<String>,
) -> Result<Response, Problem> {
    if zone_wrong.is_none() {
        return Ok(see_other("/people?done=territory"));
    }
    let typed = Typed { zone, zone_wrong, ..Typed::default() };
    people(app, visitor, StatusCode::UNPROCESSABLE_ENTITY, typed, "").await
}
