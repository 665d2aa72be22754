//! The way in, and the reader's choices.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use cartera_core::strings::Language;
use serde::Deserialize;

use super::form::Open;
use super::reader::{LANGUAGE, THEME, Theme};
use super::visitor::{self, Visitor, own_path, see_other};
use crate::app::App;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/", get(home)).route("/preferences", post(prefer))
}

async fn home(visitor: Visitor) -> Response {
    see_other(visitor.home())
}

#[derive(Debug, Deserialize)]
struct Preferences {
    language: Option<String>,
    theme: Option<String>,
    #[serde(default)]
    back: String,
}

/// Language and light, whoever asks: they are kept in the browser alone.
async fn prefer(State(app): State<App>, Open(chosen): Open<Preferences>) -> Response {
    let mut response = see_other(own_path(&chosen.back).unwrap_or("/"));
    if let Some(language) = chosen.language.and_then(|text| text.parse::<Language>().ok()) {
        visitor::remember(&app.settings, LANGUAGE, language.tag(), &mut response);
    }
    if let Some(theme) = chosen.theme.as_deref().and_then(Theme::parse) {
        visitor::remember(&app.settings, THEME, theme.as_str(), &mut response);
    }
    response
}
