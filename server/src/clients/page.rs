//! Clients in a browser: the list, and each one's page with what can be done there.

mod list;
mod privacy;
mod profile;
mod told;
mod value;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use cartera_core::metrics::status::Status;
use cartera_core::model::access::Action;
use cartera_core::model::{ClientId, TerritoryId};
use serde::Deserialize;

use self::list::{Asked, listed, page_of};
pub(crate) use self::profile::named;
use self::profile::{Done, May, Seen};
use crate::app::App;
use crate::clients;
use crate::console::form::{Form, Nothing};
use crate::console::shell::page;
use crate::console::visitor::{Visitor, see_other};
use crate::console::words::Words;
use crate::figures::today;
use crate::http::path::{Id, Params};
use crate::http::problem::Problem;
use crate::refused::Refused;
use crate::storage::clients::Moved;
use crate::territories::UNASSIGNED;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/clients", get(list))
        .route("/clients/{id}", get(show))
        .route("/clients/{id}/choose", post(choose))
        .route("/clients/{id}/move", post(relocate))
        .route("/clients/{id}/separate", post(separate))
        .merge(privacy::routes())
}

async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Params(asked): Params<Asked>,
) -> Result<Response, Problem> {
    let shown = app
        .run(move |app| {
            visitor.by.require(Action::ViewClient)?;
            let listed = listed(app, visitor.by, &asked)?;
            Ok::<_, Refused>(page_of(&visitor, &asked, &listed))
        })
        .await?;
    Ok(page(StatusCode::OK, &shown))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Told {
    /// Where the story goes on.
    after: String,
    /// What was just done here.
    done: String,
    /// The territory that it was moved from.
    from: String,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Id(id): Id<ClientId>,
    Params(asked): Params<Told>,
) -> Result<Response, Problem> {
    let shown = app
        .run(move |app| {
            // What is no place in the story is its beginning.
            let after = asked.after.parse().ok();
            let (profile, figures) = clients::profile::read(app, visitor.by, id, today(app), after)?;
            let territories = app.storage.territories()?.into_iter().map(|of| (of.id, of.name));
            let territories: Vec<_> = territories.collect();
            let may = May {
                choose: visitor.may(Action::EditProfile),
                relocate: visitor.may(Action::MoveClient),
                separate: visitor.may(Action::DecideMerge),
                disclose: visitor.may(Action::DisclosePerson),
            };
            let done = done(visitor.words(), &asked);
            let seen = Seen { profile: &profile, figures: &figures, territories: &territories, may, done };
            Ok::<_, Refused>(profile::page_of(&visitor, seen))
        })
        .await?;
    Ok(page(StatusCode::OK, &shown))
}

/// What forms of this page did.
const DONE: [&str; 5] = ["chosen", "gone", "moved", "there", "separated"];

fn done(words: Words, asked: &Told) -> Option<Done> {
    let done = DONE.into_iter().find(|done| *done == asked.done)?;
    let from = asked.from.parse::<TerritoryId>().ok().filter(|_| done == "moved");
    Some(Done { text: words.say(&format!("console-done-{done}")), back: from.map(|from| from.to_string()) })
}

fn back(client: ClientId, done: &str) -> Response {
    see_other(&format!("/clients/{client}?done={done}"))
}

#[derive(Debug, Deserialize)]
struct Chosen {
    key: String,
    op: String,
}

/// One value of a field is kept.
async fn choose(
    State(app): State<App>,
    visitor: Visitor,
    Id(id): Id<ClientId>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Problem> {
    let done = app
        .run(move |app| match clients::profile::choose(app, visitor.by, id, &chosen.key, &chosen.op) {
            Ok(_) => Ok("chosen"),
            // Somebody was faster: the page shows what there is now.
            Err(Refused::Conflict(_)) => Ok("gone"),
            Err(refused) => Err(refused),
        })
        .await?;
    Ok(back(id, done))
}

#[derive(Debug, Deserialize)]
struct Territory {
    territory: String,
}

async fn relocate(
    State(app): State<App>,
    visitor: Visitor,
    Id(id): Id<ClientId>,
    Form(form): Form<Territory>,
) -> Result<Response, Problem> {
    let (moved, from) = app
        .run(move |app| {
            let unknown = |_| Refused::invalid("territory", "26 characters of an id");
            let to: TerritoryId = form.territory.parse().map_err(unknown)?;
            let from = clients::place(app, visitor.by, id)?.territory.unwrap_or(UNASSIGNED);
            let moved = clients::move_to(app, visitor.by, to, &[id])?;
            Ok::<_, Refused>((moved.into_iter().next(), from))
        })
        .await?;
    match moved {
        Some(Moved::Done(_)) => Ok(see_other(&format!("/clients/{id}?done=moved&from={from}"))),
        Some(Moved::Already) => Ok(back(id, "there")),
        _ => Err(Problem::not_found()),
    }
}

/// It stands by itself again.
async fn separate(
    State(app): State<App>,
    visitor: Visitor,
    Id(id): Id<ClientId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    app.run(move |app| clients::merge::unmerge(app, visitor.by, id)).await?;
    Ok(back(id, "separated"))
}

/// The style's class of a status.
pub(crate) const fn tone(status: Status) -> &'static str {
    match status {
        Status::Active => "good",
        Status::Dormant => "warn",
        Status::Lost => "bad",
        _ => "",
    }
}
