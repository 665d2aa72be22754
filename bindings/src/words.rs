//! Words that a person reads, from the same files as everything else's.

use std::collections::HashMap;

use cartera_core::strings::{self, Arg};

use crate::CarteraError;
use crate::shared::safely;

/// A language that the words are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Language {
    Spanish,
    English,
}

impl From<Language> for strings::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::Spanish => Self::Spanish,
            Language::English => Self::English,
        }
    }
}

/// What went wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ErrorWords {
    pub code: String,
    pub text: String,
    pub advice: Option<String>,
}

/// The words of an id such as `outcome-order`, with texts in the places of its variables. Without such words the id
/// itself.
#[uniffi::export]
pub fn words(id: String, language: Language, args: HashMap<String, String>) -> String {
    let args: Vec<(&str, Arg<'_>)> =
        args.iter().map(|(name, value)| (name.as_str(), Arg::from(value.as_str()))).collect();
    safely(|| strings::text(language.into(), &id, &args), || id.clone())
}

/// The same with a number in the place of one variable, which chooses the plural.
#[uniffi::export]
pub fn counted_words(id: String, language: Language, name: String, number: i64) -> String {
    let told = || strings::text(language.into(), &id, &[(name.as_str(), Arg::from(number))]);
    safely(told, || id.clone())
}

/// The words of an error's code; those of any other error where this version has none.
#[uniffi::export]
pub fn error_words(code: String, language: Language) -> ErrorWords {
    let language = language.into();
    let told = || {
        let known = format!("error-{code}");
        let id = if strings::has(language, &known) { known } else { "error-other".to_owned() };
        let advice = format!("{id}.advice");
        let advice = strings::has(language, &advice).then(|| strings::text(language, &advice, &[]));
        ErrorWords { code: code.clone(), text: strings::text(language, &id, &[]), advice }
    };
    safely(told, || ErrorWords { code: code.clone(), text: code.clone(), advice: None })
}

impl CarteraError {
    /// Stable; names its words.
    pub fn code(&self) -> &str {
        match self {
            Self::Invalid { code, .. }
            | Self::NotFound { code, .. }
            | Self::NotAllowed { code, .. }
            | Self::Offline { code, .. }
            | Self::Relay { code, .. }
            | Self::Storage { code, .. }
            | Self::Broken { code, .. } => code,
        }
    }
}
