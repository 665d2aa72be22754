//! The fields of a profile: what each says, who put it and when; and those about which people differ.

use std::collections::BTreeMap;

use cartera_core::document::conflict::Conflict;
use cartera_core::model::profile::{ClientField, ContactField, DateField, Key, PlaceField, Value};
use cartera_core::model::{PartId, PersonId};

use super::Teller;
use crate::clients::page::value::{label, shown, stored};
use crate::storage::profiles::{ClientProfile, ProfileField};

/// A field that people differ about.
pub(super) struct Differing {
    pub(super) label: String,
    pub(super) key: String,
    pub(super) values: Vec<Said>,
}

pub(super) struct Said {
    pub(super) op: String,
    pub(super) value: String,
    pub(super) author: String,
    /// It is the one in use.
    pub(super) is_used: bool,
}

pub(super) struct Line {
    pub(super) label: String,
    pub(super) value: String,
    /// `tel:`, `mailto:`.
    pub(super) href: Option<String>,
    /// Who put it, and when.
    pub(super) hand: String,
}

/// A contact, a date, a delivery point.
pub(super) struct Part {
    pub(super) name: String,
    pub(super) lines: Vec<Line>,
}

/// What everybody who visits must know.
pub(super) fn warning(profile: &ClientProfile) -> Option<String> {
    profile.fields.iter().find_map(|field| match (&field.key, &field.value) {
        (Key::Client(ClientField::Warning), Value::Text(text)) => Some(text.clone()),
        _ => None,
    })
}

pub(super) fn tags(profile: &ClientProfile) -> Vec<String> {
    let tags = profile.fields.iter().filter_map(|field| match (&field.key, &field.value) {
        (Key::Tag(_), Value::Text(label)) => Some(label.clone()),
        _ => None,
    });
    tags.collect()
}

impl Teller<'_> {
    pub(super) fn differing(&self, conflict: &Conflict<Option<PersonId>>) -> Differing {
        let key = conflict.key.as_str();
        let values = conflict.values.iter().enumerate().map(|(at, said)| Said {
            op: said.id.to_string(),
            value: stored(self.words, key, &said.value),
            author: self.who(said.author),
            is_used: at == 0,
        });
        let label = Key::parse(key).map_or_else(|| key.to_owned(), |key| label(self.words, &key));
        Differing { label, key: key.to_owned(), values: values.collect() }
    }

    /// The client's own fields in the order of the model, then preferences and what else there is.
    pub(super) fn lines(&self, fields: &[ProfileField]) -> Vec<Line> {
        let own = ClientField::ALL.iter().filter(|field| !matches!(field, ClientField::Warning));
        let own = own.filter_map(|name| fields.iter().find(|field| field.key == Key::Client(*name)));
        let others = fields.iter().filter(|field| matches!(field.key, Key::Pref(_) | Key::Unknown(_)));
        own.chain(others).map(|field| self.line(field)).collect()
    }

    fn line(&self, field: &ProfileField) -> Line {
        let day = field.at_ms.map(|at_ms| self.day_of(at_ms));
        let who = match &field.source {
            Some(source) => self.words.with("console-imported", "source", source),
            None => self.who(field.author),
        };
        let hand = [Some(who), day].into_iter().flatten().collect::<Vec<_>>().join(", ");
        Line {
            label: label(self.words, &field.key),
            value: shown(self.words, &field.value),
            href: href(field),
            hand,
        }
    }

    pub(super) fn contacts(&self, fields: &[ProfileField]) -> Vec<Part> {
        self.parts(fields, |key| match key {
            Key::Contact(id, field) => Some((*id, *field == ContactField::Name)),
            _ => None,
        })
    }

    pub(super) fn dates(&self, fields: &[ProfileField]) -> Vec<Part> {
        self.parts(fields, |key| match key {
            // Its contact is an id, and it comes every year unless it says otherwise.
            Key::Date(_, DateField::Contact | DateField::Yearly) => None,
            Key::Date(id, field) => Some((*id, *field == DateField::What)),
            _ => None,
        })
    }

    pub(super) fn places(&self, fields: &[ProfileField]) -> Vec<Part> {
        self.parts(fields, |key| match key {
            Key::Place(id, field) => Some((*id, *field == PlaceField::Name)),
            _ => None,
        })
    }

    /// Fields that belong together; `of` tells to which, and whether it is the name.
    fn parts(&self, fields: &[ProfileField], of: impl Fn(&Key) -> Option<(PartId, bool)>) -> Vec<Part> {
        let mut parts: BTreeMap<PartId, Part> = BTreeMap::new();
        for field in fields {
            let Some((id, is_name)) = of(&field.key) else { continue };
            let part = parts.entry(id).or_insert_with(|| Part { name: String::new(), lines: Vec::new() });
            if is_name {
                part.name = shown(self.words, &field.value);
            } else {
                part.lines.push(self.line(field));
            }
        }
        let unnamed = |mut part: Part| {
            if part.name.trim().is_empty() {
                part.name = self.words.say("console-nameless");
            }
            part
        };
        parts.into_values().map(unnamed).collect()
    }
}

fn href(field: &ProfileField) -> Option<String> {
    match (&field.key, &field.value) {
        (_, Value::Phone(phone)) => phone.e164.as_ref().map(|number| format!("tel:{number}")),
        (Key::Client(ClientField::Email) | Key::Contact(_, ContactField::Email), Value::Text(address)) => {
            // What could begin another header or query is no address to write to.
            let is_plain = !address.contains(['?', '&', '%']) && address.contains('@');
            is_plain.then(|| format!("mailto:{address}"))
        }
        _ => None,
    }
}
