//! Exports in a browser: the same files as programs get, for whoever is logged in.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use cartera_core::strings::Language;

use super::access::Reader;
use super::api::answer;
use crate::app::App;
use crate::console::visitor::Visitor;
use crate::http::problem::Problem;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/data/exports/{id}", get(file))
}

async fn file(
    State(app): State<App>,
    visitor: Visitor,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let by = visitor.by;
    let reader = app.run(move |app| Reader::of(app, by)).await?;
    // As the spreadsheet of whoever reads Spanish has it.
    let is_spanish = file.ends_with(".csv") && visitor.reader.language == Language::Spanish;
    let profile = is_spanish.then(|| ("profile".to_owned(), "excel-es".to_owned()));
    answer(app, reader, &file, profile.into_iter().collect(), &headers).await
}
