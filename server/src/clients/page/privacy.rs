//! What somebody may ask for whose data are held: everything in one file, or that it be erased, with what erasing does and
//! does not reach.

use askama::Template;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use cartera_core::model::access::Action;
use cartera_core::model::record::Kind;
use cartera_core::model::{ClientId, PartId};
use serde::Deserialize;

use super::profile::named;
use crate::app::App;
use crate::clients::erase::{Reason, STAYS, erase, preview, stays_text};
use crate::console::field::{Field, Select};
use crate::console::form::Form;
use crate::console::shell::{Place, Shell, page};
use crate::console::visitor::{Visitor, see_other};
use crate::console::words::Words;
use crate::export::disclosure::{Person, disclose, file_name};
use crate::figures::today;
use crate::http::path::{Id, Params};
use crate::http::problem::Problem;
use crate::refused::Refused;
use crate::storage::clients::ErasePreview;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/clients/{id}/privacy", get(show))
        .route("/clients/{id}/disclosure", get(file))
        .route("/clients/{id}/erase", post(forget))
}

#[derive(Template)]
#[template(path = "clients/page/privacy.html")]
struct PrivacyPage {
    shell: Shell,
    form_token: String,
    id: String,
    name: String,
    /// Address and name of each contact's file.
    contacts: Vec<(String, String)>,
    /// Where the reader may erase.
    erasure: Option<Erasure>,
}

struct Erasure {
    /// What goes, a line each.
    goes: Vec<String>,
    stays: Vec<String>,
    reason: Select,
    word: Field,
}

/// What was typed into the form, and what is wrong with it.
#[derive(Debug, Default)]
struct Typed {
    reason: String,
    reason_wrong: bool,
    word_wrong: bool,
}

async fn show(State(app): State<App>, visitor: Visitor, Id(id): Id<ClientId>) -> Result<Response, Problem> {
    privacy(app, visitor, id, StatusCode::OK, Typed::default()).await
}

async fn privacy(
    app: App,
    visitor: Visitor,
    id: ClientId,
    status: StatusCode,
    typed: Typed,
) -> Result<Response, Problem> {
    let (by, may_erase) = (visitor.by, visitor.may(Action::EraseClient));
    let (profile, would) = app
        .run(move |app| {
            by.require(Action::DisclosePerson)?;
            let (profile, _) = crate::clients::profile::read(app, by, id, today(app), None)?;
            Ok::<_, Refused>((profile, may_erase.then(|| preview(app, by, id)).transpose()?))
        })
        .await?;
    let words = visitor.words();
    let name = named(words, &profile.row.name);
    let contacts = super::profile::contact_names(words, &profile.fields).into_iter();
    let shown = PrivacyPage {
        shell: visitor.shell(words.say("console-privacy"), Some(Place::Clients)),
        form_token: visitor.form_token.clone(),
        contacts: contacts
            .map(|(part, name)| (format!("/clients/{id}/disclosure?contact={part}"), name))
            .collect(),
        erasure: would.map(|would| erasure(words, &would, &typed)),
        id: id.to_string(),
        name,
    };
    Ok(page(status, &shown))
}

fn erasure(words: Words, would: &ErasePreview, typed: &Typed) -> Erasure {
    let counted = |id: &str, count: u64| (count > 0).then(|| words.count(id, count));
    let kind = |letters: &str| match Kind::parse(letters) {
        Some(kind) => words.say(kind.text_id()),
        None => words.say("kind-unknown"),
    };
    let of = |what: String, count: u64| format!("{what}: {}", words.whole(count));
    let mut goes: Vec<String> = counted("console-erase-changes", would.changes).into_iter().collect();
    goes.extend(would.records.iter().map(|(letters, count)| of(kind(letters), *count)));
    goes.extend(would.office.iter().map(|(what, count)| of(words.feed(what), *count)));
    goes.extend(counted("console-erase-refused", would.refused));
    goes.extend(counted("console-erase-imports", would.unfinished_imports));
    goes.extend(counted("console-erase-reports", would.import_reports));
    goes.extend(counted("console-erase-aliases", would.aliases.len() as u64));
    let mut stays: Vec<String> = STAYS.iter().map(|what| stays_text(what, words.0)).collect();
    stays.extend(counted("console-erase-proposals", would.proposals_elsewhere));
    let reasons = Reason::ALL.map(|reason| {
        let name = reason.name();
        (name.to_owned(), words.say(&format!("console-erase-reason-{name}")))
    });
    let wrong = |is: bool, id: &str| is.then(|| words.say(id));
    let mut reason =
        Select::new("reason", words.say("console-erase-reason"), reasons.to_vec(), &typed.reason);
    if typed.reason.is_empty() {
        reason = reason.or(words.say("console-erase-reason-none"));
    }
    Erasure {
        goes,
        stays,
        reason: reason.error(wrong(typed.reason_wrong, "console-erase-reason-wrong")),
        word: Field::new("word", words.say("console-erase-type"), "text", "off")
            .hint(words.say("console-erase-type-hint"))
            .error(wrong(typed.word_wrong, "console-erase-type-hint")),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Whose {
    contact: String,
}

async fn file(
    State(app): State<App>,
    visitor: Visitor,
    Id(client): Id<ClientId>,
    Params(whose): Params<Whose>,
) -> Result<Response, Problem> {
    let contact = Some(whose.contact).filter(|text| !text.is_empty()).map(|text| text.parse::<PartId>());
    let contact = contact.transpose().map_err(|_| Problem::not_found())?;
    let person = Person { client, contact };
    let file = app.run(move |app| disclose(app, visitor.by, person)).await?;
    let head = [
        (CONTENT_TYPE, "application/zip".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file_name(person))),
    ];
    Ok((head, Body::from(file)).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    reason: String,
    word: String,
}

async fn forget(
    State(app): State<App>,
    visitor: Visitor,
    Id(id): Id<ClientId>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let (by, words) = (visitor.by, visitor.words());
    let reason = Reason::from_name(&asked.reason);
    let word_wrong = asked.word.trim() != words.say("console-erase-word");
    let (Some(reason), false) = (reason, word_wrong) else {
        let typed = Typed { reason_wrong: reason.is_none(), reason: asked.reason, word_wrong };
        // Who may not erase is told so, whatever was typed.
        app.run(move |_| by.require(Action::EraseClient)).await?;
        return privacy(app, visitor, id, StatusCode::UNPROCESSABLE_ENTITY, typed).await;
    };
    let erased = app.run(move |app| erase(app, by, id, reason)).await?;
    Ok(see_other(if erased.overwritten { "/data?done=erased" } else { "/data?done=erased_later" }))
}
