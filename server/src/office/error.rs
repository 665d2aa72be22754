//! What is wrong with an item, said so that whoever writes the feed can mend it.

use cartera_core::model::problem::{self, Problem};
use cartera_core::strings::{Language, has, text};

/// Errors of one item that are listed.
pub const ERRORS_PER_ITEM: usize = 16;

/// Stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// No JSON object of the form that an item has.
    Malformed,
    /// More bytes than an item may have.
    ItemTooLarge,
    UnknownField,
    /// Not written as such a value is.
    WrongType,
    Required,
    Contradiction,
    UnknownClient,
    UnknownTerritory,
    UnknownOrder,
    /// An order does not go back.
    OrderBackwards,
    /// The same key twice in one batch.
    RepeatedKey,
    /// A rule of the model.
    Rule(problem::Code),
}

impl Code {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::ItemTooLarge => "item_too_large",
            Self::UnknownField => "unknown_field",
            Self::WrongType => "wrong_type",
            Self::Required => "required",
            Self::Contradiction => "contradiction",
            Self::UnknownClient => "unknown_client",
            Self::UnknownTerritory => "unknown_territory",
            Self::UnknownOrder => "unknown_order",
            Self::OrderBackwards => "order_backwards",
            Self::RepeatedKey => "repeated_key",
            Self::Rule(code) => code.as_str(),
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemError {
    /// Path of the field, such as `lines[3].quantity`; empty for the item as a whole.
    pub field: String,
    pub code: Code,
    /// What was expected, in English.
    pub detail: String,
    limit: Option<i64>,
}

impl ItemError {
    pub fn new(field: &str, code: Code, detail: impl Into<String>) -> Self {
        Self { field: field.to_owned(), code, detail: detail.into(), limit: None }
    }

    /// What is wrong, and what to do about it.
    pub fn words(&self, language: Language) -> (String, String) {
        if let Code::Rule(code) = self.code {
            let broken = Problem { field: self.field.clone(), code, limit: self.limit };
            return (broken.text(language), broken.advice(language));
        }
        let own = format!("item-{}", self.code.as_str());
        let id = if has(language, &own) { own } else { format!("problem-{}", self.code.as_str()) };
        (text(language, &id, &[]), text(language, &format!("{id}.advice"), &[]))
    }
}

impl From<Problem> for ItemError {
    fn from(broken: Problem) -> Self {
        let detail = broken.limit.map_or_else(String::new, |limit| format!("limit {limit}"));
        Self { code: Code::Rule(broken.code), field: broken.field, detail, limit: broken.limit }
    }
}

/// What is wrong with one item; bounded.
#[derive(Debug, Default)]
pub struct Errors(Vec<ItemError>);

impl Errors {
    pub fn add(&mut self, field: &str, code: Code, detail: impl Into<String>) {
        self.push(ItemError::new(field, code, detail));
    }

    pub fn push(&mut self, error: ItemError) {
        if !self.is_full() {
            self.0.push(error);
        }
    }

    pub fn is_full(&self) -> bool {
        self.0.len() >= ERRORS_PER_ITEM
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.0.iter().any(|error| error.field == field)
    }

    pub fn iter(&self) -> impl Iterator<Item = &ItemError> {
        self.0.iter()
    }

    pub fn into_list(self) -> Vec<ItemError> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_words_in_both_languages() {
        let own = [
            Code::Malformed,
            Code::ItemTooLarge,
            Code::UnknownField,
            Code::WrongType,
            Code::Required,
            Code::Contradiction,
            Code::UnknownClient,
            Code::UnknownTerritory,
            Code::UnknownOrder,
            Code::OrderBackwards,
            Code::RepeatedKey,
        ];
        for code in own.into_iter().chain(problem::Code::ALL.iter().map(|code| Code::Rule(*code))) {
            for language in [Language::English, Language::Spanish] {
                let (what, advice) = ItemError::new("x", code, "").words(language);
                let id = code.as_str();
                assert!(!what.contains(id) || what.contains(' '), "{id}: {what}");
                assert!(advice.len() > 5, "{id}: {advice}");
            }
        }
    }
}
