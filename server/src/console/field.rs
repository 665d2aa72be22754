//! A field of a form: its label, what was typed, and what is wrong with it.

use askama::Template;

#[derive(Debug, Template)]
#[template(path = "console/field.html")]
pub(crate) struct Field {
    pub(crate) id: &'static str,
    pub(crate) label: String,
    /// Of the input: text, password, date; or `lines`, for more than one.
    pub(crate) kind: &'static str,
    pub(crate) value: String,
    pub(crate) autocomplete: &'static str,
    pub(crate) hint: Option<String>,
    pub(crate) error: Option<String>,
    /// It may stay empty.
    pub(crate) is_optional: bool,
}

impl Field {
    pub(crate) fn new(
        id: &'static str,
        label: String,
        kind: &'static str,
        autocomplete: &'static str,
    ) -> Self {
        Self {
            id,
            label,
            kind,
            value: String::new(),
            autocomplete,
            hint: None,
            error: None,
            is_optional: false,
        }
    }

    /// What stands in it: never of a password.
    #[must_use]
    pub(crate) fn value(self, value: &str) -> Self {
        Self { value: value.to_owned(), ..self }
    }

    #[must_use]
    pub(crate) fn optional(self) -> Self {
        Self { is_optional: true, ..self }
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
        described(self.id, self.error.as_ref(), self.hint.as_ref())
    }
}

/// A field in which one thing is chosen.
#[derive(Debug, Template)]
#[template(path = "console/select.html")]
pub(crate) struct Select {
    pub(crate) id: &'static str,
    pub(crate) label: String,
    /// Value, words.
    pub(crate) choices: Vec<(String, String)>,
    pub(crate) chosen: String,
    pub(crate) hint: Option<String>,
    pub(crate) error: Option<String>,
}

impl Select {
    pub(crate) fn new(id: &'static str, label: String, choices: Vec<(String, String)>, chosen: &str) -> Self {
        Self { id, label, choices, chosen: chosen.to_owned(), hint: None, error: None }
    }

    /// With a choice of none before the others.
    #[must_use]
    pub(crate) fn or(mut self, none: String) -> Self {
        self.choices.insert(0, (String::new(), none));
        self
    }

    #[must_use]
    pub(crate) fn error(self, error: Option<String>) -> Self {
        Self { error, ..self }
    }

    fn described(&self) -> String {
        described(self.id, self.error.as_ref(), self.hint.as_ref())
    }
}

fn described(id: &str, error: Option<&String>, hint: Option<&String>) -> String {
    let hint = hint.map(|_| format!("{id}-hint"));
    let error = error.map(|_| format!("{id}-error"));
    [error, hint].into_iter().flatten().collect::<Vec<_>>().join(" ")
}
