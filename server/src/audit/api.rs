//! `/v1/audit`.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{PAGE_MAX, Recorded};
use crate::app::App;
use crate::http::path::Params;
use crate::http::problem::{Problem, ProblemBody};
use crate::people::access::By;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Page {
    /// Only what came after this number.
    #[serde(default)]
    after: u64,
    /// At most so many, up to 1000.
    limit: Option<usize>,
}

#[derive(Debug, Serialize, ToSchema)]
struct DeedBody {
    number: u64,
    at_ms: i64,
    /// The kind of actor, and its id.
    actor: String,
    action: String,
    subject: String,
    detail: String,
}

impl From<Recorded> for DeedBody {
    fn from(deed: Recorded) -> Self {
        Self {
            number: deed.number,
            at_ms: deed.at_ms,
            actor: deed.actor_text(),
            subject: deed.subject_text(),
            action: deed.action,
            detail: deed.detail,
        }
    }
}

/// Who did what, in order.
#[utoipa::path(get, path = "/v1/audit", tag = "audit", security(("session" = [])), params(Page),
    responses((status = OK, body = Vec<DeedBody>), (status = "4XX", body = ProblemBody)))]
async fn list(
    State(app): State<App>,
    by: By,
    Params(page): Params<Page>,
) -> Result<axum::Json<Vec<DeedBody>>, Problem> {
    let limit = page.limit.unwrap_or(PAGE_MAX);
    let deeds = app.run(move |app| super::read(app, by, page.after, limit)).await?;
    Ok(axum::Json(deeds.into_iter().map(Into::into).collect()))
}
