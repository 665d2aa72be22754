//! Adding, changing and parting with people.

use cartera_core::model::access::{Action, Reach, reach};
use cartera_core::model::limits::PERSON_TERRITORIES_MAX;
use cartera_core::model::{PersonId, TerritoryId};

use super::access::By;
use super::{NAME_CHARS_MAX, PEOPLE_MAX, Person, Role};
use crate::app::App;
use crate::audit::{Deed, Subject};
use crate::refused::{Refused, name};
use crate::storage::people::{PeopleAdded, PersonChange, PersonChanged};

/// Somebody to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPerson {
    pub name: String,
    pub role: Role,
    /// If it is not said: whoever may see every client by the role, and has no territories by name, sees all.
    pub all_territories: Option<bool>,
    pub territories: Vec<TerritoryId>,
}

pub fn list(app: &App, by: By) -> Result<Vec<Person>, Refused> {
    by.require(Action::ViewPeople)?;
    Ok(app.storage.people()?)
}

/// Adds all of them or none.
pub fn add(app: &App, by: By, new: &[NewPerson]) -> Result<Vec<Person>, Refused> {
    by.require(Action::ManagePeople)?;
    let now_ms = app.env.now_ms();
    let mut people = Vec::with_capacity(new.len());
    let mut deeds = Vec::with_capacity(new.len());
    for new in new {
        let person = Person {
            id: PersonId::new(app.env.as_ref()),
            name: name("name", &new.name, NAME_CHARS_MAX)?,
            role: new.role,
            all_territories: new.all_territories.unwrap_or_else(|| sees_all(new)),
            territories: territories(&new.territories)?,
            scope_version: 1,
            created_ms: now_ms,
            left_ms: None,
        };
        deeds.push(Deed {
            at_ms: now_ms,
            actor: by.actor,
            action: "person.added",
            subject: Subject::Person(person.id),
            detail: person.role.as_str().to_owned(),
        });
        people.push(person);
    }
    match app.storage.add_people(&people, &deeds)? {
        PeopleAdded::Done => Ok(people),
        PeopleAdded::UnknownTerritory(id) => Err(Refused::unknown("territory", id)),
        PeopleAdded::TooMany => Err(Refused::Limit { what: "people", max: PEOPLE_MAX }),
    }
}

pub fn change(app: &App, by: By, id: PersonId, change: PersonChange) -> Result<Person, Refused> {
    by.require(Action::ManagePeople)?;
    let change = PersonChange {
        name: change.name.map(|text| name("name", &text, NAME_CHARS_MAX)).transpose()?,
        territories: change.territories.map(|named| territories(&named)).transpose()?,
        ..change
    };
    let mut what = Vec::new();
    what.extend(change.name.is_some().then(|| "name".to_owned()));
    what.extend(change.role.map(|role| role.as_str().to_owned()));
    what.extend(change.all_territories.map(|all| format!("all={all}")));
    what.extend(change.territories.as_ref().map(|territories| format!("territories={}", territories.len())));
    let deed = Deed {
        at_ms: app.env.now_ms(),
        actor: by.actor,
        action: "person.changed",
        subject: Subject::Person(id),
        detail: what.join(" "),
    };
    changed(id, app.storage.change_person(id, &change, &deed)?)
}

/// The person works here no more: phones are revoked and told to hand unsent work in, logins end.
pub fn leave(app: &App, by: By, id: PersonId) -> Result<Person, Refused> {
    by.require(Action::ManagePeople)?;
    let deed = Deed {
        at_ms: app.env.now_ms(),
        actor: by.actor,
        action: "person.left",
        subject: Subject::Person(id),
        detail: String::new(),
    };
    changed(id, app.storage.person_left(id, &deed)?)
}

fn changed(id: PersonId, changed: PersonChanged) -> Result<Person, Refused> {
    match changed {
        PersonChanged::Done(person) => Ok(person),
        PersonChanged::Unknown => Err(Refused::unknown("person", id)),
        PersonChanged::UnknownTerritory(territory) => Err(Refused::unknown("territory", territory)),
        PersonChanged::LastAdministrator => Err(Refused::Conflict(
            "nobody would be left who may administer the workspace; make somebody else administrator first"
                .into(),
        )),
    }
}

fn sees_all(new: &NewPerson) -> bool {
    new.territories.is_empty() && reach(new.role, Action::ViewClient) == Reach::All
}

/// Each once, in order, and no more than a person may have.
fn territories(named: &[TerritoryId]) -> Result<Vec<TerritoryId>, Refused> {
    let mut sorted = named.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    if sorted.len() > PERSON_TERRITORIES_MAX {
        let why = format!("at most {PERSON_TERRITORIES_MAX}; who sees them all is marked so");
        return Err(Refused::invalid("territories", why));
    }
    Ok(sorted)
}
