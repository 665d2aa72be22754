//! An abstract class with a member a message, and a class a language. Without a framework behind it, so that the same
//! code speaks on a phone and in a test.

use std::fmt::Write;
use std::path::PathBuf;

use cartera_core::strings::Language;

use crate::Files;
use crate::message::{Counted, Message, Messages, Piece, Words};
use crate::names::{camel, names};

const HEAD: &str = "// Made by cartera-words from core/strings; not to be edited.
@file:Suppress(\"ktlint\", \"TooManyFunctions\", \"LargeClass\", \"MaxLineLength\")

package app.cartera.words

";

pub(crate) fn files(messages: &Messages) -> Result<Files, String> {
    let names = names(messages)?;
    let mut text = HEAD.to_owned();
    text.push_str("/** Every word that a person reads. [numbers] writes whole numbers and chooses plurals as the platform does. */\n");
    text.push_str("abstract class Words(val language: Language, protected val numbers: Numbers) {\n");
    for (message, name) in messages.0.iter().zip(&names) {
        let _ = match message.variables().is_empty() {
            true => writeln!(text, "    abstract val {name}: String"),
            false => writeln!(text, "    abstract fun {name}({}): String", parameters(message)),
        };
    }
    text.push_str("\n    /** The words of an id that has no variables, as `outcome-order`; null where this version has none. */\n");
    text.push_str("    fun of(id: String): String? = when (id) {\n");
    for (message, name) in messages.0.iter().zip(&names) {
        if message.variables().is_empty() {
            let _ = writeln!(text, "        \"{}\" -> {name}", message.id);
        }
    }
    text.push_str("        else -> null\n    }\n}\n");
    for language in Language::ALL {
        let _ = write!(
            text,
            "\ninternal class {language:?}Words(numbers: Numbers) : Words(Language.{language:?}, numbers) {{\n"
        );
        for (message, name) in messages.0.iter().zip(&names) {
            let body = match message.words(language) {
                Words::Plain(pieces) => quoted(pieces, message.counter()),
                Words::Counted(counted) => chosen(counted),
            };
            let _ = match message.variables().is_empty() {
                true => writeln!(text, "    override val {name} get() = {body}"),
                false => writeln!(text, "    override fun {name}({}) = {body}", parameters(message)),
            };
        }
        text.push_str("}\n");
    }
    Ok(vec![(PathBuf::from("app/cartera/words/Words.kt"), text)])
}

/// Words that Kotlin keeps for itself.
const HARD_KEYWORDS: &[&str] = &[
    "as",
    "break",
    "class",
    "continue",
    "do",
    "else",
    "false",
    "for",
    "fun",
    "if",
    "in",
    "interface",
    "is",
    "null",
    "object",
    "package",
    "return",
    "super",
    "this",
    "throw",
    "true",
    "try",
    "typealias",
    "typeof",
    "val",
    "var",
    "when",
    "while",
];

fn parameter(variable: &str) -> String {
    let name = camel(variable);
    if HARD_KEYWORDS.contains(&name.as_str()) { format!("`{name}`") } else { name }
}

fn parameters(message: &Message) -> String {
    let counter = message.counter();
    let typed = |name: String| {
        let kind = if Some(name.as_str()) == counter { "Long" } else { "String" };
        format!("{}: {kind}", parameter(&name))
    };
    message.variables().into_iter().map(typed).collect::<Vec<_>>().join(", ")
}

fn chosen(counted: &Counted) -> String {
    let counter = parameter(&counted.variable);
    let quoted = |pieces| quoted(pieces, Some(&counted.variable));
    let mut text = String::from("when {");
    for (number, pieces) in &counted.exact {
        let _ = write!(text, " {counter} == {number}L -> {};", quoted(pieces));
    }
    for (category, pieces) in &counted.categories {
        if category != "other" {
            let _ = write!(text, " numbers.plural({counter}) == \"{category}\" -> {};", quoted(pieces));
        }
    }
    let _ = write!(text, " else -> {} }}", quoted(&counted.categories["other"]));
    text
}

fn quoted(pieces: &[Piece], counter: Option<&str>) -> String {
    let mut text = String::from("\"");
    for piece in pieces {
        match piece {
            Piece::Variable(name) if Some(name.as_str()) == counter => {
                let _ = write!(text, "${{numbers.whole({})}}", parameter(name));
            }
            Piece::Variable(name) => {
                let _ = write!(text, "${{{}}}", parameter(name));
            }
            Piece::Text(words) => {
                for letter in words.chars() {
                    match letter {
                        '"' | '\\' | '$' => text.extend(['\\', letter]),
                        '\n' => text.push_str("\\n"),
                        _ => text.push(letter),
                    }
                }
            }
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn names_and_texts_are_kotlin() {
        let pieces = [Piece::Text("a \"$b\"\n\\".into()), Piece::Variable("rows_aside".into())];
        assert_eq!(quoted(&pieces, None), r#""a \"\$b\"\n\\${rowsAside}""#);
        assert_eq!(quoted(&[Piece::Variable("when".into())], None), "\"${`when`}\"");
        assert_eq!(quoted(&pieces[1..], Some("rows_aside")), r#""${numbers.whole(rowsAside)}""#);
    }
}
