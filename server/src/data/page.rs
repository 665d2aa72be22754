//! Exports to take, tokens for programs, feeds and their age, backups, and the audit.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use cartera_core::model::TokenId;
use cartera_core::model::access::Action;
use cartera_core::query::feeds::Freshness;

use crate::app::App;
use crate::audit::{self, Recorded};
use crate::backup::BackupError;
use crate::backup::desk::{self, Overview};
use crate::console::field::Field;
use crate::console::form::{Fields, Form, Nothing};
use crate::console::parts::{Button, Item, List};
use crate::console::shell::{Place, Shell, page};
use crate::console::visitor::{Visitor, see_other};
use crate::console::words::Words;
use crate::export::resources::{RESOURCES, Resource};
use crate::http::path::{Id, Params};
use crate::http::problem::Problem;
use crate::refused::Refused;
use crate::tokens::{MachineToken, NAME_CHARS_MAX, Scope, manage};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/data", get(show))
        .route("/data/audit", get(deeds))
        .route("/data/backups", post(back_up))
        .route("/data/backups/{id}/verify", post(verify))
        .route("/data/tokens", post(make_token))
        .route("/data/tokens/{id}/revoke", post(revoke_token))
}

#[derive(Template)]
#[template(path = "data/page.html")]
struct DataPage {
    shell: Shell,
    form_token: String,
    done: Option<String>,
    /// Names to take, and what they are called.
    exports: Vec<(&'static str, &'static str)>,
    feeds: List,
    tokens: Option<List>,
    name: Field,
    /// Name, words, chosen.
    scopes: Vec<(&'static str, String, bool)>,
    scopes_wrong: Option<String>,
    days: String,
    backups: Option<List>,
    may_back_up: bool,
    /// What the last backup's job says.
    job: Option<String>,
    sees_audit: bool,
    sees_settings: bool,
}

/// A token's form that was refused: what was typed, and what is wrong.
#[derive(Debug, Clone)]
struct Typed {
    name: String,
    scopes: Vec<Scope>,
    days: String,
    name_wrong: bool,
    scopes_wrong: bool,
}

impl Default for Typed {
    fn default() -> Self {
        Self {
            name: String::new(),
            scopes: Vec::new(),
            days: "365".into(),
            name_wrong: false,
            scopes_wrong: false,
        }
    }
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Told {
    done: String,
}

const DONE: [&str; 6] =
    ["token_revoked", "backup_begun", "backup_check", "backup_busy", "erased", "erased_later"];

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Params(told): Params<Told>,
) -> Result<Response, Problem> {
    data(app, visitor, StatusCode::OK, &Typed::default(), &told.done).await
}

struct Known {
    feeds: Vec<Freshness>,
    tokens: Vec<MachineToken>,
    backups: Option<Overview>,
    now_ms: i64,
}

fn read(app: &App, visitor: &Visitor) -> Result<Known, Refused> {
    let by = visitor.by;
    by.require_some(Action::Export)?;
    let tokens = if visitor.may(Action::ManageTokens) { manage::list(app, by)? } else { Vec::new() };
    let backups = match visitor.may(Action::BackUp).then(|| desk::overview(app, by)).transpose() {
        Ok(overview) => overview,
        Err(BackupError::Refused(refused)) => return Err(refused),
        Err(BackupError::Storage(error)) => return Err(error.into()),
        // The folder cannot be read: the log says why, and there is nothing to list.
        Err(error) => {
            tracing::error!(code = error.code(), %error, "backups cannot be listed");
            None
        }
    };
    Ok(Known { feeds: app.storage.freshness()?, tokens, backups, now_ms: app.env.now_ms() })
}

async fn data(
    app: App,
    visitor: Visitor,
    status: StatusCode,
    typed: &Typed,
    told: &str,
) -> Result<Response, Problem> {
    let reader = visitor.clone();
    let known = app.run(move |app| read(app, &reader)).await?;
    let words = visitor.words();
    let teller = Teller { words, now_ms: known.now_ms };
    let name_wrong =
        typed.name_wrong.then(|| words.count("console-people-name-wrong", NAME_CHARS_MAX as u64));
    let manages = visitor.may(Action::ManageTokens);
    let done = DONE.into_iter().find(|done| *done == told);
    let title = |resource: &'static Resource| match words.0 {
        cartera_core::strings::Language::Spanish => resource.spanish,
        cartera_core::strings::Language::English => resource.english,
    };
    let shown = DataPage {
        shell: visitor.shell(words.say("console-data"), Some(Place::Data)),
        form_token: visitor.form_token.clone(),
        done: done.map(|done| words.say(&format!("console-done-{done}"))),
        exports: RESOURCES.iter().map(|resource| (resource.name, title(resource))).collect(),
        feeds: teller.feeds(&known.feeds),
        tokens: manages.then(|| teller.tokens(&known.tokens)),
        name: Field::new("name", words.say("console-tokens-name"), "text", "off")
            .value(&typed.name)
            .hint(words.say("console-tokens-name-hint"))
            .error(name_wrong),
        scopes: Scope::ALL
            .map(|scope| {
                let said = words.say(&format!("console-scope-{}", scope.name()));
                (scope.name(), said, typed.scopes.contains(&scope))
            })
            .to_vec(),
        scopes_wrong: typed.scopes_wrong.then(|| words.say("console-tokens-scopes-wrong")),
        days: typed.days.clone(),
        may_back_up: known.backups.as_ref().is_some_and(|of| of.schedule.is_some()),
        job: known.backups.as_ref().and_then(|of| teller.job(of)),
        backups: known.backups.map(|of| teller.backups(&of)),
        sees_audit: visitor.may(Action::ReadAudit),
        sees_settings: visitor.may(Action::ViewSettings),
    };
    Ok(page(status, &shown))
}

struct Teller {
    words: Words,
    now_ms: i64,
}

impl Teller {
    fn list(&self, id: &'static str, items: Vec<Item>) -> List {
        let part = |what: &str| self.words.say(&format!("console-{id}{what}"));
        List { id, heading: part(""), advice: part(".advice"), items, ..List::default() }
    }

    fn feeds(&self, feeds: &[Freshness]) -> List {
        let items = feeds.iter().map(|feed| {
            let is_stale = self.now_ms - feed.at_ms > crate::attention::STALE_MS;
            Item {
                title: self.words.feed(&feed.what),
                facts: vec![
                    feed.source.clone(),
                    self.words.moment(feed.at_ms),
                    self.words.count("console-feeds-records", feed.records),
                ],
                badge: is_stale.then(|| (self.words.say("console-late"), "warn")),
                ..Item::default()
            }
        });
        self.list("feeds", items.collect())
    }

    fn tokens(&self, tokens: &[MachineToken]) -> List {
        let items = tokens.iter().map(|token| {
            let scopes =
                token.scopes.iter().map(|scope| self.words.say(&format!("console-scope-{}", scope.name())));
            let used = token.used_ms.map_or_else(
                || self.words.say("console-tokens-unused"),
                |at_ms| self.words.with("console-tokens-used", "when", &self.words.moment(at_ms)),
            );
            let mut facts: Vec<String> = scopes.collect();
            facts.push(self.words.with("console-code-until", "when", &self.words.moment(token.expires_ms)));
            facts.push(used);
            let ended = token.revoked_ms.is_some() || token.expires_ms <= self.now_ms;
            let revoke = Button::new(
                format!("/data/tokens/{}/revoke", token.id),
                self.words.say("console-tokens-revoke"),
                token.name.clone(),
            );
            Item {
                title: token.name.clone(),
                facts,
                badge: ended.then(|| (self.words.say("console-tokens-ended"), "")),
                buttons: (!ended).then_some(revoke).into_iter().collect(),
                ..Item::default()
            }
        });
        self.list("tokens", items.collect())
    }

    fn backups(&self, overview: &Overview) -> List {
        let items = overview.backups.iter().map(|backup| {
            let checked =
                self.words.with("console-backups-checked", "when", &self.words.moment(backup.verified_ms));
            let size = self.words.count("console-backups-kb", backup.bytes.div_ceil(1024));
            let badge = match &backup.damage {
                Some(_) => (self.words.say("console-backups-damaged"), "bad"),
                None => (self.words.say("console-backups-sound"), "good"),
            };
            Item {
                title: self.words.moment(backup.made_ms),
                facts: vec![size, checked],
                badge: Some(badge),
                buttons: vec![Button::new(
                    format!("/data/backups/{}/verify", backup.name),
                    self.words.say("console-backups-verify"),
                    self.words.moment(backup.made_ms),
                )],
                ..Item::default()
            }
        });
        self.list("backups", items.collect())
    }

    fn job(&self, overview: &Overview) -> Option<String> {
        if overview.schedule.is_none() {
            return Some(self.words.say("console-backups-none"));
        }
        if overview.running.is_some() {
            return Some(self.words.say("console-done-backup_busy"));
        }
        overview.failed.as_ref().map(|failed| self.words.with("console-backups-failed", "code", failed.code))
    }
}

fn back(done: &str) -> Response {
    see_other(&format!("/data?done={done}"))
}

/// On a thread of its own: it takes longer than an answer may.
async fn begin(
    app: App,
    done: &'static str,
    order: impl FnOnce(&App) -> Result<desk::Order, BackupError> + Send + 'static,
) -> Result<Response, Problem> {
    let order = app
        .run(move |app| match order(app) {
            Err(BackupError::Busy) => Ok(None),
            other => other.map(Some),
        })
        .await?;
    let Some(order) = order else { return Ok(back("backup_busy")) };
    crate::backup::api::begin(order)?;
    Ok(back(done))
}

async fn back_up(
    State(app): State<App>,
    visitor: Visitor,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    begin(app, "backup_begun", move |app| desk::order_backup(app, visitor.by)).await
}

async fn verify(
    State(app): State<App>,
    visitor: Visitor,
    Id(name): Id<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    begin(app, "backup_check", move |app| desk::order_check(app, visitor.by, &name)).await
}

#[derive(Template)]
#[template(path = "data/token.html")]
struct TokenPage {
    shell: Shell,
    name: String,
    text: String,
    curl: String,
}

/// The token is shown once: in an answer to a form, which stands in no address and no history.
async fn make_token(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let field =
        |name: &str| fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    let named = |scope: &Scope| fields.iter().any(|(key, value)| key == "scope" && value == scope.name());
    let scopes: Vec<Scope> = Scope::ALL.into_iter().filter(|scope| named(scope)).collect();
    let typed = Typed {
        name: field("name").to_owned(),
        scopes_wrong: scopes.is_empty(),
        scopes,
        days: field("days").to_owned(),
        name_wrong: false,
    };
    let by = visitor.by;
    let (name, scopes, days) = (typed.name.clone(), typed.scopes.clone(), typed.days.parse().unwrap_or(0));
    let made = app
        .run(move |app| {
            by.require(Action::ManageTokens)?;
            match manage::create(app, by, &name, &scopes, days) {
                Ok(made) => Ok(Some(made)),
                Err(Refused::Invalid { .. }) => Ok(None),
                Err(refused) => Err(refused),
            }
        })
        .await?;
    let words = visitor.words();
    let Some(made) = made else {
        let name_wrong = typed.name.trim().is_empty() || typed.name.chars().count() > NAME_CHARS_MAX;
        // Else it is what may be done, or for how long.
        let typed = Typed { name_wrong, scopes_wrong: typed.scopes_wrong || !name_wrong, ..typed };
        return data(app, visitor, StatusCode::UNPROCESSABLE_ENTITY, &typed, "").await;
    };
    let url = &app.settings.public_url;
    let shown = TokenPage {
        shell: visitor.shell(words.say("console-tokens-made"), Some(Place::Data)),
        curl: format!("curl -H 'Authorization: Bearer {}' {url}/v1/export/visits.csv", made.text),
        name: made.token.name,
        text: made.text,
    };
    Ok(page(StatusCode::OK, &shown))
}

async fn revoke_token(
    State(app): State<App>,
    visitor: Visitor,
    Id(id): Id<TokenId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    app.run(move |app| manage::revoke(app, visitor.by, id)).await?;
    Ok(back("token_revoked"))
}

/// Deeds of one page.
const DEEDS: usize = 100;

#[derive(Template)]
#[template(path = "data/audit.html")]
struct AuditPage {
    shell: Shell,
    deeds: List,
    next: Option<String>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Back {
    before: Option<u64>,
}

async fn deeds(
    State(app): State<App>,
    visitor: Visitor,
    Params(Back { before }): Params<Back>,
) -> Result<Response, Problem> {
    let by = visitor.by;
    let (found, people) = app
        .run(move |app| {
            let found = audit::read_back(app, by, before.unwrap_or(u64::MAX), DEEDS + 1)?;
            let people = app.storage.people()?.into_iter().map(|person| (*person.id.as_bytes(), person.name));
            Ok::<_, Refused>((found, people.collect::<std::collections::BTreeMap<_, _>>()))
        })
        .await?;
    let words = visitor.words();
    let named = |kind: &str, id: Option<[u8; 16]>, text: String| match (kind, id) {
        ("person", Some(id)) => people.get(&id).cloned().unwrap_or(text),
        _ => text,
    };
    let item = |deed: &Recorded| {
        let mut facts = vec![
            words.moment(deed.at_ms),
            named(&deed.actor_kind, deed.actor, deed.actor_text()),
            named(&deed.subject_kind, deed.subject, deed.subject_text()),
            deed.detail.clone(),
        ];
        facts.retain(|fact| !fact.is_empty());
        Item { title: deed.action.clone(), facts, ..Item::default() }
    };
    let next =
        found.get(DEEDS).and(found.get(DEEDS - 1)).map(|deed| format!("/data/audit?before={}", deed.number));
    let shown = AuditPage {
        shell: visitor.shell(words.say("console-audit"), Some(Place::Data)),
        deeds: List {
            id: "deeds",
            heading: words.say("console-audit-caption"),
            items: found.iter().take(DEEDS).map(item).collect(),
            ..List::default()
        },
        next,
    };
    Ok(page(StatusCode::OK, &shown))
}
