//! Answers that are streamed, saved as files, and not sent again while nothing is new.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::http::problem::Problem;

/// The head of an answer, put together.
pub(super) struct Answer {
    head: HeaderMap,
    tag: String,
}

impl Answer {
    /// `tag` is the same for two answers that give the same.
    pub(super) fn new(tag: &str) -> Result<Self, Problem> {
        let tag = format!("W/\"{tag}\"");
        let mut answer = Self { head: HeaderMap::new(), tag };
        answer.head.insert(ETAG, value(&answer.tag)?);
        answer.head.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        answer.head.insert(VARY, HeaderValue::from_static("authorization"));
        Ok(answer)
    }

    pub(super) fn with(mut self, name: HeaderName, text: &str) -> Result<Self, Problem> {
        self.head.insert(name, value(text)?);
        Ok(self)
    }

    /// Whoever asks has it already.
    pub(super) fn is_known(&self, asked: &HeaderMap) -> bool {
        let strong = self.tag.trim_start_matches("W/");
        asked
            .get_all(IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|list| list.split(','))
            .any(|one| one.trim() == "*" || one.trim().trim_start_matches("W/") == strong)
    }

    pub(super) fn unchanged(self) -> Response {
        (StatusCode::NOT_MODIFIED, self.head).into_response()
    }

    /// A file of that name.
    pub(super) fn file(self, name: &str, media_type: &'static str, body: Body) -> Result<Response, Problem> {
        let answer = self.with(CONTENT_DISPOSITION, &format!("attachment; filename=\"{name}\""))?;
        let kind = [(CONTENT_TYPE, HeaderValue::from_static(media_type))];
        Ok((answer.head, kind, body).into_response())
    }
}

fn value(text: &str) -> Result<HeaderValue, Problem> {
    HeaderValue::from_str(text).map_err(|_| Problem::internal())
}
