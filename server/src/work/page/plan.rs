//! The visit plan (*rutero*): who is overdue, what ABC classes propose, who is away and who stands in.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use cartera_core::metrics::coverage::Due;
use cartera_core::model::ClientId;
use cartera_core::model::access::Action;
use cartera_core::model::record::AbsenceReason;
use cartera_core::portfolio::visit_plan::Proposals;
use serde::Deserialize;

use super::{PLAN, choices, days, name_of, tabs, working, wrong};
use crate::app::App;
use crate::clients::page::named;
use crate::console::field::{Field, Select};
use crate::console::form::{Form, Nothing};
use crate::console::parts::{Button, Item, List, Tab};
use crate::console::shell::{Place, Shell, page};
use crate::console::visitor::{Visitor, see_other};
use crate::console::words::Words;
use crate::figures::kept::kept;
use crate::figures::today;
use crate::http::path::{Id, Params};
use crate::http::problem::Problem;
use crate::office::error::ItemError;
use crate::people::Person;
use crate::portfolio::visit_plan;
use crate::refused::Refused;
use crate::work::absences::{self, Absence, New};

/// Overdue clients that are shown.
const OVERDUE_MAX: usize = 15;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/work/plan", get(show))
        .route("/work/plan/classes", post(accept))
        .route("/work/absences", post(add))
        .route("/work/absences/{id}/end", post(end))
}

#[derive(Template)]
#[template(path = "work/page/plan.html")]
struct PlanPage {
    shell: Shell,
    form_token: String,
    tabs: Vec<Tab>,
    done: Option<String>,
    overdue: List,
    /// What acceptance of the classes' plan would do, where that was asked; and whether it would do anything.
    classes: Option<(String, bool)>,
    absences: List,
    may_plan: bool,
    person: Select,
    from: Field,
    to: Field,
    reason: Select,
    cover: Select,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Told {
    done: String,
    /// Shows what the classes propose.
    classes: Option<String>,
}

const DONE: [&str; 3] = ["absence", "absence_ended", "classes"];

struct Known {
    overdue: Vec<(Due, String)>,
    more: bool,
    classes: Option<Proposals>,
    absences: Vec<Absence>,
    people: Vec<Person>,
}

fn read(app: &App, visitor: &Visitor, with_classes: bool) -> Result<Known, Refused> {
    let (by, now) = (visitor.by, today(app));
    by.require(Action::ViewOthersWork)?;
    let portfolio = kept(app, by, now)?;
    let mut overdue: Vec<Due> = portfolio.overview.overview.coverage.overdue().copied().collect();
    overdue
        .sort_by_key(|due| (std::cmp::Reverse(due.since_days.saturating_sub(due.interval_days)), due.client));
    let more = overdue.len() > OVERDUE_MAX;
    overdue.truncate(OVERDUE_MAX);
    let ids: Vec<ClientId> = overdue.iter().map(|due| due.client).collect();
    let names = app.storage.client_briefs(&ids)?.into_iter().map(|brief| brief.unwrap_or_default().name);
    Ok(Known {
        overdue: overdue.into_iter().zip(names).collect(),
        more,
        classes: with_classes.then(|| visit_plan::propose(app, by, now)).transpose()?,
        absences: absences::from(app, by, now)?,
        people: working(app)?,
    })
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Params(told): Params<Told>,
) -> Result<Response, Problem> {
    plan(app, visitor, StatusCode::OK, New::default(), &[], told).await
}

async fn plan(
    app: App,
    visitor: Visitor,
    status: StatusCode,
    typed: New,
    errors: &[ItemError],
    told: Told,
) -> Result<Response, Problem> {
    let may_plan = visitor.may(Action::PlanVisits);
    let (reader, with_classes) = (visitor.clone(), told.classes.is_some() && may_plan);
    let known = app.run(move |app| read(app, &reader, with_classes)).await?;
    let words = visitor.words();
    let teller = Teller { words, people: &known.people };
    let wrong = |field: &str| wrong(words, errors, field);
    let people = choices(&known.people);
    let reasons = AbsenceReason::ALL.iter().map(|of| (of.as_str().to_owned(), words.say(of.text_id())));
    let field = |id, label: &str| Field::new(id, words.say(label), "date", "off");
    let mut person = Select::new("person", words.say("console-work-absent"), people.clone(), &typed.person);
    if typed.person.is_empty() {
        person = person.or(words.say("console-work-choose"));
    }
    let shown = PlanPage {
        shell: visitor.shell(words.say("console-work"), Some(Place::Work)),
        form_token: visitor.form_token.clone(),
        tabs: tabs(words, PLAN),
        done: DONE
            .into_iter()
            .find(|done| *done == told.done)
            .map(|done| words.say(&format!("console-done-{done}"))),
        overdue: teller.overdue(&known),
        classes: known.classes.as_ref().map(|of| teller.classes(of)),
        absences: teller.absences(&known.absences, may_plan),
        may_plan,
        person: person.error(wrong("person")),
        from: field("from", "console-work-absent-from").value(&typed.from).error(wrong("from")),
        to: field("to", "console-work-absent-to").value(&typed.to).error(wrong("to").or(wrong("until"))),
        reason: Select::new("reason", words.say("console-work-absent-why"), reasons.collect(), &typed.reason)
            .or(words.say("console-work-unsaid"))
            .error(wrong("reason")),
        cover: Select::new("cover", words.say("word-cover"), people, &typed.cover)
            .or(words.say("console-work-no_cover"))
            .error(wrong("cover")),
    };
    Ok(page(status, &shown))
}

struct Teller<'a> {
    words: Words,
    people: &'a [Person],
}

impl Teller<'_> {
    fn list(&self, id: &'static str, items: Vec<Item>) -> List {
        let part = |what: &str| self.words.say(&format!("console-work-{id}{what}"));
        let advice = if items.is_empty() { part("-none") } else { part(".advice") };
        List { id, heading: part(""), advice, items, ..List::default() }
    }

    fn overdue(&self, known: &Known) -> List {
        let item = |(due, name): &(Due, String)| {
            let since = if due.ever_visited { "console-work-since" } else { "console-work-never" };
            let rep = due.rep.map(|rep| name_of(self.people, rep, self.words));
            Item {
                title: named(self.words, name),
                href: Some(format!("/clients/{}", due.client)),
                facts: [
                    Some(self.words.count(since, due.since_days.into())),
                    Some(self.words.count("console-work-within", due.interval_days.into())),
                    rep,
                ]
                .into_iter()
                .flatten()
                .collect(),
                ..Item::default()
            }
        };
        let all = ("/clients?only=overdue".to_owned(), self.words.say("console-attention-all"));
        List {
            rest: known.more.then_some(all),
            ..self.list("overdue", known.overdue.iter().map(item).collect())
        }
    }

    fn classes(&self, of: &Proposals) -> (String, bool) {
        let number = |count: usize| self.words.whole(count as u64).into();
        let told = [
            ("rules", number(of.rules.len())),
            ("gone", number(of.gone.len())),
            ("unchanged", self.words.whole(of.unchanged).into()),
        ];
        let does_something = !of.rules.is_empty() || !of.gone.is_empty();
        (self.words.args("console-work-classes-told", &told), does_something)
    }

    fn absences(&self, absences: &[Absence], may_plan: bool) -> List {
        let words = self.words;
        let item = |of: &Absence| {
            let name = name_of(self.people, of.person, words);
            let cover = match of.cover {
                Some(cover) => {
                    words.with("console-work-covers", "person", &name_of(self.people, cover, words))
                }
                None => words.say("console-work-no_cover"),
            };
            let end = of.own.as_ref().filter(|_| may_plan).map(|key| {
                let label = words.say("console-work-absent-end");
                Button::new(format!("/work/absences/{key}/end"), label, name.clone())
            });
            let mut facts = vec![days(words, of.from, of.to)];
            facts.extend(of.reason.map(|reason| words.say(reason.text_id())));
            facts.push(cover);
            facts.extend(of.by_themselves.then(|| words.say("console-work-by_themselves")));
            Item {
                badge: of.cover.is_none().then(|| (words.say("console-work-uncovered"), "warn")),
                title: name,
                facts,
                buttons: end.into_iter().collect(),
                ..Item::default()
            }
        };
        self.list("absences", absences.iter().map(item).collect())
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Typed {
    person: String,
    from: String,
    to: String,
    reason: String,
    cover: String,
}

async fn add(
    State(app): State<App>,
    visitor: Visitor,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let Typed { person, from, to, reason, cover } = typed;
    let (by, new) = (visitor.by, New { person, from, to, reason, cover });
    let typed = new.clone();
    match app.run(move |app| absences::add(app, by, &new)).await? {
        Ok(()) => Ok(see_other(&format!("{PLAN}?done=absence"))),
        Err(errors) => {
            plan(app, visitor, StatusCode::UNPROCESSABLE_ENTITY, typed, &errors, Told::default()).await
        }
    }
}

async fn end(
    State(app): State<App>,
    visitor: Visitor,
    Id(key): Id<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    app.run(move |app| absences::end(app, visitor.by, &key)).await?;
    Ok(see_other(&format!("{PLAN}?done=absence_ended")))
}

/// What the classes propose becomes the plan.
async fn accept(
    State(app): State<App>,
    visitor: Visitor,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    app.run(move |app| visit_plan::accept(app, visitor.by, today(app))).await?;
    Ok(see_other(&format!("{PLAN}?done=classes")))
}
