//! Help (*Ayuda*) in a browser: the lessons, searched, and each by itself.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use super::{done, lesson, mark_done, search};
use crate::app::App;
use crate::console::form::{Form, Nothing};
use crate::console::shell::{Place, Shell, page};
use crate::console::visitor::{Visitor, see_other};
use crate::http::path::{Id, Params};
use crate::http::problem::Problem;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/help", get(show))
        .route("/help/{id}", get(show_one))
        .route("/help/{id}/done", post(finish))
}

struct Row {
    href: String,
    title: &'static str,
    /// How it begins.
    about: String,
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "help/page.html")]
struct HelpPage {
    shell: Shell,
    q: String,
    /// How many of how many were done.
    count: String,
    rows: Vec<Row>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    q: String,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Params(asked): Params<Asked>,
) -> Result<Response, Problem> {
    let by = visitor.by;
    let known = app.run(move |app| done(app, by)).await?;
    let words = visitor.words();
    let all = super::lessons(words.0).count();
    let finished = super::lessons(words.0).filter(|lesson| known.contains_key(lesson.name)).count();
    let count = [("done", words.whole(finished as u64).into()), ("count", words.whole(all as u64).into())];
    let row = |lesson: super::Lesson| Row {
        href: format!("/help/{}", lesson.name),
        title: lesson.title,
        about: lesson
            .text
            .split(". ")
            .next()
            .map(|first| format!("{}.", first.trim_end_matches('.')))
            .unwrap_or_default(),
        done: known.get(lesson.name).map(|day| words.day(*day)),
    };
    let shown = HelpPage {
        shell: visitor.shell(words.say("console-help"), Some(Place::Help)),
        count: words.args("console-help-count", &count),
        rows: search(words.0, &asked.q).into_iter().map(row).collect(),
        q: asked.q,
    };
    Ok(page(StatusCode::OK, &shown))
}

#[derive(Template)]
#[template(path = "help/lesson.html")]
struct LessonPage {
    shell: Shell,
    form_token: String,
    name: &'static str,
    title: &'static str,
    paragraphs: Vec<&'static str>,
    /// The page that it is about.
    page: &'static str,
    done: Option<String>,
    next: Option<(String, &'static str)>,
}

async fn show_one(
    State(app): State<App>,
    visitor: Visitor,
    Id(name): Id<String>,
) -> Result<Response, Problem> {
    let (by, words) = (visitor.by, visitor.words());
    let Some(found) = lesson(words.0, &name) else { return Err(Problem::not_found()) };
    let known = app.run(move |app| done(app, by)).await?;
    let next =
        super::lessons(words.0).find(|other| other.name != found.name && !known.contains_key(other.name));
    let shown = LessonPage {
        shell: visitor.shell(found.title.to_owned(), Some(Place::Help)),
        form_token: visitor.form_token.clone(),
        name: found.name,
        title: found.title,
        paragraphs: found.text.split("\n\n").collect(),
        page: found.page,
        done: known.get(found.name).map(|day| words.with("console-help-done", "day", &words.day(*day))),
        next: next.map(|next| (format!("/help/{}", next.name), next.title)),
    };
    Ok(page(StatusCode::OK, &shown))
}

async fn finish(
    State(app): State<App>,
    visitor: Visitor,
    Id(name): Id<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    let lesson = name.clone();
    app.run(move |app| mark_done(app, visitor.by, &lesson)).await?;
    Ok(see_other(&format!("/help/{name}")))
}
