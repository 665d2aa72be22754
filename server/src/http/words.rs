//! What a problem is called, and what to do about it: words from `cartera_core::strings`, by its code.

use cartera_core::strings::{Language, has, text};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub title: String,
    pub advice: String,
}

/// The words for a code. What has none of the relay's own has the phone's; without either it is the code itself.
pub fn problem(code: &str, language: Language) -> Words {
    let own = format!("relay-{code}");
    let id = if has(language, &own) { own } else { format!("error-{code}") };
    if !has(language, &id) {
        return Words { title: code.to_owned(), advice: String::new() };
    }
    let advice = format!("{id}.advice");
    let advice = if has(language, &advice) { text(language, &advice, &[]) } else { String::new() };
    Words { title: text(language, &id, &[]), advice }
}

/// Whether there are words for a code.
pub fn has_words(code: &str) -> bool {
    let known = |id: &str| has(Language::English, id);
    known(&format!("relay-{code}")) || known(&format!("error-{code}"))
}
