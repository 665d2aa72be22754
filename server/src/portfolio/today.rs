//! What somebody is to do today, and why.

use cartera_core::model::access::{Action, Reach};
use cartera_core::model::{BusinessDate, PersonId};
use cartera_core::portfolio::today::Entry;

use crate::app::App;
use crate::audit::Actor;
use crate::people::access::By;
use crate::people::sight::Sight;
use crate::refused::Refused;

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
