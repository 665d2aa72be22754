//! `POST /v1/enrol`, the phone's side of linking it, and `/v1/devices`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use cartera_core::model::DeviceId;
use cartera_core::sync::wire;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::enrol::{self, EnrolError};
use super::{Device, RevokeOrder, manage};
use crate::app::App;
use crate::http::auth::refused;
use crate::http::body::{Json, WireBody};
use crate::http::path::Id;
use crate::http::problem::{Problem, ProblemBody};
use crate::people::access::By;
use crate::refused::Refused;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(link))
        .routes(routes!(list))
        .routes(routes!(revoke))
        .routes(routes!(confirm))
}

/// Trades a one-time code and the hash of a token for a device. Bodies are CBOR, see `core/docs/protocol.md`.
#[utoipa::path(post, path = "/v1/enrol", tag = "devices",
    request_body(content = Vec<u8>, content_type = "application/vnd.cartera.sync"),
    responses(
        (status = OK, body = Vec<u8>, content_type = "application/vnd.cartera.sync"),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json",
            description = "not_found: the code is unknown. expired: ask for a new one. conflict: another phone used it, or the person has too many. \
                           revoked, wrong_workspace, unsupported_version, malformed, rate_limited."),
    ))]
async fn link(State(app): State<App>, parts: Parts, body: WireBody) -> Result<Response, Problem> {
    let request = body.decode()?;
    let reply = app.run(move |app| Ok::<_, Problem>(enrol::enrol(app, &request))).await?;
    match reply {
        Ok(reply) => {
            let headers = [(CONTENT_TYPE, wire::MEDIA_TYPE), (CACHE_CONTROL, "no-store")];
            Ok((headers, wire::encode(&reply)?).into_response())
        }
        Err(error) => {
            let counts = matches!(
                error,
                EnrolError::UnknownCode | EnrolError::Expired | EnrolError::Used | EnrolError::Revoked
            );
            let problem = error.into();
            Err(if counts { refused(&app, &parts, problem) } else { problem })
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct DeviceBody {
    id: String,
    person: String,
    name: String,
    enrolled_ms: i64,
    /// To the nearest five minutes.
    seen_ms: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_ms: Option<i64>,
    /// salvage or wipe
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<&'static str>,
    /// The relay was restored without its journal: it serves this phone once an administrator has confirmed it.
    unconfirmed: bool,
}

impl From<Device> for DeviceBody {
    fn from(device: Device) -> Self {
        Self {
            id: device.id.to_string(),
            person: device.person.to_string(),
            name: device.name,
            enrolled_ms: device.enrolled_ms,
            seen_ms: device.seen_ms,
            revoked_ms: device.revoked.map(|revoked| revoked.at_ms),
            order: device.revoked.map(|revoked| revoked.order.name()),
            unconfirmed: device.unconfirmed,
        }
    }
}

/// All phones, revoked ones included.
#[utoipa::path(get, path = "/v1/devices", tag = "devices", security(("session" = [])),
    responses((status = OK, body = Vec<DeviceBody>), (status = "4XX", body = ProblemBody)))]
async fn list(State(app): State<App>, by: By) -> Result<axum::Json<Vec<DeviceBody>>, Problem> {
    let devices = app.run(move |app| manage::list(app, by, None)).await?;
    Ok(axum::Json(devices.into_iter().map(Into::into).collect()))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RevokeBody {
    /// What becomes of unsent work: salvage or wipe.
    order: String,
}

/// Serves the phone nothing more. The order is kept; phones are not given it yet.
#[utoipa::path(post, path = "/v1/devices/{id}/revoke", tag = "devices", security(("session" = [])),
    params(("id" = String, Path)), request_body = RevokeBody,
    responses((status = NO_CONTENT), (status = "4XX", body = ProblemBody)))]
async fn revoke(
    State(app): State<App>,
    by: By,
    Id(id): Id<DeviceId>,
    Json(body): Json<RevokeBody>,
) -> Result<StatusCode, Problem> {
    app.run(move |app| {
        let order = RevokeOrder::from_name(&body.order)
            .ok_or_else(|| Refused::invalid("order", "one of salvage, wipe"))?;
        manage::revoke(app, by, id, order)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which phones: `devices` names them, or `all` is true.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConfirmBody {
    /// At most 1,000.
    devices: Option<Vec<String>>,
    #[serde(default)]
    all: bool,
}

#[derive(Debug, Serialize, ToSchema)]
struct ConfirmedBody {
    /// Of those named, how many waited for it.
    confirmed: usize,
}

/// Serves phones again after a restore of the relay without its journal, once somebody knows that none of them was lost.
#[utoipa::path(post, path = "/v1/devices/confirm", tag = "devices", security(("session" = [])),
    request_body = ConfirmBody,
    responses((status = OK, body = ConfirmedBody), (status = "4XX", body = ProblemBody)))]
async fn confirm(
    State(app): State<App>,
    by: By,
    Json(body): Json<ConfirmBody>,
) -> Result<axum::Json<ConfirmedBody>, Problem> {
    let parse = |text: &String| text.parse::<DeviceId>().map_err(|_| Refused::unknown("device", text));
    let ids = match (&body.devices, body.all) {
        (Some(devices), false) => Some(devices.iter().map(parse).collect::<Result<Vec<_>, _>>()?),
        (None, true) => None,
        _ => return Err(Refused::invalid("devices", "ids of phones, or `all` as true").into()),
    };
    let confirmed = app.run(move |app| manage::confirm(app, by, ids.as_deref())).await?;
    Ok(axum::Json(ConfirmedBody { confirmed }))
}

impl From<EnrolError> for Problem {
    fn from(error: EnrolError) -> Self {
        let (status, code) = match &error {
            EnrolError::UnknownCode => (StatusCode::NOT_FOUND, "not_found"),
            EnrolError::Expired => (StatusCode::GONE, "expired"),
            EnrolError::Used | EnrolError::TokenTaken | EnrolError::TooManyDevices => {
                (StatusCode::CONFLICT, "conflict")
            }
            EnrolError::Revoked => (StatusCode::FORBIDDEN, "revoked"),
            EnrolError::OtherWorkspace => (StatusCode::CONFLICT, "wrong_workspace"),
            EnrolError::Version(_) => (StatusCode::UPGRADE_REQUIRED, "unsupported_version"),
            EnrolError::Name => (StatusCode::BAD_REQUEST, "malformed"),
            EnrolError::Storage(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        };
        match error {
            EnrolError::Storage(error) => error.into(),
            error => Self::new(status, code).detail(error.to_string()),
        }
    }
}
