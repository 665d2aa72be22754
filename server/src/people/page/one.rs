//! One person: role and territories, codes to come in with, phones.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use cartera_core::model::access::Action;
use cartera_core::model::{DeviceId, PersonId, TerritoryId};
use serde::Deserialize;

use super::{done, territory_name};
use crate::app::App;
use crate::cli::qr;
use crate::console::form::{Fields, Form, Nothing};
use crate::console::parts::{Button, Item, List};
use crate::console::shell::{Place, Shell, page};
use crate::console::visitor::{Visitor, see_other};
use crate::console::words::Words;
use crate::devices::enrol::{invitation, invite};
use crate::devices::{self, Device, Purpose, RevokeOrder};
use crate::http::path::{Id, Ids, Params};
use crate::http::problem::Problem;
use crate::people::manage;
use crate::people::{Person, Role};
use crate::refused::Refused;
use crate::secret::grouped;
use crate::storage::people::PersonChange;
use crate::territories::{self, Territory, UNASSIGNED};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/people/{id}", get(show).post(change))
        .route("/people/{id}/leave", post(leave))
        .route("/people/{id}/phone-code", post(phone_code))
        .route("/people/{id}/login-code", post(login_code))
        .route("/people/{id}/phones/{device}/revoke", post(revoke))
}

#[derive(Template)]
#[template(path = "people/person.html")]
struct PersonPage {
    shell: Shell,
    form_token: String,
    id: String,
    done: Option<String>,
    wrong: Option<String>,
    name: String,
    role: String,
    has_left: bool,
    sees: String,
    roles: Vec<(String, String, bool)>,
    all: bool,
    territories: Vec<(String, String, bool)>,
    may_manage: bool,
    may_enrol: bool,
    phones: List,
    sees_phones: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Told {
    done: String,
}

const DONE: [&str; 5] = ["added", "changed", "revoked", "wiped", "left"];

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Id(id): Id<PersonId>,
    Params(told): Params<Told>,
) -> Result<Response, Problem> {
    person(app, visitor, id, StatusCode::OK, None, &told.done).await
}

type Known = (Person, Vec<Territory>, Vec<Device>, i64);

fn read(app: &App, visitor: &Visitor, id: PersonId) -> Result<Known, Refused> {
    let by = visitor.by;
    let people = manage::list(app, by)?;
    let person = people.into_iter().find(|person| person.id == id);
    let person = person.ok_or_else(|| Refused::unknown("person", id))?;
    let sees_phones = visitor.may(Action::ViewDevices);
    let phones = if sees_phones { devices::manage::list(app, by, Some(id))? } else { Vec::new() };
    Ok((person, territories::list(app, by)?, phones, app.env.now_ms()))
}

async fn person(
    app: App,
    visitor: Visitor,
    id: PersonId,
    status: StatusCode,
    wrong: Option<String>,
    told: &str,
) -> Result<Response, Problem> {
    let reader = visitor.clone();
    let (person, territories, phones, now_ms) = app.run(move |app| read(app, &reader, id)).await?;
    let words = visitor.words();
    let own = territories.iter().filter(|of| person.territories.contains(&of.id));
    let sees = if person.all_territories {
        words.say("console-people-all")
    } else {
        own.map(|of| territory_name(words, of)).collect::<Vec<_>>().join(", ")
    };
    let has_left = person.left_ms.is_some();
    let phones = Phones { words, visitor: &visitor, person: &person, now_ms }.list(&phones);
    let shown = PersonPage {
        shell: visitor.shell(person.name.clone(), Some(Place::People)),
        form_token: visitor.form_token.clone(),
        id: id.to_string(),
        done: done(words, &DONE, told),
        wrong,
        role: words.say(&format!("role-{}", person.role.as_str())),
        has_left,
        sees,
        roles: Role::ALL
            .iter()
            .map(|role| {
                let name = words.say(&format!("role-{}", role.as_str()));
                (role.as_str().to_owned(), name, *role == person.role)
            })
            .collect(),
        all: person.all_territories,
        territories: territories
            .iter()
            .filter(|of| of.id != UNASSIGNED)
            .map(|of| (of.id.to_string(), of.name.clone(), person.territories.contains(&of.id)))
            .collect(),
        may_manage: visitor.may(Action::ManagePeople) && !has_left,
        may_enrol: visitor.may(Action::EnrolDevice) && !has_left,
        phones,
        sees_phones: visitor.may(Action::ViewDevices),
        name: person.name,
    };
    Ok(page(status, &shown))
}

struct Phones<'a> {
    words: Words,
    visitor: &'a Visitor,
    person: &'a Person,
    now_ms: i64,
}

impl Phones<'_> {
    fn list(&self, phones: &[Device]) -> List {
        List {
            id: "phones",
            heading: self.words.say("console-phones"),
            advice: self.words.say("console-phones-hint"),
            items: phones.iter().map(|phone| self.item(phone)).collect(),
            ..List::default()
        }
    }

    fn item(&self, phone: &Device) -> Item {
        let words = self.words;
        let days = (self.now_ms - phone.seen_ms).max(0) / 86_400_000;
        let mut facts = vec![
            words.count("console-people-seen", days as u64),
            words.with("console-phones-since", "when", &words.moment(phone.enrolled_ms)),
        ];
        let order = |order: RevokeOrder| {
            let to = format!("/people/{}/phones/{}/revoke", self.person.id, phone.id);
            let label = words.say(&format!("console-phones-{}", order.name()));
            Button::new(to, label, phone.name.clone()).field("order", order.name().to_owned())
        };
        let revoked = phone.revoked.map(|revoked| revoked.order);
        let (badge, buttons) = match revoked {
            None if phone.unconfirmed => (
                Some((words.say("console-attention-unconfirmed"), "warn")),
                vec![RevokeOrder::Salvage, RevokeOrder::Wipe],
            ),
            None => (None, vec![RevokeOrder::Salvage, RevokeOrder::Wipe]),
            // A wipe may follow a salvage.
            Some(RevokeOrder::Salvage) => {
                (Some((words.say("console-phones-revoked"), "bad")), vec![RevokeOrder::Wipe])
            }
            Some(RevokeOrder::Wipe) => (Some((words.say("console-phones-wiped"), "bad")), Vec::new()),
        };
        facts.extend(phone.revoked.map(|of| words.moment(of.at_ms)));
        let may = self.visitor.may(Action::RevokeDevice);
        Item {
            title: phone.name.clone(),
            facts,
            badge,
            buttons: buttons.into_iter().filter(|_| may).map(order).collect(),
            ..Item::default()
        }
    }
}

async fn change(
    State(app): State<App>,
    visitor: Visitor,
    Id(id): Id<PersonId>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let by = visitor.by;
    let wrong = app
        .run(move |app| {
            let field =
                |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
            let territory =
                |text: &String| text.parse::<TerritoryId>().map_err(|_| Refused::unknown("territory", text));
            let named =
                fields.iter().filter(|(key, _)| key == "territory").map(|(_, value)| territory(value));
            let role =
                field("role").and_then(|text| Role::parse(&text)).filter(|role| Role::ALL.contains(role));
            let change = PersonChange {
                name: field("name"),
                role: Some(role.ok_or_else(|| Refused::invalid("role", "one of the list"))?),
                all_territories: Some(field("all").is_some()),
                territories: Some(named.collect::<Result<_, _>>()?),
            };
            match manage::change(app, by, id, change) {
                Ok(_) => Ok(None),
                Err(Refused::Invalid { field: "name", .. }) => Ok(Some("console-people-name-wrong")),
                Err(Refused::Conflict(_)) => Ok(Some("console-people-last")),
                Err(refused) => Err(refused),
            }
        })
        .await?;
    answer(app, visitor, id, wrong, "changed").await
}

async fn answer(
    app: App,
    visitor: Visitor,
    id: PersonId,
    wrong: Option<&'static str>,
    done: &str,
) -> Result<Response, Problem> {
    let Some(wrong) = wrong else { return Ok(see_other(&format!("/people/{id}?done={done}"))) };
    let wrong = visitor.words().count(wrong, crate::people::NAME_CHARS_MAX as u64);
    person(app, visitor, id, StatusCode::UNPROCESSABLE_ENTITY, Some(wrong), "").await
}

async fn leave(
    State(app): State<App>,
    visitor: Visitor,
    Id(id): Id<PersonId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    let by = visitor.by;
    let wrong = app
        .run(move |app| match manage::leave(app, by, id) {
            Ok(_) => Ok(None),
            Err(Refused::Conflict(_)) => Ok(Some("console-people-last")),
            Err(refused) => Err(refused),
        })
        .await?;
    answer(app, visitor, id, wrong, "left").await
}

#[derive(Debug, Deserialize)]
struct Order {
    order: String,
}

async fn revoke(
    State(app): State<App>,
    visitor: Visitor,
    Ids(id, device): Ids<PersonId, DeviceId>,
    Form(form): Form<Order>,
) -> Result<Response, Problem> {
    let done = app
        .run(move |app| {
            let order = RevokeOrder::from_name(&form.order);
            let order = order.ok_or_else(|| Refused::invalid("order", "salvage or wipe"))?;
            devices::manage::revoke(app, visitor.by, device, order)?;
            Ok::<_, Refused>(if order == RevokeOrder::Wipe { "wiped" } else { "revoked" })
        })
        .await?;
    Ok(see_other(&format!("/people/{id}?done={done}")))
}

#[derive(Template)]
#[template(path = "people/code.html")]
struct CodePage {
    shell: Shell,
    id: String,
    /// Whose it is.
    name: String,
    told: String,
    /// Of a phone: what it scans.
    qr: String,
    link: String,
    code: String,
    until: String,
}

async fn phone_code(
    State(app): State<App>,
    visitor: Visitor,
    Id(id): Id<PersonId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    code(app, visitor, id, Purpose::Device).await
}

async fn login_code(
    State(app): State<App>,
    visitor: Visitor,
    Id(id): Id<PersonId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    code(app, visitor, id, Purpose::Session).await
}

/// A code, shown once: it stands in no address and in no history.
async fn code(app: App, visitor: Visitor, id: PersonId, purpose: Purpose) -> Result<Response, Problem> {
    let by = visitor.by;
    let (made, name) = app
        .run(move |app| {
            let made = invite(app, by, id, purpose)?;
            Ok::<_, Refused>((made, app.storage.person(id)?.map(|person| person.name).unwrap_or_default()))
        })
        .await?;
    let words = visitor.words();
    let (told, link) = match purpose {
        Purpose::Device => ("console-code-phone", invitation(&app, &made.code).to_string()),
        Purpose::Session => {
            ("console-code-login", format!("{}/welcome?code={}", app.settings.public_url, made.code))
        }
    };
    let qr = qr::svg(&link).unwrap_or_default();
    let qr = qr.split_once("?>").map_or(qr.as_str(), |(_, svg)| svg).to_owned();
    let shown = CodePage {
        shell: visitor.shell(words.say("console-code"), Some(Place::People)),
        id: id.to_string(),
        name,
        told: words.say(told),
        qr,
        link,
        code: grouped(&made.code, 5),
        until: words.moment(made.expires_ms),
    };
    Ok(page(StatusCode::OK, &shown))
}
