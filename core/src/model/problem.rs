//! What is wrong with a value, said so that a form can mark the field and a person can mend it.
//!
//! Decoding refuses what has no meaning; validation finds what has a meaning but breaks a rule. A phone validates
//! before it saves; the relay validates what arrives and flags it, since work that was done is never refused for a
//! limit that was tightened later.

use std::fmt;

use crate::strings::{self, Language};

/// Most problems that one validation lists; a hostile value could break thousands of rules.
pub const PROBLEMS_MAX: usize = 64;

/// The rule that a value breaks. Each has words in the strings under `problem-<code>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// Nothing is there and something must be.
    Required,
    /// A text is there but says nothing.
    Empty,
    /// More characters than `limit`.
    TooLong,
    /// More items than `limit`.
    TooMany,
    /// Below `limit`.
    TooSmall,
    /// Above `limit`.
    TooLarge,
    /// More decimals than `limit`.
    TooPrecise,
    /// A control character in a text.
    ControlCharacter,
    /// Not of the form that such a value has.
    Form,
    /// A value that this version does not know.
    UnknownValue,
    /// Must not be there beside another value.
    Contradiction,
    /// An amount or total is not what the rounding rule gives.
    Mismatch,
    /// The same thing twice.
    Duplicate,
    /// An end before its beginning.
    Order,
}

impl Code {
    pub const ALL: &'static [Self] = &[
        Self::Required,
        Self::Empty,
        Self::TooLong,
        Self::TooMany,
        Self::TooSmall,
        Self::TooLarge,
        Self::TooPrecise,
        Self::ControlCharacter,
        Self::Form,
        Self::UnknownValue,
        Self::Contradiction,
        Self::Mismatch,
        Self::Duplicate,
        Self::Order,
    ];

    /// Stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::TooMany => "too_many",
            Self::TooSmall => "too_small",
            Self::TooLarge => "too_large",
            Self::TooPrecise => "too_precise",
            Self::ControlCharacter => "control_character",
            Self::Form => "form",
            Self::UnknownValue => "unknown_value",
            Self::Contradiction => "contradiction",
            Self::Mismatch => "mismatch",
            Self::Duplicate => "duplicate",
            Self::Order => "order",
        }
    }
}

/// One broken rule: where, which, and the limit where the rule has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Path of the field, such as `lines[3].quantity`.
    pub field: String,
    pub code: Code,
    pub limit: Option<i64>,
}

impl Problem {
    /// What is wrong, in words; the field's name is not among them.
    pub fn text(&self, language: Language) -> String {
        strings::text(language, &format!("problem-{}", self.code.as_str()), &self.args())
    }

    /// What to do about it, in words.
    pub fn advice(&self, language: Language) -> String {
        strings::text(language, &format!("problem-{}.advice", self.code.as_str()), &self.args())
    }

    fn args(&self) -> [(&'static str, strings::Arg<'static>); 1] {
        [("limit", self.limit.map_or_else(|| "?".into(), strings::Arg::from))]
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.code.as_str())?;
        match self.limit {
            Some(limit) => write!(f, " (limit {limit})"),
            None => Ok(()),
        }
    }
}

/// Collects problems while a value is walked.
#[derive(Debug, Default)]
pub struct Check {
    path: String,
    problems: Vec<Problem>,
}

impl Check {
    pub fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    pub fn add(&mut self, field: &str, code: Code, limit: Option<i64>) {
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(Problem { field: format!("{}{field}", self.path), code, limit });
        }
    }

    /// Adds the problem unless the rule holds.
    pub fn rule(&mut self, holds: bool, field: &str, code: Code) {
        if !holds {
            self.add(field, code, None);
        }
    }

    /// Walks something inside `field`; its problems are named `field.inner`.
    pub fn within(&mut self, field: &str, walk: impl FnOnce(&mut Self)) {
        let outer = self.path.len();
        self.path.push_str(field);
        self.path.push('.');
        walk(self);
        self.path.truncate(outer);
    }

    /// Bounds a list and walks each of its items as `field[index]`.
    pub fn each<T>(&mut self, field: &str, items: &[T], max: usize, mut walk: impl FnMut(&mut Self, &T)) {
        self.count(field, items.len(), max);
        for (index, item) in items.iter().enumerate().take(max) {
            self.within(&format!("{field}[{index}]"), |check| walk(check, item));
        }
    }

    pub fn count(&mut self, field: &str, count: usize, max: usize) {
        if count > max {
            self.add(field, Code::TooMany, Some(max as i64));
        }
    }

    /// A text of 1 to `max` characters (Unicode scalar values) without control characters, but for line feeds and
    /// tabs where `lines` allows them.
    fn any_text(&mut self, field: &str, text: &str, max: usize, lines: bool) {
        if text.trim().is_empty() {
            self.add(field, Code::Empty, None);
        }
        // A character has at most four bytes, so the long are not counted to their end.
        if text.len() > max * 4 || text.chars().count() > max {
            self.add(field, Code::TooLong, Some(max as i64));
        } else if text.chars().any(|c| c.is_control() && !(lines && matches!(c, '\n' | '\t'))) {
            self.add(field, Code::ControlCharacter, None);
        }
    }

    /// A text on one line.
    pub fn line(&mut self, field: &str, text: &str, max: usize) {
        self.any_text(field, text, max, false);
    }

    /// A text on one line, if it is there.
    pub fn line_opt(&mut self, field: &str, text: Option<&String>, max: usize) {
        if let Some(text) = text {
            self.line(field, text, max);
        }
    }

    /// A text that may have several lines.
    pub fn prose(&mut self, field: &str, text: &str, max: usize) {
        self.any_text(field, text, max, true);
    }

    /// A text that may have several lines, if it is there.
    pub fn prose_opt(&mut self, field: &str, text: Option<&String>, max: usize) {
        if let Some(text) = text {
            self.prose(field, text, max);
        }
    }

    /// A whole number within `min..=max`.
    pub fn range(&mut self, field: &str, value: i64, min: i64, max: i64) {
        if value < min {
            self.add(field, Code::TooSmall, Some(min));
        } else if value > max {
            self.add(field, Code::TooLarge, Some(max));
        }
    }

    /// A decimal within `min..=max` (whole numbers) with at most `places` decimals.
    pub fn decimal(&mut self, field: &str, value: super::decimal::Decimal, min: i64, max: i64, places: u32) {
        if value.inner() < min.into() {
            self.add(field, Code::TooSmall, Some(min));
        } else if value.inner() > max.into() {
            self.add(field, Code::TooLarge, Some(max));
        }
        if value.scale() > places {
            self.add(field, Code::TooPrecise, Some(i64::from(places)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_told_in_words_with_their_limit() {
        let mut check = Check::default();
        check.within("contact", |check| check.line("name", &"x".repeat(201), 200));
        let problem = &check.into_problems()[0];
        assert_eq!(problem.to_string(), "contact.name: too_long (limit 200)");
        assert_eq!(problem.text(Language::Spanish), "Es demasiado largo: como mucho 200");
        assert_eq!(problem.advice(Language::English), "Shorten it.");
    }
}
