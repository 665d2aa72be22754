//! `/v1/settings`.

use std::collections::BTreeMap;

use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::policy::{Asked, change, read};
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
    /// Per cent that reps may take off, whatever the conditions say; an order with more is flagged.
    #[serde(skip_serializing_if = "Option::is_none")]
    rep_discount_percent: Option<u16>,
    /// Fields of a client's profile that the ERP owns, once it knows the client: a rep's edit of one is a request for
    /// change.
    erp_fields: Vec<String>,
    /// How figures are computed, as far as it is set: `sales_source`, `history_start`, `status_rule`, `retention_months`,
    /// `value_months`, `discount_basis_points` (a month), `nps_answers_min`,
    /// `cross_sell_clients_min`, `cross_sell_support_percent`, `cross_sell_lift_percent`,
    /// `visit_days_a`, `visit_days_b`, `visit_days_c`, `visit_weeks_a`, `visit_weeks_b`, `visit_weeks_c`, `align_easter`.
    /// Each is changed by its name.
    #[serde(flatten)]
    figures: BTreeMap<&'static str, String>,
    /// Per cent of the clients whose sales have to change before what hangs on the whole base is computed anew.
    refit_share_percent: u16,
    /// Hours that have to pass between one time and the next.
    refit_hours: u16,
}

impl From<Asked> for SettingsBody {
    fn from(asked: Asked) -> Self {
        let policy = asked.policy;
        Self {
            offline_days: policy.offline_days.unwrap_or(0),
            write_after_leave_days: policy.write_after_leave_days,
            sales_months: policy.sales_months,
            rep_discount_percent: asked.rep_discount_percent,
            erp_fields: asked.erp_fields,
            figures: asked.figures,
            refit_share_percent: asked.refit.share_percent,
            refit_hours: asked.refit.hours,
        }
    }
}

/// What the workspace asks.
#[utoipa::path(get, path = "/v1/settings", tag = "settings", security(("session" = [])),
    responses((status = OK, body = SettingsBody), (status = "4XX", body = ProblemBody)))]
async fn show(State(app): State<App>, by: By) -> Result<axum::Json<SettingsBody>, Problem> {
    Ok(axum::Json(app.run(move |app| read(app, by)).await?.into()))
}

/// Changes those that are named: all of them or none. `null` takes away what may be missing.
#[utoipa::path(patch, path = "/v1/settings", tag = "settings", security(("session" = [])),
    request_body = SettingsBody,
    responses((status = OK, body = SettingsBody), (status = "4XX", body = ProblemBody)))]
async fn write(
    State(app): State<App>,
    by: By,
    Json(body): Json<BTreeMap<String, Value>>,
) -> Result<axum::Json<SettingsBody>, Problem> {
    let changes: Vec<_> = body.into_iter().map(|(name, value)| (name, plain(&value))).collect();
    Ok(axum::Json(app.run(move |app| change(app, by, &changes)).await?.into()))
}

/// A value as the command line would give it: a list with blanks between.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}
