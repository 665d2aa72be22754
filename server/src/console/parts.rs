//! What pages are made of besides forms and charts: figures with their meaning, and tables.

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
