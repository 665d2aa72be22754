//! What comes from a form: fields, and a token that only a page of this very session has.
//!
//! The browser's own headers already tell whose page sent a form (see [`super::guard`]); the token is the second lock. It
//! is a fresh number and its HMAC under the session's token, so that it is another one in each answer: pages are
//! compressed, and what stays the same in them could be guessed bit by bit from their lengths.

use axum::extract::{FromRequest, Request};
use cartera_core::env::{Env, random_bytes};
use hmac::{Hmac, KeyInit, Mac};
use serde::de::DeserializeOwned;
use sha2::Sha256;

use super::visitor;
use crate::app::App;
use crate::http::body::{expect_type, read};
use crate::http::problem::Problem;
use crate::secret::{from_base32, to_base32};

/// A form's bytes at most.
const FORM_MAX: usize = 64 << 10;
const TYPE: &str = "application/x-www-form-urlencoded";
/// The field that holds the token.
const FIELD: &str = "form_token";

const NUMBER: usize = 10;
const LENGTH: usize = NUMBER + 20;

/// For the forms of one answer.
pub(super) fn token(env: &dyn Env, session: &str) -> String {
    let number = random_bytes::<NUMBER>(env);
    let mut token = [0; LENGTH];
    token[..NUMBER].copy_from_slice(&number);
    token[NUMBER..].copy_from_slice(&mac(session, &number).finalize().into_bytes()[..LENGTH - NUMBER]);
    to_base32(&token)
}

fn is_of(session: &str, token: &str) -> bool {
    let Some(token) = from_base32::<LENGTH>(token) else { return false };
    let (number, tag) = token.split_at(NUMBER);
    mac(session, number).verify_truncated_left(tag).is_ok()
}

#[allow(clippy::expect_used)] // HMAC takes a key of any length
fn mac(session: &str, number: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(session.as_bytes()).expect("any key will do");
    mac.update(b"cartera form");
    mac.update(number);
    mac
}

/// Fields as they come, for a form of which some come several times.
pub(crate) type Fields = Vec<(String, String)>;

/// A form that is a button alone.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Nothing {}

/// A form before anybody is logged in.
#[derive(Debug)]
pub(crate) struct Open<T>(pub(crate) T);

/// A form of somebody who is logged in.
#[derive(Debug)]
pub(crate) struct Form<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<App> for Open<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        Ok(Self(parse(&bytes(request, app).await?)?))
    }
}

impl<T: DeserializeOwned> FromRequest<App> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let session = visitor::token(&app.settings, request.headers()).map(str::to_owned);
        let bytes = bytes(request, app).await?;
        let fields: Vec<(String, String)> = parse(&bytes)?;
        let token = fields.iter().find(|(name, _)| name == FIELD).map(|(_, value)| value.as_str());
        match (session, token) {
            (Some(session), Some(token)) if is_of(&session, token) => Ok(Self(parse(&bytes)?)),
            _ => Err(Problem::forbidden().detail("the form is of another session: open the page anew")),
        }
    }
}

async fn bytes(request: Request, app: &App) -> Result<Vec<u8>, Problem> {
    expect_type(request.headers(), &[TYPE])?;
    let (bytes, _budget) = read(request, app, FORM_MAX).await?;
    Ok(bytes)
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_urlencoded::from_bytes(bytes)
        .map_err(|error| Problem::bad_request("malformed").detail(error.to_string()))
}

#[cfg(test)]
mod tests {
    use cartera_core::env::SeededEnv;

    use super::*;

    #[test]
    fn a_token_is_of_one_session_and_each_is_another() {
        let env = SeededEnv::new(1, 0);
        let [one, other] = [(); 2].map(|()| token(&env, "cs_A"));
        assert_ne!(one, other);
        assert!(is_of("cs_A", &one) && is_of("cs_A", &other));
        assert!(!is_of("cs_B", &one) && !is_of("cs_A", "") && !is_of("cs_A", &one[1..]));
        let mut bent = one.into_bytes();
        bent[0] = if bent[0] == b'0' { b'1' } else { b'0' };
        assert!(!is_of("cs_A", &String::from_utf8(bent).unwrap()));
    }
}
