//! `/openapi.json`: what the routers say about themselves.

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, Info, OpenApi, RefOr};

use crate::app::App;

/// Title, version and the kinds of token; routes are added by the routers.
pub(super) fn base() -> OpenApi {
    let mut info = Info::new("Cartera relay", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "Errors are RFC 9457 problem details with a stable `code`. Ids are ULIDs; instants are milliseconds since 1970 UTC."
            .into(),
    );
    let mut api = OpenApi::new(info, utoipa::openapi::Paths::new());
    let mut components = Components::new();
    for (name, about) in [
        ("device", "A phone's token, made by the phone at enrolment."),
        ("machine", "A token for a program: scoped, expiring, revocable."),
        ("session", "A person's login."),
    ] {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(about)).build();
        components.add_security_scheme(name, SecurityScheme::Http(scheme));
    }
    api.components = Some(components);
    api
}

/// OpenAPI wants a description of every response: where a route gives none, what its status means. And it wants one name
/// for each operation: handlers are named within their noun, which is the operation's tag.
pub(super) fn describe(api: &mut OpenApi) {
    for item in api.paths.paths.values_mut() {
        let operations = [
            &mut item.get,
            &mut item.put,
            &mut item.post,
            &mut item.delete,
            &mut item.options,
            &mut item.head,
            &mut item.patch,
            &mut item.trace,
        ];
        for operation in operations.into_iter().flatten() {
            let tag = operation.tags.iter().flatten().next();
            if let (Some(tag), Some(id)) = (tag, &mut operation.operation_id) {
                *id = format!("{tag}_{id}");
            }
            for (status, response) in &mut operation.responses.responses {
                if let RefOr::T(response) = response
                    && response.description.is_empty()
                {
                    response.description = meaning(status).into();
                }
            }
        }
    }
}

fn meaning(status: &str) -> &'static str {
    let known = status.parse().ok().and_then(|status| StatusCode::from_u16(status).ok());
    match known.and_then(|status| status.canonical_reason()) {
        Some(reason) => reason,
        None => "A problem, with its `code`",
    }
}

pub(super) fn route(api: &OpenApi) -> Router<App> {
    let text = api.to_pretty_json().unwrap_or_default();
    let text: &'static str = Box::leak(text.into_boxed_str());
    Router::new()
        .route("/openapi.json", get(move || async move { ([(CONTENT_TYPE, "application/json")], text) }))
}
