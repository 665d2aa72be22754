//! What to look at, in a browser: a card for each sort of thing, with what to do and the buttons that do it.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use cartera_core::model::access::Action;
use cartera_core::model::{ClientId, DeviceId, RecordId};
use cartera_core::strings::has;
use serde::Deserialize;

use super::{Attention, PAIRS_SHOWN_MAX, SHOWN_MAX, read, refused};
use crate::app::App;
use crate::clients::merge;
use crate::clients::page::named;
use crate::console::form::{Form, Nothing};
use crate::console::parts::{Button, Item, List};
use crate::console::shell::{Place, Shell, page};
use crate::console::visitor::{Visitor, see_other};
use crate::console::words::Words;
use crate::devices;
use crate::http::path::{Id, Params};
use crate::http::problem::Problem;
use crate::refused::Refused;
use crate::storage::log::{QUARANTINED, RefusedChange};
use crate::storage::orders::Attention as OrderAttention;
use crate::{orders, quarantine};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/attention", get(show))
        .route("/attention/merge", post(merge_two))
        .route("/attention/orders/{id}/release", post(release))
        .route("/attention/phones/{id}/confirm", post(confirm))
        .route("/attention/quarantine/{id}/accept", post(accept))
        .route("/attention/quarantine/{id}/refuse", post(refuse))
        .route("/attention/refused/{id}", get(bytes))
}

#[derive(Template)]
#[template(path = "attention/page.html")]
struct AttentionPage {
    shell: Shell,
    form_token: String,
    done: Option<String>,
    /// After two clients were merged: the one that can be taken out again.
    absorbed: Option<String>,
    lists: Vec<List>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Told {
    done: String,
    absorbed: String,
}

const DONE: [&str; 6] = ["merged", "released", "confirmed", "accepted", "refused", "conflict"];

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Params(told): Params<Told>,
) -> Result<Response, Problem> {
    let by = visitor.by;
    let (found, now_ms) = app.run(move |app| Ok::<_, Refused>((read(app, by)?, app.env.now_ms()))).await?;
    let words = visitor.words();
    let done = DONE.into_iter().find(|done| *done == told.done);
    let absorbed = told.absorbed.parse::<ClientId>().ok().filter(|_| done == Some("merged"));
    let shown = AttentionPage {
        shell: visitor.shell(words.say("attention-title"), Some(Place::Attention)),
        form_token: visitor.form_token.clone(),
        done: done.map(|done| words.say(&format!("console-done-{done}"))),
        absorbed: absorbed.map(|client| client.to_string()),
        lists: Teller { words, visitor: &visitor, found: &found, now_ms }.lists(),
    };
    Ok(page(StatusCode::OK, &shown))
}

struct Teller<'a> {
    words: Words,
    visitor: &'a Visitor,
    found: &'a Attention,
    now_ms: i64,
}

impl Teller<'_> {
    fn lists(&self) -> Vec<List> {
        let lists = [
            self.orders(),
            self.conflicts(),
            self.proposals(),
            self.duplicates(),
            self.quarantined(),
            self.refused(),
            self.phones(),
            self.feeds(),
            self.repairs(),
        ];
        lists.into_iter().filter(|list| !list.items.is_empty()).collect()
    }

    fn say(&self, id: &str) -> String {
        self.words.say(id)
    }

    /// The first of the items, with a heading and what to do.
    fn list(&self, id: &'static str, items: impl Iterator<Item = Item>) -> List {
        let mut items: Vec<Item> = items.collect();
        let most = if id == "duplicates" { PAIRS_SHOWN_MAX } else { SHOWN_MAX };
        let more = items.len() > most;
        items.truncate(most);
        List {
            id,
            heading: self.say(&format!("console-attention-{id}")),
            advice: self.say(&format!("console-attention-{id}.advice")),
            items,
            rest: None,
            more: more.then(|| self.words.count("console-attention-more", most as u64)),
        }
    }

    fn client(&self, id: ClientId, name: &str) -> Item {
        Item { title: named(self.words, name), href: Some(format!("/clients/{id}")), ..Item::default() }
    }

    fn conflicts(&self) -> List {
        let items = self.found.conflicts.iter().map(|row| Item {
            facts: row.city.iter().cloned().collect(),
            badge: Some((self.words.count("console-conflicts", row.conflicts.into()), "warn")),
            ..self.client(row.id, &row.name)
        });
        let rest = Some(("/clients?only=conflicts".to_owned(), self.say("console-attention-all")));
        List { rest, ..self.list("conflicts", items) }
    }

    fn orders(&self) -> List {
        let may = self.visitor.may(Action::ReleaseOrders);
        let items = self.found.orders.iter().map(|order| {
            let why = format!("order-attention-{}", order.why.as_str());
            let release = Button::new(
                format!("/attention/orders/{}/release", order.id),
                self.say("console-attention-release"),
                named(self.words, &order.client_name),
            );
            let can = may && order.why == OrderAttention::InDoubt;
            Item {
                facts: vec![self.say(&why), self.words.moment(order.received_ms)],
                advice: self.say(&format!("{why}.advice")),
                buttons: can.then_some(release).into_iter().collect(),
                ..self.client(order.client, &order.client_name)
            }
        });
        self.list("orders", items)
    }

    /// Two clients side by side, and a button for each that may be kept.
    fn pair(&self, one: (ClientId, &str), other: (ClientId, &str), facts: Vec<String>) -> Item {
        let keep = |kept: (ClientId, &str), absorbed: ClientId| {
            let name = named(self.words, kept.1);
            let label = self.words.with("console-attention-keep", "name", &name);
            Button::new("/attention/merge".into(), label, String::new())
                .field("kept", kept.0.to_string())
                .field("absorbed", absorbed.to_string())
        };
        let may = self.visitor.may(Action::DecideMerge);
        let buttons = if may { vec![keep(one, other.0), keep(other, one.0)] } else { Vec::new() };
        Item {
            other: Some((named(self.words, other.1), format!("/clients/{}", other.0))),
            facts,
            buttons,
            ..self.client(one.0, one.1)
        }
    }

    fn proposals(&self) -> List {
        let items = self.found.proposals.iter().map(|(of, [name, other])| {
            let mut facts: Vec<String> =
                of.proposal.likeness.iter().map(|of| self.say(of.text_id())).collect();
            facts.extend(of.proposal.note.clone());
            facts.extend(of.by.and_then(|person| self.found.people.get(&person)).cloned());
            self.pair((of.client, name), (of.proposal.other, other), facts)
        });
        self.list("proposals", items)
    }

    fn duplicates(&self) -> List {
        let items = self.found.duplicates.iter().map(|of| {
            let facts = of.pair.reasons.iter().map(|reason| self.say(reason.text_id())).collect();
            self.pair((of.pair.one, &of.one.name), (of.pair.other, &of.other.name), facts)
        });
        self.list("duplicates", items)
    }

    fn change(&self, change: &RefusedChange) -> Item {
        let client = ClientId::from_bytes(*change.document.as_bytes());
        // What it is about may not be here: it was refused.
        let known = self.found.clients.get(&client);
        let why = format!("error-{}", change.code);
        let why = if has(self.words.0, &why) { self.say(&why) } else { change.code.clone() };
        Item {
            title: known
                .map_or_else(|| self.say("console-attention-elsewhere"), |name| named(self.words, name)),
            href: known.map(|_| format!("/clients/{client}")),
            facts: vec![
                why,
                self.words.moment(change.at_ms),
                self.words.count("console-bytes", change.bytes.len() as u64),
                change.detail.clone(),
            ],
            file: Some((
                format!("/attention/refused/{}", change.refusal),
                self.say("console-attention-bytes"),
            )),
            ..Item::default()
        }
    }

    fn refused(&self) -> List {
        let refused = self.found.refused.iter().filter(|change| change.code != QUARANTINED);
        self.list("refused", refused.map(|change| self.change(change)))
    }

    fn quarantined(&self) -> List {
        let items = self.found.quarantined.iter().map(|change| {
            let to = |what: &str| format!("/attention/quarantine/{}/{what}", change.refusal);
            let about = change.refusal.to_string();
            let buttons = vec![
                Button::new(to("accept"), self.say("console-attention-accept"), about.clone()),
                Button::new(to("refuse"), self.say("console-attention-refuse"), about),
            ];
            Item { buttons, ..self.change(change) }
        });
        self.list("quarantined", items)
    }

    fn phones(&self) -> List {
        let may = self.visitor.may(Action::EnrolDevice);
        let items = self.found.phones.iter().map(|phone| {
            let whose = self.found.people.get(&phone.person).cloned().unwrap_or_default();
            let days = (self.now_ms - phone.seen_ms).max(0) / 86_400_000;
            let silent = self.words.count("console-attention-silent", days as u64);
            let confirm = Button::new(
                format!("/attention/phones/{}/confirm", phone.id),
                self.say("console-attention-confirm"),
                whose.clone(),
            );
            let waits = phone.unconfirmed.then(|| (self.say("console-attention-unconfirmed"), "warn"));
            Item {
                title: whose,
                facts: vec![phone.name.clone(), silent],
                badge: waits,
                buttons: (may && phone.unconfirmed).then_some(confirm).into_iter().collect(),
                ..Item::default()
            }
        });
        self.list("phones", items)
    }

    fn feeds(&self) -> List {
        let items = self.found.feeds.iter().map(|feed| {
            let days = (self.now_ms - feed.at_ms).max(0) / 86_400_000;
            Item {
                title: self.words.feed(&feed.what),
                facts: vec![feed.source.clone(), self.words.count("console-attention-silent", days as u64)],
                ..Item::default()
            }
        });
        self.list("feeds", items)
    }

    fn repairs(&self) -> List {
        let count = self.found.repairs;
        let item = Item { title: self.words.count("console-attention-repaired", count), ..Item::default() };
        self.list("repairs", (count > 0).then_some(item).into_iter())
    }
}

fn back(done: &str) -> Response {
    see_other(&format!("/attention?done={done}"))
}

#[derive(Debug, Deserialize)]
struct Two {
    kept: String,
    absorbed: String,
}

async fn merge_two(
    State(app): State<App>,
    visitor: Visitor,
    Form(two): Form<Two>,
) -> Result<Response, Problem> {
    let absorbed = app
        .run(move |app| {
            let id = |text: &str| text.parse::<ClientId>().map_err(|_| Refused::unknown("client", text));
            let (kept, absorbed) = (id(&two.kept)?, id(&two.absorbed)?);
            merge::merge(app, visitor.by, absorbed, kept)?;
            Ok::<_, Refused>(absorbed)
        })
        .await?;
    Ok(see_other(&format!("/attention?done=merged&absorbed={absorbed}")))
}

async fn release(
    State(app): State<App>,
    visitor: Visitor,
    Id(id): Id<RecordId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    app.run(move |app| orders::release(app, visitor.by, Some(&[id]))).await?;
    Ok(back("released"))
}

async fn confirm(
    State(app): State<App>,
    visitor: Visitor,
    Id(id): Id<DeviceId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    app.run(move |app| devices::manage::confirm(app, visitor.by, Some(&[id]))).await?;
    Ok(back("confirmed"))
}

async fn accept(
    State(app): State<App>,
    visitor: Visitor,
    Id(refusal): Id<u64>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    let done = app
        .run(move |app| match quarantine::accept(app, visitor.by, refusal) {
            Ok(_) => Ok("accepted"),
            // What it builds on has to be taken first.
            Err(Refused::Conflict(_)) => Ok("conflict"),
            Err(refused) => Err(refused),
        })
        .await?;
    Ok(back(done))
}

async fn refuse(
    State(app): State<App>,
    visitor: Visitor,
    Id(refusal): Id<u64>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    app.run(move |app| quarantine::refuse(app, visitor.by, refusal)).await?;
    Ok(back("refused"))
}

/// A refused change's bytes, as a file.
async fn bytes(State(app): State<App>, visitor: Visitor, Id(refusal): Id<u64>) -> Result<Response, Problem> {
    let found = app.run(move |app| refused(app, visitor.by, refusal)).await?;
    let name = format!("attachment; filename=\"change-{refusal}.automerge\"");
    let head = [(CONTENT_TYPE, "application/octet-stream".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((head, found.bytes).into_response())
}
