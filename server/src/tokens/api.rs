//! `/v1/tokens` for programs, `/v1/session` for people.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use cartera_core::model::TokenId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::manage::{self, LoginError};
use super::{MachineToken, Scope, Session};
use crate::app::App;
use crate::http::auth::{Person, refused};
use crate::http::body::Json;
use crate::http::path::Id;
use crate::http::problem::{Problem, ProblemBody};
use crate::people::access::By;
use crate::refused::Refused;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(revoke))
        .routes(routes!(log_in, whoami, log_out))
}

#[derive(Debug, Serialize, ToSchema)]
struct TokenBody {
    id: String,
    name: String,
    /// export, office_write, orders, metrics
    scopes: Vec<&'static str>,
    created_ms: i64,
    expires_ms: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_ms: Option<i64>,
    /// To the nearest hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    used_ms: Option<i64>,
    /// Shown once, when it is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

impl From<MachineToken> for TokenBody {
    fn from(token: MachineToken) -> Self {
        Self {
            id: token.id.to_string(),
            name: token.name,
            scopes: token.scopes.iter().map(|scope| scope.name()).collect(),
            created_ms: token.created_ms,
            expires_ms: token.expires_ms,
            revoked_ms: token.revoked_ms,
            used_ms: token.used_ms,
            token: None,
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewTokenBody {
    name: String,
    scopes: Vec<String>,
    /// Until it expires; a year if it is not said.
    days: Option<u32>,
}

/// All tokens, with last use.
#[utoipa::path(get, path = "/v1/tokens", tag = "tokens", security(("session" = [])),
    responses((status = OK, body = Vec<TokenBody>), (status = "4XX", body = ProblemBody)))]
async fn list(State(app): State<App>, by: By) -> Result<axum::Json<Vec<TokenBody>>, Problem> {
    let tokens = app.run(move |app| manage::list(app, by)).await?;
    Ok(axum::Json(tokens.into_iter().map(Into::into).collect()))
}

/// Makes a token; its text is in this answer and never again.
#[utoipa::path(post, path = "/v1/tokens", tag = "tokens", security(("session" = [])), request_body = NewTokenBody,
    responses((status = CREATED, body = TokenBody), (status = "4XX", body = ProblemBody)))]
async fn create(State(app): State<App>, by: By, Json(body): Json<NewTokenBody>) -> Result<Response, Problem> {
    let made = app
        .run(move |app| {
            let parse = |text: &String| text.parse::<Scope>().map_err(|why| Refused::invalid("scopes", why));
            let scopes: Vec<_> = body.scopes.iter().map(parse).collect::<Result<_, _>>()?;
            manage::create(app, by, &body.name, &scopes, body.days.unwrap_or(365))
        })
        .await?;
    let body = TokenBody { token: Some(made.text), ..made.token.into() };
    Ok((StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], axum::Json(body)).into_response())
}

/// Accepts it no more.
#[utoipa::path(post, path = "/v1/tokens/{id}/revoke", tag = "tokens", security(("session" = [])),
    params(("id" = String, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = ProblemBody)))]
async fn revoke(State(app): State<App>, by: By, Id(id): Id<TokenId>) -> Result<StatusCode, Problem> {
    app.run(move |app| manage::revoke(app, by, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LoginBody {
    /// The one-time code.
    code: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct SessionBody {
    person: String,
    role: &'static str,
    expires_ms: i64,
    /// For `Authorization: Bearer`; shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

impl From<Session> for SessionBody {
    fn from(session: Session) -> Self {
        Self {
            person: session.person.to_string(),
            role: session.role.as_str(),
            expires_ms: session.expires_ms,
            token: None,
        }
    }
}

/// Trades a one-time code for a session of 12 hours.
#[utoipa::path(post, path = "/v1/session", tag = "session", request_body = LoginBody,
    responses((status = CREATED, body = SessionBody), (status = "4XX", body = ProblemBody)))]
async fn log_in(
    State(app): State<App>,
    parts: Parts,
    Json(body): Json<LoginBody>,
) -> Result<Response, Problem> {
    let outcome = app.run(move |app| Ok::<_, Problem>(manage::log_in(app, &body.code, ""))).await?;
    match outcome {
        Ok((token, session)) => {
            let body = SessionBody { token: Some(token), ..session.into() };
            Ok((StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], axum::Json(body)).into_response())
        }
        Err(LoginError::Storage(error)) => Err(error.into()),
        Err(error) => {
            let (status, code) = match error {
                LoginError::Expired => (StatusCode::GONE, "expired"),
                LoginError::Left => (StatusCode::FORBIDDEN, "revoked"),
                _ => (StatusCode::UNAUTHORIZED, "unauthenticated"),
            };
            Err(refused(&app, &parts, Problem::new(status, code).detail(error.to_string())))
        }
    }
}

/// Who is logged in with this token.
#[utoipa::path(get, path = "/v1/session", tag = "session", security(("session" = [])),
    responses((status = OK, body = SessionBody), (status = "4XX", body = ProblemBody)))]
async fn whoami(Person(session): Person) -> axum::Json<SessionBody> {
    axum::Json(session.into())
}

/// Ends the session.
#[utoipa::path(delete, path = "/v1/session", tag = "session", security(("session" = [])),
    responses((status = NO_CONTENT), (status = "4XX", body = ProblemBody)))]
async fn log_out(State(app): State<App>, Person(session): Person) -> Result<StatusCode, Problem> {
    app.run(move |app| manage::log_out(app, &session)).await?;
    Ok(StatusCode::NO_CONTENT)
}
