//! `GET /v1/clients/{client}/disclosure`.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use cartera_core::model::{ClientId, PartId};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Person, disclose, file_name};
use crate::app::App;
use crate::http::path::{Id, Params};
use crate::http::problem::{Problem, ProblemBody};
use crate::people::access::By;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(disclosure))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Whose {
    /// One of the client's contacts, by its own id; without it, the client.
    contact: Option<String>,
}

/// Everything that the workspace holds about a client who is a person, or about one of a client's contacts, in one ZIP
/// archive: data as JSON, and a summary in Spanish and in English. For who asks for it by right; written into the audit.
#[utoipa::path(get, path = "/v1/clients/{client}/disclosure", tag = "clients", security(("session" = [])),
    params(("client" = String, Path), Whose),
    responses(
        (status = OK, body = Vec<u8>, content_type = "application/zip"),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn disclosure(
    State(app): State<App>,
    by: By,
    Id(client): Id<ClientId>,
    Params(whose): Params<Whose>,
) -> Result<Response, Problem> {
    let contact = whose.contact.map(|text| text.parse::<PartId>()).transpose();
    let contact =
        contact.map_err(|_| Problem::bad_request("malformed").detail("contact: an id of 26 characters"))?;
    let person = Person { client, contact };
    let file = app.run(move |app| disclose(app, by, person)).await?;
    let head = [
        (CONTENT_TYPE, "application/zip".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file_name(person))),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((head, Body::from(file)).into_response())
}
