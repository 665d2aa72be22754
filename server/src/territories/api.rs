//! `/v1/territories`.

use axum::extract::State;
use axum::http::StatusCode;
use cartera_core::model::TerritoryId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Territory;
use crate::app::App;
use crate::http::body::Json;
use crate::http::path::Id;
use crate::http::problem::{Problem, ProblemBody};
use crate::people::access::By;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(rename))
}

#[derive(Debug, Serialize, ToSchema)]
struct TerritoryBody {
    id: String,
    name: String,
    created_ms: i64,
    /// Clients that belong to nobody are here.
    unassigned: bool,
}

impl From<Territory> for TerritoryBody {
    fn from(territory: Territory) -> Self {
        Self {
            id: territory.id.to_string(),
            name: territory.name,
            created_ms: territory.created_ms,
            unassigned: territory.id == super::UNASSIGNED,
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NameBody {
    name: String,
}

/// All of them.
#[utoipa::path(get, path = "/v1/territories", tag = "territories", security(("session" = [])),
    responses((status = OK, body = Vec<TerritoryBody>), (status = "4XX", body = ProblemBody)))]
async fn list(State(app): State<App>, by: By) -> Result<axum::Json<Vec<TerritoryBody>>, Problem> {
    let territories = app.run(move |app| super::list(app, by)).await?;
    Ok(axum::Json(territories.into_iter().map(Into::into).collect()))
}

/// Adds one.
#[utoipa::path(post, path = "/v1/territories", tag = "territories", security(("session" = [])),
    request_body = NameBody,
    responses((status = CREATED, body = TerritoryBody), (status = "4XX", body = ProblemBody)))]
async fn add(
    State(app): State<App>,
    by: By,
    Json(body): Json<NameBody>,
) -> Result<(StatusCode, axum::Json<TerritoryBody>), Problem> {
    let territory = app.run(move |app| super::add(app, by, &body.name)).await?;
    Ok((StatusCode::CREATED, axum::Json(territory.into())))
}

/// Gives it another name.
#[utoipa::path(patch, path = "/v1/territories/{id}", tag = "territories", security(("session" = [])),
    params(("id" = String, Path)), request_body = NameBody,
    responses((status = NO_CONTENT), (status = "4XX", body = ProblemBody)))]
async fn rename(
    State(app): State<App>,
    by: By,
    Id(id): Id<TerritoryId>,
    Json(body): Json<NameBody>,
) -> Result<StatusCode, Problem> {
    app.run(move |app| super::rename(app, by, id, &body.name)).await?;
    Ok(StatusCode::NO_CONTENT)
}
