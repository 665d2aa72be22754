//! The file's summary, to be read: HTML without script, style sheets or anything from elsewhere.

use std::fmt::Write;

use cartera_core::document::FieldValue;
use cartera_core::model::profile::{Key, Value as Field};
use cartera_core::strings::{Language, text};
use serde_json::Value as Json;

use super::{Held, Part};

pub(super) fn render(held: &Held, language: Language) -> String {
    let say = |id: &str| escaped(&text(language, id, &[]));
    let mut html = format!(
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head><body>\n<h1>{}</h1>\n",
        language.tag(),
        say("disclosure-title"),
        say("disclosure-title"),
    );
    let args = [("at", held.made_at.as_str().into())];
    let _ = writeln!(html, "<p>{}</p>", escaped(&text(language, "disclosure-made", &args)));
    let _ = writeln!(html, "<p>{}</p>\n<p>{}</p>", say("disclosure-what"), say("disclosure-others"));
    for part in &held.resources {
        table(&mut html, part, language);
    }
    if !held.profile.is_empty() {
        let _ = writeln!(html, "<h2>{}</h2>\n<table border=\"1\">", say("disclosure-profile"));
        for (key, value) in &held.profile {
            let _ = writeln!(html, "<tr><th>{}</th><td>{}</td></tr>", escaped(key), cell(value));
        }
        html.push_str("</table>\n");
    }
    html.push_str("</body></html>\n");
    html
}

/// The rows, in columns that say anything.
fn table(html: &mut String, part: &Part, language: Language) {
    let of = |english: &'static str, spanish: &'static str| match language {
        Language::Spanish => spanish,
        Language::English => english,
    };
    let _ = writeln!(html, "<h2>{} ({})</h2>", escaped(of(part.english, part.spanish)), part.rows.len());
    html.push_str("<table border=\"1\">\n<tr>");
    let said: Vec<_> = part
        .columns
        .iter()
        .filter(|column| part.rows.iter().any(|row| row.contains_key(column.name)))
        .collect();
    for column in &said {
        let _ = write!(html, "<th>{}</th>", escaped(of(column.english, column.spanish)));
    }
    html.push_str("</tr>\n");
    for row in &part.rows {
        html.push_str("<tr>");
        for column in &said {
            let _ = write!(html, "<td>{}</td>", row.get(column.name).map(cell).unwrap_or_default());
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</table>\n");
}

fn cell(value: &Json) -> String {
    match value {
        Json::String(text) => escaped(text),
        other => escaped(&other.to_string()),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A stored field as somebody would type it.
pub(super) fn plain(key: &str, value: &FieldValue) -> String {
    let known = Key::parse(key).and_then(|key| key.read(value).ok());
    match (known, value) {
        (Some(Field::Phone(phone)), _) => phone.e164.unwrap_or(phone.raw),
        (Some(Field::TaxId(id)), _) => format!("{} {}", id.country, id.number),
        (Some(Field::Date(date)), _) => date.to_string(),
        (Some(Field::Address(address)), _) => address.line(),
        (_, FieldValue::Text(text)) => text.clone(),
        (_, FieldValue::Int(int)) => int.to_string(),
        (_, FieldValue::Bool(yes)) => yes.to_string(),
        (_, other) => format!("{other:?}"),
    }
}
