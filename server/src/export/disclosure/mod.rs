//! What the workspace holds about one person, in one file: for who asks for it (GDPR, article 15).
//!
//! The person is a client, or a contact of one. The file is a ZIP archive with `data.json`, every row of the export's
//! resources that is about the person, and `resumen.html` and `summary.html`, the same to be read. Nothing is in it of
//! other people: of a client's contacts only the one who asks, and no author's name; what somebody wrote about others in
//! a note's own words stays in it, and has to be looked through before it is handed over, as the summary says. Only where
//! two people gave a field different values both are told with their authors: which source said what is the person's to
//! know (article 15, 1 g), and nobody else can say which is right.
//!
//! It is made by reading the resources' own walks through with a filter, so it knows every resource that there is, and
//! every one that will be.

pub(crate) mod api;
mod page;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::ops::ControlFlow;

use cartera_core::document::FieldValue;
use cartera_core::model::access::Action;
use cartera_core::model::profile::{DateField, Key};
use cartera_core::model::{ClientId, PartId};
use cartera_core::strings::Language;
use serde::Serialize;
use serde_json::{Map, Value as Json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::column::ColumnInfo;
use super::filter::{Filter, How, Literal, Test};
use super::format::Format;
use super::query::Query;
use super::resources::{RESOURCES, Resource};
use super::run::{Export, ExportError};
use super::value::Type;
use crate::app::App;
use crate::audit::{Deed, Subject};
use crate::people::access::By;
use crate::refused::Refused;
use crate::storage::export::{ClientPlace, ClientSet, Exports};

/// Columns that name somebody else, or that only the office's programs need.
const LEFT_OUT: [&str; 9] = [
    "author_id",
    "author_name",
    "assigned_to_id",
    "contact_id",
    "contact_ids",
    "contact_name",
    "other_client_id",
    "number",
    "deleted",
];

/// Whose data are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    pub client: ClientId,
    /// One of the client's contacts; `None` where the client is the person.
    pub contact: Option<PartId>,
}

/// What is held.
#[derive(Debug, Serialize)]
pub(super) struct Held {
    client_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_id: Option<String>,
    made_at: String,
    resources: Vec<Part>,
    /// Every field of the profile as it is stored, those of a contact that was removed too.
    profile: Map<String, Json>,
    /// Fields with several values, of which `profile` has the one in use.
    conflicts: Vec<Contested>,
    #[serde(skip)]
    fields: BTreeMap<String, FieldValue>,
}

/// A field to which people gave different values.
#[derive(Debug, Serialize)]
struct Contested {
    key: String,
    /// The one in use first.
    values: Vec<Said>,
}

#[derive(Debug, Serialize)]
struct Said {
    value: Json,
    /// Whoever put it; missing where it was imported, or nobody knows any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<String>,
    #[serde(skip)]
    field: FieldValue,
}

#[derive(Debug, Serialize)]
struct Part {
    name: &'static str,
    english: &'static str,
    spanish: &'static str,
    columns: Vec<Heading>,
    rows: Vec<Map<String, Json>>,
}

#[derive(Debug, Serialize)]
struct Heading {
    name: &'static str,
    english: &'static str,
    spanish: &'static str,
    #[serde(skip)]
    kind: Type,
    /// The same beside it as decimals.
    #[serde(skip)]
    is_minor: bool,
}

/// The file about a person, and that it was made in the audit.
///
/// # Errors
/// Whoever asks may not, or nothing is held about such a person.
pub fn disclose(app: &App, by: By, person: Person) -> Result<Vec<u8>, Refused> {
    by.require(Action::DisclosePerson)?;
    let at_ms = app.env.now_ms();
    let held = collect(&*app.storage, person, at_ms)?;
    if held.resources.is_empty() && held.profile.is_empty() {
        return Err(match person.contact {
            Some(contact) => Refused::unknown("contact", contact),
            None => Refused::unknown("client", person.client),
        });
    }
    let file = archive(&held).map_err(|error| Refused::invalid("file", error.to_string()))?;
    let detail = person.contact.map(|contact| format!("contact {contact}")).unwrap_or_default();
    let subject = Subject::Client(person.client);
    app.storage.record(&[Deed { at_ms, actor: by.actor, action: "person.disclosed", subject, detail }])?;
    Ok(file)
}

/// What the file is called.
pub fn file_name(person: Person) -> String {
    let contact = person.contact.map(|contact| format!("-{contact}")).unwrap_or_default();
    format!("{}{contact}.zip", person.client)
}

fn collect(store: &dyn Exports, person: Person, at_ms: i64) -> Result<Held, Refused> {
    let mut resources = Vec::new();
    let mut answers = Vec::new();
    for resource in RESOURCES {
        let filter = match resource.name {
            // A questionnaire's scores know no contact; their answers, which come before them, do.
            "survey_scores" => any(resource, "answer_id", &answers),
            _ => about(resource, person),
        };
        let Some(filter) = filter else { continue };
        let rows = rows(store, resource, filter)?;
        if resource.name == "survey_answers" {
            answers = rows.iter().filter_map(|row| Some(row.get("id")?.as_str()?.to_owned())).collect();
        }
        if !rows.is_empty() {
            let heading = |column: &&'static ColumnInfo| Heading {
                name: column.name,
                english: column.english,
                spanish: column.spanish,
                kind: column.kind,
                is_minor: column.name.ends_with("_minor"),
            };
            resources.push(Part {
                name: resource.name,
                english: resource.english,
                spanish: resource.spanish,
                columns: shown(resource).iter().map(|(_, column)| heading(column)).collect(),
                rows,
            });
        }
    }
    let mut made_at = Vec::new();
    super::write::instant(&mut made_at, at_ms, b'T');
    made_at.push(b'Z');
    let fields = fields(store, person)?;
    let plain = |key: &str, value: &FieldValue| Json::from(words::field(Language::English, key, value));
    Ok(Held {
        client_id: person.client.to_string(),
        contact_id: person.contact.map(|contact| contact.to_string()),
        made_at: String::from_utf8_lossy(&made_at).into_owned(),
        resources,
        profile: fields.iter().map(|(key, value)| (key.clone(), plain(key, value))).collect(),
        conflicts: conflicts(store, person, &fields, plain)?,
        fields,
    })
}

/// Fields of the person's with several values.
fn conflicts(
    store: &dyn Exports,
    person: Person,
    own: &BTreeMap<String, FieldValue>,
    plain: impl Fn(&str, &FieldValue) -> Json,
) -> Result<Vec<Contested>, Refused> {
    let mut found = Vec::new();
    for conflict in store.conflicts(person.client)? {
        let key = conflict.key.as_str();
        if !own.contains_key(key) {
            continue;
        }
        let mut values = Vec::with_capacity(conflict.values.len());
        for said in &conflict.values {
            let author = said.author.map(|author| store.person(author)).transpose()?.flatten();
            let value = plain(key, &said.value);
            values.push(Said { value, author: author.map(|of| of.name), field: said.value.clone() });
        }
        found.push(Contested { key: key.to_owned(), values });
    }
    Ok(found)
}

/// Which of a resource's rows are about the person; `None` where none can be.
fn about(resource: &'static Resource, person: Person) -> Option<Filter> {
    let client = person.client.to_string();
    let equals = |column: &str| is(resource, column, &client);
    let of_client = match resource.name {
        "clients" => equals("id")?.or(equals("alias_of")),
        // Also what was written at clients that were merged into this one.
        _ => equals("kept_client_id")
            .or_else(|| equals("client_id"))?
            .or(equals("id").filter(|_| resource.name == "aliases")),
    };
    let Some(contact) = person.contact.map(|contact| contact.to_string()) else {
        // A client's contacts are other people: what they said, allowed or are remembered for is theirs. A call, like a
        // visit, is the client's as well, whoever was spoken to.
        return match (resource.name, null(resource, "contact_id")) {
            ("contacts", _) => None,
            ("contacts_made", _) | (_, None) => Some(of_client),
            (_, Some(of_none)) => Some(of_client.and(of_none)),
        };
    };
    let named = match resource.name {
        "contacts" => is(resource, "part_id", &contact)?,
        _ => is(resource, "contact_id", &contact).or_else(|| {
            let column = place(resource, "contact_ids")?;
            Some(Filter::Text { column, test: Test::Contains, text: contact.clone() })
        })?,
    };
    Some(of_client.and(named))
}

fn place(resource: &Resource, column: &str) -> Option<usize> {
    resource.columns().iter().position(|info| info.name == column)
}

fn is(resource: &Resource, column: &str, text: &str) -> Option<Filter> {
    let with = Literal::Text(text.to_owned());
    place(resource, column).map(|column| Filter::Compare { column, how: How::Eq, with })
}

fn null(resource: &Resource, column: &str) -> Option<Filter> {
    place(resource, column).map(|column| Filter::Compare { column, how: How::Eq, with: Literal::Null })
}

/// Any of them; `None` of none.
fn any(resource: &Resource, column: &str, texts: &[String]) -> Option<Filter> {
    texts.iter().filter_map(|text| is(resource, column, text)).reduce(|one, other| one.or(Some(other)))
}

/// Columns that are shown, with their places.
fn shown(resource: &'static Resource) -> Vec<(usize, &'static ColumnInfo)> {
    let all = resource.columns().into_iter().enumerate();
    all.filter(|(_, column)| !LEFT_OUT.contains(&column.name)).collect()
}

fn rows(
    store: &dyn Exports,
    resource: &'static Resource,
    filter: Filter,
) -> Result<Vec<Map<String, Json>>, Refused> {
    let query = Query {
        columns: shown(resource).iter().map(|(place, _)| *place).collect(),
        filter: Some(filter),
        ..Query::all(resource, Format::Ndjson)
    };
    let mut lines = Vec::new();
    Export::begin(store, query).and_then(|export| export.write_to(store, &mut lines)).map_err(|error| {
        match error {
            ExportError::Storage(error) => Refused::from(error),
            other => Refused::invalid("export", other.to_string()),
        }
    })?;
    let rows = serde_json::Deserializer::from_slice(&lines).into_iter::<Map<String, Json>>();
    rows.map(|row| row.map_err(|error| Refused::invalid("export", error.to_string())))
        .map(|row| row.map(|row| row.into_iter().filter(|(_, value)| !value.is_null()).collect()))
        .collect()
}

/// The person's own fields of the profile, by key.
fn fields(store: &dyn Exports, person: Person) -> Result<BTreeMap<String, FieldValue>, Refused> {
    let mut own = BTreeMap::new();
    let span = match store.export_span(None)? {
        Ok(span) => span,
        Err(_) => return Ok(own),
    };
    let mut at = ClientPlace::Start;
    while at != ClientPlace::End {
        let mut found = false;
        at = store.export_clients(&span, ClientSet::Touched, at, &mut |stored| {
            let Some(profile) = stored.profile.filter(|_| stored.id == *person.client.as_bytes()) else {
                return ControlFlow::Continue(());
            };
            let all = profile.fields.iter().filter(|(key, _)| is_own(key, &profile.fields, person.contact));
            own.extend(all.map(|(key, value)| (key.clone(), value.clone())));
            found = true;
            ControlFlow::Break(())
        })?;
        if found {
            break;
        }
    }
    Ok(own)
}

/// Whether a field is about the person: of the client's everything but its contacts, and the days that are theirs.
fn is_own(key: &str, fields: &BTreeMap<String, FieldValue>, person: Option<PartId>) -> bool {
    match Key::parse(key) {
        Some(Key::Contact(id, _)) => person == Some(id),
        // Whose day it is stands beside it.
        Some(Key::Date(id, field)) => {
            let whose = fields.get(&Key::Date(id, DateField::Contact).to_string());
            let whose = match whose {
                Some(FieldValue::Text(text)) => text.parse().ok(),
                _ => None,
            };
            whose == person && field != DateField::Contact
        }
        // Of a newer version, perhaps of a contact: of that one where it names it.
        _ => match key.strip_prefix("contact/").and_then(|rest| rest.split('/').next()) {
            Some(id) => person.is_some_and(|person| id.parse() == Ok(person)),
            None => person.is_none(),
        },
    }
}

fn archive(held: &Held) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, bytes: &[u8]| -> Result<(), zip::result::ZipError> {
        zip.start_file(name, SimpleFileOptions::default())?;
        Ok(zip.write_all(bytes)?)
    };
    add("data.json", &serde_json::to_vec_pretty(held).map_err(std::io::Error::other)?)?;
    add("resumen.html", page::render(held, Language::Spanish).as_bytes())?;
    add("summary.html", page::render(held, Language::English).as_bytes())?;
    Ok(zip.finish()?.into_inner())
}
