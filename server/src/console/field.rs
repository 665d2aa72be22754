//! A field of a form: its label, what was typed, and what is wrong with it.

use askama::Template;

#[derive(Debug, Template)]
#[template(path = "console/field.html")]
pub(crate) struct Field {
    pub(crate) id: &'static str,
    pub(crate) label: String,
    /// Of the input: text, password.
    pub(crate) kind: &'static str,
    pub(crate) value: String,
    pub(crate) autocomplete: &'static str,
    pub(crate) hint: Option<String>,
    pub(crate) error: Option<String>,
}

impl Field {
    pub(crate) fn new(
        id: &'static str,
        label: String,
        kind: &'static str,
        autocomplete: &'static str,
    ) -> Self {
        Self { id, label, kind, value: String::new(), autocomplete, hint: None, error: None }
    }

    /// What stands in it: never of a password.
    #[must_use]
    pub(crate) fn value(self, value: &str) -> Self {
        Self { value: value.to_owned(), ..self }
    }

    #[must_use]
    pub(crate) fn hint(self, hint: String) -> Self {
        Self { hint: Some(hint), ..self }
    }

    #[must_use]
    pub(crate) fn error(self, error: Option<String>) -> Self {
        Self { error, ..self }
    }

    /// The ids of what describes it.
    fn described(&self) -> String {
        let hint = self.hint.is_some().then(|| format!("{}-hint", self.id));
        let error = self.error.is_some().then(|| format!("{}-error", self.id));
        [error, hint].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}
