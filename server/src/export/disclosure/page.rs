//! The file's summary, to be read: HTML without script, style sheets or anything from elsewhere.

use std::fmt::Write;

use cartera_core::strings::{Language, text};
use serde_json::Value as Json;

use super::{Heading, Held, Part, words};
use crate::export::value::Type;

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
    if !held.fields.is_empty() {
        let _ = writeln!(html, "<h2>{}</h2>\n<table border=\"1\">", say("disclosure-profile"));
        for (key, value) in &held.fields {
            let (name, value) = (words::key(language, key), words::field(language, key, value));
            let _ = writeln!(html, "<tr><th>{}</th><td>{}</td></tr>", escaped(&name), escaped(&value));
        }
        html.push_str("</table>\n");
    }
    conflicts(&mut html, held, language);
    html.push_str("</body></html>\n");
    html
}

/// Every value of a field that has several, with whoever put it.
fn conflicts(html: &mut String, held: &Held, language: Language) {
    if held.conflicts.is_empty() {
        return;
    }
    let say = |id: &str| escaped(&text(language, id, &[]));
    let _ = writeln!(html, "<h2>{}</h2>", say("disclosure-conflicts"));
    let _ = writeln!(html, "<p>{}</p>\n<table border=\"1\">", say("disclosure-conflicts-why"));
    let heads = ["field", "value", "author", "in_use"].map(|head| say(&format!("disclosure-{head}")));
    let heads = heads.map(|head| format!("<th>{head}</th>")).concat();
    let _ = writeln!(html, "<tr>{heads}</tr>");
    for contested in &held.conflicts {
        for (place, said) in contested.values.iter().enumerate() {
            let cells = [
                escaped(&words::key(language, &contested.key)),
                escaped(&words::field(language, &contested.key, &said.field)),
                said.author.as_deref().map_or_else(|| say("disclosure-imported"), escaped),
                escaped(&words::yes(language, place == 0)),
            ];
            let cells = cells.map(|cell| format!("<td>{cell}</td>")).concat();
            let _ = writeln!(html, "<tr>{cells}</tr>");
        }
    }
    html.push_str("</table>\n");
}

/// The rows, in columns that say anything to a person: no ids, and no amount twice.
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
        .filter(|column| column.kind != Type::Id && !column.is_minor)
        .filter(|column| part.rows.iter().any(|row| row.contains_key(column.name)))
        .collect();
    for column in &said {
        let _ = write!(html, "<th>{}</th>", escaped(of(column.english, column.spanish)));
    }
    html.push_str("</tr>\n");
    for row in &part.rows {
        html.push_str("<tr>");
        for column in &said {
            let _ = write!(
                html,
                "<td>{}</td>",
                row.get(column.name).map(|value| cell(language, part, column, value)).unwrap_or_default()
            );
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</table>\n");
}

fn cell(language: Language, part: &Part, column: &Heading, value: &Json) -> String {
    let shown = match (column.kind, value) {
        (Type::Word, Json::String(code)) => match words::prefix(part.name, column.name) {
            Some(prefix) => words::code(language, prefix, code),
            None => code.clone(),
        },
        (Type::Date | Type::Instant, Json::String(date)) => words::date(language, date),
        (_, Json::Bool(yes)) => words::yes(language, *yes),
        (_, Json::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    };
    escaped(&shown)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
