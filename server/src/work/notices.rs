//! What the office tells everybody or a territory, and who has read it.

use std::collections::BTreeMap;

use cartera_core::model::access::Action;
use cartera_core::model::office::{KnownKind, Notice, Value};
use cartera_core::model::record::{Body, Kind};
use cartera_core::model::{BusinessDate, ClientId, PersonId, TerritoryId};
use serde_json::{Map, Value as Json};

use super::{SOURCE, stored, withdraw, write};
use crate::app::App;
use crate::office::error::ItemError;
use crate::office::item::Sent;
use crate::people::access::By;
use crate::people::{Person, Role};
use crate::refused::Refused;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub key: String,
    pub notice: Notice,
    pub client: Option<ClientId>,
    pub territory: Option<TerritoryId>,
    /// It was written here, and can be taken back here.
    pub is_own: bool,
    /// Who has read it, and on which day; of those who are to read it.
    pub read: Vec<(PersonId, BusinessDate)>,
    /// Reps who are to read it and have not.
    pub unread: Vec<PersonId>,
}

/// Those that hold on a day or later, what somebody still has to read first.
pub fn from(app: &App, by: By, day: BusinessDate) -> Result<Vec<Told>, Refused> {
    by.require(Action::ViewOthersWork)?;
    let mut read: BTreeMap<String, BTreeMap<PersonId, BusinessDate>> = BTreeMap::new();
    for (person, kept) in app.storage.kept_by_people(Kind::NoticeRead)? {
        let Body::NoticeRead(of) = kept.body else { continue };
        read.entry(of.notice).or_default().entry(person).or_insert(kept.date);
    }
    let people = app.storage.people()?;
    let mut found = Vec::new();
    for of in stored(app, KnownKind::Notice)? {
        let Value::Notice(notice) = of.value else { continue };
        if notice.until.is_some_and(|until| until < day) {
            continue;
        }
        let territory = match of.client {
            Some(client) => {
                let brief = app.storage.client_briefs(&[client])?.into_iter().next().flatten();
                Some(
                    brief
                        .and_then(|brief| brief.territory)
                        .map(TerritoryId::from_bytes)
                        .unwrap_or(crate::territories::UNASSIGNED),
                )
            }
            None => of.territory,
        };
        let readers: Vec<PersonId> =
            people.iter().filter(|of| reads(of, territory)).map(|of| of.id).collect();
        let has_read = read.remove(&of.key).unwrap_or_default();
        let unread = readers.iter().filter(|person| !has_read.contains_key(person)).copied().collect();
        let read = has_read.into_iter().collect();
        let is_own = of.source == SOURCE;
        found.push(Told {
            key: of.key,
            notice,
            client: of.client,
            territory: of.territory,
            is_own,
            read,
            unread,
        });
    }
    found.sort_by(|one, other| {
        let rank = |of: &Told| (of.unread.is_empty(), !of.notice.must_read);
        rank(one).cmp(&rank(other)).then_with(|| other.key.cmp(&one.key))
    });
    Ok(found)
}

/// Whether somebody is to read what a territory is told; `None`: everybody.
fn reads(person: &Person, territory: Option<TerritoryId>) -> bool {
    person.role == Role::Rep
        && person.left_ms.is_none()
        && (person.all_territories || territory.is_none_or(|of| person.territories.contains(&of)))
}

/// As it was typed; empty where nothing was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct New {
    pub title: String,
    pub text: String,
    pub territory: String,
    pub from: String,
    pub until: String,
    pub must_read: bool,
}

/// Inside, what is wrong with it, by field.
pub fn publish(app: &App, by: By, new: &New) -> Result<Result<(), Vec<ItemError>>, Refused> {
    by.require(Action::PublishNotice)?;
    let mut value = Map::new();
    for (field, text) in
        [("title", new.title.trim()), ("text", new.text.trim()), ("from", &new.from), ("until", &new.until)]
    {
        if !text.is_empty() {
            value.insert(field.to_owned(), Json::from(text));
        }
    }
    value.insert("must_read".to_owned(), Json::from(new.must_read));
    let sent = Sent {
        key: Some(cartera_core::model::RecordId::new(app.env.as_ref()).to_string()),
        territory_id: Some(new.territory.clone()).filter(|text| !text.is_empty()),
        value: Some(value),
        ..Sent::default()
    };
    write(app, by, KnownKind::Notice, sent)
}

pub fn take_back(app: &App, by: By, key: &str) -> Result<(), Refused> {
    withdraw(app, by, KnownKind::Notice, key)
}
