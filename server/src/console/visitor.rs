//! Who is logged in, by the cookie; and the cookie itself.
//!
//! It holds the session's token, of which the relay keeps the hash alone. No script reads it, no other site's form sends
//! it, and under TLS it never travels in the clear.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use cartera_core::model::access::Action;

use super::form;
use super::reader::{Reader, cookie};
use super::shell::{Place, Shell, Shown};
use super::words::Words;
use crate::app::App;
use crate::http::auth::{Caller, Known, SESSION};
use crate::http::problem::Problem;
use crate::people::access::By;
use crate::secret::SecretHash;
use crate::settings::Settings;
use crate::tokens::{SESSION_MS, Session};

/// Somebody who is logged in and reads a page.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    pub(crate) by: By,
    pub(crate) session: Session,
    pub(crate) name: String,
    pub(crate) reader: Reader,
    /// For this answer's forms; see [`form`].
    pub(crate) form_token: String,
    /// Path and query that were asked for.
    path: String,
}

impl Visitor {
    pub(crate) fn words(&self) -> Words {
        Words(self.reader.language)
    }

    /// A page's frame; `title` in the reader's language.
    pub(crate) fn shell(&self, title: String, here: Option<Place>) -> Shell {
        let places = Place::ALL.into_iter().filter(|place| self.opens(*place)).collect();
        let shown = Shown { name: self.name.clone(), places };
        Shell { visitor: Some(shown), here, ..Shell::new(self.reader, title, self.path.clone()) }
    }

    pub(crate) fn may(&self, action: Action) -> bool {
        self.by.require(action).is_ok()
    }

    fn opens(&self, place: Place) -> bool {
        match place {
            // What is there is of the clients whom somebody sees.
            Place::Data => self.by.require_some(Action::Export).is_ok(),
            place => place.action().is_none_or(|action| self.may(action)),
        }
    }

    /// The first page that this person may open.
    pub(crate) fn home(&self) -> &'static str {
        let may = |place: &Place| place.action().is_some_and(|action| self.may(action));
        Place::ALL.into_iter().find(may).map_or("/account", Place::path)
    }
}

/// To the login, and from there back.
#[derive(Debug)]
pub(crate) enum Turned {
    Away { back: Option<String> },
    Wrong(Problem),
}

impl IntoResponse for Turned {
    fn into_response(self) -> Response {
        match self {
            Self::Away { back } => {
                let query = |back| serde_urlencoded::to_string([("next", back)]).unwrap_or_default();
                see_other(&back.map_or_else(|| "/login".into(), |back| format!("/login?{}", query(back))))
            }
            Self::Wrong(problem) => problem.into_response(),
        }
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Turned;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Turned> {
        let found = <Self as OptionalFromRequestParts<App>>::from_request_parts(parts, app).await;
        let back = (parts.method == Method::GET).then(|| path(parts));
        found.map_err(Turned::Wrong)?.ok_or(Turned::Away { back })
    }
}

impl OptionalFromRequestParts<App> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Problem> {
        let Some(token) = token(&app.settings, &parts.headers) else { return Ok(None) };
        let hash = SecretHash::of(token);
        let found = app
            .run(move |app| {
                let Some(session) = app.storage.session(&hash, app.env.now_ms())? else { return Ok(None) };
                let person = app.storage.person(session.person)?;
                Ok::<_, Problem>(person.map(|person| (session, person.name)))
            })
            .await?;
        let Some((session, name)) = found else { return Ok(None) };
        parts.extensions.insert(Known);
        let by = By::caller(&Caller::Person(session.clone()));
        Ok(by.map(|by| Self {
            by,
            session,
            name,
            reader: Reader::of(&parts.headers),
            form_token: form::token(app.env.as_ref(), token),
            path: path(parts),
        }))
    }
}

fn path(parts: &Parts) -> String {
    parts.uri.path_and_query().map_or_else(|| "/".into(), ToString::to_string)
}

/// The session's token in the cookie, if it has the shape of one.
pub(super) fn token<'h>(settings: &Settings, headers: &'h HeaderMap) -> Option<&'h str> {
    let token = cookie(headers, name(settings))?;
    let legal = token.len() <= crate::http::limits::TOKEN_MAX && token.starts_with(SESSION);
    legal.then_some(token)
}

/// Whether browsers reach the relay by TLS, its own or a proxy's.
fn is_secure(settings: &Settings) -> bool {
    settings.public_url.starts_with("https:")
}

/// With the prefix a browser takes it from this very host by TLS alone.
fn name(settings: &Settings) -> &'static str {
    if is_secure(settings) { "__Host-session" } else { "session" }
}

/// Another page, asked for anew.
pub(crate) fn see_other(to: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(LOCATION, to);
    response
}

/// Where to go on after a form: a path of this console and nothing else.
pub(crate) fn own_path(text: &str) -> Option<&str> {
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (plain && text.starts_with('/') && !text.starts_with("//")).then_some(text)
}

/// The answer with the cookie of a session that was opened.
pub(crate) fn let_in(settings: &Settings, token: &str, mut response: Response) -> Response {
    set(settings, name(settings), token, SESSION_MS / 1000, &mut response);
    response
}

/// The answer without the cookie.
pub(crate) fn let_out(settings: &Settings, mut response: Response) -> Response {
    set(settings, name(settings), "", 0, &mut response);
    response
}

/// A choice of the reader's, for a year.
pub(crate) fn remember(settings: &Settings, name: &str, value: &str, response: &mut Response) {
    set(settings, name, value, 365 * 24 * 60 * 60, response);
}

fn set(settings: &Settings, name: &str, value: &str, seconds: i64, response: &mut Response) {
    let secure = if is_secure(settings) { "; Secure" } else { "" };
    // `Lax`: a link in a mail opens the page that it names, and no form of another site gets through.
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_the_console_are_gone_to() {
        for good in ["/", "/clients?q=a%20b", "/overview#top"] {
            assert_eq!(own_path(good), Some(good));
        }
        for bad in
            ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nset-cookie: x", "/ñ"]
        {
            assert_eq!(own_path(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_cookie_is_bound_to_the_host_under_tls() {
        let header = |url: &str| {
            let settings = Settings { public_url: url.into(), ..Settings::default() };
            let response = let_in(&settings, "cs_X", see_other("/"));
            response.headers()[SET_COOKIE].to_str().unwrap().to_owned()
        };
        let plain = "session=cs_X; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax";
        assert_eq!(header("http://127.0.0.1:1"), plain);
        assert_eq!(header("https://relay.example"), format!("__Host-{plain}; Secure"));
    }
}
