//! `/health/live`: the process answers. `/health/ready`: so does its store. `/health` is the same as ready.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::problem::{Problem, ProblemBody};
use crate::app::App;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Health {
    /// `ok`.
    status: &'static str,
    version: &'static str,
}

const OK: Health = Health { status: "ok", version: env!("CARGO_PKG_VERSION") };

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(live)).routes(routes!(ready)).routes(routes!(health))
}

/// The process answers.
#[utoipa::path(get, path = "/health/live", tag = "operations", responses((status = OK, body = Health)))]
async fn live() -> Json<Health> {
    Json(OK)
}

/// The process and its store answer.
#[utoipa::path(get, path = "/health/ready", tag = "operations", responses(
    (status = OK, body = Health),
    (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn ready(State(app): State<App>) -> Result<Json<Health>, Problem> {
    app.run(|app| app.storage.ping()).await?;
    Ok(Json(OK))
}

/// The same as `/health/ready`.
#[utoipa::path(get, path = "/health", tag = "operations", responses(
    (status = OK, body = Health),
    (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn health(state: State<App>) -> Result<Json<Health>, Problem> {
    ready(state).await
}
