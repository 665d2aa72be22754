//! The report's words: `cartera_core::strings`, by code.

use cartera_core::strings::{Language, text};

use super::finding::{Code, Severity};
use super::kind::Kind;

/// What is wrong, as a sentence without a full stop.
pub fn reason(code: Code, detail: Option<&str>, language: Language) -> String {
    text(language, &format!("import-{}", code.as_str()), &[("detail", detail.unwrap_or("?").into())])
}

pub(super) fn severity(severity: Severity, language: Language) -> String {
    let id = match severity {
        Severity::Error => "import-error",
        Severity::Warning => "import-warning",
    };
    text(language, id, &[])
}

/// What the rows are, in the plural.
pub(super) fn kind(kind: Kind, language: Language) -> String {
    text(language, &format!("import-kind-{}", kind.as_str()), &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_and_kind_has_words_of_its_own_in_both_languages() {
        for language in Language::ALL {
            let mut seen = std::collections::HashSet::new();
            for code in Code::ALL {
                let words = reason(code, Some("7"), language);
                assert!(
                    !words.ends_with('.') && !words.contains('?') && !words.starts_with("import-"),
                    "{words}"
                );
                assert!(seen.insert(words), "{code:?} has another code's words");
            }
            for of in Kind::ALL {
                assert!(seen.insert(kind(of, language)), "{of}");
                assert!(!kind(of, language).starts_with("import-"), "{of}");
            }
        }
    }
}
