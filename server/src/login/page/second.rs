//! Pages of the second step: at the login, and where it is set up.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use super::again;
use crate::app::App;
use crate::cli::qr;
use crate::console::field::Field;
use crate::console::form::{Form, Open};
use crate::console::reader::Reader;
use crate::console::shell::{Shell, page};
use crate::console::visitor::{Visitor, let_in, own_path, see_other};
use crate::console::words::Words;
use crate::http::address;
use crate::http::problem::Problem;
use crate::login::browser;
use crate::login::manage::PasswordRefused;
use crate::login::second::{self, DigitsRefused};
use crate::login::totp::{SALT_BYTES, secret, secret_text, url};
use crate::secret::{from_base32, to_base32};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/login/second", post(finish))
        .route("/account/second", get(show).post(turn_on))
        .route("/account/second/off", post(turn_off))
}

fn digits(words: Words, error: Option<String>) -> Field {
    Field::new("digits", words.say("console-digits"), "text", "one-time-code")
        .hint(words.say("console-digits-hint"))
        .error(error)
}

#[derive(Template)]
#[template(path = "login/digits.html")]
struct DigitsPage {
    shell: Shell,
    pending: String,
    next: String,
    digits: Field,
}

/// Asks for the digits of somebody whose password was right.
pub(super) fn asked(reader: Reader, pending: &str, next: &str, error: Option<String>) -> impl Template {
    let words = Words(reader.language);
    DigitsPage {
        shell: Shell::new(reader, words.say("console-login"), "/login".into()),
        pending: pending.to_owned(),
        next: own_path(next).unwrap_or_default().to_owned(),
        digits: digits(words, error),
    }
}

#[derive(Debug, Deserialize)]
struct Finish {
    pending: String,
    digits: String,
    #[serde(default)]
    next: String,
}

async fn finish(
    State(app): State<App>,
    parts: Parts,
    reader: Reader,
    Open(form): Open<Finish>,
) -> Result<Response, Problem> {
    let from = address::of(&app.settings, &parts.headers, &parts.extensions);
    let browser = browser::of(&parts.headers);
    let (pending, typed) = (form.pending.clone(), form.digits);
    let outcome =
        app.run(move |app| Ok::<_, Problem>(second::finish(app, &pending, &typed, from, &browser))).await?;
    let words = Words(reader.language);
    let (status, why, wait) = match outcome {
        Ok((token, _)) => {
            return Ok(let_in(&app.settings, &token, see_other(own_path(&form.next).unwrap_or("/"))));
        }
        Err(DigitsRefused::Over) => return Ok(see_other("/login")),
        Err(DigitsRefused::Storage(error)) => return Err(error.into()),
        Err(DigitsRefused::Wrong) => {
            (StatusCode::UNPROCESSABLE_ENTITY, words.say("console-digits-wrong"), None)
        }
        Err(DigitsRefused::Wait(seconds)) => {
            let why = words.count("console-login-wait", seconds.into());
            (StatusCode::TOO_MANY_REQUESTS, why, Some(seconds))
        }
    };
    Ok(again(status, &asked(reader, &form.pending, &form.next, Some(why)), wait))
}

#[derive(Template)]
#[template(path = "login/second.html")]
struct SecondPage {
    shell: Shell,
    form_token: String,
    /// It is on already; a session that a code opened just now needs no digits to turn it off.
    is_on: bool,
    needs_digits: bool,
    /// What is set up: the salt, what is typed and what is scanned.
    salt: String,
    secret: String,
    qr: String,
    digits: Field,
}

/// What the page says of somebody: the name and whether it is on.
async fn second_page(
    app: &App,
    visitor: &Visitor,
    salt: Option<[u8; SALT_BYTES]>,
    error: Option<String>,
) -> Result<Option<SecondPage>, Problem> {
    let session = visitor.session.clone();
    let (login, by_code) = app
        .run(move |app| {
            let login = app.storage.login_of(session.person)?;
            Ok::<_, Problem>((login, second::by_code_just_now(app, &session)?))
        })
        .await?;
    let Some(login) = login else { return Ok(None) };
    let words = visitor.words();
    let salt = salt.unwrap_or_else(|| second::new_salt(app));
    let secret = secret(app, visitor.session.person, &salt);
    // The page has one element of the drawing, without what stands before it in a file.
    let qr = qr::svg(&url(secret, &login.name)).unwrap_or_default();
    let qr = qr.split_once("?>").map_or(qr.as_str(), |(_, svg)| svg).to_owned();
    Ok(Some(SecondPage {
        shell: visitor.shell(words.say("console-second"), None),
        form_token: visitor.form_token.clone(),
        is_on: login.second.is_some(),
        needs_digits: !by_code,
        salt: to_base32(&salt),
        secret: secret_text(secret),
        qr,
        digits: digits(words, error),
    }))
}

/// To whoever has no password yet.
fn first_a_password() -> Response {
    see_other("/account/password")
}

async fn show(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    let shown = second_page(&app, &visitor, None, None).await?;
    Ok(shown.map_or_else(first_a_password, |shown| page(StatusCode::OK, &shown)))
}

#[derive(Debug, Deserialize)]
struct TurnOn {
    salt: String,
    digits: String,
}

async fn turn_on(
    State(app): State<App>,
    visitor: Visitor,
    Form(form): Form<TurnOn>,
) -> Result<Response, Problem> {
    let salt = from_base32::<SALT_BYTES>(&form.salt);
    let session = visitor.session.clone();
    let on = app
        .run(move |app| match salt {
            Some(salt) => second::turn_on(app, &session, salt, &form.digits),
            None => Ok(false),
        })
        .await?;
    if on {
        return Ok(see_other("/account"));
    }
    wrong(&app, &visitor, salt, visitor.words().say("console-digits-wrong")).await
}

async fn wrong(
    app: &App,
    visitor: &Visitor,
    salt: Option<[u8; SALT_BYTES]>,
    why: String,
) -> Result<Response, Problem> {
    let shown = second_page(app, visitor, salt, Some(why)).await?;
    Ok(shown.map_or_else(first_a_password, |shown| page(StatusCode::UNPROCESSABLE_ENTITY, &shown)))
}

#[derive(Debug, Deserialize)]
struct TurnOff {
    #[serde(default)]
    digits: String,
}

async fn turn_off(
    State(app): State<App>,
    visitor: Visitor,
    parts: Parts,
    Form(form): Form<TurnOff>,
) -> Result<Response, Problem> {
    let from = address::of(&app.settings, &parts.headers, &parts.extensions);
    let session = visitor.session.clone();
    let outcome =
        app.run(move |app| Ok::<_, Problem>(second::turn_off(app, &session, &form.digits, from))).await?;
    let words = visitor.words();
    let why = match outcome {
        Ok(true) => return Ok(see_other("/account")),
        Ok(false) | Err(PasswordRefused::Wrong) => words.say("console-digits-wrong"),
        Err(PasswordRefused::Wait(seconds)) => words.count("console-login-wait", seconds.into()),
        Err(PasswordRefused::Storage(error)) => return Err(error.into()),
    };
    wrong(&app, &visitor, None, why).await
}
