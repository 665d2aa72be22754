//! What every page's request and answer pass: forms of other sites are refused, errors become pages, and the headers say
//! that nothing from elsewhere may be loaded, framed or run.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, HOST, ORIGIN, REFERRER_POLICY, RETRY_AFTER,
    VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::reader::Reader;
use super::shell::{self, Shell};
use crate::app::App;
use crate::http::problem::{Problem, Shape};
use crate::http::words;

/// Styles and pictures of this console, and nothing else: no script at all.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

pub(super) async fn guard(State(_): State<App>, request: Request, next: Next) -> Response {
    let reader = Reader::of(request.headers());
    let path = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
    let may = is_safe(request.method()) || is_of_this_site(request.headers());
    let mut response = if may {
        next.run(request).await
    } else {
        Problem::forbidden().detail("a form of another site was sent").into_response()
    };
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = page(&problem, reader, path);
    }
    let language = reader.language.tag();
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // `no-referrer` would also hide the origin of the console's own forms.
        (REFERRER_POLICY, "same-origin"),
        (CACHE_CONTROL, "no-store"),
        (CONTENT_LANGUAGE, language),
        (VARY, "cookie, accept-language"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    response.extensions_mut().insert(Shape::Page);
    response
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// By what browsers say of a request's origin and scripts cannot change. One that says nothing is no browser of this
/// decade, and is refused.
fn is_of_this_site(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    let host = text(ORIGIN.as_str()).and_then(|origin| Some(origin.split_once("://")?.1));
    host.is_some() && host == text(HOST.as_str())
}

/// An error as a page in the reader's language.
fn page(problem: &Problem, reader: Reader, path: String) -> Response {
    let words = words::problem(problem.code, reader.language);
    let shell = Shell::new(reader, words.title, path);
    let page = shell::ErrorPage { shell, advice: words.advice };
    let mut response = shell::page(problem.status, &page);
    if let Some(seconds) = problem.retry_after_s {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_consoles_own_forms_are_taken() {
        let of = |pairs: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().unwrap());
            }
            is_of_this_site(&headers)
        };
        assert!(of(&[("sec-fetch-site", "same-origin")]));
        assert!(!of(&[("sec-fetch-site", "same-site"), ("origin", "http://a"), ("host", "a")]));
        assert!(!of(&[("sec-fetch-site", "cross-site")]) && !of(&[("sec-fetch-site", "none")]));
        assert!(of(&[("origin", "https://relay.example:8443"), ("host", "relay.example:8443")]));
        assert!(!of(&[("origin", "https://evil.example"), ("host", "relay.example")]));
        assert!(!of(&[("origin", "null"), ("host", "relay.example")]));
        assert!(!of(&[("origin", "null")]) && !of(&[]) && !of(&[("host", "relay.example")]));
    }
}
