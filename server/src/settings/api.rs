//! `/v1/settings`.

use std::collections::BTreeMap;

use axum::extract::State;
use cartera_core::sync::wire::Policy;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::policy::{change, read};
use crate::app::App;
use crate::http::body::Json;
use crate::http::problem::{Problem, ProblemBody};
use crate::people::access::By;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show, write))
}

#[derive(Debug, Serialize, ToSchema)]
struct SettingsBody {
    /// Days without a sync after which the app locks until it has synced; 0: never.
    offline_days: u16,
    /// Days for which a client that left a phone's scope may still be written to by it.
    write_after_leave_days: u16,
    /// Months of sales with their lines that phones keep.
    sales_months: u16,
}

impl From<Policy> for SettingsBody {
    fn from(policy: Policy) -> Self {
        Self {
            offline_days: policy.offline_days.unwrap_or(0),
            write_after_leave_days: policy.write_after_leave_days,
            sales_months: policy.sales_months,
        }
    }
}

/// What the workspace asks of its phones.
#[utoipa::path(get, path = "/v1/settings", tag = "settings", security(("session" = [])),
    responses((status = OK, body = SettingsBody), (status = "4XX", body = ProblemBody)))]
async fn show(State(app): State<App>, by: By) -> Result<axum::Json<SettingsBody>, Problem> {
    Ok(axum::Json(app.run(move |app| read(app, by)).await?.into()))
}

/// Changes those that are named: all of them or none.
#[utoipa::path(patch, path = "/v1/settings", tag = "settings", security(("session" = [])),
    request_body = BTreeMap<String, u16>,
    responses((status = OK, body = SettingsBody), (status = "4XX", body = ProblemBody)))]
async fn write(
    State(app): State<App>,
    by: By,
    Json(body): Json<BTreeMap<String, u16>>,
) -> Result<axum::Json<SettingsBody>, Problem> {
    let changes: Vec<_> = body.into_iter().map(|(name, value)| (name, value.to_string())).collect();
    Ok(axum::Json(app.run(move |app| change(app, by, &changes)).await?.into()))
}
