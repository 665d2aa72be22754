//! The messages, in the shape that all platforms can say: text with variables in it, and at most one choice by a number.

use std::collections::{BTreeMap, BTreeSet};

use cartera_core::strings::Language;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Variant, VariantKey};
use fluent_syntax::parser;

/// What only the relay and its command line say, by the beginning of the id.
const NOT_FOR_APPS: &[&str] = &[
    "cli-",
    "console-",
    "demo-",
    "export-",
    "import-",
    "item-",
    "order-attention-",
    "relay-",
    "subject-",
    "uncovered-",
];

/// The categories of plurals that Spanish and English need here.
const CATEGORIES: [&str; 2] = ["one", "other"];

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    Variable(String),
}

/// The words of a message in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Words {
    Plain(Vec<Piece>),
    Counted(Counted),
}

/// Words that a number chooses: an exact number before its category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) variable: String,
    pub(crate) exact: BTreeMap<u32, Vec<Piece>>,
    /// By category; `other` is there.
    pub(crate) categories: BTreeMap<String, Vec<Piece>>,
}

/// A message, or its advice, in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// As `strings::text` takes it: `error-invalid`, `error-invalid.advice`.
    pub(crate) id: String,
    pub(crate) spanish: Words,
    pub(crate) english: Words,
}

impl Message {
    pub(crate) fn words(&self, language: Language) -> &Words {
        match language {
            Language::Spanish => &self.spanish,
            Language::English => &self.english,
        }
    }

    /// The number that chooses, in whichever language it does.
    pub(crate) fn counter(&self) -> Option<&str> {
        [&self.spanish, &self.english].into_iter().find_map(|words| match words {
            Words::Plain(_) => None,
            Words::Counted(counted) => Some(counted.variable.as_str()),
        })
    }

    /// The variables in the order in which platforms count them: the number first, then by name.
    pub(crate) fn variables(&self) -> Vec<String> {
        let counter = self.counter().map(str::to_owned);
        let mut used: BTreeSet<String> =
            [&self.spanish, &self.english].into_iter().flat_map(Words::variables).collect();
        if let Some(counter) = &counter {
            used.remove(counter);
        }
        counter.into_iter().chain(used).collect()
    }
}

impl Words {
    fn patterns(&self) -> Vec<&Vec<Piece>> {
        match self {
            Self::Plain(pieces) => vec![pieces],
            Self::Counted(counted) => counted.exact.values().chain(counted.categories.values()).collect(),
        }
    }

    fn variables(&self) -> Vec<String> {
        let name = |piece: &Piece| match piece {
            Piece::Variable(name) => Some(name.clone()),
            Piece::Text(_) => None,
        };
        self.patterns().into_iter().flatten().filter_map(name).collect()
    }
}

/// All messages that apps say, by id.
#[derive(Debug)]
pub(crate) struct Messages(pub(crate) Vec<Message>);

impl Messages {
    pub(crate) fn read() -> Result<Self, String> {
        Self::of(Language::Spanish.source(), Language::English.source())
    }

    fn of(spanish: &str, english: &str) -> Result<Self, String> {
        let (spanish, mut english) = (parse(spanish)?, parse(english)?);
        let mut messages = Vec::new();
        for (id, spanish) in spanish {
            let Some(english) = english.remove(&id) else { return Err(format!("{id}: not in English")) };
            messages.push(Message { id, spanish, english });
        }
        match english.keys().next() {
            Some(id) => Err(format!("{id}: not in Spanish")),
            None => Ok(Self(messages)),
        }
    }
}

fn parse(source: &str) -> Result<BTreeMap<String, Words>, String> {
    let resource = parser::parse(source).map_err(|(_, errors)| format!("not Fluent: {errors:?}"))?;
    let mut found = BTreeMap::new();
    for entry in resource.body {
        let message = match entry {
            Entry::Message(message) => message,
            Entry::Term(term) => return Err(format!("{}: terms are not understood", term.id.name)),
            _ => continue,
        };
        let id = message.id.name;
        if NOT_FOR_APPS.iter().any(|prefix| id.starts_with(prefix)) {
            continue;
        }
        if let Some(value) = message.value {
            found.insert(id.to_owned(), words(id, &value)?);
        }
        for attribute in message.attributes {
            let id = format!("{id}.{}", attribute.id.name);
            let words = words(&id, &attribute.value)?;
            found.insert(id, words);
        }
    }
    Ok(found)
}

fn words(id: &str, pattern: &Pattern<&str>) -> Result<Words, String> {
    let choice = |element: &PatternElement<&str>| {
        matches!(element, PatternElement::Placeable { expression: Expression::Select { .. } })
    };
    let Some(at) = pattern.elements.iter().position(choice) else {
        return Ok(Words::Plain(pieces(id, &pattern.elements)?));
    };
    let (before, after) = (&pattern.elements[..at], &pattern.elements[at + 1..]);
    let PatternElement::Placeable { expression: Expression::Select { selector, variants } } =
        &pattern.elements[at]
    else {
        return Err(format!("{id}: no choice"));
    };
    let InlineExpression::VariableReference { id: variable } = selector else {
        return Err(format!("{id}: only a variable can choose"));
    };
    let mut counted =
        Counted { variable: variable.name.to_owned(), exact: BTreeMap::new(), categories: BTreeMap::new() };
    for Variant { key, value, .. } in variants {
        // Whole sentences are what translators and platforms take: what stands around the choice goes into each.
        let mut whole = pieces(id, before)?;
        whole.extend(pieces(id, &value.elements)?);
        whole.extend(pieces(id, after)?);
        let whole = joined(whole);
        match key {
            VariantKey::NumberLiteral { value } => {
                let number =
                    value.parse().map_err(|_| format!("{id}: {value} is not a whole number to choose by"))?;
                counted.exact.insert(number, whole);
            }
            VariantKey::Identifier { name } if CATEGORIES.contains(name) => {
                counted.categories.insert((*name).to_owned(), whole);
            }
            VariantKey::Identifier { name } => return Err(format!("{id}: {name} is no category of plurals")),
        }
    }
    if !counted.categories.contains_key("other") {
        return Err(format!("{id}: nothing for every other number"));
    }
    Ok(Words::Counted(counted))
}

fn pieces(id: &str, elements: &[PatternElement<&str>]) -> Result<Vec<Piece>, String> {
    let piece = |element: &PatternElement<&str>| match element {
        PatternElement::TextElement { value } => Ok(Piece::Text((*value).to_owned())),
        PatternElement::Placeable { expression: Expression::Inline(inline) } => match inline {
            InlineExpression::VariableReference { id } => Ok(Piece::Variable(id.name.to_owned())),
            InlineExpression::StringLiteral { value } => Ok(Piece::Text((*value).to_owned())),
            _ => Err(format!("{id}: only variables and texts can be put into a text")),
        },
        PatternElement::Placeable { .. } => Err(format!("{id}: a message can have one choice")),
    };
    Ok(joined(elements.iter().map(piece).collect::<Result<_, String>>()?))
}

/// Texts that follow each other as one.
fn joined(mut pieces: Vec<Piece>) -> Vec<Piece> {
    pieces.dedup_by(|next, before| match (before, &*next) {
        (Piece::Text(text), Piece::Text(more)) => {
            text.push_str(more);
            true
        }
        _ => false,
    });
    pieces
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn text(text: &str) -> Piece {
        Piece::Text(text.to_owned())
    }

    #[test]
    fn a_choice_in_the_middle_of_a_sentence_becomes_whole_sentences() {
        let source = "a = Quedan { $n ->\n    [0] cero\n    [one] una\n   *[other] { $n }\n} de { $all }\n    .advice = Sí\n";
        let messages = Messages::of(source, source).unwrap().0;
        assert_eq!(messages.iter().map(|m| m.id.as_str()).collect::<Vec<_>>(), ["a", "a.advice"]);
        let Words::Counted(counted) = &messages[0].spanish else { panic!() };
        let all = || Piece::Variable("all".to_owned());
        assert_eq!(counted.exact[&0], [text("Quedan cero de "), all()]);
        assert_eq!(counted.categories["one"], [text("Quedan una de "), all()]);
        assert_eq!(
            counted.categories["other"],
            [text("Quedan "), Piece::Variable("n".to_owned()), text(" de "), all()]
        );
        assert_eq!(messages[0].variables(), ["n", "all"]);
    }

    #[test]
    fn what_no_platform_could_say_is_refused() {
        for (source, part) in [
            ("a = { $x ->\n   *[many] b\n}\n", "many"),
            ("a = { $x ->\n   *[one] b\n}\n", "every other"),
            ("a = { $x ->\n    [1.5] b\n   *[other] b\n}\n", "whole number"),
            ("a = { $x ->\n   *[other] b\n} { $y ->\n   *[other] b\n}\n", "one choice"),
            ("a = { b }\nb = c\n", "only variables"),
            ("-a = b\n", "terms"),
            ("a = { $x\n", "not Fluent"),
        ] {
            let problem = Messages::of(source, source).unwrap_err();
            assert!(problem.contains(part), "{source}: {problem}");
        }
        assert_eq!(Messages::of("a = b\n", "").unwrap_err(), "a: not in English");
        assert_eq!(Messages::of("", "a = b\n").unwrap_err(), "a: not in Spanish");
    }

    #[test]
    fn apps_get_what_they_say_and_nothing_of_the_relay() {
        let messages = Messages::read().unwrap().0;
        let has = |id: &str| messages.iter().any(|message| message.id == id);
        assert!(has("sync-waiting") && has("outcome-order") && has("error-revoked.advice"));
        assert!(!messages.iter().any(|message| message.id.starts_with("cli-")));
    }
}
