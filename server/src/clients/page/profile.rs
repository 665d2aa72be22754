//! A client's page (*ficha*): how it buys and what it is worth, what people differ about, its story, what it owes, and
//! its profile with who said what when.

mod fields;
mod worth;

use std::collections::BTreeMap;

use askama::Template;
use cartera_core::model::office::{Credit, DueItem, OrderStage};
use cartera_core::model::profile::{ContactField, Key, Value};
use cartera_core::model::{BusinessDate, Currency, Money, PartId, PersonId, TerritoryId};
use cartera_core::query::tasks::TaskNow;
use cartera_core::query::timeline::Entry;

use self::fields::{Differing, Line, Part};
use self::worth::Worth;
use super::told::{Told, told};
use super::tone;
use crate::clients::profile::STORY_PAGE;
use crate::console::shell::{Place, Shell};
use crate::console::visitor::Visitor;
use crate::console::words::Words;
use crate::figures::OneClient;
use crate::storage::profiles::{ClientProfile, OpenOrder, ProfileField};
use crate::territories::UNASSIGNED;

/// What the page is made of.
pub(super) struct Seen<'a> {
    pub(super) profile: &'a ClientProfile,
    pub(super) figures: &'a OneClient,
    pub(super) territories: &'a [(TerritoryId, String)],
    pub(super) may: May,
    pub(super) done: Option<Done>,
}

/// What the reader may do here.
#[derive(Debug, Clone, Copy)]
pub(super) struct May {
    pub(super) choose: bool,
    pub(super) relocate: bool,
    pub(super) separate: bool,
    /// Hand out what is held about somebody; some of those may also erase it.
    pub(super) disclose: bool,
}

/// What was just done, and the territory to move it back to.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) text: String,
    pub(super) back: Option<String>,
}

/// An entry of the story.
struct Story {
    day: String,
    author: String,
    /// It corrects something that is not here.
    is_orphan: bool,
    told: Told,
}

/// Something that stands open.
struct Open {
    what: String,
    facts: Vec<String>,
    badge: Option<(String, &'static str)>,
}

#[derive(Template)]
#[template(path = "clients/profile.html")]
pub(super) struct ProfilePage {
    shell: Shell,
    form_token: String,
    id: String,
    name: String,
    status: (String, &'static str),
    /// Town, territory, code.
    sub: Vec<String>,
    warning: Option<String>,
    tags: Vec<String>,
    done: Option<Done>,
    /// The id of the client that it was merged into.
    kept: Option<String>,
    /// Ids and names of clients that were merged into it.
    absorbed: Vec<(String, String)>,
    may: May,
    conflicts: Vec<Differing>,
    worth: Worth,
    tasks: Vec<Open>,
    orders: Vec<Open>,
    dues: Vec<Open>,
    story: Vec<Story>,
    more: Option<String>,
    lines: Vec<Line>,
    contacts: Vec<Part>,
    dates: Vec<Part>,
    places: Vec<Part>,
    /// How sure the profile is.
    confirmed: String,
    /// Value, name, whether it is there now.
    territories: Vec<(String, String, bool)>,
}

/// How it is told.
struct Teller<'a> {
    words: Words,
    as_of: BusinessDate,
    people: &'a BTreeMap<PersonId, String>,
}

pub(super) fn page_of(visitor: &Visitor, seen: Seen<'_>) -> ProfilePage {
    let words = visitor.words();
    let Seen { profile, figures, may, done, .. } = seen;
    let teller = Teller { words, as_of: figures.as_of, people: &profile.people };
    let name = named(words, &profile.row.name);
    let territory = profile.row.territory.unwrap_or(UNASSIGNED);
    let territories = territories(words, seen.territories, territory);
    let here = territories.iter().find(|(_, _, here)| *here).map(|(_, name, _)| name.clone());
    let story = profile.story.iter().take(STORY_PAGE).map(|entry| teller.story(entry));
    let has_more = profile.story.len() > STORY_PAGE;
    let last = profile.story.iter().take(STORY_PAGE).next_back().filter(|_| has_more);
    let id = profile.row.id.to_string();
    let more = last.and_then(|entry| {
        let query = serde_urlencoded::to_string([("after", entry.after.to_string())]).ok()?;
        Some(format!("/clients/{id}?{query}#story"))
    });
    let mut dues: Vec<Open> = profile.credit.iter().map(|credit| teller.credit(credit)).collect();
    dues.extend(profile.dues.iter().map(|item| teller.due(item)));
    ProfilePage {
        shell: visitor.shell(name.clone(), Some(Place::Clients)),
        form_token: visitor.form_token.clone(),
        status: (
            words.say(&format!("status-{}", figures.figures.status.as_str())),
            tone(figures.figures.status),
        ),
        sub: [profile.row.city.clone(), here, profile.row.erp_code.clone()].into_iter().flatten().collect(),
        warning: fields::warning(profile),
        tags: fields::tags(profile),
        done,
        kept: profile.kept.map(|kept| kept.to_string()),
        absorbed: profile.absorbed.iter().map(|(id, name)| (id.to_string(), named(words, name))).collect(),
        may,
        conflicts: profile.conflicts.iter().map(|conflict| teller.differing(conflict)).collect(),
        worth: worth::of(words, profile, figures),
        tasks: profile.tasks.iter().map(|task| teller.task(task)).collect(),
        orders: profile.orders.iter().map(|order| teller.order(order)).collect(),
        dues,
        story: story.collect(),
        more,
        lines: teller.lines(&profile.fields),
        contacts: teller.contacts(&profile.fields),
        dates: teller.dates(&profile.fields),
        places: teller.places(&profile.fields),
        confirmed: teller.confirmed(profile),
        territories,
        id,
        name,
    }
}

pub(crate) fn named(words: Words, name: &str) -> String {
    if name.trim().is_empty() { words.say("console-nameless") } else { name.to_owned() }
}

/// Ids and names of a client's contacts.
pub(super) fn contact_names(words: Words, fields: &[ProfileField]) -> Vec<(PartId, String)> {
    let mut names: BTreeMap<PartId, String> = BTreeMap::new();
    for field in fields {
        let Key::Contact(id, of) = &field.key else { continue };
        let name = names.entry(*id).or_default();
        if let (ContactField::Name, Value::Text(text)) = (of, &field.value) {
            name.clone_from(text);
        }
    }
    names.into_iter().map(|(id, name)| (id, named(words, &name))).collect()
}

fn territories(
    words: Words,
    all: &[(TerritoryId, String)],
    here: TerritoryId,
) -> Vec<(String, String, bool)> {
    let shown = |(id, name): &(TerritoryId, String)| {
        let name = if *id == UNASSIGNED { words.say("figures-without") } else { name.clone() };
        (id.to_string(), name, *id == here)
    };
    all.iter().map(shown).collect()
}

impl Teller<'_> {
    fn who(&self, person: Option<PersonId>) -> String {
        let known = person.and_then(|person| self.people.get(&person)).cloned();
        known.unwrap_or_else(|| self.words.say("console-somebody"))
    }

    fn money(&self, minor: i64, currency: Currency) -> String {
        self.words.money(minor as f64, currency)
    }

    /// By the clock of the relay, which took it.
    fn day_of(&self, at_ms: i64) -> String {
        let days = i32::try_from(at_ms.div_euclid(86_400_000)).ok().and_then(BusinessDate::from_days);
        days.map_or_else(String::new, |day| self.words.day(day))
    }

    fn story(&self, entry: &Entry) -> Story {
        let day = BusinessDate::from_days(entry.date);
        Story {
            day: day.map_or_else(String::new, |day| self.words.day(day)),
            author: self.who(entry.author),
            is_orphan: entry.orphan,
            told: told(self.words, entry),
        }
    }

    fn task(&self, task: &TaskNow) -> Open {
        let is_late = task.due_on.is_some_and(|day| day < self.as_of);
        let late = is_late.then(|| (self.words.say("console-late"), "warn"));
        let whose = task.task.assigned_to.map(|person| self.who(Some(person)));
        Open {
            what: task.task.what.clone().unwrap_or_default(),
            facts: task.due_on.map(|day| self.words.day(day)).into_iter().chain(whose).collect(),
            badge: late,
        }
    }

    fn order(&self, order: &OpenOrder) -> Open {
        let state = &order.state;
        let mut facts = vec![self.day_of(state.at_ms)];
        facts.extend(state.number.clone());
        facts.extend(state.reason.clone());
        facts.extend(state.flags.iter().map(|flag| self.words.say(flag.flag.text_id())));
        let tone = match state.stage {
            OrderStage::Declined => "bad",
            OrderStage::WaitingForClient => "warn",
            _ => "",
        };
        let stage = self.words.say(state.stage.text_id());
        Open { what: self.words.say("purchase-order"), facts, badge: Some((stage, tone)) }
    }

    fn due(&self, item: &DueItem) -> Open {
        let is_late = item.due < self.as_of;
        let day = self.words.day(item.due);
        let said = if is_late { "app-client-was_due" } else { "app-client-due" };
        let returned = item.returned.then(|| (self.words.say("app-client-returned"), "bad"));
        let late = is_late.then(|| (self.words.say("word-overdue_balance"), "warn"));
        let mut facts = vec![self.words.with(said, "date", &day)];
        facts.extend(item.document.clone());
        facts.extend(item.method.clone());
        Open { what: self.money(item.open, item.amount.currency), facts, badge: returned.or(late) }
    }

    fn credit(&self, credit: &Credit) -> Open {
        let shown = |money: &Option<Money>| {
            money.as_ref().map_or_else(|| "–".into(), |of| self.money(of.minor, of.currency))
        };
        let (used, limit) = (shown(&credit.used), shown(&credit.limit));
        let told = [("used", used.into()), ("limit", limit.into())];
        Open {
            what: self.words.args("app-client-credit", &told),
            facts: credit.reason.iter().cloned().collect(),
            badge: credit.blocked.then(|| (self.words.say("word-credit_block"), "bad")),
        }
    }

    fn confirmed(&self, profile: &ClientProfile) -> String {
        let Some((day, person)) = profile.confirmed else {
            return self.words.say("app-client-never_confirmed");
        };
        let day = self.words.with("app-client-confirmed", "date", &self.words.day(day));
        format!("{day}, {}", self.who(person))
    }
}
