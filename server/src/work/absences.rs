//! Who is away, when, and who stands in: as the office wrote it, and as people say it themselves on their phones.

use cartera_core::model::access::Action;
use cartera_core::model::office::{KnownKind, Value};
use cartera_core::model::record::{AbsenceReason, Body, Kind};
use cartera_core::model::{BusinessDate, PersonId};
use serde_json::{Map, Value as Json};

use super::{SOURCE, stored, withdraw, write};
use crate::app::App;
use crate::office::error::ItemError;
use crate::office::item::Sent;
use crate::people::access::By;
use crate::refused::Refused;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    pub person: PersonId,
    pub from: BusinessDate,
    /// Last day.
    pub to: BusinessDate,
    pub reason: Option<AbsenceReason>,
    /// Who stands in.
    pub cover: Option<PersonId>,
    /// Its key, where it was written here and can be taken back here.
    pub own: Option<String>,
    /// The person wrote it on the phone.
    pub by_themselves: bool,
}

/// Those that end on a day or after it, the earliest first.
pub fn from(app: &App, by: By, day: BusinessDate) -> Result<Vec<Absence>, Refused> {
    by.require(Action::ViewOthersWork)?;
    let mut found = Vec::new();
    for of in stored(app, KnownKind::Absence)? {
        let Value::Absence(absence) = of.value else { continue };
        found.push(Absence {
            person: absence.person,
            from: absence.from,
            to: absence.to,
            reason: absence.reason,
            cover: absence.cover,
            own: (of.source == SOURCE).then_some(of.key),
            by_themselves: false,
        });
    }
    for (person, kept) in app.storage.kept_by_people(Kind::Absence)? {
        let Body::Absence(absence) = kept.body else { continue };
        let (from, to) = (absence.from, absence.to);
        let (reason, cover) = (absence.reason, absence.cover);
        found.push(Absence { person, from, to, reason, cover, own: None, by_themselves: true });
    }
    found.retain(|absence| absence.to >= day);
    found.sort_by_key(|absence| (absence.from, absence.to, absence.person));
    Ok(found)
}

/// As it was typed; empty where nothing was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct New {
    pub person: String,
    pub from: String,
    pub to: String,
    pub reason: String,
    pub cover: String,
}

/// Inside, what is wrong with it, by field.
pub fn add(app: &App, by: By, new: &New) -> Result<Result<(), Vec<ItemError>>, Refused> {
    by.require(Action::PlanVisits)?;
    let mut value = Map::new();
    for (field, text) in [
        ("person", &new.person),
        ("from", &new.from),
        ("to", &new.to),
        ("reason", &new.reason),
        ("cover", &new.cover),
    ] {
        if !text.is_empty() {
            value.insert(field.to_owned(), Json::from(text.as_str()));
        }
    }
    let key = cartera_core::model::RecordId::new(app.env.as_ref()).to_string();
    write(app, by, KnownKind::Absence, Sent { key: Some(key), value: Some(value), ..Sent::default() })
}

pub fn end(app: &App, by: By, key: &str) -> Result<(), Refused> {
    withdraw(app, by, KnownKind::Absence, key)
}
