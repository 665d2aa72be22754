//! `POST /v1/enrol`: the phone's side of linking it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use cartera_core::sync::wire;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::enrol::{self, EnrolError};
use crate::app::App;
use crate::http::auth::refused;
use crate::http::body::WireBody;
use crate::http::problem::{Problem, ProblemBody};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(link))
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
