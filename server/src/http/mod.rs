//! The shell around the use cases: routes, who is calling, bounds, errors.
//!
//! Each noun exports a router; [`router`] puts them together and wraps them, from the outside in: request id,
//! figures and log line, problem details, panics caught, deadlines, compression of answers.

pub(crate) mod address;
pub mod auth;
pub mod blocking;
pub mod body;
mod health;
pub mod language;
pub mod limits;
mod observe;
mod openapi;
pub mod path;
pub(crate) mod pieces;
pub mod problem;
pub mod request_id;
pub mod serve;
#[cfg(test)]
mod sockets;
pub(crate) mod throttle;
pub mod tls;
pub mod words;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::timeout::{RequestBodyDeadlineLayer, RequestBodyTimeoutLayer, TimeoutLayer};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use self::limits::Deadlines;
use crate::app::App;
use crate::{
    audit, backup, clients, console, devices, export, figures, import, office, orders, people, portfolio,
    quarantine, segments, settings, sync, territories, tokens,
};

/// Every noun's routes, and their description.
fn nouns() -> (Router<App>, OpenApi) {
    let (routes, mut api) = OpenApiRouter::with_openapi(openapi::base())
        .merge(health::routes())
        .merge(observe::routes())
        .merge(tokens::api::routes())
        .merge(people::api::routes())
        .merge(territories::api::routes())
        .merge(clients::api::routes())
        .merge(devices::api::routes())
        .merge(backup::api::routes())
        .merge(quarantine::api::routes())
        .merge(settings::api::routes())
        .merge(audit::api::routes())
        .merge(sync::api::routes())
        .merge(export::api::routes())
        .merge(figures::api::routes())
        .merge(segments::api::routes())
        .merge(portfolio::api::routes())
        .merge(office::api::routes())
        .merge(import::api::routes())
        .merge(orders::api::routes())
        .split_for_parts();
    openapi::describe(&mut api);
    (routes, api)
}

/// The OpenAPI description as JSON.
pub fn description() -> String {
    nouns().1.to_pretty_json().unwrap_or_default()
}

/// The whole relay over HTTP.
pub fn router(app: App) -> Router {
    router_within(app, &Deadlines::default())
}

fn router_within(app: App, deadlines: &Deadlines) -> Router {
    let (routes, api) = nouns();
    let pages = console::routes(&app);
    wrap(app, routes.merge(openapi::route(&api)).merge(pages), deadlines)
}

fn wrap(app: App, routes: Router<App>, deadlines: &Deadlines) -> Router {
    let compressed = DefaultPredicate::new()
        // Bodies of the sync protocol are compressed already, where that pays.
        .and(NotForContentType::const_new(cartera_core::sync::wire::MEDIA_TYPE))
        .and(NotForContentType::const_new(export::PARQUET))
        .and(NotForContentType::const_new(export::XLSX));
    routes
        .fallback(|| async { problem::Problem::not_found() })
        .layer(CompressionLayer::new().compress_when(compressed))
        .layer(CatchPanicLayer::custom(observe::panicked(&app)))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, deadlines.answer))
        .layer(RequestBodyTimeoutLayer::new(deadlines.body_silence))
        .layer(RequestBodyDeadlineLayer::new(deadlines.body))
        .layer(middleware::from_fn(problem::finish))
        .layer(middleware::from_fn_with_state(app.clone(), observe::count))
        .layer(middleware::from_fn_with_state(app.clone(), request_id::name))
        .with_state(app)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;

    use super::*;
    use crate::people::access::By;
    use crate::settings::Settings;
    use crate::testing::{Relay, ask, ask_bytes};
    use crate::tokens::Scope;
    use crate::tokens::manage::create;

    fn get(path: &str) -> Request<Body> {
        Request::get(path).body(Body::empty()).unwrap()
    }

    #[test]
    fn the_description_is_as_recorded() {
        let (_, api) = nouns();
        insta::assert_snapshot!("openapi", api.to_pretty_json().unwrap());
    }

    #[test]
    fn every_operation_has_a_name_of_its_own_and_says_what_it_answers() {
        let description: serde_json::Value = serde_json::from_str(&description()).unwrap();
        let mut names = std::collections::BTreeSet::new();
        for (path, item) in description["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let name = operation["operationId"].as_str().unwrap().to_owned();
                assert!(names.insert(name.clone()), "{method} {path}: {name} is another one's name");
                for (status, response) in operation["responses"].as_object().unwrap() {
                    let says = response["description"].as_str().unwrap_or_default();
                    assert!(!says.is_empty(), "{method} {path}: {status}");
                }
            }
        }
        assert!(names.len() > 30, "{names:?}");
    }

    #[test]
    fn every_problem_of_the_protocol_has_words() {
        for code in cartera_core::sync::wire::ProblemCode::KNOWN {
            assert!(words::has_words(code.code()), "{}", code.code());
        }
    }

    #[test]
    fn it_says_that_it_is_well() {
        let relay = Relay::new();
        for path in ["/health", "/health/live", "/health/ready"] {
            let (head, body) = ask(&router(relay.app.clone()), get(path));
            assert_eq!(head.status(), 200, "{path}");
            assert!(body.contains("\"status\":\"ok\""), "{body}");
        }
    }

    #[test]
    fn what_is_not_there_is_a_problem_in_the_readers_language() {
        let relay = Relay::new();
        let request = Request::get("/no/such")
            .header("accept-language", "es-ES,es;q=0.9")
            .header("x-request-id", "mine")
            .body(Body::empty())
            .unwrap();
        let (head, body) = ask(&router(relay.app.clone()), request);
        assert_eq!(head.status(), 404);
        assert_eq!(head.headers()["content-type"], "application/problem+json");
        assert_eq!(head.headers()["content-language"], "es");
        assert_eq!(head.headers()["x-request-id"], "mine");
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!((&body["code"], &body["request_id"]), (&"not_found".into(), &"mine".into()));
        assert_eq!(body["title"], "Aquí no hay nada");
        let phone = cartera_core::sync::wire::Problem::from_json(body.to_string().as_bytes()).unwrap();
        assert_eq!(phone.code.code(), "not_found", "phones read it too");

        let request = Request::delete("/health").body(Body::empty()).unwrap();
        let (head, body) = ask(&router(relay.app.clone()), request);
        assert_eq!((head.status().as_u16(), body.contains("method_not_allowed")), (405, true));
        assert_eq!(head.headers()["allow"], "GET,HEAD");
    }

    #[test]
    fn a_panic_is_answered_and_counted() {
        let relay = Relay::new();
        let app = relay.app.clone();
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
        let router = wrap(app.clone(), boom, &Deadlines::default());
        for path in ["/boom", "/deep"] {
            let (head, body) = ask(&router, get(path));
            assert_eq!(head.status(), 500);
            assert!(body.contains("\"internal\"") && !body.contains("data"), "{body}");
        }
        assert_eq!(app.metrics.panics.get(), 2);
    }

    #[test]
    fn answers_are_compressed_for_whoever_asks() {
        let relay = Relay::new();
        for encoding in ["gzip", "zstd"] {
            let request = Request::get("/openapi.json").header("accept-encoding", encoding);
            let (head, body) = ask_bytes(&relay.router(), request.body(Body::empty()).unwrap());
            assert_eq!(head.headers()["content-encoding"], encoding);
            assert!(body.len() < description().len() / 3);
        }
    }

    #[test]
    fn figures_are_for_this_machine_or_a_token() {
        let proxied = Settings { behind_proxy: true, ..Settings::default() };
        let relay = Relay::with(proxied);
        let figures = |token: Option<&str>| {
            let mut request = Request::get("/metrics");
            if let Some(token) = token {
                request = request.header("authorization", format!("Bearer {token}"));
            }
            ask(&relay.router(), request.body(Body::empty()).unwrap()).0.status().as_u16()
        };
        let token = |scope| create(&relay.app, By::CONSOLE, "t", &[scope], 1).unwrap().text;
        assert_eq!(figures(None), 401);
        assert_eq!(figures(Some(&token(Scope::Export))), 403);
        assert_eq!(figures(Some(&token(Scope::Metrics))), 200);
    }

    #[test]
    fn requests_are_counted_by_route_and_never_by_path() {
        let relay = Relay::new();
        let router = router(relay.app.clone());
        ask(&router, get("/health/live"));
        ask(&router, get("/Maria-Lopez-600123123"));
        let (_, body) = ask(&router, get("/metrics"));
        let line = "cartera_http_requests_total{route=\"/health/live\",method=\"GET\",status=\"200\"} 1";
        assert!(body.contains(line), "{body}");
        assert!(body.contains("route=\"none\"") && !body.contains("Maria"), "{body}");
    }
}
