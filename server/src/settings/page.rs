//! What the workspace asks, in a browser: every setting with what it means, and what is wrong beside it.

use std::collections::BTreeMap;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use cartera_core::model::access::Action;
use cartera_core::model::profile::ClientField;
use serde::Deserialize;

use super::policy::{Rule, SETTINGS, change};
use crate::app::App;
use crate::console::field::{Field, Select};
use crate::console::form::{Fields, Form};
use crate::console::shell::{Place, Shell, page};
use crate::console::visitor::{Visitor, see_other};
use crate::console::words::Words;
use crate::http::path::Params;
use crate::http::problem::Problem;
use crate::refused::Refused;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/data/settings", get(show).post(save))
}

/// Settings that belong together: the last word of the heading's id, and how many follow one another in [`SETTINGS`].
const GROUPS: [(&str, usize); 6] =
    [("phones", 3), ("orders", 2), ("visits", 6), ("figures", 8), ("cross_sell", 3), ("refit", 2)];

struct Group {
    id: &'static str,
    heading: String,
    /// As they are written into the page.
    fields: Vec<String>,
}

#[derive(Template)]
#[template(path = "settings/page.html")]
struct SettingsPage {
    shell: Shell,
    form_token: String,
    done: Option<String>,
    wrong: Option<String>,
    groups: Vec<Group>,
    may_change: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Told {
    done: String,
}

/// What is wrong with one of them.
struct Wrong {
    name: &'static str,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Params(told): Params<Told>,
) -> Result<Response, Problem> {
    let by = visitor.by;
    let stored = app
        .run(move |app| {
            by.require(Action::ViewSettings)?;
            Ok::<_, Refused>(app.storage.settings()?)
        })
        .await?;
    settings(&visitor, StatusCode::OK, &stored, None, told.done == "settings")
}

fn settings(
    visitor: &Visitor,
    status: StatusCode,
    values: &BTreeMap<String, String>,
    wrong: Option<&Wrong>,
    done: bool,
) -> Result<Response, Problem> {
    let words = visitor.words();
    let mut left = SETTINGS.as_slice();
    let mut groups = Vec::with_capacity(GROUPS.len());
    for (id, count) in GROUPS {
        let (own, rest) = left.split_at(count.min(left.len()));
        left = rest;
        let field = |(name, rule): &(&'static str, Rule)| {
            let value = values.get(*name).map(String::as_str).unwrap_or_default();
            let is_wrong = wrong.is_some_and(|wrong| wrong.name == *name);
            shown(words, name, *rule, value, is_wrong)
        };
        let fields = own.iter().map(field).collect::<Result<Vec<_>, _>>();
        let fields = fields.map_err(|error| {
            tracing::error!(code = "template", %error, "a setting cannot be written");
            Problem::internal()
        })?;
        groups.push(Group { id, heading: words.say(&format!("console-settings-{id}")), fields });
    }
    let shown = SettingsPage {
        shell: visitor.shell(words.say("console-settings"), Some(Place::Data)),
        form_token: visitor.form_token.clone(),
        done: done.then(|| words.say("console-done-settings")),
        wrong: wrong.map(|wrong| {
            let label = words.say(&format!("setting-{}", wrong.name));
            words.with("console-settings-wrong", "setting", &label)
        }),
        groups,
        may_change: visitor.may(Action::ChangeSettings),
    };
    Ok(page(status, &shown))
}

fn shown(
    words: Words,
    name: &'static str,
    rule: Rule,
    value: &str,
    is_wrong: bool,
) -> Result<String, askama::Error> {
    let label = words.say(&format!("setting-{name}"));
    let about = words.say(&format!("setting-{name}.about"));
    let error = is_wrong.then(|| wrong(words, rule));
    match rule {
        Rule::Word(known) => {
            let choice = |word: &&str| ((*word).to_owned(), words.say(&format!("setting-{name}-{word}")));
            let choices = known.iter().map(choice).collect();
            let select = Select::new(name, label, choices, value).or(words.say("console-settings-default"));
            Select { hint: Some(about), ..select.error(error) }.render()
        }
        _ => {
            let kind = if rule == Rule::Date { "date" } else { "text" };
            let field = Field::new(name, label, kind, "off").value(value).hint(about).error(error);
            // Those that have to say something have a value that holds where nothing was said.
            field.optional().render()
        }
    }
}

fn wrong(words: Words, rule: Rule) -> String {
    let between = |min: u16, max: u16, id: &str| {
        words.args(id, &[("min", words.whole(min.into()).into()), ("max", words.whole(max.into()).into())])
    };
    match rule {
        Rule::Number(min, max) => between(min, max, "console-settings-number"),
        Rule::Perhaps(min, max) => between(min, max, "console-settings-perhaps"),
        Rule::Date => words.say("console-date-wrong"),
        Rule::Word(_) => words.say("console-settings-word"),
        Rule::Fields => {
            let all: Vec<&str> = ClientField::ALL.iter().map(|field| field.as_str()).collect();
            words.with("console-settings-fields", "fields", &all.join(", "))
        }
    }
}

async fn save(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let by = visitor.by;
    let (wrong, typed) = app
        .run(move |app| {
            by.require(Action::ChangeSettings)?;
            let stored = app.storage.settings()?;
            let mut typed = stored.clone();
            let mut changes = Vec::new();
            for (name, _) in SETTINGS {
                let Some((_, value)) = fields.iter().find(|(field, _)| field == name) else { continue };
                let value = value.trim();
                if value != stored.get(name).map(String::as_str).unwrap_or_default() {
                    changes.push((name.to_owned(), value.to_owned()));
                }
                typed.insert(name.to_owned(), value.to_owned());
            }
            match change(app, by, &changes) {
                Ok(_) => Ok((None, typed)),
                Err(Refused::Invalid { field, .. }) => {
                    let name = SETTINGS.into_iter().map(|(name, _)| name).find(|name| *name == field);
                    Ok((name.map(|name| Wrong { name }), typed))
                }
                Err(refused) => Err(refused),
            }
        })
        .await?;
    match wrong {
        None => Ok(see_other("/data/settings?done=settings")),
        Some(wrong) => settings(&visitor, StatusCode::UNPROCESSABLE_ENTITY, &typed, Some(&wrong), false),
    }
}

#[cfg(test)]
mod tests {
    use cartera_core::strings::{Language, has};

    use super::*;

    #[test]
    fn every_setting_stands_in_a_group_and_has_words() {
        assert_eq!(GROUPS.iter().map(|(_, count)| count).sum::<usize>(), SETTINGS.len());
        for language in Language::ALL {
            for (id, _) in GROUPS {
                assert!(has(language, &format!("console-settings-{id}")), "{id}");
            }
            for (name, rule) in SETTINGS {
                assert!(has(language, &format!("setting-{name}")), "{name}");
                assert!(has(language, &format!("setting-{name}.about")), "{name}");
                if let Rule::Word(known) = rule {
                    for word in known {
                        assert!(has(language, &format!("setting-{name}-{word}")), "{name} {word}");
                    }
                }
            }
        }
    }
}
