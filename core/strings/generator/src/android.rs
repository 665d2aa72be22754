//! Android's string resources. Spanish is the default, so that a phone in a third language reads what the company
//! speaks. What an exact number chooses has no place in `<plurals>` (Spanish and English have no `zero` there): it is
//! a string of its own, `<name>_0`.

use std::fmt::Write;
use std::path::PathBuf;

use cartera_core::strings::Language;

use crate::Files;
use crate::message::{Message, Messages, Piece, Words};

pub(crate) fn files(messages: &Messages) -> Files {
    Language::ALL
        .into_iter()
        .map(|language| {
            let folder = match language {
                Language::Spanish => "values",
                Language::English => "values-en",
            };
            (PathBuf::from(folder).join("strings.xml"), file(messages, language))
        })
        .collect()
}

fn file(messages: &Messages, language: Language) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- Made by cartera-words from core/strings; not to be edited. -->\n<resources>\n",
    );
    for message in &messages.0 {
        let name = name(&message.id);
        match message.words(language) {
            Words::Plain(pieces) => string(&mut text, &name, &value(message, pieces), message),
            Words::Counted(counted) => {
                for (number, pieces) in &counted.exact {
                    string(&mut text, &format!("{name}_{number}"), &value(message, pieces), message);
                }
                let _ = writeln!(text, "    <plurals name=\"{name}\">");
                for (category, pieces) in &counted.categories {
                    let words = value(message, pieces);
                    let _ = writeln!(text, "        <item quantity=\"{category}\">{words}</item>");
                }
                text.push_str("    </plurals>\n");
            }
        }
    }
    text.push_str("</resources>\n");
    text
}

fn string(text: &mut String, name: &str, words: &str, message: &Message) {
    // A percent sign that stands for itself.
    let plain =
        if message.variables().is_empty() && words.contains('%') { " formatted=\"false\"" } else { "" };
    let _ = writeln!(text, "    <string name=\"{name}\"{plain}>{words}</string>");
}

fn name(id: &str) -> String {
    id.replace(['-', '.'], "_")
}

/// Text escaped for XML and for the resource compiler; variables by their place.
fn value(message: &Message, pieces: &[Piece]) -> String {
    let (variables, counter) = (message.variables(), message.counter());
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Variable(name) => {
                let place = variables.iter().position(|variable| variable == name).unwrap_or_default() + 1;
                let kind = if Some(name.as_str()) == counter { 'd' } else { 's' };
                let _ = write!(text, "%{place}${kind}");
            }
            Piece::Text(words) => {
                for letter in words.chars() {
                    match letter {
                        '&' => text.push_str("&amp;"),
                        '<' => text.push_str("&lt;"),
                        '\'' | '"' | '\\' => text.extend(['\\', letter]),
                        '@' | '?' if text.is_empty() => text.extend(['\\', letter]),
                        '\n' => text.push_str("\\n"),
                        '%' if !variables.is_empty() => text.push_str("%%"),
                        _ => text.push(letter),
                    }
                }
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::BTreeMap;

    use quick_xml::Reader;
    use quick_xml::events::Event;

    use super::*;
    use crate::examples;

    /// Resources as Android reads them: strings by name, plurals as `name/quantity`.
    fn resources(xml: &str) -> BTreeMap<String, String> {
        let mut reader = Reader::from_str(xml);
        let (mut found, mut at, mut plural, mut text) =
            (BTreeMap::new(), String::new(), String::new(), String::new());
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) => {
                    let attribute = |name: &str| {
                        let value = start.try_get_attribute(name).unwrap()?;
                        Some(value.value.into_owned())
                    };
                    text.clear();
                    match start.name().as_ref() {
                        "string" => at = attribute("name").unwrap(),
                        "plurals" => plural = attribute("name").unwrap(),
                        "item" => at = format!("{plural}/{}", attribute("quantity").unwrap()),
                        _ => {}
                    }
                }
                Event::Text(part) => text.push_str(&part),
                Event::GeneralRef(part) => text.push_str(match part.as_ref() {
                    "amp" => "&",
                    "lt" => "<",
                    other => panic!("{other:?}"),
                }),
                Event::End(end) if ["string", "item"].contains(&end.name().as_ref()) => {
                    assert!(found.insert(at.clone(), text.clone()).is_none(), "{at} twice");
                }
                Event::Eof => return found,
                _ => {}
            }
        }
    }

    /// What `Resources.getString` and `getQuantityString` make of it.
    fn formatted(resource: &str, arguments: &[String]) -> String {
        let mut text = String::new();
        let mut letters = resource.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '\\' => match letters.next().unwrap() {
                    'n' => text.push('\n'),
                    other => text.push(other),
                },
                '%' if !arguments.is_empty() => match letters.next().unwrap() {
                    '%' => text.push('%'),
                    digit => {
                        text.push_str(&arguments[digit.to_digit(10).unwrap() as usize - 1]);
                        assert_eq!(letters.next(), Some('$'));
                        assert!(matches!(letters.next(), Some('s' | 'd')));
                    }
                },
                other => text.push(other),
            }
        }
        text
    }

    #[test]
    fn every_text_comes_out_of_the_resources_as_the_engine_says_it() {
        let messages = Messages::read().unwrap();
        for (language, (_, xml)) in Language::ALL.into_iter().zip(files(&messages)) {
            let resources = resources(&xml);
            let mut compared = 0;
            for example in examples::all(&messages).into_iter().filter(|it| it.language == language) {
                let name = name(&example.message.id);
                let key = match (example.message.words(language), example.count()) {
                    (Words::Counted(counted), Some(count)) => match u32::try_from(count) {
                        Ok(exact) if counted.exact.contains_key(&exact) => format!("{name}_{exact}"),
                        _ if count == 1 && counted.categories.contains_key("one") => format!("{name}/one"),
                        _ => format!("{name}/other"),
                    },
                    _ => name,
                };
                assert_eq!(formatted(&resources[&key], &example.arguments), example.text, "{language} {key}");
                compared += 1;
            }
            assert!(compared > 400, "{compared}");
        }
    }

    #[test]
    fn what_the_resource_compiler_would_take_for_something_else_is_escaped() {
        let plain = |words: &str| {
            let words = Words::Plain(vec![Piece::Text(words.to_owned())]);
            Message { id: "a".to_owned(), spanish: words.clone(), english: words }
        };
        let escaped = |words: &str| {
            let message = plain(words);
            value(&message, &[Piece::Text(words.to_owned())])
        };
        assert_eq!(escaped("?a 'b' \"c\" <d> & \\"), "\\?a \\'b\\' \\\"c\\\" &lt;d> &amp; \\\\");
        assert_eq!(escaped("@a ?"), "\\@a ?");
        assert!(
            file(&Messages(vec![plain("20 %")]), Language::Spanish).contains("formatted=\"false\">20 %<")
        );
    }
}
