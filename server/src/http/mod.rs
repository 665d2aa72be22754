//! The shell around the use cases: routes, who is calling, bounds, errors.
//!
//! Each noun exports a router; [`router`] puts them together and wraps them, from the outside in: request id,
//! figures and log line, problem details, panics caught, deadlines, compression of answers.

pub mod blocking;
mod health;
pub mod language;
pub mod limits;
mod observe;
mod openapi;
pub mod problem;
pub mod request_id;
pub mod serve;
pub mod tls;
pub mod words;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::{RequestBodyDeadlineLayer, RequestBodyTimeoutLayer, TimeoutLayer};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// Every noun's routes, and their description.
fn nouns() -> (Router<App>, OpenApi) {
    OpenApiRouter::with_openapi(openapi::base())
        .merge(health::routes())
        .merge(observe::routes())
        .split_for_parts()
}

/// The whole relay over HTTP.
pub fn router(app: App) -> Router {
    let (routes, api) = nouns();
    wrap(app, routes.merge(openapi::route(&api)))
}

fn wrap(app: App, routes: Router<App>) -> Router {
    routes
        .fallback(|| async { problem::Problem::not_found() })
        .layer(CatchPanicLayer::custom(observe::panicked(&app)))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, limits::ANSWER_DEADLINE))
        .layer(RequestBodyTimeoutLayer::new(limits::BODY_SILENCE))
        .layer(RequestBodyDeadlineLayer::new(limits::BODY_DEADLINE))
        .layer(middleware::from_fn(problem::finish))
        .layer(middleware::from_fn_with_state(app.clone(), observe::count))
        .layer(middleware::from_fn_with_state(app.clone(), request_id::name))
        .with_state(app)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::body::{Body, to_bytes};
    use axum::http::{Request, Response};
    use cartera_core::env::SeededEnv;
    use tower::ServiceExt;

    use super::*;
    use crate::app::Folder;
    use crate::settings::Settings;

    fn app(dir: &tempfile::TempDir) -> App {
        let env = Arc::new(SeededEnv::new(1, 1_790_000_000_000));
        App::open_or_create(&Folder::new(dir.path()), env, Settings::default()).unwrap()
    }

    fn ask(router: Router, request: Request<Body>) -> (Response<()>, String) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (head, body) = router.oneshot(request).await.unwrap().into_parts();
            let body = to_bytes(body, 1 << 20).await.unwrap();
            (Response::from_parts(head, ()), String::from_utf8(body.to_vec()).unwrap())
        })
    }

    fn get(path: &str) -> Request<Body> {
        Request::get(path).body(Body::empty()).unwrap()
    }

    #[test]
    fn the_description_is_as_recorded() {
        let (_, api) = nouns();
        insta::assert_snapshot!("openapi", api.to_pretty_json().unwrap());
    }

    #[test]
    fn it_says_that_it_is_well() {
        let dir = tempfile::tempdir().unwrap();
        for path in ["/health", "/health/live", "/health/ready"] {
            let (head, body) = ask(router(app(&dir)), get(path));
            assert_eq!(head.status(), 200, "{path}");
            assert!(body.contains("\"status\":\"ok\""), "{body}");
        }
    }

    #[test]
    fn what_is_not_there_is_a_problem_in_the_readers_language() {
        let dir = tempfile::tempdir().unwrap();
        let request = Request::get("/no/such")
            .header("accept-language", "es-ES,es;q=0.9")
            .header("x-request-id", "mine")
            .body(Body::empty())
            .unwrap();
        let (head, body) = ask(router(app(&dir)), request);
        assert_eq!(head.status(), 404);
        assert_eq!(head.headers()["content-type"], "application/problem+json");
        assert_eq!(head.headers()["content-language"], "es");
        assert_eq!(head.headers()["x-request-id"], "mine");
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!((&body["code"], &body["request_id"]), (&"not_found".into(), &"mine".into()));
        assert_eq!(body["title"], "Aquí no hay nada");

        let request = Request::delete("/health").body(Body::empty()).unwrap();
        let (head, body) = ask(router(app(&dir)), request);
        assert_eq!((head.status().as_u16(), body.contains("method_not_allowed")), (405, true));
        assert_eq!(head.headers()["allow"], "GET,HEAD");
    }

    #[test]
    fn a_panic_is_answered_and_counted() {
        let dir = tempfile::tempdir().unwrap();
        let app = app(&dir);
        let boom = Router::new()
            .route(
                "/boom",
                axum::routing::get(|| async {
                    if true {
                        panic!("data")
                    }
                }),
            )
            .route(
                "/deep",
                axum::routing::get(|axum::extract::State(app): axum::extract::State<App>| async move {
                    app.run(|_| -> Result<(), problem::Problem> { panic!("data") }).await
                }),
            );
        let router = wrap(app.clone(), boom);
        for path in ["/boom", "/deep"] {
            let (head, body) = ask(router.clone(), get(path));
            assert_eq!(head.status(), 500);
            assert!(body.contains("\"internal\"") && !body.contains("data"), "{body}");
        }
        assert_eq!(app.metrics.panics.get(), 2);
    }

    #[test]
    fn requests_are_counted_by_route_and_never_by_path() {
        let dir = tempfile::tempdir().unwrap();
        let router = router(app(&dir));
        ask(router.clone(), get("/health/live"));
        ask(router.clone(), get("/Maria-Lopez-600123123"));
        let (_, body) = ask(router, get("/metrics"));
        let line = "cartera_http_requests_total{route=\"/health/live\",method=\"GET\",status=\"200\"} 1";
        assert!(body.contains(line), "{body}");
        assert!(body.contains("route=\"none\"") && !body.contains("Maria"), "{body}");
    }
}
