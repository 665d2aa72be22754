//! The pages of the way in: login, one-time code, one's own account.

mod second;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use cartera_core::model::TokenId;
use serde::Deserialize;

use super::manage::{self, CurrentWrong, Entered, NameWrong, NewLogin, PasswordRefused, SetRefused, Wrong};
use super::{NAME_CHARS_MAX, PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN, browser};
use crate::app::App;
use crate::console::field::Field;
use crate::console::form::{Form, Nothing, Open};
use crate::console::reader::Reader;
use crate::console::shell::{Shell, page};
use crate::console::visitor::{Visitor, let_in, let_out, own_path, see_other};
use crate::console::words::Words;
use crate::http::address;
use crate::http::auth::refused;
use crate::http::path::{Id, Params};
use crate::http::problem::Problem;
use crate::tokens;
use crate::tokens::manage::LoginError;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/login", get(login).post(log_in))
        .route("/welcome", get(welcome).post(come_in))
        .route("/logout", post(log_out))
        .route("/account", get(account))
        .route("/account/password", get(password).post(set_password))
        .route("/account/sessions/{id}/end", post(end_session))
        .merge(second::routes())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Next {
    next: String,
    code: String,
}

#[derive(Template)]
#[template(path = "login/login.html")]
struct LoginPage {
    shell: Shell,
    next: String,
    /// Of the form as a whole.
    error: Option<String>,
    fields: [Field; 2],
}

impl LoginPage {
    fn new(reader: Reader, next: &str, name: &str, error: Option<String>) -> Self {
        let words = Words(reader.language);
        let shell = Shell::new(reader, words.say("console-login"), "/login".into());
        let fields = [
            Field::new("name", words.say("console-login-name"), "text", "username").value(name),
            Field::new("password", words.say("console-password"), "password", "current-password"),
        ];
        Self { shell, next: own_path(next).unwrap_or_default().to_owned(), error, fields }
    }
}

async fn login(visitor: Option<Visitor>, reader: Reader, Params(next): Params<Next>) -> Response {
    match visitor {
        Some(visitor) => see_other(own_path(&next.next).unwrap_or(visitor.home())),
        None => page(StatusCode::OK, &LoginPage::new(reader, &next.next, "", None)),
    }
}

#[derive(Debug, Deserialize)]
struct LoginForm {
    name: String,
    password: String,
    #[serde(default)]
    next: String,
}

async fn log_in(
    State(app): State<App>,
    parts: Parts,
    reader: Reader,
    Open(form): Open<LoginForm>,
) -> Result<Response, Problem> {
    let from = address::of(&app.settings, &parts.headers, &parts.extensions);
    let browser = browser::of(&parts.headers);
    let Some(_turn) = app.door.turn().await else { return Err(Problem::internal()) };
    let (name, password) = (form.name.clone(), form.password);
    let outcome =
        app.run(move |app| Ok::<_, Problem>(manage::log_in(app, &name, &password, from, &browser))).await?;
    let words = Words(reader.language);
    let (status, why, wait) = match outcome {
        Ok(Entered::In(token, _)) => {
            let next = see_other(own_path(&form.next).unwrap_or("/"));
            return Ok(let_in(&app.settings, &token, next));
        }
        Ok(Entered::Second(pending)) => {
            return Ok(page(StatusCode::OK, &second::asked(reader, &pending, &form.next, None)));
        }
        Err(PasswordRefused::Storage(error)) => return Err(error.into()),
        Err(PasswordRefused::Wrong) => {
            (StatusCode::UNPROCESSABLE_ENTITY, words.say("console-login-wrong"), None)
        }
        Err(PasswordRefused::Wait(seconds)) => {
            let why = words.count("console-login-wait", seconds.into());
            (StatusCode::TOO_MANY_REQUESTS, why, Some(seconds))
        }
    };
    Ok(again(status, &LoginPage::new(reader, &form.next, &form.name, Some(why)), wait))
}

/// A form once more, with why; where tries are throttled, after how many seconds the next one counts.
fn again(status: StatusCode, form: &impl Template, wait: Option<u32>) -> Response {
    let mut response = page(status, form);
    if let Some(seconds) = wait {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}

#[derive(Template)]
#[template(path = "login/welcome.html")]
struct WelcomePage {
    shell: Shell,
    next: String,
    code: Field,
    /// The link holds it already.
    is_given: bool,
}

impl WelcomePage {
    fn new(reader: Reader, next: &Next, error: Option<String>) -> Self {
        let words = Words(reader.language);
        let shell = Shell::new(reader, words.say("console-welcome"), "/welcome".into());
        let code: String = next.code.chars().take(80).collect();
        let is_given = !code.is_empty() && error.is_none();
        let field = Field::new("code", words.say("console-code"), "text", "one-time-code");
        let code = field.value(&code).hint(words.say("console-code-hint")).error(error);
        Self { shell, next: own_path(&next.next).unwrap_or_default().to_owned(), code, is_given }
    }
}

/// A code is used by a form only: whoever looks a link up before its reader opens it uses nothing up.
async fn welcome(reader: Reader, Params(next): Params<Next>) -> Response {
    page(StatusCode::OK, &WelcomePage::new(reader, &next, None))
}

async fn come_in(
    State(app): State<App>,
    parts: Parts,
    reader: Reader,
    Open(form): Open<Next>,
) -> Result<Response, Problem> {
    let (code, browser) = (form.code.clone(), browser::of(&parts.headers));
    let outcome = app.run(move |app| Ok::<_, Problem>(tokens::manage::log_in(app, &code, &browser))).await?;
    let id = match outcome {
        Ok((token, _)) => {
            let next = see_other(own_path(&form.next).unwrap_or("/account/password"));
            return Ok(let_in(&app.settings, &token, next));
        }
        Err(LoginError::Storage(error)) => return Err(error.into()),
        Err(LoginError::Expired) => "console-code-expired",
        Err(LoginError::Refused | LoginError::Left) => "console-code-wrong",
    };
    // Counted as any other attempt with a token that is none.
    let problem = refused(&app, &parts, Problem::new(StatusCode::UNAUTHORIZED, "unauthenticated"));
    if problem.status == StatusCode::TOO_MANY_REQUESTS {
        return Err(problem);
    }
    let why = Words(reader.language).say(id);
    Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &WelcomePage::new(reader, &form, Some(why))))
}

async fn log_out(
    State(app): State<App>,
    visitor: Visitor,
    Form(_): Form<Nothing>,
) -> Result<Response, Problem> {
    app.run(move |app| tokens::manage::log_out(app, &visitor.session)).await?;
    Ok(let_out(&app.settings, see_other("/login")))
}

struct SessionRow {
    id: String,
    browser: String,
    since: String,
    until: String,
    is_this: bool,
}

#[derive(Template)]
#[template(path = "login/account.html")]
struct AccountPage {
    shell: Shell,
    form_token: String,
    role: String,
    login: Option<(String, String)>,
    has_second: bool,
    sessions: Vec<SessionRow>,
}

async fn account(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    let session = visitor.session.clone();
    let (login, sessions) = app
        .run(move |app| {
            let login = app.storage.login_of(session.person)?;
            Ok::<_, Problem>((login, manage::sessions(app, &session)?))
        })
        .await?;
    let words = visitor.words();
    let rows = sessions.into_iter().map(|open| SessionRow {
        id: open.id.to_string(),
        browser: if open.browser.is_empty() { words.say("console-session-unknown") } else { open.browser },
        since: words.moment(open.created_ms),
        until: words.moment(open.expires_ms),
        is_this: open.id == visitor.session.id,
    });
    let shown = AccountPage {
        shell: visitor.shell(words.say("console-account"), None),
        form_token: visitor.form_token.clone(),
        role: words.say(&format!("role-{}", visitor.session.role.as_str())),
        has_second: login.as_ref().is_some_and(|login| login.second.is_some()),
        login: login.map(|login| (login.name, words.moment(login.set_ms))),
        sessions: rows.collect(),
    };
    Ok(page(StatusCode::OK, &shown))
}

async fn end_session(
    State(app): State<App>,
    visitor: Visitor,
    Id(id): Id<TokenId>,
    Form(_): Form<Nothing>,
) -> Result<Response, Problem> {
    let is_this = id == visitor.session.id;
    app.run(move |app| manage::end(app, &visitor.session, id)).await?;
    // One that has ended meanwhile is what was wanted.
    Ok(if is_this { let_out(&app.settings, see_other("/login")) } else { see_other("/account") })
}

#[derive(Template)]
#[template(path = "login/password.html")]
struct PasswordPage {
    shell: Shell,
    form_token: String,
    /// Nobody has to have a password.
    is_first: bool,
    home: &'static str,
    fields: Vec<Field>,
}

impl PasswordPage {
    fn new(visitor: &Visitor, name: &str, known: bool, needs_current: bool, wrong: &Wrong) -> Self {
        let words = visitor.words();
        let title = if known { "console-password-change" } else { "console-password-first" };
        let name_wrong = wrong.name.map(|why| match why {
            NameWrong::Empty => words.say("console-login-name-empty"),
            NameWrong::TooLong => words.count("console-login-name-too_long", NAME_CHARS_MAX as u64),
            NameWrong::Characters => words.say("console-login-name-characters"),
            NameWrong::Taken => words.say("console-login-name-taken"),
        });
        let current_wrong = wrong.current.map(|why| match why {
            CurrentWrong::Wrong => words.say("console-password-wrong"),
            CurrentWrong::Wait(seconds) => words.count("console-login-wait", seconds.into()),
        });
        let bounds = [("least", PASSWORD_CHARS_MIN.into()), ("most", PASSWORD_CHARS_MAX.into())];
        let new_wrong = wrong.new.map(|weak| words.args(weak.text_id(), &bounds));
        let mut fields = vec![
            Field::new("name", words.say("console-login-name"), "text", "username")
                .value(name)
                .hint(words.say("console-login-name-hint"))
                .error(name_wrong),
        ];
        if needs_current {
            let label = words.say("console-password-current");
            fields.push(Field::new("current", label, "password", "current-password").error(current_wrong));
        }
        fields.push(
            Field::new("new", words.say("console-password-new"), "password", "new-password")
                .hint(words.args("console-password-hint", &bounds))
                .error(new_wrong),
        );
        Self {
            shell: visitor.shell(words.say(title), None),
            form_token: visitor.form_token.clone(),
            is_first: !known,
            home: visitor.home(),
            fields,
        }
    }
}

async fn password(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    let session = visitor.session.clone();
    let (login, needs_current) = app
        .run(move |app| {
            let login = app.storage.login_of(session.person)?;
            Ok::<_, Problem>((login, manage::needs_current(app, &session)?))
        })
        .await?;
    let name = login.as_ref().map_or("", |login| login.name.as_str());
    let shown = PasswordPage::new(&visitor, name, login.is_some(), needs_current, &Wrong::default());
    Ok(page(StatusCode::OK, &shown))
}

#[derive(Debug, Deserialize)]
struct PasswordForm {
    name: String,
    #[serde(default)]
    current: String,
    new: String,
}

async fn set_password(
    State(app): State<App>,
    visitor: Visitor,
    parts: Parts,
    Form(form): Form<PasswordForm>,
) -> Result<Response, Problem> {
    let from = address::of(&app.settings, &parts.headers, &parts.extensions);
    let Some(_turn) = app.door.turn().await else { return Err(Problem::internal()) };
    let (session, name) = (visitor.session.clone(), form.name.clone());
    let outcome = app
        .run(move |app| {
            let new = NewLogin { name: &form.name, current: &form.current, new: &form.new };
            let set = manage::set(app, &session, &new, from);
            let known = app.storage.login_of(session.person)?.is_some();
            Ok::<_, Problem>((set, known, manage::needs_current(app, &session)?))
        })
        .await?;
    match outcome {
        (Ok(()), ..) => Ok(see_other(visitor.home())),
        (Err(SetRefused::Storage(error)), ..) => Err(error.into()),
        (Err(SetRefused::Memory), ..) => Err(Problem::internal()),
        (Err(SetRefused::Wrong(wrong)), known, needs_current) => {
            let shown = PasswordPage::new(&visitor, &name, known, needs_current, &wrong);
            Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &shown).into_response())
        }
    }
}
