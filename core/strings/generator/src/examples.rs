//! What the engine's own words come out as, by its Fluent library: held against what the platforms' forms say.

use std::fmt::Write;
use std::path::PathBuf;

use cartera_core::strings::{self, Arg, Language};

use crate::Files;
use crate::message::{Message, Messages};

/// Small, since how larger numbers are grouped is the platform's own affair.
const COUNTS: [i64; 5] = [0, 1, 2, 11, 999];

pub(crate) struct Example<'a> {
    pub(crate) language: Language,
    pub(crate) message: &'a Message,
    /// In the order of `Message::variables`.
    pub(crate) arguments: Vec<String>,
    pub(crate) text: String,
}

#[cfg(test)]
impl Example<'_> {
    /// The number that chose.
    pub(crate) fn count(&self) -> Option<i64> {
        self.message.counter().and_then(|_| self.arguments.first()?.parse().ok())
    }
}

pub(crate) fn all(messages: &Messages) -> Vec<Example<'_>> {
    let mut examples = Vec::new();
    for language in Language::ALL {
        for message in &messages.0 {
            let counts: &[i64] = if message.counter().is_some() { &COUNTS } else { &COUNTS[..1] };
            for count in counts {
                examples.push(example(language, message, *count));
            }
        }
    }
    examples
}

fn example(language: Language, message: &Message, count: i64) -> Example<'_> {
    let (names, counter) = (message.variables(), message.counter());
    let arguments: Vec<String> = names
        .iter()
        .map(|name| if Some(name.as_str()) == counter { count.to_string() } else { format!("‹{name}›") })
        .collect();
    let args: Vec<(&str, Arg<'_>)> = names
        .iter()
        .zip(&arguments)
        .map(|(name, text)| {
            let value = if Some(name.as_str()) == counter { count.into() } else { text.as_str().into() };
            (name.as_str(), value)
        })
        .collect();
    let text = strings::text(language, &message.id, &args);
    Example { language, message, arguments, text }
}

/// A line an example: language, id, arguments parted by `|`, text.
pub(crate) fn files(messages: &Messages) -> Files {
    let mut text = String::new();
    for example in all(messages) {
        let Example { language, message, arguments, text: words } = &example;
        let words = words.replace('\n', "\\n");
        let _ = writeln!(text, "{language}\t{}\t{}\t{words}", message.id, arguments.join("|"));
    }
    vec![(PathBuf::from("examples.tsv"), text)]
}
