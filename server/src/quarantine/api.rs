//! `/v1/quarantine`.

use axum::extract::State;
use axum::http::StatusCode;
use cartera_core::model::ClientId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::LISTED_MAX;
use crate::app::App;
use crate::http::body::Json;
use crate::http::path::{Id, Params};
use crate::http::problem::{Problem, ProblemBody};
use crate::people::access::By;
use crate::refused::Refused;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(accept))
        .routes(routes!(refuse))
        .routes(routes!(accept_all))
}

#[derive(Debug, Serialize, ToSchema)]
struct QuarantinedBody {
    /// By which it is taken or not.
    id: u64,
    device: String,
    /// The client in whose document it would go.
    client: String,
    bytes: usize,
    offered_ms: i64,
}

#[derive(Debug, Deserialize)]
struct ListParams {
    #[serde(default)]
    after: u64,
    limit: Option<usize>,
}

/// Changes that phones offered after a restore without a proof, oldest first.
#[utoipa::path(get, path = "/v1/quarantine", tag = "quarantine", security(("session" = [])),
    params(("after" = Option<u64>, Query, description = "Only after this id"), ("limit" = Option<usize>, Query)),
    responses((status = OK, body = Vec<QuarantinedBody>), (status = "4XX", body = ProblemBody)))]
async fn list(
    State(app): State<App>,
    by: By,
    Params(params): Params<ListParams>,
) -> Result<axum::Json<Vec<QuarantinedBody>>, Problem> {
    let limit = params.limit.unwrap_or(LISTED_MAX);
    let found = app.run(move |app| super::list(app, by, params.after, limit)).await?;
    let body = found.into_iter().map(|change| QuarantinedBody {
        id: change.refusal,
        device: change.device.to_string(),
        client: change.document.to_string(),
        bytes: change.bytes.len(),
        offered_ms: change.at_ms,
    });
    Ok(axum::Json(body.collect()))
}

#[derive(Debug, Serialize, ToSchema)]
struct AcceptedBody {
    /// Of the entry in the log.
    number: u64,
}

/// Takes a change into its client's document.
#[utoipa::path(post, path = "/v1/quarantine/{change}/accept", tag = "quarantine", security(("session" = [])),
    params(("change" = u64, Path)),
    responses((status = OK, body = AcceptedBody), (status = "4XX", body = ProblemBody,
        description = "conflict: it builds on another one that has to be taken first, or cannot be taken any more")))]
async fn accept(
    State(app): State<App>,
    by: By,
    Id(change): Id<u64>,
) -> Result<axum::Json<AcceptedBody>, Problem> {
    let number = app.run(move |app| super::accept(app, by, change)).await?;
    Ok(axum::Json(AcceptedBody { number }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AcceptAllBody {
    client: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct AcceptedAllBody {
    taken: usize,
    /// They build on what is not here, or cannot be taken any more.
    left: usize,
    /// Others wait: ask again.
    more: bool,
}

/// Takes what waits for a client, in the order in which it was offered; at most 1,000 changes at one time.
#[utoipa::path(post, path = "/v1/quarantine/accept", tag = "quarantine", security(("session" = [])),
    request_body = AcceptAllBody,
    responses((status = OK, body = AcceptedAllBody), (status = "4XX", body = ProblemBody)))]
async fn accept_all(
    State(app): State<App>,
    by: By,
    Json(body): Json<AcceptAllBody>,
) -> Result<axum::Json<AcceptedAllBody>, Problem> {
    let client = body.client.parse::<ClientId>().map_err(|_| Refused::unknown("client", &body.client))?;
    let accepted = app.run(move |app| super::accept_all(app, by, client)).await?;
    Ok(axum::Json(AcceptedAllBody { taken: accepted.taken, left: accepted.left, more: accepted.more }))
}

/// Does not take a change: it stays on the list of refused work.
#[utoipa::path(post, path = "/v1/quarantine/{change}/refuse", tag = "quarantine", security(("session" = [])),
    params(("change" = u64, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = ProblemBody)))]
async fn refuse(State(app): State<App>, by: By, Id(change): Id<u64>) -> Result<StatusCode, Problem> {
    app.run(move |app| super::refuse(app, by, change)).await?;
    Ok(StatusCode::NO_CONTENT)
}
