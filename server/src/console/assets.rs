//! The one stylesheet, under a name that changes with it: browsers keep it for a year and never have an old one.

use std::sync::OnceLock;

use axum::Router;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::App;
use crate::http::problem::Problem;
use crate::secret::{SecretHash, to_base32};

const STYLE: &str = include_str!("style.css");
const ICON: &str = include_str!("icon.svg");

pub(crate) fn style_path() -> &'static str {
    static PATH: OnceLock<String> = OnceLock::new();
    PATH.get_or_init(|| {
        let hash = to_base32(&SecretHash::of(STYLE).as_bytes()[..10]).to_lowercase();
        format!("/assets/{hash}.css")
    })
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/assets/{name}", get(asset))
}

async fn asset(Path(name): Path<String>) -> Response {
    let (text, kind, kept) = match name.as_str() {
        "icon.svg" => (ICON, "image/svg+xml", "public, max-age=86400"),
        _ if style_path().strip_prefix("/assets/") == Some(&name) => {
            (STYLE, "text/css; charset=utf-8", "public, max-age=31536000, immutable")
        }
        _ => return Problem::not_found().into_response(),
    };
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, kept), (X_CONTENT_TYPE_OPTIONS, "nosniff")], text).into_response()
}
