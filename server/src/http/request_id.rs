//! A name for each request, for logs and error answers.
//!
//! A caller's own `X-Request-Id` is kept if it is short and plain, so that a proxy's log and ours can be laid
//! side by side; anything else is replaced.

use std::fmt;

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use cartera_core::env::random_bytes;

use crate::app::App;
use crate::secret::to_base32;

const HEADER: &str = "x-request-id";
const LENGTH_MAX: usize = 64;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestId(String);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl RequestId {
    fn given(text: &str) -> Option<Self> {
        let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        (plain && (1..=LENGTH_MAX).contains(&text.len())).then(|| Self(text.to_owned()))
    }
}

pub(super) async fn name(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let given = request.headers().get(HEADER).and_then(|value| RequestId::given(value.to_str().ok()?));
    let id = given.unwrap_or_else(|| RequestId(to_base32(&random_bytes::<10>(app.env.as_ref()))));
    request.extensions_mut().insert(id.clone());
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_short_and_plain_names_are_kept() {
        assert!(RequestId::given("a-B_9").is_some());
        assert!(RequestId::given(&"a".repeat(LENGTH_MAX)).is_some());
        for text in ["", "a b", "a\"b", "é", &"a".repeat(LENGTH_MAX + 1)] {
            assert_eq!(RequestId::given(text), None, "{text}");
        }
    }
}
