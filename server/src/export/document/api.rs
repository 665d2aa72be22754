//! `GET /v1/clients/{client}/document` and `GET /v1/clients/{client}/history`.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use cartera_core::model::ClientId;
use cartera_core::sync::wire::PageDocument;
use futures_util::stream;
use sha2::{Digest, Sha256};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::history::{History, HistoryBody};
use super::{DocumentError, document};
use crate::app::App;
use crate::export::access::Reader;
use crate::export::api::matches;
use crate::http::path::Id;
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
    _: Reader,
    Id(client): Id<ClientId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let page = app.run(move |app| document(&*app.storage, client)).await?;
    let head = match head(&page, &headers, "automerge")? {
        Ok(head) => head,
        Err(not_modified) => return Ok(not_modified),
    };
    let kind = [(CONTENT_TYPE, "application/octet-stream")];
    Ok((head, kind, Bytes::from(page.snapshot.0)).into_response())
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
    _: Reader,
    Id(client): Id<ClientId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let history = app.run(move |app| History::begin(&*app.storage, client)).await?;
    let head = match head(history.standing(), &headers, "json")? {
        Ok(head) => head,
        Err(not_modified) => return Ok(not_modified),
    };
    let kind = [(CONTENT_TYPE, "application/json")];
    Ok((head, kind, body(app, history)).into_response())
}

/// What both answers begin with; or that nothing is new.
fn head(
    standing: &PageDocument,
    asked: &HeaderMap,
    extension: &str,
) -> Result<Result<HeaderMap, Response>, Problem> {
    let mut hash = Sha256::new();
    hash.update(extension);
    hash.update(standing.number.to_be_bytes());
    standing.heads.iter().for_each(|head| hash.update(head.0));
    let tag = format!("W/\"{}\"", to_base32(&hash.finalize()[..15]));
    let value = |text: &str| HeaderValue::from_str(text).map_err(|_| Problem::internal());
    let mut head = HeaderMap::new();
    head.insert(ETAG, value(&tag)?);
    head.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    head.insert(VARY, HeaderValue::from_static("authorization"));
    if let Some(kept) = standing.alias_of {
        head.insert(ALIAS_OF, value(&kept.to_string())?);
    }
    if matches(asked, &tag) {
        return Ok(Err((StatusCode::NOT_MODIFIED, head).into_response()));
    }
    let name = format!("attachment; filename=\"{}.{extension}\"", standing.document);
    head.insert(CONTENT_DISPOSITION, value(&name)?);
    Ok(Ok(head))
}

/// Pieces are read when the reader has taken the one before. A failure breaks the answer off.
fn body(app: App, history: History) -> Body {
    Body::from_stream(stream::try_unfold((app, history), |(app, mut history)| async move {
        let piece = app.run(move |app| Ok::<_, DocumentError>((history.next(&*app.storage)?, history)));
        match piece.await {
            Ok((Some(bytes), history)) => Ok(Some((Bytes::from(bytes), (app, history)))),
            Ok((None, _)) => Ok(None),
            Err(problem) => Err(std::io::Error::other(problem.code)),
        }
    }))
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
