//! What somebody is to do today, and why.

use cartera_core::model::access::{Action, Reach};
use cartera_core::model::{BusinessDate, PersonId};
use cartera_core::portfolio::today::{Entry, Reason};
use cartera_core::strings::Language;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::audit::Actor;
use crate::people::access::By;
use crate::people::sight::Sight;
use crate::refused::Refused;

/// Clients of one answer, at most.
pub const TODAY_MAX: usize = 500;

/// The list for a person, of the clients whom that person sees; without one, of everybody whom the caller sees. A rep may
/// ask for nobody else's.
pub fn list(app: &App, by: By, person: Option<PersonId>, on: BusinessDate) -> Result<Vec<Entry>, Refused> {
    let action = Action::ViewOthersWork;
    let own = match by.actor {
        Actor::Person(id) => Some(id),
        _ => None,
    };
    let person = match by.reach(action) {
        Reach::All => person,
        Reach::Scope | Reach::Own if own.is_some() && person.is_none_or(|person| Some(person) == own) => own,
        _ => return Err(Refused::Forbidden(action)),
    };
    let sight = match person {
        Some(person) => Sight::of_person(app, person)?.ok_or_else(|| Refused::unknown("person", person))?,
        None => Sight::of(app, by, action)?,
    };
    Ok(app.storage.today(person, sight.clients(app)?.as_ref(), on)?)
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TodayBody {
    on: String,
    /// Clients of the whole list.
    total: usize,
    /// The first of them: the visits of the day in the order of the round, then everybody else by the most pressing
    /// reason.
    clients: Vec<EntryBody>,
}

impl TodayBody {
    pub(crate) fn of(mut entries: Vec<Entry>, limit: usize, language: Language, on: BusinessDate) -> Self {
        let total = entries.len();
        entries.truncate(limit.min(TODAY_MAX));
        let clients = entries.into_iter().map(|entry| EntryBody::of(entry, language, on)).collect();
        Self { on: on.to_string(), total, clients }
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct EntryBody {
    client_id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    visit: Option<VisitBody>,
    /// The most pressing first.
    reasons: Vec<ReasonBody>,
}

/// The visit of the day.
#[derive(Debug, Serialize, ToSchema)]
struct VisitBody {
    /// Minutes after midnight, local time.
    #[serde(skip_serializing_if = "Option::is_none")]
    minute: Option<u32>,
    /// Place in the round.
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<u32>,
    /// Missing for a visit; `phone` for a call.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<&'static str>,
    /// Who is to go; nobody in particular: whoever has the client.
    people: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ReasonBody {
    /// Stable.
    why: &'static str,
    /// One sentence, in Spanish or English as `Accept-Language` prefers.
    words: String,
    /// What to do.
    advice: String,
    /// What is at stake, in minor units of `currency`.
    #[serde(skip_serializing_if = "Option::is_none")]
    stake_minor: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
}

impl ReasonBody {
    fn of(of: &Reason, language: Language, on: BusinessDate) -> Self {
        let id = of.why.text_id();
        Self {
            why: id.strip_prefix("why-").unwrap_or(id),
            words: of.words(language, on),
            advice: of.advice(language),
            stake_minor: of.stake.map(|stake| stake.minor),
            currency: of.stake.map(|stake| stake.currency.to_string()),
        }
    }
}

impl EntryBody {
    fn of(of: Entry, language: Language, on: BusinessDate) -> Self {
        let visit = of.visit.map(|visit| VisitBody {
            minute: visit.minute,
            sequence: visit.sequence,
            channel: visit.channel.map(|channel| channel.as_str()),
            people: visit.people.iter().map(ToString::to_string).collect(),
        });
        let reasons = of.reasons.iter().map(|reason| ReasonBody::of(reason, language, on)).collect();
        Self { client_id: of.client.to_string(), name: of.name, visit, reasons }
    }
}
