//! Errors of a whole request: RFC 9457 problem details, `application/problem+json`.
//!
//! `type` is `urn:cartera:problem:<code>`; `code` repeats it. A phone acts on `code` alone, and on one that
//! it does not know as on `unavailable`: nothing is ever deleted because of a problem.

use super::limits::DETAIL_BYTES;

pub const CONTENT_TYPE: &str = "application/problem+json";
/// What `type` begins with.
pub const TYPE_PREFIX: &str = "urn:cartera:problem:";
/// Larger is no problem of ours.
const READ_BYTES: usize = 16 << 10;

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:literal, $title:literal;)*) => {
        /// What went wrong with a request.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ProblemCode {
            $($(#[$doc])* $name,)*
            /// A code that this program does not know: try later.
            Other,
        }

        impl ProblemCode {
            /// Every code that this program knows.
            pub const KNOWN: &'static [Self] = &[$(Self::$name),*];

            /// Stable.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* Self::Other => "other" }
            }

            /// The HTTP status that goes with it.
            pub fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* Self::Other => 500 }
            }

            /// In English, for developers and administrators.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* Self::Other => "Another problem" }
            }
        }
    };
}

problems! {
    /// The body is no message of this protocol.
    Malformed = "malformed", 400, "The request is not well-formed";
    /// The cursor was not made by this relay for this device.
    CursorInvalid = "cursor_invalid", 400, "The cursor is not one of this relay's";
    Unauthenticated = "unauthenticated", 401, "The token is unknown or has expired";
    /// The token was good once.
    Revoked = "revoked", 403, "This device was revoked";
    Forbidden = "forbidden", 403, "This may not be done by this device or person";
    NotFound = "not_found", 404, "There is nothing here";
    WrongWorkspace = "wrong_workspace", 409, "This database belongs to another workspace";
    Conflict = "conflict", 409, "This was done already, in another way";
    Expired = "expired", 410, "The code or cursor has expired";
    TooLarge = "too_large", 413, "The request is past a limit";
    /// The ends speak no common version; `detail` names the relay's range.
    Version = "unsupported_version", 426, "The app or the relay is too old for the other";
    RateLimited = "rate_limited", 429, "Too many requests";
    Internal = "internal", 500, "The relay failed";
    /// Named on the wire already, not built yet.
    Unsupported = "unsupported", 501, "This relay does not do that yet";
    /// Try later: busy, starting, closed until confirmed, out of room.
    Unavailable = "unavailable", 503, "The relay cannot answer now";
}

impl ProblemCode {
    pub fn from_code(code: &str) -> Self {
        Self::KNOWN.iter().copied().find(|known| known.code() == code).unwrap_or(Self::Other)
    }
}

/// A problem with what there is to say about this case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {detail}", code.code())]
pub struct Problem {
    pub code: ProblemCode,
    /// What and where, in English, without personal data.
    pub detail: String,
}

impl Problem {
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    /// `None` where `body` is no problem of ours, as from a captive portal.
    pub fn from_json(body: &[u8]) -> Option<Self> {
        if body.len() > READ_BYTES {
            return None;
        }
        let members: Members = serde_json::from_slice(body).ok()?;
        let code = members.kind.strip_prefix(TYPE_PREFIX)?;
        let detail = members.detail.as_deref().unwrap_or_default();
        let cut = super::bounded::Text::<DETAIL_BYTES>::cut(detail).0;
        Some(Self { code: ProblemCode::from_code(code), detail: cut })
    }
}

/// What a phone reads of a problem; whatever else stands there is passed over.
#[derive(serde::Deserialize)]
struct Members {
    #[serde(rename = "type")]
    kind: String,
    detail: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_relay_writes_is_read() {
        for code in ProblemCode::KNOWN {
            let detail = "body: \"x\\y\"\n\u{1} añadido \u{1F4E6}";
            let json = serde_json::json!({
                "type": format!("{TYPE_PREFIX}{}", code.code()), "title": code.title(), "status": code.status(),
                "code": code.code(), "detail": detail, "advice": "try later", "request_id": "1",
            });
            let read = Problem::from_json(json.to_string().as_bytes());
            assert_eq!(read, Some(Problem::new(*code, detail)));
        }
    }

    #[test]
    fn a_captive_portal_is_no_problem_of_ours() {
        for body in [
            "",
            "<html>",
            "{}",
            "{\"error\":1}",
            "[1]",
            "{\"type\":\"about:blank\"}",
            "{\"code\":\"x\"}",
            "{\"a\"",
        ] {
            assert_eq!(Problem::from_json(body.as_bytes()), None, "{body}");
        }
        let with_more =
            br#" { "status" : 503, "type" : "urn:cartera:problem:unavailable", "traceId" : null, "errors" : [ 1 ] } "#;
        assert_eq!(Problem::from_json(with_more).map(|p| p.code), Some(ProblemCode::Unavailable));
        let newer = br#"{"type":"urn:cartera:problem:full_moon","status":503}"#;
        assert_eq!(Problem::from_json(newer).map(|p| p.code), Some(ProblemCode::Other));
    }
}
