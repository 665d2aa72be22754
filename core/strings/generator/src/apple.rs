//! An Apple string catalogue (`.xcstrings`). The key is the id; what an exact number chooses is a key of its own, `<id>.0`,
//! as on Android. A message with a number and other variables chooses in a substitution, where `%arg` is the number.

use std::path::PathBuf;

use cartera_core::strings::Language;
use serde_json::{Map, Value, json};

use crate::Files;
use crate::message::{Counted, Message, Messages, Piece, Words};

pub(crate) fn files(messages: &Messages) -> Files {
    let mut strings = Map::new();
    for message in &messages.0 {
        for language in Language::ALL {
            let mut put = |key: String, value: Value| {
                let entry = strings
                    .entry(key)
                    .or_insert_with(|| json!({ "extractionState": "manual", "localizations": {} }));
                entry["localizations"][language.tag()] = value;
            };
            match message.words(language) {
                Words::Plain(pieces) => put(message.id.clone(), unit(&value(message, pieces, false))),
                Words::Counted(counted) => {
                    for (number, pieces) in &counted.exact {
                        put(format!("{}.{number}", message.id), unit(&value(message, pieces, false)));
                    }
                    put(message.id.clone(), plural(message, counted));
                }
            }
        }
    }
    let catalogue =
        json!({ "sourceLanguage": Language::Spanish.tag(), "strings": strings, "version": "1.0" });
    vec![(PathBuf::from("Localizable.xcstrings"), format!("{catalogue:#}\n"))]
}

fn unit(value: &str) -> Value {
    json!({ "stringUnit": { "state": "translated", "value": value } })
}

fn plural(message: &Message, counted: &Counted) -> Value {
    let alone = message.variables().len() == 1;
    let cases: Map<String, Value> = counted
        .categories
        .iter()
        .map(|(category, pieces)| (category.clone(), unit(&value(message, pieces, !alone))))
        .collect();
    let variations = json!({ "plural": cases });
    if alone {
        return json!({ "variations": variations });
    }
    let name = &counted.variable;
    let mut whole = unit(&format!("%#@{name}@"));
    whole["substitutions"] =
        json!({ name.as_str(): { "argNum": 1, "formatSpecifier": "lld", "variations": variations } });
    whole
}

fn value(message: &Message, pieces: &[Piece], in_substitution: bool) -> String {
    let (variables, counter) = (message.variables(), message.counter());
    let piece = |piece: &Piece| match piece {
        Piece::Variable(name) if Some(name.as_str()) == counter && in_substitution => "%arg".to_owned(),
        Piece::Variable(name) => {
            let place = variables.iter().position(|variable| variable == name).unwrap_or_default() + 1;
            let kind = if Some(name.as_str()) == counter { "lld" } else { "@" };
            format!("%{place}${kind}")
        }
        Piece::Text(words) if variables.is_empty() => words.clone(),
        Piece::Text(words) => words.replace('%', "%%"),
    };
    pieces.iter().map(piece).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::examples;

    #[test]
    fn every_text_comes_out_of_the_catalogue_as_the_engine_says_it() {
        let messages = Messages::read().unwrap();
        let catalogue: Value = serde_json::from_str(&files(&messages)[0].1).unwrap();
        for example in examples::all(&messages) {
            let language = example.language.tag();
            let id = &example.message.id;
            let exact = example.count().map(|count| format!("{id}.{count}"));
            let own = exact.and_then(|key| catalogue["strings"].get(key));
            let entry =
                own.unwrap_or_else(|| &catalogue["strings"][id.as_str()])["localizations"][language].clone();
            let cases = match &entry["substitutions"] {
                Value::Object(substitutions) => &substitutions.values().next().unwrap()["variations"],
                _ => &entry["variations"],
            };
            let value = match (&cases["plural"], example.count()) {
                (Value::Object(cases), Some(1)) if cases.contains_key("one") => &cases["one"],
                (Value::Object(cases), _) => &cases["other"],
                _ => &entry,
            };
            let mut text = value["stringUnit"]["value"].as_str().unwrap().to_owned();
            for (index, argument) in example.arguments.iter().enumerate() {
                for kind in ["@", "lld"] {
                    text = text.replace(&format!("%{}${kind}", index + 1), argument);
                }
                if index == 0 {
                    text = text.replace("%arg", argument);
                }
            }
            if !example.arguments.is_empty() {
                text = text.replace("%%", "%");
            }
            assert_eq!(text, example.text, "{language} {id}");
        }
    }
}
