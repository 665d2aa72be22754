//! `/v1/people`.

use axum::extract::State;
use axum::http::StatusCode;
use cartera_core::model::{PersonId, TerritoryId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::access::By;
use super::manage::{self, NewPerson};
use super::{Person, Role};
use crate::app::App;
use crate::devices::Purpose;
use crate::devices::enrol::{invitation, invite};
use crate::http::body::Json;
use crate::http::path::Id;
use crate::http::problem::{Problem, ProblemBody};
use crate::refused::Refused;
use crate::storage::people::PersonChange;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(change))
        .routes(routes!(leave))
        .routes(routes!(phone_code))
        .routes(routes!(login_code))
}

#[derive(Debug, Serialize, ToSchema)]
struct PersonBody {
    id: String,
    name: String,
    /// rep, manager, back_office, administrator
    role: &'static str,
    /// Sees every territory, and clients that have none.
    all_territories: bool,
    territories: Vec<String>,
    /// Grows whenever what the person may see changes.
    scope_version: u64,
    created_ms: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    left_ms: Option<i64>,
}

impl From<Person> for PersonBody {
    fn from(person: Person) -> Self {
        Self {
            id: person.id.to_string(),
            name: person.name,
            role: person.role.as_str(),
            all_territories: person.all_territories,
            territories: person.territories.iter().map(ToString::to_string).collect(),
            scope_version: person.scope_version,
            created_ms: person.created_ms,
            left_ms: person.left_ms,
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPersonBody {
    name: String,
    role: String,
    /// If it is not said: true for roles that see every client and have no territories by name.
    all_territories: Option<bool>,
    #[serde(default)]
    territories: Vec<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PersonChangeBody {
    name: Option<String>,
    role: Option<String>,
    all_territories: Option<bool>,
    /// All of them, replacing what was.
    territories: Option<Vec<String>>,
}

/// Shown once.
#[derive(Debug, Serialize, ToSchema)]
struct CodeBody {
    id: String,
    code: String,
    expires_ms: i64,
    /// What the QR code holds: address, code, pin.
    #[serde(skip_serializing_if = "Option::is_none")]
    invitation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    qr_svg: Option<String>,
}

fn role(text: &str) -> Result<Role, Refused> {
    Role::parse(text)
        .ok_or_else(|| Refused::invalid("role", "one of rep, manager, back_office, administrator"))
}

fn territories(texts: &[String]) -> Result<Vec<TerritoryId>, Refused> {
    let parse = |text: &String| text.parse().map_err(|_| Refused::unknown("territory", cut(text)));
    texts.iter().map(parse).collect()
}

fn cut(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Who works here, those who left included.
#[utoipa::path(get, path = "/v1/people", tag = "people", security(("session" = [])),
    responses((status = OK, body = Vec<PersonBody>), (status = "4XX", body = ProblemBody)))]
async fn list(State(app): State<App>, by: By) -> Result<axum::Json<Vec<PersonBody>>, Problem> {
    let people = app.run(move |app| manage::list(app, by)).await?;
    Ok(axum::Json(people.into_iter().map(Into::into).collect()))
}

/// Adds somebody.
#[utoipa::path(post, path = "/v1/people", tag = "people", security(("session" = [])), request_body = NewPersonBody,
    responses((status = CREATED, body = PersonBody), (status = "4XX", body = ProblemBody)))]
async fn add(
    State(app): State<App>,
    by: By,
    Json(body): Json<NewPersonBody>,
) -> Result<(StatusCode, axum::Json<PersonBody>), Problem> {
    let added = app
        .run(move |app| {
            let new = NewPerson {
                name: body.name,
                role: role(&body.role)?,
                all_territories: body.all_territories,
                territories: territories(&body.territories)?,
            };
            manage::add(app, by, &[new])
        })
        .await?;
    let person = added.into_iter().next().ok_or_else(Problem::internal)?;
    Ok((StatusCode::CREATED, axum::Json(person.into())))
}

/// Changes what is given.
#[utoipa::path(patch, path = "/v1/people/{id}", tag = "people", security(("session" = [])),
    params(("id" = String, Path)), request_body = PersonChangeBody,
    responses((status = OK, body = PersonBody), (status = "4XX", body = ProblemBody)))]
async fn change(
    State(app): State<App>,
    by: By,
    Id(id): Id<PersonId>,
    Json(body): Json<PersonChangeBody>,
) -> Result<axum::Json<PersonBody>, Problem> {
    let person = app
        .run(move |app| {
            let change = PersonChange {
                name: body.name,
                role: body.role.as_deref().map(role).transpose()?,
                all_territories: body.all_territories,
                territories: body.territories.as_deref().map(territories).transpose()?,
            };
            manage::change(app, by, id, change)
        })
        .await?;
    Ok(axum::Json(person.into()))
}

/// The person works here no more: phones are revoked and told to hand unsent work in, logins end.
#[utoipa::path(post, path = "/v1/people/{id}/leave", tag = "people", security(("session" = [])),
    params(("id" = String, Path)),
    responses((status = OK, body = PersonBody), (status = "4XX", body = ProblemBody)))]
async fn leave(
    State(app): State<App>,
    by: By,
    Id(id): Id<PersonId>,
) -> Result<axum::Json<PersonBody>, Problem> {
    let person = app.run(move |app| manage::leave(app, by, id)).await?;
    Ok(axum::Json(person.into()))
}

/// A one-time code that links a phone to the person, good for 15 minutes.
#[utoipa::path(post, path = "/v1/people/{id}/phone-code", tag = "people", security(("session" = [])),
    params(("id" = String, Path)),
    responses((status = CREATED, body = CodeBody), (status = "4XX", body = ProblemBody)))]
async fn phone_code(
    State(app): State<App>,
    by: By,
    Id(id): Id<PersonId>,
) -> Result<(StatusCode, axum::Json<CodeBody>), Problem> {
    let made = app.run(move |app| invite(app, by, id, Purpose::Device)).await?;
    let invitation = invitation(&app, &made.code).to_string();
    let qr_svg = crate::cli::qr::svg(&invitation);
    let body = CodeBody {
        id: made.id.to_string(),
        code: made.code,
        expires_ms: made.expires_ms,
        invitation: Some(invitation),
        qr_svg,
    };
    Ok((StatusCode::CREATED, axum::Json(body)))
}

/// A one-time code with which the person logs in, good for 15 minutes.
#[utoipa::path(post, path = "/v1/people/{id}/login-code", tag = "people", security(("session" = [])),
    params(("id" = String, Path)),
    responses((status = CREATED, body = CodeBody), (status = "4XX", body = ProblemBody)))]
async fn login_code(
    State(app): State<App>,
    by: By,
    Id(id): Id<PersonId>,
) -> Result<(StatusCode, axum::Json<CodeBody>), Problem> {
    let made = app.run(move |app| invite(app, by, id, Purpose::Session)).await?;
    let body = CodeBody {
        id: made.id.to_string(),
        code: made.code,
        expires_ms: made.expires_ms,
        invitation: None,
        qr_svg: None,
    };
    Ok((StatusCode::CREATED, axum::Json(body)))
}
