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

    pub fn to_json(&self) -> String {
        let mut json = String::with_capacity(160);
        json.push('{');
        member(&mut json, "type", &format!("{TYPE_PREFIX}{}", self.code.code()));
        json.push(',');
        member(&mut json, "title", self.code.title());
        json.push_str(&format!(",\"status\":{},", self.code.status()));
        member(&mut json, "code", self.code.code());
        if !self.detail.is_empty() {
            json.push(',');
            member(&mut json, "detail", &self.detail);
        }
        json.push('}');
        json
    }

    /// `None` where `body` is no problem of ours, as from a captive portal.
    pub fn from_json(body: &[u8]) -> Option<Self> {
        if body.len() > READ_BYTES {
            return None;
        }
        let members = flat_strings(std::str::from_utf8(body).ok()?)?;
        let get = |name: &str| members.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let code = get("type")?.strip_prefix(TYPE_PREFIX)?;
        let detail = get("detail").unwrap_or_default();
        let cut = super::bounded::Text::<DETAIL_BYTES>::cut(detail).0;
        Some(Self { code: ProblemCode::from_code(code), detail: cut })
    }
}

fn member(json: &mut String, name: &str, value: &str) {
    for (text, end) in [(name, ":"), (value, "")] {
        json.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => json.extend(['\\', c]),
                c if c < ' ' => json.push_str(&format!("\\u{:04x}", c as u32)),
                c => json.push(c),
            }
        }
        json.push('"');
        json.push_str(end);
    }
}

/// The string members of one flat JSON object; numbers and literals are passed over, nested values end the reading.
fn flat_strings(json: &str) -> Option<Vec<(String, String)>> {
    let mut members = Vec::new();
    let mut rest = json.trim_start().strip_prefix('{')?.trim_start();
    while !rest.starts_with('}') {
        let (name, after) = string(rest)?;
        let value = after.trim_start().strip_prefix(':')?.trim_start();
        rest = if value.starts_with('"') {
            let (text, after) = string(value)?;
            members.push((name, text));
            after
        } else {
            let end = value.find([',', '}', '[', '{'])?;
            if value[end..].starts_with(['[', '{']) {
                return Some(members);
            }
            &value[end..]
        };
        rest = rest.trim_start();
        match rest.strip_prefix(',') {
            Some(after) => rest = after.trim_start(),
            None if rest.starts_with('}') => {}
            None => return None,
        }
    }
    Some(members)
}

/// A JSON string at the start of `json`, and what follows it.
fn string(json: &str) -> Option<(String, &str)> {
    let body = json.strip_prefix('"')?;
    let mut text = String::new();
    let mut chars = body.char_indices();
    loop {
        match chars.next()? {
            (at, '"') => return Some((text, &body[at + 1..])),
            (_, '\\') => match chars.next()?.1 {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'r' => text.push('\r'),
                'u' => {
                    let mut code = 0;
                    for _ in 0..4 {
                        code = code * 16 + chars.next()?.1.to_digit(16)?;
                    }
                    text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                c @ ('"' | '\\' | '/') => text.push(c),
                _ => return None,
            },
            (_, c) => text.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_comes_back_from_its_json() {
        for code in ProblemCode::KNOWN {
            let problem = Problem::new(*code, "body: \"x\\y\"\n\u{1} añadido");
            assert_eq!(Problem::from_json(problem.to_json().as_bytes()), Some(problem));
        }
    }

    #[test]
    fn the_json_is_rfc_9457() {
        assert_eq!(
            Problem::new(ProblemCode::Revoked, "").to_json(),
            r#"{"type":"urn:cartera:problem:revoked","title":"This device was revoked","status":403,"code":"revoked"}"#
        );
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
