//! The overview (*Resumen*): value, movement, risk, coverage and voice, a section a card.

mod sections;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use cartera_core::metrics::movement::Period;
use cartera_core::model::access::Action;
use cartera_core::model::{BusinessDate, Currency};
use serde::Deserialize;

use super::kept::{Portfolio, kept};
use super::today;
use crate::app::App;
use crate::console::chart::{Bar, Columns};
use crate::console::parts::{Table, Tile};
use crate::console::shell::{Place, Shell, page};
use crate::console::visitor::Visitor;
use crate::console::words::Words;
use crate::http::path::Params;
use crate::http::problem::Problem;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/overview", get(show))
}

#[derive(Default)]
struct Section {
    id: &'static str,
    heading: String,
    /// It takes the whole width.
    is_wide: bool,
    tiles: Vec<Tile>,
    chart: Option<Columns>,
    /// Of the chart, one click away.
    numbers: Option<Table>,
    bars: Vec<Bar>,
    bars_heading: String,
    table: Option<Table>,
    /// Where the rest of it is, and how that is called.
    rest: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "figures/overview.html")]
struct OverviewPage {
    shell: Shell,
    as_of: String,
    clients: String,
    made: String,
    date: String,
    periods: Vec<(&'static str, String, bool)>,
    currencies: Vec<(String, bool)>,
    sections: Vec<Section>,
    /// The date that was asked for is none.
    wrong_date: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    as_of: String,
    period: String,
    currency: String,
}

/// What is looked at, and how it is told.
struct Look<'a> {
    words: Words,
    portfolio: &'a Portfolio,
    currency: Currency,
    period: Period,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Params(asked): Params<Asked>,
) -> Result<Response, Problem> {
    let words = visitor.words();
    let (now, by) = (today(&app), visitor.by);
    let parsed = (!asked.as_of.is_empty()).then(|| asked.as_of.parse::<BusinessDate>());
    let wrong = matches!(parsed, Some(Err(_)));
    let as_of = parsed.and_then(Result::ok).unwrap_or(now);
    let open = move |app: &App| {
        by.require(Action::ViewOthersWork)?;
        kept(app, by, as_of)
    };
    let portfolio = app.run(open).await?;
    let report = &portfolio.figures.report;
    let of = |currency: &str| report.currencies.iter().find(|of| of.currency.to_string() == currency);
    let currency = of(&asked.currency).or(report.currencies.first()).map_or(Currency::EUR, |of| of.currency);
    let period = Period::ALL.into_iter().find(|period| period.as_str() == asked.period);
    let period = period.unwrap_or(Period::Quarter);
    let look = Look { words, portfolio: &portfolio, currency, period };
    let shown = OverviewPage {
        shell: visitor.shell(words.say("word-overview"), Some(Place::Overview)),
        as_of: words.day(as_of),
        clients: words.count("console-clients", portfolio.figures.clients()),
        made: words.moment(portfolio.made_ms),
        // A field for dates cannot hold what is none.
        date: as_of.to_string(),
        periods: Period::ALL
            .map(|of| (of.as_str(), words.say(&format!("period-{}", of.as_str())), of == period))
            .to_vec(),
        currencies: report
            .currencies
            .iter()
            .map(|of| (of.currency.to_string(), of.currency == currency))
            .collect(),
        sections: look.sections(),
        wrong_date: wrong.then(|| words.say("console-date-wrong")),
    };
    Ok(page(StatusCode::OK, &shown))
}
