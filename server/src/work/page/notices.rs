//! Notices: who has read each, and a new one.

use std::collections::BTreeMap;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use cartera_core::model::TerritoryId;
use cartera_core::model::access::Action;
use serde::Deserialize;

use super::{NOTICES, name_of, tabs, working, wrong};
use crate::app::App;
use crate::console::field::{Field, Select};
use crate::console::form::{Form, Nothing};
use crate::console::parts::Tab;
use crate::console::shell::{Place, Shell, page};
use crate::console::visitor::{Visitor, see_other};
use crate::figures::today;
use crate::http::path::{Id, Params};
use crate::http::problem::Problem;
use crate::office::error::ItemError;
use crate::refused::Refused;
use crate::work::notices::{self, New};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/work/notices", get(show).post(publish))
        .route("/work/notices/{id}/withdraw", post(withdraw))
}

/// A notice as it is shown.
struct Shown {
    key: String,
    title: String,
    text: String,
    /// To whom, and when.
    facts: Vec<String>,
    must_read: bool,
    /// How many of how many have read it.
    count: String,
    is_read: bool,
    /// Name and day.
    read: Vec<String>,
    unread: Vec<String>,
    may_withdraw: bool,
}

#[derive(Template)]
#[template(path = "work/page/notices.html")]
struct NoticesPage {
    shell: Shell,
    form_token: String,
    tabs: Vec<Tab>,
    done: Option<String>,
    notices: Vec<Shown>,
    may_publish: bool,
    title: Field,
    text: Field,
    territory: Select,
    from: Field,
    until: Field,
    must_read: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Told {
    done: String,
}

const DONE: [&str; 2] = ["notice", "notice_withdrawn"];

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Params(told): Params<Told>,
) -> Result<Response, Problem> {
    let must_read = New { must_read: true, ..New::default() };
    all(app, visitor, StatusCode::OK, must_read, &[], &told.done).await
}

async fn all(
    app: App,
    visitor: Visitor,
    status: StatusCode,
    typed: New,
    errors: &[ItemError],
    done: &str,
) -> Result<Response, Problem> {
    let by = visitor.by;
    let (told, people, territories) = app
        .run(move |app| {
            let told = notices::from(app, by, today(app))?;
            let territories = app.storage.territories()?.into_iter().map(|of| (of.id, of.name));
            let territories: BTreeMap<TerritoryId, String> =
                territories.filter(|(id, _)| *id != crate::territories::UNASSIGNED).collect();
            Ok::<_, Refused>((told, working(app)?, territories))
        })
        .await?;
    let words = visitor.words();
    let shown = told.into_iter().map(|of| {
        let mut facts = Vec::new();
        facts.push(match (of.client, of.territory) {
            (Some(_), _) => words.say("figures-client"),
            (None, Some(id)) => territories.get(&id).cloned().unwrap_or_default(),
            (None, None) => words.say("console-people-all"),
        });
        facts.extend(of.notice.from.map(|day| words.with("console-work-from", "day", &words.day(day))));
        facts.extend(of.notice.until.map(|day| words.with("console-work-until", "day", &words.day(day))));
        let (read, all) = (of.read.len() as u64, (of.read.len() + of.unread.len()) as u64);
        let count = [("read", words.whole(read).into()), ("count", words.whole(all).into())];
        let named = |id| name_of(&people, id, words);
        Shown {
            may_withdraw: of.is_own && visitor.may(Action::PublishNotice),
            key: of.key,
            title: of.notice.title,
            text: of.notice.text,
            facts,
            must_read: of.notice.must_read,
            count: words.args("console-work-notices-read", &count),
            is_read: of.unread.is_empty(),
            read: of
                .read
                .into_iter()
                .map(|(id, day)| format!("{} ({})", named(id), words.day(day)))
                .collect(),
            unread: of.unread.into_iter().map(named).collect(),
        }
    });
    let wrong = |field: &str| wrong(words, errors, field);
    let field = |id, label: &str, kind| Field::new(id, words.say(label), kind, "off");
    let choices = territories.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
    let page_of = NoticesPage {
        shell: visitor.shell(words.say("console-work"), Some(Place::Work)),
        form_token: visitor.form_token.clone(),
        tabs: tabs(words, NOTICES),
        done: DONE
            .into_iter()
            .find(|known| *known == done)
            .map(|done| words.say(&format!("console-done-{done}"))),
        notices: shown.collect(),
        may_publish: visitor.may(Action::PublishNotice),
        title: field("title", "console-work-notices-title", "text").value(&typed.title).error(wrong("title")),
        text: field("text", "console-work-notices-text", "lines").value(&typed.text).error(wrong("text")),
        territory: Select::new(
            "territory",
            words.say("console-work-notices-whom"),
            choices,
            &typed.territory,
        )
        .or(words.say("console-people-all"))
        .error(wrong("territory_id")),
        from: field("from", "console-work-notices-from", "date")
            .optional()
            .value(&typed.from)
            .error(wrong("from")),
        until: field("until", "console-work-notices-until", "date")
            .optional()
            .value(&typed.until)
            .error(wrong("until")),
        must_read: typed.must_read,
    };
    Ok(page(status, &page_of))
}

#[derive(Debug, Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Typed {
    title: String,
    text: String,
    territory: String,
    from: String,
    until: String,
    must_read: Option<String>,
}

async fn publish(
    State(app): State<App>,
    visitor: Visitor,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let by = visitor.by;
    let Typed { title, text, territory, from, until, must_read } = typed;
    // Browsers send the ends of lines as they were on tape.
    let text = text.replace("\r\n", "\n");
    let new = New { title, text, territory, from, until, must_read: must_read.is_some() };
    let typed = new.clone();
    let published = app.run(move |app| notices::publish(app, by, &new)).await?;
    match published {
        Ok(()) => Ok(see_other(&format!("{NOTICES}?done=notice"))),
        Err(errors) => all(app, visitor, StatusCode::UNPROCESSABLE_ENTITY, typed, &errors, "").await,
    }
}

async fn withdraw(
    State(app): State<App>,
    visitor: Visitor,
    Id(key): Id<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    app.run(move |app| notices::take_back(app, visitor.by, &key)).await?;
    Ok(see_other(&format!("{NOTICES}?done=notice_withdrawn")))
}
