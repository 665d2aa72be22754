//! `GET /v1/clients/{client}/document` and `GET /v1/clients/{client}/history`.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::Response;
use cartera_core::model::ClientId;
use cartera_core::sync::wire::PageDocument;
use sha2::{Digest, Sha256};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::history::{History, HistoryBody};
use super::{DocumentError, document};
use crate::app::App;
use crate::export::access::Reader;
use crate::export::answer::Answer;
use crate::http::path::Id;
use crate::http::pieces::pieces;
use crate::http::problem::{Problem, ProblemBody};
use crate::secret::to_base32;

/// In an answer's head: the client that counts instead of the one that was asked for, where clients were merged.
const ALIAS_OF: HeaderName = HeaderName::from_static("cartera-alias-of");

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_document)).routes(routes!(get_history))
}

/// A client's document, as any Automerge library loads it (`core/docs/document.md` says what is in it).
///
/// A client that was merged into another has its own document still; `Cartera-Alias-Of` in the answer's head names the
/// one that counts.
#[utoipa::path(get, path = "/v1/clients/{client}/document", tag = "export",
    security(("machine" = []), ("session" = [])), params(("client" = String, Path)),
    responses(
        (status = OK, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = NOT_MODIFIED, description = "the entity tag in If-None-Match still holds"),
        (status = GONE, body = ProblemBody, content_type = "application/problem+json",
            description = "erased: the client's data were erased for good"),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn get_document(
    State(app): State<App>,
    reader: Reader,
    Id(client): Id<ClientId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    reader.require(&app, client).await?;
    let page = app.run(move |app| document(&*app.storage, client)).await?;
    let answer = answer(&page, "document")?;
    if answer.is_known(&headers) {
        return Ok(answer.unchanged());
    }
    let name = format!("{client}.automerge");
    answer.file(&name, "application/octet-stream", Body::from(page.snapshot.0))
}

/// The changes of a client's document in the order in which the relay took them: who wrote each, when by the phone's
/// clock, when it was received, and what it put or deleted.
#[utoipa::path(get, path = "/v1/clients/{client}/history", tag = "export",
    security(("machine" = []), ("session" = [])), params(("client" = String, Path)),
    responses(
        (status = OK, body = HistoryBody),
        (status = NOT_MODIFIED, description = "the entity tag in If-None-Match still holds"),
        (status = GONE, body = ProblemBody, content_type = "application/problem+json",
            description = "erased: the client's data were erased for good"),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn get_history(
    State(app): State<App>,
    reader: Reader,
    Id(client): Id<ClientId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    reader.require(&app, client).await?;
    let history = app.run(move |app| History::begin(&*app.storage, client)).await?;
    let answer = answer(history.standing(), "history")?;
    if answer.is_known(&headers) {
        return Ok(answer.unchanged());
    }
    let body = pieces(app, history, |history, app| history.next(&*app.storage));
    answer.file(&format!("{client}.json"), "application/json", body)
}

/// What both answers begin with.
fn answer(standing: &PageDocument, what: &str) -> Result<Answer, Problem> {
    let mut hash = Sha256::new();
    hash.update(what);
    hash.update(standing.number.to_be_bytes());
    standing.heads.iter().for_each(|head| hash.update(head.0));
    let answer = Answer::new(&to_base32(&hash.finalize()[..15]))?;
    match standing.alias_of {
        Some(kept) => answer.with(ALIAS_OF, &kept.to_string()),
        None => Ok(answer),
    }
}

impl From<DocumentError> for Problem {
    fn from(error: DocumentError) -> Self {
        let status = match &error {
            DocumentError::Unknown(_) => StatusCode::NOT_FOUND,
            DocumentError::Erased(_) => StatusCode::GONE,
            DocumentError::Storage(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        match error {
            DocumentError::Storage(error) => error.into(),
            error => Self::new(status, error.code()).detail(error.to_string()),
        }
    }
}
