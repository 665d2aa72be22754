//! Errors as RFC 9457 problem details.
//!
//! A [`Problem`] carries a stable code and, for programmers, a detail. [`finish`] is the layer that turns it into
//! a body in the reader's language, with the request's id. Answers that the framework makes by itself (no such
//! route, wrong method, body too large) pass through it too, so that no error leaves in another shape.

use axum::Json;
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use cartera_core::strings::Language;
use cartera_core::sync::wire;
use serde::Serialize;

use super::language;
use super::limits;
use super::request_id::RequestId;
use super::words;
use crate::storage::StorageError;

/// An error on its way to the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub status: StatusCode,
    /// Never changes; see [`words`] for what it is called and what to do.
    pub code: &'static str,
    /// What exactly and where, in English; without personal data.
    pub detail: Option<String>,
    pub retry_after_s: Option<u32>,
    /// What a program reads beside the problem's own members.
    pub result: Option<Box<serde_json::Value>>,
}

/// What is sent.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProblemBody {
    /// `urn:cartera:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// Stable: for programs.
    pub code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What to do about it.
    pub advice: String,
    pub request_id: String,
    /// What would have been answered, item by item, where all of them were refused together; of `projecting`, the
    /// `percent` that are done.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub result: Option<Box<serde_json::Value>>,
}

impl Problem {
    pub fn new(status: StatusCode, code: &'static str) -> Self {
        debug_assert!(words::has_words(code), "no words for the problem {code}");
        Self { status, code, detail: None, retry_after_s: None, result: None }
    }

    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    #[must_use]
    pub fn result(mut self, result: serde_json::Value) -> Self {
        self.result = Some(Box::new(result));
        self
    }

    pub fn bad_request(code: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code)
    }

    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden")
    }

    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found")
    }

    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal")
    }

    /// For answers that were made without a [`Problem`].
    fn of_status(status: StatusCode) -> Option<Self> {
        let code = match status {
            StatusCode::NOT_FOUND => "not_found",
            StatusCode::METHOD_NOT_ALLOWED => "method_not_allowed",
            StatusCode::REQUEST_TIMEOUT => "timeout",
            StatusCode::PAYLOAD_TOO_LARGE => "too_large",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported_media_type",
            StatusCode::INTERNAL_SERVER_ERROR => "internal",
            _ if status.is_client_error() => "malformed",
            _ if status.is_server_error() => "unavailable",
            _ => return None,
        };
        Some(Self::new(status, code))
    }

    fn body(self, language: Language, request_id: &RequestId, shape: Shape) -> Response {
        if shape == Shape::OData {
            return self.odata(language, request_id);
        }
        let words = words::problem(self.code, language);
        let body = ProblemBody {
            kind: format!("{}{}", wire::problem::TYPE_PREFIX, self.code),
            title: words.title,
            status: self.status.as_u16(),
            code: self.code.to_owned(),
            detail: self.detail,
            advice: words.advice,
            request_id: request_id.to_string(),
            result: self.result,
        };
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl Problem {
    /// `{"error": {"code", "message", "innererror": {"request_id"}}}`.
    fn odata(self, language: Language, request_id: &RequestId) -> Response {
        let words = words::problem(self.code, language);
        let message = match &self.detail {
            Some(detail) => format!("{}. {detail}", words.title),
            None => format!("{}. {}", words.title, words.advice),
        };
        let body = serde_json::json!({ "error": {
            "code": self.code, "message": message, "innererror": { "request_id": request_id.to_string() },
        } });
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert("odata-version", HeaderValue::from_static("4.0"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Which standard's error object a route answers with: a mark on its responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shape {
    /// RFC 9457.
    #[default]
    Problem,
    OData,
    /// It is a page already.
    Page,
}

/// A mark for [`finish`], which writes the body.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The layer that gives every error its body.
pub(super) async fn finish(request: Request, next: Next) -> Response {
    let language = language::preferred(request.headers());
    let id = request.extensions().get::<RequestId>().cloned().unwrap_or_default();
    let mut response = next.run(request).await;
    if response.extensions().get() == Some(&Shape::Page) {
        return response;
    }
    let problem =
        response.extensions_mut().remove::<Problem>().or_else(|| Problem::of_status(response.status()));
    let Some(problem) = problem else { return response };
    if problem.status.is_server_error() {
        tracing::error!(request = %id, code = problem.code, status = problem.status.as_u16(), "request failed");
    }
    let allow = response.headers_mut().remove(axum::http::header::ALLOW);
    let challenge = response.headers_mut().remove(axum::http::header::WWW_AUTHENTICATE);
    let shape = response.extensions_mut().remove::<Shape>().unwrap_or_default();
    let mut answer = problem.body(language, &id, shape);
    if let Some(allow) = allow {
        answer.headers_mut().insert(axum::http::header::ALLOW, allow);
    }
    if answer.status() == StatusCode::UNAUTHORIZED {
        let challenge = challenge.unwrap_or(HeaderValue::from_static("Bearer"));
        answer.headers_mut().insert(axum::http::header::WWW_AUTHENTICATE, challenge);
    }
    answer
}

/// The store's own words name files, which callers have no business with: they go to the log.
impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Self {
        if let StorageError::Projecting { percent } = error {
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, error.code())
                .detail(error.to_string())
                .result(serde_json::json!({ "percent": percent }))
                .retry_after(limits::PROJECTING_RETRY_S);
        }
        tracing::error!(code = error.code(), %error, "store failed");
        let unavailable = Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable");
        match error {
            StorageError::Busy { .. } => unavailable.detail("the store is busy").retry_after(2),
            StorageError::Full { .. } => unavailable.detail("the relay's disk is full").retry_after(60),
            StorageError::ReadOnly { .. } => {
                unavailable.detail("the store cannot be written").retry_after(60)
            }
            _ => Self::internal().detail("the store failed; the log says how"),
        }
    }
}

impl From<wire::WireError> for Problem {
    fn from(error: wire::WireError) -> Self {
        let (status, code) = match error.code() {
            "too_large" => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            "unsendable" => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
            _ => (StatusCode::BAD_REQUEST, "malformed"),
        };
        Self::new(status, code).detail(error.to_string())
    }
}

/// The protocol's own problems, which phones know.
impl From<wire::Problem> for Problem {
    fn from(problem: wire::Problem) -> Self {
        if problem.code == wire::ProblemCode::Other {
            return Self::internal().detail(problem.detail);
        }
        let status = StatusCode::from_u16(problem.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let new = Self::new(status, problem.code.code());
        if problem.detail.is_empty() { new } else { new.detail(problem.detail) }
    }
}
