//! What pages are made of besides forms and charts: figures with their meaning, tables, and lists with buttons.

/// A figure: its name, its value or why there is none, what it was computed from, and what it means.
pub(crate) struct Tile {
    pub(crate) label: String,
    pub(crate) value: Result<String, String>,
    /// Such as the change, or the records behind it.
    pub(crate) note: String,
    /// Empty where the name says it.
    pub(crate) about: String,
    /// To the clients behind it.
    pub(crate) href: Option<String>,
}

#[derive(Default)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) class: &'static str,
    pub(crate) href: Option<String>,
}

impl Cell {
    pub(crate) fn text(text: String) -> Self {
        Self { text, ..Self::default() }
    }

    /// Of a column of numbers.
    pub(crate) fn amount(text: String) -> Self {
        Self { text, class: "amount", href: None }
    }

    pub(crate) fn link(text: String, href: String) -> Self {
        Self { text, class: "", href: Some(href) }
    }
}

pub(crate) struct Table {
    pub(crate) caption: String,
    /// With the class of each column.
    pub(crate) head: Vec<(String, &'static str)>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// A button that sends a form of its own.
#[derive(Debug, Default)]
pub(crate) struct Button {
    pub(crate) action: String,
    pub(crate) label: String,
    /// What it is about, for whoever hears the buttons alone; empty where the label says it.
    pub(crate) about: String,
    pub(crate) fields: Vec<(&'static str, String)>,
}

impl Button {
    pub(crate) fn new(action: String, label: String, about: String) -> Self {
        Self { action, label, about, fields: Vec::new() }
    }

    #[must_use]
    pub(crate) fn field(mut self, field: &'static str, value: String) -> Self {
        self.fields.push((field, value));
        self
    }
}

/// A row of a list: what it is about, what is known of it, and what can be done.
#[derive(Default)]
pub(crate) struct Item {
    pub(crate) title: String,
    pub(crate) href: Option<String>,
    /// What it is compared with: name and address.
    pub(crate) other: Option<(String, String)>,
    pub(crate) facts: Vec<String>,
    /// What to do; empty where the list says it.
    pub(crate) advice: String,
    pub(crate) badge: Option<(String, &'static str)>,
    /// A file to take: address and words.
    pub(crate) file: Option<(String, String)>,
    pub(crate) buttons: Vec<Button>,
}

#[derive(Default)]
pub(crate) struct List {
    pub(crate) id: &'static str,
    pub(crate) heading: String,
    /// Empty where there is nothing to say.
    pub(crate) advice: String,
    pub(crate) items: Vec<Item>,
    /// Where all of them are: address and words.
    pub(crate) rest: Option<(String, String)>,
    /// That there are more than are shown.
    pub(crate) more: Option<String>,
}

/// One of several pages that belong together.
pub(crate) struct Tab {
    pub(crate) href: &'static str,
    pub(crate) label: String,
    pub(crate) is_here: bool,
}
