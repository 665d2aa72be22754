//! The sync protocol over HTTP. Bodies are CBOR, see `core/docs/protocol.md`.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use cartera_core::sync::wire;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{SyncError, bootstrap, digest, live, sync};
use crate::app::App;
use crate::devices::Device;
use crate::http::auth::{ActiveDevice, AnyDevice};
use crate::http::body::WireBody;
use crate::http::problem::{Problem, ProblemBody};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(post_sync))
        .routes(routes!(post_fetch))
        .routes(routes!(post_digest))
        .routes(routes!(post_salvage))
        .routes(routes!(get_live))
}

/// Pushes and pulls, in one request.
#[utoipa::path(post, path = "/v1/sync", tag = "sync", security(("device" = [])),
    request_body(content = Vec<u8>, content_type = "application/vnd.cartera.sync"),
    responses(
        (status = OK, body = Vec<u8>, content_type = "application/vnd.cartera.sync"),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json",
            description = "unauthenticated, revoked, malformed, cursor_invalid, too_large, unsupported_version."),
    ))]
async fn post_sync(
    State(app): State<App>,
    ActiveDevice(known): ActiveDevice,
    body: WireBody,
) -> Result<Response, Problem> {
    answer(app, known.device, body, sync).await
}

/// A page of what is, by stage, or things by name.
#[utoipa::path(post, path = "/v1/fetch", tag = "sync", security(("device" = [])),
    request_body(content = Vec<u8>, content_type = "application/vnd.cartera.sync"),
    responses(
        (status = OK, body = Vec<u8>, content_type = "application/vnd.cartera.sync"),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn post_fetch(
    State(app): State<App>,
    ActiveDevice(known): ActiveDevice,
    body: WireBody,
) -> Result<Response, Problem> {
    answer(app, known.device, body, |app, device, request| bootstrap::fetch(app, device, &request)).await
}

/// Where phone and relay differ.
#[utoipa::path(post, path = "/v1/digest", tag = "sync", security(("device" = [])),
    request_body(content = Vec<u8>, content_type = "application/vnd.cartera.sync"),
    responses(
        (status = OK, body = Vec<u8>, content_type = "application/vnd.cartera.sync"),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn post_digest(
    State(app): State<App>,
    ActiveDevice(known): ActiveDevice,
    body: WireBody,
) -> Result<Response, Problem> {
    let work = |app: &App, device: &Device, request| {
        digest::digest(app, device, &request, wire::limits::BUCKET_ITEMS)
    };
    answer(app, known.device, body, work).await
}

/// Unsent work of a revoked phone. Not built yet: the phone keeps it.
#[utoipa::path(post, path = "/v1/salvage", tag = "sync", security(("device" = [])),
    request_body(content = Vec<u8>, content_type = "application/vnd.cartera.sync"),
    responses(
        (status = 501, body = ProblemBody, content_type = "application/problem+json", description = "unsupported"),
    ))]
async fn post_salvage(AnyDevice(_known): AnyDevice, body: WireBody) -> Result<Response, Problem> {
    let _request: wire::SalvageRequest = body.decode()?;
    Err(SyncError::Unsupported("salvage").into())
}

/// How far the scope has got, as server-sent events `reached`.
#[utoipa::path(get, path = "/v1/live", tag = "sync", security(("device" = [])), responses(
    (status = OK, body = String, content_type = "text/event-stream"),
    (status = 503, body = ProblemBody, content_type = "application/problem+json", description = "unavailable: too many listeners"),
))]
async fn get_live(State(app): State<App>, ActiveDevice(known): ActiveDevice) -> Result<Response, Problem> {
    let events = live::listen(app, known.device).await?;
    let headers = [(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-store")];
    Ok((headers, Body::from_stream(events)).into_response())
}

/// Decodes, works and encodes on a thread that may wait.
async fn answer<Q, A>(
    app: App,
    device: Device,
    body: WireBody,
    work: impl FnOnce(&App, &Device, Q) -> Result<A, SyncError> + Send + 'static,
) -> Result<Response, Problem>
where
    Q: for<'b> minicbor::Decode<'b, ()>,
    A: minicbor::Encode<()>,
{
    let bytes = app
        .run(move |app| -> Result<Vec<u8>, Problem> {
            let request = body.decode()?;
            drop(body);
            let reply = work(app, &device, request)?;
            Ok(wire::encode(&reply)?)
        })
        .await?;
    Ok(([(CONTENT_TYPE, wire::MEDIA_TYPE), (CACHE_CONTROL, "no-store")], bytes).into_response())
}
