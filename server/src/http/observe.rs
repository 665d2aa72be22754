//! Figures and one log line per request, `/metrics`, and what becomes of a panic.

use std::any::Any;

use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::time::Instant;
use tracing::Instrument;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::address;
use super::auth::Caller;
use super::problem::{Problem, ProblemBody};
use super::request_id::RequestId;
use crate::app::App;
use crate::storage::StorageError;
use crate::telemetry::{RequestLabels, RouteLabels};
use crate::tokens::Scope;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(metrics))
}

/// Figures in Prometheus's text format. From the relay's own machine without a token, from elsewhere with one
/// that has the scope `metrics`.
#[utoipa::path(get, path = "/metrics", tag = "operations", security((), ("machine" = [])),
    responses((status = OK, body = String, content_type = "application/openmetrics-text"),
        (status = "4XX", body = ProblemBody)))]
async fn metrics(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let (mut parts, _) = request.into_parts();
    let here = address::of(&app.settings, &parts.headers, &parts.extensions).is_loopback();
    // Behind a proxy on the same machine everybody's address may be this one.
    if app.settings.behind_proxy || !here {
        let caller = Caller::from_request_parts(&mut parts, &app).await?;
        if !caller.has_scope(Scope::Metrics) {
            return Err(Problem::forbidden().detail("a machine's token with the scope `metrics` is needed"));
        }
    }
    // Another process may have looked through one.
    app.run(|app| {
        app.metrics.backup_checked(&app.storage.checks()?);
        Ok::<_, StorageError>(())
    })
    .await?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(CONTENT_TYPE, kind)], app.metrics.encode()).into_response())
}

/// Counts the request under its route's pattern, which is one of a fixed list, and logs it: never the path
/// itself, which may hold a name that somebody typed.
pub(super) async fn count(State(app): State<App>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let method = method(request.method());
    let id = request.extensions().get::<RequestId>().cloned().unwrap_or_default();
    let span = tracing::info_span!("request", request = %id, route, method);
    let started = Instant::now(); // a figure about this process, not something a rule depends on
    app.metrics.in_flight.inc();
    let in_flight = InFlight(&app);
    let response = next.run(request).instrument(span.clone()).await;
    drop(in_flight);
    let took = started.elapsed();
    let status = response.status().as_u16();
    tracing::info!(parent: &span, status, took_us = took.as_micros() as u64, "answered");
    app.metrics
        .requests
        .get_or_create(&RequestLabels { route: route.clone(), method: method.into(), status })
        .inc();
    app.metrics.request_seconds.get_or_create(&RouteLabels { route }).observe(took.as_secs_f64());
    response
}

/// One of a fixed list: a method is whatever the caller writes.
fn method(method: &axum::http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        _ => "other",
    }
}

/// Counts down also when the caller hangs up.
struct InFlight<'a>(&'a App);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.metrics.in_flight.dec();
    }
}

pub(super) fn panicked(app: &App) -> impl Fn(Box<dyn Any + Send>) -> Response + Clone + use<> {
    let app = app.clone();
    move |_| {
        app.metrics.panics.inc();
        tracing::error!(code = "panic", "a request panicked");
        Problem::internal().into_response()
    }
}
