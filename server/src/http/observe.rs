//! Figures and one log line per request, `/metrics`, and what becomes of a panic.

use std::any::Any;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::time::Instant;
use tracing::Instrument;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::problem::Problem;
use super::request_id::RequestId;
use crate::app::App;
use crate::telemetry::{RequestLabels, RouteLabels};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(metrics))
}

/// Figures in Prometheus's text format.
#[utoipa::path(get, path = "/metrics", tag = "operations",
    responses((status = OK, body = String, content_type = "application/openmetrics-text")))]
async fn metrics(State(app): State<App>) -> Response {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(CONTENT_TYPE, kind)], app.metrics.encode()).into_response()
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
