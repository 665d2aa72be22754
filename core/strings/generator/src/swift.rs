//! A struct with a member a message, that speaks one language. Without a framework behind it, so that the same code speaks
//! on a phone and in a test.

use std::fmt::Write;
use std::path::PathBuf;

use cartera_core::strings::Language;

use crate::Files;
use crate::message::{Message, Messages, Piece, Words};
use crate::names::{camel, names};

const HEAD: &str = "// Made by cartera-words from core/strings; not to be edited.
import Cartera

/// Every word that a person reads. `numbers` writes whole numbers and chooses plurals.
public struct Words: Sendable {
    public let language: Language
    let numbers: any Numbers
";

/// Tests call by its id what the app calls by its name.
const BY_ID_HEAD: &str = "// Made by cartera-words from core/strings; not to be edited.
import CarteraState

extension Words {
    /// What a message says; a number among the arguments as its digits.
    func said(_ id: String, _ arguments: [String]) -> String? {
        switch id {
";

pub(crate) fn files(messages: &Messages) -> Result<Files, String> {
    let names = names(messages)?;
    let (mut text, mut by_id) = (HEAD.to_owned(), BY_ID_HEAD.to_owned());
    for (message, name) in messages.0.iter().zip(&names) {
        let head = match message.variables().is_empty() {
            true => format!("var {name}: String"),
            false => format!("func {name}({}) -> String", parameters(message)),
        };
        let _ = writeln!(text, "\n    public {head} {{\n        switch language {{");
        for language in Language::ALL {
            let _ = writeln!(text, "        case .{}:", format!("{language:?}").to_lowercase());
            statements(&mut text, message, language);
        }
        text.push_str("        }\n    }\n");
        let _ = writeln!(by_id, "        case \"{}\": {}", message.id, call(message, name));
    }
    text.push_str("\n    /// The words of an id that has no variables, as `outcome-order`; nil where this version has none.\n");
    text.push_str("    public func of(_ id: String) -> String? {\n        switch id {\n");
    for (message, name) in messages.0.iter().zip(&names) {
        if message.variables().is_empty() {
            let _ = writeln!(text, "        case \"{}\": {name}", message.id);
        }
    }
    let tail = "        default: nil\n        }\n    }\n}\n";
    text.push_str(tail);
    by_id.push_str(tail);
    Ok(vec![
        (PathBuf::from("Sources/CarteraState/Words.swift"), text),
        (PathBuf::from("Tests/CarteraStateTests/WordsById.swift"), by_id),
    ])
}

/// What a message says in one language.
fn statements(text: &mut String, message: &Message, language: Language) {
    let say = |pieces| quoted(pieces, message.counter());
    let counted = match message.words(language) {
        Words::Plain(pieces) => {
            let _ = writeln!(text, "            return {}", say(pieces));
            return;
        }
        Words::Counted(counted) => counted,
    };
    let counter = used(&counted.variable);
    for (number, pieces) in &counted.exact {
        let _ = writeln!(text, "            if {counter} == {number} {{ return {} }}", say(pieces));
    }
    for (category, pieces) in counted.categories.iter().filter(|(category, _)| *category != "other") {
        let asked = format!("numbers.plural({counter}) == \"{category}\"");
        let _ = writeln!(text, "            if {asked} {{ return {} }}", say(pieces));
    }
    let _ = writeln!(text, "            return {}", say(&counted.categories["other"]));
}

fn call(message: &Message, name: &str) -> String {
    let argument = |(index, variable): (usize, &String)| {
        let counts = Some(variable.as_str()) == message.counter();
        let value = if counts { format!("Int(arguments[{index}])!") } else { format!("arguments[{index}]") };
        format!("{}: {value}", camel(variable))
    };
    let variables = message.variables();
    if variables.is_empty() {
        return name.to_owned();
    }
    format!("{name}({})", variables.iter().enumerate().map(argument).collect::<Vec<_>>().join(", "))
}

fn parameters(message: &Message) -> String {
    let typed = |name: String| {
        let kind = if Some(name.as_str()) == message.counter() { "Int" } else { "String" };
        format!("{}: {kind}", camel(&name))
    };
    message.variables().into_iter().map(typed).collect::<Vec<_>>().join(", ")
}

/// Words that Swift keeps for itself, of those that a variable may be called.
const KEYWORDS: &[&str] = &[
    "as",
    "break",
    "case",
    "catch",
    "class",
    "continue",
    "default",
    "defer",
    "do",
    "else",
    "enum",
    "extension",
    "false",
    "for",
    "func",
    "guard",
    "if",
    "import",
    "in",
    "init",
    "internal",
    "is",
    "let",
    "nil",
    "operator",
    "private",
    "protocol",
    "public",
    "repeat",
    "return",
    "self",
    "static",
    "struct",
    "subscript",
    "super",
    "switch",
    "throw",
    "true",
    "try",
    "var",
    "where",
    "while",
];

fn used(variable: &str) -> String {
    let name = camel(variable);
    if KEYWORDS.contains(&name.as_str()) { format!("`{name}`") } else { name }
}

fn quoted(pieces: &[Piece], counter: Option<&str>) -> String {
    let mut text = String::from("\"");
    for piece in pieces {
        match piece {
            Piece::Variable(name) if Some(name.as_str()) == counter => {
                let _ = write!(text, "\\(numbers.whole({}))", used(name));
            }
            Piece::Variable(name) => {
                let _ = write!(text, "\\({})", used(name));
            }
            Piece::Text(words) => {
                for letter in words.chars() {
                    match letter {
                        '"' | '\\' => text.extend(['\\', letter]),
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
    use super::*;

    #[test]
    fn texts_are_swift() {
        let pieces = [Piece::Text("a \"$b\"\n\\(c)".into()), Piece::Variable("rows_aside".into())];
        assert_eq!(quoted(&pieces, None), r#""a \"$b\"\n\\(c)\(rowsAside)""#);
        assert_eq!(quoted(&[Piece::Variable("class".into())], None), r#""\(`class`)""#);
        assert_eq!(quoted(&pieces[1..], Some("rows_aside")), r#""\(numbers.whole(rowsAside))""#);
    }

    #[test]
    fn a_number_chooses_by_itself_first_then_by_its_category() {
        let pieces = |text: &str| vec![Piece::Text(text.to_owned())];
        let words = Words::Counted(crate::message::Counted {
            variable: "n".to_owned(),
            exact: [(0, pieces("none"))].into(),
            categories: [("one".to_owned(), pieces("one")), ("other".to_owned(), pieces("many"))].into(),
        });
        let message = Message { id: "a-b".to_owned(), spanish: words.clone(), english: words };
        let [(_, text), (_, by_id)] = &files(&Messages(vec![message])).unwrap_or_default()[..] else {
            panic!()
        };
        let body = "            if n == 0 { return \"none\" }\n            if numbers.plural(n) == \"one\" { return \"one\" }\n            return \"many\"\n";
        assert!(text.contains(&format!("public func aB(n: Int) -> String {{\n        switch language {{\n        case .spanish:\n{body}")), "{text}");
        assert!(by_id.contains("case \"a-b\": aB(n: Int(arguments[0])!)\n"), "{by_id}");
    }
}
