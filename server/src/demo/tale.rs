//! What the demo says, and how: words from `core/strings`, one line after the other.

use std::io::Write;

use cartera_core::strings::{Arg, Language, text};

/// Where the story is told.
pub(super) struct Tale<'w> {
    out: &'w mut dyn Write,
    language: Language,
}

impl<'w> Tale<'w> {
    pub(super) fn new(out: &'w mut dyn Write, language: Language) -> Self {
        Self { out, language }
    }

    pub(super) const fn language(&self) -> Language {
        self.language
    }

    pub(super) fn words(&self, id: &str, args: &[(&str, Arg<'_>)]) -> String {
        text(self.language, id, args)
    }

    /// The beginning of a part.
    pub(super) fn heading(&mut self, id: &str) -> std::io::Result<()> {
        let words = self.words(id, &[]);
        writeln!(self.out, "\n== {words}")?;
        self.out.flush()
    }

    pub(super) fn say(&mut self, id: &str, args: &[(&str, Arg<'_>)]) -> std::io::Result<()> {
        let words = self.words(id, args);
        writeln!(self.out, "   {words}")?;
        self.out.flush()
    }

    /// Something that is the same in all languages: an address, a command, what a program answered.
    pub(super) fn show(&mut self, text: &str) -> std::io::Result<()> {
        writeln!(self.out, "{text}")?;
        self.out.flush()
    }
}

/// A whole number with its thousands set apart, as both languages write it with a thin space.
pub(super) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn thousands_are_set_apart() {
        for (n, text) in [(0, "0"), (999, "999"), (1_000, "1\u{202f}000"), (69_659, "69\u{202f}659")] {
            assert_eq!(number(n), text);
        }
    }
}
