//! `/health/live`: the process answers. `/health/ready`: so does its store. `/health`: the same, and how old the last
//! proof is that there is a backup, and whether rows are being made anew.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::problem::{Problem, ProblemBody};
use crate::app::App;
use crate::storage::StorageError;
use crate::telemetry::last_sound;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Health {
    /// `ok`.
    status: &'static str,
    version: &'static str,
    /// When a backup was last looked through to its end and found sound, in milliseconds since 1970; `/health` alone
    /// says it, once there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    backup_verified_ms: Option<i64>,
    /// While rows are made anew after an update, how much of it is done, in percent: exports, figures and lists answer
    /// `projecting` until then, and phones sync as ever. `/health` alone says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    projecting_percent: Option<u8>,
}

const OK: Health = Health {
    status: "ok",
    version: env!("CARGO_PKG_VERSION"),
    backup_verified_ms: None,
    projecting_percent: None,
};

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

/// The process and its store answer; when a backup was last found sound; and whether rows are being made anew.
#[utoipa::path(get, path = "/health", tag = "operations", responses(
    (status = OK, body = Health),
    (status = "5XX", body = ProblemBody, content_type = "application/problem+json"),
))]
async fn health(State(app): State<App>) -> Result<Json<Health>, Problem> {
    let (checks, projecting_percent) = app
        .run(|app| -> Result<_, StorageError> { Ok((app.storage.checks()?, app.storage.projecting()?)) })
        .await?;
    Ok(Json(Health { backup_verified_ms: last_sound(&checks), projecting_percent, ..OK }))
}
