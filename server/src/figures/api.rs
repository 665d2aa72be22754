//! `/v1/figures`.

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use cartera_core::model::{BusinessDate, ClientId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{client_json, overview, portfolio_json, today};
use crate::app::App;
use crate::export::{XLSX, place_for_workbook};
use crate::http::auth::Office;
use crate::http::language::preferred;
use crate::http::path::{Id, Params};
use crate::http::problem::{Problem, ProblemBody};
use crate::people::access::By;
use crate::refused::Refused;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(portfolio_figures))
        .routes(routes!(portfolio_overview))
        .routes(routes!(report_workbook))
        .routes(routes!(client_figures))
        .routes(routes!(refit_figures))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PortfolioParams {
    /// As things stood at the end of this day, YYYY-MM-DD; otherwise today, at Greenwich.
    as_of: Option<String>,
    /// Every client's figures too.
    #[serde(default)]
    each: bool,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AsOf {
    /// As things stood at the end of this day, YYYY-MM-DD; otherwise today, at Greenwich.
    as_of: Option<String>,
}

/// The day that a parameter names.
pub(crate) fn date(app: &App, text: Option<&str>) -> Result<BusinessDate, Problem> {
    let wrong =
        |error| Problem::bad_request("malformed").detail(format!("a day such as 2026-01-31: {error}"));
    text.map_or_else(|| Ok(today(app)), |text| text.parse().map_err(wrong))
}

/// The portfolio of the clients whom the caller sees (a rep's own, a manager's team, the office's all): worth, movement,
/// risk, and whom to call first, by currency. Classes, scores and models are always those of the whole base.
///
/// Every figure is an object with `value` (null where there is none, and then `why`) and `records`, the number of records
/// behind it. Amounts are minor units of the currency beside them.
#[utoipa::path(get, path = "/v1/figures", tag = "figures", security(("machine" = []), ("session" = [])),
    params(PortfolioParams),
    responses((status = OK, body = Value), (status = "4XX", body = ProblemBody)))]
async fn portfolio_figures(
    State(app): State<App>,
    Office(by): Office,
    Params(params): Params<PortfolioParams>,
) -> Result<axum::Json<Value>, Problem> {
    let as_of = date(&app, params.as_of.as_deref())?;
    let each = params.each;
    let work = move |app: &App| super::portfolio(app, by, as_of).map(|found| portfolio_json(&found, each));
    Ok(axum::Json(app.run(work).await?))
}

/// Movement, concentration, coverage, relations, payment, voice and acquisition of the clients whom the caller sees, by
/// currency where there are amounts. Figures are written as in `/v1/figures`. What winning clients costs is there for whoever may see it.
#[utoipa::path(get, path = "/v1/overview", tag = "figures", security(("machine" = []), ("session" = [])),
    params(AsOf),
    responses((status = OK, body = Value), (status = "4XX", body = ProblemBody)))]
async fn portfolio_overview(
    State(app): State<App>,
    Office(by): Office,
    Params(params): Params<AsOf>,
) -> Result<axum::Json<Value>, Problem> {
    let as_of = date(&app, params.as_of.as_deref())?;
    let work = move |app: &App| overview::overview(app, by, as_of).map(|of| overview::overview_json(&of));
    let mut told = app.run(work).await?;
    told["as_of"] = as_of.to_string().into();
    Ok(axum::Json(told))
}

/// Figures and overview of the clients whom the caller sees as a workbook, with charts that the spreadsheet draws from the
/// cells beside them; in the first language of Accept-Language that there is.
#[utoipa::path(get, path = "/v1/figures/workbook", tag = "figures", security(("machine" = []), ("session" = [])),
    params(AsOf),
    responses(
        (status = OK, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn report_workbook(
    State(app): State<App>,
    Office(by): Office,
    Params(params): Params<AsOf>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let as_of = date(&app, params.as_of.as_deref())?;
    let language = preferred(&headers);
    let place = place_for_workbook(&app)?;
    let work = move |app: &App| {
        let (found, more) = overview::with_figures(app, by, as_of)?;
        let made = super::portfolio_workbook(&found, &more, language);
        made.map_err(|error| Refused::invalid("workbook", error.to_string()))
    };
    let made = app.run(work).await?;
    drop(place);
    let head = [
        (CONTENT_TYPE, XLSX.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"cartera-{as_of}.xlsx\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((head, Body::from(made)).into_response())
}

/// Figures of a client whom the caller sees; of one that was merged into another, the other's.
#[utoipa::path(get, path = "/v1/clients/{id}/figures", tag = "figures",
    security(("machine" = []), ("session" = [])),
    params(("id" = String, Path, description = "of the client"), AsOf),
    responses((status = OK, body = Value), (status = "4XX", body = ProblemBody)))]
async fn client_figures(
    State(app): State<App>,
    Office(by): Office,
    Id(client): Id<ClientId>,
    Params(params): Params<AsOf>,
) -> Result<axum::Json<Value>, Problem> {
    let as_of = date(&app, params.as_of.as_deref())?;
    let work = move |app: &App| super::client(app, by, client, as_of).map(|found| client_json(&found));
    Ok(axum::Json(app.run(work).await?))
}

/// What was computed on the whole base.
#[derive(Debug, Serialize, ToSchema)]
struct FitBody {
    /// Goes up each time.
    version: u32,
    as_of: String,
    /// First day of complete sales.
    history_start: String,
    /// Clients that were looked at.
    clients: u64,
    currencies: Vec<String>,
}

/// Computes what hangs on the whole base anew: models, classes' and scores' cuts, usual gaps, rules of cross-sell. Phones get it with their
/// next sync.
#[utoipa::path(post, path = "/v1/figures/refit", tag = "figures", security(("session" = [])),
    params(AsOf),
    responses((status = OK, body = FitBody), (status = "4XX", body = ProblemBody)))]
async fn refit_figures(
    State(app): State<App>,
    by: By,
    Params(params): Params<AsOf>,
) -> Result<axum::Json<Option<FitBody>>, Problem> {
    let as_of = date(&app, params.as_of.as_deref())?;
    let work = move |app: &App| {
        let fit = super::refit::refit(app, by, as_of)?;
        super::cross_sell::refit(app, by, as_of)?;
        Ok::<_, Refused>(fit)
    };
    let fit = app.run(work).await?;
    Ok(axum::Json(fit.map(|fit| FitBody {
        version: fit.version,
        as_of: fit.as_of.to_string(),
        history_start: fit.history_start.to_string(),
        clients: fit.clients,
        currencies: fit.by_currency.keys().map(ToString::to_string).collect(),
    })))
}
