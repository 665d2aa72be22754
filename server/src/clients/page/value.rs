//! Values of a profile as a person reads them.

use cartera_core::document::FieldValue;
use cartera_core::model::profile::{Hours, Key, ShutDays, Value};

use crate::console::words::Words;

/// What a field is called; tags and preferences by their own labels.
pub(super) fn label(words: Words, key: &Key) -> String {
    match key {
        Key::Client(field) => words.say(&format!("client-{}", field.as_str())),
        Key::Contact(_, field) => words.say(&format!("contact-{}", field.as_str())),
        Key::Date(_, field) => words.say(&format!("date-{}", field.as_str())),
        Key::Place(_, field) => words.say(&format!("place-{}", field.as_str())),
        Key::Tag(slug) => format!("{}: {slug}", words.say("profile-tag")),
        Key::Pref(slug) => slug.clone(),
        Key::Unknown(text) => text.clone(),
    }
}

pub(super) fn shown(words: Words, value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(yes) => words.say(if *yes { "console-yes" } else { "console-no" }),
        Value::Date(day) => words.day(*day),
        Value::Address(address) => address.line(),
        Value::Point(point) => {
            let degrees = |e7: i32| words.number(f64::from(e7) / 1e7, 5);
            format!("{} {}", degrees(point.lat_e7), degrees(point.lon_e7))
        }
        Value::TaxId(id) => format!("{} {}", id.country, id.number),
        Value::Phone(phone) => phone.raw.clone(),
        Value::Hours(hours) => hours_shown(words, hours),
        Value::ShutDays(days) => shut_shown(words, days),
    }
}

/// As it is stored; a value of another version says that it is one.
pub(super) fn stored(words: Words, key: &str, value: &FieldValue) -> String {
    let known = Key::parse(key).and_then(|key| key.read(value).ok());
    known.map_or_else(|| words.say("value-unknown"), |value| shown(words, &value))
}

fn clock(minutes: u32) -> String {
    format!("{}:{:02}", minutes / 60 % 24, minutes % 60)
}

fn weekday(words: Words, day: u8) -> String {
    words.say(&format!("weekday-short-{}", day.clamp(1, 7)))
}

fn hours_shown(words: Words, hours: &Hours) -> String {
    let spans = hours.spans.iter();
    let spans =
        spans.map(|span| format!("{} {}–{}", weekday(words, span.weekday), clock(span.from), clock(span.to)));
    spans.collect::<Vec<_>>().join(", ")
}

fn shut_shown(words: Words, days: &ShutDays) -> String {
    let weekdays = days.weekdays.iter().map(|day| weekday(words, *day));
    let spans = days.spans.iter().map(|span| format!("{} – {}", words.day(span.from), words.day(span.to)));
    weekdays.chain(spans).collect::<Vec<_>>().join(", ")
}
