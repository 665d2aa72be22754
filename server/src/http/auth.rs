//! Who is calling: extractors over `Authorization: Bearer`.
//!
//! A phone's token is text that the phone made; those of machines and sessions are made here and begin with
//! [`MACHINE`] and [`SESSION`]. Of all of them only the SHA-256 is stored; it is found by an index and compared
//! in constant time. A handler says by the extractor that it takes who may call it at all; what the caller may
//! then do is the use case's to check.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use cartera_core::env::random_bytes;

use super::problem::Problem;
use super::{address, limits};
use crate::app::App;
use crate::audit::Actor;
use crate::devices::KnownDevice;
use crate::people::access::By;
use crate::secret::{SecretHash, to_base32};
use crate::telemetry::CodeLabels;
use crate::tokens::{MachineToken, Scope, Session};

/// What a machine's token begins with.
pub const MACHINE: &str = "cm_";
/// What a session's token begins with.
pub const SESSION: &str = "cs_";

/// Somebody whose token is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    Device(KnownDevice),
    Machine(MachineToken),
    Person(Session),
}

/// On a request whose token is good: its body may be large ([`super::body`]).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known;

/// A phone, revoked or not: only for what a revoked one may still ask.
#[derive(Debug, Clone)]
pub struct AnyDevice(pub KnownDevice);

/// A phone that is not revoked.
#[derive(Debug, Clone)]
pub struct ActiveDevice(pub KnownDevice);

/// Somebody who is logged in.
#[derive(Debug, Clone)]
pub struct Person(pub Session);

impl Caller {
    pub fn actor(&self) -> Actor {
        match self {
            Self::Device(known) => Actor::Device(known.device.id),
            Self::Machine(token) => Actor::Machine(token.id),
            Self::Person(session) => Actor::Person(session.person),
        }
    }

    /// Whether this is a machine's token with that scope.
    pub fn has_scope(&self, scope: Scope) -> bool {
        matches!(self, Self::Machine(token) if token.scopes.contains(&scope))
    }
}

/// A new token's text and hash: 256 random bits behind the prefix of its kind.
pub fn new_token(app: &App, prefix: &str) -> (String, SecretHash) {
    let text = format!("{prefix}{}", to_base32(&random_bytes::<32>(app.env.as_ref())));
    let hash = SecretHash::of(&text);
    (text, hash)
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Some(token) = bearer(&parts.headers) else {
            return Err(unauthenticated("there is no `Authorization: Bearer` with a token"));
        };
        let hash = SecretHash::of(token);
        let kind = if token.starts_with(MACHINE) {
            Kind::Machine
        } else if token.starts_with(SESSION) {
            Kind::Session
        } else {
            Kind::Device
        };
        match app.run(move |app| look_up(app, kind, hash)).await? {
            Ok(caller) => {
                parts.extensions.insert(Known);
                Ok(caller)
            }
            Err(problem) => Err(refused(app, parts, problem)),
        }
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Device,
    Machine,
    Session,
}

fn look_up(app: &App, kind: Kind, hash: SecretHash) -> Result<Result<Caller, Problem>, Problem> {
    let now_ms = app.env.now_ms();
    let unknown = || unauthenticated("the token is unknown or has expired");
    Ok(match kind {
        Kind::Device => app.storage.device_by_token(&hash, now_ms)?.map(Caller::Device).ok_or_else(unknown),
        Kind::Session => app.storage.session(&hash, now_ms)?.map(Caller::Person).ok_or_else(unknown),
        Kind::Machine => match app.storage.machine_token(&hash, now_ms)? {
            None => Err(unknown()),
            Some(token) if token.revoked_ms.is_some() => Err(revoked("this token was revoked")),
            Some(token) if token.expires_ms <= now_ms => Err(unauthenticated("this token has expired")),
            Some(token) => Ok(Caller::Machine(token)),
        },
    })
}

/// Counts a failure, and turns it into 'wait' when there were too many.
pub(crate) fn refused(app: &App, parts: &Parts, problem: Problem) -> Problem {
    app.metrics.auth_failures.get_or_create(&CodeLabels { code: problem.code }).inc();
    let address = address::of(&app.settings, &parts.headers, &parts.extensions);
    match app.throttle.failed(address, app.env.uptime_ms()) {
        Ok(()) => problem,
        Err(seconds) => Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited").retry_after(seconds),
    }
}

fn unauthenticated(detail: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "unauthenticated").detail(detail)
}

fn revoked(detail: &str) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "revoked").detail(detail)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let legal =
        |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b'_' | b'~' | b'+' | b'/' | b'=');
    let fits = (limits::TOKEN_MIN..=limits::TOKEN_MAX).contains(&token.len());
    (scheme.eq_ignore_ascii_case("bearer") && fits && token.bytes().all(legal)).then_some(token)
}

impl FromRequestParts<App> for AnyDevice {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        match Caller::from_request_parts(parts, app).await? {
            Caller::Device(known) => Ok(Self(known)),
            _ => Err(Problem::forbidden().detail("only a phone may ask this")),
        }
    }
}

impl FromRequestParts<App> for ActiveDevice {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let AnyDevice(known) = AnyDevice::from_request_parts(parts, app).await?;
        if known.device.revoked.is_some() {
            return Err(revoked("this phone was revoked"));
        }
        if known.device.unconfirmed {
            let why =
                "the relay was restored without its journal: an administrator has to confirm this phone";
            return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable")
                .detail(why)
                .retry_after(600));
        }
        Ok(Self(known))
    }
}

impl FromRequestParts<App> for Person {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        match Caller::from_request_parts(parts, app).await? {
            Caller::Person(session) => Ok(Self(session)),
            _ => Err(Problem::forbidden().detail("only somebody who is logged in may do this")),
        }
    }
}

/// Who administers: somebody who is logged in, and neither phones nor programs, whoever holds them.
impl FromRequestParts<App> for By {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let nobody = || Problem::forbidden().detail("only somebody who is logged in may do this");
        Self::caller(&caller).ok_or_else(nobody)
    }
}

/// The back office: somebody who is logged in, or a program; what the token's scopes cover the use case checks.
#[derive(Debug, Clone, Copy)]
pub struct Office(pub By);

impl FromRequestParts<App> for Office {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let by = match &caller {
            Caller::Machine(token) => Some(By::program(token)),
            other => By::caller(other),
        };
        by.map(Self).ok_or_else(|| Problem::forbidden().detail("phones do not speak for the office"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_taken_in_its_bounds_only() {
        let with = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, value.parse().unwrap());
            bearer(&headers).map(str::len)
        };
        assert_eq!(with(&format!("Bearer {}", "a".repeat(limits::TOKEN_MIN))), Some(limits::TOKEN_MIN));
        assert_eq!(with(&format!("bearer {}", "a".repeat(limits::TOKEN_MAX))), Some(limits::TOKEN_MAX));
        assert_eq!(with(&format!("Bearer {}", "a".repeat(limits::TOKEN_MIN - 1))), None);
        assert_eq!(with(&format!("Bearer {}", "a".repeat(limits::TOKEN_MAX + 1))), None);
        assert_eq!(with(&format!("Basic {}", "a".repeat(40))), None);
        assert_eq!(with(&format!("Bearer {} x", "a".repeat(40))), None);
    }
}
